"""The libraries of the table, in the order of its columns, and what their own sources say about a cell."""

# ruff: noqa: E501 - the tables are wide

from collections.abc import Mapping

from tests.e2e.libraries.subjects import Subject

NONE = "for ever"
RO, AR, AH = "requests-oauthlib", "Authlib, requests", "Authlib, httpx"
OC, SO, BG, CO = "openid-client", "simple-oauth2", "@badgateway", "client-oauth2"
GO, FETCH = "x/oauth2", "by hand, node-fetch"

SUBJECTS = (
    Subject(RO, "python/requests-oauthlib", ("requests-oauthlib", "oauthlib", "requests"), (NONE, "requests/sessions.py: `timeout=None`")),
    Subject(AR, "python/authlib-requests", ("Authlib", "requests"), (NONE, "requests/sessions.py: `timeout=None`")),
    Subject(AH, "python/authlib-httpx", ("Authlib", "httpx"), ("5 s", "httpx/_config.py:246")),
    Subject(OC, "node/openid-client", ("openid-client", "oauth4webapi"), ("30 s", "openid-client/build/index.js:504")),
    Subject(SO, "node/simple-oauth2", ("simple-oauth2", "@hapi/wreck"), (NONE, "@hapi/wreck/lib/index.js:308")),
    Subject(BG, "node/badgateway-oauth2-client", ("@badgateway/oauth2-client",), ("300 s", "Node's own fetch: the headersTimeout of undici")),
    Subject(CO, "node/client-oauth2", ("client-oauth2", "popsicle-transport-http"), ("30 s", "popsicle-transport-http/dist/index.js:486")),
    Subject(GO, "go/x-oauth2", ("golang.org/x/oauth2",), (NONE, "internal/transport.go:27: http.DefaultClient")),
    Subject(FETCH, "node/node-fetch", ("node-fetch",), (NONE, "node-fetch/lib/index.js:188")),
)  # fmt: skip

NOTES: Mapping[tuple[str, str], tuple[tuple[str, ...], str]] = {
    ("type-mac", "oauthlib"): ((RO,), "oauthlib/oauth2/rfc6749/tokens.py:110 wants a hash algorithm of an early draft, and finds None."),
    ("type-mac", "as Bearer"): ((SO, BG), "Neither looks at token_type; the caller, or dist/fetch-wrapper.js:63, writes Bearer."),
    ("type-mac", "in the URL"): ((CO,), "src/client-oauth2.js:342-346: whatever is not `bearer` goes into the query."),
    ("type-mac", "echoed"): ((GO, FETCH), "token.go:74-76 writes MAC; by hand the type is echoed."),
    ("type-missing", "none"): ((CO, FETCH), "The same lines: a missing type is not `bearer`; by hand it is the word `undefined`."),
    ("type-missing", "strict"): ((OC,), "oauth4webapi/build/index.js:1233 wants a text, as RFC 6749 section 5.1 has it (REQUIRED)."),
    ("expires-zero", "falsy"): ((RO, AR, AH, BG, GO), "0 counts as absent: oauthlib/oauth2/rfc6749/parameters.py:433, authlib/oauth2/rfc6749/wrappers.py:15, dist/client.js:280, internal/token.go:80. The token is used for ever."),
    ("expires-past", "anew"): ((AR, AH), "authlib/oauth2/client.py:333 asks for a token before each call, since the session knows its endpoint and grant; without them it raises."),
    ("expires-past", "twice"): ((RO,), "oauthlib/oauth2/rfc6749/clients/base.py:215-216 raises TokenExpiredError; the renewal that its page shows brings another expired token."),
    ("expires-past", "refused"): ((OC,), "oauth4webapi/build/index.js:1239 takes no negative number."),
    ("expires-huge", "date"): ((SO, CO), "lib/access-token-parser.js:9 and src/client-oauth2.js:319 make an invalid Date of it; comparisons with one are false, so the token never ends."),
    ("expires-huge", "clamped"): ((GO,), "internal/token.go:101-103: 2^31-1 seconds at most."),
    ("expires-word", "silent"): ((SO, CO), "NaN makes an invalid Date, which never ends (the same lines)."),
    ("expires-word", "anew"): ((BG,), "dist/fetch-wrapper.js:85: NaN is not later than now, so each call asks for a token."),
    ("scope-narrowed", "raised"): ((RO,), "oauthlib/oauth2/rfc6749/parameters.py:462-471 raises a Warning, unless OAUTHLIB_RELAX_TOKEN_SCOPE is set."),
    ("scope-list", "split"): ((BG,), "dist/client.js:287 calls split() on it."),
    ("html", "query"): ((CO,), "src/client-oauth2.js:135-140: what is no JSON is read as a query string, and there is always one. HTML, broken JSON, an empty body and a byte order mark all become a token without access_token."),
    ("text-plain", "form"): ((GO,), "internal/token.go:279 reads text/plain as a form."),
    ("text-plain", "strict"): ((SO, BG), "@hapi/wreck/lib/index.js:406 and dist/client.js:243 insist on a JSON media type."),
    ("token-null", "present"): ((RO,), "oauthlib/oauth2/rfc6749/parameters.py:452 asks only whether the member is there; clients/base.py:212 refuses to use it."),
    ("token-null", "formatted"): ((AR, AH, SO, FETCH), "Nobody looks at the value; authlib/oauth2/rfc6750/parameters.py:21 formats it into the header, the callers of the others do."),
    ("error-200", "token"): ((SO, FETCH), "lib/access-token-parser.js:26 takes any object for a token."),
    ("unavailable", "probe"): ((GO,), "internal/token.go:230: after any error the same request is sent with the secret in the body, to find out what the server wants."),
    ("redirect-307", "followed"): ((RO, AR, BG), "requests and undici follow the POST, but leave Authorization out at another origin (requests/sessions.py:154-181)."),
    ("redirect-307", "with secret"): ((GO, FETCH), "The other origin is another port of the same host. Go (net/http/client.go:1005) and node-fetch (lib/index.js:1409) compare host names alone, and send Authorization along."),
    ("redirect-307", "destroyed"): ((CO,), "popsicle-redirects/dist/index.js:67 destroys the body of a 307, and client-oauth2 reads it."),
    ("huge", "cap"): ((GO,), "internal/token.go:263 reads 1 MiB."),
    ("basic", "raw"): ((RO, AR, AH, CO, FETCH), "RFC 6749 section 2.3.1 wants the form encoding; requests/auth.py:66-69, authlib/oauth2/auth.py:13-14 and src/client-oauth2.js:187 do not encode."),
    ("basic", "colon"): ((BG,), "dist/client.js:226, the method client_secret_basic_interop, which is its default; client_secret_basic is form encoded."),
    ("basic-accent", "vschar"): ((SO,), "lib/config.js:7 allows the characters of RFC 6749 appendix A.2 alone."),
    ("parallel", "shared"): ((RO,), "requests_oauthlib/oauth2_session.py:364 empties the token while another is fetched, and line 517 then calls the API without one: a session cannot be shared by threads."),
    ("parallel", "six"): ((AR,), "authlib/oauth2/client.py:323 has no lock; that of httpx_client/oauth2_client.py:141 has one."),
    ("parallel", "caller"): ((OC, SO), "These keep no token: how often to ask is the caller's business, who here takes no care."),
    ("parallel", "socket"): ((CO,), "popsicle-transport-http/dist/index.js:591-600 hands the same idle socket to all six, since it claims one only after it has waited for it."),
}  # fmt: skip
"""Why: by stimulus and a word that tells its notes apart, the columns that are meant, and file and line of the source."""
