"""Authlib's Starlette integration, "Starlette OAuth Client": a web application whose users sign in at movingimage.

Run it with SPARRING_* in the environment; it listens on the port of SPARRING_REDIRECT_URI. `/login` sends the browser
to the sign-in page, `/managers` calls the API on behalf of whoever signed in, `/logout` forgets them.
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

redirect_uri = os.environ["SPARRING_REDIRECT_URI"]
tokens = {}  # by session: three JWTs are more than a cookie holds


async def keep(_name, token, refresh_token=None, **_):
    """Called by Authlib with the answer to a refresh."""
    for session, held in tokens.items():
        if refresh_token is not None and held.get("refresh_token") == refresh_token:
            tokens[session] = {**held, **token}


oauth = OAuth(update_token=keep)
oauth.register(
    "movingimage",
    client_id=os.environ["SPARRING_CLIENT_ID"],
    client_secret=os.environ["SPARRING_CLIENT_SECRET"],
    server_metadata_url=os.environ["SPARRING_DISCOVERY_URL"],
    client_kwargs={
        "scope": os.environ["SPARRING_SCOPE"],
        "code_challenge_method": "S256",
        "token_endpoint_auth_method": "client_secret_post",
    },
)


async def home(request):
    held = tokens.get(request.session.get("id"))
    return PlainTextResponse(f"Signed in as {held['userinfo']['sub']}" if held else "Nobody is signed in: /login")


async def login(request):
    return await oauth.movingimage.authorize_redirect(request, redirect_uri, response_mode="query")


async def callback(request):
    try:
        token = await oauth.movingimage.authorize_access_token(request)
    except (OAuthError, JoseError, HTTPError) as error:
        return PlainTextResponse(f"Sign-in failed: {type(error).__name__}", status_code=400)
    request.session["id"] = secrets.token_urlsafe()
    tokens[request.session["id"]] = token
    return RedirectResponse("/", status_code=303)


async def managers(request):
    held = tokens.get(request.session.get("id"))
    if held is None:
        return RedirectResponse("/login", status_code=303)
    try:
        answer = await oauth.movingimage.get(os.environ["SPARRING_API_URL"], token=held)
    except (OAuthError, JoseError, HTTPError) as error:
        return PlainTextResponse(f"No answer: {type(error).__name__}", status_code=502)
    if answer.status_code != 200:
        return PlainTextResponse(f"The API answers {answer.status_code}", status_code=502)
    return PlainTextResponse("".join(f"{manager['name']}\n" for manager in answer.json()))


async def logout(request):
    tokens.pop(request.session.pop("id", None), None)
    return RedirectResponse("/", status_code=303)


app = Starlette(
    routes=[
        Route("/", home),
        Route("/login", login),
        Route(urlsplit(redirect_uri).path, callback),
        Route("/managers", managers),
        Route("/logout", logout),
    ],
    middleware=[Middleware(SessionMiddleware, secret_key=secrets.token_urlsafe())],
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=urlsplit(redirect_uri).port, log_level="warning")
