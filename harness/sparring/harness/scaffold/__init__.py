"""What ``sparring new-provider`` writes: a package with a provider that works, to be bent to the real one's ways."""

import re
from importlib.resources import files
from pathlib import Path

from sparring.harness.beginning import CLIENT, Wish, documents, example_client

NAME = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = frozenset({"all", "decoy"})
"""Words that commands have another use for."""


def made(name: str, grants: tuple[str, ...]) -> dict[str, str]:
    """The files of the package, by their paths. ``grants`` are those of the provider that it shall be like: with a
    login where that one has one.
    """
    grant = "authorization_code" if "authorization_code" in grants else "client_credentials"
    kind = "person" if grant == "authorization_code" else "application"
    words = {
        "@NAME@": name,
        "@DASHED@": name.replace("_", "-"),
        "@TITLE@": name.replace("_", " ").title(),
        "@HOST@": f"login.{name.replace('_', '-')}.example",
        "@READ@": "things.read",
        "@WRITE@": "things.write",
    }
    found = {}
    for folder in ("both", kind):
        for file in (files("sparring.harness.scaffold") / "files" / folder).iterdir():
            path, text = file.name.removesuffix(".txt").replace("%", "/"), file.read_text(encoding="utf-8")
            for word, value in words.items():
                path, text = path.replace(word, value), text.replace(word, value)
            found[path] = text
    beginning = documents(Wish(provider=name, grant=grant))
    found["sparring.toml"] = beginning["sparring.toml"]
    found[CLIENT] = example_client(name, grant)
    return dict(sorted(found.items()))


def wrong_name(name: str) -> str:
    """Why nothing can be called so, in a sentence; empty where it can. Whether it is taken is not asked."""
    if name in RESERVED:
        return f"{name!r} means something else in commands; choose another name"
    if not NAME.fullmatch(name):
        return f"{name!r} is no provider's name; it begins with a-z, then a-z, 0-9 and _"
    return ""


def write(folder: Path, found: dict[str, str]) -> None:
    """Write them all into a folder that is made for them. OSError, where it is there already too."""
    folder.mkdir(parents=True)
    for path, text in found.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
