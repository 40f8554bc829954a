"""Where the provider's endpoints are, in its own words (OpenID Connect Discovery 1.0, section 4)."""

import json

from tests.clients.good.settings import Settings, check_url
from tests.clients.good.trouble import Trouble
from tests.clients.good.wire import Answer


def discovered(answer: Answer, settings: Settings) -> Settings:
    """The settings with the endpoints of that document. Raises Trouble for one that is not this provider's."""
    if answer.status >= 500 or answer.status in {408, 425, 429}:
        raise Trouble("retry-later", f"the provider's document: {answer.status}", status=answer.status)
    try:
        document = json.loads(answer.body) if answer.status == 200 else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise Trouble("protocol", "the provider's document cannot be read", status=answer.status)
    check_issuer(document.get("issuer"), settings)
    return settings._replace(
        authorize_url=_endpoint(document.get("authorization_endpoint"), settings),
        token_url=_endpoint(document.get("token_endpoint"), settings),
        jwks_url=_endpoint(document.get("jwks_uri"), settings),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )


def check_issuer(issuer: object, settings: Settings) -> None:
    """Letter by letter the issuer that this client is set up with (section 4.3)."""
    if issuer != settings.issuer:
        raise Trouble("protocol", "the provider's document is by another issuer")


def _endpoint(value: object, settings: Settings) -> str:
    """A web address, by https where the document came by it."""
    if not isinstance(value, str) or (settings.discovery_url.startswith("https:") and not value.startswith("https:")):
        raise Trouble("protocol", "the provider's document lacks an endpoint")
    try:
        check_url("an endpoint", value)
    except Trouble:
        raise Trouble("protocol", "the provider's document has an endpoint that is no web address") from None
    return value
