"""Where a report's templates and fonts lie."""

from __future__ import annotations

from pathlib import Path

_ASSETS = Path(__file__).resolve().parents[2] / "assets"

TEMPLATES = _ASSETS / "report"
WEB_FONTS = TEMPLATES / "fonts"
FONTS = _ASSETS / "fonts"
