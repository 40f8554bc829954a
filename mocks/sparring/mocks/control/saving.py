"""A stage's recording as a saved scenario: everything that went wrong on purpose, and nothing that is private."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sparring.mocks.control import watching
from sparring.mocks.control.interface import Json
from sparring.mocks.control.pinning import pinned, strikes
from sparring.mocks.faults.scene import about_request
from sparring.mocks.faults.schema import About, Place
from sparring.mocks.presets.saved import SCHEMA
from sparring.mocks.providers import DECOY
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.recorder.redact import Redactor
from sparring.mocks.stage import Stage


async def saved(stage: Stage) -> Json:
    """The document. What a fault did is pinned to the request that it struck, unless the fault itself would strike the
    same ones from the beginning; what was done at the control port in between (time, revocations, keys) becomes faults.
    """
    exchanges = stage.recorder.select()
    reader = await watching.redactor(stage, exchanges)
    requests = [_about(exchange) for exchange in exchanges]
    names: dict[tuple[int, str], str] = {}
    found = [*_acts(stage, exchanges, requests), *_faults(stage, exchanges, requests, names)]
    faults = [fault | {"effect": _redacted(reader, fault["effect"])} for _, fault in sorted(found, key=lambda f: f[0])]
    kinds = dict.fromkeys(fault["effect"]["kind"] for fault in faults)
    concerned = dict.fromkeys(exchange.provider for exchange in exchanges if exchange.provider != DECOY)
    return {
        "schema": SCHEMA,
        "id": f"saved-{stage.id}",
        "title": f"{', '.join(concerned) or 'Nothing'}: {', '.join(kinds) or 'nothing went wrong on purpose'}",
        "stage": _spec(stage),
        "clock": {
            "start": round(exchanges[0].at if exchanges else stage.clock.now(), 6),
            "frozen": stage.clock.frozen,
        },
        "faults": faults,
        "recorded": [_line(*each, names) for each in zip(exchanges, requests, strict=True)],
    }


def _about(exchange: Exchange) -> About:
    """What a fault could match, the grant as the facts tell it."""
    facts = exchange.request.facts
    families = (str(fact["family"]) for fact in facts.presented + facts.issued if "family" in fact)
    return replace(about_request(exchange.provider, exchange.request), family=next(families, None))


def _faults(
    stage: Stage, exchanges: Sequence[Exchange], requests: Sequence[About], names: dict[tuple[int, str], str]
) -> Iterator[tuple[int, Json]]:
    """The faults that fired, each with the place of the first request that it struck."""
    struck: dict[str, list[int]] = {}
    for index, exchange in enumerate(exchanges):
        for fault_id in exchange.request.facts.faults:
            struck.setdefault(fault_id, []).append(index)
    for fault_id, indexes in struck.items():
        fault = stage.faults.find(fault_id)
        if fault is None:
            continue
        if strikes(fault, requests) == indexes:
            yield indexes[0], fault.as_json()
            continue
        for number, index in enumerate(indexes, start=1):
            name = fault_id if len(indexes) == 1 else f"{fault_id}-{number}"
            names[exchanges[index].n, fault_id] = name
            yield index, pinned(name, requests, index, fault.effect.as_json(), fault.when)
    for told in stage.faults.as_json():
        fault = stage.faults.find(told["id"])
        if fault is not None and told["fired"] and fault.effect.place is Place.AGENT:
            yield len(exchanges), fault.as_json()


def _acts(stage: Stage, exchanges: Sequence[Exchange], requests: Sequence[About]) -> Iterator[tuple[int, Json]]:
    """What was done between the requests, as faults of the next request at that provider."""
    for number, act in enumerate(stage.acts, start=1):
        moved = act.effect["kind"] == "time-passes"
        later = (
            index
            for index, exchange in enumerate(exchanges)
            if exchange.n > act.after and act.provider in {None, exchange.provider}
        )
        index = next(later, None)
        if index is not None and not (moved and index == 0):  # the clock's start has it already
            yield index, pinned(f"{act.effect['kind']}-{number}", requests, index, dict(act.effect), "before")


def _spec(stage: Stage) -> Json:
    """How a stage like this is opened: with the variants and lifetimes that its providers have now."""
    spec, houses = stage.spec, {name: house for name, house in stage.houses.items() if name != DECOY}
    lifetimes = {
        name: {kind: life for kind, life in house.desk.lifetimes.items() if life != house.provider.lifetimes[kind]}
        for name, house in houses.items()
    }
    members = {
        "variants": {name: house.desk.variant for name, house in houses.items() if house.desk.variant != "default"},
        "lifetimes": {name: own for name, own in lifetimes.items() if own},
        "redirect_uris": list(spec.redirect_uris),
        "origins": list(spec.origins),
        "issuer": spec.issuer,
        "certificates": dict(spec.certificates),
        "seeded_secrets": spec.seeded_secrets,
        "personas": spec.personas,
    }
    return {"providers": list(spec.providers), "seed": spec.seed} | {
        key: value for key, value in members.items() if value
    }


def _line(exchange: Exchange, about: About, names: dict[tuple[int, str], str]) -> Json:
    request, answer = exchange.request, exchange.answer
    members = {
        "n": exchange.n,
        "provider": exchange.provider,
        "endpoint": exchange.endpoint,
        "method": request.method,
        "grant": about.grant,
        "status": answer.status if answer else None,
        "rule": answer.rule.id if answer else "",
        "faults": [names.get((exchange.n, fault), fault) for fault in request.facts.faults],
    }
    return {name: value for name, value in members.items() if value or name == "status"}


def _redacted(reader: Redactor, value: Any) -> Any:
    """Texts without what is private; the members' names are the schema's own."""
    if isinstance(value, dict):
        return {name: _redacted(reader, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_redacted(reader, inner) for inner in value]
    return reader.text(value) if isinstance(value, str) else value
