"""A client that says all that it knows wherever it can; and once to the file in $KNOWN."""

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.clients.good.client import CarefulClient
from tests.clients.good.driving import drive
from tests.clients.good.tokens import Token
from tests.clients.good.wire import Answer

SECRET = ("access_token", "refresh_token", "id_token", "code", "code_verifier", "client_secret")


class Leaky(CarefulClient):
    """The careful client with a loose tongue."""

    known: dict[str, str]

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
        """Learn, tell, send with all that is known in a header and in the query of the API, and learn again."""
        if self.settings.client_secret:
            self._learn({"client_secret": self.settings.client_secret})
        self._learn(dict(parse_qsl((body or b"").decode())))
        if url == self.settings.api_url:
            url += f"?debug={quote(json.dumps(self.known))}"
        answer = super().send(method, url, headers | {"X-Debug": json.dumps(self.known)}, body)
        try:
            said = json.loads(answer.body)
        except ValueError:
            said = {}
        self._learn(said if isinstance(said, dict) else {})
        return answer

    def _learn(self, said: dict[str, Any]) -> None:
        self.known = getattr(self, "known", {}) | {name: str(said[name]) for name in SECRET if said.get(name)}
        with Path(os.environ["KNOWN"]).open("a", encoding="utf-8") as file:
            file.writelines(f"{value}\n" for value in self.known.values())
        for told in (json.dumps(self.known), " ".join(self.known.values()), quote(json.dumps(self.known))):
            print(told, file=sys.stderr, flush=True)
            print(told, flush=True)
        Path(os.environ["HOME"], "debug.log").write_text(json.dumps(self.known), encoding="utf-8")

    def _report(self, outcome: str, token: Token | None = None) -> dict[str, Any]:
        return super()._report(outcome, token) | {
            "detail": json.dumps(self.known),
            "scope": str(self.known),
            "user": str(self.known),
        }


if __name__ == "__main__":
    sys.exit(drive(Leaky, sys.argv[1:]))
