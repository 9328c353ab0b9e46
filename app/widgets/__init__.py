"""Small painted parts that several panes share. Every name below is imported from here.

Surfaces: `Panel` (title, remark, actions, body, footer), `Card` (inner card).
Text: `Line` (one line that elides, with tool tip), `Text` (wraps).
Doing: `Button` with a `ButtonKind`, `ChipButton`, `FilterChip` (closes), `TraceChip` (opens a trace).
Showing: `Chip`, `KeyCap`. Typing: `Field`.
Rows: `Table` with `Column`, `CellKind`, `CellRole`; derive from `TableDelegate` for a cell of your own.
Instead of data: `EmptyState`, `ErrorState`, `Skeleton`.
Painting your own: `app.widgets.paint` (boxes, shapes, elided text), `draw_chip`, `draw_keycap`.
Charts are not here: `app.widgets.charts` has the specifications, `app.widgets.charts.stack.ChartStack` the widget.
Import the latter on a worker thread first: it brings pyqtgraph, which takes half a second.
Rule: nothing here knows the drill or the engine.
"""

from app.widgets.button import Button, ButtonKind
from app.widgets.chip import Chip, ChipButton, ChipLook, FilterChip, TraceChip, draw_chip
from app.widgets.field import Field
from app.widgets.keycap import KeyCap, draw_keycap
from app.widgets.line import Line, Text
from app.widgets.panel import Card, Panel
from app.widgets.states import EmptyState, ErrorState, Skeleton
from app.widgets.table import Table
from app.widgets.table_cells import CellKind, CellRole, Column
from app.widgets.table_delegate import TableDelegate

__all__ = [
    "Button",
    "ButtonKind",
    "Card",
    "CellKind",
    "CellRole",
    "Chip",
    "ChipButton",
    "ChipLook",
    "Column",
    "EmptyState",
    "ErrorState",
    "Field",
    "FilterChip",
    "KeyCap",
    "Line",
    "Panel",
    "Skeleton",
    "Table",
    "TableDelegate",
    "Text",
    "TraceChip",
    "draw_chip",
    "draw_keycap",
]
