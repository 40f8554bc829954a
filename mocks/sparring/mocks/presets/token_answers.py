"""The token endpoint refuses, or answers with something that is no usable token, or an unusual one."""

from sparring.mocks.presets.preset import ALWAYS, Fault, Preset

LIVES = {"clickview": "86400", "movingimage": "300", "panopto": "3600"}
"""The true lives of access tokens, in seconds; Ingest states its own as a string by itself."""


def _patched(id: str, *ops: Fault, provider: str | None = None) -> Fault:  # noqa: A002
    """These operations on every answer of the token endpoint."""
    at = {} if provider is None else {"provider": provider}
    return {
        "id": id,
        "match": {**at, "endpoint": "token", "when": "after"},
        "effect": {"kind": "json-patch", "ops": list(ops)},
        "times": ALWAYS,
    }


def _add(path: str, value: object) -> Fault:
    return {"op": "add", "path": path, "value": value}


PRESETS = (
    Preset(
        id="token-error-invalid-client",
        title="The client's secret was replaced: invalid_client",
        new_secret=True,
        hint="The secret in the table is the old one.",
    ),
    Preset(
        id="token-error-with-200",
        title="The token endpoint answers 200 with an error object",
        faults=(
            {
                "id": "error-object-with-200",
                "match": {"endpoint": "token", "when": "before"},
                "effect": {
                    "kind": "replace",
                    "status": 200,
                    "headers": {"content-type": "application/json"},
                    "body": {"error": "server_error", "error_description": "The request could not be processed."},
                },
                "times": ALWAYS,
            },
        ),
    ),
    Preset(
        id="token-missing-access-token",
        title="The answer brings no access token",
        faults=(_patched("access-token-left-out", {"op": "remove", "path": "/access_token"}),),
    ),
    Preset(
        id="token-extra-fields",
        title="The answer has members that no client can know",
        faults=(
            _patched(
                "extra-members",
                _add("/x_request_id", "b1946ac9"),
                _add("/x_account", {"id": 7, "tags": ["a", "b"], "parent": None}),
                _add("/not-before-policy", 0),
                _add("/ext_expires_in", 172800),
            ),
        ),
    ),
    Preset(
        id="token-type-lowercase",
        title="The token is of type `bearer`, in lower case",
        faults=(_patched("token-type-lowercase", _add("/token_type", "bearer")),),
    ),
    Preset(
        id="token-type-mac",
        title="The token is of a type that the client cannot know",
        faults=(_patched("token-type-mac", _add("/token_type", "mac")),),
    ),
    Preset(
        id="expires-in-missing",
        title="The answer does not state a lifetime",
        faults=(_patched("lifetime-left-out", {"op": "remove", "path": "/expires_in"}),),
    ),
    Preset(
        id="expires-in-string",
        title="The lifetime comes as a string",
        faults=tuple(
            _patched(
                f"lifetime-as-string-{provider}",
                {"op": "replace", "path": "/expires_in", "value": seconds},
                provider=provider,
            )
            for provider, seconds in LIVES.items()
        ),
        hint="To see the token expire, advance the clock by its life.",
    ),
    Preset(
        id="token-endpoint-redirect-307",
        title="The token endpoint redirects to another origin",
        faults=(
            {
                "id": "token-endpoint-moved",
                "match": {"endpoint": "token", "when": "before"},
                "effect": {"kind": "redirect", "status": 307, "to": "{decoy}/token"},
                "times": ALWAYS,
            },
        ),
    ),
)
