"""What the shell may put in the place of an argument when Tab is pressed; nothing of it is imported otherwise."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _beginning(names: Iterable[tuple[str, str]], incomplete: str) -> "list[CompletionItem]":
    from click.shell_completion import CompletionItem  # noqa: PLC0415

    return [CompletionItem(name, help=told or None) for name, told in names if name.startswith(incomplete)]


def _provider(context: click.Context) -> str | None:
    """The provider that the line names; click leaves it unread where the option before the cursor has no value yet."""
    named = context.params.get("provider") or next(iter(context.args), None)
    return named if isinstance(named, str) else None


def providers(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Those that can be served here."""
    from sparring.harness.worlds.local import describe_providers  # noqa: PLC0415

    return _beginning(((each["name"], each["title"]) for each in describe_providers()), incomplete)


def scenarios(context: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Ids of the catalogue, of the provider alone where one is named."""
    from sparring.harness.scenarios import ALL, catalogue  # noqa: PLC0415

    provider = _provider(context)
    known = ALL if provider is None else catalogue(provider)
    return _beginning(((each.id, each.title) for each in known), incomplete)


def explained(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Ids of scenarios and checks; behind ``PROVIDER/`` those of its rules."""
    from sparring.contracts.loading import has_rules, rules  # noqa: PLC0415
    from sparring.harness import checks  # noqa: PLC0415

    owner, slash, _ = incomplete.partition("/")
    if slash:
        found = rules(owner).rules if has_rules(owner) else ()
        return _beginning(((rule.id, rule.text) for rule in found), incomplete)
    of_checks = _beginning(((check.id, check.title) for check in checks.ALL), incomplete)
    return scenarios(context, parameter, incomplete) + of_checks


def variants(context: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Those of the provider that is named."""
    from sparring.harness.worlds.local import describe_provider, wrong_provider  # noqa: PLC0415

    provider = _provider(context)
    if provider is None or wrong_provider(provider):
        return []
    return _beginning(((name, "") for name in describe_provider(provider)["variants"]), incomplete)
