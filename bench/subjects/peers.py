"""The peers: other people's servers for tests, started as their users start them."""

from bench.clients import SLOT, Client
from bench.installing import fetched, node, pinned_version, program
from bench.subjects.subject import Subject

MICROSOFT_TURN = 2000
"""Emulate answers 403 after 5,000 requests of one bearer, at the token endpoint too: each bearer asks fewer times."""


def base(port: int) -> str:
    """The origin of whoever was given that port."""
    return f"http://127.0.0.1:{port}"


OAUTH2_MOCK_SERVER = Subject(
    name="oauth2-mock-server",
    kind="peer",
    version=pinned_version("oauth2-mock-server"),
    needs=lambda: (fetched("oauth2-mock-server"), node()),
    command=lambda port, _: [
        node(),
        str(fetched("oauth2-mock-server") / "node_modules/.bin/oauth2-mock-server"),
        *("-a", "127.0.0.1", "-p", str(port)),
    ],
    client=lambda port, _: Client(
        base_url=base(port),
        token="/token",
        authorize="/authorize",
        jwks="/jwks",
        api="/userinfo",
        client_id="bench",
        client_secret="bench-secret",
        scope="openid",
        signed={},
    ),
)

OIDC_PROVIDER = Subject(
    name="oidc-provider",
    kind="peer",
    version=pinned_version("oidc-provider"),
    needs=lambda: (fetched("oidc-provider"), node()),
    command=lambda port, _: [node(), str(fetched("oidc-provider") / "server.mjs"), str(port)],
    client=lambda port, _: Client(
        base_url=base(port),
        token="/token",
        authorize="/auth",
        jwks="/jwks",
        api="/me",
        client_id="bench",
        client_secret="bench-secret",
        scope="openid",
        signed={"resource": "urn:bench:api", "scope": "api"},
        opaque={"scope": "api"},
        person={"login": "ada", "password": "any"},
    ),
)

EMULATE = Subject(
    name="emulate",
    kind="peer",
    version=pinned_version("emulate"),
    needs=lambda: (fetched("emulate"), node()),
    command=lambda port, _: [
        node(),
        str(fetched("emulate") / "node_modules/.bin/emulate"),
        *("start", "--service", "microsoft", "--port", str(port)),
    ],
    client=lambda port, _: Client(
        base_url=base(port),
        token="/oauth2/v2.0/token",
        authorize="/oauth2/v2.0/authorize",
        jwks="/discovery/v2.0/keys",
        api="/v1.0/me",
        client_id="bench",
        client_secret="bench-secret",
        scope="openid offline_access",
        opaque={},
        headers={"Authorization": "Bearer turn-{turn}"},
        api_headers={"Authorization": f"Bearer {SLOT}"},
        turn=MICROSOFT_TURN,
        bearers=40,
    ),
)

OIDC_PROVIDER_MOCK = Subject(
    name="oidc-provider-mock",
    kind="peer",
    version=pinned_version("oidc-provider-mock"),
    needs=lambda: (fetched("oidc-provider-mock"),),
    command=lambda port, _: [
        str(fetched("oidc-provider-mock") / "venv/bin/oidc-provider-mock"),
        *("--port", str(port)),
    ],
    client=lambda port, _: Client(
        base_url=base(port),
        token="/oauth2/token",
        authorize="/oauth2/authorize",
        jwks="/jwks",
        api="/userinfo",
        client_id="bench",
        client_secret="bench-secret",
        scope="openid",
        person={"sub": "ada"},
    ),
)

MOCK_OAUTH2_SERVER = Subject(
    name="mock-oauth2-server",
    kind="peer",
    version=pinned_version("mock-oauth2-server"),
    needs=lambda: (fetched("mock-oauth2-server"), program("java")),
    command=lambda _port, _folder: [
        program("java"),
        *("-cp", str(fetched("mock-oauth2-server") / "lib/*")),
        "no.nav.security.mock.oauth2.StandaloneMockOAuth2ServerKt",
    ],
    environment=lambda port, _: {"SERVER_PORT": str(port), "JSON_CONFIG": '{"interactiveLogin": false}'},
    client=lambda port, _: Client(
        base_url=base(port),
        token="/default/token",
        authorize="/default/authorize",
        jwks="/default/jwks",
        api="/default/userinfo",
        client_id="bench",
        client_secret="bench-secret",
        scope="openid",
        signed={},
    ),
    warm_up=4,
)

SUBJECTS = (OAUTH2_MOCK_SERVER, OIDC_PROVIDER, EMULATE, OIDC_PROVIDER_MOCK, MOCK_OAUTH2_SERVER)
