"""The source folders of a judgement: as the pack has them, with a reference fix, or as somebody submits them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from engine.packs.records import Pack, ReferenceFix

_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")


def taken_along(pack: Pack, folder: Path) -> Pack:
    """The pack with copies of its services in the new folder `folder`: a running service's working directory is for
    everybody to see, and must not name the scenario."""
    copies = copied({spec.name: spec.folder for spec in pack.services}, folder)
    return replace(pack, services=tuple(replace(spec, folder=copies[spec.name]) for spec in pack.services))


def unfixed(pack: Pack) -> dict[str, Path]:
    """Every service as the pack has it, fault included."""
    return {spec.name: spec.folder for spec in pack.services}


def editable(pack: Pack) -> tuple[str, ...]:
    """The services that a submission may change."""
    return tuple(spec.name for spec in pack.services if spec.editable)


def with_fix(pack: Pack, fix: ReferenceFix, folder: Path) -> dict[str, Path]:
    """Copies of the editable services with the files of a reference fix, in the new folder `folder`."""
    sources = copied({spec.name: spec.folder for spec in pack.services if spec.editable}, folder)
    for name, path in sources.items():
        changed = fix.folder / "files" / name
        if changed.is_dir():
            shutil.copytree(changed, path, ignore=_LEFT_OUT, dirs_exist_ok=True)
    return sources


def from_workspace(pack: Pack, folder: Path) -> dict[str, Path]:
    """The editable services found in a folder, as `<folder>/<service>` or `<folder>/services/<service>`."""
    root = folder / "services" if (folder / "services").is_dir() else folder
    return {name: root / name for name in editable(pack) if (root / name).is_dir()}


def copied(sources: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Copies in the new folder `folder`, so that nobody edits them while they are judged."""
    copies = {}
    for name, source in sources.items():
        copies[name] = folder / name
        shutil.copytree(source, folder / name, ignore=_LEFT_OUT)
    return copies


def completed(pack: Pack, submitted: Mapping[str, Path]) -> dict[str, Path]:
    """A submission with every service that it may not change as the pack has it, whatever it brought."""
    names = editable(pack)
    return {spec.name: submitted[spec.name] if spec.name in names else spec.folder for spec in pack.services}


def missing(pack: Pack, submitted: Mapping[str, Path]) -> str:
    """What keeps a submission from being started at all, in a sentence; empty when nothing does."""
    for name in editable(pack):
        if name not in submitted or not submitted[name].is_dir():
            return f"the service {name} is missing"
        app = submitted[name] / "app.py"
        if not app.is_file():
            return f"the service {name} has no app.py"
        if not app.read_bytes().strip():
            return f"the service {name} is empty: app.py has no code"
    return ""
