"""How a benchmark gets what it compares with."""

from __future__ import annotations

import pytest

from tests.bench import needs


def test_that_who_may_not_install_gets_the_exact_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "may_install", lambda: False)
    with pytest.raises(SystemExit) as refused:
        needs.debian("no-such-program-1", "no-such-program-2")
    line = "sudo apt-get install -y --no-install-recommends no-such-program-1 no-such-program-2"
    assert line in str(refused.value)


def test_that_only_root_on_a_machine_with_apt_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs.sys, "platform", "linux")
    monkeypatch.setattr(needs.shutil, "which", lambda name, path=None: f"/usr/bin/{name}")
    monkeypatch.setattr(needs.os, "geteuid", lambda: 1000, raising=False)
    assert not needs.may_install()
    monkeypatch.setattr(needs.os, "geteuid", lambda: 0, raising=False)
    assert needs.may_install()
    monkeypatch.setattr(needs.shutil, "which", lambda name, path=None: None)
    assert not needs.may_install()


def test_that_nothing_is_asked_for_where_the_program_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "may_install", lambda: False)
    monkeypatch.setattr(needs.shutil, "which", lambda name, path=None: f"/usr/bin/{name}")
    needs.debian("wrk")


def test_that_the_peers_are_locked_with_hashes_and_no_index() -> None:
    lock = needs.LOCK.read_text(encoding="utf-8")
    requirements = [line for line in lock.splitlines() if "==" in line]
    assert {"aiohttp", "locust"} <= {line.partition("==")[0] for line in requirements}
    assert lock.count("--hash=sha256:") >= len(requirements)
    assert not any(sign in lock for sign in ("://", "--index", "--extra", "--find", "#"))


def test_that_peers_do_not_come_into_the_programs_own_environment() -> None:
    assert needs.VENV != needs.ROOT / ".venv"
    own = (needs.ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "aiohttp==" not in own
    assert "locust==" not in own
    ignored = (needs.ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"{needs.VENV.name}/" in ignored
