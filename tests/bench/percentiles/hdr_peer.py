"""The peer: one HdrHistogram a second, merged for each question. Durations in microseconds come as lines on stdin.

Prints one JSON object: seconds of CPU for all questions, and the percentiles of the last one.
"""

from __future__ import annotations

import json
import sys
import time

from hdrh.histogram import HdrHistogram

PERCENTILES = (50.0, 95.0, 99.0)
LONGEST_US = 3_600_000_000
DIGITS = 3


def main(window_s: int, asks_a_second: int) -> None:
    """Take a second in, then ask so many times; again and again."""
    seconds: list[HdrHistogram] = []
    spent, found = 0.0, []
    for line in sys.stdin:
        histogram = HdrHistogram(1, LONGEST_US, DIGITS)
        for duration in line.split():
            histogram.record_value(int(duration))
        seconds = [*seconds, histogram][-window_s:]
        began = time.process_time()
        for _ in range(asks_a_second):
            merged = HdrHistogram(1, LONGEST_US, DIGITS)
            for one in seconds:
                merged.add(one)
            found = [merged.get_value_at_percentile(wanted) / 1000 for wanted in PERCENTILES]
        spent += time.process_time() - began
    print(json.dumps({"cpu_s": spent, "percentiles_ms": found}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
