"""The kept results against their explanations, and, where SPARRING_FIDELITY is set, the engines themselves."""

# ruff: noqa: D103 - the names are sentences

import os

import pytest

from tests.fidelity import engines, report, results
from tests.fidelity.cache import Unavailable
from tests.fidelity.engines import TABLE, Trying
from tests.fidelity.trying import UNEXPLAINED, Explanations, Outcome

EXPLANATIONS = Explanations.read()
KEPT = [EXPLANATIONS.again(tried) for tried in results.read()]


def differing(outcomes: tuple[Outcome, ...]) -> dict[str, list[str]]:
    return {each.trial: [found.path for found in each.found] for each in outcomes if each.found}


def test_every_difference_is_explained() -> None:
    loose = [
        f"{tried.engine}: {outcome.trial}: {found.path}: {found.wanted} {found.got}"
        for tried in KEPT
        for outcome in tried.outcomes
        for found in outcome.found
        if found.explanation == UNEXPLAINED
    ]
    assert loose == []


def test_every_explanation_explains_something() -> None:
    used = {found.explanation for tried in KEPT for outcome in tried.outcomes for found in outcome.found}
    assert [row["id"] for row in EXPLANATIONS.known if row["id"] not in used and not row.get("sometimes")] == []


def test_the_page_is_what_the_results_say() -> None:
    assert report.document(KEPT, EXPLANATIONS) == report.DOCUMENT.read_text(encoding="utf-8")


@pytest.mark.skipif(
    "SPARRING_FIDELITY" not in os.environ, reason="SPARRING_FIDELITY is not set: real engines are heavy"
)
@pytest.mark.parametrize("trying", TABLE, ids=lambda trying: trying.name)
def test_the_engine_still_answers_so(trying: Trying) -> None:
    kept = [tried for tried in KEPT if tried.engine.startswith(trying.name)]
    try:
        tried = engines.run(trying, EXPLANATIONS)
    except Unavailable as reason:
        pytest.skip(str(reason))
    assert [differing(tried.outcomes)] == [differing(one.outcomes) for one in kept]
