"""A partner and its users: who is registered how, and whose token goes where."""

import json

from sparring.harness.checks.rejection import no_stimulus, said
from sparring.harness.checks.traces import carries, fingerprint
from sparring.harness.checks.wire import credential, issued, registered, remote_user_id_of
from sparring.harness.evidence import Evidence, Step
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, failed, inconclusive, passed


def register_accepted(evidence: Evidence) -> Finding:
    """The client registers the user, and the provider accepts it.

    Pass: a registration brought a user token. Fail: nobody was registered, or the registration was refused;
    status and rule are named.
    """
    users = registered(evidence)
    if users:
        return passed("The user was registered.", users[0].n)
    asked = evidence.at("register")
    if not asked:
        return failed(f"The client got a partner token but registered nobody; it ended with {said(evidence)}.")
    last = asked[-1]
    rule = f" [{last.rule}]" if last.rule else ""
    hint = ""
    if last.status in {401, 403}:
        hint = ": the registration wants the partner's token, in `Authorization: Bearer`"
    elif last.status == 400:
        hint = ': it wants JSON, {"data": {"type": "user", "attributes": {"remote_user_id": "..."}}}'
    return failed(f"The registration was refused: {last.status or 'no answer'}{rule}{hint}.", last.n)


def user_token_used_for_orders(evidence: Evidence) -> Finding:
    """The API is called with the user's token, not with the partner's.

    Pass: every API call carries a token that a registration brought. Fail: a call carries the partner's.
    Inconclusive: the API was not called, or nobody was registered.
    """
    users = {token.access_token for token in registered(evidence)}
    calls = evidence.at("api")
    if not calls or not users:
        return no_stimulus("both tokens, a partner's and a user's, and a call to choose one for")
    partners = {token.access_token for token in issued(evidence)} - users
    wrong = [call.n for call in calls if credential(call) in partners]
    if wrong:
        return failed(f"{len(wrong)} API call(s) carried the partner's token instead of the user's.", *wrong)
    return passed("Every API call carried the user's token.")


def partner_token_stays_inside(evidence: Evidence) -> Finding:
    """What the client hands out has no partner token in it.

    Looked at: the objects with which the client answers instructions. Pass: none of them has it; a user's
    token may be there, for it is meant for the user's browser. Fail: one of them has it. Inconclusive: there was
    no partner token to give away. What the client logs is judged elsewhere.
    """
    users = {token.access_token for token in registered(evidence)}
    partners = [token for token in issued(evidence) if token.access_token not in users]
    if not partners or not users:
        return no_stimulus("both tokens, a partner's and a user's")
    for step in evidence.steps:
        told = json.dumps(dict(step.said))
        for token in partners:
            if carries(told, token.access_token):
                named = f"access_token ({fingerprint(token.access_token)})"
                return failed(f"The answer to `{step.do}` hands out the partner's {named}.", token.n)
    return passed("The partner's token stayed inside.")


def _wanted(step: Step, evidence: Evidence) -> object:
    return step.remote_user_id if step.do == "register" else evidence.context.get("remote_user_id")


def remote_user_id_is_kept_as_a_string(evidence: Evidence) -> Finding:
    """The partner's id of a user arrives as the string that it is, each time.

    Pass: every registration names the id that the client was told, and each one succeeds, the second for the
    same user too. Fail: a number, another case of letters, any other spelling, or a registration that does not
    succeed. Inconclusive: nobody was registered.
    """
    registering = list(evidence.doing("register"))
    seen = 0
    for step in evidence.steps:
        for exchange in evidence.during(step, "register"):
            sent, wanted = remote_user_id_of(exchange), _wanted(step, evidence)
            seen += 1
            if not isinstance(sent, str):
                kind = "nothing" if sent is None else f"the {type(sent).__name__} {sent!r}"
                return failed(f"remote_user_id is a string, {wanted!r}; the client sent {kind}.", exchange.n)
            if sent != wanted:
                return failed(f"The client was told to register {wanted!r} and registered {sent!r}.", exchange.n)
    if not seen:
        return inconclusive("The client registered nobody.")
    for step in registering:
        if step.outcome != "ok":
            numbers = [e.n for e in evidence.during(step, "register")]
            return failed(f"Registering {step.remote_user_id!r} ended with {step.outcome}.", *numbers)
    return passed(f"{seen} registration(s), each with the id as it was given.")


REGISTERED = Check(
    id="register-accepted",
    title="The registration is accepted",
    why="Without a user token there is no call on a user's behalf.",
    mend="POST the JSON of the document's sample to the register endpoint, with the partner's token as Bearer.",
    sources=("rotor/document/register-with-partner-token", "rotor/document/register-body"),
    judge=register_accepted,
)

CHECKS = (
    Check(
        id="user-token-used-for-orders",
        title="The API is called with the user's token",
        why="A call with the partner's token acts for nobody: it is refused, or shows what is not the user's.",
        mend="Keep the token of each registration by its user, and call the API with that one.",
        sources=("rotor/document/user-token-for-all-calls",),
        judge=user_token_used_for_orders,
    ),
    Check(
        id="partner-token-stays-inside",
        title="The partner's token is not handed out",
        why="Whoever has the partner's token can mint a token for every user of the partner.",
        mend="Hand out the token of the registration; keep the one of the token endpoint on the server.",
        sources=("rotor/document/server-to-server", "rfc6749/10.3"),
        judge=partner_token_stays_inside,
    ),
    Check(
        id="remote-user-id-is-kept-as-a-string",
        title="A user's id is a string, kept as it is",
        why="An id that changes its spelling finds another account: the user's orders are gone, or somebody else's.",
        mend="Treat remote_user_id as opaque text: no parsing as a number, no change of case, no trimming.",
        sources=("rotor/document/register-body", "rotor/document/register-again"),
        judge=remote_user_id_is_kept_as_a_string,
    ),
)
