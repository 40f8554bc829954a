"""Ways to break the provider on purpose, so that the machine can show that it notices."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sparring.mocks.engine import codes, scopes, tokens
from sparring.mocks.engine.codes import Code
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.entropy import Entropy
from sparring.mocks.engine.messages import Answer, Facts, add_query
from sparring.mocks.engine.sessions import Ticket
from sparring.mocks.engine.store import Taken
from sparring.mocks.engine.tokens import Kind, Standing, Token
from sparring.mocks.providers.ingest import api, authorize, token
from sparring.mocks.providers.ingest.answers import token_error

Breaking = Callable[[pytest.MonkeyPatch], None]


class Anything(str):
    """A text that is equal to every other one."""

    __slots__ = ()

    def __eq__(self, _other: object) -> bool:
        return True

    def __ne__(self, _other: object) -> bool:
        return False

    __hash__ = str.__hash__


def _looked_at(patch: pytest.MonkeyPatch, **members: Any) -> None:
    look = codes.look_at_code

    async def looser(desk: Desk, value: str) -> Code | None:
        code = await look(desk, value)
        return None if code is None else replace(code, **members)

    patch.setattr(codes, "look_at_code", looser)


def code_works_again(patch: pytest.MonkeyPatch) -> None:
    """A code is consumed, and nobody looks whether it was before."""
    use = codes.use_code

    async def again(desk: Desk, value: str) -> Taken[Code] | None:
        taken = await use(desk, value)
        return taken and Taken(taken.record, first=True)

    patch.setattr(codes, "use_code", again)


def code_race(patch: pytest.MonkeyPatch) -> None:
    """A code is looked at, and marked a moment later: two at once get through, two in a row do not."""

    async def slow(desk: Desk, value: str) -> Taken[Code] | None:
        mark = await desk.store.get(Ticket, value)
        code = await desk.store.get(Code, value)
        await desk.store.put(value, Ticket(session_id="", about="used"))
        return None if code is None else Taken(code, first=mark is None)

    patch.setattr(codes, "use_code", slow)


def redirect_uri_unchecked(patch: pytest.MonkeyPatch) -> None:
    """Any redirect_uri will do for a code."""
    _looked_at(patch, redirect_uri=Anything("x"))


def code_for_any_client(patch: pytest.MonkeyPatch) -> None:
    """A code can be redeemed by whoever has it."""
    _looked_at(patch, client_id=Anything("x"))


def code_for_ever(patch: pytest.MonkeyPatch) -> None:
    """A code never expires."""
    patch.setattr(codes, "expired", lambda _desk, _code: False)


def scope_unchecked(patch: pytest.MonkeyPatch) -> None:
    """Whatever scope is asked for is given."""
    patch.setattr(scopes, "foreign", lambda _asked, _allowed: ())


def narrower_scope_ignored(patch: pytest.MonkeyPatch) -> None:
    """A token has the whole grant, whatever was asked for."""
    patch.setattr(token, "_narrowed", lambda _params, grant: grant.scopes)


def refresh_token_stays(patch: pytest.MonkeyPatch) -> None:
    """A new refresh token is given out and the old one works on."""

    async def kept(desk: Desk, value: str) -> Taken[Token] | None:
        found = [item for item in await desk.store.every(Token) if item.digest == tokens._digest(value)]
        return Taken(found[0], first=True)

    patch.setattr(tokens, "spend_token", kept)


def tokens_for_ever(patch: pytest.MonkeyPatch) -> None:
    """Nothing ever expires or is revoked."""
    weigh = tokens.weigh_token

    async def lenient(desk: Desk, facts: Facts, kind: Kind, value: str, where: str) -> tuple[Token | None, Standing]:
        found, standing = await weigh(desk, facts, kind, value, where)
        return found, Standing.VALID if standing is Standing.EXPIRED else standing

    patch.setattr(tokens, "weigh_token", lenient)


def revoked_works_on(patch: pytest.MonkeyPatch) -> None:
    """Revocation is confirmed and forgotten."""

    async def forgetful(_desk: Desk, _value: str) -> bool:
        return True

    patch.setattr(tokens, "revoke_token", forgetful)


def refresh_token_for_applications(patch: pytest.MonkeyPatch) -> None:
    """Client credentials earn a refresh token, too."""
    answer = token._answer

    async def generous(*args: Any, refresh: bool) -> Answer:
        return await answer(*args, refresh=True)

    patch.setattr(token, "_answer", generous)


def state_tidied(patch: pytest.MonkeyPatch) -> None:
    """The state comes back without its blanks."""
    patch.setattr(
        authorize, "add_query", lambda uri, params: add_query(uri, [(name, value.strip()) for name, value in params])
    )


def redirect_query_lost(patch: pytest.MonkeyPatch) -> None:
    """The redirect URI's own query is dropped."""
    patch.setattr(authorize, "add_query", lambda uri, params: add_query(uri.partition("?")[0], params))


