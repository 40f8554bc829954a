"""The table of defects: for each check the one broken client that it must catch, and what it runs on."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from tests.clients.broken import answers, asking, blocked, endings, identities, leaks, lifecycle, logins, partners
from tests.clients.good.client import CarefulClient


class Switch(NamedTuple):
    """One defect. Its name is the id of the check that must see it. ``plain_http``: it is one only without TLS.

    ``shows_in``: the scenarios that show it, where its check is an always-on one and the happy path does not.
    """

    provider: Literal["clickview", "ingest", "movingimage", "panopto", "rotor"]
    grant: Literal["client_credentials", "authorization_code"]
    client: type[CarefulClient]
    plain_http: bool = False
    shows_in: tuple[str, ...] = ()

    @property
    def does(self) -> str:
        """What it does, in a sentence."""
        return " ".join((self.client.__doc__ or "").split())


def clickview(client: type[CarefulClient]) -> Switch:
    """For a defect that shows at ClickView, with the client's own credentials."""
    return Switch("clickview", "client_credentials", client)


def ingest(client: type[CarefulClient]) -> Switch:
    """For a defect that shows at Ingest, with the client's own credentials."""
    return Switch("ingest", "client_credentials", client)


def ingest_code(client: type[CarefulClient], *shows_in: str) -> Switch:
    """For a defect that shows at Ingest, on a user's behalf."""
    return Switch("ingest", "authorization_code", client, shows_in=shows_in)


def movingimage_code(client: type[CarefulClient], *, plain_http: bool = False) -> Switch:
    """For a defect that shows at movingimage, where a login tells who signed in."""
    return Switch("movingimage", "authorization_code", client, plain_http)


def panopto_code(client: type[CarefulClient]) -> Switch:
    """For a defect that shows at Panopto, on a user's behalf."""
    return Switch("panopto", "authorization_code", client)


def rotor(client: type[CarefulClient]) -> Switch:
    """For a defect that shows at Rotor, with a partner's token and its users'."""
    return Switch("rotor", "client_credentials", client)


SWITCHES: Mapping[str, Switch] = {
    # how the token request is sent
    "token-request-is-post": clickview(asking.GetsFirst),
    "token-content-type": clickview(asking.SendsJsonFirst),
    "token-params-once": clickview(asking.SaysGrantTypeTwice),
    "auth-single-method": clickview(asking.AuthenticatesTwice),
    "secret-never-in-url": ingest(asking.PutsParametersIntoUrl),
    "scope-is-comma-separated": ingest(asking.SeparatesScopesBySpace),
    "no-post-across-origins": clickview(asking.FollowsTheRedirect),
    "grant-type-is-spelt-right": panopto_code(asking.MisspellsGrantType),
    # where secrets and tokens go
    "secret-never-front-channel": ingest_code(leaks.ShowsSecretToBrowser),
    "secret-never-in-logs": ingest_code(leaks.LogsTokenAnswer),
    "token-never-to-other-host": ingest(leaks.SendsTokenToOtherHost),
    "bearer-header-only": ingest(leaks.SendsTokenInBodyToo),
    # how the token endpoint's answer is read
    "no-call-after-refused-client": clickview(answers.CallsThoughRefused),
    "error-object-is-no-token": clickview(answers.LooksAtStatusOnly),
    "unknown-token-type-is-not-used": clickview(answers.IgnoresTokenType),
    "lifetime-as-string-is-honoured": ingest(answers.IgnoresLifetimeAsString),
    "missing-lifetime-is-accepted": clickview(answers.InsistsOnLifetime),
    "no-call-without-a-token": clickview(answers.CallsForWantOfToken),
    "token-type-in-any-case": ingest(answers.InsistsOnCapital),
    "extra-members-are-ignored": clickview(answers.RefusesMoreThanItKnows),
    # how tokens are kept and renewed
    "one-token-for-many-calls": clickview(lifecycle.NewTokenForEveryCall),
    "latest-refresh-token-is-used": ingest_code(lifecycle.KeepsFirstRefreshToken),
    "refused-refresh-token-is-dropped": ingest_code(lifecycle.TriesRefusedRefreshTokenAgain),
    "one-renewal-after-401": ingest_code(lifecycle.RepeatsWithRejectedToken),
    "persistent-401-ends": clickview(lifecycle.RenewsFourTimes),
    "no-renewal-after-403": clickview(lifecycle.RenewsAfter403),
    "one-refresh-per-expiry": movingimage_code(lifecycle.RenewsTwice),
    "old-refresh-token-is-kept": movingimage_code(lifecycle.ForgetsRefreshToken),
    "no-refresh-without-a-token": clickview(lifecycle.RenewsByNothing),
    "no-empty-refresh-token": panopto_code(lifecycle.RenewsByNone),
    # the login
    "code-single-use": ingest_code(logins.SendsCodeTwice, "state-present-and-unguessable"),
    "redirect-uri-equality": ingest_code(logins.ChangesRedirectUri),
    "no-token-request-without-state": ingest_code(logins.AcceptsMissingState),
    "no-token-request-after-forged-state": ingest_code(logins.AcceptsAnyState),
    "denial-is-final": ingest_code(logins.AsksAgainAfterDenial),
    "state-is-fresh-and-random": movingimage_code(logins.HasOneState),
    "pkce-with-s256": movingimage_code(logins.SendsPlainChallenge),
    "no-verifier-where-it-is-refused": panopto_code(logins.SendsVerifierAtFirst),
    "callback-is-taken-once": ingest_code(logins.TakesCallbackTwice),
    "callback-without-a-code-ends": movingimage_code(logins.InventsCode),
    # who signed in
    "nonce-is-compared": movingimage_code(identities.IgnoresNonce),
    "audience-is-checked": movingimage_code(identities.IgnoresAudience),
    "signature-is-checked": movingimage_code(identities.IgnoresSignature, plain_http=True),
    "id-token-expiry-is-checked": movingimage_code(identities.IgnoresExpiryOfIdToken),
    # partners and their users
    "user-token-used-for-orders": rotor(partners.CallsAsPartnerToo),
    "remote-user-id-is-kept-as-a-string": rotor(partners.ChangesUserName),
    "partner-token-stays-inside": rotor(partners.ShowsPartnerToken),
    # manners
    "request-budget": clickview(endings.AsksForDiscoveryTenTimes),
    "client-terminates": clickview(endings.DoesNotEnd),
    # the happy path itself: all that depends on it is blocked
    "client-starts": clickview(blocked.GivesUpAtOnce),
    "scope-accepted": ingest_code(blocked.JoinsScopesBySpace),
    "authorization-answered": ingest_code(blocked.AsksForAToken),
    "token-request-accepted": clickview(blocked.HasWrongSecret),
    "api-accepts-token": ingest(blocked.ForgetsTheVersion),
    "register-accepted": rotor(partners.RegistersByOldName),
    "happy-outcome": clickview(endings.ComplainsOfSuccess),
}
