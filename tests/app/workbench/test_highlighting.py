"""Colours of source, by line and column."""

from __future__ import annotations

from pygments.lexers.python import PythonLexer

from app.theme import Token
from app.workbench.highlighting import spans_of


def test_that_a_text_over_several_lines_is_coloured_on_each() -> None:
    spans = spans_of('x = """one\ntwo"""\ndef f(): return 1\n', PythonLexer())
    assert (4, 6, Token.CODE_STRING) in spans[0] or any(ink is Token.CODE_STRING for *_, ink in spans[0])
    assert any(start == 0 and ink is Token.CODE_STRING for start, _, ink in spans[1])
    assert (0, 3, Token.CODE_KEYWORD) in spans[2]
    assert any(ink is Token.CODE_NUMBER for *_, ink in spans[2])
