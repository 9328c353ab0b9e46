"""What a pack's check asks of the live system: healthy, then the symptom in time, and innocent herrings."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from engine.packs.records import Pack
from engine.rehearsal.rehearsal import BASELINE_S, Rehearsal, RehearsalOptions
from engine.verification.check import LiveStep

SHORT_BASELINE_S = 15.0
"""where no herring has its control runs"""


def live_check(
    packs: Sequence[Pack], say: Callable[[str], None], seed: int, controls: Collection[str]
) -> Sequence[LiveStep]:
    """Baseline, trigger and symptom of the packs in one environment; control runs of the herrings named."""
    with tempfile.TemporaryDirectory(prefix="drill-live-") as folder:
        baseline_s = BASELINE_S if controls else SHORT_BASELINE_S
        options = RehearsalOptions(
            seed, with_fix=False, out=Path(folder), controls=controls, baseline_s=baseline_s
        )
        rehearsal = Rehearsal(packs, options, say)
        rehearsal.play_incident()
    return [
        LiveStep(
            f"{step.name} {step.pack}".strip() if len(packs) > 1 else step.name,
            step.held,
            json.dumps(step.detail, ensure_ascii=False, default=str),
            step.seconds,
            packs[0].level,
        )
        for step in rehearsal.steps
    ]
