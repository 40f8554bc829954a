"""The rules of the token endpoint."""

import base64
from urllib.parse import quote

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.rotor import rules
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.providers.rotor.asking import (
    BARE,
    CLIENT_ID,
    CLIENT_WORDS,
    FORM,
    IN_BODY,
    ISSUED,
    JSON,
    NO_STORE,
    PAGE,
    SECRET,
    TOKEN,
    Case,
    Headers,
    Move,
    ask,
    basic,
    challenge,
    change_client,
    got,
    sent,
    token_request,
)

MISSING = "Missing required parameter: grant_type."
UNSUPPORTED = "The authorization grant type is not supported by the authorization server."
UNAUTHORIZED = "The client is not authorized to perform this request using this method."
SCOPE = "The requested scope is invalid, unknown, or malformed."
TWO = "The request utilizes more than one mechanism for authenticating the client."


def _headers(error: str, words: str) -> Headers:
    return JSON + NO_STORE + challenge(error, words)


def _case(
    rule: Rule, play: Move, status: int, error: str, words: str, *, state: str = "", variant: str = "default"
) -> Case:
    echo = f',"state":"{state}"' if state else ""
    body = f'{{"error":"{error}","error_description":"{words}"{echo}}}'.encode()
    return Case(rule, play, status, _headers(error, words), body, variant)


def _refused(rule: Rule, play: Move, *, variant: str = "default") -> Case:
    return _case(rule, play, 401, "invalid_client", CLIENT_WORDS, variant=variant)


def _body(kind: str, body: bytes, *headers: tuple[str, str]) -> Move:
    return sent(stages.request("POST", TOKEN, basic(), ("content-type", kind), *headers, body=body))


def _changed(scope: str = "", **changes: object) -> Move:
    async def move(stage: Stage) -> Answer:
        await change_client(stage, **changes)
        return await ask(stage, token_request(scope=scope))

    return move


def _with_header(value: str) -> Move:
    return sent(token_request(("authorization", value)))


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


async def _form_encoded_secret(stage: Stage) -> Answer:
    await change_client(stage, secret="a b+c:/%")
    return await ask(stage, token_request(basic(secret=quote("a b+c:/%", safe=""))))


async def _public_client(stage: Stage) -> Answer:
    await change_client(stage, secret=None)
    return await ask(stage, token_request(BARE, client_id=CLIENT_ID))


_MISSING = rules.GRANT_TYPE_MISSING
_UNKNOWN = rules.GRANT_TYPE_UNKNOWN
_BAD_CLIENT = basic("nobody", "wrong")
_NOT_FOUND = b'{"status":404,"error":"Not Found"}'
_BAD_REQUEST = b'{"status":400,"error":"Bad Request"}'
_ASKS_JSON = ("accept", "application/json, */*;q=0.5")

