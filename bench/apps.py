"""The least that a server can do: no checks, no records. ``uvicorn bench.apps:signed`` and the like."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
HEAD = urlsafe_b64encode(b'{"alg":"RS256","typ":"JWT"}') + b"."
PADDING, DIGEST = PKCS1v15(), SHA256()
ISSUED: dict[str, str] = {}
Message = dict[str, Any]


def a_signed_token(form: dict[str, str]) -> dict[str, object]:
    """One RS256 signature."""
    now = int(time.time())
    claims = {"iss": "http://127.0.0.1", "sub": form["client_id"], "iat": now, "exp": now + 3600}
    return {"access_token": jwt.encode(claims, KEY, "RS256"), "token_type": "Bearer", "expires_in": 3600}


def a_token_signed_by_hand(form: dict[str, str]) -> dict[str, object]:
    """The same without a library for tokens: the head is encoded once."""
    now = int(time.time())
    claims = {"iss": "http://127.0.0.1", "sub": form["client_id"], "iat": now, "exp": now + 3600}
    signed = HEAD + urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
    signature = urlsafe_b64encode(KEY.sign(signed, PADDING, DIGEST)).rstrip(b"=")
    return {"access_token": f"{signed.decode()}.{signature.decode()}", "token_type": "Bearer", "expires_in": 3600}


def an_opaque_token(form: dict[str, str]) -> dict[str, object]:
    """A random value, kept."""
    token = token_urlsafe(32)
    ISSUED[token] = form["client_id"]
    return {"access_token": token, "token_type": "Bearer", "expires_in": 3600}


def by_starlette(answer: Callable[[dict[str, str]], dict[str, object]]) -> Starlette:
    """An application of Starlette with one route."""

    async def token(request: Request) -> JSONResponse:
        return JSONResponse(answer(dict(parse_qsl((await request.body()).decode()))))

    return Starlette(routes=[Route("/token", token, methods=["POST"])])


def by_hand(
    answer: Callable[[dict[str, str]], dict[str, object]],
) -> Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]:
    """An ASGI application without a framework."""

    async def app(
        scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        text = json.dumps(answer(dict(parse_qsl(body.decode())))).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(text)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text})

    return app


starlette_signed = by_starlette(a_signed_token)
starlette_opaque = by_starlette(an_opaque_token)
asgi_signed = by_hand(a_token_signed_by_hand)
asgi_opaque = by_hand(an_opaque_token)
