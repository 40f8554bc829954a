"""A request's parameters as Rails hands them to everybody behind it: those of the body, and the query's over them."""

import json
import re
from collections.abc import Mapping
from itertools import takewhile
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from sparring.mocks.engine.messages import Params, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.rotor import rules

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON_TYPES = frozenset({"application/json", "text/x-json", "application/jsonrequest"})  # [engine] mime_types.rb
_BOUNDARY = re.compile(rb'boundary="?([^";,]+)"?', re.IGNORECASE)  # [engine] Rack: MULTIPART
_DISPOSITION = rb"^content-disposition:[^\r\n]*?;[ \t]*"
_NAMED = re.compile(_DISPOSITION + rb'name=(?:"([^"\r\n]*)"|([^;\r\n]*))', re.IGNORECASE | re.MULTILINE)
_FILE = re.compile(_DISPOSITION + rb"filename\*?=", re.IGNORECASE | re.MULTILINE)


def readable(request: Request) -> bool:
    """Whether a body that came can be made parameters of: forms, JSON, or of a type that is not told [engine]."""
    return not request.body or request.media_type in {FORM, MULTIPART, "", *JSON_TYPES}


def malformed(request: Request) -> bool:
    """Whether query or form are broken: a percent sign without its two digits, or no UTF-8 [engine]."""
    sent = [request.query.encode("latin-1", "replace")]
    sent += [request.body] if request.media_type in {FORM, ""} else []
    return any(map(_broken, sent))


def _broken(encoded: bytes) -> bool:
    if encoded.isascii() and b"%" not in encoded:
        return False
    try:
        unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return True
    return re.search(rb"%(?![0-9A-Fa-f]{2})", encoded) is not None


def parameters(request: Request) -> Mapping[str, Any]:
    """Names and values; Refusal where the body says JSON and is none."""
    params = dict(_from_json(request) if request.media_type in JSON_TYPES else _last(request, _form(request)))
    return params | _last(request, request.query_params)


def present(params: Mapping[str, Any], name: str) -> bool:
    """Whether there is anything under that name but blanks, of whatever type [engine: present?]."""
    value = params.get(name)
    return bool(value.strip()) if isinstance(value, str) else value not in (None, False, [], {})


def text(params: Mapping[str, Any], name: str) -> str | None:
    """A parameter that is a string, None where it is blank [engine: blank?]."""
    value = params.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _form(request: Request) -> Params:
    """The form; a body of which nobody says what it is counts as one [engine: Rack]."""
    if request.media_type == MULTIPART:
        return _multipart(request)
    if request.media_type:
        return request.form_params
    return parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)


def _multipart(request: Request) -> Params:
    """The fields of a multipart form (RFC 7578), files left out. Read here, for the standard library takes a square of
    the time for a header of semicolons.
    """
    boundary = _BOUNDARY.search((request.header("content-type") or "").encode("latin-1", "replace"))
    if boundary is None:
        return []
    _, *parts = (b"\r\n" + request.body).split(b"\r\n--" + boundary[1])
    found: Params = []
    for part in takewhile(lambda part: not part.startswith(b"--"), parts):
        head, end, content = part.partition(b"\r\n\r\n")
        named = _NAMED.search(head)
        if end and named is not None and _FILE.search(head) is None:
            name = named[1] if named[1] is not None else named[2].strip()
            found.append((name.decode("utf-8", "replace"), content.decode("utf-8", "replace")))
    return found


def _from_json(request: Request) -> Mapping[str, Any]:
    if not request.body:
        return {}
    try:
        document = json.loads(request.body)
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()  # half a surrogate pair, NaN: not to Ruby
    except (ValueError, RecursionError):  # rotor/body-unreadable [engine]
        raise Refusal(rules.BODY_UNREADABLE, description="Bad Request") from None
    return document if isinstance(document, dict) else {"_json": document}


def _last(request: Request, pairs: Params) -> dict[str, Any]:
    """Of a name that comes again, the last value; a name with brackets is no text [engine: Rack]."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        bare, bracket, _ = name.partition("[")
        if name in found:
            told = f"{name} came again; its last value was taken, a stricter server would refuse"
            if told not in request.facts.notes:
                request.facts.notes.append(told)
        if bare and bracket:
            found[bare] = [value]
        else:
            found[name] = value
    return found
