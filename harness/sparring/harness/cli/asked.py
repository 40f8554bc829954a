"""What ``sparring check`` was asked for: the command line over the manifest, read with care."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sparring.harness import checks
from sparring.harness.baseline import Entry, read_baseline
from sparring.harness.captured import captured, is_scenario_file
from sparring.harness.drivers import DRIVERS
from sparring.harness.drivers.callables import wrong_name
from sparring.harness.drivers.environment import parse_option
from sparring.harness.drivers.printed import PASTES, Paste, wrong_pattern
from sparring.harness.interception import MODES
from sparring.harness.manifest import Manifest, ManifestError, Success, nearest
from sparring.harness.scenario import Scenario
from sparring.harness.scenarios import ALL, ALWAYS_ID, catalogue, happy, select
from sparring.harness.settings import ClientSettings, RunSettings, WebApp
from sparring.harness.worlds.local import ServeError, describe_provider, read_saved_file, wrong_provider

CAPABILITIES = (
    "refresh", "reactive_refresh", "persistence", "concurrency", "id_token", "discovery", "pkce", "logs", "providers",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options of the command line by their names; None or empty where one was not given."""

    provider: str | None
    command: tuple[str, ...]
    grant: str | None
    driver: str | None
    supports: str | None
    variant: str
    globs: tuple[str, ...]
    profile: str
    strict: bool
    plain_http: bool
    templates: tuple[str, ...]
    pass_env: tuple[str, ...]
    cwd: str | None
    jobs: int | None
    shard: str | None
    seed: int
    timeout: float | None
    intercept: str | None = None
    hosts: tuple[str, ...] = ()
    redirect_uri: str | None = None
    client_id: str | None = None
    client_secret: str | None = None

    def settings(self, manifest: Manifest) -> RunSettings:
        """The run that is meant. ManifestError, UnknownScenarioError, ValueError."""
        provider = self.provider or manifest.provider
        if provider is None:
            raise ManifestError("name a provider, or write it into sparring.toml")
        if wrong := wrong_provider(provider):
            raise ManifestError(wrong)
        known = describe_provider(provider)
        client = self._client(manifest)
        if not client.command:
            raise ManifestError("name the client's command after --, or write it into sparring.toml")
        if client.driver == "callable" and (wrong := wrong_name(client.command)):
            raise ManifestError(wrong)
        grant, grants = self.grant or manifest.grant, known["grants"]
        if grant is not None and grant not in grants:
            raise ManifestError(f"{provider} has no grant {grant!r}; there are: {', '.join(grants)}")
        mode = _one_of(self.intercept or manifest.intercept, MODES, "mode of --intercept") or "none"
        if mode != "none" and self.plain_http:
            raise ManifestError("real host names are real with TLS only: leave --plain-http or --intercept out")
        if mode == "none" and (self.hosts or manifest.hosts):
            raise ManifestError("further host names are met under --intercept only")
        _one_of(self.variant, known["variants"], f"variant of {provider}")
        settings = RunSettings(
            provider=provider,
            grant=grant or grants[0],
            client=client,
            variant=self.variant,
            profile=self.profile,
            scenarios=tuple(name for name in self.globs if not is_scenario_file(name)),
            captured=tuple(_captured(Path(name), provider) for name in self.globs if is_scenario_file(name)),
            seed=self.seed,
            jobs=self.jobs or os.cpu_count() or 1,
            tls=not self.plain_http,
            strict=self.strict,
            shard=_shard(self.shard),
            intercept=next(each for each in MODES if each == mode),
            hosts=tuple(name.lower() for name in self.hosts or manifest.hosts),
        )
        happy(settings.provider, settings.grant)
        select(settings.provider, settings.grant, settings.profile, settings.scenarios)
        return settings

    def _client(self, manifest: Manifest) -> ClientSettings:
        return ClientSettings(
            command=self.command or manifest.command,
            driver=self.driver or _one_of(manifest.driver, DRIVERS, "driver") or "oneshot",
            supports=_supports(self.supports, manifest),
            public=manifest.public,
            as_documented=manifest.as_documented,
            monotonic_lifetimes=manifest.monotonic_lifetimes,
            env={**manifest.env, **dict(parse_option(option) for option in self.templates)},
            pass_env=(*manifest.pass_env, *self.pass_env),
            cwd=self.cwd or manifest.cwd,
            timeout=self.timeout or manifest.timeout or 20.0,
            exit_codes=_exit_codes(manifest),
            app=_app(manifest),
            visit_pattern=manifest.visit_pattern,
            paste=_paste(manifest),
            redirect_uri=_redirect_uri(self.redirect_uri or manifest.redirect_uri),
            client_id=self.client_id or manifest.client_id,
            client_secret=self.client_secret or manifest.client_secret,
        )


