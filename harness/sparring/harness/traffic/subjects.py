"""Whose traffic it is: every client of every provider in a recording, with what can be known of it."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from urllib.parse import unquote_plus, urlsplit

from sparring.harness.checks.traces import carries
from sparring.harness.checks.wire import CLIENT_ENDPOINTS, answer, credential, query_of, registered, word
from sparring.harness.evidence import Evidence, Exchange, Secret, Step, Visit
from sparring.harness.traffic import Recorded, Traffic
from sparring.harness.traffic.hidden import is_masked
from sparring.harness.traffic.logins import Login, logins_of
from sparring.harness.worlds.local import describe_providers

DRIVER = "traffic only"
"""What a report has in the place of the driver."""

UNKNOWN = "unknown"
"""The outcome of an instruction that nobody saw."""

NO_TOKEN = frozenset({"", "None", "null", "undefined", "nil", "NaN", "[object Object]"})
"""What stands in the place of a refresh token where a client has none."""

_AT_STAKE = frozenset({"token", "api", "register", "authorize"})
_STAND_IN = re.compile(r"fingerprint-([0-9a-f]{12})")
_SECRET_PARAMETERS = {
    "client_secret": "client_secret",
    "refresh_token": "refresh_token",
    "access_token": "access_token",
    "code": "code",
}
_LONG_ENOUGH = 16
"""Words shorter than this, in lower-case letters alone, stand in URLs by chance."""


@dataclass(frozen=True)
class Subject:
    """One client at one provider. ``client`` is empty where nobody knows who it was."""

    provider: str
    client: str
    traffic: Traffic
    records: tuple[Recorded, ...]
    grant: str

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All of its exchanges, as they are judged."""
        return tuple(record.exchange for record in self.records)

    @cached_property
    def whole(self) -> tuple[Exchange, ...]:
        """Those whose parameters are all shown."""
        return tuple(record.exchange for record in self.records if not record.partial)

    @cached_property
    def logins(self) -> tuple[Login, ...]:
        """Its logins whose parameters are shown."""
        codes = {e.param("code") or "" for e in self.whole if e.endpoint == "token"} - {""}
        return logins_of(self.exchanges, codes)

    @cached_property
    def secrets(self) -> tuple[Secret, ...]:
        """What the traffic itself shows to be private, where it is no word that occurs by chance."""
        known = {secret.value: secret for secret in self._secrets()}
        public = [urlsplit(e.url)._replace(query="", fragment="").geturl() for e in self.exchanges]
        common = "\n".join([self.client, *public])
        return tuple(secret for secret in known.values() if _is_secret(secret.value) and secret.value not in common)

    def _secrets(self) -> Iterator[Secret]:
        for exchange in self.exchanges:
            yield from _codes_sent_back(exchange)
            if exchange.endpoint == "token":
                for name, value in exchange.params:
                    if name in _SECRET_PARAMETERS:
                        yield Secret(kind=_SECRET_PARAMETERS[name], value=value)
                yield Secret(kind="client_secret", value=_basic(exchange)[1])
            elif (exchange.header("authorization") or "").lower().startswith("bearer "):
                yield Secret(kind="access_token", value=credential(exchange))

    def evidence(
        self, exchanges: Iterable[Exchange] | None = None, *, visits: Iterable[Visit] = (), outcome: str = UNKNOWN
    ) -> Evidence:
        """These exchanges (all, where none are given) as evidence. Nobody saw the client's side of it: there is one
        instruction, of that outcome.
        """
        return Evidence(
            scenario="traffic",
            provider=self.provider,
            grant=self.grant,
            driver=DRIVER,
            context={},
            exchanges=self.exchanges if exchanges is None else tuple(exchanges),
            steps=(Step(id=1, do="call_api", outcome=outcome),),
            visits=tuple(visits),
            secrets=self.secrets,
            fired=tuple(fault for e in self.exchanges for fault in e.facts.get("faults", ())),
            tls=True,
        )


def subjects_of(
    traffic: Traffic, *, provider: str | None = None, client: str | None = None, grant: str | None = None
) -> tuple[Subject, ...]:
    """The clients in it: of that provider, and with that id, where these are named. None where nothing of them was
    recorded.
    """
    groups: dict[tuple[str, str], list[Recorded]] = {}
    names = _Names()
    for record in traffic.records:
        exchange = record.exchange
        if exchange.provider != "decoy" and provider in {None, exchange.provider}:
            groups.setdefault((exchange.provider, names.of(exchange)), []).append(record)
    _leave_no_one_alone(groups)
    strangers = [record for record in traffic.records if record.exchange.provider == "decoy"]
    found = []
    for (name, one), records in groups.items():
        if client not in {None, one} or not any(r.exchange.endpoint in _AT_STAKE for r in records):
            continue
        made = Subject(name, one, traffic, tuple(records), grant or _grant(name, [r.exchange for r in records]))
        found.append((made, [each for each in strangers if len(groups) == 1 or _concerns(each, made)]))
    return tuple(_with(subject, theirs) for subject, theirs in found)


