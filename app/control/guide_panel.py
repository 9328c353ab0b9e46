"""All about the chosen scenario: what can be played, its answer key, the facilitator's notes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedLayout, QWidget

from app.client import Engine
from app.control.guide_sections import HerringsSection, HintsSection, StressSection, heading
from app.control.incidents import herring_rows, stress_words
from app.control.layouts import rows, scrolling
from app.control.panels import AnswerKey
from app.theme import px
from app.widgets import Document, Panel, Segmented
from protos.drill.v1.records import FacilitatorPage, Hint, Scenario, Snapshot

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient

TABS = ("Play", "Answer key", "Notes")


class GuidePanel(Panel):
    """Follows the chosen scenario; asks the engine itself, so that a refusal is told where somebody acted."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__("Scenario", "hidden from the team", padded=False, parent=parent)
        self._engine = engine
        self._pack = ""
        self._asked: tuple[str, tuple[Hint, ...]] | None = None
        self._notes_text = ""
        self.herrings, self.stress, self.hints = HerringsSection(), StressSection(), HintsSection()
        self.key = AnswerKey()
        self._notes = Document("Facilitator notes", margin=0)
        self.tabs = Segmented(TABS, name="What to show of the scenario")
        self.add_action(self.tabs)
        inner = QWidget()
        self._pages = QStackedLayout(inner)
        self._build_pages()
        self.tabs.chosen.connect(self._pages.setCurrentIndex)
        self.add(inner, 1)
        self.herrings.started.connect(self._start_herring)
        self.herrings.stopped.connect(self._stop_herring)
        self.stress.wanted.connect(self._start_stress)
        self.hints.released.connect(self._release)

    def forget(self) -> None:
        """Another run was opened."""
        self._pack, self._asked = "", None

    def show_scenario(self, scenario: Scenario, snapshot: Snapshot, now_ns: int) -> None:
        """Show the scenario as it stands; its page is asked for anew when a hint was released."""
        if scenario.pack != self._pack:
            self._pack = scenario.pack
            self.hints.show_problem("")
            self.stress.show_problem("")
        if (scenario.pack, snapshot.hints) != self._asked:
            self._asked = scenario.pack, snapshot.hints
            self._load(scenario.pack)
        self.set_title(scenario.title)
        self.tick(scenario, snapshot, now_ns)

    def tick(self, scenario: Scenario, snapshot: Snapshot, now_ns: int) -> None:
        """Let the countdowns run."""
        self.herrings.show_herrings(herring_rows(scenario, snapshot, now_ns))
        self.stress.show_stress(stress_words(snapshot, scenario.codename, now_ns))

    def _build_pages(self) -> None:
        play = rows(8)
        parts = (("Red herrings", self.herrings), ("Stress test", self.stress), ("Hints", self.hints))
        for title, section in parts:
            play.addWidget(heading(title))
            play.addWidget(section)
            play.addSpacing(px(8))
        key = rows(0)
        key.addWidget(self.key)
        for page in (play, key):
            page.setContentsMargins(px(14), 0, px(8), px(12))
            self._pages.addWidget(scrolling(page, right=0))
        notes = QWidget()
        column = rows(0)
        column.setContentsMargins(px(14), 0, px(8), px(12))
        column.addWidget(self._notes)
        notes.setLayout(column)
        self._pages.addWidget(notes)

    def _load(self, pack: str) -> None:
        self._engine.ask(
            lambda client: client.facilitator_page(pack),
            partial(self._take_page, pack),
            self._lose_page,
            owner=self,
        )

    def _take_page(self, pack: str, page: FacilitatorPage) -> None:
        if pack != self._pack:
            return
        self.hints.show_problem("")
        self.hints.show_hints(page.hints)
        self.key.set_page(page)
        if page.notes != self._notes_text:
            self._notes_text = page.notes
            self._notes.show_markdown(page.notes)

    def _lose_page(self, why: str) -> None:
        """Ask again with the next news: an answer key that never comes would be missed in the room."""
        self._asked = None
        self.hints.show_problem(why)

    def _start_herring(self, herring: str) -> None:
        pack = self._pack
        self._tell(
            lambda client: client.start_herring(pack, herring), partial(self.herrings.show_answer, herring)
        )

    def _stop_herring(self, herring: str, chaos_id: str) -> None:
        self._tell(lambda client: client.stop_chaos(chaos_id), partial(self.herrings.show_answer, herring))

    def _start_stress(self, seconds: float) -> None:
        pack = self._pack
        self._tell(lambda client: client.start_stress(pack, seconds), self.stress.show_problem)

    def _release(self, index: int) -> None:
        pack = self._pack
        self._tell(lambda client: client.release_hint(pack, index), self.hints.show_problem)

    def _tell(self, call: Callable[[DrillClient], object], said: Callable[[str], None]) -> None:
        self._engine.ask(call, lambda _: said(""), said, owner=self)
