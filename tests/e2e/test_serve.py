"""``sparring serve``: what a developer and a CI job see of it."""

# ruff: noqa: D103 - the names are sentences

import json
import shlex
import shutil
import signal
import socket
import ssl
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest

from tests.e2e.serving import Served, refused, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One plain server for all who only look."""
    with serving(tmp_path_factory.mktemp("served"), "--seed", "1") as server:
        yield server


def ask_token(info: dict[str, Any], **options: Any) -> httpx2.Response:
    names = ("client_id", "client_secret", "scope")
    form = {"grant_type": "client_credentials"} | {name: info[name] for name in names}
    return httpx2.post(info["endpoints"]["token"], data=form, trust_env=False, **options)


def curl(line: str) -> dict[str, Any]:
    words = shlex.split(line)
    ended = subprocess.run([words[0], "-sS", "--noproxy", "*", *words[1:]], capture_output=True, timeout=30, check=True)
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def test_the_ready_file_says_where_everything_is(served: Served) -> None:
    document = served.document
    assert set(document) == {"control_url", "ca_file", "providers"}
    assert document["ca_file"] is None
    assert httpx2.get(document["control_url"] + "/health", trust_env=False).json() == {"status": "ok"}
    assert {"clickview", "ingest"} <= set(document["providers"])
    for name, info in document["providers"].items():
        assert {"base_url", "hosts", "client_id", "client_secret", "redirect_uris", "users"} <= set(info), name
        assert httpx2.get(info["base_url"] + "/nowhere", trust_env=False).status_code < 500
    urls = [document["control_url"], *(info["base_url"] for info in document["providers"].values())]
    assert len({url.rpartition(":")[2] for url in urls}) == len(urls)


def test_the_table_holds_what_a_developer_types(served: Served) -> None:
    table = served.log(until="Ctrl-C ends it.")
    assert served.document["control_url"] in table
    for info in served.document["providers"].values():
        for word in (
            info["title"],
            info["base_url"],
            info["client_id"],
            info["client_secret"],
            *info["endpoints"].values(),
        ):
            assert word in table
        for user in info["users"]:
            assert f"{user['username']} / {user['password']}" in table


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_the_curl_lines_work_as_printed(tmp_path: Path, tls: bool) -> None:
    folder = tmp_path / "with a space"
    folder.mkdir()
    with serving(folder, *["--tls"] * tls, env={"XDG_DATA_HOME": str(folder)}) as server:
        table = server.log(until="Ctrl-C ends it.")
        lines = [line.partition("try")[2].strip() for line in table.splitlines() if line.strip().startswith("try ")]
        assert len(lines) >= 2
        for line in lines:
            assert "access_token" in curl(line)


def test_each_request_is_one_line_and_a_refusal_says_why(served: Served) -> None:
    info = served.provider("ingest")
    assert ask_token(info | {"client_secret": "wrong"}).status_code == 401
    line = served.log(until="ingest/token/client-refused").splitlines()[-1]
    assert line.startswith("ingest token: POST /token -> 401 ingest/token/client-refused ")
    assert "wrong" not in line


def test_the_stage_is_called_main_and_answers_to_the_control_api(served: Served) -> None:
    url = served.document["control_url"] + "/stages"
    (stage,) = httpx2.get(url, trust_env=False).json()["stages"]
    assert (stage["id"], stage["seed"]) == ("main", 1)
    assert stage["providers"] == served.document["providers"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly(tmp_path: Path, number: int) -> None:
    with serving(tmp_path, "ingest") as server:
        url = server.provider("ingest")["base_url"]
        with httpx2.Client(trust_env=False) as kept_alive:
            kept_alive.get(url)
            code, said = server.stop(number)
        assert code == 0
        assert said.splitlines()[-1] == "Stopped."
        assert "Traceback" not in said
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(url, trust_env=False)


def test_it_ends_cleanly_while_a_client_hangs(tmp_path: Path) -> None:
    with serving(tmp_path, "ingest") as server:
        fault = {"effect": {"kind": "hang"}, "times": None}
        httpx2.post(server.document["control_url"] + "/stages/main/faults", json=fault, trust_env=False)
        port = int(server.provider("ingest")["base_url"].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            code, said = server.stop()
        assert (code, said.splitlines()[-1]) == (0, "Stopped.")
        assert "Traceback" not in said


def test_it_ends_cleanly_while_somebody_listens_and_somebody_waits(tmp_path: Path) -> None:
    with serving(tmp_path, "ingest") as server, httpx2.Client(trust_env=False) as client:
        url = server.document["control_url"] + "/stages/main"
        client.post(url + "/hold", json={"match": {}})
        with client.stream("GET", url + "/recording/stream") as events:
            assert next(events.iter_lines()) == ":"
            host, port = url.removeprefix("http://").partition("/")[0].split(":")
            with socket.create_connection((host, int(port))) as waiting:
                waiting.sendall(b"GET /stages/main/recording/wait HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert httpx2.get(url + "/clock", trust_env=False).status_code == 200
                code, said = server.stop()
        assert (code, said.splitlines()[-1]) == (0, "Stopped.")
        assert "Traceback" not in said
        assert "ASGI" not in said


def test_only_those_named_are_served(tmp_path: Path) -> None:
    with serving(tmp_path, "ingest") as server:
        assert set(server.document["providers"]) == {"ingest"}


def test_ports_stand_in_their_order_above_the_control_port(tmp_path: Path) -> None:
    for base in range(24_000, 25_000, 10):
        try:
            with serving(tmp_path, port=base) as server:
                assert server.document["control_url"] == f"http://127.0.0.1:{base}"
                assert server.provider("clickview")["base_url"] == f"http://127.0.0.1:{base + 2}"
                assert server.provider("ingest")["base_url"] == f"http://127.0.0.1:{base + 5}"
            return
        except AssertionError as error:
            if "cannot listen" not in str(error):
                raise
    pytest.fail("no free range of ports")


def test_https_is_for_those_who_trust_the_ca(tmp_path: Path) -> None:
    with serving(tmp_path, "ingest", "--tls", env={"XDG_DATA_HOME": str(tmp_path)}) as server:
        ca_file = Path(server.document["ca_file"])
        assert ca_file == tmp_path / "sparring" / "ca.pem"
        assert stat.S_IMODE((tmp_path / "sparring" / "ca-key.pem").stat().st_mode) == 0o600
        assert server.document["control_url"].startswith("http://")
        info = server.provider("ingest")
        assert info["base_url"].startswith("https://")
        assert ask_token(info, verify=ssl.create_default_context(cafile=ca_file)).status_code == 200
        with pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            ask_token(info)


def test_explained_answers_say_which_rule_decided_them(tmp_path: Path, served: Served) -> None:
    with serving(tmp_path, "ingest", "--explain") as server:
        refusal = ask_token(server.provider("ingest") | {"scope": "nonsense"})
        assert refusal.headers["sparring-rule"] == "ingest/token/scope-invalid"
        assert refusal.headers["sparring-source"]
        assert refusal.headers["sparring-mend"]
    plain = ask_token(served.provider("ingest") | {"scope": "nonsense"})
    assert plain.content == refusal.content
    assert not [name for name in plain.headers if name.startswith("sparring")]


def test_one_more_redirect_uri_is_good_at_authorize(tmp_path: Path, served: Served) -> None:
    uri = "http://127.0.0.1:8123/callback"

    def status(info: dict[str, Any]) -> int:
        asked = {"response_type": "code", "client_id": info["client_id"], "redirect_uri": uri, "scope": "read_videos"}
        return httpx2.get(f"{info['endpoints']['authorize']}?{urlencode(asked)}", trust_env=False).status_code

    with serving(tmp_path, "ingest", "--redirect-uri", uri) as server:
        info = server.provider("ingest")
        assert info["redirect_uris"] == [*served.provider("ingest")["redirect_uris"], uri]
        assert status(info) == 200
    assert status(served.provider("ingest")) == 400


def test_on_other_addresses_the_control_port_asks_for_its_token(tmp_path: Path) -> None:
    with serving(tmp_path, "ingest", "--host", "0.0.0.0", "--control-token", "abc") as server:
        url = server.document["control_url"]
        assert url.startswith("http://127.0.0.1:")
        assert httpx2.get(url + "/health", trust_env=False).status_code == 200
        assert httpx2.get(url + "/stages", trust_env=False).status_code == 401
        assert httpx2.get(url + "/stages", headers={"Authorization": "Bearer abc"}, trust_env=False).status_code == 200
        assert ask_token(server.provider("ingest")).status_code == 200


def test_on_other_addresses_a_control_token_is_demanded() -> None:
    sentence = "Error: listening on 0.0.0.0 needs --control-token: the control port would be open to others"
    assert refused("--port", "0", "--host", "0.0.0.0") == sentence


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = refused("ingest", "--port", str(port))
        assert sentence.startswith(f"Error: cannot listen on 127.0.0.1:{port}: ")
    with serving(tmp_path, "ingest") as server:
        provider = int(server.provider("ingest")["base_url"].rpartition(":")[2])
        assert refused("ingest", "--port", str(provider - 5)).startswith("Error: cannot listen on 127.0.0.1:")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ingset"], "Error: unknown provider 'ingset'; did you mean 'ingest'?"),
        (["--variant", "ingest=deflt"], "Error: unknown variant 'deflt' of ingest; did you mean 'default'?"),
        (["--variant", "ingset=default"], "Error: unknown provider 'ingset'; did you mean 'ingest'?"),
        (["--variant", "ingest"], "Error: --variant is PROVIDER=NAME, not 'ingest'"),
        (
            ["--host", "no.such.host.invalid", "--control-token", "x"],
            "Error: cannot listen on no.such.host.invalid:0: ",
        ),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(arguments: list[str], sentence: str) -> None:
    assert refused("--port", "0", *arguments).startswith(sentence)


def test_a_ready_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there.json"
    sentence = refused("ingest", "--port", "0", "--ready-file", str(path))
    assert sentence == f"Error: cannot write {path}: No such file or directory"


def test_a_ca_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    sentence = refused("ingest", "--port", "0", "--tls", env={"XDG_DATA_HOME": str(tmp_path / "file")})
    assert sentence == f"Error: cannot keep the local CA in {tmp_path}/file/sparring: Not a directory"
