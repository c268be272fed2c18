"""How much of the spread of the answer hangs on each driver: Borgonovo's delta from the draws already made.

Delta is half the expected area between the density of the answer and its density once a driver is known: 0 when the
driver says nothing, 1 when it says all. It does not depend on the scale of the answer. Estimator by classes and kernel
densities and its bias reduction: Plischke, Borgonovo & Smith (2013), EJOR 226(3), equations 26 and 30. The same numbers
come from `SALib.analyze.delta` (tests hold the two together); here densities are binned first, which makes replicates
affordable, and no global random state or warning filter is touched.
"""

from collections.abc import Mapping

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
    classes = _classes(count)
    place = np.empty(count, dtype=int)
    place[np.argsort(factor, kind="stable")] = np.arange(count) * classes // count
    edges = np.linspace(answer.min(), answer.max(), GRID + 1)
    step = edges[1] - edges[0]
    if step == 0.0:
        return 0.0
    cell = np.minimum(((answer - edges[0]) / step).astype(int), GRID - 1)
    counts = np.bincount(place * GRID + cell, minlength=classes * GRID).reshape(classes, GRID)
    sizes = counts.sum(axis=1)
    whole = _kernel(answer.std(ddof=1), count, step) @ counts.sum(axis=0) / count
    area = 0.0
    for k in range(classes):
        members = answer[place == k]
        density = _kernel(members.std(ddof=1), len(members), step) @ counts[k] / sizes[k]
        area += sizes[k] / count * 0.5 * float(np.abs(density - whole).sum())
    return area


def _classes(count: int) -> int:
    """Return the number of equally frequent classes of the factor (Plischke et al. 2013, as in SALib)."""
    exponent = 2.0 / (7.0 + np.tanh((1500.0 - count) / 500.0))
    return int(min(np.ceil(count**exponent), 48))


def _kernel(sd: float, count: int, step: float) -> np.ndarray:
    """Return Gaussian smoothing with Silverman's bandwidth between cells of a grid, shape (cell, cell)."""
    width = max(sd, 1e-9) * (count * 3.0 / 4.0) ** -0.2 / step
    distance = np.arange(GRID)[:, None] - np.arange(GRID)
    return np.exp(-0.5 * (distance / width) ** 2) / (width * np.sqrt(2.0 * np.pi))


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
