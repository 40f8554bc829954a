"""Clients that mean harm to whoever runs them: their programs, and what may be left of them."""

from dataclasses import dataclass

READY = "ready()\nid = heard()['id']\n"
STAY = "signal.pause()"

FORGET = (
    "env={}, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL"
)
"""How a child sheds what the harness knows its client's processes by."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """A client's program, the outcome of its instruction, and words of the reply or of its ending's problems."""

    program: str
    outcome: str
    words: str = ""


HOSTILE = {
    "prints without end": Hostile(
        "while True:\n    os.write(1, b'x' * 65536 + b'\\n')",
        "error",
        "wrote more than 1 MiB to stdout and was stopped",
    ),
    "prints one line without end": Hostile(
        "while True:\n    os.write(2, b'x' * 65536)", "error", "wrote more than 1 MiB to stderr and was stopped"
    ),
    "prints octet by octet": Hostile(
        "for _ in range(50_000):\n    os.write(1, b'\\x00')\nprint()\ndone(id)\nheard()", "ok"
    ),
    "prints binary garbage": Hostile("os.write(1, bytes(range(256)) * 400 + b'\\n')\ndone(id)\nheard()", "ok"),
    "prints brackets and quotes": Hostile(
        "os.write(1, b'{' + b'[' * 70 + b'\"' + b'\\\\\"' * 200_000 + b'\\n')\ndone(id)\nheard()", "ok"
    ),
    "closes its output": Hostile("os.close(1); os.close(2); " + STAY, "timeout", "did not end within"),
    "closes its input": Hostile("os.close(0); done(id); " + STAY, "ok", "did not end within"),
    "ignores every signal that can be": Hostile(
        "for n in range(1, 32):\n    n in (9, 17, 19) or signal.signal(n, signal.SIG_IGN)\nwhile True: time.sleep(9)",
        "timeout",
        "did not end within",
    ),
    "kills its own group": Hostile("os.killpg(0, signal.SIGKILL)", "crash", "was ended by SIGKILL"),
    "stops itself": Hostile("os.kill(os.getpid(), signal.SIGSTOP)", "timeout", "did not end within"),
    "stops its own group": Hostile("os.fork(); os.killpg(0, signal.SIGSTOP)", "timeout", "did not end within"),
    "leaves a crowd behind": Hostile(
        "[os.fork() or (os.setpgid(0, 0), signal.pause()) for _ in range(200)]\ndone(id)\nheard()",
        "ok",
        "more child processes behind",
    ),
    "runs away": Hostile(
        "done(id)\nos.fork() and os._exit(0)\nuntil = time.monotonic() + 30\n"
        "while time.monotonic() < until:\n    if os.fork(): os._exit(0)\n    os.setpgid(0, 0); time.sleep(0.002)",
        "ok",
    ),
    "holds the pipe open after its end": Hostile(
        "done(id)\nif os.fork(): os._exit(0)\nos.setsid()\n" + STAY, "ok", "left a child process behind"
    ),
    "deletes its folders": Hostile(
        "import shutil\nos.chdir(os.environ['HOME'])\nshutil.rmtree(os.environ['HOME'])\ndone(id)\nheard()", "ok"
    ),
    "writes a huge file": Hostile(
        "os.chdir(os.environ['HOME'])\nopen('huge', 'wb').truncate(1 << 40)\ndone(id)\nheard()", "ok"
    ),
    "nests folders": Hostile(
        "os.chdir(os.environ['HOME'])\nfor _ in range(1_100): os.mkdir('d'); os.chdir('d')\n"
        "open('end', 'w').close()\ndone(id)\nheard()",
        "ok",
    ),
    "plants links": Hostile(
        "os.chdir(os.environ['HOME'])\nos.symlink('/', 'root'); os.symlink('/etc/passwd', 'users')\n"
        "os.symlink('loop', 'loop'); os.mkfifo('pipe'); os.symlink('pipe', 'to-the-pipe')\n"
        "import socket; socket.socket(socket.AF_UNIX).bind('socket')\ndone(id)\nheard()",
        "ok",
    ),
}
"""By what they do, after `ready` and the first instruction."""
