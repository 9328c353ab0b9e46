"""Source files on disk: which ones count, and how they are written so that none is ever half there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.workspace.records import WorkspaceError

MAX_FILE_BYTES = 1_000_000


def walk(folder: Path) -> Iterator[Path]:
    """The relative paths of the real files below `folder`; hidden names, bytecode and links are left out."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_ignored(name))
        for name in sorted(names):
            file = Path(root, name)
            if not _is_ignored(name) and not file.is_symlink():
                yield file.relative_to(folder)


def _is_ignored(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__" or name.endswith(".pyc")


def copy_source(source: Path, target: Path) -> None:
    """Copy a service's files into a folder that does not exist yet."""
    write_new(target, {path.as_posix(): (source / path).read_bytes() for path in walk(source)})


def write_new(target: Path, content: Mapping[str, bytes]) -> None:
    """Make the folder `target` with `content`: complete or not there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=target.parent))
    draft.chmod(0o755)
    for path, data in content.items():
        file = draft / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    draft.rename(target)


def replace(file: Path, content: bytes) -> None:
    """Put `content` in place of `file`: the old or the new content is there, never a part."""
    handle, draft = tempfile.mkstemp(prefix=".draft-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(draft).chmod(0o644)
        Path(draft).replace(file)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise


def as_text(path: str, content: bytes) -> str:
    """The content as text. Raises `WorkspaceError` for what is no source text."""
    if len(content) > MAX_FILE_BYTES:
        raise WorkspaceError(f"{path}: larger than {MAX_FILE_BYTES // 1000} KB")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise WorkspaceError(f"{path}: not text in UTF-8 (byte {error.start})") from error
    if "\0" in text:
        raise WorkspaceError(f"{path}: binary, not text")
    return text
