"""What is released is the same whoever builds it, and holds what it should."""

import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SOURCE_ROOTS
from tests.release.building import build, copy_tree


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes], dict[str, bytes]]:
    """A folder with the sdist and the wheel, and both as two builders have them."""
    folder = tmp_path_factory.mktemp("built")
    for name, seconds in (("one", 1e9), ("two", 1.5e9)):
        copy_tree(folder / name / "tree", seconds=seconds)
    first, second = (build(folder / name / "tree", folder / name / "dist") for name in ("one", "two"))
    return folder, first, second


def test_two_builds_are_equal_to_the_byte(built: tuple[Path, dict[str, bytes], dict[str, bytes]]) -> None:
    """Of two trees with other times, in other folders."""
    _, first, second = built
    assert [name.partition("-")[0] for name in first] == ["sparring", "sparring"]
    assert first == second


def test_the_wheel_holds_the_packages_and_nothing_else(
    built: tuple[Path, dict[str, bytes], dict[str, bytes]],
) -> None:
    """Every file of the three roots, and no test."""
    folder, names, _ = built
    (wheel,) = (name for name in names if name.endswith(".whl"))
    with zipfile.ZipFile(folder / "one" / "dist" / wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    roots = [folder / "one" / "tree" / root for root in SOURCE_ROOTS]
    there = {path.relative_to(root).as_posix() for root in roots for path in root.rglob("*") if path.is_file()}
    there.discard("Dockerfile")
    assert inside == there


def test_the_sdist_can_be_built_again(built: tuple[Path, dict[str, bytes], dict[str, bytes]]) -> None:
    """The wheel that comes of it is the one beside it."""
    folder, names, _ = built
    source, wheel = names
    if source.endswith(".whl"):
        source, wheel = wheel, source
    with tarfile.open(folder / "one" / "dist" / source) as archive:
        archive.extractall(folder / "again", filter="data")
    (tree,) = (folder / "again").iterdir()
    assert build(tree, folder / "again-dist")[wheel] == names[wheel]


def test_the_version_is_the_changelogs() -> None:
    """The newest heading of the changelog that is no plan is the version of the project."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    newest = next(line for line in changelog.splitlines() if line.startswith("## [") and "Unreleased" not in line)
    assert f'\nversion = "{newest[4:].partition("]")[0]}"\n' in project
