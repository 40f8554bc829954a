"""Members of a JSON answer are added, removed or replaced (RFC 6902)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from sparring.mocks.engine.messages import Answer
from sparring.mocks.faults.http_effect import HttpEffect
from sparring.mocks.faults.scene import Scene

_NEEDS = {"add": "value", "replace": "value", "test": "value", "move": "from", "copy": "from"}


@dataclass(frozen=True)
class JsonPatch(HttpEffect):
    """RFC 6902 operations on the body of the provider's own answer. Members keep their order, new ones come last.

    An answer that is no JSON, or has nothing at that place, goes out as it is. A value that was so already counts: the
    client gets what the fault is for. ``{base}``, ``{decoy}`` and ``{side}`` in a value that is text stand for the
    provider's own origin, for the other one, and for the provider's second address (where it has none, for
    one without TLS that leads nowhere).
    """

    kind: ClassVar[str] = "json-patch"
    when: ClassVar[str] = "after"
    moments: ClassVar[tuple[str, ...]] = ("after",)

    ops: list[dict[str, Any]]

    def __post_init__(self) -> None:
        """Refuse operations that RFC 6902 does not know."""
        import jsonpatch  # noqa: PLC0415  most stages see no such fault
        import jsonpointer  # noqa: PLC0415

        json.dumps(self.ops)
        try:
            jsonpatch.JsonPatch(self.ops)
            for op in self.ops:
                jsonpointer.JsonPointer(op.get("from", ""))
        except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException, TypeError, AttributeError) as error:
            raise ValueError(f"ops are no JSON Patch (RFC 6902): {error}") from error
        for op in self.ops:  # the library looks for these only when it applies them
            if (needed := _NEEDS.get(op["op"])) and needed not in op:
                raise ValueError(f"ops are no JSON Patch (RFC 6902): {op['op']!r} needs a {needed!r} member")

    def answer(self, given: Answer | None, scene: Scene) -> Answer | None:
        """The patched answer."""
        if given is None:
            return None
        import jsonpatch  # noqa: PLC0415  most stages see no such fault
        import jsonpointer  # noqa: PLC0415

        try:
            document = jsonpatch.apply_patch(json.loads(given.body), [_placed(op, scene.places) for op in self.ops])
        except (ValueError, jsonpatch.JsonPatchException, jsonpointer.JsonPointerException):
            return given
        text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
        return replace(given, body=text.encode("utf-8", "backslashreplace"))  # half a surrogate pair, as JSON has it


def _placed(op: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    """The operation with the stage's addresses in its value."""
    placed = dict(op)
    if isinstance(placed.get("value"), str):
        for name, url in places.items():
            placed["value"] = placed["value"].replace("{" + name + "}", url)
    return placed
