"""The workbench: the team's source, from reading it to the judge's word.

Nouns: `WorkbenchView` (view.py), the way of a fix and what comes next (way.py), rows and words (model.py),
`SourceTree`, `FilePanel` with its `Editor` and `DiffView`, `VerificationPanel`.
Rule: what is typed is saved to the workspace; nothing runs until it is proposed and deployed.
"""

from app.workbench.view import WorkbenchView

__all__ = ["WorkbenchView"]
