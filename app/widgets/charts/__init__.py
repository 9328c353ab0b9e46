"""Charts that share one time axis: `ChartSpec` and friends say what, `stack.ChartStack` draws it.

Data are numpy arrays: x in Unix seconds, y in the chart's `Unit`, both float64; NaN is a gap. This package imports no
pyqtgraph; `app.widgets.charts.stack` does, so import that module on a worker thread before building the first stack.
"""

from app.widgets.charts.specs import (
    ChartEvent,
    ChartPoint,
    ChartSpec,
    EventKind,
    HeatRowSpec,
    HeatSpec,
    SeriesKind,
    SeriesSpec,
    Threshold,
    Unit,
)

__all__ = [
    "ChartEvent",
    "ChartPoint",
    "ChartSpec",
    "EventKind",
    "HeatRowSpec",
    "HeatSpec",
    "SeriesKind",
    "SeriesSpec",
    "Threshold",
    "Unit",
]
