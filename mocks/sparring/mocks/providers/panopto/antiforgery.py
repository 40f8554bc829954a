"""What ties a form to the browser that it was shown in: a cookie, and a hidden field made from it."""

import hmac

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Params, Request
from sparring.mocks.providers.panopto.answers import LOOK, cookie
from sparring.mocks.providers.panopto.parameters import FORM, present

COOKIE = LOOK.ticket


async def protect(desk: Desk, request: Request) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The value of the hidden field, and the cookie where the browser has none yet [engine: AntiForgeryToken]."""
    value = request.cookie(COOKIE)
    if value:
        return _field(desk, value), ()
    value = desk.entropy.urlsafe(48, *await desk.serial("xsrf"))
    return _field(desk, value), (cookie(request, COOKIE, value),)


def is_valid(desk: Desk, request: Request, fields: Params) -> bool:
    """Whether the form was shown in that browser; it may be sent more than once [engine]."""
    value, field = request.cookie(COOKIE), present(fields, COOKIE)
    if not value or field is None or request.media_type not in {"", FORM}:
        return False
    return hmac.compare_digest(_field(desk, value).encode(), field.encode("utf-8", "replace"))


def _field(desk: Desk, value: str) -> str:
    return desk.entropy.urlsafe(48, desk.provider, "xsrf-field", value)
