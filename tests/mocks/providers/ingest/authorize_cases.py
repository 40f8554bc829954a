"""The authorization endpoint, rule by rule."""

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.ingest import rules
from sparring.mocks.stage import Stage
from tests.mocks.providers.ingest.cases import PAGE, Case, Headers, register
from tests.mocks.providers.ingest.talk import REDIRECT_URI, Browser, Changes
from tests.mocks.stages import ask, request

DENIED = "error=access_denied&error_description=The+user+rejected+your+request."


def _back(query: str, uri: str = REDIRECT_URI) -> Headers:
    return (("Location", f"{uri}?{query}"), ("Cache-Control", "no-store"))


def _refused_back(name: str, rule: Rule, changes: Changes, error: str, words: str) -> Case:
    async def scene(stage: Stage) -> Answer:
        return await Browser(stage).open(changes)

    query = f"error={error}&error_description={words.replace(' ', '+').replace(',', '%2C')}"
    if changes.get("state"):
        query += f"&state={changes['state']}"
    return Case(name=name, rule=rule, scene=scene, status=302, headers=_back(query))


def _refused_page(name: str, rule: Rule, changes: Changes, words: str) -> Case:
    async def scene(stage: Stage) -> Answer:
        return await Browser(stage).open(changes)

    seen = ("Authorization failed", words, rule.id, rule.mend)
    return Case(name=name, rule=rule, scene=scene, status=400, headers=PAGE, body=None, words=seen)


async def _not_signed_in(stage: Stage) -> Answer:
    return await Browser(stage).open()


async def _parameters_in_the_body(stage: Stage) -> Answer:
    form = {"response_type": "code", "client_id": "IngestNetwork123", "scope": "read_videos"}
    return await ask(stage, request("POST", "/authorize", form=form))


async def _wrong_password(stage: Stage) -> Answer:
    return await Browser(stage).sign_in(login='a"da', password="x")


async def _right_password(stage: Stage) -> Answer:
    return await Browser(stage).sign_in({"state": "1"})


