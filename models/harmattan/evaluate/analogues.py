"""The analogue rule: what followed past years like the last one, anywhere, done to the last one's own months."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from ..core.errors import InputError
from ..core.randomness import known_by, stream

NEAREST = 150
"""Past windows that are taken for like."""

EVERY = 3
"""Months between the ends of past windows."""

YEAR = 12
HISTORY = 2 * YEAR
"""Months that a window needs, for its total and its change over a year."""


def analogue_rule(
    panel: xr.DataArray, world: xr.DataArray, months: Sequence[str], draws: int, seed: int
) -> xr.DataArray:
    """Resample each series' last twelve months, times how a total like theirs once changed.

    For year h ahead the factor is the ratio of the twelve-month total h years on to the last one in one of the
    `NEAREST` past windows of all units of `world` (distance of log(1 + total), its change over a year and over half a
    year, each in its standard deviations). Windows end every `EVERY` months and are used where year h was over. A
    series without deaths takes the months that followed its analogue instead. A draw keeps one rank among analogues
    throughout; each outcome goes by itself.

    Parameters
    ----------
    panel : DataArray (month, country, outcome)
        Deaths, cut at `as_of`, without missing months in the last two years.
    world : DataArray (month, country, outcome)
        Where analogues are sought, cut at the same month; NaN where a unit did not exist.
    months : sequence of str
        Months to forecast, `YYYY-MM`.
    draws, seed : int

    Returns
    -------
    DataArray (draw, month, country, outcome)
        Deaths per month, not rounded.

    Raises
    ------
    InputError
        If the record of the world has no window that was over so many years before.
    """
    own = panel.transpose("month", "country", "outcome").values[-HISTORY:]
    everywhere = world.transpose("month", "country", "outcome").values
    years = -(-len(months) // YEAR)
    if len(everywhere) < HISTORY + YEAR * years:
        raise InputError(
            f"The analogue rule needs {HISTORY + YEAR * years} months of record to look {len(months)} months ahead, "
            f"and there are {len(everywhere)}. Ask for fewer months."
        )
    values = np.empty((draws, len(months), *own.shape[1:]))
    names = known_by(panel)
    for o, outcome in enumerate(panel["outcome"].values):
        windows = _Windows(everywhere[..., o])
        for c, unit in enumerate(names):
            luck = stream(seed, "analogue", unit, str(outcome))
            rank = luck.integers(0, NEAREST, size=draws)
            taken = luck.integers(0, YEAR, size=(draws, len(months)))
            for year in range(years):
                ahead = slice(YEAR * year, min(YEAR * (year + 1), len(months)))
                values[:, ahead, c, o] = windows.year_ahead(own[:, c, o], year + 1, rank, taken[:, ahead])
    coords = {"draw": np.arange(draws), "month": list(months)}
    beside = {name: panel[name].values for name in ("country", "outcome")}
    return xr.DataArray(values, coords | beside, ("draw", "month", "country", "outcome"), "deaths")


class _Windows:
    """Past windows of one outcome, all units: (end, unit) flattened."""

    def __init__(self, deaths: np.ndarray) -> None:
        ends = np.arange(len(deaths), HISTORY - 1, -EVERY)[::-1]
        self.deaths, self.ends = deaths, ends
        nought = np.zeros((1, deaths.shape[1]))
        self.until = np.concatenate([nought, np.cumsum(np.nan_to_num(deaths), axis=0)])
        self.missing = np.concatenate([nought, np.cumsum(np.isnan(deaths), axis=0)])
        described = np.stack([_described(*self._parts(end)) for end in ends])  # (end, quantity, unit)
        self.quantities = np.moveaxis(described, 1, -1)
        self.scale = np.nanstd(self.quantities.reshape(-1, 3), axis=0)

    def _total(self, first: int, last: int) -> np.ndarray:
        known = self.missing[last] == self.missing[first]
        return np.where(known, self.until[last] - self.until[first], np.nan)

    def _parts(self, end: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        half = self._total(end - YEAR // 2, end)
        return self._total(end - YEAR, end), self._total(end - HISTORY, end - YEAR), half

    def year_ahead(self, own: np.ndarray, year: int, rank: np.ndarray, taken: np.ndarray) -> np.ndarray:
        """Return the months of one year ahead, shape (draw, month), for a series with these last 24 months."""
        total = own[YEAR:].sum()
        over = self.ends + YEAR * year <= len(self.deaths)
        ends, quantities = self.ends[over], self.quantities[over]
        mine = _described(total, own[:YEAR].sum(), own[YEAR + YEAR // 2 :].sum())
        distance = (((quantities - mine) / self.scale) ** 2).sum(axis=-1)
        before = np.stack([self._total(end - YEAR, end) for end in ends])
        after = np.stack([self._total(end + YEAR * (year - 1), end + YEAR * year) for end in ends])
        usable = np.isfinite(distance) & np.isfinite(after) & ((before > 0) | (total == 0))
        flat = np.flatnonzero(usable.ravel())
        order = flat[np.argsort(distance.ravel()[flat], kind="stable")][:NEAREST]
        chosen = order[rank % len(order)]
        if total > 0:
            factor = after.ravel()[chosen] / before.ravel()[chosen]
            return own[YEAR:][taken] * factor[:, None]
        first = ends[chosen // before.shape[1]] + YEAR * (year - 1)
        return self.deaths[first[:, None] + taken, (chosen % before.shape[1])[:, None]]


def _described(total: np.ndarray, before: np.ndarray, half: np.ndarray) -> np.ndarray:
    """Return log of a year's total, its change over a year and over half a year, the first axis."""
    level = np.log1p(total)
    return np.stack([level, level - np.log1p(before), np.log1p(half) - np.log1p(np.maximum(total - half, 0.0))])