CASES = (
    *(Case(rules.TOKEN_METHOD, got(method, TOKEN), 404, PAGE, None) for method in ("GET", "PUT", "DELETE", "OPTIONS")),
    Case(rules.TOKEN_METHOD, got("GET", TOKEN, _ASKS_JSON), 404, JSON, _NOT_FOUND),
    Case(rules.BODY_UNREADABLE, _body("application/json", b"{", _ASKS_JSON), 400, JSON, _BAD_REQUEST),
    Case(rules.BODY_UNREADABLE, _body("application/json", b'{"a":"\\ud800"}'), 400, PAGE, None),
    *(
        _case(rules.TOKEN_CONTENT_TYPE, _body(kind, b"grant_type=client_credentials"), 400, "invalid_request", MISSING)
        for kind in ("text/plain", "application/vnd.api+json")
    ),
    *(
        _case(_MISSING, sent(stages.request("POST", TOKEN, *headers, form=form)), 400, "invalid_request", MISSING)
        for headers, form in (
            ((basic(),), {}),
            ((basic(),), {"grant_type": " "}),
            ((_BAD_CLIENT,), {"scope": "partner"}),  # before the client
            ((), {"grant-type": "client_credentials"}),
        )
    ),
    _case(_MISSING, _body("application/json", b"[]"), 400, "invalid_request", MISSING),
    _case(_MISSING, sent(token_request(grant_type="", state="x y")), 400, "invalid_request", MISSING, state="x y"),
    *(
        _case(_UNKNOWN, sent(token_request(grant_type=grant)), 400, "unsupported_grant_type", UNSUPPORTED)
        for grant in ("refresh_token", "password", "authorization_code", "Client_Credentials", "nonsense")
    ),
    _case(
        _UNKNOWN,  # before the client
        sent(token_request(_BAD_CLIENT, grant_type="nonsense", state="s")),
        400,
        "unsupported_grant_type",
        UNSUPPORTED,
        state="s",
    ),
    *(
        _refused(rules.CLIENT_MISSING, play)
        for play in (
            sent(token_request(BARE)),
            sent(token_request(BARE, client_secret=SECRET)),
            sent(token_request(BARE, state="s")),  # not echoed
            sent(token_request(basic(client_id=""))),
            _with_header("Basic"),
            _with_header("Bearer x"),
        )
    ),
    *(
        _refused(rules.CLIENT_UNKNOWN, play)
        for play in (
            sent(token_request(_BAD_CLIENT)),
            sent(token_request(basic(CLIENT_ID.lower()))),
            sent(token_request(_BAD_CLIENT, **IN_BODY)),  # the header is the one that counts
            sent(token_request(_BAD_CLIENT, scope="nonsense")),  # before the scope
            _with_header("Basic !!!???AAAA"),
            _changed(enabled=False),
        )
    ),
    *(
        _refused(rules.SECRET_WRONG, play)
        for play in (
            sent(token_request(basic(secret="wrong"))),
            sent(token_request(basic(secret=""))),
            sent(token_request(BARE, client_id=CLIENT_ID)),
            sent(token_request(BARE, client_id=CLIENT_ID, client_secret=quote("%") + SECRET)),
            _with_header(f"Basic {_encoded(CLIENT_ID)}"),
        )
    ),
    _refused(rules.CLIENT_ENCODED, _form_encoded_secret),
    _refused(rules.CLIENT_ENCODED, sent(token_request(basic(CLIENT_ID.replace("k", "%6B", 1))))),
    *(
        _case(rules.TWO_MECHANISMS, sent(message), 400, "invalid_request", TWO, state=state, variant="doorkeeper-5.9.6")
        for message, state in (
            (token_request(basic(), **IN_BODY), ""),
            (token_request(basic(), client_id="another"), ""),
            (token_request(basic(), state="s", **IN_BODY), "s"),
        )
    ),
    _refused(rules.CLIENT_MISSING, sent(token_request(BARE)), variant="doorkeeper-5.9.6"),
    _case(
        rules.GRANT_TYPE_FORBIDDEN, _changed("nonsense", grants=frozenset()), 401, "unauthorized_client", UNAUTHORIZED
    ),
    *(
        _case(rules.SCOPE_INVALID, play, 400, "invalid_scope", SCOPE)
        for play in (
            sent(token_request(scope="user")),
            sent(token_request(scope="partner user")),
            sent(token_request(scope="Partner")),
            _changed(scopes=("tracks",)),  # none of them is one of the server's
        )
    ),
    *(
        Case(rules.ISSUED, play, 200, ISSUED, None)
        for play in (
            sent(token_request()),
            sent(token_request(scope=" ")),
            sent(token_request(scope="partner\tpartner")),
            sent(token_request(BARE, **IN_BODY)),
            sent(token_request(basic(), **IN_BODY)),
            sent(stages.request("POST", f"{TOKEN}?grant_type=client_credentials", basic())),
            sent(token_request(basic(), target=f"{TOKEN}?grant_type=client_credentials", grant_type="nonsense")),
            sent(stages.request("POST", TOKEN, basic(), body=b"grant_type=client_credentials")),
            _body(FORM, b"grant_type=nonsense&grant_type=client_credentials"),
            _body(f"{FORM}; charset=utf-8", b"grant_type=client_credentials"),
            _body("application/json", b'{"grant_type":"client_credentials"}'),
            _with_header(basic()[1].replace("Basic", "bASIC")),
            _with_header(basic()[1].rstrip("=") + "!"),  # base64 is read loosely
            _changed(scopes=()),
            _public_client,
        )
    ),
)
