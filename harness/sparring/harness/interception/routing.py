"""What a stage looks like to a client that knows the providers' real names only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from sparring.contracts import facts
from sparring.harness.interception import Route
from sparring.harness.worlds import Json

DECOY = "decoy"


def with_hosts(stage: Json, hosts: Mapping[str, Sequence[str]]) -> Json:
    """That stage, with host names of a customer's own, by provider, before those of the documents."""
    providers = {
        name: info | {"hosts": [*hosts.get(name, ()), *info["hosts"]]} for name, info in stage["providers"].items()
    }
    return stage | {"providers": providers}


def routes(stage: Json) -> tuple[Route, ...]:
    """Every listener of that stage. Under its real names a provider is met where something is wrong, if it has such an
    address: with a faulty certificate there instead of at its own, without TLS there besides.
    """
    found = []
    for name, info in stage["providers"].items():
        hosts, own, side = tuple(info["hosts"]), urlsplit(info["base_url"]), info.get("side")
        other = None if side is None else urlsplit(side["url"])
        mine = () if other is not None and other.scheme == own.scheme else hosts
        found.append(Route(name=name, hosts=mine, port=own.port or 0, tls=own.scheme == "https"))
        if other is not None:
            found.append(Route(name=name, hosts=hosts, port=other.port or 0, tls=other.scheme == "https", side=True))
    decoy = urlsplit(stage["decoy_url"])
    return (*found, Route(name=DECOY, hosts=(), port=decoy.port or 0, tls=decoy.scheme == "https"))


def browser_ports(stage: Json) -> dict[tuple[str, int], int]:
    """Where a person's browser finds each real name and port on this machine: always what is in order there."""
    ports = {}
    for info in stage["providers"].values():
        addresses = [urlsplit(info["side"]["url"])] if "side" in info else []
        for address in (*addresses, urlsplit(info["base_url"])):
            for host in info["hosts"]:
                ports[host, 443 if address.scheme == "https" else 80] = address.port or 0
    return ports


def as_documented(name: str, info: Json) -> Json:
    """What the stage tells of a provider, with the addresses that its documents give; as it is where they give none."""
    if not info["hosts"]:
        return info
    own, hosts = urlsplit(info["base_url"]), info["hosts"]
    elsewhere = facts(name).api_host
    apart = {"api": elsewhere} if elsewhere else {}

    def there(url: str, host: str) -> str:
        parts = urlsplit(url)
        return parts._replace(netloc=host).geturl() if parts.netloc == own.netloc else url

    told = info | {
        "base_url": f"{own.scheme}://{hosts[0]}",
        "endpoints": {key: there(url, apart.get(key, hosts[0])) for key, url in info["endpoints"].items()},
    }
    if "issuer" in info:
        told["issuer"] = there(info["issuer"], hosts[0])
    if "side" in info:
        scheme = urlsplit(info["side"]["url"]).scheme
        told["side"] = info["side"] | {"url": f"{scheme}://{hosts[0]}"}
    return told


def direct_ports(stage: Json) -> frozenset[int]:
    """The ports of the stage's own addresses."""
    return frozenset(route.port for route in routes(stage))


def origins(infos: Iterable[Json], *, real: bool) -> tuple[str, ...]:
    """The base URLs of those providers; ``real``: with every name that their documents give them."""
    told = list(infos)
    named = (f"{urlsplit(info['base_url']).scheme}://{host}" for info in told for host in info["hosts"])
    return (*(info["base_url"] for info in told), *(named if real else ()))


def with_addresses(value: Any, places: Mapping[str, str]) -> Any:
    """A fault with ``{base}`` and ``{side}`` filled in, which the stage itself would put its loopback addresses for."""
    if isinstance(value, Mapping):
        return {key: with_addresses(inner, places) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [with_addresses(inner, places) for inner in value]
    if isinstance(value, str):
        for name in ("base", "side"):
            if name in places:
                value = value.replace(f"{{{name}}}", places[name])
    return value
