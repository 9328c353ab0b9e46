"""The engine's entry: a mode word, then that mode's arguments. No mode imports Qt."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

_INTERNAL_MODES = {
    "load": "engine.lab.load.process",
    "proxy": "engine.lab.proxy.process",
    "actuators": "engine.lab.actuators.process",
    "job": "engine.lab.actuators.job_process",
    "meter": "engine.lab.meter_process",
    "zygote": "engine.lab.zygote_process",
    "service": "engine.lab.service_runner",
    "judge": "engine.verification.process",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one mode; the exit code is the mode's own."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in _INTERNAL_MODES:
        run: Callable[[Sequence[str]], int] = import_module(_INTERNAL_MODES[words[0]]).main
        return run(words[1:])
    from engine.commands import main as commands

    return commands(words)


if __name__ == "__main__":
    sys.exit(main())
