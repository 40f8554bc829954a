"""What was made up and what is right become one request."""

# ruff: noqa: D103 - the names are sentences

from typing import Any, cast

import pytest
from requests.structures import CaseInsensitiveDict
from schemathesis import Case

from tests.contracts_fuzz.dressing import Right, dress


class Made:
    """A request as schemathesis makes one up."""

    def __init__(self, body: Any) -> None:
        self.path_parameters: dict[str, Any] = {"id": "?"}
        self.query: dict[str, Any] = {"page": "?", "state": "?"}
        self.headers = CaseInsensitiveDict({"Authorization": "?"})
        self.cookies: dict[str, Any] = {"sid": "?"}
        self.body = body


RIGHT = Right(
    path={"id": "7"},
    query={"page": "1"},
    headers={"Authorization": "Bearer x"},
    form={"client_id": "us", "code": "c"},
    free=frozenset({"state"}),
)


def dressed(manner: str, spoilt: int = 0, body: Any = None, right: Right = RIGHT) -> list[Any]:
    made = Made({"code": "?", "more": "?"} if body is None else body)
    dress(cast("Case[Any]", made), right, manner, spoilt)
    return [made.path_parameters, made.query, dict(made.headers), made.cookies, made.body]


def test_all_of_it_is_right() -> None:
    form = {"client_id": "us", "code": "c"}
    expected = [{"id": "7"}, {"page": "1", "state": "?"}, {"Authorization": "Bearer x"}, {}, form]
    assert dressed("right") == expected
    assert dressed("right", body="no form") == expected


def test_nothing_is_changed() -> None:
    assert dressed("alone") == [
        {"id": "?"}, {"page": "?", "state": "?"}, {"Authorization": "?"}, {"sid": "?"}, {"code": "?", "more": "?"},
    ]  # fmt: skip


def test_only_who_asks_is_right() -> None:
    path, query, headers, _, form = dressed("known")
    assert path == {"id": "?"}
    assert query == {"page": "?", "state": "?"}
    assert headers == {"Authorization": "Bearer x"}
    assert form == {"client_id": "us", "code": "?", "more": "?"}


@pytest.mark.parametrize(("spoilt", "wrong"), list(enumerate(["id", "page", "code"])))
def test_one_part_is_as_it_was_made_up(spoilt: int, wrong: str) -> None:
    path, query, headers, _, form = dressed("nearly", spoilt)
    assert [name for name, value in {**path, **query, **form}.items() if value == "?"] == [
        *([wrong] if wrong == "id" else []),
        *(["page", "state"] if wrong == "page" else ["state"]),
        *(["code", "more"] if wrong == "code" else ["more"]),
    ]
    assert headers == {"Authorization": "Bearer x"}
    assert form["client_id"] == "us"


def test_a_document_is_right_as_a_whole() -> None:
    right = Right(json={"a": 1})
    assert dressed("right", right=right)[-1] == {"a": 1}
    assert dressed("nearly", right=right)[-1] == {"code": "?", "more": "?"}
    assert dressed("nearly", body=[1])[-1] == [1]
