"""Runs import-linter over the copy of the source roots in the working folder, and over nothing else.

`sparring` is a namespace, so with a plain PYTHONPATH the installed `sparring` would be one more portion of
it: the linter would read the copy and the original together. Putting a namespace of exactly the copied
roots into place first keeps the original out. Third-party packages are found as usual.
"""

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

from importlinter.cli import lint_imports_command


def main() -> None:
    """Lint the working folder; the exit code is import-linter's."""
    namespace = ModuleSpec("sparring", loader=None, is_package=True)
    namespace.submodule_search_locations = [str(root) for root in sorted(Path.cwd().glob("*/sparring"))]
    sys.modules["sparring"] = importlib.util.module_from_spec(namespace)
    lint_imports_command(["--no-logo", "--no-cache"])


if __name__ == "__main__":
    main()
