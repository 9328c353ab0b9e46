"""The field for a query: offers keys and values while one types, and underlines what was not understood."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    QStringListModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.theme import Icon, Token, colour, font, px
from app.widgets.completion import Offer, Vocabulary, completed, offers
from app.widgets.field import Field
from app.widgets.paint import RIGHT, draw_box, draw_text, smooth, text_width

ASK_AFTER_MS = 250
MOST_ROWS = 9


class _OfferDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A table row."""
        return QSize(px(200), px(26))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the text to insert and its meaning."""
        area = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            draw_box(painter, area.adjusted(px(4), 0, -px(4), 0), Token.BG4, None, 5)
        text, _, meaning = str(index.data()).partition("\t")
        inner = area.adjusted(px(12), 0, -px(12), 0)
        taken = draw_text(painter, inner, text, font(12, mono=True), Token.TEXT1)
        draw_text(painter, inner.adjusted(taken + px(16), 0, 0, 0), meaning, font(12), Token.TEXT2, RIGHT)


class _Popup(QWidget):
    """A plate with the offers as rows; it never takes the keyboard."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self.setWindowFlags(Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.rows = QListView(self)
        self.rows.setFrameShape(QFrame.Shape.NoFrame)
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setItemDelegate(_OfferDelegate(self.rows))
        self.rows.setUniformItemSizes(True)
        self.rows.viewport().setAutoFillBackground(False)
        self.rows.setMinimumHeight(1)
        self.rows.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, px(5), 1, px(5))
        column.addWidget(self.rows)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the plate."""
        draw_box(QPainter(self), QRectF(self.rect()), Token.BG2, Token.LINE2, 8)


class QueryField(Field):
    """A `Field` in mono. `asked` fires a moment after the text last changed, or at once on Return."""

    asked = Signal(str)
    left = Signal()
    """Return, Down or Escape: the keyboard may go on to the results."""

    def __init__(self, hint: str, keys: str = "/", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(hint, Icon.MAGNIFYING_GLASS, keys, mono=True, name=name, parent=parent)
        self._vocabulary = Vocabulary(())
        self._offers: tuple[Offer, ...] = ()
        self._problem: tuple[int, int] | None = None
        self._asked = ""
        self._words = QStringListModel(self)
        self._popup = _Popup(self)
        self._popup.rows.setModel(self._words)
        self._popup.rows.clicked.connect(lambda index: self._take(index.row()))
        self._popup.hide()
        self._delay = QTimer(self, singleShot=True, interval=ASK_AFTER_MS)
        self._delay.timeout.connect(self._ask)
        self.textEdited.connect(lambda _: self._offer())
        self.textChanged.connect(self._note_change)
        self.escaped.connect(self.left)

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """What to offer."""
        self._vocabulary = vocabulary

    def set_problem(self, message: str, at: int = 0, length: int = 0) -> None:
        """Underline a stretch that was not understood; an empty message clears it."""
        self._problem = (at, max(1, length)) if message else None
        self.set_wrong(message)
        self.update()

    def ask_now(self, text: str) -> None:
        """Take a whole query from elsewhere."""
        self.setText(text)
        self._ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose an offer, Tab or Return takes it, Escape closes the offers first."""
        key = event.key()
        if self._popup.isVisible():
            row = self._popup.rows.currentIndex().row()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if key == Qt.Key.Key_Down else -1
                self._choose(min(max(row + step, 0), len(self._offers) - 1))
                return
            if key == Qt.Key.Key_Tab or (key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0):
                self._take(max(row, 0))
                return
            if key == Qt.Key.Key_Escape:
                self._popup.hide()
                return
        elif key == Qt.Key.Key_Down:
            if event.modifiers() & Qt.KeyboardModifier.AltModifier or not self.text():
                self._offer()
            else:
                self.left.emit()
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._popup.hide()
            self._ask()
            self.left.emit()
            return
        super().keyPressEvent(event)

    def event(self, event: object) -> bool:
        """Let Tab reach the offers while they are open."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QKeyEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Tab
            and self._popup.isVisible()
        ):
            self.keyPressEvent(event)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the offers."""
        super().focusOutEvent(event)
        self._popup.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field and, below the letters, what was not understood."""
        super().paintEvent(event)
        if self._problem is None:
            return
        at, length = self._problem
        letter = text_width("0", font(12, mono=True))
        origin = self.cursorRect().center().x() - letter * self.cursorPosition()
        first = max(origin + letter * at, self.textMargins().left())
        last = min(origin + letter * (at + length), self.width() - self.textMargins().right())
        y = self.height() / 2 + self.fontMetrics().height() / 2 - 1
        painter = QPainter(self)
        smooth(painter)
        painter.setPen(QPen(colour(Token.CRIT), 1.4))
        points, x, up = QPolygonF(), first, False
        while x <= last:
            points.append(QPoint(round(x), round(y)).toPointF() + QPoint(0, -2 if up else 0).toPointF())
            x, up = x + 3, not up
        painter.drawPolyline(points)

    def _note_change(self) -> None:
        self.set_problem("")
        self._delay.start()

    def _ask(self) -> None:
        self._delay.stop()
        if self.text() != self._asked:
            self._asked = self.text()
            self.asked.emit(self._asked)

    def _offer(self) -> None:
        self._offers = offers(self.text(), self.cursorPosition(), self._vocabulary)
        self._words.setStringList([f"{offer.text}\t{offer.meaning}" for offer in self._offers])
        if not self._offers or not self.hasFocus():
            self._popup.hide()
            return
        rows = min(len(self._offers), MOST_ROWS)
        width = min(max(self.width(), px(280)), px(440))
        at = self.mapToGlobal(QPoint(0, self.height() + px(4)))
        self._popup.setGeometry(at.x(), at.y(), width, rows * px(26) + 2 * px(5) + 2)
        self._popup.show()

    def _choose(self, row: int) -> None:
        self._popup.rows.setCurrentIndex(self._words.index(row))

    def _take(self, row: int) -> None:
        if 0 <= row < len(self._offers):
            text, cursor = completed(self.text(), self.cursorPosition(), self._offers[row])
            self.setText(text)
            self.setCursorPosition(cursor)
            self._offer()
