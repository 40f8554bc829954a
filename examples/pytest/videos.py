"""A small client of Ingest: it lists videos, and renews its token when the API says that it has expired."""

import httpx2


class Videos:
    def __init__(self, base_url, client_id, client_secret):
        self.http = httpx2.Client(base_url=base_url, headers={"Accept": "application/vnd.ingest.v1+json"})
        self.credentials = {"client_id": client_id, "client_secret": client_secret}
        self.token = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.close()

    def titles(self):
        answer = self.ask()
        if answer.status_code == 401:
            self.token = None
            answer = self.ask()
        return [video["title"] for video in answer.raise_for_status().json()]

    def ask(self):
        if self.token is None:
            form = {"grant_type": "client_credentials", "scope": "read_videos", **self.credentials}
            self.token = self.http.post("/token", data=form).raise_for_status().json()["access_token"]
        return self.http.get("/videos", headers={"Authorization": f"Bearer {self.token}"})
