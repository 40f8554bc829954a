"""How Rotor words its answers: Doorkeeper's, the API's, and those of Rails where neither comes into play."""

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, html_answer, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.pages.render import Look, error_page
from sparring.mocks.providers.rotor.variants import DOORKEEPER_5_9_6

JSON = "application/json; charset=utf-8"  # [engine] token_response.rb, error_response.rb
NO_STORE = ("Cache-Control", "no-store")  # [engine] "no-store, no-cache", which Rails writes as no-store alone
FRESH = ("Cache-Control", "max-age=0, private, must-revalidate")  # [engine] what Rails adds to a 200 of its own
STALE = ("Cache-Control", "no-cache")  # [engine] and to an error

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
    told = challenge(refusal.error, refusal.description)
    return json_answer(refusal.rule, document, NO_STORE, told, status=refusal.status, kind=JSON)


def api_refusal(desk: Desk, request: Request, refusal: Refusal) -> Answer:
    """401 and 403 are empty and speak in the header, if at all [engine]; anything else is ``{"error"}`` [assumed]."""
    if refusal.status == 401:
        return empty_answer(refusal.rule, 401, NO_STORE, challenge(refusal.error, refusal.description))
    if refusal.status == 403:
        # [engine] 5.9.0 leaves the challenge out, 5.9.1 and later have it
        told = refusal.error and desk.variant == DOORKEEPER_5_9_6
        why = (challenge(refusal.error, refusal.description),) if told else ()
        return empty_answer(refusal.rule, 403, NO_STORE, *why)
    if refusal.status == 406:
        return rails_error(refusal.rule, request, 406)
    document = {"error": refusal.description or MEANINGS[refusal.status]}
    return json_answer(refusal.rule, document, STALE, status=refusal.status, kind=JSON)


def shown(rule: Rule, document: object) -> Answer:
    """A document of the API."""
    return json_answer(rule, document, FRESH, kind=JSON)


def outage(rule: Rule, status: int, _seconds: int) -> Answer:
    """In the words of "Errors" [doc], in the form of the API's other errors [assumed]; no limit is told [doc]."""
    return json_answer(rule, {"error": MEANINGS[status]}, STALE, status=status, kind=JSON)


def rails_error(rule: Rule, request: Request, status: int) -> Answer:
    """What Rails says before anybody else has a say: JSON to whoever asks for it first, else a page [assumed]."""
    wanted = (request.header("accept") or "").partition(",")[0].partition(";")[0].strip().lower()
    words = MEANINGS[status]
    if wanted == "application/json":
        return json_answer(rule, {"status": status, "error": words}, status=status, kind=JSON)
    page = error_page(LOOK, heading=words, words="The request could not be answered.", rule=rule)
    return html_answer(rule, page, status=status)
