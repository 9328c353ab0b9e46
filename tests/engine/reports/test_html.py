"""The page, read by a parser as a browser would."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

from engine.reports import html
from engine.reports.summary import (
    Chart,
    ContributingCondition,
    Entry,
    Fix,
    Gap,
    JudgedProbe,
    Judgement,
    Line,
    Loss,
    Mark,
    Phase,
    ProcessUse,
    Result,
    Summary,
    Unit,
)

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)></style></svg></table>{{ 7 * 7 }}\x00\u202e"
VOID = {"meta", "link", "img", "br", "input", "hr"}


class Page(HTMLParser):
    """Counts elements, keeps attributes and text, and checks that every element is closed."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.headings: list[str] = []
        self.feed(content.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def evil_summary(summary: Summary) -> Summary:
    """Every text of a summary is an attack."""
    line = Line(EVIL, EVIL, (0.0, 60.0), (1.0, 2.0))
    assert summary.judgement
    return replace(
        summary,
        title=EVIL,
        codename=EVIL,
        severity=EVIL,
        story=EVIL,
        run_name=EVIL,
        phases=(Phase(EVIL, 0, 60),),
        entries=(Entry(5, EVIL, Mark.OK, EVIL, EVIL),),
        charts=(Chart(EVIL, EVIL, Unit.MS, (line, line), 1.0, EVIL),),
        results=(Result(EVIL, EVIL, EVIL, True),),
        conditions=(ContributingCondition(EVIL, EVIL),),
        fix=Fix(EVIL, EVIL, f"--- a/{EVIL}\n+++ b/{EVIL}\n@@ -1 +1 @@\n-{EVIL}\n+{EVIL}\n"),
        judgement=Judgement(
            summary.judgement.verdict, (JudgedProbe(EVIL, EVIL, True, EVIL, EVIL, (EVIL,)),), EVIL, EVIL, EVIL
        ),
        processes=(ProcessUse(EVIL, 1.0, 1.0),),
        losses=(Loss(EVIL, 1, EVIL),),
        gaps=(Gap(EVIL, EVIL),),
    )


def test_that_every_section_is_there_in_a_well_formed_page(example_summary: Summary) -> None:
    page = Page(html.render(example_summary))
    assert page.open == []
    for words in (
        "Pennies at month end",
        "€3.66 → €0.00",
        "Cause named",
        "Binary floats for money",
        "half-cent ties",
        "Log records over the text budget",
        "ROUND_HALF_UP",
    ):
        assert words in page.text


def test_that_it_needs_nothing_from_elsewhere_and_runs_no_script(example_summary: Summary) -> None:
    content = html.render(example_summary)
    page = Page(content)
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == page.tags["iframe"] == 0
    assert not any(name.startswith("on") for _, name, _ in page.attributes)
    assert all(value.startswith("#") for _, name, value in page.attributes if name in ("src", "href"))
    assert ("meta", "http-equiv", "Content-Security-Policy") in page.attributes
    assert content.count(b"http://") == content.count(b'xmlns="http://www.w3.org/2000/svg"')
    assert b"https://" not in content
    assert content.count(b"data:font/woff2;base64,") == 4
    assert len(content) < 400_000


def test_that_no_text_of_a_run_becomes_markup(example_summary: Summary) -> None:
    attacked = Page(html.render(evil_summary(example_summary)))
    assert attacked.open == []
    assert attacked.tags["script"] == attacked.tags["img"] == 0
    assert not any(name.startswith("on") for _, name, _ in attacked.attributes)
    assert "<script>alert(1)</script>" in attacked.text
    assert "{{ 7 * 7 }}" in attacked.text
    assert "\x00" not in attacked.text
    assert "\u202e" not in attacked.text


def test_that_headings_go_down_one_level_at_a_time(example_summary: Summary) -> None:
    headings = Page(html.render(example_summary)).headings
    assert headings[0] == "h1"
    assert headings.count("h1") == 1
    levels = [int(heading[1]) for heading in headings]
    assert all(following - level <= 1 for level, following in pairwise(levels))


def test_that_every_table_has_a_caption_and_named_columns(example_summary: Summary) -> None:
    page = Page(html.render(example_summary))
    assert page.tags["table"] == page.tags["caption"] == page.tags["thead"]
    assert all(
        value in ("row", "col") for tag, name, value in page.attributes if tag == "th" and name == "scope"
    )
    assert page.tags["th"] == sum(tag == "th" and name == "scope" for tag, name, _ in page.attributes)


def test_that_light_dark_and_print_are_styled(example_summary: Summary) -> None:
    content = html.render(example_summary).decode()
    for rule in ("prefers-color-scheme:dark", "@media print", "@page", ":focus-visible"):
        assert rule in content


def test_that_all_lines_of_a_large_change_are_in_it(example_summary: Summary) -> None:
    assert example_summary.fix
    large = replace(example_summary, fix=replace(example_summary.fix, diff=example_summary.fix.diff * 12))
    assert html.render(large).decode().count('<tr class="added">') == 12 * 14


def test_that_a_run_without_a_fix_or_a_verdict_says_so(example_summary: Summary) -> None:
    text = Page(html.render(replace(example_summary, fix=None, judgement=None))).text
    assert "No fix was deployed." in text
    assert "The fix was not judged." in text
