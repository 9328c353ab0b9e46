"""What a benchmark compares with: Debian's programs, and Python peers in an environment of their own (`.venv-bench`).

A benchmark declares it in its first lines: `debian("wrk")`, `python = peers()`. What cannot be had ends the benchmark
with a sentence that says what to type.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv-bench"
LOCK = ROOT / "requirements-bench.lock"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "drill-stamp"
_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
"""Debian keeps servers where an ordinary user's PATH does not look"""


def debian(*packages: str) -> None:
    """Have these packages, each of which is also the name of its program; installs them as root on Debian."""
    missing = [package for package in packages if not shutil.which(package, path=_PATH)]
    if not missing:
        return
    line = "apt-get install -y --no-install-recommends " + " ".join(missing)
    if not may_install():
        raise SystemExit(f"This benchmark compares with {' and '.join(missing)}. Type: sudo {line}")
    for command in ("apt-get update -qq", line):
        done = subprocess.run(command.split(), stdout=sys.stderr, check=False)
    if done.returncode:
        raise SystemExit(f"Debian's packages could not be installed. Type it and see what it says: {line}")


def may_install() -> bool:
    """Whether this is root on Debian."""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def peers() -> Path:
    """The Python that has the peers of requirements-bench.lock; its environment is made where it is not there."""
    stamp = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if not PYTHON.exists() or not STAMP.exists() or STAMP.read_text() != stamp:
        _make_environment()
        STAMP.write_text(stamp)
    return PYTHON


def _make_environment() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(VENV)
    options = ("--require-hashes", "--no-deps", "--disable-pip-version-check")
    pip = [str(PYTHON), "-m", "pip", "install", *options, "-r", str(LOCK)]
    done = subprocess.run(pip, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise SystemExit("The Python peers could not be installed. pip said:\n" + done.stdout[-2000:])
