"""Time on a screen: from seconds to pixels, round ticks, and how times, durations and money are written.

Seconds are Unix seconds unless a name says otherwise. The drill has a clock of its own (it starts near 3 a.m.):
`clock_offset_s` is what to add to Unix seconds so that their time of day is the drill's.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

THIN = "\u2009"
MINUS = "\u2212"
DAY_S = 86_400
STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, in Unix seconds."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """How long it is, in seconds."""
        return self.end_s - self.start_s

    def contains(self, at_s: float) -> bool:
        """Whether the moment lies in it, ends included."""
        return self.start_s <= at_s <= self.end_s


def span_between(one_s: float, other_s: float) -> Span:
    """The stretch between two moments, in either order."""
    return Span(min(one_s, other_s), max(one_s, other_s))


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear map from a stretch of time to pixels `left` to `left + width`."""

    span: Span
    left: float
    width: float

    def x_of(self, at_s: float) -> float:
        """The pixel of a moment; outside the stretch it lies outside the pixels."""
        if self.span.length_s <= 0:
            return self.left
        return self.left + (at_s - self.span.start_s) / self.span.length_s * self.width

    def time_of(self, x: float) -> float:
        """The moment at a pixel."""
        if self.width <= 0:
            return self.span.start_s
        return self.span.start_s + (x - self.left) / self.width * self.span.length_s

    def clamped_time_of(self, x: float) -> float:
        """The moment at a pixel, kept inside the stretch."""
        return min(max(self.time_of(x), self.span.start_s), self.span.end_s)


def tick_step_s(length_s: float, width: float, least_gap: float) -> float:
    """The smallest round step whose ticks lie at least `least_gap` pixels apart."""
    if length_s <= 0 or width <= 0:
        return float(STEPS_S[-1])
    wanted = length_s * least_gap / width
    return float(next((step for step in STEPS_S if step >= wanted), STEPS_S[-1]))


def ticks(scale: Scale, least_gap: float = 90.0, clock_offset_s: float = 0.0) -> tuple[float, ...]:
    """The moments, in Unix seconds, at which the drill's clock is round."""
    step = tick_step_s(scale.span.length_s, scale.width, least_gap)
    first = ceil((scale.span.start_s + clock_offset_s) / step - 1e-9)
    last = floor((scale.span.end_s + clock_offset_s) / step + 1e-9)
    return tuple(number * step - clock_offset_s for number in range(first, last + 1))


def value_ticks(low: float, high: float, at_most: int = 4) -> tuple[float, ...]:
    """At most so many round values (1, 2 or 5 times a power of ten) from `low` to `high`, both included."""
    if not (isfinite(low) and isfinite(high)) or high <= low:
        return ()
    power = 10.0 ** floor(log10((high - low) / max(at_most, 1)))
    for factor in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0):
        step = factor * power
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
        if last - first + 1 <= at_most:
            return tuple(number * step for number in range(first, last + 1))
    return ()


def format_clock(at_s: float, clock_offset_s: float = 0.0) -> str:
    """The time of day as HH:MM."""
    of_day = floor(at_s + clock_offset_s + 1e-6) % DAY_S
    return f"{of_day // 3600:02d}:{of_day // 60 % 60:02d}"


def format_clock_seconds(at_s: float, clock_offset_s: float = 0.0) -> str:
    """The time of day as HH:MM:SS."""
    of_day = floor(at_s + clock_offset_s + 1e-6) % DAY_S
    return f"{of_day // 3600:02d}:{of_day // 60 % 60:02d}:{of_day % 60:02d}"


def format_clock_millis(at_s: float, clock_offset_s: float = 0.0) -> str:
    """The time of day as HH:MM:SS.mmm."""
    millis = round((at_s + clock_offset_s) % DAY_S * 1000) % (DAY_S * 1000)
    return f"{format_clock_seconds(millis / 1000)}.{millis % 1000:03d}"


def format_tick(at_s: float, step_s: float, clock_offset_s: float = 0.0) -> str:
    """A tick's label: with seconds only if the step needs them."""
    write = format_clock if step_s >= 60 else format_clock_seconds
    return write(at_s, clock_offset_s)


def format_duration(milliseconds: float) -> str:
    """Milliseconds below a second, else seconds with two decimals."""
    if not isfinite(milliseconds):
        return "–"
    size = abs(milliseconds)
    sign = MINUS if milliseconds < 0 else ""
    if size >= 999.5:
        return f"{sign}{size / 1000:.2f}{THIN}s"
    if 0 < size < 9.95:
        return f"{sign}{size:.1f}{THIN}ms"
    return f"{sign}{size:.0f}{THIN}ms"


def format_countdown(seconds: float) -> str:
    """Minutes and seconds left, as MM:SS; time overrun has a minus sign. Hours only when there are any."""
    whole = ceil(seconds - 1e-9)
    size = abs(whole)
    sign = MINUS if whole < 0 else ""
    if size >= 3600:
        return f"{sign}{size // 3600}:{size // 60 % 60:02d}:{size % 60:02d}"
    return f"{sign}{size // 60:02d}:{size % 60:02d}"


def format_ago(seconds: float) -> str:
    """How long something took or is ago, in its largest two units: 41 s, 3 min 20 s, 2 h 5 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole}{THIN}s"
    if whole < 3600:
        rest = f" {whole % 60}{THIN}s" if whole % 60 and whole < 600 else ""
        return f"{whole // 60}{THIN}min{rest}"
    rest = f" {whole // 60 % 60}{THIN}min" if whole // 60 % 60 else ""
    return f"{whole // 3600}{THIN}h{rest}"


def format_money(cents: float, signed: bool = True, decimals: int = 2) -> str:
    """Euro from cents, with its sign: +€10.82, −€0.01, €0.00."""
    if not isfinite(cents):
        return "–"
    text = f"€{abs(cents) / 100:,.{decimals}f}"
    is_zero = not any(letter in "123456789" for letter in text)
    if is_zero:
        return text
    return f"{MINUS}{text}" if cents < 0 else f"+{text}" if signed else text


def format_percent(percent: float, decimals: int = 0) -> str:
    """A percentage with a thin space before its sign."""
    return f"{format_number(percent, decimals)}{THIN}%" if isfinite(percent) else "–"


def format_number(value: float, decimals: int = 0) -> str:
    """A number with thousands separated by commas and a true minus sign."""
    if not isfinite(value):
        return "–"
    text = f"{abs(value):,.{decimals}f}"
    is_zero = not any(letter in "123456789" for letter in text)
    return f"{MINUS}{text}" if value < 0 and not is_zero else text


def format_short(value: float) -> str:
    """A number in at most four figures: 3.5, 41, 980, 11.9 k, 2.4 M."""
    if not isfinite(value):
        return "–"
    for limit, divisor, unit in ((1e3, 1.0, ""), (1e6, 1e3, "k"), (float("inf"), 1e6, "M")):
        if abs(value) < limit:
            scaled = value / divisor
            decimals = 0 if abs(scaled) >= 99.95 or scaled == round(scaled) else 1
            return format_number(scaled, decimals) + (f"{THIN}{unit}" if unit else "")
    return "–"
