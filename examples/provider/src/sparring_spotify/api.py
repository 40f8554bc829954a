"""https://api.spotify.com: the one protected resource, and how errors are worded there."""

from sparring.mocks import kit
from sparring_spotify import rules


async def me(desk: kit.Desk, request: kit.Request) -> kit.Answer:
    """GET /v1/me: who the person is; email and country only with their scopes [doc]."""
    token, standing = await kit.accept_bearer(desk, request)
    person = await kit.person_of(desk, token)
    if standing is None:  # spotify/api/no-token [doc] 401; words [assumed]
        return error(rules.NO_TOKEN, 401, "No token provided", ("WWW-Authenticate", 'Bearer realm="spotify"'))
    if token is None or person is None or standing is not kit.Standing.VALID:
        # spotify/api/token-refused [doc] 401; words [assumed]
        words = "The access token expired" if standing is kit.Standing.EXPIRED else "Invalid access token"
        challenge = f'Bearer realm="spotify", error="invalid_token", error_description="{words}"'
        return error(rules.BAD_TOKEN, 401, words, ("WWW-Authenticate", challenge))
    document = {"display_name": person.name, "href": f"https://api.spotify.com/v1/users/{person.username}"}
    document |= {"id": person.username, "type": "user", "uri": f"spotify:user:{person.username}"}
    document |= {"email": person.email} if "user-read-email" in token.scopes else {}
    return kit.json_answer(rules.ME, document | ({"country": "SE"} if "user-read-private" in token.scopes else {}))


def error(rule: kit.Rule, status: int, message: str, *headers: tuple[str, str]) -> kit.Answer:
    """The regular error object [doc]."""
    return kit.json_answer(rule, {"error": {"status": status, "message": message}}, *headers, status=status)


async def lost(_desk: kit.Desk, _request: kit.Request) -> kit.Answer:
    """An address or a method that nobody serves."""
    return error(rules.LOST, 404, "Service not found")
