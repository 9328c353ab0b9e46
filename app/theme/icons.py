"""Icons: Phosphor outlines kept as SVG files in `assets/icons`, drawn once for each size and colour."""

from __future__ import annotations

from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.theme.theme import colour, px
from app.theme.tokens import Token

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "icons"


class Icon(StrEnum):
    """Every icon there is. After adding one, run `python assets/icons/export.py`."""

    ACTIVITY = "activity"
    ARROW_CLOCKWISE = "arrow-clockwise"
    ARROW_COUNTER_CLOCKWISE = "arrow-counter-clockwise"
    ARROW_DOWN = "arrow-down"
    ARROW_LEFT = "arrow-left"
    ARROW_RIGHT = "arrow-right"
    ARROW_SQUARE_OUT = "arrow-square-out"
    ARROW_U_UP_LEFT = "arrow-u-up-left"
    ARROW_UP = "arrow-up"
    ARROW_UP_RIGHT = "arrow-up-right"
    ARROWS_CLOCKWISE = "arrows-clockwise"
    ARTICLE = "article"
    BELL = "bell"
    BELL_RINGING = "bell-ringing"
    BOOK_OPEN = "book-open"
    BOOKMARK_SIMPLE = "bookmark-simple"
    BOOKS = "books"
    BROADCAST = "broadcast"
    BUG = "bug"
    CALENDAR_BLANK = "calendar-blank"
    CARET_DOUBLE_LEFT = "caret-double-left"
    CARET_DOUBLE_RIGHT = "caret-double-right"
    CARET_DOWN = "caret-down"
    CARET_LEFT = "caret-left"
    CARET_RIGHT = "caret-right"
    CARET_UP = "caret-up"
    CHALKBOARD_TEACHER = "chalkboard-teacher"
    CHART_BAR = "chart-bar"
    CHART_LINE = "chart-line"
    CHART_LINE_UP = "chart-line-up"
    CHAT_TEARDROP_TEXT = "chat-teardrop-text"
    CHECK = "check"
    CHECK_CIRCLE = "check-circle"
    CHECK_SQUARE = "check-square"
    CIRCLE = "circle"
    CIRCLE_DASHED = "circle-dashed"
    CLIPBOARD_TEXT = "clipboard-text"
    CLOCK = "clock"
    CLOCK_COUNTER_CLOCKWISE = "clock-counter-clockwise"
    CODE = "code"
    CODE_SIMPLE = "code-simple"
    COLUMNS = "columns"
    COMMAND = "command"
    COPY = "copy"
    CORNERS_IN = "corners-in"
    CORNERS_OUT = "corners-out"
    CPU = "cpu"
    CROSSHAIR = "crosshair"
    CURRENCY_EUR = "currency-eur"
    DATABASE = "database"
    DESKTOP = "desktop"
    DOTS_SIX_VERTICAL = "dots-six-vertical"
    DOTS_THREE = "dots-three"
    DOTS_THREE_VERTICAL = "dots-three-vertical"
    DOWNLOAD_SIMPLE = "download-simple"
    ENVELOPE_SIMPLE = "envelope-simple"
    EXPORT = "export"
    EYE = "eye"
    EYE_SLASH = "eye-slash"
    FILE = "file"
    FILE_PDF = "file-pdf"
    FILE_PLUS = "file-plus"
    FILE_TEXT = "file-text"
    FILE_X = "file-x"
    FIRE = "fire"
    FIRST_AID_KIT = "first-aid-kit"
    FLAG = "flag"
    FLASK = "flask"
    FLOPPY_DISK = "floppy-disk"
    FLOW_ARROW = "flow-arrow"
    FOLDER = "folder"
    FOLDER_OPEN = "folder-open"
    FUNNEL = "funnel"
    GAUGE = "gauge"
    GEAR_SIX = "gear-six"
    GIT_BRANCH = "git-branch"
    GIT_COMMIT = "git-commit"
    GIT_DIFF = "git-diff"
    GIT_MERGE = "git-merge"
    GIT_PULL_REQUEST = "git-pull-request"
    GLOBE_SIMPLE = "globe-simple"
    HAND_PALM = "hand-palm"
    HARD_DRIVES = "hard-drives"
    HASH = "hash"
    HEADSET = "headset"
    HOURGLASS = "hourglass"
    HOUSE = "house"
    IDENTIFICATION_BADGE = "identification-badge"
    INFO = "info"
    KEY_RETURN = "key-return"
    KEYBOARD = "keyboard"
    LAYOUT = "layout"
    LIGHTBULB = "lightbulb"
    LIGHTNING = "lightning"
    LINK_SIMPLE = "link-simple"
    LIST_BULLETS = "list-bullets"
    LIST_DASHES = "list-dashes"
    LIST_NUMBERS = "list-numbers"
    LIST_PLUS = "list-plus"
    LOCK_SIMPLE = "lock-simple"
    LOCK_SIMPLE_OPEN = "lock-simple-open"
    MAGNIFYING_GLASS = "magnifying-glass"
    MAGNIFYING_GLASS_MINUS = "magnifying-glass-minus"
    MAGNIFYING_GLASS_PLUS = "magnifying-glass-plus"
    MAP_TRIFOLD = "map-trifold"
    MEGAPHONE_SIMPLE = "megaphone-simple"
    MINUS = "minus"
    MINUS_CIRCLE = "minus-circle"
    MOON = "moon"
    NOTE_PENCIL = "note-pencil"
    NOTEBOOK = "notebook"
    PAPER_PLANE_RIGHT = "paper-plane-right"
    PAPERCLIP = "paperclip"
    PATH = "path"
    PAUSE = "pause"
    PENCIL_SIMPLE = "pencil-simple"
    PHONE_CALL = "phone-call"
    PLAY = "play"
    PLUS = "plus"
    PLUS_CIRCLE = "plus-circle"
    POWER = "power"
    PROHIBIT = "prohibit"
    PROJECTOR_SCREEN = "projector-screen"
    PUSH_PIN = "push-pin"
    PUSH_PIN_SLASH = "push-pin-slash"
    QUESTION = "question"
    RECEIPT = "receipt"
    ROBOT = "robot"
    ROCKET_LAUNCH = "rocket-launch"
    ROWS = "rows"
    SCALES = "scales"
    SHARE_NETWORK = "share-network"
    SHIELD_CHECK = "shield-check"
    SHIELD_WARNING = "shield-warning"
    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    SKIP_BACK = "skip-back"
    SKIP_FORWARD = "skip-forward"
    SLIDERS_HORIZONTAL = "sliders-horizontal"
    SORT_ASCENDING = "sort-ascending"
    SORT_DESCENDING = "sort-descending"
    SPARKLE = "sparkle"
    SPEAKER_HIGH = "speaker-high"
    SPEAKER_SLASH = "speaker-slash"
    SQUARE = "square"
    STACK = "stack"
    STOP = "stop"
    SUN = "sun"
    SWAP = "swap"
    TABLE = "table"
    TARGET = "target"
    TERMINAL_WINDOW = "terminal-window"
    TEST_TUBE = "test-tube"
    TEXT_AA = "text-aa"
    TIMER = "timer"
    TRANSLATE = "translate"
    TRASH = "trash"
    TREE_STRUCTURE = "tree-structure"
    TREND_DOWN = "trend-down"
    TREND_UP = "trend-up"
    UPLOAD_SIMPLE = "upload-simple"
    USER = "user"
    USER_PLUS = "user-plus"
    USERS = "users"
    USERS_THREE = "users-three"
    WARNING = "warning"
    WARNING_CIRCLE = "warning-circle"
    WARNING_OCTAGON = "warning-octagon"
    WIFI_HIGH = "wifi-high"
    WIFI_SLASH = "wifi-slash"
    WRENCH = "wrench"
    X = "x"
    X_CIRCLE = "x-circle"


