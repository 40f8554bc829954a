"""The environment of a driven client: built from an allow-list, never inherited."""

import difflib
import json
import os
import re
import string
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

CONTEXT_FIELDS = (
    "protocol", "run", "provider", "grant", "issuer", "discovery_url", "authorize_url", "token_url", "jwks_url",
    "register_url", "remote_user_id", "api_url", "client_id", "client_secret", "scope", "redirect_uri", "ca_file",
    "state_dir", "timeout", "scopes", "users", "providers",
)  # fmt: skip
"""The fields that the client protocol promises; which of them are there depends on provider and grant."""

CA_VARIABLES = (
    "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "GIT_SSL_CAINFO", "AWS_CA_BUNDLE",
    "PIP_CERT", "HTTPLIB2_CA_CERTS", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
)  # fmt: skip
"""The variables by which the common HTTP stacks find a CA file. They are set together: each stack has its own order."""

_KEPT = frozenset({
    "PATH", "LANG", "LANGUAGE", "TZ", "USER", "LOGNAME", "SHELL",
    "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "CARGO_HOME",
    "GOPATH", "GOCACHE", "GOMODCACHE", "GOROOT", "GOTOOLCHAIN", "GOFLAGS", "GOPROXY",
    "PYENV_ROOT", "PYENV_VERSION", "VIRTUAL_ENV", "PYTHONUSERBASE", "UV_CACHE_DIR", "UV_PYTHON_INSTALL_DIR",
    "NVM_DIR", "VOLTA_HOME", "NPM_CONFIG_CACHE", "npm_config_cache", "YARN_CACHE_FOLDER", "COREPACK_HOME",
    "JAVA_HOME", "M2_HOME", "MAVEN_HOME", "MAVEN_OPTS", "MAVEN_USER_HOME", "GRADLE_USER_HOME",
    "GEM_HOME", "GEM_PATH", "RBENV_ROOT", "DOTNET_ROOT", "DOTNET_CLI_HOME", "NUGET_PACKAGES", "COMPOSER_HOME",
})  # fmt: skip

# Toolchains that live under HOME: a client's HOME is its scratch folder, so they are named where they exist.
_UNDER_HOME = {
    "RUSTUP_HOME": ".rustup",
    "CARGO_HOME": ".cargo",
    "GOPATH": "go",
    "GOCACHE": ".cache/go-build",
    "PYENV_ROOT": ".pyenv",
    "PYTHONUSERBASE": ".local",
    "UV_CACHE_DIR": ".cache/uv",
    "UV_PYTHON_INSTALL_DIR": ".local/share/uv/python",
    "NVM_DIR": ".nvm",
    "npm_config_cache": ".npm",
    "GRADLE_USER_HOME": ".gradle",
    "RBENV_ROOT": ".rbenv",
    "NUGET_PACKAGES": ".nuget/packages",
}
_JOINED = {"LD_PRELOAD": ":", "PYTHONPATH": ":", "PATH": ":", "NODE_OPTIONS": " ", "JAVA_TOOL_OPTIONS": " "}
"""Variables that are lists: what is added stands before what is there, with that between."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def client_environment(
    context: Mapping[str, Any],
    *,
    scratch: Path,
    ca_file: Path | None = None,
    pass_env: Iterable[str] = (),
    templates: Mapping[str, str] | None = None,
    extra: Mapping[str, str] | None = None,
    interception: Mapping[str, str] | None = None,
    inherited: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Build the whole environment of a client.

    ``context`` is the client protocol's context (lower-case fields); ``protocol``, ``state_dir`` and ``ca_file`` are
    added where missing. ``templates`` are the ``--env`` options; what an ``interception`` needs gives way to them, what
    a clock or another helper needs (``extra``) does not. A variable that is a list is joined to the one that is there.
    ``inherited`` is this process's own environment unless given.
    Raises ValueError for a template that names an unknown field.
    """
    mine = dict(os.environ if inherited is None else inherited)
    full = complete_context(context, scratch=scratch, ca_file=ca_file)
    built = _toolchains(mine)
    built |= {name: mine[name] for name in pass_env if name in mine}
    built |= {name: str(scratch) for name in ("HOME", "TMPDIR", "TMP", "TEMP")}
    if full.get("ca_file"):
        built |= dict.fromkeys(CA_VARIABLES, str(full["ca_file"]))
    ways = interception or {}
    built |= {name: value for name, value in ways.items() if name not in _JOINED}
    built |= _context_variables(full)
    built |= {name: render(template, full, option=f"{name}={template}") for name, template in (templates or {}).items()}
    for added in ({name: value for name, value in ways.items() if name in _JOINED}, extra or {}):
        for name, value in added.items():
            joined = name in _JOINED and built.get(name)
            built[name] = f"{value}{_JOINED[name]}{built[name]}" if joined else value
    return built


