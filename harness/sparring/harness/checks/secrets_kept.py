"""Where secrets, tokens and codes must not show: URLs, the browser, logs, other hosts."""

import json

from sparring.contracts import facts
from sparring.harness.checks.traces import found, names
from sparring.harness.checks.wire import CLIENT_ENDPOINTS, authorize_url_of, query_of
from sparring.harness.evidence import Evidence, Exchange, LogFile
from sparring.harness.scenario import Check
from sparring.harness.verdict import Finding, failed, passed, skipped, warned

_HARMFUL = ("client_secret", "access_token", "refresh_token", "password")
_SECRETS_OF_ITS_OWN = ("client_secret", "refresh_token", "password")
_FRONT = (*_HARMFUL, "code_verifier")


def secret_never_in_url(evidence: Evidence) -> Finding:
    """No secret stands in a request line or a Referer of the client's own requests.

    Looked for: client secret, access and refresh token, code, verifier and password, in any encoding, at the
    token endpoint and the API. Pass: none. Warn: the token endpoint of a provider whose document shows the
    parameters in the URL, where the run is declared to follow it. Fail: otherwise. What goes through the browser is
    judged elsewhere.
    """
    requests = evidence.at(*CLIENT_ENDPOINTS)
    if not requests:
        return skipped("The client made no request of its own.")
    finding = passed("No request line carries a secret.")
    for exchange in requests:
        leaked = found(exchange.url, evidence)
        offered = exchange.endpoint == "token" and "query" in facts(evidence.provider).token_parameters
        if leaked and offered and evidence.as_documented:
            finding = warned(f"The query carries {names(leaked)}, as the provider's document shows it.", exchange.n)
        elif leaked:
            return failed(f"The request line carries {names(leaked)}.", exchange.n)
        referred = found(exchange.header("referer") or "", evidence)
        if referred:
            return failed(f"The Referer header carries {names(referred)}.", exchange.n)
    return finding


def _visited(evidence: Evidence, url: str) -> list[int]:
    return [e.n for e in evidence.at("authorize") if e.url == url]


def secret_never_front_channel(evidence: Evidence) -> Finding:
    """Nothing secret passes through the person's browser.

    Looked at: the authorization URL, and the page with which the client answers the callback. Pass: neither
    has the client secret, a token, the code verifier or a password in it. Fail: otherwise, or any
    client_secret parameter in the authorization URL, whatever its value.
    """
    urls = authorize_url_of(evidence)
    if not urls and not evidence.visits:
        return skipped("No browser took part.")
    for url in urls:
        leaked = found(url, evidence, *_FRONT)
        if leaked:
            return failed(f"The authorization URL carries {names(leaked)}.", *_visited(evidence, url))
        if query_of(url).get("client_secret"):
            return failed("The authorization URL has a client_secret parameter.", *_visited(evidence, url))
    for visit in evidence.visits:
        shown = found(visit.callback_body, evidence, *_FRONT)
        if shown:
            return failed(f"The page that the client served to the browser shows {names(shown)}.")
    return passed("The browser saw no secret.")


def _without_visits(log: LogFile, evidence: Evidence) -> str:
    """The text without the authorization URLs: what these carry is judged as front channel, once."""
    text = log.text
    for visit in evidence.visits:
        text = text.replace(visit.url, "").replace(json.dumps(visit.url)[1:-1], "")
    return text


