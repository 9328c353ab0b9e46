"""Exploring metrics and making alert rules, by keyboard, on a server that speaks the contract."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.kept import Kept
from app.selection import Selection
from app.signals import SignalsView
from app.signals.explorer import Explorer
from app.signals.metric_list import KIND
from app.signals.pins import Pins
from app.widgets.save_file import write_text
from tests.app.signals.conftest import WAIT_MS, Drill, Telemetry, values

Shown = Callable[[], tuple[SignalsView, Selection]]
P95 = "http.server.request.duration"


@pytest.fixture
def explorer(qtbot: QtBot, shown: Shown) -> tuple[SignalsView, Explorer]:
    """The open explorer with its metrics."""
    return opened(qtbot, shown)


def opened(qtbot: QtBot, shown: Shown) -> tuple[SignalsView, Explorer]:
    """The pane with its explorer open."""
    view, _ = shown()
    qtbot.keyClick(view, Qt.Key.Key_X)
    found = view._explorer.explorer
    assert found is not None
    qtbot.waitUntil(lambda: found.metrics.table.model().rowCount() == 2, timeout=WAIT_MS)
    return view, found


def choose(qtbot: QtBot, explorer: Explorer, typed: str) -> None:
    """Type a part of a metric's name and take the first."""
    qtbot.keyClicks(explorer.metrics.field, typed)
    qtbot.keyClick(explorer.metrics.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(explorer.chart.values) > 0, timeout=WAIT_MS)


def test_that_a_metric_is_found_by_its_words_and_charted_by_service(
    qtbot: QtBot, explorer: tuple[SignalsView, Explorer]
) -> None:
    _, found = explorer
    choose(qtbot, found, "duration http")
    chart = found.chart.chart
    assert chart is not None
    assert [line.label for line in chart.lines] == ["billing", "gateway"]
    assert chart.lines[0].names == (f"metric.billing.{P95}|p95",)
    assert chart.caption == "P95, by service"
    assert not found.grab().isNull()


def test_that_a_pinned_chart_stands_below_the_others_and_is_kept(
    qtbot: QtBot, explorer: tuple[SignalsView, Explorer]
) -> None:
    view, found = explorer
    choose(qtbot, found, "queue")
    found.chart._pin.click()
    qtbot.waitUntil(lambda: list(values(view)) == ["Throughput", "CPU", "queue.length"], timeout=WAIT_MS)
    qtbot.waitUntil(lambda: values(view)["queue.length"] == [("billing", "20")], timeout=WAIT_MS)
    assert [one.metric for one in Pins(view._selection.kept).charts] == ["queue.length"]
    found.chart._pin.click()
    qtbot.waitUntil(lambda: list(values(view)) == ["Throughput", "CPU"], timeout=WAIT_MS)


def test_that_a_rule_is_tried_on_the_past_before_it_is_saved(
    qtbot: QtBot, explorer: tuple[SignalsView, Explorer], served: tuple[Drill, Telemetry, str]
) -> None:
    _, found = explorer
    choose(qtbot, found, "queue")
    found.chart._alert.click()
    form = found.form
    assert form.value.field.text() == "50"
    qtbot.waitUntil(lambda: "would not have fired" in form._trial.text(), timeout=WAIT_MS)
    form.value.field.setText("15")
    qtbot.waitUntil(lambda: "would have fired once" in form._trial.text(), timeout=WAIT_MS)
    assert found.chart._stack._events
    qtbot.keyClick(form.value.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "r1" in served[0].rules, timeout=WAIT_MS)
    rule = served[0].rules["r1"]
    assert (rule.series, rule.op, rule.value, rule.for_s) == ("metric.billing.queue.length", ">", 15.0, 10.0)
    assert rule.title == "billing: queue.length above 15"
    qtbot.waitUntil(lambda: not form.isVisible(), timeout=WAIT_MS)
    assert found.chart._stack._events == ()


