"""Replicas behind the load balancer of the compose file: one server, by its addresses, whichever replica is killed."""

# ruff: noqa: D103 - the names are sentences

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.mocks.sharing.test_workers import PATIENCE, Fleet, ask
from tests.mocks.storage.redis_server import PROGRAM, free_port, redis_server

pytest.importorskip("redis", reason="the redis library is not installed")
pytest.importorskip("hiredis", reason="hiredis is not installed")
HAPROXY = shutil.which("haproxy")
CONFIGURATION = Path(__file__).parents[3] / "examples" / "replicas" / "haproxy.cfg"
pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="neither redis-server nor valkey-server is installed"),
    pytest.mark.skipif(HAPROXY is None, reason="haproxy is not installed"),
]
SECTION = re.compile(r"listen (\w+)\n(.*?)(?=\n\n|\Z)", re.DOTALL)


@contextmanager
def balancing(folder: Path, ports: dict[str, int], replicas: list[Fleet]) -> Iterator[None]:
    """The balancer with its own settings, but for the addresses: those of the replicas, and free ports to listen on."""
    text = CONFIGURATION.read_text().replace("resolvers compose init-addr none", "")
    sections = dict(SECTION.findall(text))
    head = text.partition("\n\n# Any replica")[0]
    parts = [head]
    for name, port in ports.items():
        kept = [line for line in sections[name].splitlines() if "bind" not in line and "server-template" not in line]
        found = [_port(each, name) for each in replicas]
        servers = [f"    server replica{number} 127.0.0.1:{each}" for number, each in enumerate(found)]
        parts.append("\n".join([f"listen {name}", f"    bind 127.0.0.1:{port}", *kept, *servers]))
    file = folder / "haproxy.cfg"
    file.write_text("\n\n".join(parts) + "\n")
    assert HAPROXY is not None
    process = subprocess.Popen([HAPROXY, "-db", "-f", str(file)], stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _port(replica: Fleet, name: str) -> int:
    url = replica.document["control_url"] if name == "control" else f":{replica.sockets[name]}"
    return int(url.rpartition(":")[2])


def test_the_settings_are_ones_that_the_balancer_takes() -> None:
    assert HAPROXY is not None
    ended = subprocess.run([HAPROXY, "-c", "-f", str(CONFIGURATION)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_replicas_behind_a_balancer_are_one_server(tmp_path: Path) -> None:
    ports = {"control": free_port(), "ingest": free_port()}
    public, store = f"http://127.0.0.1:{ports['ingest']}", free_port()
    with ExitStack() as ending:
        ending.enter_context(redis_server(tmp_path, store))
        replicas = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            port = free_port()
            options = ["--port", str(port), "--public-url", f"ingest={public}"]
            replica = Fleet(tmp_path / name, f"redis://127.0.0.1:{store}/0", *options)
            replica.sockets["ingest"] = port + 5
            ending.callback(replica.end)
            replicas.append(replica)
        ending.enter_context(balancing(tmp_path, ports, replicas))
        one = replicas[0]
        assert one.info["base_url"] == public
        assert one.info["endpoints"]["token"] == f"{public}/token"
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                assert one.token()[0] == 200
                break
            except OSError:
                assert time.monotonic() < deadline
        tokens = [one.token()[1]["access_token"] for _ in range(4)]
        control = f"http://127.0.0.1:{ports['control']}/stages/main"
        told = ask(f"{control}/recording?endpoint=token")[1]["exchanges"]
        assert len({each["connection"] // 1_000_000 for each in told}) == 2, "both replicas were asked"
        for token in tokens:
            accept = {"Accept": "application/vnd.ingest.v1+json"}
            assert ask(f"{public}/videos", headers=accept | {"Authorization": f"Bearer {token}"})[0] == 200
        one.process.send_signal(signal.SIGKILL)
        one.process.wait(PATIENCE)
        assert [one.token()[0] for _ in range(6)] == [200] * 6, "the other one answers"
        assert len(ask(f"{control}/recording?endpoint=token")[1]["exchanges"]) == len(told) + 6
