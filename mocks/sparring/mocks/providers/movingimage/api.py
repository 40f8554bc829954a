"""https://api.video-cdn.net/v1: the resource called next. It checks tokens by itself, as Keycloak's adapters do, and so
does not learn that a session has ended.
"""

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.tokens import Standing
from sparring.mocks.providers.movingimage import bearer, rules
from sparring.mocks.providers.movingimage.addresses import issuers
from sparring.mocks.providers.movingimage.weighing import weigh

PAGE = b"<html><head><title>Error</title></head><body>Unauthorized</body></html>"  # [client] titled so
MANAGERS = ({"id": 4711, "name": "Example Video Manager"}, {"id": 4712, "name": "Second Manager"})


async def vms(desk: Desk, request: Request) -> Answer:
    """GET /v1/vms, "Get VideoManagers": an array of those that the person may use [client]."""
    refused = await admitted(desk, request)
    return json_answer(rules.VMS, MANAGERS) if refused is None else refused


async def admitted(desk: Desk, request: Request) -> Answer | None:
    """Why the call is refused, or None."""
    try:
        await _admit(desk, request)
    except Refusal as refusal:
        return _refuse(refusal)
    return None


async def _admit(desk: Desk, request: Request) -> None:
    value = bearer.presented(request)
    if value is None:  # movingimage/api/bearer-missing [doc]
        raise Refusal(rules.BEARER_MISSING, status=401)
    token, standing = await weigh(desk, request.facts, "access_token", value, "header")
    claims = bearer.read(desk, value, by_the_realm=False)
    bearer.check(desk, claims, issuers(desk, request.origin))
    if standing is Standing.REVOKED:  # movingimage/api/token-stale [assumed]: the realm's not-before was pushed
        raise Refusal(rules.TOKEN_STALE, "invalid_token", "Stale token", 401)
    if token is None:
        request.facts.notes.append("the token is none that this stage remembers; accepted for its signature")
    request.facts.client, request.facts.user = str(claims.get("azp")), str(claims.get("sub"))


def _refuse(refusal: Refusal) -> Answer:
    """401 with the reason in its challenge, and the container's error page [assumed]."""
    challenge = 'Bearer realm="platform"'
    if refusal.error:
        challenge += f', error="{refusal.error}"'
    if refusal.description:
        words = "".join(letter for letter in refusal.description if letter.isprintable() and letter != '"')
        challenge += f', error_description="{words}"'
    headers = (("WWW-Authenticate", challenge), ("Content-Type", "text/html;charset=UTF-8"))
    return Answer(status=refusal.status, rule=refusal.rule, headers=headers, body=PAGE)
