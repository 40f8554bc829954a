"""Presets: what ``serve --scenario ID`` and the control port put on stage, by the id of the scenario.

Plain data, one module per theme. A scenario in which nothing is made to go wrong has none.
"""

from collections.abc import Mapping

from sparring.mocks.engine.reading import nearest
from sparring.mocks.presets import logins, renewals, token_answers
from sparring.mocks.presets.preset import Preset

__all__ = ["PRESETS", "Preset", "UnknownPresetError", "preset"]

PRESETS: Mapping[str, Preset] = {one.id: one for one in (*token_answers.PRESETS, *renewals.PRESETS, *logins.PRESETS)}


class UnknownPresetError(LookupError):
    """No preset has that id; the message is one sentence."""


def preset(id: str) -> Preset:  # noqa: A002
    """The preset of that id. UnknownPresetError."""
    try:
        return PRESETS[id]
    except KeyError:
        raise UnknownPresetError(f"no scenario {id!r} can be put on stage; {nearest(id, PRESETS)}") from None
