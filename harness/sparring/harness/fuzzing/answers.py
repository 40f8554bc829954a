"""The answers that are tried: the provider's own with something done to it, as faults; the simplest come first."""

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
Faults = st.SearchStrategy[list[Json]]

_LETTERS = "ab0 \t\n\"'\\/{}[]<>&=%;,:.-_+~@#$?!|^`()*\x00\x7f\u00fc\u0416\u202e\U0001f511"
_TEXT = st.text(alphabet=_LETTERS, max_size=40)
_NUMBERS = st.sampled_from([0, 1, -1, 0.5, 1e308, 2**31, 2**63, 2**64, 10**30, -(10**30)]) | st.integers(-100, 10**6)
_WORDS = st.sampled_from(["", "None", "null", "undefined", "0", "1e400", "Bearer", "x" * 5_000]) | _TEXT
_PLAIN = st.none() | st.booleans() | _NUMBERS | _WORDS
_LISTS = st.lists(_PLAIN, max_size=3)
_OBJECTS = st.dictionaries(_TEXT, _PLAIN, max_size=3)
_VALUES = st.one_of(st.none(), st.booleans(), _NUMBERS, _WORDS, _LISTS, _OBJECTS)
"""Each type of JSON as often as every other one."""

_TOKEN_MEMBERS = ("access_token", "expires_in", "token_type", "refresh_token", "scope", "id_token", "error", "x")
_OFTEN = ("access_token", "expires_in", "token_type", "access_token", "expires_in")
"""Once more each: without them there is no token."""
_USER_MEMBERS = ("/data/attributes/access_token", "/data/attributes/expires_in", "/data/attributes", "/data", "/errors")
_STATUSES = st.sampled_from(
    [200, 201, 202, 203, 206, 207, 226, 300, 301, 302, 303, 305, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408, 409,
     410, 413, 415, 418, 421, 422, 423, 425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 507, 511, 599]
)  # fmt: skip
_HEADERS = {
    "content-type": ["", "text/html", "text/plain; charset=utf-16", "application/json; charset=x", ";", "a/b; c=\xff"],
    "retry-after": ["", "-1", "soon", "99999999999999", "Thu, 01 Jan 1970 00:00:00 GMT", "0.5", "1, 2"],
    "www-authenticate": ["", "Bearer", "Bearer error=", 'Bearer error="invalid_token', ",,,", "Basic, Bearer x=\xff"],
    "content-encoding": ["gzip", "br", "x", "identity"],
    "location": ["", "/", "//", "http://[", "javascript:1", "\xff"],
    "date": ["", "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT"],
    "cache-control": ["", "max-age=x"],
    "set-cookie": ["", "=", "a=b; expires=x"],
    "link": ["", "<"],
    "etag": ["", "\xff"],
}
_BODIES = st.just("") | st.sampled_from(
    [" ", "\n", "{", "}", "[]", "{}", "null", "true", "0", '""', '"a"', "[{}]", '{"access_token"', "NaN", "<html>",
     "a=b", '{"access_token":"a"}{}', "\ufeff{}", '{"a":' * 2_000, "[" * 100_000, '{"access_token":"\\ud800"}', "\x00"]
) | _TEXT  # fmt: skip
_PARAMETERS = ("code", "state", "error", "error_description", "iss", "session_state", "x")


def _patches(paths: tuple[str, ...]) -> st.SearchStrategy[Json]:
    path = st.sampled_from(paths)
    changed = st.builds(lambda where, value: {"op": "add", "path": where, "value": value}, path, _VALUES)
    dropped = st.builds(lambda where: {"op": "remove", "path": where}, path)
    return st.builds(lambda op: {"kind": "json-patch", "ops": [op]}, st.one_of(changed, changed, changed, dropped))


_SET_HEADERS = st.sampled_from(sorted(_HEADERS)).flatmap(
    lambda name: st.builds(lambda value: {"kind": "headers", "set": {name: value}}, st.sampled_from(_HEADERS[name]))
)
_ANYWHERE = (
    st.builds(lambda text: {"kind": "body", "text": text}, _BODIES),
    st.builds(lambda status: {"kind": "status", "status": status}, _STATUSES),
    _SET_HEADERS,
    st.sampled_from([{"kind": "headers", "drop": ["content-type"]}]),
    st.builds(lambda size: {"kind": "oversized", "size": size}, st.sampled_from([10_000, 100_000, 2_000_000])),
    st.builds(lambda octets: {"kind": "body", "base64": octets}, st.sampled_from(["/w==", "/v8=", "gICA", "H4sI"])),
)


def _replaced(members: tuple[str, ...]) -> st.SearchStrategy[Json]:
    body = st.dictionaries(st.sampled_from(members), _VALUES, max_size=4) | _VALUES
    return st.builds(lambda status, body: {"kind": "replace", "status": status, "body": body}, _STATUSES, body)


def _doubled(members: tuple[str, ...]) -> st.SearchStrategy[Json]:
    return st.builds(
        lambda name, value: {"kind": "duplicate-member", "member": name, "value": value},
        st.sampled_from(members),
        _VALUES,
    )


def _fault(endpoint: str, *effects: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    def made(effect: Json, times: int | None) -> Json:
        return {"match": {"endpoint": endpoint, "when": "after"}, "effect": effect, "times": times}

    return st.builds(made, st.one_of(*effects), st.sampled_from([None, 1]))


_PARAMETER = st.dictionaries(st.sampled_from(_PARAMETERS), _TEXT, max_size=2)
_CALLBACK = st.builds(
    lambda changed, dropped, again, inside: {
        "kind": "authorization-response", "set": changed, "drop": dropped, "repeat": again, "in_fragment": inside
    },
    _PARAMETER,
    st.lists(st.sampled_from(_PARAMETERS), max_size=2, unique=True),
    _PARAMETER,
    st.booleans(),
)  # fmt: skip


def faults(provider: str, *, by_code: bool, with_users: bool) -> Faults:
    """What goes wrong in one example, one or two things. ``by_code``: callbacks too; ``with_users``: registrations."""
    patched = _fault("token", _patches(tuple(f"/{name}" for name in (*_TOKEN_MEMBERS, *_OFTEN))))
    broken = _fault("token", *_ANYWHERE, _replaced(_TOKEN_MEMBERS), _doubled(_TOKEN_MEMBERS[:5]))
    kinds = [patched, broken, patched, _fault("api", *_ANYWHERE, _replaced(("data", "error", "errors", "x")))]
    if with_users:
        kinds.append(_fault("register", _patches(_USER_MEMBERS), *_ANYWHERE, _replaced(("data", "errors"))))
    if by_code:
        kinds.append(_fault("authorize", _CALLBACK).map(_whenever_it_comes))
    one = st.one_of(*kinds)
    several = st.lists(one, min_size=2, max_size=2)
    return st.one_of(st.builds(lambda fault: [fault], one), several).map(lambda found: _named(provider, found))


def _whenever_it_comes(fault: Json) -> Json:
    """The answer with the code may come from a page after the first one, so the endpoint is left open."""
    return {**fault, "match": {}}


def _named(provider: str, found: list[Json]) -> list[Json]:
    return [
        {"id": f"answer-{number}", **fault, "match": {"provider": provider, **fault["match"]}}
        for number, fault in enumerate(found, start=1)
    ]
