"""The one style sheet: containers, scroll bars, menus, tool tips. Controls paint themselves.

No `font` in here: it would drop the font's features.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import Template

from app.theme.tokens import Token

_SHEET = Template("""
QToolTip { background: $bg2; color: $text1; border: 1px solid $line2; padding: 4px 8px; }
QMainWindow, QDialog { background: $bg0; }
QScrollArea, QScrollArea > QWidget > QWidget[kind="content"] { background: transparent; border: none; }
QAbstractScrollArea { border: none; }
QScrollBar { background: transparent; margin: 0; border: none; }
QScrollBar:vertical { width: ${bar}px; }
QScrollBar:horizontal { height: ${bar}px; }
QScrollBar::handle { background: $bg4; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $line2; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QMenu { background: $bg2; border: 1px solid $line2; border-radius: 8px; padding: 6px; }
QMenu::item { color: $text1; padding: 6px 20px 6px 12px; border-radius: 5px; }
QMenu::item:selected { background: $bg3; }
QMenu::item:disabled { color: $text_disabled; }
QMenu::separator { height: 1px; background: $line1; margin: 6px 4px; }
QMenu::icon { padding-left: 10px; }
QSplitter::handle { background: transparent; }
QPlainTextEdit, QTextEdit, QTextBrowser {
  background: $inset; color: $text1; border: 1px solid $line2; border-radius: 6px; padding: 4px 6px;
  selection-background-color: $accent_line; selection-color: $text1; }
QPlainTextEdit:focus, QTextEdit:focus, QTextBrowser:focus { border-color: $accent; }
QPlainTextEdit[flat="true"], QTextEdit[flat="true"], QTextBrowser[flat="true"] {
  background: transparent; border: none; padding: 0; }
QPlainTextEdit[well="true"] { background: $inset; border: none; border-radius: 0; padding: 0; }
Field { background: transparent; border: none; padding: 0;
  selection-background-color: $accent_line; selection-color: $text1; }
QTreeView { background: transparent; }
""")


def stylesheet(palette: Mapping[Token, str], px: Callable[[float], int]) -> str:
    """The style sheet for a palette; lengths that grow with the text go through `px`."""
    return _SHEET.substitute({token.value: value for token, value in palette.items()}, bar=px(10))
