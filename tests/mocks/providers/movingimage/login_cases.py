"""Discovery, the authorization endpoint and the sign-in form, rule by rule."""

from urllib.parse import urlencode

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.movingimage import rules
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.providers.movingimage.cases import (
    BROWSER,
    FORM,
    HTML,
    JSON,
    NO_CACHE,
    NO_WAY_BACK,
    PAGE,
    SECURITY,
    SIGNED_IN,
    Case,
    Scene,
    change_client,
    error,
)
from tests.mocks.providers.movingimage.talk import CONNECT, REALM, Browser, Changes, add_person, ask

CODE = "<uuid>.<uuid>.<uuid>"
FINGER = "/.well-known/webfinger"
HEADERS = (
    "Origin, Accept, X-Requested-With, Content-Type, Access-Control-Request-Method, Access-Control-Request-Headers, "
    "Authorization"
)
LINK = f"{REALM}/login-actions/authenticate?execution=<uuid>&client_id=example-client&tab_id=<tab>"
SIGN_IN = (
    f'<form id="kc-form-login" action="{LINK.replace("&", "&amp;")}&amp;session_code=<code>" method="post"',
    'data-sparring="sign-in">',
    'name="username" value="" type="text" autocomplete="username"',
    'name="password" type="password" autocomplete="current-password"',
    '<input name="login" id="kc-login" type="submit" value="Log In">',
)


def _got(target: str, *headers: tuple[str, str], method: str = "GET") -> Scene:
    return lambda stage: ask(stage, stages.request(method, target, *headers))


def _opened(changes: Changes) -> Scene:
    return lambda stage: Browser(stage).open(changes)


def _page(rule: Rule, changes: Changes, words: str, scene: Scene | None = None) -> Case:
    said = f'<div id="kc-error-message"><p class="instruction">{words}</p></div>'
    title = "<title>Log in to movingimage</title>"
    play = scene or _opened(changes)
    return Case(rule=rule, scene=play, status=400, headers=PAGE, body=None, words=(said, title, rule.mend, rule.id))


def _back(rule: Rule, changes: Changes, params: str, *, scene: Scene | None = None, mark: str = "?") -> Case:
    headers = (("Location", f"https://redirect.example.com/{mark}{params}"),)
    return Case(rule=rule, scene=scene or _opened(changes), status=302, headers=headers)


async def _disabled(stage: Stage) -> Answer:
    await change_client(stage, "example-client", enabled=False)
    return await Browser(stage).open()


async def _without_flow(stage: Stage) -> Answer:
    await change_client(stage, "example-client", grants=frozenset({"password"}))
    return await Browser(stage).open({"response_mode": "fragment"})


async def _nobody_there(stage: Stage) -> Answer:
    return await Browser(stage).open({"prompt": "none"})


async def _code(stage: Stage) -> Answer:
    return await Browser(stage).come_back()


async def _none(stage: Stage) -> Answer:
    return await Browser(stage).come_back({"response_type": "none", "state": None})


