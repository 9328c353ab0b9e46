"""An owner that a test kills: runs a whole environment and says so."""

import asyncio
import pickle
import sys
from pathlib import Path

from engine.lab.environment import Environment, EnvironmentSettings
from engine.lab.load import LoadGenerator


async def main() -> None:
    """Start everything for the pickled pack, print the database's address, and stay."""
    folder, run_id = Path(sys.argv[1]), sys.argv[2]
    pack = pickle.loads((folder / "pack.pickle").read_bytes())
    sources = {spec.name: spec.folder for spec in pack.services}
    async with (
        Environment(EnvironmentSettings(run_id, folder / "live")) as environment,
        LoadGenerator(run_id, lambda report: None),
    ):
        await environment.start(pack.topology, sources)
        await environment.start_meter(pack, seed=1)
        print(environment.database_dsn("billing"), flush=True)
        await asyncio.Event().wait()


asyncio.run(main())
