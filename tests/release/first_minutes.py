"""What a new user does, with nothing but what was installed: ``python first_minutes.py FOLDER_OF_PROGRAMS``.

Runs on any Python; every step that does not do what it should ends it with a word about it.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

CLIENT = """\
import json, os, urllib.parse, urllib.request
form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": os.environ["SPARRING_CLIENT_ID"],
    "client_secret": os.environ["SPARRING_CLIENT_SECRET"], "scope": os.environ["SPARRING_SCOPE"]}).encode()
token = json.load(urllib.request.urlopen(os.environ["SPARRING_TOKEN_URL"], form, timeout=10))["access_token"]
call = urllib.request.Request(os.environ["SPARRING_API_URL"], headers={"Authorization": "Bearer " + token})
urllib.request.urlopen(call, timeout=10).read()
"""


def main(programs: Path) -> None:
    """Serve, check, verify, list, begin."""
    sparring, python = str(programs / "sparring"), str(programs / "python")
    with tempfile.TemporaryDirectory() as home:
        os.chdir(home)
        env = {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8"}

        def run(*words: str, code: int = 0) -> str:
            done = subprocess.run([sparring, *words], env=env, capture_output=True, text=True, check=False)
            if done.returncode != code:
                sys.exit(f"sparring {' '.join(words)}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
            return done.stdout

        assert run("--version").startswith("sparring, version ")
        assert len(run("providers").splitlines()) == 5
        assert "token-error-with-200" in run("scenarios", "clickview")
        run("verify", "rotor", "--quiet", "--rule", "rotor/token/*")
        Path("client.py").write_text(CLIENT, encoding="utf-8")
        run("check", "clickview", "--scenario", "clickview-happy", "--html", "report.html", "--", python, "client.py")
        assert "clickview-happy" in Path("report.html").read_text(encoding="utf-8")
        run("init", "ingest", "--ci", "none", "--folder", str(Path(home) / "begun"))
        _serve(sparring, env, Path(home) / "ready.json")


def _serve(sparring: str, env: dict[str, str], ready: Path) -> None:
    command = [sparring, "serve", "--port", "0", "--ready-file", str(ready)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        assert server.stdout is not None
        while not ready.exists() and server.stdout.readline():
            pass
        told = json.loads(ready.read_text(encoding="utf-8"))
        for each in told["providers"].values():
            urllib.request.urlopen(told["control_url"] + "/health", timeout=10).read()
            assert each["client_id"]
        server.terminate()
        server.stdout.read()
    assert server.returncode == 0, server.returncode


if __name__ == "__main__":
    main(Path(sys.argv[1]))
