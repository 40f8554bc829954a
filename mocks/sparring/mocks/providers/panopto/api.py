"""https://{site}/Panopto/api/v1: the folders, which are what a client usually asks for first."""

import re
from typing import Any

from sparring.mocks.engine import tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, first, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.tokens import Standing
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.addresses import ROOT_FOLDER, site
from sparring.mocks.providers.panopto.answers import JSON

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
FOLDERS = ("Footwork", "Ring craft", "Students' projects")


async def children(desk: Desk, request: Request) -> Answer:
    """GET folders/{id}/children: the caller, then what is asked for [order assumed]."""
    try:
        await _admit(desk, request)
        page_number = _page_number(request)
        if GUID.fullmatch(request.path_params["id"]) is None:  # panopto/api/folder-malformed [doc] 400
            raise Refusal(rules.FOLDER_MALFORMED, "The folder id is not a GUID.")
        inside = _inside(desk, request)
    except Refusal as refusal:
        if refusal.status in {401, 403}:  # [doc] without a body
            return empty_answer(refusal.rule, refusal.status)
        return _error(refusal.rule, refusal.status, refusal.error)
    folders = sorted(inside, key=lambda folder: str(folder["Name"]), reverse=_descending(request))
    # [doc] pages follow each other until one of them is empty
    return json_answer(rules.FOLDERS, {"Results": folders if page_number == 0 else []}, kind=JSON)


async def _admit(desk: Desk, request: Request) -> None:
    """Token, then scope."""
    scheme, _, value = (request.header("authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():  # panopto/api/bearer-missing [doc]
        raise Refusal(rules.BEARER_MISSING, status=401)
    token, standing = await tokens.weigh_token(desk, request.facts, "access_token", value.strip(), "header")
    if token is None or standing is not Standing.VALID:  # panopto/api/bearer-refused [doc]
        raise Refusal(rules.BEARER_REFUSED, status=401)
    request.facts.client, request.facts.user = token.client_id, token.subject
    if "api" not in token.scopes:  # panopto/api/scope-lacking [assumed]
        raise Refusal(rules.SCOPE_LACKING, status=403)


def _page_number(request: Request) -> int:
    value = first(request.query_params, "pageNumber") or "0"
    if not value.isdecimal():  # panopto/api/page-malformed [doc] 400
        raise Refusal(rules.PAGE_MALFORMED, "The value of pageNumber is not valid.")
    return int(value)


def _descending(request: Request) -> bool:
    return (first(request.query_params, "sortOrder") or "").lower() == "desc"


def _inside(desk: Desk, request: Request) -> list[dict[str, Any]]:
    """What lies in the folder; the folders of the top level are empty."""
    folder = request.path_params["id"].lower()
    ids = [desk.entropy.uuid(desk.provider, "folder", index) for index in range(len(FOLDERS))]
    if folder in ids:
        return []
    if folder != ROOT_FOLDER:  # panopto/api/folder-unknown [doc] 404
        raise Refusal(rules.FOLDER_UNKNOWN, "The folder was not found.", status=404)
    return [_folder(request, ids[index], name) for index, name in enumerate(FOLDERS)]


def _folder(request: Request, folder_id: str, name: str) -> dict[str, Any]:
    """One entry: Id and Name [doc], the rest [assumed]."""
    pages = f"{site(request.origin)}/Panopto/Pages/Sessions"
    return {
        "Id": folder_id,
        "Name": name,
        "Description": "",
        "ParentFolder": None,
        "Urls": {
            "FolderUrl": f"{pages}/List.aspx?folderID={folder_id}",
            "EmbedUrl": f"{pages}/EmbeddedList.aspx?folderID={folder_id}",
            "ShareSettingsUrl": f"{pages}/List.aspx?folderID={folder_id}#isSettingsModalOpen=true",
        },
    }


def _error(rule: Rule, status: int, words: str) -> Answer:
    """An object ``Error`` with Code and Message [client]; the code's text is [assumed]."""
    code = "NotFound" if status == 404 else "BadRequest"
    return json_answer(rule, {"Error": {"Code": code, "Message": words}}, status=status, kind=JSON)
