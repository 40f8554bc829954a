"""What several end-to-end tests start with."""

from collections.abc import Iterator

import pytest

from tests.e2e.browsing import NoBrowserError, Window, chromium


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    """A browser with JavaScript; skipped where there is no browser."""
    try:
        with chromium() as opened:
            yield opened
    except NoBrowserError as trouble:
        pytest.skip(str(trouble))
