"""Scopes with commas between them."""

import re

from sparring.harness.checks.rejection import said
from sparring.harness.checks.wire import authorize_url_of, error_of, issued, query_of
from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, failed, inconclusive, passed

_SCOPE_CHANGED = re.compile(r"scope\w*\s+(has\s+|have\s+)?(changed|mismatch|differ)", re.IGNORECASE)


def _asked(evidence: Evidence) -> list[tuple[str, tuple[int, ...]]]:
    """The scopes that were asked for, with the exchanges that show it."""
    asked: list[tuple[str | None, tuple[int, ...]]] = []
    for url in authorize_url_of(evidence):
        numbers = tuple(e.n for e in evidence.at("authorize") if e.url == url)
        asked.append((query_of(url).get("scope"), numbers))
    asked += [(e.param("scope"), (e.n,)) for e in evidence.at("token")]
    return [(scope, numbers) for scope, numbers in asked if scope]


def _spaced(scope: str) -> bool:
    return len(scope.split()) > 1


def _explanation(evidence: Evidence, scope: str) -> str:
    wanted = evidence.context.get("scope")
    right = wanted if isinstance(wanted, str) and wanted else ",".join(scope.split())
    return (
        f'Ingest wants scopes separated by commas ("{right}"); this client sent "{scope}", '
        "joined with a space as RFC 6749 3.3 has it; set the scope as one string."
    )


def _words(evidence: Evidence) -> str:
    """What the client said about itself: details and output."""
    return "\n".join([*(step.detail for step in evidence.steps), *(log.text for log in evidence.logs)])


def _gave_up_over_scope(evidence: Evidence) -> bool:
    return evidence.outcome != "ok" and _SCOPE_CHANGED.search(_words(evidence)) is not None


def scope_is_comma_separated(evidence: Evidence) -> Finding:
    """Scopes are asked for with commas, and the same list with commas is accepted as what was asked for.

    Pass: every scope parameter is one string without spaces, and the client succeeds. Fail: a scope with
    spaces is sent, or the client gives up over the granted scope. Inconclusive: no list of scopes was asked
    for.
    """
    asked = _asked(evidence)
    for scope, numbers in asked:
        if _spaced(scope):
            return failed(_explanation(evidence, scope), *numbers)
    if evidence.outcome != "ok":
        return failed(f"With scopes separated by commas the client ended with {said(evidence)}.")
    if not any("," in scope for scope, _ in asked):
        return inconclusive("The client asked for no more than one scope.")
    return passed("Scopes were separated by commas.")


def scope_accepted(evidence: Evidence) -> Finding:
    """Provider and client agree on the scope in the end.

    Pass: no quarrel over the scope. Fail: a scope with spaces was refused and no token followed, or the
    provider granted what was asked for and the client gave up because the scope "changed".
    """
    tokens = issued(evidence)
    spaced = [(scope, numbers) for scope, numbers in _asked(evidence) if _spaced(scope)]
    if tokens and _gave_up_over_scope(evidence) and not evidence.at("api"):
        granted = tokens[-1].scope
        return failed(
            f'The token came with the scope "{granted}", with commas as the document has them, and the client '
            "raised because it takes that for another scope than it had asked for; set the scope as one string, "
            "or turn the comparison off.",
            tokens[-1].n,
        )
    if spaced and not tokens:
        errors = [query_of(visit.callback).get("error") for visit in evidence.visits]
        errors += [query_of(e.response_header("location")).get("error") for e in evidence.at("authorize", "consent")]
        errors += [error_of(e) for e in evidence.at("token")]
        if "invalid_scope" in errors:
            return failed(_explanation(evidence, spaced[0][0]), *spaced[0][1])
    return passed("No quarrel over the scope.")


_MEND = "Set the scope as one string with commas, so that the library has nothing to join."
_WHY = "Libraries join scopes with a space; this provider takes that for one unknown scope and refuses the login."
_SOURCES = ("ingest/document/scope-comma-separated", "rfc6749/3.3")

CHECKS = (
    Check(
        id="scope-is-comma-separated",
        title="Scopes are separated by commas",
        why=_WHY,
        mend=_MEND,
        sources=_SOURCES,
        judge=scope_is_comma_separated,
    ),
)

ACCEPTED = Check(
    id="scope-accepted",
    title="Provider and client agree on the scope",
    why=_WHY,
    mend=_MEND,
    sources=_SOURCES,
    judge=scope_accepted,
)
