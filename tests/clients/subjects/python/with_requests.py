"""An uploader for Ingest, with requests: a token by client credentials, and with it the list of videos."""

import os
import sys

import requests

FORM = {
    "grant_type": "client_credentials",
    "client_id": os.environ["INGEST_APP_ID"],
    "client_secret": os.environ["INGEST_APP_SECRET"],
    "scope": "read_videos,write_videos",
}

try:
    answer = requests.post("https://login.ingest.io/token", data=FORM, timeout=10, allow_redirects=False)
    answer.raise_for_status()
    issued = answer.json()
    if issued["token_type"].lower() != "bearer" or not issued["access_token"].isascii():
        sys.exit("that is no Bearer token")
    headers = {
        "Authorization": f"Bearer {issued['access_token']}",
        "Accept": "application/vnd.ingest.v1+json",
    }
    videos = requests.get("https://api.ingest.io/videos", headers=headers, timeout=10, allow_redirects=False)
    videos.raise_for_status()
    print(len(videos.json()), "videos")
except (requests.RequestException, LookupError, AttributeError, TypeError, ValueError) as error:
    sys.exit(f"{type(error).__name__}: {error}")
