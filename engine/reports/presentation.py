"""A summary in the words of a report: what both the PDF and the page print, decided once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.packs.records import Verdict
from engine.reports import texts
from engine.reports.changes import ChangedFile, read
from engine.reports.charts import tone
from engine.reports.summary import Entry, Figures, Judgement, Mark, ProcessUse, Result, Summary, Unit
from engine.reports.texts import ARROW, NOT_MEASURED, THIN, WORD_SPACE, visible

_VERDICTS: dict[Verdict, tuple[str, Mark, str]] = {
    Verdict.RIGHT: ("Right", Mark.OK, "The mechanism is gone, nothing else broke, and every duty is met."),
    Verdict.PARTIAL: ("Partial", Mark.WARNING, "The mechanism is gone; a listed duty is still open."),
    Verdict.MASKED: ("Masked", Mark.WARNING, "The symptom is gone; the mechanism shows again elsewhere."),
    Verdict.WRONG: (
        "Wrong",
        Mark.CRITICAL,
        "The fix breaks a promise that held before, or improves nothing.",
    ),
    Verdict.NOT_RUN: ("Not run", Mark.IDLE, "The judge or the machine failed, not the fix."),
}
_TINTS = {Mark.OK: "ok", Mark.WARNING: "warn", Mark.CRITICAL: "crit"}


@dataclass(frozen=True, slots=True)
class FigureText:
    """One of the large figures: its value, name and remark; `tone` is a colour token."""

    value: str
    name: str
    note: str
    tone: str
    measured: bool


@dataclass(frozen=True, slots=True)
class EntryText:
    """A line of the timeline's list."""

    clock: str
    time: str
    mark: Mark
    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class ResultText:
    """A target and what was reached; `word` says met, missed or not measured."""

    name: str
    value: str
    target: str
    word: str
    mark: Mark
    tone: str


@dataclass(frozen=True, slots=True)
class ProbeText:
    """A probe of the verdict and its answer."""

    name: str
    asks: str
    word: str
    mark: Mark
    tone: str
    measured: str
    required: str
    evidence: tuple[str, ...]
    decides: bool


@dataclass(frozen=True, slots=True)
class VerdictText:
    """The verdict in words; `tint` names the family of its card's colours."""

    word: str
    mark: Mark
    tone: str
    tint: str
    meaning: str
    detail: str
    probes: tuple[ProbeText, ...]


@dataclass(frozen=True, slots=True)
class ConditionText:
    """A contributing condition; `letter` names it."""

    letter: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class FixText:
    """The deployed change."""

    title: str
    detail: str
    files: tuple[ChangedFile, ...]


@dataclass(frozen=True, slots=True)
class CountText:
    """A counter of lost telemetry."""

    what: str
    count: str
    means: str
    tone: str


@dataclass(frozen=True, slots=True)
class ProcessText:
    """What a process used at its peak."""

    name: str
    cpu: str
    memory: str
    restarts: str


