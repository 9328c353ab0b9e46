"""Asks where to save a file, and writes it there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

Told = Callable[[str], None]


def save_text(host: QWidget, name: str, text: str, done: Told, failed: Told) -> None:
    """Let the user choose a place for `text`; `done` gets the path, `failed` a sentence. Nothing on Cancel."""
    dialog = QFileDialog(host, f"Save {name}", str(Path.home() / name))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix.lstrip("."))
    dialog.fileSelected.connect(lambda chosen: write_text(Path(chosen), text, done, failed))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def save_made(
    host: QWidget,
    name: str,
    kinds: Mapping[str, str],
    make: Callable[[str], str],
    done: Told,
    failed: Told,
) -> None:
    """Let the user choose a place and one of `kinds` (words and ending); `make` gives the text for an ending."""
    dialog = QFileDialog(host, "Export", str(Path.home() / name))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([f"{words} (*.{ending})" for words, ending in kinds.items()])
    endings = list(kinds.values())
    dialog.setDefaultSuffix(endings[0])

    def follow(chosen: str) -> None:
        dialog.setDefaultSuffix(chosen.rpartition("*.")[2].rstrip(")"))

    def accept(chosen: str) -> None:
        path = Path(chosen)
        write_text(path, make(path.suffix), done, failed)

    dialog.filterSelected.connect(follow)
    dialog.fileSelected.connect(accept)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def write_text(path: Path, text: str, done: Told, failed: Told) -> None:
    """Write it; what goes wrong is told with what to do."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        failed(
            f"{path} could not be written: {problem.strerror}. Choose another folder, or free some disk space."
        )
        return
    done(str(path))
