"""The table of defects: for each check the one broken client that it must catch, and what it runs on."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from tests.clients.broken import answers, asking, blocked, endings, leaks, lifecycle, logins
from tests.clients.good.client import CarefulClient


class Switch(NamedTuple):
    """One defect. Its name is the id of the check that must see it."""

    provider: Literal["clickview", "ingest"]
    grant: Literal["client_credentials", "authorization_code"]
    client: type[CarefulClient]

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


def ingest_code(client: type[CarefulClient]) -> Switch:
    """For a defect that shows at Ingest, on a user's behalf."""
    return Switch("ingest", "authorization_code", client)


SWITCHES: Mapping[str, Switch] = {
    # how the token request is sent
    "token-request-is-post": clickview(asking.GetsFirst),
    "token-content-type": clickview(asking.SendsJsonFirst),
    "token-params-once": clickview(asking.SaysGrantTypeTwice),
    "auth-single-method": clickview(asking.AuthenticatesTwice),
    "secret-never-in-url": ingest(asking.PutsParametersIntoUrl),
    "scope-is-comma-separated": ingest(asking.SeparatesScopesBySpace),
    "no-post-across-origins": clickview(asking.FollowsTheRedirect),
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
    # how tokens are kept and renewed
    "one-token-for-many-calls": clickview(lifecycle.NewTokenForEveryCall),
    "latest-refresh-token-is-used": ingest_code(lifecycle.KeepsFirstRefreshToken),
    "refused-refresh-token-is-dropped": ingest_code(lifecycle.TriesRefusedRefreshTokenAgain),
    "one-renewal-after-401": ingest_code(lifecycle.RepeatsWithRejectedToken),
    # the login
    "code-single-use": ingest_code(logins.SendsCodeTwice),
    "redirect-uri-equality": ingest_code(logins.ChangesRedirectUri),
    "no-token-request-without-state": ingest_code(logins.AcceptsMissingState),
    "no-token-request-after-forged-state": ingest_code(logins.AcceptsAnyState),
    "denial-is-final": ingest_code(logins.AsksAgainAfterDenial),
    # manners
    "request-budget": clickview(endings.AsksForDiscoveryTenTimes),
    "client-terminates": clickview(endings.DoesNotEnd),
    # the happy path itself: all that depends on it is blocked
    "client-starts": clickview(blocked.GivesUpAtOnce),
    "scope-accepted": ingest_code(blocked.JoinsScopesBySpace),
    "authorization-answered": ingest_code(blocked.AsksForAToken),
    "token-request-accepted": clickview(blocked.HasWrongSecret),
    "api-accepts-token": ingest(blocked.ForgetsTheVersion),
    "happy-outcome": clickview(endings.ComplainsOfSuccess),
}
