"""Signals: how the system does, on one time axis.

Nouns: `SignalsView` (view.py), rows and specifications (model.py), what was received (`history.History`), the charts
(`chart_area.ChartArea`) and which stretch they show (`timeline.Timeline`), the measured map (map_layout.py has its
geometry, service_map.py paints it), the alert feed and the marks (side_panel.py).
Rule: it shows measured facts and never names a cause.
"""

from app.signals.view import SignalsView

__all__ = ["SignalsView"]
