"""The modes by name. Each has a function of its plan that opens it, in a module that is imported when it is wanted."""

from importlib import import_module

from sparring.harness.interception import Interception, Mode, Plan

_OPENERS = {
    "sandbox": ("sandbox.outside", "open_sandbox"),
    "proxy": ("proxy", "open_proxy"),
    "env": ("hostmap", "open_hostmap"),
}


async def open_interception(mode: Mode, plan: Plan) -> Interception:
    """Open the way from one client to one stage. InterceptionError; KeyError for the mode ``none``."""
    module, function = _OPENERS[mode]
    opened: Interception = await getattr(import_module(f"sparring.harness.interception.{module}"), function)(plan)
    return opened
