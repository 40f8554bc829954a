"""Reading a table of rules: what it becomes, and what a broken one is told."""

# ruff: noqa: D103, E501 - the names are sentences, the tables wide

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from sparring.contracts import ContractError
from sparring.contracts.__main__ import schema_text
from sparring.contracts.grammar import VERBS, Expect, Request, Rule, Step
from sparring.contracts.loading import parse_rules, read_yaml, rules, schema
from sparring.contracts.matching import MATCHERS
from sparring.mocks.providers import NAMES

HEAD = "provider: ours\n"
RULE = """
  - id: ours/token/code-unknown
    mark: assumed
    source: RFC 6749 section 5.2
    text: An unknown code is refused.
"""
TRIED = (
    RULE
    + """
    steps: [{request: POST token, form: {code: nope}}]
    expect: {status: 400, json: {error: invalid_grant}}
"""
)


def refused(source: str) -> str:
    """The one sentence that a broken table is told."""
    with pytest.raises(ContractError) as caught:
        parse_rules(source, "ours: rules.yaml")
    message = str(caught.value)
    assert message.startswith("ours: rules.yaml")
    assert "\n" not in message
    return message.removeprefix("ours: rules.yaml").lstrip(":, ")


def test_a_rule_is_tried_as_it_says() -> None:
    contract = parse_rules(f"{HEAD}rules:{TRIED}", "ours: rules.yaml")
    (trial,) = contract.trials
    assert (trial.id, trial.given, trial.variant, trial.destructive) == (
        "ours/token/code-unknown",
        "fresh",
        "default",
        False,
    )
    assert trial.steps == (Request(request="POST token", form={"code": "nope"}),)
    assert trial.expect.status == 400


def test_cases_override_what_the_rule_says() -> None:
    source = f"""{HEAD}
states:
  one: {{summary: A code is held., steps: [{{request: GET authorize, keep: {{code: {{query: code}}}}}}]}}
  two: {{summary: It has been used., after: one}}
rules:{TRIED}
    given: one
    cases:
      - {{name: plain}}
      - {{name: changed, given: two, variant: other, destructive: true, undocumented: true, steps: [{{request: GET api, form: {{code: "${{code}}"}}}}], expect: {{status: 200}}}}
"""
    contract = parse_rules(source, "ours: rules.yaml")
    plain, changed = contract.trials
    assert (plain.id, plain.given, plain.expect.status) == ("ours/token/code-unknown#plain", "one", 400)
    assert (changed.given, changed.variant, changed.destructive, changed.undocumented) == ("two", "other", True, True)
    assert (changed.expect.status, len(changed.steps)) == (200, 1)
    assert [name for name, _ in contract.chain("two")] == ["one", "two"]
    assert contract.chain("fresh") == ()
    assert [trial.alone for trial in contract.trials] == [False, False]
    alone = parse_rules(
        source.replace("summary: A code is held.", "summary: A code is held., alone: true"), "ours: rules.yaml"
    )
    assert [trial.alone for trial in alone.trials] == [True, True]


def test_an_excluded_rule_is_not_tried() -> None:
    contract = parse_rules(f"{HEAD}rules:{RULE}    excluded: Nobody can see it.\n", "ours: rules.yaml")
    assert contract.trials == ()
    assert contract.rules[0].excluded == "Nobody can see it."


def steps(text: str, expect: str = "{status: 200}") -> str:
    """A table of one rule with these steps."""
    return f"{HEAD}rules:{RULE}    steps: [{text}]\n    expect: {expect}\n"


def state(text: str, given: str = "one") -> str:
    """A table with these states."""
    return f"{HEAD}states:\n  {text}\nrules:{TRIED}    given: {given}\n"


