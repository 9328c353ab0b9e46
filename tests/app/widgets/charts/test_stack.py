"""The stack: follows, stops, brushes, links, and draws gaps as gaps."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.selection import Selection
from app.theme import Status, ThemeName, Token, colour, theme
from app.time_axis import Span
from app.widgets.charts import (
    ChartEvent,
    ChartPoint,
    ChartSpec,
    EventKind,
    HeatRowSpec,
    HeatSpec,
    SeriesKind,
    SeriesSpec,
    Threshold,
    Unit,
)
from app.widgets.charts.columns import plot_left
from app.widgets.charts.row import ChartRow
from app.widgets.charts.stack import ChartStack

NOW = 1_800_000_600.0
X = np.arange(NOW - 600, NOW)
SPECS = (
    ChartSpec(
        "Latency",
        "ms",
        Unit.MILLISECONDS,
        (SeriesSpec("p99", "P99", Token.P99),),
        Threshold(800, "SLO 800 ms"),
    ),
    ChartSpec(
        "Throughput",
        "per second",
        Unit.PER_SECOND,
        (
            SeriesSpec("rps", "Requests", Token.RATE, SeriesKind.AREA),
            SeriesSpec("err", "Errors", Token.CRIT, SeriesKind.BELOW, magnified=4, suffix="err"),
        ),
    ),
    ChartSpec(
        "Lines",
        "per 10 s",
        Unit.COUNT,
        tuple(SeriesSpec(f"bar{n}", f"B{n}", kind=SeriesKind.BARS) for n in range(2)),
    ),
    HeatSpec("CPU", "% of one core", (HeatRowSpec("cpu.orders", "orders"), HeatRowSpec("cpu.none", "none"))),
)
EVENTS = (
    ChartEvent(NOW - 400, EventKind.DEPLOY, "orders 2.14.0", "e1"),
    ChartEvent(NOW - 200, EventKind.PAGE, "SEV-2 page", "e2"),
)


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> Iterator[None]:
    theme.use(ThemeName.DARK, 1.0)
    yield
    theme.use(ThemeName.DARK, 1.0)


@pytest.fixture
def stack(qtbot: QtBot) -> ChartStack:
    stack = ChartStack()
    qtbot.addWidget(stack)
    stack.set_charts(SPECS)
    flat = np.full(len(X), 100.0)
    series = ("p99", "rps", "err", "bar0", "bar1", "cpu.orders")
    stack.set_data(dict.fromkeys(series, (X, flat)))
    stack.set_events(EVENTS)
    stack.set_window(600)
    stack.follow(NOW)
    stack.resize(900, 560)
    with qtbot.waitExposed(stack):
        stack.show()
    stack.refresh()
    return stack


def place(stack: ChartStack, at_s: float, y: int = 200) -> QPoint:
    width = stack.width() - plot_left() - 14
    return QPoint(round(plot_left() + (at_s - stack.span.start_s) / stack.span.length_s * width), y)


def column_has(image: QImage, x: int, top: int, bottom: int, token: Token) -> bool:
    wanted = colour(token).rgb()
    return any(image.pixel(x, y) == wanted for y in range(top, bottom))


def test_that_it_follows_the_present_until_a_click_and_again_by_l(stack: ChartStack) -> None:
    stack.follow(NOW + 30)
    assert stack.span == Span(NOW - 570, NOW + 30)
    QTest.mouseClick(stack, Qt.MouseButton.LeftButton, pos=place(stack, NOW - 100))
    assert not stack.is_live
    stack.follow(NOW + 60)
    assert stack.span.end_s == NOW + 30
    QTest.keyClick(stack, Qt.Key.Key_L)
    assert stack.is_live
    assert stack.span.end_s == NOW + 60


def test_that_a_drag_chooses_a_stretch_for_all_screens(stack: ChartStack) -> None:
    selection = Selection()
    stack.bind(selection)
    QTest.mousePress(stack, Qt.MouseButton.LeftButton, pos=place(stack, NOW - 100))
    QTest.mouseMove(stack, place(stack, NOW - 300))
    QTest.mouseRelease(stack, Qt.MouseButton.LeftButton, pos=place(stack, NOW - 300))
    chosen = selection.time_range
    assert chosen is not None
    assert chosen.start_s == pytest.approx(NOW - 300, abs=1)
    assert chosen.end_s == pytest.approx(NOW - 100, abs=1)
    assert not stack.is_live
    QTest.keyClick(stack, Qt.Key.Key_L)
    assert selection.time_range is None


def test_that_the_crosshair_is_shared_both_ways(stack: ChartStack) -> None:
    selection = Selection()
    stack.bind(selection)
    QTest.mouseMove(stack, place(stack, NOW - 250))
    assert selection.crosshair_s == pytest.approx(NOW - 250, abs=1)
    selection.point_at(NOW - 50)
    assert stack.crosshair_s == NOW - 50


def test_that_another_screens_range_stops_following(stack: ChartStack) -> None:
    selection = Selection()
    stack.bind(selection)
    selection.choose_time_range(Span(NOW - 4000, NOW - 3900))
    assert not stack.is_live
    assert stack.span.contains(NOW - 4000)
    selection.back()
    assert stack.is_live


def test_that_the_legend_shows_values_at_the_crosshair(stack: ChartStack) -> None:
    y = np.where(X < NOW - 300, 120.0, 2250.0)
    stack.set_data({"p99": (X, y)})
    stack.show_crosshair(NOW - 400)
    assert stack.values()[0] == ("Latency", [("P99", "120\u2009ms")])
    stack.show_crosshair(None)
    assert stack.values()[0] == ("Latency", [("P99", "2.25\u2009s")])
    assert stack.values()[3] == ("CPU", [("orders", "100\u2009%"), ("none", "–")])


def test_that_a_gap_is_drawn_as_a_gap(stack: ChartStack) -> None:
    y = np.full(len(X), 400.0)
    y[200:300] = np.nan
    stack.set_data({"p99": (X, y)})
    stack.refresh()
    row = stack.findChildren(ChartRow)[0]
    image = stack.grab().toImage()
    top, bottom = row.y() + 8, row.geometry().bottom() - 12
    inside = place(stack, NOW - 350).x()
    outside = place(stack, NOW - 460).x()
    assert not column_has(image, inside, top, bottom, Token.P99)
    shades = {image.pixel(outside, y) for y in range(top, bottom)} - {
        image.pixel(inside, y) for y in range(top, bottom)
    }
    assert shades


def test_that_the_value_range_grows_with_the_data_and_shrinks_slowly(stack: ChartStack) -> None:
    row = stack.findChildren(ChartRow)[0]
    stack.set_data({"p99": (X, np.full(len(X), 5000.0))})
    stack.refresh()
    high = row.plot.y_of(5000)
    stack.set_data({"p99": (X, np.full(len(X), 4000.0))})
    stack.refresh()
    assert row.plot.y_of(5000) == pytest.approx(high)
    stack.set_data({"p99": (X, np.full(len(X), 100.0))})
    stack.refresh()
    assert row.plot.y_of(5000) < 0


def test_that_brackets_go_from_event_to_event(stack: ChartStack) -> None:
    told: list[str] = []
    stack.eventChosen.connect(lambda event: told.append(event.key))
    QTest.keyClick(stack, Qt.Key.Key_BracketLeft)
    QTest.keyClick(stack, Qt.Key.Key_BracketLeft)
    QTest.keyClick(stack, Qt.Key.Key_BracketRight)
    assert told == ["e2", "e1", "e2"]
    assert stack.crosshair_s == NOW - 200


def test_that_a_click_on_an_event_chooses_it(stack: ChartStack) -> None:
    told: list[str] = []
    stack.eventChosen.connect(lambda event: told.append(event.key))
    QTest.mouseClick(stack, Qt.MouseButton.LeftButton, pos=place(stack, NOW - 400, 14))
    assert told == ["e1"]


def test_that_arrows_move_the_crosshair_and_escape_takes_it_away(stack: ChartStack) -> None:
    QTest.keyClick(stack, Qt.Key.Key_Left)
    first = stack.crosshair_s
    QTest.keyClick(stack, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert first is not None
    assert stack.crosshair_s is not None
    assert stack.crosshair_s < first < NOW
    QTest.keyClick(stack, Qt.Key.Key_Escape)
    assert stack.crosshair_s is None


def test_that_ctrl_and_the_wheel_zoom(stack: ChartStack) -> None:
    event = QWheelEvent(
        QPointF(600, 200),
        QPointF(600, 200),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(stack, event)
    assert stack.span.length_s == pytest.approx(480)
    assert stack.span.end_s == NOW


def test_that_hidden_charts_do_not_draw(stack: ChartStack, qtbot: QtBot) -> None:
    stack.hide()
    stack.set_data({"p99": (X, np.full(len(X), 9000.0))})
    row = stack.findChildren(ChartRow)[0]
    stack.refresh()
    assert row.plot.y_of(9000) < 0
    stack.show()
    qtbot.waitUntil(lambda: row.plot.y_of(9000) > 0)


@pytest.mark.parametrize("name", ThemeName)
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_that_it_paints_in_every_theme_and_scale(stack: ChartStack, name: ThemeName, scale: float) -> None:
    theme.use(name, scale)
    stack.set_stale("refreshing")
    stack.show_crosshair(NOW - 100)
    stack.refresh()
    image = stack.grab().toImage()
    assert column_has(image, stack.width() - 3, 100, 300, Token.BG1) or not image.isNull()


def test_that_an_empty_stack_is_fine(qtbot: QtBot) -> None:
    stack = ChartStack()
    qtbot.addWidget(stack)
    stack.set_charts(
        (
            *SPECS,
            ChartSpec("More", "", Unit.CENTS, (SeriesSpec("none", "None"),), Threshold(1, "", Status.OK)),
        )
    )
    stack.show()
    stack.refresh()
    stack.set_charts(())
    stack.refresh()
    assert stack.values() == []


def test_that_the_widgets_do_not_bring_pyqtgraph() -> None:
    code = "import sys, app.widgets, app.widgets.charts; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_that_a_hidden_group_has_no_charts_and_comes_back(qtbot: QtBot) -> None:
    stack = ChartStack()
    qtbot.addWidget(stack)
    for spec, group in zip(SPECS, ("One", "One", "Two", "Two"), strict=True):
        stack.add_chart(spec, group)
    stack.hide_groups({"One"})
    assert [title for title, _ in stack.values()] == ["Lines", "CPU"]
    stack.add_chart(SPECS[0], "One")
    assert [title for title, _ in stack.values()] == ["Lines", "CPU"]
    stack.hide_groups(())
    assert len(stack.values()) == 5


def test_that_events_and_time_axis_stay_in_view_while_charts_scroll(qtbot: QtBot) -> None:
    stack = ChartStack()
    qtbot.addWidget(stack)
    stack.set_charts(SPECS * 3)
    stack.resize(900, stack.sizeHint().height())
    stack.show()
    stack.show_between(300, 700)
    assert stack._frame._lane.y() == 300
    assert stack._frame._bar.geometry().bottom() == 699
    assert all(row.y() < 700 and row.y() + row.height() > 300 for row in stack._seen_rows())
    assert len(stack._seen_rows()) < len(SPECS) * 3
    stack.show_between(0, stack.height())
    assert stack._frame._lane.y() == 0
    assert stack._frame._bar.geometry().bottom() == stack.height() - 1


def test_that_a_double_click_or_return_opens_a_moment_and_holds_it(qtbot: QtBot, stack: ChartStack) -> None:
    opened: list[tuple[str, float | None]] = []
    stack.momentOpened.connect(lambda key: opened.append((key, stack.crosshair_s)))
    middle = QPoint((plot_left() + stack.width()) // 2, 60)
    QTest.mouseClick(stack, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseDClick(stack, Qt.MouseButton.LeftButton, pos=middle)
    assert [key for key, _ in opened] == ["p99"]
    assert not stack.is_live

    qtbot.keyClick(stack, Qt.Key.Key_Left)
    qtbot.keyClick(stack, Qt.Key.Key_Return)
    (_, first_s), (key, second_s) = opened
    assert key == "", "the keyboard means no series"
    assert second_s == stack.crosshair_s
    assert first_s is not None
    assert second_s is not None
    assert second_s < first_s


def test_that_a_double_click_means_the_nearest_curve_or_the_strip(stack: ChartStack) -> None:
    opened: list[str] = []
    stack.momentOpened.connect(opened.append)
    throughput, cpu = stack._rows.shown[1], stack._rows.shown[3]
    x = (plot_left() + stack.width()) // 2
    for y in (throughput.y() + 5, cpu.y() + 12, cpu.y() + 12 + 22):
        QTest.mouseDClick(stack, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    assert opened == ["rps", "cpu.orders", "cpu.none"]


def test_that_a_measurement_is_drawn_told_and_opened_by_a_click(stack: ChartStack) -> None:
    opened: list[str] = []
    stack.pointOpened.connect(opened.append)
    without = stack.grab().toImage()
    stack.set_points({"p99": [ChartPoint(NOW - 300, 150.0, "150 ms, trace 1a2b3c4d", "1a2b3c4d")]})
    stack.refresh()
    assert stack.grab().toImage() != without

    latency = stack._rows.shown[0]
    assert isinstance(latency, ChartRow)
    place = latency.plot.place_of(latency._points[0])
    pixel = QPoint(round(latency.plot.x() + place.x()), round(latency.y() + latency.plot.y() + place.y()))
    QTest.mouseMove(stack, pixel)
    assert stack.cursor().shape() is Qt.CursorShape.PointingHandCursor
    QTest.mouseClick(stack, Qt.MouseButton.LeftButton, pos=pixel)
    assert opened == ["1a2b3c4d"]
    assert stack.is_live, "a click on a measurement is no click on the chart"

    QTest.mouseClick(stack, Qt.MouseButton.LeftButton, pos=pixel + QPoint(40, 0))
    assert opened == ["1a2b3c4d"]
    assert not stack.is_live


def test_that_a_measurement_beyond_the_range_stands_at_its_edge(stack: ChartStack) -> None:
    stack.set_points({"p99": [ChartPoint(NOW - 300, 1e9, "long", "t")]})
    stack.refresh()
    latency = stack._rows.shown[0]
    assert isinstance(latency, ChartRow)
    assert 0 < latency.plot.place_of(latency._points[0]).y() < 20
