"""Those who use the providers, by provider."""

from collections.abc import Mapping

from tests.contracts_fuzz.actors.actor import Actor
from tests.contracts_fuzz.actors.clickview import ClickViewActor
from tests.contracts_fuzz.actors.ingest import IngestActor
from tests.contracts_fuzz.actors.movingimage import MovingimageActor
from tests.contracts_fuzz.actors.panopto import PanoptoActor
from tests.contracts_fuzz.actors.rotor import RotorActor

ACTORS: Mapping[str, type[Actor]] = {
    "clickview": ClickViewActor,
    "ingest": IngestActor,
    "movingimage": MovingimageActor,
    "panopto": PanoptoActor,
    "rotor": RotorActor,
}
