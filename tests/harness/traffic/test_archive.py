"""Archives of other tools: what they show is judged, what they leave out or mask is held against nobody."""

# ruff: noqa: D103, E501 - the names are sentences, the tables wide

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from sparring.harness.traffic import UnreadableTrafficError
from sparring.harness.traffic.archive import read_archive
from sparring.harness.verdict import Verdict
from tests.harness.traffic.archives import (
    ACCESS,
    API,
    ASKED,
    CALLBACK,
    CODE,
    EXCHANGE,
    GOOD,
    INGEST,
    REFRESH,
    SECRET,
    STATE,
    archive,
    blamed,
    call,
    entry,
    judged,
    login,
    token,
    verdict,
)

Json = dict[str, Any]
RENEWAL = {"grant_type": "refresh_token", "client_id": "app-1", "client_secret": SECRET, "refresh_token": REFRESH}


def test_a_good_login_passes(tmp_path: Path) -> None:
    report = judged(tmp_path, login(), token(at=1), call(at=2))
    assert blamed(report) == {}
    assert (report.provider, report.grant, report.driver) == ("ingest", "authorization_code", "traffic only")
    assert [result.id for result in report.results] == ["always", "traffic", "not-in-traffic"]
    assert all(result.title.endswith("(traffic only)") for result in report.results)
    for passed in ("token-request-is-post", "code-single-use", "redirect-uri-equality", "state-is-fresh-and-random"):
        assert verdict(report, passed)[0] == "PASS"
    for unseen in ("secret-never-in-logs", "client-terminates", "token-never-to-other-host"):
        outcome, reason = verdict(report, unseen)
        assert (outcome, bool(reason)) == ("SKIP", True)
    undecided = report.results[-1]
    assert undecided.checks
    assert {check.verdict for check in undecided.checks} == {Verdict.SKIP}
    assert all("takes a client" in check.message for check in undecided.checks)


@pytest.mark.parametrize(
    ("expected", "verdicts", "entries"),
    [
        ("token-request-is-post", {"FAIL"}, [entry("GET", f"{INGEST}/token?{urlencode({'grant_type': 'x'})}", 405)]),
        ("secret-never-in-url", {"FAIL"}, [entry("POST", f"{INGEST}/token?{urlencode(EXCHANGE)}", answer=GOOD)]),
        ("token-content-type", {"FAIL"}, [token(sent=json.dumps(EXCHANGE), kind="application/json")]),
        ("token-params-once", {"FAIL"}, [token(sent=urlencode([*EXCHANGE.items(), ("code", "x")]))]),
        ("auth-single-method", {"FAIL"}, [token(headers={"authorization": "Basic " + base64.b64encode(f"app-1:{SECRET}".encode()).decode()})]),
        ("secret-never-front-channel", {"FAIL"}, [login(client_secret=SECRET), token(at=1)]),
        ("code-single-use", {"FAIL"}, [login(), token(at=1), token(at=9, status=400, answer={"error": "invalid_grant"})]),
        ("redirect-uri-equality", {"FAIL"}, [login(), token(EXCHANGE | {"redirect_uri": f"{CALLBACK}/"}, at=1)]),
        ("redirect-uri-equality", {"FAIL"}, [login(), token({k: v for k, v in EXCHANGE.items() if k != "redirect_uri"}, at=1)]),
        ("bearer-header-only", {"FAIL"}, [token(), call(url=f"{API}/videos?access_token={ACCESS}", at=1)]),
        ("bearer-header-only", {"FAIL"}, [token(), call(ACCESS, at=1)]),
        ("bearer-header-only", {"FAIL"}, [token(), call(f"Token {ACCESS}", at=1)]),
        ("bearer-header-only", {"WARN"}, [token(), call(f"bearer {ACCESS}", at=1)]),
        ("state-is-fresh-and-random", {"FAIL"}, [login(state=None)]),
        ("state-is-fresh-and-random", {"WARN"}, [login(state="1234", back="1234")]),
        ("request-budget", {"WARN"}, [call(status=500, at=n / 100) for n in range(5)]),
        ("one-refresh-per-expiry", {"FAIL"}, [token(), *(token(RENEWAL, at=9 + n / 10, answer=GOOD | {"access_token": f"{ACCESS}-{n}"}) for n in range(2))]),
        ("scope-is-comma-separated", {"FAIL"}, [login(scope="read_videos write_videos")]),
        ("no-refresh-without-a-token", {"FAIL"}, [token(RENEWAL | {"refresh_token": "undefined"}, status=400, answer={"error": "invalid_grant"})]),
    ],
)  # fmt: skip
def test_what_it_shows_is_judged(tmp_path: Path, expected: str, verdicts: set[str], entries: list[Json]) -> None:
    found = blamed(judged(tmp_path, *entries))
    assert found.get(expected) in verdicts, found
    if expected not in {"secret-never-in-url", "bearer-header-only", "token-request-is-post"}:
        assert set(found) <= {expected, "secret-never-front-channel"}


