"""What the control port and the dashboard are sent: stages, faults, saved scenarios, archives, clients, tokens."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sparring.mocks.control.archive import from_har
from sparring.mocks.control.dashboard import actions
from sparring.mocks.control.interface import ControlError
from sparring.mocks.control.notes import NoteWish
from sparring.mocks.control.paging import Page
from sparring.mocks.control.staging import check_saved
from sparring.mocks.control.wishes import (
    MintWish,
    RevokeWish,
    read_changes,
    read_settings,
    read_spec,
    read_user_changes,
    read_wish,
)
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.reading import UnreadableError
from sparring.mocks.faults.book import FaultBook
from sparring.mocks.faults.effects import EFFECTS
from sparring.mocks.faults.schema import BadFault
from sparring.mocks.presets import PRESETS
from sparring.mocks.presets.saved import read_saved
from sparring.mocks.providers import load
from sparring.mocks.storage.promises import StoreError
from sparring.mocks.storage.records import decode, encode
from tests.fuzzing.cases import near, pieces, written
from tests.fuzzing.parser import Parser

Document = dict[str, Any]
FAULTS: list[Document] = [
    *(dict(fault) for preset in PRESETS.values() for fault in preset.staged()),
    *({"effect": {"kind": effect.kind}} for effect in EFFECTS),
    {"match": {"grant": "refresh_token", "attempt": 2, "per": "grant"}, "effect": {"kind": "close"}, "times": None},
    {"effect": {"kind": "json-patch", "ops": [{"op": "replace", "path": "/scope", "value": "{base}"}]}},
    {"effect": {"kind": "poison-token", "set": {"exp": {"now": -9}}, "signature": "HS256"}},
    {"effect": {"kind": "body", "base64": "AAEC"}},
]
STAGE: Document = {
    "id": "one",
    "providers": ["ingest", "rotor"],
    "ports": {"ingest": 0},
    "seed": 7,
    "variants": {"rotor": "default"},
    "lifetimes": {"ingest": {"access_token": 60}},
    "certificates": {"ingest": "expired"},
    "redirect_uris": ["http://127.0.0.1/cb"],
}
SAVED: Document = {
    "schema": 1,
    "id": "once",
    "stage": {"providers": ["ingest"]},
    "clock": {"start": 1750000000.5, "frozen": False},
    "faults": FAULTS[:3],
    "recorded": [{"n": 1, "provider": "ingest", "endpoint": "token", "status": 200}],
}
_CALL: Document = {
    "startedDateTime": "2026-01-31T12:00:00.000+00:00",
    "time": 3,
    "request": {
        "method": "POST",
        "url": "https://login.ingest.io/token",
        "headers": [{"name": "Authorization", "value": "Basic YTpi"}, {"name": "Cookie", "value": "a=b"}],
        "postData": {"mimeType": "application/x-www-form-urlencoded", "text": "grant_type=client_credentials"},
    },
    "response": {
        "status": 503,
        "headers": [{"name": "Retry-After", "value": "3"}],
        "content": {"text": '{"access_token":"eyJhbGciOiJub25lIn0.e30."}', "mimeType": "application/json"},
    },
}
_OURS: Document = {
    "_sparring": {
        "n": 1,
        "provider": "ingest",
        "endpoint": "token",
        "rule": "ingest/token/issued",
        "elapsed": 0.5,
        "facts": {"faults": ["a"], "issued": [{"kind": "access_token", "fp": "abc", "expires_at": 1750000000}]},
    }
}
ARCHIVES: list[Document] = [
    {"log": {"version": "1.2", "entries": [_CALL, {**_CALL, "startedDateTime": "2026-01-31T12:01:00Z"}]}},
    {"log": {"entries": [_CALL | _OURS]}},
]


def whole(read: Callable[[Any], object]) -> Callable[[bytes], object]:
    """That reader, given the JSON object that the bytes are; what is none never reaches it."""

    def read_object(data: bytes) -> object:
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            return None
        return read(document) if isinstance(document, dict) else None

    return read_object


def _saved(document: Mapping[str, Any]) -> None:
    check_saved(read_saved(document))


def _page(document: Mapping[str, Any]) -> object:
    return Page(limit=int(document.get("limit") == 1), status=str(document.get("status")))


async def _nothing(*_: object, **__: object) -> Any:
    return {"now": 1e9, "providers": {}, "title": "", "hint": "", "id": ""}


class _Nobody:
    """A control that says yes to everything."""

    async def clients(self, *_: object) -> list[Document]:
        """One client."""
        return [{"client_id": "a", "redirect_uris": []}]

    async def faults(self, *_: object) -> list[Document]:
        """None."""
        return []

    def __getattr__(self, _name: str) -> Any:
        return _nothing


def _act(document: Document) -> object:
    form = {str(name): value for name, value in document.items() if isinstance(value, str)}
    doing = actions.act(_Nobody(), "main", form)
    try:
        return doing.send(None)
    except StopIteration:
        return None
    finally:
        doing.close()


_RECORD = Client(client_id="a", secret="b", name="c", redirect_uris=("d",), lifetimes={"access_token": 5})
_INGEST, _ROTOR = load("ingest"), load("rotor")
PARSERS = (
    Parser(
        name="fault", cases=near(FAULTS), read=whole(lambda found: FaultBook().add(found).as_json()), own=(BadFault,)
    ),
    Parser(name="stage", cases=near([STAGE, {**STAGE, "scenario": SAVED}]), read=whole(read_spec), own=(ControlError,)),
    Parser(name="saved", cases=near([SAVED]), read=whole(_saved), own=(ControlError, UnreadableError)),
    Parser(
        name="archive",
        cases=near(ARCHIVES),
        read=whole(lambda found: _saved(from_har(found, "once"))),
        own=(ControlError, UnreadableError),
    ),
    Parser(
        name="client",
        cases=near([{"secret": "a", "redirect_uris": ["b"], "grants": ["c"], "lifetimes": {"access_token": 1}}]),
        read=whole(lambda found: read_changes(_INGEST, found)),
        own=(ControlError,),
    ),
    Parser(
        name="user",
        cases=near([{"password": "a", "attributes": {"network": "b"}, "locked": True}]),
        read=whole(read_user_changes),
        own=(ControlError,),
    ),
    Parser(
        name="settings",
        cases=near([{"variant": "default", "lifetimes": {"access_token": 60}}]),
        read=whole(lambda found: read_settings(_ROTOR, found)),
        own=(ControlError,),
    ),
    Parser(
        name="mint",
        cases=near([{"client_id": "a", "user": "b", "scope": "c", "expires_in": 5, "claims": {"aud": ["x"]}}]),
        read=whole(lambda found: read_wish(MintWish, found, "a token")),
        own=(ControlError,),
    ),
    Parser(
        name="revoke",
        cases=near([{"kind": "access_token", "token": "a", "user": "b", "session": "c"}]),
        read=whole(lambda found: read_wish(RevokeWish, found, "which tokens")),
        own=(ControlError,),
    ),
    Parser(
        name="note",
        cases=near([{"exchange": 1, "verdict": "FAIL", "check": "a", "title": "b", "text": "c"}]),
        read=whole(lambda found: read_wish(NoteWish, found, "a remark")),
        own=(ControlError,),
    ),
    Parser(name="page", cases=near([{"limit": 1, "status": "4xx"}]), read=whole(_page), own=(ControlError,)),
    Parser(
        name="dashboard",
        cases=near(
            [
                {"do": "advance", "by": "5 min"},
                {"do": "set", "at": "2027-01-31T12:00:00"},
                {"do": "set", "at": "1750000000.5"},
                {"do": "fault", "fault": '{"effect": {"kind": "close"}}'},
                {"do": "recipe", "recipe": "code-expires", "times": "3", "provider": "ingest"},
                {"do": "redirect-uri", "provider": "ingest", "client_id": "a", "redirect_uri": "b"},
                {"do": "revoke", "provider": "ingest", "user": "a"},
            ]
        ),
        read=whole(_act),
        own=(ControlError,),
    ),
    Parser(
        name="span",
        cases=written("90", "5 min", "-2 h", "0.5 d") | pieces("1", " ", "min", "h", "."),
        read=lambda data: actions.seconds_of(data.decode("utf-8", "replace")),
        own=(ControlError,),
    ),
    Parser(
        name="record",
        cases=written(encode(_RECORD), encode({"client_id": 1}), encode([1, 2])) | pieces(encode(_RECORD)),
        read=lambda data: decode(Client, data),
        own=(StoreError,),
    ),
)
