"""Basic credentials at the token endpoint: as the guide encodes them, and as RFC 6749 section 2.3.1 does."""

# ruff: noqa: D103 - the names are sentences

from urllib.parse import quote_plus

import pytest

from tests.mocks.providers.ingest.talk import basic, register
from tests.mocks.stages import ask, in_loop, open_stage, request

FORM = {"grant_type": "client_credentials", "scope": "read_videos"}
GRANTS = frozenset({"client_credentials"})
CREDENTIALS = [
    ("plain", "secret"),
    ("a+b", "c%d e/f=g&h"),
    ("äö", "ü:€"),
    ("percent", "%41%42"),
    ("plus", "a+b+c"),
]


async def _status(client_id: str, secret: str, header: tuple[str, str], form: dict[str, str]) -> tuple[int, str | None]:
    stage = await open_stage()
    await register(stage, client_id, secret=secret, grants=GRANTS, scopes=("read_videos",))
    answer = await ask(stage, request("POST", "/token", header, form=form))
    return answer.status, stage.recorder.select()[-1].request.facts.client


@pytest.mark.parametrize("named_in_form", [False, True])
@pytest.mark.parametrize("form_encoded", [False, True])
@pytest.mark.parametrize(("client_id", "secret"), CREDENTIALS)
def test_both_encodings_are_understood(client_id: str, secret: str, form_encoded: bool, named_in_form: bool) -> None:
    @in_loop
    async def run() -> None:
        pair = (quote_plus(client_id), quote_plus(secret)) if form_encoded else (client_id, secret)
        form = FORM | ({"client_id": client_id} if named_in_form else {})
        assert await _status(client_id, secret, basic(*pair), form) == (200, client_id)

    run()


@pytest.mark.parametrize("secret", ["", "Secret", "secret ", "secre", "s%65cret", "secret%00"])
def test_a_secret_that_only_looks_alike_is_refused(secret: str) -> None:
    @in_loop
    async def run() -> None:
        status, client = await _status("plain", "secret", basic("plain", secret), FORM)
        decodes_to_it = secret == "s%65cret"
        assert (status, client) == ((200, "plain") if decodes_to_it else (401, None))

    run()
