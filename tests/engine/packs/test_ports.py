"""A fixed port that something else holds is told before anything starts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.packs.checks import taken_ports
from engine.packs.reader import read_pack


def test_that_a_taken_port_is_told_with_its_line(make_pack: Callable[..., Path]) -> None:
    folder = make_pack(("memory_mb = 128", "memory_mb = 128\nport = 8123"))
    pack = read_pack(folder)
    (error,) = taken_ports(pack, lambda port: port != 8123)
    assert (error.file, error.line, error.key) == (folder / "scenario.toml", 18, "services[0].port")
    assert "8123" in error.message
    assert error.allowed


def test_that_free_ports_are_no_mistake(make_pack: Callable[..., Path]) -> None:
    pack = read_pack(make_pack(("memory_mb = 128", "memory_mb = 128\nport = 8123")))
    assert taken_ports(pack, lambda _: True) == ()
