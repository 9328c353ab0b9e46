"""Python and Markdown in the theme's colours, by Pygments."""

from __future__ import annotations

from pygments.lexer import Lexer
from pygments.lexers.markup import MarkdownLexer
from pygments.lexers.python import PythonLexer
from pygments.lexers.special import TextLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType, is_token_subtype
from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from app.theme import Token, colour

INKS: tuple[tuple[_TokenType, Token], ...] = (
    (Name.Decorator, Token.CODE_DECORATOR),
    (Name.Function, Token.CODE_FUNCTION),
    (Name.Class, Token.CODE_FUNCTION),
    (Operator.Word, Token.CODE_KEYWORD),
    (Keyword, Token.CODE_KEYWORD),
    (String.Doc, Token.CODE_COMMENT),
    (String, Token.CODE_STRING),
    (Number, Token.CODE_NUMBER),
    (Comment, Token.CODE_COMMENT),
)
_LEXERS: dict[str, type[Lexer]] = {".py": PythonLexer, ".md": MarkdownLexer}


class Highlighter(QSyntaxHighlighter):
    """Colours a document as the language of its path; the whole text is lexed once a change, then line by line."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._lexer: Lexer = TextLexer()
        self._spans: dict[int, list[tuple[int, int, Token]]] = {}
        self._revision = -1

    def use_path(self, path: str) -> None:
        """Choose the language by the file's ending."""
        kind = next((lexer for ending, lexer in _LEXERS.items() if path.endswith(ending)), TextLexer)
        self._lexer = kind(stripnl=False, ensurenl=False)
        self._revision = -1
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        revision = self.document().revision()
        if revision != self._revision:
            self._revision = revision
            self._spans = spans_of(self.document().toPlainText(), self._lexer)
        for start, length, ink in self._spans.get(self.currentBlock().blockNumber(), ()):
            look = QTextCharFormat()
            look.setForeground(colour(ink))
            self.setFormat(start, length, look)


def spans_of(text: str, lexer: Lexer) -> dict[int, list[tuple[int, int, Token]]]:
    """By line: start, length and colour of each coloured stretch."""
    spans: dict[int, list[tuple[int, int, Token]]] = {}
    line, column = 0, 0
    for kind, value in lexer.get_tokens(text):
        ink = next((ink for parent, ink in INKS if is_token_subtype(kind, parent)), None)
        for number, part in enumerate(value.split("\n")):
            if number:
                line, column = line + 1, 0
            if ink is not None and part:
                spans.setdefault(line, []).append((column, len(part), ink))
            column += len(part)
    return spans
