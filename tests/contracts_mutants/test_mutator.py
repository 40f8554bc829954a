"""The mutator: which changes it makes, and how it names them."""

# ruff: noqa: D103 - the names are sentences

import ast

from tests.contracts_mutants.mutator import mutants

SOURCE = '''
"""A module that speaks of bad things."""
WORDS = {"client": "Client authentication failed."}


def refuse(kind, status=403):
    """Say no, always."""
    if kind == "a":
        raise Refusal(rules.FIRST, "invalid_client", status=401)
    if kind is None:
        raise Refusal(rules.SECOND, "invalid_grant", "No kind was given.")
    notes.append("nothing to see here")
    return answer(rules.THIRD, 204, ("Cache-Control", "no-store"), *HEADERS)
'''


def _told(source: str = SOURCE) -> list[str]:
    return [mutant.broken()[1] for mutant in mutants("p/m", source)]


def test_every_kind_of_change_is_made_once_where_it_can_be() -> None:
    assert _told() == [
        "word: 'Client authentication failed.' -> 'Clientx authentication failed.'",
        "status: 403 -> 404",
        "flip: kind != 'a'",
        "error: 'invalid_client' -> 'invalid_grant'",
        "status: 401 -> 400",
        "swap: kind is None before kind == 'a'",
        "flip: kind is not None",
        "error: 'invalid_grant' -> 'unauthorized_client'",
        "word: 'No kind was given.' -> 'Nox kind was given.'",
        "header: without ('Cache-Control', 'no-store')",
        "header: without *HEADERS",
        "status: 204 -> 200",
    ]


def test_a_mutant_is_its_source_with_one_change() -> None:
    original = ast.unparse(ast.parse(SOURCE))
    for mutant in mutants("p/m", SOURCE):
        tree, _ = mutant.broken()
        assert ast.unparse(tree) != original
        compile(tree, "m", "exec")


def test_a_swap_changes_places_and_nothing_else() -> None:
    (swap,) = [mutant for mutant in mutants("p/m", SOURCE) if ":swap:" in mutant.key]
    lines = ast.unparse(swap.broken()[0]).splitlines()
    assert sorted(lines) == sorted(ast.unparse(ast.parse(SOURCE)).splitlines())
    assert lines.index("    if kind is None:") < lines.index("    if kind == 'a':")


def test_a_key_does_not_know_its_line_and_is_never_given_twice() -> None:
    keys = [mutant.key for mutant in mutants("p/m", SOURCE)]
    assert [mutant.key for mutant in mutants("p/m", "\n\n" + SOURCE)] == keys
    twice = "def f(a):\n    g(400)\n    g(400)\n"
    assert [mutant.key for mutant in mutants("p/m", twice)] == ["p/m:f:status:400", "p/m:f:status:400:2"]


def test_it_knows_the_rules_and_the_lines_around_it() -> None:
    found = {mutant.broken()[1]: mutant for mutant in mutants("p/m", SOURCE)}
    assert found["flip: kind is not None"].rules == {"FIRST", "SECOND", "THIRD"}
    assert found["flip: kind is not None"].lines == range(10, 11)
    assert found["word: 'Client authentication failed.' -> 'Clientx authentication failed.'"].lines is None
    assert found["status: 403 -> 404"].lines is None


def test_what_no_answer_shows_is_left_alone() -> None:
    assert _told("def outage(status):\n    return answer(503)\n") == []
    assert _told('CLIENT = Client(name="My own application", title="An old title")\n') == []
    assert _told('def f(request):\n    """Two words."""\n    request.facts.notes.append("Two words.")\n') == []
    assert _told('def f(request, a):\n    if a == 1:\n        request.facts.notes.append("Two words.")\n') == []
    assert _told("def f(request, a):\n    if a == 1:\n        request.facts.client = a\n") == ["flip: a != 1"]


def test_only_headers_and_sentences_are_taken_for_such() -> None:
    assert _told('KINDS = ("a", *MORE)\nTYPES = ("code id_token",)\nLOOK = "<p>Two words"\n') == []
    assert _told("def f(rule):\n    return json_answer(rule, {}, *NO_STORE)\n") == ["header: without *NO_STORE"]
    assert _told("def f(rule, *headers):\n    return (*FIXED, *headers)\n") == ["header: without *headers"]
