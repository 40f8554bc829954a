"""How Rotor words its answers: Doorkeeper's, the API's, and those of Rails where neither comes into play."""

import json
import re

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.pages.render import Look, error_page
from sparring.mocks.providers.rotor.variants import DOORKEEPER_5_9_6

JSON = "application/json; charset=utf-8"  # [engine] token_response.rb, error_response.rb
NO_STORE = ("Cache-Control", "no-store")  # [engine] "no-store, no-cache", which Rails writes as no-store alone
FRESH = ("Cache-Control", "max-age=0, private, must-revalidate")  # [engine] what Rails adds to a 200 of its own
STALE = ("Cache-Control", "no-cache")  # [engine] and to an error
EMPTY = ("Content-Type", "text/html")  # [engine] what Rails says of a controller's empty body

INVALID_CLIENT = (
    "Client authentication failed due to unknown client, no client authentication included, "
    "or unsupported authentication method."
)
MEANINGS = {  # [doc] "Errors"
    400: "Bad Request",
    402: "Quota Exceeded",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    429: "Too Many Requests",
    503: "Service Unavailable",
}

LOOK = Look(title="Rotor Videos", accent="#e03131", username="username", password="password")


def challenge(error: str, description: str | None) -> tuple[str, str]:
    """Bearer, also where Basic failed; what may not stand there is replaced [engine: from 5.9.1 on]."""
    words = "".join("_" if letter in '"\\' else letter for letter in description or "")
    return "WWW-Authenticate", f'Bearer realm="Doorkeeper", error="{error}", error_description="{words}"'


def token_error(refusal: Refusal, state: str | None) -> Answer:
    """``{"error","error_description"}``, with a challenge whatever the status [engine]; ``state`` as echoed."""
    document = {"error": refusal.error, "error_description": refusal.description}
    if state is not None:
        document["state"] = state
    return token_answer(refusal.rule, document, challenge(refusal.error, refusal.description), status=refusal.status)


def token_answer(rule: Rule, document: object, *headers: tuple[str, str], status: int = 200) -> Answer:
    """JSON of the token endpoint: Doorkeeper says how long it may be kept before Rails says what it is [engine]."""
    written = json_answer(rule, document, status=status, kind=JSON)
    return Answer(status=status, rule=rule, headers=(NO_STORE, *written.headers, *headers), body=written.body)


def api_refusal(desk: Desk, request: Request, refusal: Refusal) -> Answer:
    """401 and 403 are empty and speak in the header, if at all [engine]; anything else is ``{"error"}`` [assumed]."""
    if refusal.status == 401:
        return _guarded(refusal.rule, 401, challenge(refusal.error, refusal.description))
    if refusal.status == 403:
        # [engine] 5.9.0 leaves the challenge out, 5.9.1 and later have it
        told = refusal.error and desk.variant == DOORKEEPER_5_9_6
        why = (challenge(refusal.error, refusal.description),) if told else ()
        return _guarded(refusal.rule, 403, *why)
    if refusal.status == 406:
        return rails_error(refusal.rule, request, 406)
    document = {"error": refusal.description or MEANINGS[refusal.status]}
    return json_answer(refusal.rule, document, STALE, status=refusal.status, kind=JSON)


def _guarded(rule: Rule, status: int, *why: tuple[str, str]) -> Answer:
    return Answer(status=status, rule=rule, headers=(NO_STORE, *why, EMPTY))


def shown(rule: Rule, document: object) -> Answer:
    """A document of the API."""
    return json_answer(rule, document, FRESH, kind=JSON)


def outage(rule: Rule, status: int, _seconds: int) -> Answer:
    """In the words of "Errors" [doc], in the form of the API's other errors [assumed]; no limit is told [doc]."""
    return json_answer(rule, {"error": MEANINGS[status]}, STALE, status=status, kind=JSON)


def rails_error(rule: Rule, request: Request, status: int) -> Answer:
    """What Rails says before anybody else has a say: JSON to whoever asks for it [engine], else a page [assumed]."""
    words = MEANINGS[status]
    if _asks_for_json(request.header("accept") or ""):
        body, kind = json.dumps({"status": status, "error": words}, separators=(",", ":")), "application/json"
    else:
        body = error_page(LOOK, heading=words, words="The request could not be answered.", rule=rule)
        kind = "text/html"
    # [engine] public_exceptions.rb: the charset in upper case, and nothing about caching
    return Answer(status=status, rule=rule, headers=(("Content-Type", f"{kind}; charset=UTF-8"),), body=body.encode())


def _asks_for_json(accept: str) -> bool:
    """Whether JSON weighs most [engine: mime_type.rb]; with ``*/*`` beside it the client counts as a browser."""
    if re.search(r",\s*\*/\*|\*/\*\s*,", accept):  # [engine] mime_negotiation.rb: BROWSER_LIKE_ACCEPTS
        return False
    best = max(accept.split(","), key=_weight)
    return best.partition(";")[0].strip().lower() == "application/json"


def _weight(media_range: str) -> float:
    told = re.search(r';\s*q="?(\d*\.?\d*)', media_range)
    return 1.0 if told is None else float(told[1].rstrip(".") or 0)
