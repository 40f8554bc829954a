"""The browser part of the user agent: requests with cookies, bounded answers, a record of every hop."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx2

from sparring.contracts.pages import Page, read_page
from sparring.harness.agent import Hop
from sparring.harness.agent.wires import Places, Transport

_LARGEST = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for one request."""

    url: str
    status: int
    location: str | None
    text: str
    page: Page


class Browser:
    """An HTTP client of its own: no proxy, no ambient CA, cookies kept for its whole life.

    ``places``: where it finds what, if not where the URLs say.
    """

    def __init__(self, ca_file: Path | None, timeout: float, places: Places | None = None) -> None:
        verify = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
        self._client = httpx2.AsyncClient(
            trust_env=False, verify=verify, timeout=timeout, follow_redirects=False,
            transport=None if places is None else Transport(places, verify),
            headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "en"},
        )  # fmt: skip
        self.hops: list[Hop] = []

    async def ask(self, method: str, url: str, fields: Sequence[tuple[str, str]] | None = None) -> Answer:
        """Send one request; raises httpx2.HTTPError or httpx2.InvalidURL where there is no answer."""
        try:
            answer = await self._send(method, url, fields)
        except BaseException:
            self.hops.append(Hop(method=method, url=url))
            raise
        self.hops.append(Hop(method=method, url=url, status=answer.status, title=answer.page.title))
        return answer

    async def forget(self) -> None:
        """Throw all cookies away."""
        self._client.cookies.clear()

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _send(self, method: str, url: str, fields: Sequence[tuple[str, str]] | None) -> Answer:
        body = None if fields is None else urlencode(fields).encode()
        headers = {} if body is None else {"content-type": "application/x-www-form-urlencoded"}
        content = bytearray()
        async with self._client.stream(method, url, content=body, headers=headers) as response:
            async for chunk in response.aiter_bytes():
                content += chunk[: _LARGEST - len(content)]
                if len(content) >= _LARGEST:
                    break
        text = content.decode(response.charset_encoding or "utf-8", "replace")
        location = response.headers.get("location") if 300 <= response.status_code < 400 else None
        return Answer(url=url, status=response.status_code, location=location, text=text, page=read_page(text))
