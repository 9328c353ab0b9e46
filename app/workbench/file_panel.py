"""The open file: read, edited, saved by itself, and put back; or what all files have that is not deployed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.client import Engine
from app.theme import Icon
from app.widgets import Button, ButtonKind, Document, EmptyState, Panel, Segmented
from app.workbench.diff_view import DiffView
from app.workbench.editor import Editor
from app.workbench.model import diff_lines
from protos.drill.v1.records import Diff, FileList, FileText

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient

T = TypeVar("T")
SAVE_AFTER_MS = 800
MODES = ("Edit", "Changes")
EDIT, CHANGES = range(2)
NOTHING, EDITOR, DOCUMENT, DIFF, NO_CHANGES = range(5)


class FilePanel(Panel):
    """`edited` says that it is unsaved now, `opened` that a file is open, `troubled` what went wrong.

    `stored` carries the FileList after what is open was written or put back.
    """

    edited = Signal()
    opened = Signal()
    stored = Signal(object)
    troubled = Signal(str)
    threadsAsked = Signal()

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__("No file open", "", padded=False, parent=parent)
        self._engine = engine
        self._files: FileList | None = None
        self._open: FileText | None = None
        self._saving = False
        self._after_save: Callable[[], None] | None = None
        self._due = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._due.timeout.connect(self.save)
        self._mode = Segmented(MODES, name="What to show")
        self._mode.chosen.connect(self._show_page)
        threads = Button("Thread dump", ButtonKind.GHOST, Icon.STACK, "D", small=True)
        threads.clicked.connect(self.threadsAsked)
        self.add_action(threads)
        self.add_action(self._mode)
        self.editor, self._document, self._changes = Editor(), Document(), DiffView()
        self.editor.textChanged.connect(self._typed)
        inner = QWidget()
        self._pages = QStackedLayout(inner)
        why = "Choose one on the left: the contract says what the services promise."
        unchanged = "What you edit appears here, against what is deployed."
        for page in (
            EmptyState(Icon.FILE, "No file is open", why),
            self.editor,
            self._document,
            self._changes,
            EmptyState(Icon.GIT_DIFF, "No changes", unchanged),
        ):
            self._pages.addWidget(page)
        self.add(inner, 1)

    @property
    def path(self) -> str:
        """The open file's path; empty while none is open."""
        return self._open.path if self._open is not None else ""

    @property
    def is_unsaved(self) -> bool:
        """Whether something was typed that the engine does not have."""
        return self._open is not None and self.editor.document().isModified()

    @property
    def is_editable(self) -> bool:
        """Whether the open file may be changed."""
        files = self._files.files if self._files is not None else ()
        return any(file.path == self.path and file.editable for file in files)

    def know(self, files: FileList) -> None:
        """These are the files that there are."""
        self._files = files

    def open(self, path: str) -> None:
        """Open a file, after saving the one that is open."""
        if path != self.path:
            self.save()
            self._ask(lambda client: client.read_file(path), self._take)

    def go_to_line(self, line: int) -> None:
        """Show a line (from 1) of the open file, ready for typing."""
        self._mode.choose(EDIT)
        self._show_page()
        self.editor.go_to_line(line)
        self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def save(self) -> None:
        """Write what was typed."""
        self._due.stop()
        if not self.is_unsaved or self._saving or self._open is None:
            return
        path, text, version = self._open.path, self.editor.toPlainText(), self._open.version
        self._saving = True
        self.editor.document().setModified(False)

        def written(files: FileList) -> None:
            self._saving = False
            self.stored.emit(files)
            self._ask(lambda client: client.read_file(path), self._renew_version)

        def refused(why: str) -> None:
            self._saving = False
            self._after_save = None
            self.editor.document().setModified(True)
            self.troubled.emit(why)

        self._engine.ask(lambda client: client.write_file(path, text, version), written, refused, owner=self)

    def when_saved(self, act: Callable[[], None]) -> None:
        """Do something as soon as all that was typed is written; not at all where that is refused."""
        if not self.is_unsaved and not self._saving:
            act()
            return
        self._after_save = act
        self.save()

    def revert(self) -> None:
        """Put the open file back to what is deployed."""
        path = self.path
        if not path:
            return
        self._due.stop()
        self.editor.document().setModified(False)

        def reverted(files: FileList) -> None:
            self._open = None
            self.stored.emit(files)
            self._ask(lambda client: client.read_file(path), self._take)

        self._ask(lambda client: client.revert_file(path), reverted)

    def forget(self) -> None:
        """Nothing is open and nothing is known: another run was opened."""
        self._files = self._open = self._after_save = None
        self.editor.document().setModified(False)
        self._pages.setCurrentIndex(NOTHING)
        self.set_title("No file open", "")

    def _take(self, file: FileText) -> None:
        self._open = file
        self.set_title(file.path, "" if self.is_editable else "read only")
        with QSignalBlocker(self.editor):
            self.editor.show_text(file.path, file.text, self.is_editable)
        if file.path.endswith(".md"):
            self._document.show_markdown(file.text)
        self._mode.choose(EDIT)
        self._show_page()
        self.opened.emit()

    def _renew_version(self, file: FileText) -> None:
        if file.path == self.path:
            self._open = file
        if self.is_unsaved:
            self.save()
        elif self._after_save is not None and not self._saving:
            act, self._after_save = self._after_save, None
            act()

    def _typed(self) -> None:
        if self.is_unsaved:
            self._due.start()
            self.edited.emit()

    def _show_page(self, _: object = None) -> None:
        if self._mode.current == CHANGES:
            self.save()
            self._ask(lambda client: client.diff(), self._take_diff)
        elif self._open is None:
            self._pages.setCurrentIndex(NOTHING)
        else:
            self._pages.setCurrentIndex(DOCUMENT if self.path.endswith(".md") else EDITOR)

    def _take_diff(self, diff: Diff) -> None:
        self._changes.show_lines(diff_lines(diff.text))
        self._pages.setCurrentIndex(DIFF if diff.text else NO_CHANGES)

    def _ask(self, call: Callable[[DrillClient], T], take: Callable[[T], None]) -> None:
        self._engine.ask(call, take, self.troubled.emit, owner=self)
