"""Pictures of the screens on a running drill: `python tests/bench/pictures.py FOLDER [--all]`.

Without `--all` each screen once, dark, 1600x1000. With it the three screens of the investigation in both themes, two
sizes and two text scales, and their loading, empty, paused and lost-engine states.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.client import EngineState
from app.logs import LogsView
from app.signals import SignalsView
from app.theme import ThemeName, theme
from app.traces import TracesView
from tests.bench.running_console import RunningConsole, running_console

SCREENS = ("Signals", "Logs", "Traces", "Workbench")
INVESTIGATED = ("Signals", "Logs", "Traces")
SIZES = ((1600, 1000), (1280, 800))
SCALES = (1.0, 1.5)
NOWHERE = "service:nobody"


class Album:
    """Saves what a console shows."""

    def __init__(self, folder: Path, console: RunningConsole) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self.console = folder, console

    def keep(self, name: str, widget: QWidget | None = None) -> None:
        """Save a picture of a widget, or of the window."""
        (widget or self.console.window).grab().save(str(self._folder / f"{name}.png"))

    def show(self, screen: str, settle_s: float = 1.5) -> QWidget:
        """Go to a screen; its pane."""
        self.console.window.show_screen(screen)
        self.console.run_for(settle_s)
        pane = self.console.window.panes.currentWidget()
        assert pane is not None
        return pane


def loading(album: Album) -> None:
    """Each screen as it is seen first."""
    for name in INVESTIGATED:
        album.console.window.show_screen(name)
        QCoreApplication.processEvents()
        album.keep(f"{name.lower()}-loading")
        album.console.run_for(2.0)


def choose_something(album: Album) -> None:
    """The longest of the newest traces, and a line of its log."""
    traces = album.console.lead(lambda client: client.list_traces("duration:>20ms", 0, limit=200)).traces
    longest = max(traces, key=lambda trace: (trace.spans, trace.duration_ns))
    album.console.window.selection.open_trace(longest.trace_id)
    album.console.run_for(2.0)
    logs = album.show("Logs")
    assert isinstance(logs, LogsView)
    logs._table.choose_row(3)


def looks(album: Album) -> None:
    """The three screens in every look."""
    for name, size, scale in product((ThemeName.DARK, ThemeName.LIGHT), SIZES, SCALES):
        theme.use(name, text_scale=scale)
        album.console.window.resize(*size)
        for screen in INVESTIGATED:
            album.show(screen)
            album.keep(f"{screen.lower()}-{name.value}-{size[0]}x{size[1]}-{round(scale * 100)}")
    theme.use(ThemeName.DARK, text_scale=1.0)
    album.console.window.resize(*SIZES[0])


def states(album: Album) -> None:
    """Paused, empty, and with an engine that is gone."""
    signals = album.show("Signals")
    assert isinstance(signals, SignalsView)
    assert signals.charts is not None
    signals.charts.set_live(False)
    album.console.run_for(1.5)
    album.keep("signals-paused")
    logs = album.show("Logs")
    album.keep("logs-paused")
    traces = album.show("Traces")
    assert isinstance(logs, LogsView)
    assert isinstance(traces, TracesView)
    for name, view in (("Logs", logs), ("Traces", traces)):
        album.show(name)
        view._query.ask_now(NOWHERE)
        album.console.run_for(2.0)
        album.keep(f"{name.lower()}-empty")
        view._query.ask_now("")
    signals.charts.set_live(True)
    album.show("Signals")
    participant = album.console.session.participant
    assert participant.hello is not None
    os.kill(participant.hello.process_id, signal.SIGKILL)
    album.console.wait_for(lambda: participant.state is EngineState.LOST, 30)
    for screen in INVESTIGATED:
        album.console.window.show_screen(screen)
        album.console.run_for(0.3)
        album.keep(f"{screen.lower()}-lost")
    album.console.wait_for(lambda: participant.state is EngineState.CONNECTED, 60)


def everything(album: Album) -> None:
    """Each screen once, and Control."""
    for name in SCREENS:
        album.show(name, 4.0)
        album.keep(name.lower())
    album.console.window.show_screen("Control")
    album.console.run_for(2.0)
    control = album.console.window.panes.control
    if control is not None:
        control.resize(*SIZES[0])
        album.console.run_for(1.0)
        album.keep("control", control)


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="every look and state of Signals, Logs and Traces")
    parser.add_argument("--after", type=float, default=60.0, help="seconds after the trigger")
    options = parser.parse_args()
    with running_console() as console:
        album = Album(options.folder, console)
        console.window.resize(*SIZES[0])
        if options.all:
            loading(album)
        console.run_for(options.after)
        choose_something(album)
        if options.all:
            looks(album)
            states(album)
        else:
            everything(album)


if __name__ == "__main__":
    main()
