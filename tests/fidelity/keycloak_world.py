"""Contracts of movingimage tried at a real Keycloak; every trial finds the realm as its state wants it."""

# ruff: noqa: D102 - as the protocol says

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sparring.contracts.grammar import StageGiven
from sparring.contracts.place import Call, Given, NotApplicableError
from sparring.mocks.engine.provider import Provider
from tests.fidelity import realm
from tests.fidelity.real import EnginePlace
from tests.fidelity.realm import REALM, Admin
from tests.fidelity.wire import Talk

OWN = "/auth/"
SETTINGS = {
    "access_token": "accessTokenLifespan",
    "refresh_token": "ssoSessionIdleTimeout",
    "session": "ssoSessionMaxLifespan",
    "code": "accessCodeLifespan",
    "login": "accessCodeLifespanLogin",
}
BASIC: dict[str, Any] = realm.LIFETIMES | {"revokeRefreshToken": False}
CLIENT_MEMBERS = {
    "secret": "secret",
    "name": "name",
    "redirect_uris": "redirectUris",
    "enabled": "enabled",
    "consent": "consentRequired",
}
FLOWS = {
    "authorization_code": "standardFlowEnabled",
    "implicit": "implicitFlowEnabled",
    "password": "directAccessGrantsEnabled",
    "client_credentials": "serviceAccountsEnabled",
}


@dataclass
class KeycloakWorld:
    """Places of one running Keycloak. ``variants`` are the provider's variants that this release stands for, with the
    realm's settings for each.
    """

    base: str
    provider: Provider
    variants: dict[str, dict[str, Any]]
    dirty: bool = field(default=True, init=False)
    """Whether the realm must be made anew, because a trial left what cannot be undone."""
    undo: list[Callable[[], object]] = field(default_factory=list, init=False)
    """What takes back the last trial's changes, the last one first."""
    _settings: dict[str, Any] = field(default_factory=dict, init=False)

    async def open(self, given: Given) -> "KeycloakPlace":
        if given.variant not in self.variants:
            raise NotApplicableError(f"this release of the engine does not stand for the variant {given.variant}")
        if given.stage.issuer is not None:
            raise NotApplicableError("the engine's issuer is its own address")
        unknown = set(given.stage.lifetimes) - set(SETTINGS)
        if unknown:
            raise NotApplicableError(f"the realm has no setting for the lifetime {', '.join(sorted(unknown))}")
        await asyncio.to_thread(self._furnish, given.variant, given.stage)
        return KeycloakPlace(self)

    def _furnish(self, variant: str, stage: StageGiven) -> None:
        Talk(self.base).send("GET", "/auth/realms/master/clock/0")
        admin = Admin(self.base)
        while self.undo and not self.dirty:
            self.undo.pop()()
        if self.dirty:
            self.undo.clear()
            if REALM in {one["realm"] for one in admin.ask("GET", "")}:
                admin.ask("DELETE", f"/{REALM}")
            realm.furnish(admin, self.provider)
            self.dirty, self._settings = False, dict(BASIC)
        lifetimes = {SETTINGS[kind]: seconds for kind, seconds in stage.lifetimes.items()}
        wanted = BASIC | self.variants[variant] | lifetimes
        if wanted != self._settings:
            admin.change(f"/{REALM}", wanted)
            self._settings = wanted
        if stage.origins or stage.redirect_uris:
            first = self.provider.clients[0]
            uris = [*first.redirect_uris, *stage.redirect_uris]
            self.change_client(admin, first.client_id, {"redirectUris": uris, "webOrigins": list(stage.origins)})

    def change_client(self, admin: Admin, client_id: str, changes: dict[str, Any]) -> None:
        """Change a client until the next trial. KeyError where there is none."""
        path = f"/{REALM}/clients/{admin.client_key(client_id)}"
        before = admin.ask("GET", path)
        self.undo.append(lambda: admin.ask("PUT", path, before))
        admin.ask("PUT", path, before | changes)


