"""Whatever is sent to Rotor, it answers with a rule of its own, as its contract documents."""

import asyncio
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from sparring.contracts.openapi import document
from sparring.contracts.place import Call, Reply
from sparring.mocks.providers.rotor import rules
from tests.mocks.providers.rotor.asking import ORDERS, REGISTER, TOKEN, ask, basic, partner_token, rotor, user_token
from tests.mocks.stages import request

TRACKS = "/api/partner/v1/tracks"
PATHS = (TOKEN, REGISTER, ORDERS, f"{ORDERS}/finalize", TRACKS, f"{TRACKS}/a/artwork", f"{TRACKS}/a/videos")
DOORKEEPER = ("/oauth/revoke", "/oauth/introspect", "/oauth/token/info")

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
NAMES = st.sampled_from(
    [
        *("data", "attributes", "type", "remote_user_id", "remote_email", "optional_attributes", "api_url"),
        *("order_uuids", "id", "name", "url", "style_id", "variant_id", "grant_type", "scope", "client_id"),
        *("client_secret", "state", "token", "token_type_hint", "access_token", "bearer_token"),
    ]
)
DOCUMENTS = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4))
ATTRIBUTES = st.dictionaries(NAMES, DOCUMENTS, max_size=6).map(lambda members: {"data": {"attributes": members}})
BODIES = (
    st.binary(max_size=40)
    | (DOCUMENTS | ATTRIBUTES).map(lambda found: json.dumps(found).encode())
    | st.lists(st.tuples(NAMES, st.text("ab%=&[]+ \x00ü", max_size=6)), max_size=5).map(
        lambda pairs: "&".join(f"{name}={value}" for name, value in pairs).encode()
    )
)
KINDS = st.sampled_from(
    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "text/plain", ""]
)
QUERIES = st.text("abc_=&%[]+?;grant_type", max_size=12)
CREDENTIALS = st.sampled_from(["", "basic", "partner", "user"]) | st.text("Basic earBZ=:+/ \t", max_size=20)


@settings(max_examples=300)
@given(
    method=st.sampled_from(["GET", "POST", "POST", "POST", "HEAD", "OPTIONS", "PUT", "BREW"]),
    path=st.sampled_from(PATHS + DOORKEEPER),
    query=QUERIES,
    kind=KINDS,
    body=BODIES,
    credentials=CREDENTIALS,
    accept=st.sampled_from(["", "*/*", "application/json", "text/html", ";q=,,"]),
    variant=st.sampled_from(["default", "string-numbers", "doorkeeper-5.9.6"]),
)
def test_every_answer_is_one_of_the_contract(
    method: str, path: str, query: str, kind: str, body: bytes, credentials: str, accept: str, variant: str
) -> None:
    """Never a failure of its own; where the document has the operation, the answer is documented there."""

    async def play() -> None:
        stage = await rotor(variant)
        known = {
            "basic": basic()[1],
            "partner": f"Bearer {await partner_token(stage)}",
            "user": f"Bearer {await user_token(stage)}",
        }
        pairs = (("authorization", known.get(credentials, credentials)), ("content-type", kind), ("accept", accept))
        message = request(method, f"{path}?{query}", *(pair for pair in pairs if pair[1]), body=body)
        answer = await ask(stage, message)
        assert answer.status < 500, answer
        assert answer.rule.id in rules.BY_ID
        if document("rotor").operation(method, path) is not None and method != "OPTIONS":
            call = Call(method=method, url=f"http://{message.host}{path}")
            reply = Reply(status=answer.status, headers=answer.headers, body=answer.body)
            assert document("rotor").violations(call, reply) == []

    asyncio.run(play())
