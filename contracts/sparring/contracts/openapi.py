"""A provider's OpenAPI 3.1 document, and exchanges held against it."""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs

from sparring.contracts.errors import ContractError
from sparring.contracts.expecting import TRANSPORT, Unreadable, read_json
from sparring.contracts.loading import read_yaml
from sparring.contracts.place import Call, Reply
from sparring.contracts.places import contract_file

Json = dict[str, Any]
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Operation:
    """What a document says about one method at one path."""

    def __init__(self, document: "Document", path: str, method: str, members: Json) -> None:
        self.path = path
        self.method = method
        self.name = str(members.get("operationId", ""))
        self.members = members
        self._document = document

    def violations(self, call: Call, reply: Reply, *, exact: bool) -> Iterator[str]:
        """How an answer is not one of those documented."""
        response = self._document.resolved(self.members.get("responses", {}).get(str(reply.status)))
        if response is None:
            known = ", ".join(self.members.get("responses", {}))
            yield f"status {reply.status} is not documented; documented are {known}"
            return
        yield from self._headers(response, reply, exact=exact)
        if call.method != "HEAD":
            yield from self._body(response, reply)

    def _headers(self, response: Json, reply: Reply, *, exact: bool) -> Iterator[str]:
        documented = {name.lower(): self._document.resolved(row) for name, row in response.get("headers", {}).items()}
        present = {name.lower() for name, _ in reply.headers}
        for name, row in documented.items():
            if row.get("required") and name not in present:
                yield f"header {name} is missing"
        for name, value in reply.headers:
            row = documented.get(name.lower())
            if row is None:
                if exact and name.lower() not in TRANSPORT and name.lower() != "content-type":
                    yield f"header {name} is not documented"
            elif "schema" in row:
                for complaint in self._document.complaints(row["schema"], _scalar(row["schema"], value)):
                    yield f"header {name}: {complaint}"

    def _body(self, response: Json, reply: Reply) -> Iterator[str]:
        content, kind = response.get("content", {}), reply.header("content-type")
        if kind is None:
            if reply.body:
                yield "the body has no Content-Type"
            elif content and not response.get("x-sparring-may-be-empty"):
                yield f"there is no body; documented is {', '.join(content)}"
            return
        row = _media(content, kind)
        if row is None:
            yield f"media type {kind} is not documented; documented is {', '.join(content) or 'no body'}"
        elif "schema" in row:
            yield from self._content(row["schema"], kind, reply)

    def _content(self, schema: Json, kind: str, reply: Reply) -> Iterator[str]:
        if not _bare(kind).endswith("json"):
            yield from self._document.complaints(schema, reply.text)
            return
        try:
            got = read_json(reply.body)
        except Unreadable as error:
            yield str(error)
            return
        yield from self._document.complaints(schema, got)
        yield from self._document.disorder(schema, got)


