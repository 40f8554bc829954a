"""The page about the command line, made from the commands themselves."""

import inspect
from collections.abc import Iterator

import click

from docs.publishing.markdown import NOTE, row, table
from sparring.harness.cli import main

_CODES = (
    ("check", "nothing worse than WARN", "FAIL or INCONCLUSIVE", "wrong usage", "the harness itself failed"),
    ("judge", "nothing worse than WARN", "FAIL", "wrong usage", "the harness itself failed"),
    ("verify", "everything that could be tried holds", "something differs", "wrong usage", ""),
    ("doctor", "some way of interception works", "none does", "wrong usage", ""),
    ("exec", "the program's own", "the program's own", "the program's own, or wrong usage", "the program's own"),
    ("all others", "done", "", "wrong usage", ""),
)


def page() -> str:
    """The page, as Markdown."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    outer = click.Context(main, info_name="sparring")
    yield from (NOTE.format("harness/sparring/harness/cli"), "", "# Commands", "")
    yield "`sparring COMMAND --help` says the same at the terminal."
    yield from ("", "## Exit codes", "", *table("command", "0", "1", "2", "3"))
    for name, *meanings in _CODES:
        yield row(name if " " in name else f"`{name}`", *meanings)
    for name in main.list_commands(outer):
        command = main.get_command(outer, name)
        if command is not None and not command.hidden:
            yield from _command(command, click.Context(command, parent=outer, info_name=name))


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join(["sparring", context.info_name or "", *command.collect_usage_pieces(context)])
    yield from ("", f"## {context.info_name}", "", "```text", usage, "```", "")
    yield inspect.cleandoc(command.help or "")
    options = [each for each in command.get_params(context) if isinstance(each, click.Option) and each.name != "help"]
    if options:
        yield from ("", *table("option", "what it does", "default"))
    for option in options:
        record = option.get_help_record(context)
        if record is not None:
            told = option.help or _choices(option)
            default = f"`{option.default}`" if option.show_default else ""
            yield row(f"`{record[0]}`", told, default)


def _choices(option: click.Option) -> str:
    return "can be given more than once" if option.multiple else ""
