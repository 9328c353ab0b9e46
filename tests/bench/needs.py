"""Debian packages that a benchmark compares with: installed as root, else the line to type."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def debian(*packages: str) -> None:
    """See to it that the packages are there. Ends the benchmark with the line to type where it cannot."""
    missing = [package for package in packages if not _is_there(package)]
    if not missing:
        return
    line = f"apt-get install -y --no-install-recommends {' '.join(missing)}"
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        for command in ("apt-get update", line):
            subprocess.run(command.split(), stdout=sys.stderr, check=False)
        missing = [package for package in missing if not _is_there(package)]
    if missing:
        sys.exit(f"This benchmark compares with {', '.join(missing)}. Type: sudo {line}")


def _is_there(package: str) -> bool:
    if shutil.which(package) or os.path.exists(f"/usr/sbin/{package}"):
        return True
    if not shutil.which("dpkg-query"):
        return False
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Status}", package], capture_output=True, text=True, check=False
    )
    return asked.stdout.endswith("ok installed")
