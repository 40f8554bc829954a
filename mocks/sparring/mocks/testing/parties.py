"""What stands on a stage, as values: clients, users, tokens, endpoints."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sparring.mocks.control.interface import ControlError
from sparring.mocks.engine.reading import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A registered client. ``client_secret`` is None where it is a public one; ``lifetimes`` are seconds by kind."""

    client_id: str
    client_secret: str | None
    name: str = ""
    redirect_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()
    enabled: bool = True
    consent: bool = False
    lifetimes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person with an account. ``subject`` is who tokens say that it is."""

    username: str
    password: str
    name: str = ""
    email: str = ""
    subject: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token that was minted; as text it is the access token. ``session`` is what ``revoke`` takes."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str
    session: str

    def __str__(self) -> str:
        return self.access_token

    @property
    def headers(self) -> dict[str, str]:
        """The header that presents it: ``{"Authorization": "Bearer ..."}``."""
        return {"Authorization": f"Bearer {self.access_token}"}


class Endpoints(Mapping[str, str]):
    """A provider's addresses by name: ``endpoints.token`` and ``endpoints["token"]`` are the same URL."""

    def __init__(self, provider: str, urls: Mapping[str, str]) -> None:
        self._provider = provider
        self._urls = dict(urls)

    def __getitem__(self, name: str) -> str:
        if name not in self._urls:
            raise ControlError(f"{self._provider} has no endpoint {name!r}; {nearest(name, self._urls)}", 404)
        return self._urls[name]

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except ControlError as error:
            raise AttributeError(str(error)) from None

    def __contains__(self, name: object) -> bool:
        return name in self._urls

    def __iter__(self) -> Iterator[str]:
        return iter(self._urls)

    def __len__(self) -> int:
        return len(self._urls)

    def __repr__(self) -> str:
        return f"<endpoints of {self._provider}: {', '.join(self)}>"


def client_of(document: Mapping[str, Any]) -> Client:
    """A client as the control port tells of it."""
    return Client(
        client_id=document["client_id"],
        client_secret=document["secret"],
        name=document["name"],
        redirect_uris=tuple(document["redirect_uris"]),
        scopes=tuple(document["scopes"]),
        grants=tuple(document["grants"]),
        enabled=document["enabled"],
        consent=document["consent"],
        lifetimes=dict(document["lifetimes"]),
    )


def user_of(document: Mapping[str, Any]) -> User:
    """A user as the control port tells of it."""
    return User(**{name: document[name] for name in User.__slots__})
