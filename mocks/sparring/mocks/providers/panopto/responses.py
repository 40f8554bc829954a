"""What goes back to the client: IdentityServer3's AuthorizeResponseGenerator, in query, fragment or a form."""

import hashlib
import json
from urllib.parse import quote, urlsplit, urlunsplit

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant, open_grant
from sparring.mocks.engine.keys import b64url
from sparring.mocks.engine.messages import Answer, Params, Request
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.sessions import Session
from sparring.mocks.pages.render import question_page
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.answers import LOOK, cookie, page, redirect
from sparring.mocks.providers.panopto.asked import Asked
from sparring.mocks.providers.panopto.claims import access_token, id_token
from sparring.mocks.providers.panopto.handles import handle, new_code
from sparring.mocks.providers.panopto.parameters import as_query
from sparring.mocks.providers.panopto.people import person, profile
from sparring.mocks.providers.panopto.signed_in import SESSION_ID_COOKIE

CLIENTS_COOKIE = "idsvr.clients"


async def send_success(
    desk: Desk, request: Request, asked: Asked, session: Session, granted: tuple[str, ...]
) -> Answer:
    """The code, or the tokens of the implicit flow, with state and session_state [engine]."""
    sid = request.cookie(SESSION_ID_COOKIE) or ""
    attributes = {"auth_time": str(int(session.signed_in_at)), "sid": sid}
    grant = await open_grant(desk, asked.client.client_id, session.subject, granted, attributes)
    if asked.value("code_challenge"):
        request.facts.notes.append("code_challenge was ignored: a code_verifier would make the exchange fail")
    if asked.value("state") is None:
        request.facts.notes.append("no state was sent")
    if asked.response_type == "code":  # panopto/authorize/code-issued [engine]
        nonce = asked.value("nonce")
        code = await new_code(desk, request.facts, grant, redirect_uri=asked.redirect_uri, nonce=nonce)
        rule, params = rules.CODE_ISSUED, [("code", code)]
    else:  # panopto/authorize/tokens-issued [engine]
        rule, params = rules.TOKENS_ISSUED, await _tokens(desk, request, asked, grant)
    state = "" if "openid" not in asked.scopes or not sid else await _session_state(desk, asked, sid)
    return send_back(desk, request, asked, rule, params, state, *_clients(request, asked))


async def _tokens(desk: Desk, request: Request, asked: Asked, grant: Grant) -> Params:
    """In the engine's order; ``scope`` comes with an ID token alone, too."""
    access, params = "", []
    if "token" in asked.wants:
        access = await access_token(desk, request, grant)
        params = [("access_token", access), ("token_type", "Bearer"), ("expires_in", _life(desk))]
    if "id_token" in asked.wants:
        someone = None if access else await person(desk, grant.subject or "")
        token = await id_token(
            desk,
            request,
            grant,
            nonce=asked.value("nonce"),
            sid=grant.attributes["sid"],
            beside=access,
            profile={} if someone is None else profile(someone, grant.scopes),
        )
        params = [("id_token", token), *params]
    return [*params, ("scope", " ".join(grant.scopes))]


def _life(desk: Desk) -> str:
    return str(desk.lifetimes["access_token"])


def _clients(request: Request, asked: Asked) -> tuple[tuple[str, str], ...]:
    """The list of clients that take part in the session, where this one is new to it [engine: ClientListCookie]."""
    value = quote(json.dumps([asked.client.client_id], separators=(",", ":")), safe="")
    known = request.cookie(CLIENTS_COOKIE)
    if known is None:
        return (cookie(request, CLIENTS_COOKIE, value),)
    if quote(f'"{asked.client.client_id}"', safe="") in known:
        return ()
    joined = f"{known.removesuffix('%5D')}%2C{value.removeprefix('%5B')}"
    return (cookie(request, CLIENTS_COOKIE, joined),)


async def _session_state(desk: Desk, asked: Asked, sid: str) -> str:
    """By which the client's page learns whether the person is still signed in [engine: GenerateSessionStateValue]."""
    salt = await handle(desk, "session-state", asked.client.client_id)
    parts = urlsplit(asked.redirect_uri)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    origin = f"{parts.scheme}://{parts.hostname or ''}{port}"
    digest = hashlib.sha256(f"{asked.client.client_id}{origin}{sid}{salt}".encode()).digest()
    return f"{b64url(digest)}.{salt}"


def send_back(
    desk: Desk,
    request: Request,
    asked: Asked,
    rule: Rule,
    params: Params,
    session_state: str = "",
    *cookies: tuple[str, str],
) -> Answer:
    """The result in query or fragment, or in a form that posts itself; a blank state is none [engine]."""
    state = asked.value("state")
    given = params + ([("state", state)] if state is not None else [])
    given += [("session_state", session_state)] if session_state else []
    going = desk.hook.alter(request, "authorization-response", given)
    if asked.response_mode == "form_post":
        return page(request, rule, _form_post(asked.redirect_uri, going), *cookies, framed=True)
    return redirect(rule, _location(asked.redirect_uri, going, fragment=asked.response_mode == "fragment"), *cookies)


def _location(uri: str, params: Params, *, fragment: bool) -> str:
    """[engine: AddQueryString or AddHashFragment, then System.Uri, which writes a path where there is none]."""
    parts = urlsplit(uri)
    if parts.netloc and not parts.path:
        uri = urlunsplit(parts._replace(path="/"))
    if fragment:
        return f"{uri}{'' if '#' in uri else '#'}{as_query(params)}"
    joint = "?" if "?" not in uri else "" if uri.endswith("&") else "&"
    return f"{uri}{joint}{as_query(params)}"


def _form_post(uri: str, params: Params) -> str:
    return question_page(LOOK, uri, heading="Submit this form", button="Continue", kind="form-post", fields=params)
