"""What is kept from run to run, fits and compiled code: listed, verified, and what is of no more use removed."""

import json
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import xarray as xr

from ..core.caches import compiled_folder
from ..core.compiling import code_digest
from ..core.errors import InputError
from ..core.files import PREFIX
from ..core.keeping import first_line, folders
from ..core.turns import LOCK_SUFFIX, locked_by, turn_if_free
from ..model.diagnostics import Diagnostics
from ..model.posterior import Posterior
from ..model.program import differences
from ..tasks.results import PARTS, RESULTS, is_of_this_program

What = Literal["fit", "result", "compiled code", "check of the inference", "unfinished"]
State = Literal["used", "stale", "damaged", "left over", "being made"]
"""Used: this program takes it when asked the same. Stale: another program's. Left over: nobody goes on with it."""

USELESS = ("stale", "damaged", "left over")
HOUR = 60 * 60
DAY = 24 * HOUR


@dataclass(frozen=True)
class Kept:
    """One file or folder that is kept.

    Attributes
    ----------
    path : Path
    what, state : str
    why : str
        Why it is not used, in words; empty where it is.
    bytes : int
    changed : float
        When it was last written, in seconds since 1970.
    as_of : str, optional
        Of a fit: the last month that it saw; likewise the following.
    units, drivers, draws : int, optional
    passed : bool, optional
        Whether its diagnostics passed.
    """

    path: Path
    what: What
    state: State
    why: str
    bytes: int
    changed: float
    as_of: str | None = None
    units: int | None = None
    drivers: int | None = None
    draws: int | None = None
    passed: bool | None = None

    @property
    def age_in_days(self) -> float:
        """How long ago it was written."""
        return max(0.0, time.time() - self.changed) / DAY

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        made = datetime.fromtimestamp(self.changed, UTC).isoformat(timespec="seconds")
        plain = asdict(self) | {"path": str(self.path), "made": made, "age_in_days": round(self.age_in_days, 3)}
        del plain["changed"]
        return plain


def all_kept(*, verify: bool = False) -> list[Kept]:
    """Return everything that is kept, newest first: fits, results of tasks, and what was compiled.

    Parameters
    ----------
    verify : bool
        Whether to read each fit and result of this program wholly, and not only what it says of itself.
    """
    there = [folder for folder in folders() if folder.is_dir()]
    fits = [one for folder in there for one in _in_folder(folder, verify)]
    results = [one for folder in there for one in _results(folder / RESULTS, verify)]
    return sorted([*fits, *results, *_compiled()], key=lambda one: -one.changed)


def to_prune(found: Iterable[Kept], *, older_than: float | None = None, everything: bool = False) -> list[Kept]:
    """Return what is to be removed; never what is being made.

    Parameters
    ----------
    found : iterable of Kept
    older_than : float, optional
        Days; what is useful goes too if it was made longer ago.
    everything : bool
        Whether all that is useful goes too.
    """
    old = float("inf") if older_than is None else older_than
    chosen = (one for one in found if everything or one.state in USELESS or one.age_in_days > old)
    return [one for one in chosen if one.state != "being made"]


def remove(chosen: Iterable[Kept]) -> list[Kept]:
    """Remove what was chosen; return what is gone, which leaves out what a process has begun to make meanwhile.

    Raises
    ------
    InputError
        If something may not be removed.
    """
    gone = []
    for one in chosen:
        with turn_if_free(one.path) as free:
            if free:
                _remove(one.path)
                gone.append(one)
    return gone


def _in_folder(folder: Path, verify: bool) -> Iterator[Kept]:
    begun = sorted(path for path in folder.glob(f"{PREFIX}*") if path.suffix != LOCK_SUFFIX)  # before asking for locks
    making = set(_being_made(folder))
    for path in begun:
        yield _plain(path, "unfinished", "being made" if making else "left over")
    for path in sorted(folder.glob("calibration-*")):
        yield _plain(path, "check of the inference", "being made" if path in making else "left over")
    fits = set(folder.glob("posterior-*.nc"))
    for path in sorted(making - fits - set(folder.glob("calibration-*"))):
        yield Kept(path, "fit", "being made", "", 0, time.time())
    for path in sorted(fits):
        yield _plain(path, "fit", "being made") if path in making else _fit(path, verify)


def _being_made(folder: Path) -> Iterator[Path]:
    """Yield what running processes make in a folder: that whose lock is held."""
    for lock in folder.glob(f"{PREFIX}*{LOCK_SUFFIX}"):
        with turn_if_free(locked_by(lock)) as free:
            if not free:
                yield locked_by(lock)


def _fit(path: Path, verify: bool) -> Kept:
    plain = _plain(path, "fit", "used")
    try:
        with xr.open_dataset(path, engine="h5netcdf") as stored:
            said, sizes = stored.attrs, stored.sizes
            other = differences(json.loads(said.get("made_by", "{}")))
            told = replace(
                plain,
                as_of=str(said["as_of"]),
                units=sizes["country"],
                drivers=sizes.get("driver", 0),
                draws=sizes["draw"],
                passed=_passed(said["diagnostics"]),
            )
        if other:
            return replace(told, state="stale", why="; ".join(other))
        if verify:
            _read_wholly(path)
        return told
    except Exception as error:  # whatever a damaged file makes a reader say
        return replace(plain, state="damaged", why=first_line(error))


def _passed(diagnostics: str) -> bool | None:
    try:
        return Diagnostics.from_dict(json.loads(diagnostics)).passed
    except TypeError:  # another program's, which kept other numbers
        return None


def _read_wholly(path: Path) -> None:
    key = Posterior.load(path).key
    if key[:32] not in path.name:
        raise ValueError("it holds another fit than its name says")


def _results(folder: Path, verify: bool) -> Iterator[Kept]:
    for path in folder.glob(f"{PREFIX}*"):
        yield _plain(path, "unfinished", "being made" if time.time() - path.stat().st_mtime < HOUR else "left over")
    for path in sorted(folder.glob(PARTS)):
        plain = _plain(path, "result", "used")
        try:
            ours = is_of_this_program(path, verify=verify)
            yield plain if ours else replace(plain, state="stale", why="another program's")
        except Exception as error:  # whatever a damaged file makes a reader say
            yield replace(plain, state="damaged", why=first_line(error))


def _compiled() -> Iterator[Kept]:
    folder, now = compiled_folder(), code_digest()
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.name == now:
            yield _plain(path, "compiled code", "used")
        elif re.fullmatch("[0-9a-f]{16}", path.name):
            yield replace(_plain(path, "compiled code", "stale"), why="the code was another")


def _plain(path: Path, what: What, state: State) -> Kept:
    files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    stats = [file.stat() for file in files]
    newest = max((stat.st_mtime for stat in stats), default=path.stat().st_mtime)
    return Kept(path, what, state, "", sum(stat.st_size for stat in stats), newest)


def _remove(path: Path) -> None:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            f"{path} cannot be removed: {error.strerror or error}. Mend that, or name another folder for fits in the "
            "environment variable HARMATTAN_CACHE."
        ) from error
