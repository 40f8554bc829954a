"""Every kind of difference is found, told with its path, and nothing else is one."""

# ruff: noqa: D103, E501 - the names are sentences, the tables wide

import json

import pytest

from sparring.contracts.place import Reply
from sparring.contracts.running import Verdict
from sparring.contracts.tokens import TokenError, forge, read_jwt
from sparring.mocks.engine.keys import SigningKey, development_keys
from tests.contracts.scripted import BASE, NOW, Scripted, contract, differing, reply, tried
from tests.mocks.stages import in_loop

JSON = ("Content-Type", "application/json")
DATE = ("Date", "Sun, 15 Jun 2025 15:06:40 GMT")
PAGE = """<html><head><title>Sign  in</title><style>.hidden{}</style></head>
<body><h1>Welcome</h1><p>Say <b>who</b>
you are.</p></body></html>"""
CALLBACK = "https://app.example/cb"


def found(place: str, status: int = 302) -> Reply:
    """A redirect."""
    return reply(status, "", ("Location", place), ("Cache-Control", "no-store"))


@pytest.mark.parametrize(
    ("answer", "expect", "told"),
    [
        (reply(200), "{status: 200}", []),
        (reply(401), "{status: 200}", ["status: expected 200, got 401"]),
        # headers
        (reply(200, "", JSON, DATE), "{status: 200, headers: {content-type: application/json}}", []),
        (reply(200, "", JSON), "{status: 200, headers: {Content-Type: text/html}}",
         ['header Content-Type: expected "text/html", got "application/json"']),
        (reply(200, "", JSON), "{status: 200, headers: {}}", ['header content-type: expected nothing, got "application/json"']),
        (reply(200), "{status: 200, headers: {Pragma: no-cache}}", ['header Pragma: expected "no-cache", got nothing']),
        (reply(200, "", ("A", "1"), ("B", "2")), "{status: 200, headers: {B: 2, A: 1}}",
         ["headers (order): expected b, a, got a, b"]),
        (reply(200, "", ("A", "1"), ("A", "2")), "{status: 200, headers: {A: ['1', '2']}}", []),
        (reply(200, "", ("A", "1"), ("A", "2")), "{status: 200, headers: {A: ['2', '1']}}",
         ['header A: expected "2", got "1"', 'header A: expected "1", got "2"']),
        (reply(200, "", ("A", "1"), ("A", "2")), "{status: 200, headers: {A: '1'}}",
         ['header A: expected ["1"], got ["1", "2"]']),
        (reply(200, "", ("A", "1")), "{status: 200, headers: {A: null}}", ['header A: expected nothing, got "1"',]),
        (reply(200), "{status: 200, headers: {A: null}}", []),
        (reply(200, "", DATE), "{status: 200, headers: {Date: <<date>>}}", []),
        (reply(200, "", ("Date", "today")), "{status: 200, headers: {Date: <<date>>}}",
         ['header Date: expected "<<date>>", got "today"']),
        # JSON
        (reply(200, '{"a":1,"b":[true,null]}'), "{status: 200, json: {a: 1, b: [true, null]}}", []),
        (reply(200, '{"b":1,"a":2}'), "{status: 200, json: {a: 2, b: 1}}", ["json (order): expected a, b, got b, a"]),
        (reply(200, '{"a":"1"}'), "{status: 200, json: {a: 1}}", ['json /a: expected 1, got "1"']),
        (reply(200, '{"a":1}'), "{status: 200, json: {a: true}}", ["json /a: expected true, got 1"]),
        (reply(200, '{"a":1}'), "{status: 200, json: {a: 1.0}}", ["json /a: expected 1.0, got 1"]),
        (reply(200, '{"a":null}'), "{status: 200, json: {}}", ["json /a: expected nothing, got null"]),
        (reply(200, "{}"), "{status: 200, json: {a: null}}", ["json /a: expected null, got nothing"]),
        (reply(200, '{"a":{"b/c":[1,{"d":2}]}}'), "{status: 200, json: {a: {b/c: [1, {d: 3}]}}}",
         ["json /a/b~1c/1/d: expected 3, got 2"]),
        (reply(200, "[1,2]"), "{status: 200, json: [1]}", ["json: expected [1], got [1, 2]"]),
        (reply(200, "[]"), "{status: 200, json: {}}", ["json: expected an object, got []"]),
        (reply(200, "null"), "{status: 200, json: null}", []),
        (reply(200, "{}"), "{status: 200, json: [1]}", ["json: expected a list, got {}"]),
        (reply(200, '{"a":1,"a":2}'), "{status: 200, json: {a: 2}}",
         ['json: expected {"a": 2}, got "{\\"a\\":1,\\"a\\":2}" (the body is no JSON: a member occurs twice among a, a)']),
        (reply(200, '{"b":{"x":1,"y":2},"a":2}'), "{status: 200, json_has: {a: 2, b: {y: 2}}}", []),
        (reply(200, '{"b":{"x":1}}'), "{status: 200, json_has: {b: {y: 2}}}", ["json /b/y: expected 2, got nothing"]),
        (reply(200, '{"e":"86400"}'), "{status: 200, json: {e: <<integer>>}}", ['json /e: expected "<<integer>>", got "86400"']),
        (reply(200, '{"e":86400}'), "{status: 200, json: {e: <<integer>>}}", []),
        (reply(200, '{"e":true}'), "{status: 200, json: {e: <<integer>>}}", ['json /e: expected "<<integer>>", got true']),
        (reply(200, '{"e":1.5}'), "{status: 200, json: {e: <<number>>}}", []),
        (reply(200, '{"e":1.5}'), "{status: 200, json: {e: <<integer>>}}", ['json /e: expected "<<integer>>", got 1.5']),
        (reply(200, '{"e":[1]}'), "{status: 200, json: {e: <<json>>}}", []),
        (reply(200, '{"e":1}'), "{status: 200, json: {e: <<any>>}}", ['json /e: expected "<<any>>", got 1']),
        (reply(200, '{"e":""}'), "{status: 200, json: {e: <<string>>}}", ['json /e: expected "<<string>>", got ""']),
        (reply(200, f'{{"e":{int(NOW) + 304}}}'), "{status: 200, json: {e: <<now+300>>}}", []),
        (reply(200, f'{{"e":{int(NOW) + 306}}}'), "{status: 200, json: {e: <<now+300>>}}",
         [f'json /e: expected "<<now+300>>", got {int(NOW) + 306}']),
        # body and page
        (reply(200), '{status: 200, body: ""}', []),
        (reply(200, "no"), '{status: 200, body: ""}', ['body: expected "", got "no"']),
        (reply(200, "id 7 of 9"), '{status: 200, body: "id <<integer>> of <<re:[89]>>"}', []),
        (reply(200, PAGE), "{status: 200, page: {title: Sign in, has: [Say who you are.], lacks: [hidden]}}", []),
        (reply(200, PAGE), "{status: 200, page: {title: Log in}}", ['page title: expected "Log in", got "Sign in"']),
        (reply(200, PAGE), "{status: 200, page: {has: [Wrong password]}}",
         ['page: expected the words "Wrong password", got "Welcome Say who you are."']),
        (reply(200, PAGE), "{status: 200, page: {lacks: [Welcome]}}",
         ['page: expected no word of "Welcome", got "Welcome Say who you are."']),
        # location
        (found(f"{CALLBACK}?code=x&state=a+b"), f"{{status: 302, location: {{to: '{CALLBACK}', query: {{code: <<string>>, state: a b}}}}}}", []),
        (found(f"{CALLBACK}?k=v&code=x"), f"{{status: 302, location: {{to: '{CALLBACK}?k=v', query: {{code: x}}}}}}", []),
        (found(f"{CALLBACK}?state=s&code=x"), f"{{status: 302, location: {{to: '{CALLBACK}', query: {{code: x, state: s}}}}}}",
         ["location query (order): expected code, state, got state, code"]),
        (found(f"{CALLBACK}?code=x"), f"{{status: 302, location: {{to: '{CALLBACK}', query: {{code: x, state: s}}}}}}",
         ['location query state: expected "s", got nothing']),
        (found(f"{CALLBACK}?code=x&iss=y"), f"{{status: 302, location: {{to: '{CALLBACK}', query: {{code: x}}}}}}",
         ['location query iss: expected nothing, got "y"']),
        (found(f"{CALLBACK}?code=x"), f"{{status: 302, location: {{to: '{CALLBACK}', query: {{code: y}}}}}}",
         ['location query code: expected "y", got "x"']),
        (found(f"{CALLBACK}#error=x"), f"{{status: 302, location: {{to: '{CALLBACK}', query: {{error: x}}}}}}",
         ['location query error: expected "x", got nothing', 'location fragment error: expected nothing, got "x"']),
        (found(f"{CALLBACK}/#error=x"), f"{{status: 302, location: {{to: '{CALLBACK}', fragment: {{error: x}}}}}}",
         [f'location: expected "{CALLBACK}", got "{CALLBACK}/"']),
        (found("/next?a=1"), "{status: 302, headers: {Cache-Control: no-store}, location: {to: /<<re:n.*>>, query: {a: <<integer>>}}}", []),
        (reply(302), "{status: 302, location: {to: /next}}", ['location: expected "/next", got nothing']),
    ],
)  # fmt: skip
@in_loop
async def test_what_differs_is_told(answer: Reply, expect: str, told: list[str]) -> None:
    assert await differing(answer, expect) == told


