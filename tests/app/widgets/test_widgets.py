"""The small parts: names and keys for everybody, nothing clipped, reasons given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.theme import Icon, Status, ThemeName, Token, colour, theme
from app.widgets import (
    AgendaPart,
    Avatar,
    Block,
    BrandMark,
    Button,
    ButtonKind,
    CellKind,
    Chip,
    ChipButton,
    Column,
    Countdown,
    Dial,
    Dialog,
    EmptyState,
    Field,
    Figure,
    FilterChip,
    KeyCap,
    Line,
    MenuChoice,
    Panel,
    ProgressRow,
    RailButton,
    Ribbon,
    Segmented,
    ServiceMark,
    Skeleton,
    Slider,
    StatusGlyph,
    Step,
    Stepper,
    StepState,
    Table,
    TeamButton,
    Text,
    ToastNote,
    ToastStack,
    Toggle,
    TraceChip,
)
from app.widgets.keycap import key_text
from app.widgets.marks import initials
from app.widgets.toast import AT_MOST, SHOWN_MS

PARTS = (
    AgendaPart("open", "Orientation", 10),
    AgendaPart("setup", "Setup", 5, True),
    AgendaPart("dark", "Phase 1: Dark Room Investigation", 45),
    AgendaPart("rest", "Tea Break", 10, True),
    AgendaPart("deep", "Phase 2: Deep Dive & Verification", 110),
)


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> Iterator[None]:
    theme.use(ThemeName.DARK, 1.0, False)
    yield
    theme.use(ThemeName.DARK, 1.0, False)


def every_widget() -> list[QWidget]:
    """One of each, with content."""
    ribbon = Ribbon()
    ribbon.set_parts(PARTS)
    ribbon.set_place("dark", 0.5)
    countdown = Countdown()
    countdown.show_left("Dark Room", 42)
    bar = ProgressRow("Baseline")
    bar.show_progress(0.4, "12 s")
    return [
        Button("Record verdict", ButtonKind.PRIMARY, Icon.CHECK, "Ctrl+Return"),
        Button("", icon=Icon.COPY, tip="Copy"),
        Chip("on track", Status.OK),
        ChipButton("Named a cause", Status.OK),
        FilterChip("service", "billing", "billing"),
        TraceChip("7f3a9c2155"),
        Field("Filter files", Icon.MAGNIFYING_GLASS, "/"),
        Segmented(("Edit", "Unified"), name="View"),
        MenuChoice("Action"),
        Toggle("Light theme"),
        Slider(0, 100, 40, "Latency"),
        KeyCap("Ctrl+K"),
        StatusGlyph(Status.WARNING),
        ServiceMark("billing"),
        Avatar("Ines Bell"),
        BrandMark(),
        Dial(PARTS, 20),
        ribbon,
        countdown,
        Block("Checkout failing", "41 rps", Status.CRITICAL),
        TeamButton("Team Heron", "Scribe"),
        RailButton("Signals", Icon.ACTIVITY, "Alt+1"),
        Stepper((Step("Propose", StepState.DONE, "by Mara"), Step("Deploy"))),
        bar,
        Figure("Hypotheses"),
        Skeleton(),
        Panel("Alerts", "2 open"),
        Line("A line"),
    ]


@pytest.mark.parametrize("name", ThemeName)
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_that_everything_has_a_name_and_paints_in_every_theme(
    qtbot: QtBot, name: ThemeName, scale: float
) -> None:
    theme.use(name, scale)
    for widget in every_widget():
        qtbot.addWidget(widget)
        assert widget.accessibleName(), type(widget).__name__
        widget.resize(widget.sizeHint().expandedTo(widget.minimumSizeHint()))
        image = widget.grab().toImage()
        assert not image.isNull()


def test_that_a_button_is_pressed_by_return_space_and_click(qtbot: QtBot) -> None:
    button = Button("Deploy")
    qtbot.addWidget(button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    QTest.keyClick(button, Qt.Key.Key_Return)
    QTest.keyClick(button, Qt.Key.Key_Space)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(pressed) == 3


def test_that_a_disabled_button_says_why_and_forgets_it_later(qtbot: QtBot) -> None:
    button = Button("Deploy", tip="Ship it")
    qtbot.addWidget(button)
    button.set_disabled_reason("A reviewer must approve first")
    assert not button.isEnabled()
    assert button.toolTip() == button.accessibleDescription() == "A reviewer must approve first"
    button.set_disabled_reason("")
    assert button.isEnabled()
    assert button.toolTip() == "Ship it"


def test_that_the_ring_is_for_the_keyboard_only(qtbot: QtBot) -> None:
    window = QWidget()
    row = QHBoxLayout(window)
    one, two = Button("One"), Button("Two")
    row.addWidget(one)
    row.addWidget(two)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.mouseClick(one, Qt.MouseButton.LeftButton)
    assert not one.shows_focus
    one.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(one, Qt.Key.Key_Tab)
    qtbot.waitUntil(two.hasFocus)
    assert two.shows_focus


def test_that_a_trace_chip_tells_its_whole_id_and_ctrl(qtbot: QtBot) -> None:
    chip = TraceChip("7f3a9c2155aa")
    qtbot.addWidget(chip)
    told: list[tuple[str, bool]] = []
    chip.opened.connect(lambda trace, stay: told.append((trace, stay)))
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(chip, Qt.Key.Key_Return)
    assert told == [("7f3a9c2155aa", False), ("7f3a9c2155aa", True), ("7f3a9c2155aa", False)]
    assert chip.text() == "7f3a9c21"


def test_that_a_filter_is_removed_by_delete(qtbot: QtBot) -> None:
    chip = FilterChip("level", "error")
    qtbot.addWidget(chip)
    with qtbot.waitSignal(chip.closed):
        QTest.keyClick(chip, Qt.Key.Key_Delete)


def test_that_escape_clears_a_field_and_then_leaves_it(qtbot: QtBot) -> None:
    field = Field("Filter")
    qtbot.addWidget(field)
    QTest.keyClicks(field, "billing")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    with qtbot.waitSignal(field.escaped):
        QTest.keyClick(field, Qt.Key.Key_Escape)


def test_that_a_field_keeps_its_text_off_its_remark(qtbot: QtBot) -> None:
    field = Field("Filter", Icon.MAGNIFYING_GLASS, "/")
    qtbot.addWidget(field)
    before = field.textMargins()
    field.set_remark("1,306 of 48,912 lines")
    assert field.textMargins().right() > before.right() + 80


def test_that_a_segment_is_chosen_by_click_and_by_arrow(qtbot: QtBot) -> None:
    choice = Segmented(("5 m", "20 m", "Run"), 1)
    qtbot.addWidget(choice)
    choice.show()
    told: list[int] = []
    choice.chosen.connect(told.append)
    segments = choice.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    QTest.mouseClick(segments[2], Qt.MouseButton.LeftButton)
    assert (choice.current, told) == (2, [2])
    choice.choose(0)
    assert (choice.current, told) == (0, [2])


def test_that_a_segment_can_be_barred_with_a_reason(qtbot: QtBot) -> None:
    choice = Segmented(("Edit", "Unified"))
    qtbot.addWidget(choice)
    choice.set_option_enabled(1, "Nothing to compare yet")
    segment = choice.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)[1]
    assert not segment.isEnabled()
    assert segment.toolTip() == "Nothing to compare yet"


def test_that_a_line_asks_for_all_its_room_and_survives_with_little(qtbot: QtBot) -> None:
    line = Line("orders waits for a connection of its pool")
    qtbot.addWidget(line)
    assert line.minimumSizeHint().width() < line.sizeHint().width() / 4
    line.resize(40, line.sizeHint().height())
    assert not line.grab().isNull()


def test_that_a_paragraph_grows_when_it_is_narrow(qtbot: QtBot) -> None:
    text = Text("Faults end now. Charts recover within 20 seconds and teams will see it.")
    qtbot.addWidget(text)
    assert text.heightForWidth(120) > 2 * text.heightForWidth(600)


def test_that_a_panel_keeps_its_content_on_top(qtbot: QtBot) -> None:
    panel = Panel("Inputs")
    field = Field("Filter")
    panel.add(field)
    qtbot.addWidget(panel)
    panel.resize(300, 600)
    panel.show()
    assert field.y() < 60


def test_that_a_panel_takes_no_more_height_than_its_body_wants(qtbot: QtBot) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    quiet, greedy = Panel("Inputs"), Panel("Rows")
    quiet.add(Field("Filter"))
    greedy.add(EmptyState(Icon.FUNNEL, "No rows"), 1)
    column.addWidget(quiet)
    column.addWidget(greedy)
    qtbot.addWidget(window)
    window.resize(400, 900)
    window.show()
    assert quiet.height() == quiet.sizeHint().height()
    assert greedy.height() > 700


def test_that_an_empty_state_offers_its_remedy(qtbot: QtBot) -> None:
    state = EmptyState(Icon.FUNNEL, "No lines match", "Widen the time range.", "Clear query")
    qtbot.addWidget(state)
    with qtbot.waitSignal(state.pressed):
        QTest.mouseClick(state.findChildren(Button)[0], Qt.MouseButton.LeftButton)


def test_that_a_skeleton_waits_before_it_shows(qtbot: QtBot) -> None:
    skeleton = Skeleton()
    qtbot.addWidget(skeleton)
    skeleton.resize(skeleton.sizeHint())
    skeleton.show()
    plain = skeleton.grab().toImage()
    skeleton.show_now()
    assert skeleton.grab().toImage() != plain


def table_of(qtbot: QtBot, rows: int = 50) -> Table:
    table = Table(
        (Column("Trace", CellKind.TRACE, 100), Column("Entry"), Column("Spans", CellKind.NUMBER, 60))
    )
    model = QStandardItemModel(rows, 3, table)
    for row in range(rows):
        for column, text in enumerate((f"{row:08x}", "POST /checkout", str(row))):
            model.setItem(row, column, QStandardItem(text))
    table.setModel(model)
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    return table


def test_that_a_table_moves_by_keys_and_opens_by_return(qtbot: QtBot) -> None:
    table = table_of(qtbot)
    chosen: list[int] = []
    table.chosen.connect(chosen.append)
    table.choose_row(3)
    QTest.keyClick(table, Qt.Key.Key_J)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_K)
    assert chosen == [3, 4, 5, 4]
    with qtbot.waitSignal(table.opened) as opened:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [4]


def test_that_a_click_on_a_trace_id_opens_it_but_not_beside_it(qtbot: QtBot) -> None:
    table = table_of(qtbot)
    told: list[str] = []
    table.traceOpened.connect(lambda trace, stay: told.append(trace))
    cell: QRect = table.visualRect(table.model().index(2, 0))
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(cell.left() + 30, cell.center().y())
    )
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(cell.right() - 1, cell.center().y())
    )
    assert told == ["00000002"]


def test_that_flexible_columns_take_what_is_left(qtbot: QtBot) -> None:
    table = table_of(qtbot)
    widths = [table.columnWidth(column) for column in range(3)]
    assert widths[0] == 100
    assert sum(widths) == table.viewport().width()


def test_that_choosing_no_row_clears_the_table(qtbot: QtBot) -> None:
    table = table_of(qtbot)
    table.choose_row(3)
    table.choose_row(-1)
    assert table.row == -1
    assert table.currentIndex() == QModelIndex()


def test_that_the_ribbon_names_every_part_it_can(qtbot: QtBot) -> None:
    ribbon = Ribbon()
    qtbot.addWidget(ribbon)
    ribbon.set_parts(PARTS)
    ribbon.resize(1200, ribbon.sizeHint().height())
    told: list[str] = []
    ribbon.partChosen.connect(told.append)
    QTest.mouseClick(ribbon, Qt.MouseButton.LeftButton, pos=QPoint(200, 16))
    QTest.keyClick(ribbon, Qt.Key.Key_Right)
    QTest.keyClick(ribbon, Qt.Key.Key_Return)
    assert told == ["dark", "rest"]


def test_that_short_names_end_where_a_word_ends() -> None:
    long = ("Phase 2 · Deep Dive & Verification", "Phase 2 · Deep Dive", "Phase 2 · Deep")
    assert PARTS[4].names == (*long, "Phase 2", "Phase")
    assert PARTS[3].names == ("Tea Break", "Break")


def test_that_only_a_facilitator_moves_the_end_of_a_part(qtbot: QtBot) -> None:
    ribbon = Ribbon()
    qtbot.addWidget(ribbon)
    ribbon.set_parts((AgendaPart("a", "First", 50), AgendaPart("b", "Second", 50)))
    ribbon.resize(1003, ribbon.sizeHint().height())
    told: list[tuple[str, int]] = []
    ribbon.lengthDragged.connect(lambda key, minutes: told.append((key, minutes)))

    def drag() -> None:
        QTest.mousePress(ribbon, Qt.MouseButton.LeftButton, pos=QPoint(501, 16))
        QTest.mouseMove(ribbon, QPoint(551, 16))
        QTest.mouseRelease(ribbon, Qt.MouseButton.LeftButton, pos=QPoint(551, 16))

    drag()
    assert told == []
    ribbon.set_adjustable(True)
    drag()
    assert told == [("a", 55)]


def test_that_a_countdown_says_how_much_is_left(qtbot: QtBot) -> None:
    countdown = Countdown()
    qtbot.addWidget(countdown)
    countdown.show_left("Deep Dive", 756)
    assert countdown.accessibleName() == "Deep Dive, 12:36 left"
    countdown.show_left("Deep Dive", -75, is_held=True)
    assert countdown.accessibleName() == "Deep Dive, −01:15 left, clock held"


def test_that_the_last_minute_pulses_unless_motion_is_unwanted(qtbot: QtBot) -> None:
    countdown = Countdown()
    qtbot.addWidget(countdown)
    countdown.show_left("Deep Dive", 42)
    assert countdown.is_pulsing
    theme.use(reduced_motion=True)
    countdown.show_left("Deep Dive", 41)
    assert not countdown.is_pulsing


def test_that_at_most_three_toasts_stand_and_critical_ones_stay_longest(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    stack = ToastStack(window)
    stack.show(ToastNote(Status.CRITICAL, "Stress test failed"))
    for number in range(AT_MOST + 1):
        stack.show(ToastNote(Status.INFO, f"Note {number}"))
    shown = [toast.note.headline for toast in stack.toasts]
    assert shown == ["Stress test failed", "Note 2", "Note 3"]
    assert len(stack.history) == AT_MOST + 2
    assert all(window.rect().contains(toast.geometry()) for toast in stack.toasts)


def test_that_a_toast_goes_by_itself_and_a_critical_one_does_not(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    stack = ToastStack(window)
    passing = stack.show(ToastNote(Status.OK, "Deployed"))
    staying = stack.show(ToastNote(Status.CRITICAL, "Failed"))
    assert passing.remaining_ms > SHOWN_MS / 2
    assert staying.remaining_ms == -1


def test_that_the_safe_answer_has_the_keyboard_and_escape(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    done: list[bool] = []

    def ask() -> Dialog:
        dialog = Dialog(
            "Stop all faults?",
            "They end now.",
            "Keep running",
            "Stop",
            lambda: done.append(True),
            parent=window,
        )
        dialog.open()
        return dialog

    first = ask()
    assert first.focusWidget() is first.safe
    QTest.keyClick(first, Qt.Key.Key_Escape)
    assert done == []
    second = ask()
    QTest.mouseClick(second.act, Qt.MouseButton.LeftButton)
    assert done == [True]


def test_that_shortcuts_and_initials_are_short() -> None:
    assert key_text("Ctrl+Return") == "Ctrl ↵"
    assert initials("Ines Bell") == "IB"
    assert initials("Heron") == "H"
    assert initials("") == ""


def test_that_a_paragraph_keeps_its_ink_when_it_gets_another_parent(qtbot: QtBot) -> None:
    theme.use(ThemeName.LIGHT)
    inner, outer, text = QWidget(), QWidget(), Text("measured", 12, ink=Token.TEXT2)
    qtbot.addWidget(outer)
    QVBoxLayout(inner).addWidget(text)
    text.setVisible(True)
    text.set_ink(Token.TEXT1)
    QVBoxLayout(outer).addWidget(inner)
    assert text.palette().windowText().color() == colour(Token.TEXT1)
