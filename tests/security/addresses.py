"""Where an answer leads a browser, read as browsers read it; and addresses that mean to lead it astray."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from hypothesis import strategies as st

from sparring.contracts.place import Reply

EVIL = "evil.example"
_LINKS = re.compile(
    r"""(?i)<(?:a|area|form|iframe|frame|base|button|input|script|img|link)\b[^>]*?\s
                        (?:href|action|src|formaction)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""",
    re.VERBOSE,
)
_REFRESH = re.compile(r"(?i)<meta[^>]*http-equiv\s*=\s*[\"']?refresh[^>]*url=([^\"'>]+)")
_ENTITIES = (("&#34;", '"'), ("&#39;", "'"), ("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def as_browsers_read(base: str, address: str) -> str:
    """Scheme and authority to which a browser goes (WHATWG URL Standard: blanks, backslashes, missing slashes, dots of
    other scripts); a scheme alone where there is no authority.
    """
    bare = re.sub(r"[\t\r\n]", "", address).strip("".join(map(chr, range(33))))
    head, mark, tail = bare.partition("?") if "?" in bare else (bare, "", "")
    bare = head.replace("\\", "/") + mark + tail
    bare = re.sub(r"(?i)^(https?):/*", r"\1://", bare)
    bare = re.sub(r"^//+", "//", bare)
    parts = urlsplit(urljoin(base, bare))
    host = unicodedata.normalize("NFKC", (parts.netloc.rpartition("@")[2]).replace("\u3002", ".")).lower()
    return f"{parts.scheme}://{host}" if host else f"{parts.scheme}:"


def destinations(base: str, reply: Reply) -> Iterator[str]:
    """Every place to which the answer leads: by Location and Refresh, or by something on its page."""
    for name in ("location", "content-location", "refresh"):
        if (value := reply.header(name)) is not None:
            yield as_browsers_read(base, value.rpartition("url=")[2] if name == "refresh" else value)
    if (reply.header("content-type") or "").startswith("text/html"):
        for match in (*_LINKS.finditer(reply.text), *_REFRESH.finditer(reply.text)):
            address = next(group for group in match.groups() if group is not None)
            for entity, letter in _ENTITIES:
                address = address.replace(entity, letter)
            yield as_browsers_read(base, address)


def astray(good: str) -> tuple[str, ...]:
    """Addresses that look a little like a good one, or that somebody forgot to think of."""
    parts = urlsplit(good)
    host, path = parts.netloc, parts.path or "/"
    wide = host.replace(".", "\uff0e")
    return (
        f"https://{EVIL}/", f"//{EVIL}{path}", f"///{EVIL}", f"\\\\{EVIL}{path}", f"/\\{EVIL}", f"https:{EVIL}",
        f"https:\\\\{EVIL}", f"http:/{EVIL}", f"{parts.scheme}://{host}@{EVIL}{path}", f"{parts.scheme}://{EVIL}#@{host}{path}",
        f"{parts.scheme}://{EVIL}?{good}", f"{parts.scheme}://{EVIL}\\@{host}{path}", f"{parts.scheme}://{host}.{EVIL}{path}",
        f"{parts.scheme}://{host}:443@{EVIL}{path}", f"{parts.scheme}://{host}%2e{EVIL}{path}", f"{good}@{EVIL}",
        f"{parts.scheme}://{host}\u3002{EVIL}{path}", f"{parts.scheme}://{wide}{path}",
        f"{good}/../..//{EVIL}", f"{good}\r\nLocation: https://{EVIL}/", f"{good}%0d%0aLocation:%20https://{EVIL}/",
        f"{good}\x00.{EVIL}", f" https://{EVIL}", f"\thttps://{EVIL}", f"ht\ntps://{EVIL}", f"{good} {EVIL}",
        "javascript:alert(1)", "JaVaScRiPt:alert(1)//", "java\tscript:alert(1)", f"javascript://{host}{path}%0aalert(1)",
        "data:text/html,<script>alert(1)</script>", "vbscript:x", f"file://{EVIL}/x", "about:blank", ".", "..", "?",
        f"{good}#@{EVIL}", f"{good}?next=https://{EVIL}", f"{good};{EVIL}", "#", "[", "http://[", "http://[::1",
    )  # fmt: skip


def hostile(good: str) -> st.SearchStrategy[str]:
    """Those, and a good address with something put in anywhere."""
    pieces = st.sampled_from(
        (
            f"@{EVIL}/",
            f"//{EVIL}",
            f"\\{EVIL}",
            "\r\n",
            "%0d%0a",
            "\x00",
            "\t",
            "@",
            ":",
            "/..",
            "#",
            "?",
            "*",
            f".{EVIL}",
        )
    )
    places = st.integers(0, len(good))
    put_in = st.builds(lambda place, piece: good[:place] + piece + good[place:], places, pieces)
    return st.one_of(st.sampled_from(astray(good)), put_in)
