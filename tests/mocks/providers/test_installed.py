"""Providers of installed packages: found when they are asked for, and never in anybody's way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sparring.mocks import Sparring, providers
from sparring.mocks.control.interface import ControlError
from sparring.mocks.control.openapi import document
from sparring.mocks.providers import NAMES, PORTS, ProviderError, UnknownProviderError
from tests.installing import forget, installed, write_package

GOOD = """
from sparring.mocks import kit

RULE = kit.Rule("NAME/lost", kit.Mark.ASSUMED, "a test", "Look at the path.")


async def lost(desk, request):
    return kit.empty_answer(RULE, 404)


PROVIDER = kit.Provider(
    name="NAME", title="A test", hosts=("NAME.example",), docs=(), grants=("client_credentials",), scope="", scopes=(),
    endpoints={"token": "/token", "api": "/api"}, routes=(), lifetimes={"access_token": 60},
    clients=(kit.Client(client_id="one", secret="its", name="One"),), lost=lost, wrong_method=lost, keys=0,
    mint=kit.mint_opaque,
)
"""

NOT_IMPORTED = "provider 'ours' of their-ours: their_ours:PROVIDER cannot be imported:"


def package(site: Path, name: str, value: str = "", code: str = GOOD, *, dist: str = "") -> None:
    """A package whose one module has that code."""
    dist = dist or f"their-{name}"
    module = dist.replace("-", "_")
    entries = {providers.GROUP: {name: (value or "MODULE:PROVIDER").replace("MODULE", module)}}
    write_package(site, dist, entries, {f"{module}.py": code.replace("NAME", name)})


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    """A folder whose packages are installed."""
    with installed(tmp_path):
        yield tmp_path


def test_who_asks_for_a_built_in_one_does_not_look_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading a built-in provider costs no look at what is installed; another name does."""

    def look(**_: str) -> None:
        raise AssertionError("somebody looked at what is installed")

    forget()
    monkeypatch.setattr("sparring.mocks.kit.installed.entry_points", look)
    for name in NAMES:
        assert providers.known(name)
        assert providers.load(name).name == name
        assert providers.port(name) == PORTS[name]
    with pytest.raises(AssertionError, match="somebody looked"):
        providers.known("ours")


def test_the_others_follow_in_alphabetical_order(site: Path) -> None:
    """Installed providers come after the built-in ones, by name, with the next ports."""
    package(site, "zeta")
    package(site, "alpha", "MODULE")
    forget()
    assert providers.names() == (*NAMES, "alpha", "zeta")
    assert [providers.port(name) for name in providers.names()] == [1, 2, 3, 4, 5, 6, 7]
    assert providers.load("alpha").hosts == ("alpha.example",)
    assert providers.load("zeta") is providers.load("zeta")
    assert list(providers.rules("zeta")) == ["zeta/lost"]
    assert providers.complaints() == ()


def test_the_rules_of_a_built_in_one_are_those_of_its_table() -> None:
    """Built-in rules are found by their ids."""
    assert providers.rules("ingest")["ingest/token/code-used"].mark == "doc"


def test_a_name_that_nobody_has_is_told_with_the_nearest(site: Path) -> None:
    """Installed ones are among the names that are nearest."""
    package(site, "vimeographs")
    forget()
    with pytest.raises(UnknownProviderError, match=r"^unknown provider 'vimeograph'; did you mean 'vimeographs'\?$"):
        providers.load("vimeograph")
    with pytest.raises(UnknownProviderError, match="unknown provider 'vimeograph'"):
        providers.port("vimeograph")


@pytest.mark.parametrize(
    ("value", "code", "sentence"),
    [
        (
            "MODULE:PROVIDER",
            "import nobody_has_this",
            f"{NOT_IMPORTED} ModuleNotFoundError: No module named 'nobody_has_this'",
        ),
        (
            "MODULE:PROVIDER",
            "",
            f"{NOT_IMPORTED} AttributeError: module 'their_ours' has no attribute 'PROVIDER'",
        ),
        ("MODULE", "", "provider 'ours' of their-ours: their_ours has no PROVIDER"),
        ("MODULE:P", "P = 3", "provider 'ours' of their-ours: their_ours:P is no Provider but int"),
        (
            "MODULE:PROVIDER",
            GOOD.replace('name="NAME", t', 'name="theirs", t'),
            "provider 'ours' of their-ours: it calls itself 'theirs'; entry point and `name` must be the same",
        ),
        (
            "MODULE:PROVIDER",
            GOOD.replace('"api": "/api"', ""),
            "provider 'ours' of their-ours: its `endpoints` have no api",
        ),
        (
            "MODULE:PROVIDER",
            GOOD.replace('"access_token": 60', ""),
            "provider 'ours' of their-ours: its `lifetimes` have no access_token",
        ),
        (
            "MODULE:PROVIDER",
            GOOD.replace('("client_credentials",)', "()"),
            "provider 'ours' of their-ours: it has no grants",
        ),
    ],
)
def test_one_that_cannot_be_used_costs_a_sentence(site: Path, value: str, code: str, sentence: str) -> None:
    """The sentence names the package; the other providers go on."""
    package(site, "ours", value, code)
    package(site, "others")
    forget()
    with pytest.raises(ProviderError) as told:
        providers.load("ours")
    assert str(told.value) == sentence
    assert providers.complaints() == (sentence,)
    assert providers.usable() == (*NAMES, "others")


@pytest.mark.parametrize("name", ["ingest", "decoy", "all"])
def test_a_name_that_is_taken_is_left_out(site: Path, name: str) -> None:
    """Nobody takes the place of a built-in provider."""
    package(site, name, dist="their-own")
    forget()
    assert providers.names() == NAMES
    assert providers.complaints() == (
        f"their-own: {name!r} is a word of Sparring's own; choose another name for the provider.",
    )


def test_a_name_that_two_packages_have_is_nobodys(site: Path) -> None:
    """Neither of the two wins."""
    package(site, "ours", dist="one-of-them")
    package(site, "ours", dist="the-other")
    forget()
    assert providers.names() == NAMES
    assert providers.complaints() == ("one-of-them and the-other both have a provider 'ours'; uninstall one of them.",)


def test_a_name_that_no_command_could_take_is_left_out(site: Path) -> None:
    """A name becomes a word of commands and rule ids."""
    package(site, "No-Name", dist="their-own")
    forget()
    assert providers.complaints() == (
        "their-own: 'No-Name' is no provider's name; it begins with a-z, then a-z, 0-9 and _.",
    )


def test_what_is_for_several_is_put_on_its_stage_too(site: Path) -> None:
    """Lifetimes of a shared scenario; what one provider alone has changes nothing."""
    package(site, "ours")
    forget()
    with Sparring("ours") as fake:
        before = fake.mint().expires_in
        fake.scenario("panopto-offline-access")
        assert fake.mint().expires_in == before
        fake.scenario("no-refresh-token-issued")
        assert (before, fake.mint().expires_in) == (60, 30)


def test_the_control_api_knows_it(site: Path) -> None:
    """Its name stands in the OpenAPI document, and a broken one is told in a sentence."""
    package(site, "ours")
    package(site, "broken", "MODULE:P", "P = 3")
    forget()
    assert document()["components"]["schemas"]["ProviderName"]["enum"] == [*NAMES, "broken", "ours"]
    with pytest.raises(
        ControlError, match=r"^provider 'broken' of their-broken: their_broken:P is no Provider but int$"
    ):
        Sparring("broken")
