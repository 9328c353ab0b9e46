"""Reports as files: every format is made first, then each file is written whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path

from engine.reports import html, pdf
from engine.reports.errors import ReportError, refused_by_system
from engine.reports.summary import Summary


class Format(StrEnum):
    """What a report can be written as; the value is the file's ending."""

    PDF = "pdf"
    HTML = "html"


_MAKERS: dict[Format, Callable[[Summary], bytes]] = {
    Format.PDF: lambda summary: pdf.render(summary).content,
    Format.HTML: html.render,
}


def formats_named(names: Iterable[str]) -> tuple[Format, ...]:
    """The formats that were asked for, each once. Raises `ReportError` for a name that is none."""
    allowed = ", ".join(Format)
    found: dict[Format, None] = {}
    for name in names:
        try:
            found[Format(name.strip().lower())] = None
        except ValueError:
            raise ReportError(
                f"No report can be made as '{name}'", "the format", f"Ask for {allowed}."
            ) from None
    return tuple(found)


def write_reports(summary: Summary, folder: Path, formats: Iterable[str] = tuple(Format)) -> list[Path]:
    """The report of `summary` in `folder` (made if it is missing), one file a format, in the order asked for.

    A file of the same name is replaced. Raises `ReportError`; then no file is half written.
    """
    made = [(chosen, _MAKERS[chosen](summary)) for chosen in formats_named(formats)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise refused_by_system(problem, folder) from problem
    return [_written(folder / f"{file_stem(summary)}.{chosen}", content) for chosen, content in made]


def file_stem(summary: Summary) -> str:
    """The files' name without its ending: safe on every system, from the codename and the run's name."""
    words = re.sub(r"[^a-z0-9]+", "-", f"{summary.codename} {summary.run_name}".lower()).strip("-")
    return f"report-{words[:80].rstrip('-')}" if words else "report"


def _written(path: Path, content: bytes) -> Path:
    """Write beside the place, then move there in one step."""
    unfinished: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".part", dir=path.parent)
        unfinished = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _share_as_usual(unfinished)
        unfinished.replace(path)
    except OSError as problem:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
        raise refused_by_system(problem, path) from problem
    return path


def _share_as_usual(path: Path) -> None:
    """Give a private temporary file the rights that any new file has here."""
    if os.name == "posix":
        mask = os.umask(0)
        os.umask(mask)
        path.chmod(0o666 & ~mask)
