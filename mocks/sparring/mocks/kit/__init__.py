"""What a provider of your own is made of: parts of the engine, and a sign-in that need not be written.

``codes``, ``pkce``, ``scopes``, ``tokens`` and ``users`` are modules. docs/writing-a-provider.md builds one.
"""

from sparring.mocks.engine import codes, pkce, scopes, tokens, users
from sparring.mocks.engine.clients import Client, parse_basic, secret_matches
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant, open_grant, revoke_grant
from sparring.mocks.engine.messages import (
    Answer,
    Params,
    Request,
    add_query,
    empty_answer,
    first,
    html_answer,
    json_answer,
    redirect_answer,
)
from sparring.mocks.engine.provider import Provider, Route
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.engine.tokens import Standing
from sparring.mocks.engine.users import User
from sparring.mocks.kit.login import Decision, UsualLogin
from sparring.mocks.kit.opaque import (
    accept_bearer,
    accept_refresh,
    find_client,
    mint_opaque,
    opaque_token,
    person_of,
    redeem_code,
)
from sparring.mocks.pages.render import Look

__all__ = [
    "Answer",
    "Client",
    "Decision",
    "Desk",
    "Grant",
    "Look",
    "Mark",
    "Params",
    "Provider",
    "Refusal",
    "Request",
    "Route",
    "Rule",
    "Standing",
    "User",
    "UsualLogin",
    "accept_bearer",
    "accept_refresh",
    "add_query",
    "codes",
    "empty_answer",
    "find_client",
    "first",
    "html_answer",
    "json_answer",
    "mint_opaque",
    "opaque_token",
    "open_grant",
    "parse_basic",
    "person_of",
    "pkce",
    "redeem_code",
    "redirect_answer",
    "revoke_grant",
    "scopes",
    "secret_matches",
    "tokens",
    "users",
]
