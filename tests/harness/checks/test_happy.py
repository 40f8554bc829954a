"""The ladder of diagnoses: for each way to fail the happy path, one cause in words."""

from dataclasses import replace

import pytest

from sparring.harness.checks.traces import fingerprint
from sparring.harness.evidence import Ending, Evidence, Visit
from sparring.harness.judge import judge
from sparring.harness.scenarios import happy
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import (
    ACCESS,
    CALLBACK,
    CODE,
    SECOND,
    SECRET,
    api,
    evidence,
    exchange_code,
    good,
    log,
    refused,
    register,
    steps,
    token,
    visit,
)

SPACED = {"scope": "read_videos write_videos"}
REFUSED_SCOPE = (("location", f"{CALLBACK}?error=invalid_scope"),)
QUIT = replace(steps("timeout")[0], do="quit")
NEVER_BACK = Visit(url=visit().url, step=1, problem="The page showed an error and no form.")

CAUSES = [
    ("client-starts", "never said that it was ready", evidence(steps=(), ending=Ending(exit_code=1))),
    ("client-starts", "exit code 1", evidence(steps=(), ending=Ending(exit_code=1))),
    ("client-starts", 'last words: "boom"', evidence(steps=(), logs=log("Traceback\nboom\n"))),
    (
        "client-starts",
        'Its last words: "boom".',
        evidence(steps=(), logs=(*log("starting\n", "stdout"), *log("boom\n \n"))),
    ),
    (
        "client-starts",
        'ready. It ended with exit code 0. Its last words: "starting".',
        evidence(
            steps=(), ending=Ending(exit_code=0), logs=log('starting\n{"sparring": 1, "event": "ready"}\n', "stdout")
        ),
    ),
    (
        "client-starts",
        "ready. It did not end. It left a process behind.",
        evidence(steps=(), ending=Ending(problems=("It did not end.", "It left a process behind."))),
    ),
    ("client-starts", "SPARRING_CA_FILE", evidence(steps=steps("transport", detail="certificate verify failed"))),
    (
        "scope-accepted",
        'commas ("read_videos,write_videos"); this client sent "read_videos write_videos"',
        evidence(
            visits=(visit(asked=SPACED, answer={"error": "invalid_scope"}),),
            steps=steps("config"),
        ),
    ),
    (
        "scope-accepted",
        "commas",
        evidence(token(1, SPACED, status=400, answer=refused("invalid_scope")), steps=steps("config")),
    ),
    *(
        (
            "scope-accepted",
            "commas",
            evidence(
                api(1, None, 302, endpoint=page, url=visit(asked=SPACED).url, response_headers=REFUSED_SCOPE),
                visits=(visit(asked=SPACED, callback=None),),
                steps=steps("config"),
            ),
        )
        for page in ("authorize", "consent")
    ),
    (
        "scope-accepted",
        "raised because",
        evidence(
            exchange_code(1),
            visits=(visit(),),
            steps=steps("crash"),
            logs=log('Warning: Scope has changed from "read_videos write_videos" to "read_videos,write_videos".'),
        ),
    ),
    ("authorization-answered", "never sent a person", evidence(api(1, status=401), steps=steps("config"))),
    (
        "authorization-answered",
        "unauthorized_client: not yours",
        evidence(visits=(visit(answer={"error": "unauthorized_client", "error_description": "not yours"}),)),
    ),
    ("authorization-answered", "no form", evidence(visits=(NEVER_BACK,))),
    (
        "authorization-answered",
        "access_denied [ingest/login/denied]",
        evidence(
            api(1, None, 302, endpoint="login", url=visit().url, rule="ingest/login/denied"),
            visits=(visit(answer={"error": "access_denied"}),),
        ),
    ),
    (
        "authorization-answered",
        "no form. [ingest/login/denied]",
        evidence(
            api(1, None, 400, endpoint="login", url=visit().url, rule="ingest/login/denied"), visits=(NEVER_BACK,)
        ),
    ),
    *(
        (
            "authorization-answered",
            f"did not come back to the client [ingest/{page}/refused]",
            evidence(
                api(1, None, 400, endpoint=page, url=visit().url, rule=f"ingest/{page}/refused"),
                visits=(visit(callback=None),),
                steps=steps("timeout"),
            ),
        )
        for page in ("authorize", "login", "consent")
    ),
    (
        "authorization-answered",
        "did not come back to the client [ingest/authorize/client]",
        evidence(api(1, None, 400, endpoint="authorize", url=visit().url, rule="ingest/authorize/client")),
    ),
    ("token-request-accepted", "never asked the token endpoint", evidence(visits=(visit(),), steps=steps("crash"))),
    (
        "token-request-accepted",
        '401 invalid_client "Client authentication failed." [ingest/token/client-refused]',
        evidence(
            exchange_code(
                1,
                status=401,
                answer=refused("invalid_client", "Client authentication failed."),
                rule="ingest/token/client-refused",
            ),
            visits=(visit(),),
            steps=steps("config"),
        ),
    ),
    (
        "api-accepts-token",
        "it ended with ok",
        evidence(exchange_code(1), visits=(visit(),), steps=steps("ok"), logs=log("Warning: Scope has changed.")),
    ),
    ("api-accepts-token", "never called the API", evidence(exchange_code(1), visits=(visit(),), steps=steps("crash"))),
    (
        "api-accepts-token",
        "406 [ingest/api/version]: the Accept header",
        evidence(exchange_code(1), api(2, status=406, rule="ingest/api/version"), visits=(visit(),)),
    ),
    (
        "happy-outcome",
        "`authenticate` ended with config",
        evidence(exchange_code(1), api(2), visits=(visit(),), steps=steps("config", "ok")),
    ),
    (
        "happy-outcome",
        '`call_api` ended with error (an odd body). Its last words: "bye".',
        evidence(
            exchange_code(1),
            api(2),
            visits=(visit(),),
            steps=steps("ok", "error", detail="an odd body"),
            logs=log("bye\n"),
        ),
    ),
    (
        "happy-outcome",
        '`call_api` ended with crash. Its last words: "Scope has changed."',
        evidence(
            exchange_code(1),
            api(2),
            visits=(visit(),),
            steps=steps("ok", "crash"),
            logs=log("Scope has changed."),
        ),
    ),
    ("happy-outcome", "no instruction", evidence(exchange_code(1), api(2), visits=(visit(),), steps=())),
    ("happy-outcome", "given no instruction", evidence(exchange_code(1), api(2), visits=(visit(),), steps=(QUIT,))),
]


