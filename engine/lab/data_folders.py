"""Each service's own folder: where it is, how much may be in it, and what chaos puts there.

The names are known to both sides: what fills a folder or stands in its log's way, and whoever removes it later.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

QUOTA_BYTES = 64_000_000
LOG_FILE = "service.log"
ROTATED_LOG = "service.log.1"
BALLAST = "chaos-ballast.bin"
SET_ASIDE = "chaos-set-aside"
"""what stood where chaos put something in the way"""


def data_folder(environment: Path, service: str) -> Path:
    """The folder of a service, below its environment's."""
    return environment / "data" / service


def used_bytes(folder: Path) -> int:
    """What is in a folder, all levels; files that vanish meanwhile count nothing."""
    return sum(_size(path) for path in folder.rglob("*"))


def empty(folder: Path) -> None:
    """Remove what a service has in its folder; what chaos has put there stays until it is undone."""
    for path in folder.glob("*"):
        if path.name in (BALLAST, SET_ASIDE) or (path.name == ROTATED_LOG and path.is_dir()):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def set_in_the_way(folder: Path) -> None:
    """Put a folder where the rotated log belongs: no file can take its place."""
    obstacle = folder / ROTATED_LOG
    if obstacle.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    if obstacle.exists():
        obstacle.replace(folder / SET_ASIDE)
    obstacle.mkdir()


def clear_the_way(folder: Path) -> None:
    """Take that folder away and put back what stood there; nothing happens where there is none."""
    obstacle, kept = folder / ROTATED_LOG, folder / SET_ASIDE
    if obstacle.is_dir():
        obstacle.rmdir()
    if kept.exists():
        kept.replace(obstacle)


def remove_leftovers(folder: Path) -> tuple[Path, ...]:
    """Remove what chaos left in the data folders of an environment, or of the environments right below `folder`."""
    found = []
    for data in _data_folders(folder):
        if (data / BALLAST).exists():
            (data / BALLAST).unlink(missing_ok=True)
            found.append(data / BALLAST)
        if (data / ROTATED_LOG).is_dir():
            clear_the_way(data)
            found.append(data / ROTATED_LOG)
    return tuple(found)


def _data_folders(folder: Path) -> Iterator[Path]:
    for pattern in ("data/*", "*/data/*"):
        yield from (path for path in sorted(folder.glob(pattern)) if path.is_dir())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
