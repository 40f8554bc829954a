"""The rules of register, of the orders, and of addresses that are none."""

import json

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.tokens import revoke_tokens
from sparring.mocks.providers.rotor import rules
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.providers.rotor.asking import (
    ISSUED,
    JSON,
    NO_STORE,
    ORDERS,
    PAGE,
    REFUSED,
    REGISTER,
    SHOWN,
    Case,
    Headers,
    Move,
    ask,
    basic,
    bearing,
    challenge,
    got,
    json_request,
    orders,
    partner_token,
    register,
    sent,
    token_request,
    user,
    user_token,
)

BEARER = ("authorization", "Bearer made-up")
JSON_TYPE = ("content-type", "application/json")
NOBODYS = "00000000-0000-4000-8000-000000000000"
ORIGIN = ("origin", "https://partner.example")
OPEN: Headers = (("Access-Control-Allow-Origin", "*"),)


def _unauthorized(words: str) -> Headers:
    return NO_STORE + challenge("invalid_token", f"The access token {words}")


def _bearer(rule: Rule, play: Move, words: str) -> Case:
    return Case(rule, play, 401, _unauthorized(words))


def _late(move: str, seconds: float) -> Move:
    async def play(stage: Stage) -> Answer:
        partner = await partner_token(stage)
        person = await user_token(stage)
        stage.clock.advance(seconds)
        return await (register(stage, user("a"), partner) if move == "register" else ask(stage, bearing(person)))

    return play


def _revoked(move: str) -> Move:
    async def play(stage: Stage) -> Answer:
        partner, person = await partner_token(stage), await user_token(stage)
        await revoke_tokens(stage.houses["rotor"].desk)
        return await (register(stage, user("a"), partner) if move == "register" else ask(stage, bearing(person)))

    return play


async def _expired_and_revoked(stage: Stage) -> Answer:
    person = await user_token(stage)
    await revoke_tokens(stage.houses["rotor"].desk)
    stage.clock.advance(259201)
    return await ask(stage, bearing(person))


def _registered(document: object) -> Move:
    return lambda stage: register(stage, document)


def _registered_as(kind: str, body: bytes | None = None) -> Move:
    async def play(stage: Stage) -> Answer:
        headers = (("authorization", f"Bearer {await partner_token(stage)}"), ("content-type", kind))
        content = json.dumps(user("a")).encode() if body is None else body
        return await ask(stage, stages.request("POST", REGISTER, *headers, body=content))

    return play


async def _registered_with_users_token(stage: Stage) -> Answer:
    return await register(stage, user("a"), await user_token(stage))


async def _registered_twice(stage: Stage) -> Answer:
    await register(stage, user("a"))
    return await register(stage, user("a"))


def _with_user(target: str, method: str = "GET", document: object = None, *, headers: Headers = ()) -> Move:
    """A call with a user's token; ``{0}`` and ``{1}`` stand for the ids of its orders."""

    async def play(stage: Stage) -> Answer:
        token = await user_token(stage)
        ids = [order["id"] for order in await orders(stage, token)]
        if document is None:
            return await ask(stage, bearing(token, target.format(*ids), method, *headers))
        body = json.loads(json.dumps(document).replace("{0}", ids[0]).replace("{1}", ids[1]))
        return await ask(stage, json_request(target, token, body))

    return play


def _with_partner(target: str, method: str = "GET") -> Move:
    async def play(stage: Stage) -> Answer:
        return await ask(stage, bearing(await partner_token(stage), target, method))

    return play


async def _order_of_somebody_else(stage: Stage) -> Answer:
    (order, *_) = await orders(stage, await user_token(stage, "artist-42"))
    return await ask(stage, bearing(await user_token(stage, "Artist-42"), f"{ORDERS}/{order['id']}"))


async def _token_in_query(stage: Stage) -> Answer:
    return await ask(stage, stages.request("GET", f"{ORDERS}?bearer_token={await user_token(stage)}"))


def _many(*uuids: object) -> dict[str, object]:
    return {"data": {"type": "orders", "attributes": {"order_uuids": list(uuids)}}}


