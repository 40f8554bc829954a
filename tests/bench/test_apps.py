"""The limits hand out tokens, or they would limit nothing."""

import jwt

from bench import apps
from bench.clients import signatures

FORM = {"client_id": "bench"}


def test_both_signed_tokens_are_good() -> None:
    """With a library and without."""
    for make in (apps.a_signed_token, apps.a_token_signed_by_hand):
        answer = make(FORM)
        token = str(answer["access_token"])
        assert signatures(answer) == 1
        assert jwt.decode(token, apps.KEY.public_key(), ["RS256"])["sub"] == "bench"


def test_opaque_tokens_are_kept() -> None:
    """As a server has to."""
    assert apps.ISSUED[str(apps.an_opaque_token(FORM)["access_token"])] == "bench"
