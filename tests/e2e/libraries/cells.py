"""From what happened to a cell of the table: ``+`` accepted and usable, ``x`` a clear error, ``!`` wrong."""

import base64
import json
import re
from urllib.parse import unquote_plus, urlsplit

from sparring.harness.evidence import Evidence, Exchange, Step

_CRASH = re.compile(
    r"^(?:AttributeError|KeyError|IndexError|UnboundLocalError|NotImplementedError|RangeError|ReferenceError)"
    r"|^TypeError: (?=.*(?:is not a function|Cannot read|not subscriptable|unsupported operand|object is not))"
)
_RAW = re.compile(r"^(?:ValueError|TypeError|JSONDecodeError|SyntaxError)\b")
_BEARER = "as `Bearer`"
_NOTHING = {"None", "null", "undefined", "", "[object Object]"}


def accepted(evidence: Evidence) -> str:
    """``+`` where every step went well."""
    failure, how = _failure(evidence), _how(evidence)
    return f"! sent {how}" if failure and how and how.lower() != _BEARER.lower() else failure or "+"


def legal(evidence: Evidence) -> str:
    """``+`` where every step went well, as it must: whoever refuses that answer is wrong."""
    return "! refused" if _failure(evidence) else "+"


def kept(evidence: Evidence) -> str:
    """``+`` where one token was enough for all calls."""
    return _failure(evidence) or ("+" if len(_granted(evidence)) == 1 else "+ asks again")


def lived(evidence: Evidence) -> str:
    """What became of a token without a life: ``kept``, or ``asks again`` before each call."""
    return _failure(evidence) or ("kept" if len(_granted(evidence)) == 1 else "asks again")


def far_off(evidence: Evidence) -> str:
    """Whether an end in thirty million years is an end."""
    failure = _failure(evidence)
    if failure:
        return failure
    end = evidence.steps[0].said.get("expires_at")
    if not isinstance(end, int | float):
        return "! end lost"
    if len(_granted(evidence)) > 1:
        return "! asks again"
    return "+" if end > 9e14 else "+ clamped"


def no_number(evidence: Evidence) -> str:
    """A lifetime that is no number is an error, or is silently none."""
    failure = _failure(evidence)
    return failure or ("! silent" if len(_granted(evidence)) == 1 else "! asks again")


def not_as_bearer(evidence: Evidence) -> str:
    """A token of another type is refused, at the latest when it is used."""
    failure = _failure(evidence)
    how = _how(evidence)
    return f"! sent {how}" if how else failure or "! accepted"


def no_token(evidence: Evidence) -> str:
    """An answer without a token is an error at once, and nothing goes to the API."""
    how = _how(evidence)
    if how:
        return f"! sent {how}"
    if evidence.steps[0].outcome == "ok":
        return "! accepted"
    return _failure(evidence)


def presented_invented(evidence: Evidence) -> str:
    """The token in the answer is nobody's, so it counts when it reaches the API."""
    if any(_how_in(e) == _BEARER for e in _uses(evidence)):
        return "+"
    return no_token(evidence)


def survived(evidence: Evidence) -> str:
    """``+`` where the second answer was fetched by the library itself."""
    failure = _failure(evidence)
    asked = len(evidence.at("token"))
    return failure or f"+ asks {'twice' if asked == 2 else f'{asked} times'}"


def stayed(evidence: Evidence) -> str:
    """Whether the other origin was asked for a token, and its token used."""
    if not evidence.decoy:
        return _failure(evidence)
    secret = str(evidence.context["client_secret"])
    told = any(secret in _credentials(e) for e in evidence.decoy)
    asked = "! goes there with the secret" if told else "! goes there"
    return f"{asked}, uses its token" if _uses(evidence) else asked


def basic_encoding(evidence: Evidence) -> str:
    """How the secret was written into the header."""
    requests = evidence.at("token")
    if not requests:
        return "refused"
    scheme, _, value = (requests[0].header("authorization") or "").partition(" ")
    if scheme != "Basic":
        return "none"
    octets = base64.b64decode(value).partition(b":")[2]
    secret = str(evidence.context["client_secret"])
    known = {
        secret.replace(":", "%3A").encode("latin-1"): "raw but for `:`",
        secret.encode("latin-1"): "raw, Latin-1",
        secret.encode(): "raw" if secret.isascii() else "raw, UTF-8",
    }
    if octets in known:
        return known[octets]
    return "form" if unquote_plus(octets.decode("latin-1")) == secret else "something else"


def renewals(evidence: Evidence) -> str:
    """How many tokens the last step asked for."""
    step = evidence.steps[-1]
    if step.outcome == "timeout":
        return "! hangs"
    if any(not _how_in(e).startswith("as ") for e in evidence.during(step, "api")):
        return "! calls without a token"
    return _failure(evidence) or str(len(evidence.during(step, "token")))


def _failure(evidence: Evidence) -> str:
    """How the first step failed that did; empty where none did."""
    for step in evidence.steps:
        if step.outcome != "ok":
            how = _kind(step)
            return f"{how} on use" if step.do == "call_api" else how
    return ""


def _kind(step: Step) -> str:
    if step.outcome in {"crash", "timeout"}:
        return f"! {step.outcome}"
    name = step.detail.partition(":")[0]
    if _CRASH.match(step.detail):
        return f"! {name}"
    return f"x {name}" if _RAW.match(step.detail) else "x"


def _granted(evidence: Evidence) -> list[Exchange]:
    return [e for e in evidence.at("token") if e.status == 200]


def _uses(evidence: Evidence) -> list[Exchange]:
    """The calls that presented something."""
    return [e for e in evidence.at("api", "register") if e.header("authorization") or "access_token=" in e.url]


def _how(evidence: Evidence) -> str:
    """How the first of them presented it; empty where nothing was."""
    return next((_how_in(e) for e in _uses(evidence)), "")


def _how_in(exchange: Exchange) -> str:
    if "access_token=" in urlsplit(exchange.url).query:
        return "in the URL"
    scheme, _, token = (exchange.header("authorization") or "").partition(" ")
    if not scheme:
        return ""
    return f"`{scheme} {token}`" if token in _NOTHING else f"as `{scheme}`"


def _credentials(exchange: Exchange) -> str:
    scheme, _, value = (exchange.header("authorization") or "").partition(" ")
    basic = unquote_plus(base64.b64decode(value).decode("latin-1")) if scheme == "Basic" else ""
    return basic + unquote_plus(exchange.body.decode("utf-8", "replace")) + json.dumps(exchange.query)
