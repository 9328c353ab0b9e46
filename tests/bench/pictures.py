"""Pictures of every screen on a running drill: `python tests/bench/pictures.py FOLDER [--light]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.theme import ThemeName, theme
from tests.bench.running_console import running_console

SCREENS = ("Signals", "Traces", "Logs", "Workbench")


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--light", action="store_true")
    parser.add_argument("--size", default="1600x1000")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--after", type=float, default=60.0, help="seconds after the trigger")
    options = parser.parse_args()
    width, height = (int(word) for word in options.size.split("x"))
    options.folder.mkdir(parents=True, exist_ok=True)
    theme.use(ThemeName.LIGHT if options.light else ThemeName.DARK, text_scale=options.scale)
    with running_console() as console:
        console.window.resize(width, height)
        console.run_for(options.after)
        traces = console.lead(lambda client: client.list_traces("duration:>20ms", 0, limit=200)).traces
        longest = max(traces, key=lambda trace: (trace.spans, trace.duration_ns))
        for name in SCREENS:
            console.window.show_screen(name)
            if name == "Traces":
                console.window.selection.open_trace(longest.trace_id)
            console.run_for(4.0)
            console.window.grab().save(str(options.folder / f"{name.lower()}.png"))
        console.window.show_screen("Control")
        console.run_for(2.0)
        control = console.window._control
        if control is not None:
            control.resize(width, height)
            console.run_for(1.0)
            control.grab().save(str(options.folder / "control.png"))


if __name__ == "__main__":
    main()
