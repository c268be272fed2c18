"""Scores of forecast draws against what was observed. Lower is better in all of them but `skill` and `coverage`.

Observations and draws are DataArrays that share their dims; draws carry `draw` as well, and the score of every cell
comes back without it. Average over the dims you want to speak about; a mean over everything hides the small countries.
"""

from collections.abc import Callable, Hashable, Iterable

import numpy as np
import xarray as xr

VIEWS_BINS = (0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)
"""Lower edges of the bins of the VIEWS challenge 2023/24; the last bin is open."""


VIEWS_CATEGORIES = (0.5, 9.5, 99.5, 999.5)
"""Upper edges of the five VIEWS categories 0, 1-9, 10-99, 100-999 and 1,000 or more deaths; the last is open."""


def crps(observed: xr.DataArray, draws: xr.DataArray) -> xr.DataArray:
    """Return the continuous ranked probability score of the empirical distribution of the draws, in units of the draws.

    Mean distance to the observation less half the mean distance between draws, from sorted draws (Gneiting & Raftery
    2007; Jordan, Krueger & Lerch 2019).
    """
    return _by_cell(crps_of_arrays, observed, draws)


def log1p_crps(observed: xr.DataArray, draws: xr.DataArray) -> xr.DataArray:
    """Return the CRPS of log(1 + deaths): relative errors, so that no war drowns another (Bosse et al. 2023)."""
    return crps(xr.apply_ufunc(np.log1p, observed), xr.apply_ufunc(np.log1p, draws))


def threshold_weighted_crps(observed: xr.DataArray, draws: xr.DataArray, threshold: float) -> xr.DataArray:
    """Return the CRPS that counts only what happens above `threshold` (Allen, Ginsbourger & Ziegel 2023)."""
    return crps(observed.clip(min=threshold), draws.clip(min=threshold))


def brier(happened: xr.DataArray, probability: xr.DataArray) -> xr.DataArray:
    """Return the Brier score of a probability (0 to 1) for an event that happened (True, 1) or did not (False, 0)."""
    return (probability - happened.astype("float64")) ** 2


def ignorance(observed: xr.DataArray, draws: xr.DataArray, bins: tuple[float, ...] = VIEWS_BINS) -> xr.DataArray:
    """Return minus log2 of the probability of the observed bin, with one pseudo-count in each bin.

    Depends on the number of draws: compare forecasts with equally many. Bins and pseudo-count are those of VIEWS.
    """
    edges = np.asarray(bins)

    def score(y: np.ndarray, x: np.ndarray) -> np.ndarray:
        observed_bin = np.searchsorted(edges, y, side="right")
        same = (np.searchsorted(edges, x, side="right") == observed_bin[..., None]).sum(axis=-1)
        return -np.log2((same + 1) / (x.shape[-1] + len(edges)))

    return _by_cell(score, observed, draws)


def ranked_probability(
    observed: xr.DataArray, draws: xr.DataArray, edges: tuple[float, ...] = VIEWS_CATEGORIES
) -> xr.DataArray:
    """Return the ranked probability score: squared distances of cumulative probabilities over ordered categories.

    Parameters
    ----------
    observed, draws : xarray.DataArray
    edges : tuple of float
        Upper edges of all categories but the last.
    """
    parts = [((draws <= edge).mean("draw") - (observed <= edge).astype("float64")) ** 2 for edge in edges]
    return xr.concat(parts, dim="category").sum("category")


def interval_score(observed: xr.DataArray, draws: xr.DataArray, level: float) -> xr.DataArray:
    """Return the score of the central interval at `level` (0.9 = 90 %): width plus 2 / (1 - level) times the miss."""
    _check_level(level)
    lower, upper = central_interval(draws, level)
    miss = (lower - observed).clip(min=0) + (observed - upper).clip(min=0)
    return (upper - lower) + 2 / (1 - level) * miss


def central_interval(draws: xr.DataArray, level: float) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the lower and upper end of the central interval of the draws, linear between draws."""
    _check_level(level)
    ends = draws.quantile([(1 - level) / 2, (1 + level) / 2], dim="draw")
    return ends.isel(quantile=0, drop=True), ends.isel(quantile=1, drop=True)


def coverage(
    observed: xr.DataArray, draws: xr.DataArray, level: float, over: Hashable | Iterable[Hashable] | None = None
) -> xr.DataArray:
    """Return the share of observations inside the central interval at `level`, both ends included.

    Parameters
    ----------
    observed, draws : xarray.DataArray
        What happened, and the draws with the further dim `draw`.
    level : float
        Nominal coverage, above 0 and below 1. Counts with many zeros are covered more often than that.
    over : dim or dims, optional
        What to average over; everything by default.
    """
    lower, upper = central_interval(draws, level)
    inside = (observed >= lower) & (observed <= upper)
    return inside.astype("float64").mean(over)  # type: ignore[arg-type]


def skill(score: xr.DataArray, reference: xr.DataArray) -> xr.DataArray:
    """Return 1 - score / reference: 1 is perfect, 0 no better than the reference, negative worse.

    Average both scores first. Two perfect scores have skill 0; losing to a perfect reference has skill minus infinity.
    """
    both_perfect = (score == 0) & (reference == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (1 - score / reference).where(~both_perfect, 0.0)


def crps_of_arrays(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the CRPS of arrays: observations, and draws along a further last axis."""
    ordered = np.sort(x, axis=-1)
    count = ordered.shape[-1]
    weights = (2 * np.arange(1, count + 1) - count - 1) / count**2
    return np.abs(ordered - y[..., None]).mean(axis=-1) - (ordered * weights).sum(axis=-1)


def _by_cell(
    score: Callable[[np.ndarray, np.ndarray], np.ndarray], observed: xr.DataArray, draws: xr.DataArray
) -> xr.DataArray:
    """Apply a score to aligned cells; labels that do not match are an error of the caller, not a smaller answer."""
    return xr.apply_ufunc(score, observed, draws, input_core_dims=[[], ["draw"]], join="exact")


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level is a probability between 0 and 1, not {level}")
