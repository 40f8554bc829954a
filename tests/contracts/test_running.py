"""Trials as they are played: what is sent, what is kept, and what ends them."""

# ruff: noqa: D103, E501 - the names are sentences, the tables wide

from dataclasses import replace
from typing import Any

import pytest

from sparring.contracts.openapi import parse_document
from sparring.contracts.place import Call, Reply
from sparring.contracts.running import Result, Verdict, run_trial
from sparring.contracts.tokens import read_jwt
from sparring.mocks.engine.keys import SigningKey, development_keys
from tests.contracts.scripted import BASE, NOW, Scripted, contract, reply, tried
from tests.mocks.stages import in_loop

OK = "{status: 200}"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
PAGE = """<form data-sparring="sign-in" id="kc" name="login" action="/login?a=1" method="post">
<input name="user" value=""><input name="ticket" type="hidden" value="t1">
<button name="do" value="in">In</button><button name="do" value="out">Out</button></form>
<form id="search" action="search"><input name="q" value="x y"></form>"""


async def play(steps: str, *answers: Reply | str, **values: Any) -> tuple[Scripted, Result]:
    """The place and the result of a trial in these steps."""
    place = Scripted(*(answers or (reply(),)), **values)
    return place, await tried(place, contract(steps, OK))


async def sent(step: str, **values: Any) -> Call:
    """What one step sends."""
    place, result = await play(f"[{step}]", **values)
    assert result.verdict is Verdict.HOLDS, result.differences
    return place.calls[0]


@pytest.mark.parametrize(
    ("step", "call"),
    [
        ("{request: GET api}", Call(method="GET", url=f"{BASE}/api")),
        ("{request: 'GET api/videos?x=1', query: {y: 2}}", Call(method="GET", url=f"{BASE}/api/videos?x=1&y=2")),
        ("{request: GET /else, query: 'a=%zz'}", Call(method="GET", url=f"{BASE}/else?a=%zz")),
        ("{request: GET api, query: {a: 'b c', n: null, t: true, i: 1}}", Call(method="GET", url=f"{BASE}/api?a=b+c&t=true&i=1")),
        ("{request: POST token, form: {a: '${scope}', n: null}}",
         Call(method="POST", url=f"{BASE}/token", headers=(FORM,), body=b"a=read")),
        ("{request: POST token, form: [[a, 1], [a, 2], [b, null]]}",
         Call(method="POST", url=f"{BASE}/token", headers=(FORM,), body=b"a=1&a=2&b=")),
        ("{request: POST token, form: 'a=1&&b', headers: {content-type: text/plain}}",
         Call(method="POST", url=f"{BASE}/token", headers=(("content-type", "text/plain"),), body=b"a=1&&b")),
        ("{request: POST token, json: {a: [1, 'ä']}}",
         Call(method="POST", url=f"{BASE}/token", headers=(("Content-Type", "application/json"),), body='{"a": [1, "ä"]}'.encode())),
        ("{request: POST token, json: null}",
         Call(method="POST", url=f"{BASE}/token", headers=(("Content-Type", "application/json"),), body=b"null")),
        ("{request: POST token, body: 'x ${now+1}'}", Call(method="POST", url=f"{BASE}/token", body=b"x 1750000001")),
        ("{request: GET api, basic: [me, 'a:b'], headers: {Accept: x, Not: null}}",
         Call(method="GET", url=f"{BASE}/api", headers=(("Accept", "x"), ("Authorization", "Basic bWU6YTpi")))),
        ("{request: GET api, bearer: t, host: api.example, headers: [[A, 1], [A, 2]]}",
         Call(method="GET", url=f"{BASE}/api", headers=(("Host", "api.example"), ("A", "1"), ("A", "2"), ("Authorization", "Bearer t")))),
    ],
)  # fmt: skip
@in_loop
async def test_a_request_is_sent_as_it_says(step: str, call: Call) -> None:
    assert await sent(step) == call


