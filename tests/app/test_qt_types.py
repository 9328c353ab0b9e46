"""Qt's classes are made before a second thread could make them."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

from pytestqt.qtbot import QtBot

from app.qt_types import MODULES, TypesFirst, make_types

ALL_MADE = """
import sys
from app.qt_types import MODULES, make_types
if sys.argv[1] == "make":
    make_types()
from importlib import import_module
unmade = [n for m in MODULES for n in dir(import_module(m)) if n not in vars(import_module(m))]
sys.exit(1 if unmade else 0)
"""


def test_that_every_class_is_made() -> None:
    assert subprocess.run([sys.executable, "-c", ALL_MADE, "make"], check=False).returncode == 0
    assert subprocess.run([sys.executable, "-c", ALL_MADE, "leave"], check=False).returncode == 1


def test_that_they_are_made_between_events_and_it_is_said(qtbot: QtBot) -> None:
    types = TypesFirst()
    with qtbot.waitSignal(types.done, timeout=20_000):
        types.start()
    modules = [import_module(name) for name in MODULES]
    assert all(name in vars(module) for module in modules for name in dir(module))
    make_types()
