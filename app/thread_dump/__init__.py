"""Thread dumps for the panes: asks the engine, puts the answer into words, fills the shared drawer.

Nouns: `ThreadDump` (asking.py), the words (words.py).
Rule: it says where threads stand, never why.
"""

from app.thread_dump.asking import ThreadDump

__all__ = ["ThreadDump"]
