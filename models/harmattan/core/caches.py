"""Where compilers, matplotlib and kept fits may write: the usual places, else a private temporary folder.

In a container or under another user the code and the home folder may be read-only; numba, PyTensor and matplotlib would
then fail or complain when they are imported. So this comes before them.
"""

import os
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path

from .errors import InputError

LEAST_ROOM = 50_000_000
"""Bytes that compilers may need."""

_CODE = Path(__file__).resolve().parents[1]


def provide_caches() -> None:
    """Name a private temporary folder to each library whose usual place cannot be written to.

    What the user has set stays as it is.

    Raises
    ------
    InputError
        If nothing at all can be written.
    """
    caches = _under_home("XDG_CACHE_HOME", ".cache")
    if "NUMBA_CACHE_DIR" not in os.environ and not (_all_usable(_CODE) or usable(caches / "numba")):
        os.environ["NUMBA_CACHE_DIR"] = str(private_folder() / "numba")
    if "compiledir" not in os.environ.get("PYTENSOR_FLAGS", "") and not usable(_under_home("", ".pytensor")):
        flags = [*filter(None, [os.environ.get("PYTENSOR_FLAGS")]), f"base_compiledir={private_folder() / 'pytensor'}"]
        os.environ["PYTENSOR_FLAGS"] = ",".join(flags)
    figures = (_under_home("XDG_CONFIG_HOME", ".config"), caches)
    if "MPLCONFIGDIR" not in os.environ and not all(usable(place / "matplotlib") for place in figures):
        os.environ["MPLCONFIGDIR"] = str(private_folder() / "matplotlib")


def fits_folder() -> Path:
    """Return the folder of kept fits: `$HARMATTAN_CACHE`, else `harmattan` in the user's cache folder."""
    own = os.environ.get("HARMATTAN_CACHE")
    return Path(own).expanduser() if own else _under_home("XDG_CACHE_HOME", ".cache") / "harmattan"


def compiled_folder() -> Path:
    """Return where compiled code is kept: `$NUMBA_CACHE_DIR`, else beside the code, else for this user."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    if named:
        return Path(named) / "harmattan"
    places = (_CODE / "__pycache__" / "compiled", _under_home("XDG_CACHE_HOME", ".cache") / "harmattan-compiled")
    return next((place for place in places if usable(place)), private_folder() / "compiled")


def usable(folder: Path) -> bool:
    """Return whether files can be written to a folder, which need not be there yet, and whether there is room."""
    nearest = next((place for place in (folder, *folder.parents) if _is_there(place)), None)
    if nearest is None or not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return False
    return shutil.disk_usage(nearest).free >= LEAST_ROOM


@cache
def private_folder() -> Path:
    """Return a folder of this user's for what need not last, the same one for each run where that is safe.

    Raises
    ------
    InputError
        If there is no temporary folder that can be written to.
    """
    for base in (_temporary(), Path("/dev/shm")):
        if base is None or not usable(base):
            continue
        folder = base / f"harmattan-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o077:
            return folder
        return Path(tempfile.mkdtemp(prefix="harmattan-", dir=base))  # the name was taken by somebody else
    raise InputError(
        "Neither the home folder nor a temporary folder can be written to, and the compilers need one. Name a "
        "folder in the environment variable TMPDIR."
    )


def _all_usable(code: Path) -> bool:
    """Return whether numba can keep what it compiles beside the code."""
    return all(usable(code / room / "__pycache__") for room in ("model", "simulate"))


def _under_home(variable: str, name: str) -> Path:
    """Return a folder that a variable names, or that lies in the home folder; there may be no home folder."""
    named = os.environ.get(variable)
    return Path(named) if named else Path(os.path.expanduser("~")) / name


def _temporary() -> Path | None:
    try:
        return Path(tempfile.gettempdir())
    except OSError:
        return None


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
