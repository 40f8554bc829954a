"""Mutants that no exchange of messages can tell from the provider, by key, with the reason."""

EQUIVALENT: dict[str, str] = {
    "ingest/token:token:swap:if grant_type == 'refresh_token': return await _refresh(desk, request, client, params)": (
        "a request has one grant_type, so the order of the three branches does not show"
    ),
    "ingest/token:_refresh:error:'invalid_grant':3": "a race decides it; it is tried over a store that yields",
}
