"""The workbench on a server that speaks the contract: from an edit to the judge."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from pytestqt.qtbot import QtBot

from app.client import Endpoint, Engine
from app.selection import Selection
from app.source_place import SourcePlace
from app.widgets.progress import StepState
from app.workbench import WorkbenchView
from protos.drill.v1 import drill_pb2 as drill
from protos.drill.v1 import workbench_pb2 as pb
from protos.drill.v1.drill_pb2_grpc import DrillServicer, add_DrillServicer_to_server
from protos.drill.v1.workbench_pb2_grpc import WorkbenchServicer, add_WorkbenchServicer_to_server
from tests.app.engine_stub import snapshot
from tests.app.three_scenarios import stacks

WAIT_MS = 15_000
MONEY = "billing/money.py"


class Bench(DrillServicer, WorkbenchServicer):
    """A run with one editable file; `fails` makes a deploy fail at line 2."""

    def __init__(self) -> None:
        self.texts = {"contract.md": "# Promises", MONEY: "def cents(x):\n    return int(x * 100)\n"}
        self.deployed, self.proposed = "aaa", ""
        self.told: list[str] = []
        self.deployed_texts = dict(self.texts)
        self.fails = False
        self.full = False
        self.changed = threading.Event()
        self.snapshot = snapshot()
        self.snapshot.run, self.snapshot.number = "run", 1

    def Hello(self, request: Any, context: Any) -> drill.HelloReply:
        return drill.HelloReply(version="0.1.0", role="participant", run="run", state="open")

    def GetSnapshot(self, request: Any, context: Any) -> drill.Snapshot:
        return self.snapshot

    def Watch(self, request: Any, context: Any) -> Iterator[drill.Update]:
        context.add_callback(self.changed.set)
        while context.is_active():
            yield drill.Update(snapshot=self.snapshot)
            self.changed.wait()
            self.changed.clear()

    def ListFiles(self, request: Any, context: Any) -> pb.FileList:
        files = [
            pb.SourceFile(
                path=path,
                service=path.split("/")[0] if "/" in path else "",
                editable="/" in path,
                change="M" if text != self.deployed_texts[path] else "",
            )
            for path, text in self.texts.items()
        ]
        return pb.FileList(files=files, deployed_commit=self.deployed, proposed_commit=self.proposed)

    def ReadFile(self, request: Any, context: Any) -> pb.FileText:
        return pb.FileText(path=request.path, text=self.texts[request.path], version=str(len(self.told)))

    def WriteFile(self, request: Any, context: Any) -> pb.FileList:
        if self.full:
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "The disk is full: make room and save again.")
        self.texts[request.path] = request.text
        self.told.append(f"write {request.path}")
        return self.ListFiles(request, context)

    def GetDiff(self, request: Any, context: Any) -> pb.Diff:
        return pb.Diff(text="--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", files=1, added=1, removed=1)

    def Propose(self, request: Any, context: Any) -> pb.Proposal:
        self.proposed = "bbb"
        self.told.append(f"propose {request.title}")
        return pb.Proposal(commit="bbb", title=request.title, files=1, added=1, removed=1)

    def Deploy(self, request: Any, context: Any) -> pb.DeployReply:
        self.told.append(f"deploy {request.commit}")
        if self.fails:
            return pb.DeployReply(
                service="billing", reason="SyntaxError", traceback="Traceback", file=MONEY, line=2
            )
        self.deployed, self.deployed_texts = request.commit, dict(self.texts)
        self.proposed = ""
        return pb.DeployReply(running=True)

    def GetStacks(self, request: Any, context: Any) -> pb.Stacks:
        self.told.append(f"stacks {request.service}")
        return stacks(request.service)

    def Verify(self, request: Any, context: Any) -> pb.VerifyReply:
        self.told.append(f"verify {request.commit}")
        return pb.VerifyReply(ids=["v1"])


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[tuple[Bench, WorkbenchView]]:
    """The server, and the pane on it with its first file open."""
    servicer = Bench()
    server = grpc.server(ThreadPoolExecutor(8))
    add_DrillServicer_to_server(servicer, server)
    add_WorkbenchServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    engine = Engine()
    engine.connect_to(Endpoint(f"127.0.0.1:{port}", "token"))
    view = WorkbenchView(engine, Selection())
    qtbot.addWidget(view)
    view.resize(1500, 900)
    view.show()
    view.activate()
    qtbot.waitUntil(lambda: opened(view) == "contract.md", timeout=WAIT_MS)
    yield servicer, view
    engine.close()
    server.stop(None).wait()


def opened(view: WorkbenchView) -> str:
    """The path of the open file."""
    return view._file.path


def edit(qtbot: QtBot, view: WorkbenchView, text: str) -> None:
    """Open the money module and type at its end."""
    view._tree.choose(MONEY)
    qtbot.waitUntil(lambda: opened(view) == MONEY, timeout=WAIT_MS)
    view._file.editor.moveCursor(view._file.editor.textCursor().MoveOperation.End)
    view._file.editor.insertPlainText(text)


def press(qtbot: QtBot, view: WorkbenchView, words: str, done: Callable[[], bool]) -> None:
    """Press the primary button, which must say `words`, and wait for what it does."""
    qtbot.waitUntil(lambda: view._next.text() == words and view._next.isEnabled(), timeout=WAIT_MS)
    view._next.click()
    qtbot.waitUntil(done, timeout=WAIT_MS)


def test_that_a_fix_goes_from_the_editor_to_the_judge(
    qtbot: QtBot, bench: tuple[Bench, WorkbenchView]
) -> None:
    servicer, view = bench
    edit(qtbot, view, "# exact\n")
    view._title.setText("Round half up")
    press(qtbot, view, "Propose", lambda: servicer.proposed == "bbb")
    press(qtbot, view, "Deploy", lambda: servicer.deployed == "bbb")
    servicer.snapshot.deploys.add(commit="bbb", state="running")
    servicer.changed.set()
    press(qtbot, view, "Verify", lambda: "verify bbb" in servicer.told)
    assert [step.state for step in view._steps._steps][:3] == [StepState.DONE] * 3
    assert servicer.told[0] == f"write {MONEY}"
    assert servicer.texts[MONEY].endswith("# exact\n")


def test_that_a_proposal_needs_words(qtbot: QtBot, bench: tuple[Bench, WorkbenchView]) -> None:
    _, view = bench
    edit(qtbot, view, "# exact\n")
    qtbot.waitUntil(lambda: view._next.text() == "Propose", timeout=WAIT_MS)
    assert not view._next.isEnabled()
    assert "few words" in view._next.toolTip()


def test_that_a_version_that_does_not_start_is_shown_at_its_line(
    qtbot: QtBot, bench: tuple[Bench, WorkbenchView]
) -> None:
    servicer, view = bench
    servicer.fails = True
    edit(qtbot, view, "def (:\n")
    view._title.setText("Broken")
    press(qtbot, view, "Propose", lambda: servicer.proposed == "bbb")
    press(qtbot, view, "Deploy", lambda: view._failed is not None)
    qtbot.waitUntil(lambda: f"{MONEY}, line 2: SyntaxError" in view._trouble.text, timeout=WAIT_MS)
    assert view._file.editor.textCursor().blockNumber() == 1


def test_that_documents_and_other_peoples_services_cannot_be_typed_into(
    qtbot: QtBot, bench: tuple[Bench, WorkbenchView]
) -> None:
    _, view = bench
    assert view._file.editor.isReadOnly() or view._file._pages.currentIndex() == 2
    assert not view._revert.isEnabled()


def test_that_changes_are_shown_against_what_is_deployed(
    qtbot: QtBot, bench: tuple[Bench, WorkbenchView]
) -> None:
    _, view = bench
    view._file._mode.choose(1)
    view._file._show_page()
    qtbot.waitUntil(lambda: view._file._pages.currentIndex() == 3, timeout=WAIT_MS)
    assert view._file._changes.accessibleDescription() == "1 lines added, 1 removed"


def test_that_what_is_typed_while_a_save_is_under_way_is_saved_too(
    qtbot: QtBot, bench: tuple[Bench, WorkbenchView]
) -> None:
    servicer, view = bench
    edit(qtbot, view, "# one\n")
    view._file.save()
    view._file.editor.insertPlainText("# two\n")
    view._title.setText("Both")
    view._advance()
    qtbot.waitUntil(lambda: servicer.proposed == "bbb", timeout=WAIT_MS)
    assert servicer.texts[MONEY].endswith("# one\n# two\n")


def test_that_what_cannot_be_saved_stays_in_the_editor_and_is_not_proposed(
    qtbot: QtBot, bench: tuple[Bench, WorkbenchView]
) -> None:
    servicer, view = bench
    servicer.full = True
    edit(qtbot, view, "# exact\n")
    view._title.setText("Round half up")
    view._advance()
    qtbot.waitUntil(lambda: "The disk is full" in view._trouble.text, timeout=WAIT_MS)
    assert view._file.is_unsaved
    assert view._file.editor.toPlainText().endswith("# exact\n")

    servicer.full = False
    view._file.save()
    qtbot.waitUntil(lambda: servicer.told == [f"write {MONEY}"], timeout=WAIT_MS)
    press(qtbot, view, "Propose", lambda: servicer.proposed == "bbb")
    assert servicer.told == [f"write {MONEY}", "propose Round half up"]


def test_that_a_proposal_from_before_a_restart_can_be_deployed(
    qtbot: QtBot, bench: tuple[Bench, WorkbenchView]
) -> None:
    servicer, view = bench
    servicer.texts[MONEY] += "# exact\n"
    servicer.proposed = "bbb"
    view.activate()
    press(qtbot, view, "Deploy", lambda: servicer.deployed == "bbb")


def test_that_the_threads_of_the_open_files_service_are_a_button_away(
    qtbot: QtBot, bench: tuple[Bench, WorkbenchView]
) -> None:
    servicer, view = bench
    view._tree.choose(MONEY)
    qtbot.waitUntil(lambda: opened(view) == MONEY, timeout=WAIT_MS)
    view._open_threads()
    qtbot.waitUntil(lambda: len(view._threads.drawer.cards) == 3, timeout=WAIT_MS)
    assert "stacks billing" in servicer.told


def test_that_d_is_a_letter_while_somebody_types(qtbot: QtBot, bench: tuple[Bench, WorkbenchView]) -> None:
    _, view = bench
    edit(qtbot, view, "# ")
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow, timeout=WAIT_MS)
    view._file.editor.setFocus()
    qtbot.keyClick(view._file.editor, "d")
    assert view._file.editor.toPlainText().endswith("# d")
    assert view._threads.drawer.isHidden()


def test_that_a_line_that_another_screen_asks_for_is_gone_to(
    qtbot: QtBot, bench: tuple[Bench, WorkbenchView]
) -> None:
    _, view = bench
    view._selection.open_source(SourcePlace(MONEY, 2))
    qtbot.waitUntil(lambda: opened(view) == MONEY, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: view._file.editor.textCursor().blockNumber() == 1, timeout=WAIT_MS)

    view._selection.open_source(SourcePlace(MONEY, 1))
    assert view._file.editor.textCursor().blockNumber() == 0

    view._selection.open_source(SourcePlace("tickets/service.js", 17))
    assert view._trouble.text.startswith("tickets/service.js is not part of the workspace")
    assert opened(view) == MONEY
