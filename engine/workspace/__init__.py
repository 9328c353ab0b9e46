"""The team's source tree of a run: `Workspace`, its `Proposal`s and what was exported to be deployed.

The tree holds `<service>/...` and the documents that participants read. Only the files of editable
services can be written; history is kept by dulwich: no git binary and nobody's git settings are needed.
The one rule: what is exported under a commit's name is that commit's content and is never written again.
"""

from engine.workspace.records import Change, Diff, FileEntry, PatchError, Proposal, WorkspaceError
from engine.workspace.workspace import Workspace

__all__ = ["Change", "Diff", "FileEntry", "PatchError", "Proposal", "Workspace", "WorkspaceError"]
