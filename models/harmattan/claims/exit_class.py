"""What exits elsewhere say of one exit more, as it was known by a month: read from the kept table.

`make exits` writes `seeds/evidence/exit_class.csv` with the joint model of `model/exits/joint.py`, once for every
month at which another exit was over and its sixty months behind. Any case reads the program's own table. Asked as of the
case's exit or before, it holds nothing of that exit, whose window was still to come.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..core.errors import InputError
from ..core.names import HORIZONS, OUTCOMES
from ..core.resources import shipped_root
from ..schema.exits import ExitKind

if TYPE_CHECKING:
    import pandas as pd

CLASS_FILE = "exit_class.csv"

Kind = Literal["any", "done", "left"]
KINDS: dict[str, tuple[ExitKind, ...]] = {
    "any": ("mandate-done", "handed-over", "consent-withdrawn", "collapsed"),
    "done": ("mandate-done", "handed-over"),
    "left": ("consent-withdrawn", "collapsed"),
}
"""Which kinds of the register an exit more may be drawn from."""

CELLS = tuple((outcome, horizon) for outcome in OUTCOMES for horizon in HORIZONS)
COVARIANCES = tuple(f"cov_{outcome}_{horizon}" for outcome, horizon in CELLS)


@dataclass(frozen=True)
class ExitClass:
    """What one exit more does to the log of deaths in its host, by what was known of others.

    Attributes
    ----------
    known_by : str
        `YYYY-MM`: every exit it rests on was over, and its windows behind, by then; the latest such month that the
        table has.
    exits : tuple of str
        Their ids in the register.
    mean : array (outcome, horizon)
        Log rate ratio, in the order of `core.names.OUTCOMES` and `HORIZONS`.
    covariance : array (9, 9)
        Of outcomes and horizons flattened: doubt about the mean and what exits differ by.
    """

    known_by: str
    exits: tuple[str, ...]
    mean: np.ndarray
    covariance: np.ndarray


def exit_class(month: str, kind: str = "any") -> ExitClass | None:
    """Return what exits known by a month say of one more.

    Parameters
    ----------
    month : str
        `YYYY-MM`.
    kind : str
        One of `KINDS`.

    Returns
    -------
    ExitClass or None
        None where too few informative exits were known by then.

    Raises
    ------
    InputError
        If there is no such kind, or the program's table cannot be read.
    """
    if kind not in KINDS:
        raise InputError(f"kind {kind!r}: an exit is one of {', '.join(KINDS)}.")
    path = shipped_root() / "seeds" / "evidence" / CLASS_FILE
    known = [one for one in _classes(path, path.stat().st_mtime_ns)[kind] if one.known_by <= month]
    return known[-1] if known else None


def read_classes(path: Path) -> "pd.DataFrame":
    """Return the kept table; `exits` holds ids with spaces between them."""
    import pandas as pd

    return pd.read_csv(path)


@cache
def _classes(path: Path, changed: int) -> dict[str, tuple[ExitClass, ...]]:
    """Return the classes of each kind by month, from a file as it was at some time."""
    table = read_classes(path)
    by_kind: dict[str, list[ExitClass]] = {kind: [] for kind in KINDS}
    for (month, kind), rows in table.groupby(["known_by", "kind"]):
        by_kind[kind].append(_class_of(str(month), rows))
    return {kind: tuple(found) for kind, found in by_kind.items()}


def _class_of(month: str, rows: "pd.DataFrame") -> ExitClass:
    cells = rows.set_index(["outcome", "horizon"]).loc[list(CELLS)]
    mean, covariance = cells["mean"].to_numpy(), cells[list(COVARIANCES)].to_numpy()
    for array in (mean, covariance):
        array.setflags(write=False)  # kept for the next who asks
    exits = tuple(cells["exits"].iloc[0].split())
    return ExitClass(month, exits, mean.reshape(len(OUTCOMES), len(HORIZONS)), covariance)
