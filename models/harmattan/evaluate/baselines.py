"""Forecasts that any model has to beat; all return draws with dims (draw, month, country, outcome)."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from ..core.errors import InputError
from ..core.randomness import known_by, stream
from ..panel.analogues import analogues_of


def conflictology(panel: xr.DataArray, months: Sequence[str], draws: int, seed: int, window: int = 12) -> xr.DataArray:
    """Resample the last `window` months of each country (conflictology, the benchmark of the VIEWS challenge 2023/24).

    Every forecast month is drawn on its own; within a draw all countries and outcomes take the same past month, so that
    what happened together stays together. Each margin is what independent resampling would give.

    Parameters
    ----------
    panel : xarray.DataArray
        Deaths with dims (month, country, outcome), already cut at `as_of`.
    months : sequence of str
        Months to forecast, `YYYY-MM`.
    draws, seed : int
        Number of draws and root seed. More draws keep the earlier ones.
    window : int
        Months of the past to draw from: 12, 24 and 36 are customary.

    Raises
    ------
    InputError
        If the panel is shorter than the window.
    """
    if not 1 <= window <= panel.sizes["month"]:
        raise InputError(
            f"Conflictology cannot draw from the last {window} months: the panel holds {panel.sizes['month']}. "
            "Choose a window of at least one month and no longer than that."
        )
    recent = panel.transpose("month", "country", "outcome").values[-window:]
    values = np.empty((draws, len(months), *recent.shape[1:]))
    for position, month in enumerate(months):
        chosen = stream(seed, "conflictology", str(window), month).integers(0, window, size=draws)
        values[:, position] = recent[chosen]
    return _draws(values, panel, months)


def fading_conflictology(
    panel: xr.DataArray, months: Sequence[str], draws: int, seed: int, half_life: float = 8.0
) -> xr.DataArray:
    """Resample the whole past of each country, a month's chance halving with every `half_life` months of its age.

    As in `conflictology` all countries and outcomes of a draw take the same past month.

    Parameters
    ----------
    panel : xarray.DataArray
        Deaths with dims (month, country, outcome), already cut at `as_of`; units without missing months in the last
        three years. Older months in which one is missing are not drawn.
    months : sequence of str
        Months to forecast, `YYYY-MM`.
    draws, seed : int
    half_life : float
        In months.
    """
    past = panel.transpose("month", "country", "outcome").values
    weight = 0.5 ** (np.arange(len(past))[::-1] / half_life) * ~np.isnan(past).any(axis=(1, 2))
    cumulated = np.cumsum(weight) / weight.sum()
    values = np.empty((draws, len(months), *past.shape[1:]))
    for position, month in enumerate(months):
        uniform = stream(seed, "fading conflictology", month).random(draws)
        values[:, position] = past[np.searchsorted(cumulated, uniform, side="right")]
    return _draws(values, panel, months)


def analogue_rule(
    panel: xr.DataArray, world: xr.DataArray, months: Sequence[str], draws: int, seed: int
) -> xr.DataArray:
    """Resample each series' last twelve months, times how a total like theirs once changed (`panel.analogues`).

    A series without deaths takes the months that followed its analogue instead. A draw keeps its place among analogues
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
        If the record of the world has no window that was over a year before.
    """
    found = analogues_of(panel, world)
    if found is None:
        raise InputError(
            f"The analogue rule needs 36 months of record, and there are {world.sizes['month']}: ask from a later one."
        )
    count, years = found.ratio.shape[:2]
    values = np.empty((draws, len(months), *found.own.shape[1:]))
    for c, unit in enumerate(known_by(panel)):
        for o, outcome in enumerate(panel["outcome"].values):
            luck = stream(seed, "analogue", unit, str(outcome))
            place = luck.integers(0, count, size=draws)
            taken = luck.integers(0, 12, size=(draws, len(months)))
            year = np.minimum(np.arange(len(months)) // 12, years - 1)
            changed = found.own[:, c, o][taken] * found.ratio[place][:, year, c, o]
            values[:, :, c, o] = changed + found.months[place[:, None], year, taken, c, o]
    return _draws(values, panel, months)


def equal_pool(members: Sequence[xr.DataArray]) -> xr.DataArray:
    """Return a linear pool of forecasts with equal weights: whole draws of each in turn, as many as one has."""
    pooled = members[0].copy()
    for place, member in enumerate(members):
        pooled.values[place :: len(members)] = member.values[place :: len(members)]
    return pooled


def last_observation_poisson(panel: xr.DataArray, months: Sequence[str], draws: int, seed: int) -> xr.DataArray:
    """Draw every month from a Poisson distribution around the last observed month, as the same challenge did."""
    last = panel.isel(month=-1).transpose("country", "outcome")
    values = np.empty((draws, len(months), *last.shape))
    for c, unit in enumerate(known_by(panel)):
        for o, outcome in enumerate(last["outcome"].values):
            for position, month in enumerate(months):
                source = stream(seed, "last observation", unit, str(outcome), month)
                values[:, position, c, o] = source.poisson(last.values[c, o], size=draws)
    return _draws(values, panel, months)


def global_pool(panel: xr.DataArray, months: Sequence[str], draws: int, seed: int, window: int = 12) -> xr.DataArray:
    """Resample the last `window` months of all countries together, each outcome on its own (same challenge)."""
    recent = panel.transpose("month", "country", "outcome").values[-window:]
    values = np.empty((draws, len(months), *recent.shape[1:]))
    for c, unit in enumerate(known_by(panel)):
        for position, month in enumerate(months):
            source = stream(seed, "global pool", unit, month)
            chosen = source.integers(0, recent.shape[0] * recent.shape[1], size=draws)
            values[:, position, c] = recent.reshape(-1, recent.shape[2])[chosen]
    return _draws(values, panel, months)


def zero(panel: xr.DataArray, months: Sequence[str], draws: int) -> xr.DataArray:
    """Say that nobody dies: the baseline that peaceful countries make hard to beat."""
    return _draws(np.zeros((draws, len(months), panel.sizes["country"], panel.sizes["outcome"])), panel, months)


def _draws(values: np.ndarray, panel: xr.DataArray, months: Sequence[str]) -> xr.DataArray:
    return xr.DataArray(
        values,
        dims=("draw", "month", "country", "outcome"),
        coords={
            "draw": np.arange(values.shape[0]),
            "month": list(months),
            "country": panel["country"].values,
            "outcome": panel["outcome"].values,
        },
        name="deaths",
        attrs={"units": "deaths per month"},
    )
