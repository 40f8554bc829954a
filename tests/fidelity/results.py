"""What was found, as a file: so that the document can be written again without any engine."""

import json
from pathlib import Path

import msgspec

from tests.fidelity.trying import Tried

FILE = Path(__file__).with_name("results.json")


def read(path: Path = FILE) -> list[Tried]:
    """The results in that file, in the order in which the engines stand in the table."""
    return msgspec.json.decode(path.read_bytes(), type=list[Tried])


def write(tried: list[Tried], path: Path = FILE) -> None:
    """Keep these results, one line per trial."""
    lines = ["["]
    for number, each in enumerate(tried):
        head = json.dumps({"provider": each.provider, "engine": each.engine}, ensure_ascii=False)[:-1]
        rows = ",\n".join("  " + msgspec.json.encode(outcome).decode() for outcome in each.outcomes)
        lines.append(f'{head}, "outcomes": [\n{rows}\n]}}{"," if number + 1 < len(tried) else ""}')
    path.write_text("\n".join([*lines, "]"]) + "\n", encoding="utf-8")
