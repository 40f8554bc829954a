"""Parameters as .NET collections see them: names in any case, blank values as good as absent."""

from urllib.parse import parse_qsl, quote, urlencode

from sparring.mocks.engine.messages import Params, Request

FORM = "application/x-www-form-urlencoded"
LONGEST = 100  # [engine] InputLengthRestrictions: client id and secret, grant type, code, refresh token and others
LONGEST_REDIRECT_URI = 400
LONGEST_TEXT = 300  # scope, nonce, acr_values


def query(request: Request) -> Params:
    """The query; a repeated parameter is one, its values joined by a comma [engine: NameValueCollection.Get]."""
    joined: dict[str, tuple[str, str]] = {}
    for name, value in request.query_params:
        if name.lower() in joined:
            request.facts.notes.append(f"{name} came again and was joined to the first; a stricter server would refuse")
            label, before = joined[name.lower()]
            joined[name.lower()] = (label, f"{before},{value}")
        else:
            joined[name.lower()] = (name, value)
    return list(joined.values())


def form(request: Request) -> Params:
    """The body read as a form, whatever it calls itself; the first value of a name counts [engine: ReadFormAsync]."""
    kept: dict[str, str] = {}
    for name, value in parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True):
        if name.lower() in kept:
            request.facts.notes.append(f"{name} came again; its first value was taken, a stricter server would refuse")
        kept.setdefault(name.lower(), value)
    return list(kept.items())


def present(params: Params, name: str) -> str | None:
    """A parameter's value, None where it is blank [engine: IsPresent]."""
    value = next((value for key, value in params if key.lower() == name.lower()), "")
    return value if value.strip() else None


def as_query(params: Params) -> str:
    """The parameters as the engine writes a query: a blank is %20 [engine: NameValueCollectionExtensions]."""
    return urlencode(params, safe="!*()", quote_via=quote)
