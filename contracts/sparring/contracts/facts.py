"""Where a provider's own way decides what a client may do: a few facts, each with its source."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal, cast

import yaml

from sparring.contracts.errors import ContractError
from sparring.contracts.places import built_in, contract_file
from sparring.contracts.yamls import read_yaml

_ROW = {"fact", "value", "source"}
_CHOICES: dict[str, Callable[[], Collection[object]]] = {
    "pkce": lambda: ("verified", "ignored", "refused"),
    "like": built_in,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFacts:
    """What differs between providers; the defaults are what the specifications say.

    ``token_parameters``: where the token endpoint reads its parameters (``body``, ``query``). ``pkce``: a challenge is
    ``verified`` or ``ignored``, or a code_verifier is ``refused``. ``refused_client``: the error codes for a client
    whose secret is wrong. ``accept``: the media type that the API insists on. ``access_tokens``: the kinds of access
    token that there are, each with a lifetime of its own. ``grants``: the grant types that its document knows, none
    where that is not known. ``client_authentication``: where its document has the client's secret (``basic``, ``body``,
    ``query``). ``basic``: what it reads in a Basic header, the credentials as they are (``raw``) or form-encoded before
    (``form``). ``public_grants``: further grant types that its document has for clients without a secret. ``api_host``:
    where its API is, if that is another host than the first of its own. ``like``, of a provider that is not built-in:
    the built-in one whose scenarios fit it.
    """

    token_parameters: tuple[str, ...] = ("body",)
    pkce: Literal["verified", "ignored", "refused"] = "ignored"
    refused_client: tuple[str, ...] = ("invalid_client",)
    accept: str = ""
    access_tokens: tuple[str, ...] = ("access_token",)
    grants: tuple[str, ...] = ()
    client_authentication: tuple[str, ...] = ("basic", "body")
    basic: tuple[str, ...] = ("form",)
    public_grants: tuple[str, ...] = ()
    api_host: str = ""
    like: str = ""


def parse_facts(text: str, where: str) -> ProviderFacts:
    """Read one file of facts; ``where`` names it in errors."""
    try:
        document = read_yaml(text)
    except yaml.YAMLError as problem:
        raise ContractError(f"{where}: not YAML: {problem}") from problem
    if not isinstance(document, dict) or set(document) != {"facts"} or not isinstance(document["facts"], list):
        raise ContractError(f"{where}: a file of facts has exactly the member `facts`, a list")
    members: dict[str, Any] = {}
    for row in document["facts"]:
        name, value = _fact(row, where)
        if name in members:
            raise ContractError(f"{where}: `{name}` occurs twice")
        members[name] = value
    return ProviderFacts(**members)


def _fact(row: object, where: str) -> tuple[str, object]:
    if not isinstance(row, dict) or set(row) != _ROW or not all(row.values()):
        raise ContractError(f"{where}: a fact has the members {', '.join(sorted(_ROW))}, not {row!r}")
    name, value = row["fact"], row["value"]
    known = {field.name: field.default for field in fields(ProviderFacts)}
    if name not in known:
        raise ContractError(f"{where}: unknown fact `{name}`; known are {', '.join(known)}")
    if isinstance(known[name], tuple):
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise ContractError(f"{where}: `{name}` must be a list of strings")
        return name, tuple(cast("list[str]", value))
    if not isinstance(value, str) or value not in _CHOICES.get(name, lambda: (value,))():
        raise ContractError(f"{where}: `{name}` cannot be {value!r}")
    return name, value


@cache
def facts(provider: str) -> ProviderFacts:
    """The facts of that provider; those of the specifications where nothing is known of it. ContractError."""
    file = contract_file(provider, "facts.yaml")
    return ProviderFacts() if file is None else parse_facts(file.read_text(encoding="utf-8"), f"{provider}: facts.yaml")
