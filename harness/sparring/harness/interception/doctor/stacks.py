"""The HTTP stacks that the doctor knows, each with a program of a line or two that asks for one URL."""

from dataclasses import dataclass

URL = "{url}"
BUILT = "{built}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One HTTP stack. ``about`` ends with exit code 0 where it is there, and prints its version. ``probe`` asks for
    ``{url}``. ``source``: a program that is built first, with ``build`` (``{source}``, ``{out}``: a folder), and stands
    in ``probe`` as ``{built}``; ``slow``: building takes long.
    """

    name: str
    about: tuple[str, ...]
    probe: tuple[str, ...]
    source: str = ""
    build: tuple[str, ...] = ()
    slow: bool = False


def _python(module: str, code: str) -> Stack:
    version = f"import {module}, platform; print(getattr({module}, '__version__', platform.python_version()))"
    return Stack(
        name=f"Python {module}",
        about=("python3", "-c", version),
        probe=("python3", "-c", code),
    )


_AIOHTTP = """
import aiohttp, asyncio
async def ask():
    async with aiohttp.ClientSession() as session, session.get("{url}"):
        pass
asyncio.run(ask())
"""

_JAVA = ("java", "-XX:TieredStopAtLevel=1", "-cp", BUILT, "Probe")
_JAVAC = ("javac", "-d", "{out}", "{source}")

STACKS = (
    Stack(name="curl", about=("curl", "--version"), probe=("curl", "-s", "-m", "8", "-o", "/dev/null", URL)),
    Stack(name="wget", about=("wget", "--version"), probe=("wget", "-q", "-T", "8", "-t", "1", "-O", "/dev/null", URL)),
    _python("urllib.request", 'import urllib.request; urllib.request.urlopen("{url}", timeout=8)'),
    _python("requests", 'import requests; requests.get("{url}", timeout=8)'),
    _python("httpx", 'import httpx; httpx.get("{url}", timeout=8)'),
    _python("aiohttp", _AIOHTTP),
    Stack(
        name="Node.js fetch",
        about=("node", "-p", "fetch && process.version"),
        probe=("node", "-e", 'fetch("{url}")'),
    ),
    Stack(
        name="Node.js https",
        about=("node", "--version"),
        probe=("node", "-e", 'require("https").get("{url}", (answer) => answer.resume())'),
    ),
    Stack(name="Deno fetch", about=("deno", "--version"), probe=("deno", "eval", 'await fetch("{url}")')),
    Stack(name="Bun fetch", about=("bun", "--version"), probe=("bun", "-e", 'await fetch("{url}")')),
    Stack(
        name="Go net/http",
        about=("go", "env", "GOVERSION"),
        probe=(f"{BUILT}/probe", URL),
        source="probe.go",
        build=("go", "build", "-o", "{out}/probe", "{source}"),
        slow=True,
    ),
    Stack(
        name="Java HttpClient",
        about=("javac", "-version"),
        probe=(*_JAVA, "new", URL),
        source="Probe.java",
        build=_JAVAC,
    ),
    Stack(
        name="Java HttpURLConnection",
        about=("javac", "-version"),
        probe=(*_JAVA, "old", URL),
        source="Probe.java",
        build=_JAVAC,
    ),
    Stack(
        name="Ruby Net::HTTP",
        about=("ruby", "-ropenssl", "-e", "puts RUBY_VERSION"),
        probe=("ruby", "-rnet/http", "-e", "Net::HTTP.get(URI('{url}'))"),
    ),
    Stack(
        name="Perl HTTP::Tiny",
        about=("perl", "-MHTTP::Tiny", "-MIO::Socket::SSL", "-e", "print HTTP::Tiny->VERSION"),
        probe=("perl", "-MHTTP::Tiny", "-e", "HTTP::Tiny->new(verify_SSL => 1)->get('{url}')"),
    ),
    Stack(
        name="Perl LWP",
        about=("perl", "-MLWP::Protocol::https", "-MLWP::UserAgent", "-e", "print LWP::UserAgent->VERSION"),
        probe=("perl", "-MLWP::UserAgent", "-e", "LWP::UserAgent->new(env_proxy => 1)->get('{url}')"),
    ),
    Stack(
        name="PHP curl",
        about=("php", "-r", "if (!function_exists('curl_init')) exit(1); echo PHP_VERSION;"),
        probe=("php", "-r", "curl_exec(curl_init('{url}'));"),
    ),
    Stack(
        name="PHP streams",
        about=("php", "-r", "if (!extension_loaded('openssl')) exit(1); echo PHP_VERSION;"),
        probe=("php", "-r", "file_get_contents('{url}');"),
    ),
)