def without(made: Json, *members: str) -> Json:
    """The request without these members, as a tool leaves them out."""
    request = {name: value for name, value in made["request"].items() if name not in members}
    return made | {"request": request}


def with_post(made: Json, data: Json) -> Json:
    return made | {"request": made["request"] | {"postData": data}}


@pytest.mark.parametrize(
    "entries",
    [
        [login(), without(token(at=1), "postData"), call(at=2)],
        [login(), without(token(at=1), "postData"), without(token(at=2), "postData")],
        [without(call(), "headers")],
        [call(None)],
        [token(), call("[REDACTED]", at=1)],
        [token(), call("Bearer [redacted]", at=1)],
        [token(), call("***", at=1)],
        [token(), call("Basic ZGV2OmRldg==", at=1)],
        [token(), entry("GET", f"{API}/videos", headers=[("authorization", f"Bearer {ACCESS}")] * 2, at=1)],
        [token(sent="grant_type=authorization_code&code=%5Bredacted%5D"), token(sent="grant_type=authorization_code&code=%5Bredacted%5D", at=5)],
        [login(state="***", back="***"), login(state="***", back="***", at=5)],
        [login(state="[removed]", back="[removed]")],
        [login(), login(at=1), login(at=2, code="another-code-of-the-reload"), token(at=3)],
        [login(), entry("GET", f"{INGEST}/authorize?{urlencode(ASKED | {'prompt': 'login'})}", 200, at=1), token(at=2)],
        [entry("GET", f"{INGEST}/authorize?client_id=app-1&request_uri=urn%3Ax&response_type=code", 302)],
        [login(redirect_uri=None), token(at=1)],
        [token(EXCHANGE | {"code": "of-a-login-that-was-not-recorded"})],
        [login(), token(EXCHANGE | {"code": "of-another-login", "redirect_uri": f"{CALLBACK}/2"}, at=1)],
        [token(status=0, answer=""), token(at=3)],
        [token(), token()],
        [entry("GET", f"{INGEST}/token", 405), token()],
        [entry("OPTIONS", f"{INGEST}/token", 204), token()],
        [entry("POST", "https://app.example/cb?code=x&access_token=y", headers={"Authorization": f"Bearer {ACCESS}"}), token()],
        [token(answer=GOOD | {"access_token": "[redacted]"}), call(url=f"{API}/videos?q=[redacted]", at=1)],
        [entry("GET", f"{INGEST}/logo.png", headers={"Referer": f"{INGEST}/x?code={CODE}&client_secret={SECRET}"}), token()],
        [entry("GET", f"{API}/videos", headers={"Referer": f"{CALLBACK}?code={CODE}", "Authorization": f"Bearer {ACCESS}"}, at=2), login(), token(at=1)],
        [token(RENEWAL, at=9), token(RENEWAL, at=600)],
        [entry("GET", "chrome-extension://x/y"), entry("GET", "data:text/plain,x"), entry("GET", "http://["), token()],
        [entry("GET", f"{INGEST}/some/page?code={CODE}"), login(), token(at=1)],
    ],
)  # fmt: skip
def test_what_it_leaves_out_is_held_against_nobody(tmp_path: Path, entries: list[Json]) -> None:
    report = judged(tmp_path, *entries, call(at=700))
    assert blamed(report) == {}, [
        c.message for r in report.results for c in r.checks if c.verdict.value in {"FAIL", "WARN"}
    ]


