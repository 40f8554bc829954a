"""What a run was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sparring.harness.drivers.printed import Paste
from sparring.harness.interception import Mode
from sparring.harness.scenario import Scenario


class UnusableError(Exception):
    """Settings that only show in use that they cannot be; the text is one sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebApp:
    """Where a web application's pages are, and how success looks. ``{port}`` in ``base_url`` is a free port.

    ``success_text`` must stand in a page of ``success_status`` for it to count.
    """

    base_url: str = "http://127.0.0.1:{port}"
    login_path: str = "/login"
    callback_path: str = "/callback"
    action_path: str = "/"
    logout_path: str | None = None
    success_status: int = 200
    success_text: str = ""

    @property
    def is_alone(self) -> bool:
        """Whether its port is fixed, so that only one can run at a time."""
        return "{port}" not in self.base_url

    def at(self, port: int) -> str:
        """The base URL, with that port where it leaves it open."""
        return self.base_url.replace("{port}", str(port)).rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """How the client is driven, and what it claims. ``supports`` None: what calibration shows counts.

    ``redirect_uri``, ``client_id`` and ``client_secret`` are those that it has written in its source, where it has; the
    stage registers them. ``visit_pattern`` and ``paste`` are for a command that prints its login's address, as
    :class:`Terminal` has them.
    """

    command: tuple[str, ...]
    driver: str = "oneshot"
    supports: frozenset[str] | None = None
    public: bool = False
    as_documented: bool = False
    monotonic_lifetimes: bool = False
    env: Mapping[str, str] = field(default_factory=dict)
    pass_env: tuple[str, ...] = ()
    cwd: str | None = None
    timeout: float = 20.0
    exit_codes: Mapping[int, str] = field(default_factory=dict)
    app: WebApp = field(default_factory=WebApp)
    visit_pattern: str | None = None
    paste: Paste | None = None
    redirect_uri: str | None = None
    client_id: str | None = None
    client_secret: str | None = None

    @property
    def takes_instructions(self) -> bool:
        """Whether it is driven step by step, and not run once."""
        return self.driver != "oneshot"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """Which scenarios are run, for which provider and grant. ``strict``: a WARN counts as a FAIL, and no exemption
    holds. ``shard`` (k, n): only the k-th of n parts of them, counted from 1. ``captured``: saved scenarios, which are
    played as well, or alone where no others are named. ``intercept``: how a client that knows the providers' real names
    only is brought to the fakes; but for ``none`` it is told those names. ``hosts`` are names besides the documented
    ones, under which the provider is a customer's own.
    """

    provider: str
    grant: str
    client: ClientSettings
    profile: str = "core"
    scenarios: tuple[str, ...] = ()
    variant: str = "default"
    seed: int = 0
    jobs: int = 1
    tls: bool = True
    strict: bool = False
    shard: tuple[int, int] = (1, 1)
    captured: tuple[Scenario, ...] = ()
    intercept: Mode = "none"
    hosts: tuple[str, ...] = ()

    @property
    def is_alone(self) -> bool:
        """Whether the client's port is fixed on a machine that it shares, so that only one can run at a time."""
        client = self.client
        fixed = client.app.is_alone if client.driver == "webapp" else client.redirect_uri is not None
        return fixed and self.intercept != "sandbox"

    def working_folder(self, scratch: Path) -> Path | None:
        """The client's working folder; None is the caller's."""
        if self.client.cwd is None:
            return None
        return scratch if self.client.cwd == "scratch" else Path(self.client.cwd)
