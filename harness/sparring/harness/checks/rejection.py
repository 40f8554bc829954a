"""How the end of a client is graded where it had to reject something."""

from sparring.harness.evidence import ERROR_OUTCOMES, Evidence
from sparring.harness.verdict import Finding, failed, inconclusive, passed, warned


def said(evidence: Evidence) -> str:
    """The last instruction's outcome and detail, for a message."""
    steps = [step for step in evidence.steps if step.do != "quit"]
    detail = steps[-1].detail if steps else ""
    return f"{evidence.outcome} ({detail})" if detail else evidence.outcome


def rejected(evidence: Evidence, what: str, *proof: int, named: str | None = None) -> Finding:
    """Grade the outcome after nothing forbidden followed: an error passes, of class ``named`` where one is named.

    A crash is worth a warning, a timeout and a reported success are failures. Where only an exit code is
    known, its class cannot be judged and any error passes.
    """
    outcomes = [step.outcome for step in evidence.steps if step.do != "quit"]
    if not outcomes:
        return inconclusive(f"{what}, but the client was given no instruction.", *proof)
    if "timeout" in outcomes:
        return failed(f"{what}; nothing forbidden followed, but the client did not come back in time.", *proof)
    if evidence.outcome == "ok":
        return failed(f"{what}, yet the client reported ok.", *proof)
    if "crash" in outcomes:
        return warned(f"{what}; the client rejected it by crashing rather than by a clean error.", *proof)
    if evidence.outcome not in ERROR_OUTCOMES:
        return passed(f"{what}, and nothing forbidden followed (traffic only).", *proof)
    if named is None or named in outcomes:
        return passed(f"{what}, and the client ended with {named or evidence.outcome}.", *proof)
    if evidence.outcome == "error":
        return passed(f"{what}, and the client ended with an error; its class ({named}) is not visible.", *proof)
    return warned(f"{what}; the client reported {said(evidence)}, but this is a case of `{named}`.", *proof)


def no_stimulus(what: str) -> Finding:
    """The finding where the client never met what the scenario has prepared."""
    return inconclusive(f"The client never met {what}, so nothing was proved.")
