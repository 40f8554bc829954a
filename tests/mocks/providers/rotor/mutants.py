"""Ways to break the provider on purpose, so that the machine can show that it notices."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus

import pytest

from sparring.mocks.engine import scopes, tokens
from sparring.mocks.engine.clients import Client, secret_matches
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.entropy import Entropy
from sparring.mocks.engine.messages import Facts, Request
from sparring.mocks.engine.tokens import Standing, Token
from sparring.mocks.providers.rotor import (
    authentication,
    bearer,
    introspection,
    managed_users,
    orders,
    register,
    revocation,
    token_info,
    weighing,
)
from sparring.mocks.providers.rotor.managed_users import ManagedUser

Breaking = Callable[[pytest.MonkeyPatch], None]


def _always(patch: pytest.MonkeyPatch, standing: Standing) -> None:
    weigh = weighing.weigh

    async def lenient(desk: Desk, facts: Facts, value: str, where: str) -> tuple[Token | None, Standing]:
        found, true = await weigh(desk, facts, value, where)
        return found, Standing.VALID if true is standing else true

    for module in (bearer, introspection, token_info):
        patch.setattr(module, "weigh", lenient)


def tokens_for_ever(patch: pytest.MonkeyPatch) -> None:
    """Nothing ever expires."""
    _always(patch, Standing.EXPIRED)


def revoked_tokens_work(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks whether a token was withdrawn."""
    _always(patch, Standing.REVOKED)


def revocation_does_nothing(patch: pytest.MonkeyPatch) -> None:
    """The token lives on."""

    async def nothing(_desk: Desk, _value: str) -> bool:
        return True

    patch.setattr("sparring.mocks.providers.rotor.revocation.tokens.revoke_token", nothing)


def anybody_revokes(patch: pytest.MonkeyPatch) -> None:
    """Whose token it is does not matter."""

    async def unguarded(_desk: Desk, _token: Token) -> bool:
        return False

    patch.setattr(revocation, "_guarded", unguarded)


def secret_unchecked(patch: pytest.MonkeyPatch) -> None:
    """Any secret will do."""
    patch.setattr(authentication, "secret_matches", lambda _client, _secret: True)


def scope_unchecked(patch: pytest.MonkeyPatch) -> None:
    """Whatever scope is asked for is given."""
    patch.setattr(scopes, "foreign", lambda _asked, _allowed: ())


def partner_is_a_person(patch: pytest.MonkeyPatch) -> None:
    """The partner's token opens orders as well."""

    async def lenient(desk: Desk, request: Request) -> ManagedUser:
        admitted = await bearer._admit(desk, request)
        return ManagedUser(id="", client_id=admitted.client_id, remote_user_id=admitted.subject or "", created_at=0)

    patch.setattr(orders, "admit_user", lenient)


def person_is_a_partner(patch: pytest.MonkeyPatch) -> None:
    """A user's token registers others."""
    patch.setattr(register, "admit_partner", bearer._admit)


def ids_in_lower_case(patch: pytest.MonkeyPatch) -> None:
    """Two people whose ids differ in case are one."""
    patch.setattr(managed_users, "_key", lambda client_id, who: f"{client_id} {who.lower()}")


def ids_as_numbers(patch: pytest.MonkeyPatch) -> None:
    """007 is 7."""
    read = register._remote_user_id

    def number(request: Request, attributes: Mapping[str, Any]) -> str:
        found = read(request, attributes)
        return str(int(found)) if found.isdigit() else found

    patch.setattr(register, "_remote_user_id", number)


def second_account(patch: pytest.MonkeyPatch) -> None:
    """Whenever a person comes there is another account, with orders of its own."""
    admit = bearer.admit_user
    seen: list[ManagedUser] = []

    async def another(desk: Desk, request: Request) -> ManagedUser:
        seen.append(await admit(desk, request))
        return replace(seen[-1], client_id=f"{len(seen)}")

    patch.setattr(orders, "admit_user", another)


def people_are_shared(patch: pytest.MonkeyPatch) -> None:
    """Partners that use the same id have the same person."""
    uuids = orders._uuids

    def shared(desk: Desk, user: ManagedUser) -> list[str]:
        return uuids(desk, replace(user, client_id="anybody"))

    patch.setattr(orders, "_uuids", shared)


def anothers_orders(patch: pytest.MonkeyPatch) -> None:
    """Any order can be finalized by whoever knows its id."""
    patch.setattr(orders, "_known", lambda desk, user, asked: orders._uuids(desk, user)[: len(asked)])


def same_token_again(patch: pytest.MonkeyPatch) -> None:
    """A person who comes again gets the same token."""

    def same(_entropy: Entropy, _size: int, *label: str | int) -> str:
        return f"token of {label[0]}"

    patch.setattr(Entropy, "urlsafe", same)


def anybody_introspects(patch: pytest.MonkeyPatch) -> None:
    """A client learns about others' tokens."""

    async def whoever(desk: Desk, request: Request, _credentials: object) -> str:
        value = dict(request.form_params)["token"]
        found = await tokens.find_token(desk, value)
        return "" if found is None else found.client_id

    patch.setattr(introspection, "_client", whoever)


def odd_secrets_decoded(patch: pytest.MonkeyPatch) -> None:
    """Basic credentials are form-decoded after base64."""

    def decoded(client: Client, presented: str | None) -> bool:
        return secret_matches(client, None if presented is None else unquote_plus(presented))

    patch.setattr(authentication, "secret_matches", decoded)


MUTANTS = (
    (tokens_for_ever, "never works|RFC 7662"),
    (revoked_tokens_work, "never works|RFC 7662"),
    (revocation_does_nothing, "never works|RFC 7662"),
    (anybody_revokes, "RFC 7009"),
    (secret_unchecked, "5.2|RFC 7009"),
    (scope_unchecked, "5.2"),
    (partner_is_a_person, "orders are for the user's token"),
    (person_is_a_partner, "authorized with the Partner's"),
    (ids_in_lower_case, "as it was registered|never a second one|its own"),
    (ids_as_numbers, "as it was registered"),
    (second_account, "never a second one|its own orders"),
    (people_are_shared, "its own"),
    (anothers_orders, "somebody else's order|paid is what"),
    (same_token_again, "given out twice"),
    (anybody_introspects, "RFC 7662"),
    (odd_secrets_decoded, "the right request is granted|RFC 7009|RFC 7662"),
)
