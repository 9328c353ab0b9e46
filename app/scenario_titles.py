"""The scenarios of a run as every audience may name them: participants see codename and title, never the pack.

The snapshot joins the codenames with blanks and the titles with a dot, in one order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protos.drill.v1.records import Snapshot


def scenario_titles(snapshot: Snapshot) -> dict[str, str]:
    """Each scenario's title by its codename; the codename itself where the titles cannot be told apart."""
    codenames, titles = snapshot.codename.split(), snapshot.title.split(" · ")
    return dict(zip(codenames, titles if len(titles) == len(codenames) else codenames, strict=True))
