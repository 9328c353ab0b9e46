"""The source that a service runs: read once, hashed, and loaded from exactly those bytes.

Imports nothing of ours: it runs inside services. Python's bytecode cache is never consulted for a service's own
files: two saves of one size within a second have the same cache key, and the old code would run.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from importlib.machinery import FileFinder, SourceFileLoader
from pathlib import Path
from types import CodeType

_OURS = ("app", "engine", "protos")
_SKIPPED = ("__pycache__",)


def read_source(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` by its relative path with slashes; bytecode and hidden files are no source."""
    files = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") or part in _SKIPPED for part in relative.parts)
        if path.is_file() and not hidden and path.suffix != ".pyc":
            files[relative.as_posix()] = path.read_bytes()
    return files


def hash_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the sorted relative paths and bytes; the lengths keep neighbours apart."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()


def source_hash(folder: Path) -> str:
    """The hash that a service started from `folder` now would report."""
    return hash_of(read_source(folder))


class _SnapshotLoader(SourceFileLoader):
    """Compiles a module from the bytes that were hashed."""

    def __init__(self, name: str, path: str, sources: Mapping[str, bytes]) -> None:
        super().__init__(name, path)
        self._sources = sources

    def get_data(self, path: str) -> bytes:
        """The bytes of the snapshot; a file that came later is read as it is."""
        known = self._sources.get(str(path))
        return super().get_data(path) if known is None else known

    def get_code(self, fullname: str) -> CodeType:
        """Code compiled now, whatever bytecode lies beside the file."""
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def isolate() -> None:
    """Make this process a service's: our modules, and the folders they came from, are out of its sight.

    Call it before the working directory changes: Python put that one on the path as well.
    """
    if not getattr(sys, "frozen", False):
        hidden = {Path(__file__).resolve().parents[2], Path.cwd()}
        kept = ("site-packages", "dist-packages")
        sys.path[:] = [e for e in sys.path if Path(e).name in kept or Path(e).resolve() not in hidden]
    _forget(_OURS)


def import_from(folder: Path, files: Mapping[str, bytes]) -> None:
    """Let imports find `folder` first and load its modules from `files`, the snapshot of it."""
    sys.dont_write_bytecode = True
    sources = {str(folder / name): data for name, data in files.items()}

    class Loader(_SnapshotLoader):
        """Compiles a module from the bytes of this snapshot."""

        def __init__(self, name: str, path: str) -> None:
            super().__init__(name, path, sources)

    def finder(path: str) -> FileFinder:
        if not Path(path).is_relative_to(folder):
            raise ImportError(path)
        return FileFinder(path, (Loader, [".py"]))

    sys.path_hooks.insert(0, finder)
    sys.path_importer_cache.clear()
    sys.path.insert(0, str(folder))
    own = {name.split("/")[0].removesuffix(".py") for name in files}
    _forget(tuple(own - sys.stdlib_module_names))


def _forget(names: tuple[str, ...]) -> None:
    """Drop modules by top-level name, so that a service's own file of that name is found."""
    for module in [m for m in sys.modules if m.split(".")[0] in names]:
        del sys.modules[module]
