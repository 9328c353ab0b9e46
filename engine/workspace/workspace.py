"""The tree itself: made from a pack, edited by the team, proposed, exported."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.clock import Clock, SystemClock
from engine.drill.errors import Refusal
from engine.packs.records import Pack
from engine.workspace.diffs import compare
from engine.workspace.history import CommitInfo, History
from engine.workspace.patches import FilePatch, apply, parse
from engine.workspace.records import Change, Diff, FileEntry, PatchError, Proposal, WorkspaceError
from engine.workspace.source_files import as_text, copy_source, replace, walk, write_new

DOCUMENTS = ("contract.md", "runbook.md")
"""Files of a pack that participants read beside the source; with several packs each has its codename before it."""

_MANIFEST = "drill.json"


@dataclass(frozen=True, slots=True)
class _Manifest:
    """Which services the tree has, by name, and whether they may be edited."""

    services: Mapping[str, bool]


class Workspace:
    """The team's source tree in `folder`. Not for two threads at once."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        """Open a tree that `create` made. Raises `WorkspaceError`."""
        self.folder = folder
        self._clock = clock or SystemClock()
        try:
            words = json.loads((folder / ".git" / _MANIFEST).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise WorkspaceError(f"{folder} is not a workspace: {error}") from error
        self._manifest = _Manifest(words["services"])
        self._history = History(folder)

    @classmethod
    def create(cls, folder: Path, packs: Sequence[Pack], clock: Clock | None = None) -> Workspace:
        """A new tree with the packs' services and documents, all of it deployed; the folder must be new."""
        folder.mkdir(parents=True)
        services = [service for pack in packs for service in pack.services]
        for service in services:
            copy_source(service.folder, folder / service.name)
        for pack in packs:
            prefix = f"{pack.codename}-" if len(packs) > 1 else ""
            for name in DOCUMENTS:
                if (pack.folder / name).is_file():
                    shutil.copyfile(pack.folder / name, folder / f"{prefix}{name}")
        history = History.create(folder)
        at_ns = (clock or SystemClock()).wall_ns()
        first = history.commit([str(path) for path in walk(folder)], "As it came", "Drill", at_ns)
        history.deployed = first
        history.close()
        words = {"services": {service.name: service.editable for service in services}}
        (folder / ".git" / _MANIFEST).write_text(json.dumps(words), "utf-8")
        return cls(folder, clock)

    def close(self) -> None:
        """Let go of the repository's files."""
        self._history.close()

    @property
    def services(self) -> tuple[str, ...]:
        """The names of all services."""
        return tuple(self._manifest.services)

    @property
    def deployed(self) -> str:
        """The commit that runs."""
        return self._history.deployed

    @property
    def proposed(self) -> str:
        """The newest proposal that is not what runs; empty when there is none."""
        head = self._history.head
        return "" if head == self.deployed else head

    @property
    def first(self) -> str:
        """The commit of the source as it came."""
        return self._history.commits()[-1].commit

    def mark_deployed(self, commit: str) -> None:
        """Say that `commit` runs from now on: later diffs are against it."""
        self._history.deployed = commit

    def files(self) -> tuple[FileEntry, ...]:
        """Every file, those of the deployed commit that are gone included, in order of path."""
        before, now = self._history.tree(self.deployed), self._working()
        return tuple(
            FileEntry(path, self._service_of(path), self._is_editable(path), _change(before, now, path))
            for path in sorted(before.keys() | now.keys())
        )

    def read(self, path: str, deployed: bool = False) -> str:
        """The text of a file, now or as deployed. Raises `WorkspaceError` for a path outside or a binary."""
        file = self._inside(path)
        if deployed:
            content = self._history.tree(self.deployed).get(path)
        else:
            content = file.read_bytes() if file.is_file() else None
        if content is None:
            raise _no_such_file(path)
        return as_text(path, content)

    def version(self, path: str) -> str:
        """A short name of the file's content, for `write`; empty where there is no file."""
        file = self._inside(path)
        return hashlib.sha256(file.read_bytes()).hexdigest()[:16] if file.is_file() else ""

    def write(self, path: str, text: str, version: str | None = None) -> None:
        """Replace a file of an editable service, or add one, at once. Raises `WorkspaceError`.

        With `version`, only if the file still is what the writer read.
        """
        file = self._writable(path)
        if version is not None and version != self.version(path):
            raise WorkspaceError(f"{path} has changed since it was read; read it again", Refusal.NOT_NOW)
        content = text.encode("utf-8")
        as_text(path, content)
        if file.is_dir():
            raise WorkspaceError(f"{path} is a folder")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise WorkspaceError(f"{path}: part of the path is a file") from error
        replace(file, content)

    def delete(self, path: str) -> None:
        """Remove a file of an editable service. Raises `WorkspaceError`."""
        file = self._writable(path)
        if not file.is_file():
            raise _no_such_file(path)
        file.unlink()

    def revert(self, path: str | None = None) -> tuple[str, ...]:
        """Put one file, or every editable one, back to what is deployed; returns the paths that changed."""
        before, now = self._history.tree(self.deployed), self._working()
        if path is not None:
            self._writable(path)
            if path not in before and path not in now:
                raise _no_such_file(path)
        changed = [name for name in sorted(before.keys() | now.keys()) if before.get(name) != now.get(name)]
        chosen = [name for name in changed if path is None or name == path]
        for name in chosen:
            file = self.folder / name
            if name in before:
                file.parent.mkdir(parents=True, exist_ok=True)
                replace(file, before[name])
            else:
                file.unlink()
        return tuple(chosen)

    def diff(self, base: str | None = None, proposal: str | None = None) -> str:
        """A unified diff from `base` (default: deployed) to a proposal, or to the files as they are."""
        return self.difference(base, proposal).text

    def difference(self, base: str | None = None, proposal: str | None = None) -> Diff:
        """The same, with the files and lines counted."""
        before = self._history.tree(self._history.info(base).commit if base else self.deployed)
        after = self._history.tree(self._history.info(proposal).commit) if proposal else self._working()
        return compare(before, after)

    def propose(self, title: str, author: str) -> Proposal:
        """Record the files as they are. Raises `WorkspaceError` when nothing would change."""
        if not title.strip():
            raise WorkspaceError("a proposal needs a title: one line that says what it changes")
        difference = self.difference()
        if not difference.files:
            raise WorkspaceError("nothing to propose: the files are as they are deployed")
        now = self._working()
        head = self._history.tree(self._history.head)
        changed = [path for path in head.keys() | now.keys() if head.get(path) != now.get(path)]
        if not changed:
            raise WorkspaceError(f"nothing to propose: these changes are proposal {self._history.head[:10]}")
        for path in changed:
            if path in now:
                as_text(path, now[path])
        commit = self._history.commit(sorted(changed), title.strip(), author, self._clock.wall_ns())
        return self.proposal(commit)

    def proposal(self, commit: str) -> Proposal:
        """A proposal again, compared with what is deployed now. Raises `WorkspaceError`."""
        return self._proposal(self._history.info(commit))

    def proposals(self) -> tuple[Proposal, ...]:
        """All proposals, newest first."""
        return tuple(self._proposal(info) for info in self._history.commits()[:-1])

    def export(self, commit: str, service: str, deploys: Path) -> Path:
        """The source of a service at `commit`, in `deploys/<commit>/<service>`.

        A folder that is there already is used again if it still holds exactly that, and never written;
        otherwise `WorkspaceError` is raised.
        """
        prefix = f"{service}/"
        info = self._history.info(commit)
        tree = self._history.tree(info.commit)
        content = {path.removeprefix(prefix): data for path, data in tree.items() if path.startswith(prefix)}
        if service not in self._manifest.services:
            raise WorkspaceError(
                f"no service {service!r}; there are {', '.join(self.services)}", Refusal.NOT_FOUND
            )
        target = deploys / info.commit / service
        if target.exists():
            if {str(path.as_posix()): (target / path).read_bytes() for path in walk(target)} != content:
                raise WorkspaceError(f"{target} was changed after it was deployed; deploy a new commit")
            return target
        write_new(target, content)
        return target

    def apply_patch(self, text: str) -> tuple[str, ...]:
        """Apply a unified diff, all of it or nothing; returns the paths. Raises `PatchError`."""
        results: dict[str, str | None] = {}
        for patch in parse(text):
            path = self._patched_path(patch)
            results[path] = self._patched(path, patch, results)
        for path, content in results.items():
            if content is None:
                self.delete(path)
            else:
                self.write(path, content)
        return tuple(results)

    def overlay(self, fix_folder: Path) -> tuple[str, ...]:
        """Copy `<fix_folder>/files/<service>/...` over the services; returns the paths."""
        root = fix_folder / "files"
        paths = []
        for relative in walk(root):
            path = relative.as_posix()
            self.write(path, as_text(path, (root / relative).read_bytes()))
            paths.append(path)
        if not paths:
            raise WorkspaceError(f"{root} has no files to lay over the services")
        return tuple(paths)

    def _working(self) -> dict[str, bytes]:
        """The files as they are; what nobody may edit is as it was made, whatever happened on disk."""
        tree = self._history.tree(self._history.head)
        fixed = {path: data for path, data in tree.items() if not self._is_editable(path)}
        edited = {
            path: (self.folder / path).read_bytes()
            for path in (relative.as_posix() for relative in walk(self.folder))
            if self._is_editable(path)
        }
        return fixed | edited

    def _proposal(self, info: CommitInfo) -> Proposal:
        change = self.difference(proposal=info.commit)
        return Proposal(
            info.commit,
            info.title,
            info.author,
            info.committed_ns,
            change.files,
            change.added,
            change.removed,
            change.text,
        )

    def _service_of(self, path: str) -> str:
        service, slash, _ = path.partition("/")
        return service if slash and service in self._manifest.services else ""

    def _is_editable(self, path: str) -> bool:
        return self._manifest.services.get(self._service_of(path), False)

    def _inside(self, path: str) -> Path:
        """The file of a relative path. Raises `WorkspaceError` if the path could lead out."""
        parts = PurePosixPath(path).parts
        strange = not parts or path.startswith("/") or "\\" in path or ":" in path or "\0" in path
        if strange or any(part.startswith(".") or part == "__pycache__" for part in parts):
            raise WorkspaceError(f"{path!r}: a path is relative, like SERVICE/app.py")
        file = self.folder.joinpath(*parts)
        if not file.resolve().is_relative_to(self.folder.resolve()):
            raise WorkspaceError(f"{path!r} leads out of the workspace")
        return file

    def _writable(self, path: str) -> Path:
        file = self._inside(path)
        if PurePosixPath(path).as_posix() != path or not self._is_editable(path):
            allowed = ", ".join(
                f"services/{name}/" for name, editable in self._manifest.services.items() if editable
            )
            raise WorkspaceError(f"{path} cannot be edited; editable are {allowed}", Refusal.NOT_ALLOWED)
        return file

    def _patched_path(self, patch: FilePatch) -> str:
        """The file that a patch means: what stands before `services/` or a service's name is dropped."""
        stated = patch.new_path or patch.old_path or ""
        parts = stated.split("/")
        named = [at for at, part in enumerate(parts[:-1]) if part in self._manifest.services]
        if not named:
            known = ", ".join(self.services)
            raise PatchError(f"{stated!r} is no file of a service ({known})", patch_line=patch.patch_line)
        at = next((at for at in named if at and parts[at - 1] == "services"), named[0])
        path = "/".join(parts[at:])
        try:
            self._writable(path)
        except WorkspaceError as error:
            raise PatchError(str(error), patch_line=patch.patch_line) from error
        return path

    def _patched(self, path: str, patch: FilePatch, earlier: Mapping[str, str | None]) -> str | None:
        """The file's content after a patch; None when the patch deletes it."""
        exists = self.folder.joinpath(path).is_file()
        before = earlier[path] if path in earlier else self.read(path) if exists else None
        if patch.old_path is None and before is not None:
            raise PatchError("the patch adds this file, but it is there already", path, 1, patch.patch_line)
        if patch.old_path is not None and before is None:
            raise PatchError("the patch changes this file, but there is none", path, 1, patch.patch_line)
        after = apply(path, before or "", patch.hunks)
        if patch.new_path is None:
            if after:
                raise PatchError("the patch deletes this file, but lines are left", path, 1, patch.patch_line)
            return None
        return after


def _no_such_file(path: str) -> WorkspaceError:
    return WorkspaceError(f"{path}: no such file", Refusal.NOT_FOUND)


def _change(before: Mapping[str, bytes], now: Mapping[str, bytes], path: str) -> Change:
    if path not in before:
        return Change.ADDED
    if path not in now:
        return Change.DELETED
    return Change.NONE if before[path] == now[path] else Change.MODIFIED
