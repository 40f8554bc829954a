"""https://integrations.clickviewapp.com: "Making Authenticated Requests" and "Creating a View Key"."""

import json
from collections.abc import Mapping
from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.clickview import rules
from sparring.mocks.providers.clickview.answers import API_JSON, PROBLEM_JSON, api_refusal
from sparring.mocks.providers.clickview.bearer import admit
from sparring.mocks.providers.clickview.view_keys import create

SCOPE = "smartembed.viewkey"
PERSONAL = ("firstName", "surname", "email")
PLACE = ("schoolName", "schoolId", "districtName", "districtId")


async def example(desk: Desk, request: Request) -> Answer:
    """GET /api/v1/example: the document names the address only, what it answers is [assumed]."""
    try:
        claims = await admit(desk, request, SCOPE)
    except Refusal as refusal:
        return api_refusal(refusal)
    return json_answer(rules.EXAMPLE, {"example": True, "clientId": claims.get("client_id")}, kind=API_JSON)


async def create_view_key(desk: Desk, request: Request) -> Answer:
    """POST /api/v1/smart-embed/create-view-key: the caller, then the body's form, then what it says [order assumed]."""
    try:
        claims = await admit(desk, request, SCOPE)
    except Refusal as refusal:
        return api_refusal(refusal)
    if request.media_type not in {"application/json", "text/json"} and not request.media_type.endswith("+json"):
        return await _problem(desk, rules.BODY_TYPE, 415)  # clickview/api/view-key-content-type [assumed]
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        body = None
    complaint = _complaint(body)
    if complaint is not None:  # clickview/api/view-key-body-unreadable [assumed]
        return await _problem(desk, rules.BODY_UNREADABLE, 400, complaint)
    members = _members(body)
    try:
        media_id = _check(request, members)
    except Refusal as refusal:  # [client] ClickView's own library reads {"message"}
        return json_answer(refusal.rule, {"message": refusal.description}, status=refusal.status, kind=API_JSON)
    return await create(desk, request, str(claims.get("client_id", "")), media_id)


def _members(document: Mapping[str, Any]) -> dict[str, Any]:
    """By name in lower case, as ASP.NET Core reads members in any case; null counts as left out."""
    return {name.lower(): value for name, value in document.items() if value is not None}


def _complaint(body: object) -> tuple[str, str] | None:
    """Where the body is not of the documented types, and how ASP.NET Core puts it; None where it is."""
    if not isinstance(body, dict):
        return "$", "The JSON value could not be converted to the request. Path: $."
    members = _members(body)
    data = members.get("data", {})
    strings = [("mediaId", members)]
    if isinstance(data, dict):
        data = _members(data)
        strings += [(name, data) for name in (*PERSONAL, *PLACE, "jobTitle")]
        if not isinstance(data.get("student", False), bool):
            return "$.data.student", "The JSON value could not be converted to System.Boolean. Path: $.data.student."
    else:
        return "$.data", "The JSON value could not be converted to the request. Path: $.data."
    for name, where in strings:
        if not isinstance(where.get(name.lower(), ""), str):
            path = f"$.{name}" if where is members else f"$.data.{name}"
            return path, f"The JSON value could not be converted to System.String. Path: {path}."
    return None


def _check(request: Request, members: Mapping[str, Any]) -> str:
    """The media id of a body that has what is required."""
    media_id = str(members.get("mediaid", "")).strip()
    if not media_id:  # clickview/api/view-key-media-missing [doc] "required"
        raise _bad(rules.MEDIA_MISSING, "mediaId is required.")
    if "data" not in members:  # clickview/api/view-key-data-missing [doc] "required"
        raise _bad(rules.DATA_MISSING, "data is required.")
    _check_data(request, _members(members["data"]))
    if not media_id.isdecimal():  # clickview/api/view-key-media-unknown [assumed]
        raise Refusal(rules.MEDIA_UNKNOWN, description="The media was not found.", status=404)
    return media_id


def _check_data(request: Request, data: Mapping[str, Any]) -> None:
    """The table of "Data required for creating a View Key", and its restrictions [doc]. Further members are accepted:
    a partner's agreement may add some.
    """
    if "student" not in data:  # clickview/api/view-key-student-missing [doc] "Required"
        raise _bad(rules.STUDENT_MISSING, "student is required.")
    if data["student"]:
        for name in PERSONAL:
            if name.lower() in data:  # clickview/api/view-key-student-personal [doc] "creation will fail"
                raise _bad(rules.STUDENT_PERSONAL, f"{name} must not be sent for students.")
        if "jobtitle" in data:
            request.facts.notes.append("jobTitle of a student was ignored: the table says n/a")
    for name in PLACE if data["student"] else PERSONAL + PLACE:
        if not data.get(name.lower(), "").strip():  # clickview/api/view-key-field-missing [doc] "Required"
            raise _bad(rules.FIELD_MISSING, f"{name} is required.")


def _bad(rule: Rule, words: str) -> Refusal:
    return Refusal(rule, description=words)


async def _problem(desk: Desk, rule: Rule, status: int, complaint: tuple[str, str] | None = None) -> Answer:
    """A problem document as [ApiController] makes it [assumed]."""
    section, title = ("6.5.13", "Unsupported Media Type") if status == 415 else ("6.5.1", "")
    label = await desk.serial("trace")
    members: dict[str, Any] = {
        "type": f"https://tools.ietf.org/html/rfc7231#section-{section}",
        "title": title or "One or more validation errors occurred.",
        "status": status,
        "traceId": f"00-{desk.entropy.hex(16, *label, 'trace')}-{desk.entropy.hex(8, *label, 'span')}-00",
    }
    if complaint is not None:
        members["errors"] = {complaint[0]: [complaint[1]]}
    return json_answer(rule, members, status=status, kind=PROBLEM_JSON)
