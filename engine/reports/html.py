"""The report as one page that needs nothing else: styles, drawing and fonts are inside, and no script."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from engine.reports.assets import TEMPLATES, WEB_FONTS
from engine.reports.changes import Role
from engine.reports.charts import timeline
from engine.reports.errors import ReportError
from engine.reports.palette import DARK, FROM_STYLESHEET, LIGHT
from engine.reports.presentation import presented
from engine.reports.summary import Summary

_FACES = (
    ("Inter", 400, "Inter-Regular.woff2"),
    ("Inter", 600, "Inter-SemiBold.woff2"),
    ("Inter Display", 600, "InterDisplay-SemiBold.woff2"),
    ("JetBrains Mono", 400, "JetBrainsMono-Regular.woff2"),
)


@dataclass(frozen=True, slots=True)
class _Face:
    family: str
    weight: int
    base64: str


def render(summary: Summary) -> bytes:
    """The report of `summary` in UTF-8. Raises `ReportError`."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )
    try:
        style = environment.get_template("report.css.j2").render(
            fonts=_faces(), light=LIGHT, dark=DARK, roles=[role for role in Role if role is not Role.PLAIN]
        )
        page = environment.get_template("report.html.j2").render(
            page=presented(summary),
            style=Markup(style),
            timeline=Markup(timeline(summary, FROM_STYLESHEET).svg),
        )
    except TemplateError as problem:
        raise ReportError(
            f"The page could not be made: {problem}", str(TEMPLATES), "Install the program again."
        ) from problem
    return page.encode()


def _faces() -> list[_Face]:
    """The faces that are there; where one is missing, the reader's own fonts serve."""
    return [
        _Face(family, weight, base64.b64encode((WEB_FONTS / file).read_bytes()).decode("ascii"))
        for family, weight, file in _FACES
        if (WEB_FONTS / file).is_file()
    ]
