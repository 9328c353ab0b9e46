#!/usr/bin/env python3
"""Set up and start 3 A.M. Drill from a checkout: `python3 run.py [COMMAND ...]`. Needs only Python's own library.

The first start makes `.venv` from requirements.lock and checks what the machine lacks; later starts check a stamp.
`python3 run.py test` runs every check of the project. Anything else is the command `drill` of the same words.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "drill-stamp"
OLDEST = (3, 11)
WRONG_USE, MACHINE_LACKS = 2, 3

QT_LIBRARIES = {
    "glib-2.0": "libglib2.0-0",
    "EGL": "libegl1",
    "GL": "libgl1",
    "xkbcommon": "libxkbcommon0",
    "fontconfig": "libfontconfig1",
    "dbus-1": "libdbus-1-3",
    "X11": "libx11-6",
    "X11-xcb": "libx11-xcb1",
    "wayland-client": "libwayland-client0",
    "wayland-cursor": "libwayland-cursor0",
    "xcb-cursor": "libxcb-cursor0",
    "xcb-randr": "libxcb-randr0",
    "xcb-shm": "libxcb-shm0",
    "xcb-sync": "libxcb-sync1",
    "xcb-util": "libxcb-util1",
    "xcb-xfixes": "libxcb-xfixes0",
    "xcb-xkb": "libxcb-xkb1",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-image": "libxcb-image0",
    "xcb-render-util": "libxcb-render-util0",
    "xcb-shape": "libxcb-shape0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
}
"""What Qt's window needs on Linux, by the Debian package that has it."""


def main(words: list[str]) -> int:
    """Set up where needed, then run the command."""
    if sys.version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        return fail(
            f"Python {wanted} or newer is needed; this is {sys.version.split()[0]}. Start run.py with that."
        )
    problem = set_up()
    if problem:
        return fail(problem)
    if words[:1] == ["test"]:
        return run_checks(words[1:])
    command = [str(PYTHON), "-m", "app", *words]
    if os.name != "nt":
        # The command takes this process over: a signal to it is the command's own.
        os.chdir(ROOT)
        os.execve(command[0], command, child_environment())
    return subprocess.call(command, cwd=ROOT, env=child_environment())


def set_up() -> str:
    """Make or renew the environment; returns what the user has to do, or nothing."""
    stamp = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == stamp:
        return ""
    say("Setting up (once, a minute or two):")
    return check_system() or make_environment(stamp)


def check_system() -> str:
    """Debian packages that are missing: installed as root, named otherwise."""
    missing = [] if has_venv() else ["python3-venv"]
    if sys.platform.startswith("linux"):
        missing += [
            package for library, package in QT_LIBRARIES.items() if not ctypes.util.find_library(library)
        ]
    if not missing:
        return ""
    line = "apt-get install -y --no-install-recommends " + " ".join(missing)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"  system libraries: {' '.join(missing)}")
        for command in ("apt-get update -qq", line.replace("install", "install -qq", 1)):
            done = subprocess.run(command.split(), stdout=subprocess.DEVNULL, check=False)
        if done.returncode == 0:
            return ""
    if "python3-venv" not in missing and not shutil.which("apt-get"):
        return ""
    return (
        f"This machine lacks what the program needs. Type this line, then start again:\n\n    sudo {line}\n"
    )


def has_venv() -> bool:
    """Whether Python can make an environment with pip (Debian has that in a package of its own)."""
    try:
        import ensurepip
        import venv
    except ImportError:
        return False
    return bool(venv.EnvBuilder and ensurepip.version())


def make_environment(stamp: str) -> str:
    """Make `.venv`, install the locked packages with their hashes checked, and compile them."""
    import venv

    if VENV.exists():
        shutil.rmtree(VENV)
    say("  environment")
    venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(VENV)
    total = sum(1 for line in LOCK.read_text(encoding="utf-8").splitlines() if "==" in line)
    pip = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--disable-pip-version-check",
    ]
    environment = {**os.environ}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(
        [*pip, "-r", str(LOCK)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
    )
    assert process.stdout
    seen, output = 0, []
    for line in process.stdout:
        output.append(line)
        if line.startswith("Collecting "):
            seen += 1
            show_progress(seen, total)
    end_progress()
    if process.wait() != 0:
        return "The packages could not be installed. pip said:\n\n" + "".join(output[-12:])
    say("  compiling")
    subprocess.call([str(PYTHON), "-m", "compileall", "-qq", "-j", "0", str(VENV)], env=environment)
    STAMP.write_text(stamp)
    return ""


def run_checks(words: list[str]) -> int:
    """Format, lint, types, import rules, then the tests; every one runs, the first failure decides the exit code."""
    environment = {**child_environment(), "QT_QPA_PLATFORM": "offscreen"}
    python = [str(PYTHON), "-m"]
    checks = {
        "format": [*python, "ruff", "format", "--check", "--quiet", "."],
        "lint": [*python, "ruff", "check", "--quiet", "."],
        "types": [*python, "mypy"],
        "imports": [str(PYTHON.parent / "lint-imports"), "--no-cache"],
        "tests": [*python, "pytest", "-q", *words],
    }
    if words:
        checks = {"tests": checks["tests"]}
    failed = 0
    for name, command in checks.items():
        say(f"== {name}")
        failed = subprocess.call(command, cwd=ROOT, env=environment) or failed
    return failed


def child_environment() -> dict[str, str]:
    """The environment of what is started from here."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    return {**kept, "PYTHONPATH": str(ROOT)}


def show_progress(done: int, total: int) -> None:
    """One line that grows; only its end where the output is no terminal."""
    if sys.stderr.isatty():
        width = 30
        filled = min(width, width * done // max(1, total))
        sys.stderr.write(
            f"\r  packages  [{'#' * filled}{'.' * (width - filled)}] {min(done, total)} of {total}"
        )
        sys.stderr.flush()


def end_progress() -> None:
    """End the growing line."""
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    else:
        say("  packages")


def say(text: str) -> None:
    """A line of progress, away from what commands print."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def fail(text: str) -> int:
    """Say what is missing and give the exit code for it."""
    sys.stderr.write(f"run.py: {text}\n")
    return MACHINE_LACKS


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(1)
