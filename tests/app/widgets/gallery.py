"""Pictures for people: every widget on one sheet, and a stack of charts, with made data.

Run `python tests/app/widgets/gallery.py FOLDER [--light] [--scale 1.0]`: it writes parts.png, charts.png and
frame.png there. Look at them beside each other in both themes after a change to a widget.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLayout, QVBoxLayout, QWidget

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app.theme import REGULAR, SEMIBOLD, Icon, Status, ThemeName, Token, colour, contrast, font, px, theme
from app.widgets import (
    AgendaPart,
    Avatar,
    Block,
    BrandMark,
    Button,
    ButtonKind,
    Card,
    CellKind,
    CellRole,
    Chip,
    ChipButton,
    Column,
    Countdown,
    Dial,
    Dialog,
    DrillTitle,
    EmptyState,
    ErrorState,
    Field,
    Figure,
    FilterChip,
    KeyCap,
    Line,
    Panel,
    ProgressRow,
    RailButton,
    Ribbon,
    Ring,
    Rule,
    Segmented,
    ServiceMark,
    Skeleton,
    Slider,
    Step,
    Stepper,
    StepState,
    Table,
    TeamButton,
    Text,
    Toast,
    ToastNote,
    Toggle,
    TraceChip,
)
from app.widgets.charts import (
    ChartEvent,
    ChartSpec,
    EventKind,
    HeatRowSpec,
    HeatSpec,
    SeriesKind,
    SeriesSpec,
    Threshold,
    Unit,
)
from app.widgets.paint import RIGHT, draw_box, draw_text

SERVICES = ("gateway", "orders", "billing", "inventory", "ledger", "postgres")
ROOT = QModelIndex()
START_S = 1_800_000_000.0
PARTS = tuple(
    AgendaPart(str(number), name, minutes, "Break" in name or name == "Setup")
    for number, (name, minutes) in enumerate(
        (
            ("Orientation", 10),
            ("Setup", 5),
            ("Phase 1: Dark Room Investigation", 45),
            ("Tea Break", 10),
            ("Phase 2: Deep Dive & Verification", 40),
            ("Tea Break", 10),
            ("Phase 3: AI-Assisted Fix", 30),
            ("Phase 4: Post-Mortem & Spec Update", 20),
            ("Wrap-up", 10),
        )
    )
)


class Rows(QAbstractTableModel):
    """A few traces."""

    ROWS = (
        ("7f3a9c21", "03:50:41", "POST /checkout", "orders", "failed", 327, 0.86, "2.41 s", True),
        ("b04e117d", "03:50:39", "POST /checkout", "gateway", "ok", 301, 0.62, "1.87 s", False),
        ("19cc52ae", "03:50:36", "POST /checkout", "billing", "ok", 288, 0.55, "1.70 s", False),
        ("e8d7304b", "03:50:35", "GET /orders/:id", "ledger", "ok", 41, 0.12, "212 ms", False),
        (
            "5521fa90",
            "03:50:31",
            "GET /stock/:sku with a name that is much too long",
            "inventory",
            "ok",
            9,
            0.03,
            "38 ms",
            False,
        ),
    )

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = ROOT) -> int:
        """So many."""
        return 0 if parent.isValid() else len(self.ROWS)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = ROOT) -> int:
        """As in `COLUMNS`."""
        return 0 if parent.isValid() else 8

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """A cell."""
        row = self.ROWS[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return None if index.column() == 6 else str(row[index.column()])
        if role == CellRole.STATUS:
            return Status.CRITICAL if row[8] else Status.OK
        if role == CellRole.SHARE:
            return row[6]
        if role == CellRole.INK and row[8] and index.column() in (6, 7):
            return Token.CRIT if index.column() == 6 else Token.CRIT_TEXT
        return None


COLUMNS = (
    Column("Trace", CellKind.TRACE, 96),
    Column("Start", CellKind.TIME, 76),
    Column("Entry"),
    Column("Service", CellKind.SERVICE, 96),
    Column("State", CellKind.STATUS, 80),
    Column("Spans", CellKind.NUMBER, 60),
    Column("", CellKind.BAR, 70),
    Column("Duration", CellKind.NUMBER, 84, SEMIBOLD),
)


class Swatch(QWidget):
    """A colour, its contrast on bg1, its name."""

    def __init__(self, name: str, shade: QColor) -> None:
        super().__init__()
        self._name, self._shade = name, shade
        self.setFixedSize(px(72), px(42))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        ratio = contrast(self._shade.name(), colour(Token.BG1).name())
        box = self.rect().adjusted(0, 0, -px(6), -px(20))
        draw_box(painter, box, self._shade, Token.LINE1, 4)
        ink = QColor("black") if self._shade.lightnessF() > 0.5 else QColor("white")
        draw_text(painter, box.adjusted(0, 0, -px(5), 0), f"{ratio:.1f}", font(11), ink, RIGHT)
        draw_text(painter, self.rect().adjusted(0, px(22), 0, 0), self._name, font(11), Token.TEXT2)


def row(*widgets: QWidget, spacing: int = 8) -> QLayout:
    """Widgets side by side."""
    line = QHBoxLayout()
    line.setSpacing(px(spacing))
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch(1)
    return line


def controls() -> list[QWidget]:
    """Buttons, chips, inputs."""
    buttons = Panel("Buttons", "one primary a screen")
    deploy = Button("Deploy")
    deploy.set_disabled_reason("A reviewer must approve first")
    buttons.add(
        row(
            Button("Record verdict", ButtonKind.PRIMARY, keys="Ctrl+Return"),
            Button("End phase", icon=Icon.SKIP_FORWARD),
            Button("Invite", ButtonKind.OUTLINE, Icon.USER_PLUS),
            Button("Wrap", ButtonKind.GHOST),
        )
    )
    buttons.add(
        row(
            Button("Pin as evidence", ButtonKind.AMBER, Icon.PUSH_PIN, "E"),
            Button("Stop all faults", ButtonKind.DANGER, Icon.HAND_PALM),
            deploy,
            Button("", ButtonKind.OUTLINE, Icon.COPY, tip="Copy"),
            Button("Small", ButtonKind.OUTLINE, small=True),
        )
    )
    chips = Panel("Chips and status", "shape and colour")
    words = ("on track", "stuck 9 min", "SEV-2", "open", "refuted", "red herring")
    chips.add(row(*(Chip(text, status) for text, status in zip(words, Status, strict=True))))
    chips.add(
        row(
            TraceChip("7f3a9c2155"),
            FilterChip("service", "billing", "billing"),
            Chip("billing", service="billing"),
            Chip("5 logged", outlined=True),
            ChipButton("1  Named a cause", Status.OK, outlined=False),
        )
    )
    chips.add(row(*(ServiceMark(name) for name in SERVICES), spacing=14))
    inputs = Panel("Inputs")
    inputs.add(Field("Filter files", Icon.MAGNIFYING_GLASS, "/"))
    typed = Field("Search", Icon.MAGNIFYING_GLASS)
    typed.setText("billing timeout")
    typed.set_remark("1,306 of 48,912 lines")
    typed.setObjectName("focused")
    inputs.add(typed)
    on = Toggle("Added latency")
    on.setChecked(True)
    off = Toggle("Packet loss")
    inputs.add(row(Segmented(("Edit", "Side by side", "Unified"), 1), on, off))
    inputs.add(Slider(0, 100, 40, "Latency"))
    return [buttons, chips, inputs]


def typography() -> Panel:
    """Sizes and weights."""
    panel = Panel("Type", "Inter and JetBrains Mono")
    panel.add(
        row(Line("21:54", 40, REGULAR, Token.ACCENT_TEXT), Line("40 countdown, tabular", 12, ink=Token.TEXT3))
    )
    panel.add(row(Line("52 min", 24, SEMIBOLD), Line("24 figure", 12, ink=Token.TEXT3)))
    panel.add(
        row(Line("Screen title", 16, SEMIBOLD), Line("Card title", 13, SEMIBOLD), Line("Body text", 13))
    )
    mono = Line("SELECT 1 -- 0O 1lI != => ->", 12, mono=True)
    panel.add(row(Line("Secondary", 12, ink=Token.TEXT2), Line("Caption", 11, ink=Token.TEXT3), mono))
    return panel


def states() -> list[QWidget]:
    """Tables and what stands in their place."""
    table = Table(COLUMNS, name="Traces")
    table.setModel(Rows(table))
    table.choose_row(1)
    panel = Panel("Table rows", "28 px, hairline below", padded=False)
    panel.add(table, 1)
    panel.add_footer().addWidget(Line("Rows 1 to 5 of 5", 12, ink=Token.TEXT3))
    panel.setMinimumHeight(px(260))
    pair = QWidget()
    two = QHBoxLayout(pair)
    two.setContentsMargins(0, 0, 0, 0)
    for state in (
        EmptyState(Icon.FUNNEL, "No lines match", "Loosen the query or widen the time range.", "Clear query"),
        ErrorState(
            Icon.WIFI_SLASH, "Engine not answering", "Last sample 12 s ago. Retrying in 3 s.", "Retry now"
        ),
    ):
        card = Card()
        card.body.addWidget(state)
        two.addWidget(card, 1)
    pair.setMinimumHeight(px(170))
    loading = Panel("Loading", "skeleton after 300 ms, never a spinner on data")
    skeleton = Skeleton(3)
    loading.add(skeleton)
    skeleton.setObjectName("due")
    meaning = Panel("Meaning", "number: contrast on bg1")
    tokens = (Token.ACCENT, Token.ACCENT_TEXT, Token.OK, Token.OK_TEXT, Token.CRIT, Token.CRIT_TEXT)
    meaning.add(row(*(Swatch(token.value, colour(token)) for token in tokens), spacing=2))
    tokens = (Token.INFO, Token.INFO_TEXT, Token.VIOLET, Token.VIOLET_TEXT, Token.TEXT2, Token.TEXT3)
    meaning.add(row(*(Swatch(token.value, colour(token)) for token in tokens), spacing=2))
    meaning.add(row(*(Swatch(name, theme.service_colour(name)) for name in SERVICES), spacing=2))
    extra = ("payments", "stock", "catalog", "search", "mailer", "pricing")
    meaning.add(row(*(Swatch(name, theme.service_colour(name)) for name in extra), spacing=2))
    return [panel, pair, loading, meaning]


def feedback() -> list[QWidget]:
    """Progress, toasts, a dialog."""
    progress = Panel("Progress", "steps, bars, figures")
    stepper = Stepper(
        (
            Step("Propose", StepState.DONE, "Mara, 04:41", "3 files, +14 −11"),
            Step("Deploy", StepState.DONE, "orders 2.14.1", "in 9 s"),
            Step("Check", StepState.FAILED, "212 of 214 passed", "2 off by €0.01"),
            Step("Stress", StepState.WAITING, "Starts when checks pass", "120 rps for 3 min"),
        )
    )
    progress.add(stepper)
    bar = ProgressRow("First hypothesis")
    bar.show_progress(0.62, "9 min", Token.OK, 0.7)
    late = ProgressRow("Cause named")
    late.show_progress(0.95, "44 min", Token.WARN, 0.86)
    progress.add(bar)
    progress.add(late)
    ring = Ring(22)
    ring.show_share(0.4)
    figure = Figure("Hypotheses")
    figure.show_value("5")
    met = Figure("True causes")
    met.show_value("1 / 2", Token.OK_TEXT)
    progress.add(
        row(figure, met, Avatar("Ines Bell"), Avatar("Mara Stone"), Avatar("Kestrel"), ring, KeyCap("Ctrl+K"))
    )
    question = Dialog(
        "Stop all faults in 3 teams?",
        "Faults A and B end now. Charts recover within 20 s and teams will see it. "
        "This cannot be undone in this phase.",
        "Keep running",
        "Stop all faults",
        lambda: None,
    )
    question.setWindowFlags(Qt.WindowType.Widget)
    notes = (
        ToastNote(Status.OK, "Fix deployed", "orders 2.14.1 on 3 of 3 instances.", "Open"),
        ToastNote(
            Status.WARNING, "5 minutes left in Deep Dive", "Pin what you have. The break starts at 04:20."
        ),
        ToastNote(
            Status.CRITICAL, "Stress test failed", "P99 1.12 s at 120 rps, limit 800 ms.", "See result"
        ),
    )
    toasts = QWidget()
    column = QVBoxLayout(toasts)
    column.setContentsMargins(0, 0, 0, 0)
    for note in notes:
        column.addWidget(Toast(note))
    return [progress, question, toasts]


def parts_sheet() -> QWidget:
    """The component sheet."""
    sheet = QWidget()
    columns = QHBoxLayout(sheet)
    columns.setContentsMargins(px(20), px(20), px(20), px(20))
    columns.setSpacing(px(12))
    for widgets in ([*controls(), typography()], states(), feedback()):
        column = QVBoxLayout()
        column.setSpacing(px(12))
        for widget in widgets:
            column.addWidget(widget)
        column.addStretch(1)
        columns.addLayout(column, 1)
    sheet.resize(px(1640), px(900))
    return sheet


def frame_sheet() -> QWidget:
    """Rail, top bar, dial."""
    sheet = QWidget()
    whole = QHBoxLayout(sheet)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    rail = Panel(padded=False)
    rail.add(row(BrandMark(), spacing=0))
    for text, icon in (
        ("Signals", Icon.ACTIVITY),
        ("Logs", Icon.LIST_BULLETS),
        ("Traces", Icon.TREE_STRUCTURE),
        ("Workbench", Icon.CODE),
        ("Incident", Icon.BELL_RINGING),
        ("AI desk", Icon.CHAT_TEARDROP_TEXT),
    ):
        button = RailButton(text, icon)
        button.setChecked(text == "Signals")
        button.set_count(3 if text == "Incident" else 0)
        button.set_locked(text == "AI desk")
        rail.add(button)
    whole.addWidget(rail)
    right = QVBoxLayout()
    right.setContentsMargins(px(20), px(10), px(20), px(20))
    bar = QHBoxLayout()
    bar.setSpacing(px(16))
    title = DrillTitle()
    title.show_drill("Checkout brown-out", "3 A.M. Drill · run 04")
    title.show_severity("SEV-2", Status.CRITICAL)
    clock = Countdown()
    clock.show_left("Dark Room", 756)
    bar.addWidget(title)
    bar.addStretch(1)
    bar.addWidget(clock)
    bar.addStretch(1)
    for widget in (
        Block("03:17:24", "drill clock"),
        Rule(),
        Block("Checkout failing", "6 services · 41 rps", Status.CRITICAL),
        Block("AI locked", "until Phase 3", icon=Icon.LOCK_SIMPLE),
        TeamButton("Team Heron", "Incident commander"),
    ):
        bar.addWidget(widget)
    right.addLayout(bar)
    ribbon = Ribbon()
    ribbon.set_parts(PARTS)
    ribbon.set_place("2", 0.72)
    right.addWidget(ribbon)
    right.addSpacing(px(16))
    clocks = QHBoxLayout()
    for seconds in (200.0, 42.0, -75.0):
        other = Countdown()
        other.show_left("Deep Dive", seconds)
        clocks.addWidget(other)
    right.addLayout(clocks)
    right.addWidget(Dial(), 1)
    right.addWidget(Text("The pager is ringing. Find out why before you ask a machine.", 15))
    whole.addLayout(right, 1)
    sheet.resize(px(1500), px(860))
    return sheet


def made_series() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Twenty minutes of one incident, made up."""
    random = np.random.default_rng(4)
    count = 1200
    x = START_S + np.arange(count, dtype=float)
    ramp = 1 / (1 + np.exp(-(np.arange(count) - 640) / 40))

    def noise(size: float, width: int = 5) -> np.ndarray:
        return np.convolve(random.normal(0, size, count), np.ones(width) / width, "same")

    series = {
        "p50": np.abs(50 + 80 * ramp + noise(12)),
        "p95": np.abs(110 + 1000 * ramp * (1 + noise(0.3, 15)) + noise(40)),
        "p99": np.abs(200 + 2000 * ramp * (1 + noise(0.5, 12)) + noise(90)),
        "rps": 40 + noise(3, 8) - 6 * ramp,
        "err": np.clip(3.2 * ramp + noise(1.2, 3) * ramp, 0, None),
        "drift": np.cumsum(ramp * 1.7 + 0.02),
        "off": np.floor(np.arange(count) * 1.2),
    }
    for key in ("p50", "p95", "p99"):
        series[key][300:330] = np.nan
    for name, base, gain in (("orders", 30, 64), ("billing", 24, 12), ("inventory", 28, 14)):
        series[f"pool.{name}"] = np.clip(base + gain * ramp + noise(8, 6), 0, 100)
    for name, base, gain in zip(SERVICES, (8, 10, 8, 8, 3, 15), (4, 45, 10, 5, 2, 70), strict=True):
        series[f"cpu.{name}"] = np.clip(base + gain * ramp + noise(6, 6), 0, 100)
    return {key: (x, values) for key, values in series.items()}


