"""From a recording to a report, as a run has one; everything in it is marked as decided from traffic only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version

from sparring.harness import checks
from sparring.harness.evidence import Evidence
from sparring.harness.judge import ALWAYS_ID, ScenarioResult, judge, skipped
from sparring.harness.reports import RunReport
from sparring.harness.scenario import Check, Scenario
from sparring.harness.scenarios import catalogue
from sparring.harness.traffic import Traffic, UnreadableTrafficError
from sparring.harness.traffic.deciding import DECISIONS, UNSEEN
from sparring.harness.traffic.hidden import names_of
from sparring.harness.traffic.subjects import DRIVER, Subject, subjects_of
from sparring.harness.verdict import Finding, Verdict
from sparring.harness.verdict import skipped as skip

TRAFFIC_ID = "traffic"
"""The result of what can be decided beside the always-on checks."""

UNDECIDED_ID = "not-in-traffic"
"""The result of what cannot."""

_A_RUN = (
    "Traffic alone does not decide it: it takes a client that meets what the scenario prepares, and says how it ended; "
    "see `sparring check`."
)


def report_on(
    traffic: Traffic, *, provider: str | None = None, client: str | None = None, grant: str | None = None
) -> RunReport:
    """Judge every client in it, or the named one. UnreadableTrafficError where there is nobody to judge."""
    subjects = subjects_of(traffic, provider=provider, client=client, grant=grant)
    if not subjects:
        raise UnreadableTrafficError(_nobody(traffic, provider, client))
    results = [result for subject in subjects for result in _results(subject, alone=len(subjects) == 1)]
    return RunReport(
        provider=", ".join(dict.fromkeys(subject.provider for subject in subjects)),
        grant=", ".join(dict.fromkeys(subject.grant for subject in subjects)),
        driver=DRIVER,
        variant="default",
        seed=0,
        results=tuple(results),
        version=version("sparring"),
    )


def _nobody(traffic: Traffic, provider: str | None, client: str | None) -> str:
    there = subjects_of(traffic)
    if not there:
        hint = "" if traffic.ours or provider is not None else "; where its hosts were others, say --provider NAME"
        return f"no request in this file went to an endpoint of a provider{hint}"
    clients = ", ".join(f"{subject.client or 'an unknown client'} at {subject.provider}" for subject in there)
    wanted = " at ".join(word for word in (client or "any client", provider) if word)
    return f"there is nothing of {wanted} in this file; there is: {clients}"


def _results(subject: Subject, *, alone: bool) -> Iterable[ScenarioResult]:
    evidence = subject.evidence(visits=(login.visit for login in subject.logins))
    who = "" if alone else f" ({subject.provider}, {subject.client or 'unknown client'})"
    always = [_decided(check, subject) for check in checks.ALWAYS]
    at_stake = _at_stake(subject)
    further = [_decided(check, subject) for check in at_stake if check.id in DECISIONS]
    undecided = [check for check in at_stake if check.id not in DECISIONS]
    yield _result(f"{ALWAYS_ID}{who}", "What must hold in every run", always, evidence, subject)
    yield _result(f"{TRAFFIC_ID}{who}", "What else traffic shows", further, evidence, subject)
    yield skipped(_scenario(f"{UNDECIDED_ID}{who}", "What traffic does not show", undecided, subject), _A_RUN)


def _at_stake(subject: Subject) -> Sequence[Check]:
    """The checks of that provider's scenarios for that grant, each once, in the order of the catalogue."""
    always = {check.id for check in checks.ALWAYS}
    mine = [one for one in catalogue(subject.provider) if subject.grant in one.grants]
    return list({check.id: check for one in mine for check in one.checks if check.id not in always}.values())


def _scenario(id: str, title: str, chosen: Sequence[Check], subject: Subject) -> Scenario:  # noqa: A002
    return Scenario(
        id=id,
        title=f"{title} ({DRIVER})",
        profile="core",
        providers=frozenset({subject.provider}),
        grants=frozenset({subject.grant}),
        severity="MUST",
        plan=(),
        checks=tuple(chosen),
    )


def _decided(check: Check, subject: Subject) -> Check:
    def decide(_: Evidence) -> Finding:
        if check.id not in DECISIONS:
            return skip(UNSEEN.get(check.id, _A_RUN))
        finding = DECISIONS[check.id](subject)
        if finding.verdict is Verdict.INCONCLUSIVE:
            return skip(finding.message or "The recording does not show it.")
        return finding

    return replace(check, judge=decide)


def _result(
    id: str,  # noqa: A002
    title: str,
    chosen: Sequence[Check],
    evidence: Evidence,
    subject: Subject,
) -> ScenarioResult:
    """The verdicts, with the exchanges as they stand in the file, and fingerprints as the file has them."""
    made = judge(_scenario(id, title, chosen, subject), evidence, 0.0)
    shown = tuple(record.shown for record in subject.records)
    if not subject.traffic.redacted:
        return replace(made, steps=(), exchanges=shown)
    names = names_of(*(record.exchange for record in subject.records))
    told = tuple(replace(check, message=_renamed(check.message, names)) for check in made.checks)
    return replace(made, checks=told, steps=(), exchanges=shown, secrets=())


def _renamed(message: str, names: Mapping[str, str]) -> str:
    for ours, theirs in names.items():
        message = message.replace(f"({ours})", f"({theirs})")
    return message
