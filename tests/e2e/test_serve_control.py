"""What a person with curl sees of ``sparring serve``: one call, and something goes wrong, or time has passed."""

# ruff: noqa: D103 - the names are sentences

import json
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.e2e.replaying import Replay, replay
from tests.e2e.serving import serving

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
Answer = tuple[int, dict[str, str], str]


def curl(*arguments: str) -> Answer:
    """Status, headers (lower case) and body of what curl gets."""
    ended = subprocess.run(
        ["curl", "-sS", "-i", "--noproxy", "*", *arguments], capture_output=True, text=True, timeout=30, check=True
    )
    head, _, body = ended.stdout.partition("\n\n")
    lines = head.splitlines()
    pairs = (line.partition(":")[::2] for line in lines[1:])
    return int(lines[0].split()[1]), {name.lower(): value.strip() for name, value in pairs}, body


def ask_token(info: dict[str, Any]) -> Answer:
    names = ("client_id", "client_secret", "scope")
    form = {"grant_type": "client_credentials"} | {name: info[name] for name in names}
    return curl("--data", urlencode(form), info["endpoints"]["token"])


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_one_call_puts_the_third_token_request_of_ingest_off_once(tmp_path: Path, tls: bool) -> None:
    with serving(tmp_path, "ingest", "clickview", *["--tls"] * tls, env={"XDG_DATA_HOME": str(tmp_path)}) as server:
        api, info = server.document["control_url"] + "/stages/main", server.provider("ingest")
        wish = {
            "match": {"provider": "ingest", "endpoint": "token", "attempt": 3},
            "effect": {"kind": "unavailable", "retry_after": 17},
        }
        status, _, body = curl("--json", json.dumps(wish), f"{api}/faults")
        assert (status, json.loads(body)["id"]) == (201, "fault-1")
        trust = ["--cacert", server.document["ca_file"]] if tls else []
        answers = []
        for _ in range(5):
            form = {"grant_type": "client_credentials"} | {n: info[n] for n in ("client_id", "client_secret", "scope")}
            answers.append(curl(*trust, "--data", urlencode(form), info["endpoints"]["token"]))
        assert [(status, headers.get("retry-after")) for status, headers, _ in answers] == [
            (200, None),
            (200, None),
            (503, "17"),
            (200, None),
            (200, None),
        ]
        _, _, body = curl(f"{api}/faults")
        assert [fault["fired"] for fault in json.loads(body)["faults"]] == [1]


def test_one_call_makes_301_seconds_pass_at_movingimage(tmp_path: Path) -> None:
    with replay(tmp_path, "movingimage") as one:
        info = one.server.provider("movingimage")
        tokens = one.log_in("movingimage")
        assert tokens["expires_in"] == 300
        api, token_url = info["endpoints"]["api"], info["endpoints"]["token"]
        host, real = f"Host: {info['hosts'][0]}", f"Authorization: Bearer {tokens['access_token']}"
        assert curl("-H", host, "-H", real, api)[0] == 200
        clock = one.server.document["control_url"] + "/stages/main/clock"
        _, _, before = curl(clock)
        status, _, after = curl("--json", '{"seconds": 301}', f"{clock}/advance")
        assert (status, json.loads(after)["now"] - json.loads(before)["now"]) == (200, 301)
        status, headers, body = curl("-H", host, "-H", real, api)
        (told,) = one.control("recording?provider=movingimage&endpoint=api&since=1")["exchanges"][-1:]
        assert (status, told["rule"]) == (401, "movingimage/api/token-expired")
        words = 'Bearer realm="platform", error="invalid_token", error_description="Token is not active"'
        assert headers["www-authenticate"] == words
        assert "Unauthorized" in body
        form = {
            "grant_type": "refresh_token",
            "refresh_token": tokens["refresh_token"],
            "client_id": info["client_id"],
            "client_secret": info["client_secret"],
        }
        status, _, body = curl("-H", host, "--data", urlencode(form), token_url)
        assert status == 200
        fresh = json.loads(body)["access_token"]
        assert curl("-H", host, "-H", f"Authorization: Bearer {fresh}", api)[0] == 200


@pytest.mark.parametrize("provider", ["movingimage", "panopto", "ingest"])
def test_the_race_of_renewals_is_one_sentence(tmp_path: Path, provider: str) -> None:
    """Six at once for one expiry, and the client goes on with whatever came last."""
    with replay(tmp_path, provider, "--lint") as one:
        info = one.server.provider(provider)
        first = one.log_in(provider)["refresh_token"]
        one.control("clock/advance", {"seconds": 90_000 if provider == "ingest" else 3_601})
        if provider == "movingimage":  # the refresh token itself lives for an hour
            one.control("clock/advance", {"seconds": -3_300})
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: one.refresh(provider, first), range(6)))
        refused = 0 if provider == "movingimage" else 5
        assert sorted(answer.status_code for answer in answers) == [200] * (6 - refused) + [400] * refused
        brought = [each.json()["refresh_token"] for each in answers if each.status_code == 200]
        winner = next(e for e in one.control("recording?endpoint=token&since=1")["exchanges"] if _renewed(e))
        last = next((token for token in brought if token not in winner["response_body"]), first)
        _told(one, f"6 refreshes for one expiry. ({provider} {info['client_id']}; ")
        one.control("clock/advance", {"seconds": 301 if provider == "movingimage" else 90_000})
        one.refresh(provider, last)
        _told(one, "6 refreshes for one expiry; the winner's token was overwritten.")
        lines = [line for line in one.server.log().splitlines() if "refreshes for one expiry" in line]
        assert len(lines) == 2, lines
        assert all(line.startswith("lint: FAIL one-refresh-per-expiry: ") for line in lines)
        assert not [token for token in (first, *brought) if token in one.server.log()]


def _renewed(exchange: dict[str, Any]) -> bool:
    return exchange["status"] == 200 and "grant_type=refresh_token" in exchange["body"]


def _told(one: Replay, sentence: str) -> None:
    assert sentence in one.server.log(until=sentence)
