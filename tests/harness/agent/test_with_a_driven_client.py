"""Driver, user agent and a client that listens on its redirect URI: a whole login."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from pathlib import Path

import pytest

from sparring.harness.agent import Person
from sparring.harness.agent.user_agent import UserAgent
from sparring.harness.drivers import Reply
from sparring.harness.drivers.oneshot import OneshotDriver
from sparring.harness.drivers.session import SessionDriver
from sparring.harness.evidence import Ending, Visit
from tests.harness.agent.provider import provider, serving
from tests.harness.drivers.playing import AUTHENTICATE, launch_of

CLIENT = """
import http.server, webbrowser
got = []
class Callback(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        got.append(self.path)
        self.send_response(200); self.send_header("Content-Length", "6"); self.end_headers()
        self.wfile.write(b"Thanks")
    def log_message(self, *_): pass
def login(ask):
    server = http.server.HTTPServer(("127.0.0.1", 0), Callback)
    ask(BASE + f"/authorize?redirect_uri=http://127.0.0.1:{server.server_port}/cb")
    server.handle_request()
    server.server_close()
    return got[0]
"""

SESSION = (
    CLIENT
    + """
ready()
id = heard()["id"]
done(id, detail=login(lambda url: say(sparring="visit", id=id, url=url)))
heard()
"""
)

ONESHOT = (
    CLIENT
    + """
say(outcome="ok", detail=login(webbrowser.open))
"""
)


@pytest.mark.parametrize(("program", "kind"), [(SESSION, SessionDriver), (ONESHOT, OneshotDriver)])
def test_a_whole_login(tmp_path: Path, program: str, kind: type[SessionDriver] | type[OneshotDriver]) -> None:
    async def play() -> tuple[Reply, Ending, tuple[Visit, ...]]:
        async with serving(provider) as (base, _), UserAgent(person=Person("ada", "pw"), origins=[base]) as agent:

            async def visit(url: str, by_http: bool) -> str | None:
                uri = url.partition("redirect_uri=")[2]
                return (await agent.visit(url, [uri], step=1, by_http=by_http)).callback

            driver = kind(launch_of(tmp_path, f"BASE = {base!r}\n{program}"), visit)
            assert (await driver.start()).outcome == "ok"
            reply = await driver.do(AUTHENTICATE)
            return reply, await driver.stop(), agent.visits

    reply, ending, visits = asyncio.run(play())
    assert (reply.outcome, reply.detail) == ("ok", "/cb?code=c1&state=s")
    assert (ending.exit_code, ending.problems) == (0, ())
    assert [(seen.callback_status, seen.callback_body, seen.problem) for seen in visits] == [(200, "Thanks", "")]
