"""Write the icons that the console uses as SVG files, from the Phosphor font that qtawesome carries.

Run `python assets/icons/export.py NAME...` after adding a member to `app.theme.icons.Icon`; without names it
writes every member. The console itself reads only the SVG files: opening an icon font costs start-up time.
"""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QPainterPath, QRawFont

HERE = Path(__file__).parent
SIDE = 256


def svg_of(font: QRawFont, code: int) -> str:
    """The glyph's outline as an SVG document of 256 x 256 units."""
    glyph = font.glyphIndexesForString(chr(code))[0]
    outline = font.pathForGlyph(glyph).translated(0, font.ascent())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">'
        f'<path d="{outline_text(outline)}"/></svg>\n'
    )


def outline_text(path: QPainterPath) -> str:
    """The path in SVG's own words: M, L and C."""
    words: list[str] = []
    kinds = QPainterPath.ElementType
    for index in range(path.elementCount()):
        element = path.elementAt(index)
        letter = {kinds.MoveToElement: "M", kinds.LineToElement: "L", kinds.CurveToElement: "C"}
        words.append(letter.get(element.type, " ") + f"{round(element.x, 1):g} {round(element.y, 1):g}")
    return "".join(words)


def main(names: list[str]) -> None:
    """Write the named icons beside this file."""
    QGuiApplication.instance() or QGuiApplication(["export", "-platform", "offscreen"])
    spec = find_spec("qtawesome")
    if spec is None or spec.origin is None:
        raise SystemExit("qtawesome is not installed: it carries the font that the icons come from")
    fonts = Path(spec.origin).parent / "fonts"
    (charmap,) = fonts.glob("phosphor-charmap-*.json")
    (font_file,) = (file for file in fonts.glob("phosphor-*.ttf"))
    codes = {name: int(code, 16) for name, code in json.loads(charmap.read_text()).items()}
    font = QRawFont(str(font_file), SIDE)
    for name in names:
        (HERE / f"{name}.svg").write_text(svg_of(font, codes[name]), encoding="utf-8")


if __name__ == "__main__":
    wanted = sys.argv[1:]
    if not wanted:
        sys.path.insert(0, str(HERE.parents[1]))
        from app.theme.icons import Icon

        wanted = [icon.value for icon in Icon]
    main(wanted)
