"""Frozen sets stay as they were released, and hold everything that matters."""

import hashlib

import pytest
from click.testing import CliRunner

from sparring.harness import scenarios
from sparring.harness.cli import main
from sparring.harness.scenarios import sets
from sparring.mocks.providers import NAMES

RELEASED = {
    "core-1": "4cc5b92208048a098dbc3bb75749912498a3ba2164d89a52df6369131e1cee17",
    "security-1": "bfee0ad1c6a4891744298d80bb990af408bb2c5f340179ffa98844deffea5815",
    "resilience-1": "cc6371e884a8eb8a0c20c6459761eb0a575d2966dddbb670e05ae6708217633a",
    "oidc-1": "94b28443d28205fd5dbc63fe48d1375db4b4758f3992054fa2fa5457b1ae094d",
    "robustness-1": "000e058430636c312df447d14ca2d761d90c3b209ffb078b5b56a878b49b7644",
    "rotor-1": "c2abb076d66d04afe7e6fef196c0d56ae4af31e2b12698afd718247fcf3d0d82",
    "clickview-1": "ea761c236cbd7edb7a793f969f6e0eecbe98e3c41c5cc050010a8f7c2a5946e8",
    "movingimage-1": "1e1e915b9b0f3283c311c05d8d095b6b10648dd90bbf8bc4bf801df3095dc48d",
    "panopto-1": "8479f9497387b4ef5338c0a1e1f2bda818b5a9d47a27d5c9bde8312ee277a11d",
    "ingest-1": "f9980568c25cd9a05e0337e1e3d750159ff8de3b1d2b89a5456f5f6c8f1d57b5",
}
"""The lists by their SHA-256, ids by line. One that was released never changes: what is new goes into the next set."""

_PROMISED = """
    rotor-happy rotor-register-idempotent clickview-happy movingimage-happy panopto-happy
    panopto-authorisation-code-misspelling panopto-offline-access ingest-happy-code ingest-happy-client-credentials
    ingest-scope-commas auth-method-as-documented basic-secret-special-chars rotor-register-json-api
    rotor-partner-vs-user-token clickview-scope-required movingimage-refresh-as-documented ingest-accept-version
    body-secret-special-chars
    cache-until-expiry early-renewal renew-after-idle expires-in-string expires-in-missing expires-in-zero
    shared-cache-across-users expires-in-negative expires-in-not-a-number clock-skew restart-keeps-refresh-token
    refresh-happy refresh-rotation refresh-reply-without-refresh-token concurrent-refresh refresh-expired-reauth
    refresh-session-ended refresh-temporary-failure no-refresh-token-issued concurrent-first-token
    refresh-expires-in-honoured refresh-invalid-client refresh-scope-not-widened refresh-id-token-checked
    api-401-refresh-once api-401-persistent api-403-no-refresh api-429-seconds api-redirect-other-host api-429-date
    api-5xx
    token-error-invalid-client token-error-invalid-grant-code token-error-with-200 token-error-other-codes
    token-error-bare
    token-extra-fields token-type-lowercase token-type-mac token-type-missing token-missing-access-token
    scope-narrowed scope-omitted-in-reply token-html-with-200 token-html-error-body token-json-broken
    token-control-chars tokens-unusual-size scope-widened-or-reordered token-wrong-content-type token-body-cut
    token-oversized-body
    token-hang token-connection-refused token-reset-no-replay-of-code token-endpoint-redirect-307
    token-endpoint-redirect-302 tls-untrusted-ca tls-wrong-name token-slow token-503-then-ok token-429
    https-downgrade-refused
    authz-params-wellformed state-present-and-unguessable state-missing state-mismatch callback-replayed
    authz-error-access-denied code-in-fragment callback-extra-params iss-param pkce-present-s256 csrf-cross-session
    authz-error-invalid-scope authz-error-temporarily-unavailable callback-duplicate-params mixup-two-providers
    pkce-no-downgrade code-injection callback-open-redirect
    nonce-mismatch nonce-constant id-token-alg-none id-token-hs256-confusion id-token-bad-signature id-token-wrong-iss
    id-token-wrong-aud id-token-expired jwks-rotated-kid discovery-issuer-mismatch id-token-happy-variants
    id-token-missing-claims id-token-absent discovery-happy
"""
"""What is told of by name, or of a family by the beginning of its names."""


def fingerprint(ids: tuple[str, ...]) -> str:
    """The SHA-256 of a list."""
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()


def test_released_sets_are_frozen() -> None:
    """A build that names one gets what it got before."""
    assert {name: fingerprint(ids) for name, ids in sets.frozen().items()} == RELEASED
    assert tuple(RELEASED) == sets.NAMES


def test_every_id_is_a_scenario_and_stands_once() -> None:
    """One that is renamed or removed would leave a set that nobody can play."""
    for ids in sets.frozen().values():
        assert len(set(ids)) == len(ids)
        for one in ids:
            assert scenarios.scenario(one).id == one


@pytest.mark.parametrize("name", _PROMISED.split())
def test_what_matters_is_in_a_set(name: str) -> None:
    """By its name, or as a family of variants."""
    held = {one for ids in sets.frozen().values() for one in ids}
    assert name in held or any(one.startswith(f"{name}-") for one in held)


def test_the_providers_are_all_there() -> None:
    """Each has a set of its own, with its happy path in it."""
    assert set(sets.PROVIDERS) == set(NAMES)
    for provider in NAMES:
        assert any(one.startswith(f"{provider}-happy") for one in sets.frozen()[f"{provider}-1"])


def test_a_set_is_chosen_like_a_profile() -> None:
    """In the order of the catalogue, and only what fits."""
    chosen = scenarios.select("ingest", "authorization_code", "security-1")
    held = sets.frozen()["security-1"]
    assert [one.id for one in chosen] == [
        one.id for one in scenarios.select("ingest", "authorization_code", "all") if one.id in held
    ]
    assert {"state-mismatch", "callback-replayed"} <= {one.id for one in chosen}
    assert scenarios.select("clickview", "client_credentials", "clickview-1")[0].id == "clickview-happy"
    assert scenarios.select("clickview", "client_credentials", "panopto-1") == ()


def test_a_set_that_there_is_not_is_refused() -> None:
    """As an unknown profile is."""
    done = CliRunner().invoke(main, ["check", "ingest", "--profile", "security-9", "--", "true"])
    assert done.exit_code == 2
    assert "security-9" in done.stderr


def test_todays_lists_are_written_as_the_file_has_them() -> None:
    """So that the next set is a command and a review."""
    text = sets.written({"a-1": ("x", "y"), "b-1": ("z",)})
    assert text.splitlines()[1:] == ["a-1:", "  - x", "  - y", "b-1:", "  - z"]
    assert tuple(sets.today(scenarios.ALL)) == sets.NAMES
