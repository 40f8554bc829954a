"""Defects in reaching a server at all."""

# ruff: noqa: D102 - the class says what its one changed step does

import socket
import ssl
from collections.abc import Mapping

from tests.clients.broken.switch import Switch, clickview
from tests.clients.good.client import CarefulClient
from tests.clients.good.listener import Params
from tests.clients.good.settings import Settings
from tests.clients.good.trouble import Trouble, Visits
from tests.clients.good.wire import Answer, Wire


class Patient(ssl.SSLContext):
    """TLS whose handshake takes as long as it takes."""

    def wrap_socket(self, sock: socket.socket, *args: object, **kwargs: object) -> ssl.SSLSocket:
        seconds = sock.gettimeout()
        sock.settimeout(None)
        wrapped = super().wrap_socket(sock, *args, **kwargs)  # type: ignore[arg-type]
        wrapped.settimeout(seconds)
        return wrapped


class PatientWire(Wire):
    """A way to the servers that limits what comes after the handshake."""

    def _tls(self) -> ssl.SSLContext:
        context = Patient(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=self._ca_file)
        return context


class WaitsForTheHandshake(CarefulClient):
    """Limits how long it reads, and not how long a handshake may take."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.wire = PatientWire(settings.ca_file, settings.patience)


class BlamesTheConfiguration(CarefulClient):
    """Takes an address at which nobody is for wrong credentials."""

    def post_token(self, form: Params, headers: dict[str, str]) -> Answer:
        try:
            return super().post_token(form, headers)
        except Trouble as trouble:
            if "ConnectionRefusedError" in trouble.detail or "gaierror" in trouble.detail:
                raise Trouble("config", trouble.detail) from None
            raise


SWITCHES: Mapping[str, Switch] = {
    "unread-connection-has-an-end": clickview(WaitsForTheHandshake),
    "unreachable-endpoint-is-told": clickview(BlamesTheConfiguration),
}
