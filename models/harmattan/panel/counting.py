"""How wide the counts of deaths are: by how much low and high estimates lie apart, by unit, outcome and year.

Of the deaths in a year, ``above`` is the share that the high estimate adds, (high - best) / best, and ``below`` the
share that the low one takes off, (best - low) / best. A small unit's share hangs on one event, and how many can watch
changes over years, so each is a credibility estimate (Buehlmann & Straub 1970) whose years fade. With D and A the sums
up to year t of best estimates and of deaths in doubt, a year s weighing KEPT ** (t - s), and r = A / D the unit's own,

    z = D / (D + WORTH)        m = mean of r over units, weighted by z        share = z r + (1 - z) m

so a unit with WORTH deaths (faded) is believed by half, and one without any has the share of all. For a year to come
the same sums have faded further, so the share goes back to that of all units.

How sure it is: the share of a year is spread about its estimate with variance share x clump / (D + WORTH) (a gamma
distribution for `above`; times 1 - share for `below`, a beta distribution). The clump, how many deaths are in doubt
together, is such that half of the errors one year ahead are as small as this says (years with 25 deaths or more).

KEPT and WORTH were chosen among 6 x 5 pairs on the years 1995 to 2015 (`benchmarks/counting.py`). On 2016 to 2024,
looked at once, the squared error of a unit's next year is 5 % below that of the mean of its last ten years for `above`
and 11 % for `below`; in the years of the choice it was 16 and 8 % lower. Of next years since 2005 the 80 % interval of
`above` holds 78 in 100 for one-sided deaths, 86 for state-based and 67 for non-state ones, that of `below` 31 to 39: in
most years the low estimate is nearly the best one, and in some far from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

KEPT = 0.5
"""Share of a year's weight that is left a year later."""

WORTH = 200.0
"""Deaths that the share of all units counts for."""

FEWEST = 10
"""Errors of a year of a unit that must be known, else the clump is `USUAL_CLUMP`."""

USUAL_CLUMP = 50.0
"""Deaths in doubt together where the record is too short to say."""

LEAST_DEATHS = 25
"""Deaths in a year below which its share says little of errors."""

MEDIAN_OF_SQUARE = 0.4549364231195724
"""Median of the square of a standard normal number."""

SIDES = ("above", "below")


@dataclass(frozen=True)
class Width:
    """The share of deaths that is in doubt on one side, and how sure that is.

    Attributes
    ----------
    side : {"above", "below"}
    share : float
    worth : float
        Deaths that it rests on, those of all units included.
    clump : float
        Deaths in doubt together.
    """

    side: str
    share: float
    worth: float
    clump: float

    @property
    def rate(self) -> float:
        """Clumps that it rests on."""
        return self.worth / self.clump if self.clump > 0 else np.inf

    def quantile(self, probability: np.ndarray) -> np.ndarray:
        """Return quantiles of the share; an array of the shape of `probability`."""
        from scipy.special import betaincinv, gammaincinv

        if not self.share > 0 or not np.isfinite(self.rate) or (self.side == "below" and self.share >= 1):
            return np.full(np.shape(probability), self.share)
        if self.side == "above":
            return gammaincinv(self.share * self.rate, probability) / self.rate
        return betaincinv(self.share * self.rate, (1.0 - self.share) * self.rate, probability)

    def exceeds(self, other: "Width") -> float:
        """Return the probability that a share above is larger than another one that is independent of it."""
        from scipy.special import betainc

        if not (self.share > 0 and other.share > 0 and np.isfinite(self.rate) and np.isfinite(other.rate)):
            return float(self.share > other.share)
        shapes = (other.share * other.rate, self.share * self.rate)
        return float(betainc(*shapes, other.rate / (other.rate + self.rate)))


