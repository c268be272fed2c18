"""Where, when and on which outcome each driver acts, as shares of its peak log effect."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from ..core.months import months_between
from ..core.names import ISO3, OUTCOMES
from ..schema.driver import Driver
from ..schema.scenario import DriverSetting, Scenario
from .activation import activation


def _shares(table: Mapping[Any, float], names: Sequence[str]) -> np.ndarray:
    return np.array([float(table.get(name, 0.0)) for name in names])


def exposure(drivers: Mapping[str, Driver], scenario: Scenario, months: Sequence[str]) -> xr.DataArray:
    """Return the share of each driver's peak log effect that acts in each month, country and outcome.

    A driver that is absent in the scenario has no exposure; a scenario's own timing and strength replace the driver's.

    Parameters
    ----------
    drivers : mapping of id to Driver
    scenario : Scenario
        Resolved.
    months : sequence of str
        `YYYY-MM` labels, before or after the exit.

    Returns
    -------
    DataArray (driver, month, country, outcome)
    """
    after_exit = np.array([months_between(scenario.exit, month) for month in months])
    values = np.zeros((len(drivers), len(months), len(ISO3), len(OUTCOMES)))
    for i, (driver_id, driver) in enumerate(drivers.items()):
        setting = scenario.setting(driver_id)
        if setting.state != "absent":
            when = _timing(driver, setting, after_exit) * setting.strength
            where = np.outer(_shares(driver.places, ISO3), _shares(driver.outcomes, list(OUTCOMES)))
            values[i] = when[:, None, None] * where
    coords = {"driver": list(drivers), "month": list(months), "country": list(ISO3), "outcome": list(OUTCOMES)}
    return xr.DataArray(values, coords=coords, dims=("driver", "month", "country", "outcome"), name="exposure")


def _timing(driver: Driver, setting: DriverSetting, after_exit: np.ndarray) -> np.ndarray:
    timing = driver.timing
    onset = timing.onset_month if setting.onset_month is None else setting.onset_month
    ramp = timing.ramp_months if setting.ramp_months is None else setting.ramp_months
    half_life = timing.half_life_months if setting.half_life_months is None else setting.half_life_months
    return activation(after_exit, onset, ramp, half_life)


def log_effect(effects: xr.DataArray, exposures: xr.DataArray) -> np.ndarray:
    """Return the sum of all drivers' effects on the log rate, shape (draw, month, country, outcome).

    Parameters
    ----------
    effects : DataArray (draw, driver)
        Log rate ratio of each driver at its peak.
    exposures : DataArray (driver, month, country, outcome)
    """
    flat = exposures.values.reshape(exposures.sizes["driver"], -1)
    return (effects.values @ flat).reshape(effects.sizes["draw"], *exposures.shape[1:])
