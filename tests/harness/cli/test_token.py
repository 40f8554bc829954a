"""``sparring token``: one token, here or from a server that runs."""

# ruff: noqa: D103 - the names are sentences

from pathlib import Path
from typing import Any

import httpx2
import jwt
import pytest
from click.testing import CliRunner, Result

from sparring.harness.cli import main
from tests.e2e.serving import Served, serving


def token(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["token", *arguments])


def claims_of(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    (line,) = result.stdout.splitlines()
    found: dict[str, Any] = jwt.decode(line, options={"verify_signature": False})
    return found


def test_a_token_bears_what_was_asked_for() -> None:
    made = token("ingest", "--claim", "a=1", "--claim", "b=x=y", "--claim", "aud=null", "--expires-in", "60")
    claims = claims_of(made)
    assert (claims["a"], claims["b"], "aud" in claims) == (1, "x=y", False)
    assert claims["exp"] - claims["iat"] == 60
    claims = claims_of(token("clickview"))
    assert (claims["iss"], claims["scope"]) == ("http://127.0.0.1:9402", ["smartembed.viewkey"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ingset"], "Error: unknown provider 'ingset'; did you mean 'ingest'?"),
        (["ingest", "--claim", "x"], "Error: --claim is K=V, not 'x'"),
        (["ingest", "--user", "eve"], "Error: ingest has no user 'eve'"),
        (["rotor"], "Error: a token of rotor is worth something only where it is remembered: name a running server"),
        (["ingest", "--control", "http://127.0.0.1:1"], "Error: the control port does not answer: "),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(arguments: list[str], sentence: str) -> None:
    result = token(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(sentence)
    assert len(result.stderr.splitlines()) == 1


def _calls(served: Served, name: str, value: str) -> int:
    headers = {"Accept": "application/vnd.ingest.v1+json", "Authorization": f"Bearer {value}"}
    return httpx2.get(served.provider(name)["endpoints"]["api"], headers=headers, trust_env=False).status_code


def test_a_running_server_knows_the_token_it_made(tmp_path: Path) -> None:
    with serving(tmp_path, "ingest", "clickview", "--control-token", "abc") as served:
        there = ("--control", served.document["control_url"])
        made = token("ingest", *there, "--control-token", "abc")
        assert _calls(served, "ingest", made.stdout.strip()) == 200
        assert _calls(served, "ingest", token("ingest", "--claim", "n=1").stdout.strip()) == 401
        assert "control token is missing" in token("ingest", *there).stderr
