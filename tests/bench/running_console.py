"""A console on a real, running drill, without a screen: for pictures and for measuring the GUI thread."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication

from app.engine_process import EngineProcess
from app.session import Session
from app.theme import theme
from app.window import Window

PACK = "fp_drift"
OPEN_WITHIN_S = 90.0


class RunningConsole:
    """The window of a drill whose incident was triggered."""

    def __init__(self, application: QApplication, window: Window, session: Session) -> None:
        self.application = application
        self.window = window
        self.session = session

    def run_for(self, seconds: float) -> None:
        """Let the console live."""
        end = time.monotonic() + seconds
        self.wait_for(lambda: time.monotonic() >= end, seconds + 5)

    def wait_for(self, done: Callable[[], object], seconds: float = OPEN_WITHIN_S) -> None:
        """Let the console live until `done` is true."""
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end:
                raise TimeoutError(f"nothing came within {seconds} s")
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

    def lead(self, call: Callable[..., Any]) -> Any:
        """Make a call with the facilitator's token; its answer, or the sentence that refused it."""
        answers: list[Any] = []
        self.session.facilitator.ask(call, answers.append, answers.append, owner=self.window)
        self.wait_for(lambda: answers)
        return answers[0]


@contextmanager
def running_console(settle_s: float = 12.0) -> Iterator[RunningConsole]:
    """Start console and engine in a folder of their own, open a run, and trigger the incident."""
    folder = Path(tempfile.mkdtemp(prefix="drill-bench-"))
    os.environ["DRILL_HOME"] = str(folder)
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    theme.install(application)
    for module in ("protos.drill.v1.client", "pyqtgraph"):
        import_module(module)
    session = Session(EngineProcess(folder=folder))
    window = Window().build(session)
    console = RunningConsole(application, window, session)
    try:
        window.show()
        session.begin()
        console.wait_for(lambda: session.facilitator.hello is not None)
        console.lead(lambda client: list(client.open_run((PACK,))))
        session.facilitator.look_again()
        session.participant.look_again()
        console.wait_for(lambda: session.run and session.participant.snapshot)
        console.lead(lambda client: client.start_phase("orientation"))
        console.run_for(settle_s)
        console.lead(lambda client: client.start_phase("phase-1"))
        console.lead(lambda client: client.trigger_scenario(PACK))
        yield console
    finally:
        ended: list[bool] = []
        session.end_engine(lambda: ended.append(True))
        console.wait_for(lambda: ended, 30)
        console.wait_for(lambda: not session.process.alive, 60)
        session.close()
        shutil.rmtree(folder, ignore_errors=True)
