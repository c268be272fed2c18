"""A task: a pure function, what it is given, and a key of all that determines its result."""

import hashlib
import importlib.metadata
import json
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from ..core.errors import InputError
from ..core.files import sha256_of

if TYPE_CHECKING:
    import pandas as pd

_PACKAGE = Path(__file__).resolve().parents[1]
_DETERMINING_PACKAGES = ("nutpie", "numba", "numpy", "pandas", "scipy", "scoringrules", "xarray")


@dataclass(frozen=True)
class Task:
    """A piece of work that waits for no other, and gives the same table wherever and whenever it is done.

    Attributes
    ----------
    name : str
        What progress and errors call it.
    work : callable
        A function of a module. It takes what is given by name, and `progress`, which it may tell the share that is
        done; it returns a DataFrame.
    given : mapping of str to object
        Plain values, arrays, and records of these; a field of a record that is not compared determines nothing.
    """

    name: str
    work: "Callable[..., pd.DataFrame]"
    given: Mapping[str, Any]

    @cached_property
    def key(self) -> str:
        """SHA-256 of function, what it is given, code and versions: equal keys mean equal tables."""
        parts = {
            "work": f"{self.work.__module__}.{self.work.__qualname__}",
            "given": _plain(self.given),
            "program": program_of_tasks(),
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class End:
    """How a task ended.

    Attributes
    ----------
    table : DataFrame or None
        Its result; None where it failed.
    seconds : float
        How long the work took.
    why : str
        Why it failed, without a full stop.
    """

    table: "pd.DataFrame | None" = None
    seconds: float = 0.0
    why: str = ""


def attempt(task: Task, progress: Callable[[float], None] | None = None) -> End:
    """Do a task; whatever goes wrong is its end, and not that of the tasks beside it."""
    start = time.perf_counter()
    try:
        table = task.work(**task.given, progress=progress)
    except Exception as error:
        return End(why=reason(error))
    return End(table, time.perf_counter() - start)


def reason(error: Exception) -> str:
    """Return in words what went wrong: a user's mistake as it is said, a fault with the place where it showed."""
    said = str(error).strip().rstrip(".")
    if isinstance(error, InputError):
        return said
    places = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(places[-1].filename).name}, line {places[-1].lineno})" if places else ""
    return f"{type(error).__name__}{where}: {said}" if said else f"{type(error).__name__}{where}"


def _plain(value: Any) -> Any:
    """Return what of a value determines results, as JSON can hold it."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, xr.DataArray):
        labels = {str(name): [str(label) for label in value[name].values.flat] for name in (*value.dims, *value.coords)}
        values = np.ascontiguousarray(value.values, dtype="<f8")
        return {"labels": labels, "values": hashlib.sha256(values.tobytes()).hexdigest()}
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.compare}
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    raise TypeError(f"A task cannot be given a {type(value).__name__}: what of it determines the result is not known.")


@cache
def program_of_tasks() -> str:
    """Return a digest of versions and of the whole code: which of it a task uses is not worth being wrong about."""
    code = {path.relative_to(_PACKAGE).as_posix(): sha256_of(path) for path in sorted(_PACKAGE.rglob("*.py"))}
    versions = {name: importlib.metadata.version(name) for name in _DETERMINING_PACKAGES}
    return hashlib.sha256(json.dumps([code, versions]).encode()).hexdigest()