@in_loop
async def test_at_a_live_server_only_the_named_headers_count() -> None:
    answer = reply(200, "", ("B", "2"), ("X-Proxy", "y"), ("A", "1"))
    assert await differing(answer, "{status: 200, headers: {A: 1, B: 2}}", exact=False) == []
    assert await differing(answer, "{status: 200, headers: {A: 2, C: 3}}", exact=False) == [
        'header A: expected "2", got "1"',
        "header C: expected 3, got nothing",
    ]


@in_loop
async def test_expectations_speak_of_known_values() -> None:
    answer = found(f"{BASE}/cb?scope=a%20b")
    expect = "{status: 302, headers: {Location: '${base}/cb?scope=${scope|quote}', Cache-Control: no-store}}"
    assert await differing(answer, expect, scope="a b") == []
    place = Scripted(answer)
    result = await tried(place, contract("[{request: GET api}]", "{status: 302, body: '${client_id}'}"))
    assert (result.verdict, result.reason) == (Verdict.NOT_APPLICABLE, "there is no client_id to try it with")


KEY = SigningKey("k1", development_keys()[0])
CLAIMS = {"iss": BASE, "sub": "7", "exp": int(NOW) + 300}
TOKEN = KEY.sign({"alg": "RS256", "kid": "k1"}, CLAIMS)


