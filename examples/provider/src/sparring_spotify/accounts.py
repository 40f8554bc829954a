"""https://accounts.spotify.com, by the pages "Authorization Code Flow" and "Refreshing tokens", step by step."""

from sparring.mocks import kit
from sparring_spotify import rules

LOGIN = kit.UsualLogin("spotify", kit.Look(title="Spotify", accent="#1db954", username="username", password="password"))


async def authorize(desk: kit.Desk, request: kit.Request) -> kit.Answer:
    """Section "Request User Authorization": check the request, have the person sign in and decide, send them back."""
    asked = dict(request.query_params)
    client = await kit.find_client(desk, asked.get("client_id"))
    if client is None:  # spotify/authorize/client-unknown [assumed]
        return LOGIN.error(rules.CLIENT, "INVALID_CLIENT: Invalid client")
    uri = asked.get("redirect_uri", "")
    if uri not in client.redirect_uris:  # spotify/authorize/redirect-uri [doc]
        return LOGIN.error(rules.URI, "INVALID_CLIENT: Invalid redirect URI")

    def back(rule: kit.Rule, **given: str) -> kit.Answer:
        params = [*given.items(), *((name, value) for name, value in asked.items() if name == "state")]
        return kit.redirect_answer(rule, kit.add_query(uri, desk.hook.alter(request, "authorization-response", params)))

    if asked.get("response_type") != "code":  # spotify/authorize/response-type [doc] "Set to code"
        return back(rules.TYPE, error="unsupported_response_type")
    wanted = kit.scopes.split(asked.get("scope"))  # [doc] optional: without it, what everybody may see
    if kit.scopes.foreign(wanted, client.scopes):  # spotify/authorize/scope [assumed]
        return back(rules.SCOPE, error="invalid_scope")
    decided = await LOGIN.ask(desk, request, client, wanted)
    if isinstance(decided, kit.Answer):
        return decided
    if not decided.approved:  # spotify/authorize/denied [doc]
        return back(rules.DENIED, error="access_denied")
    grant = await kit.open_grant(desk, client.client_id, decided.subject, wanted)
    return back(rules.CODE, code=await kit.codes.issue_code(desk, request.facts, grant, redirect_uri=uri))


async def token(desk: kit.Desk, request: kit.Request) -> kit.Answer:
    """POST /api/token: who asks, what for, and whether that is worth a token; errors as RFC 6749 has them [doc]."""
    sent = dict(request.form_params)
    try:
        client = await _authenticate(desk, request, sent)
        request.facts.grant = sent.get("grant_type")
        if request.facts.grant == "authorization_code":
            return await _redeem(desk, request, client, sent)
        if request.facts.grant == "refresh_token":
            return await _refresh(desk, request, client, sent)
        # spotify/token/grant-type [assumed]
        raise kit.Refusal(rules.GRANT_TYPE, "unsupported_grant_type", "grant_type is missing or not supported")
    except kit.Refusal as refusal:
        document = {"error": refusal.error, "error_description": refusal.description}
        return kit.json_answer(refusal.rule, document, status=refusal.status)


async def _authenticate(desk: kit.Desk, request: kit.Request, sent: dict[str, str]) -> kit.Client:
    """A Basic header, as the table of headers has it; or in the form, as the Authorization Guide had it [doc]."""
    pair = kit.parse_basic(request.header("authorization"), form_encoded=False)
    name, secret = pair or (sent.get("client_id"), sent.get("client_secret"))
    client = await kit.find_client(desk, name)
    if client is None or not kit.secret_matches(client, secret):  # spotify/token/client [doc]
        raise kit.Refusal(rules.BAD_CLIENT, "invalid_client", "Invalid client secret" if client else "Invalid client")
    request.facts.client = client.client_id
    return client


async def _redeem(desk: kit.Desk, request: kit.Request, client: kit.Client, sent: dict[str, str]) -> kit.Answer:
    """Section "Request an access token": a code, for the client and the redirect URI of its login."""
    found = await kit.redeem_code(desk, request, client, sent.get("code", ""))
    if found is None:  # spotify/token/code [assumed]
        raise kit.Refusal(rules.BAD_CODE, "invalid_grant", "Invalid authorization code")
    code, grant = found
    if sent.get("redirect_uri") != code.redirect_uri:  # spotify/token/redirect-uri [doc]
        raise kit.Refusal(rules.BAD_URI, "invalid_grant", "Invalid redirect URI")
    document = await _answer(desk, request, grant)
    document["refresh_token"] = await kit.opaque_token(desk, request, "refresh_token", grant)
    return kit.json_answer(rules.TOKENS, document)


async def _refresh(desk: kit.Desk, request: kit.Request, client: kit.Client, sent: dict[str, str]) -> kit.Answer:
    """Page "Refreshing tokens": the old one stays good, and its six months go on [doc]."""
    grant = await kit.accept_refresh(desk, request, client, sent.get("refresh_token", ""))
    if grant is None:  # spotify/token/refresh-refused [doc]
        raise kit.Refusal(rules.BAD_REFRESH, "invalid_grant", "Invalid refresh token")
    return kit.json_answer(rules.REFRESHED, await _answer(desk, request, grant))


async def _answer(desk: kit.Desk, request: kit.Request, grant: kit.Grant) -> dict[str, object]:
    """A new access token, in the order of the table [doc]."""
    value, life = await kit.opaque_token(desk, request, "access_token", grant), desk.lifetimes["access_token"]
    return {"access_token": value, "token_type": "Bearer", "scope": " ".join(grant.scopes), "expires_in": life}
