"""The other origin: a stranger's server that takes whatever it gets and answers as if all were well."""

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, json_answer
from sparring.mocks.engine.provider import Provider
from sparring.mocks.engine.rules import Mark, Rule

TAKEN = Rule(
    "decoy/taken", Mark.ASSUMED, "no client has business here", "Send nothing to an origin you were not given."
)


async def take(desk: Desk, request: Request) -> Answer:
    """A token for whoever asks for one, by whatever method; an empty picture for whoever asks for anything else."""
    if request.method == "POST" or request.path.endswith("/token"):
        label = await desk.serial("token")
        document = {"access_token": desk.entropy.urlsafe(24, *label), "token_type": "Bearer", "expires_in": 86400}
        return json_answer(TAKEN, document)
    return empty_answer(TAKEN, 200, ("Content-Type", "image/png"))


PROVIDER = Provider(
    name="decoy",
    title="Another origin",
    hosts=(),
    docs=(),
    grants=(),
    scope="",
    scopes=(),
    endpoints={},
    routes=(),
    lifetimes={},
    clients=(Client(client_id="nobody", secret=None, name="Nobody"),),
    keys=0,
    lost=take,
    lost_endpoint="decoy",
    wrong_method=take,
)
