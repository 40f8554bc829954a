"""Files that people write: manifest, baseline, defaults, saved scenarios; and options that are more than words."""

import json
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any

import click

from sparring.contracts.clauses import parse
from sparring.contracts.errors import ContractError
from sparring.contracts.facts import parse_facts
from sparring.contracts.loading import parse_rules
from sparring.contracts.strictness import parse_strictness
from sparring.harness.baseline import BaselineError, read_baseline
from sparring.harness.captured import captured
from sparring.harness.cli import asked
from sparring.harness.cli import serve as of_serve
from sparring.harness.cli.exec import by_provider
from sparring.harness.cli.token import _claim
from sparring.harness.drivers.printed import wrong_pattern
from sparring.harness.manifest import ManifestError, read_manifest
from sparring.mocks.server.serve import ServeError, read_saved_file
from tests.fuzzing.cases import near, pieces, written
from tests.fuzzing.files import from_file
from tests.fuzzing.parser import Parser
from tests.fuzzing.parsers.wishes import ARCHIVES, SAVED

_MANIFEST = b"""[client]
provider = "ingest"
command = ["python", "client.py"]
visit_pattern = "open (https://.*)"
timeout = 20
supports = ["refresh"]
[client.exit_codes]
0 = "ok"
[client.success]
status = 200
[serve]
providers = ["ingest"]
port = 9400
tls = true
"""
_BASELINE = b"schema: 1\nexpected:\n- {scenario: happy, check: a, verdict: FAIL, reason: known}\n- check: b\n"
_RULES = b"""provider: ingest
rules:
- id: ingest/token/issued
  mark: doc
  source: rfc6749#5.1
  when: a request is good
  steps: [{send: {to: token}}]
  expect: {status: 200}
"""


def _manifest(path: Path) -> object:
    told = read_manifest(path)
    wrong_pattern(told.visit_pattern or "x")
    return asked._app(told), asked._exit_codes(told), asked._supports(None, told), asked._paste(told)


def _served(path: Path) -> object:
    context = click.Context(of_serve.serve)
    of_serve._configure(context, of_serve.serve.params[0], path)
    return context.default_map


def _saved(path: Path) -> object:
    document = read_saved_file(path)
    return captured(document, "ingest")


def _options(data: bytes) -> object:
    text = data.decode("utf-8", "surrogateescape")
    return [_tried(read, text) for read in (asked._shard, _claim, lambda option: by_provider((option,)), wrong_pattern)]


def _tried(read: Any, text: str) -> object:
    try:
        with redirect_stderr(StringIO()):
            return read(text)
    except (ValueError, SystemExit) as refusal:
        return refusal


def _yaml(data: bytes) -> object:
    text = data.decode("utf-8", "replace")
    return [_contract(read, text) for read in (parse_rules, parse_facts, parse_strictness)]


def _contract(read: Any, text: str) -> object:
    try:
        return read(text, "here")
    except ContractError as refusal:
        return refusal


PARSERS = (
    Parser(
        name="manifest",
        cases=written(_MANIFEST) | pieces(*_MANIFEST.splitlines(keepends=True)),
        read=from_file(".toml", _manifest),
        own=(ManifestError,),
    ),
    Parser(
        name="serve-defaults",
        cases=written(_MANIFEST) | pieces("[serve]\n", "port = ", "9400\n", "tls = true\n", "variant = []\n"),
        read=from_file(".toml", _served),
        own=(click.ClickException, SystemExit),
    ),
    Parser(
        name="baseline",
        steep=True,
        cases=written(_BASELINE) | pieces(*_BASELINE.splitlines(keepends=True), "schema: 1\n", "expected:\n"),
        read=from_file(".yaml", lambda path: read_baseline(path, ["happy"], ["a", "b"])),
        own=(BaselineError,),
    ),
    Parser(
        name="saved-json",
        cases=near([SAVED]),
        read=from_file(".json", _saved),
        own=(ServeError,),
    ),
    Parser(
        name="saved-yaml",
        steep=True,
        cases=near([SAVED | {"faults": []}]) | pieces("schema: 1\n", "id: a\n", "faults: [", "stage: {", "}\n"),
        read=from_file(".yaml", _saved),
        own=(ServeError,),
    ),
    Parser(name="saved-har", cases=near(ARCHIVES), read=from_file(".har", _saved), own=(ServeError,)),
    Parser(
        name="options",
        cases=written("1/3", "aud=[1]", "panopto=video.example.edu", "open (https://.*)")
        | pieces("1", "/", "=", "(", "*"),
        read=_options,
    ),
    Parser(
        name="contract",
        steep=True,
        cases=written(_RULES, json.dumps({"rules": []})) | pieces(*_RULES.splitlines(keepends=True)),
        read=_yaml,
    ),
    Parser(
        name="clauses",
        steep=True,
        cases=written(b"- {id: rfc6749#5.1, title: a, text: b}\n") | pieces("- id: a\n", "  title: b\n", "clauses:\n"),
        read=lambda data: parse(data.decode("utf-8", "replace"), "rfc6749", "here"),
        own=(ContractError,),
    ),
)
