"""What a stage is set to, as another server adopts it: clock, faults, settings, keys, barrier, what was done."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import msgspec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from sparring.mocks.engine.keys import SigningKey
from sparring.mocks.stage import Act, House, Stage, StageSpec

Keys = list[tuple[str, bytes]]


def digest(spec: StageSpec) -> str:
    """The same for servers that were started alike."""
    return hashlib.sha256(msgspec.json.encode(spec, order="sorted")).hexdigest()


def capture(stage: Stage) -> dict[str, Any]:
    """The scene as MessagePack can write it."""
    return {
        "clock": stage.clock.setting,
        "wishes": json.dumps(_wishes(stage)),  # in ASCII: people may wish for half a surrogate pair
        "desks": {name: _desk(house) for name, house in stage.houses.items()},
    }


def adopt(stage: Stage, scene: Mapping[str, Any]) -> None:
    """Set the stage as that scene has it."""
    stage.clock.adopt(*scene["clock"])
    wishes = json.loads(scene["wishes"])
    stage.faults.adopt(wishes["faults"])
    stage.acts.clear()
    stage.acts.extend(Act(*act) for act in wishes["acts"])
    for name, desk in scene["desks"].items():
        if name in stage.houses:
            _set_desk(stage.houses[name], desk)
    stage.barrier.adopt(wishes["barrier"])


def _wishes(stage: Stage) -> dict[str, Any]:
    return {
        "faults": stage.faults.state(),
        "barrier": stage.barrier.state(),
        "acts": [(act.after, act.provider, dict(act.effect)) for act in stage.acts],
    }


def _desk(house: House) -> dict[str, Any]:
    return {
        "variant": house.desk.variant,
        "lifetimes": dict(house.desk.lifetimes),
        "rotations": house.rotations,
        "keys": _written(house.desk.keys),
        "before": _written(house.keys_before),
        "first": _written(house.first_keys),
    }


def _set_desk(house: House, desk: Mapping[str, Any]) -> None:
    house.desk.variant, house.desk.lifetimes = desk["variant"], desk["lifetimes"]
    house.rotations = desk["rotations"]
    here = {_der(key): key for key in (*house.desk.keys, *house.keys_before, *house.first_keys)}
    house.desk.keys[:] = _read(desk["keys"], here)
    house.keys_before = tuple(_read(desk["before"], here))
    house.first_keys = tuple(_read(desk["first"], here))


def _written(keys: "list[SigningKey] | tuple[SigningKey, ...]") -> Keys:
    return [(key.kid, _der(key)) for key in keys]


_MOST_WRITTEN = 200
_ders: dict[int, tuple[SigningKey, bytes]] = {}
"""Keys that were written before; each is kept, so that no other one gets its place in memory."""


def _der(key: SigningKey) -> bytes:
    known = _ders.get(id(key.private))
    if known is None:
        if len(_ders) > _MOST_WRITTEN:
            _ders.clear()
        written = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        known = _ders[id(key.private)] = (key, written)
    return known[1]


def _read(keys: Keys, here: Mapping[bytes, SigningKey]) -> list[SigningKey]:
    return [_key(kid, der, here.get(der)) for kid, der in keys]


def _key(kid: str, der: bytes, known: SigningKey | None) -> SigningKey:
    if known is not None and known.kid == kid:
        return known
    if known is not None:
        return SigningKey(kid, known.private)
    private: Any = load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True)  # one of us wrote it
    return SigningKey(kid, private)
