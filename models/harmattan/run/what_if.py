"""What if: a run with some assumptions changed, on the same draws and the same noise, without another fit."""

from collections.abc import Collection, Mapping
from typing import Any

import xarray as xr
from pydantic import ValidationError

from ..claims.derivation import driver_priors
from ..claims.stated import changed_prior, stated_in
from ..core.arguments import list_of_texts, refused
from ..core.errors import InputError
from ..schema.driver import Driver
from ..schema.driver_setting import DriverSetting, unfit
from ..schema.merging import merged_setting
from ..schema.naming import id_of
from ..schema.scenario import Asked, Scenario
from ..schema.validation import shown, suggestion
from .forecasting import forecast_on
from .results import Comparison, Forecast


def what_if(
    run: Forecast,
    settings: Mapping[str, Mapping[str, Any] | str],
    *,
    without_claims: Collection[str] = (),
    without_sources: Collection[str] = (),
    name: str = "what if",
) -> Comparison:
    """Return a run with changed drivers, held against the run itself; `Forecast.what_if` tells all."""
    list_of_texts("without_claims", without_claims)
    list_of_texts("without_sources", without_sources)
    ground = run.ground
    left_out = {"without_claims": frozenset(without_claims), "without_sources": frozenset(without_sources)}
    by_claims = driver_priors(ground.register, **left_out)
    changed = with_settings(run, settings, by_claims)
    priors = ground.priors
    if any(left_out.values()) or stated_in(changed) != stated_in(run.scenario):
        if ground.posterior.has_drivers:
            raise InputError(
                f"The drivers of this run were learnt from months after the exit (as_of {run.clock.as_of}), so "
                "another prior needs another fit. Ask before the exit, for instance with as_of "
                f"{run.clock.exit}, or change states, strength and timing only."
            )
        priors = by_claims
        for driver, setting in stated_in(changed).items():
            priors = changed_prior(priors, ground.register.drivers[driver], setting)
    return Comparison.of({name: forecast_on(ground, Asked(changed, run.clock), priors=priors), run.scenario.id: run})


def with_settings(run: Forecast, settings: Mapping[str, Mapping[str, Any] | str], priors: xr.Dataset) -> Scenario:
    """Return the run's scenario with the settings put in.

    Parameters
    ----------
    run : Forecast
    settings : mapping of driver id to state or mapping
    priors : Dataset (driver, component)
        By the claims, which say how a probability is shared among branches.
    """
    drivers = run.ground.register.drivers
    chosen = dict(run.scenario.drivers.set)
    for asked, given in settings.items():
        driver = _driver_named(asked, drivers)
        if not isinstance(given, str | Mapping):
            raise refused(driver.id, given, 'a state or settings, such as "absent" or {"probability": 0.3}')
        change = {"state": given} if isinstance(given, str) else dict(given)
        if change:
            chosen[driver.id] = _setting(driver, run.scenario, _by_branch(change, driver, priors))
    scenario_settings = run.scenario.drivers.model_copy(update={"set": chosen})
    return run.scenario.model_copy(update={"drivers": scenario_settings})


def _by_branch(change: dict[str, Any], driver: Driver, priors: xr.Dataset) -> dict[str, Any]:
    """Share one probability of a driver that can go several ways among its branches, as the claims have them."""
    branches = priors["weight"].sel(driver=driver.id).values[: len(driver.branches)]
    chance = change.get("probability")
    if len(branches) == 1 or "branch" in change or not isinstance(chance, float | int) or not 0 <= chance <= 1:
        return change
    if not branches.sum():
        raise InputError(f"{driver.id}: no claim that is used supports it, so no branch can be made likelier.")
    shares = branches / branches.sum() * chance
    return change | {"probability": dict(zip(driver.branch_ids, shares.tolist(), strict=True))}


def _driver_named(asked: str, drivers: Mapping[str, Driver]) -> Driver:
    titles = {key: driver.title for key, driver in drivers.items()}
    key = id_of(asked, titles) if asked.replace("_", "-") not in drivers else asked.replace("_", "-")
    if key not in drivers:
        raise InputError(f"There is no driver {shown(asked)}.{suggestion(key, drivers)}")
    return drivers[key]


def _setting(driver: Driver, scenario: Scenario, change: Mapping[str, Any]) -> DriverSetting:
    before = scenario.drivers.set.get(driver.id, DriverSetting()).model_dump(exclude_defaults=True)
    try:
        setting = DriverSetting.model_validate(merged_setting(before, change))
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        known = ", ".join(DriverSetting.model_fields)
        raise InputError(f"{driver.id} cannot be set so: {said}. What can be set: {known}.") from None
    drivers = scenario.drivers.model_copy(update={"set": {driver.id: setting}})
    told = unfit(scenario.model_copy(update={"drivers": drivers}).setting(driver.id), driver)
    if told is not None:
        raise InputError(f"{driver.id} cannot be set so: {told[1]}")
    return setting
