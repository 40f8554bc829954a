"""https://{site}/Panopto/Upload/{id}/{file}: where files go, as Amazon's S3 takes them in several parts."""

import hashlib
from dataclasses import dataclass
from html import escape

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, first
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.addresses import UPLOADS, site
from sparring.mocks.providers.panopto.upload import Upload

XML = (("Content-Type", "application/xml"),)
_START = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A file on its way; whoever knows the target may send it, for the keys are dummies [doc]."""

    id: str
    upload_id: str
    file: str


async def begin(desk: Desk, request: Request) -> Answer:
    """POST with ``uploads`` in the query starts a file, with ``uploadId`` ends it [doc]."""
    if first(request.query_params, "uploads") is None:
        return await _end(desk, request)
    upload = await desk.store.get(Upload, request.path_params["id"].lower())
    if upload is None:
        return _unknown(rules.STORE_UNKNOWN)
    transfer_id = desk.entropy.hex(16, *await desk.serial("transfer", upload.id))
    transfer = Transfer(id=transfer_id, upload_id=upload.id, file=request.path_params["file"])
    await desk.store.put(transfer.id, transfer)
    return _xml(
        rules.STORE_STARTED,
        f"<InitiateMultipartUploadResult {_SPACE}><Bucket>Upload</Bucket><Key>{_key(transfer)}</Key>"
        f"<UploadId>{transfer.id}</UploadId></InitiateMultipartUploadResult>",
    )


async def part(desk: Desk, request: Request) -> Answer:
    """PUT with ``partNumber`` and ``uploadId``: the ETag is the part's MD5 in quotes; the part itself is dropped."""
    if await _transfer(desk, request) is None:
        return _unknown(rules.STORE_UNKNOWN)
    digest = hashlib.md5(request.body, usedforsecurity=False).hexdigest()
    return empty_answer(rules.STORE_PART, 200, ("ETag", f'"{digest}"'))


async def _end(desk: Desk, request: Request) -> Answer:
    transfer = await _transfer(desk, request)
    if transfer is None:  # panopto/upload/storage-unknown [assumed]
        return _unknown(rules.STORE_UNKNOWN)
    await desk.store.delete(Transfer, transfer.id)
    where = f"{site(request.origin)}{UPLOADS}/{_key(transfer)}"
    etag = hashlib.md5(request.body, usedforsecurity=False).hexdigest()
    return _xml(
        rules.STORE_FINISHED,
        f"<CompleteMultipartUploadResult {_SPACE}><Location>{where}</Location><Bucket>Upload</Bucket>"
        f"<Key>{_key(transfer)}</Key><ETag>&quot;{etag}&quot;</ETag></CompleteMultipartUploadResult>",
    )


async def _transfer(desk: Desk, request: Request) -> Transfer | None:
    transfer = await desk.store.get(Transfer, first(request.query_params, "uploadId") or "")
    path = request.path_params
    mine = transfer is not None and (transfer.upload_id, transfer.file) == (path["id"].lower(), path["file"])
    return transfer if mine else None


def _key(transfer: Transfer) -> str:
    return escape(f"{transfer.upload_id}/{transfer.file}")


def _xml(rule: Rule, text: str, status: int = 200) -> Answer:
    return Answer(status=status, rule=rule, headers=XML, body=f"{_START}{text}".encode())


def _unknown(rule: Rule) -> Answer:
    return _xml(rule, "<Error><Code>NoSuchUpload</Code><Message>The upload does not exist.</Message></Error>", 404)
