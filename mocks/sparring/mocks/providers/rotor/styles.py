"""/api/partner/v1/styles, with a user's token: "Styles". There are those of the document's sample."""

from dataclasses import dataclass
from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.answers import api_refusal, shown
from sparring.mocks.providers.rotor.bearer import admit_user


@dataclass(frozen=True, slots=True)
class Variant:
    """A style in one shape. ``duration`` of its preview, in seconds."""

    id: int
    title: str
    aspect_ratio: str
    duration: int


@dataclass(frozen=True, slots=True)
class Style:
    """A theme for videos."""

    id: int
    title: str
    variants: tuple[Variant, ...]


STYLES = (
    Style(
        11,
        "Vinyl",
        (
            Variant(31, "Landscape (16x9)", "16x9", 3),
            Variant(32, "Vertical (9x16)", "9x16", 3),
            Variant(33, "Square (1x1)", "1x1", 3),
        ),
    ),
    Style(12, "Horizon", (Variant(34, "Landscape (16x9)", "16x9", 5), Variant(36, "Square (1x1)", "1x1", 5))),
)


def find_style(style_id: int | str) -> Style:
    """The style of that id; Refusal where there is none."""
    for style in STYLES:
        if str(style.id) == str(style_id):
            return style
    # rotor/api/style-unknown [assumed]
    raise Refusal(rules.STYLE_UNKNOWN, description="Style not found", status=404)


def find_variant(style: Style, variant_id: int) -> Variant:
    """The style's variant of that id; Refusal where there is none."""
    for variant in style.variants:
        if variant.id == variant_id:
            return variant
    # rotor/api/variant-unknown [assumed]
    raise Refusal(rules.VARIANT_UNKNOWN, description="Variant not found", status=404)


async def every(desk: Desk, request: Request) -> Answer:
    """GET /styles [doc]; previews lie on another host, as in the sample."""
    try:
        await admit_user(desk, request)
    except Refusal as refusal:
        return api_refusal(desk, request, refusal)
    # rotor/api/styles [doc]
    return shown(rules.STYLES, {"data": [{"attributes": _style(desk, style)} for style in STYLES]})


def _style(desk: Desk, style: Style) -> dict[str, Any]:
    return {
        "id": style.id,
        "title": style.title,
        "preview": f"{desk.media_url}/style-{style.id}-preview.mp4",
        "variants": [
            {
                "id": variant.id,
                "title": variant.title,
                "preview": f"{desk.media_url}/variant-{variant.id}-preview.mp4",
                "aspect_ratio": variant.aspect_ratio,
                "duration": variant.duration,
            }
            for variant in style.variants
        ],
    }
