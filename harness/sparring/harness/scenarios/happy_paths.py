"""The happy paths: nothing is made to go wrong, and the client gets a token and calls the API."""

from sparring.harness.checks import happy
from sparring.harness.checks.partners import REGISTERED
from sparring.harness.scenario import Check, Do, Scenario
from sparring.harness.scenarios.sets import PROVIDERS

_CODE = "authorization_code"
_CLIENT = "client_credentials"
_BY_LOGIN = (happy.STARTS, happy.ANSWERED, happy.TOKEN_ACCEPTED, happy.API_ACCEPTS, happy.OUTCOME)
_BY_CREDENTIALS = (happy.STARTS, happy.TOKEN_ACCEPTED, happy.API_ACCEPTS, happy.OUTCOME)


def _happy(id: str, title: str, provider: str, grant: str, checks: tuple[Check, ...]) -> Scenario:  # noqa: A002
    return Scenario(
        id=id,
        title=title,
        profile="core",
        providers=frozenset({provider}),
        grants=frozenset({grant}),
        severity="MUST",
        plan=(Do("authenticate"), Do("call_api")),
        checks=checks,
    )


SCENARIOS = (
    _happy(
        "rotor-happy",
        "Rotor Videos: the partner gets a token, registers a user, and calls the API with the user's token",
        "rotor",
        _CLIENT,
        (happy.STARTS, happy.TOKEN_ACCEPTED, REGISTERED, happy.API_ACCEPTS, happy.OUTCOME),
    ),
    _happy(
        "clickview-happy",
        "ClickView: the application gets a token, and calls the API",
        "clickview",
        _CLIENT,
        _BY_CREDENTIALS,
    ),
    _happy(
        "movingimage-happy",
        "movingimage: a person signs in, and the client calls the API",
        "movingimage",
        _CODE,
        _BY_LOGIN,
    ),
    _happy("panopto-happy", "Panopto: a person signs in, and the client calls the API", "panopto", _CODE, _BY_LOGIN),
    _happy(
        "ingest-happy-code",
        "Ingest: a person signs in, and the client calls the API",
        "ingest",
        _CODE,
        (happy.STARTS, happy.SCOPE, *_BY_LOGIN[1:]),
    ),
    _happy(
        "ingest-happy-client-credentials",
        "Ingest: the application gets a token of its own, and calls the API",
        "ingest",
        _CLIENT,
        (happy.STARTS, happy.SCOPE, *_BY_CREDENTIALS[1:]),
    ),
)


def of(provider: str) -> tuple[Scenario, ...]:
    """That provider's happy paths. One that is not built-in has one for each grant: ``NAME-happy-code``,
    ``NAME-happy-client-credentials``.
    """
    if provider in PROVIDERS:
        return tuple(one for one in SCENARIOS if provider in one.providers)
    return (
        _happy(
            f"{provider}-happy-code",
            f"{provider}: a person signs in, and the client calls the API",
            provider,
            _CODE,
            _BY_LOGIN,
        ),
        _happy(
            f"{provider}-happy-client-credentials",
            f"{provider}: the application gets a token of its own, and calls the API",
            provider,
            _CLIENT,
            _BY_CREDENTIALS,
        ),
    )