def jwks(kid: str = "k1", key: SigningKey = KEY) -> Reply:
    """A published key."""
    n, e = key.numbers()
    return reply(200, json.dumps({"keys": [{"kty": "RSA", "kid": kid, "n": n, "e": e}]}))


async def about_token(token: str, expect: str, *more: Reply) -> list[str]:
    """The differences of a token in an answer."""
    place = Scripted(reply(200, json.dumps({"access_token": token})), *more)
    result = await tried(place, contract("[{request: POST token}]", f"{{status: 200, token: {expect}}}"))
    return [str(each) for each in result.differences]


@in_loop
async def test_a_token_is_read_in_full() -> None:
    whole = "header: {alg: RS256, kid: k1}, claims: {iss: '${base}', sub: '7', exp: <<now+300>>}, signed: true"
    assert await about_token(TOKEN, f"{{at: /access_token, {whole}}}", jwks()) == []
    assert await about_token(TOKEN, "{at: /access_token, claims_has: {sub: '7'}}") == []
    assert await about_token(
        TOKEN, f"[{{at: /access_token, {whole}}}, {{at: /access_token, header: {{}}}}]", jwks()
    ) == [
        'token /access_token header /alg: expected nothing, got "RS256"',
        'token /access_token header /kid: expected nothing, got "k1"',
    ]
    assert await about_token(TOKEN, "{at: /access_token, claims: {sub: '7', iss: '${base}', exp: <<integer>>}}") == [
        "token /access_token claims (order): expected sub, iss, exp, got iss, sub, exp"
    ]
    assert await about_token(TOKEN, "{at: /id_token, header: {}}") == [
        "token /id_token: expected a JWT, got there is nothing at /id_token"
    ]
    assert await about_token("opaque", "{at: /access_token, header: {}}") == [
        "token /access_token: expected a JWT, got it is no JWT of three parts"
    ]


@pytest.mark.parametrize(
    ("token", "answer", "why"),
    [
        (TOKEN, jwks("k2"), "no published key has the kid 'k1'"),
        (TOKEN, jwks(key=SigningKey("k1", development_keys()[1])), "the signature is by none of the published keys"),
        (forge(TOKEN, {}, {"sub": "8"}, "keep"), jwks(), "the signature is by none of the published keys"),
        (forge(TOKEN, {}, {}, "garbage"), jwks(), "the signature is by none of the published keys"),
        (forge(TOKEN, {"alg": "none"}, {}, "none"), jwks(), "alg is 'none', not RS256"),
        (TOKEN, reply(404, "gone"), "the published keys cannot be had: the body is no JSON: Expecting value: line 1 column 1 (char 0)"),
    ],
)  # fmt: skip
@in_loop
async def test_a_signature_that_is_not_the_providers_is_told(token: str, answer: Reply, why: str) -> None:
    assert await about_token(token, "{at: /access_token, signed: true}", answer) == [
        f"token /access_token signature: expected one by a published key, got {why}"
    ]


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (None, "it is no JWT of three parts"),
        ("a.b", "it is no JWT of three parts"),
        ("e30.*.x", "a part of it is no base64url"),
        ("e30.e.x", "a part of it is no base64url"),
        ("e30.bm8.x", "a part of it is no JSON in base64url"),
        ("e30.W10.x", "a part of it is no JSON object"),
    ],
)
def test_what_is_no_jwt_is_told(token: object, why: str) -> None:
    with pytest.raises(TokenError, match=f"^{why}$"):
        read_jwt(token)
