"""Reports of a run: a summary of records in, a PDF and a page out."""

from engine.reports.errors import ReportError
from engine.reports.summary import Summary
from engine.reports.writing import Format, formats_named, write_reports

__all__ = ["Format", "ReportError", "Summary", "formats_named", "write_reports"]