@pytest.mark.parametrize(
    ("keep", "answer", "value"),
    [
        ("query: code", reply(302, "", ("Location", "https://a.example/?code=a%20b")), "a b"),
        ("fragment: code", reply(302, "", ("Location", "https://a.example/?code=x#code=y")), "y"),
        ("json: /a/1/b~1c", reply(200, '{"a":[0,{"b/c":"v"}]}'), "v"),
        ("header: etag", reply(200, "", ("ETag", "v")), "v"),
        ("field: ticket", reply(200, PAGE), "t1"),
        ("match: 'name=.(qu?).'", reply(200, PAGE), "q"),
    ],
)
@in_loop
async def test_what_is_kept_is_sent_later(keep: str, answer: Reply, value: str) -> None:
    place, result = await play(
        f"[{{request: GET api, keep: {{it: {{{keep}}}}}}}, {{request: GET api, body: '${{it}}'}}]", answer, reply()
    )
    assert result.verdict is Verdict.HOLDS
    assert place.calls[1].body == value.encode()


@pytest.mark.parametrize(
    ("steps", "answers", "told"),
    [
        ("[{request: GET api, keep: {it: {query: code}}}]", [reply(302, "", ("Location", "/x?error=y"))],
         "step 1: expected to be done, got nothing to keep as `it`: the answer (302 /x?error=y) has no query code"),
        ("[{request: GET api, keep: {it: {json: /a}}}]", [reply(200, "oh no")],
         "step 1: expected to be done, got nothing to keep as `it`: the body is no JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[{request: GET nowhere}]", [],
         "step 1: expected to be done, got there is no endpoint `nowhere`; there are: api, authorize, jwks, token"),
        ("[{follow: redirect}]", [], "step 1: expected to be done, got nothing has been asked yet"),
        ("[{request: GET api}, {follow: redirect}]", [reply(200)],
         "step 2: expected to be done, got the answer (200) leads nowhere: it has no Location"),
        ("[{request: GET api}, {follow: redirect}]", [reply(302, "", ("Location", "https://else.example/x"))],
         "step 2: expected to be done, got the redirect to https://else.example/x is not the provider's own"),
        ("[{request: GET api}, {submit: consent}]", [reply(200, PAGE)],
         "step 2: expected to be done, got the answer (200 '') has the forms sign-in, search, not `consent`"),
        ("[{request: GET api}, {submit: consent}]", [reply(500, "<title>Oh</title>")],
         "step 2: expected to be done, got the answer (500 'Oh') has no form, not `consent`"),
        ("[{request: GET api, status: 200}, {request: GET api}]", [reply(404, "lost")],
         "step 1: expected status 200, got 404 lost"),
        ("[{request: GET api}]", ["the line is dead"], "step 1: expected an answer, got the line is dead"),
        ("[{forge: {from: opaque, as: it}}, {request: GET api}]", [],
         "step 1: expected to be done, got it is no JWT of three parts"),
        ("[{mint: {user: nobody}, as: it}, {request: GET api}]", [],
         "step 1: expected to be done, got mint: there is nobody"),
    ],
)  # fmt: skip
@in_loop
async def test_a_step_that_fails_is_named(steps: str, answers: list[Reply | str], told: str) -> None:
    place = Scripted(*answers)
    result = await tried(place, contract(steps, OK))
    assert result.verdict is Verdict.DIFFERS
    assert [str(each) for each in result.differences] == [told]
    assert place.closed


STATES = """{one: {summary: First., clients: [{client_id: Rival, secret: '${word}', grants: [a]}], stage: {lifetimes: {code: 60}, origins: [o1], personas: true},
 steps: [{request: GET authorize, keep: {code: {query: code}}}]},
 two: {summary: Second., after: one, users: [{username: bob, locked: true}], stage: {lifetimes: {access_token: 5}, origins: [o2]}, steps: [{request: POST token, status: 201}]}}"""
BACK = reply(302, "", ("Location", "https://a.example/cb?code=c1"))


