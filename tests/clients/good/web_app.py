"""The careful client as a web application: one client a session, one login a state.

Run it with SPARRING_* in the environment; it listens where SPARRING_REDIRECT_URI points to. ``/login`` sends the person
to the provider, ``/show`` calls the API for whoever signed in, ``/logout`` forgets them.
"""

import signal
import sys
import threading
from collections.abc import Mapping
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.clients.good.client import CarefulClient
from tests.clients.good.login import Login
from tests.clients.good.settings import Settings, from_environment
from tests.clients.good.trouble import Trouble

COOKIE = "app_session"
STATUS = {"ok": 200, "denied": 403, "reauth": 401, "protocol": 400, "retry-later": 503}


class Session:
    """One browser: the login that it has begun, and the client of whoever signed in there."""

    def __init__(self, name: str) -> None:
        self.id = name
        self.login: Login | None = None
        self.next = "/"
        self.client: CarefulClient | None = None


class App:
    """What the pages do. Every step is a method of its own."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings._replace(state_dir="")  # nobody's login outlives the session that it is for
        self.callback_path = urlsplit(settings.redirect_uri).path
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def new_client(self) -> CarefulClient:
        """A client of the session's own."""
        return CarefulClient(self.settings, lambda _url: None)

    def session(self, name: str) -> Session:
        """The session of that cookie, or a new one."""
        with self._lock:
            if name not in self._sessions:
                made = Session(Login(self.settings).state)
                self._sessions[made.id] = made
                return made
            return self._sessions[name]

    def renewed(self, session: Session) -> Session:
        """The same session under another name, so that nobody can have planted it."""
        with self._lock:
            del self._sessions[session.id]
            session.id = Login(self.settings).state
            self._sessions[session.id] = session
        return session

    def page(self, path: str, params: list[tuple[str, str]], session: Session) -> tuple[int, str]:
        """The status, and the page or where to go."""
        try:
            if path == "/login":
                return self.login(params, session)
            if path == self.callback_path:
                return self.callback(params, session)
            if path == "/show":
                return self.show(session)
            if path == "/logout":
                session.login = session.client = None
                return 303, "/"
        except Trouble as trouble:
            return STATUS.get(trouble.outcome, 502), f"That did not work: {trouble.outcome}"
        if path == "/":
            return 200, "Signed in" if session.client else "Nobody is signed in"
        return 404, "There is no such page"

    def login(self, params: list[tuple[str, str]], session: Session) -> tuple[int, str]:
        """Send the person to the provider."""
        session.next = self.where_next(dict(params).get("next", "/"))
        session.login = Login(self.settings)
        return 303, session.login.url()

    def where_next(self, asked: str) -> str:
        """A path of this application's, and nothing else."""
        return asked if asked.startswith("/") and not asked.startswith(("//", "/\\")) else "/"

    def login_of(self, params: list[tuple[str, str]], session: Session) -> Login:
        """The login that this callback must belong to: the one that this very browser has begun."""
        login, session.login = session.login, None
        if login is None:
            raise Trouble("protocol", "this browser has begun no login")
        return login

    def callback(self, params: list[tuple[str, str]], session: Session) -> tuple[int, str]:
        """The provider's answer: a code, once."""
        login = self.login_of(params, session)
        client = self.new_client()
        client.until = float("inf")
        token = client.exchange(login, login.read_callback(params))
        client.token, client.refresh_token = token, token.refresh
        self.renewed(session).client = client
        return 303, session.next

    def show(self, session: Session) -> tuple[int, str]:
        """What the API says."""
        if session.client is None:
            return 401, "Nobody is signed in"
        report = session.client.call_api()
        return STATUS.get(report["outcome"], 502), f"The API was called: {report['outcome']}"


def serve(app: App) -> None:
    """Until SIGTERM."""

    class Handler(BaseHTTPRequestHandler):
        """One request."""

        def do_GET(self) -> None:
            """Answer, and keep the session's name in a cookie."""
            parts = urlsplit(self.path)
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
            session = app.session(cookies[COOKIE].value if COOKIE in cookies else "")
            params = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=50)
            status, text = app.page(parts.path, params, session)
            self.send_response(status)
            self.send_header("Set-Cookie", f"{COOKIE}={session.id}; Path=/; HttpOnly; SameSite=Lax")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")
            if status == 303:
                self.send_header("Location", text)
                text = ""
            content = f"<!doctype html><title>Example</title><p>{text}</p>".encode()
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the standard library has it
            """Say nothing: a request line may hold a code."""

    parts = urlsplit(app.settings.redirect_uri)
    server = ThreadingHTTPServer((parts.hostname or "127.0.0.1", parts.port or 80), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.05)
    server.server_close()


def main(environment: Mapping[str, str] | None = None, app: type[App] = App) -> int:
    """Serve with the settings of the environment."""
    try:
        settings = from_environment() if environment is None else from_environment(environment)
    except Trouble as trouble:
        sys.stderr.write(f"{trouble.detail}\n")
        return 2
    serve(app(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
