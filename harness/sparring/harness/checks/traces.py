"""Finding a secret in a text, in whatever encoding it got there, and naming it without repeating it."""

import base64
import hashlib
import json
import re
from functools import lru_cache
from urllib.parse import quote, quote_plus

from sparring.harness.checks.wire import authorize_url_of, code_of, fragment_of, issued, query_of, registered
from sparring.harness.evidence import Evidence, Secret

SHORTEST = 8
"""Values shorter than this are not searched for: they occur by chance."""

_FIRST_WHOLE_CHARACTER = {0: 0, 1: 2, 2: 3}


def fingerprint(value: str) -> str:
    """The name of a secret in reports: the first eight hexadecimal digits of its SHA-256."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _within_base64(raw: bytes) -> list[str]:
    """What of ``raw`` shows in the Base64 of any text around it, for each of the three alignments."""
    found = []
    for before, start in _FIRST_WHOLE_CHARACTER.items():
        encoded = base64.b64encode(b"\0" * before + raw).decode("ascii")
        found.append(encoded[start : (before + len(raw)) * 8 // 6])
    return found


def _in_json(value: str) -> list[str]:
    """Between the quotes of a JSON string, as the encoders of Python, PHP, .NET, Go and Gson write it."""
    ascii_only, whole = json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]
    php = ascii_only.replace("/", "\\/")
    capitals = re.sub(r"\\u....", lambda match: "\\u" + match[0][2:].upper(), ascii_only.replace('\\"', "\\u0022"))
    dotnet = re.sub("[&'+<>`]", lambda match: f"\\u{ord(match[0]):04X}", capitals)
    go = re.sub("[&<>]", lambda match: f"\\u{ord(match[0]):04x}", whole)
    gson = re.sub("['=]", lambda match: f"\\u{ord(match[0]):04x}", go)
    return [ascii_only, whole, php, dotnet, go, gson]


@lru_cache(maxsize=1024)
def encodings(value: str) -> tuple[str, ...]:
    """The spellings of a secret that are searched for: as it is, percent-encoded, in anybody's JSON, within Base64.

    The Base64 of ``id:secret`` needs no spelling of its own: the secret shows in it at one of the three
    alignments.
    """
    forms = [value, *_in_json(value)]
    try:
        raw = value.encode()
    except UnicodeEncodeError:
        return tuple(dict.fromkeys(forms))
    forms += [quote(value), quote(value, safe=""), quote_plus(value)]
    for encoded in _within_base64(raw):
        forms += [encoded, encoded.replace("+", "-").replace("/", "_")]
    return tuple(dict.fromkeys(form for form in forms if len(form) >= SHORTEST))


def carries(text: str, value: str) -> bool:
    """Whether the text has the secret in it, in any of its spellings."""
    return len(value) >= SHORTEST and any(form in text for form in encodings(value))


class _Latest:
    """The evidence that was asked about last, and its secrets: checks look at one evidence after the other."""

    evidence: Evidence | None = None
    secrets: tuple[Secret, ...] = ()


def secrets_of(evidence: Evidence) -> tuple[Secret, ...]:
    """Everything that must stay private in a run: what the stage declared, and what the answers gave out."""
    if evidence is not _Latest.evidence:
        _Latest.secrets = _collected(evidence)
        _Latest.evidence = evidence
    return _Latest.secrets


def _collected(evidence: Evidence) -> tuple[Secret, ...]:
    known = list(evidence.secrets)
    client_secret = evidence.context.get("client_secret")
    if isinstance(client_secret, str):
        known.append(Secret(kind="client_secret", value=client_secret))
    for token in (*issued(evidence), *registered(evidence)):
        known.append(Secret(kind="access_token", value=token.access_token))
        known.append(Secret(kind="refresh_token", value=token.refresh_token))
    for visit in evidence.visits:
        known.append(Secret(kind="code", value=code_of(visit)))
        known.append(Secret(kind="code", value=fragment_of(visit.callback).get("code", "")))
    known += [Secret(kind="code_verifier", value=verifier) for verifier in _hidden_verifiers(evidence)]
    first = {secret.value: secret for secret in reversed(known) if len(secret.value) >= SHORTEST}
    return tuple(first.values())


def _hidden_verifiers(evidence: Evidence) -> list[str]:
    """The code verifiers of the run. One that was sent as its own challenge (plain) is no secret any more."""
    sent = {
        params["code_verifier"]
        for exchange in evidence.at("token")
        if (params := {**query_of(exchange.url), **dict(exchange.form)}).get("code_verifier")
    }
    return sorted(sent - {query_of(url).get("code_challenge") for url in authorize_url_of(evidence)})


def found(text: str, evidence: Evidence, *kinds: str) -> tuple[Secret, ...]:
    """The secrets of these kinds (all, where none is named) that the text has in it."""
    at_stake = (secret for secret in secrets_of(evidence) if not kinds or secret.kind in kinds)
    return tuple(secret for secret in at_stake if carries(text, secret.value))


def names(secrets: tuple[Secret, ...]) -> str:
    """The secrets in words, by kind and fingerprint: ``client_secret (9f86d081)``."""
    return ", ".join(sorted({f"{secret.kind} ({fingerprint(secret.value)})" for secret in secrets}))
