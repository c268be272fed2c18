"""Do the stated probabilities hold? PIT values for counts, their ECDF with a simultaneous band, and coverage."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from ..core.randomness import known_by, stream
from .scores import coverage

LEVELS = (0.5, 0.8, 0.9, 0.95)


def randomised_pit(observed: xr.DataArray, draws: xr.DataArray, seed: int) -> xr.DataArray:
    """Return where each observation falls among its draws, 0 to 1; uniform if the forecasts are calibrated.

    Counts tie, so the rank is spread evenly over the tied places (Czado, Gneiting & Held 2009). Each cell has a random
    stream named by its labels, its unit as the record knows it: another country or month changes no other value.
    """
    template = draws.isel(draw=0, drop=True)
    observed, template = xr.align(observed.transpose(*template.dims), template, join="exact")
    below = (draws < observed).sum("draw").transpose(*template.dims).values
    equal = (draws == observed).sum("draw").transpose(*template.dims).values
    labels = [
        known_by(observed) if dim == "country" else [str(label) for label in template[dim].values]
        for dim in template.dims
    ]
    uniform = np.empty(template.shape)
    for place in np.ndindex(template.shape):
        uniform[place] = stream(seed, "pit", *(names[i] for names, i in zip(labels, place, strict=True))).random()
    return template.copy(data=(below + uniform * (equal + 1)) / (draws.sizes["draw"] + 1)).rename("pit")


def pit_ecdf(
    pit: xr.DataArray, seed: int, level: float = 0.95, points: int = 100, simulations: int = 2000
) -> pd.DataFrame:
    """Return the ECDF of PIT values and a band that holds the whole ECDF of a calibrated forecast at `level`.

    The band is simultaneous over the points, adjusted by simulating uniform samples (Säilynoja, Bürkner & Vehtari
    2022). It takes the values as independent; those of one country in one window are not, so it is too narrow for them.

    Parameters
    ----------
    pit : xarray.DataArray
        PIT values of any shape; missing values are left out.
    seed : int
        Root seed of the simulated band.
    level : float
        Probability that the whole curve lies inside the band.
    points, simulations : int
        Points at which the curve is judged, and uniform samples behind the band.

    Returns
    -------
    pandas.DataFrame
        Columns `z, ecdf, lower, upper` (0 to 1) and `inside` (bool).
    """
    values = pit.values.ravel()
    values = np.sort(values[np.isfinite(values)])
    if values.size == 0:
        raise ValueError("no PIT values to judge")
    band = ecdf_band(values.size, seed, level, points, simulations)
    ecdf = np.searchsorted(values, band["z"], side="right") / values.size
    band.insert(1, "ecdf", ecdf)
    return band.assign(inside=(ecdf >= band["lower"]) & (ecdf <= band["upper"]))


def ecdf_band(count: int, seed: int, level: float = 0.95, points: int = 100, simulations: int = 2000) -> pd.DataFrame:
    """Return the band that holds the whole ECDF of `count` uniform values at `level`: columns `z, lower, upper`.

    Arguments are those of `pit_ecdf`.
    """
    from scipy.stats import binom

    z = np.arange(1, points) / points
    tail = _pointwise_tail(count, z, level, simulations, seed)
    lower = binom.ppf(tail / 2, count, z) / count
    upper = binom.isf(tail / 2, count, z) / count
    return pd.DataFrame({"z": z, "lower": lower, "upper": upper})


def coverage_table(
    observed: xr.DataArray, draws: xr.DataArray, levels: Sequence[float] = LEVELS, by: str = "outcome"
) -> pd.DataFrame:
    """Return the share of observations inside the central intervals: a row per label of `by`, a column per level.

    The column `cells` says on how many observations a row rests.
    """
    others = [dim for dim in observed.dims if dim != by]
    columns = {f"{level:.0%}": coverage(observed, draws, level, over=others).to_series() for level in levels}
    return pd.DataFrame(columns).assign(cells=observed.size // observed.sizes[by])


def _pointwise_tail(count: int, z: np.ndarray, level: float, simulations: int, seed: int) -> float:
    """Return the two-sided tail for each point at which a share `level` of uniform samples stays inside everywhere."""
    from scipy.stats import binom

    source = stream(seed, "pit band", str(count))
    cells = source.multinomial(count, np.full(z.size + 1, 1 / (z.size + 1)), size=simulations)
    reached = cells.cumsum(axis=1)[:, :-1]
    counts = np.arange(count + 1)[:, None]
    at_most, at_least = binom.cdf(counts, count, z), binom.sf(counts - 1, count, z)
    two_sided = 2 * np.minimum(at_most, at_least)
    narrowest = two_sided[reached, np.arange(z.size)].min(axis=1)
    return float(min(1.0, np.quantile(narrowest, 1 - level)))
