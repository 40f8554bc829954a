"""A run in which client and provider say what would be a script, had a page repeated it as markup."""

import base64
import json

from sparring.harness.evidence import LogFile, Step
from sparring.harness.judge import judge, judge_always
from sparring.harness.reports import RunReport
from sparring.harness.scenarios import scenario
from tests.harness.checks.builder import api, decoy, evidence, exchange_code, refused, visit
from tests.harness.reports.runs import run

MARK = "hostile-word"
SCRIPTS = (
    f"<script>document.title='{MARK}'</script>",
    f"<img src=x onerror=\"document.title='{MARK}'\">",
    f"\"><svg onload=document.title='{MARK}'>",
    f"'><a href=javascript:document.title='{MARK}' autofocus onfocus=document.title='{MARK}'>",
    f"</style></script><script>document.title='{MARK}'</script>",
    "{{ 7 * 191 }}{% raw %}",
    f"]]>--><iframe srcdoc=\"<script>parent.document.title='{MARK}'</script>\">",
)


def _jwt(said: str) -> str:
    parts = ({"alg": said, said: said}, {"sub": said, "iat": said, "exp": 1e400, "nbf": 1_800_000_000, said: [said]})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join((*encoded, "c2lnbmF0dXJl"))


def hostile_run() -> RunReport:
    """Such words in every place that a report shows."""
    said = "".join(SCRIPTS)
    facts = {
        "faults": [said],
        "notes": [said],
        "issued": [{"kind": said, "fp": said, "expires_at": 1e400}],
        "presented": [{"kind": said, "fp": said, "valid": False, "reason": said, "where": said}],
    }
    seen = evidence(
        exchange_code(1, status=400, answer=refused(said, said), method=said, rule=said, facts=facts),
        api(
            2,
            _jwt(said),
            status=401,
            url=f"https://127.0.0.1:9405/videos?state={said}",
            headers=(("authorization", f"Bearer {_jwt(said)}"), (said, said)),
            response_headers=((said, said), ("location", f"javascript:{said}")),
            rule=said,
        ),
        decoy(3, url=f"javascript:{said}", body=said.encode(), headers=((said, said),), method=said),
        api(4, said, provider=said, endpoint=said, url=f"https://[{said}", response_headers=(("content-type", said),)),
        visits=(visit(state=said, back=said, asked={"scope": said}, problem=said),),
        steps=(
            Step(id=1, do=said, outcome=said, detail=said, calls=(said,), last=3, remote_user_id=said),
            Step(id=2, do="call_api", outcome="protocol", detail=said, first=3, last=9),
        ),
        logs=(LogFile(name=said, text=said), LogFile(name="stderr", text="\n".join(SCRIPTS))),
    )
    names = ("ingest-happy-code", "state-mismatch", "cache-until-expiry", "token-error-with-200")
    chosen = [scenario(name) for name in names]
    return run(*(judge(one, seen) for one in chosen), judge_always([(one, seen) for one in chosen]))