CHARTS = (
    ChartSpec(
        "Checkout latency",
        "seconds, 1 s windows",
        Unit.MILLISECONDS,
        (
            SeriesSpec("p50", "P50", Token.P50),
            SeriesSpec("p95", "P95", Token.P95),
            SeriesSpec("p99", "P99", Token.P99),
        ),
        Threshold(800, "SLO 800 ms"),
        at_least=500,
        share=130,
    ),
    ChartSpec(
        "Throughput",
        "per second, errors below at 4×",
        Unit.PER_SECOND,
        (
            SeriesSpec("rps", "Requests", Token.RATE, SeriesKind.AREA),
            SeriesSpec("err", "Errors", Token.CRIT, SeriesKind.BELOW, magnified=4, suffix="err"),
        ),
        at_least=10,
    ),
    ChartSpec(
        "Billing drift",
        "ledger minus exact, EUR",
        Unit.CENTS,
        (
            SeriesSpec("drift", "Drift", "billing", SeriesKind.AREA),
            SeriesSpec("off", "Orders off", kind=SeriesKind.LEGEND_ONLY, unit=Unit.COUNT),
        ),
        at_least=100,
    ),
    ChartSpec(
        "Pool saturation",
        "% of connections in use",
        Unit.PERCENT,
        tuple(SeriesSpec(f"pool.{name}", name, name) for name in ("orders", "billing", "inventory")),
        Threshold(100, "", Status.CRITICAL),
        at_most=100,
    ),
    HeatSpec("CPU by service", "% of one core", tuple(HeatRowSpec(f"cpu.{name}", name) for name in SERVICES)),
)
EVENTS = (
    ChartEvent(START_S + 255, EventKind.DEPLOY, "orders 2.14.0"),
    ChartEvent(START_S + 632, EventKind.ALERT, "P99 high"),
    ChartEvent(START_S + 708, EventKind.PAGE, "SEV-2 page"),
    ChartEvent(START_S + 758, EventKind.INFRASTRUCTURE, "Stock sync job"),
    ChartEvent(START_S + 945, EventKind.ALERT, "Ledger mismatch"),
    ChartEvent(START_S + 1100, EventKind.MARK, "Drift bends"),
)


