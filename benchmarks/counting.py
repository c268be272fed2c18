"""How well the width of a year's counts is foreseen: the choice of two numbers of `panel.counting`, and how it did.

Declared before any error was looked at: the error of a unit's year is that of log(high / best), and of (best - low) /
best below, one year ahead, in years with 25 deaths or more, of all outcomes together; the rival is the mean of the
unit's last ten years with as many deaths (all units' where it has fewer than three), which was the rule before. The
pair is chosen on 1995 to 2015, and 2016 to 2024 is looked at once.

The pair has the third least error above of thirty (1 % from the least, whose error below is 9 % larger). How sure an
estimate is was not declared: by the mean of squared errors, which a few years of one unit make up, intervals of
one-sided deaths held 27 in 100, so the median was taken in its place.

Run: `python benchmarks/counting.py` (some seconds).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from harmattan.case.opening import open_case
from harmattan.panel import counting
from harmattan.panel.bounds import load_bounds
from harmattan.panel.counting import LEAST_DEATHS, SIDES, Counted, counted

CHOICE, AFTER, HELD = range(1995, 2016), range(2016, 2025), range(2005, 2025)
KEPT = (0.3, 0.5, 0.7, 0.8, 0.9, 1.0)
A_YEAR_AGO = (25, 100, 200, 400, 800)
"""Deaths of the year before that the share of all units counts for: `WORTH` of deaths that have faded once."""


def known_before(record: Counted, year: int) -> Counted:
    """Return the record without a year and all later ones."""
    rows = year - record.first_year
    return Counted(record.first_year, record.units, record.best[:rows], {s: record.doubt[s][:rows] for s in SIDES})


def cells(records: dict[str, Counted], years: range) -> Iterator[tuple[Counted, Counted, int, int]]:
    """Yield a record, what of it was known, row and column of each year of a unit that is scored."""
    for record in records.values():
        for year in years:
            before, row = known_before(record, year), year - record.first_year
            for column in np.flatnonzero(record.best[row] >= LEAST_DEATHS):
                yield record, before, row, int(column)


def last_ten(record: Counted, row: int, column: int, side: str) -> float:
    """Return the mean share of the ten years before."""
    best, doubt = (values[row - 10 : row] for values in (record.best, record.doubt[side]))
    enough = best >= LEAST_DEATHS
    own = enough[:, column]
    chosen = (slice(None), column) if own.sum() >= 3 else slice(None)
    shares = doubt[chosen][enough[chosen]] / best[chosen][enough[chosen]]
    return float(shares.mean()) if len(shares) else np.nan


def on_scale(side: str, share: float) -> float:
    """Return a share on the scale of its error."""
    return float(np.log1p(share)) if side == "above" else share


def errors(records: dict[str, Counted], years: range, side: str) -> tuple[float, float, float]:
    """Return the mean squared error of the estimate, and where the rival can say anything also that of both."""
    found = []
    for record, before, row, column in cells(records, years):
        came = on_scale(side, record.doubt[side][row, column] / record.best[row, column])
        told = before.width(record.units[column], side, record.first_year + row).share
        found.append([on_scale(side, told) - came, on_scale(side, last_ten(record, row, column, side)) - came])
    squares = np.square(found)
    own, rival = squares[np.isfinite(squares[:, 1])].mean(axis=0)
    return float(squares[:, 0].mean()), float(own), float(rival)


def held(record: Counted, side: str) -> float:
    """Return how often the 80 % interval held the share of the next year."""
    inside = []
    for one, before, row, column in cells({"": record}, HELD):
        low, high = before.width(one.units[column], side, one.first_year + row).quantile(np.array([0.1, 0.9]))
        inside.append(low <= one.doubt[side][row, column] / one.best[row, column] <= high)
    return float(np.mean(inside))


def main() -> None:
    """Print the errors of every pair in the years of the choice, and of the chosen one after them."""
    case = open_case()
    assert case.bounds_file is not None
    records = counted(load_bounds(case.bounds_file, None, case.units, "2024-12"))
    chosen = counting.KEPT, counting.WORTH
    rows = []
    for kept in KEPT:
        for deaths in A_YEAR_AGO:
            counting.KEPT, counting.WORTH = kept, kept * deaths
            rows.append([kept, kept * deaths, *(errors(records, CHOICE, side)[0] for side in SIDES)])
    counting.KEPT, counting.WORTH = chosen
    print(pd.DataFrame(rows, columns=["kept", "worth", *SIDES]).round(4).to_string(index=False))
    for name, years in (("choice", CHOICE), ("after", AFTER)):
        for side in SIDES:
            _, own, rival = errors(records, years, side)
            print(f"{name}, {side}: {own:.4f}, last ten years {rival:.4f}: {own / rival - 1:+.1%}")
    for outcome, record in records.items():
        print(outcome, "held:", {side: round(held(record, side), 2) for side in SIDES})


if __name__ == "__main__":
    main()
