"""The PDF, opened by hand: its structure, its fonts and its bounds."""

from __future__ import annotations

import logging
import re
import zlib
from dataclasses import replace

import pytest

from engine.reports import pdf
from engine.reports.assets import FONTS, TEMPLATES
from engine.reports.summary import Entry, Figures, Fix, Mark, Summary


def opened(content: bytes) -> bytes:
    """The file with its compressed streams unpacked."""
    parts = [content]
    for stream in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def titles(content: bytes) -> set[str]:
    return {title.decode() for title in re.findall(rb"/Title\((.*?)\)", opened(content))}


def test_that_the_report_has_its_sections_on_two_to_four_pages(example_summary: Summary) -> None:
    made = pdf.render(example_summary)
    assert made.content.startswith(b"%PDF-")
    assert 2 <= made.pages <= 4
    assert len(re.findall(rb"/Type\s*/Page\b", opened(made.content))) == made.pages
    expected = {
        "Pennies at month end",
        "Timeline",
        "Results against targets",
        "What happened",
        "Contributing conditions",
        "The fix",
        "Verdict",
        "What was not measured",
    }
    assert expected <= titles(made.content)


def test_that_only_the_programs_own_fonts_are_in_it_and_all_are_embedded(example_summary: Summary) -> None:
    content = opened(pdf.render(example_summary).content)
    names = {name.split(b"+", 1)[1].decode() for name in re.findall(rb"/BaseFont\s*/([\w+-]+)", content)}
    families = {name.removesuffix("-Identity-H") for name in names}
    assert families == {
        "Inter-Regular",
        "Inter-SemiBold",
        "InterDisplay-SemiBold",
        "JetBrainsMono-Regular",
        "JetBrainsMono-SemiBold",
    }
    assert len(re.findall(rb"/FontFile\d", content)) == len(families)


def test_that_screen_readers_get_a_language_and_a_tagged_document(example_summary: Summary) -> None:
    content = opened(pdf.render(example_summary).content)
    assert b"/Lang(en)" in content
    assert b"/StructTreeRoot" in content
    assert b"pdfuaid" in content


def test_that_the_same_summary_gives_the_same_bytes(example_summary: Summary) -> None:
    assert pdf.render(example_summary).content == pdf.render(example_summary).content


def test_that_a_run_without_any_data_is_a_report_too(example_summary: Summary) -> None:
    bare = replace(
        example_summary,
        **dict.fromkeys(
            ("phases", "entries", "charts", "results", "conditions", "processes", "losses", "gaps"), ()
        ),
        figures=Figures(),
        fix=None,
        judgement=None,
    )
    made = pdf.render(bare)
    assert made.pages == 1
    assert {"The fix", "Verdict", "What was not measured"} <= titles(made.content)


def test_that_a_large_change_and_many_entries_stay_on_four_pages(example_summary: Summary) -> None:
    assert example_summary.fix
    large = replace(
        example_summary,
        fix=replace(example_summary.fix, diff=example_summary.fix.diff * 12),
        entries=tuple(
            Entry(at * 30.0, "03:00:00", Mark.INFO, f"Entry {at} " + "word " * 20) for at in range(100)
        ),
    )
    assert pdf.render(large).pages <= pdf.MOST_PAGES


def test_that_markup_and_code_in_texts_are_printed_and_not_run(example_summary: Summary) -> None:
    evil = '#panic("run") $x$ *b* <a> @b [c] \\ \x00\u202e ```' + "W" * 80
    made = pdf.render(
        replace(
            example_summary,
            title=evil,
            story=evil,
            run_name=evil,
            codename=evil,
            entries=(Entry(1, evil, Mark.OK, evil, evil),),
            fix=Fix(evil, evil, f"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-{evil}\n+{evil}\n"),
        )
    )
    assert made.pages <= pdf.MOST_PAGES


def test_that_missing_fonts_cost_the_look_and_not_the_report(
    example_summary: Summary, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert pdf.render(example_summary, fonts=()).pages >= 2
    assert "font" in caplog.text


def test_that_the_template_needs_no_package_and_no_network() -> None:
    source = "".join(file.read_text() for file in TEMPLATES.glob("*.typ"))
    assert "@preview" not in source
    assert "http" not in source
    assert FONTS.is_dir()
