"""The rules of the token endpoint."""

import base64

from sparring.mocks.engine.messages import Answer
from sparring.mocks.providers.clickview import rules
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.providers.clickview.asking import (
    TOKEN_HEADERS,
    Case,
    ask,
    asked_for_token,
    change_client,
    got,
    token_request,
)

CLIENT_REFUSED = b'{"error":"invalid_client","error_description":"Client authentication failed."}'


async def _as_json(stage: Stage) -> Answer:
    basic = base64.b64encode(b"partner-1:2c1f6f0e9b7d4a53").decode()
    headers = (("authorization", f"Basic {basic}"), ("content-type", "application/json"))
    body = b'{"grant_type":"client_credentials","scope":"smartembed.viewkey"}'
    return await ask(stage, stages.request("POST", "/connect/token", *headers, body=body))


async def _without_grant(stage: Stage) -> Answer:
    await change_client(stage, grants=frozenset())
    return await ask(stage, token_request())


async def _without_scopes(stage: Stage) -> Answer:
    await change_client(stage, scopes=())
    return await ask(stage, token_request(scope=None))


def _error(code: str) -> bytes:
    return b'{"error":"%s"}' % code.encode()


CASES = (
    Case(rules.TOKEN_METHOD, got("GET", "/connect/token"), 400, TOKEN_HEADERS, _error("invalid_request")),
    Case(rules.TOKEN_METHOD, got("PUT", "/connect/token"), 400, TOKEN_HEADERS, _error("invalid_request")),
    Case(rules.TOKEN_METHOD, got("HEAD", "/connect/token"), 400, TOKEN_HEADERS),
    Case(rules.TOKEN_CONTENT_TYPE, _as_json, 400, TOKEN_HEADERS, _error("invalid_request")),
    Case(rules.CLIENT_MISSING, asked_for_token(client_id=None), 400, TOKEN_HEADERS, CLIENT_REFUSED),
    Case(rules.CLIENT_MISSING, asked_for_token(client_id="p" * 101), 400, TOKEN_HEADERS, CLIENT_REFUSED),
    Case(rules.CLIENT_MISSING, asked_for_token(client_secret="s" * 101), 400, TOKEN_HEADERS, CLIENT_REFUSED),
    Case(rules.CLIENT_UNKNOWN, asked_for_token(client_id="PARTNER-1"), 400, TOKEN_HEADERS, CLIENT_REFUSED),
    Case(rules.SECRET_MISSING, asked_for_token(client_secret=" "), 400, TOKEN_HEADERS, CLIENT_REFUSED),
    Case(rules.SECRET_WRONG, asked_for_token(client_secret="wrong"), 400, TOKEN_HEADERS, CLIENT_REFUSED),
    Case(
        rules.SECRET_WRONG,  # the client is looked at before the grant
        asked_for_token(client_secret="wrong", grant_type="nonsense"),
        400,
        TOKEN_HEADERS,
        CLIENT_REFUSED,
    ),
    Case(
        rules.GRANT_TYPE_MISSING,
        asked_for_token(grant_type=None),
        400,
        TOKEN_HEADERS,
        _error("unsupported_grant_type"),
    ),
    Case(
        rules.GRANT_TYPE_UNKNOWN,
        asked_for_token(grant_type="nonsense"),
        400,
        TOKEN_HEADERS,
        _error("unsupported_grant_type"),
    ),
    Case(
        rules.GRANT_TYPE_UNKNOWN,
        asked_for_token(grant_type="g" * 101),
        400,
        TOKEN_HEADERS,
        _error("unsupported_grant_type"),
    ),
    *(
        Case(
            rules.GRANT_TYPE_FORBIDDEN,
            asked_for_token(grant_type=grant),
            400,
            TOKEN_HEADERS,
            _error("unauthorized_client"),
        )
        for grant in ("authorization_code", "password", "urn:ietf:params:oauth:grant-type:device_code")
    ),
    Case(rules.GRANT_TYPE_FORBIDDEN, _without_grant, 400, TOKEN_HEADERS, _error("unauthorized_client")),
    Case(
        rules.REFRESH_MISSING,
        asked_for_token(grant_type="refresh_token"),
        400,
        TOKEN_HEADERS,
        _error("invalid_request"),
    ),
    Case(
        rules.REFRESH_REFUSED,
        asked_for_token(grant_type="refresh_token", refresh_token="r"),
        400,
        TOKEN_HEADERS,
        _error("invalid_grant"),
    ),
    Case(rules.SCOPE_NONE, _without_scopes, 400, TOKEN_HEADERS, _error("invalid_scope")),
    Case(rules.SCOPE_TOO_LONG, asked_for_token(scope="s" * 301), 400, TOKEN_HEADERS, _error("invalid_scope")),
    *(
        Case(rules.SCOPE_INVALID, asked_for_token(scope=scope), 400, TOKEN_HEADERS, _error("invalid_scope"))
        for scope in ("smartembed.other", "openid", "smartembed.viewkey offline_access", "SMARTEMBED.VIEWKEY")
    ),
    Case(rules.ISSUED, asked_for_token(), 200, TOKEN_HEADERS, None),
    Case(rules.ISSUED_ALL_SCOPES, asked_for_token(scope=None), 200, TOKEN_HEADERS, None),
)
