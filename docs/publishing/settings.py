"""The page about the settings: ``sparring.toml``, the variables, and the files, made from what reads them."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import click
import msgspec

from docs.publishing.markdown import NOTE, row, table
from sparring.harness.cli import main
from sparring.harness.drivers import DRIVERS
from sparring.harness.interception import MODES
from sparring.harness.manifest import Manifest

_CLIENT: Mapping[str, str] = {
    "provider": "whose client it is: a name from `sparring providers`",
    "grant": "`client_credentials` or `authorization_code`; the provider's first one if left out",
    "driver": f"how the command is driven: {', '.join(DRIVERS)}",
    "command": "the command, word by word; for `callable` the one word `module:factory`",
    "intercept": f"how a client with hard-coded hosts comes to the fakes: {', '.join(MODES)}",
    "hosts": "host names of a site of your own, besides the documented ones",
    "redirect_uri": "the redirect URI that is written in the client's source",
    "client_id": "the client id that is written there",
    "client_secret": "the secret that is written there",
    "supports": "what the client can do; left out: what a trial run shows",
    "public": "it has no secret",
    "as_documented": "it does as the provider's document shows: a secret in the URL is a WARN then",
    "monotonic_lifetimes": "it keeps time by a clock that cannot be moved: lifetimes are short and real",
    "exit_codes": 'outcomes by exit code, such as `{ 3 = "denied" }`',
    "visit_pattern": "a regular expression for the line that says where to sign in",
    "paste": "what the command wants to be told after a login: `url` or `code`",
    "env": "variables under the client's own names: templates such as `{client_id}`",
    "pass_env": "variables of yours that the client shall see",
    "cwd": "its working folder, or `scratch`",
    "timeout": "seconds for one instruction, a login included (20)",
    "baseline": "the file of expected failures",
    "base_url": "web application: its address; `{port}` is a free port",
    "login_path": "web application: the page that sends the browser to the provider",
    "callback_path": "web application: the path of its redirect URI",
    "action_path": "web application: the page that calls the API",
    "logout_path": "web application: the page that signs out",
    "success": 'web application: how a page looks when all went well, `{ status = 200, text = "" }`',
}
_VARIABLES = (
    ("NO_COLOR, FORCE_COLOR, COLUMNS", "colours and width of what is printed"),
    ("SPARRING_TARGET_CLIENT_ID and others", "`verify --target`: the credentials at a live server"),
    ("XDG_DATA_HOME", "where the local CA is kept, in the folder `sparring`; else `~/.local/share`"),
    ("XDG_CACHE_HOME", "where what was compiled is kept; else `~/.cache`"),
)
_FILES = (
    ("sparring.toml", "the manifest: this page", "../client-protocol.md"),
    ("a baseline", "expected failures", "../how-to/known-failures.md"),
    ("a scenario file", "what went wrong, to be played again", "../control-api.md#a-bug-kept"),
    ("a recording", "`GET /stages/main/recording`, for `judge`", "../control-api.md"),
    ("rules.yaml, openapi.yaml, facts.yaml", "a provider's contract", "../contracts.md"),
)


def page() -> str:
    """The page, as Markdown."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield from (NOTE.format("docs/publishing/settings.py and what it reads"), "", "# Settings", "")
    yield "`sparring.toml` lies in the working folder, or where `--config` says. The command line wins over it."
    yield from ("", "## [client]", "", "For `sparring check`. Every key may be left out.", "")
    yield from table("key", "type", "what it says")
    for field in dataclasses.fields(Manifest):
        yield row(f"`{field.name}`", _type(field.name), _CLIENT[field.name])
    yield from ("", "## [serve]", "", "For `sparring serve`: the names of its options, and `providers`.", "")
    yield from table("key", "what it does")
    for each in _serve():
        yield row(f"`{each.opts[0].lstrip('-')}`", getattr(each, "help", None) or "")
    yield from ("", "## Variables", "", *table("variable", "what it decides"))
    for name, about in _VARIABLES:
        yield row(name, about)
    yield from ("", "What a client is given is [the client protocol](../client-protocol.md).")
    yield from ("", "## Files", "", *table("file", "what it is"))
    for name, about, link in _FILES:
        yield row(f"[{name}]({link})", about)


def _serve() -> list[click.Parameter]:
    command = main.get_command(click.Context(main), "serve")
    assert command is not None
    return [each for each in command.params if each.name not in {"config", "help"}]


def _type(name: str) -> str:
    schema: dict[str, Any] = msgspec.json.schema(Manifest)["$defs"]["Manifest"]["properties"][name]
    kinds = [schema, *schema.get("anyOf", ())]
    words = {"string": "text", "array": "list of text", "boolean": "true or false", "object": "table"}
    return next(
        (words.get(kind["type"], kind["type"]) for kind in kinds if kind.get("type") not in {None, "null"}), "table"
    )
