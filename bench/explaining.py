"""``docs/performance.md``: the figures of a run, with what each column means."""

from bench import page
from bench.figures import CONNECTIONS, Run

HEAD = """\
# Speed

How fast the fakes answer, beside other servers of the kind, measured in one session on one machine. This page is
written by `python -m bench --write`; nothing on it is written by hand.

- `make bench` measures everything that can be had here, and takes about eight minutes.
- `.venv/bin/python -m bench --quick` measures our five providers in half a minute.
- `.venv/bin/python -m bench --only ingest --only emulate` measures those two.

It needs `wrk` (Debian and Ubuntu: `apt install wrk`), and two cores that nobody else uses. The peers come from npm,
PyPI and Maven Central, in the versions that [`bench/peers`](../bench/peers) pins, into `build/bench`; one that cannot
be had is named at the end of this page, with the reason.

"""

MEANING = f"""\
## How it is measured

One server process on one core, the load on another, both on this machine; nothing leaves it. The load is wrk, a
public load generator, with one script for every server: {CONNECTIONS} connections that stay open, one request in flight
on each. A server is warmed up before it is measured. Every answer must be a good one: a single refusal, and the figure
is not taken. Codes are made beforehand, by logging in as a person does; each is used once. A refresh uses the token
that the answer before it brought, where the server hands out new ones.

Our servers are measured as they are used: every check on, every exchange recorded, every fault looked up.

What a column means:

- **answers/s**: answers in a second, {CONNECTIONS} requests in flight.
- **signatures**: how many values of one answer are signed with RS256. A signature costs more than all the rest.
- **of openssl**: signatures made in a second, as a share of what `openssl speed rsa2048` makes on the same core just
  before and after: 1.00 would be a server that does nothing but sign. Where an answer is not signed, the answers count.
- **p50, p99**: half of the answers, and all but one in a hundred, came within so many milliseconds.
- **server, ms**: processor time of the server for one answer, whatever else the machine did. **by processor**:
  *of openssl* reckoned from that, which holds on a busy machine too, and where the load cannot keep up.
- **wrk's core**: the share of a core that the load took. Near 100%, it is the load that is measured.
- **alone**: the same over one connection.
- **times as fast as**: our figure under *of openssl* by the peer's. Above 1.00 we are faster. Each was divided by what
  openssl made in the same minute, and counts signatures, so neither the hour nor a second token in the answer favours
  anybody.
- **first token, ms**: from the command, as a user types it, to the first token; the median of five. A server without
  client credentials has a login in it. **memory then**, **after all**: resident, all its processes together.
- **per 100,000, MiB**: how much the server's memory grows with a hundred thousand further signed tokens (of a server
  without client credentials: refreshes), once it has served what came before. **bytes/opaque token**: the same for one
  token, where tokens have to be remembered. Both are reckoned from some ten thousand requests; a server that collects
  its garbage now and then may have shrunk meanwhile.
- **in signatures**: the time, in signatures of openssl.

Who is who:

- *oauth2-mock-server*, *emulate* (its Microsoft), *oidc-provider-mock* and *mock-oauth2-server* are started by their
  own commands, *oidc-provider* by the [smallest server](../bench/peers/oidc-provider/server.mjs) around that library.
- *emulate* limits how often one bearer may ask, so it is asked by many.
- *mock-oauth2-server* closes the connection after each answer, so it is asked over a new one each time.
- *bare Starlette* and *plain ASGI* hand out a token to whoever asks, without a check: the limit of what Python can do.
- Ingest's API serves an application a hundred times in ten seconds, as the real one has a limit; it is not measured.

"""


def performance(run: Run) -> str:
    """The page."""
    return HEAD + "\n".join(page.told(run)).rstrip() + "\n\n" + MEANING.rstrip() + "\n"
