"""Drift since the exit, so that a fit does not take for the exit's effect what rates do by themselves.

Futures drift (`simulate.drift`), and so did the months since the exit. Beside drivers and the rest the fit therefore
has the drift of each outcome at home: what its autoregression is worth in the middle of each horizon, as independent
normal factors, with straight lines between. What is learnt of it is no effect: it stays in the record that futures
start from.
"""

import numpy as np
import xarray as xr

from ..core.months import months_between
from ..core.names import OUTCOMES
from ..drivers.rest import MIDDLES, share_by_horizon
from ..model.build import DriverHistory
from ..model.specification import ModelSpecification
from ..simulate.drift import drift_variance, volatility

DRIFT = "drift"
"""Factors of drift are named drift/OUTCOME/1, ... beside drivers."""


def with_drift(history: DriverHistory, panel: xr.DataArray, home: str, spec: ModelSpecification) -> DriverHistory:
    """Return what a fit is told of drivers, with the factors of drift at home beside them.

    Parameters
    ----------
    history : DriverHistory
    panel : DataArray (month, country, outcome)
        Its months before the exit say how far series drift.
    home : str
    spec : ModelSpecification
    """
    if home not in panel["country"].values:
        return history
    exit = history.exit_month
    before = panel.sel(month=slice(None, exit)).values
    column = list(panel["country"].values).index(home)
    factor = np.linalg.cholesky(_covariance(spec))
    months = np.array([months_between(exit, str(month)) for month in history.exposure["month"].values])
    shapes = share_by_horizon(months) @ factor
    rows, names = [], []
    for outcome, (name, scale) in enumerate(zip(OUTCOMES, volatility(before)[column], strict=True)):
        for number, shape in enumerate(shapes.T, start=1):
            row = np.zeros(history.exposure.shape[1:])
            row[:, column, outcome] = scale * shape
            rows.append(row)
            names.append(f"{DRIFT}/{name}/{number}")
    added = history.exposure.isel(driver=[0] * len(rows)).assign_coords(driver=names).copy(data=np.stack(rows))
    parts = history.priors.sizes["component"]
    table = {"weight": np.eye(parts)[-1], "mean": np.zeros(parts), "sd": np.ones(parts)}
    of_drift = xr.Dataset(
        {name: (("driver", "component"), np.tile(row, (len(rows), 1))) for name, row in table.items()},
        {"driver": names, "component": history.priors["component"].values},
    )
    return DriverHistory(
        xr.concat([history.exposure, added], "driver"), xr.concat([history.priors, of_drift], "driver"), exit
    )


def without_drift(exposure: xr.DataArray) -> xr.DataArray:
    """Return what acted since the exit without drift, dims (driver, month, country, outcome)."""
    return exposure.sel(driver=[name for name in exposure["driver"].values if not str(name).startswith(f"{DRIFT}/")])


def _covariance(spec: ModelSpecification) -> np.ndarray:
    """Return the covariance of the average series' drift between the middles of horizons."""
    ages = np.rint(MIDDLES).astype(int)
    variance = drift_variance(int(ages[-1]) + 1, spec)[ages]
    earlier = np.minimum.outer(np.arange(len(ages)), np.arange(len(ages)))
    return variance[earlier] * spec.drift_keep ** np.abs(np.subtract.outer(ages, ages))
