"""What lies on the site: folders of the top level, and a session in each."""

from dataclasses import dataclass
from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Request
from sparring.mocks.providers.panopto.addresses import site

NAMES = (
    ("Footwork", "Stance and guard"),
    ("Ring craft", "Cutting off the ring"),
    ("Students' projects", "Shadow boxing"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder and the one session in it, by id and name."""

    folder_id: str
    folder: str
    session_id: str
    session: str


def entries(desk: Desk) -> list[Entry]:
    """All of them, by the folder's name; the same on every stage of a seed."""
    return [
        Entry(
            desk.entropy.uuid(desk.provider, "folder", index),
            folder,
            desk.entropy.uuid(desk.provider, "session", index),
            session,
        )
        for index, (folder, session) in enumerate(NAMES)
    ]


def folder(request: Request, entry: Entry) -> dict[str, Any]:
    """A folder as the API shows it: Id and Name [doc], the rest [assumed]."""
    pages = f"{site(request.origin)}/Panopto/Pages/Sessions"
    return {
        "Id": entry.folder_id,
        "Name": entry.folder,
        "Description": "",
        "ParentFolder": None,
        "Urls": {
            "FolderUrl": f"{pages}/List.aspx?folderID={entry.folder_id}",
            "EmbedUrl": f"{pages}/EmbeddedList.aspx?folderID={entry.folder_id}",
            "ShareSettingsUrl": f"{pages}/List.aspx?folderID={entry.folder_id}#isSettingsModalOpen=true",
        },
    }


def session(request: Request, entry: Entry) -> dict[str, Any]:
    """A session, which is a recording, as the API shows it: Id and Name [doc], the rest [assumed]."""
    pages = f"{site(request.origin)}/Panopto/Pages"
    return {
        "Id": entry.session_id,
        "Name": entry.session,
        "Description": "",
        "StartTime": "2026-01-05T09:00:00.000Z",
        "Duration": 600.0,
        "FolderDetails": {"Id": entry.folder_id, "Name": entry.folder},
        "Urls": {
            "ViewerUrl": f"{pages}/Viewer.aspx?id={entry.session_id}",
            "EmbedUrl": f"{pages}/Embed.aspx?id={entry.session_id}",
        },
    }
