"""How the control port writes JSON."""

import json
from typing import Any

from starlette.responses import JSONResponse


class Told(JSONResponse):
    """JSON in ASCII: what was recorded may hold half a surrogate pair, which UTF-8 cannot."""

    def render(self, content: Any) -> bytes:
        """The document as bytes."""
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")
