"""Authorization, sign-in, consent and sign-out, rule by rule."""

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.panopto import rules
from sparring.mocks.stage import Stage
from tests.mocks.providers.panopto.talk import (
    ASKED,
    AUTHORIZE,
    CLIENT_ID,
    HTML,
    OAUTH2,
    ORIGIN,
    PAGE,
    REDIRECT_URI,
    Browser,
    Case,
    Changes,
    Headers,
    Scene,
    ask,
    register,
)
from tests.mocks.stages import request

INVALID = ("The client application made an invalid request.",)
UNAUTHORIZED = ("The client application is not known or is not authorized.",)
UNSUPPORTED = ("The authorization server does not support the requested response type.",)
UNEXPECTED = ("There was an unexpected error",)
RETURN_URL = (
    f"{ORIGIN}{AUTHORIZE}?client_id={CLIENT_ID}&response_type=code"
    "&redirect_uri=http%3A%2F%2Flocalhost%3A9127%2Fredirect&scope=openid%20api%20offline_access&state=xyz&nonce=12345"
)
COOKIE: Headers = (("Set-Cookie", "*"),)


def _opened(changes: Changes) -> Scene:
    async def scene(stage: Stage) -> Answer:
        return await Browser(stage).open(changes)

    return scene


def _page(rule: Rule, changes: Changes, words: tuple[str, ...], name: str = "") -> Case:
    """A request that is answered by an error page."""
    return Case(rule=rule, scene=_opened(changes), status=200, headers=PAGE, words=words, name=name)


def _back(rule: Rule, changes: Changes, code: str, name: str = "") -> Case:
    """A request whose refusal goes back to the client."""
    headers = (("Location", f"{REDIRECT_URI}?error={code}&state=xyz"),)
    return Case(rule=rule, scene=_opened(changes), status=302, headers=headers, body="", name=name)


async def _unregistered_client(stage: Stage) -> Answer:
    await register(stage, "closed", enabled=False)
    return await Browser(stage).open({"client_id": "closed"})


async def _other_flow(stage: Stage) -> Answer:
    await register(stage, "user-based", grants=frozenset({"password"}))
    return await Browser(stage).open({"client_id": "user-based"})


async def _fewer_scopes(stage: Stage) -> Answer:
    await register(stage, "small", scopes=("openid", "api"))
    return await Browser(stage).open({"client_id": "small"})


async def _select_account(stage: Stage) -> Answer:
    return await Browser(stage).consent_page({"prompt": "select_account"})


