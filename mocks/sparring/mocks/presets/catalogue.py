"""The presets that lie in a file: scenarios whose faults are all that there is to put on stage."""

import json
from importlib.resources import files
from typing import Any

from sparring.mocks.presets.preset import Preset


def read() -> tuple[Preset, ...]:
    """Every preset of the file, in its order."""
    documents = json.loads((files("sparring.mocks.presets") / "catalogue.json").read_text(encoding="utf-8"))
    return tuple(_preset(document) for document in documents)


def _preset(document: dict[str, Any]) -> Preset:
    providers = document.get("providers")
    return Preset(
        id=document["id"],
        title=document["title"],
        faults=tuple(document["faults"]),
        providers=None if providers is None else frozenset(providers),
        variants=document.get("variants", {}),
        lifetimes=document.get("lifetimes", {}),
        new_secret=document.get("new_secret", False),
    )
