"""What a client finds in its environment, and what it does not."""

# ruff: noqa: D103 - the names are sentences

import json
from pathlib import Path

import pytest

from sparring.harness.drivers.environment import CA_VARIABLES, client_environment, parse_option, render

CONTEXT = {
    "run": "r1", "provider": "ingest", "client_id": "me", "client_secret": "s", "timeout": 20, "public": False,
    "scopes": ["a", "b"], "issuer": None, "users": [{"username": "ada", "password": "{x}"}],
}  # fmt: skip


def build(tmp_path: Path, **settings: object) -> dict[str, str]:
    told = {"scratch": tmp_path, "ca_file": Path("/ca.pem"), "inherited": {"PATH": "/bin"}, **settings}
    return client_environment(CONTEXT, **told)  # type: ignore[arg-type]


def test_nothing_is_inherited_but_the_allow_list(tmp_path: Path) -> None:
    mine = {
        "PATH": "/bin", "LANG": "C.UTF-8", "LC_TIME": "de_DE", "TZ": "UTC", "GOCACHE": "/gc",
        "AWS_SECRET_ACCESS_KEY": "x",
        "SSL_CERT_DIR": "/certs", "HTTPS_PROXY": "http://p", "SSL_CERT_FILE": "/mine.pem",
        "SPARRING_RUN": "outer", "NEEDED": "1",
    }  # fmt: skip
    built = build(tmp_path, inherited=mine, pass_env=["NEEDED", "ABSENT"])
    own = {
        name: value for name, value in built.items() if not name.startswith("SPARRING_") and name not in CA_VARIABLES
    }
    assert own == {
        "PATH": "/bin", "LANG": "C.UTF-8", "LC_TIME": "de_DE", "TZ": "UTC", "GOCACHE": "/gc", "NEEDED": "1",
        "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "TMP": str(tmp_path), "TEMP": str(tmp_path),
    }  # fmt: skip
    assert built["SPARRING_RUN"] == "r1"


def test_the_whole_ca_family_points_to_one_file(tmp_path: Path) -> None:
    built = build(tmp_path)
    assert {built[name] for name in CA_VARIABLES} == {"/ca.pem"}
    assert built["SPARRING_CA_FILE"] == "/ca.pem"
    assert not set(CA_VARIABLES) & set(build(tmp_path, ca_file=None))


def test_the_context_is_there_twice(tmp_path: Path) -> None:
    built = build(tmp_path)
    whole = json.loads(built["SPARRING_CONTEXT"])
    assert whole["scopes"] == ["a", "b"]
    assert whole["state_dir"] == built["SPARRING_STATE_DIR"] == str(tmp_path)
    assert (built["SPARRING_PROTOCOL"], whole["protocol"]) == ("1", 1)
    assert (built["SPARRING_CLIENT_ID"], built["SPARRING_TIMEOUT"], built["SPARRING_PUBLIC"]) == ("me", "20", "false")
    assert not {"SPARRING_ISSUER", "SPARRING_SCOPES", "SPARRING_USERS"} & set(built)


def test_toolchains_under_the_callers_home_are_kept(tmp_path: Path) -> None:
    (tmp_path / ".cargo").mkdir()
    built = build(tmp_path, inherited={"PATH": "/bin", "HOME": str(tmp_path), "GOPATH": "/elsewhere"})
    assert (built["CARGO_HOME"], built["GOPATH"], "RUSTUP_HOME" in built) == (
        str(tmp_path / ".cargo"),
        "/elsewhere",
        False,
    )


def test_templates_have_the_last_word(tmp_path: Path) -> None:
    built = build(tmp_path, templates={"MY_ID": "<{client_id}>", "CURL_CA_BUNDLE": "{ca_file}.old", "HOME": "/x"})
    assert (built["MY_ID"], built["CURL_CA_BUNDLE"], built["HOME"]) == ("<me>", "/ca.pem.old", "/x")


def test_a_preload_joins_the_one_that_is_there(tmp_path: Path) -> None:
    mine = {"PATH": "/bin", "LD_PRELOAD": "/a.so"}
    built = build(tmp_path, inherited=mine, pass_env=["LD_PRELOAD"], extra={"LD_PRELOAD": "/b.so", "X": "1"})
    assert (built["LD_PRELOAD"], built["X"]) == ("/b.so:/a.so", "1")


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{client_id}:{client_secret}", "me:s"),
        ("{{{provider}}}", "{ingest}"),
        ("{users[0][username]}", "ada"),
        ("{users[0][password]}", "{x}"),
        ("{scopes}", '["a", "b"]'),
        ("{scopes[1]}", "b"),
        ("{timeout:>4}", "  20"),
        ("plain", "plain"),
    ],
)
def test_a_template(template: str, text: str) -> None:
    assert render(template, CONTEXT) == text


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{clientid}", "unknown field 'clientid'; the nearest known one is 'client_id'"),
        ("{jwks_url}", "there is no 'jwks_url' for this provider and grant"),
        ("{users[3]}", r"the context has no 'users\[3\]'"),
        ("{client_id.__class__}", "unknown field"),
        ("{client_id[0]}", "the context has no"),
        ("{}", "unknown field"),
        ("{client_id", "expected '}'"),
    ],
)
def test_a_template_that_is_wrong(template: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        render(template, CONTEXT)


def test_an_option() -> None:
    assert parse_option("A_1=x={client_id}") == ("A_1", "x={client_id}")
    for wrong in ("A", "=x", "1A=x", "A B=x"):
        with pytest.raises(ValueError, match="NAME=TEMPLATE"):
            parse_option(wrong)


def test_what_an_interception_needs_gives_way_to_the_users_own_and_lists_are_joined(tmp_path: Path) -> None:
    ways = {"SSL_CERT_DIR": "/none", "HTTPS_PROXY": "http://127.0.0.1:1", "NODE_OPTIONS": "--require=/map.cjs"}
    built = build(
        tmp_path,
        interception={**ways, "PYTHONPATH": "/map", "LD_PRELOAD": "/map.so"},
        templates={"HTTPS_PROXY": "http://own", "NODE_OPTIONS": "--no-warnings", "PYTHONPATH": "/lib"},
        extra={"LD_PRELOAD": "/clock.so"},
    )
    assert built["SSL_CERT_DIR"] == "/none"
    assert built["HTTPS_PROXY"] == "http://own"
    assert built["NODE_OPTIONS"] == "--require=/map.cjs --no-warnings"
    assert built["PYTHONPATH"] == "/map:/lib"
    assert built["LD_PRELOAD"] == "/clock.so:/map.so"
