"""The git history of a workspace, read and written by dulwich.

Every call passes the repository's own settings and names author and time itself, so that nobody's
`~/.gitconfig` (signing, line ends, hooks) changes what is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dulwich.config import StackedConfig
from dulwich.object_store import iter_tree_contents
from dulwich.objects import Commit, ObjectID
from dulwich.refs import Ref
from dulwich.repo import Repo

from engine.drill.errors import Refusal
from engine.workspace.records import WorkspaceError

_DEPLOYED = Ref(b"refs/drill/deployed")
_COMMITTER = b"Drill workspace <workspace@drill.invalid>"


@dataclass(frozen=True, slots=True)
class CommitInfo:
    """What a commit says about itself."""

    commit: str
    title: str
    author: str
    committed_ns: int


class History:
    """The repository in a folder; the caller closes it."""

    def __init__(self, folder: Path) -> None:
        self._repo = Repo(str(folder))

    @classmethod
    def create(cls, folder: Path) -> History:
        """A new, empty repository in an existing folder."""
        empty = StackedConfig([])
        repo = Repo.init(str(folder), config=empty, default_branch=b"main")
        settings = repo.get_config()
        settings.set((b"core",), b"autocrlf", b"false")
        settings.set((b"commit",), b"gpgsign", b"false")
        settings.write_to_path()
        repo.close()
        return cls(folder)

    def close(self) -> None:
        """Let go of the repository's files."""
        self._repo.close()

    def commit(self, paths: Sequence[str], title: str, author: str, at_ns: int) -> str:
        """Record `paths`, relative to the worktree (a missing file as deleted); returns the commit's name."""
        settings = self._settings()
        worktree = self._repo.get_worktree()
        worktree.stage(list(paths), config=settings)
        at_s = at_ns // 1_000_000_000
        name: bytes = worktree.commit(
            message=title.encode(),
            author=f"{_plain(author)} <team@drill.invalid>".encode(),
            committer=_COMMITTER,
            commit_timestamp=at_s,
            author_timestamp=at_s,
            commit_timezone=0,
            author_timezone=0,
            no_verify=True,
            sign=False,
            config=settings,
        )
        return name.decode()

    @property
    def head(self) -> str:
        """The newest commit."""
        head: bytes = self._repo.head()
        return head.decode()

    @property
    def deployed(self) -> str:
        """The commit that runs."""
        name: bytes = self._repo.refs[_DEPLOYED]
        return name.decode()

    @deployed.setter
    def deployed(self, commit: str) -> None:
        self.info(commit)
        self._repo.refs[_DEPLOYED] = ObjectID(commit.encode())

    def info(self, commit: str) -> CommitInfo:
        """The commit's own words. Raises `WorkspaceError` for a name that is no commit of this workspace."""
        found = self._object(commit)
        author = found.author.decode(errors="replace").rsplit(" <", 1)[0]
        title = found.message.decode(errors="replace")
        return CommitInfo(found.id.decode(), title, author, found.commit_time * 1_000_000_000)

    def commits(self) -> list[CommitInfo]:
        """All commits from the newest to the first."""
        names: list[str] = []
        name: str | None = self.head
        while name is not None:
            names.append(name)
            parents = self._object(name).parents
            name = parents[0].decode() if parents else None
        return [self.info(name) for name in names]

    def tree(self, commit: str) -> dict[str, bytes]:
        """The content of every file of a commit, by path."""
        store = self._repo.object_store
        entries = iter_tree_contents(store, self._object(commit).tree)
        return {entry.path.decode(): store[entry.sha].as_raw_string() for entry in entries}

    def _object(self, commit: str) -> Any:
        try:
            found = self._repo[commit.encode()]
        except (KeyError, ValueError) as error:
            raise WorkspaceError(f"no commit {commit!r} in this workspace", Refusal.NOT_FOUND) from error
        if not isinstance(found, Commit):
            raise WorkspaceError(f"{commit!r} is not a commit")
        return found

    def _settings(self) -> StackedConfig:
        return StackedConfig([self._repo.get_config()])


def _plain(author: str) -> str:
    """A name that fits on git's author line."""
    return " ".join("".join(c for c in author if c not in "<>\n\0").split()) or "team"
