"""What it would be worth to know a driver's effect before deciding: expected value of partial perfect information.

Two plain tasks, each with its loss: to predict the total (squared error), and to decide whether to prepare when
preparing costs a stated share of what being caught unprepared costs. The value of knowing is the loss saved. What is
best at each value of the driver is learnt by regression on some futures and valued on others (cross-fitting), so that
chance cannot look like knowledge: the estimate leans low, never high, and falls just below zero where there is nothing
to know. The regression is that of Strong, Oakley & Brennan (2014), Medical Decision Making 34(3); the cross-fitting
takes off the upward bias that they describe.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from ..core.randomness import stream
from ..schema.driver import Driver

FOLDS = 10
ALL_DRIVERS = "all drivers together"


@dataclass(frozen=True)
class Gain:
    """Mean gain per future and its Monte Carlo standard error."""

    value: float
    error: float

    @classmethod
    def of(cls, gains: np.ndarray) -> "Gain":
        """Return the mean of gains (draw,) and its error."""
        return cls(float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(len(gains))))


def value_of_knowing(
    total: np.ndarray,
    effects: xr.DataArray,
    drivers: Mapping[str, Driver],
    threshold: float,
    cost_ratio: float,
    seed: int,
) -> pd.DataFrame:
    """Return what knowing each driver's effect would save, for a prediction and for a decision.

    Parameters
    ----------
    total : array (draw,)
        Deaths.
    effects : DataArray (draw, driver)
    drivers : mapping of id to Driver
        Those whose effect is the same in every draw are left out.
    threshold : float
        Being caught unprepared means that the total passes it.
    cost_ratio : float
        Cost of preparing over the loss of being caught unprepared, between 0 and 1.
    seed : int
        Of the folds.

    Returns
    -------
    DataFrame
        Columns driver, label; variance_share, variance_share_error (share of the squared error of the total that is
        saved; the first-order share of the variance); decision_value, decision_value_error (saved share of the loss
        of being caught unprepared); chance_low, chance_high (P(total > threshold) when the driver is at its 10th and
        90th percentile: knowing it can only change the decision of those whose cost ratio lies between). The last
        row is for all drivers together, where chance_low and chance_high are the 10th and 90th percentile of the
        chance itself. Otherwise the largest share of variance first.
    """
    fold = stream(seed, "explain", "knowing", "folds").permutation(len(total)) % FOLDS
    above = (total > threshold).astype(float)
    used = [key for key in drivers if np.ptp(effects.sel(driver=key).values) > 0.0]
    rows = []
    for key in used:
        values = effects.sel(driver=key).values
        row = _worth(total, above, _design(values[:, None]), fold, cost_ratio)
        rows.append({"driver": key, "label": drivers[key].title, **row, **_chances(values, above)})
    table = pd.DataFrame(rows).sort_values("variance_share", ascending=False, ignore_index=True)
    together = _design(effects.sel(driver=used).values)
    fitted = np.quantile(np.clip(together @ _coefficients(together, above), 0, 1), [0.1, 0.9])
    row = _worth(total, above, together, fold, cost_ratio)
    chances = {"chance_low": float(fitted[0]), "chance_high": float(fitted[1])}
    last = pd.DataFrame([{"driver": "all", "label": ALL_DRIVERS, **row, **chances}])
    return pd.concat([table, last], ignore_index=True)


def _design(values: np.ndarray) -> np.ndarray:
    """Return intercept, effects and, of one driver, its square; standardised so that the fit is stable."""
    centred = (values - values.mean(axis=0)) / values.std(axis=0)
    square = [centred**2] if values.shape[1] == 1 else []
    return np.column_stack([np.ones(len(values)), centred, *square])


def _coefficients(design: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.linalg.lstsq(design, values, rcond=None)[0]


def _out_of_fold(design: np.ndarray, values: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """Return predictions of each draw from the draws of the other folds."""
    predicted = np.empty(len(values))
    for k in range(FOLDS):
        held = fold == k
        predicted[held] = design[held] @ _coefficients(design[~held], values[~held])
    return predicted


def _worth(
    total: np.ndarray, above: np.ndarray, design: np.ndarray, fold: np.ndarray, cost_ratio: float
) -> dict[str, float]:
    ignorant = np.ones((len(total), 1))
    blind, seeing = (_out_of_fold(x, total, fold) for x in (ignorant, design))
    variance = float(((total - blind) ** 2).mean())
    squared = Gain.of(((total - blind) ** 2 - (total - seeing) ** 2) / variance)
    losses = [np.where(_out_of_fold(x, above, fold) > cost_ratio, cost_ratio, above) for x in (ignorant, design)]
    decision = Gain.of(losses[0] - losses[1])
    return {
        "variance_share": squared.value,
        "variance_share_error": squared.error,
        "decision_value": decision.value,
        "decision_value_error": decision.error,
    }


def _chances(values: np.ndarray, above: np.ndarray) -> dict[str, float]:
    ends = np.quantile(values, [0.1, 0.9])
    scaled = (ends - values.mean()) / values.std()
    points = np.column_stack([np.ones(2), scaled, scaled**2])
    low, high = np.clip(points @ _coefficients(_design(values[:, None]), above), 0.0, 1.0)
    return {"chance_low": float(low), "chance_high": float(high)}
