"""The HTML report: one file that explains itself, for a person, a pull request or a printer."""

import base64
import hashlib
from collections import Counter
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from sparring.harness.reports import RunReport
from sparring.harness.reports.headline import headline
from sparring.harness.reports.html.findings import by_profile, everything, findings

_OPEN = 5
"""So many findings are open when the page is; the others open with a click."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("sparring.harness.reports.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["ticked"] = _ticked
    return environment


def _ticked(text: str) -> Markup:
    """Our own sentences, with what stands between backquotes as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if i % 2 else escape(part) for i, part in enumerate(parts)
    )


@cache
def _asset(name: str) -> str:
    """A file beside the templates, as it is put into the page."""
    environment = _environment()
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0].strip()


def _hash(text: str) -> str:
    digest = hashlib.sha256(f"\n{text}\n".encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def policy() -> str:
    """The page's Content-Security-Policy: nothing but its own style and script, by their hashes."""
    style, script = _hash(_asset("report.css")), _hash(_asset("report.js"))
    return f"default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"


def render(report: RunReport) -> str:
    """The report as one HTML document, with everything in it that it needs."""
    cards, expected = findings(report, expected=False), findings(report, expected=True)
    sentence, tone = headline(report)
    template = _environment().get_template("report.html")
    return template.render(
        report=report,
        policy=policy(),
        style=_asset("report.css"),
        script=_asset("report.js"),
        sentence=sentence,
        tone=tone,
        counts=[(verdict, count) for verdict, count in report.counts().items() if count],
        profiles=by_profile(report),
        cards=cards,
        expected=expected,
        blocked=Counter(result.blocked_by for result in report.results if result.blocked_by),
        groups=everything(report, cards),
        opened=_OPEN,
    )
