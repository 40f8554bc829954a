"""The fixture of a provider that an installed package adds."""

from pathlib import Path

import pytest

from tests.harness.pytest_plugin.runs import run
from tests.installing import installed, write_package
from tests.mocks.providers.test_installed import GOOD

pytest_plugins = ["pytester"]


def test_its_fixture_takes_two_lines(pytester: pytest.Pytester, tmp_path: Path) -> None:
    """The stage has it, alone or beside a built-in one; the marker knows it without."""
    entries = {"sparring.providers": {"ours": "their_ours:PROVIDER"}}
    write_package(tmp_path, "their-ours", entries, {"their_ours.py": GOOD.replace("NAME", "ours")})
    pytester.makeconftest(
        """
        from sparring.harness.pytest_plugin import provider_fixture

        sparring_ours = provider_fixture("ours")
        """
    )
    test = """
        import pytest

        def test_alone(sparring_ours):
            assert sparring_ours.provider == "ours"
            assert sparring_ours.hosts == ("ours.example",)

        def test_beside_another(sparring_ours, sparring_ingest):
            assert sparring_ours.base_url != sparring_ingest.base_url

        @pytest.mark.sparring("ours")
        def test_named(sparring):
            assert sparring.providers == ("ours",)

        def test_all_are_the_built_in_ones(sparring):
            assert "ours" not in sparring.providers
        """
    with installed(tmp_path):
        result = run(pytester, test)
    result.assert_outcomes(passed=4)
