"""The fakes in somebody's tests: ``with Sparring("ingest") as ingest``. No test framework is needed."""

from sparring.mocks.control.interface import ControlError
from sparring.mocks.testing.backstage import session
from sparring.mocks.testing.clock import StageClock
from sparring.mocks.testing.directing import Fault, Staged
from sparring.mocks.testing.parties import Client, Endpoints, Token, User
from sparring.mocks.testing.requests import RecordedRequest, RequestLog
from sparring.mocks.testing.sparring import Sparring

__all__ = [
    "Client",
    "ControlError",
    "Endpoints",
    "Fault",
    "RecordedRequest",
    "RequestLog",
    "Sparring",
    "StageClock",
    "Staged",
    "Token",
    "User",
    "session",
]