async def _signed_in(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.sign_in()
    return await browser.open()


async def _approved(stage: Stage) -> Answer:
    return await Browser(stage).consent({"state": "x y&z=ü/+"})


async def _denied(stage: Stage) -> Answer:
    return await Browser(stage).consent({"state": "s"}, decision="deny")


async def _denied_without_state(stage: Stage) -> Answer:
    return await Browser(stage).consent(decision="deny")


async def _form_sent_twice(stage: Stage) -> Answer:
    browser = Browser(stage)
    ticket = await browser.ticket()
    await browser.decide(None, ticket)
    return await browser.decide(None, ticket)


async def _form_of_another_request(stage: Stage) -> Answer:
    browser = Browser(stage)
    return await browser.decide({"state": "other"}, await browser.ticket({"state": "one"}))


async def _form_without_ticket(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.sign_in()
    return await browser.send("POST", {**_ASKED}, {"decision": "approve"})


async def _disabled_client(stage: Stage) -> Answer:
    await register(stage, "Closed", enabled=False)
    return await Browser(stage).open({"client_id": "Closed"})


async def _no_stored_redirect_uri(stage: Stage) -> Answer:
    await register(stage, "Bare", redirect_uris=())
    return await Browser(stage).open({"client_id": "Bare", "redirect_uri": None})


async def _repeated(stage: Stage) -> Answer:
    target = "/authorize?response_type=code&client_id=IngestNetwork123&scope=read_videos&scope=read_videos&state=s"
    return await ask(stage, request("GET", target))


async def _without_the_grant(stage: Stage) -> Answer:
    await register(stage, "Robot", grants=frozenset({"client_credentials"}), scopes=("read_videos",))
    return await Browser(stage).open({"client_id": "Robot", "redirect_uri": None, "scope": "read_videos"})


_ASKED = {
    "response_type": "code",
    "client_id": "IngestNetwork123",
    "scope": "read_videos,write_videos",
    "redirect_uri": REDIRECT_URI,
}
_SCOPE_WORDS = "The requested scope is invalid, or malformed."
_URI_WORDS = "The redirect_uri is not the one stored for this application."
_UNKNOWN_WORDS = "There is no application with this client_id."
_HERE = (
    "/authorize?response_type=code&client_id=IngestNetwork123&scope=read_videos%2Cwrite_videos"
    "&redirect_uri=https%3A%2F%2Fmywebsite.com%2Foauth%2Fingest&state=1"
)
_STALE = ("Authorization failed", "This form was sent before, or belongs to another request.", rules.FORM_STALE.mend)

CASES = [
    Case(
        name="form",
        rule=rules.SIGN_IN,
        scene=_not_signed_in,
        status=200,
        headers=PAGE,
        body=None,
        words=(
            'data-sparring="sign-in"',
            'name="network"',
            'name="login" type="text" autocomplete="username"',
            'name="password" type="password" autocomplete="current-password"',
            'action="/authorize?response_type=code&amp;client_id=IngestNetwork123',
            '<option value="ada">',
        ),
    ),
    Case(
        name="parameters-in-the-body",
        rule=rules.SIGN_IN,
        scene=_parameters_in_the_body,
        status=200,
        headers=PAGE,
        body=None,
        words=('action="/authorize?response_type=code&amp;client_id=IngestNetwork123&amp;scope=read_videos"',),
    ),
    Case(
        name="password",
        rule=rules.SIGN_IN_WRONG,
        scene=_wrong_password,
        status=200,
        headers=PAGE,
        body=None,
        words=("That login and password do not match.", 'value="a&#34;da"', 'data-sparring="sign-in"'),
    ),
    Case(
        name="cookie",
        rule=rules.SIGNED_IN,
        scene=_right_password,
        status=302,
        headers=(("Location", _HERE), ("Cache-Control", "no-store"), ("Set-Cookie", "*")),
    ),
    Case(
        name="page",
        rule=rules.CONSENT,
        scene=_signed_in,
        status=200,
        headers=PAGE,
        body=None,
        words=(
            'data-sparring="consent"',
            "My Website asks for access to your Ingest account",
            "You are signed in as Ada.",
            "<li><code>read_videos</code></li>\n<li><code>write_videos</code></li>",
            '<input type="hidden" name="ticket" value="',
            'name="decision" value="approve"',
            'name="decision" value="deny"',
        ),
    ),
    Case(
        name="state-comes-back",
        rule=rules.CODE_ISSUED,
        scene=_approved,
        status=302,
        headers=_back("code=*&state=x+y%26z%3D%C3%BC%2F%2B"),
    ),
    Case(name="with-state", rule=rules.ACCESS_DENIED, scene=_denied, status=302, headers=_back(f"{DENIED}&state=s")),
    Case(name="without", rule=rules.ACCESS_DENIED, scene=_denied_without_state, status=302, headers=_back(DENIED)),
    *(
        Case(name=name, rule=rules.FORM_STALE, scene=scene, status=400, headers=PAGE, body=None, words=_STALE)
        for name, scene in (
            ("twice", _form_sent_twice),
            ("other-request", _form_of_another_request),
            ("no-ticket", _form_without_ticket),
        )
    ),
    _refused_page("unknown", rules.CLIENT_UNKNOWN, {"client_id": "nobody"}, _UNKNOWN_WORDS),
    _refused_page("missing", rules.CLIENT_UNKNOWN, {"client_id": None}, _UNKNOWN_WORDS),
    Case(
        name="disabled",
        rule=rules.CLIENT_UNKNOWN,
        scene=_disabled_client,
        status=400,
        headers=PAGE,
        body=None,
        words=(_UNKNOWN_WORDS,),
    ),
    *(
        _refused_page(name, rules.REDIRECT_URI_UNKNOWN, {"redirect_uri": uri}, _URI_WORDS)
        for name, uri in (
            ("other", "https://evil.example/"),
            ("slash", REDIRECT_URI + "/"),
            ("query", REDIRECT_URI + "?a=1"),
            ("case", "https://MyWebsite.com/oauth/ingest"),
        )
    ),
    Case(
        name="none-stored",
        rule=rules.REDIRECT_URI_MISSING,
        scene=_no_stored_redirect_uri,
        status=400,
        headers=PAGE,
        body=None,
        words=("No redirect_uri is stored for this application.",),
    ),
    Case(
        name="scope",
        rule=rules.AUTHORIZE_REPEATED,
        scene=_repeated,
        status=302,
        headers=_back("error=invalid_request&error_description=A+parameter+is+repeated.&state=s"),
    ),
    _refused_back(
        "response-type",
        rules.AUTHORIZE_MISSING,
        {"response_type": None, "state": "s"},
        "invalid_request",
        "The response_type parameter is missing.",
    ),
    _refused_back(
        "scope", rules.AUTHORIZE_MISSING, {"scope": None}, "invalid_request", "The scope parameter is missing."
    ),
    _refused_back(
        "blank-scope", rules.AUTHORIZE_MISSING, {"scope": ""}, "invalid_request", "The scope parameter is missing."
    ),
    _refused_back(
        "token",
        rules.RESPONSE_TYPE,
        {"response_type": "token", "redirect_uri": ""},
        "unsupported_response_type",
        "The response_type must be code.",
    ),
    Case(
        name="robot",
        rule=rules.AUTHORIZE_GRANT,
        scene=_without_the_grant,
        status=302,
        headers=_back(
            "error=unauthorized_client&error_description=This+application+may+not+use+this+method.",
            "https://rival.example/cb",
        ),
    ),
    *(
        _refused_back(name, rules.AUTHORIZE_SCOPE, {"scope": scope, "state": "s"}, "invalid_scope", _SCOPE_WORDS)
        for name, scope in (
            ("spaces", "read_videos write_videos"),
            ("unknown", "read_videos,fly"),
            ("commas-only", ",,"),
            ("case", "Read_Videos"),
        )
    ),
]
