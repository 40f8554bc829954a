"""Things that go wrong on purpose: one schema, one file per fault, executed where it happens."""

from sparring.mocks.faults.authorization_response import AuthorizationResponse
from sparring.mocks.faults.callback_replayed import CallbackReplayed
from sparring.mocks.faults.json_patch import JsonPatch
from sparring.mocks.faults.person_denies import PersonDenies
from sparring.mocks.faults.poison_token import PoisonToken
from sparring.mocks.faults.redirect import Redirect
from sparring.mocks.faults.replace import Replace
from sparring.mocks.faults.schema import Effect
from sparring.mocks.faults.wire import Close, Hang, Reset

EFFECTS: tuple[type[Effect], ...] = (
    AuthorizationResponse,
    CallbackReplayed,
    Close,
    Hang,
    JsonPatch,
    PersonDenies,
    PoisonToken,
    Redirect,
    Replace,
    Reset,
)
"""Every kind of fault there is."""