class KeycloakPlace(EnginePlace):
    """The realm for one trial."""

    def __init__(self, world: KeycloakWorld) -> None:
        super().__init__(world.base, world.provider, f"{world.base}/auth/realms/{REALM}")
        self._world = world
        self._admin = Admin(world.base)
        self._ahead = 0.0

    def admit(self, call: Call, path: str) -> None:
        if not path.startswith(OWN):
            raise NotApplicableError("movingimage's own address, which no Keycloak has")
        if "/login-actions/consent" in path:
            self._world.undo.append(self._forget_consents)

    async def now(self) -> float:
        return time.time() + self._ahead  # noqa: TID251  the engine runs on the machine's clock

    def do_advance(self, given: dict[str, Any]) -> None:
        self._ahead += given["seconds"]
        if int(self._ahead) != self._ahead:
            raise NotApplicableError("Keycloak's clock counts whole seconds")
        answer = Talk(self._base).send("GET", f"/auth/realms/master/clock/{int(self._ahead)}")
        if answer.status != 200:
            raise ValueError(f"the engine's clock did not move: {answer.status}")

    def _forget_consents(self) -> None:
        for person in self._world.provider.users + self._world.provider.persona_users:
            path = f"/{REALM}/users/{self._admin.user_key(person.username)}/consents"
            for consent in self._admin.ask("GET", path):
                self._admin.ask("DELETE", f"{path}/{consent['clientId']}")

    def do_change_client(self, given: dict[str, Any]) -> None:
        client_id = given["client_id"]
        unknown = set(given) - {"client_id", "scopes", "grants", *CLIENT_MEMBERS}
        if unknown:
            raise NotApplicableError(f"Keycloak's clients have no {', '.join(sorted(unknown))}")
        changes: dict[str, Any] = {CLIENT_MEMBERS[name]: given[name] for name in CLIENT_MEMBERS if name in given}
        if "secret" in given:
            changes["publicClient"] = given["secret"] is None
            if given["secret"] is None:
                del changes["secret"]
        if "grants" in given:
            changes |= {setting: grant in given["grants"] for grant, setting in FLOWS.items()}
        try:
            self._world.change_client(self._admin, client_id, changes)
        except KeyError:
            made = realm.client(client_id, given.get("secret"), grants=tuple(given.get("grants", ())))
            self._admin.ask("POST", f"/{REALM}/clients", made | changes)
            key = self._admin.client_key(client_id)
            self._world.undo.append(lambda: self._admin.ask("DELETE", f"/{REALM}/clients/{key}"))

    def do_remove_client(self, given: dict[str, Any]) -> None:
        self._world.dirty = True
        self._admin.ask("DELETE", f"/{REALM}/clients/{self._admin.client_key(given['client_id'])}")

    def do_change_user(self, given: dict[str, Any]) -> None:
        if "attributes" in given:
            raise NotApplicableError("attributes of a user are the deployment's")
        username = given["username"]
        changes: dict[str, Any] = {}
        if "locked" in given:
            changes["enabled"] = not given["locked"]
        if "email" in given:
            changes["email"] = given["email"]
        if "name" in given:
            changes["firstName"], _, changes["lastName"] = given["name"].partition(" ")
        if "password" in given:
            changes["credentials"] = [{"type": "password", "value": given["password"], "temporary": False}]
        try:
            key = self._admin.user_key(username)
        except KeyError:
            self._admin.ask("POST", f"/{REALM}/users", {"username": username, "enabled": True} | changes)
            key = self._admin.user_key(username)
            self._world.undo.append(lambda: self._admin.ask("DELETE", f"/{REALM}/users/{key}"))
        else:
            self._world.dirty |= "credentials" in changes
            path = f"/{REALM}/users/{key}"
            before = self._admin.ask("GET", path)
            self._world.undo.append(lambda: self._admin.ask("PUT", path, before))
            for credential in changes.pop("credentials", ()):
                self._admin.ask("PUT", f"{path}/reset-password", credential)
            self._admin.ask("PUT", path, before | changes)

    def do_remove_user(self, given: dict[str, Any]) -> None:
        self._world.dirty = True
        self._admin.ask("DELETE", f"/{REALM}/users/{self._admin.user_key(given['username'])}")

    def do_revoke(self, given: dict[str, Any]) -> None:
        named = {name: value for name, value in given.items() if value is not None}
        if set(named) == {"session"}:
            self._admin.ask("DELETE", f"/{REALM}/sessions/{named['session']}")
        elif set(named) == {"user"}:
            self._admin.ask("POST", f"/{REALM}/users/{self._admin.user_key(named['user'])}/logout")
        else:
            raise NotApplicableError("Keycloak ends sessions, not single tokens")

    def do_rotate_keys(self, given: dict[str, Any]) -> None:
        self._world.dirty = True
        if not given.get("keep_old", True):
            raise NotApplicableError("the keys that a realm is made with stay published")
        found = self._admin.ask("GET", f"/{REALM}")
        provider = {
            "name": "newer",
            "parentId": found["id"],
            "providerId": "rsa-generated",
            "providerType": "org.keycloak.keys.KeyProvider",
            "config": {"priority": ["200"], "enabled": ["true"], "active": ["true"]},
        }
        self._admin.ask("POST", f"/{REALM}/components", provider)
