"""https://{site}/Panopto/api/v1: folders, sessions, users, and the way into the older API."""

from collections.abc import Awaitable, Callable
from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, first, json_answer
from sparring.mocks.engine.provider import Handler
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.addresses import ROOT_FOLDER
from sparring.mocks.providers.panopto.answers import JSON
from sparring.mocks.providers.panopto.caller import admit, guid, refuse
from sparring.mocks.providers.panopto.catalogue import Entry, entries, folder, session
from sparring.mocks.providers.panopto.people import person

Entries = list[dict[str, Any]]


def _call(inner: Callable[[Desk, Request], Awaitable[Answer]]) -> Handler:
    """A call of the API: the caller first, then what is asked for [order assumed]."""

    async def handler(desk: Desk, request: Request) -> Answer:
        try:
            await admit(desk, request)
            return await inner(desk, request)
        except Refusal as refusal:
            return refuse(refusal)

    handler.__doc__ = inner.__doc__
    return handler


@_call
async def children(desk: Desk, request: Request) -> Answer:
    """GET folders/{id}/children: the folders inside; those of the top level are empty."""
    page = _page_number(request)
    wanted = guid(request.path_params["id"], rules.FOLDER_MALFORMED, "folder id")
    inside = [folder(request, entry) for entry in entries(desk)] if wanted == ROOT_FOLDER else []
    if wanted != ROOT_FOLDER:
        _entry(desk, wanted)
    return _results(request, rules.FOLDERS, page, inside)


@_call
async def one_folder(desk: Desk, request: Request) -> Answer:
    """GET folders/{id}."""
    wanted = guid(request.path_params["id"], rules.FOLDER_MALFORMED, "folder id")
    return json_answer(rules.FOLDER, folder(request, _entry(desk, wanted)), kind=JSON)


@_call
async def folder_sessions(desk: Desk, request: Request) -> Answer:
    """GET folders/{id}/sessions; at the top level there are none."""
    page = _page_number(request)
    wanted = guid(request.path_params["id"], rules.FOLDER_MALFORMED, "folder id")
    found = [] if wanted == ROOT_FOLDER else [session(request, _entry(desk, wanted))]
    return _results(request, rules.FOLDER_SESSIONS, page, found)


@_call
async def search_folders(desk: Desk, request: Request) -> Answer:
    """GET folders/search: those whose name has the words of searchQuery in it."""
    found = [folder(request, entry) for entry in entries(desk) if _matches(request, entry.folder)]
    return _results(request, rules.FOLDER_SEARCH, _page_number(request), found)


@_call
async def one_session(desk: Desk, request: Request) -> Answer:
    """GET sessions/{id}."""
    wanted = guid(request.path_params["id"], rules.SESSION_MALFORMED, "session id")
    entry = next((entry for entry in entries(desk) if entry.session_id == wanted), None)
    if entry is None:  # panopto/api/session-unknown [doc] 404
        raise Refusal(rules.SESSION_UNKNOWN, "The session was not found.", status=404)
    return json_answer(rules.SESSION, session(request, entry), kind=JSON)


@_call
async def search_sessions(desk: Desk, request: Request) -> Answer:
    """GET sessions/search."""
    found = [session(request, entry) for entry in entries(desk) if _matches(request, entry.session)]
    return _results(request, rules.SESSION_SEARCH, _page_number(request), found)


@_call
async def one_user(desk: Desk, request: Request) -> Answer:
    """GET users/{id}: the id is the ``sub`` of a token [client]; the members are [assumed]."""
    someone = await person(desk, guid(request.path_params["id"], rules.USER_MALFORMED, "user id"))
    if someone is None:  # panopto/api/user-unknown [doc] 404
        raise Refusal(rules.USER_UNKNOWN, "The user was not found.", status=404)
    members = {"Id": someone.subject, "Username": someone.username, "Name": someone.name, "Email": someone.email}
    return json_answer(rules.USER, members, kind=JSON)


@_call
async def legacy_login(desk: Desk, request: Request) -> Answer:
    """GET auth/legacyLogin: a cookie for the older API in exchange for the token [doc]; its flags are [assumed]."""
    value = desk.entropy.hex(64, *await desk.serial("aspxauth"))
    secure = "; secure" if request.scheme == "https" else ""
    return empty_answer(rules.LEGACY_LOGIN, 200, ("Set-Cookie", f".ASPXAUTH={value}; path=/{secure}; HttpOnly"))


def _entry(desk: Desk, folder_id: str) -> Entry:
    entry = next((entry for entry in entries(desk) if entry.folder_id == folder_id), None)
    if entry is None:  # panopto/api/folder-unknown [doc] 404
        raise Refusal(rules.FOLDER_UNKNOWN, "The folder was not found.", status=404)
    return entry


def _matches(request: Request, name: str) -> bool:
    return (first(request.query_params, "searchQuery") or "").strip().lower() in name.lower()


def _page_number(request: Request) -> int:
    value = first(request.query_params, "pageNumber") or "0"
    if not (value.isascii() and value.isdecimal() and len(value) < 10):  # panopto/api/page-malformed [doc] 400
        raise Refusal(rules.PAGE_MALFORMED, "The value of pageNumber is not valid.")
    return int(value)


def _results(request: Request, rule: Rule, page: int, found: Entries) -> Answer:
    """By name, upwards unless sortOrder says otherwise; pages follow each other until one is empty [doc]."""
    downwards = (first(request.query_params, "sortOrder") or "").lower() == "desc"
    ordered = sorted(found, key=lambda entry: str(entry["Name"]), reverse=downwards)
    return json_answer(rule, {"Results": ordered if page == 0 else []}, kind=JSON)
