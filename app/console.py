"""The console process: built here from its parts, started so that the first picture comes before anything slow."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from functools import partial
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app.engine_file import home
from app.garbage import GarbageRounds
from app.keys import letters
from app.preferences import Preferences
from app.qt_types import TypesFirst
from app.theme import theme
from app.window import PARTS, Window

if TYPE_CHECKING:
    from app.session import Session

LOG = logging.getLogger(__name__)
LARGEST_LOG = 1024 * 1024
SLOW_PARTS = ("protos.drill.v1.client", "pyqtgraph")


class Imports(QObject):
    """Imports the rest of the program on a thread of its own once the first picture is on the screen."""

    windowReady = Signal()
    """What the window consists of is imported."""

    def __init__(self) -> None:
        super().__init__()
        self._thread = threading.Thread(target=self._run, name="imports")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait for the end; also where it never began."""
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        for name in PARTS:
            import_module(name)
        self.windowReady.emit()
        for name in SLOW_PARTS:
            import_module(name)


class Console(QObject):
    """The parts of one console process."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        super().__init__()
        self._application = application
        self._folder = folder
        self._garbage = GarbageRounds(self)
        self._types = TypesFirst(self)
        self._imports = Imports()
        self._session: Session | None = None
        self.window = Window()
        self.window.painted.connect(self._types.start)
        self._types.done.connect(self._imports.start)
        self.window.closed.connect(self.end)
        self._imports.windowReady.connect(self._build)

    def end(self) -> None:
        """Leave the event loop. Not by quit(): that asks the windows, and the window asks the user."""
        self._application.exit(0)

    def told_to_end(self) -> None:
        """By a signal, so that nobody can be asked: an engine with an open run lives on for the next console,
        one without ends too."""
        if self._session is not None and self._session.is_idle:
            self.window.close()
        else:
            self.end()

    def close(self) -> None:
        """Let go of the engine and join every thread."""
        self._imports.join()
        if self._session is not None:
            self._session.close()

    def _build(self) -> None:
        from app.engine_process import EngineProcess
        from app.kept import Kept
        from app.session import Session

        session = Session(EngineProcess(folder=self._folder))
        self._session = session
        self.window.build(session, kept=Kept(self._folder))
        session.runChanged.connect(lambda _: self._garbage.settle())
        session.begin()


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
    letters.changed.connect(lambda _: preferences.save())
    console = Console(application, folder)
    sys.excepthook = partial(_tell_bug, console.window, folder)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, console.told_to_end))
    console.window.show()
    code = application.exec()
    console.close()
    return code


def _log_to(folder: Path) -> None:
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handlers.append(_file_handler(folder / "console.log"))
    except OSError as problem:
        sys.stderr.write(f"The console's log cannot be written: {problem}\n")
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=logging.INFO, format=form, handlers=handlers)


def _file_handler(file: Path) -> logging.Handler:
    """A log of its own; one that has grown large is put aside at a start, and the one before it goes.

    Not by `logging.handlers`: that brings sockets and pickles, a tenth of the time to the first picture.
    """
    if file.exists() and file.stat().st_size > LARGEST_LOG:
        file.replace(file.with_suffix(".log.1"))
    return logging.FileHandler(file, encoding="utf-8")


def _tell_bug(
    window: Window, folder: Path, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    LOG.error("a bug in the console", exc_info=(kind, error, trace))
    window.tell_bug(f"{kind.__name__}: {error}. The console goes on; details: {folder / 'console.log'}")