@in_loop
async def test_a_state_comes_about_before_the_rule_is_tried() -> None:
    table = contract("[{request: GET api, body: '${code}'}]", OK, STATES, "two", "{word: secret}")
    place = Scripted(BACK, reply(201), reply())
    result = await tried(place, table)
    assert result.verdict is Verdict.HOLDS
    assert [call.url.removeprefix(BASE) for call in place.calls] == ["/authorize", "/token", "/api"]
    assert place.calls[2].body == b"c1"
    assert place.verbs == [
        ("change_client", {"client_id": "Rival", "secret": "secret", "grants": ["a"]}),
        ("change_user", {"username": "bob", "locked": True}),
    ]
    assert place.given is not None
    stage = place.given.stage
    assert (stage.lifetimes, stage.origins, stage.personas) == ({"code": 60, "access_token": 5}, ["o1", "o2"], True)
    assert (result.rule, len(result.exchanges), place.closed) == ("ours/rule", 3, True)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([reply(400, "no")], "state one, step 1: expected a 2xx or 3xx status, got 400 no"),
        ([BACK, reply(200)], "state two, step 1: expected status 201, got 200"),
        (["dead"], "state one, step 1: expected an answer, got dead"),
    ],
)
@in_loop
async def test_a_state_that_does_not_come_about_is_named(answers: list[Reply | str], told: str) -> None:
    result = await tried(Scripted(*answers), contract("[{request: GET api}]", OK, STATES, "two", "{word: secret}"))
    assert result.verdict is Verdict.DIFFERS
    assert str(result.differences[0]) == told


@in_loop
async def test_where_nobody_governs_it_is_not_applicable() -> None:
    for steps in ("[{advance: 3}, {request: GET api}]", "[{fault: {}}, {request: GET api}]"):
        result = await tried(Scripted(governed=False), contract(steps, OK))
        assert (result.verdict, result.reason) == (Verdict.NOT_APPLICABLE, "nobody governs it")


@in_loop
async def test_what_a_place_has_no_value_for_is_not_applicable() -> None:
    for step, values in (
        ("{request: GET api, bearer: '${username}'}", "{}"),
        ("{request: GET api}", "{x: '${username}'}"),
    ):
        result = await tried(Scripted(), contract(f"[{step}]", OK, values=values))
        assert (result.verdict, result.reason.split()[-1]) == (
            Verdict.NOT_APPLICABLE,
            "with" if values == "{}" else "`username`",
        )


@in_loop
async def test_the_answers_to_its_own_steps_are_documented_ones() -> None:
    document = parse_document(
        "openapi: 3.1.0\npaths: {/api: {get: {responses: {'200': {description: Good.}}}}}", "ours: openapi.yaml"
    )
    table = contract(
        "[{request: GET api}, {request: GET api}]", OK, "{one: {summary: One., steps: [{request: GET /set-up}]}}", "one"
    )
    result = await run_trial(table, table.trials[0], Scripted(reply(), reply(), reply()), document)
    assert result.verdict is Verdict.HOLDS
    odd = reply(200, "", ("X-Own", "1"))
    result = await run_trial(table, table.trials[0], Scripted(reply(), odd, odd), document)
    told = "openapi: expected an answer as the document has it, got GET /api -> 200: header X-Own is not documented"
    assert [str(each) for each in result.differences] == [told, told]
    result = await run_trial(table, replace(table.trials[0], undocumented=True), Scripted(reply(), odd, odd), document)
    assert [str(each) for each in result.differences] == [told]


@in_loop
async def test_the_provider_is_governed_as_the_steps_say() -> None:
    rest = "{request: GET api, body: '${it}'}"
    for steps, verb in (
        ("{advance: '${scope}'}", ("advance", {"seconds": 9.0})),
        ("{remove_client: a}", ("remove_client", {"client_id": "a"})),
        ("{remove_user: a}", ("remove_user", {"username": "a"})),
        ("{revoke: {kind: access_token, user: a}}", ("revoke", {"kind": "access_token", "user": "a"})),
        ("{rotate_keys: {keep_old: false}}", ("rotate_keys", {"keep_old": False})),
        (
            "{fault: {match: {endpoint: api}, effect: {kind: x}}}",
            ("fault", {"match": {"endpoint": "api"}, "effect": {"kind": "x"}}),
        ),
    ):
        place, _ = await play(f"[{steps}, {{request: GET api}}]", scope="9")
        assert place.verbs == [verb]
    place, _ = await play(f"[{{mint: {{expires_in: -1, claims: {{a: null}}}}, as: it}}, {rest}]")
    assert place.verbs == [("mint", {"expires_in": -1, "claims": {"a": None}})]
    assert place.calls[0].body == b"minted"


