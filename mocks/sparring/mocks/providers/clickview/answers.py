"""How ClickView words its answers."""

from html import escape

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, html_answer, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.pages.render import Look
from sparring.mocks.providers.clickview import rules

NO_STORE = (("Cache-Control", "no-store, no-cache, max-age=0"), ("Pragma", "no-cache"))  # [engine] SetNoCache
ENGINE_JSON = "application/json; charset=UTF-8"  # [engine] WriteJsonAsync
API_JSON = "application/json; charset=utf-8"  # [engine] ASP.NET Core
PROBLEM_JSON = "application/problem+json; charset=utf-8"

LOOK = Look(title="ClickView", accent="#e8590c", username="username", password="password")
REFUSED_CLIENT = "Client authentication failed."  # [doc] "Handling Errors"


def granted(desk: Desk, access_token: str, scope: str) -> dict[str, str | int]:
    """What a token comes with, in the document's order [doc]; in the variant ``bare`` in the engine's [engine]."""
    lifetime = desk.lifetimes["access_token"]
    if desk.variant == "bare":
        return {"access_token": access_token, "expires_in": lifetime, "token_type": "Bearer", "scope": scope}
    return {"access_token": access_token, "token_type": "Bearer", "expires_in": lifetime, "scope": scope}


def token_error(desk: Desk, refusal: Refusal) -> Answer:
    """Always 400, never a challenge [engine]. A refused client is told so in the document's words, unless the variant
    is ``bare``; every other error is a code alone [engine].
    """
    document = {"error": refusal.error}
    if refusal.error == "invalid_client" and desk.variant != "bare":
        document["error_description"] = REFUSED_CLIENT
    elif refusal.description is not None:
        document["error_description"] = refusal.description
    return json_answer(refusal.rule, document, *NO_STORE, status=400, kind=ENGINE_JSON)


def bare_error(refusal: Refusal, *headers: tuple[str, str]) -> Answer:
    """400 and a code alone [engine], at the endpoints that the document does not speak of."""
    return json_answer(refusal.rule, {"error": refusal.error}, *headers, status=400, kind=ENGINE_JSON)


def api_refusal(refusal: Refusal) -> Answer:
    """Empty; a 401 says why in its challenge, a 403 says nothing [engine: JwtBearerHandler]."""
    if refusal.status != 401:
        return empty_answer(refusal.rule, refusal.status)
    challenge = "Bearer"
    if refusal.error:
        challenge += f' error="{refusal.error}"'
    if refusal.description:
        words = "".join(letter for letter in refusal.description if letter.isprintable())
        challenge += f', error_description="{words}"'
    return empty_answer(refusal.rule, 401, ("WWW-Authenticate", challenge))


def outage(rule: Rule, status: int, _seconds: int) -> Answer:
    """As ClickView's own library reads an error of the API [client]; the words are [assumed]."""
    words = "Too many requests." if status == 429 else "The service is unavailable."
    return json_answer(rule, {"message": words}, status=status, kind=API_JSON)


def plain_page(rule: Rule, heading: str, words: str, *, status: int = 200) -> Answer:
    """A page with a sentence; ``words`` are escaped."""
    page = (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{escape(heading)}</title></head>\n'
        f"<body><h1>{escape(heading)}</h1><p>{escape(words)}</p></body>\n</html>\n"
    )
    return html_answer(rule, page, status=status)


def told_error(refusal: Refusal, *headers: tuple[str, str]) -> Answer:
    """A code and a description where there is one, in that order [engine]."""
    document = {"error": refusal.error}
    if refusal.description is not None:
        document["error_description"] = refusal.description
    return json_answer(refusal.rule, document, *headers, status=refusal.status, kind=ENGINE_JSON)


async def lost(_desk: Desk, _request: Request) -> Answer:
    """An address that is not ClickView's."""
    return empty_answer(rules.LOST, 404)


async def wrong_method(_desk: Desk, request: Request) -> Answer:
    """A known address, asked by another method: ASP.NET Core's routing names the right one."""
    allowed = "POST" if request.path.lower().endswith("/create-view-key") else "GET"
    return empty_answer(rules.METHOD, 405, ("Allow", allowed))
