"""The page about the control API's addresses, made from its OpenAPI document."""

import json
from collections.abc import Iterator
from typing import Any

from docs.publishing.markdown import NOTE, prose, row, table
from sparring.mocks.control.openapi import STATUSES, document

Json = dict[str, Any]


def page() -> str:
    """The page, as Markdown."""
    return "\n".join(_page(document())) + "\n"


def _page(api: Json) -> Iterator[str]:
    yield from (NOTE.format("mocks/sparring/mocks/control"), "", "# The control API, address by address", "")
    yield (
        "Made from `GET /openapi.json` of a running `sparring serve`. What it is for, with examples: "
        "[the control API](../control-api.md)."
    )
    yield from ("", "## What is refused", "", *table("status", "why"))
    for status, why in STATUSES.items():
        yield row(status, why)
    yield from ("", "## Addresses")
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            yield from _operation(method, path, operation)
    yield from ("", "## Objects")
    for name, schema in api["components"]["schemas"].items():
        if "properties" in schema:
            yield from _object(name, schema)
        elif name == "Effect":
            yield from ("", f"### {name}", "", "One of [the kinds of faults](../faults.md#kinds).")


def _operation(method: str, path: str, operation: Json) -> Iterator[str]:
    yield from ("", f"### {method.upper()} {path}", "", operation["summary"], "")
    for each in operation["parameters"]:
        if each["in"] == "query":
            wanted = ", required" if each["required"] else ""
            yield f"- `{each['name']}` ({_type(each['schema'])}{wanted}): {each['description']}"
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield f"- takes: {_type(content['schema'])}"
    for status, response in operation["responses"].items():
        for kind, content in response.get("content", {}).items():
            yield f"- {status}: {_type(content['schema'])}" + ("" if kind == "application/json" else f", `{kind}`")
        if "content" not in response and "$ref" not in response:
            yield f"- {status}: {response['description']}"


def _object(name: str, schema: Json) -> Iterator[str]:
    yield from ("", f"### {name}", "")
    if schema.get("description"):
        yield from (prose(schema["description"]), "")
    if schema["properties"]:
        yield from table("member", "type", "default", "")
    for member, about in schema["properties"].items():
        default = "required" if member in schema.get("required", ()) else ""
        if "default" in about:
            default = f"`{json.dumps(about['default'])}`"
        yield row(f"`{member}`", _type(about), default, about.get("description", ""))


def _type(schema: Json) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})" if _has_a_section(name) else name
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return " or ".join(_type(each) for each in schema[word])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kind = schema.get("type", "any JSON")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _has_a_section(name: str) -> bool:
    return name == "Effect" or "properties" in document()["components"]["schemas"].get(name, {})
