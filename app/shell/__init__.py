"""The parts of the shell that are no pane: the table of screens, banner, status line, keyboard help, health in words.

Nouns: `Screen`, `Banner`, `StatusLine`, `HelpOverlay`, `Health`.
Rule: nothing here asks about the drill's rules; it shows what `Session` and the snapshot say.
"""
