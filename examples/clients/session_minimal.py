"""The smallest honest session client: one cached token, one line in and one line out."""

import json
import os
import sys
import time
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

ENV = os.environ
cached = {}


def token(fresh=False):
    if fresh or not cached or time.time() > cached["renew_at"]:
        form = {"grant_type": "client_credentials", "scope": ENV["SPARRING_SCOPE"]}
        form |= {"client_id": ENV["SPARRING_CLIENT_ID"], "client_secret": ENV["SPARRING_CLIENT_SECRET"]}
        with urlopen(ENV["SPARRING_TOKEN_URL"], urlencode(form).encode(), timeout=10) as answer:
            reply = json.load(answer)
        if reply["token_type"].lower() != "bearer" or not reply["access_token"]:
            raise ValueError("no token that this client could use")
        cached.update(value=reply["access_token"], renew_at=time.time() + 0.8 * int(reply.get("expires_in", 60)))
    return cached["value"]


def call_api():
    headers = {"Authorization": f"Bearer {token()}", "Accept": "application/vnd.ingest.v1+json, application/json"}
    urlopen(Request(ENV["SPARRING_API_URL"], headers=headers), timeout=10).close()


print('{"sparring":"ready","protocol":1}', flush=True)
for line in sys.stdin:
    todo, outcome = json.loads(line), "ok"
    try:
        if todo["do"] == "authenticate":
            token(todo.get("fresh", False))
        elif todo["do"] == "call_api":
            for _ in range(todo.get("times", 1)):
                call_api()
        elif todo["do"] != "quit":
            outcome = "config"
    except HTTPError as error:
        outcome = "config" if error.code < 500 else "retry-later"
    except (OSError, HTTPException):
        outcome = "transport"
    except (ValueError, KeyError, TypeError, AttributeError):
        outcome = "protocol"
    print(json.dumps({"sparring": "done", "id": todo["id"], "outcome": outcome}), flush=True)
    if todo["do"] == "quit":
        break
