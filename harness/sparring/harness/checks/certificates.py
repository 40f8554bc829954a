"""Who is at the other end: certificates, and addresses without any."""

from sparring.harness.checks.network import struck
from sparring.harness.checks.redirects import given_away
from sparring.harness.checks.rejection import no_stimulus, rejected
from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, Verdict, failed, warned

_SHOWN = "certificate-"
_WORDS = {
    "untrusted": "by an authority that nobody trusts",
    "wrong-name": "for another host",
    "expired": "that has expired",
    "not-yet-valid": "that is not valid yet",
}


def certificate_is_checked(evidence: Evidence) -> Finding:
    """No request goes to a server whose certificate is not in order.

    Pass: no request arrives there, and the client ends with ``transport``, or an error of unknown class. Warn: another
    class, or a crash. Fail: any request, success, or no end in time. Inconclusive: nobody connected to that server.
    """
    shown = [fault.removeprefix(_SHOWN) for fault in evidence.fired if fault.startswith(_SHOWN)]
    asked = [e for e in evidence.exchanges if e.facts.get("certificate") in _WORDS]
    if not shown and not asked:
        return no_stimulus("such a certificate")
    what = f"The server showed a certificate {_WORDS.get((shown or ['untrusted'])[0], 'that is not in order')}"
    if asked:
        leaked = next((given_away(evidence, e) for e in asked if given_away(evidence, e)), "")
        return failed(f"{what}, and was sent {leaked or 'a request'} all the same.", *(e.n for e in asked))
    return rejected(evidence, what, named="transport")


def plaintext_endpoint_is_refused(evidence: Evidence) -> Finding:
    """No credentials go to an address without TLS that is not on this machine, whoever names it.

    Pass: nothing is asked there, and the client ends with an error. Warn: a request without credentials, or a crash.
    Fail: a request with any, success, or no end in time. Inconclusive: no such address was named.
    """
    named = struck(evidence, "token", "discovery")
    if not named:
        return no_stimulus("an address without TLS")
    asked = [e for e in evidence.exchanges if e.facts.get("certificate") == "none"]
    leaks = [(e, leaked) for e in asked if (leaked := given_away(evidence, e))]
    if leaks:
        return failed(f"The address without TLS was sent {leaks[0][1]}.", named[0].n, leaks[0][0].n)
    finding = rejected(evidence, "The provider named an address without TLS", named[0].n)
    if asked and finding.verdict is not Verdict.FAIL:
        return warned("The address without TLS was asked, without credentials.", asked[0].n)
    return finding


CHECKS = (
    Check(
        id="certificate-is-checked",
        title="The server's certificate is checked",
        why="Without the check, whoever is on the way (a hotel's network is enough) reads the secret and every token.",
        mend="Leave verification on; for a company's own authority add its certificate to the trusted ones.",
        sources=("rfc6749/10.9", "rfc6750/5.3/certificate-chains"),
        judge=certificate_is_checked,
    ),
    Check(
        id="plaintext-endpoint-is-refused",
        title="No token request without TLS",
        why="One http address in a document or a redirect is enough to send the secret in the clear, from then on.",
        mend="Refuse every endpoint that is not https, but for loopback addresses in development.",
        sources=("rfc6749/10.9", "oidc-core/3.1.3/tls", "rfc6749/3.2/tls", "rfc6750/5.3/tls"),
        judge=plaintext_endpoint_is_refused,
    ),
)
