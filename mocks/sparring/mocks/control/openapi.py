"""The control API's own OpenAPI 3.1 document, made of the table of its addresses and of the types it reads."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import msgspec

from sparring.mocks.control.guard import OPEN
from sparring.mocks.control.interface import Json
from sparring.mocks.control.notes import NoteWish
from sparring.mocks.control.paging import LARGEST
from sparring.mocks.control.routes import OPERATIONS, Operation, Query
from sparring.mocks.control.watching import LONGEST_WAIT
from sparring.mocks.control.wishes import Changes, MintWish, Place, RevokeWish, Settings, UserChanges
from sparring.mocks.faults.effects import EFFECTS
from sparring.mocks.faults.schema import Match
from sparring.mocks.presets import PRESETS
from sparring.mocks.presets.saved import SCHEMA
from sparring.mocks.providers import names
from sparring.mocks.stage import StageSpec

STATUSES = {
    400: "The wish cannot be read or granted; `error` says why in one sentence.",
    401: "The control token is missing or wrong.",
    403: "The Host header is no name of this port, or the request comes from a web page.",
    404: "There is nothing of that name.",
    405: "Another method is meant for this address.",
    408: "It did not come about in time.",
    409: "The id or the port is taken.",
    415: "The body is no JSON by its Content-Type.",
}
PATH_PARAMETERS = {
    "id": ({"type": "string", "minLength": 1}, "The stage; `main` is the one that `sparring serve` opens."),
    "how": ({"enum": ["advance", "set", "freeze", "resume"]}, "What happens to the clock."),
    "fault": ({"type": "string", "minLength": 1}, "The fault's id."),
}


def document() -> Json:
    """The document."""
    paths: Json = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sparring control API",
            "version": version("sparring"),
            "summary": "Stages of fake OAuth providers: opened, watched, disturbed.",
        },
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "responses": {str(status): _error(about) for status, about in STATUSES.items()},
            "securitySchemes": {"control-token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"control-token": []}],
    }


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _error(about: str) -> Json:
    return {"description": about, "content": {"application/json": {"schema": _ref("Error")}}}


def _operation(operation: Operation) -> Json:
    errors = {403, 405, *operation.errors}
    if operation.path not in OPEN:
        errors.add(401)
    if operation.method != "GET":
        errors.add(415)
    answer: Json = {"description": "Done."}
    if operation.answer is not None:
        answer = {"description": "The answer.", "content": {operation.kind: {"schema": _ref(operation.answer)}}}
    described: Json = {
        "operationId": operation.name + ("_one" if "{fault}" in operation.path else ""),
        "summary": operation.summary,
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": schema, "description": about}
                for name, (schema, about) in PATH_PARAMETERS.items()
                if f"{{{name}}}" in operation.path
            ),
            *map(_query, operation.query),
        ],
        "responses": {
            str(operation.status): answer,
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(errors)},
        },
    }
    if operation.body is not None:
        described["requestBody"] = {"content": {"application/json": {"schema": _ref(operation.body)}}}
    return described


def _query(query: Query) -> Json:
    return {
        "name": query.name,
        "in": "query",
        "required": query.required,
        "schema": _ref(query.schema),
        "description": query.about,
    }


def _object(required: str = "", **members: Any) -> Json:
    """An object with these members; those named in ``required`` (all: ``*``) are always there."""
    names = list(members) if required == "*" else required.split()
    return {"type": "object", "properties": members} | ({"required": names} if names else {})


def _closed(schema: Mapping[str, Any]) -> Json:
    return {**schema, "additionalProperties": False}


def _list(name: str) -> Json:
    return {"type": "array", "items": _ref(name)}


TEXT: Json = {"type": "string"}
TEXTS: Json = {"type": "array", "items": TEXT}
NULLABLE: Json = {"type": ["string", "null"]}
WHOLE: Json = {"type": "integer"}
NUMBER: Json = {"type": "number"}
YES_OR_NO: Json = {"type": "boolean"}
SECONDS: Json = {"type": "object", "additionalProperties": WHOLE}


def _schemas() -> Json:
    return {**_wishes(), **_answers()}


def _read_types() -> dict[str, Json]:
    """The types that wishes are read into, as schemas: members and their types come from one place."""
    kinds = (StageSpec, Place, Match, Changes, Settings, UserChanges, MintWish, RevokeWish, NoteWish, *EFFECTS)
    _, found = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    return found


def _wishes() -> Json:
    read = _read_types()
    spec = {name: schema for name, schema in read["StageSpec"]["properties"].items() if name != "providers"}
    providers = {"type": "array", "items": _ref("ProviderName"), "description": "All of them, if left out."}
    effects = [
        _closed(
            _object(
                "kind " + " ".join(read[kind.__name__].get("required", ())),
                kind={"const": kind.kind},
                **read[kind.__name__]["properties"],
            )
        )
        for kind in EFFECTS
    ]
    at_provider = {"provider": _ref("ProviderName")}
    return {
        "ProviderName": {"enum": list(names())},
        "Text": TEXT,
        "Number": {"type": "integer", "minimum": 0, "maximum": 10**18 - 1},
        "Count": {"type": "integer", "minimum": 1, "maximum": 10**9},
        "Seconds": {"type": "number", "minimum": 0, "maximum": LONGEST_WAIT},
        "Flag": {"enum": ["true", "false"]},
        "Limit": {"type": "integer", "minimum": 1, "maximum": LARGEST},
        "StatusChoice": {"type": "string", "pattern": "^([1-5]xx|[1-5][0-9][0-9]|none)$"},
        "NoteWish": _closed(read["NoteWish"]),
        "StageSpec": _closed(_object(**{"providers": providers, **spec, **read["Place"]["properties"]})),
        "Settings": _closed(_object("provider", **at_provider, **read["Settings"]["properties"])),
        "ClockMove": _object(seconds={"type": "number", "description": "For `advance` and `set`."}),
        "Match": _closed(read["Match"]),
        "Effect": {"oneOf": effects},
        "FaultSpec": _closed(
            _object(
                "effect",
                id=NULLABLE,
                match=_ref("Match"),
                effect=_ref("Effect"),
                times={"type": ["integer", "null"], "minimum": 1, "description": "1 if left out; null: always."},
            )
        ),
        "ScenarioWish": _closed(_object("id", id={"enum": sorted(PRESETS)}, **at_provider)),
        "Moment": _object("*", **at_provider, endpoint=TEXT),
        "Hold": _object("*", match=_ref("Match")),
        "ClientChanges": _closed(
            _object("provider client_id", **at_provider, client_id=TEXT, **read["Changes"]["properties"])
        ),
        "UserChanges": _closed(
            _object("provider username", **at_provider, username=TEXT, **read["UserChanges"]["properties"])
        ),
        "MintWish": _closed(_object("provider", **at_provider, **read["MintWish"]["properties"])),
        "RevokeWish": _closed(_object("provider", **at_provider, **read["RevokeWish"]["properties"])),
        "Rotation": _closed(
            _object(
                "provider",
                **at_provider,
                keep_old={"type": "boolean", "default": True, "description": "The key before stays published."},
            )
        ),
    }


def _answers() -> Json:
    body = {"oneOf": [TEXT, _object("*", base64=TEXT)]}
    headers = {"type": "array", "items": {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2}}
    return {
        "Error": _object("*", error=TEXT),
        "Health": _object("*", status={"const": "ok"}),
        "Document": {"type": "object"},
        "Stage": _object(
            "*", id=TEXT, seed=WHOLE, ca_file=NULLABLE, decoy_url=TEXT,
            providers={"type": "object", "additionalProperties": _ref("Provider")},
        ),
        "Provider": _object(
            "title base_url hosts client_id client_secret redirect_uris users endpoints scope scopes grants variant "
            "lifetimes",
            title=TEXT, base_url=TEXT, hosts=TEXTS, client_id=TEXT, client_secret=NULLABLE, redirect_uris=TEXTS,
            users={"type": "array", "items": _object("*", username=TEXT, password=TEXT, name=TEXT)},
            endpoints={"type": "object", "additionalProperties": TEXT},
            clients={"type": "array", "items": _object("*", client_id=TEXT, client_secret=NULLABLE, name=TEXT)},
            scope=TEXT, scopes=TEXTS, grants=TEXTS, variants=TEXTS, variant=TEXT, lifetimes=SECONDS, docs=TEXTS,
            issuer=TEXT, side=_object("*", certificate=TEXT, url=TEXT, connections=WHOLE),
        ),
        "Stages": _object("*", stages=_list("Stage")),
        "Clock": _object("*", now=NUMBER, frozen=YES_OR_NO),
        "Scenario": _object("*", id=TEXT, title=TEXT, hint=TEXT, faults=_list("Fault")),
        "Fault": _object(
            "id match effect times", id=TEXT, match={"type": "object"}, effect={"type": "object"},
            times={"type": ["integer", "null"]}, fired=WHOLE,
        ),
        "Faults": _object("*", faults=_list("Fault")),
        "SavedScenario": _object(
            "*", schema={"const": SCHEMA}, id=TEXT, title=TEXT, stage={"type": "object"},
            clock=_object("*", start=NUMBER, frozen=YES_OR_NO),
            faults={"type": "array", "items": {"type": "object"}},
            recorded={"type": "array", "items": {"type": "object"}},
        ),
        "Exchange": _object(
            "n provider endpoint method url headers body status response_headers response_body rule source mend at "
            "elapsed connection facts",
            n=WHOLE, provider=TEXT, endpoint=TEXT, method=TEXT, url=TEXT, headers=headers, body=body,
            status={"type": ["integer", "null"]}, response_headers=headers, response_body=body,
            rule=TEXT, source=TEXT, mend=TEXT, at=NUMBER, elapsed=NUMBER, connection=WHOLE,
            facts={"type": "object"}, held=YES_OR_NO,
        ),
        "Exchanges": _object("*", exchanges=_list("Exchange")),
        "Page": _object("*", exchanges=_list("Exchange"), more=YES_OR_NO, kept=WHOLE, last=WHOLE),
        "Note": _object("*", n=WHOLE, text=TEXT, exchange={"type": ["integer", "null"]}, verdict=TEXT, check=TEXT),
        "Notes": _object("*", notes=_list("Note")),
        "Tokens": _object("*", tokens=_list("Token")),
        "Token": _object(
            "*", kind=TEXT, fp=TEXT, client_id=TEXT, user=NULLABLE, scope=TEXT, generation=WHOLE, session=TEXT,
            issued_at=NUMBER, expires_at={"type": ["number", "null"]},
        ),
        "Released": _object("*", released=WHOLE),
        "Client": _object(
            "*", client_id=TEXT, secret=NULLABLE, name=TEXT, redirect_uris=TEXTS, scopes=TEXTS, grants=TEXTS,
            enabled=YES_OR_NO, consent=YES_OR_NO, public=YES_OR_NO, lifetimes=SECONDS,
        ),
        "Clients": _object("*", clients=_list("Client")),
        "User": _object(
            "*", subject=TEXT, username=TEXT, password=TEXT, name=TEXT, email=TEXT,
            attributes={"type": "object", "additionalProperties": TEXT}, locked=YES_OR_NO,
        ),
        "Users": _object("*", users=_list("User")),
        "Minted": _object(
            "*", access_token=TEXT, token_type={"const": "Bearer"}, expires_in=WHOLE, scope=TEXT,
            session={"type": "string", "description": "What `revoke` takes, and the facts call `family`."},
        ),
        "Revoked": _object("*", revoked=WHOLE),
        "Keys": _object("*", keys={"type": "array", "items": _object("*", kid=TEXT)}),
    }  # fmt: skip
