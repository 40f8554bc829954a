"""The rules of the API and of the pages for iframes."""

from collections.abc import Awaitable, Callable
from typing import Any

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.tokens import revoke_tokens
from sparring.mocks.providers.clickview import rules
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.providers.clickview.asking import (
    API_JSON,
    NOW,
    PAGE,
    PROBLEM,
    Case,
    ask,
    bearing,
    change_client,
    claims,
    forged,
    got,
    new_token,
)
from tests.mocks.providers.clickview.viewing import CREATE, STUDENT, TEACHER, create, new_view_key

Move = Callable[[Stage], Awaitable[Answer]]


def _refused(words: str = "") -> tuple[tuple[str, str], ...]:
    described = f', error_description="{words}"' if words else ""
    return (("WWW-Authenticate", f'Bearer error="invalid_token"{described}'),)


def _forged(**changes: Any) -> Move:
    return lambda stage: ask(stage, bearing(forged(stage, claims(**changes))))


def _signed(**how: Any) -> Move:
    return lambda stage: ask(stage, bearing(forged(stage, claims(), **how)))


async def _called(stage: Stage) -> Answer:
    return await ask(stage, bearing(await new_token(stage)))


async def _unsigned(stage: Stage) -> Answer:
    token = forged(stage, claims(), alg="none")
    return await ask(stage, bearing(token.rpartition(".")[0] + "."))


async def _tampered(stage: Stage) -> Answer:
    head, _, tail = (await new_token(stage)).split(".")
    return await ask(stage, bearing(f"{head}.{forged(stage, claims(exp=NOW + 10**6)).split('.')[1]}.{tail}"))


async def _expired(stage: Stage) -> Answer:
    token = await new_token(stage)
    stage.clock.advance(86400 + 301)
    return await ask(stage, bearing(token))


async def _withdrawn(stage: Stage) -> Answer:
    token = await new_token(stage)
    await revoke_tokens(stage.houses["clickview"].desk)
    return await ask(stage, bearing(token))


async def _lacking(stage: Stage) -> Answer:
    await change_client(stage, scopes=("smartembed.other",))
    return await ask(stage, bearing(await new_token(stage, scope=None)))


def _create(document: object, content_type: str | None = "application/json") -> Move:
    return lambda stage: create(stage, document, content_type)


def _data(**changes: object) -> Move:
    merged = TEACHER | changes
    return _create({"mediaId": "1", "data": {name: value for name, value in merged.items() if value is not None}})


async def _played(stage: Stage) -> Answer:
    return await ask(stage, stages.request("GET", f"/smart-embed/play?viewKey={await new_view_key(stage)}"))


async def _played_late(stage: Stage) -> Answer:
    key = await new_view_key(stage)
    stage.clock.advance(28800)
    return await ask(stage, stages.request("GET", f"/smart-embed/play?viewKey={key}"))


def _said(words: str) -> bytes:
    return b'{"message":"%s"}' % words.encode()


CALLERS = (
    Case(rules.BEARER_MISSING, got("GET", "/api/v1/example"), 401, (("WWW-Authenticate", "Bearer"),)),
    Case(
        rules.BEARER_MISSING,
        got("GET", "/api/v1/example", ("authorization", "Bearer ")),
        401,
        (("WWW-Authenticate", "Bearer"),),
    ),
    *(
        Case(
            rules.TOKEN_MALFORMED, got("GET", "/api/v1/example", ("authorization", f"Bearer {token}")), 401, _refused()
        )
        for token in ("None", "a.b.c", "bnVsbA.bnVsbA.c", "W10.W10.c")
    ),
    Case(rules.SIGNATURE_INVALID, _signed(key=1), 401, _refused("The signature is invalid")),
    Case(rules.SIGNATURE_INVALID, _signed(alg="HS256"), 401, _refused("The signature is invalid")),
    Case(rules.SIGNATURE_INVALID, _unsigned, 401, _refused("The signature is invalid")),
    Case(rules.SIGNATURE_INVALID, _tampered, 401, _refused("The signature is invalid")),
    Case(rules.KEY_NOT_FOUND, _signed(key=1, kid="other"), 401, _refused("The signature key was not found")),
    Case(rules.KEY_NOT_FOUND, _signed(key=1, kid=None), 401, _refused("The signature key was not found")),
    Case(rules.NO_EXPIRY, _forged(exp=None), 401, _refused("The token has no expiration")),
    Case(
        rules.LIFETIME_INVALID,
        _forged(exp=NOW - 1),
        401,
        _refused("The token lifetime is invalid; NotBefore: '06/15/2025 15:06:40', Expires: '06/15/2025 15:06:39'"),
    ),
    Case(
        rules.NOT_YET_VALID,
        _forged(nbf=NOW + 301),
        401,
        _refused("The token is not valid before '06/15/2025 15:11:41'"),
    ),
    Case(
        rules.NOT_YET_VALID,
        _forged(nbf=10**30, exp=10**30),
        401,
        _refused("The token is not valid before '12/31/9999 23:59:59'"),
    ),
    Case(rules.TOKEN_EXPIRED, _expired, 401, _refused("The token expired at '06/16/2025 15:06:40'")),
    Case(rules.TOKEN_EXPIRED, _forged(nbf=None, exp=-1), 401, _refused("The token expired at '01/01/1970 00:00:00'")),
    Case(rules.AUDIENCE_INVALID, _forged(aud="other"), 401, _refused("The audience 'other' is invalid")),
    Case(rules.AUDIENCE_INVALID, _forged(aud=["a", "b"]), 401, _refused("The audience 'a, b' is invalid")),
    Case(rules.AUDIENCE_INVALID, _forged(aud=None), 401, _refused("The audience 'empty' is invalid")),
    Case(
        rules.ISSUER_INVALID,
        _forged(iss="https://evil.example"),
        401,
        _refused("The issuer 'https://evil.example' is invalid"),
    ),
    Case(rules.ISSUER_INVALID, _forged(iss=None), 401, _refused("The issuer '' is invalid")),
    Case(rules.TOKEN_WITHDRAWN, _withdrawn, 401, _refused()),
    Case(rules.SCOPE_LACKING, _lacking, 403),
    Case(rules.EXAMPLE, _called, 200, API_JSON, b'{"example":true,"clientId":"partner-1"}'),
    Case(rules.METHOD, got("POST", "/api/v1/example"), 405, (("Allow", "GET"),)),
    Case(rules.METHOD, got("GET", CREATE), 405, (("Allow", "POST"),)),
)

