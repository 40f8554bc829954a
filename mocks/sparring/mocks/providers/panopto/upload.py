"""https://{site}/Panopto/PublicAPI/REST/sessionUpload: where an upload starts and ends."""

import json
from dataclasses import dataclass, replace
from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.addresses import ROOT_FOLDER, UPLOADS, site
from sparring.mocks.providers.panopto.answers import JSON
from sparring.mocks.providers.panopto.caller import bearer, guid, refuse
from sparring.mocks.providers.panopto.catalogue import entries

STARTED, UPLOADED, PROCESSING, COMPLETE = 0, 1, 3, 4  # [doc] but for PROCESSING, which is [assumed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An upload that somebody started; what the API calls sessionUpload."""

    id: str
    folder_id: str
    subject: str | None
    state: int


async def start(desk: Desk, request: Request) -> Answer:
    """POST sessionUpload with the FolderId [doc]; the status is [assumed]."""
    try:
        subject = await _admit(desk, request)
        folder_id = guid(_body(request).get("FolderId"), rules.UPLOAD_MALFORMED, "FolderId")
        if folder_id not in {ROOT_FOLDER, *(entry.folder_id for entry in entries(desk))}:
            # panopto/upload/folder-unknown [assumed]
            raise Refusal(rules.UPLOAD_FOLDER, "The folder was not found.", status=404)
    except Refusal as refusal:
        return refuse(refusal)
    upload_id = desk.entropy.uuid(*await desk.serial("upload"))
    upload = Upload(id=upload_id, folder_id=folder_id, subject=subject, state=STARTED)
    await desk.store.put(upload.id, upload)
    return _show(request, rules.UPLOAD_STARTED, upload, 201)


async def finish(desk: Desk, request: Request) -> Answer:
    """PUT sessionUpload/{id} with State 1: the files are there [doc]."""
    try:
        upload = await _find(desk, request)
        state = _body(request).get("State")
        if state != UPLOADED or isinstance(state, bool):  # panopto/upload/malformed [assumed]
            raise Refusal(rules.UPLOAD_MALFORMED, "The value of State is not valid.")
    except Refusal as refusal:
        return refuse(refusal)
    upload = replace(upload, state=UPLOADED)
    await desk.store.put(upload.id, upload)
    return _show(request, rules.UPLOAD_FINISHED, upload)


async def progress(desk: Desk, request: Request) -> Answer:
    """GET sessionUpload/{id}: once its files are there, an upload takes a step whenever it is asked after."""
    try:
        upload = await _find(desk, request)
    except Refusal as refusal:
        return refuse(refusal)
    if upload.state in {UPLOADED, PROCESSING}:
        upload = replace(upload, state=PROCESSING if upload.state == UPLOADED else COMPLETE)
        await desk.store.put(upload.id, upload)
    return _show(request, rules.UPLOAD_PROGRESS, upload)


async def _admit(desk: Desk, request: Request) -> str | None:
    """The caller's subject; whatever is wrong with the token, this surface says 403 [doc]."""
    token = await bearer(desk, request)
    if token is None or "api" not in token.scopes:  # panopto/upload/bearer-refused
        raise Refusal(rules.UPLOAD_REFUSED, status=403)
    return token.subject


async def _find(desk: Desk, request: Request) -> Upload:
    subject = await _admit(desk, request)
    upload = await desk.store.get(Upload, request.path_params["id"].lower())
    if upload is None or upload.subject != subject:  # panopto/upload/unknown [assumed]
        raise Refusal(rules.UPLOAD_UNKNOWN, "The upload was not found.", status=404)
    return upload


def _body(request: Request) -> dict[str, Any]:
    try:
        document = json.loads(request.body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):  # panopto/upload/malformed [assumed]
        raise Refusal(rules.UPLOAD_MALFORMED, "The body is not a JSON object.")
    return document


def _show(request: Request, rule: Rule, upload: Upload, status: int = 200) -> Answer:
    target = f"{site(request.origin)}{UPLOADS}/{upload.id}"
    members = {"ID": upload.id, "UploadTarget": target, "FolderId": upload.folder_id, "State": upload.state}
    return json_answer(rule, members, status=status, kind=JSON)
