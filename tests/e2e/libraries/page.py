"""``docs/libraries.md``, made of the cells."""

from collections.abc import Mapping, Sequence

from tests.e2e.libraries.playing import NOT_APPLICABLE
from tests.e2e.libraries.stimuli import STIMULI
from tests.e2e.libraries.subjects import Subject
from tests.e2e.libraries.table import NOTES, SUBJECTS

_HEAD = """<!-- Made by `make libraries`; edit tests/e2e/libraries instead. -->

# What well-known libraries do

Nine clients for the grant client_credentials, each a folder of
[`examples/clients`](../examples/clients) and each written as its library's own documentation has it, before a token
endpoint that behaves oddly: a row is one fault, a cell what `sparring`'s drivers saw. None of these libraries is
blamed for a row by itself; what a client must do stands in [scenarios.md](scenarios.md).

`+` taken, and usable. `x` refused with a clear error (`x ValueError`: by an error that is not the library's own;
`on use`: not before the token was needed). `!` wrong: a token used that is none, a legal answer refused, the secret
carried elsewhere, a crash. `kept`: used again for the next call; `asks again`: each call fetches another. A cell with
a number has a note.

Under Python 3.11, Node.js 20 and Go 1.26. `make libraries` measures all of it anew; `cd` into a folder and
`sparring check` plays the whole catalogue against one library.
"""
_CLIENTS = """
## The clients

| column | folder | measured with | waits for a silent server | where it says so |
|---|---|---|---|---|
"""


def page(cells: Mapping[tuple[str, str], str]) -> str:
    """The whole page, in Markdown."""
    numbers = {key: number for number, key in enumerate(NOTES, start=1)}
    lines = [_row(["", *(subject.name for subject in SUBJECTS)]), "|---" * (len(SUBJECTS) + 1) + "|"]
    for stimulus in STIMULI:
        row = [stimulus.title]
        for subject in SUBJECTS:
            cell = cells.get((subject.name, stimulus.id), NOT_APPLICABLE)
            noted = [n for key, n in numbers.items() if key[0] == stimulus.id and subject.name in NOTES[key][0]]
            row.append(f"{cell} {' '.join(f'[{n}]' for n in noted)}".rstrip())
        lines.append(_row(row))
    notes = [f"{number}. {NOTES[key][1]}" for key, number in numbers.items()]
    clients = [_client(subject) for subject in SUBJECTS]
    return "\n".join([_HEAD, *lines, _CLIENTS.rstrip("\n"), *clients, "", "## Why", "", *notes, ""])


def _client(subject: Subject) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in subject.versions().items())
    place = f"[{subject.folder}](../examples/clients/{subject.folder})"
    return _row([subject.name, place, versions, *subject.patience])


def _row(words: Sequence[str]) -> str:
    return f"| {' | '.join(words)} |"
