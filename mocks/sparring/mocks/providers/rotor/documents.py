"""The JSON bodies that the partner API is sent: ``data.attributes``, read alike everywhere."""

from collections.abc import Mapping
from typing import Any

from sparring.mocks.engine.messages import Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.parameters import parameters


def attributes_of(request: Request) -> Mapping[str, Any]:
    """``data.attributes``; empty where there is no such object, or where the body is not declared as JSON."""
    data = parameters(request).get("data")
    attributes = data.get("attributes") if isinstance(data, dict) else None
    return attributes if isinstance(attributes, dict) else {}


def text_of(attributes: Mapping[str, Any], name: str) -> str:
    """An attribute that must be text [assumed]."""
    value = attributes.get(name)
    if not isinstance(value, str) or not value.strip():  # rotor/api/attribute-missing [assumed]
        raise Refusal(rules.ATTRIBUTE_MISSING, description=f"{name} is required")
    return value


def number_of(attributes: Mapping[str, Any], name: str) -> int:
    """An attribute that must be a whole number [assumed]."""
    value = attributes.get(name)
    if not isinstance(value, int) or isinstance(value, bool):  # rotor/api/attribute-missing [assumed]
        raise Refusal(rules.ATTRIBUTE_MISSING, description=f"{name} is required")
    return value
