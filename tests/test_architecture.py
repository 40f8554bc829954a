"""The shape of the repository: what may lie where, how large it may grow, who may import whom."""

import importlib
import os
import re
import statistics
import sysconfig
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

from tests.architecture.comparisons import comparisons_with
from tests.architecture.import_contracts import OFFENCES, Offence, contract_names, copy_sources, lint
from tests.architecture.tree import (
    PROVIDERS,
    ROOT,
    SOURCE_ROOTS,
    line_count,
    repository_files,
    shipped_modules,
)
from tests.sampling import sample

TOP_LEVEL = {
    "pyproject.toml",
    *SOURCE_ROOTS,
    *("tests", "docs", "examples", "bench"),
    *("Makefile", "docker-compose.yml", "README.md", "LICENSE", "CHANGELOG.md"),
}
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "misc"}
PROVIDER_NAMES = frozenset({"rotor", "clickview", "movingimage", "panopto", "ingest"})

# Written so that this file does not find itself.
ONE_MACHINE_ONLY = re.compile(r"\.\.[/]shared\b|(?<![\w.-])/(?:work[/]main|root[/])")


def test_the_namespace_has_no_init_anywhere() -> None:
    """One `sparring/__init__.py` would hide the two other roots."""
    assert [path for path in repository_files() if path.parts[-2:] == ("sparring", "__init__.py")] == []


@pytest.mark.parametrize("root", SOURCE_ROOTS)
def test_each_root_holds_its_own_package_and_nothing_else(root: str) -> None:
    """The folder `mocks` is the home of `sparring.mocks` only, and so on; a root has no other modules."""
    modules = [path for path in shipped_modules() if path.is_relative_to(ROOT / root)]
    strays = [path for path in modules if not path.is_relative_to(ROOT / root / "sparring" / root)]
    assert modules
    assert strays == []
    assert (ROOT / root / "sparring" / root / "py.typed").is_file()


def test_no_module_is_longer_than_500_lines() -> None:
    """A module that long holds two things; give the second one a name."""
    sizes = {str(path.relative_to(ROOT)): line_count(path) for path in shipped_modules()}
    assert {name: lines for name, lines in sizes.items() if lines > 500} == {}


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Neither at the top nor inside a function: what needs each other is one thing, or has a third in common."""
    graph = grimp.build_graph("sparring", cache_dir=None)
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imported) > len(PROVIDER_NAMES)
    TopologicalSorter(imported).prepare()


def test_half_of_the_modules_are_shorter_than_150_lines() -> None:
    """Most modules are read in one sitting."""
    assert statistics.median(map(line_count, shipped_modules())) < 150


def test_every_module_is_named_after_what_is_in_it() -> None:
    """A drawer for odds and ends fills up; a named module does not."""
    files = [path for path in repository_files() if path.suffix == ".py"]
    assert [path for path in files if NAMES_THAT_SAY_NOTHING & {path.stem, *path.parent.parts}] == []


def test_the_top_level_holds_the_agreed_names_only() -> None:
    """Everything else has a home further down."""
    names = {path.parts[0] for path in repository_files()}
    assert {name for name in names if not name.startswith(".")} - TOP_LEVEL == set()


def test_no_file_mentions_what_is_on_one_machine_only() -> None:
    """Nothing refers to folders that a fresh clone does not have."""
    found = []
    for path in repository_files():
        text = (ROOT / path).read_text(encoding="utf-8", errors="replace")
        lines = enumerate(text.splitlines(), start=1)
        found += [f"{path}:{number}: {line.strip()}" for number, line in lines if ONE_MACHINE_ONLY.search(line)]
    assert found == []


def test_only_a_providers_own_folder_asks_for_its_name() -> None:
    """What differs between providers stands in their folders, not in branches of what they share."""
    found = []
    for path in shipped_modules():
        if not path.is_relative_to(ROOT / "mocks"):
            continue
        own = {path.relative_to(PROVIDERS).parts[0]} if path.is_relative_to(PROVIDERS) else set[str]()
        compared = comparisons_with(PROVIDER_NAMES - own, path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(ROOT)}:{line}: {name}" for line, name in compared]
    assert found == []


@pytest.mark.parametrize(
    "branch",
    [
        'if provider == "ingest": pass',
        'if "ingest" != provider: pass',
        'if provider in ("rotor", "ingest"): pass',
        'if provider not in {"ingest"}: pass',
        'kept = [name for name in names if name == "ingest"]',
        'match provider:\n    case "ingest": pass',
        'match provider:\n    case "rotor" | "ingest": pass',
    ],
)
def test_a_branch_on_a_providers_name_is_found_in_any_spelling(branch: str) -> None:
    """The finder itself is tried, lest it finds nothing because it sees nothing."""
    assert [name for _, name in comparisons_with({"ingest"}, branch)] == ["ingest"]


@pytest.mark.parametrize("code", ['name = "ingest"', 'title = titles["ingest"]', 'if name == "panopto": pass'])
def test_a_name_that_is_not_compared_is_no_branch(code: str) -> None:
    """Naming a provider as data is fine."""
    assert comparisons_with({"ingest"}, code) == []


def test_the_import_contracts_hold(tmp_path: Path) -> None:
    """A clean copy passes, so what the planted lines break is theirs alone."""
    report = lint(copy_sources(tmp_path))
    assert set(report.verdicts.values()) == {"KEPT"}, report.output
    assert report.exit_code == 0


def test_every_import_contract_has_a_line_that_breaks_it() -> None:
    """A contract nobody has seen broken may be one that cannot break."""
    assert {offence.breaks for offence in OFFENCES} == set(contract_names())


@pytest.mark.parametrize("offence", sample(OFFENCES, 3), ids=str)
def test_an_offending_import_breaks_exactly_its_contract(offence: Offence, tmp_path: Path) -> None:
    """Each contract bites, and points at the right place."""
    copy = copy_sources(tmp_path)
    offence.plant(copy)
    report = lint(copy)
    assert report.broken == {offence.breaks}, report.output
    assert report.exit_code == 1


@pytest.mark.skipif(os.environ.get("SPARRING_EXPECT_WHEEL") != "1", reason="runs on an editable install")
@pytest.mark.parametrize("root", SOURCE_ROOTS)
def test_the_wheel_is_what_is_tested(root: str) -> None:
    """Under `make test` every package comes from the installed wheel, none from the working tree."""
    installed = Path(sysconfig.get_path("purelib"))
    package = importlib.import_module(f"sparring.{root}")
    assert package.__file__ is not None
    assert Path(package.__file__).is_relative_to(installed)
    namespace = importlib.import_module("sparring")
    assert list(map(Path, namespace.__path__)) == [installed / "sparring"]