def _redirect_uri(given: str | None) -> str | None:
    if given is not None and not given.startswith(("http://", "https://")):
        raise ManifestError(f"a redirect URI that a browser can come to begins with http://, not {given!r}")
    return given


def _captured(path: Path, provider: str) -> Scenario:
    try:
        document = read_saved_file(path)
    except ServeError as error:
        raise ManifestError(str(error)) from error
    there = document.get("stage", {}).get("providers", [])
    if provider not in there:
        raise ManifestError(f"{path} says nothing of {provider}; it is about: {', '.join(there) or 'nobody'}")
    return captured(document, provider)


def expected(path: Path | None, provider: str, *, update: bool) -> tuple[Entry, ...]:
    """What the baseline says; a file that is to be written need not be there yet. ManifestError, BaselineError."""
    if path is None:
        if update:
            raise ManifestError("--update-baseline wants --baseline FILE, or `baseline` in sparring.toml")
        return ()
    if update and not path.exists():
        return ()
    known = (ALWAYS_ID, *(one.id for one in (*ALL, *catalogue(provider))))
    return read_baseline(path, known, (check.id for check in checks.ALL))


def _shard(option: str | None) -> tuple[int, int]:
    part, slash, parts = (option or "1/1").partition("/")
    if not (slash and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise ManifestError(f"--shard wants K/N, such as 2/5, not {option!r}")
    return int(part), int(parts)


def _app(manifest: Manifest) -> WebApp:
    names = ("base_url", "login_path", "callback_path", "action_path", "logout_path")
    given = {name: value for name in names if (value := getattr(manifest, name)) is not None}
    for name in names[1:]:
        if not given.get(name, "/").startswith("/"):
            raise ManifestError(f"{name} of the manifest is a path; it begins with /")
    if not given.get("base_url", "http://").startswith(("http://", "https://")):
        raise ManifestError("base_url of the manifest is an address; it begins with http://")
    success = manifest.success or Success()
    return WebApp(**given, success_status=success.status, success_text=success.text)


def _supports(option: str | None, manifest: Manifest) -> frozenset[str] | None:
    if option is None:
        chosen = manifest.supports
    else:
        chosen = frozenset(word.strip() for word in option.split(",") if word.strip())
    for word in sorted(chosen or ()):
        _one_of(word, CAPABILITIES, "capability")
    return chosen


def _one_of(word: str | None, known: Sequence[str], what: str) -> str | None:
    if word is not None and word not in known:
        raise ManifestError(f"unknown {what} {word!r}; {nearest(word, tuple(known))}")
    return word


def _paste(manifest: Manifest) -> Paste | None:
    """What is pasted into the client; what a manifest says of its login's address is looked at first."""
    if wrong := wrong_pattern(manifest.visit_pattern) if manifest.visit_pattern is not None else "":
        raise ManifestError(wrong)
    _one_of(manifest.paste, PASTES, "paste")
    return next((one for one in PASTES if one == manifest.paste), None)


def _exit_codes(manifest: Manifest) -> dict[int, str]:
    try:
        return {int(code): outcome for code, outcome in manifest.exit_codes.items()}
    except ValueError as error:
        raise ManifestError("exit_codes of the manifest has a key that is no number") from error
