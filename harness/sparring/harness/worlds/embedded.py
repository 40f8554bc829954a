"""The fakes in the process of somebody's tests; light, for every test session that uses them imports it."""

from sparring.mocks.control.interface import ControlError
from sparring.mocks.testing import RecordedRequest, Sparring, session

__all__ = ["ControlError", "RecordedRequest", "Sparring", "session"]
