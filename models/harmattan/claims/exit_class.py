"""What exits elsewhere say of one exit more, as it was known by a month: read from the kept table.

`make exits` writes `seeds/evidence/exit_class.csv` with the joint model of `model/exits/joint.py`, once for every
month at which another exit was over and its sixty months behind. Any case reads the program's own table. Asked in the
month of the case's exit or before, it holds nothing of that exit: a slow one may be over and its sixty months behind in
one and the same month, so only what was known before the month counts.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..core.arguments import checked
from ..core.errors import InputError
from ..core.months import month_label, month_number
from ..core.names import HORIZONS, OUTCOMES
from ..core.resources import shipped_root
from ..schema.exits import ExitKind
from .exits import load_exits

if TYPE_CHECKING:
    import pandas as pd

CLASS_FILE, ESTIMATES_FILE = "exit_class.csv", "exit_estimates.csv"
Z80 = 1.2815515655446004
LAST = "9999-12"

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
    narrowing : float
        By what that is multiplied to be the covariance of a normal with the same 80 % ranges: below one, since exits
        have heavy tails.
    """

    known_by: str
    exits: tuple[str, ...]
    mean: np.ndarray
    covariance: np.ndarray
    narrowing: float = 1.0

    @property
    def normal_covariance(self) -> np.ndarray:
        """Covariance of the normal that has the 80 % ranges of one exit more, shape (9, 9)."""
        return self.covariance * self.narrowing


def exit_class(month: str, kind: str = "any") -> ExitClass | None:
    """Return what exits that were known before a month say of one more.

    Parameters
    ----------
    month : str
        `YYYY-MM`.
    kind : str
        One of `KINDS`.

    Returns
    -------
    ExitClass or None
        None where too few informative exits were known before.

    Raises
    ------
    InputError
        If there is no such kind, or the program's table cannot be read.
    """
    if kind not in KINDS:
        raise InputError(f"kind {kind!r}: an exit is one of {', '.join(KINDS)}.")
    path = exit_class_file()
    known = [one for one in _classes(path, path.stat().st_mtime_ns)[kind] if one.known_by < month]
    return known[-1] if known else None


@checked
def exit_ratios(as_of: str | None = None, *, kind: str = "any") -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Return what followed each exit, and what they say of one more; `hm.plots.exits` draws the two.

    Parameters
    ----------
    as_of : str, optional
        `YYYY-MM`: only exits that were over, and their five years behind, before; every exit with such by default.
    kind : str
        Of the exit more: `any`, `done` (mandate done or handed over) or `left` (consent withdrawn or collapsed).

    Returns
    -------
    ratios : pandas.DataFrame
        A row per exit, outcome and horizon: ``exit``, ``mission``, ``host``, ``kind``, ``start``, ``outcome``,
        ``horizon``, ``observed`` and ``expected`` (deaths, median of the forecast), ``ratio`` (both with half a death a
        month added, on the mean of logarithms), ``low``, ``high`` (80 in 100 if nothing new had happened) and ``shown``
        (how much of a small effect would show).
    one_more : pandas.DataFrame
        A row per outcome and horizon: ``known_by``, ``exits`` (how many), ``ratio`` (median), ``low`` and ``high`` (80
        in 100). Empty where too few exits were known.

    Raises
    ------
    InputError
        If there is no such kind.
    """
    return ratios_table(as_of), one_more_table(as_of or LAST, kind)


def ratios_table(as_of: str | None) -> "pd.DataFrame":
    """Return the first table of `exit_ratios`."""
    import pandas as pd

    register = load_exits(shipped_root())
    before = month_label(month_number(as_of or LAST) - 1)
    known = {one.id: one for one in register.known_by(before)}
    found = pd.read_csv(_folder() / ESTIMATES_FILE)
    chosen = found["exit"].isin(list(known)) & (found["place"] == "host") & found["outcome"].isin(list(OUTCOMES))
    found = found[chosen & (found.groupby("exit")["horizon"].transform("nunique") == len(HORIZONS))]
    around = Z80 * found["log_sd"]
    made = found.assign(
        mission=found["exit"].map(lambda id: " + ".join(known[id].missions)),
        kind=found["exit"].map(lambda id: known[id].kind),
        expected=found["q50"],
        ratio=np.exp(found["log_ratio"]),
        low=np.exp(found["log_ratio"] - around),
        high=np.exp(found["log_ratio"] + around),
    )
    columns = ["exit", "mission", "host", "kind", "start", "outcome", "horizon"]
    columns += ["observed", "expected", "ratio", "low", "high", "shown"]
    return made[columns].sort_values(["start", "exit"], kind="stable", ignore_index=True)


def one_more_table(month: str, kind: str) -> "pd.DataFrame":
    """Return the second table of `exit_ratios`."""
    known = exit_class(month, kind)
    table = read_classes(exit_class_file())
    rows = table[(table["kind"] == kind) & (table["known_by"] == (known.known_by if known else ""))]
    logs = {name: np.exp(rows[column]) for name, column in (("ratio", "q50"), ("low", "q10"), ("high", "q90"))}
    named = rows.assign(exits=rows["n"], **logs)
    return named[["known_by", "outcome", "horizon", "exits", "ratio", "low", "high"]].reset_index(drop=True)


def exit_class_file() -> Path:
    """Return the program's own table, which any case of that class reads."""
    return _folder() / CLASS_FILE


def _folder() -> Path:
    return shipped_root() / "seeds" / "evidence"


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
    ranges = (cells["q90"] - cells["q10"]) / (2 * Z80 * cells["sd"])
    narrowing = float((ranges**2).mean())
    return ExitClass(month, exits, mean.reshape(len(OUTCOMES), len(HORIZONS)), covariance, narrowing)
