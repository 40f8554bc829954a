"""An uploader for Ingest, with urllib: a token by client credentials, and with it the list of videos."""

import json
import os
import sys
import urllib.parse
import urllib.request
from typing import Any

FORM = {
    "grant_type": "client_credentials",
    "client_id": os.environ["INGEST_APP_ID"],
    "client_secret": os.environ["INGEST_APP_SECRET"],
    "scope": "read_videos,write_videos",
}


def ask(request: urllib.request.Request) -> Any:
    """The JSON document of an answer; raises for every status but 2xx."""
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.loads(response.read(1 << 20))


try:
    issued = ask(urllib.request.Request("https://login.ingest.io/token", urllib.parse.urlencode(FORM).encode()))
    if issued["token_type"].lower() != "bearer" or not issued["access_token"].isascii():
        sys.exit("that is no Bearer token")
    accept = "application/vnd.ingest.v1+json"
    headers = {"Authorization": f"Bearer {issued['access_token']}", "Accept": accept}
    videos = ask(urllib.request.Request("https://api.ingest.io/videos", headers=headers))
except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
    sys.exit(f"{type(error).__name__}: {error}")
print(len(videos), "videos")