@pytest.mark.parametrize(("cause", "words", "seen"), CAUSES)
def test_one_cause_stands(cause: str, words: str, seen: Evidence) -> None:
    """The first failing rung is named in words, everything after it is blocked by it."""
    result = judge(happy("ingest", "authorization_code"), seen)
    failed = [check for check in result.checks if check.verdict is Verdict.FAIL]
    assert [check.id for check in failed] == [cause], [check.message for check in failed]
    assert words in failed[0].message
    after = result.checks[result.checks.index(failed[0]) + 1 :]
    assert all((check.verdict, check.message) == (Verdict.SKIP, f"blocked by {cause}") for check in after)
    assert result.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "seen",
    [
        evidence(exchange_code(1), api(2), visits=(visit(),)),
        evidence(exchange_code(1), api(2), visits=(visit(),), steps=(*steps("ok", "ok"), QUIT)),
        evidence(
            token(1, SPACED, status=400, answer=refused("invalid_scope")), exchange_code(2), api(3), visits=(visit(),)
        ),
    ],
)
def test_what_succeeds_in_the_end_passes(seen: Evidence) -> None:
    """A first try that was refused is judged elsewhere, and so is how it quits."""
    result = judge(happy("ingest", "authorization_code"), seen)
    assert {check.verdict for check in result.checks} == {Verdict.PASS}


