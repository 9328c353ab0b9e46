"""The benchmark of the load generator: what it prints, and how it decides. No time is asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.bench_load import OURS, RATIO_GOALS, OpenLoop, open_figures, ratio_figures
from tests.bench.load.steady import Steady, measure, running_target

ROOT = Path(__file__).resolve().parents[2]


def test_that_a_tiny_run_measures_every_figure_of_ours() -> None:
    words = ["--clients", OURS, "--rounds", "1", "--seconds", "0.2", "--rate", "200", "--open-seconds", "0.6"]
    script = ROOT / "tests" / "bench" / "bench_load.py"
    done = subprocess.run(
        [sys.executable, str(script), *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [figure["figure"].split(",")[0] for figure in found["figures"]] == [
        "P99 lateness of sending",
        "share of a core",
        "share of a core",
    ]
    assert all({"value", "reference", "ratio", "goal", "met"} <= figure.keys() for figure in found["figures"])
    assert found["missed"] == [figure["figure"] for figure in found["figures"] if not figure["met"]]
    assert found["cpu_us_a_request"].keys() == {OURS}
    assert found["open_loop"]["sent"] > 0
    assert found["open_loop"]["errors"] == 0


def row(ours_us: float, peer_us: float) -> dict[str, Steady]:
    """A round in which every peer took the same."""
    return {OURS: Steady(ours_us, 1.0), **dict.fromkeys(RATIO_GOALS, Steady(peer_us, 1.0))}


def test_that_the_goals_are_those_of_the_design_and_the_median_of_the_rounds_decides() -> None:
    figures = ratio_figures([row(1.0, 10.0), row(100.0, 10.0), row(1.25, 10.0)])
    assert [(figure.goal, figure.met) for figure in figures] == [
        (1.25, True),
        (pytest.approx(1 / 6, abs=1e-4), True),
        (pytest.approx(1 / 15, abs=1e-4), False),
    ]
    assert figures[0].ratio == 0.125
    assert figures[0].ratio_spread == (0.1, 10.0)


def test_that_a_goal_that_is_missed_says_what_was_tried() -> None:
    missed = ratio_figures([row(2.0, 1.0)])[0]
    assert not missed.met
    assert missed.tried
    assert not ratio_figures([row(1.0, 1.0)])[0].tried


def test_that_a_peer_that_was_not_measured_has_no_figure() -> None:
    assert [
        f.figure.split()[-1] for f in ratio_figures([{OURS: Steady(1.0, 1.0), "wrk": Steady(1.0, 1.0)}])
    ] == ["wrk"]


def test_that_lateness_cpu_and_spinning_are_judged_each_by_itself() -> None:
    calm = OpenLoop(0.25, [1.5, 1.5, 9.0], 1.0, 100, 0)
    late = OpenLoop(0.26, [1.6, 1.6, 1.0], 2.0, 100, 0)
    assert [figure.met for figure in open_figures(calm, calm, 4000)] == [True, True, False]
    assert [figure.met for figure in open_figures(late, OpenLoop(0.01, [1.0], 1.0, 10, 0), 4000)] == [
        False,
        False,
        True,
    ]


def test_that_a_client_that_does_not_ask_is_shown_with_its_words() -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such option')"]
    with running_target() as target, pytest.raises(RuntimeError, match="no such option"):
        measure(command, target, 0.0, 0.1)


def test_that_the_target_counts_what_it_answers() -> None:
    command = [sys.executable, "-m", "tests.bench.load.ours", "URL", "2"]
    with running_target() as target:
        before = target.answered()
        found = measure([word.replace("URL", target.url) for word in command], target, 0.0, 0.1)
        assert target.answered() - before >= 1000
        assert found.cpu_us_a_request > 0
