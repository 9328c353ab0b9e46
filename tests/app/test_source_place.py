"""Where something comes from, as telemetry says it."""

from __future__ import annotations

from app.source_place import source_place


def test_that_the_place_is_told_from_the_services_folder_on() -> None:
    where = {"code.file.path": f"/runs/1/deploys/{'a' * 40}/billing/app.py", "code.line.number": 93}

    assert str(source_place(where)) == "billing/app.py:93"


def test_that_older_names_and_paths_of_windows_are_read_too() -> None:
    assert str(source_place({"code.filepath": r"billing\app.py", "code.lineno": 4})) == "billing/app.py:4"


def test_that_what_is_not_said_is_not_told() -> None:
    assert source_place({}) is None
    assert str(source_place({"code.file.path": "a.py", "code.line.number": "many"})) == "a.py"
