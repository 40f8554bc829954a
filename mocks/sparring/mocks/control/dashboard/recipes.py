"""What goes wrong at one click: the faults that people want most, filled in for the provider that they choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.presets import PRESETS

REFRESH, CODE = "refresh_token", "authorization_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A fault with a name. ``outlives`` names the lifetime by which, and a second more, the clock is moved."""

    id: str
    theme: str
    title: str
    match: Mapping[str, Any]
    effect: Mapping[str, Any]
    outlives: str = ""

    def fault(self, stage: Mapping[str, Any], provider: str | None, times: int | None) -> Json:
        """The fault for that provider of the stage (None: for all of them). ControlError where it is nothing for it."""
        match, effect = dict(self.match), dict(self.effect)
        if provider is not None:
            match["provider"] = provider
        if self.outlives:
            houses = [house for name, house in stage["providers"].items() if provider in {None, name}]
            lives = [house["lifetimes"][self.outlives] for house in houses if self.outlives in house["lifetimes"]]
            if not lives:
                where = provider or "any provider of this stage"
                raise ControlError(f"there is no {self.outlives.replace('_', ' ')} that could expire at {where}")
            effect["seconds"] = max(lives) + 1
        return {"match": match, "effect": effect, "times": times}


def _at_token(id: str, title: str, grant: str | None = None, outlives: str = "", **effect: Any) -> Recipe:  # noqa: A002
    match = {"endpoint": "token"} | ({} if grant is None else {"grant": grant})
    return Recipe(id=id, theme="Token requests", title=title, match=match, effect=effect, outlives=outlives)


def _at_api(id: str, title: str, outlives: str = "", **effect: Any) -> Recipe:  # noqa: A002
    return Recipe(id=id, theme="API calls", title=title, match={"endpoint": "api"}, effect=effect, outlives=outlives)


def _at_login(id: str, title: str, **effect: Any) -> Recipe:  # noqa: A002
    return Recipe(id=id, theme="Sign-in", title=title, match={}, effect=effect)


RECIPES = (
    _at_token(
        "code-expires", "The code expires before it is exchanged", CODE, outlives="code", kind="time-passes", seconds=0
    ),
    _at_token(
        "refresh-invalid-grant", "The next refresh fails with invalid_grant", REFRESH,
        kind="revoke", token="refresh_token", of="presented",
    ),
    _at_token("refresh-lost", "The answer to a refresh is lost, and its tokens with it", REFRESH, kind="close"),
    _at_token("token-unavailable", "The token endpoint is down (503)", kind="unavailable", retry_after=2),
    _at_token("token-rate-limited", "The token endpoint is busy (429)", kind="rate-limited", retry_after=5),
    _at_token("token-takes-long", "The token endpoint takes five seconds", kind="delay", seconds=5),
    _at_token("token-hangs", "The token endpoint never answers", kind="hang"),
    _at_api(
        "access-token-expires", "The access token expires on its way to the API",
        outlives="access_token", kind="time-passes", seconds=0,
    ),
    _at_api(
        "access-token-revoked", "The access token is revoked before the API is called",
        kind="revoke", token="access_token", of="presented",
    ),
    _at_api("api-unavailable", "The API is down (503)", kind="unavailable", retry_after=2),
    _at_api("api-rate-limited", "The API is busy (429)", kind="rate-limited", retry_after=5),
    _at_login("sign-in-refused", "The password is refused", kind="sign-in-refused"),
    _at_login(
        "access-denied", "The person denies (error=access_denied)",
        kind="authorization-response", set={"error": "access_denied"}, drop=["code"],
    ),
    _at_login(
        "callback-without-state", "The callback comes without state", kind="authorization-response", drop=["state"]
    ),
    _at_login(
        "callback-state-forged", "The callback comes with a forged state",
        kind="authorization-response", set={"state": "forged"},
    ),
    Recipe(
        id="id-token-forged", theme="Sign-in", title="The ID token is signed by a stranger",
        match={"endpoint": "token"}, effect={"kind": "poison-token", "token": "id_token", "signature": "stranger"},
    ),
    Recipe(
        id="keys-rotated", theme="Sign-in", title="The signing key changes before the next token",
        match={"endpoint": "token"}, effect={"kind": "rotate-keys"},
    ),
)  # fmt: skip
"""In the order in which they are offered."""

_TITLES = {recipe.id: recipe.title for recipe in RECIPES} | {
    fault["id"]: one.title for one in PRESETS.values() for fault in one.faults if "id" in fault
}


def recipe(name: str) -> Recipe:
    """The recipe of that id. ControlError."""
    found = next((one for one in RECIPES if one.id == name), None)
    if found is None:
        raise ControlError(f"there is no fault {name!r} to be put on at one click", 404)
    return found


def title_of(fault_id: str) -> str:
    """What a fault of that id is called: the recipe's or scenario's title, else the id itself."""
    plain = fault_id.rpartition(".")[0] or fault_id
    return _TITLES.get(fault_id) or _TITLES.get(plain) or fault_id


def free_id(name: str, faults: list[Json]) -> str:
    """The recipe's id, numbered where that fault is on stage already."""
    taken, number = {fault["id"] for fault in faults}, 1
    while (made := name if number == 1 else f"{name}.{number}") in taken:
        number += 1
    return made
