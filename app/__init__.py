"""The console: what people see and press. It paints, and asks the engine by `app.client`.

Nouns: window (the shell), panes (start, signals, traces, logs, workbench, control), widgets, theme, selection,
client.
Rule: no rule of the drill lives here and nothing here imports `engine` (but for `__main__`, which picks the mode).
"""
