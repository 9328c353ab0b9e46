"""The console process: built here from its parts, started so that the first picture comes before anything slow."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from importlib import import_module
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtWidgets import QApplication

from app.engine_file import home
from app.engine_process import EngineProcess
from app.garbage import GarbageRounds
from app.preferences import Preferences
from app.session import Session
from app.theme import theme
from app.window import Window

LOG = logging.getLogger(__name__)
SLOW_IMPORTS = ("protos.drill.v1.client", "pyqtgraph")
"""Imported on a thread of their own after the first picture: together half a second."""


def run_console() -> int:
    """Open the console and run it to its end."""
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    application = QApplication(sys.argv[:1])
    application.setApplicationName("3am-drill")
    application.setApplicationDisplayName("3 A.M. Drill")
    application.setQuitOnLastWindowClosed(False)
    folder = home()
    _log_to(folder)
    preferences = Preferences(folder)
    preferences.apply()
    theme.install(application)
    theme.changed.connect(preferences.save)
    session = Session(EngineProcess(folder=folder))
    window = Window(session)
    _show_bugs(window, folder)
    window.closed.connect(lambda: application.exit(0))
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not quit(): that asks the windows, and the window asks the user.
        signal.signal(number, lambda *_: application.exit(0))
    garbage = GarbageRounds(application)
    warmup = threading.Thread(target=_import_slow_parts, name="warm-up")
    window.painted.connect(warmup.start)
    window.painted.connect(session.begin)
    session.runChanged.connect(lambda _: garbage.settle())
    window.show()
    code = application.exec()
    session.close()
    if warmup.ident is not None:
        warmup.join()
    return code


def _import_slow_parts() -> None:
    for name in SLOW_IMPORTS:
        import_module(name)


def _log_to(folder: Path) -> None:
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handlers.append(RotatingFileHandler(folder / "console.log", maxBytes=1024 * 1024, backupCount=1))
    except OSError as problem:
        sys.stderr.write(f"The console's log cannot be written: {problem}\n")
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=logging.INFO, format=form, handlers=handlers)


def _show_bugs(window: Window, folder: Path) -> None:
    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        LOG.error("a bug in the console", exc_info=(kind, error, trace))
        window.tell_bug(f"{kind.__name__}: {error}. The console goes on; details: {folder / 'console.log'}")

    sys.excepthook = tell
