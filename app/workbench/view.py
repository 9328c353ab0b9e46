"""The workbench: read the source and the contract, edit, propose, deploy, and have it judged."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from app.client import Engine
from app.scenario_titles import scenario_titles
from app.selection import Selection
from app.source_place import SourcePlace
from app.theme import SEMIBOLD, Icon, Token, px
from app.thread_dump import ThreadDump
from app.widgets import (
    Button,
    ButtonKind,
    Document,
    EmptyState,
    Field,
    Line,
    Panel,
    Segmented,
    Stepper,
    Trouble,
)
from app.workbench.diff_view import DiffView
from app.workbench.editor import Editor
from app.workbench.judgements import latest_round, shown_verification
from app.workbench.model import (
    Progress,
    changed_count,
    diff_lines,
    steps,
    tree_rows,
)
from app.workbench.source_tree import SourceTree
from app.workbench.verification_panel import VerificationPanel
from protos.drill.v1.records import DeployReply, Diff, FileList, FileText, Proposal, Snapshot

SAVE_AFTER_MS = 800
MODES = ("Edit", "Changes")
EDIT, CHANGES = range(2)


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
        self._open: FileText | None = None
        self._proposal: Proposal | None = None
        self._failed: DeployReply | None = None
        self._deploying = False
        self._saving = False
        self._edited_since = False
        self._after_save: list[str] = []
        self._wanted: SourcePlace | None = None
        self._save_timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._save_timer.timeout.connect(self._save)
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
        self._save()

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
        split.addWidget(self._build_text())
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
        self._tree.opened.connect(self._open_file)
        panel.add(self._tree, 1)
        return panel

    def _build_text(self) -> Panel:
        panel = Panel("No file open", "", padded=False)
        self._text = panel
        self._mode = Segmented(MODES, name="What to show")
        self._mode.chosen.connect(self._show_mode)
        threads = Button("Thread dump", ButtonKind.GHOST, Icon.STACK, "D", small=True)
        threads.clicked.connect(self._open_threads)
        panel.add_action(threads)
        panel.add_action(self._mode)
        self._editor = Editor()
        self._editor.textChanged.connect(self._typed)
        self._document = Document()
        self._changes = DiffView()
        inner = QWidget()
        self._pages = QStackedLayout(inner)
        self._pages.addWidget(
            EmptyState(
                Icon.FILE,
                "No file is open",
                "Choose one on the left: the contract says what the services promise.",
            )
        )
        self._pages.addWidget(self._editor)
        self._pages.addWidget(self._document)
        self._pages.addWidget(self._changes)
        self._pages.addWidget(
            EmptyState(Icon.GIT_DIFF, "No changes", "What you edit appears here, against what is deployed.")
        )
        panel.add(inner, 1)
        return panel

    def _bind_keys(self) -> None:
        for keys, act in (
            ("Ctrl+Return", self._advance),
            ("Ctrl+Enter", self._advance),
            ("Ctrl+S", self._save),
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
        snapshot = self._engine.snapshot
        verification = shown_verification(snapshot.verifications) if snapshot else None
        deployed = self._files.deployed_commit if self._files else ""
        if verification is not None and verification.commit != deployed and verification.state == "finished":
            verification = None
        progress = Progress(
            files=self._files,
            unsaved=self._is_unsaved(),
            proposal_title=self._proposal.title if self._proposal else "",
            failed_service=self._failed.service if self._failed else "",
            deploying=self._deploying,
            fix_runs=not self._is_untouched(),
            verification=verification,
            judged=latest_round(snapshot.verifications) if snapshot else (),
        )
        self._steps.set_steps(steps(progress))
        words, icon, reason = self._next_act()
        self._next.set_text(words)
        self._next.set_icon(icon)
        self._next.set_disabled_reason(reason)
        self._title.setVisible(words == "Propose")
        path = self._open.path if self._open else ""
        self._revert.set_disabled_reason("" if self._is_editable(path) else "Open a file that may be edited.")

    def _next_act(self) -> tuple[str, Icon, str]:
        """Words and icon of the primary button, and why it is disabled (or nothing)."""
        files = self._files
        if files is None:
            return "Propose", Icon.GIT_PULL_REQUEST, "The workspace has not been read yet."
        if self._deploying:
            return "Deploy", Icon.ROCKET_LAUNCH, "The new version is starting."
        if self._is_unsaved() or self._has_new_changes():
            why = "" if self._title.text().strip() else "Say in a few words what the change does."
            return "Propose", Icon.GIT_PULL_REQUEST, why
        if files.proposed_commit not in ("", files.deployed_commit):
            return "Deploy", Icon.ROCKET_LAUNCH, ""
        if self._is_untouched():
            return "Propose", Icon.GIT_PULL_REQUEST, "Nothing has changed yet: edit a file first."
        snapshot = self._engine.snapshot
        running = snapshot and any(v.state in ("queued", "running") for v in snapshot.verifications)
        return "Verify", Icon.TEST_TUBE, "A verification is under way." if running else ""

    def _is_untouched(self) -> bool:
        """Whether what runs is the source as it came."""
        snapshot = self._engine.snapshot
        return not (snapshot and any(deploy.state == "running" for deploy in snapshot.deploys))

    def _has_new_changes(self) -> bool:
        """Whether the files differ from what is deployed and were not proposed as they are."""
        if self._files is None or not changed_count(self._files.files):
            return False
        return self._edited_since or self._files.proposed_commit in ("", self._files.deployed_commit)

    def _is_editable(self, path: str) -> bool:
        files = self._files.files if self._files else ()
        return any(file.path == path and file.editable for file in files)

    def _is_unsaved(self) -> bool:
        return self._open is not None and self._editor.document().isModified()

    def _show_mode(self, _: object = None) -> None:
        if self._mode.current == CHANGES:
            self._save()
            self._engine.ask(lambda client: client.diff(), self._take_diff, self._trouble.tell, owner=self)
        elif self._open is None:
            self._pages.setCurrentIndex(0)
        else:
            self._pages.setCurrentIndex(2 if self._open.path.endswith(".md") else 1)

    def _show_document(self) -> None:
        if self._open is not None and self._open.path.endswith(".md"):
            self._document.show_markdown(self._open.text)

    # answers

    def _take_files(self, files: FileList) -> None:
        first = self._files is None
        self._files = files
        self._tree.show_rows(tree_rows(files.files))
        changed = changed_count(files.files)
        self._source.set_remark(f"{changed} changed" if changed else "as deployed")
        if first and self._open is None and self._wanted is None:
            start = next((file.path for file in files.files if file.path == "contract.md"), "")
            self._tree.choose(start)
        self._show_wanted()
        self._refresh()

    def _open_file(self, path: str) -> None:
        if self._open is not None and self._open.path == path:
            return
        self._save()
        self._engine.ask(
            lambda client: client.read_file(path), self._take_file, self._trouble.tell, owner=self
        )

    def _take_file(self, file: FileText) -> None:
        self._open = file
        editable = self._is_editable(file.path)
        self._text.set_title(file.path, "" if editable else "read only")
        self._editor.blockSignals(True)
        self._editor.show_text(file.path, file.text, editable)
        self._editor.blockSignals(False)
        self._show_document()
        self._mode.choose(EDIT)
        self._show_mode()
        if self._failed is not None and self._failed.file == file.path:
            self._editor.mark_line(self._failed.line)
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
        if self._open is not None and self._open.path == place.path:
            self._wanted = None
            self._mode.choose(EDIT)
            self._show_mode()
            self._editor.go_to_line(place.line)
            self._editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif any(file.path == place.path for file in files.files):
            self._tree.choose(place.path)
        else:
            self._wanted = None
            self._trouble.tell(f"{place.path} is not part of the workspace: the service runs from elsewhere.")

    def _take_diff(self, diff: Diff) -> None:
        self._changes.show_lines(diff_lines(diff.text))
        self._pages.setCurrentIndex(3 if diff.text else 4)

    # acting

    def _typed(self) -> None:
        if self._is_unsaved():
            self._edited_since = True
            self._save_timer.start()
            self._refresh()

    def _save(self) -> None:
        self._save_timer.stop()
        if not self._is_unsaved() or self._saving or self._open is None:
            return
        path, text, version = self._open.path, self._editor.toPlainText(), self._open.version
        self._saving = True
        self._editor.document().setModified(False)

        def written(files: FileList) -> None:
            self._saving = False
            self._take_files(files)
            self._engine.ask(
                lambda client: client.read_file(path), self._renew_version, self._trouble.tell, owner=self
            )

        def refused(why: str) -> None:
            self._saving = False
            self._editor.document().setModified(True)
            self._trouble.tell(why)

        self._engine.ask(lambda client: client.write_file(path, text, version), written, refused, owner=self)

    def _renew_version(self, file: FileText) -> None:
        if self._open is not None and self._open.path == file.path:
            self._open = file
        if self._is_unsaved():
            self._save()
        elif self._after_save and not self._saving:
            self._ask_proposal(self._after_save.pop())

    def _advance(self) -> None:
        """Do what the primary button says."""
        words, _, reason = self._next_act()
        if reason:
            self._trouble.tell(reason)
            if words == "Propose":
                self._title.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif words == "Propose":
            self._propose(self._title.text().strip())
        elif words == "Deploy":
            self._deploy()
        else:
            self._verify()

    def _propose(self, title: str) -> None:
        if self._is_unsaved():
            self._after_save.append(title)
            self._save()
        elif self._saving:
            self._after_save.append(title)
        else:
            self._ask_proposal(title)

    def _ask_proposal(self, title: str) -> None:
        self._engine.ask(lambda client: client.propose(title), self._proposed, self._trouble.tell, owner=self)

    def _proposed(self, proposal: Proposal) -> None:
        self._proposal, self._edited_since, self._failed = proposal, False, None
        self._editor.mark_line(0)
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
        if self._open is not None and self._open.path == reply.file:
            self._editor.mark_line(reply.line)
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
        path = self._open.path if self._open else ""
        self._threads.open_for(path.split("/")[0] if "/" in path else self._selection.service)

    def _revert_file(self) -> None:
        if self._open is None:
            return
        path = self._open.path
        self._save_timer.stop()
        self._editor.document().setModified(False)

        def reverted(files: FileList) -> None:
            self._open, self._edited_since = None, True
            self._take_files(files)
            self._engine.ask(
                lambda client: client.read_file(path), self._take_file, self._trouble.tell, owner=self
            )

        self._engine.ask(lambda client: client.revert_file(path), reverted, self._trouble.tell, owner=self)

    def _reload(self) -> None:
        self._engine.ask(lambda client: client.list_files(), self._take_files, self._trouble.tell, owner=self)

    def _forget(self, _: str) -> None:
        """Another run was opened: nothing of the one before holds."""
        self._files = self._open = self._proposal = self._failed = None
        self._editor.document().setModified(False)
        self._threads.close()
        self._pages.setCurrentIndex(0)
        self._text.set_title("No file open", "")
        if self.isVisible():
            self.activate()
