"""``sparring scenarios``, ``explain``, ``providers`` and ``ca``: what there is, and why."""

import json

import click

from sparring.contracts.clauses import clause
from sparring.harness import checks
from sparring.harness.cli import completing
from sparring.harness.describing import check_document, decision, scenario_document
from sparring.harness.manifest import nearest
from sparring.harness.scenario import Check, Scenario
from sparring.harness.scenarios import ALL, UnknownScenarioError, catalogue, scenario, sets


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def providers(as_json: bool) -> None:
    """List the providers."""
    from sparring.harness.worlds.local import complaints, describe_providers  # noqa: PLC0415

    for sentence in complaints():
        click.echo(f"Left out: {sentence}", err=True)
    found = describe_providers()
    if as_json:
        click.echo(json.dumps({"providers": found}, indent=2))
        return
    for each in found:
        click.echo(f"{each['name']:12} {each['title']:12} {', '.join(each['grants'])}  ({', '.join(each['hosts'])})")


@click.command()
@click.argument("provider", required=False, shell_complete=completing.providers)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def scenarios(provider: str | None, as_json: bool) -> None:
    """List the scenarios, of one provider if named."""
    if provider is not None and provider not in sets.PROVIDERS:
        from sparring.harness.worlds.local import wrong_provider  # noqa: PLC0415  imports the fakes

        if wrong := wrong_provider(provider):
            click.echo(f"Error: {wrong}", err=True)
            raise SystemExit(2)
    chosen = ALL if provider is None else catalogue(provider)
    if as_json:
        at_stake = {check.id for scenario in chosen for check in scenario.checks} | {
            check.id for check in checks.ALWAYS
        }
        document = {
            "scenarios": [scenario_document(scenario) for scenario in chosen],
            "checks": [check_document(check) for check in checks.ALL if check.id in at_stake],
        }
        click.echo(json.dumps(document, indent=2))
        return
    for one in chosen:
        click.echo(f"{one.id:36} {one.profile:10} {one.title}")


@click.command()
@click.argument("name", shell_complete=completing.explained)
def explain(name: str) -> None:
    """Say what a SCENARIO, CHECK or RULE is about, and which sentences it rests on."""
    from sparring.harness.worlds.local import find_rule  # noqa: PLC0415

    by_id = {one.id: one for one in ALL} | _happy_path(name)
    known = {check.id: check for check in checks.ALL}
    if name in by_id:
        _explain_scenario(by_id[name])
    elif name in known:
        _explain(known[name])
        shown = [one.id for one in ALL if any(check.id == name for check in one.checks)]
        click.echo(f"\n  decides: {', '.join(shown) or 'every scenario'}")
    elif (rule := find_rule(name)) is not None:
        click.echo(f"{name} [{rule['mark']}]\n  source: {rule['source']}")
        if rule["mend"]:
            click.echo(f"  mend: {rule['mend']}")
        _contract(name)
    else:
        close = nearest(name, (*by_id, *known, *_rules_near(name)))
        click.echo(f"Error: there is no scenario, check or rule {name!r}; {close}", err=True)
        raise SystemExit(2)


def _happy_path(name: str) -> dict[str, Scenario]:
    """The happy path of a provider that is not built-in, by its id."""
    try:
        found = scenario(name) if "-happy-" in name else None
    except UnknownScenarioError:
        found = None
    return {} if found is None else {name: found}


def _rules_near(name: str) -> tuple[str, ...]:
    """The rules of the provider that a name begins with."""
    from sparring.contracts.loading import has_rules, rules  # noqa: PLC0415  only where it may be one of them

    provider, slash, _ = name.partition("/")
    return tuple(rule.id for rule in rules(provider).rules) if slash and has_rules(provider) else ()


def _contract(rule_id: str) -> None:
    """What the contract says of a rule, where there is one."""
    from sparring.contracts.loading import has_rules, rules  # noqa: PLC0415  only where a rule is explained
    from sparring.contracts.words import trial_lines  # noqa: PLC0415

    provider = rule_id.partition("/")[0]
    found = rules(provider).rule(rule_id) if has_rules(provider) else None
    if found is None:
        return
    click.echo(f"\n{found.text}" + (f" ({found.keyword})" if found.keyword else ""))
    if found.excluded is not None:
        click.echo(f"  not tried: {found.excluded}")
    for trial in rules(provider).trials:
        if trial.rule is found:
            variant = "" if trial.variant == "default" else f" (variant {trial.variant})"
            click.echo(f"\n  {trial.id}{variant}")
            for line in trial_lines(rules(provider), trial):
                click.echo(f"    {line}")


def _explain_scenario(scenario: Scenario) -> None:
    """What it is, how to play it by hand, and what decides."""
    told = scenario_document(scenario)
    click.echo(f"{scenario.id}: {scenario.title} ({scenario.profile}, {scenario.severity})")
    for name in ("providers", "grants", "needs", "drivers", "sets"):
        if told[name]:
            click.echo(f"  {name}: {', '.join(told[name])}")
    for provider, variant in told["variants"].items():
        click.echo(f"  variant of {provider}: {variant}")
    click.echo("\n  by hand:")
    for command in told["by_hand"]["serve"].values():
        click.echo(f"    {command}")
    for number, step in enumerate(told["by_hand"]["steps"], 1):
        click.echo(f"    {number}. {step}")
    for check in scenario.checks:
        _explain(check)


def _explain(check: Check) -> None:
    click.echo(f"\n{check.id}: {check.title}\n  why: {check.why}\n  mend: {check.mend}")
    for line in decision(check).splitlines():
        click.echo(f"  {line}")
    for source in check.sources:
        found = clause(source)
        keyword = f" ({found.keyword})" if found.keyword else ""
        click.echo(f"  {found.document}, {found.section}{keyword}: {found.text}")