class Document:
    """An OpenAPI document. ``where`` names it in errors."""

    def __init__(self, members: Json, where: str) -> None:
        self.members = members
        self.where = where
        self._components = members.get("components", {})
        self._validators: dict[str, Any] = {}
        flags = re.IGNORECASE if members.get("x-sparring-ignore-case") else 0
        self._paths: list[tuple[re.Pattern[str], str, dict[str, Operation]]] = []
        for path, row in members.get("paths", {}).items():
            item = self.resolved(row) or {}
            found = {method: Operation(self, path, method, item[method]) for method in _METHODS if method in item}
            further = item.get("x-additionalOperations", {})  # as OpenAPI 3.2 has them, without the x-
            found |= {method.lower(): Operation(self, path, method.lower(), further[method]) for method in further}
            self._paths.append((re.compile(_pattern(path), flags), path, found))
        self._paths.sort(key=lambda each: each[1].count("{"))

    def operations(self) -> Iterator[Operation]:
        """Every operation, in the order of the document."""
        order = {path: number for number, path in enumerate(self.members.get("paths", {}))}
        for _, _, operations in sorted(self._paths, key=lambda each: order[each[1]]):
            yield from operations.values()

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation that serves a method at a path; HEAD is served by GET where nothing else is said."""
        for pattern, _, operations in self._paths:
            if pattern.fullmatch(path):
                found = operations.get(method.lower())
                return found or (operations.get("get") if method == "HEAD" else None)
        return None

    def serves(self, path: str) -> bool:
        """Whether there is anything at that path."""
        return any(pattern.fullmatch(path) for pattern, _, _ in self._paths)

    def violations(self, call: Call, reply: Reply, prefix: str = "", *, exact: bool = True) -> list[str]:
        """How an exchange is not one of those documented, a sentence each. ``prefix`` stands before the paths; where it
        is not ``exact``, headers that are not documented may be somebody else's.
        """
        path = urlsplit(call.url).path.removeprefix(prefix) or "/"
        found = self.operation(call.method, path)
        if found is not None:
            where = f"{call.method} {path} -> {reply.status}"
            return [f"{where}: {complaint}" for complaint in found.violations(call, reply, exact=exact)]
        what = f"method {call.method} is not documented there" if self.serves(path) else "there is no such path"
        return [f"{call.method} {path}: {what} (in {self.where})"]

    def resolved(self, row: Any) -> Any:
        """What a reference within the document leads to; anything else as it is. ContractError."""
        while isinstance(row, dict) and "$ref" in row:
            found: Any = self.members
            for token in str(row["$ref"]).removeprefix("#/").split("/"):
                name = token.replace("~1", "/").replace("~0", "~")
                if not isinstance(found, dict) or name not in found:
                    raise ContractError(f"{self.where}: {row['$ref']} leads nowhere")
                found = found[name]
            row = found
        return row

    def complaints(self, schema: Json, value: Any) -> Iterator[str]:
        """How a value is not what a schema says."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            rooted = {"components": self._components, "allOf": [schema]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(rooted, validate_formats=True)
        for error in self._validators[key].iter_errors(value):
            path = "".join(f"/{part}" for part in error.instance_path)
            yield f"{path or 'body'}: {error.message}" if not isinstance(value, (str, int)) else str(error.message)

    def disorder(self, schema: Any, value: Any, path: str = "") -> Iterator[str]:
        """Where members do not stand in the documented order."""
        schema = self.resolved(schema)
        if not isinstance(schema, dict):
            return
        for part in schema.get("allOf", []):
            yield from self.disorder(part, value, path)
        if isinstance(value, list):
            for index, each in enumerate(value):
                yield from self.disorder(schema.get("items"), each, f"{path}/{index}")
        elif isinstance(value, Mapping):
            order = schema.get("x-sparring-order", [])
            present = [name for name in value if name in order]
            if present != [name for name in order if name in value]:
                yield f"{path or 'body'}: the members stand as {', '.join(present)}, not in the documented order"
            for name, row in schema.get("properties", {}).items():
                if name in value:
                    yield from self.disorder(row, value[name], f"{path}/{name}")


def _pattern(path: str) -> str:
    parts = re.split(r"\{[^}]+\}", path)
    return "[^/]+".join(re.escape(part) for part in parts)


def _bare(kind: str) -> str:
    return kind.partition(";")[0].strip().lower()


def _media(content: Mapping[str, Any], kind: str) -> Json | None:
    folded = {name.lower().replace(" ", ""): row for name, row in content.items()}
    found = folded.get(kind.lower().replace(" ", ""))
    return found if found is not None else folded.get(_bare(kind))


def _scalar(schema: Mapping[str, Any], value: str) -> Any:
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    return value


def _file(provider: str) -> Traversable | None:
    return contract_file(provider, "openapi.yaml")


def has_document(provider: str) -> bool:
    """Whether there is an OpenAPI document for that provider."""
    return _file(provider) is not None


def parse_document(source: str, where: str) -> Document:
    """Read an OpenAPI document; ``where`` names it in errors. ContractError."""
    members = read_yaml(source, where)
    if not isinstance(members, dict) or not str(members.get("openapi", "")).startswith("3.1"):
        raise ContractError(f"{where}: it is no OpenAPI 3.1 document")
    return Document(members, where)


@functools.cache
def document(provider: str) -> Document:
    """The provider's document. ContractError, or LookupError where there is none."""
    file = _file(provider)
    if file is None:
        raise LookupError(f"there is no OpenAPI document for {provider!r}")
    return parse_document(file.read_text(encoding="utf-8"), f"{provider}: openapi.yaml")
