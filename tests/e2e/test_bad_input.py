"""What a user gets wrong, or a client does wrong: one clear sentence, the right exit code, nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SPARRING = str(Path(sys.executable).with_name("sparring"))
MARK = "SPARRING_TEST_MARK"


def sparring(*arguments: str, cwd: Path, mark: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would; nothing it starts may outlive it."""
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", "HOME": str(cwd), MARK: mark}
    return subprocess.run(
        [SPARRING, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def left_behind(mark: str) -> list[int]:
    """Processes that carry the mark in their environment."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("check", "ingst", "--", "true"), "unknown provider 'ingst'; did you mean 'ingest'?"),
        (("check", "ingest"), "name the client's command after --"),
        (("check",), "name a provider"),
        (("check", "ingest", "--grant", "password", "--", "true"), "password"),
        (("check", "clickview", "--grant", "authorization_code", "--", "true"), "no grant 'authorization_code'"),
        (("check", "ingest", "--variant", "odd", "--", "true"), "unknown variant"),
        (("check", "ingest", "--scenario", "state-mising", "--", "true"), "state-missing"),
        (("check", "ingest", "--supports", "refesh", "--", "true"), "did you mean 'refresh'?"),
        (("check", "ingest", "--env", "A={client_ident}", "--", "true"), "client_id"),
        (("check", "ingest", "--env", "nothing", "--", "true"), "NAME=TEMPLATE"),
        (("check", "ingest", "--", "no-such-program-anywhere"), "no-such-program-anywhere"),
        (("check", "ingest", "--json", "no/such/folder/r.json", "--", "true"), "no/such/folder"),
        (("check", "ingest", "--cwd", "no/such/folder", "--", "true"), "no/such/folder"),
        (("explain", "state-mismach"), "did you mean 'state-mismatch'?"),
        (("scenarios", "ingst"), "did you mean 'ingest'?"),
    ],
)
def test_a_wrong_command_line_is_one_sentence_and_exit_2(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    """Usage."""
    done = sparring(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("manifest", "sentence"),
    [
        (
            '[client]\nprovidr = "ingest"\n',
            "unknown key 'providr' in [client] of sparring.toml; did you mean 'provider'?",
        ),
        ('[clint]\nprovider = "ingest"\n', "unknown key 'clint'"),
        (f"{'a.' * 1001}a = 1\n", "sparring.toml cannot be read: a line has more than 1000 dots"),
        ("[client]\ntimeout = 'long'\n", "timeout"),
        ("[client\n", "sparring.toml cannot be read"),
        ('[client]\nprovider = "ingest"\ndriver = "sesion"\ncommand = ["true"]\n', "did you mean 'session'?"),
        ('[client]\nprovider = "ingest"\ncommand = ["true"]\nvisit_pattern = "("\n', "is no regular expression"),
        ('[client]\nprovider = "ingest"\ncommand = ["true"]\npaste = "uri"\n', "did you mean 'url'?"),
    ],
)
def test_a_wrong_manifest_is_one_sentence_and_exit_2(manifest: str, sentence: str, tmp_path: Path) -> None:
    """The nearest known key is named."""
    (tmp_path / "sparring.toml").write_text(manifest)
    done = sparring("check", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


READY = 'import sys; print(\'{"sparring":"ready","protocol":1}\', flush=True); '
VISIT = '{"sparring":"visit","id":1,"url":"%s","deliver":"http"}'

MISBEHAVIOUR = {
    "hangs at the start": ("session", "import time; time.sleep(600)", "ready"),
    "hangs at an instruction": ("session", READY + "import time; time.sleep(600)", "1.5 s"),
    "prints rubbish": ("session", "print('hello'); print('{]'); print(b'\\xff\\xfe')", "before"),
    "floods its output": ("session", "import sys\nwhile True: sys.stdout.write('x' * 65536)", "MiB"),
    "dies by a signal": ("session", READY + "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
    "hangs in one run": ("oneshot", "import time; time.sleep(600)", "1.5 s"),
    "dies by a signal in one run": ("oneshot", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    "raises in one run": ("oneshot", "raise SystemExit('no configuration')", "no configuration"),
    "leaves a child behind": (
        "oneshot",
        "import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True)",
        "child process",
    ),
}


@pytest.mark.parametrize("name", MISBEHAVIOUR)
def test_a_misbehaving_client_fails_with_a_sentence(name: str, tmp_path: Path) -> None:
    """FAIL and exit code 1, the reason in words, no process left."""
    driver, program, sentence = MISBEHAVIOUR[name]
    arguments = ("--driver", driver, "--timeout", "1.5", "--pass-env", MARK, "--", sys.executable, "-c", program)
    mark = name.replace(" ", "-")
    done = sparring("check", "ingest", "--grant", "client_credentials", *arguments, cwd=tmp_path, mark=mark)
    assert done.returncode == 1, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert left_behind(mark) == []


def test_a_client_that_never_listens_is_told_so(tmp_path: Path) -> None:
    """The person came back, and nobody was there."""
    program = (
        "import json, os, sys, urllib.parse\n"
        "q = {'response_type': 'code', 'client_id': os.environ['SPARRING_CLIENT_ID'], 'state': 's' * 43,\n"
        "     'scope': os.environ['SPARRING_SCOPE'], 'redirect_uri': os.environ['SPARRING_REDIRECT_URI']}\n"
        "url = os.environ['SPARRING_AUTHORIZE_URL'] + '?' + urllib.parse.urlencode(q)\n"
        "print(json.dumps({'sparring': 'ready', 'protocol': 1}), flush=True)\n"
        "for line in sys.stdin:\n"
        "    said = json.loads(line)\n"
        "    if said['do'] == 'quit':\n"
        "        break\n"
        "    print(json.dumps({'sparring': 'visit', 'id': said['id'], 'url': url}), flush=True)\n"
    )
    (tmp_path / "client.py").write_text(program)
    arguments = ("--driver", "session", "--timeout", "7", "--", sys.executable, "client.py")
    done = sparring("check", "ingest", "--grant", "authorization_code", *arguments, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "nobody listened on http://127.0.0.1:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_check_leaves_no_client_behind(number: int, tmp_path: Path) -> None:
    """Never green, no traceback, no process."""
    program = "import time; " + READY + "print('begun', file=sys.stderr, flush=True); time.sleep(600)"
    mark = f"interrupted-{number}"
    command = [
        SPARRING,
        "check",
        "ingest",
        "--driver",
        "session",
        "--pass-env",
        MARK,
        "--",
        sys.executable,
        "-c",
        program,
    ]
    process = subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, MARK: mark}, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while len(left_behind(mark)) < 2 and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(number)
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 1, said
    assert "Traceback" not in said
    assert left_behind(mark) == []