def test_bodies_come_in_many_forms(tmp_path: Path) -> None:
    pairs = [{"name": name, "value": value} for name, value in [*EXCHANGE.items(), ("code", "x")]]
    text = base64.b64encode(urlencode([*EXCHANGE.items(), ("code", "x")]).encode()).decode()
    for data in (
        {"mimeType": "application/x-www-form-urlencoded; charset=UTF-8", "params": pairs},
        {"mimeType": "application/x-www-form-urlencoded", "text": text, "encoding": "base64"},
    ):
        assert blamed(judged(tmp_path, with_post(token(), data))) == {"token-params-once": "FAIL"}
    only_file = with_post(token(), {"mimeType": "multipart/form-data", "params": pairs})
    assert blamed(judged(tmp_path, only_file)) == {}
    answer = {"encoding": "base64", "text": base64.b64encode(json.dumps(GOOD).encode()).decode()}
    made = token()
    made["response"]["content"] = answer
    found = blamed(judged(tmp_path, made, call(None, url=f"{API}/videos?x={ACCESS}", at=1)))
    assert found == {"secret-never-in-url": "FAIL"}


def test_names_in_any_case_and_what_http2_has_for_a_request_line(tmp_path: Path) -> None:
    made = token(headers=[(":method", "POST"), (":authority", "login.ingest.io"), ("X-A", "b")])
    (record,) = read_archive(written(tmp_path, archive(made))).records
    assert [name for name, _ in record.exchange.headers] == ["x-a", "content-type"]


def written(folder: Path, document: object) -> Path:
    path = folder / "some.har"
    path.write_text("\ufeff" + json.dumps(document), encoding="utf-8")
    return path


def test_times_without_fractions_tell_no_burst(tmp_path: Path) -> None:
    entries = [call(status=500, at=n / 100) for n in range(5)]
    for each in entries:
        each["startedDateTime"] = "2027-01-15T08:00:00Z"
    entries = [
        each | {"request": each["request"] | {"url": f"{API}/videos?n={n // 5}"}} for n, each in enumerate(entries)
    ]
    report = judged(tmp_path, *entries)
    assert verdict(report, "request-budget")[0] == "SKIP"


def test_another_host_is_the_providers_where_it_is_named_and_asked_for_a_token(tmp_path: Path) -> None:
    made = [token(), call()]
    for each in made:
        each["request"]["url"] = (
            each["request"]["url"].replace(INGEST, "http://127.0.0.1:9405").replace(API, "http://127.0.0.1:9405")
        )
    made.append(entry("GET", "http://127.0.0.1:3000/videos?access_token=x"))
    report = judged(tmp_path, *made, provider="ingest")
    assert len(report.results[0].exchanges) == 2
    with pytest.raises(UnreadableTrafficError, match="say --provider NAME"):
        judged(tmp_path, *made)


def test_each_client_is_judged_by_itself(tmp_path: Path) -> None:
    other = EXCHANGE | {"client_id": "app-2", "code": "another-code-0815"}
    brought = GOOD | {"access_token": "the-token-of-app-2"}
    report = judged(
        tmp_path, token(), token(other, at=1, answer=brought), call("bearer the-token-of-app-2", at=2), call(at=3)
    )
    results = {result.id: result.verdict.value for result in report.results}
    assert results["always (ingest, app-1)"] == "PASS"
    assert results["always (ingest, app-2)"] == "WARN"


def test_a_session_that_goes_back_to_an_older_refresh_token(tmp_path: Path) -> None:
    def renewal(at: float, presented: str, brings: str) -> Json:
        answer = GOOD | {"refresh_token": brings, "access_token": f"access-token-of-{brings}"}
        return token(RENEWAL | {"refresh_token": presented}, at=at, answer=answer)

    first = token()
    good = judged(
        tmp_path, first, renewal(4000, REFRESH, "rt-second-0815"), renewal(8000, "rt-second-0815", "rt-third-0815")
    )
    assert verdict(good, "latest-refresh-token-is-used")[0] == "PASS"
    bad = judged(tmp_path, first, renewal(4000, REFRESH, "rt-second-0815"), renewal(8000, REFRESH, "rt-third-0815"))
    assert blamed(bad) == {"latest-refresh-token-is-used": "FAIL"}
    another = token(EXCHANGE | {"code": "of-another-person"}, at=5, answer=GOOD | {"refresh_token": "rt-of-another"})
    mixed = judged(
        tmp_path, first, another, renewal(4000, REFRESH, "rt-second-0815"), renewal(4100, "rt-of-another", "rt-b")
    )
    assert blamed(mixed) == {}


