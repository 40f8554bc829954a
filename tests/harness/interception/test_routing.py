"""What a stage looks like under real names: addresses, listeners, where a browser goes."""

from typing import Any

from sparring.harness.interception import Route
from sparring.harness.interception.addresses import route_to
from sparring.harness.interception.routing import (
    as_documented,
    browser_ports,
    direct_ports,
    origins,
    routes,
    with_addresses,
    with_hosts,
)

HOSTS = ["auth.clickviewapp.com", "integrations.clickviewapp.com"]
BASE = "https://127.0.0.1:4001"


def stage(side: str | None = None) -> dict[str, Any]:
    """ClickView on a stage, with a second address if one is given."""
    info: dict[str, Any] = {
        "base_url": BASE,
        "hosts": HOSTS,
        "issuer": BASE,
        "endpoints": {"token": f"{BASE}/connect/token", "api": f"{BASE}/api/v1/example"},
    }
    if side is not None:
        info["side"] = {"url": side, "certificate": "untrusted", "connections": 0}
    return {"providers": {"clickview": info}, "decoy_url": "https://127.0.0.1:4002"}


def test_a_client_is_told_what_the_documents_say() -> None:
    """Each endpoint under its own host; a constant issuer stays what it is."""
    told = as_documented("clickview", stage("https://127.0.0.1:4003")["providers"]["clickview"])
    assert told["base_url"] == told["issuer"] == told["side"]["url"] == "https://auth.clickviewapp.com"
    assert told["endpoints"] == {
        "token": "https://auth.clickviewapp.com/connect/token",
        "api": "https://integrations.clickviewapp.com/api/v1/example",
    }
    nameless = stage()["providers"]["clickview"] | {"hosts": []}
    assert as_documented("clickview", nameless) == nameless
    constant = as_documented("ingest", stage()["providers"]["clickview"] | {"issuer": "https://ingest.example"})
    assert constant["issuer"] == "https://ingest.example"


def test_a_faulty_certificate_takes_the_names_and_a_plain_address_shares_them() -> None:
    """A browser goes to what is in order all the same."""
    hosts = tuple(HOSTS)
    own = Route(name="clickview", hosts=hosts, port=4001, tls=True)
    decoy = Route(name="decoy", hosts=(), port=4002, tls=True)
    assert routes(stage()) == (own, decoy)
    faulty = Route(name="clickview", hosts=hosts, port=4003, tls=True, side=True)
    met = routes(stage("https://127.0.0.1:4003"))
    assert met == (Route(name="clickview", hosts=(), port=4001, tls=True), faulty, decoy)
    assert route_to(met, HOSTS[0], tls=True) == faulty
    plain = Route(name="clickview", hosts=hosts, port=4003, tls=False, side=True)
    met = routes(stage("http://0.0.0.0:4003"))
    assert met == (own, plain, decoy)
    assert (route_to(met, HOSTS[0], tls=True), route_to(met, HOSTS[0], tls=False)) == (own, plain)
    assert route_to(met, "elsewhere.example", tls=True) is None
    assert browser_ports(stage("https://127.0.0.1:4003")) == {(host, 443): 4001 for host in HOSTS}
    both = {(host, port): there for host in HOSTS for port, there in ((443, 4001), (80, 4003))}
    assert browser_ports(stage("http://0.0.0.0:4003")) == both
    assert direct_ports(stage("http://0.0.0.0:4003")) == {4001, 4002, 4003}


def test_names_of_ones_own_come_first() -> None:
    """And make the base URL; the documented ones stay."""
    own = with_hosts(stage(), {"clickview": ("auth.example.edu",)})
    told = as_documented("clickview", own["providers"]["clickview"])
    assert told["endpoints"]["token"] == "https://auth.example.edu/connect/token"
    assert origins([told], real=True)[1:] == ("https://auth.example.edu", *(f"https://{host}" for host in HOSTS))
    assert origins([told], real=False) == ("https://auth.example.edu",)
    assert routes(own)[0].hosts == ("auth.example.edu", *HOSTS)


def test_a_fault_leads_to_the_real_names() -> None:
    """Wherever in it an address stands; the other origin's stays the stage's business."""
    fault = {"effect": {"to": "{base}/moved", "ops": [{"value": "{side}/moved"}, 7]}, "match": {"to": "{decoy}/x"}}
    places = {"base": "https://a.example", "side": "http://a.example"}
    assert with_addresses(fault, places) == {
        "effect": {"to": "https://a.example/moved", "ops": [{"value": "http://a.example/moved"}, 7]},
        "match": {"to": "{decoy}/x"},
    }
