"""Every kind of fault, in one tuple: whoever imports this imports them all."""

from sparring.mocks.faults.account_locked import AccountLocked
from sparring.mocks.faults.altered_answer import Body, ContentType, Headers, Status
from sparring.mocks.faults.authorization_response import AuthorizationResponse
from sparring.mocks.faults.browser_turns import CallbackElsewhere, CodeInjected
from sparring.mocks.faults.callback_replayed import CallbackReplayed
from sparring.mocks.faults.delay import Delay
from sparring.mocks.faults.duplicate_member import DuplicateMember
from sparring.mocks.faults.json_patch import JsonPatch
from sparring.mocks.faults.keys_changed import RotateKeys, StaleJwks
from sparring.mocks.faults.login_diverted import LoginDiverted
from sparring.mocks.faults.overload import RateLimited, Unavailable
from sparring.mocks.faults.person_denies import PersonDenies
from sparring.mocks.faults.poison_token import PoisonToken
from sparring.mocks.faults.rate_window import RateWindow
from sparring.mocks.faults.redirect import Redirect
from sparring.mocks.faults.replace import Replace
from sparring.mocks.faults.revoke import Revoke
from sparring.mocks.faults.schema import Effect
from sparring.mocks.faults.sent_form import ConsentPartial, SignInRefused
from sparring.mocks.faults.time_passes import TimePasses
from sparring.mocks.faults.wire import Close, Garbage, Hang, Reset
from sparring.mocks.faults.wire_answer import Cut, Drip, GzipBomb, Oversized, Short, Stall

EFFECTS: tuple[type[Effect], ...] = (
    AccountLocked,
    AuthorizationResponse,
    Body,
    CallbackElsewhere,
    CallbackReplayed,
    Close,
    CodeInjected,
    ConsentPartial,
    ContentType,
    Cut,
    Delay,
    Drip,
    DuplicateMember,
    Garbage,
    GzipBomb,
    Hang,
    Headers,
    JsonPatch,
    LoginDiverted,
    Oversized,
    PersonDenies,
    PoisonToken,
    RateLimited,
    RateWindow,
    Redirect,
    Replace,
    Reset,
    Revoke,
    RotateKeys,
    Short,
    SignInRefused,
    StaleJwks,
    Stall,
    Status,
    TimePasses,
    Unavailable,
)
"""Every kind of fault there is."""
