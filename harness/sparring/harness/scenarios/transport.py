"""Where a client is led: redirects, strangers, certificates, addresses without TLS."""

from collections.abc import Mapping
from typing import Any

from sparring.harness.checks import check
from sparring.harness.scenario import Budget, Do, Scenario, Setting
from sparring.harness.scenarios.reach import ALL, ANY, CODE, EVERY_TIME

_PLAN = (Do("authenticate"), Do("call_api"))
_BUDGET = Budget(token=6)
_STRANGER = "{decoy}/token"
_OWNS = frozenset({"token-never-to-other-host"})


def _redirecting(
    id: str,  # noqa: A002
    title: str,
    decided_by: str,
    status: int,
    to: str,
    *,
    endpoint: str = "token",
    fault: str | None = None,
    times: int = EVERY_TIME,
    **more: Any,
) -> Scenario:
    """A scenario in which an endpoint redirects."""
    moved = {
        "id": fault or id,
        "match": {"endpoint": endpoint, "when": "before"},
        "effect": {"kind": "redirect", "status": status, "to": to},
        "times": times,
    }
    common: dict[str, Any] = {
        "profile": "security",
        "providers": ALL,
        "grants": ANY,
        "severity": "MUST",
        "plan": _PLAN,
        "checks": (check(decided_by),),
        "faults": (moved,),
        "budget": _BUDGET,
        "owns": _OWNS,
    }
    return Scenario(id=id, title=title, **(common | more))


_FAULTY: Mapping[str, tuple[str, str]] = {
    "tls-untrusted-ca": ("untrusted", "The server's certificate is by an authority that nobody trusts"),
    "tls-wrong-name": ("wrong-name", "The server's certificate is for another host"),
    "tls-wrong-name-expired": ("expired", "The server's certificate has expired"),
    "tls-wrong-name-not-yet-valid": ("not-yet-valid", "The server's certificate is not valid yet"),
}

SCENARIOS = (
    _redirecting(
        "token-endpoint-redirect-307",
        "The token endpoint redirects to another origin",
        "no-post-across-origins",
        307,
        _STRANGER,
        fault="token-endpoint-moved",
    ),
    _redirecting(
        "token-endpoint-redirect-308",
        "The token endpoint has moved to another origin for good (308)",
        "no-post-across-origins",
        308,
        _STRANGER,
    ),
    _redirecting(
        "token-endpoint-redirect-307-same-origin",
        "The token endpoint redirects within its origin",
        "moved-endpoint-is-noticed",
        307,
        "{base}/moved/token",
        severity="robustness",
    ),
    *(
        _redirecting(
            f"token-endpoint-redirect-{status}",
            f"The token endpoint answers {status}, and a stranger has a token to give",
            "strangers-token-is-refused",
            status,
            _STRANGER,
        )
        for status in (301, 302, 303)
    ),
    *(
        _redirecting(
            f"api-redirect-other-host-{status}",
            f"The API redirects to another origin ({status})",
            "token-stays-with-the-api",
            status,
            "{decoy}/elsewhere",
            endpoint="api",
        )
        for status in (302, 307, 308)
    ),
    _redirecting(
        "api-redirect-other-host-plain",
        "The API redirects to itself, without TLS",
        "token-stays-with-the-api",
        302,
        "{side}/elsewhere",
        endpoint="api",
        setting=Setting(certificate="none"),
        tls=True,
    ),
    *(
        Scenario(
            id=name,
            title=title,
            profile="security",
            providers=ALL,
            grants=ANY,
            severity="MUST",
            plan=_PLAN,
            checks=(check("certificate-is-checked"),),
            budget=_BUDGET,
            setting=Setting(certificate=fault),
            tls=True,
        )
        for name, (fault, title) in _FAULTY.items()
    ),
    Scenario(
        id="https-downgrade-refused",
        title="The provider's document names a token endpoint without TLS",
        profile="security",
        providers=frozenset({"movingimage"}),
        grants=CODE,
        severity="MUST",
        plan=_PLAN,
        checks=(check("plaintext-endpoint-is-refused"),),
        faults=(
            {
                "id": "token-endpoint-without-tls",
                "match": {"endpoint": "discovery", "when": "after"},
                "effect": {
                    "kind": "json-patch",
                    "ops": [{"op": "replace", "path": "/token_endpoint", "value": "{side}/moved/token"}],
                },
                "times": EVERY_TIME,
            },
        ),
        needs=frozenset({"discovery"}),
        budget=_BUDGET,
        setting=Setting(certificate="none"),
        tls=True,
    ),
    _redirecting(
        "https-downgrade-refused-redirect",
        "The token endpoint redirects to itself, without TLS",
        "plaintext-endpoint-is-refused",
        307,
        "{side}/moved/token",
        setting=Setting(certificate="none"),
        tls=True,
    ),
)
