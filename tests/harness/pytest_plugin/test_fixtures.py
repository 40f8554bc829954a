"""The fixtures and the marker: which fakes a test gets, and how they are opened."""

import pytest

from tests.harness.pytest_plugin.runs import run

pytest_plugins = ["pytester"]


def test_each_provider_has_a_fixture_and_there_is_one_for_all(pytester: pytest.Pytester) -> None:
    """A test that asks for two finds them on one stage."""
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.parametrize("name", ["rotor", "clickview", "movingimage", "panopto", "ingest"])
        def test_alone(name, request):
            fake = request.getfixturevalue(f"sparring_{name}")
            assert fake.provider == name
            assert fake.base_url.startswith("http://127.0.0.1:")

        def test_all(sparring):
            assert sparring.providers == ("rotor", "clickview", "movingimage", "panopto", "ingest")

        def test_two(sparring_ingest, sparring_panopto):
            sparring_ingest.clock.freeze("2026-01-01T00:00:00Z")
            assert sparring_panopto.clock.now == 1767225600.0

        @pytest.mark.sparring("ingest")
        def test_named(sparring, sparring_rotor):
            assert sparring.providers == ("ingest", "rotor")
        """,
    )
    result.assert_outcomes(passed=8)


def test_every_test_begins_with_a_stage_of_its_own(pytester: pytest.Pytester) -> None:
    """Whatever the one before it has done."""
    result = run(
        pytester,
        """
        import pytest

        seen = []

        @pytest.mark.parametrize("time", range(3))
        def test_it(time, sparring_ingest):
            assert sparring_ingest.faults == () and len(sparring_ingest.requests) == 0
            sparring_ingest.fail_next("token", status=500)
            sparring_ingest.add_user("eve")
            seen.append(sparring_ingest)
            assert [one.is_open for one in seen[:-1]] == [False] * time
        """,
    )
    result.assert_outcomes(passed=3)


def test_markers_say_how_the_stage_is_opened(pytester: pytest.Pytester) -> None:
    """The closest wins, lists add up, and the project's settings stand behind them."""
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def sparring_settings():
            return {"seed": 1, "frozen": "2026-01-01T00:00:00Z", "users": ["cleo"]}
        """
    )
    result = run(
        pytester,
        """
        import pytest

        pytestmark = pytest.mark.sparring(seed=7, users=["eve"], lifetimes={"access_token": 60})
        FAULT = {"match": {"endpoint": "token"}, "effect": {"kind": "status", "status": 418}}

        @pytest.mark.sparring(seed=8, users=[{"username": "ada", "locked": True}], faults=[FAULT], variant="implicit")
        def test_it(sparring_ingest):
            assert "8" in repr(sparring_ingest._wishes)
            assert sparring_ingest.clock.now == 1767225600.0
            assert [user.username for user in sparring_ingest.users] == ["ada", "cleo", "eve"]
            assert sparring_ingest.users[0].locked
            assert len(sparring_ingest.faults) == 1
            assert sparring_ingest.lifetimes["access_token"] == 60

        @pytest.mark.sparring(tls=True)
        def test_tls(sparring_ingest):
            assert sparring_ingest.ca_file.exists()

        @pytest.mark.sparring("ingest", sockets=False)
        def test_mounted(sparring):
            assert sparring.base_url == "http://ingest.test"
        """,
        "--strict-markers",
    )
    result.assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("marker", "sentence"),
    [
        ("sed=7", "sparring: a stage has no setting 'sed'; did you mean 'seed'?"),
        ("colour='red'", "sparring: a stage has no setting 'colour'; there are: seed, tls,"),
        ("'ingets'", "sparring: unknown provider 'ingets'; did you mean 'ingest'?"),
        ("frozen='soon'", "sparring: 'soon' is no moment: write it as 2026-01-01T00:00:00Z"),
    ],
)
def test_a_marker_that_makes_no_sense_is_told_in_a_line(pytester: pytest.Pytester, marker: str, sentence: str) -> None:
    """No traceback of ours."""
    result = run(
        pytester,
        f"""
        import pytest

        @pytest.mark.sparring({marker})
        def test_it(sparring_ingest):
            pass
        """,
    )
    result.assert_outcomes(errors=1)
    assert sentence in result.stdout.str()
    assert "pytest_plugin.py" not in result.stdout.str()


def test_a_provider_that_comes_too_late_is_told(pytester: pytest.Pytester) -> None:
    """The stage is open already."""
    result = run(
        pytester,
        """
        def test_it(sparring_ingest, request):
            request.getfixturevalue("sparring_rotor")
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*the stage was opened without rotor: ask for sparring_rotor in the test's signature*"]
    )


def test_a_fixture_of_the_users_own_name_goes_before(pytester: pytest.Pytester) -> None:
    """Short names are for the project to give."""
    result = run(
        pytester,
        """
        import pytest

        @pytest.fixture
        def ingest(sparring_ingest):
            return sparring_ingest

        def test_it(ingest):
            assert ingest.provider == "ingest"
        """,
    )
    result.assert_outcomes(passed=1)


def test_async_tests_use_the_same_fixtures(pytester: pytest.Pytester) -> None:
    """With anyio's plugin, on both of its loops where trio is there."""
    result = run(
        pytester,
        """
        import httpx2, pytest

        @pytest.mark.anyio
        async def test_it(sparring_ingest):
            async with httpx2.AsyncClient(trust_env=False, verify=False) as http:
                assert (await http.post(sparring_ingest.token_url)).status_code == 401
            (request,) = await sparring_ingest.wait_for_async("token", timeout=60)
            assert request.status == 401
        """,
        "-p",
        "anyio",
    )
    assert result.parseoutcomes()["passed"] >= 1
    assert result.ret == 0


def test_unittest_classes_are_served(pytester: pytest.Pytester) -> None:
    """Through a fixture that is used automatically, as pytest has it."""
    result = run(
        pytester,
        """
        import unittest, pytest

        class Case(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def stage(self, sparring_ingest):
                self.ingest = sparring_ingest

            def test_it(self):
                self.assertEqual(self.ingest.provider, "ingest")
        """,
    )
    result.assert_outcomes(passed=1)


def test_the_fixtures_and_the_marker_are_documented(pytester: pytest.Pytester) -> None:
    """As pytest shows them."""
    told = run(pytester, "", "--fixtures").stdout.str()
    for name in ("sparring", "sparring_settings", *(f"sparring_{one}" for one in ("rotor", "panopto", "ingest"))):
        assert f"\n{name} " in told
    assert "no docstring" not in told[told.index("sparring.harness.pytest_plugin") :]
    assert "@pytest.mark.sparring(*providers, seed=0," in run(pytester, "", "--markers").stdout.str()
