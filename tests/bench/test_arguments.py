"""What ``python -m bench`` refuses, before it measures anything."""

import pytest

from bench import __main__ as command
from bench.subjects import SUBJECTS


def asked(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    """Ask for that, where there is a wrk."""
    monkeypatch.setattr(command, "missing", lambda: None)
    monkeypatch.setattr("sys.argv", ["bench", *arguments])
    command.arguments()


def test_every_server_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name that stands in the tables."""
    for subject in SUBJECTS:
        asked(monkeypatch, "--only", subject.name)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "keycloak"], "no server is called keycloak; there are: rotor, clickview"),
        (["--measure", "speed"], "invalid choice: 'speed'"),
        (["--write", "--quick"], "--write keeps a whole run only"),
        (["--write", "--only", "ingest"], "--write keeps a whole run only"),
        (["--write", "--measure", "signed"], "--write keeps a whole run only"),
    ],
)
def test_what_cannot_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    """One sentence, and exit code 2."""
    with pytest.raises(SystemExit) as ended:
        asked(monkeypatch, *arguments)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_without_wrk_there_is_no_load(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """And it says how to get it."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sys.argv", ["bench", "--quick"])
    with pytest.raises(SystemExit):
        command.arguments()
    assert "wrk is not on this machine (Debian and Ubuntu: apt install wrk)" in capsys.readouterr().err