_NOBODY: tuple[object, ...] = (
    {},
    [],
    {"data": []},
    {"data": {"type": "user"}},
    {"data": {"type": "user", "attributes": {}}},
    {"remote_user_id": "a"},
    user(None),
    user(""),
    user(" "),
)
_NO_ORDERS: tuple[object, ...] = (
    [],
    {"data": {}},
    {"data": {"attributes": {"order_uuids": "{0}"}}},
    _many(),
    _many(1),
)
_INVALID = "is invalid"
_REQUIRED = b'{"error":"remote_user_id is required"}'
_UUIDS = b'{"error":"order_uuids is required"}'
_PARTNER_SCOPE = challenge("insufficient_scope", "Access to this resource requires scope _partner_.")
_NOT_FOUND = b'{"status":404,"error":"Not Found"}'
_ASKS_JSON = ("accept", "application/json")
_PREFLIGHT: Headers = (
    ("Access-Control-Allow-Methods", "GET, POST, OPTIONS, HEAD"),
    ("Access-Control-Allow-Headers", "authorization, content-type"),
    ("Access-Control-Max-Age", "7200"),
    *OPEN,
)
_ASKING: Headers = (
    ("access-control-request-method", "POST"),
    ("access-control-request-headers", "authorization, content-type"),
)

BEARER_CASES = (
    *(
        _bearer(rules.BEARER_MISSING, play, _INVALID)
        for play in (
            got("GET", ORDERS),
            got("GET", ORDERS, ("authorization", "Bearer")),
            got("GET", ORDERS, ("authorization", "Basic YTpi")),
            got("GET", f"{ORDERS}?access_token="),
            got("POST", REGISTER, JSON_TYPE),
            got("POST", f"{ORDERS}/finalize"),
            got("POST", f"{ORDERS}/{NOBODYS}/finalize"),
            got("GET", f"{ORDERS}/{NOBODYS}"),
        )
    ),
    *(
        _bearer(rules.BEARER_UNKNOWN, play, _INVALID)
        for play in (
            got("GET", ORDERS, BEARER),
            got("GET", f"{ORDERS}?access_token=made-up"),
            got("POST", REGISTER, BEARER, JSON_TYPE),
            got("GET", ORDERS, ("authorization", "bearer  made-up")),
        )
    ),
    # the caller is looked at before the body
    _bearer(rules.BEARER_UNKNOWN, sent(stages.request("POST", REGISTER, BEARER, JSON_TYPE, body=b"{")), _INVALID),
    _bearer(rules.BEARER_UNKNOWN, sent(json_request(f"{ORDERS}/finalize", "made-up", {})), _INVALID),
    _bearer(rules.BEARER_EXPIRED, _late("register", 7201), "expired"),
    _bearer(rules.BEARER_EXPIRED, _late("orders", 259201), "expired"),
    *(_bearer(rules.BEARER_REVOKED, _revoked(move), "was revoked") for move in ("register", "orders")),
    _bearer(rules.BEARER_REVOKED, _expired_and_revoked, "was revoked"),
)

REGISTER_CASES = (
    Case(rules.USER_TOKEN, _registered_with_users_token, 403, NO_STORE),
    Case(rules.USER_TOKEN, _registered_with_users_token, 403, NO_STORE + _PARTNER_SCOPE, variant="doorkeeper-5.9.6"),
    *(
        Case(rules.REGISTER_CONTENT_TYPE, _registered_as(kind), 400, REFUSED, _REQUIRED)
        for kind in ("application/vnd.api+json", "text/plain", "application/x-www-form-urlencoded")
    ),
    *(
        Case(rules.BODY_UNREADABLE, play, 400, REFUSED, b'{"error":"Bad Request"}')
        for play in (
            *(_registered_as("application/json", body) for body in (b"{", b"\xff", b'{"a":NaN}', b"[" * 100_000)),
            # a token may be among the parameters, so without a header they are read first
            sent(stages.request("POST", REGISTER, JSON_TYPE, body=b"{")),
        )
    ),
    *(Case(rules.REMOTE_USER_ID_MISSING, _registered(document), 400, REFUSED, _REQUIRED) for document in _NOBODY),
    *(
        Case(rules.USER_UID_OUTDATED, _registered(document), 400, REFUSED, _REQUIRED)
        for document in (user(None, user_uid="a"), {"data": {"type": "user", "attributes": {"user_uid": "a"}}})
    ),
    *(
        Case(rules.ATTRIBUTE_TYPE, _registered(document), 400, REFUSED, f'{{"error":"{name} is invalid"}}'.encode())
        for name, document in (
            ("remote_user_id", user(remote_user_id=True)),
            ("remote_user_id", user(7.5)),
            ("remote_user_id", user(["a"])),
            ("remote_user_id", user({})),
            ("remote_email", user("a", remote_email=1)),
            ("optional_attributes", user("a", optional_attributes="x")),
            ("api_url", user("a", optional_attributes={"api_url": 1})),
        )
    ),
    *(
        Case(rules.USER_CREATED, _registered(document), 200, SHOWN, None)
        for document in (
            user("a"),
            user("a", remote_email="a@b.example", optional_attributes={"api_url": "x", "api_secret_key": "y"}),
            user("a", remote_email=None, optional_attributes=None),
            user(7),
            {"data": {"attributes": {"remote_user_id": "a"}}},
        )
    ),
    Case(rules.USER_FOUND, _registered_twice, 200, SHOWN, None),
)

