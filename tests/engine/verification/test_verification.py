"""The judge's process as its owner sees it: verdicts, blame, the queue, and its end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from tiny_pack import EXACT, HIDING, app

from engine.lab.sweep import find_processes
from engine.packs.records import Pack, Verdict
from engine.verification.records import Progress, VerificationRequest, VerificationResult
from engine.verification.sources import with_fix
from engine.verification.verification import Verifier

RUN = "verification-test"


def request(pack: Pack, folder: Path, source: Path | None, **changes: object) -> VerificationRequest:
    """A request to judge a source folder of the till."""
    sources = {} if source is None else {"till": source}
    settings = {"seed": 1, "live_seed": 2, "stop_early": True, **changes}
    return VerificationRequest(pack.folder, sources, folder, RUN, **settings)  # type: ignore[arg-type]


def source(folder: Path, text: str) -> Path:
    """A till with that app.py."""
    folder.mkdir(parents=True)
    (folder / "app.py").write_text(text, "utf-8")
    return folder


def verify(
    asked: VerificationRequest, on_progress: Callable[[Progress], None] = lambda _: None
) -> VerificationResult:
    """Judge one request, and see that nothing of it is left."""
    result = asyncio.run(Verifier().verify(asked, on_progress))
    assert find_processes(RUN) == []
    assert asked.folder.exists() == asked.keep
    return result


def test_that_asking_one_probe_alone_says_so_and_keeps_what_was_asked_to_be_kept(
    pack: Pack, tmp_path: Path
) -> None:
    sources = with_fix(pack, pack.fix("list"), tmp_path / "fix")
    heard: list[Progress] = []
    asked = request(pack, tmp_path / "judge", sources["till"], only="other-amounts", keep=True)
    result = verify(asked, heard.append)
    assert (result.verdict, result.only) == (Verdict.MASKED, "other-amounts")
    assert [probe.name for probe in result.probes] == [
        "starts", "other-amounts", "observed", "within-limits", "stays-up",
    ]  # fmt: skip
    assert all(probe.measured and probe.required for probe in result.probes)
    assert result.kept == tmp_path / "judge"
    assert [now.step for now in heard][:2] == ["starting the judge", "starts"]


@pytest.mark.parametrize("text", [None, "", "\n\n"])
def test_that_a_missing_or_empty_service_is_wrong(pack: Pack, tmp_path: Path, text: str | None) -> None:
    folder = None if text is None else source(tmp_path / "till", text)
    result = verify(request(pack, tmp_path / "judge", folder))
    assert (result.verdict, result.probe) == (Verdict.WRONG, "starts")
    assert "till is" in result.measured


def test_that_a_service_that_ends_by_itself_is_wrong(pack: Pack, tmp_path: Path) -> None:
    dies = app(EXACT, "import threading; threading.Timer(0.3, os._exit, [3]).start()")
    result = verify(request(pack, tmp_path / "judge", source(tmp_path / "till", dies)))
    assert result.verdict is Verdict.WRONG
    assert result.probes[-1].held is not True


def test_that_a_submission_that_hides_the_rows_is_wrong_and_not_excused(pack: Pack, tmp_path: Path) -> None:
    hidden = source(tmp_path / "till", app(EXACT, HIDING, "amounts (id, amount, c)"))
    result = verify(request(pack, tmp_path / "judge", hidden))
    assert (result.verdict, result.probe) == (Verdict.WRONG, "rows-kept")
    assert "cannot be measured" in result.measured


def test_that_a_pack_whose_own_services_do_not_start_is_not_the_submissions_fault(
    pack: Pack, tmp_path: Path
) -> None:
    (pack.service("till").folder / "app.py").write_text("raise RuntimeError('pack')\n", "utf-8")
    result = verify(request(pack, tmp_path / "judge", source(tmp_path / "till", app(EXACT))))
    assert result.verdict is Verdict.NOT_RUN
    assert "RuntimeError: pack" in result.measured


def test_that_a_probe_with_a_mistake_is_not_run(pack: Pack, tmp_path: Path) -> None:
    probes = pack.folder / "probes.py"
    text = probes.read_text("utf-8").replace("SELECT amount, cents", "SELECT amount, pennies")
    probes.write_text(text, "utf-8")
    result = verify(request(pack, tmp_path / "judge", source(tmp_path / "till", app(EXACT))))
    assert (result.verdict, result.probe) == (Verdict.NOT_RUN, "rows-kept")
    assert "pennies" in result.measured


def test_that_a_cancelled_judgement_leaves_nothing(pack: Pack, tmp_path: Path) -> None:
    asked = request(pack, tmp_path / "judge", source(tmp_path / "till", app(EXACT)))

    async def cancel_at_first_probe() -> None:
        running = asyncio.Event()

        def listen(now: Progress) -> None:
            if now.step == "rows-kept":
                running.set()

        async with asyncio.TaskGroup() as tasks:
            judging = tasks.create_task(Verifier().verify(asked, listen))
            await running.wait()
            assert find_processes(RUN) != []
            judging.cancel()

    asyncio.run(cancel_at_first_probe())
    assert find_processes(RUN) == []
    assert not asked.folder.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="ended by a signal")
def test_that_a_judge_that_is_killed_is_not_run_and_the_next_in_the_queue_is_judged(
    pack: Pack, tmp_path: Path
) -> None:
    empty = request(pack, tmp_path / "second", source(tmp_path / "empty", ""))
    asked = request(pack, tmp_path / "first", source(tmp_path / "till", app(EXACT)))
    places: list[int] = []

    its_own: list[psutil.Process] = []

    def kill(now: Progress) -> None:
        if now.step == "rows-kept" and not its_own:
            its_own.extend(process for process, _ in find_processes(RUN))
            for judge in psutil.Process().children():
                if judge in its_own:
                    os.kill(judge.pid, signal.SIGKILL)

    async def judge_both() -> list[VerificationResult]:
        verifier = Verifier()
        async with asyncio.TaskGroup() as tasks:
            first = tasks.create_task(verifier.verify(asked, kill))
            second = tasks.create_task(verifier.verify(empty, lambda now: places.append(now.place)))
        return [first.result(), second.result()]

    first, second = asyncio.run(judge_both())
    assert first.verdict is Verdict.NOT_RUN
    assert "SIGKILL" in first.measured or "-9" in first.measured
    assert second.verdict is Verdict.WRONG
    assert len(its_own) > 3
    assert psutil.wait_procs(its_own, timeout=8)[1] == []
    assert places[0] == 1
    assert places[-1] == 0