async def _silent_with_session(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.consent_page()
    return await browser.open({"prompt": "none"})


async def _consent_page(stage: Stage) -> Answer:
    return await Browser(stage).consent_page()


async def _approved(stage: Stage) -> Answer:
    return await Browser(stage).approve()


async def _consent_without_ticket(stage: Stage) -> Answer:
    browser = Browser(stage)
    return await browser.decide(await browser.consent_page(), without=("idsrv.xsrf",))


async def _nothing_ticked(stage: Stage) -> Answer:
    browser = Browser(stage)
    return await browser.decide(await browser.consent_page({"scope": "api"}), without=("scopes",))


async def _denied(stage: Stage) -> Answer:
    browser = Browser(stage)
    return await browser.decide(await browser.consent_page(), "deny")


async def _login_page(stage: Stage) -> Answer:
    return await Browser(stage).login_page()


async def _login_without_ticket(stage: Stage) -> Answer:
    browser = Browser(stage)
    return await browser.fill(await browser.login_page(), without="idsrv.xsrf")


async def _login_elsewhere(stage: Stage) -> Answer:
    location = (await Browser(stage).open()).header("Location") or ""
    return await Browser(stage).send("GET", location)


async def _login_too_long(stage: Stage) -> Answer:
    return await ask(stage, request("GET", f"{OAUTH2}/login?signin={'0' * 101}"))


def _filled(username: str, password: str) -> Scene:
    async def scene(stage: Stage) -> Answer:
        browser = Browser(stage)
        return await browser.fill(await browser.login_page(), username, password)

    return scene


async def _end_session(stage: Stage) -> Answer:
    return await ask(stage, request("GET", f"{OAUTH2}/connect/endsession"))


async def _leaving(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.consent_page()
    return await browser.send("GET", f"{OAUTH2}/logout")


async def _forged_leaving(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.consent_page()
    return await browser.send("POST", f"{OAUTH2}/logout", [])


async def _left(stage: Stage) -> Answer:
    return await ask(stage, request("GET", f"{OAUTH2}/logout"))


async def _checked(stage: Stage) -> Answer:
    return await ask(stage, request("GET", f"{OAUTH2}/connect/checksession"))


async def _reported(stage: Stage) -> Answer:
    return await ask(stage, request("POST", f"{OAUTH2}/csp/report", body=b"{}"))


async def _posted(stage: Stage) -> Answer:
    return await ask(stage, request("POST", AUTHORIZE, form=ASKED))


def _shown(rule: Rule, scene: Scene, words: tuple[str, ...], headers: Headers = PAGE, name: str = "") -> Case:
    return Case(rule=rule, scene=scene, status=200, headers=headers, words=words, name=name)


CASES = [
    _page(rules.CLIENT_ID_MISSING, {"client_id": None}, INVALID),
    _page(rules.CLIENT_ID_MISSING, {"client_id": "c" * 101}, INVALID, "too-long"),
    _page(rules.REDIRECT_URI_MISSING, {"redirect_uri": " "}, INVALID),
    _page(rules.REDIRECT_URI_MISSING, {"redirect_uri": f"http://localhost/{'r' * 400}"}, INVALID, "too-long"),
    _page(rules.REDIRECT_URI_RELATIVE, {"redirect_uri": "/redirect"}, INVALID),
    _page(rules.REDIRECT_URI_RELATIVE, {"redirect_uri": "http://localhost:port"}, INVALID, "as-in-the-guide"),
    _page(rules.CLIENT_UNKNOWN, {"client_id": "nobody"}, UNAUTHORIZED),
    _shown(rules.CLIENT_UNKNOWN, _unregistered_client, UNAUTHORIZED, name="disabled"),
    _page(rules.REDIRECT_URI_UNKNOWN, {"redirect_uri": "http://localhost:8000"}, UNAUTHORIZED),
    _page(rules.REDIRECT_URI_UNKNOWN, {"redirect_uri": f"{REDIRECT_URI}/"}, UNAUTHORIZED, "slash"),
    _page(rules.RESPONSE_TYPE, {"response_type": None}, UNSUPPORTED),
    _page(rules.RESPONSE_TYPE, {"response_type": "codes"}, UNSUPPORTED, "unknown"),
    _page(rules.RESPONSE_MODE, {"response_mode": "fragment"}, UNSUPPORTED),
    _page(rules.RESPONSE_MODE, {"response_mode": "web_message"}, UNSUPPORTED, "unknown"),
    _page(rules.FLOW, {"response_type": "token"}, UNAUTHORIZED),
    _page(rules.FLOW, {"response_type": "token id_token code"}, UNAUTHORIZED, "hybrid-in-any-order"),
    _shown(rules.FLOW, _other_flow, UNAUTHORIZED, name="user-based-client"),
    _shown(rules.SCOPE_NOT_ALLOWED, _fewer_scopes, UNAUTHORIZED),
    _shown(rules.SELECT_ACCOUNT, _select_account, UNEXPECTED, HTML),
    _back(rules.SCOPE_MISSING, {"scope": None}, "invalid_request"),
    _back(rules.SCOPE_MISSING, {"scope": "api " * 76}, "invalid_request", "too-long"),
    _back(rules.SCOPE_UNKNOWN, {"scope": "openid api videos"}, "invalid_scope"),
    _back(rules.SCOPE_UNKNOWN, {"scope": "API OpenID"}, "invalid_scope", "other-case"),
    _back(rules.SCOPE_UNKNOWN, {"scope": "openid,api"}, "invalid_scope", "commas"),
    _back(rules.SCOPE_WITHOUT_OPENID, {"scope": "api profile"}, "invalid_scope"),
    _back(rules.NONCE_TOO_LONG, {"nonce": "n" * 301}, "invalid_request"),
    _back(rules.MAX_AGE, {"max_age": "-1"}, "invalid_request"),
    _back(rules.MAX_AGE, {"max_age": "soon"}, "invalid_request", "words"),
    _back(rules.OPTIONAL_TOO_LONG, {"ui_locales": "d" * 101}, "invalid_request", "ui_locales"),
    _back(rules.OPTIONAL_TOO_LONG, {"login_hint": "a" * 101}, "invalid_request", "login_hint"),
    _back(rules.OPTIONAL_TOO_LONG, {"acr_values": "a" * 301}, "invalid_request", "acr_values"),
    _back(rules.LOGIN_REQUIRED, {"prompt": "none"}, "login_required"),
    Case(
        rule=rules.INTERACTION_REQUIRED,
        scene=_silent_with_session,
        status=302,
        headers=(("Location", f"{REDIRECT_URI}?error=interaction_required&state=xyz"),),
        body="",
    ),
    Case(rule=rules.SIGN_IN_NEEDED, scene=_opened({}), status=302, headers=(("Location", "*"), *COOKIE), body=""),
    _shown(rules.CONSENT, _consent_page, ("Doubtfire API Client", "Ada", "offline_access")),
    Case(rule=rules.CODE_ISSUED, scene=_approved, status=302, headers=(("Location", "*"),), body=""),
    _shown(rules.CONSENT_FORM_REFUSED, _consent_without_ticket, UNEXPECTED, HTML),
    _shown(rules.NOTHING_CHOSEN, _nothing_ticked, ("Must select at least one permission.",)),
    Case(
        rule=rules.ACCESS_DENIED,
        scene=_denied,
        status=302,
        headers=(("Location", f"{REDIRECT_URI}?error=access_denied&state=xyz"),),
        body="",
    ),
    _shown(rules.SIGN_IN, _login_page, ('name="username"', 'name="password"'), PAGE + COOKIE),
    _shown(rules.SIGN_IN_FORM_REFUSED, _login_without_ticket, UNEXPECTED, HTML),
    _shown(rules.SIGN_IN_MESSAGE_TOO_LONG, _login_too_long, UNEXPECTED),
    _shown(rules.SIGN_IN_MESSAGE_UNKNOWN, _login_elsewhere, ("Return to the application and try again.",)),
    _shown(rules.SIGN_IN_FIELD, _filled(" ", "x"), ("Username is required",), name="username"),
    _shown(rules.SIGN_IN_FIELD, _filled("ada", ""), ("Password is required", 'value="ada"'), name="password"),
    _shown(rules.SIGN_IN_WRONG, _filled("ada", "wrong"), ("Invalid username or password", 'value="ada"')),
    _shown(rules.SIGN_IN_WRONG, _filled("eve", "wrong"), ("Invalid username or password",), name="nobody"),
    Case(
        rule=rules.SIGNED_IN,
        scene=_filled(" ada ", " ada-spars-here "),
        status=302,
        headers=(
            ("Location", RETURN_URL),
            *COOKIE * 3,
        ),
        body="",
    ),
    Case(
        rule=rules.END_SESSION,
        scene=_end_session,
        status=302,
        headers=(("Location", f"{ORIGIN}{OAUTH2}/logout"),),
        body="",
    ),
    _shown(rules.LOGOUT_ASKED, _leaving, ("Would you like to log out?",)),
    _shown(rules.LOGOUT_FORM_REFUSED, _forged_leaving, UNEXPECTED, HTML),
    _shown(rules.SIGNED_OUT, _left, ("You are now logged out",), PAGE + COOKIE * 2),
    _shown(rules.CHECK_SESSION, _checked, ('"idsvr.session"',), HTML),
    Case(rule=rules.POLICY_REPORT, scene=_reported, status=204, headers=(), body=""),
    Case(
        rule=rules.METHOD,
        scene=_posted,
        status=405,
        headers=(("Content-Type", "application/json; charset=utf-8"), ("Allow", "GET")),
        body='{"Message":"The requested resource does not support http method \'POST\'."}',
        name="authorize",
    ),
]