ORDER_CASES = (
    *(
        Case(rules.PARTNER_TOKEN, _with_partner(target, method), 403, NO_STORE)
        for method, target in (
            ("GET", ORDERS),
            ("GET", f"{ORDERS}/{NOBODYS}"),
            ("POST", f"{ORDERS}/{NOBODYS}/finalize"),
            ("POST", f"{ORDERS}/finalize"),
        )
    ),
    Case(rules.ORDERS, _with_user(ORDERS), 200, SHOWN, None),
    Case(rules.ORDERS, _with_user(ORDERS, "HEAD"), 200, SHOWN),
    Case(rules.ORDERS, _with_user(ORDERS, headers=(ORIGIN,)), 200, SHOWN + OPEN, None),
    Case(rules.ORDERS, _token_in_query, 200, SHOWN, None),
    Case(rules.ORDER, _with_user(f"{ORDERS}/{{1}}"), 200, SHOWN, None),
    *(
        Case(rules.ORDER_UNKNOWN, play, 404, REFUSED, b'{"error":"Order not found"}')
        for play in (
            _with_user(f"{ORDERS}/{NOBODYS}"),
            _with_user(f"{ORDERS}/finalize"),
            _with_user(f"{ORDERS}/{NOBODYS}/finalize", "POST"),
            _with_user(f"{ORDERS}/finalize", "POST", _many("{0}", NOBODYS)),
            _order_of_somebody_else,
        )
    ),
    Case(rules.FINALIZED, _with_user(f"{ORDERS}/{{0}}/finalize", "POST"), 200, SHOWN, None),
    Case(rules.FINALIZED, _with_user(f"{ORDERS}/{{0}}/finalize", "POST", headers=(JSON_TYPE,)), 200, SHOWN, None),
    Case(rules.FINALIZED_MANY, _with_user(f"{ORDERS}/finalize", "POST", _many("{1}", "{0}")), 200, SHOWN, None),
    *(
        Case(rules.ORDER_UUIDS_MISSING, _with_user(f"{ORDERS}/finalize", "POST", document), 400, REFUSED, _UUIDS)
        for document in _NO_ORDERS
    ),
)

OTHER_CASES = (
    Case(rules.PREFLIGHT, got("OPTIONS", ORDERS, ORIGIN, *_ASKING), 200, _PREFLIGHT),
    Case(rules.PREFLIGHT, got("OPTIONS", f"{ORDERS}/finalize", ORIGIN, *_ASKING), 200, _PREFLIGHT),
    Case(rules.BEARER_MISSING, got("GET", ORDERS, ORIGIN), 401, _unauthorized(_INVALID) + OPEN),
    # neither the client's secret nor the partner's token belongs in a browser
    Case(rules.TOKEN_METHOD, got("OPTIONS", "/oauth/token", ORIGIN, *_ASKING), 404, PAGE, None),
    Case(rules.METHOD, got("OPTIONS", REGISTER, ORIGIN, *_ASKING), 404, PAGE, None),
    Case(rules.ISSUED, sent(token_request(basic(), ORIGIN)), 200, ISSUED, None),
    Case(rules.METHOD, got("OPTIONS", ORDERS), 404, PAGE, None),
    Case(rules.METHOD, got("GET", REGISTER, _ASKS_JSON), 404, JSON, _NOT_FOUND),
    Case(rules.METHOD, got("DELETE", ORDERS, _ASKS_JSON), 404, JSON, _NOT_FOUND),
    Case(rules.LOST, got("GET", "/", _ASKS_JSON), 404, JSON, _NOT_FOUND),
    Case(rules.LOST, got("GET", "/api/partner/v1/nonsense"), 404, PAGE, None),
)

CASES = BEARER_CASES + REGISTER_CASES + ORDER_CASES + OTHER_CASES