def test_that_a_limit_that_is_no_number_is_told_and_not_sent(
    qtbot: QtBot, explorer: tuple[SignalsView, Explorer], served: tuple[Drill, Telemetry, str]
) -> None:
    _, found = explorer
    choose(qtbot, found, "queue")
    found.chart._alert.click()
    found.form.value.field.setText("a lot")
    assert not found.form.save.isEnabled()
    found.form.submit()
    assert "Limit" in found.form._trial.text()
    assert served[0].rules == {}


def test_that_a_rule_is_edited_and_removed_from_the_list(
    qtbot: QtBot, shown: Shown, served: tuple[Drill, Telemetry, str]
) -> None:
    drill = served[0]
    drill.snapshot.alert_rules.add(
        id="r1",
        title="Slow billing",
        series=f"metric.billing.{P95}|p99",
        op="<",
        value=7.0,
        for_s=3.0,
        severity="critical",
    )
    _, found = opened(qtbot, shown)
    qtbot.waitUntil(lambda: found.rules.table.model().rowCount() == 1, timeout=WAIT_MS)
    found.rules.table.choose_row(0)
    found.rules._edit.click()
    assert (found.form.title.text(), found.form.value.field.text()) == ("Slow billing", "7")
    chart = found.chart.chart
    assert chart is not None
    assert chart.part == "p99"
    edited = found.form.rule()
    assert edited is not None
    assert (edited.id, edited.op, edited.severity) == ("r1", "<", "critical")
    drill.rules["r1"] = drill.snapshot.alert_rules[0]
    found.rules._remove.click()
    qtbot.waitUntil(lambda: drill.rules == {}, timeout=WAIT_MS)


def test_that_escape_closes_the_form_then_the_explorer_and_nothing_is_asked_any_more(
    qtbot: QtBot, explorer: tuple[SignalsView, Explorer], served: tuple[Drill, Telemetry, str]
) -> None:
    _, found = explorer
    choose(qtbot, found, "queue")
    found.chart._alert.click()
    qtbot.keyClick(found, Qt.Key.Key_Escape)
    assert not found.form.isVisible()
    assert found.isVisible()
    qtbot.keyClick(found, Qt.Key.Key_Escape)
    assert not found.isVisible()
    qtbot.waitUntil(lambda: served[1].watchers == 1, timeout=WAIT_MS)


def test_that_a_file_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    told: list[str] = []
    write_text(tmp_path / "there.yml", "groups: []", told.append, told.append)
    write_text(tmp_path / "nowhere" / "x.yml", "", told.append, told.append)
    assert told[0] == str(tmp_path / "there.yml")
    assert "Choose another folder" in told[1]


def test_that_pins_come_back_after_a_restart_and_nonsense_on_disk_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_text('{"pinned_charts": [{"metric": 3}, "no"], "other": 1}')
    kept = Kept(tmp_path)
    assert Pins(kept).charts == ()
    kept.put("other", 2)
    assert Kept(tmp_path).get("other") == 2
    (tmp_path / "kept.json").write_text("{")
    assert Kept(tmp_path).get("other") is None


def test_that_a_rule_gets_all_the_room_where_there_is_little(
    qtbot: QtBot, explorer: tuple[SignalsView, Explorer]
) -> None:
    view, found = explorer
    choose(qtbot, found, "queue")
    view.resize(900, 600)
    qtbot.waitUntil(lambda: found.metrics.table.isColumnHidden(KIND), timeout=WAIT_MS)
    found.chart._alert.click()
    assert not found.metrics.isVisible()
    cells = [found.form.series, found.form.operator, found.form.value, found.form.held]
    qtbot.waitUntil(lambda: _apart(cells), timeout=WAIT_MS)
    qtbot.keyClick(found.form.value.field, Qt.Key.Key_Escape)
    assert found.metrics.isVisible()
    view.resize(1500, 900)
    qtbot.waitUntil(lambda: not found.metrics.table.isColumnHidden(KIND), timeout=WAIT_MS)


def _apart(widgets: list[QWidget]) -> bool:
    """Whether each ends before the next begins, and all inside their parent."""
    areas = [widget.geometry() for widget in widgets]
    inside = areas[-1].right() <= widgets[-1].parentWidget().width()
    return inside and all(one.right() < other.left() for one, other in pairwise(areas))