def complete_context(context: Mapping[str, Any], *, scratch: Path, ca_file: Path | None = None) -> dict[str, Any]:
    """The context with the fields that every client has, and without those that have no value."""
    known = {"protocol": 1, "state_dir": str(scratch), "ca_file": None if ca_file is None else str(ca_file)}
    return {name: value for name, value in {**known, **context}.items() if value is not None}


def parse_option(option: str) -> tuple[str, str]:
    """Split ``NAME=TEMPLATE``; raise ValueError with a sentence where it is not that."""
    name, equals, template = option.partition("=")
    if not equals or not _NAME.fullmatch(name):
        message = f"--env wants NAME=TEMPLATE, not {option!r}"
        raise ValueError(message)
    return name, template


def render(template: str, context: Mapping[str, Any], option: str | None = None) -> str:
    """Fill a template such as ``{client_id}`` or ``{users[0][username]}`` from the context."""
    try:
        return _Template(context).vformat(template, (), {})
    except (LookupError, TypeError, ValueError) as trouble:
        message = f"--env {option or template!r}: {trouble.args[0] if trouble.args else trouble}"
        raise ValueError(message) from None


class _Template(string.Formatter):
    """str.format over the context alone: no positions, no attributes."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._context = context

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:  # noqa: ARG002
        """Look a field up in the context, item by item."""
        first, *steps = field_name.replace("]", "").split("[")
        if first not in self._context:
            raise LookupError(self._unknown(first))
        value: Any = self._context[first]
        for step in steps:
            try:
                value = value[int(step) if isinstance(value, (list, tuple)) else step]
            except (LookupError, TypeError, ValueError):
                message = f"the context has no {field_name!r}"
                raise LookupError(message) from None
        return (json.dumps(value) if isinstance(value, (Mapping, list, tuple)) else _text(value)), first

    def _unknown(self, name: str) -> str:
        if name in CONTEXT_FIELDS:
            return f"there is no {name!r} for this provider and grant"
        near = difflib.get_close_matches(name, [*self._context, *CONTEXT_FIELDS], n=1, cutoff=0.0)
        return f"unknown field {name!r}; the nearest known one is {near[0]!r}"


def _toolchains(mine: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in mine.items() if name in _KEPT or name.startswith("LC_")}
    kept.setdefault("PATH", os.defpath)
    home = mine.get("HOME")
    for name, folder in _UNDER_HOME.items() if home else ():
        place = Path(home or "") / folder
        if name not in kept and place.is_dir():
            kept[name] = str(place)
    return kept


def _context_variables(context: Mapping[str, Any]) -> dict[str, str]:
    scalars = {name: value for name, value in context.items() if isinstance(value, (str, int, float, bool, Path))}
    variables = {f"SPARRING_{name.upper()}": _text(value) for name, value in scalars.items()}
    variables["SPARRING_CONTEXT"] = json.dumps(context, default=str, separators=(",", ":"))
    return variables


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
