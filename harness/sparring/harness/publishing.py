"""The page about the catalogue: ``python -m sparring.harness.publishing page docs/scenarios.md``, or ``sets``."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sparring.contracts.clauses import clause
from sparring.harness import checks
from sparring.harness.describing import decision
from sparring.harness.scenario import Check, Scenario
from sparring.harness.scenarios import ALL, sets

_NOTE = "<!-- Made by `make docs` from the catalogue; edit the modules of harness/sparring/harness instead. -->"
_PROFILES = {
    "core": "What every client meets: the way to a token, its life, its renewal, plain refusals.",
    "security": "What an attacker does, and what keeps him out.",
    "resilience": "What a bad day brings: overload, lost connections, sessions that end.",
    "oidc": "Who signed in: ID tokens, keys, discovery.",
    "provider": "What is one provider's own.",
    "robustness": "What no text demands, and a client in production survives.",
}
_GRANTS = {"authorization_code": "authorization code", "client_credentials": "client credentials"}


def page() -> str:
    """The page, as Markdown."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield from (_NOTE, "", "# Scenarios and checks", "")
    yield (
        f"{len(ALL)} scenarios put a client to the test, {len(checks.ALL)} checks decide. `sparring explain NAME` "
        "shows one of either, and how to play a scenario by hand; `sparring scenarios --json` has it all as data. "
        "`--profile` takes a heading of this page, or one of the frozen sets, which stay as they were released: "
        f"{', '.join(f'`{name}`' for name in sets.NAMES)}."
    )
    for profile, sentence in _PROFILES.items():
        yield from ("", f"## {profile}", "", sentence)
        for one in ALL:
            if one.profile == profile:
                yield from _scenario(one)
    yield from ("", "## Checks", "", "Those marked *always* hold in every scenario.")
    for check in checks.ALL:
        yield from _check(check)


def _scenario(one: Scenario) -> Iterator[str]:
    yield from ("", f"### `{one.id}`", "", f"{one.title}.", "")
    everybody = len(one.providers) == len(sets.PROVIDERS)
    providers = "all providers" if everybody else ", ".join(sorted(one.providers))
    grants = " or ".join(_GRANTS[grant] for grant in sorted(one.grants))
    yield f"- {providers}; {grants}; {one.severity}"
    yield "- decided by " + ", ".join(f"[`{check.id}`](#check-{check.id})" for check in one.checks)
    if one.needs:
        yield f"- for clients that can: {', '.join(sorted(one.needs))}"
    if one.variants:
        yield "- with the variant " + ", ".join(f"{name}={variant}" for name, variant in sorted(one.variants.items()))
    if one.drivers:
        yield f"- only with the driver {' or '.join(sorted(one.drivers))}"
    if one.tls:
        yield "- only over TLS"


def _check(check: Check) -> Iterator[str]:
    always = " (*always*)" if check in checks.ALWAYS else ""
    yield from (
        "",
        f'<a id="check-{check.id}"></a>',
        f"#### `{check.id}`{always}",
        "",
        f"{check.title}. {check.why}",
        "",
    )
    for line in decision(check).splitlines():
        yield f"- {line}"
    yield f"- Mend: {check.mend}"
    for source in check.sources:
        found = clause(source)
        keyword = f" ({found.keyword})" if found.keyword else ""
        text = " ".join(found.text.split())
        yield f"- {found.document}, {found.section}{keyword}: " + (f'"{text}"' if found.quoted else text)


def main(arguments: Sequence[str]) -> int:
    """Write the page, or today's sets."""
    match arguments:
        case ["page", target]:
            Path(target).write_text(page(), encoding="utf-8")
        case ["sets"]:
            sys.stdout.write(sets.written(sets.today(ALL)))
        case _:
            sys.stderr.write("usage: python -m sparring.harness.publishing page FILE | sets\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
