"""The pages about the providers, made from the contracts."""

from collections.abc import Iterable, Iterator
from importlib.resources import files

from sparring.contracts import openapi
from sparring.contracts.grammar import Rule
from sparring.contracts.loading import Contract, Trial, has_rules, rules

_NOTE = "<!-- Made by `make docs` from the contract; edit {} instead. -->"
_MARKS = {
    "doc": ("What its documents say", "Said by a public document of the provider's, or shown by code of its own."),
    "engine": ("What its engine does", "Where the documents are silent: the source of the software that it runs."),
    "client": ("What clients have seen", "Shown by public code of others that talked to the service."),
    "assumed": ("What is assumed", "Nobody says; by analogy with a specification or with common practice."),
}


def providers() -> list[str]:
    """The providers that have a table of rules, by name."""
    found = (files("sparring.contracts") / "providers").iterdir()
    return sorted(folder.name for folder in found if has_rules(folder.name))


def page(provider: str) -> str:
    """The page about a provider, as Markdown."""
    contract = rules(provider)
    return "\n".join(_page(contract)) + "\n"


def _page(contract: Contract) -> Iterator[str]:
    document = openapi.document(contract.provider)
    info = document.members.get("info", {})
    yield _NOTE.format(f"providers/{contract.provider}/rules.yaml and openapi.yaml")
    yield from ("", f"# {info.get('title', contract.provider)}", "")
    if info.get("description"):
        yield from (" ".join(str(info["description"]).split()), "")
    size = f"{_number(len(contract.rules), 'rule')}, tried in {_number(len(contract.trials), 'case')}."
    yield f"{size} `sparring verify {contract.provider}` tries them, `sparring explain RULE` shows one with its steps."
    yield ""
    yield from _endpoints(document)
    for mark, (title, meaning) in _MARKS.items():
        marked = [rule for rule in contract.rules if rule.mark == mark]
        if marked:
            yield from (f"## {title}", "", meaning, "")
            yield from _rules(contract, marked)
    yield from _variants(contract)
    yield from _untried(contract)


def _endpoints(document: openapi.Document) -> Iterator[str]:
    yield from ("## Endpoints", "", "| endpoint | request | what it does | answers |", "|---|---|---|---|")
    for operation in document.operations():
        members = operation.members
        summary = members.get("summary") or members.get("description") or ""
        answers = ", ".join(members.get("responses", {}))
        yield _row(f"`{operation.name}`", f"`{operation.method.upper()} {operation.path}`", str(summary), answers)
    yield ""


def _rules(contract: Contract, marked: Iterable[Rule]) -> Iterator[str]:
    yield from ("| rule | what happens | source | tried by |", "|---|---|---|---|")
    for rule in marked:
        trials = [trial for trial in contract.trials if trial.rule is rule]
        obliged = f" ({rule.keyword})" if rule.keyword else ""
        yield _row(f"`{_short(rule.id)}`", f"{rule.text}{obliged}", rule.source, _tried(trials))
    yield ""


def _tried(trials: list[Trial]) -> str:
    return (
        ", ".join(f"{trial.case.replace('-', ' ')} → {trial.expect.status}".removeprefix(" ") for trial in trials)
        or "—"
    )


def _variants(contract: Contract) -> Iterator[str]:
    variants = sorted({trial.variant for trial in contract.trials} - {"default"})
    if not variants:
        return
    yield from ("## Where the sources contradict each other", "")
    yield from ("Each has a variant, opened with `--variant`; these rules hold in it as shown.", "")
    for variant in variants:
        yield from (f"### {variant}", "", "| rule | what happens | tried by |", "|---|---|---|")
        for rule in contract.rules:
            own = [trial for trial in contract.trials if trial.rule is rule and trial.variant == variant]
            if own:
                yield _row(f"`{_short(rule.id)}`", rule.text, _tried(own))
        yield ""


def _untried(contract: Contract) -> Iterator[str]:
    left = [rule for rule in contract.rules if rule.excluded is not None]
    if left:
        yield from ("## What no exchange can show", "", "| rule | why |", "|---|---|")
        for rule in left:
            yield _row(f"`{_short(rule.id)}`", rule.excluded or "")
        yield ""


def _short(rule_id: str) -> str:
    return rule_id.partition("/")[2]


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _row(*cells: str) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in cells)} |"
