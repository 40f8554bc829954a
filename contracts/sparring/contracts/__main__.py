"""``python -m sparring.contracts [FOLDER]``: write what is made from the contracts; pages go into that folder."""

import json
import sys
from pathlib import Path

from sparring.contracts import publishing, strictness
from sparring.contracts.loading import schema

SCHEMA = Path(__file__).parent / "rules.schema.json"


def schema_text() -> str:
    """The published JSON Schema of the grammar."""
    return json.dumps(schema(), indent=1) + "\n"


def pages() -> dict[str, str]:
    """The pages by their name under ``docs``."""
    made = {f"providers/{name}.md": publishing.page(name) for name in publishing.providers()}
    return made | {"providers/strictness.md": strictness.page()}


def main(folder: Path) -> None:
    """Write the schema into the package and the pages into the folder."""
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    for name, text in pages().items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    sys.stderr.write(f"{SCHEMA.name} and {len(pages())} pages written\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