def _with(subject: Subject, strangers: list[Recorded]) -> Subject:
    records = sorted((*subject.records, *strangers), key=lambda record: record.exchange.n)
    return Subject(subject.provider, subject.client, subject.traffic, tuple(records), subject.grant)


def _leave_no_one_alone(groups: dict[tuple[str, str], list[Recorded]]) -> None:
    """What names no client is the only one's, where there is only one at that provider."""
    for provider in {name for name, _ in groups}:
        known = [client for name, client in groups if name == provider and client]
        nameless = groups.get((provider, ""))
        if len(known) == 1 and nameless is not None:
            records = groups[provider, known[0]] + groups.pop((provider, ""))
            groups[provider, known[0]] = sorted(records, key=lambda record: record.exchange.n)


def _concerns(stranger: Recorded, subject: Subject) -> bool:
    asked = stranger.exchange
    text = "\n".join((asked.url, *(value for _, value in asked.headers), asked.body.decode("latin-1")))
    return any(carries(text, secret.value) for secret in subject.secrets)


def _grant(provider: str, exchanges: Sequence[Exchange]) -> str:
    """The grant that shows: by code, where anybody was sent to sign in, or where there is nothing but renewals of a
    login before the recording began.
    """
    if any(e.endpoint == "authorize" for e in exchanges):
        return "authorization_code"
    asked = [e for e in exchanges if e.endpoint == "token"]
    types = {e.param("grant_type") for e in asked}
    if "authorization_code" in types:
        return "authorization_code"
    renews = "client_credentials" not in types and any(
        e.param("grant_type") == "refresh_token" and (e.param("refresh_token") or "") not in NO_TOKEN for e in asked
    )
    return "authorization_code" if renews and provider in _with_logins() else "client_credentials"


@cache
def _with_logins() -> frozenset[str]:
    """The providers at which a refresh token can have come from a login."""
    return frozenset(each["name"] for each in describe_providers() if "authorization_code" in each["grants"])


class _Names:
    """Tells whose exchange it is: the client as the provider recognised it, as the request names it, or whose token
    or code the request brings.
    """

    def __init__(self) -> None:
        self._owners: dict[tuple[str, str], str] = {}

    def of(self, exchange: Exchange) -> str:
        """The client's id, or an empty string."""
        named = exchange.facts.get("client") or exchange.param("client_id") or _basic(exchange)[0]
        brought = [fact["fp"] for fact in exchange.facts.get("presented", ()) if "fp" in fact]
        brought += [_mark(value) for value in (credential(exchange), *_brought(exchange)) if value]
        owners = (self._owners.get((exchange.provider, mark), "") for mark in brought)
        client = str(named or next((owner for owner in owners if owner), ""))
        if is_masked(client):
            client = ""
        if client:
            for mark in self._given(exchange):
                self._owners[exchange.provider, mark] = client
        return client

    def _given(self, exchange: Exchange) -> Iterator[str]:
        """The marks of what the answer gives out."""
        yield from (fact["fp"] for fact in exchange.facts.get("issued", ()) if "fp" in fact)
        body = answer(exchange)
        values = [word(body, "access_token"), word(body, "refresh_token")]
        values += [secret.value for secret in _codes_sent_back(exchange)]
        alone = Evidence(
            scenario="", provider=exchange.provider, grant="", driver="", context={}, exchanges=(exchange,)
        )
        values += [token.access_token for token in registered(alone)]
        yield from (_mark(value) for value in values if value)


def _brought(exchange: Exchange) -> Iterator[str]:
    for name in ("code", "refresh_token", "access_token"):
        yield exchange.param(name) or ""


def _mark(value: str) -> str:
    """By what a token is known: the fingerprint that the fakes' facts have."""
    stand_in = _STAND_IN.fullmatch(value)
    if stand_in is not None:
        return stand_in[1]
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _basic(exchange: Exchange) -> tuple[str, str]:
    """Name and password of a Basic header; empty where there is none that can be read."""
    header = exchange.header("authorization") or ""
    if not header.lower().startswith("basic "):
        return "", ""
    try:
        name, _, password = base64.b64decode(credential(exchange)).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return unquote_plus(name), unquote_plus(password)


def _codes_sent_back(exchange: Exchange) -> Iterator[Secret]:
    """The authorization code with which the browser is sent back to the client."""
    if exchange.endpoint in CLIENT_ENDPOINTS or exchange.status not in {302, 303}:
        return
    code = query_of(exchange.response_header("location")).get("code", "")
    if code:
        yield Secret(kind="code", value=code)


def _is_secret(value: str) -> bool:
    if is_masked(value) or not value.strip():
        return False
    return len(value) >= _LONG_ENOUGH or not (value.isalpha() and value == value.lower())
