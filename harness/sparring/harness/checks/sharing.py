"""One token for all who may use it: several users, parallel calls, the next process; and by clocks that differ."""

from sparring.harness.checks.rejection import no_stimulus, said
from sparring.harness.checks.wire import code_of, issued
from sparring.harness.evidence import Evidence
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, allowed, failed, inconclusive, passed, warned


def one_token_for_all_users(evidence: Evidence) -> Finding:
    """The application's own token serves the calls of all its users.

    Pass: one token, whoever the call is for. Warn: several. Fail: a call does not succeed. Inconclusive: calls for
    fewer than two users were made, or no token was issued.
    """
    wrong = [step for step in evidence.steps if step.outcome != "ok"]
    if wrong:
        return failed(f"A call for another user ended with {wrong[0].outcome}.")
    tokens = [token.n for token in issued(evidence)]
    users = {step.user for step in evidence.doing("call_api") if step.user is not None}
    if len(users) < 2 or not tokens or not evidence.at("api"):
        return no_stimulus("a second user")
    if len(tokens) > 1:
        return warned(f"{len(tokens)} tokens were issued for {len(users)} users.", *tokens)
    return passed(f"One token for {len(users)} users.", *tokens)


def one_token_for_first_calls(evidence: Evidence) -> Finding:
    """Parallel calls that find no token wait for one request, and share what it brings.

    Pass: one token. Warn: several. Fail: a call does not succeed. Inconclusive: fewer than two calls reached the API.
    """
    tokens = [token.n for token in issued(evidence)]
    calls = evidence.at("api")
    if evidence.steps and evidence.outcome != "ok":
        return failed(f"Parallel calls without a token ended with {said(evidence)}.", *tokens)
    if len(calls) < 2 or not tokens:
        return inconclusive(f"{len(calls)} call(s) reached the API; it takes two to tell.", *tokens)
    if len(tokens) > 1:
        return warned(f"{len(tokens)} tokens were issued for {len(calls)} parallel calls.", *tokens)
    return passed(f"One token for {len(calls)} parallel calls.", *tokens)


def session_survives_a_restart(evidence: Evidence) -> Finding:
    """A client that was killed and started again goes on where it was, without the person.

    Pass: the call after the restart succeeds, with the token that was kept or one that the refresh token brought. Fail:
    the person must sign in again, the call does not succeed, or the client does not come back. How the tokens are kept
    is judged elsewhere. Inconclusive: no refresh token was issued, or nothing went well before the restart.
    """
    calls = list(evidence.doing("call_api"))
    kept = [token.n for token in issued(evidence) if token.refresh_token]
    if not kept or not calls or calls[0].outcome != "ok":
        return no_stimulus("a restart after a login with a refresh token")
    if len(calls) < 2:
        return failed(f"The client did not come back: {' '.join(evidence.ending.problems)}", *kept[:1])
    last = calls[-1]
    asked = evidence.during(last, "token")
    again = [e.n for e in asked if e.param("grant_type") == "authorization_code"]
    if again or any(code_of(visit) for visit in evidence.visits if visit.step == last.id):
        return failed("After a restart the person had to sign in again.", *again)
    if last.outcome != "ok":
        return failed(f"After a restart the client ended with {said(evidence)}.", *kept[:1])
    how = "renewed its token" if asked else "used the token that it had kept"
    return passed(f"After a restart the client {how}.", *(e.n for e in asked))


def _met(evidence: Evidence) -> bool:
    """Whether the client got an answer by the other clock."""
    return any(e.status == 200 for e in evidence.at("token"))


def _broke(evidence: Evidence, what: str) -> Finding | None:
    outcomes = {step.outcome for step in evidence.steps}
    if "timeout" in outcomes:
        return failed(f"{what} the client did not come back in time.")
    if "crash" in outcomes:
        return warned(f"{what} the client crashed rather than ended with a clean error.")
    return None


def small_skew_is_tolerated(evidence: Evidence) -> Finding:
    """Clocks that differ by ninety seconds are no reason to give up.

    Pass: login and call succeed. Warn: the client ends with an error, or crashes. Fail: it does not come back in time.
    Inconclusive: the token endpoint gave no answer.
    """
    if not _met(evidence):
        return no_stimulus("an answer by the other clock")
    what = "With clocks that differ by ninety seconds"
    broke = _broke(evidence, what)
    if broke is not None:
        return broke
    if evidence.outcome != "ok":
        return warned(f"{what} the client ended with {said(evidence)}.")
    return passed(f"{what} all went well.")


def large_skew_is_no_trap(evidence: Evidence) -> Finding:
    """Clocks that differ by an hour end in success or in a clean error.

    Allowed: login and call succeed; or the client ends with an error. Warn: it crashes. Fail: it does not come back in
    time. Inconclusive: the token endpoint gave no answer.
    """
    if not _met(evidence):
        return no_stimulus("an answer by the other clock")
    what = "With clocks that differ by an hour"
    broke = _broke(evidence, what)
    if broke is not None:
        return broke
    return allowed(f"{what} {'all went well' if evidence.outcome == 'ok' else 'the client gave up'}.")


CHECKS = (
    Check(
        id="one-token-for-all-users",
        title="One token for all users of the application",
        why="A token for each user multiplies requests and live tokens by the number of users, for no gain.",
        mend="Keep the token of the client's own credentials once, beside the users and not among what is theirs.",
        sources=("clickview/document/cache-one-token", "rotor/document/register-with-partner-token"),
        judge=one_token_for_all_users,
    ),
    Check(
        id="one-token-for-first-calls",
        title="One token for parallel first calls",
        why="After each deployment every worker's first calls storm the token endpoint, which answers with 429.",
        mend="Let the first caller ask, and all others wait for its result: a lock, or one shared promise.",
        sources=("clickview/document/cache-one-token", "rfc6749/5.1/expires-in"),
        judge=one_token_for_first_calls,
    ),
    Check(
        id="session-survives-a-restart",
        title="A restart costs no login",
        why="Each crash and each deployment sends every user to the login page.",
        mend="Write each new refresh token down before you use what came with it, where only the client can read it.",
        sources=("movingimage/document/until-the-latest-expires", "rfc6749/1.5"),
        judge=session_survives_a_restart,
    ),
    Check(
        id="small-skew-is-tolerated",
        title="Clocks that differ a little are tolerated",
        why="Servers' clocks drift by a minute; logins then fail on one machine in ten, and recover by themselves.",
        mend="Allow some minutes' leeway for iat, nbf and exp, and count expires_in from when the answer came.",
        sources=("rfc7519/4.1.5", "oidc-core/3.1.3.7/iat"),
        judge=small_skew_is_tolerated,
    ),
    Check(
        id="large-skew-is-no-trap",
        title="Clocks that differ a lot end cleanly",
        why="A machine with a wrong time zone shows a stack trace where a sentence on its clock would have helped.",
        mend="Refuse such an ID token by an error that names both times.",
        sources=("rfc7519/4.1.5",),
        judge=large_skew_is_no_trap,
    ),
)
