"""``sparring exec`` and ``check --intercept sandbox``: programs with everything in their source, offline."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from sparring.harness.cli import main
from sparring.harness.drivers.scratch import own_folder, scratch_folder, sweep
from sparring.harness.executing import Order, execute
from sparring.harness.worlds.local import local_world
from tests.e2e.played import FINE, play
from tests.e2e.running import CAREFUL, ROOT, check, messages, run, settings, verdicts
from tests.harness.interception.possible import no_sandbox

pytestmark = pytest.mark.skipif(bool(no_sandbox()), reason=no_sandbox() or "there are sandboxes")

SPARRING = str(Path(sys.executable).with_name("sparring"))
PANOPTO = (sys.executable, str(ROOT / "tests/clients/hardcoded/panopto.py"))
IDENTITY = ("3f1d9a52-7c84-4b06-a2e5-8d90c1b7f64e", "c3BhcnJpbmctcGFub3B0by1jbGllbnQtc2VjcmV0ISE=")
"""The client in that program's source."""


def started(*words: str, **more: object) -> "subprocess.Popen[str]":
    """A ``sparring`` that runs."""
    return subprocess.Popen([SPARRING, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)  # type: ignore[call-overload, no-any-return]


def is_alive(pid: int) -> bool:
    """Whether there is such a process, and it is more than its exit code."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


def test_eight_browser_opening_programs_with_one_callback_port_sign_in_side_by_side(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Unattended; one of them calls two other hosts, and both are named."""
    said: list[list[str]] = [[] for _ in range(8)]

    async def go() -> list[int]:
        async with local_world(tls=True) as world:
            orders = [Order(command=(*PANOPTO, *(["--elsewhere"] if place == 7 else []))) for place in range(8)]
            return await asyncio.gather(
                *(execute(world, order, lines.append) for order, lines in zip(orders, said, strict=True))
            )

    assert asyncio.run(go()) == [0] * 8, said
    assert capfd.readouterr().out.count("folders") == 8
    assert all("answered: panopto api, 200" in lines for lines in said)
    strangers = ["refused: metrics.elsewhere.example:443", "refused: 203.0.113.7:8443"]
    assert [[line for line in lines if line.startswith("refused")] for lines in said] == [[]] * 7 + [strangers]


def test_check_judges_a_program_with_everything_in_its_source() -> None:
    """It is told nothing, signs in by the browser that it opens, and its other hosts are a finding."""
    command = (*PANOPTO, "--elsewhere")
    words = ("--intercept", "sandbox", "--client-id", IDENTITY[0], "--client-secret", IDENTITY[1])
    fixed = ("--redirect-uri", "http://localhost:9127/redirect", "--scenario", "state-mismatch", "--jobs", "2")
    with started("check", "panopto", *words, *fixed, "--", *command, cwd=ROOT) as program:
        _, told = program.communicate(timeout=60)
    assert program.returncode == 0, told
    assert "metrics.elsewhere.example:443" in told
    assert "203.0.113.7:8443" in told
    assert "reaches-no-other-host" in told


@pytest.mark.parametrize(
    ("provider", "grant", "scenarios"),
    [
        ("clickview", "client_credentials", ("tls-*", "token-endpoint-redirect-307*", "https-*")),
        ("ingest", "authorization_code", ("tls-untrusted-ca", "code-injection", "refresh-rotation", "state-m*")),
    ],
)
def test_the_careful_client_passes_in_a_sandbox(provider: str, grant: str, scenarios: tuple[str, ...]) -> None:
    """Its own share of the catalogue, under real names; nobody else is called."""
    report = check(provider, grant, *CAREFUL, scenarios=scenarios, intercept="sandbox")
    seen = verdicts(report)
    assert set(seen.values()) <= FINE, messages(report)
    assert seen["always", "reaches-no-other-host"] == "PASS"
    if "tls-*" in scenarios:
        assert seen["tls-untrusted-ca", "certificate-is-checked"] == "PASS"
        assert seen["https-downgrade-refused-redirect", "plaintext-endpoint-is-refused"] == "PASS"


def test_certificates_and_downgrades_bite_under_real_names() -> None:
    """A client that trusts anybody is seen at every faulty certificate; one that follows to http at the downgrade."""
    for name, scenarios in (
        ("certificate-is-checked", ("tls-untrusted-ca", "tls-wrong-name")),
        ("no-post-across-origins", ("https-downgrade-refused-redirect",)),
    ):
        report = play(name, scenarios, intercept="sandbox")
        seen = {verdicts(report)[key] for key in verdicts(report) if key[0] in scenarios}
        assert seen == {"FAIL"}, messages(report)


def test_a_client_secret_in_the_source_is_the_stages() -> None:
    """Another client id and secret than the documented ones are registered with what the documented one may."""
    wanted = settings("clickview", "client_credentials", *CAREFUL, scenarios=("clickview-happy",), intercept="sandbox")
    own = replace(wanted.client, client_id="written-in-the-source", client_secret="and-so-is-this-one")
    report = run(replace(wanted, client=own))
    assert set(verdicts(report).values()) <= FINE, messages(report)
    body = next(each.body for each in report.results[0].exchanges if each.endpoint == "token")
    assert b"written-in-the-source" in body
    assert b"and-so-is-this-one" in body


@pytest.mark.parametrize("mode", ["sandbox", "proxy"])
def test_nothing_is_left_when_the_harness_is_killed(mode: str) -> None:
    """Neither a program that has a session of its own, nor in a sandbox one with nothing in its environment."""
    clean = "env -i" if mode == "sandbox" else ""
    inside = f"setsid sleep 60 & echo $!; {clean} setsid sleep 60 & echo $!; echo $SPARRING_STATE_DIR; sleep 60"
    with started("exec", "--quiet", "--intercept", mode, "--", "sh", "-c", inside) as harness:
        assert harness.stdout is not None
        first, second = (int(harness.stdout.readline()) for _ in range(2))
        folder = Path(harness.stdout.readline().strip())
        assert is_alive(first)
        assert is_alive(second)
        assert folder.is_dir()
        helpers = [int(pid) for pid in Path(f"/proc/{harness.pid}/task/{harness.pid}/children").read_text().split()]
        harness.kill()
        harness.stdout.read()  # ends with the last process that holds it
    looks = 40
    while looks and (folder.exists() or any(map(is_alive, (first, second, *helpers)))):
        subprocess.run(["sleep", "0.05"], check=True)
        looks -= 1
    assert looks, "something is left two seconds later"


def test_a_program_that_hides_itself_is_ended_with_the_run_and_named() -> None:
    """Without a sandbox around it, and with nothing in its environment."""
    hide = "env -i setsid sleep 600 >/dev/null 2>&1 & echo $!"
    with started("exec", "--intercept", "proxy", "--", "sh", "-c", hide) as harness:
        said, told = harness.communicate(timeout=30)
    assert harness.returncode == 0, told
    assert not is_alive(int(said))
    assert f"sparring: the program had hidden processes, which were ended: sleep ({int(said)})\n" in told


def test_a_folder_whose_owner_is_gone_is_swept_by_the_next_run() -> None:
    """And one whose owner lives is not."""
    stale = Path(tempfile.mkdtemp(prefix="sparring-"))
    (own_folder(stale) / "owner").touch()
    with scratch_folder() as fresh:
        sweep()
        assert fresh.is_dir()
    assert not stale.exists()
    assert not fresh.exists()


def test_a_signal_is_the_programs_and_so_is_the_exit_code() -> None:
    """Ctrl-C ends it as the program has it end."""
    with started("exec", "--", "sh", "-c", "trap 'exit 9' INT; echo up; sleep 60 & wait") as harness:
        assert harness.stdout is not None
        harness.stdout.readline()
        harness.send_signal(signal.SIGINT)
        _, told = harness.communicate(timeout=20)
    assert harness.returncode == 9, told
    assert "Traceback" not in told


def test_a_users_own_sandbox_needs_no_privilege() -> None:
    """The whole command as an unprivileged user: as it is, or in a namespace where root is none."""
    ask = "import urllib.request as r, os\nprint(os.getuid())\ntry: r.urlopen('https://api.rotorvideos.com/x')\n"
    ask += "except r.HTTPError as e: print(e.code)"
    words = [SPARRING, "exec", "--quiet", "--", sys.executable, "-c", ask]
    if os.geteuid() == 0:
        words = ["unshare", "--user", "--map-user=1000", "--map-group=1000", *words]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    if "unshare:" in done.stderr:
        pytest.skip(done.stderr.strip())
    user = "1000" if os.geteuid() == 0 else str(os.geteuid())
    assert done.stdout.split() == [user, "404"], done.stderr


def test_where_there_are_no_user_namespaces_it_says_so_and_what_to_take_instead() -> None:
    """One sentence, exit code 2."""
    none = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
    words = ["unshare", "--user", "--map-root-user", "sh", "-c", none, "sh", SPARRING, "exec", "--", "true"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    if "unshare:" in done.stderr or "sh:" in done.stderr:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 2, done.stderr
    assert "a sandbox needs user namespaces" in done.stderr
    assert "--intercept proxy" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_the_program_sees_is_what_it_was_given() -> None:
    """Templates that name a provider; neither ambient proxies nor ambient authorities."""
    ambient = {
        "HTTPS_PROXY": "http://proxy.example:1", "https_proxy": "http://proxy.example:1", "ALL_PROXY": "http://x",
        "NO_PROXY": "*", "NODE_OPTIONS": "--no-warnings", "SSL_CERT_FILE": "/ambient", "SSL_CERT_DIR": "/ambient",
        "CURL_CA_BUNDLE": "/ambient", "REQUESTS_CA_BUNDLE": "/ambient", "NODE_EXTRA_CA_CERTS": "/ambient",
        "LD_PRELOAD": "", "PYTHONPATH": "/ambient", "SECRET_OF_MINE": "ambient",
    }  # fmt: skip
    words = ("exec", "--env", "ID={rotor[client_id]}", "--env", "WHERE={ingest[token_url]}")
    own = ("--host", "panopto=video.example.edu", "--env", "OURS={panopto[token_url]}", "--", "sh", "-c")
    with started(*words, *own, "env; exit 3", env={**os.environ, **ambient}) as harness:
        seen, told = harness.communicate(timeout=30)
    assert harness.returncode == 3, told
    there = dict(line.partition("=")[::2] for line in seen.splitlines())
    assert there["OURS"] == "https://video.example.edu/Panopto/oauth2/connect/token"
    assert there["WHERE"] == "https://login.ingest.io/token"
    assert f"client {there['ID']}" in told
    assert "ambient" not in seen
    assert "proxy.example" not in seen
    assert not {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "NO_PROXY", "NODE_OPTIONS"} & set(there)
    assert there["SSL_CERT_FILE"] == there["SPARRING_CA_FILE"] == there["CURL_CA_BUNDLE"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--env", "ID={rotr[client_id]}", "true"), "unknown field 'rotr'"),
        (("--host", "video.example.edu", "true"), "--host wants PROVIDER=NAME"),
        (("--scenario", "no-such-one", "true"), "no scenario 'no-such-one' can be put on stage"),
        (("no-such-program",), "the command 'no-such-program' was not found on PATH"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    """And no traceback; a program that is not there ends as in a shell."""
    done = CliRunner().invoke(main, ["exec", *words])
    assert done.exit_code == (127 if len(words) == 1 else 2)
    assert sentence in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--intercept", "sandbox", "--plain-http"), "leave --plain-http or --intercept out"),
        (("--host", "auth.example.edu"), "under --intercept only"),
        (("--redirect-uri", "myapp:/back"), "begins with http://, not 'myapp:/back'"),
        (("--config", "here.toml"), "did you mean 'sandbox'?"),
    ],
)
def test_what_check_cannot_do_is_a_sentence(
    words: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the command line or in the manifest."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.toml").write_text('[client]\nintercept = "sandbx"\n')
    done = CliRunner().invoke(main, ["check", "clickview", *words, "--", "true"])
    assert (done.exit_code, sentence in done.output) == (2, True), done.output


def test_whatever_speaks_https_gets_its_token(capfd: pytest.CaptureFixture[str]) -> None:
    """The stacks that are on this machine, each with the host in its source, and without any variable too."""
    form = "grant_type=client_credentials&client_id=" + "'+E.ID+'" + "&client_secret=" + "'+E.SECRET"
    url = "https://api.rotorvideos.com/oauth/token"
    python = (
        "import os, urllib.request as r; E = type('E', (), dict(os.environ)); "
        f"print('urllib', r.urlopen('{url}', ('{form}).encode()).status)"
    )
    kind = "{'content-type': 'application/x-www-form-urlencoded'}"
    node = (
        f"const E = process.env; fetch('{url}', {{method: 'POST', headers: {kind}, body: '{form}}})"
        ".then(answer => console.log('node', answer.status))"
    )
    curl = f"curl -sS -o /dev/null -w 'curl %{{http_code}}\\n' {url} -d 'grant_type=client_credentials&client_id='$ID"
    curl += "'&client_secret='$SECRET"
    script = [f'{sys.executable} -c "{python}"']
    script += [f'node -e "{node}"'] if shutil.which("node") else []
    script += [f"env -i PATH=$PATH {curl}", curl] if shutil.which("curl") else []
    identity = {"ID": "{rotor[client_id]}", "SECRET": "{rotor[client_secret]}"}

    async def go() -> int:
        async with local_world(tls=True) as world:
            return await execute(world, Order(command=("sh", "-ec", "\n".join(script)), env=identity), lambda _: None)

    assert asyncio.run(go()) == 0
    said = capfd.readouterr().out.splitlines()
    assert len(said) == len(script)
    assert all(line.endswith(" 200") for line in said), said
