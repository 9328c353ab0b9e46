"""The small pack, on disk and read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.packs.reader import read_pack
from engine.packs.records import Pack

sys.path.insert(0, str(Path(__file__).parent))

from tiny_pack import write_pack


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """A till that cuts cents off, with five reference fixes."""
    return read_pack(write_pack(tmp_path))
