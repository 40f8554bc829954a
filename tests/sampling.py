"""How much is tried: a sample, or everything where SPARRING_THOROUGH is 1 (`make thorough`)."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
THOROUGH = os.environ.get("SPARRING_THOROUGH") == "1"
PATIENT = THOROUGH or os.environ.get("SPARRING_CI") == "1"
"""Whether a minute may go into compiling something whose cache may be empty."""


def sample(items: Sequence[T], one_in: int) -> list[T]:
    """Every so manieth of them, the first among them; all where the run is a thorough one."""
    return list(items if THOROUGH else items[::one_in])
