"""What if: a run with some assumptions changed, on the same draws and the same noise, without another fit."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr
from pydantic import ValidationError

from ..claims.derivation import driver_priors
from ..core.errors import InputError
from ..schema.driver import Driver
from ..schema.scenario import DriverSetting, Scenario
from ..schema.validation import suggestion
from .forecasting import forecast_on
from .results import Comparison, Forecast

_Z90 = 1.2815515655446004
_PRIOR_KEYS = ("probability", "ratio")


def what_if(
    run: Forecast,
    settings: Mapping[str, Mapping[str, Any] | str],
    *,
    without_claims: Collection[str] = (),
    without_sources: Collection[str] = (),
    name: str = "what if",
) -> Comparison:
    """Return a run with changed drivers, held against the run itself; `Forecast.what_if` tells all."""
    changed_scenario, prior_changes = _with_settings(run, settings)
    ground = run.ground
    if prior_changes or without_claims or without_sources:
        if ground.posterior.has_drivers:
            raise InputError(
                f"The drivers of this run were learnt from months after the exit (as_of {run.scenario.as_of}), so "
                "another prior needs another fit. Ask before the exit, for instance with as_of "
                f"{run.scenario.exit}, or change states, strength and timing only."
            )
        priors = driver_priors(
            ground.register, without_claims=frozenset(without_claims), without_sources=frozenset(without_sources)
        )
        for driver, change in prior_changes.items():
            priors = changed_prior(priors, driver, change)
        ground = replace(ground, priors=priors)
    return Comparison.of({name: forecast_on(ground, changed_scenario), run.scenario.id: run})


def _with_settings(
    run: Forecast, settings: Mapping[str, Mapping[str, Any] | str]
) -> tuple[Scenario, dict[str, Mapping[str, Any]]]:
    """Return the scenario with the settings put in, and the changes of priors by driver."""
    drivers = run.ground.register.drivers
    chosen = dict(run.scenario.drivers.set)
    prior_changes: dict[str, Mapping[str, Any]] = {}
    for asked, given in settings.items():
        driver = _driver_named(asked, drivers)
        change = {"state": given} if isinstance(given, str) else dict(given)
        prior = {key: change.pop(key) for key in _PRIOR_KEYS if key in change}
        if prior:
            prior_changes[driver.id] = prior
        if change:
            chosen[driver.id] = _setting(driver, run.scenario, change)
    scenario_settings = run.scenario.drivers.model_copy(update={"set": chosen})
    return run.scenario.model_copy(update={"drivers": scenario_settings}), prior_changes


def _driver_named(asked: str, drivers: Mapping[str, Driver]) -> Driver:
    key = asked.replace("_", "-")
    if key not in drivers:
        raise InputError(f"There is no driver {asked!r}.{suggestion(key, drivers)}")
    return drivers[key]


def _setting(driver: Driver, scenario: Scenario, change: Mapping[str, Any]) -> DriverSetting:
    before = scenario.drivers.set.get(driver.id, DriverSetting()).model_dump()
    if change.get("state", "happens") != "happens":
        before["branch"] = None
    try:
        setting = DriverSetting.model_validate(before | dict(change))
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        known = ", ".join([*DriverSetting.model_fields, *_PRIOR_KEYS])
        raise InputError(f"{driver.id} cannot be set so: {said}. What can be set: {known}.") from None
    state = setting.state or scenario.drivers.default
    if setting.branch is not None and setting.branch not in driver.branch_ids:
        raise InputError(
            f"{driver.id} has no branch {setting.branch!r}.{suggestion(setting.branch, driver.branch_ids)}"
        )
    if setting.branch is not None and state != "happens":
        raise InputError(f"{driver.id}: a branch can only be set together with state happens.")
    if state == "happens" and setting.branch is None and len(driver.branches) > 1:
        raise InputError(
            f"{driver.id} can happen in more than one way: set branch to one of {', '.join(driver.branch_ids)}."
        )
    return setting


def changed_prior(priors: xr.Dataset, driver: str, change: Mapping[str, Any]) -> xr.Dataset:
    """Return priors in which one driver has another probability or size.

    Parameters
    ----------
    priors : Dataset (driver, component)
    driver : str
    change : mapping
        `probability`: that the driver happens at all, shared by its branches as before. `ratio`: low and high end of
        the 80 % interval of the rate ratio at the peak, of each branch that raises deaths; one that lowers them gets
        the mirror image.

    Raises
    ------
    InputError
        If the probability is none, the ends are not positive and ordered, or no branch is there to be made likelier.
    """
    row = list(priors["driver"].values).index(driver)
    weight, mean, sd = (priors[name].values.copy() for name in ("weight", "mean", "sd"))
    branches = weight[row, :-1]
    if "probability" in change:
        probability = change["probability"]
        if not isinstance(probability, (int, float)) or not 0 <= probability <= 1:
            raise InputError(f"{driver}: probability must lie between 0 and 1, not {probability}.")
        if branches.sum() == 0.0:
            raise InputError(f"{driver}: no claim that is used supports it, so no branch can be made likelier.")
        weight[row, :-1] = branches / branches.sum() * probability
        weight[row, -1] = 1.0 - probability
    if "ratio" in change:
        low, high = _ends(driver, change["ratio"])
        used = np.flatnonzero(branches > 0)
        sign = np.where(mean[row, used] < 0, -1.0, 1.0)
        mean[row, used] = sign * (np.log(low) + np.log(high)) / 2.0
        sd[row, used] = (np.log(high) - np.log(low)) / (2.0 * _Z90)
    dims = ("driver", "component")
    return priors.assign(weight=(dims, weight), mean=(dims, mean), sd=(dims, sd))


def _ends(driver: str, ratio: Any) -> tuple[float, float]:
    try:
        low, high = (float(value) for value in ratio)
    except (TypeError, ValueError):
        low = high = 0.0
    if not 0 < low < high < float("inf"):
        raise InputError(
            f"{driver}: ratio takes the low and the high end of a rate ratio, as in [1.0, 1.5], not {ratio}."
        )
    return low, high
