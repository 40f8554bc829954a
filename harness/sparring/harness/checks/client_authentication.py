"""How a client shows who it is: by the documented method, with its secret intact, and by no grant of a bygone age."""

import base64
import binascii
from collections.abc import Iterator
from typing import Literal
from urllib.parse import unquote_plus

from sparring.contracts import facts
from sparring.harness.checks.wire import authorize_url_of, credential, issued, query_of
from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, allowed, failed, inconclusive, passed, skipped, warned

Place = Literal["basic", "body", "query", "none"]


def _places(exchange: Exchange) -> Iterator[Place]:
    """Where a token request has the client's secret: usually in one place."""
    if (exchange.header("authorization") or "").lower().startswith("basic "):
        yield "basic"
    if any(name == "client_secret" for name, _ in exchange.form):
        yield "body"
    if any(name == "client_secret" for name, _ in exchange.query):
        yield "query"


def _place(exchange: Exchange) -> Place:
    """The first of those places."""
    return next(_places(exchange), "none")


_NAMES = {"basic": "in a Basic header", "body": "in the body", "query": "in the query", "none": "nowhere"}


def auth_method_as_documented(evidence: Evidence) -> Finding:
    """The client's secret stands where the provider's document has it, from the first token request on.

    Pass: so it does, or the client is public and has none. Warn: it stands elsewhere first, whether that is accepted or
    not. Whether it stands twice, and whether the request is a form at all, is judged elsewhere. Inconclusive: no token
    request was made.
    """
    asked = [e for e in evidence.at("token") if e.method == "POST" and (e.form or not e.body)]
    if not asked:
        return inconclusive("No token request was made.")
    documented = facts(evidence.provider).client_authentication
    place = next((each for each in _places(asked[0]) if each in documented), _place(asked[0]))
    if place in documented or (evidence.public and place == "none"):
        return passed(f"The client's secret stood {_NAMES[place]}, as documented.", asked[0].n)
    wanted = " or ".join(_NAMES[each] for each in documented)
    later = [e.n for e in asked if _place(e) in documented]
    tail = "; the next try was right" if later else ""
    return warned(
        f"The client's secret stood {_NAMES[place]}; the document has it {wanted}{tail}.", asked[0].n, *later[:1]
    )


def basic_carries_any_secret(evidence: Evidence) -> Finding:
    """A secret with blanks, colons, percent and plus signs arrives in a Basic header as the provider reads it.

    Pass: it does, in the first token request. Allowed: form-encoded before, where the provider takes both; or the
    client does not use Basic. Warn: form-encoded before as RFC 6749 asks, where the provider reads it as it is (or the
    other way round), or right only at the second try. Fail: it is neither of the two. Inconclusive: no token request
    was made.
    """
    asked = [e for e in evidence.at("token") if _place(e) != "none"]
    if not asked:
        return inconclusive("No token request with a secret was made.")
    basic = [e for e in asked if _place(e) == "basic"]
    if not basic:
        return allowed(f"The client's secret stood {_NAMES[_place(asked[0])]}, not in a Basic header.", asked[0].n)
    declared = facts(evidence.provider).basic
    forms = [_form(e, evidence) for e in basic]
    if forms[0] == declared[0]:
        return passed("The secret arrived as it is.", basic[0].n)
    if forms[0] in declared:
        return allowed("The secret was form-encoded before Base64, as RFC 6749 asks; both are read.", basic[0].n)
    if declared[0] in forms:
        return warned("The secret arrived only at another try.", basic[0].n, basic[forms.index(declared[0])].n)
    if forms[0] == "form":
        return warned("The secret was form-encoded before Base64, and this provider reads it as it is.", basic[0].n)
    if forms[0] == "raw":
        return warned("The secret was put into Base64 as it is, and this provider decodes it as a form.", basic[0].n)
    return failed("The secret in the Basic header is neither as it is nor form-encoded.", basic[0].n)


