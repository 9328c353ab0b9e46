"""The workbench: the team's source, from reading it to the judge's word.

Nouns: `WorkbenchView` (view.py), steps and rows (model.py), `SourceTree`, `Editor`, `DiffView`,
`VerificationPanel`.
Rule: what is typed is saved to the workspace; nothing runs until it is proposed and deployed.
"""

from app.workbench.view import WorkbenchView

__all__ = ["WorkbenchView"]
