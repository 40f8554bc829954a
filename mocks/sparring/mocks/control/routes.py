"""The addresses of the control port: one table, of which the routes and the OpenAPI document are made."""

from dataclasses import dataclass

STAGE = "/stages/{id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query parameter, with the name of its schema."""

    name: str
    schema: str
    about: str
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address. ``name`` is that of the endpoint; ``body`` and ``answer`` are names of schemas.

    ``errors`` are statuses beyond those that every address has. ``kind`` is the media type of the answer.
    """

    method: str
    path: str
    name: str
    summary: str
    query: tuple[Query, ...] = ()
    body: str | None = None
    status: int = 200
    answer: str | None = None
    kind: str = "application/json"
    errors: tuple[int, ...] = ()


PROVIDER = Query(name="provider", schema="ProviderName", about="Whose.", required=True)
CHOICE = (
    Query(name="provider", schema="Text", about="Only exchanges of this provider; `decoy` is the other origin."),
    Query(name="endpoint", schema="Text", about="Only exchanges at this endpoint: token, authorize, api, ..."),
    Query(name="since", schema="Number", about="Only exchanges with a number beyond this one."),
)
REDACTED = Query(name="redacted", schema="Flag", about="Fingerprints instead of secrets, tokens and codes.")
WAIT = (
    Query(name="count", schema="Count", about="So many; 1 if left out."),
    Query(name="timeout", schema="Seconds", about="Real seconds to wait at most; 10 if left out."),
)

PAGE = (
    Query(name="before", schema="Number", about="Only exchanges with a number below this one."),
    Query(name="limit", schema="Limit", about="So many at most; 200 if left out."),
    Query(name="status", schema="StatusChoice", about="One (404), a class (4xx), or none: no answer went out."),
    Query(name="refused", schema="Flag", about="Only what was refused."),
    Query(name="text", schema="Text", about="Only exchanges in which this stands, in upper or lower case."),
)


def _client_query() -> tuple[Query, ...]:
    return (PROVIDER, Query(name="client_id", schema="Text", about="Which one.", required=True))


def _user_query() -> tuple[Query, ...]:
    return (PROVIDER, Query(name="username", schema="Text", about="Which one.", required=True))


def _get(path: str, name: str, summary: str, answer: str, **more: object) -> Operation:
    return Operation(method="GET", path=path, name=name, summary=summary, answer=answer, **more)  # type: ignore[arg-type]


def _post(path: str, name: str, summary: str, **more: object) -> Operation:
    return Operation(method="POST", path=path, name=name, summary=summary, **more)  # type: ignore[arg-type]


def _delete(path: str, name: str, summary: str, **more: object) -> Operation:
    return Operation(method="DELETE", path=path, name=name, summary=summary, status=204, **more)  # type: ignore[arg-type]


OPERATIONS = (
    _get("/health", "health", "Whether the port is alive; needs no token.", "Health"),
    _get("/openapi.json", "openapi", "This document; needs no token.", "Document"),
    _get("/stages", "list_stages", "Every open stage.", "Stages"),
    _post(
        "/stages", "open_stage", "Open a stage.", body="StageSpec", status=201, answer="Stage", errors=(400, 404, 409)
    ),
    _get(STAGE, "describe", "One stage, its providers as they are now.", "Stage", errors=(404,)),
    _delete(STAGE, "close_stage", "Close a stage.", errors=(404,)),
    _post(
        f"{STAGE}/settings",
        "settle",
        "Let a provider behave otherwise from now on: another variant, other lifetimes.",
        body="Settings",
        answer="Provider",
        errors=(400, 404),
    ),
    _post(f"{STAGE}/reset", "reset", "Back to the beginning.", status=204, errors=(404,)),
    _get(f"{STAGE}/clock", "clock", "The stage's clock.", "Clock", errors=(404,)),
    _post(
        f"{STAGE}/clock/{{how}}",
        "move_clock",
        "Advance the clock by `seconds`, set it to them, freeze it, or let it run.",
        body="ClockMove",
        answer="Clock",
        errors=(400, 404),
    ),
    _get(f"{STAGE}/faults", "faults", "The faults on stage.", "Faults", errors=(404,)),
    _post(
        f"{STAGE}/faults",
        "add_fault",
        "Put a fault on stage.",
        body="FaultSpec",
        status=201,
        answer="Fault",
        errors=(400, 404),
    ),
    _delete(f"{STAGE}/faults", "remove_faults", "Take every fault off.", errors=(404,)),
    _post(
        f"{STAGE}/faults/fire",
        "fire",
        "The faults that the user agent itself has to play at this endpoint now; each counts as fired.",
        body="Moment",
        answer="Faults",
        errors=(400, 404),
    ),
    _delete(f"{STAGE}/faults/{{fault}}", "remove_faults", "Take one fault off.", errors=(404,)),
    _post(
        f"{STAGE}/scenario",
        "put_on",
        "Put what goes wrong in a scenario on stage; a reset takes it off.",
        body="ScenarioWish",
        answer="Scenario",
        errors=(400, 404, 409),
    ),
    _get(
        f"{STAGE}/scenario",
        "saved",
        "What went wrong on purpose in the recording, redacted, as a scenario that a stage can be opened with.",
        "SavedScenario",
        errors=(404,),
    ),
    _get(
        f"{STAGE}/recording",
        "recording",
        "What crossed the wire.",
        "Exchanges",
        query=(*CHOICE, REDACTED),
        errors=(400, 404),
    ),
    _delete(f"{STAGE}/recording", "clear_recording", "Forget what crossed the wire.", errors=(404,)),
    _get(
        f"{STAGE}/recording.har",
        "har",
        "The recording as an HTTP archive (HAR 1.2), redacted.",
        "Document",
        query=CHOICE,
        errors=(400, 404),
    ),
    _get(
        f"{STAGE}/recording/stream",
        "stream",
        "Server-sent events of the type `exchange`: the recording so far, then each exchange when it ends.",
        "Text",
        query=(*CHOICE, REDACTED),
        kind="text/event-stream",
        errors=(400, 404),
    ),
    _get(
        f"{STAGE}/recording/page",
        "page",
        "Some of what crossed the wire, the newest of it, for people who read.",
        "Page",
        query=(*CHOICE, *PAGE),
        errors=(400, 404),
    ),
    _get(
        f"{STAGE}/notes",
        "notes",
        "Remarks on what crossed the wire.",
        "Notes",
        query=(Query(name="since", schema="Number", about="Only those with a number beyond this one."),),
        errors=(400, 404),
    ),
    _post(
        f"{STAGE}/notes",
        "note",
        "Leave a remark; the dashboard shows it beside the exchange.",
        body="NoteWish",
        status=201,
        answer="Note",
        errors=(400, 404),
    ),
    _get(
        f"{STAGE}/recording/wait",
        "wait",
        "The exchanges, once `count` of them were answered, ended without an answer, or are held.",
        "Exchanges",
        query=(*CHOICE, *WAIT),
        errors=(400, 404, 408),
    ),
    _post(
        f"{STAGE}/hold",
        "hold",
        "Let matching requests wait, before they are handled, until `release`.",
        body="Hold",
        status=204,
        errors=(400, 404),
    ),
    _post(
        f"{STAGE}/release",
        "release",
        "Let all that wait go on, and hold nothing more.",
        answer="Released",
        errors=(404,),
    ),
    _get(f"{STAGE}/clients", "clients", "The registered clients.", "Clients", query=(PROVIDER,), errors=(400, 404)),
    _post(
        f"{STAGE}/clients",
        "change_client",
        "Change a client; a new id registers one.",
        body="ClientChanges",
        answer="Client",
        errors=(400, 404),
    ),
    _delete(f"{STAGE}/clients", "remove_client", "Forget a client.", query=_client_query(), errors=(400, 404)),
    _get(f"{STAGE}/users", "users", "The people with an account.", "Users", query=(PROVIDER,), errors=(400, 404)),
    _post(
        f"{STAGE}/users",
        "change_user",
        "Change an account; a new username opens one.",
        body="UserChanges",
        answer="User",
        errors=(400, 404),
    ),
    _delete(
        f"{STAGE}/users",
        "remove_user",
        "Close an account; the person's sessions and tokens end with it.",
        query=_user_query(),
        errors=(400, 404),
    ),
    _get(f"{STAGE}/tokens", "tokens", "The tokens that are good now.", "Tokens", query=(PROVIDER,), errors=(400, 404)),
    _post(
        f"{STAGE}/tokens",
        "mint",
        "Make an access token out of turn.",
        body="MintWish",
        status=201,
        answer="Minted",
        errors=(400, 404),
    ),
    _post(
        f"{STAGE}/tokens/revoke",
        "revoke",
        "Withdraw the tokens that have in common whatever is named.",
        body="RevokeWish",
        answer="Revoked",
        errors=(400, 404),
    ),
    _post(
        f"{STAGE}/keys/rotate",
        "rotate_keys",
        "Sign with a new key from now on.",
        body="Rotation",
        answer="Keys",
        errors=(400, 404),
    ),
)
"""Every operation there is."""
