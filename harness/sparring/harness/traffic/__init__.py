"""Traffic that was recorded elsewhere, as the checks can read it; nobody knows what the client was told, or said."""

from dataclasses import dataclass

from sparring.harness.evidence import Exchange


class UnreadableTrafficError(ValueError):
    """A file that is no recording, or says nothing of a provider; the text is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One exchange: as it is judged, and as it stands in the file. ``partial``: the file does not show all
    parameters of the request, which is something else than that there were none.
    """

    exchange: Exchange
    shown: Exchange
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Everything of a file that went to a provider, in order of time.

    ``ours``: the fakes recorded it, and saw all of it; else whatever another tool saw. ``redacted``: fingerprints stand
    in the place of secrets. ``timed``: ``elapsed`` is in real seconds, finer than whole ones.
    """

    records: tuple[Recorded, ...]
    ours: bool
    redacted: bool = False
    timed: bool = True
