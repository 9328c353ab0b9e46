"""Which groups of charts are shown."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.signals.group_bar import GroupBar
from app.signals.model import ChartGroup, chart_groups, hidden_services
from app.theme import Status
from protos.drill.v1.records import Alert, Chart, ChartSeries, Service
from tests.app.signals.records import NOW_S, NS, SERVICES, snapshot

GROUPS = (
    ChartGroup("copper", "Month-end close", 6, Status.WARNING, 1),
    ChartGroup("larkspur", "Flash sale", 7, None, 0),
    ChartGroup("saltmarsh", "Order history", 7, None, 0),
)
ALL = frozenset(group.codename for group in GROUPS)


def chart(name: str, *services: str) -> Chart:
    """A chart with a line a service."""
    lines = tuple(ChartSeries(f"cpu.{one}", one, "heat", one) for one in services)
    return Chart(name, "CPU", "", "percent", lines, None, "")


def bar(qtbot: QtBot, hidden: frozenset[str] = frozenset()) -> tuple[GroupBar, list[frozenset[str]]]:
    """The bar with three groups, and what it told."""
    widget = GroupBar(hidden)
    qtbot.addWidget(widget)
    widget.show_groups(GROUPS)
    told: list[frozenset[str]] = []
    widget.changed.connect(told.append)
    return widget, told


def test_that_a_click_hides_a_group_and_another_shows_it(qtbot: QtBot) -> None:
    widget, told = bar(qtbot)
    widget.chips["larkspur"].click()
    widget.chips["larkspur"].click()
    assert told == [{"larkspur"}, set()]
    assert "shown" in widget.chips["larkspur"].accessibleName()


def test_that_shift_shows_a_group_alone_and_show_all_brings_the_others_back(qtbot: QtBot) -> None:
    widget, _ = bar(qtbot)
    qtbot.mouseClick(widget.chips["saltmarsh"], Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)
    assert widget.hidden == {"copper", "larkspur"}
    widget._all.click()
    assert not widget.hidden


def test_that_there_is_always_something_to_look_at(qtbot: QtBot) -> None:
    widget, _ = bar(qtbot)
    for codename in ALL:
        widget.chips[codename].click()
    assert not widget.hidden


def test_that_what_was_hidden_before_is_hidden_again(qtbot: QtBot) -> None:
    widget, told = bar(qtbot, frozenset({"copper", "of another run"}))
    assert widget.hidden == {"copper"}
    widget.chips["larkspur"].click()
    assert told == [{"copper", "larkspur", "of another run"}]


def test_that_one_scenario_needs_no_bar(qtbot: QtBot) -> None:
    widget, _ = bar(qtbot)
    widget.show_groups(())
    assert widget.isHidden()
    assert chart_groups(snapshot()) == ()


def test_that_groups_are_named_and_tell_of_their_alerts() -> None:
    fired = Alert("copper.drift", "Drift", "", "critical", "billing", NOW_S * NS, 0, "")
    over = replace(fired, id="larkspur.slow", resolved_ns=NOW_S * NS)
    run = replace(
        snapshot((fired, over)),
        codename="copper larkspur",
        title="Month-end close · Flash sale",
        charts=(chart("copper.cpu", "billing"), chart("larkspur.cpu", "orders"), chart("larkspur.rate")),
    )
    assert chart_groups(run) == (
        ChartGroup("copper", "Month-end close", 1, Status.CRITICAL, 1),
        ChartGroup("larkspur", "Flash sale", 2, None, 0),
    )


def test_that_services_of_hidden_groups_leave_the_map_unless_another_shows_them() -> None:
    run = replace(
        snapshot(),
        services=(*SERVICES, Service("orders", "", "running", "", "", True, 0)),
        charts=(chart("copper.cpu", "billing", "gateway"), chart("larkspur.cpu", "orders", "gateway")),
    )
    assert hidden_services(run, {"copper"}) == {"billing"}
    assert hidden_services(run, ()) == frozenset()
