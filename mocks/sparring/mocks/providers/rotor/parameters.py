"""A request's parameters as Rails hands them to everybody behind it: those of the body, and the query's over them."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from sparring.mocks.engine.messages import Params, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.rotor import rules

FORM = "application/x-www-form-urlencoded"
JSON_TYPES = frozenset({"application/json", "text/x-json", "application/jsonrequest"})  # [engine] mime_types.rb


def readable(request: Request) -> bool:
    """Whether a body that came can be made parameters of: a form, JSON, or of a type that is not told [engine]."""
    return not request.body or request.media_type in {FORM, "", *JSON_TYPES}


def parameters(request: Request) -> Mapping[str, Any]:
    """Names and values; Refusal where the body says JSON and is none."""
    params = dict(_from_json(request) if request.media_type in JSON_TYPES else _last(request, _form(request)))
    return params | _last(request, request.query_params)


def text(params: Mapping[str, Any], name: str) -> str | None:
    """A parameter that is a string, None where it is blank [engine: blank?]."""
    value = params.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _form(request: Request) -> Params:
    """The form; a body of which nobody says what it is counts as one [engine: Rack]."""
    if request.media_type:
        return request.form_params
    return parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)


def _from_json(request: Request) -> Mapping[str, Any]:
    if not request.body:
        return {}
    try:
        document = json.loads(request.body)
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()  # half a surrogate pair, NaN: not to Ruby
    except (ValueError, RecursionError):  # rotor/body-unreadable [assumed]
        raise Refusal(rules.BODY_UNREADABLE, description="Bad Request") from None
    return document if isinstance(document, dict) else {"_json": document}


def _last(request: Request, pairs: Params) -> dict[str, str]:
    """Of a name that comes again, the last value [engine: Rack]."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            request.facts.notes.append(f"{name} came again; its last value was taken, a stricter server would refuse")
        found[name] = value
    return found
