"""What followed past years like the last one, anywhere in the world: how totals changed, and which months came."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import xarray as xr

from .ucdp import panel_digest
from .world import record_of_the_world

NEAREST = 150
"""Past windows that are taken for like."""

EVERY = 3
"""Months between the ends of past windows."""

YEAR = 12
HISTORY = 2 * YEAR
"""Months that a window needs, for its total and its change over a year."""

YEARS = 5
"""Years ahead that are looked up at most; later ones are as the last of them."""


@dataclass(frozen=True)
class Analogues:
    """The last year of each series, and what followed years like it.

    Year h ahead is looked up in the `NEAREST` past windows of all states (distance of log(1 + total), its change over a
    year and over half a year, each in its standard deviations) of which year h was over; windows end every `EVERY`
    months. Every outcome goes by itself.

    Attributes
    ----------
    own : array (month, country, outcome)
        Deaths in each of the last twelve months.
    ratio : array (analogue, year, country, outcome)
        Twelve-month total of year h on over the last one, rising; nought for series without deaths in the last year.
    months : array (analogue, year, month, country, outcome)
        For these the months that followed their analogues, in the order of their totals; nought for the others.
    """

    own: np.ndarray
    ratio: np.ndarray
    months: np.ndarray


def analogues_of(panel: xr.DataArray, world: xr.DataArray) -> Analogues | None:
    """Return what followed years like the last one of a panel; None where the world's record is too short to tell.

    Parameters
    ----------
    panel : DataArray (month, country, outcome)
        Deaths up to `as_of`, without missing months in the last two years.
    world : DataArray (month, country, outcome)
        Up to the same month at most; NaN where a state did not exist. It holds the panel's outcomes.
    """
    own = panel.transpose("month", "country", "outcome").values[-HISTORY:]
    years = min(YEARS, (world.sizes["month"] - HISTORY) // YEAR)
    if years < 1 or len(own) < HISTORY:
        return None
    ratio = np.zeros((NEAREST, years, *own.shape[1:]))
    months = np.zeros((NEAREST, years, YEAR, *own.shape[1:]))
    for o, outcome in enumerate(panel["outcome"].values):
        windows = Windows(world.sel(outcome=outcome).transpose("month", "country").values)
        for c in range(own.shape[1]):
            for year in range(years):
                nearest = windows.nearest(own[:, c, o], year + 1)
                rank = np.arange(NEAREST) * len(nearest.ratio) // NEAREST
                if own[YEAR:, c, o].any():
                    ratio[:, year, c, o] = np.sort(nearest.ratio)[rank]
                else:
                    order = np.argsort(nearest.months.sum(axis=1), kind="stable")
                    months[:, year, :, c, o] = nearest.months[order][rank]
    return Analogues(own[YEAR:], ratio, months)


def analogues_in_the_world(panel: xr.DataArray) -> Analogues | None:
    """Return what followed years like the last one of a panel, in the record of the world up to the same month.

    None where the panel is too short or has an outcome that the world's record does not tell. It is kept for the next
    time that the same panel is asked about.

    Parameters
    ----------
    panel : DataArray (month, country, outcome)
        Deaths up to `as_of`.
    """
    world = record_of_the_world()
    if not set(panel["outcome"].values) <= set(world["outcome"].values):
        return None
    return _kept(_Asked(panel, panel_digest(panel)))


@dataclass(frozen=True)
class _Asked:
    """A panel that is known by its digest."""

    panel: xr.DataArray = field(compare=False)
    digest: str


@lru_cache(maxsize=8)
def _kept(asked: _Asked) -> Analogues | None:
    until = record_of_the_world().sel(month=slice(None, str(asked.panel["month"].values[-1])))
    return analogues_of(asked.panel.fillna(0.0), until)


@dataclass(frozen=True)
class Nearest:
    """Past windows near to a year, nearest first.

    Attributes
    ----------
    ratio : array (window,)
        Twelve-month total of the year ahead over the window's; nought where the window had no deaths.
    months : array (window, month)
        The months of the year ahead.
    """

    ratio: np.ndarray
    months: np.ndarray


class Windows:
    """Past windows of one outcome, by end and unit.

    Parameters
    ----------
    deaths : array (month, unit)
        NaN where a unit did not exist.
    """

    def __init__(self, deaths: np.ndarray) -> None:
        self._deaths, self._ends = deaths, np.arange(len(deaths), HISTORY - 1, -EVERY)[::-1]
        nought = np.zeros((1, deaths.shape[1]))
        self._until = np.concatenate([nought, np.cumsum(np.nan_to_num(deaths), axis=0)])
        self._missing = np.concatenate([nought, np.cumsum(np.isnan(deaths), axis=0)])
        ends = self._ends
        self._before = self._total(ends - YEAR, ends)
        earlier, half = self._total(ends - HISTORY, ends - YEAR), self._total(ends - YEAR // 2, ends)
        self._described = np.moveaxis(_described(self._before, earlier, half), 0, -1)  # (end, unit, quantity)
        self._scale = np.maximum(np.nanstd(self._described.reshape(-1, 3), axis=0), 1e-9)

    def _total(self, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        known = self._missing[last] == self._missing[first]
        return np.where(known, self._until[last] - self._until[first], np.nan)

    def nearest(self, own: np.ndarray, year: int) -> Nearest:
        """Return the windows nearest to the end of a series of 24 months, of which this year ahead was over.

        A year with deaths is compared with years with deaths alone, whose totals can be divided by.
        """
        total = own[YEAR:].sum()
        over = self._ends + YEAR * year <= len(self._deaths)
        ends, before = self._ends[over], self._before[over]
        after = self._total(ends + YEAR * (year - 1), ends + YEAR * year)
        mine = _described(total, own[:YEAR].sum(), own[YEAR + YEAR // 2 :].sum())
        distance = (((self._described[over] - mine) / self._scale) ** 2).sum(axis=-1)
        usable = np.isfinite(distance) & np.isfinite(after) & ((before > 0) | (total == 0))
        flat = np.flatnonzero(usable.ravel())
        # many quiet years are equally near, and the earliest of them are not as the others: they are taken by lot
        among_equals = np.random.default_rng(0).permutation(len(flat))
        chosen = flat[np.lexsort((among_equals, distance.ravel()[flat]))][:NEAREST]
        ratio = np.where(before > 0, after / np.where(before > 0, before, 1.0), 0.0).ravel()[chosen]
        first, unit = ends[chosen // before.shape[1]] + YEAR * (year - 1), chosen % before.shape[1]
        return Nearest(ratio, self._deaths[first[:, None] + np.arange(YEAR), unit[:, None]])


def _described(total: np.ndarray, before: np.ndarray, half: np.ndarray) -> np.ndarray:
    """Return log of a year's total, its change over a year and over half a year, along the first axis."""
    level = np.log1p(total)
    return np.stack([level, level - np.log1p(before), np.log1p(half) - np.log1p(np.maximum(total - half, 0.0))])
