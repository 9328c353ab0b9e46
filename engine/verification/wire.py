"""Requests, progress and results as JSON objects, for the line between the judge's process and its owner."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.packs.api import Duty
from engine.packs.records import Verdict
from engine.verification.records import (
    ProbeResult,
    ProbeState,
    Progress,
    VerificationRequest,
    VerificationResult,
)


def request_words(request: VerificationRequest) -> dict[str, Any]:
    """A request as JSON."""
    return {
        "pack_folder": str(request.pack_folder),
        "sources": {name: str(path) for name, path in request.sources.items()},
        "folder": str(request.folder),
        "run_id": request.run_id,
        "seed": request.seed,
        "live_seed": request.live_seed,
        "only": request.only,
        "keep": request.keep,
        "stop_early": request.stop_early,
        "time_limit_s": request.time_limit_s,
        "level": request.level,
        "expected_s": dict(request.expected_s),
    }


def request_from(words: Mapping[str, Any]) -> VerificationRequest:
    """A request from JSON; words that it does not know are left out."""
    return VerificationRequest(
        Path(words["pack_folder"]),
        {name: Path(path) for name, path in words["sources"].items()},
        Path(words["folder"]),
        words["run_id"],
        words["seed"],
        words["live_seed"],
        words["only"],
        words["keep"],
        words["stop_early"],
        words["time_limit_s"],
        words["level"],
        words["expected_s"],
    )


def probe_words(probe: ProbeResult) -> dict[str, Any]:
    """A probe as JSON, with `held` as the issue's readers want it."""
    return {
        "name": probe.name,
        "asks": probe.asks,
        "duty": probe.duty.value,
        "state": probe.state.value,
        "held": probe.held,
        "measured": probe.measured,
        "required": probe.required,
        "seconds": round(probe.seconds, 3),
        "evidence": list(probe.evidence),
    }


def probe_from(words: Mapping[str, Any]) -> ProbeResult:
    """A probe from JSON."""
    return ProbeResult(
        words["name"],
        words["asks"],
        Duty(words["duty"]),
        ProbeState(words["state"]),
        words["measured"],
        words["required"],
        words["seconds"],
        tuple(words["evidence"]),
    )


def progress_words(progress: Progress) -> dict[str, Any]:
    """Progress as JSON."""
    return {
        "step": progress.step,
        "seconds_left": progress.seconds_left,
        "probes": [probe_words(probe) for probe in progress.probes],
    }


def progress_from(words: Mapping[str, Any]) -> Progress:
    """Progress from JSON."""
    return Progress(words["step"], words["seconds_left"], tuple(map(probe_from, words["probes"])))


def result_words(result: VerificationResult) -> dict[str, Any]:
    """A result as JSON: what `drill verify --json` prints."""
    return {
        "verdict": result.verdict.value,
        "probe": result.probe,
        "measured": result.measured,
        "required": result.required,
        "evidence": list(result.evidence),
        "probes": [probe_words(probe) for probe in result.probes],
        "seconds": round(result.seconds, 3),
        "only": result.only,
        "kept": str(result.kept) if result.kept else None,
    }


def result_from(words: Mapping[str, Any]) -> VerificationResult:
    """A result from JSON."""
    return VerificationResult(
        Verdict(words["verdict"]),
        words["probe"],
        words["measured"],
        words["required"],
        tuple(map(probe_from, words["probes"])),
        words["seconds"],
        tuple(words["evidence"]),
        words["only"],
        Path(words["kept"]) if words["kept"] else None,
    )