def test_a_refused_refresh_token_that_comes_again(tmp_path: Path) -> None:
    refused = {"error": "invalid_grant"}
    again = [token(), token(RENEWAL, 400, at=60, answer=refused), token(RENEWAL, 400, at=70, answer=refused)]
    assert blamed(judged(tmp_path, *again)) == {"refused-refresh-token-is-dropped": "FAIL"}
    under_way = [token(), token(RENEWAL, 400, at=60, answer=refused), token(RENEWAL, 400, at=60.5, answer=refused)]
    assert blamed(judged(tmp_path, *under_way)) == {}


@pytest.mark.parametrize(
    ("grant_types", "grant"),
    [
        (["refresh_token"], "authorization_code"),
        (["refresh_token", "refresh_token"], "authorization_code"),
        (["client_credentials", "refresh_token"], "client_credentials"),
        (["authorization_code"], "authorization_code"),
        (["client_credentials"], "client_credentials"),
        (["no such grant"], "client_credentials"),
    ],
)
def test_the_grant_that_shows(tmp_path: Path, grant_types: list[str], grant: str) -> None:
    asked = [token(RENEWAL | {"grant_type": each}, at=60 * n) for n, each in enumerate(grant_types)]
    assert judged(tmp_path, *asked, call(at=600)).grant == grant


def test_renewals_where_nobody_signs_in_are_of_the_only_grant(tmp_path: Path) -> None:
    answer = {"access_token": ACCESS, "token_type": "Bearer"}
    asked = entry("POST", "https://auth.clickviewapp.com/connect/token", sent=urlencode(RENEWAL), answer=answer)
    assert judged(tmp_path, asked, provider="clickview").grant == "client_credentials"


@pytest.mark.parametrize("elapsed", [None, 0.2])
def test_our_own_archive_tells_real_time_where_the_stages_clock_stands_still(
    tmp_path: Path, elapsed: float | None
) -> None:
    rows = []
    for n in (1, 2):
        renewed = token(RENEWAL, answer=GOOD | {"access_token": f"{ACCESS}-{n}"})
        own: Json = {"n": n, "provider": "ingest", "endpoint": "token", "rule": "", "facts": {}}
        rows.append(renewed | {"_sparring": own if elapsed is None else own | {"elapsed": 100 + n * elapsed}})
    report = judged(tmp_path, *rows)
    if elapsed is None:
        assert verdict(report, "one-refresh-per-expiry")[0] == "SKIP"
    else:
        assert blamed(report) == {"one-refresh-per-expiry": "FAIL"}


def test_a_verifier_is_held_against_its_own_login(tmp_path: Path) -> None:
    other = "w" * 43
    wrong = judged(tmp_path, login(), token(EXCHANGE | {"code_verifier": other}, at=1))
    assert blamed(wrong) == {"pkce-with-s256": "FAIL"}
    missing = judged(tmp_path, login(), token({k: v for k, v in EXCHANGE.items() if k != "code_verifier"}, at=1))
    assert blamed(missing) == {"pkce-with-s256": "FAIL"}
    stolen = login(code="slipped-in-code-0815", state=f"{STATE}x", back=f"{STATE}x", code_challenge="x" * 43)
    slipped_in = judged(tmp_path, stolen, login(at=1), token(EXCHANGE | {"code": "slipped-in-code-0815"}, at=2))
    assert blamed(slipped_in) == {}


@pytest.mark.parametrize(
    "document", [[], {}, {"log": 1}, {"log": {"entries": [1]}}, {"log": {"entries": [{"request": {}}]}}]
)
def test_what_is_no_archive_is_told_in_one_sentence(tmp_path: Path, document: object) -> None:
    path = written(tmp_path, document)
    with pytest.raises(UnreadableTrafficError, match="is no HTTP archive"):
        read_archive(path)


def test_files_of_the_other_kind_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTrafficError, match="give it to --recording"):
        read_archive(written(tmp_path, {"exchanges": []}))
    with pytest.raises(UnreadableTrafficError, match="cannot be read: No such file"):
        read_archive(tmp_path / "none.har")
    (tmp_path / "x.har").write_text("{")
    with pytest.raises(UnreadableTrafficError, match="is no JSON document"):
        read_archive(tmp_path / "x.har")


def test_state_is_named_here_for_readers() -> None:
    """The sample's state has the 128 bits that a state takes."""
    assert len(STATE) * 5 > 128
