"""Which mode the entry picks."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.__main__ import no_display


@pytest.mark.parametrize(
    ("environment", "platform", "can"),
    [
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "linux", False),
        ({"QT_QPA_PLATFORM": "minimal:enable_fonts"}, "darwin", False),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_that_a_console_opens_only_where_it_can_be_seen(
    environment: dict[str, str], platform: str, can: bool
) -> None:
    assert (no_display(environment, platform) == "") is can


def test_that_picking_a_mode_imports_no_qt() -> None:
    code = (
        "import sys; from app.__main__ import main; code = main(['no-such-word'])\n"
        "sys.exit(9 if any(name.startswith('PySide6') for name in sys.modules) else code)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 2
