"""An owner that a test kills while every action is on: runs a whole environment with all chaos in it and says so."""

import asyncio
import pickle
import sys
from pathlib import Path

from engine.lab.environment import Environment, EnvironmentSettings
from engine.lab.records import ChaosOrder
from engine.packs.chaos import ACTIONS, ChaosTarget

TARGETS = {
    ChaosTarget.EDGE: "gateway->billing",
    ChaosTarget.UPSTREAM: "gateway->billing",
    ChaosTarget.SERVICE: "billing",
    ChaosTarget.HOST: "",
}


async def main() -> None:
    """Start everything for the pickled pack, put everything on it, print what is on, and stay."""
    folder, run_id = Path(sys.argv[1]), sys.argv[2]
    pack = pickle.loads((folder / "pack.pickle").read_bytes())
    sources = {spec.name: spec.folder for spec in pack.services}
    async with Environment(EnvironmentSettings(run_id, folder / "live")) as environment:
        await environment.start(pack.topology, sources)
        for name, action in ACTIONS.items():
            target = "gateway" if name == "kill" else TARGETS[action.target]
            await environment.chaos.apply(ChaosOrder(name, name, target))
        print(*(chaos.order.id for chaos in await environment.chaos.active() if chaos.is_on), flush=True)
        await asyncio.Event().wait()


asyncio.run(main())
