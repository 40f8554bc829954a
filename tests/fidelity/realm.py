"""The realm ``platform`` of a real Keycloak, made and changed by its admin REST API."""

import json
from typing import Any
from urllib.parse import quote, urlencode

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.provider import Provider
from sparring.mocks.engine.users import User
from tests.fidelity.keycloak import ADMIN, ADMIN_PASSWORD
from tests.fidelity.wire import Talk

REALM = "platform"
LIFETIMES: dict[str, Any] = {
    "accessTokenLifespan": 300,
    "ssoSessionIdleTimeout": 3600,
    "ssoSessionMaxLifespan": 36000,
    "accessCodeLifespan": 60,
    "accessCodeLifespanLogin": 1800,
}
# The default roles, which people who register get and those who are imported do not.
ROLES: dict[str, Any] = {
    "realmRoles": ["offline_access", "uma_authorization"],
    "clientRoles": {"account": ["view-profile", "manage-account"]},
}
# Since 18 a client names where people may go after signing out; `+` are its redirect URIs, as in realms brought over.
SIGN_OUT = {"post.logout.redirect.uris": "+"}
ROLES_SINCE_13: dict[str, Any] = {"realmRoles": [f"default-roles-{REALM}"]}


class Admin:
    """The admin REST API of one Keycloak."""

    def __init__(self, base: str) -> None:
        self.talk = Talk(base)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The JSON answer of ``/auth/admin/realms`` + path; None if it has none.

        Raises:
            RuntimeError: it refused; with its answer.
        """
        token = self._token()
        headers = [("Authorization", f"Bearer {token}")]
        data = None
        if body is not None:
            headers.append(("Content-Type", "application/json"))
            data = json.dumps(body).encode()
        answer = self.talk.send(method, f"/auth/admin/realms{path}", headers, data)
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.text}")
        return json.loads(answer.body) if answer.body else None

    def change(self, path: str, changes: dict[str, Any]) -> None:
        """Replace these members of what stands at that path; the others go back as they came."""
        self.ask("PUT", path, self.ask("GET", path) | changes)

    def _token(self) -> str:
        form = {"grant_type": "password", "client_id": "admin-cli", "username": ADMIN, "password": ADMIN_PASSWORD}
        headers = [("Content-Type", "application/x-www-form-urlencoded")]
        path = "/auth/realms/master/protocol/openid-connect/token"
        answer = self.talk.send("POST", path, headers, urlencode(form).encode())
        if answer.status != 200:
            raise RuntimeError(f"no administrator's token: {answer.status} {answer.text}")
        token: str = json.loads(answer.body)["access_token"]
        return token

    def client_key(self, client_id: str) -> str:
        """Keycloak's own id of that client.

        Raises:
            KeyError: there is no such client.
        """
        found = self.ask("GET", f"/{REALM}/clients?clientId={quote(client_id)}")
        if not found:
            raise KeyError(client_id)
        key: str = found[0]["id"]
        return key

    def user_key(self, username: str) -> str:
        """Keycloak's own id of that user, the subject.

        Raises:
            KeyError: there is no such user.
        """
        found = self.ask("GET", f"/{REALM}/users?username={quote(username)}")
        for user in found:
            if user["username"] == username:
                key: str = user["id"]
                return key
        raise KeyError(username)


def client(
    client_id: str,
    secret: str | None,
    *,
    redirect_uris: tuple[str, ...] = (),
    name: str = "",
    grants: tuple[str, ...] = ("authorization_code",),
    consent: bool = False,
    enabled: bool = True,
    lifetime: int | None = None,
    origins: tuple[str, ...] = (),
) -> dict[str, Any]:
    """A client as the admin REST API writes it; no secret makes a public one."""
    made: dict[str, Any] = {
        "clientId": client_id,
        "name": name or client_id,
        "enabled": enabled,
        "protocol": "openid-connect",
        "publicClient": secret is None,
        "redirectUris": list(redirect_uris),
        "webOrigins": list(origins),
        "standardFlowEnabled": "authorization_code" in grants,
        "implicitFlowEnabled": "implicit" in grants,
        "directAccessGrantsEnabled": "password" in grants,
        "serviceAccountsEnabled": "client_credentials" in grants,
        "consentRequired": consent,
        "attributes": SIGN_OUT | ({} if lifetime is None else {"access.token.lifespan": str(lifetime)}),
    }
    if secret is not None:
        made["secret"] = secret
    return made


def user(
    username: str, password: str, *, key: str, name: str, email: str, roles: dict[str, Any], enabled: bool = True
) -> dict[str, Any]:
    """A user as the admin REST API writes it; ``key`` is the subject. An imported one has no roles but those given."""
    first, _, last = name.partition(" ")
    return {
        "id": key,
        "username": username,
        "enabled": enabled,
        "emailVerified": True,
        "firstName": first,
        "lastName": last,
        "email": email,
        "credentials": [{"type": "password", "value": password, "temporary": False}],
        **roles,
    }


def realm(users: list[dict[str, Any]]) -> dict[str, Any]:
    """The realm with movingimage's documented lifetimes; clients come after it, so that they get the default scopes."""
    return {
        "realm": REALM,
        "displayName": "movingimage",
        "enabled": True,
        **LIFETIMES,
        "users": users,
    }


def furnish(admin: Admin, provider: Provider, *, personas: bool = True) -> None:
    """Make the realm with the fake's own clients and people, so that both sides know the same ones."""
    people = provider.users + (provider.persona_users if personas else ())
    composite = any(role["name"] == "default-roles-master" for role in admin.ask("GET", "/master/roles"))
    roles = ROLES_SINCE_13 if composite else ROLES
    admin.ask("POST", "", realm([as_user(person, roles) for person in people]))
    for one in provider.clients + (provider.persona_clients if personas else ()):
        admin.ask("POST", f"/{REALM}/clients", as_client(one))


def as_user(person: User, roles: dict[str, Any]) -> dict[str, Any]:
    """That user of a fake as the admin REST API writes it."""
    return user(
        person.username,
        person.password,
        key=person.subject,
        name=person.name,
        email=person.email,
        roles=roles,
        enabled=not person.locked,
    )


def as_client(one: Client) -> dict[str, Any]:
    """That client of a fake as the admin REST API writes it."""
    return client(
        one.client_id,
        one.secret,
        redirect_uris=tuple(one.redirect_uris),
        name=one.name,
        grants=tuple(one.grants),
        consent=one.consent,
        enabled=one.enabled,
        lifetime=one.lifetimes.get("access_token"),
    )
