"""Ways to break the site on purpose, so that the machine can show that it notices."""

from collections.abc import Callable
from typing import Any

import pytest

from sparring.mocks.engine import codes, tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.codes import Code
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.messages import Facts, Params, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.store import Taken
from sparring.mocks.engine.tokens import Kind, Standing, Token
from sparring.mocks.providers.panopto import access, api, caller, code_grant, handles, refresh, revocation, rules

Breaking = Callable[[pytest.MonkeyPatch], None]


def code_works_again(patch: pytest.MonkeyPatch) -> None:
    """A code is consumed, and nobody looks whether it was before."""
    use = codes.use_code

    async def again(desk: Desk, value: str) -> Taken[Code] | None:
        taken = await use(desk, value)
        return taken and Taken(taken.record, first=True)

    patch.setattr(codes, "use_code", again)


def code_survives_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """A code is taken away only when it earned something."""
    use, check = codes.use_code, code_grant._check_code
    spared: set[Code] = set()

    def noticing(desk: Desk, code: Code, client: Client, params: Params) -> None:
        try:
            check(desk, code, client, params)
        except Refusal:
            spared.add(code)
            raise
        spared.discard(code)

    async def again(desk: Desk, value: str) -> Taken[Code] | None:
        taken = await use(desk, value)
        return taken and Taken(taken.record, first=taken.first or taken.record in spared)

    patch.setattr(code_grant, "_check_code", noticing)
    patch.setattr(codes, "use_code", again)


def code_for_ever(patch: pytest.MonkeyPatch) -> None:
    """A code never expires."""
    patch.setattr(codes, "expired", lambda _desk, _code: False)


def refresh_token_stays(patch: pytest.MonkeyPatch) -> None:
    """A new refresh token is given out and the old one works on."""

    async def kept(desk: Desk, value: str) -> Taken[Token] | None:
        found = [item for item in await desk.store.every(Token) if item.digest == tokens._digest(value)]
        return Taken(found[0], first=True)

    patch.setattr(tokens, "spend_token", kept)


def rotation_prolongs(patch: pytest.MonkeyPatch) -> None:
    """Each refresh begins the thirty days anew."""
    make = handles.refresh_token

    async def anew(desk: Desk, facts: Facts, grant: Grant, _ends_at: float | None = None) -> str:
        return await make(desk, facts, grant)

    patch.setattr(refresh, "refresh_token", anew)


def tokens_for_ever(patch: pytest.MonkeyPatch) -> None:
    """Nothing ever expires."""
    weigh = tokens.weigh_token

    async def lenient(desk: Desk, facts: Facts, kind: Kind, value: str, where: str) -> tuple[Token | None, Standing]:
        found, standing = await weigh(desk, facts, kind, value, where)
        return found, Standing.VALID if standing is Standing.EXPIRED else standing

    patch.setattr(tokens, "weigh_token", lenient)


def leeway_for_ever(patch: pytest.MonkeyPatch) -> None:
    """User information takes tokens of any age."""
    patch.setattr(access, "LEEWAY", 10**9)


def revoked_works_on(patch: pytest.MonkeyPatch) -> None:
    """Revocation is confirmed and forgotten."""

    async def forgetful(*_: Any) -> None:
        pass

    patch.setattr(revocation, "_revoke_all", forgetful)


def revoked_by_anybody(patch: pytest.MonkeyPatch) -> None:
    """Whoever has a refresh token can have it revoked."""
    revoke_all = revocation._revoke_all

    async def anybodys(desk: Desk, _client: Client, named: Token) -> None:
        await revoke_all(desk, Client(client_id=named.client_id, secret=None, name=""), named)

    patch.setattr(revocation, "_revoke_all", anybodys)


def scope_unchecked(patch: pytest.MonkeyPatch) -> None:
    """Every token opens the API."""

    async def lenient(desk: Desk, request: Request) -> Token:
        token = await caller.bearer(desk, request)
        if token is None:
            raise Refusal(rules.BEARER_REFUSED, status=401)
        return token

    patch.setattr(api, "admit", lenient)


MUTANTS: tuple[tuple[Breaking, str], ...] = (
    (code_works_again, "got tokens|unauthorized_client"),
    (code_survives_a_refusal, "got tokens|unauthorized_client"),
    (code_for_ever, "got tokens|unauthorized_client"),
    (refresh_token_stays, "got tokens"),
    (rotation_prolongs, "got tokens"),
    (tokens_for_ever, "got tokens|not 401|not 403"),
    (leeway_for_ever, "userinfo: .*, not 401"),
    (revoked_works_on, "got tokens"),
    (revoked_by_anybody, "got tokens"),
    (scope_unchecked, "api: 200, not"),
)
