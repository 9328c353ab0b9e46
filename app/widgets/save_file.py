"""Asks where to save a file, and writes it there."""

from __future__ import annotations

from collections.abc import Callable
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
