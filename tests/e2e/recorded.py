"""What crosses the wire while a client is checked, kept in every form in which somebody may hand it to ``judge``."""

import asyncio
import copy
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sparring.harness.runner import Runner
from sparring.harness.scenarios import happy
from sparring.harness.worlds import World
from sparring.harness.worlds.local import local_world, ticks
from tests.e2e.running import settings

Json = dict[str, Any]
FORMS = ("raw", "redacted", "ours", "theirs")


class _Keeping:
    """A world that keeps what was recorded on its stages."""

    def __init__(self, world: World) -> None:
        self._world: Any = world
        self.kept: list[Mapping[str, Json]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)

    async def close_stage(self, stage: str) -> None:
        """Keep the recording, and close it."""
        archive = await self._world.har(stage)
        self.kept.append(
            {
                "raw": {"exchanges": await self._world.recording(stage)},
                "redacted": {"exchanges": await self._world.recording(stage, redacted=True)},
                "ours": archive,
                "theirs": foreign(await self._world.recording(stage), archive),
            }
        )
        await self._world.close_stage(stage)


def foreign(exchanges: list[Json], archive: Json) -> Json:
    """The raw exchanges as a proxy's archive: names as they are spelt on the wire, nothing of ours in it."""
    made = copy.deepcopy(archive)
    for entry, exchange in zip(made["log"]["entries"], exchanges, strict=True):
        del entry["_sparring"]
        began = datetime.fromtimestamp(1_800_000_000 + exchange["elapsed"], UTC)
        entry["startedDateTime"] = began.isoformat(timespec="milliseconds")
        asked, answer = entry["request"], entry["response"]
        asked["url"] = exchange["url"]
        asked["headers"] = [{"name": name.title(), "value": value} for name, value in exchange["headers"]]
        asked["headers"].insert(0, {"name": ":method", "value": exchange["method"]})
        if exchange["body"]:
            asked["postData"] = {"mimeType": "?", "text": exchange["body"]}
        answer["headers"] = [{"name": name.title(), "value": value} for name, value in exchange["response_headers"]]
        answer["content"] = {"text": exchange["response_body"]}
    return made


def recorded(
    provider: str, grant: str, *command: str, scenarios: tuple[str, ...] = (), tls: bool = True
) -> Mapping[str, Json]:
    """The recording of the last scenario (of the happy path, where none are named), in each of the forms."""
    wanted = settings(provider, grant, *command, scenarios=scenarios or (happy(provider, grant).id,), tls=tls, jobs=1)

    async def go() -> Mapping[str, Json]:
        async with local_world(tls=tls) as world:
            keeping = _Keeping(world)
            await Runner(cast("World", keeping), wanted, (), ticks).run()
            return keeping.kept[-1]

    return asyncio.run(go())


def write(folder: Path, form: str, recording: Mapping[str, Json]) -> tuple[str, str]:
    """The option of ``judge`` and its file, for that form."""
    path = folder / f"{form}.json"
    path.write_text(json.dumps(recording[form]))
    return ("--har" if form in {"ours", "theirs"} else "--recording"), str(path)
