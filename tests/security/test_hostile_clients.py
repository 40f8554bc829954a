"""Clients that mean harm: the harness ends in time, with words that say why, and leaves nothing of them behind."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sparring.harness.drivers import Launch, Reply
from sparring.harness.drivers.oneshot import OneshotDriver
from sparring.harness.drivers.orphans import adopting, descendants
from sparring.harness.drivers.printed import SlowPatternError, Terminal
from sparring.harness.drivers.scratch import left_files, own_folder, scratch_folder
from sparring.harness.drivers.session import SessionDriver
from sparring.harness.drivers.stragglers import find
from sparring.harness.evidence import Ending, LogFile
from tests.e2e.serving import SPARRING
from tests.harness.drivers.playing import AUTHENTICATE, CALL_API, PRELUDE, launch_of, nobody, play
from tests.security.hostile import FORGET, HOSTILE, READY

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux shows who belongs to a client")


def launched(tmp_path: Path, scratch: Path, program: str, **settings: float) -> Launch:
    launch = launch_of(tmp_path, READY + program, **({"output_cap": 1 << 20, "wall": 30.0} | settings))
    told = {"HOME": str(scratch), "SPARRING_STATE_DIR": str(scratch)}
    return replace(launch, environment={**launch.environment, **told}, scratch=scratch)


def session(tmp_path: Path, program: str, **settings: float) -> tuple[Reply, Ending, tuple[LogFile, ...], Path]:
    """A session of one instruction in a scratch folder of its own, as every scenario has one."""
    with scratch_folder() as scratch:
        driver = SessionDriver(launched(tmp_path, scratch, program, **settings), nobody)
        replies, ending = play(driver, AUTHENTICATE)
        return replies[1], ending, driver.logs(), scratch


def open_handles() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@linux
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_client_is_contained(name: str, tmp_path: Path) -> None:
    hostile, handles = HOSTILE[name], open_handles()
    settings = {"timeout": 0.4} if hostile.outcome == "timeout" else {}
    settings |= {"quit_timeout": 0.2} if "did not end" in hostile.words else {}
    with adopting([]):  # who runs away from being found has nowhere to go in the end
        reply, ending, logs, scratch = session(tmp_path, hostile.program, **settings)
    assert reply.outcome == hostile.outcome, reply
    assert hostile.words in "; ".join((reply.detail, *ending.problems))
    assert find(f"run-{tmp_path.name}") == set()
    assert open_handles() == handles
    assert not scratch.exists()
    assert all(len(log.text) <= 1 << 20 for log in logs)
    assert "root:" not in "".join(log.text for log in logs)


@linux
def test_a_child_that_hides_from_its_run_is_found_at_the_end(tmp_path: Path) -> None:
    hidden: list[str] = []
    program = f"child = subprocess.Popen(['sleep', '600'], {FORGET})\ndone(id, detail=str(child.pid))\nheard()"
    before = {pid for pid, _, _ in descendants()}
    with adopting(hidden):
        reply, *_ = session(tmp_path, program)
        assert int(reply.detail) in {pid for pid, _, _ in descendants()}
    assert hidden == [f"sleep ({reply.detail})"]
    assert {pid for pid, _, _ in descendants()} <= before


def test_a_file_that_is_swapped_for_a_pipe_or_a_link_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "folder").symlink_to("/etc")
    (tmp_path / "kept").write_text("words", encoding="utf-8")
    assert [(file.name, file.text) for file in left_files(tmp_path)] == [("kept", "words")]


def test_files_without_end_are_not_looked_at_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sparring.harness.drivers.scratch._LOOKED_AT", 10)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(7):
            (tmp_path / name / f"{number}").write_bytes(b"\0" if name == "a" else b"words")
    assert len(left_files(tmp_path)) == 1  # two folders, seven pictures, and then one text


def test_the_harness_writes_into_its_own_corner_and_nowhere_else(tmp_path: Path) -> None:
    scratch, elsewhere = tmp_path / "scratch", tmp_path / "elsewhere"
    elsewhere.mkdir()
    scratch.mkdir()
    (scratch / ".sparring").symlink_to(elsewhere)
    own = own_folder(scratch)
    (own / "note").touch()
    assert (list(elsewhere.iterdir()), own.is_symlink()) == ([], False)


def in_a_child(work: Callable[[], bool]) -> bool:
    """What comes of it in a process of a user to whom modes mean something."""
    child = os.fork()
    if child == 0:
        done = False
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            done = work()
        finally:
            os._exit(not done)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_removing_stops_at_no_mode() -> None:
    """As somebody who is not root."""

    def work() -> bool:
        with scratch_folder() as folder:
            (folder / "closed" / "too").mkdir(parents=True)
            (folder / "closed" / "too" / "file").touch()
            (folder / "closed" / "too").chmod(0)
            (folder / "closed").chmod(0)
            folder.chmod(0o500)
        return not folder.exists()

    assert in_a_child(work)


def test_removing_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").touch()
    with scratch_folder() as folder:
        (folder / "link").symlink_to(tmp_path / "precious")
        (folder / "deep" / "er").mkdir(parents=True)
        (folder / "deep" / "link").symlink_to(tmp_path / "precious")
        (folder / ".lifted-0").touch()
    assert not folder.exists()
    assert [path.name for path in (tmp_path / "precious").iterdir()] == ["file"]


def test_a_slow_pattern_is_told_and_does_not_stop_the_harness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sparring.harness.drivers.printed._LONGEST_SEARCH", 0.1)
    before = signal.getsignal(signal.SIGALRM)
    terminal = Terminal(lambda _url: True, re.compile(r"(a+)+b"))
    launch = launch_of(tmp_path, "print('a' * 60, flush=True)\nsignal.pause()", timeout=0.6)
    driver = OneshotDriver(launch, nobody, None, terminal)
    with pytest.raises(SlowPatternError, match=r"^visit_pattern '\(a\+\)\+b' takes too long over a line"):
        play(driver, AUTHENTICATE)
    assert signal.getsignal(signal.SIGALRM) is before


def test_who_deletes_everything_can_still_be_started_again(tmp_path: Path) -> None:
    async def run() -> list[str]:
        with scratch_folder() as scratch:
            said = []
            for _ in range(2):
                driver = SessionDriver(launched(tmp_path, scratch, HOSTILE["deletes its folders"].program), nobody)
                await driver.start()
                said.append((await driver.do(AUTHENTICATE)).outcome)
                said.append((await driver.do(CALL_API)).outcome)
                await driver.stop(at_once=True)
            return said

    assert asyncio.run(run()) == ["ok", "crash"] * 2


CHECKED = {
    "signals whoever started it": ("os.kill(os.getppid(), signal.SIGTERM)\nsignal.pause()", "Aborted!"),
    "leaves a hidden child": (
        f"subprocess.Popen(['sleep', '600'], {FORGET})\ndone(id, 'config')\nheard()",
        "The client had hidden processes, which were ended: sleep (",
    ),
}


@linux
@pytest.mark.parametrize("name", CHECKED)
def test_a_run_ends_with_words_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    program, words = CHECKED[name]
    (tmp_path / "client.py").write_text(PRELUDE + READY + program, encoding="utf-8")
    (tmp_path / "temporary").mkdir()
    command = (SPARRING, "check", "ingest", "--grant", "client_credentials", "--driver", "session", "--timeout", "8")
    done = subprocess.run(
        (*command, "--", sys.executable, "client.py"), cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env=os.environ | {"TMPDIR": str(tmp_path / "temporary")}, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "temporary").iterdir()) == []
    for number in re.findall(r"sleep \((\d+)\)", done.stderr):
        assert not Path(f"/proc/{number}").exists()
