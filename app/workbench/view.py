"""The workbench: read the source and the contract, edit, propose, deploy, and have it judged."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.client import Engine
from app.scenario_titles import scenario_titles
from app.selection import Selection
from app.source_place import SourcePlace
from app.theme import SEMIBOLD, Icon, Token, px
from app.thread_dump import ThreadDump
from app.widgets import Button, ButtonKind, Field, Line, Panel, Stepper, Trouble
from app.workbench.file_panel import FilePanel
from app.workbench.judgements import latest_round, shown_verification
from app.workbench.model import changed_count, tree_rows
from app.workbench.source_tree import SourceTree
from app.workbench.verification_panel import VerificationPanel
from app.workbench.way import Progress, StepName, next_act, steps
from protos.drill.v1.records import DeployReply, FileList, Proposal, Snapshot

UNDER_WAY = ("queued", "running")


class WorkbenchView(QWidget):
    """The pane of one participant's connection."""

    KEYS = (
        ("Ctrl / ↵", "Propose, deploy, or verify"),
        ("Ctrl / S", "Save now"),
        ("D", "Thread dump, while not typing"),
    )

    def __init__(self, engine: Engine, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._selection = selection
        self._files: FileList | None = None
        self._proposal: Proposal | None = None
        self._failed: DeployReply | None = None
        self._deploying = False
        self._edited_since = False
        self._wanted: SourcePlace | None = None
        self._build()
        self._bind_keys()
        engine.snapshotChanged.connect(self._show_snapshot)
        engine.runChanged.connect(self._forget)
        selection.sourceOpened.connect(self._take_wanted)

    def activate(self) -> None:
        """Read the workspace: another window may have changed it."""
        self._engine.ask(lambda client: client.list_files(), self._take_files, self._trouble.tell, owner=self)
        if self._engine.snapshot is not None:
            self._show_snapshot(self._engine.snapshot)
        self._take_wanted()

    def deactivate(self) -> None:
        """Save what was typed."""
        self._file.save()

    # building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(12), px(20), px(20))
        column.setSpacing(px(12))
        column.addLayout(self._build_header())
        way = Panel()
        self._steps = Stepper()
        way.add(self._steps)
        column.addWidget(way)
        self._trouble = Trouble()
        column.addWidget(self._trouble)
        body = QHBoxLayout()
        body.setSpacing(px(12))
        body.addWidget(self._build_tree())
        split = QSplitter(Qt.Orientation.Vertical)
        split.setHandleWidth(px(12))
        split.setChildrenCollapsible(False)
        split.addWidget(self._build_file())
        self._judged = VerificationPanel()
        self._judged.cancelled.connect(self._cancel)
        split.addWidget(self._judged)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        body.addWidget(split, 1)
        column.addLayout(body, 1)
        self._threads = ThreadDump(self._engine, self)
        self._refresh()

    def _build_header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(Line("Workbench", 16, SEMIBOLD))
        row.addWidget(Line("Change code, prove it, ship it", 12, ink=Token.TEXT3), 1)
        self._title = Field("What does the change do?")
        self._title.setMaximumWidth(px(340))
        self._title.setMinimumWidth(px(220))
        self._title.setAccessibleName("Title of the proposal")
        self._title.textChanged.connect(lambda _: self._refresh())
        row.addWidget(self._title)
        self._revert = Button("Revert file", ButtonKind.OUTLINE, Icon.ARROW_COUNTER_CLOCKWISE)
        self._revert.clicked.connect(self._revert_file)
        self._next = Button("Propose", ButtonKind.PRIMARY, Icon.GIT_PULL_REQUEST, "Ctrl ↵")
        self._next.clicked.connect(self._advance)
        row.addWidget(self._revert)
        row.addWidget(self._next)
        return row

    def _build_tree(self) -> Panel:
        panel = Panel("Source", "", padded=False)
        panel.setFixedWidth(px(240))
        self._source = panel
        self._tree = SourceTree()
        panel.add(self._tree, 1)
        return panel

    def _build_file(self) -> FilePanel:
        self._file = FilePanel(self._engine)
        self._file.edited.connect(self._take_edit)
        self._file.opened.connect(self._take_open)
        self._file.stored.connect(self._take_files)
        self._file.troubled.connect(self._trouble.tell)
        self._file.threadsAsked.connect(self._open_threads)
        self._tree.opened.connect(self._file.open)
        return self._file

    def _bind_keys(self) -> None:
        for keys, act in (
            ("Ctrl+Return", self._advance),
            ("Ctrl+Enter", self._advance),
            ("Ctrl+S", self._file.save),
            ("D", self._open_threads),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # showing

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        self._judged.show_verifications(snapshot.verifications, scenario_titles(snapshot))
        self._refresh()

    def _refresh(self) -> None:
        """Steps, marks and the one primary button."""
        now = self._progress()
        self._steps.set_steps(steps(now))
        act = next_act(now)
        self._next.set_text(act.words)
        self._next.set_icon(act.icon)
        self._next.set_disabled_reason(act.why_not)
        self._title.setVisible(act.words == StepName.PROPOSE)
        self._revert.set_disabled_reason("" if self._file.is_editable else "Open a file that may be edited.")

    def _progress(self) -> Progress:
        snapshot = self._engine.snapshot
        verification = shown_verification(snapshot.verifications) if snapshot else None
        deployed = self._files.deployed_commit if self._files else ""
        if verification is not None and verification.commit != deployed and verification.state == "finished":
            verification = None
        return Progress(
            files=self._files,
            unsaved=self._file.is_unsaved,
            proposal_title=self._proposal.title if self._proposal else "",
            failed_service=self._failed.service if self._failed else "",
            deploying=self._deploying,
            fix_runs=bool(snapshot and any(deploy.state == "running" for deploy in snapshot.deploys)),
            verification=verification,
            judged=latest_round(snapshot.verifications) if snapshot else (),
            title=self._title.text(),
            edited_since=self._edited_since,
            judging=bool(snapshot and any(one.state in UNDER_WAY for one in snapshot.verifications)),
        )

    # answers

    def _take_files(self, files: FileList) -> None:
        first = self._files is None
        self._files = files
        self._file.know(files)
        self._tree.show_rows(tree_rows(files.files))
        changed = changed_count(files.files)
        self._source.set_remark(f"{changed} changed" if changed else "as deployed")
        if first and not self._file.path and self._wanted is None:
            start = next((file.path for file in files.files if file.path == "contract.md"), "")
            self._tree.choose(start)
        self._show_wanted()
        self._refresh()

    def _take_edit(self) -> None:
        self._edited_since = True
        self._refresh()

    def _take_open(self) -> None:
        if self._failed is not None and self._failed.file == self._file.path:
            self._file.editor.mark_line(self._failed.line)
        self._show_wanted()
        self._refresh()

    def _take_wanted(self) -> None:
        """Another screen asked for a line of source."""
        self._wanted = self._selection.take_source() or self._wanted
        self._show_wanted()

    def _show_wanted(self) -> None:
        """Go to the line that is wanted, once its file is known and open."""
        place, files = self._wanted, self._files
        if place is None or files is None:
            return
        if self._file.path == place.path:
            self._wanted = None
            self._file.go_to_line(place.line)
        elif any(file.path == place.path for file in files.files):
            self._tree.choose(place.path)
        else:
            self._wanted = None
            self._trouble.tell(f"{place.path} is not part of the workspace: the service runs from elsewhere.")

    # acting

    def _advance(self) -> None:
        """Do what the primary button says."""
        act = next_act(self._progress())
        if act.why_not:
            self._trouble.tell(act.why_not)
            if act.words == StepName.PROPOSE:
                self._title.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif act.words == StepName.PROPOSE:
            self._file.when_saved(partial(self._propose, self._title.text().strip()))
        elif act.words == StepName.DEPLOY:
            self._deploy()
        else:
            self._verify()

    def _propose(self, title: str) -> None:
        self._engine.ask(lambda client: client.propose(title), self._proposed, self._trouble.tell, owner=self)

    def _proposed(self, proposal: Proposal) -> None:
        self._proposal, self._edited_since, self._failed = proposal, False, None
        self._file.editor.mark_line(0)
        self._title.clear()
        self._trouble.tell("")
        self._reload()

    def _deploy(self) -> None:
        assert self._files is not None
        commit = self._files.proposed_commit
        self._deploying, self._failed = True, None
        self._refresh()

        def refused(why: str) -> None:
            self._deploying = False
            self._trouble.tell(why)
            self._refresh()

        self._engine.ask(lambda client: client.deploy(commit), self._deployed, refused, owner=self)

    def _deployed(self, reply: DeployReply) -> None:
        self._deploying = False
        self._failed = None if reply.running else reply
        if reply.running:
            self._trouble.tell("")
        else:
            where = f"{reply.file}, line {reply.line}: " if reply.file else ""
            told = f"{reply.service} did not start, the old version goes on. {where}{reply.reason}"
            self._trouble.tell(told, reply.traceback)
            self._show_failure(reply)
        self._reload()

    def _show_failure(self, reply: DeployReply) -> None:
        if reply.file and reply.file == self._file.path:
            self._file.editor.mark_line(reply.line)
        elif reply.file:
            self._tree.choose(reply.file)

    def _verify(self) -> None:
        assert self._files is not None
        commit = self._files.deployed_commit
        self._engine.ask(
            lambda client: client.verify(commit),
            lambda _: self._trouble.tell(""),
            self._trouble.tell,
            owner=self,
        )

    def _cancel(self, verification: str) -> None:
        self._engine.ask(
            lambda client: client.cancel_verification(verification),
            lambda _: None,
            self._trouble.tell,
            owner=self,
        )

    def _open_threads(self) -> None:
        """Of the service whose file is open, else of the one that was chosen elsewhere."""
        path = self._file.path
        self._threads.open_for(path.split("/")[0] if "/" in path else self._selection.service)

    def _revert_file(self) -> None:
        self._edited_since = True
        self._file.revert()

    def _reload(self) -> None:
        self._engine.ask(lambda client: client.list_files(), self._take_files, self._trouble.tell, owner=self)

    def _forget(self, _: str) -> None:
        """Another run was opened: nothing of the one before holds."""
        self._files = self._proposal = self._failed = None
        self._file.forget()
        self._threads.close()
        if self.isVisible():
            self.activate()
