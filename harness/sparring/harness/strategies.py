"""Hypothesis strategies: answers of providers that nobody thought of, as faults to be put on a stage.

``@given(faults=answers("ingest"))``, and in the test ``with Sparring("ingest", faults=faults) as ingest``.
"""

from typing import Any

from hypothesis import strategies as st

from sparring.harness.fuzzing.answers import faults
from sparring.harness.worlds.local import ControlError, describe_providers

Json = dict[str, Any]


def answers(provider: str, *, logins: bool | None = None) -> st.SearchStrategy[list[Json]]:
    """Lists of one or two faults by which that provider's answers are odd: members of a wrong type, none, twice, other
    statuses and headers, bodies that are no JSON.

    ``logins``: what comes back to the redirect URI is odd, too; left out, wherever people sign in. The simplest come
    first, so what fails is shrunk to the smallest odd answer. ControlError where there is no such provider.
    """
    known = {one["name"]: one for one in describe_providers()}
    if provider not in known:
        raise ControlError(f"unknown provider {provider!r}; there are: {', '.join(known)}", 404)
    by_code = "authorization_code" in known[provider]["grants"] if logins is None else logins
    return faults(provider, by_code=by_code, with_users=provider in WITH_USERS)


WITH_USERS = frozenset({"rotor"})
"""Providers at which a client registers users of its own."""
