"""What lies behind each failure of the gallery, read in the library's source in the version that is pinned."""

# ruff: noqa: E501 - quotations and the reasons beside them

from collections.abc import Mapping
from dataclasses import dataclass

A, RO, R2, HX = (
    "python/authlib-requests-code",
    "python/requests-oauthlib-code",
    "python/requests-oauth2client",
    "python/httpx-auth",
)
SO, PP = "node/simple-oauth2-code", "node/passport-oauth2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One cause. ``checks`` are those that fail by it, in the folders of ``who``; ``where`` is file and line;
    ``instead`` is what a user of the library sets. ``shown_by``: folder, provider, grant and scenario that show it.
    """

    title: str
    who: tuple[str, ...]
    checks: tuple[str, ...]
    what: str
    where: str
    instead: str
    shown_by: tuple[str, str, str, str]


CODE = "authorization_code"

FINDINGS = (
    Finding(
        title="A sign-in that was refused becomes a token of the application's own",
        who=(A,),
        checks=("denial-is-final", "authorization-errors-are-understood"),
        what="A callback with `error=access_denied` (or any other error) has no `code=`, so `fetch_token` guesses the grant, and the guess is `client_credentials`. Where the provider allows that grant to the client, the application goes on with a token of its own and takes it for the person's.",
        where='authlib/oauth2/client.py:242 (`"code=" in authorization_response`) and :536-543 (`_guess_grant_type`)',
        instead="Look for `error` in the callback before `fetch_token`, as Authlib's own web integrations do (`authorize_access_token`).",
        shown_by=(A, "ingest", CODE, "authz-error-access-denied"),
    ),
    Finding(
        title="A redirect of the token endpoint is followed to any origin",
        who=(A, RO, R2),
        checks=("no-post-across-origins", "strangers-token-is-refused", "plaintext-endpoint-is-refused"),
        what="All three send the token request through a `requests` session, which follows redirects. After 307 and 308 the body goes along (code, verifier, and the secret where it is in the body), also to plain http; after 301, 302 and 303 it asks with GET and takes the stranger's answer for a token.",
        where="requests/sessions.py:773 (`allow_redirects` is True); authlib/oauth2/client.py:445, requests_oauthlib/oauth2_session.py:381, requests_oauth2client/client.py:518 leave it so",
        instead="A session whose `max_redirects` is 0; a token endpoint does not move.",
        shown_by=(R2, "ingest", "client_credentials", "token-endpoint-redirect-307"),
    ),
    Finding(
        title="A silent token endpoint is waited for without a limit",
        who=(A, RO, R2, SO, PP),
        checks=("silence-has-an-end", "unread-connection-has-an-end"),
        what="No time limit is set by default, and the documentation's examples set none.",
        where="requests/sessions.py:567 (`timeout` is None); @hapi/wreck/lib/index.js:308 (`if (options.timeout)`); oauth/lib/oauth2.js:146 (`http_library.request(options)`)",
        instead='Authlib: `OAuth2Session(default_timeout=...)`. requests-oauthlib: `fetch_token(timeout=...)`. requests_oauth2client: `requests_kwargs={"timeout": ...}`. simple-oauth2: `http: { timeout }`. passport-oauth2: an agent with a timeout, by `_oauth2.setAgent`.',
        shown_by=(A, "panopto", CODE, "token-hang"),
    ),
    Finding(
        title="A renewal asks for the scope of the beginning, though less was granted",
        who=(A, HX),
        checks=("refresh-asks-for-no-more",),
        what="The person granted less than was asked for; the refresh request names all of it again, which RFC 6749, section 6, forbids and strict servers refuse.",
        where='authlib/oauth2/client.py:296-297 (`kwargs["scope"] = self.scope`); httpx_auth/_oauth2/authorization_code_pkce.py:136-137 (`self.refresh_data.update(kwargs)`)',
        instead="Authlib: set `session.scope` to the `scope` of the token answer. httpx_auth: nothing can be set.",
        shown_by=(A, "ingest", CODE, "refresh-scope-not-widened"),
    ),
    Finding(
        title="Of two codes in a callback the last one counts",
        who=(A, RO),
        checks=("doubled-parameters-are-refused",),
        what="The query is made a dictionary, so whoever can append `&code=` to a callback decides which code is exchanged; RFC 6749, section 3.1, forbids doubled parameters. With PKCE the provider refuses the stranger's code.",
        where="authlib/oauth2/rfc6749/parameters.py:142; oauthlib/oauth2/rfc6749/parameters.py:273 (`dict(urlparse.parse_qsl(query))`)",
        instead="Refuse such a callback before it is handed over.",
        shown_by=(RO, "ingest", CODE, "callback-duplicate-params-code"),
    ),
    Finding(
        title="A 429 with JSON in it is taken for a token",
        who=(A,),
        checks=("retry-after-is-honoured",),
        what="Below 500 any JSON object without `error` is kept as the token, whatever the status: the session goes on with a token that has no `access_token`.",
        where="authlib/oauth2/client.py:26 (`resp.status_code >= 500`) and :432 (`parse_response_token`)",
        instead='A hook: `register_compliance_hook("access_token_response", ...)` that calls `raise_for_status()`.',
        shown_by=(A, "panopto", CODE, "token-429"),
    ),
    Finding(
        title="A refresh request without a refresh token",
        who=(RO, SO),
        checks=("no-empty-refresh-token",),
        what="Without `offline_access` Panopto issues no refresh token. At the token's end both ask for a renewal all the same: requests-oauthlib leaves the parameter out, simple-oauth2 sends it empty. The person sees the provider's error instead of a sign-in page.",
        where="requests_oauthlib/oauth2_session.py:455 and oauthlib/oauth2/rfc6749/parameters.py:168 (`if kwargs[k]`); simple-oauth2/lib/access-token.js:45",
        instead="Look for `refresh_token` in the token before it is renewed; with requests-oauthlib set `auto_refresh_url` only then.",
        shown_by=(RO, "panopto", CODE, "panopto-offline-access"),
    ),
    Finding(
        title="The old refresh token is lost when the answer has no new one",
        who=(R2, HX, SO),
        checks=("old-refresh-token-is-kept",),
        what="A server may leave the refresh token as it is (RFC 6749, section 6). requests_oauth2client replaces the whole token by the answer; httpx_auth keeps `None`. simple-oauth2 means to keep it, but reads `this.refresh_token`, which does not exist: it would be `this.token.refresh_token`.",
        where="requests_oauth2client/auth.py:94; httpx_auth/_oauth2/tokens.py:151-156; simple-oauth2/lib/access-token.js:52",
        instead="Put the old refresh token into the new token by hand. httpx_auth: nothing can be set.",
        shown_by=(SO, "movingimage", CODE, "refresh-reply-without-refresh-token"),
    ),
    Finding(
        title="The access token is the text of an exception",
        who=(R2,),
        checks=("secret-never-in-logs",),
        what="`ExpiredAccessToken` is raised with the token object as its argument, whose text is the access token: a traceback in a log shows it. It has expired by the client's clock, which a wrong `expires_in` is enough for.",
        where="requests_oauth2client/tokens.py:575 (`raise ExpiredAccessToken(self)`) and :504 (`__str__`)",
        instead="Catch it where tokens are used, and log its class only.",
        shown_by=(R2, "ingest", "client_credentials", "expires-in-negative"),
    ),
    Finding(
        title="A token of an unknown type is sent as Bearer",
        who=(HX, SO, PP),
        checks=("unknown-token-type-is-not-used",),
        what="`token_type` is not looked at. RFC 6749, section 7.1: a client MUST NOT use a token whose type it does not understand.",
        where="httpx_auth/_oauth2/common.py:80-84 (only `access_token`, `expires_in` and `refresh_token` are read); simple-oauth2 and passport-oauth2 leave it to their caller (passport-oauth2 gives `params` to a verify callback of five arguments)",
        instead="simple-oauth2: compare `accessToken.token.token_type`. passport-oauth2: take `params` and compare.",
        shown_by=(HX, "ingest", "client_credentials", "token-type-mac"),
    ),
    Finding(
        title="The state is a fingerprint of the settings, and is not compared",
        who=(HX,),
        checks=("state-is-fresh-and-random", "no-token-request-after-forged-state"),
        what="`state` is the SHA-512 of the authorization URL: the same for every login. What the callback brings is read, and never compared with it: the code is exchanged under the expected state.",
        where="httpx_auth/_oauth2/authorization_code_pkce.py:98 and :145-171",
        instead="Nothing can be set.",
        shown_by=(HX, "ingest", CODE, "state-mismatch"),
    ),
    Finding(
        title="One code verifier for all logins",
        who=(HX,),
        checks=("pkce-with-s256",),
        what="The verifier is drawn when the object is made. RFC 7636, section 4.1, asks for one for each authorization request.",
        where="httpx_auth/_oauth2/authorization_code_pkce.py:109",
        instead="A new `OAuth2AuthorizationCodePKCE` for each login.",
        shown_by=(HX, "ingest", CODE, "pkce-present-s256"),
    ),
    Finding(
        title="The client secret stands in the address of the sign-in page",
        who=(HX,),
        checks=("secret-never-front-channel",),
        what="The README names `client_secret` among the usual extra parameters of both code flows; all of them go into the authorization URL as well as into the token request, and so into the browser's history.",
        where='httpx_auth/_oauth2/authorization_code_pkce.py:92 (`_add_parameters(..., kwargs)`); README, "Authorization Code Flow"',
        instead="`OAuth2AuthorizationCode` with `username` and `password`, which are sent as Basic to the token endpoint only. The class with PKCE has no such parameter.",
        shown_by=(HX, "ingest", CODE, "ingest-happy-code"),
    ),
    Finding(
        title="The refresh token is thrown away before it is used",
        who=(HX,),
        checks=("refresh-token-survives-an-outage", "parallel-calls-share-one-refresh"),
        what="An expired token leaves the cache, and its refresh token with it, before the renewal has succeeded. If that fails once, or if another thread looks meanwhile, the person is sent to sign in.",
        where="httpx_auth/_oauth2/tokens.py:143 (`del self.tokens[key]`) and :166",
        instead="Nothing can be set.",
        shown_by=(HX, "ingest", CODE, "refresh-temporary-failure"),
    ),
    Finding(
        title="What the token endpoint answers is not looked at",
        who=(SO,),
        checks=("error-object-is-no-token", "no-call-without-a-token", "unreadable-answer-is-no-token"),
        what="Any JSON value that comes with a good status becomes an `AccessToken`: an error object, an array, an object without `access_token`. The API is called with `Bearer undefined`.",
        where="simple-oauth2/lib/access-token.js:17-21 and lib/access-token-parser.js:26",
        instead="Check `accessToken.token.access_token` after each `getToken` and `refresh`.",
        shown_by=(SO, "ingest", CODE, "token-missing-access-token"),
    ),
    Finding(
        title="The callback is its caller's business, and the README does not show it",
        who=(SO,),
        checks=(
            "no-token-request-without-state",
            "no-token-request-after-forged-state",
            "denial-is-final",
            "authorization-errors-are-understood",
            "callback-without-a-code-ends",
        ),
        what="The library makes the address and exchanges the code; nothing reads the callback in between. The README's example sends a state and compares none, and takes `code` from whatever comes back. This client does as the README.",
        where='simple-oauth2/lib/authorization-code-grant-type.js:26-56; README, "Authorization Code Grant"',
        instead="Compare the state, and look for `error`, before `getToken`.",
        shown_by=(SO, "ingest", CODE, "state-mismatch"),
    ),
    Finding(
        title="Two codes in a callback are both sent on",
        who=(PP,),
        checks=("token-params-once",),
        what="Express reads a doubled parameter as an array, and the token request names each member. RFC 6749, section 3.2: request parameters MUST NOT be included more than once.",
        where="passport-oauth2/lib/strategy.js:166 (`req.query.code`) and oauth/lib/oauth2.js:187-189",
        instead="A middleware before the callback that refuses a `code` that is no string.",
        shown_by=(PP, "ingest", CODE, "callback-duplicate-params-code"),
    ),
)

APART: Mapping[tuple[str, str], str] = {}
"""Verdicts that say nothing about the library, by folder and scenario, with the reason; they do not stand in the table."""
