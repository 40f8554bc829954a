"""What a client must be told of a provider: addresses, credentials, who may sign in."""

import ssl
from collections.abc import Mapping
from pathlib import Path

from sparring.mocks.control.interface import ControlError
from sparring.mocks.testing.parties import Client, Endpoints, User, client_of, user_of
from sparring.mocks.testing.view import View


class Facts(View):
    """Everything here is about one provider; with several on stage, name it: ``stage["ingest"].base_url``."""

    @property
    def base_url(self) -> str:
        """Scheme, host and port; the provider's own paths come after it."""
        return str(self._info["base_url"])

    @property
    def endpoints(self) -> Endpoints:
        """Its addresses by name: ``endpoints.token``."""
        return Endpoints(self.provider, self._info["endpoints"])

    @property
    def token_url(self) -> str:
        """Where tokens are asked for."""
        return self.endpoints["token"]

    @property
    def authorize_url(self) -> str:
        """Where people sign in. ControlError where nobody does."""
        return self.endpoints["authorize"]

    @property
    def api_url(self) -> str:
        """One protected resource, asked with GET and the bearer token."""
        return self.endpoints["api"]

    @property
    def discovery_url(self) -> str:
        """Its discovery document (RFC 8414). ControlError where it has none."""
        return self.endpoints["discovery"]

    @property
    def jwks_url(self) -> str:
        """Its key set (RFC 7517). ControlError where it has none."""
        return self.endpoints["jwks"]

    @property
    def issuer(self) -> str | None:
        """The ``iss`` of its tokens; None where they name none."""
        found: str | None = self._info.get("issuer")
        return found

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names of the real one."""
        return tuple(self._info["hosts"])

    @property
    def client_id(self) -> str:
        """The id of the client that is registered from the beginning."""
        return str(self._info["client_id"])

    @property
    def client_secret(self) -> str:
        """Its secret. ControlError where it is a public client."""
        secret = self._info["client_secret"]
        if secret is None:
            raise ControlError(f"the client {self.client_id!r} of {self.provider} is a public one: it has no secret")
        return str(secret)

    @property
    def redirect_uri(self) -> str:
        """The first of its redirect URIs. ControlError where it has none."""
        if not self.redirect_uris:
            raise ControlError(f"the client {self.client_id!r} of {self.provider} has no redirect URI: nobody signs in")
        return self.redirect_uris[0]

    @property
    def redirect_uris(self) -> tuple[str, ...]:
        """Its redirect URIs; ``redirect_uris=`` of the stage adds to them."""
        return tuple(self._info["redirect_uris"])

    @property
    def scope(self) -> str:
        """The usual scope, as it goes on the wire at this provider."""
        return str(self._info["scope"])

    @property
    def scopes(self) -> tuple[str, ...]:
        """The same as a list."""
        return tuple(self._info["scopes"])

    @property
    def lifetimes(self) -> Mapping[str, int]:
        """Seconds by kind: ``access_token``, ``refresh_token``, ``code``, as they are now."""
        return dict(self._house.desk.lifetimes)

    @property
    def clients(self) -> tuple[Client, ...]:
        """The registered clients, as they are now."""
        name = self.provider
        return tuple(client_of(one) for one in self._do(lambda control, stage: control.clients(stage, name)))

    @property
    def users(self) -> tuple[User, ...]:
        """The people with an account, as they are now."""
        name = self.provider
        return tuple(user_of(one) for one in self._do(lambda control, stage: control.users(stage, name)))

    @property
    def ca_file(self) -> Path | None:
        """The certificate authority (PEM) that clients have to trust; None without TLS."""
        found = self._open.told["ca_file"]
        return None if found is None else Path(found)

    @property
    def ssl_context(self) -> ssl.SSLContext:
        """A context that trusts it, for clients that take one. ControlError without TLS."""
        if self.ca_file is None:
            raise ControlError("this stage speaks plain HTTP: open it with tls=True")
        return ssl.create_default_context(cafile=str(self.ca_file))
