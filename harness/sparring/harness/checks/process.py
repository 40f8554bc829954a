"""How the client behaves as a process and as a guest: it ends, and it does not hammer."""

from collections.abc import Callable

from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Budget, Check
from sparring.harness.verdict import Finding, passed, skipped, warned
from sparring.harness.verdict import failed as failure

_BURST_SECONDS = 0.1
_BURST_PAIRS = 2


def _burst(evidence: Evidence) -> list[Exchange]:
    """Identical requests that failed, each within a tenth of a second of the one before, where there are too many."""
    last: dict[tuple[object, ...], list[Exchange]] = {}
    for exchange in evidence.exchanges:
        if exchange.status is not None and exchange.status < 400:
            continue
        key = (exchange.provider, exchange.method, exchange.url, exchange.body, exchange.header("authorization"))
        run = last.setdefault(key, [])
        if run and exchange.elapsed - run[-1].elapsed > _BURST_SECONDS:
            run.clear()
        run.append(exchange)
        if len(run) > _BURST_PAIRS + 1:
            return list(run)
    return []


def within(budget: Budget) -> Callable[[Evidence], Finding]:
    """The check for the budget of one scenario."""

    def request_budget(evidence: Evidence) -> Finding:
        """The client makes no more requests than a careful one needs, and does not repeat a failing one at once.

        Pass: within the scenario's budget for token endpoint, registration, API, JWKS and discovery document.
        Warn: over it, or the same failing request repeated more than twice within a tenth of a second each. Why: no
        text forbids it, but providers answer storms with a ban.
        """
        if not evidence.exchanges:
            return skipped("No request was made.")
        limits = {
            "token": budget.token,
            "register": budget.register,
            "api": budget.api,
            "jwks": budget.jwks,
            "discovery": budget.discovery,
        }
        for endpoint, limit in limits.items():
            made = evidence.at(endpoint)
            if len(made) > limit:
                return warned(f"{len(made)} requests at {endpoint}; a careful client needs {limit}.", made[limit].n)
        burst = _burst(evidence)
        if burst:
            return warned(f"The same failing request was repeated {len(burst)} times at once.", *(e.n for e in burst))
        return passed("Within the budget.")

    return request_budget


request_budget = within(Budget())


def client_terminates(evidence: Evidence) -> Finding:
    """The client ends by itself when its work is done, and leaves nothing behind.

    Pass: it ended in time, its ports are closed, no child of it is left. Warn: it ended a session with
    another exit code than 0. Fail: it had to be killed, or left something running. Why: such a client blocks
    a deployment or a CI job.
    """
    if not evidence.steps:
        return skipped("The client never began.")
    if evidence.ending.problems:
        return failure(" ".join(evidence.ending.problems))
    broke = any(step.outcome in {"crash", "timeout"} for step in evidence.steps)
    if evidence.driver == "session" and not broke and evidence.ending.exit_code not in {0, None}:
        return warned(f"After `quit` the client ended with exit code {evidence.ending.exit_code}.")
    return passed("The client ended by itself.")


BUDGET = Check(
    id="request-budget",
    title="No more requests than needed",
    why="Providers meet request storms with rate limits and bans, and a storm of your own hides the first error.",
    mend="Cache tokens, keys and the discovery document; after a failure wait, and give up after a few tries.",
    sources=("rfc9110/9.2.2",),
    judge=request_budget,
)

CHECKS = (
    BUDGET,
    Check(
        id="client-terminates",
        title="The client ends by itself",
        why="A process that does not end blocks its job; an open port takes the next login's callback.",
        mend="On quit close listeners and connections, stop threads, and wait for nothing without a limit.",
        sources=("rfc8252/8.3",),
        judge=client_terminates,
    ),
)
