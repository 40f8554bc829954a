"""A person signs in, consents or denies, and comes back with the callback; or it is said why not."""

from collections.abc import Iterator

import httpx2
import pytest

from sparring.mocks import ControlError, Sparring
from tests.mocks.testing.clients import STATE, VERIFIER, link, query

WITH_LOGIN = ("movingimage", "panopto", "ingest")


@pytest.fixture(scope="module")
def stage() -> Iterator[Sparring]:
    """Everybody at whom people sign in, with people who behave in their own way."""
    with Sparring(*WITH_LOGIN, personas=True) as opened:
        yield opened


@pytest.mark.parametrize("name", WITH_LOGIN)
def test_a_login_ends_in_a_code_that_is_good(stage: Sparring, name: str, http: httpx2.Client) -> None:
    """The callback goes to the redirect URI, with the state; the code is redeemed."""
    provider = stage[name]
    proven = {} if name == "panopto" else {"code_verifier": VERIFIER}  # panopto burns the code of whoever sends one
    callback = provider.login(link(provider))
    assert callback.partition("?")[0] == provider.redirect_uri
    assert query(callback)["state"] == STATE
    form = {
        "grant_type": "authorization_code",
        "code": query(callback)["code"],
        "redirect_uri": provider.redirect_uri,
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        **proven,
    }
    answer = http.post(provider.token_url, data=form)
    assert answer.status_code == 200, answer.text
    assert answer.json()["access_token"]


def test_a_link_that_is_none_is_told_in_one_sentence(stage: Sparring) -> None:
    """Wherever it came from: the test, or a redirect."""
    with pytest.raises(ControlError, match=r"^the person was sent to what is no address: Invalid IPv6 URL$"):
        stage.login("http://[")
    with (
        stage["ingest"].fault("headers", "authorize", set={"Location": "http://["}),
        pytest.raises(ControlError, match=r"^the person was sent to what is no address: "),
    ):
        stage["ingest"].login(link(stage["ingest"]))


def test_who_is_not_asked_cannot_deny(stage: Sparring) -> None:
    """A sentence says so, and how to be asked."""
    provider = stage["movingimage"]
    with pytest.raises(ControlError, match=r"without asking for consent.*change_client\(consent=True\)"):
        provider.login(link(provider), deny=True)


@pytest.mark.parametrize("name", WITH_LOGIN)
def test_a_person_may_deny(stage: Sparring, name: str) -> None:
    """By the test's word, or by a fault's."""
    provider = stage[name]
    provider.change_client(consent=True)
    assert query(provider.login(link(provider), deny=True))["error"] == "access_denied"
    with provider.fault({"match": {"endpoint": "consent"}, "effect": {"kind": "person-denies"}}) as fault:
        assert query(provider.login(link(provider)))["error"] == "access_denied"
        assert fault.fired == 1


def test_another_person_signs_in(stage: Sparring) -> None:
    """By name; the token that comes of it is theirs."""
    panopto = stage["panopto"]
    panopto.add_user("eve", "eve-spars-here")
    assert "code" in query(panopto.login(link(panopto), user="eve"))
    with pytest.raises(ControlError, match=r"panopto has no user 'evee'; did you mean 'eve'\?"):
        panopto.login(link(panopto), user="evee")


def test_a_page_of_the_provider_in_between_is_passed(stage: Sparring) -> None:
    """A person with several networks chooses the first."""
    assert "code" in query(stage["ingest"].login(link(stage["ingest"]), user="several-networks"))


def test_what_stands_in_the_way_is_told(stage: Sparring) -> None:
    """An error page with its rule and what to mend; a locked account; an address of somebody else's."""
    ingest = stage["ingest"]
    with pytest.raises(ControlError) as complaint:
        ingest.login(link(ingest, client_id="nobody"))
    assert str(complaint.value) == (
        "the provider showed no sign-in form, but answered 400 (ingest/authorize/client-unknown). "
        "Send the client_id of a registered application."
    )
    with pytest.raises(ControlError, match="the provider refused the sign-in"):
        ingest.login(link(ingest), user="locked")
    with pytest.raises(ControlError, match=r"http://elsewhere\.example/authorize is no address of this stage"):
        ingest.login("http://elsewhere.example/authorize?a=b")
    with ingest.fail_next("authorize", connection="close"), pytest.raises(ControlError, match="did not answer"):
        ingest.login(link(ingest))


def test_a_login_at_a_real_host_name_is_one_too(stage: Sparring) -> None:
    """A client that knows only the documented address."""
    ingest = stage["ingest"]
    url = link(ingest).replace(ingest.base_url, "https://login.ingest.io")
    assert "code" in query(ingest.login(url))
