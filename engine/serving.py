"""`drill engine`: the engine alone, until it is asked to stop."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

from engine.commands import HELD, Answer
from engine.drill.errors import DrillError
from engine.rpc.gate import Tokens
from engine.rpc.server import EngineServer
from engine.runner.engine import EngineSettings, build_engine
from engine.telemetry.doors.addresses import chosen_addresses


def add(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser("engine", help="the engine alone; prints where and how to reach it")
    command.add_argument("--listen", default="127.0.0.1:0", metavar="HOST:PORT", help="default: a free port")
    command.add_argument("--runs", type=Path, metavar="DIR", help="keep runs here")
    command.add_argument(
        "--otlp-port",
        default="",
        metavar="PORT",
        help="take OTLP over gRPC at this port, over HTTP at the next; default: free ones",
    )
    command.add_argument(
        "--forward-otlp",
        default="",
        metavar="HOST:PORT",
        help="send all telemetry on to this collector (OTLP over gRPC)",
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> Answer:
    """Serve until Shutdown, SIGTERM or Ctrl C."""
    host, _, port = options.listen.rpartition(":")
    if host not in ("127.0.0.1", "localhost", "[::1]") or not port.isdigit():
        raise DrillError(
            f"--listen takes 127.0.0.1:PORT, not “{options.listen}”: nothing listens beyond this machine."
        )
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    settings = EngineSettings(
        runs=options.runs and options.runs.resolve(),
        telemetry=chosen_addresses(options.forward_otlp, options.otlp_port),
    )
    asyncio.run(serve(options.listen, settings))
    return HELD, {}, ""


async def serve(listen: str, settings: EngineSettings) -> None:
    """Print one JSON line (address, tokens, pid) once it answers, then serve until asked to stop."""
    engine, tokens = build_engine(settings), Tokens.new()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, engine.ask_to_stop)
        except NotImplementedError:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(engine.ask_to_stop))
    async with EngineServer(engine, tokens, listen) as server:
        words = {
            "address": server.address,
            "facilitator": tokens.facilitator,
            "participant": tokens.participant,
            "pid": os.getpid(),
        }
        print(json.dumps(words), flush=True)
        await engine.host()
