"""How sure the count is: by how much high estimates lie above best ones, by year, and before and after the exit."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from ..case.opening import Case, open_case
from ..core.arguments import checked
from ..core.errors import InputError
from ..core.months import month_label, month_number
from ..core.names import OUTCOMES
from ..panel.counting import Counted, Width, counted

MONTHS_BEFORE = 12
BEFORE, AFTER = "before", "after"
COLUMNS = [
    *("country", "outcome", "period", "first_month", "last_month", "low", "best", "high"),
    *("ratio", "low_ratio", "width", "width_10", "width_90", "wider"),
]


@checked
def counting(units: Sequence[str] | None = None, *, as_of: str | None = None) -> pd.DataFrame:
    """Return how wide UCDP's counts are: what its high estimate is of the best one, by year and around the exit.

    Where fewer can watch, more is in doubt: a count that grows wider after an exit says that monitoring was lost, and
    that comparisons across it are less sure.

    Parameters
    ----------
    units : sequence of str, optional
        All units of the case by default.
    as_of : str, optional
        `YYYY-MM` or `latest`: nothing later is used; the end of the record by default.

    Returns
    -------
    pandas.DataFrame
        A row per unit, outcome and year, and two more: ``period`` `before`, the twelve months to the exit, and `after`,
        the months after it, as far as estimates by month or whole years lie in them. ``low``, ``best``, ``high``
        (deaths), ``ratio`` and ``low_ratio`` (high and low over best, NaN without deaths), ``width`` (high over best as
        estimated from unit, all units and the years up to it: `panel.counting`) with its 80 % interval ``width_10`` and
        ``width_90``, and in rows `after` the probability ``wider`` that it is wider than before. Empty where the case
        has no low and high estimates.

    Raises
    ------
    InputError
        If there is no such unit.

    Examples
    --------
    >>> hm.counting(["MLI"]).query("outcome == 'one_sided'")  # doctest: +SKIP
    """
    case = open_case()
    if unknown := [unit for unit in units or () if unit not in case.units]:
        raise InputError(f"The case has no unit {unknown[0]!r}; it has {', '.join(case.units)}.")
    return counting_of(case, list(units or case.units), case.month(as_of or "latest"), case.clock.exit)


def counting_of(case: Case, units: Sequence[str], as_of: str, exit: str) -> pd.DataFrame:
    """Return the same for a case that is open; `exit` is the last month of before."""
    if case.bounds_file is None:
        return pd.DataFrame(columns=COLUMNS)
    bounds = case.bounds(as_of)
    record = counted(bounds)
    rows = [
        row
        for unit in units
        for outcome in OUTCOMES
        if outcome in record
        for own in [bounds[(bounds["country"] == unit) & (bounds["outcome"] == outcome)]]
        for row in (*_years(own, record[outcome]), *_around(own, record[outcome], exit))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _years(own: pd.DataFrame, record: Counted) -> Iterator[dict[str, object]]:
    """Yield a row for each year, as it was known by its own end."""
    for year, rows in own.groupby(own["last_month"].str[:4]):
        yield _row(rows, str(year), record.width(str(rows["country"].iloc[0]), "above", int(str(year))))


def _around(own: pd.DataFrame, record: Counted, exit: str) -> Iterator[dict[str, object]]:
    """Yield a row before and one after the exit, each by its own months alone beside the share of all units."""
    first = month_label(month_number(exit) - MONTHS_BEFORE + 1)
    windows = {
        BEFORE: own[(own["first_month"] >= first) & (own["last_month"] <= exit)],
        AFTER: own[own["first_month"] > exit],
    }
    found = {}
    for period, rows in windows.items():
        if len(rows):
            best, high = float(rows["best"].sum()), float(rows["high"].sum())
            found[period] = record.of_sums(best, high - best, "above", int(exit[:4]))
            wider = found[AFTER].exceeds(found[BEFORE]) if len(found) == 2 else np.nan
            yield _row(rows, period, found[period], wider)


def _row(rows: pd.DataFrame, period: str, width: Width, wider: float = np.nan) -> dict[str, object]:
    low, best, high = (float(rows[name].sum()) for name in ("low", "best", "high"))
    of_best = {"ratio": high / best if best else np.nan, "low_ratio": low / best if best else np.nan}
    ends = 1.0 + width.quantile(np.array([0.1, 0.9]))
    return {
        "country": rows["country"].iloc[0],
        "outcome": rows["outcome"].iloc[0],
        "period": period,
        "first_month": rows["first_month"].min(),
        "last_month": rows["last_month"].max(),
        **{"low": low, "best": best, "high": high},
        **of_best,
        **{"width": 1.0 + width.share, "width_10": ends[0], "width_90": ends[1], "wider": wider},
    }
