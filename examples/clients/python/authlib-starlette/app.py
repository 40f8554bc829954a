"""Authlib's Starlette integration, "Starlette OAuth Client", with OpenID Connect where the provider has it.

What the documentation leaves to the application is done: errors become pages, tokens are kept on the server's side, and
PKCE is asked for where the provider takes it.
"""

import os
import secrets
from urllib.parse import urlsplit

import uvicorn
from authlib.integrations.starlette_client import OAuth, OAuthError
from httpx2 import HTTPError
from joserfc.errors import JoseError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route

HEADERS = {"ingest": {"Accept": "application/vnd.ingest.v1+json"}}
provider = os.environ["SPARRING_PROVIDER"]
redirect_uri = os.environ["SPARRING_REDIRECT_URI"]
tokens = {}  # by session: three JWTs are more than a cookie holds


async def update_token(name, token, refresh_token=None, access_token=None):
    """Called by Authlib with the answer to a refresh."""
    for session, held in tokens.items():
        if refresh_token is not None and held.get("refresh_token") == refresh_token:
            tokens[session] = token


if "SPARRING_DISCOVERY_URL" in os.environ:
    endpoints = {"server_metadata_url": os.environ["SPARRING_DISCOVERY_URL"]}
else:
    endpoints = {
        "authorize_url": os.environ["SPARRING_AUTHORIZE_URL"],
        "access_token_url": os.environ["SPARRING_TOKEN_URL"],
    }
client_kwargs = {
    "scope": os.environ["SPARRING_SCOPE"],
    "token_endpoint_auth_method": "client_secret_post",
    "timeout": float(os.environ["SPARRING_TIMEOUT"]) / 2,
}
if provider != "panopto":  # it refuses a code_verifier from a client with a secret
    client_kwargs["code_challenge_method"] = "S256"

oauth = OAuth(update_token=update_token)
client = oauth.register(
    provider,
    client_id=os.environ["SPARRING_CLIENT_ID"],
    client_secret=os.environ["SPARRING_CLIENT_SECRET"],
    client_kwargs=client_kwargs,
    **endpoints,
)


async def home(request):
    return PlainTextResponse("Signed in." if request.session.get("id") in tokens else "Nobody is signed in: /login")


async def login(request):
    return await client.authorize_redirect(request, redirect_uri)


async def callback(request):
    try:
        token = await client.authorize_access_token(request)
    except (OAuthError, JoseError, HTTPError, ValueError) as error:
        return PlainTextResponse(f"Sign-in failed: {type(error).__name__}", status_code=400)
    request.session["id"] = secrets.token_urlsafe()
    tokens[request.session["id"]] = token
    return RedirectResponse("/", status_code=303)


async def action(request):
    held = tokens.get(request.session.get("id"))
    if held is None:
        return PlainTextResponse("Nobody is signed in: /login", status_code=401)
    try:
        answer = await client.get(os.environ["SPARRING_API_URL"], token=held, headers=HEADERS.get(provider))
    except (OAuthError, JoseError, HTTPError, ValueError) as error:
        return PlainTextResponse(f"No answer: {type(error).__name__}", status_code=502)
    return PlainTextResponse(f"The API answers {answer.status_code}.", status_code=200 if answer.is_success else 502)


async def logout(request):
    tokens.pop(request.session.pop("id", None), None)
    return RedirectResponse("/", status_code=303)


app = Starlette(
    routes=[
        Route("/", home),
        Route("/login", login),
        Route(urlsplit(redirect_uri).path, callback),
        Route("/action", action),
        Route("/logout", logout),
    ],
    middleware=[Middleware(SessionMiddleware, secret_key=secrets.token_urlsafe())],
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=urlsplit(redirect_uri).port, log_level="warning")