def _form(exchange: Exchange, evidence: Evidence) -> str | None:
    """``raw`` where the header has the credentials as they are, ``form`` where form-encoded; None for neither."""
    try:
        name, _, secret = base64.b64decode(credential(exchange), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    wanted = (evidence.context.get("client_id"), evidence.context.get("client_secret"))
    if (name, secret) == wanted:
        return "raw"
    return "form" if (unquote_plus(name), unquote_plus(secret)) == wanted else None


def body_carries_any_secret(evidence: Evidence) -> Finding:
    """A secret with blanks, ampersands, percent and plus signs arrives in a form as it is.

    Pass: the form decodes to it, in the first token request. Allowed: the client does not send it in a form. Warn: only
    at another try. Fail: it decodes to something else. Inconclusive: no token request with a secret was made.
    """
    asked = [e for e in evidence.at("token") if _place(e) != "none"]
    if not asked:
        return inconclusive("No token request with a secret was made.")
    formed = [e for e in asked if _place(e) in {"body", "query"}]
    if not formed:
        return allowed("The client's secret stood in a Basic header, not in a form.", asked[0].n)
    right = [e.n for e in formed if e.param("client_secret") == evidence.context.get("client_secret")]
    if not right:
        return failed("The form does not decode to the client's secret.", formed[0].n)
    if right[0] != formed[0].n:
        return warned("The form decodes to the client's secret only at another try.", formed[0].n, right[0])
    return passed("The form decodes to the client's secret.", right[0])


def no_password_grant(evidence: Evidence) -> Finding:
    """Grants are those of the provider's document: never a person's password, no token by way of the browser.

    Pass: every ``grant_type`` that brought a token is a documented one, and every login asks for a code. Warn: a token
    by an undocumented grant, or a login that asks for a token (the implicit grant). Fail: the password grant, but for a
    public client where the document has one for it. Skipped: nothing was asked for.
    """
    asked = evidence.at("token")
    urls = authorize_url_of(evidence)
    if not asked and not urls:
        return skipped("Neither a token nor a login was asked for.")
    passwords = [e.n for e in asked if e.param("grant_type") == "password"]
    if passwords and not (evidence.public and "password" in facts(evidence.provider).public_grants):
        return failed("The client sent a person's password to the token endpoint (grant_type=password).", *passwords)
    wanted = [query_of(url).get("response_type", "").split() for url in urls]
    implicit = next((types for types in wanted if {"token", "id_token"} & set(types)), None)
    if implicit is not None:
        return warned(f"The login asks for `{' '.join(implicit)}`, which comes by way of the browser.")
    documented = facts(evidence.provider).grants
    brought = {token.n for token in issued(evidence)}
    odd = [e for e in asked if e.n in brought and e.param("grant_type") not in {*documented, "password", None}]
    if documented and odd:
        return warned(
            f"A token came by the grant `{odd[0].param('grant_type')}`, which the document does not know.", odd[0].n
        )
    return passed("Every grant was a documented one.")


CHECKS: tuple[Check, ...] = (
    Check(
        id="auth-method-as-documented",
        title="The client authenticates as the document has it",
        why="What works beside the document today is turned off by an upgrade of which nobody is told.",
        mend="Set the library's method of client authentication by hand; do not let it guess.",
        sources=(
            "rotor/document/basic",
            "clickview/document/client-secret-required",
            "movingimage/document/client-secret",
            "panopto/document/exchange-parameters",
            "ingest/document/client-credentials-once",
        ),
        judge=auth_method_as_documented,
    ),
    Check(
        id="basic-carries-any-secret",
        title="Any secret fits into a Basic header",
        why="A new secret with a percent sign in it is refused, and nothing in the log says why.",
        mend="Find out whether your library form-encodes the secret before Base64, and whether the provider wants it.",
        sources=("rfc6749/2.3.1/basic", "rotor/document/basic", "ingest/document/basic-value"),
        judge=basic_carries_any_secret,
    ),
    Check(
        id="body-carries-any-secret",
        title="Any secret fits into a form",
        why="In a body that is put together by hand a plus sign becomes a blank, and an ampersand ends the secret.",
        mend="Let the library encode the form.",
        sources=("rfc6749/B/form", "clickview/document/content-type", "ingest/document/query-or-body"),
        judge=body_carries_any_secret,
    ),
    Check(
        id="no-password-grant",
        title="No passwords, and no tokens by way of the browser",
        why="A client that handles passwords can lose them, and no second factor works with it.",
        mend="Use the authorization code grant for people, and client credentials for the application itself.",
        sources=("rfc9700/2.4", "rfc9700/2.1.2"),
        judge=no_password_grant,
    ),
)
