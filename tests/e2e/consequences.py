"""Where a broken client is seen by a second check as well, and why that is its own fault and no wrong accusation."""

from collections.abc import Mapping

_FOLLOWS = "a client that follows a redirect with its secret follows it at the same origin and down to plain HTTP too."
_STALE = "the refresh token of the login is a spent one by then: what depends on a second renewal cannot succeed."
_GIVES_UP = "a token that ends at once is renewed at once, by the stale refresh token; the client may well stop there."
_UNKNOWN_LIFE = "whoever does not know when a token ends cannot renew it before."
_SAME_CLAIM = "the ID token that comes with a renewal is read by the same step."
_FIRST_TRY = "the key changes at the client's first exchange, which is refused for its own mistake."
_ONE_MORE = "the try without the secret presents the refresh token once, and the one with it once more."
_UNREAD = "a discovery document that is never read can mislead nobody."
_KEYS = "whoever checks no signature never asks for the keys."

_INTERCEPTED = "this client is played in the sandbox, and the scenarios at addresses where nobody is are not."

CONSEQUENCES: Mapping[tuple[str, str], str] = {
    ("scope-is-comma-separated", "refused-scope-is-configuration"): (
        "the refusal of any scope is answered by another request, with commas."
    ),
    ("scope-is-comma-separated", "request-budget"): "its second try is one request more than it takes.",
    ("reaches-no-other-host", "unread-connection-has-an-end"): _INTERCEPTED,
    ("reaches-no-other-host", "unreachable-endpoint-is-told"): _INTERCEPTED,
    ("no-post-across-origins", "moved-endpoint-is-noticed"): _FOLLOWS,
    ("no-post-across-origins", "plaintext-endpoint-is-refused"): _FOLLOWS,
    ("grant-type-is-spelt-right", "code-is-not-sent-after-a-reset"): (
        "the connection is lost at the misspelt request, and the code was never sent."
    ),
    ("unknown-token-type-is-not-used", "missing-token-type-is-no-word"): (
        "no type is a type like any other, and is accepted; the text allows it."
    ),
    ("lifetime-as-string-is-honoured", "token-is-renewed-before-its-end"): _UNKNOWN_LIFE,
    ("lifetime-as-string-is-honoured", "first-call-after-idle-renews"): _UNKNOWN_LIFE,
    ("latest-refresh-token-is-used", "token-is-renewed-before-its-end"): _STALE,
    ("latest-refresh-token-is-used", "parallel-calls-share-one-refresh"): _STALE,
    ("latest-refresh-token-is-used", "spent-lifetime-is-over"): _GIVES_UP,
    ("pkce-with-s256", "challenge-is-never-dropped"): (
        "the login after the refusal has a challenge by `plain`, as every login of this client has."
    ),
    ("no-verifier-where-it-is-refused", "rotated-keys-are-fetched"): _FIRST_TRY,
    ("lost-connections-are-not-hammered", "silence-has-an-end"): "six waits are longer than any patience.",
    ("lost-connections-are-not-hammered", "request-budget"): "six tries are more requests than it takes.",
    ("code-is-not-sent-after-a-reset", "code-single-use"): "a code that is sent again is one code in two requests.",
    ("wrong-issuer-is-noticed", "code-stays-with-its-issuer"): (
        "a callback of any issuer is taken, that of the attacker's provider as well."
    ),
    ("nonce-is-compared", "id-token-of-renewal-is-checked"): _SAME_CLAIM,
    ("audience-is-checked", "id-token-of-renewal-is-checked"): _SAME_CLAIM,
    ("audience-is-checked", "strangers-in-the-audience-are-noticed"): (
        "strangers beside the client, or an `azp` of another, stand in the claim that nobody reads."
    ),
    ("signature-is-checked", "algorithm-is-the-agreed-one"): (
        "a signature by another algorithm is a signature that nobody checks."
    ),
    ("signature-is-checked", "rotated-keys-are-fetched"): _KEYS,
    ("code-stays-with-its-issuer", "wrong-issuer-is-noticed"): (
        "whoever does not look at the issuer of a callback does not look at that of another login either."
    ),
    ("injected-code-is-refused", "nonce-is-compared"): "the nonce is what would have told the code of another login.",
    ("issuer-is-checked", "id-token-of-renewal-is-checked"): _SAME_CLAIM,
    ("missing-id-token-is-noticed", "not-quite-json-is-no-trap"): "the answer of that scenario has no ID token either.",
    ("endpoints-come-from-discovery", "plaintext-endpoint-is-refused"): _UNREAD,
    ("endpoints-come-from-discovery", "discovered-issuer-is-compared"): _UNREAD,
    ("auth-method-as-documented", "body-carries-any-secret"): "a secret in a Basic header stands in no form.",
    ("refresh-request-as-documented", "one-refresh-per-expiry"): _ONE_MORE,
    ("refresh-request-as-documented", "parallel-calls-share-one-refresh"): _ONE_MORE,
    ("refresh-request-as-documented", "ended-session-leads-to-login"): _ONE_MORE,
    ("no-password-grant", "code-is-not-sent-after-a-reset"): (
        "the connection is lost at the try by password, and the code was never sent."
    ),
    ("no-password-grant", "retry-after-is-honoured"): (
        "the try by password is told to wait, and nobody listens: the login goes on at once."
    ),
    ("user-token-used-for-orders", "token-is-renewed-before-its-end"): (
        "the partner's token and the user's take turns at the API, where one of them should be replaced in time."
    ),
}
"""By the broken client's own check and the other one."""
