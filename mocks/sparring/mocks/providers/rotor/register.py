"""POST /api/partner/v1/register: "Register/Fetch User", with the partner's token; a user's token comes back."""

from collections.abc import Mapping
from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import open_grant
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.answers import api_refusal, shown
from sparring.mocks.providers.rotor.bearer import admit_partner
from sparring.mocks.providers.rotor.managed_users import find_or_create_user
from sparring.mocks.providers.rotor.opaque import user_token
from sparring.mocks.providers.rotor.parameters import JSON_TYPES, parameters
from sparring.mocks.providers.rotor.variants import STRING_NUMBERS

ATTRIBUTES = ("remote_user_id", "remote_email", "optional_attributes")
RECOGNISED = ("api_url", "api_secret_key")  # [doc] sample; which ones count is agreed with each partner
MISSING = "remote_user_id is required"
OVER_QUOTA = "quota-exceeded"
"""The application that may register nobody any more."""


async def register(desk: Desk, request: Request) -> Answer:
    """The caller, then the body, then what it says [order assumed]."""
    try:
        token = await admit_partner(desk, request)
        attributes = _attributes(request)
        remote_user_id = _remote_user_id(request, attributes)
        email = _text(attributes, "remote_email")
        optional = _optional(request, attributes)
        if token.client_id == OVER_QUOTA:  # rotor/register/quota-exceeded [doc] status, [assumed] place
            raise Refusal(rules.QUOTA_EXCEEDED, status=402)
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    user, created = await find_or_create_user(desk, token.client_id, remote_user_id, email, optional)
    request.facts.user = user.remote_user_id
    named = {"kind": "user", "remote_user_id": user.remote_user_id, "account": user.id}
    grant = await open_grant(desk, token.client_id, user.remote_user_id, (), named)
    members: dict[str, object] = {"access_token": await user_token(desk, request.facts, grant)}
    if desk.variant != STRING_NUMBERS:  # [doc] only the newest sample tells the lifetime
        members["expires_in"] = desk.lifetimes["user_token"]
    # rotor/register/user-created, rotor/register/user-found [doc]; 200 for both [assumed]
    rule = rules.USER_CREATED if created else rules.USER_FOUND
    return shown(rule, {"data": {"type": "access_token", "attributes": members}})


def _attributes(request: Request) -> Mapping[str, Any]:
    """``data.attributes`` of a JSON body [doc]."""
    if request.media_type not in JSON_TYPES:  # rotor/register/content-type [doc] header, [assumed] answer
        raise _bad(rules.REGISTER_CONTENT_TYPE, MISSING)
    data = parameters(request).get("data")
    attributes = data.get("attributes") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(attributes, dict):
        # rotor/register/remote-user-id-missing [assumed]
        raise _bad(rules.REMOTE_USER_ID_MISSING, MISSING)
    if data.get("type") != "user":  # whether the real one minds is not known
        request.facts.notes.append('data.type was not "user"; a stricter server would refuse')
    ignored = [name for name in attributes if name not in ATTRIBUTES]
    if ignored:
        request.facts.notes.append(f"attributes that were ignored: {', '.join(ignored)}")
    return attributes


def _remote_user_id(request: Request, attributes: Mapping[str, Any]) -> str:
    """The partner's own id of the person, as text and as it came."""
    value = attributes.get("remote_user_id")
    if isinstance(value, int) and not isinstance(value, bool):  # [assumed] stored as text, as Rails does
        request.facts.notes.append("remote_user_id was a number: its digits were taken, a stricter server would refuse")
        return str(value)
    found = _text(attributes, "remote_user_id")
    if found is not None and found.strip():
        return found
    # rotor/register/user-uid-outdated [doc] renamed in August 2024, rotor/register/remote-user-id-missing [assumed]
    raise _bad(rules.USER_UID_OUTDATED if "user_uid" in attributes else rules.REMOTE_USER_ID_MISSING, MISSING)


def _text(attributes: Mapping[str, Any], name: str) -> str | None:
    """An attribute that is text, None where it is left out."""
    value = attributes.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _bad(rules.ATTRIBUTE_TYPE, f"{name} is invalid")  # rotor/register/attribute-type [assumed]
    return value


def _optional(request: Request, attributes: Mapping[str, Any]) -> dict[str, str]:
    """The optional attributes that are recognised; others are ignored [doc]."""
    given = attributes.get("optional_attributes")
    if given is None:
        return {}
    if not isinstance(given, dict):  # rotor/register/attribute-type [assumed]
        raise _bad(rules.ATTRIBUTE_TYPE, "optional_attributes is invalid")
    ignored = [name for name in given if name not in RECOGNISED]
    if ignored:
        request.facts.notes.append(f"optional attributes that were ignored: {', '.join(ignored)}")
    found = {name: _text(given, name) for name in RECOGNISED}
    return {name: value for name, value in found.items() if value is not None}


def _bad(rule: Rule, words: str) -> Refusal:
    return Refusal(rule, description=words)
