"""A stage whose stores are in Redis: a second server finds what the first one issued, and a reset leaves nothing."""

# ruff: noqa: D103 - the names are sentences

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from click.testing import CliRunner

from sparring.harness.cli import main
from sparring.mocks.control.direct import DirectControl
from sparring.mocks.control.interface import ControlError
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.clock import Clock
from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.users import User
from sparring.mocks.stage import Stage
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.stages import Wall, ask, in_loop, request

redis = pytest.importorskip("redis", reason="the redis library is not installed")
pytest.importorskip("hiredis", reason="hiredis is not installed")
from sparring.mocks.storage.redis import RedisStorage, RedisStore  # noqa: E402

SPARRING = Path(sys.executable).with_name("sparring")
ACCEPT = ("accept", "application/vnd.ingest.v1+json")


class _Front:
    """No sockets; a port that is taken, where one is asked for."""

    ca_file: Path | None = None

    async def bind(self, _stage: Stage, _provider: str, port: int = 0) -> str:
        if port:
            raise OSError("the port is taken")
        return "http://127.0.0.1:1"

    async def bind_side(self, *_: Any) -> str:
        raise NotImplementedError

    async def adopt(self, *_: Any, side: bool = False) -> None:
        raise NotImplementedError

    async def unbind(self, _stage: str) -> None:
        return


async def _open(storage: RedisStorage, stage_id: str = "main", **wishes: Any) -> Stage:
    control = DirectControl(_Front(), wall=Wall(), ticks=Wall(), storage=storage)
    await control.open_stage({"id": stage_id, "providers": ["ingest"], **wishes})
    return control.stage(stage_id)


async def _token(stage: Stage) -> str:
    house = stage.houses["ingest"]
    client = house.clients[0]
    form = {"grant_type": "client_credentials", "client_id": client.client_id, "scope": house.provider.scope}
    answer = await ask(stage, request("POST", "/token", form=form | {"client_secret": client.secret or ""}))
    assert answer.status == 200
    token: str = json.loads(answer.body)["access_token"]
    return token


async def _videos(stage: Stage, token: str) -> Answer:
    return await ask(stage, request("GET", "/videos", ACCEPT, ("authorization", f"Bearer {token}")))


def _keys(url: str) -> list[bytes]:
    with redis.Redis.from_url(url) as client:
        keys: list[bytes] = client.keys("sparring:{main*")
        return keys


@in_loop
async def test_another_server_knows_what_was_issued_and_what_was_changed(redis_url: str) -> None:
    one, two = RedisStorage(redis_url), RedisStorage(redis_url)
    first = await _open(one)
    token = await _token(first)
    gone = first.houses["ingest"].users[-1]
    await first.houses["ingest"].desk.store.delete(User, gone.username)
    second = await _open(two)
    assert await second.houses["ingest"].desk.store.get(User, gone.username) is None
    assert (await _videos(second, token)).status == 200
    assert await _token(second) != token
    stranger = await _open(two, "s1")
    assert isinstance(stranger.houses["ingest"].desk.store, MemoryStore)
    await second.reset()
    assert (await _videos(first, token)).status == 401
    assert await second.houses["ingest"].desk.store.get(User, gone.username) == gone
    assert await _token(second) == token
    await second.vanish()
    assert _keys(redis_url) == []
    await one.close()
    await two.close()


@in_loop
async def test_another_redirect_uri_is_written_over_what_was_there(redis_url: str) -> None:
    storage = RedisStorage(redis_url)
    await _open(storage)
    stage = await _open(storage, redirect_uris=["https://new.example/cb"])
    client = stage.houses["ingest"].clients[0]
    found = await stage.houses["ingest"].desk.store.get(Client, client.client_id)
    assert found is not None
    assert "https://new.example/cb" in found.redirect_uris
    await stage.vanish()
    await storage.close()


@in_loop
async def test_who_closes_it_clears_it_and_who_could_not_open_it_does_not(redis_url: str) -> None:
    storage = RedisStorage(redis_url)
    control = DirectControl(_Front(), wall=Wall(), ticks=Wall(), storage=storage)
    await control.open_stage({"id": "main", "providers": ["ingest"]})
    kept = _keys(redis_url)
    assert kept
    other = DirectControl(_Front(), wall=Wall(), ticks=Wall(), storage=storage)
    with pytest.raises(ControlError, match="the port is taken"):
        await other.open_stage({"id": "main", "providers": ["ingest"], "ports": {"ingest": 9405}})
    assert sorted(_keys(redis_url)) == sorted(kept)
    await control.close_stage("main")
    assert _keys(redis_url) == []
    assert isinstance(storage.at("main", "ingest", Clock(Wall())), RedisStore)
    await storage.close()


_open_url = build_opener(ProxyHandler({})).open


@contextmanager
def _serving(folder: Path, *options: str) -> Iterator[tuple[dict[str, Any], subprocess.Popen[bytes]]]:
    ready = folder / f"ready-{time.monotonic_ns()}.json"
    command = [str(SPARRING), "serve", "ingest", "--port", "0", "--ready-file", str(ready), *options]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if line.startswith(b"Ctrl-C"):
                break
        yield json.loads(ready.read_text()), process
    finally:
        process.kill()
        process.wait(10)
        process.stderr.close()


def _call(url: str, token: str) -> int:
    asked = Request(url, headers={"Accept": ACCEPT[1], "Authorization": f"Bearer {token}"})
    try:
        with _open_url(asked, timeout=10) as answer:
            return int(answer.status)
    except OSError as error:
        return int(getattr(error, "code", 0))


@pytest.mark.skipif(os.name == "nt", reason="processes are killed")
def test_a_server_that_was_killed_has_lost_nothing_that_it_promised(tmp_path: Path, redis_url: str) -> None:
    with _serving(tmp_path, "--store", redis_url) as (document, process):
        info = document["providers"]["ingest"]
        form = {name: info[name] for name in ("client_id", "client_secret", "scope")}
        body = urlencode(form | {"grant_type": "client_credentials"}).encode()
        with _open_url(info["endpoints"]["token"], body, timeout=10) as answer:
            token = json.load(answer)["access_token"]
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    with _serving(tmp_path, "--store", redis_url) as (document, process):
        assert _call(document["providers"]["ingest"]["endpoints"]["api"], token) == 200
        assert _call(document["providers"]["ingest"]["endpoints"]["api"], token + "x") == 401
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--store", "redis://127.0.0.1:1"], "Error: Redis is away: "),
        (["--store", "http://127.0.0.1:1"], "Error: --store: "),
    ],
)
def test_a_store_that_cannot_be_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(main, ["serve", "ingest", "--port", "0", *options])
    assert ended.exit_code == 2
    assert ended.stderr.startswith(sentence)
    assert ended.stderr.count("\n") == 1


def test_without_the_library_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "sparring.mocks.storage.redis", None)
    ended = CliRunner().invoke(main, ["serve", "ingest", "--port", "0", "--store", "redis://127.0.0.1:1"])
    assert ended.exit_code == 2
    assert ended.stderr == "Error: --store needs the redis library: pip install 'sparring[redis]'\n"
