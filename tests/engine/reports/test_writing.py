"""Reports on disk: whole files or none, and plain words when it cannot be."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from engine.reports import Format, ReportError, Summary, formats_named, write_reports
from engine.reports.errors import refused_by_system
from engine.reports.writing import file_stem


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """A system that refuses to write more than `size` bytes into a file, as a full disk would."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_that_both_formats_are_written_into_a_new_folder(example_summary: Summary, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "reports"
    files = write_reports(example_summary, folder)
    assert [file.name for file in files] == [
        "report-copper-lantern-team-heron-run-04.pdf",
        "report-copper-lantern-team-heron-run-04.html",
    ]
    assert files[0].read_bytes().startswith(b"%PDF-")
    assert files[1].read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert sorted(folder.iterdir()) == sorted(files)


def test_that_an_older_report_is_replaced(example_summary: Summary, tmp_path: Path) -> None:
    (first,) = write_reports(example_summary, tmp_path, ["html"])
    (second,) = write_reports(replace(example_summary, title="Another title"), tmp_path, ["html"])
    assert first == second
    assert "Another title" in second.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [second]


@contextmanager
def as_a_user_whom_rights_bind() -> Iterator[None]:
    """Root may write anywhere; for a moment it is somebody else."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="rights are other there")
def test_that_a_folder_without_write_permission_is_refused(example_summary: Summary, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with as_a_user_whom_rights_bind(), pytest.raises(ReportError, match="cannot be written to"):
            write_reports(example_summary, tmp_path, [Format.HTML])
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no room"),
        (errno.EDQUOT, "no room"),
        (errno.EACCES, "cannot be written to"),
        (errno.EROFS, "cannot be written to"),
        (errno.ENOTDIR, "is a file"),
        (errno.ENAMETOOLONG, "could not be written"),
    ],
)
def test_that_what_the_system_refuses_is_said_with_what_to_do(
    number: int, words: str, tmp_path: Path
) -> None:
    refused = refused_by_system(OSError(number, os.strerror(number)), tmp_path)
    assert words in refused.what
    assert refused.where == str(tmp_path)
    assert refused.what_to_do.endswith(".")


def test_that_an_unknown_format_is_refused_before_anything_is_written(
    example_summary: Summary, tmp_path: Path
) -> None:
    assert formats_named(["PDF", " html ", "pdf"]) == (Format.PDF, Format.HTML)
    with pytest.raises(ReportError) as refused:
        write_reports(example_summary, tmp_path, ["html", "docx"])
    assert "docx" in refused.value.what
    assert "pdf, html" in refused.value.what_to_do
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("codename", "run_name", "stem"),
    [
        ("../../etc", "a\\b:c", "report-etc-a-b-c"),
        ("", "日本", "report"),
        ("x" * 300, "", f"report-{'x' * 80}"),
    ],
)
def test_that_file_names_are_safe_on_every_system(
    example_summary: Summary, codename: str, run_name: str, stem: str
) -> None:
    assert file_stem(replace(example_summary, codename=codename, run_name=run_name)) == stem


def test_that_a_report_is_as_readable_to_others_as_any_new_file(
    example_summary: Summary, tmp_path: Path
) -> None:
    (file,) = write_reports(example_summary, tmp_path, [Format.HTML])
    other = tmp_path / "other"
    other.touch()
    assert file.stat().st_mode == other.stat().st_mode


def test_that_reports_need_neither_qt_nor_the_console() -> None:
    code = "import sys, engine.reports; sys.exit(any(n.split('.')[0] in ('app', 'PySide6') for n in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