def cacheable(patch: pytest.MonkeyPatch) -> None:
    """Token answers may be kept by caches."""
    patch.setattr(token, "NO_STORE", ())


def error_of_its_own(patch: pytest.MonkeyPatch) -> None:
    """A refusal uses a word that the RFC does not have."""

    def other_word(refusal: Any, *, basic: bool) -> Answer:
        refusal.error = "invalid_code" if refusal.error == "invalid_grant" else refusal.error
        return token_error(refusal, basic=basic)

    patch.setattr(token, "token_error", other_word)


def values_repeat(patch: pytest.MonkeyPatch) -> None:
    """Randomness forgets the counter."""
    patch.setattr(Entropy, "alnum", lambda self, length, *label: Entropy.hex(self, length // 2, *label[:2]))


def crash_on_strange_state(patch: pytest.MonkeyPatch) -> None:
    """Characters beyond ASCII break the redirect."""

    def ascii_only(uri: str, params: Any) -> str:
        return add_query(uri, [(name, value.encode("ascii").decode()) for name, value in params])

    patch.setattr(authorize, "add_query", ascii_only)


def api_ignores_scope(patch: pytest.MonkeyPatch) -> None:
    """The API asks for a token and not for its scope."""
    admit = api._admit

    async def any_scope(desk: Desk, request: Any, _scope: str | None, *, person: bool) -> api.Call:
        return await admit(desk, request, None, person=person)

    patch.setattr(api, "_admit", any_scope)


# What is broken, and the words by which the machine says so.
MUTANTS: tuple[tuple[Breaking, str], ...] = (
    (code_works_again, r"requests got tokens, not [01] \((right|again|late)\)"),
    (code_race, r"requests got tokens, not 1 \((right|again)\)"),
    (redirect_uri_unchecked, r"requests got tokens, not 0 \((no )?uri\)"),
    (code_for_any_client, r"requests got tokens, not 0 \(client\)"),
    (code_for_ever, r"requests got tokens, not 0 \((late|right|again)\)"),
    (scope_unchecked, r"got tokens.* \(scope\)|scope is told in a redirect"),
    (narrower_scope_ignored, r"^3.3: the scope is|got tokens, not 0 \(scope\)"),
    (refresh_token_stays, r"requests got tokens, not [01] \((right|again|late)\)"),
    (tokens_for_ever, r"it is expired or revoked|requests got tokens, not 0 \((late|right|again)\)"),
    (revoked_works_on, r"it is expired or revoked|requests got tokens, not 0 \((right|late)\)"),
    (refresh_token_for_applications, r"^4\.4\.3"),
    (state_tidied, r"^4\.1\.2"),
    (redirect_query_lost, r"^3\.1\.2\.4"),
    (cacheable, "Cache-Control with a value of no-store"),
    (error_of_its_own, "^5.2: one of six codes"),
    (values_repeat, "was given out twice"),
    (crash_on_strange_state, "status=500"),
    (api_ignores_scope, "what it was granted for"),
)
