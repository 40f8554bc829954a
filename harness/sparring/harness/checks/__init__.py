"""The checks: one pure function per statement, from evidence to a finding.

``ALWAYS`` are those that hold in every run; ``ALL`` is every check by theme. Every function's docstring is
published: what is asked, what passes, warns and fails, and why.
"""

from dataclasses import replace

from sparring.harness.checks import (
    answer_members,
    api_calls,
    api_refusals,
    callbacks,
    certificates,
    client_authentication,
    code_flow,
    dialects,
    granted_scopes,
    happy,
    id_tokens,
    identity,
    issuers,
    lifespan,
    lifetime,
    login_request,
    network,
    odd_answers,
    overload,
    partners,
    process,
    provider_metadata,
    redirects,
    refresh_tokens,
    renewal,
    renewals,
    renewed_id_tokens,
    request_form,
    responses,
    scopes,
    secrets_kept,
    sharing,
    strangers,
    token_answers,
    unreachable,
    web_apps,
)
from sparring.harness.scenario import Check, Scenario

ALL: tuple[Check, ...] = (
    *request_form.CHECKS,
    *secrets_kept.CHECKS,
    *api_calls.CHECKS,
    *api_refusals.CHECKS,
    *code_flow.CHECKS,
    *login_request.CHECKS,
    *callbacks.CHECKS,
    *id_tokens.CHECKS,
    *process.CHECKS,
    *strangers.CHECKS,
    *token_answers.CHECKS,
    *answer_members.CHECKS,
    *lifetime.CHECKS,
    *renewal.CHECKS,
    *refresh_tokens.CHECKS,
    *scopes.CHECKS,
    *granted_scopes.CHECKS,
    *partners.CHECKS,
    *happy.CHECKS,
    *odd_answers.CHECKS,
    *network.CHECKS,
    *overload.CHECKS,
    *redirects.CHECKS,
    *certificates.CHECKS,
    *lifespan.CHECKS,
    *sharing.CHECKS,
    *renewals.CHECKS,
    *renewed_id_tokens.CHECKS,
    *responses.CHECKS,
    *issuers.CHECKS,
    *unreachable.CHECKS,
    *web_apps.CHECKS,
    *identity.CHECKS,
    *provider_metadata.CHECKS,
    *client_authentication.CHECKS,
    *dialects.CHECKS,
)

_BY_ID = {check.id: check for check in ALL}


def check(id: str) -> Check:  # noqa: A002
    """The check of that id; KeyError where there is none."""
    return _BY_ID[id]


ALWAYS: tuple[Check, ...] = tuple(
    check(name)
    for name in (
        "token-request-is-post",
        "token-content-type",
        "token-params-once",
        "auth-single-method",
        "secret-never-in-url",
        "secret-never-front-channel",
        "secret-never-in-logs",
        "token-never-to-other-host",
        "bearer-header-only",
        "code-single-use",
        "redirect-uri-equality",
        "request-budget",
        "client-terminates",
        "no-password-grant",
        "reaches-no-other-host",
    )
)


def always(scenario: Scenario) -> tuple[Check, ...]:
    """The always-on checks as they hold in one scenario: with its budget, and without what it judges itself."""
    checks = []
    for one in ALWAYS:
        if one.id in scenario.owns:
            continue
        judge = process.within(scenario.budget) if one.id == "request-budget" else one.judge
        checks.append(replace(one, judge=judge))
    return tuple(checks)