@pytest.mark.parametrize(
    ("step", "call"),
    [
        ("{submit: sign-in, fill: {user: ada}}", Call(method="POST", url=f"{BASE}/login?a=1", headers=(FORM,), body=b"user=ada&ticket=t1&do=in")),
        ("{submit: kc, fill: {do: out, more: 1}}", Call(method="POST", url=f"{BASE}/login?a=1", headers=(FORM,), body=b"user=&ticket=t1&do=out&more=1")),
        ("{submit: login, fill: {ticket: null, do: null}}", Call(method="POST", url=f"{BASE}/login?a=1", headers=(FORM,), body=b"user=")),
        ("{submit: search}", Call(method="GET", url=f"{BASE}/search?q=x+y")),
    ],
)  # fmt: skip
@in_loop
async def test_a_form_is_sent_as_a_browser_does(step: str, call: Call) -> None:
    place, _ = await play(f"[{{request: GET authorize}}, {step}]", reply(200, PAGE), reply())
    assert place.calls[1] == call


@in_loop
async def test_a_redirect_is_followed_within_the_host_that_was_asked() -> None:
    steps = "[{request: GET authorize, host: login.example}, {follow: redirect}]"
    for location in ("https://login.example/next?a=1", "/next?a=1", f"{BASE}/next?a=1"):
        place, result = await play(steps, reply(302, "", ("Location", location)), reply())
        assert result.verdict is Verdict.HOLDS
        assert (place.calls[1].url, place.calls[1].header("host")) == (f"{BASE}/next?a=1", "login.example")


@in_loop
async def test_cookies_are_kept_by_path_and_host_until_they_end() -> None:
    first = reply(
        200, "", ("Set-Cookie", "a=1; Path=/; HttpOnly"), ("Set-Cookie", "b=2; Path=/api/deep"), ("Set-Cookie", "c=3; Max-Age=0"),
        ("Set-Cookie", "d=4; Expires=Thu, 01-Jan-1970 00:00:10 GMT; Path=/"), ("Set-Cookie", "broken"),
    )  # fmt: skip
    place, _ = await play(
        "[{request: GET api}, {request: GET api/deep/er}, {request: GET apiary, cookies: false}]", first, reply()
    )
    assert place.calls[0].header("cookie") is None
    assert place.calls[1].header("cookie") == "b=2; a=1"
    gone = reply(200, "", ("Set-Cookie", "a=; Path=/; Max-Age=0"))
    place, _ = await play("[{request: GET api}, {request: GET api}, {request: GET api}]", first, gone, reply())
    assert [call.header("cookie") for call in place.calls] == [None, "a=1", None]
    place, _ = await play(
        "[{request: GET api}, {request: GET api, host: else.example}, {request: GET api, cookies: false}]",
        first,
        reply(),
        reply(),
    )
    assert [call.header("cookie") for call in place.calls] == [None, None, None]


@in_loop
async def test_a_forged_token_says_what_it_shall() -> None:
    token = SigningKey("k", development_keys()[0]).sign(
        {"alg": "RS256", "kid": "k"}, {"iss": "i", "aud": "a", "exp": 1}
    )
    for words, signature in (("keep", token.rpartition(".")[2]), ("none", "")):
        forge = f"{{forge: {{from: '${{scope}}', header: {{alg: none, kid: null}}, claims: {{aud: b, exp: '${{now+60}}', nonce: n}}, signature: {words}, as: it}}}}"
        place, result = await play(f"[{forge}, {{request: GET api, bearer: '${{it}}'}}]", scope=token)
        assert result.verdict is Verdict.HOLDS
        jwt = read_jwt((place.calls[0].header("authorization") or "").removeprefix("Bearer "))
        assert list(jwt.claims.items()) == [("iss", "i"), ("aud", "b"), ("exp", int(NOW) + 60), ("nonce", "n")]
        assert (jwt.header, jwt.signature) == ({"alg": "none"}, signature)
    place, _ = await play(
        "[{forge: {from: '${scope}', signature: garbage, as: it}}, {request: GET api, body: '${it}'}]", scope=token
    )
    forged = read_jwt(place.calls[0].body.decode())
    assert len(forged.signature) == len(token.rpartition(".")[2])
    assert forged.signature != token.rpartition(".")[2]