@cache
def _renderer(icon: Icon) -> QSvgRenderer:
    return QSvgRenderer(QByteArray((FOLDER / f"{icon.value}.svg").read_bytes()))


@lru_cache(maxsize=2000)
def _pixmap(icon: Icon, side: int, shade: str, ratio: float) -> QPixmap:
    pixmap = QPixmap(QSize(round(side * ratio), round(side * ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    whole = QRectF(0, 0, side * ratio, side * ratio)
    _renderer(icon).render(painter, whole)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(whole, QColor(shade))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def icon_pixmap(icon: Icon, size: int = 16, ink: Token = Token.TEXT2, ratio: float = 1.0) -> QPixmap:
    """The icon at 12, 14, 16 or 20 px (times the text scale), in a token's colour. `ratio` is the screen's."""
    return _pixmap(icon, px(size), colour(ink).name(), ratio)


def draw_icon(
    painter: QPainter, icon: Icon, x: float, y: float, size: int = 16, ink: Token = Token.TEXT2
) -> None:
    """Draw the icon with its top left corner at (x, y)."""
    ratio = painter.device().devicePixelRatio()
    painter.drawPixmap(round(x), round(y), icon_pixmap(icon, size, ink, ratio))


def qt_icon(icon: Icon, size: int = 16, ink: Token = Token.TEXT2) -> QIcon:
    """The icon for Qt's own menus and actions."""
    return QIcon(icon_pixmap(icon, size, ink, 2.0))
