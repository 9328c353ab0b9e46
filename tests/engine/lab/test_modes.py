"""What a child process is given."""

from __future__ import annotations

import pytest

from engine.lab.modes import child_environment


def test_that_a_child_gets_the_programs_settings_and_nothing_that_could_break_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DRILL_POSTGRES_BIN", "/opt/postgres/bin")
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    given = child_environment("run-1", {"EXTRA": "x"})
    assert given["DRILL_POSTGRES_BIN"] == "/opt/postgres/bin"
    assert (given["DRILL_RUN"], given["EXTRA"]) == ("run-1", "x")
    assert "SSL_CERT_FILE" not in given
    assert "PYTHONDONTWRITEBYTECODE" not in given
