"""The happy paths: nothing is made to go wrong, and the client gets a token and calls the API."""

from sparring.harness.checks import happy
from sparring.harness.scenario import Do, Scenario

_PLAN = (Do("authenticate"), Do("call_api"))

SCENARIOS = (
    Scenario(
        id="ingest-happy-code",
        title="Ingest: a person signs in, and the client calls the API",
        profile="core",
        providers=frozenset({"ingest"}),
        grants=frozenset({"authorization_code"}),
        severity="MUST",
        plan=_PLAN,
        checks=(
            happy.STARTS,
            happy.SCOPE,
            happy.ANSWERED,
            happy.TOKEN_ACCEPTED,
            happy.API_ACCEPTS,
            happy.OUTCOME,
        ),
    ),
    Scenario(
        id="ingest-happy-client-credentials",
        title="Ingest: the application gets a token of its own, and calls the API",
        profile="core",
        providers=frozenset({"ingest"}),
        grants=frozenset({"client_credentials"}),
        severity="MUST",
        plan=_PLAN,
        checks=(happy.STARTS, happy.SCOPE, happy.TOKEN_ACCEPTED, happy.API_ACCEPTS, happy.OUTCOME),
    ),
    Scenario(
        id="clickview-happy",
        title="ClickView: the application gets a token, and calls the API",
        profile="core",
        providers=frozenset({"clickview"}),
        grants=frozenset({"client_credentials"}),
        severity="MUST",
        plan=_PLAN,
        checks=(happy.STARTS, happy.TOKEN_ACCEPTED, happy.API_ACCEPTS, happy.OUTCOME),
    ),
)