ASK = "{request: GET api}"
ID = "ours/token/code-unknown"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("[", "not YAML: "),
        ("- 1", "a table of rules is a mapping with `provider` and a list of `rules`"),
        ("rules: []", "Object missing required field `provider`"),
        (f"{HEAD}rule: []", "Object contains unknown field `rule`"),
        (f"{HEAD}provider: x", "not YAML: `provider` occurs twice"),
        (f"{HEAD}rules:{RULE}", f"{ID}: give `steps` and `expect`, or in `excluded` why no exchange can show it"),
        (f"{HEAD}rules:{TRIED}    excluded: Because.", f"{ID}: an excluded rule has no steps, cases or expectation"),
        (f"{HEAD}rules:{TRIED}{TRIED}", f"{ID}: the id occurs twice"),
        (f"provider: theirs\nrules:{TRIED}", f"{ID}: an id in this file starts with `theirs/`"),
        (f"{HEAD}rules:{TRIED}    words: x", f"{ID}: Object contains unknown field `words`"),
        (f"{HEAD}rules: [{{mark: doc}}]", "a rule without an id: Object missing required field `id`"),
        (f"{HEAD}rules:{TRIED.replace('assumed', 'guessed')}", f"{ID}: mark: Invalid enum value 'guessed'"),
        (f"{HEAD}rules:{TRIED}    cases: []", f"{ID}: `cases` is empty"),
        (f"{HEAD}rules:{TRIED}    cases: [{{name: a}}, {{name: a}}]", f"{ID}: two cases have the same name"),
        (f"{HEAD}rules:{TRIED}    given: on", f"{ID}: given: Expected `str`, got `bool`"),
        (steps("{fly: away}"), f"{ID}: steps[0]: a step has exactly one of request, submit, "),
        (steps("{request: GET api, follow: redirect}"), f"{ID}: steps[0]: a step has exactly one of "),
        (steps("fly"), f"{ID}: steps[0]: a step is a mapping, not 'fly'"),
        (steps("{request: get api}"), f"{ID}: steps[0]: `request`: request: Expected `str` matching regex "),
        (steps("{request: GET api, fom: {}}"), f"{ID}: steps[0]: `request`: Object contains unknown field `fom`"),
        (steps(f"{ASK}, {ASK}, {ASK}, {ASK}"), f"{ID}: a rule is tried in at most three steps; "),
        (steps(f"{ASK}, {{advance: 3}}"), f"{ID}: the last step must be one that is answered"),
        (steps("{request: GET api, bearer: '${token}'}"), f"{ID}: nothing is known as `token` at that point"),
        (steps("{request: GET api, bearer: '${scope|rot13}'}"), f"{ID}: there is no filter `rot13`; there are: "),
        (steps("{request: GET api, form: {a: 1}, body: x}"), f"{ID}: GET api: `form` and `body` exclude each other"),
        (steps("{request: GET api, basic: [a, b], bearer: x}"), f"{ID}: GET api: `basic` and `bearer` exclude "),
        (steps("{request: GET api, keep: {a: {}}}"), f"{ID}: keep.a: say one of query, fragment, json, "),
        (steps("{request: GET api, keep: {a: {json: /a, query: a}}}"), f"{ID}: keep.a: say one of "),
        (steps(ASK, "{status: 200, body: x, json: {}}"), f"{ID}: expect: `json` and `body` exclude each other"),
        (steps(ASK, "{status: 200, body: '<<strng>>'}"), f"{ID}: expect: there is no matcher `<<strng>>`; did you "),
        (steps(ASK, "{status: 200, body: '<<re:(>>'}"), f"{ID}: expect: `<<re:(>>` is no regular expression: "),
        (steps(ASK, "{status: 200, body: 'a <<json>>'}"), f"{ID}: expect: `<<json>>` stands alone"),
        (steps(ASK, "{status: 200, body: '${what}'}"), f"{ID}: nothing is known as `what` at that point"),
        (steps(ASK, "{status: 200, token: {signed: true}}"), f"{ID}: expect.token: give either `at` or `value`"),
        (steps(ASK, "{status: 200, token: {at: /a}}"), f"{ID}: expect.token: say something about it: "),
        (state("one: {}"), "state one: Object missing required field `summary`"),
        (state("one: {summary: One., after: zwo}"), "state one: there is no state `zwo`"),
        (state("one: {summary: One., after: one}"), "state one: it builds on itself"),
        (state("one: {summary: One.}", "ones"), f"{ID}: there is no state `ones`; did you mean `one`?"),
        (state("one: {summary: One., steps: [{remove_user: '${x}'}]}"), "state one: nothing is known as `x` at that "),
        (state("one: {summary: One., users: [{username: '${x}'}]}"), "state one: nothing is known as `x` at that "),
    ],
)  # fmt: skip
def test_a_broken_table_is_told_in_one_sentence(source: str, sentence: str) -> None:
    assert refused(source).startswith(sentence)


def test_the_schema_is_current() -> None:
    published = files("sparring.contracts").joinpath("rules.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(), "write it anew: python -m sparring.contracts"


def test_the_schema_knows_every_step() -> None:
    step = schema()["$defs"]["Step"]
    assert [each["$ref"] for each in step["oneOf"]] == [f"#/$defs/{kind.__name__}" for kind in VERBS.values()]
    assert all(issubclass(kind, Step) for kind in VERBS.values())


@pytest.fixture(scope="module")
def validator() -> Any:
    return jsonschema_rs.Draft202012Validator(schema())


def test_the_schema_says_what_the_reader_says(validator: Any) -> None:
    good = yaml.safe_load(f"{HEAD}rules:{TRIED}")
    assert validator.is_valid(good)
    worse: list[dict[str, Any]] = [
        {"rules": []},
        {**good, "rule": 1},
        {**good, "rules": [{**good["rules"][0], "steps": [{"fly": 1}]}]},
    ]
    for broken in worse:
        assert not validator.is_valid(broken)


def source_of(provider: str) -> str:
    """The text of a published table."""
    return files("sparring.contracts").joinpath("providers", provider, "rules.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("provider", NAMES)
def test_every_table_fits_the_schema(provider: str, validator: Any) -> None:
    members = read_yaml(source_of(provider), provider)
    assert [error.message for error in validator.iter_errors(members)] == []
    assert rules(provider).provider == provider


@pytest.mark.parametrize("provider", NAMES)
def test_every_table_can_be_read_without_libyaml(provider: str) -> None:
    try:
        list(yaml.parse(source_of(provider), Loader=yaml.SafeLoader))
    except yaml.YAMLError as error:
        pytest.fail(f"{provider}: {error}", pytrace=False)


def test_who_has_no_table_is_told() -> None:
    with pytest.raises(LookupError, match="there is no contract for 'nobody'"):
        rules("nobody")


GUIDE = (Path(__file__).parents[2] / "docs" / "contracts.md").read_text(encoding="utf-8")


def test_the_guides_example_is_a_sound_table() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    contract = parse_rules(example, "docs/contracts.md")
    assert [trial.id for trial in contract.trials] == ["ours/token/code-used"]


@pytest.mark.parametrize("name", [*VERBS, *Rule.__struct_fields__, *Expect.__struct_fields__, *MATCHERS])
def test_the_guide_names_everything(name: str) -> None:
    assert re.search(rf"`(<<)?{name}\b", GUIDE), f"docs/contracts.md says nothing about {name}"