VIEW_KEYS = (
    Case(rules.BEARER_MISSING, got("POST", CREATE), 401, (("WWW-Authenticate", "Bearer"),)),
    Case(rules.BODY_TYPE, _create({}, "text/plain"), 415, PROBLEM, None),
    Case(rules.BODY_TYPE, _create({}, None), 415, PROBLEM, None),
    Case(rules.BODY_UNREADABLE, _create(b"{"), 400, PROBLEM, None),
    Case(rules.BODY_UNREADABLE, _create([]), 400, PROBLEM, None),
    Case(rules.BODY_UNREADABLE, _create({"mediaId": 1, "data": TEACHER}), 400, PROBLEM, None),
    Case(rules.BODY_UNREADABLE, _data(student="no"), 400, PROBLEM, None),
    Case(rules.BODY_UNREADABLE, _create({"mediaId": "1", "data": "x"}), 400, PROBLEM, None),
    Case(rules.MEDIA_MISSING, _create({"data": TEACHER}), 400, API_JSON, _said("mediaId is required.")),
    Case(rules.MEDIA_MISSING, _create({"mediaId": " "}), 400, API_JSON, _said("mediaId is required.")),
    Case(rules.DATA_MISSING, _create({"mediaId": "1"}), 400, API_JSON, _said("data is required.")),
    Case(rules.STUDENT_MISSING, _data(student=None), 400, API_JSON, _said("student is required.")),
    *(
        Case(
            rules.STUDENT_PERSONAL,
            _create({"mediaId": "1", "data": STUDENT | {name: "x"}}),
            400,
            API_JSON,
            _said(f"{name} must not be sent for students."),
        )
        for name in ("firstName", "surname", "email")
    ),
    *(
        Case(rules.FIELD_MISSING, _data(**{name: None}), 400, API_JSON, _said(f"{name} is required."))
        for name in ("firstName", "surname", "email", "schoolName", "schoolId", "districtName", "districtId")
    ),
    *(
        Case(
            rules.FIELD_MISSING,
            _create({"mediaId": "1", "data": STUDENT | {name: ""}}),
            400,
            API_JSON,
            _said(f"{name} is required."),
        )
        for name in ("schoolName", "schoolId", "districtName", "districtId")
    ),
    Case(
        rules.MEDIA_UNKNOWN,
        _create({"mediaId": "YOUR_MEDIA_ID", "data": TEACHER}),
        404,
        API_JSON,
        _said("The media was not found."),
    ),
    Case(rules.VIEW_KEY, _data(), 200, API_JSON, None),
    Case(rules.PLAY, _played, 200, PAGE, None),
    Case(rules.PLAY_UNKNOWN, got("GET", "/smart-embed/play"), 403, PAGE, None),
    Case(rules.PLAY_EXPIRED, _played_late, 403, PAGE, None),
    Case(rules.SELECT, got("GET", "/smart-embed/select?clientId=partner-1"), 200, PAGE, None),
    Case(rules.SELECT_CLIENT, got("GET", "/smart-embed/select?clientId=YOUR_CLIENT_ID"), 400, PAGE, None),
)

CASES = CALLERS + VIEW_KEYS
