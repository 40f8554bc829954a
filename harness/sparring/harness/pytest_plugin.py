"""The pytest plugin: a fixture for each provider, one for all, and the recording of a test that failed.

Every test has a stage of its own, on the one event loop of its process. Nothing else is imported before a test asks.
"""

import difflib
import inspect
from collections.abc import Callable, Generator, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sparring.harness.testing import Sparring

PROVIDERS = ("rotor", "clickview", "movingimage", "panopto", "ingest")
"""Those that have a fixture of their own, ``sparring_`` and the name."""

TITLE = "sparring: recorded exchanges"
"""The section of a failing test's report."""

MARKER = (
    "sparring(*providers, seed=0, tls=False, frozen=None, variant=None, faults=[], users=[], ...): which fakes the "
    "test's stage has, and how it is opened; the arguments of sparring.mocks.Sparring"
)
_ADDED_UP = frozenset({"faults", "users", "clients", "redirect_uris", "origins"})
_MOST_SHOWN = 30
_OWN: set[str] = set()
_STAGE: "pytest.StashKey[Sparring]" = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture(scope="session")
def sparring_settings() -> Mapping[str, Any]:
    """How every test's stage is opened, where its marker does not say otherwise; override it in your conftest.py."""
    return {}


@pytest.fixture(scope="session")
def _sparring_session() -> Iterator[None]:
    from sparring.harness.worlds.embedded import session  # noqa: PLC0415  nothing heavy before a test asks

    with session():
        yield


@pytest.fixture
def _sparring_stage(
    request: pytest.FixtureRequest, sparring_settings: Mapping[str, Any], _sparring_session: None
) -> "Iterator[Sparring]":
    from sparring.harness.testing import Sparring  # noqa: PLC0415
    from sparring.harness.worlds.embedded import ControlError  # noqa: PLC0415

    names, settings = _wishes(request, sparring_settings)
    _check(settings, Sparring)
    try:
        stage = Sparring(*names, **settings).open()
    except ControlError as error:
        pytest.fail(f"sparring: {error}", pytrace=False)
    request.node.stash[_STAGE] = stage
    try:
        yield stage
    finally:
        stage.close()


@pytest.fixture
def sparring(_sparring_stage: "Sparring") -> "Sparring":
    """The test's stage: all providers, or those that its marker names, ``@pytest.mark.sparring("ingest", "rotor")``."""
    return _sparring_stage


def provider_fixture(name: str, title: str = "The provider") -> "Callable[..., Sparring]":
    """A fixture, ``sparring_`` and that name; ``title`` is what ``pytest --fixtures`` calls the provider.

    For one of your own, in conftest.py: ``sparring_acme = provider_fixture("acme")``.
    """

    def own(_sparring_stage: "Sparring") -> "Sparring":
        return _one(_sparring_stage, name)

    own.__doc__ = f"{title} on the test's stage: addresses, credentials, clock, faults, recording."
    if name not in PROVIDERS:
        _OWN.add(name)
    made: Callable[..., Sparring] = pytest.fixture(name=f"sparring_{name}")(own)
    return made


sparring_rotor = provider_fixture("rotor", "Rotor Videos")
sparring_clickview = provider_fixture("clickview", "ClickView")
sparring_movingimage = provider_fixture("movingimage", "The fake of movingimage")
sparring_panopto = provider_fixture("panopto", "Panopto")
sparring_ingest = provider_fixture("ingest", "Ingest")


def _one(stage: "Sparring", name: str) -> "Sparring":
    if name not in stage.providers:
        asked = f"ask for sparring_{name} in the test's signature"
        pytest.fail(f"sparring: the stage was opened without {name}: {asked}", pytrace=False)
    return stage[name]


def _wishes(request: pytest.FixtureRequest, usual: Mapping[str, Any]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Which providers, and how; the marker that is closest to the test wins, lists add up."""
    names: tuple[str, ...] = ()
    settings = dict(usual)
    for marker in reversed(list(request.node.iter_markers("sparring"))):
        names = marker.args or names
        for name, value in marker.kwargs.items():
            added = name in _ADDED_UP and not isinstance(value, (str, Mapping))
            settings[name] = [*settings.get(name, ()), *value] if added else value
    own = [name for name in (*PROVIDERS, *sorted(_OWN)) if f"sparring_{name}" in request.fixturenames]
    if not names and "sparring" in request.fixturenames:
        return (), settings
    return tuple(dict.fromkeys((*names, *own))), settings


@cache
def _known(kind: type) -> tuple[str, ...]:
    parameters = inspect.signature(kind).parameters.values()
    return tuple(one.name for one in parameters if one.kind is inspect.Parameter.KEYWORD_ONLY)


def _check(settings: Mapping[str, Any], kind: type) -> None:
    known = _known(kind)
    for name in settings:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(known)}"
            pytest.fail(f"sparring: a stage has no setting {name!r}; {hint}", pytrace=False)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Attach the recording to the report of a test that failed, without secrets; for JUnit as a property, too."""
    outcome = yield
    stage = item.stash.get(_STAGE, None)
    if stage is None or not stage.is_open:
        return
    report: pytest.TestReport = outcome.get_result()
    if report.failed and report.when != "teardown":
        told = _recorded(stage)
        report.sections.append((TITLE, told))
        report.user_properties.append(("sparring", told))
        item.user_properties.append(("sparring", told))


def _recorded(stage: "Sparring") -> str:
    try:
        requests = stage.requests
        left_out = len(requests) - _MOST_SHOWN
        head = f"(the last {_MOST_SHOWN} of {len(requests)})\n" if left_out > 0 else ""
        return f"{head}{requests[-_MOST_SHOWN:]}"
    except Exception as error:  # noqa: BLE001  the test's own failure is what has to be told
        return f"the recording could not be read: {type(error).__name__}: {error}"
