"""The page about writing a provider: its code is the example's, and the example works where it is installed."""

import ast
import io
import re
import shutil
import subprocess
import sys
import sysconfig
import tokenize
from pathlib import Path

import pytest

from sparring.harness.beginning import example_client
from tests.docs.blocks import blocks
from tests.sampling import PATIENT

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "provider"
PAGE = ROOT / "docs" / "writing-a-provider.md"
SPARRING = "from sparring.harness.cli import main; main()"
NO_REGISTRY = ("No matching distribution", "Connection", "Temporary failure", "Name or service", "Network is")


def test_the_page_quotes_the_example() -> None:
    """All of its modules word for word; of the other files, parts."""
    quotes = [(block.rest, block.text) for block in blocks(PAGE) if block.word == "from"]
    assert len(quotes) >= 7
    for path, text in quotes:
        assert text in (ROOT / path).read_text(encoding="utf-8"), path
    whole = {path for path, text in quotes if text == (ROOT / path).read_text(encoding="utf-8")}
    assert whole == {str(path.relative_to(ROOT)) for path in (EXAMPLE / "src").glob("*/*.py")}


def test_it_takes_fewer_than_150_lines_of_code() -> None:
    """Lines with a token on them, docstrings and comments aside."""
    assert sum(_lines_of_code(path.read_text(encoding="utf-8")) for path in (EXAMPLE / "src").glob("*/*.py")) < 150


def _lines_of_code(source: str) -> int:
    beside = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in beside:
            found.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node):
            found -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(found)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a virtual environment, in which the example is installed beside the Sparring that is tested."""
    if not PATIENT:
        pytest.skip("making an environment takes a while: SPARRING_CI=1, as .ci/run has it")
    folder = tmp_path_factory.mktemp("own")
    shutil.copytree(EXAMPLE, folder / "provider", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True, timeout=120)
    site = Path(_python(folder, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip())
    ours = sysconfig.get_path("purelib")
    (site / "sparring-and-more.pth").write_text(f"import site; site.addsitedir({ours!r})\n", encoding="utf-8")
    words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps"]
    made = subprocess.run(
        [folder / "venv" / "bin" / "python", *words, folder / "provider"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if made.returncode and any(word in made.stderr for word in NO_REGISTRY):
        pytest.skip(f"pip has no registry to build with: {made.stderr.strip().splitlines()[-1]}")
    assert made.returncode == 0, made.stderr
    return folder


def _python(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The environment's own interpreter, with an empty home."""
    env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [str(folder / "venv" / "bin" / "python"), *words]
    return subprocess.run(
        command, cwd=folder / "provider", env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_its_tests_pass_where_it_is_installed(there: Path) -> None:
    """The contract among them; and what is tested is the installed package."""
    where = _python(there, "-c", "import sparring_spotify; print(sparring_spotify.__file__)").stdout
    assert where.startswith(str(there / "venv"))
    tested = _python(there, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert tested.returncode == 0, tested.stdout
    assert "3 passed" in tested.stdout


def test_a_client_is_judged_against_it(there: Path) -> None:
    """The client that ``sparring init`` writes, in the happy path, denied, and refused."""
    client = there / "oauth_client.py"
    client.write_text(example_client("spotify", "authorization_code"), encoding="utf-8")
    globs = ("spotify-happy-*", "authz-error-*", "token-error-*")
    words = ["check", "spotify", "--plain-http", *(word for glob in globs for word in ("--scenario", glob))]
    judged = _python(there, "-c", SPARRING, *words, "--", sys.executable, str(client))
    assert judged.returncode == 0, judged.stderr
    assert re.fullmatch(r"spotify authorization_code \(oneshot\)  PASS \d\d  in [\d.]+ s\n", judged.stderr)
