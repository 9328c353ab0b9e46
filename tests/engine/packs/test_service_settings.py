"""A service's own pool sizes, within the contract's limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.packs.errors import PackErrors
from engine.packs.service_settings import ServiceSettings, read_service_settings
from engine.packs.topology import ServiceSpec

SPEC = ServiceSpec("orders", Path("orders"), True, "orders", 8, 6, 24, 12, 256, "orders")


def read(folder: Path, text: str) -> ServiceSettings:
    (folder / "service.toml").write_text(text, "utf-8")
    return read_service_settings(folder, SPEC)


def test_that_the_scenarios_numbers_count_where_the_service_says_nothing(tmp_path: Path) -> None:
    assert read_service_settings(tmp_path, SPEC) == ServiceSettings(8, 6)
    assert read(tmp_path, "workers = 16\n") == ServiceSettings(16, 6)


def test_that_more_than_the_contract_allows_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(PackErrors) as refused:
        read(tmp_path, "connections = 8\nworkers = 64\n")
    (error,) = refused.value.errors
    assert (error.file.name, error.line, error.key) == ("service.toml", 2, "workers")
    assert "24" in error.message


@pytest.mark.parametrize("text", ["workers = 0", 'workers = "many"', "threads = 8", "workers ="])
def test_that_nonsense_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PackErrors):
        read(tmp_path, text + "\n")
