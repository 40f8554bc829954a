"""What a table of rules may say: its members, their types, and the closed list of steps."""

from typing import Annotated, Any, Literal, TypeAlias

import msgspec

Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]*$")]
Variable = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*(/[a-z0-9-]+)+$")]
Sentence = Annotated[str, msgspec.Meta(min_length=3)]
Status = Annotated[int, msgspec.Meta(ge=100, le=599)]
Scalar: TypeAlias = str | int | float | bool | None
Pair = Annotated[list[Scalar], msgspec.Meta(min_length=2, max_length=2)]
Parameters: TypeAlias = dict[str, Scalar] | list[Pair] | str
Mark: TypeAlias = Literal["doc", "engine", "client", "assumed"]


class Member(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Part of a table of rules; a member that is not named here is an error."""


class Keep(Member, kw_only=True):
    """Where in an answer a value is found: exactly one of these. ``query`` and ``fragment`` are those of the Location,
    ``json`` is a JSON Pointer, ``field`` a field of the page's forms, ``match`` a regular expression with one group.
    """

    query: str | None = None
    fragment: str | None = None
    json: str | None = None
    header: str | None = None
    field: str | None = None
    match: str | None = None


class Step:
    """One thing done; the member that it is named after says which."""

    __slots__ = ()


class Ask(Member, kw_only=True):
    """A step that is answered. ``status``: what must come back in a set-up step."""

    keep: dict[Variable, Keep] = {}
    status: Status | None = None


class Request(Ask, Step, kw_only=True):
    """A request: method and the name of an endpoint, or a path. A parameter whose value is null is left out."""

    request: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]+ \S+$")]
    query: Parameters | None = None
    form: Parameters | None = None
    json: Any = msgspec.UNSET
    body: str | None = None
    basic: Annotated[list[str], msgspec.Meta(min_length=2, max_length=2)] | None = None
    bearer: str | None = None
    headers: dict[str, str | None] | list[Pair] = {}
    host: str | None = None
    cookies: bool = True


class Submit(Ask, Step, kw_only=True):
    """The form of that id, name or data-sparring mark on the page shown last, with ``fill`` over what it has."""

    submit: str
    fill: dict[str, Scalar] = {}


class Follow(Ask, Step, kw_only=True):
    """GET the Location of the last answer, when it is the provider's own."""

    follow: Literal["redirect"]


class Forgery(Member, kw_only=True):
    """A JWT made from another one without the provider's keys; null leaves a member out."""

    source: str = msgspec.field(name="from")
    header: dict[str, Any] = {}
    claims: dict[str, Any] = {}
    signature: Literal["keep", "none", "garbage"] = "keep"
    kept_as: Variable = msgspec.field(name="as")


class Forge(Member, Step, kw_only=True):
    """Make a token that the provider did not issue."""

    forge: Forgery


class Advance(Member, Step, kw_only=True):
    """Let that many seconds pass at the provider."""

    advance: int | float | str


class ClientGiven(Member, kw_only=True):
    """A registered client, or what changes about one. ``public``: it has no secret; ``consent``: people are asked where
    the provider does not ask anyway; ``lifetimes``: seconds by kind.
    """

    client_id: str
    secret: str | msgspec.UnsetType | None = msgspec.UNSET
    name: str | msgspec.UnsetType = msgspec.UNSET
    redirect_uris: list[str] | msgspec.UnsetType = msgspec.UNSET
    scopes: list[str] | msgspec.UnsetType = msgspec.UNSET
    grants: list[str] | msgspec.UnsetType = msgspec.UNSET
    enabled: bool | msgspec.UnsetType = msgspec.UNSET
    public: bool | msgspec.UnsetType = msgspec.UNSET
    consent: bool | msgspec.UnsetType = msgspec.UNSET
    lifetimes: dict[str, int] | msgspec.UnsetType = msgspec.UNSET


class UserGiven(Member, kw_only=True):
    """An account, or what changes about one."""

    username: str
    password: str | msgspec.UnsetType = msgspec.UNSET
    name: str | msgspec.UnsetType = msgspec.UNSET
    email: str | msgspec.UnsetType = msgspec.UNSET
    attributes: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    locked: bool | msgspec.UnsetType = msgspec.UNSET


class ChangeClient(Member, Step, kw_only=True):
    """Change a client, or register one."""

    change_client: ClientGiven


class RemoveClient(Member, Step, kw_only=True):
    """Forget a client."""

    remove_client: str


class ChangeUser(Member, Step, kw_only=True):
    """Change an account, or open one."""

    change_user: UserGiven


class RemoveUser(Member, Step, kw_only=True):
    """Close an account."""

    remove_user: str


class Revocation(Member, kw_only=True):
    """Which tokens die: those that have in common whatever is named here."""

    kind: Literal["access_token", "refresh_token"] | None = None
    token: str | None = None
    user: str | None = None
    session: str | None = None


class Revoke(Member, Step, kw_only=True):
    """Withdraw tokens."""

    revoke: Revocation


class Rotation(Member, kw_only=True):
    """``keep_old``: the key before it stays published."""

    keep_old: bool = True


class RotateKeys(Member, Step, kw_only=True):
    """Sign with another key from now on."""

    rotate_keys: Rotation


class Minting(Member, kw_only=True):
    """An access token out of turn."""

    client_id: str | None = None
    user: str | None = None
    scope: str | None = None
    expires_in: int | None = None
    claims: dict[str, Any] = {}


class Mint(Member, Step, kw_only=True):
    """Have an access token made, kept under the name in ``as``."""

    mint: Minting
    kept_as: Variable = msgspec.field(name="as")


class Fault(Member, Step, kw_only=True):
    """Put a fault on stage, in the fakes' own schema of faults."""

    fault: dict[str, Any]


VERBS: dict[str, type[Step]] = {
    "request": Request,
    "submit": Submit,
    "follow": Follow,
    "forge": Forge,
    "advance": Advance,
    "change_client": ChangeClient,
    "remove_client": RemoveClient,
    "change_user": ChangeUser,
    "remove_user": RemoveUser,
    "revoke": Revoke,
    "rotate_keys": RotateKeys,
    "mint": Mint,
    "fault": Fault,
}
"""The steps that there are, by the member that each is named after."""


class Page(Member, kw_only=True):
    """An HTML page: its title, words of its visible text, and words that do not stand there; whitespace is folded."""

    title: str | None = None
    has: list[str] = []
    lacks: list[str] = []


class Location(Member, kw_only=True):
    """The Location header in parts: the URI before its query, and the parameters, exact and in order."""

    to: str
    query: dict[str, Scalar] | list[Pair] = {}
    fragment: dict[str, Scalar] | list[Pair] = {}


class Token(Member, kw_only=True):
    """A JWT, in the JSON answer at a JSON Pointer, or a value that was kept. ``header`` and ``claims`` are exact and in
    order, ``claims_has`` is what the claims have at least; ``signed``: by a key of the provider's jwks endpoint.
    """

    at: str | None = None
    value: str | None = None
    header: dict[str, Any] | None = None
    claims: dict[str, Any] | None = None
    claims_has: dict[str, Any] | None = None
    signed: bool = False


class Expect(Member, kw_only=True):
    """What the last answer is. At most one of ``json``, ``json_has``, ``body`` and ``page``."""

    status: Status
    headers: dict[str, str | int | list[str] | None] | None = None
    json: Any = msgspec.UNSET
    json_has: Any = msgspec.UNSET
    body: str | None = None
    page: Page | None = None
    location: Location | None = None
    token: Token | list[Token] | None = None


class StageGiven(Member, kw_only=True):
    """How the stage is opened. ``lifetimes`` are seconds by kind."""

    lifetimes: dict[str, int] = {}
    origins: list[str] = []
    redirect_uris: list[str] = []
    personas: bool = False
    issuer: str | None = None


class State(Member, kw_only=True):
    """What has come about before a rule is tried; ``after`` names the state that it builds on. ``alone``: only where
    nobody else asks the provider.
    """

    summary: Sentence
    after: Name | None = None
    alone: bool = False
    clients: list[ClientGiven] = []
    users: list[UserGiven] = []
    stage: StageGiven = msgspec.field(default_factory=StageGiven)
    steps: list[Step] = []


class Case(Member, kw_only=True):
    """One of several trials of a rule; what it leaves out is the rule's."""

    name: Name
    given: Name | None = None
    variant: str | None = None
    destructive: bool | None = None
    undocumented: bool | None = None
    alone: bool | None = None
    steps: list[Step] | None = None
    expect: Expect | None = None


class Rule(Member, kw_only=True):
    """One behaviour of a provider: how it is known, in a sentence, and how it is tried.

    ``destructive``: trying it leaves traces at a live server. ``undocumented``: the answer belongs to no operation of
    the OpenAPI document, such as one for an address that nobody serves. ``alone``: it shows only where nobody
    else has asked the provider lately. ``excluded``: why no exchange can show it.
    """

    id: Id
    mark: Mark
    source: Sentence
    text: Sentence
    keyword: str = ""
    given: Name = "fresh"
    variant: str = "default"
    destructive: bool = False
    undocumented: bool = False
    alone: bool = False
    steps: list[Step] | None = None
    expect: Expect | None = None
    cases: list[Case] | None = None
    excluded: str | None = None


class Table(Member, kw_only=True):
    """The file: a provider's rules, the states that they begin in, constants, and endpoints by path."""

    provider: Name
    values: dict[Variable, Any] = {}
    endpoints: dict[Name, Annotated[str, msgspec.Meta(pattern="^/")]] = {}
    states: dict[Name, State] = {}
    rules: list[Rule] = []
