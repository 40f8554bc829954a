"""The API's own login, from before OAuth, and what a client reads of a person: JSON, with tokens of the same realm
[doc: movingimage API document and support article; what it answers to mistakes is assumed].
"""

import json
from typing import Any

from sparring.mocks.engine import tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant, open_grant
from sparring.mocks.engine.messages import Answer, Request, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.users import User
from sparring.mocks.providers.movingimage import bearer, rules, sessions
from sparring.mocks.providers.movingimage.addresses import issuer
from sparring.mocks.providers.movingimage.api import MANAGERS, admitted
from sparring.mocks.providers.movingimage.claims import token_response
from sparring.mocks.providers.movingimage.people import by_login, by_subject, granted_scopes, knows_password
from sparring.mocks.providers.movingimage.refresh import read_refresh_token
from sparring.mocks.providers.movingimage.weighing import weigh

CLIENT = "anonymous"


def _refuse(refusal: Refusal) -> Answer:
    return json_answer(refusal.rule, {"message": refusal.description}, status=refusal.status)


def _read(request: Request, *names: str) -> list[str]:
    """The members of the JSON object that was sent."""
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        sent = None
    found = [sent.get(name) if isinstance(sent, dict) else None for name in names]
    if not all(isinstance(value, str) for value in found):  # movingimage/api/login-unreadable [assumed]
        raise Refusal(rules.OLD_LOGIN_UNREADABLE, description=f"Missing: {', '.join(names)}")
    return [str(value) for value in found]


async def login(desk: Desk, request: Request) -> Answer:
    """POST /v1/vms/auth/login."""
    try:
        username, password = _read(request, "username", "password")
        user = await by_login(desk, username)
        if user is None or user.locked or not knows_password(user, password):
            # movingimage/api/login-wrong [assumed]
            raise Refusal(rules.OLD_LOGIN_WRONG, description="Invalid user credentials", status=401)
        client = await desk.store.get(Client, CLIENT)
        session_id = desk.entropy.uuid(*await desk.serial("root"))
        session = await sessions.start(desk, session_id, user.subject, by_browser=False)
        attributes = {"session": session.id, "issuer": issuer(desk, request.origin), "acr": "1", "scope": ""}
        scopes = () if client is None else granted_scopes(client, "")
        grant = await open_grant(desk, CLIENT, user.subject, scopes, attributes)
    except Refusal as refusal:
        return _refuse(refusal)
    return await _answer(desk, request, rules.OLD_LOGIN, grant, session, user, MANAGERS[0]["id"])


async def refresh(desk: Desk, request: Request) -> Answer:
    """POST /v1/vms/auth/refresh/{id}: an access token for that VideoManager."""
    try:
        (value,) = _read(request, "refreshToken")
        wanted = request.path_params["id"]
        token, standing = await weigh(desk, request.facts, "refresh_token", value, "body")
        claims = read_refresh_token(desk, value, rules.OLD_REFRESH_INVALID)
        session = await sessions.find_active(desk, str(claims.get("session_state")))
        grant = None if token is None else await desk.store.get(Grant, token.grant_id)
        user = None if session is None else await by_subject(desk, session.subject)
        if standing is not tokens.Standing.VALID or session is None or grant is None or user is None:
            # movingimage/api/login-refresh-invalid [assumed]
            raise Refusal(rules.OLD_REFRESH_INVALID, description="Invalid refresh token")
        if wanted not in {str(manager["id"]) for manager in MANAGERS}:
            # movingimage/api/video-manager-forbidden [doc]
            words = f"No rights on VideoManager {wanted}"
            raise Refusal(rules.OLD_MANAGER, description=words, status=403)
    except Refusal as refusal:
        status = 401 if refusal.rule is rules.OLD_REFRESH_INVALID else refusal.status
        return _refuse(Refusal(refusal.rule, description=refusal.description, status=status))
    await sessions.touch(desk, session)
    return await _answer(desk, request, rules.OLD_REFRESHED, grant, session, user, int(wanted))


async def _answer(
    desk: Desk,
    request: Request,
    rule: Rule,
    grant: Grant,
    session: sessions.SsoSession,
    user: User,
    manager: Any,
) -> Answer:
    request.facts.client, request.facts.user = CLIENT, user.subject
    made = await token_response(desk, request.facts, grant, session, user)
    document = {
        "accessToken": made["access_token"],
        "refreshToken": made["refresh_token"],
        "videoManagerList": MANAGERS,
        "validForVideoManager": manager,
    }
    return json_answer(rule, document)


async def user_info(desk: Desk, request: Request) -> Answer:
    """POST /v1/vms/corp-tube-admin/user-info: who an ID token speaks of."""
    refused = await admitted(desk, request)
    if refused is not None:
        return refused
    try:
        (value,) = _read(request, "jwt_id_token")
        claims = bearer.read(desk, value, by_the_realm=False)
        user = await by_subject(desk, str(claims.get("sub")))
        if user is None or claims.get("typ") != "ID" or not bearer.in_time(desk, claims):
            # movingimage/api/user-info-invalid [assumed]
            raise Refusal(rules.USER_INFO_INVALID)
    except Refusal as refusal:
        rule = refusal.rule if refusal.rule is rules.OLD_LOGIN_UNREADABLE else rules.USER_INFO_INVALID
        words = refusal.description if rule is rules.OLD_LOGIN_UNREADABLE else "Invalid id token"
        return _refuse(Refusal(rule, description=words))
    managers = [manager["id"] for manager in MANAGERS]
    return json_answer(rules.USER_INFO, {"email": user.email, "fullName": user.name, "videoManagerIds": managers})
