"""Presets: what ``serve --scenario ID`` and the control port put on stage, by the id of the scenario.

Plain data, one module per theme for those that need a word to the developer, and a file for the rest. A scenario in
which nothing is made to go wrong has none.
"""

from collections.abc import Mapping

from sparring.mocks.engine.reading import nearest
from sparring.mocks.presets import catalogue, logins, renewals, token_answers
from sparring.mocks.presets.preset import Preset

__all__ = ["HAND_WRITTEN", "PRESETS", "Preset", "UnknownPresetError", "preset"]

_BY_HAND = (*token_answers.PRESETS, *renewals.PRESETS, *logins.PRESETS)
HAND_WRITTEN = frozenset(one.id for one in _BY_HAND)
PRESETS: Mapping[str, Preset] = {one.id: one for one in (*_BY_HAND, *catalogue.read())}


class UnknownPresetError(LookupError):
    """No preset has that id; the message is one sentence."""


def preset(id: str) -> Preset:  # noqa: A002
    """The preset of that id. UnknownPresetError."""
    try:
        return PRESETS[id]
    except KeyError:
        raise UnknownPresetError(f"no scenario {id!r} can be put on stage; {nearest(id, PRESETS)}") from None
