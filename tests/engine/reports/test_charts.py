"""The timeline's drawing, read back as XML."""

from __future__ import annotations

import math
from dataclasses import replace
from xml.etree import ElementTree

from engine.reports.charts import WIDTH, described, timeline
from engine.reports.palette import FROM_STYLESHEET, LIGHT
from engine.reports.summary import Chart, Entry, Figures, Line, Mark, Summary, Unit
from engine.reports.svg import elided, text_width

SVG = "{http://www.w3.org/2000/svg}"


def read_back(summary: Summary) -> ElementTree.Element:
    return ElementTree.fromstring(timeline(summary, LIGHT).svg)


def words(root: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_that_the_drawing_names_phases_markers_curves_and_the_clock(example_summary: Summary) -> None:
    found = words(read_back(example_summary))
    for expected in (
        "Phase 1, Dark Room",
        "Symptom",
        "Verified",
        "P50",
        "P95",
        "P99",
        "absolute",
        "net",
        "03:30",
    ):
        assert expected in found
    assert "SLO P95 200 ms" in found


def test_that_it_has_a_title_and_says_in_a_sentence_what_it_shows(example_summary: Summary) -> None:
    drawing = timeline(example_summary, LIGHT)
    root = ElementTree.fromstring(drawing.svg)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title") is not None
    description = root.find(f"{SVG}desc")
    assert description is not None
    assert description.text == drawing.described
    assert "Ledger drift: absolute up to €" in drawing.described


def test_that_text_stays_inside_the_drawing(example_summary: Summary) -> None:
    for text in read_back(example_summary).iter(f"{SVG}text"):
        width = text_width(text.text or "", float(text.get("font-size", "11")))
        x = float(text.get("x", "0"))
        start = {"end": x - width, "middle": x - width / 2}.get(text.get("text-anchor", ""), x)
        assert start >= -1, text.text
        assert start + width <= WIDTH + 1, text.text


def test_that_markup_in_labels_is_text(example_summary: Summary) -> None:
    evil = "</text><script>alert(1)</script>&\x00"
    summary = replace(
        example_summary,
        entries=(Entry(900, "", Mark.OK, evil, evil),),
        charts=(
            Chart(
                evil,
                evil,
                Unit.MS,
                (Line(evil, "p95", (0, 1), (1, 2)), Line("b", '"x"', (0,), (1,))),
                1,
                evil,
            ),
        ),
    )
    root = read_back(summary)
    assert not list(root.iter(f"{SVG}script"))
    assert "</text><script>alert(1)</script>&\\u{0000}" in words(root)


def test_that_a_gap_breaks_the_curve(example_summary: Summary) -> None:
    whole = Line("one", "p95", tuple(range(100)), (5.0,) * 100)
    gap = replace(whole, y=tuple(math.nan if 40 <= at < 60 else 5.0 for at in range(100)))
    counts = []
    for line in (whole, gap):
        chart = Chart("Latency", "", Unit.MS, (line,))
        root = read_back(replace(example_summary, charts=(chart,), entries=(), phases=()))
        curve = next(path for path in root.iter(f"{SVG}path") if path.get("stroke-linejoin") == "round")
        counts.append((curve.get("d") or "").count("M"))
    assert counts == [1, 2]


def test_that_a_chart_without_a_value_says_so(example_summary: Summary) -> None:
    empty = Chart(
        "Latency", "client side", Unit.MS, (Line("P95", "p95", (0.0, 1.0), (math.nan, math.nan)),), 200, "SLO"
    )
    assert "not measured" in words(read_back(replace(example_summary, charts=(empty,))))
    assert described(empty, 0) == "Latency: P95 not measured."


def test_that_a_summary_of_nothing_is_still_a_drawing(example_summary: Summary) -> None:
    bare = replace(example_summary, charts=(), entries=(), phases=(), figures=Figures())
    assert words(read_back(bare)) == []


def test_that_three_hours_of_seconds_stay_small(example_summary: Summary) -> None:
    x = tuple(float(second) for second in range(10_800))
    lines = tuple(Line(f"P{n}", "p95", x, tuple(50 + n + second % 17 for second in x)) for n in (50, 95, 99))
    svg = timeline(replace(example_summary, charts=(Chart("Latency", "", Unit.MS, lines),)), LIGHT).svg
    assert len(svg) < 120_000


def test_that_the_page_may_colour_the_same_drawing(example_summary: Summary) -> None:
    svg = timeline(example_summary, FROM_STYLESHEET).svg
    assert "var(--p95)" in svg
    assert "#2A74B0" not in svg


def test_that_long_text_is_elided_to_its_room() -> None:
    short = elided("Phase 1, Dark Room", 11, 60)
    assert short.endswith("…")
    assert text_width(short, 11) <= 60
    assert elided("Phase", 11, 8) == ""
