"""YAML, read by the C library where PyYAML has it: ten times as fast."""

from typing import Any

import yaml

LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""A safe loader."""


def read_yaml(text: str, loader: type = LOADER) -> Any:
    """What the text says. yaml.YAMLError where it is no YAML, or says what nobody can hold: a day that is none, say."""
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506  a safe loader
    except (ValueError, TypeError, RecursionError) as error:
        raise yaml.YAMLError(str(error)) from error
