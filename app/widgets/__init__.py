"""Small painted parts that several panes share. Every name below is imported from here.

Surfaces: `Panel` (title, remark, actions, body, footer), `Card` (inner card), `Dialog` (a question), `ToastStack`.
Text: `Line` (one line that elides, with tool tip), `Trouble` (says what did not work), `Text` (wraps), `Document`
(Markdown).
Doing: `Button` with a `ButtonKind`, `ChipButton`, `FilterChip` (closes), `TraceChip` (opens a trace); derive from
`Pressable` for a face of your own.
Choosing: `Segmented` (one of a few), `MenuChoice` (one of many), `Toggle` (on or off), `Slider` (a number).
Typing: `Field`, `NumberCell` (within bounds). Rows that wrap: `FlowLayout`. A panel at the side: `SideDrawer`.
Showing: `Chip`, `KeyCap`, `StatusGlyph`, `ServiceMark`, `Avatar`, `Figure`, `Stepper`, `ProgressRow`, `Ring`.
Rows: `Table` with `Column`, `CellKind`, `CellRole`; derive from `TableDelegate` for a cell of your own.
Instead of data: `EmptyState`, `ErrorState`, `Skeleton`.
The agenda: `Ribbon` (segments with playhead), `Dial` (as a clock), both of `AgendaPart`s.
The frame: `RailButton`, `BrandMark`, `DrillTitle`, `Countdown`, `Block` (two lines), `TeamButton`, `Rule`.
Painting your own: `app.widgets.paint` (boxes, shapes, elided text), `draw_chip`, `draw_keycap`, `draw_bar`.
Charts are not here: `app.widgets.charts` has the specifications, `app.widgets.charts.stack.ChartStack` the widget.
Import the latter on a worker thread first: it brings pyqtgraph, which takes half a second.
Rule: nothing here knows the drill or the engine.
"""

from app.widgets.agenda import AgendaPart, Dial, Ribbon
from app.widgets.button import Button, ButtonKind
from app.widgets.chip import Chip, ChipButton, ChipLook, FilterChip, TraceChip, draw_chip
from app.widgets.choices import Segmented, Slider, Toggle
from app.widgets.dialog import Dialog
from app.widgets.document import Document
from app.widgets.field import Field
from app.widgets.flow import FlowLayout
from app.widgets.keycap import KeyCap, draw_keycap
from app.widgets.line import Line, Text, caption
from app.widgets.marks import Avatar, BrandMark, ServiceMark, StatusGlyph
from app.widgets.menu_choice import MenuChoice, MenuOption
from app.widgets.number_cell import NumberCell
from app.widgets.panel import Card, Panel
from app.widgets.press import Pressable
from app.widgets.progress import Figure, ProgressRow, Ring, Step, Stepper, StepState, draw_bar
from app.widgets.shell_parts import Block, Countdown, DrillTitle, RailButton, Rule, TeamButton
from app.widgets.side_drawer import SideDrawer
from app.widgets.states import EmptyState, ErrorState, Skeleton
from app.widgets.table import Table
from app.widgets.table_cells import CellKind, CellRole, Column
from app.widgets.table_delegate import TableDelegate
from app.widgets.toast import Toast, ToastNote, ToastStack
from app.widgets.trouble import Trouble

__all__ = [
    "AgendaPart",
    "Avatar",
    "Block",
    "BrandMark",
    "Button",
    "ButtonKind",
    "Card",
    "CellKind",
    "CellRole",
    "Chip",
    "ChipButton",
    "ChipLook",
    "Column",
    "Countdown",
    "Dial",
    "Dialog",
    "Document",
    "DrillTitle",
    "EmptyState",
    "ErrorState",
    "Field",
    "Figure",
    "FilterChip",
    "FlowLayout",
    "KeyCap",
    "Line",
    "MenuChoice",
    "MenuOption",
    "NumberCell",
    "Panel",
    "Pressable",
    "ProgressRow",
    "RailButton",
    "Ribbon",
    "Ring",
    "Rule",
    "Segmented",
    "ServiceMark",
    "SideDrawer",
    "Skeleton",
    "Slider",
    "StatusGlyph",
    "Step",
    "StepState",
    "Stepper",
    "Table",
    "TableDelegate",
    "TeamButton",
    "Text",
    "Toast",
    "ToastNote",
    "ToastStack",
    "Toggle",
    "TraceChip",
    "Trouble",
    "caption",
    "draw_bar",
    "draw_chip",
    "draw_keycap",
]