@dataclass(frozen=True)
class Counted:
    """Deaths of one outcome and those of them in doubt, by year and unit.

    Attributes
    ----------
    first_year : int
    units : tuple of str
    best : array (year, unit)
    doubt : mapping of side to array (year, unit)
        `above`: high - best; `below`: best - low.
    """

    first_year: int
    units: tuple[str, ...]
    best: np.ndarray = field(repr=False)
    doubt: Mapping[str, np.ndarray] = field(repr=False)

    def width(self, unit: str, side: str, year: int) -> Width:
        """Return how wide the count of a year is, by what is known of it and of the years before.

        Parameters
        ----------
        unit : str
            One without any deaths has the share of all.
        side : {"above", "below"}
        year : int
            One of the record or after it; years after it have no say.
        """
        share, worth, of_all = self._shares(year)
        if unit not in self.units:
            return Width(side, of_all[side], WORTH, self.clumps[side])
        at = self.units.index(unit)
        return Width(side, float(share[side][at]), float(worth[at]), self.clumps[side])

    def of_sums(self, best: float, doubt: float, side: str, year: int) -> Width:
        """Return the same for some months together, none of them faded, beside the share of all in a year."""
        of_all = self._shares(year)[2][side]
        return Width(side, (WORTH * of_all + doubt) / (WORTH + best), WORTH + best, self.clumps[side])

    @cached_property
    def clumps(self) -> dict[str, float]:
        """Deaths in doubt together, by the errors of all years that others went before."""
        return {side: self._clump(side) for side in SIDES}

    def _clump(self, side: str) -> float:
        squares: list[np.ndarray] = []
        for row in range(1, len(self.best)):
            told = self.best[row] >= LEAST_DEATHS
            share, worth, of_all = self._shares(self.first_year + row, row)
            spread = share[side] * (1.0 - share[side]) if side == "below" else share[side]
            told &= spread > 0
            if of_all[side] > 0 and told.any():
                came = self.doubt[side][row, told] / self.best[row, told]
                squares.append((came - share[side][told]) ** 2 * worth[told] / spread[told])
        errors = np.concatenate(squares) if squares else np.zeros(0)
        return float(np.median(errors)) / MEDIAN_OF_SQUARE if len(errors) >= FEWEST else USUAL_CLUMP

    def _shares(self, year: int, rows: int | None = None) -> tuple[dict[str, np.ndarray], np.ndarray, dict[str, float]]:
        """Return the shares of a year by side and unit, what they are worth, and the share of all.

        Parameters
        ----------
        year : int
        rows : int, optional
            How many years of the record have a say; all up to the year by default.
        """
        rows = max(min(len(self.best), year - self.first_year + 1), 0) if rows is None else rows
        weights = KEPT ** (year - self.first_year - np.arange(rows, dtype=float))
        deaths = weights @ self.best[:rows]
        seen, worth = deaths > 0, deaths + WORTH
        belief = deaths[seen] / worth[seen]
        share, of_all = {}, {}
        for side in SIDES:
            doubt = weights @ self.doubt[side][:rows]
            of_all[side] = float(belief @ (doubt[seen] / deaths[seen]) / belief.sum()) if seen.any() else 0.0
            share[side] = (doubt + WORTH * of_all[side]) / worth
        return share, worth, of_all


def counted(bounds: pd.DataFrame) -> dict[str, Counted]:
    """Return what bounds say by outcome.

    Parameters
    ----------
    bounds : DataFrame
        `panel.bounds.load_bounds`.
    """
    doubt = {"best": bounds["best"], "above": bounds["high"] - bounds["best"], "below": bounds["best"] - bounds["low"]}
    made = bounds.assign(year=bounds["last_month"].str[:4].astype(int), **doubt)
    found = {}
    for outcome, rows in made.groupby("outcome"):
        first, units = int(rows["year"].min()), np.unique(rows["country"])
        at = rows["year"].to_numpy() - first, np.searchsorted(units, rows["country"])
        sums = {name: np.zeros((at[0].max() + 1, len(units))) for name in doubt}
        for name, into in sums.items():
            np.add.at(into, at, rows[name].to_numpy(dtype=float))
        found[str(outcome)] = Counted(first, tuple(map(str, units)), sums.pop("best"), sums)
    return found