@pytest.mark.parametrize(("provider", "grant"), [("ingest", "client_credentials"), ("clickview", "client_credentials")])
def test_the_other_happy_paths_pass(provider: str, grant: str) -> None:
    """Without a login there is no rung for it."""
    seen = evidence(token(1, provider=provider), api(2, provider=provider), provider=provider, grant=grant)
    assert judge(happy(provider, grant), seen).verdict is Verdict.PASS


@pytest.mark.parametrize("provider", ["movingimage", "panopto"])
def test_the_happy_paths_with_a_login_pass(provider: str) -> None:
    """Every rung, and none about scopes with commas."""
    seen = evidence(
        exchange_code(1, provider=provider), api(2, provider=provider), visits=(visit(),), provider=provider
    )
    result = judge(happy(provider, "authorization_code"), seen)
    assert result.verdict is Verdict.PASS
    assert "scope-accepted" not in {check.id for check in result.checks}


PARTNER = token(1, provider="rotor", answer=good(refresh=None))
ROTOR_CAUSES = [
    ("register-accepted", "registered nobody", evidence(PARTNER, steps=steps("ok", "crash"))),
    (
        "register-accepted",
        "400 [rotor/register/remote-user-id-missing]: it wants JSON",
        evidence(PARTNER, register(2, brings=None, rule="rotor/register/remote-user-id-missing")),
    ),
    ("register-accepted", "401: the registration wants", evidence(PARTNER, register(2, brings=None, status=401))),
    ("register-accepted", "403: the registration wants", evidence(PARTNER, register(2, brings=None, status=403))),
    ("register-accepted", "was refused: 404.", evidence(PARTNER, register(2, brings=None, status=404))),
    ("register-accepted", "was refused: no answer.", evidence(PARTNER, register(2, brings=None, status=None))),
    (
        "api-accepts-token",
        "403: the call carried the partner's token, and the API wants the user's",
        evidence(PARTNER, register(2), api(3, ACCESS, 403, provider="rotor")),
    ),
]


@pytest.mark.parametrize(("cause", "words", "seen"), ROTOR_CAUSES)
def test_one_cause_stands_where_users_are_registered(cause: str, words: str, seen: Evidence) -> None:
    """The rungs between the partner's token and the user's call."""
    result = judge(happy("rotor", "client_credentials"), replace(seen, provider="rotor"))
    failed = [check for check in result.checks if check.verdict is Verdict.FAIL]
    assert [check.id for check in failed] == [cause], [check.message for check in failed]
    assert words in failed[0].message


def test_the_happy_path_with_a_registration_passes() -> None:
    """Partner token, registration, user token, call; and a first call with the partner's is judged elsewhere."""
    straight = (PARTNER, register(2), api(3, SECOND, provider="rotor"))
    detour = (PARTNER, register(2), api(3, ACCESS, 403, provider="rotor"), api(4, SECOND, provider="rotor"))
    for exchanges in (straight, detour):
        seen = evidence(*exchanges, provider="rotor", grant="client_credentials")
        assert judge(happy("rotor", "client_credentials"), seen).verdict is Verdict.PASS


def test_a_code_verifier_where_it_is_refused_is_named_as_the_cause() -> None:
    """invalid_grant alone does not tell."""
    form = {"grant_type": "authorization_code", "code": CODE, "code_verifier": "v" * 43}
    answer = token(1, form, provider="panopto", status=400, answer=refused("invalid_grant"))
    seen = evidence(answer, visits=(visit(),), provider="panopto", steps=steps("protocol"))
    failed = [c for c in judge(happy("panopto", "authorization_code"), seen).checks if c.verdict is Verdict.FAIL]
    hint = " This provider refuses a code_verifier from a client with a secret: leave PKCE out here."
    assert failed[0].message.endswith(f".{hint}")


def test_last_words_with_a_secret_are_not_repeated() -> None:
    """The message would carry it into every report."""
    seen = evidence(steps=(), logs=log(f"using {SECRET}\n"))
    message = judge(happy("ingest", "authorization_code"), seen).checks[0].message
    assert SECRET not in message
    assert fingerprint(SECRET) not in message
