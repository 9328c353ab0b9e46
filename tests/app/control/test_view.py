"""Control on a server that speaks the contract."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.client import Engine
from app.control import ControlWindow
from app.theme import theme
from protos.drill.v1.records import FacilitatorPage
from tests.app import three_scenarios
from tests.app.engine_stub import FACILITATOR, EngineStub

WAIT_MS = 10_000
REFUSAL = "There is no room for another one. End one first."


def opened(qtbot: QtBot, stub: EngineStub, connect: Callable[..., Engine]) -> ControlWindow:
    """The window on an open run of three scenarios, with its menu and its page read."""
    stub.snapshot = three_scenarios.three()
    stub.chaos_menu = three_scenarios.menu()
    stub.page_of = three_scenarios.page
    stub.open()
    window = ControlWindow(connect(FACILITATOR))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window._pack == "fp_drift", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: bool(window._chaos.form.action.current), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(window._guide.hints.shown) == 3, timeout=WAIT_MS)
    return window


def test_that_every_scenario_has_a_card_and_the_services_are_shown(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    titles = [view.card.title for view in window._incidents.cards]
    assert titles == ["Month-end close", "Flash sale", "Order history"]
    assert len(window._services.shown) == 10
    assert window._header.next.text() == "Start Tea Break"


def test_that_a_single_scenario_has_one_primary_button_and_nothing_to_choose(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    del engine_stub.snapshot.scenarios[1:]
    engine_stub.happen("ClockHeld")
    qtbot.waitUntil(lambda: len(window._incidents.cards) == 1, timeout=WAIT_MS)
    (view,) = window._incidents.cards
    assert view.button.text() == "Stop incident"
    assert not view.isCheckable()
    assert not window._header.all.isVisible()


def test_that_the_answers_follow_the_chosen_scenario(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    window._guide.key.reveal.click()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT_MS)
    qtbot.keyClick(window, Qt.Key.Key_3)
    assert window._guide.title.text == "Order history"
    qtbot.waitUntil(lambda: window._guide.key.words.text().startswith("storefront"), timeout=WAIT_MS)
    assert list(window._guide.herrings.lines) == ["host-cpu"]


def test_that_arrows_move_between_the_incidents(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    first, second, _ = window._incidents.cards
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert second.isChecked()
    assert window._guide.title.text == "Flash sale"


def test_that_trigger_all_triggers_what_does_not_run(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    engine_stub.snapshot.scenarios[1].state = "ready"
    engine_stub.happen("ClockHeld")
    qtbot.waitUntil(window._header.all.isVisible, timeout=WAIT_MS)
    window._header.all.click()
    qtbot.waitUntil(
        lambda: sorted(engine_stub.told) == ["trigger deadlock", "trigger n_plus_one"], timeout=WAIT_MS
    )


def test_that_a_refused_trigger_is_told_on_its_card(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    engine_stub.act_refusal = REFUSAL
    view = window._incidents.cards[2]
    view.button.click()
    qtbot.waitUntil(lambda: view._symptom.text == REFUSAL, timeout=WAIT_MS)
    assert view.button.isEnabled()


def test_that_chaos_is_started_as_it_was_typed(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    form = opened(qtbot, engine_stub, connect)._chaos.form
    qtbot.keyClick(form.target, Qt.Key.Key_Down)
    form._cells["delay_ms"].field.setText("120")
    qtbot.keyClick(form._cells["both_ways"].field, Qt.Key.Key_Space)
    qtbot.keyClick(form._cells["delay_ms"].field, Qt.Key.Key_Return)
    told = "chaos  latency gateway->billing delay_ms=120,jitter_ms=0,both_ways=1 120s"
    qtbot.waitUntil(lambda: engine_stub.told == [told], timeout=WAIT_MS)
    qtbot.waitUntil(form.start.isEnabled, timeout=WAIT_MS)


def test_that_a_wrong_number_is_told_and_nothing_is_sent(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    form = opened(qtbot, engine_stub, connect)._chaos.form
    form._cells["delay_ms"].field.setText("9999")
    assert form._told.text() == "Delay: a number from 0 to 5,000 ms."
    assert not form.start.isEnabled()
    form.submit()
    form._cells["delay_ms"].field.setText("99")
    assert not form._told.isVisible()
    form.submit()
    qtbot.waitUntil(lambda: len(engine_stub.told) == 1, timeout=WAIT_MS)
    assert "delay_ms=99," in engine_stub.told[0]


def test_that_another_action_has_its_own_targets_and_numbers(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    form = opened(qtbot, engine_stub, connect)._chaos.form
    form.action.choose("freeze")
    form._choose("freeze")
    assert {option.key for option in form.target.options} == set(three_scenarios.SERVICES)
    assert not form._cells
    form.start.click()
    qtbot.waitUntil(lambda: engine_stub.told == ["chaos  freeze gateway  60s"], timeout=WAIT_MS)


def test_that_refused_chaos_is_told_below_its_fields(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    form = opened(qtbot, engine_stub, connect)._chaos.form
    engine_stub.act_refusal = REFUSAL
    form.start.click()
    qtbot.waitUntil(lambda: form._told.text() == REFUSAL, timeout=WAIT_MS)
    assert form.start.isEnabled()


def test_that_what_is_on_can_be_undone_one_by_one_and_all_at_once(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    newest, herring = window._chaos.list.cards
    newest.undo.click()
    qtbot.waitUntil(lambda: engine_stub.told == ["undo c4"], timeout=WAIT_MS)
    assert not newest.undo.isEnabled()
    window._chaos._undo_all.click()
    qtbot.waitUntil(lambda: sorted(engine_stub.told[1:]) == ["undo c3", "undo c4"], timeout=WAIT_MS)
    assert not herring.undo.isEnabled()


def test_that_an_undo_that_was_refused_says_so_on_its_card(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    engine_stub.act_refusal = REFUSAL
    card = window._chaos.list.cards[0]
    card.undo.click()
    qtbot.waitUntil(lambda: card._told.text() == REFUSAL, timeout=WAIT_MS)
    assert card.undo.isEnabled()


def test_that_what_ended_leaves_its_card(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    ended = engine_stub.snapshot.chaos[3]
    ended.ended_ns, ended.end = ended.started_ns + 10**9, "undone by the facilitator"
    engine_stub.happen("ChaosEnded", chaos="c4", how="undone by the facilitator")
    qtbot.waitUntil(lambda: len(window._chaos.list.cards) == 1, timeout=WAIT_MS)
    assert not window._chaos._undo_all.isVisible()


def test_that_red_herrings_start_and_stop_and_say_why_not(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    window._choose("deadlock")
    lines = window._guide.herrings.lines
    lines["catalog-network"].button.click()
    lines["night-job"].button.click()
    qtbot.waitUntil(
        lambda: sorted(engine_stub.told) == ["chaos deadlock night-job", "undo c3"], timeout=WAIT_MS
    )
    engine_stub.act_refusal = REFUSAL
    qtbot.waitUntil(lines["night-job"].button.isEnabled, timeout=WAIT_MS)
    lines["night-job"].button.click()
    qtbot.waitUntil(lambda: lines["night-job"]._told.text() == REFUSAL, timeout=WAIT_MS)


def test_that_a_stress_test_is_asked_for_with_its_seconds(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    window._guide.stress._seconds.choose(2)
    window._guide.stress.button.click()
    qtbot.waitUntil(lambda: engine_stub.told == ["stress fp_drift 30"], timeout=WAIT_MS)


def test_that_everything_that_happened_is_listed_newest_first(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    engine_stub.happen("ClockHeld")
    engine_stub.happen("ClockReleased")
    qtbot.waitUntil(lambda: window._happenings.rowCount() == 2, timeout=WAIT_MS)
    assert window._happenings.index(0, 1).data() == "Clock released"


def test_that_a_refused_act_is_told_in_the_window(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    window._header.extend.click()
    qtbot.waitUntil(window._trouble.isVisible, timeout=WAIT_MS)
    assert window._trouble.text


def test_that_b_blanks_the_window_for_a_projector(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    window._toggle_blank()
    assert not window._strip.isVisible()
    window._toggle_blank()
    assert window._strip.isVisible()


def test_that_the_answer_is_hidden_until_it_is_asked_for(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    key = opened(qtbot, engine_stub, connect)._guide.key
    key.set_page(FacilitatorPage("billing", "floats", ("drift",), "", ()))
    assert "floats" not in key.words.text()
    key.reveal.click()
    assert "floats" in key.words.text()


def test_that_large_text_leaves_two_columns(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    assert not window._sides.isVisible()
    theme.use(text_scale=1.5)
    assert window._guide.isVisible()
    assert not window._drill.isVisible()
    window._sides.choose(1)
    window._place_sides()
    assert window._drill.isVisible()
    assert not window._guide.isVisible()
    theme.use(text_scale=1.0)
    assert window._guide.isVisible()


def test_that_a_released_hint_is_shown_as_released(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    released = three_scenarios.page("fp_drift")
    released.hints[1].released = True
    engine_stub.page_of = lambda pack: released
    engine_stub.snapshot.hints.add(text="Take a thread dump", released=True, index=1)
    engine_stub.happen("HintReleased", scenario="copperfield", index=1, level="", text="", cost=5)
    qtbot.waitUntil(lambda: window._guide.hints.shown[1].released, timeout=WAIT_MS)


def test_that_a_page_that_was_refused_is_asked_for_again_with_the_next_news(
    qtbot: QtBot, engine_stub: EngineStub, connect: Callable[..., Engine]
) -> None:
    window = opened(qtbot, engine_stub, connect)
    window._guide._lose_page(REFUSAL)
    assert window._guide.hints.told.text() == REFUSAL
    engine_stub.happen("ClockHeld")
    qtbot.waitUntil(lambda: window._guide.hints.told.text() == "", timeout=WAIT_MS)