def _handed_out(line: str) -> bool:
    """Whether a line of stdout is the client's answer to an instruction, or to its one run."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and (said.get("sparring") == "done" or "outcome" in said)


def _written(log: LogFile, evidence: Evidence) -> tuple[str, str]:
    """What the client logs, and what it hands out where users have tokens of their own, to be judged apart."""
    text = _without_visits(log, evidence)
    if log.name != "stdout" or not evidence.context.get("register_url"):
        return text, ""
    lines = text.splitlines()
    logged = "\n".join(line for line in lines if not _handed_out(line))
    return logged, "\n".join(line for line in lines if _handed_out(line))


def secret_never_in_logs(evidence: Evidence) -> Finding:
    """The client's output and the files that it leaves show no secret.

    Searched as it is, percent-encoded and in Base64 (also within ``id:secret``). Pass: nothing found; a file
    of mode 0600 counts as a token cache and may hold tokens. Warn: an authorization code or verifier in the
    output; a secret in a file that others can read. Fail: client secret, refresh token, access token or
    password in stdout or stderr. Where users have tokens of their own, which access token the client's answers to
    its instructions may hand out is judged elsewhere.
    """
    if not evidence.logs:
        return skipped("No output was captured.")
    doubt: Finding | None = None
    for log in evidence.logs:
        streamed = log.name in {"stdout", "stderr"}
        if not streamed and log.mode == 0o600:
            continue
        text, handed_out = _written(log, evidence)
        harmful = found(text, evidence, *_HARMFUL) + found(handed_out, evidence, *_SECRETS_OF_ITS_OWN)
        if harmful and streamed:
            return failed(f"The client's {log.name} shows {names(harmful)}.")
        mild = harmful or found(text, evidence, "code", "code_verifier")
        if mild and streamed:
            doubt = doubt or warned(f"The client's {log.name} shows {names(mild)}.")
        elif mild:
            mode = "unknown mode" if log.mode is None else f"mode {log.mode:04o}"
            doubt = doubt or warned(f"The file {log.name} ({mode}) holds {names(mild)}; others can read it.")
    return doubt or passed("No secret shows in the client's output.")


def _text_of(exchange: Exchange) -> str:
    headers = "\n".join(value for _, value in exchange.headers)
    return f"{exchange.url}\n{headers}\n{exchange.body.decode(errors='replace')}"


def token_never_to_other_host(evidence: Evidence) -> Finding:
    """Another origin than the provider's gets no credentials.

    Pass: it saw nothing, or plain requests. Fail: an Authorization header, or any token, code or secret in
    URL, headers or body. Why: whoever runs that host (a CDN, the target of a redirect) can then act as the
    client or its user.
    """
    for exchange in evidence.decoy:
        if exchange.header("authorization") is not None:
            return failed("Another host was sent an Authorization header.", exchange.n)
        leaked = found(_text_of(exchange), evidence)
        if leaked:
            return failed(f"Another host was sent {names(leaked)}.", exchange.n)
    if evidence.decoy:
        return passed("Another host was asked, without credentials.")
    return passed("No other host was asked.")


CHECKS = (
    Check(
        id="secret-never-in-url",
        title="No secret in a request line",
        why="Servers, proxies and monitoring log request lines; a secret there is known to all who read the logs.",
        mend="Send the parameters in the body and the token in the Authorization header.",
        sources=(
            "rfc6749/2.3.1",
            "rfc6750/5.3/page-urls",
            "rfc9700/4.3.2",
            "ingest/document/query-or-body",
            "clickview/document/secret-confidential",
        ),
        judge=secret_never_in_url,
    ),
    Check(
        id="secret-never-front-channel",
        title="No secret through the browser",
        why="Whatever passes through a browser is in its history, its extensions and the user's hands.",
        mend="Give the authorization URL only public parameters, and keep tokens on the server's side.",
        sources=("rfc6749/2.3.1", "rfc6749/10.1", "clickview/document/never-to-the-browser"),
        judge=secret_never_front_channel,
    ),
    Check(
        id="secret-never-in-logs",
        title="No secret in the output",
        why="Logs are copied to places where nobody expects a credential, and kept for years.",
        mend="Do not log token answers or requests; log an error code, or a fingerprint of the token.",
        sources=(
            "rfc6749/10.1",
            "rfc6749/10.3",
            "rfc6749/10.4",
            "clickview/document/secret-confidential",
            "clickview/document/never-to-the-browser",
        ),
        judge=secret_never_in_logs,
    ),
    Check(
        id="token-never-to-other-host",
        title="No credentials to another host",
        why="Whoever runs the other host can use the token as the client does, until it expires.",
        mend="Add the Authorization header for each request to the API's own origin, not as a default of the session.",
        sources=("rfc6749/10.3", "rfc6750/5.3/safeguard"),
        judge=token_never_to_other_host,
    ),
)
