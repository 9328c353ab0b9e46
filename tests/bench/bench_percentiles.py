"""Rolling P50, P95 and P99 of a 60 s window, 1,000 requests a second, asked ten times a second.

The reference is one HdrHistogram a second, merged for each question, in a process of its own with the same durations.
The error is measured against the exact percentiles of the sorted window. Prints one JSON object.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from engine.telemetry.memory.histogram import merged, percentiles_ms  # noqa: E402
from engine.telemetry.memory.rollups import Rollups, total  # noqa: E402
from tests.bench.needs import peers  # noqa: E402

WINDOW_S, SECONDS, A_SECOND, ASKS = 60, 90, 1_000, 10
WANTED = (50.0, 95.0, 99.0)
GOALS = {"cpu_to_hdr_histogram": 1 / 100, "error_percent": 0.5}
TRIED = {
    "cpu_to_hdr_histogram": "Sixty sparse seconds joined as bytes and counted by one bincount, a quarter of the time "
    "of adding them one by one. A running window, from which the oldest second is taken away, was not built: nothing "
    "in the product asks for the same window more than once a second.",
    "error_percent": "Buckets of 1 % are read in their middle: 0.4975 % at most by construction.",
    "merges_exactly": "Counts are added as integers.",
}
ROUNDS = 3


def durations() -> list[np.ndarray[tuple[int], np.dtype[np.uint32]]]:
    """Microseconds of each request, a second an array: a long tail whose middle moves."""
    rng = np.random.default_rng(11)
    return [
        np.clip(rng.lognormal(9.2 + 0.6 * np.sin(second / 9), 0.8, A_SECOND), 50, 2e7).astype(np.uint32)
        for second in range(SECONDS)
    ]


def ours(seconds: list[np.ndarray[tuple[int], np.dtype[np.uint32]]]) -> tuple[float, float]:
    """Seconds of CPU for all questions, and the largest error in percent."""
    rollups, key = Rollups(0), 7
    spent, worst = 0.0, 0.0
    for second, found in enumerate(seconds):
        rollups.add(
            np.full(len(found), second, np.int64),
            np.full(len(found), key, np.int64),
            found,
            np.zeros(len(found), np.bool_),
        )
        rollups.close(second + 1)
        from_s = second + 1 - WINDOW_S
        began = time.process_time()
        for _ in range(ASKS):
            answer = percentiles_ms(total(list(rollups.rows(from_s, second + 1))).counts, WANTED)
        spent += time.process_time() - began
        window = np.sort(np.concatenate(seconds[max(0, from_s) : second + 1])) / 1000
        for wanted, value in zip(WANTED, answer, strict=True):
            exact = window[max(0, int(np.ceil(wanted / 100 * len(window))) - 1)]
            worst = max(worst, abs(value - exact) / exact * 100)
    return spent, worst


def theirs(seconds: list[np.ndarray[tuple[int], np.dtype[np.uint32]]]) -> float:
    """Seconds of CPU for all questions."""
    lines = "\n".join(" ".join(map(str, found.tolist())) for found in seconds) + "\n"
    script = ROOT / "tests" / "bench" / "percentiles" / "hdr_peer.py"
    done = subprocess.run(
        [str(peers()), str(script), str(WINDOW_S), str(ASKS)],
        input=lines,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(json.loads(done.stdout)["cpu_s"])


def merges_exactly(seconds: list[np.ndarray[tuple[int], np.dtype[np.uint32]]]) -> bool:
    """Whether the sum of the seconds' histograms is the histogram of all."""
    apart, whole = Rollups(0), Rollups(0)
    for second, found in enumerate(seconds):
        times, keys, errors = (
            np.full(len(found), second),
            np.zeros(len(found), np.int64),
            np.zeros(len(found), np.bool_),
        )
        apart.add(times.astype(np.int64), keys, found, errors)
        whole.add(np.zeros(len(found), np.int64), keys, found, errors)
    one, all_of_it = (
        merged([row.histogram for row in rollups.rows(0, SECONDS)]) for rollups in (apart, whole)
    )
    return bool((one == all_of_it).all())


def main() -> None:
    """Print one JSON object."""
    seconds = durations()
    pairs = [(ours(seconds), theirs(seconds)) for _ in range(ROUNDS)]
    ratios = [mine / peer for (mine, _), peer in pairs]
    found = {
        "cpu_to_hdr_histogram": round(statistics.median(ratios), 5),
        "cpu_ratio_spread": [round(min(ratios), 5), round(max(ratios), 5)],
        "error_percent": round(max(worst for (_, worst), _ in pairs), 3),
        "merges_exactly": merges_exactly(seconds),
        "us_a_question": round(statistics.median(mine for (mine, _), _ in pairs) / (SECONDS * ASKS) * 1e6, 1),
    }
    missed = [name for name, goal in GOALS.items() if float(str(found[name])) > goal]
    if not found["merges_exactly"]:
        missed.append("merges_exactly")
    tried = {name: TRIED[name] for name in missed}
    print(json.dumps({**found, "goals": GOALS, "missed": missed, "tried": tried}))


if __name__ == "__main__":
    main()
