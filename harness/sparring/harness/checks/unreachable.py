"""A token endpoint that cannot be spoken to: what is told of it, and when."""

from urllib.parse import urlsplit

from sparring.harness.checks.rejection import no_stimulus, rejected
from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, failed, inconclusive, warned


def unread_connection_has_an_end(evidence: Evidence) -> Finding:
    """A server that takes the connection and never reads from it does not keep the client for ever.

    Pass: the client ends with ``transport``, or an error of unknown class, within the time that it was told. Warn:
    another class, or a crash; or no end in time where it is a command that runs once. Fail: no end in time, or
    success. Inconclusive: the client asked at another address than the one that it was told.
    """
    if evidence.at("token"):
        return no_stimulus("the address that it was told: it asked at another")
    if any(step.outcome == "timeout" for step in evidence.steps):
        limit = evidence.context.get("timeout", 0)
        message = f"Nobody read from the connection, and the client had not come back after {limit:g} s."
        return (warned if evidence.driver == "oneshot" else failed)(f"{message} (SPARRING_TIMEOUT)")
    return rejected(evidence, "Nobody read from the connection", named="transport")


def unreachable_endpoint_is_told(evidence: Evidence) -> Finding:
    """Where the token endpoint cannot be reached at all, the client says so.

    Pass: it ends with ``transport``, or an error of unknown class. Warn: another class, or a crash. Fail: success, or
    no end in time. Inconclusive: the client asked at another address than the one that it was told, or the search for
    the name of its host took so long.
    """
    if evidence.at("token"):
        return no_stimulus("the address that it was told: it asked at another")
    named = (urlsplit(str(evidence.context.get("token_url", ""))).hostname or "").endswith(".invalid")
    if named and any(step.outcome == "timeout" for step in evidence.steps):
        return inconclusive("The search for a name that nobody has did not end in time: this says nothing of a client.")
    what = "The host of the token endpoint has no address" if named else "Nobody listens at the token endpoint"
    return rejected(evidence, what, named="transport")


CHECKS = (
    Check(
        id="unread-connection-has-an-end",
        title="A connection from which nobody reads does not hold the client for ever",
        why="A server that is out of processes still takes connections; a limit on reading alone never begins there.",
        mend="Limit the TLS handshake and the sending too, or the request as a whole.",
        sources=("rfc9110/7.5",),
        judge=unread_connection_has_an_end,
    ),
    Check(
        id="unreachable-endpoint-is-told",
        title="A token endpoint that cannot be reached is told as such",
        why="Whoever is told of wrong credentials while the network is down changes what was right.",
        mend="Tell `no connection` and `no such host` apart from the provider's own answers.",
        sources=("rfc9110/7.5",),
        judge=unreachable_endpoint_is_told,
    ),
)
