"""How much of the spread of the answer hangs on each driver: Borgonovo's delta from the draws already made.

Delta is half the expected area between the density of the answer and its density once a driver is known: 0 when the
driver says nothing, 1 when it says all. It does not depend on the scale of the answer. Estimator by classes and kernel
densities and its bias reduction: Plischke, Borgonovo & Smith (2013), EJOR 226(3), equations 26 and 30. The same numbers
come from `SALib.analyze.delta` (tests hold the two together); here densities are binned first, which makes replicates
affordable, and no global random state or warning filter is touched.
"""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd
import xarray as xr

from ..core.randomness import stream
from ..schema.driver import Driver

GRID = 100
REPLICATES = 50
DUMMIES = 20


def delta_index(answer: np.ndarray, factor: np.ndarray) -> float:
    """Return Borgonovo's delta of an answer (draw,) with regard to a factor (draw,), without bias reduction."""
    count = len(answer)
    edges = np.linspace(answer.min(), answer.max(), GRID + 1)
    step = edges[1] - edges[0]
    if step == 0.0:
        return 0.0
    ordered = answer[np.argsort(factor, kind="stable")]
    cell = np.minimum(((ordered - edges[0]) / step).astype(int), GRID - 1)
    bounds = np.arange(_classes(count) + 1) * count // _classes(count)
    whole = _density(ordered, cell, step)
    area = 0.0
    for start, end in pairwise(bounds):
        apart = np.abs(_density(ordered[start:end], cell[start:end], step) - whole).sum()
        area += (end - start) / count * 0.5 * float(apart)
    return area


def _classes(count: int) -> int:
    """Return the number of equally frequent classes of the factor (Plischke et al. 2013, as in SALib)."""
    exponent = 2.0 / (7.0 + np.tanh((1500.0 - count) / 500.0))
    return int(min(np.ceil(count**exponent), 48))


def _density(members: np.ndarray, cell: np.ndarray, step: float) -> np.ndarray:
    """Return the share of each cell of the grid, smoothed by a Gaussian of Silverman's bandwidth, shape (cell,)."""
    from scipy.ndimage import gaussian_filter1d

    counts = np.bincount(cell, minlength=GRID) / len(members)
    width = max(float(members.std(ddof=1)), 1e-9) * (len(members) * 3.0 / 4.0) ** -0.2 / step
    return gaussian_filter1d(counts, width, mode="constant", truncate=5.0)


def given_data_sensitivity(
    total: np.ndarray, effects: xr.DataArray, drivers: Mapping[str, Driver], seed: int, replicates: int = REPLICATES
) -> pd.DataFrame:
    """Return Borgonovo's delta of a total for each driver, beside that of drivers of pure chance.

    Parameters
    ----------
    total : array (draw,)
        Deaths; taken on the scale log(1 + total), which changes nothing but the smoothing.
    effects : DataArray (draw, driver)
    drivers : mapping of id to Driver
        Those whose effect is the same in every draw are left out.
    seed : int
    replicates : int
        Bootstrap replicates.

    Returns
    -------
    DataFrame
        Columns driver, label, delta (bias reduced), low, high (95 in 100), noise_floor, above_noise; largest first. The
        noise floor is the 95 % quantile of the delta of twenty dummies that are pure chance.
    """
    answer = np.log1p(np.asarray(total, dtype=float))
    generator = stream(seed, "explain", "sensitivity")
    picks = generator.integers(0, len(answer), size=(replicates, len(answer)))
    dummies = [_reduced(answer, generator.standard_normal(len(answer)), picks[:20])[0] for _ in range(DUMMIES)]
    floor = float(np.quantile(dummies, 0.95))
    rows = []
    for key, driver in drivers.items():
        values = effects.sel(driver=key).values
        if np.ptp(values) == 0.0:
            continue
        delta, error = _reduced(answer, values, picks)
        rows.append(
            {
                "driver": key,
                "label": driver.title,
                "delta": delta,
                "low": max(delta - 1.96 * error, 0.0),
                "high": delta + 1.96 * error,
                "noise_floor": floor,
                "above_noise": delta > floor,
            }
        )
    columns = ["driver", "label", "delta", "low", "high", "noise_floor", "above_noise"]
    return pd.DataFrame(rows, columns=columns).sort_values("delta", ascending=False, ignore_index=True)


def _reduced(answer: np.ndarray, factor: np.ndarray, picks: np.ndarray) -> tuple[float, float]:
    """Return delta with its bootstrap bias taken off, not below zero, and its standard error."""
    replicated = np.array([delta_index(answer[pick], factor[pick]) for pick in picks])
    reduced = 2.0 * delta_index(answer, factor) - replicated.mean()
    return max(float(reduced), 0.0), float(replicated.std(ddof=1))