def chart_sheet() -> QWidget:
    """The stack of the Signals screen."""
    from app.widgets.charts.stack import ChartStack

    stack = ChartStack()
    stack.set_charts(CHARTS)
    stack.set_data(made_series())
    stack.set_events(EVENTS)
    stack.set_clock_offset(2 * 3600 + 57 * 60 - START_S % 86_400)
    stack.follow(START_S + 1200)
    stack.show_crosshair(START_S + 915)
    panel = Panel(padded=False)
    panel.add(stack, 1)
    sheet = QWidget()
    column = QVBoxLayout(sheet)
    column.setContentsMargins(px(20), px(20), px(20), px(20))
    column.addWidget(panel)
    sheet.resize(px(1200), px(740))
    return sheet


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--light", action="store_true")
    parser.add_argument("--scale", type=float, default=1.0)
    wanted = parser.parse_args()
    application = QApplication.instance() or QApplication([])
    theme.use(ThemeName.LIGHT if wanted.light else ThemeName.DARK, wanted.scale)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    for name, build in (("parts", parts_sheet), ("frame", frame_sheet), ("charts", chart_sheet)):
        sheet = build()
        sheet.show()
        for skeleton in sheet.findChildren(Skeleton):
            skeleton.show_now()
        for focused in sheet.findChildren(QWidget, "focused"):
            focused.setFocus()
        for _ in range(20):
            application.processEvents()
        for stack in (child for child in sheet.findChildren(QWidget) if type(child).__name__ == "ChartStack"):
            stack.refresh()
        application.processEvents()
        sheet.grab().save(str(wanted.folder / f"{name}.png"))
        sheet.hide()


if __name__ == "__main__":
    main()
