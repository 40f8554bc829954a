"""Whom the client calls besides the provider: seen only where nothing else can be reached."""

from sparring.harness.evidence import Evidence, Stranger
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, passed, skipped, warned

_MOST = 8


def in_words(stranger: Stranger) -> str:
    """That host and its port, or that only its name was looked up."""
    host = f"[{stranger.host}]" if ":" in stranger.host else stranger.host
    return f"{host}:{stranger.port}" if stranger.port else f"{host} (looked up)"


def reaches_no_other_host(evidence: Evidence) -> Finding:
    """The client connects to the provider and to its own machine, and to nobody else.

    Pass: no other host was tried, by name or by address. Warn: one was; each is named. Skip: the run had no
    interception, and nobody could see it. Why: what goes to others is found by no test of the provider's side.
    """
    if evidence.strangers is None:
        return skipped("Who else was called shows under --intercept only.")
    if not evidence.strangers:
        return passed("Nobody else was called.")
    named = [in_words(stranger) for stranger in evidence.strangers]
    more = f" and {len(named) - _MOST} more" if len(named) > _MOST else ""
    return warned(f"The client also tried {', '.join(named[:_MOST])}{more}; nothing got through.")


CHECKS = (
    Check(
        id="reaches-no-other-host",
        title="Nobody but the provider is called",
        why="A host that nobody knows of may be sent tokens and personal data, and fails in a closed network.",
        mend="Turn telemetry and update checks off, or say in the client's documents whom it calls, and why.",
        sources=("rfc6750/5.3/safeguard",),
        judge=reaches_no_other_host,
    ),
)
