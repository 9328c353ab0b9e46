"""The peer: Grafana's own model of a dashboard. Reads a dashboard on its input, prints the paths it does not keep."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard


def lost(given: Any, kept: Any, path: str = "") -> Iterator[str]:
    """Where `kept` has not what was given, down to each value. What it has besides does not count."""
    if isinstance(given, dict) and isinstance(kept, dict):
        for name, value in given.items():
            yield from lost(value, kept.get(name), f"{path}.{name}")
    elif isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        for place, (one, other) in enumerate(zip(given, kept, strict=True)):
            yield from lost(one, other, f"{path}[{place}]")
    elif given != kept:
        yield path


def main() -> None:
    """Print one JSON list."""
    register_default_plugins()
    given = json.load(sys.stdin)
    kept = json.loads(JSONEncoder().encode(Dashboard.from_json(given)))
    print(json.dumps(list(lost(given, kept))))


if __name__ == "__main__":
    main()
