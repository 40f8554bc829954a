"""The HTML report: what stands in it, in which order; one file, nothing in it runs that a client or provider said."""

# ruff: noqa: D103 - the names are sentences

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click import Command

from sparring.harness.baseline import Entry
from sparring.harness.cli.check import check, listeners
from sparring.harness.cli.judge import judge as judging
from sparring.harness.judge import judge, judge_always
from sparring.harness.reports.html import render
from sparring.harness.reports.html.diagram import MOST_ROWS, draw
from sparring.harness.reports.html.findings import findings
from sparring.harness.scenarios import scenario
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import api, decoy, evidence, exchange_code, log, steps, token, visit
from tests.harness.reports.hostile import hostile_run
from tests.harness.reports.runs import blocked_run, run, sample

LARGEST = 3_000_000
CITED = (
    "“The client MUST implement CSRF protection for its redirection URI.” "
    "RFC 6749: The OAuth 2.0 Authorization Framework, 10.12 MUST"
)
ASKED = "ingest --grant authorization_code --driver session"
OURS = re.compile(
    "a|b|blockquote|body|br|button|caption|code|d[dlt]|details|div|fieldset|figcaption|figure|h[1-5]|head|header|html|"
    "input|label|legend|li|main|meta|ol|p|pre|rect|script|section|span|strong|style|summary|svg|table|tbody|td|th|thead|"
    "title|tr|ul"
)


