"""ClickView asked too often, and out of order: told as its own library reads errors of the API."""

import pytest

from tests.mocks.providers.clickview.asking import ask, bearing, clickview, new_token, token_request
from tests.mocks.stages import in_loop


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("rate-limited", 429, b'{"message":"Too many requests."}'),
        ("unavailable", 503, b'{"message":"The service is unavailable."}'),
    ],
)
@pytest.mark.parametrize("endpoint", ["token", "api"])
@in_loop
async def test_an_outage_in_its_own_dialect(kind: str, status: int, words: bytes, endpoint: str) -> None:
    """Once, then all is well again."""
    stage = await clickview()
    request = bearing(await new_token(stage)) if endpoint == "api" else token_request()
    fault = {"match": {"endpoint": endpoint}, "effect": {"kind": kind, "retry_after": 9}, "times": 1}
    stage.faults.add(fault)
    answer = await ask(stage, request)
    assert (answer.status, answer.body) == (status, words)
    assert answer.header("Content-Type") == "application/json; charset=utf-8"
    assert answer.header("Retry-After") == "9"
    assert (await ask(stage, request)).status == 200