async def _wrong_password(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.open()
    return await browser.sign_in(password="<wrong>")


async def _reload(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.open()
    return await browser.send("GET", browser.action.rpartition("&")[0])


async def _sent_before(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.open()
    first = browser.action
    await browser.sign_in(password="wrong")
    return await browser.send("POST", first, {"username": "ada", "password": "ada-spars-here"})


async def _other_step(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.open()
    first = browser.action
    await browser.sign_in(password="wrong")
    execution = first.partition("execution=")[2].partition("&")[0]
    return await browser.send("POST", first.replace(execution, "another"), {"username": "ada"})


async def _other_step_reloaded(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.open()
    return await browser.send("GET", browser.action.replace("execution=", "execution=x"))


async def _forged_restart(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.open()
    await stage.reset()
    browser.cookies["KC_RESTART"] = browser.cookies["KC_RESTART"][:-4] + "AAAA"
    return await browser.sign_in()


async def _slow(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.open()
    stage.clock.advance(1801)
    return await browser.sign_in()


async def _restarted(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.open()
    await stage.reset()
    return await browser.sign_in()


async def _strange_form(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.open()
    browser.cookies.clear()
    return await browser.sign_in()


async def _twice(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.come_back()
    return await browser.sign_in()


async def _somebody_else(stage: Stage) -> Answer:
    await add_person(stage, "grace")
    browser = Browser(stage)
    await browser.come_back()
    await browser.open({"prompt": "login"})
    return await browser.sign_in(username="grace", password="pass")


def _flow_off(flow: str) -> str:
    words = (
        "Client is not allowed to initiate browser login with given response_type. "
        f"{flow} flow is disabled for the client."
    )
    return urlencode({"error": "unsupported_response_type", "error_description": words, "state": "7f4jK098p0"})


def _invalid(words: str) -> str:
    return urlencode({"error": "invalid_request", "error_description": words, "state": "7f4jK098p0"})


DISCOVERY = (
    Case(
        rule=rules.WEBFINGER,
        scene=_got(f"{FINGER}?resource=https://api.video-cdn.net/v1/"),
        status=200,
        headers=(
            ("Content-Type", "application/jrd+json"),
            ("Expires", "Sun, 15 Jun 2025 16:06:40 GMT"),
            ("Cache-Control", "max-age=3600"),
        ),
        body=(
            '{"subject":"https://api.video-cdn.net/v1/",'
            '"properties":{"https://api.video-cdn.net/v1/keycloak/realm":"platform",'
            '"https://api.video-cdn.net/v1/keycloak/auth-server-url":"http://127.0.0.1:9401/auth/"},'
            '"links":[{"rel":"http://openid.net/specs/connect/1.0/issuer",'
            '"href":"http://127.0.0.1:9401/auth/realms/platform/.well-known/openid-configuration"}]}'
        ),
    ),
    Case(rule=rules.WEBFINGER_MISSING, scene=_got(FINGER), status=400, headers=()),
    Case(rule=rules.WEBFINGER_UNKNOWN, scene=_got(f"{FINGER}?resource=acct:ada@x"), status=404, headers=()),
    Case(
        rule=rules.DOCUMENT,
        scene=_got(f"{REALM}/.well-known/openid-configuration", ("origin", "https://spa.example")),
        status=200,
        headers=(
            *JSON,
            ("Cache-Control", "no-cache, must-revalidate, no-transform, no-store"),
            ("Access-Control-Allow-Origin", "https://spa.example"),
            ("Access-Control-Allow-Credentials", "true"),
        ),
        body=None,
        words=('{"issuer":"http://127.0.0.1:9401/auth/realms/platform","authorization_endpoint":',),
    ),
    Case(
        rule=rules.KEYS,
        scene=_got(f"{CONNECT}/certs"),
        status=200,
        headers=JSON + NO_CACHE,
        body=None,
        words=('"kty":"RSA","alg":"RS256","use":"sig","n":"',),
    ),
    Case(
        rule=rules.CHECK_SESSION,
        scene=_got(f"{CONNECT}/login-status-iframe.html"),
        status=200,
        headers=(*HTML, ("Cache-Control", "no-cache, must-revalidate, no-transform, no-store")),
        body=None,
        words=("KEYCLOAK_SESSION", "postMessage"),
    ),
    Case(
        rule=rules.REGISTRATION,
        scene=_got(f"{REALM}/clients-registrations/openid-connect", method="POST"),
        status=403,
        headers=JSON,
        body=error(
            "insufficient_scope",
            "Policy 'Trusted Hosts' rejected request to client-registration service. Details: Host not trusted.",
        ),
    ),
)

PAGES = (
    _page(rules.CLIENT_ID_MISSING, {"client_id": None}, "Missing parameters: client_id"),
    _page(rules.CLIENT_UNKNOWN, {"client_id": "nobody"}, "Client not found."),
    _page(rules.CLIENT_DISABLED, {}, "Client disabled.", _disabled),
    _page(rules.REQUEST_UNREADABLE, {"max_age": "soon"}, "Invalid Request"),
    _page(rules.REQUEST_UNREADABLE, {"request": "a.b.c", "request_uri": "https://x.example"}, "Invalid Request"),
    _page(rules.REDIRECT_URI, {"redirect_uri": "https://evil.example/"}, "Invalid parameter: redirect_uri"),
    _page(rules.REDIRECT_URI, {"redirect_uri": None}, "Invalid parameter: redirect_uri"),
)

REDIRECTS = (
    _back(rules.RESPONSE_TYPE_MISSING, {"response_type": None}, _invalid("Missing parameter: response_type")),
    _back(
        rules.RESPONSE_TYPE_UNKNOWN,
        {"response_type": "device", "response_mode": "fragment"},
        "error=unsupported_response_type&state=7f4jK098p0",
    ),
    _back(
        rules.RESPONSE_TYPE_UNKNOWN,
        {"response_type": "none code", "state": None},
        "error=unsupported_response_type",
    ),
    _back(rules.RESPONSE_MODE_UNKNOWN, {"response_mode": "jwt"}, _invalid("Invalid parameter: response_mode")),
    _back(
        rules.RESPONSE_MODE_QUERY,
        {"response_type": "id_token", "response_mode": "QUERY"},
        _invalid("Response_mode 'query' not allowed for implicit or hybrid flow"),
    ),
    _back(rules.STANDARD_FLOW_OFF, {}, _flow_off("Standard"), scene=_without_flow, mark="#"),
    _back(rules.IMPLICIT_FLOW_OFF, {"response_type": "token", "response_mode": None}, _flow_off("Implicit"), mark="#"),
    _back(rules.CHALLENGE_MISSING, {"code_challenge_method": "S256"}, _invalid("Missing parameter: code_challenge")),
    _back(
        rules.CHALLENGE_METHOD,
        {"code_challenge_method": "s256", "code_challenge": "a" * 43},
        _invalid("Invalid parameter: code_challenge_method"),
    ),
    _back(rules.CHALLENGE_MALFORMED, {"code_challenge": "a" * 42}, _invalid("Invalid parameter: code_challenge")),
    Case(
        rule=rules.LOGIN_REQUIRED,
        scene=_nobody_there,
        status=302,
        headers=(("Location", "https://redirect.example.com/?error=login_required&state=7f4jK098p0"), *NO_WAY_BACK),
    ),
)

LOGIN = (
    Case(
        rule=rules.SIGN_IN,
        scene=_opened({}),
        status=200,
        headers=HTML + NO_WAY_BACK + BROWSER + SECURITY,
        body=None,
        words=SIGN_IN,
    ),
    Case(
        rule=rules.CODE_ISSUED,
        scene=_code,
        status=302,
        headers=(
            ("Location", f"https://redirect.example.com/?state=7f4jK098p0&session_state=<uuid>&code={CODE}"),
            *NO_WAY_BACK,
            *SIGNED_IN,
        ),
    ),
    Case(
        rule=rules.NO_CODE_ASKED,
        scene=_none,
        status=302,
        headers=(("Location", "https://redirect.example.com/?session_state=<uuid>"), *NO_WAY_BACK, *SIGNED_IN),
    ),
    Case(
        rule=rules.SIGN_IN_WRONG,
        scene=_wrong_password,
        status=200,
        headers=FORM,
        body=None,
        words=('<span class="kc-feedback-text">Invalid username or password.</span>', 'value="ada"'),
    ),
    Case(rule=rules.FORM_AGAIN, scene=_reload, status=200, headers=FORM, body=None, words=SIGN_IN),
    Case(rule=rules.FORM_SENT_BEFORE, scene=_sent_before, status=302, headers=(("Location", LINK), *NO_WAY_BACK)),
    *(
        Case(
            rule=rules.PAGE_EXPIRED,
            scene=scene,
            status=200,
            headers=FORM,
            body=None,
            words=('<h1 id="kc-page-title">Page has expired</h1>', 'id="loginRestartLink"', 'id="loginContinueLink"'),
        )
        for scene in (_other_step, _other_step_reloaded)
    ),
    Case(rule=rules.TOOK_TOO_LONG, scene=_slow, status=302, headers=(("Location", LINK), *NO_WAY_BACK)),
    Case(
        rule=rules.RESTARTED,
        scene=_restarted,
        status=302,
        headers=(("Location", LINK), *NO_WAY_BACK, *BROWSER),
    ),
    *(
        _page(rules.FORM_UNKNOWN, {}, "An error occurred, please login again through your application.", scene)
        for scene in (_strange_form, _forged_restart)
    ),
    Case(
        rule=rules.ALREADY_SIGNED_IN,
        scene=_twice,
        status=200,
        headers=FORM,
        body=None,
        words=("You are already logged in.",),
    ),
    Case(
        rule=rules.OTHER_PERSON,
        scene=_somebody_else,
        status=500,
        headers=FORM,
        body=None,
        words=(
            "You are already authenticated as different user &#x27;ada&#x27; in this session. Please logout first.",
        ),
    ),
)

ELSEWHERE = (
    Case(rule=rules.LOST, scene=_got("/auth/realms/other/protocol/openid-connect/auth"), status=404, headers=()),
    Case(
        rule=rules.LOST,
        scene=_got("/auth/realms/other", ("accept", "text/html")),
        status=404,
        headers=PAGE,
        body=None,
        words=("Page not found",),
    ),
    Case(rule=rules.METHOD, scene=_got(f"{CONNECT}/certs", method="POST"), status=405, headers=()),
    Case(rule=rules.TOKEN_METHOD, scene=_got(f"{CONNECT}/token"), status=405, headers=()),
    Case(
        rule=rules.PREFLIGHT,
        scene=_got(f"{CONNECT}/token", ("origin", "https://spa.example"), method="OPTIONS"),
        status=200,
        headers=(
            ("Access-Control-Allow-Origin", "https://spa.example"),
            ("Access-Control-Allow-Methods", "POST, OPTIONS"),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Allow-Headers", HEADERS),
            ("Access-Control-Max-Age", "3600"),
        ),
    ),
)

CASES = DISCOVERY + PAGES + REDIRECTS + LOGIN + ELSEWHERE
