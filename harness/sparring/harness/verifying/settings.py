"""What ``sparring verify`` is asked to do, and doing it."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from sparring.contracts import ContractError
from sparring.contracts.loading import Contract, has_rules, rules
from sparring.harness.manifest import nearest
from sparring.harness.verifying import Choice, Finding, verify
from sparring.harness.verifying.har import HarError, read_har, verify_har
from sparring.harness.verifying.http import LocalWorld, Stages, live_world

_VARIABLES = ("client_id", "client_secret", "username", "password", "scope", "redirect_uri")


class UnverifiableError(ValueError):
    """What was asked for cannot be done; one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What shall be verified: ``provider`` or ``all``, at our own fake, at the URL ``target``, or in the recording
    ``har``. ``globs`` narrow the rules; ``destructive``: at a live server, too, what leaves traces there.
    """

    provider: str
    target: str | None = None
    har: Path | None = None
    variant: str | None = None
    globs: Sequence[str] = ()
    destructive: bool = False

    @property
    def where(self) -> str:
        """What is verified, in a word."""
        return self.target or (str(self.har) if self.har else "fake")


def fulfil(wish: Wish) -> list[tuple[str, list[Finding]]]:
    """The findings by provider. UnverifiableError."""
    if wish.target is not None and wish.har is not None:
        raise UnverifiableError("--target and --har exclude each other")
    if wish.target is not None and (urlsplit(wish.target).scheme not in {"http", "https"} or wish.provider == "all"):
        raise UnverifiableError(f"name one provider and a URL with http or https, not {wish.target!r}")
    contracts = [_contract(name) for name in _names(wish.provider, wish.variant)]
    live = wish.target is not None or wish.har is not None
    choice = Choice(
        globs=wish.globs,
        variant=wish.variant or ("default" if live else None),
        live=wish.target is not None,
        destructive=wish.destructive,
    )
    known = [rule.id for contract in contracts for rule in contract.rules]
    if not any(choice.wants(rule) for contract in contracts for rule in contract.rules):
        raise UnverifiableError(f"no rule fits {' '.join(wish.globs)!r}; {nearest(wish.globs[0], tuple(known))}")
    try:
        found = [(contract.provider, asyncio.run(_found(contract, wish, choice))) for contract in contracts]
    except (HarError, ConnectionError) as error:
        raise UnverifiableError(str(error)) from error
    if wish.har is not None and not any(findings for _, findings in found):
        raise UnverifiableError(f"no exchange in {wish.har} is one with {wish.provider}")
    return [(name, findings) for name, findings in found if findings]


def _names(provider: str, variant: str | None) -> list[str]:
    from sparring.harness.worlds.local import (  # noqa: PLC0415  imports the fakes
        describe_provider,
        describe_providers,
        wrong_provider,
    )

    if provider == "all":
        known = {each["name"]: each["variants"] for each in describe_providers() if has_rules(each["name"])}
    elif wrong := wrong_provider(provider):
        raise UnverifiableError(wrong)
    else:
        known = {provider: describe_provider(provider)["variants"]}
    names = list(known)
    variants = [each for name in names for each in known[name]]
    if variant is not None and variant not in variants:
        raise UnverifiableError(f"unknown variant {variant!r} of {provider}; {nearest(variant, tuple(variants))}")
    return names


def _contract(name: str) -> Contract:
    try:
        return rules(name)
    except (ContractError, LookupError) as error:
        raise UnverifiableError(str(error)) from error


async def _found(contract: Contract, wish: Wish, choice: Choice) -> list[Finding]:
    from sparring.harness.worlds.local import local_world, wall  # noqa: PLC0415  imports the fakes

    if wish.har is not None:
        return await verify_har(contract, read_har(wish.har), choice)
    async with local_world(tls=False) as world:
        control = cast("Stages", world)
        if wish.target is None:
            return await verify(contract, LocalWorld(control), choice)
        told = await control.open_stage({"providers": [contract.provider]})
        info: dict[str, Any] = told["providers"][contract.provider]
        return await verify(contract, await live_world(wish.target, info, _credentials(), wall), choice)


def _credentials() -> dict[str, str]:
    given = {name: os.environ.get(f"SPARRING_TARGET_{name.upper()}") for name in _VARIABLES}
    return {name: value for name, value in given.items() if value}
