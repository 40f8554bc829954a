"""Tokens that expire or are withdrawn, and an API that refuses them."""

from sparring.mocks.presets.preset import ALWAYS, SHORT_LIFE, Fault, Preset

_SHORT = {"access_token": SHORT_LIFE}
_WITH_LOGIN = frozenset({"movingimage", "panopto", "ingest"})


def _refusing(id: str, status: int, error: str) -> Fault:  # noqa: A002
    """The API answers so, whatever the token."""
    return {
        "id": id,
        "match": {"endpoint": "api", "when": "before"},
        "effect": {
            "kind": "replace",
            "status": status,
            "headers": {"www-authenticate": f'Bearer error="{error}"', "content-type": "application/json"},
            "body": {"error": error},
        },
        "times": ALWAYS,
    }


PRESETS = (
    Preset(
        id="refresh-happy",
        title="The access token expires soon: one renewal, without the person",
        providers=_WITH_LOGIN,
        lifetimes=_SHORT,
    ),
    Preset(
        id="refresh-rotation",
        title="Access tokens expire soon, and each renewal brings another refresh token",
        providers=_WITH_LOGIN,
        variants={"movingimage": "rotating"},
        lifetimes=_SHORT,
    ),
    Preset(
        id="refresh-reply-without-refresh-token",
        title="A renewal brings no new refresh token: the old one is still good",
        providers=frozenset({"movingimage"}),
        lifetimes=_SHORT,
        faults=(
            {
                "id": "no-new-refresh-token",
                "match": {"endpoint": "token", "grant": "refresh_token", "when": "after"},
                "effect": {"kind": "json-patch", "ops": [{"op": "remove", "path": "/refresh_token"}]},
                "times": ALWAYS,
            },
        ),
    ),
    Preset(
        id="refresh-expired-reauth",
        title="The refresh token was withdrawn: the person must sign in again",
        providers=_WITH_LOGIN,
        lifetimes=_SHORT,
        hint="After the login, withdraw the refresh tokens at the control port (tokens/revoke).",
    ),
    Preset(
        id="refresh-session-ended",
        title="Both tokens expire soon: the person must sign in again",
        providers=frozenset({"movingimage"}),
        lifetimes=_SHORT | {"refresh_token": 2 * SHORT_LIFE},
    ),
    Preset(
        id="refresh-expires-in-honoured",
        title="The refresh token ends before the access token",
        providers=frozenset({"movingimage"}),
        lifetimes={"refresh_token": 2 * SHORT_LIFE},
    ),
    Preset(
        id="refresh-invalid-client",
        title="The client's secret was changed before the renewal",
        providers=_WITH_LOGIN,
        lifetimes=_SHORT,
        hint="After the login, change the client's secret at the control port (clients).",
    ),
    Preset(
        id="no-refresh-token-issued",
        title="Access tokens expire soon, and there is no refresh token",
        providers=frozenset({"rotor", "clickview", "ingest"}),
        lifetimes=_SHORT,
    ),
    Preset(
        id="panopto-offline-access",
        title="Panopto: access tokens expire soon; without offline_access there is no refresh token",
        providers=frozenset({"panopto"}),
        lifetimes=_SHORT,
        hint="Ask for the scope `openid api`.",
    ),
    Preset(
        id="api-401-refresh-once",
        title="The access token was withdrawn: one renewal, one repeat",
        hint="After the first call, withdraw the access tokens at the control port (tokens/revoke).",
    ),
    Preset(
        id="api-401-persistent",
        title="The API answers 401 to every token",
        faults=(_refusing("api-refuses-every-token", 401, "invalid_token"),),
    ),
    Preset(
        id="api-403-no-refresh",
        title="The API answers 403: the token may not do this",
        faults=(_refusing("api-denies-permission", 403, "insufficient_scope"),),
    ),
)