@dataclass(frozen=True, slots=True)
class GapText:
    """Something that was not measured, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Presentation:
    """The whole report in words."""

    title: str
    kind: str
    story: str
    date: str
    date_iso: str
    run: str
    origin: str
    footer: str
    figures: tuple[FigureText, ...]
    entries: tuple[EntryText, ...]
    has_clock: bool
    """whether any entry has a drill clock to show"""
    results: tuple[ResultText, ...]
    conditions: tuple[ConditionText, ...]
    fix: FixText | None
    verdict: VerdictText | None
    gaps: tuple[GapText, ...]
    losses: tuple[CountText, ...]
    processes: tuple[ProcessText, ...]


def presented(summary: Summary) -> Presentation:
    """The summary in words; every text is safe to print (no control or direction-changing characters)."""
    response_s = summary.figures.symptom_to_fix_s
    kind = ["Post-incident report", summary.severity]
    kind += [texts.duration(response_s)] if response_s is not None else []
    date = texts.day(summary.started)
    return Presentation(
        title=visible(summary.title),
        kind=visible(", ".join(part for part in kind if part)),
        story=visible(summary.story),
        date=date,
        date_iso=summary.started.isoformat(timespec="seconds"),
        run=visible(summary.run_name),
        origin=visible(f"Incident {summary.codename}, level {summary.level}, seed {summary.seed}"),
        footer=_footer(summary, date),
        figures=_figures(summary.figures, summary.judgement),
        entries=tuple(_entry(entry, summary) for entry in sorted(summary.entries, key=lambda one: one.at_s)),
        has_clock=any(entry.clock for entry in summary.entries),
        results=tuple(_result(result) for result in summary.results),
        conditions=tuple(
            ConditionText(_letter(index), visible(condition.title.rstrip(".")), visible(condition.text))
            for index, condition in enumerate(summary.conditions)
        ),
        fix=_fix(summary),
        verdict=_verdict(summary.judgement),
        gaps=tuple(_gaps(summary)),
        losses=tuple(
            CountText(
                visible(loss.what),
                NOT_MEASURED if loss.count is None else f"{loss.count:,}",
                visible(loss.means),
                "warn" if loss.count else "text1",
            )
            for loss in summary.losses
        ),
        processes=tuple(_process(process) for process in summary.processes),
    )


def _footer(summary: Summary, date: str) -> str:
    """One line for the foot of each page."""
    title, run = (visible(text) for text in (summary.title, summary.run_name))
    short = [text if len(text) <= 48 else f"{text[:47].rstrip()}…" for text in (title, run)]
    return ", ".join([*short, date])


def _letter(index: int) -> str:
    return chr(ord("A") + index) if index < 26 else str(index + 1)


def _figures(figures: Figures, judgement: Judgement | None) -> tuple[FigureText, ...]:
    return (_response(figures), _symptom(figures), _p95(figures), _verdict_figure(judgement))


def _missing(name: str, note: str) -> FigureText:
    return FigureText(NOT_MEASURED.capitalize(), name, note, "text3", False)


def _response(figures: Figures) -> FigureText:
    name = "Symptom to verified fix"
    seconds = figures.symptom_to_fix_s
    if seconds is not None:
        return FigureText(texts.duration(seconds), name, "verdict included", "text1", True)
    if figures.symptom_at_s is None:
        return _missing(name, "no symptom was confirmed")
    return _missing(name, "no fix was verified as right")


def _symptom(figures: Figures) -> FigureText:
    name, before, after = _symptom_name(figures), figures.symptom_before, figures.symptom_after
    large, small = _amounts(figures.symptom_unit)
    if before is None:
        return _missing(name, "before the fix" if after is None else f"{small(after)} after the fix")
    if after is None:
        return FigureText(large(before), name, f"before the fix; after: {NOT_MEASURED}", "text1", True)
    value = f"{large(before)} {ARROW} {large(after)}"
    return FigureText(value, name, f"{small(before)} before, {small(after)} after", "text1", True)


def _symptom_name(figures: Figures) -> str:
    return visible(figures.symptom_name) or "Symptom"


def _amounts(unit: Unit) -> tuple[Callable[[float], str], Callable[[float], str]]:
    """How a value is told in large and in small print: money as euros over cents, all else the same twice."""
    if unit is Unit.CENTS:
        return texts.euros, texts.cents

    def told(value: float) -> str:
        return texts.amount(value, unit).replace(THIN, WORD_SPACE)

    return told, told


def _p95(figures: Figures) -> FigureText:
    name = "P95 during the incident"
    before, after = (_or_missing(value) for value in (figures.p95_before_ms, figures.p95_after_ms))
    note = f"before {before}, after {after}" if before != after else f"before and after {before}"
    if figures.p95_during_ms is None:
        return _missing(name, note)
    value = texts.milliseconds(figures.p95_during_ms).replace(THIN, WORD_SPACE)
    return FigureText(value, name, note, "text1", True)


def _or_missing(value_ms: float | None) -> str:
    return NOT_MEASURED if value_ms is None else texts.milliseconds(value_ms)


def _verdict_figure(judgement: Judgement | None) -> FigureText:
    name = "Verdict on the fix"
    if judgement is None:
        return FigureText("Not judged", name, "no fix was sent to the judge", "text3", False)
    word, mark, _ = _VERDICTS[judgement.verdict]
    return FigureText(word, name, _probes_held(judgement), _verdict_tone(mark), True)


def _verdict_tone(mark: Mark) -> str:
    return f"{_TINTS[mark]}Text" if mark in _TINTS else "text2"


def _probes_held(judgement: Judgement) -> str:
    held = sum(probe.held is True for probe in judgement.probes)
    return f"{held} of {len(judgement.probes)} probes held"


def _entry(entry: Entry, summary: Summary) -> EntryText:
    moment = summary.started + timedelta(seconds=entry.at_s)
    wall = texts.clock(texts.seconds_of_day(moment))
    return EntryText(visible(entry.clock), wall, entry.mark, tone(entry.mark), visible(entry.text))


def _result(result: Result) -> ResultText:
    met = None if result.value is None else result.met
    word, mark = {True: ("met", Mark.OK), False: ("missed", Mark.WARNING), None: (NOT_MEASURED, Mark.IDLE)}[
        met
    ]
    value = "–" if result.value is None else visible(result.value)
    return ResultText(visible(result.name), value, visible(result.target), word, mark, tone(mark))


def _fix(summary: Summary) -> FixText | None:
    if summary.fix is None:
        return None
    files = read(summary.fix.diff)
    added, removed = sum(file.added for file in files), sum(file.removed for file in files)
    count = f"{len(files)} {'file' if len(files) == 1 else 'files'}"
    detail = f"commit {summary.fix.commit[:10]}, {count}, +{added} {texts.MINUS}{removed} lines"
    return FixText(visible(summary.fix.title), visible(detail), files)


def _verdict(judgement: Judgement | None) -> VerdictText | None:
    if judgement is None:
        return None
    word, mark, meaning = _VERDICTS[judgement.verdict]
    detail = [_probes_held(judgement)]
    if judgement.duration_s is not None:
        detail.append(f"judged in {texts.duration(judgement.duration_s)}")
    if judgement.decided_by:
        detail.insert(0, _decision(judgement))
    probes = tuple(
        ProbeText(
            visible(probe.name),
            visible(probe.asks),
            *_probe_state(probe.held),
            visible(probe.measured) or "–",
            visible(probe.required) or "–",
            tuple(visible(line) for line in probe.evidence),
            probe.name == judgement.decided_by,
        )
        for probe in judgement.probes
    )
    return VerdictText(
        word, mark, tone(mark), _TINTS.get(mark, "idle"), meaning, visible(", ".join(detail)), probes
    )


def _decision(judgement: Judgement) -> str:
    if judgement.measured and judgement.required:
        values = f" (measured {judgement.measured}, required {judgement.required})"
    else:
        values = ""
    return f"decided by {judgement.decided_by}{values}"


def _probe_state(held: bool | None) -> tuple[str, Mark, str]:
    word, mark = {True: ("held", Mark.OK), False: ("broken", Mark.CRITICAL), None: ("not run", Mark.IDLE)}[
        held
    ]
    return word, mark, tone(mark)


def _gaps(summary: Summary) -> Sequence[GapText]:
    """What the run's own records say was not measured, then what the figures lack."""
    found = [GapText(visible(gap.what), visible(gap.why).rstrip(". ")) for gap in summary.gaps]
    figures = summary.figures
    missing = (
        (figures.symptom_before, f"{_symptom_name(figures)} before the fix"),
        (figures.symptom_after, f"{_symptom_name(figures)} after the fix"),
        (figures.p95_before_ms, "P95 before the incident"),
        (figures.p95_during_ms, "P95 during the incident"),
        (figures.p95_after_ms, "P95 after the fix"),
    )
    found += [GapText(name, "no value was recorded") for value, name in missing if value is None]
    found += [
        GapText(visible(one.name), "no value was recorded") for one in summary.results if one.value is None
    ]
    if summary.judgement is None:
        found.append(GapText("Whether the fix is right", "the judge did not run"))
    return found


def _process(process: ProcessUse) -> ProcessText:
    cpu, memory = process.peak_cpu_percent, process.peak_memory_mb
    return ProcessText(
        visible(process.name),
        NOT_MEASURED if cpu is None else f"{cpu:.0f}{THIN}%",
        NOT_MEASURED if memory is None else f"{memory:,.0f}{THIN}MB",
        str(process.restarts),
    )
