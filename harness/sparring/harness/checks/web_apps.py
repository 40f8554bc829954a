"""Several browsers, several providers: whose callback it is, whose code, and where a person is sent afterwards."""

from sparring.harness.checks.rejection import no_stimulus, rejected, said
from sparring.harness.checks.wire import code_of, code_requests, credential, issued, query_of
from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, failed, inconclusive, passed, skipped


def callback_belongs_to_its_browser(evidence: Evidence) -> Finding:
    """A callback is good only in the browser in which its login has begun.

    Pass: its code is not exchanged, and the other browser is signed in as nobody, or by a login of its own. Fail: the
    code is exchanged, or the other browser can act as whoever signed in. Inconclusive: no callback arrived elsewhere.
    """
    delivered = [visit for visit in evidence.visits if visit.callback_status is not None]
    strays = delivered[: len(evidence.fired)]
    if not strays:
        return no_stimulus("a callback in another browser")
    taken = [e.n for e in code_requests(evidence) if e.param("code") in {code_of(visit) for visit in strays}]
    if taken:
        return failed("The callback arrived in a browser that had begun no login, and its code was exchanged.", *taken)
    acted = [step for step in evidence.doing("call_api") if step.outcome == "ok"]
    if acted and len(delivered) == len(strays):  # else it has begun a login of its own since
        return failed("A browser that had begun no login acts as the person who signed in elsewhere.")
    return passed("The callback was refused in a browser that had begun no login.")


def nobody_is_sent_to_strangers(evidence: Evidence) -> Finding:
    """After the login nobody is sent to an address that stood in a link.

    Pass: the browser stays with the application. Fail: it is sent to the stranger's page. Inconclusive: nobody was sent
    to sign in.
    """
    if not evidence.visits:
        return inconclusive("Nobody was sent to sign in.")
    sent = [e.n for e in evidence.decoy if "a-page-of-a-stranger" in e.url]
    if sent:
        return failed("The login was opened with a stranger's address, and ended there.", *sent)
    return passed("The addresses that stood in the link led nowhere.")


def injected_code_is_refused(evidence: Evidence) -> Finding:
    """A code that belongs to another login brings nothing.

    Pass: the provider refuses it, or the client discards what came of it, and ends with an error. Warn: it crashes.
    Fail: a token that came of it is used, or success. Skipped: the login had neither a code challenge nor a nonce,
    which is judged elsewhere. Inconclusive: no such callback was delivered.
    """
    if not evidence.fired or not evidence.visits:
        return no_stimulus("the code of another login")
    asked = query_of(evidence.visits[0].url)
    if not asked.get("code_challenge") and not asked.get("nonce"):
        return skipped("The login had neither a code challenge nor a nonce to tell its code by.")
    foreign = {code_of(visit) for visit in evidence.visits}
    redeemed = {e.n for e in code_requests(evidence) if e.param("code") in foreign}
    bad = {token.access_token for token in issued(evidence) if token.n in redeemed}
    used = [e.n for e in evidence.at("api", "userinfo") if credential(e) in bad]
    if used:
        return failed(
            "The code of another login was exchanged, and what came of it was used.", *sorted(redeemed), *used
        )
    return rejected(evidence, "The callback brought the code of another login", *sorted(redeemed))


def right_issuer_is_no_obstacle(evidence: Evidence) -> Finding:
    """A callback that names the issuer, and the right one, is taken.

    Pass: the code is exchanged, and the client succeeds. Fail: otherwise. Inconclusive: no callback named the issuer.
    """
    named = [visit for visit in evidence.visits if query_of(visit.callback).get("iss")]
    if not named:
        return no_stimulus("a callback that names the issuer")
    if evidence.outcome != "ok":
        return failed(f"The callback named the right issuer, and the client ended with {said(evidence)}.")
    return passed("The callback named the issuer, and was taken.")


def code_stays_with_its_issuer(evidence: Evidence) -> Finding:
    """A code goes to the token endpoint of the provider that issued it, and to no other.

    Pass: the code reaches no other provider's token endpoint, and the client ends with an error. Warn: it crashes.
    Fail: another provider gets the code, or the client reports success. Inconclusive: no login was passed on.
    """
    codes = {code_of(visit) for visit in evidence.visits} - {""}
    if not evidence.fired or not codes:
        return no_stimulus("a login that is passed on")
    leaked = [
        e.n
        for e in evidence.exchanges
        if e.provider != evidence.provider and e.endpoint == "token" and e.param("code") in codes
    ]
    if leaked:
        return failed("A code of one provider was sent to the token endpoint of another.", *leaked)
    return rejected(evidence, "The login was passed on to another provider")


CHECKS = (
    Check(
        id="right-issuer-is-no-obstacle",
        title="The right issuer in the callback is no obstacle",
        why="Keycloak sends `iss` since version 20; a client that refuses it stops working with the upgrade.",
        mend="Compare `iss` with the issuer that you are configured with, as it stands.",
        sources=("rfc9207/2.4",),
        judge=right_issuer_is_no_obstacle,
    ),
    Check(
        id="code-stays-with-its-issuer",
        title="A code stays with the provider that issued it",
        why="Who runs one of a client's providers gets the codes of the others, and redeems them.",
        mend="Store the issuer with each login; compare `iss`, or give each provider a redirect URI of its own.",
        sources=("rfc9700/4.4.2", "rfc9207/2.4"),
        judge=code_stays_with_its_issuer,
    ),
    Check(
        id="callback-belongs-to-its-browser",
        title="A callback belongs to the browser that began",
        why="Whoever gets a victim to open a prepared callback signs the victim in with an account of his own.",
        mend="Keep the state in a cookie of the browser that begins the login, and compare it at the callback.",
        sources=("rfc6749/10.12/bound", "rfc6749/10.12"),
        judge=callback_belongs_to_its_browser,
    ),
    Check(
        id="nobody-is-sent-to-strangers",
        title="Nobody is sent to a stranger after the login",
        why="A link to the real application that ends on a copy of it is how passwords are fished for.",
        mend="Take only paths of the application for where to go after the login; refuse //, \\\\ and full addresses.",
        sources=("rfc9700/4.11.1", "rfc6749/10.15"),
        judge=nobody_is_sent_to_strangers,
    ),
    Check(
        id="injected-code-is-refused",
        title="The code of another login brings nothing",
        why="With a stolen code in his own login an attacker acts as the person from whom it was stolen.",
        mend="Send an S256 challenge, or a nonce that you compare with the ID token's, in every login.",
        sources=("rfc9700/4.5.3", "rfc9700/2.1.1"),
        judge=injected_code_is_refused,
    ),
)
