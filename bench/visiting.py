"""A person at the login pages, as fast as may be: one connection, one jar of cookies, every form sent as it stands."""

from http.client import HTTPConnection, HTTPResponse
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from bench.clients import FORM, Client, UnexpectedError, in_turn
from sparring.contracts.pages import read_page

MOST_PAGES = 12


class Visitor:
    """Signs in at the first visit; each visit brings one authorization code."""

    def __init__(self, client: Client) -> None:
        host = urlsplit(client.base_url)
        self._client = client
        self._jar: dict[str, str] = {}
        self._asked = 0
        self._connection = HTTPConnection(host.hostname or "", host.port, timeout=20)
        asked = {
            "response_type": "code",
            "client_id": client.client_id,
            "redirect_uri": client.redirect_uri,
            "scope": client.scope,
            "state": "bench",
            "nonce": "bench",
        }
        self._start = f"{client.base_url}{client.authorize}?{urlencode(asked)}"

    def code(self) -> str:
        """A fresh authorization code.

        Raises:
            UnexpectedError: the pages lead nowhere.
        """
        url, form = self._start, ""
        for _ in range(MOST_PAGES):
            if url.startswith(self._client.redirect_uri):
                answer = dict(parse_qsl(urlsplit(url).query))
                if "code" not in answer:
                    raise UnexpectedError(f"no code: {answer}")
                return answer["code"]
            status, location, page = self._ask(url, form)
            if status in {301, 302, 303, 307, 308} and location:
                url, form = urljoin(url, location), ""
            elif status == 200 and (forms := read_page(page).forms):
                pressed = forms[0].buttons[0] if forms[0].buttons else None
                sent = [(name, self._client.person.get(name, value)) for name, value in forms[0].fields]
                sent += [(pressed.name, pressed.value)] if pressed and pressed.name else []
                url, form = urljoin(url, forms[0].action), urlencode(sent)
            else:
                raise UnexpectedError(f"no way on: {status} at {url}: {page[:200]}")
        raise UnexpectedError(f"no code after {MOST_PAGES} pages")

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _ask(self, url: str, form: str) -> tuple[int, str, str]:
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._asked += 1
        headers = in_turn(self._client, {}, f"visit-{self._asked // 1000}")
        if self._jar:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._jar.items())
        if form:
            headers["Content-Type"] = FORM
        self._connection.request("POST" if form else "GET", path, form or None, headers)
        answer = self._connection.getresponse()
        page = answer.read().decode(errors="replace")
        self._remember(answer)
        return answer.status, answer.headers["Location"] or "", page

    def _remember(self, answer: HTTPResponse) -> None:
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            if value:
                self._jar[name.strip()] = value
            else:
                self._jar.pop(name.strip(), None)


def exchange(client: Client, code: str) -> dict[str, str]:
    """The form that exchanges that code."""
    return client.form("authorization_code", code=code, redirect_uri=client.redirect_uri)
