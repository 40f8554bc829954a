"""Hand-made evidence for the checks of a partner and its users."""

from dataclasses import replace
from typing import Any

from sparring.harness.evidence import Evidence, Exchange, Step
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import ACCESS, SECOND, api, evidence, good, log, register, steps, token
from tests.harness.checks.cases import Case

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
PARTNER = token(1, provider="rotor", answer=good(refresh=None))
CALL = api(3, SECOND, provider="rotor")
DONE = '{"sparring": "done", "id": 2, "outcome": "ok", "token": "%s"}'


def rotor(*exchanges: Exchange, **more: Any) -> Evidence:
    """Evidence of a partner's client."""
    context = {"client_secret": "s3cret+/canary=0123456789", "register_url": "u", "remote_user_id": "artist-42"}
    return evidence(*exchanges, **{"provider": "rotor", "grant": "client_credentials", "context": context, **more})


def registering(*wanted: str, outcome: str = "ok") -> tuple[Step, ...]:
    """One ``register`` for each of these ids, with one exchange in each: the second, the third, and so on."""
    return tuple(
        Step(id=n, do="register", outcome=outcome, remote_user_id=one, first=n + 1, last=n + 2)
        for n, one in enumerate(wanted, start=1)
    )


def handing_out(value: str) -> tuple[Step, ...]:
    """A client that answers its second instruction with that token."""
    first, second = steps("ok", "ok")
    return (first, replace(second, said={"outcome": "ok", "token": value, "more": ["x"]}))


CASES = [
    Case("user-token-used-for-orders", "users", rotor(PARTNER, register(2), CALL), PASS),
    Case(
        "user-token-used-for-orders",
        "partner-first",
        rotor(PARTNER, register(2), api(3, ACCESS, 403, provider="rotor"), replace(CALL, n=4)),
        FAIL,
        "1 API call(s)",
    ),
    Case("user-token-used-for-orders", "no-call", rotor(PARTNER, register(2)), INCONCLUSIVE),
    Case("user-token-used-for-orders", "nobody-registered", rotor(PARTNER, CALL), INCONCLUSIVE),
    Case("partner-token-stays-inside", "inside", rotor(PARTNER, register(2), CALL), PASS),
    Case(
        "partner-token-stays-inside",
        "users-token-goes-out",
        rotor(PARTNER, register(2), CALL, steps=handing_out(SECOND)),
        PASS,
    ),
    Case(
        "partner-token-stays-inside",
        "handed-out",
        rotor(PARTNER, register(2), CALL, steps=handing_out(ACCESS)),
        FAIL,
        "`call_api` hands out the partner's access_token",
    ),
    Case("partner-token-stays-inside", "no-user", rotor(PARTNER), INCONCLUSIVE),
    Case(
        "remote-user-id-is-kept-as-a-string",
        "kept",
        rotor(
            PARTNER,
            register(2, "007"),
            register(3, "007"),
            register(4, "Artist-4b"),
            steps=registering("007", "007", "Artist-4b"),
        ),
        PASS,
        "3 registration(s)",
    ),
    Case(
        "remote-user-id-is-kept-as-a-string",
        "number",
        rotor(PARTNER, register(2, "007"), register(3, 7), steps=registering("007", "007")),
        FAIL,
        "the int 7",
    ),
    Case(
        "remote-user-id-is-kept-as-a-string",
        "lower-case",
        rotor(PARTNER, register(2, "artist-4b"), steps=registering("Artist-4b")),
        FAIL,
        "registered 'artist-4b'",
    ),
    Case(
        "remote-user-id-is-kept-as-a-string",
        "no-json",
        rotor(PARTNER, register(2, body=b"remote_user_id=007", brings=None), steps=registering("007")),
        FAIL,
        "sent nothing",
    ),
    Case(
        "remote-user-id-is-kept-as-a-string",
        "refused-again",
        rotor(PARTNER, register(2, "007", brings=None), steps=registering("007", outcome="config")),
        FAIL,
        "ended with config",
    ),
    Case(
        "remote-user-id-is-kept-as-a-string",
        "by-itself",
        rotor(PARTNER, register(2, "somebody"), steps=steps("ok")),
        FAIL,
        "told to register 'artist-42'",
    ),
    Case("remote-user-id-is-kept-as-a-string", "nobody", rotor(PARTNER), INCONCLUSIVE),
]

ALWAYS = [
    Case(
        "secret-never-in-logs", "user-token-is-handed-out", rotor(register(2), logs=log(DONE % SECOND, "stdout")), PASS
    ),
    Case(
        "secret-never-in-logs", "partner-token-is-handed-out", rotor(PARTNER, logs=log(DONE % ACCESS, "stdout")), PASS
    ),
    Case("secret-never-in-logs", "user-token-is-printed", rotor(register(2), logs=log(SECOND, "stdout")), Verdict.FAIL),
    Case("secret-never-in-logs", "elsewhere-handed-out", evidence(logs=log(DONE % ACCESS, "stdout")), Verdict.FAIL),
    Case(
        "secret-never-in-logs",
        "client-secret-is-handed-out",
        rotor(logs=log(DONE % "s3cret+/canary=0123456789", "stdout")),
        Verdict.FAIL,
        "client_secret",
    ),
    Case("bearer-header-only", "registration", rotor(register(2)), PASS),
    Case(
        "bearer-header-only",
        "registration-by-another-scheme",
        rotor(replace(register(2), headers=(("authorization", "Basic x"),))),
        Verdict.FAIL,
        "scheme",
    ),
    Case("token-params-once", "empty-refresh-token", evidence(token(1, {"refresh_token": ""})), PASS),
    Case(
        "request-budget",
        "registrations",
        rotor(*(register(n, str(n)) for n in range(1, 5))),
        Verdict.WARN,
        "4 requests at register",
    ),
    Case("one-token-for-many-calls", "one-registration", rotor(PARTNER, register(2), CALL, replace(CALL, n=4)), PASS),
    Case(
        "one-token-for-many-calls",
        "registered-for-each-call",
        rotor(PARTNER, *(e(n) for n in (2, 4, 6) for e in (register, lambda n: replace(CALL, n=n + 1)))),
        Verdict.FAIL,
        "3 tokens",
    ),
    Case(
        "no-call-after-refused-client",
        "registration",
        rotor(token(1, provider="rotor", status=401, answer={"error": "invalid_client"}), register(2, brings=None)),
        Verdict.FAIL,
        "called the API",
    ),
    Case(
        "no-call-after-refused-client",
        "in-the-providers-own-words",
        evidence(
            token(1, provider="movingimage", status=400, answer={"error": "unauthorized_client"}),
            provider="movingimage",
            steps=steps("config"),
        ),
        PASS,
    ),
]
"""Rows for checks that have tables of their own, at a provider that registers users."""
