"""No report repeats a secret, whatever it looks like and wherever the client put it."""

import io
import json
from html import unescape

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from sparring.harness.checks.traces import encodings
from sparring.harness.evidence import LogFile, Secret
from sparring.harness.judge import judge, judge_always
from sparring.harness.reports import RunReport, html, json_report, junit, markdown, sarif
from sparring.harness.reports.terminal import TerminalReport
from sparring.harness.scenarios import ALL, scenario
from tests.harness.checks.builder import (
    CODE,
    REFRESH,
    SECRET,
    api,
    basic,
    decoy,
    evidence,
    exchange_code,
    good,
    refresh,
    steps,
    token,
    visit,
)
from tests.harness.reports.runs import run

VALUES = st.text(alphabet='abcXYZ019+/=&%? "<>\\ü.-_~', min_size=12, max_size=30).filter(
    lambda value: value == value.strip()
)
FORMS = (json_report, junit, html, markdown, sarif)


def careless(values: list[str], names: list[str]) -> RunReport:
    """A client that puts these four everywhere, judged in these scenarios."""
    secret, access, renewed, code = values
    kinds = ("client_secret", "access_token", "refresh_token", "code")
    where = " ".join(values)
    seen = evidence(
        exchange_code(1, code, answer=good(access, renewed), query={"client_secret": secret, "code": code}),
        refresh(2, renewed, headers=(basic(secret), ("cookie", f"s={access}"), ("x-note", where))),
        api(3, access, url=f"https://127.0.0.1/{access}?t={secret}&u={renewed}"),
        decoy(4, url=f"https://decoy/?code={code}", body=secret.encode()),
        token(5, status=400, answer={"error": secret, "error_description": where, access: [renewed, {"x": code}]}),
        token(6, body=where.encode(), headers=(("content-type", f"text/{access}"),), method=renewed),
        visits=(visit(code, asked={"client_secret": secret}, callback_body=access, back=access),),
        steps=steps("protocol", "config", detail=f"could not use {where}"),
        logs=(LogFile(name="stderr", text=where), LogFile(name=access, text=json.dumps(values))),
        secrets=tuple(Secret(kind=kind, value=value) for kind, value in zip(kinds, values, strict=True)),
        context={"client_secret": secret},
    )
    chosen = [scenario(name) for name in names]
    return run(*(judge(each, seen) for each in chosen), judge_always([(each, seen) for each in chosen]))


def printed(report: RunReport) -> str:
    """What a terminal shows."""
    out = io.StringIO()
    TerminalReport(Console(file=out, width=1000)).finished(report)
    return out.getvalue()


@settings(max_examples=10, deadline=None)
@example(
    ["a+b/c=d&e%f?g", 'quoted "inside" <b>', "back\\slash and ü", "plain-and-long-enough"], [one.id for one in ALL]
)
@given(
    st.lists(VALUES, min_size=4, max_size=4, unique=True),
    st.lists(st.sampled_from([one.id for one in ALL]), min_size=1, max_size=5, unique=True),
)
def test_no_secret_stands_in_any_report(values: list[str], names: list[str]) -> None:
    """Neither as it is, nor percent-encoded, in JSON, in Base64 or as HTML writes it."""
    values = [f"{value}{n}" for n, value in enumerate(values)]
    report = careless(values, names)
    for form in (*(each.render for each in FORMS), printed):
        text = form(report)
        texts = [text, unescape(text)]
        if form is json_report.render or form is sarif.render:
            texts.append(json.dumps(json.loads(text), ensure_ascii=False))
        for value in (*values, SECRET, CODE, REFRESH):
            assert not [each for each in encodings(value) if any(each in shown for shown in texts)], form