class Page(HTMLParser):
    """The elements, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.raw: dict[str, str] = {}
        self.said: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.elements[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        """Text."""
        if self.lasttag in {"style", "script"} and self.lasttag not in self.raw:
            self.raw[self.lasttag] = data
        elif data.strip():
            self.said.append(" ".join(data.split()))

    def values(self, name: str) -> list[str]:
        """The values of that attribute, wherever it stands."""
        return [value for _, each, value in self.attributes if each == name]

    @property
    def text(self) -> str:
        """All text, in one line."""
        return " ".join(self.said)


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render(sample()))


def test_nothing_is_loaded_and_only_its_own_style_and_script_count(page: Page) -> None:
    (policy,) = [value for _, name, value in page.attributes if name == "content" and "default-src" in value]
    hashes = {
        kind: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for kind, text in page.raw.items()
    }
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes['style']}'; script-src 'sha256-{hashes['script']}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not page.values("src")
    assert all(value.startswith("#") for value in page.values("href"))
    assert not re.search(r"url\(|@import", page.raw["style"])
    assert not page.values("style")


def test_the_head_counts_by_verdict_and_profile(page: Page) -> None:
    assert "1 of 5 failed." in page.text
    assert "2 PASS 1 WARN 1 FAIL 1 SKIP" in page.text
    assert "Profile PASS WARN FAIL SKIP core 1 1 0 1 security 0 0 1 0 in every scenario 1 0 0 0" in page.text


def test_the_worst_comes_first_with_its_reasons_its_sources_and_its_proof(page: Page) -> None:
    verdicts = [value for tag, name, value in page.attributes if name == "data-verdict"]
    assert verdicts == ["FAIL", "WARN", "PASS", "WARN", "SKIP", "FAIL", "PASS"]
    told = page.text.partition("worst first")[2]
    where = [
        told.index(words)
        for words in (
            "The callback came with a forged state, and the client exchanged its code.",
            "Why it matters Without that comparison an attacker",
            "How to mend it Compare the callback's state",
            "The proof #3 POST https://127.0.0.1:9405/token → 200 ingest/token/issued",
            CITED,
            "check no-token-request-after-forged-state",
            "What happened",
            "● the proof",
            "Tokens, decoded",
            f"sparring check {ASKED} --seed 7 --scenario state-mismatch -- COMMAND",
            "sparring serve ingest --scenario state-mismatch",
            "sparring explain no-token-request-after-forged-state",
            "Have the client get a token",
            "Everything that ran",
        )
    ]
    assert where == sorted(where)


def test_every_link_leads_to_something_and_no_id_is_there_twice() -> None:
    worst = sample().results[1]
    for report in (sample(), hostile_run(), run(*(replace(worst, id=f"{worst.id}-{n}") for n in range(12)))):
        shown = Page(render(report.with_baseline((Entry(scenario="state-mismatch-3"),))))
        ids = shown.values("id")
        assert len(set(ids)) == len(ids)
        assert {value.removeprefix("#") for value in shown.values("href")} <= set(ids)


def test_the_first_findings_are_open_and_nothing_else() -> None:
    worst = sample().results[1]
    text = render(run(*(replace(worst, id=f"{worst.id}-{n}") for n in range(12))))
    assert len(re.findall(r'<details class="finding [^>]* open>', text)) == 5
    assert len(re.findall(r'<details class="finding [^>]*">', text)) == 7
    assert not re.findall(r'<details class="row"[^>]* open', text)


def test_nothing_that_was_said_becomes_markup() -> None:
    shown = Page(render(hostile_run()))
    assert not [name for name in shown.elements if not OURS.fullmatch(name)]
    assert (shown.elements["script"], shown.elements["style"], shown.elements["svg"]) == (1, 1, 3)
    assert not [name for _, name, _ in shown.attributes if name.startswith("on")]
    assert "{{ 7 * 191 }}{% raw %}" in shown.text
    assert "<script>document.title='hostile-word'</script>" in shown.text
    quiet = Page(render(sample()))
    assert shown.raw == quiet.raw


def test_expected_failures_stand_apart_and_stale_entries_are_told() -> None:
    report = sample().with_baseline((Entry(scenario="state-mismatch"), Entry(scenario="ingest-happy-code")))
    told = Page(render(report)).text
    assert "1 expected and did not fail." in told
    assert "The baseline expects ingest-happy-code to fail, and it did not: remove the entry." in told
    findings_section, _, rest = told.partition("Expected by the baseline 1")
    assert "forged state, and the client exchanged" not in findings_section
    assert "forged state, and the client exchanged" in rest.partition("Everything that ran")[0]
    calm = Page(render(sample().with_baseline((Entry(scenario="state-mismatch"),)))).text
    assert "Nothing failed; 1 of 5 results are warnings." in calm


def test_a_blocked_run_names_its_one_cause() -> None:
    told = Page(render(blocked_run())).text
    assert "3 scenarios did not run: blocked by ingest-happy-code: client-starts . Mend that first." in told
    assert "Findings 1, worst first" in told


def test_a_clean_run_says_so_and_has_no_findings() -> None:
    told = Page(render(run(judge(scenario("cache-until-expiry"), evidence(token(1), *map(api, range(2, 7))))))).text
    assert "Nothing to complain of." in told
    assert "worst first" not in told
    assert "client to ingest: POST /token client_credentials" in told


def test_what_holds_in_every_scenario_is_shown_where_it_did_not() -> None:
    seen = evidence(token(1), api(2), logs=log("got eyJhbGciOiJSUzI1NiJ9.canaryaccess.signature"))
    clean, other = scenario("cache-until-expiry"), evidence(token(4), decoy(6, headers=api(5).headers))
    played = [(scenario("api-401-refresh-once"), seen), (clean, other)]
    report = run(*(judge(*each) for each in played), judge_always(played))
    cards = {card.statements[0].id: card for card in findings(report, expected=False)}
    leak, stray = cards["secret-never-in-logs"], cards["token-never-to-other-host"]
    assert leak.id == "api-401-refresh-once"
    assert leak.title.startswith("No secret") or "log" in leak.title
    assert leak.logs[0][0] == "stderr"
    assert "access_token:" in leak.logs[0][1]
    assert (stray.id, [proof.n for proof in stray.statements[0].proofs]) == ("cache-until-expiry", [6])
    assert [row.n for row in stray.diagram.rows if row.proof] == [6]
    assert stray.diagram.lanes == ("client", "ingest", "another origin")


def test_the_diagram_of_a_login() -> None:
    authorize = api(
        1, None, endpoint="authorize", url=visit().url, response_headers=(("location", "/again"),), status=302
    )
    back = replace(authorize, n=2, response_headers=(("location", visit().callback or ""),))
    told = steps("ok", "retry-later", detail="later")
    told = (replace(told[0], last=4), replace(told[1], first=4, last=6, status=503))
    seen = evidence(authorize, back, exchange_code(3), api(4, status=503), visits=(visit(),), steps=told)
    diagram = draw(judge(scenario("state-mismatch"), seen), frozenset({3}))
    assert diagram.lanes == ("browser", "client", "ingest", "ingest API")
    shown = [row.head or [(hop.source, hop.target, hop.head) for hop in row.hops] for row in diagram.rows]
    assert shown == [
        "1. authenticate",
        [
            ("client", "browser", "sends the person"),
            ("browser", "ingest", "GET /authorize"),
            ("ingest", "browser", "302"),
        ],
        [
            ("browser", "ingest", "GET /authorize"),
            ("ingest", "browser", "302"),
            ("browser", "client", "callback"),
            ("client", "browser", "200"),
        ],
        [("client", "ingest", "POST /token"), ("ingest", "client", "200")],
        "ok",
        "2. call api",
        [("client", "ingest API", "GET /videos"), ("ingest API", "client", "503")],
        "retry-later (503)",
    ]
    assert [row.n for row in diagram.rows if row.proof] == [3]


@pytest.mark.parametrize(
    ("change", "arrows"),
    [
        (
            {"replayed": True, "replay_status": 400},
            [("browser", "callback"), ("client", "200"), ("browser", "callback"), ("client", "400")],
        ),
        (
            {"replayed": True},
            [("browser", "callback"), ("client", "200"), ("browser", "callback"), ("client", "nobody there")],
        ),
        ({"callback_status": None, "problem": "refused"}, [("browser", "callback"), ("client", "nobody there")]),
    ],
)
def test_the_diagram_of_a_callback(change: dict[str, Any], arrows: list[tuple[str, str]]) -> None:
    came = visit(**change)
    back = api(
        1, None, endpoint="authorize", url=came.url, response_headers=(("location", came.callback or ""),), status=302
    )
    diagram = draw(judge(scenario("state-mismatch"), evidence(back, visits=(came,))), frozenset())
    (row,) = [row for row in diagram.rows if row.hops]
    assert [(hop.source, hop.head) for hop in row.hops[3:]] == arrows


def test_of_very_many_exchanges_those_around_the_proof_are_drawn() -> None:
    seen = evidence(*(api(n) for n in range(1, 5000)), steps=())
    rows = draw(judge(scenario("state-mismatch"), seen), frozenset({3000})).rows
    assert [row.n for row in rows] == list(range(2994, 3007))
    ends = draw(judge(scenario("state-mismatch"), seen), frozenset({2, 4000})).rows
    assert [row.note for row in ends if row.note] == ["3985 exchanges are left out here"]
    assert len(ends) < MOST_ROWS


def test_a_large_report_stays_small() -> None:
    body = ("x" * 5000).encode()
    many = [api(n, response_headers=(("content-type", "text/plain"),)) for n in range(1, 13)]
    seen = evidence(
        exchange_code(20), *(replace(each, response_body=body) for each in many), visits=(visit(back="forged"),)
    )
    worst = judge(scenario("state-mismatch"), replace(seen, fired=("state-forged",)))
    assert worst.verdict is Verdict.FAIL
    text = render(run(*(replace(worst, id=f"state-mismatch-{n}") for n in range(130))))
    assert len(text.encode()) < LARGEST


@pytest.mark.parametrize("command", [check, judging])
def test_the_commands_write_it(command: Command) -> None:
    assert "--html" in {name for parameter in command.params for name in parameter.opts}


def test_an_html_listener_writes_one_file(tmp_path: Path) -> None:
    told = listeners({"html": tmp_path / "report.html"}, quiet=True)
    told[-1].finished(sample())
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == render(sample())
