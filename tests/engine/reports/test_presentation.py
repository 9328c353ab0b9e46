"""The words of a report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.packs.records import Verdict
from engine.reports.presentation import presented
from engine.reports.summary import Figures, JudgedProbe, Judgement, Summary, Unit


def test_that_measured_figures_are_shown(example_summary: Summary) -> None:
    page = presented(example_summary)
    assert [figure.value.replace("\u00a0", " ") for figure in page.figures] == [
        "36 min 12 s",
        "€3.66 → €0.00",
        "91 ms",
        "Right",
    ]
    assert page.figures[1].note == "366 cents before, 0 cents after"
    assert page.kind.replace("\u00a0", " ") == "Post-incident report, SEV-2, 36 min 12 s"


def test_that_a_figure_without_data_reads_not_measured_and_never_zero(example_summary: Summary) -> None:
    page = presented(replace(example_summary, figures=Figures("Ledger drift"), judgement=None))
    assert [figure.value for figure in page.figures] == ["Not measured"] * 3 + ["Not judged"]
    assert not any(figure.measured for figure in page.figures)
    assert "0" not in "".join(figure.value + figure.note for figure in page.figures)
    missing = [gap.what for gap in page.gaps]
    for name in ("Ledger drift before the fix", "P95 after the fix", "Whether the fix is right"):
        assert name in missing


def test_that_a_drift_that_was_never_measured_again_is_not_called_zero(example_summary: Summary) -> None:
    page = presented(
        replace(example_summary, figures=Figures("Ledger drift", Unit.CENTS, symptom_before=12.0))
    )
    assert page.figures[1].value == "€0.12"
    assert page.figures[1].note == "before the fix; after: not measured"


def test_that_a_target_without_a_value_is_neither_met_nor_missed(example_summary: Summary) -> None:
    words = {result.name: result.word for result in presented(example_summary).results}
    assert words["AI decisions that proved right"] == "not measured"
    assert words["Observability coverage"] == "missed"


@pytest.mark.parametrize("verdict", Verdict)
def test_that_every_verdict_has_a_word_and_a_sentence(example_summary: Summary, verdict: Verdict) -> None:
    assert example_summary.judgement
    found = presented(
        replace(example_summary, judgement=replace(example_summary.judgement, verdict=verdict))
    ).verdict
    assert found
    assert found.word.lower().replace(" ", "-") == verdict
    assert found.meaning


def test_that_the_deciding_probe_is_named_with_its_values(example_summary: Summary) -> None:
    probes = (JudgedProbe("half-cent ties", "", False, "2.67", "2.68"), JudgedProbe("goodput", "", None))
    judgement = Judgement(Verdict.MASKED, probes, "half-cent ties", "2.67", "2.68", 31)
    found = presented(replace(example_summary, judgement=judgement)).verdict
    assert found
    assert found.detail.startswith(
        "decided by half-cent ties (measured 2.67, required 2.68), 0 of 2 probes held"
    )
    assert [(probe.word, probe.decides) for probe in found.probes] == [("broken", True), ("not run", False)]


def test_that_entries_are_in_the_order_of_time_with_both_clocks(example_summary: Summary) -> None:
    backwards = replace(example_summary, entries=tuple(reversed(example_summary.entries)))
    entries = presented(backwards).entries
    assert [entry.time for entry in entries] == sorted(entry.time for entry in entries)
    assert (entries[0].clock, entries[0].time) == ("02:55:00", "09:30:00")
