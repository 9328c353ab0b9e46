"""The one executable's entry: no word opens the console, any other word is a command of the engine's side."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

REHEARSED = "fp_drift"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mode that the arguments name; the exit code is the mode's own."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words:
        return _engine(words)
    reason = no_display(os.environ, sys.platform)
    if reason:
        print(f"{reason}, so the console cannot be shown; rehearsing {REHEARSED} without it.", flush=True)
        return _engine(["rehearse", REHEARSED])
    from app.console import run_console

    return run_console()


def no_display(environment: Mapping[str, str], platform: str) -> str:
    """Why no window can be shown; empty when one can."""
    chosen = environment.get("QT_QPA_PLATFORM", "").split(":")[0]
    if chosen in ("offscreen", "minimal"):
        return f"QT_QPA_PLATFORM is {chosen}"
    has_screen = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    if platform.startswith("linux") and not has_screen and chosen not in ("linuxfb", "eglfs", "vnc"):
        return "There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    return ""


def _engine(words: Sequence[str]) -> int:
    # The one place where the console's side knows the engine's: it picks the mode and nothing else.
    from engine.__main__ import main as engine_main

    return int(engine_main(words))


if __name__ == "__main__":
    sys.exit(main())
