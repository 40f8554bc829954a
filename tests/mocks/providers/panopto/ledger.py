"""What a bystander who knows IdentityServer3 remembers of a site's answers."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from sparring.mocks.engine.messages import Answer

LIFETIMES = {"access_token": 100, "id_token": 60, "refresh_token": 1000, "code": 50}
LEEWAY = 300
JSON = "application/json; charset=utf-8"
ORDER = ["id_token", "access_token", "expires_in", "token_type", "refresh_token"]


@dataclass(frozen=True)
class Granted:
    """What somebody holds: whose it is, for whom, with which scopes, until when."""

    value: str
    client_id: str
    subject: str
    scopes: tuple[str, ...]
    until: float


@dataclass
class Ledger:
    """Values that were given out, and those that are used up or withdrawn."""

    codes: list[Granted] = field(default_factory=list)
    access: list[Granted] = field(default_factory=list)
    refresh: list[Granted] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def new(self, value: str) -> str:
        """A value that was just given out, which nobody was given before."""
        assert value, "an empty value"
        assert value not in self.seen, f"{value} was given out twice"
        self.seen.add(value)
        return value

    def enter(self, answer: Answer, about: Granted, now: float, *, id_token: bool, ends: float | None = None) -> None:
        """Check a token answer member by member, and remember what it brought. ``ends``: a predecessor's end."""
        document = check_tokens(answer)
        expected = {"access_token", "expires_in", "token_type"}
        expected |= {"refresh_token"} if "offline_access" in about.scopes else set()
        expected |= {"id_token"} if id_token else set()
        assert list(document) == [name for name in ORDER if name in expected], "members in the engine's order"
        assert (document["expires_in"], document["token_type"]) == (LIFETIMES["access_token"], "Bearer")
        fresh = self.new(document["access_token"])
        self.access.append(replace(about, value=fresh, until=now + LIFETIMES["access_token"]))
        if "refresh_token" in document:
            until = now + LIFETIMES["refresh_token"] if ends is None else ends
            self.refresh.append(replace(about, value=self.new(document["refresh_token"]), until=until))

    def revoke(self, token: Granted) -> None:
        """All that this client has of that person."""
        mine = [each for each in self.refresh if (each.client_id, each.subject) == (token.client_id, token.subject)]
        self.gone |= {each.value for each in mine}


def check_tokens(answer: Answer) -> dict[str, Any]:
    """The members of an answer that brings tokens."""
    assert answer.status == 200, answer
    assert answer.header("Content-Type") == JSON
    assert answer.header("Cache-Control") == "no-store, no-cache, max-age=0, private"
    document: dict[str, Any] = json.loads(answer.body)
    return document


def check_refusal(answer: Answer, error: str) -> None:
    """400, a code and nothing else."""
    assert (answer.status, answer.header("Content-Type")) == (400, JSON), answer
    assert answer.header("Cache-Control") is None, "refusals are not marked against caches"
    assert json.loads(answer.body) == {"error": error}
