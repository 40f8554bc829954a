"""The way to the authorization endpoint and back, and the ID token that comes of it."""

from typing import Any

from sparring.mocks.presets.preset import ALWAYS, Fault, Preset

_WITH_LOGIN = frozenset({"movingimage", "panopto", "ingest"})
_WITH_ID_TOKEN = frozenset({"movingimage", "panopto"})


def _response(id: str, **changes: Any) -> Fault:  # noqa: A002
    """Every redirect back to the client is changed so."""
    return {
        "id": id,
        "match": {},
        "effect": {"kind": "authorization-response", **changes},
        "times": ALWAYS,
    }


def _poisoned(id: str, title: str, **poison: Any) -> Preset:  # noqa: A002
    """The ID token of every login is poisoned so; the access token that comes with it is a good one."""
    return Preset(
        id=id,
        title=title,
        providers=_WITH_ID_TOKEN,
        faults=(
            {
                "id": f"{id}-poison",
                "match": {"endpoint": "token", "when": "after"},
                "effect": {"kind": "poison-token", "token": "id_token", **poison},
                "times": ALWAYS,
            },
        ),
    )


PRESETS = (
    Preset(
        id="state-missing",
        title="The callback comes without state",
        providers=_WITH_LOGIN,
        faults=(_response("state-dropped", drop=["state"]),),
    ),
    Preset(
        id="state-mismatch",
        title="The callback comes with a state that the client never sent",
        providers=_WITH_LOGIN,
        faults=(_response("state-forged", set={"state": "forged"}),),
    ),
    Preset(
        id="callback-replayed",
        title="The browser delivers the callback twice",
        providers=_WITH_LOGIN,
        faults=(
            {
                "id": "callback-replayed",
                "match": {"endpoint": "callback"},
                "effect": {"kind": "callback-replayed"},
                "times": ALWAYS,
            },
        ),
        hint="In a browser, load the callback's address once more.",
    ),
    Preset(
        id="authz-error-access-denied",
        title="The person denies",
        providers=_WITH_LOGIN,
        faults=(
            {
                "id": "person-denies",
                "match": {"endpoint": "consent"},
                "effect": {"kind": "person-denies"},
                "times": ALWAYS,
            },
            {  # where nobody is asked for consent, the provider denies in the person's stead
                "id": "provider-denies",
                "match": {"provider": "movingimage"},
                "effect": {
                    "kind": "authorization-response",
                    "set": {"error": "access_denied"},
                    "drop": ["code", "session_state"],
                },
                "times": ALWAYS,
            },
        ),
        hint="In a browser, press Deny on the consent page; movingimage, which asks nobody, denies by itself.",
    ),
    Preset(
        id="code-in-fragment",
        title="The response comes in the fragment, where the client's server does not see it",
        providers=frozenset({"movingimage"}),
        faults=(_response("response-in-the-fragment", in_fragment=True),),
    ),
    _poisoned(
        "nonce-mismatch",
        "The ID token has another nonce than the login",
        set={"nonce": "the-nonce-of-another-login"},
    ),
    _poisoned("id-token-wrong-aud", "The ID token is for another client", set={"aud": "another-client"}),
    _poisoned(
        "id-token-bad-signature",
        "The ID token is signed by a stranger, under the provider's key id",
        signature="stranger",
    ),
    _poisoned("id-token-expired", "The ID token expired ten minutes ago", set={"exp": {"now": -600}}),
)
