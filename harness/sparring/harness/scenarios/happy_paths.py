"""The happy paths: nothing is made to go wrong, and the client gets a token and calls the API."""

from sparring.harness.checks import happy
from sparring.harness.checks.partners import REGISTERED
from sparring.harness.scenario import Check, Do, Scenario

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
