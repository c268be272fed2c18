"""Priors that a scenario states outright, in place of what claims and evidence make of a driver."""

import math
from typing import TYPE_CHECKING

from ..core.errors import InputError
from ..schema.driver import Driver
from ..schema.driver_setting import DriverSetting
from ..schema.ratios import branch_ratio
from ..schema.scenario import Scenario
from .derivation import driver_priors
from .register import Register

if TYPE_CHECKING:
    import xarray as xr

_Z90 = 1.2815515655446004


def scenario_priors(
    register: Register,
    scenario: Scenario,
    *,
    without_claims: frozenset[str] = frozenset(),
    without_sources: frozenset[str] = frozenset(),
) -> "xr.Dataset":
    """Return the priors of all drivers as `driver_priors` does, with what a scenario states of them in their place.

    A branch whose claims are all left out, and whose size is not stated, keeps the weight of zero that it then has.
    """
    register = register.using(scenario.evidence)
    priors = driver_priors(register, without_claims=without_claims, without_sources=without_sources)
    return with_stated(priors, register, scenario, lenient=bool(without_claims or without_sources))


def with_stated(priors: "xr.Dataset", register: Register, scenario: Scenario, *, lenient: bool = False) -> "xr.Dataset":
    """Return priors of some drivers with what a scenario states of them.

    Raises
    ------
    InputError
        As `changed_prior`; `lenient` leaves such a driver as it is.
    """
    for name in (str(name) for name in priors["driver"].values):
        driver, setting = register.drivers[name], scenario.setting(name)
        if states_prior(setting) and not (lenient and sizeless(priors, driver, setting)):
            priors = changed_prior(priors, driver, setting)
    return priors


def states_prior(setting: DriverSetting) -> bool:
    """Return whether a setting states probability or size outright."""
    return setting.probability is not None or setting.ratio is not None


def stated_in(scenario: Scenario) -> dict[str, DriverSetting]:
    """Return what a scenario states of priors, and nothing else of its settings, by driver."""
    kept = {"branch", "probability", "ratio"}
    settings = {name: scenario.setting(name) for name in scenario.drivers.set}
    return {
        name: DriverSetting(**setting.model_dump(include=kept))
        for name, setting in settings.items()
        if states_prior(setting)
    }


def sizeless(priors: "xr.Dataset", driver: Driver, setting: DriverSetting) -> list[str]:
    """Return the branches that a setting makes likely while neither it nor a claim in use says how much they weigh."""
    weights = dict(zip(driver.branch_ids, priors["weight"].sel(driver=driver.id).values, strict=False))
    likely = [way for way, chance in _chances(driver, setting).items() if chance]
    return [way for way in likely if setting.ratio is None and not weights[way]]


def changed_prior(priors: "xr.Dataset", driver: Driver, setting: DriverSetting) -> "xr.Dataset":
    """Return priors in which one driver has the probability and the size that a setting states.

    Parameters
    ----------
    priors : Dataset (driver, component)
    driver : Driver
    setting : DriverSetting
        `probability`: of the branch that it names, of each branch of a mapping, or of the driver's only one; what is
        left is shared by the other branches and no effect as before. `ratio`: 80 % interval of the rate ratio at the
        peak, of the branch that is named or of all; one that lowers deaths gets the mirror image of a ratio above 1.

    Raises
    ------
    InputError
        If a branch is to be made likely that no claim in use supports, and its size is not stated.
    """
    if missing := sizeless(priors, driver, setting):
        raise InputError(
            f"{driver.id}: no claim that is used supports {' or '.join(missing)}, so its size is unknown. "
            "State a ratio too."
        )
    row = list(priors["driver"].values).index(driver.id)
    weight, mean, sd = (priors[name].values.copy() for name in ("weight", "mean", "sd"))
    chances = {driver.branch_ids.index(way): chance for way, chance in _chances(driver, setting).items()}
    if chances:
        others = [i for i in range(weight.shape[1]) if i not in chances]
        before, left = weight[row, others].sum(), 1.0 - sum(chances.values())
        weight[row, others] = weight[row, others] / before * left if before else 0.0
        weight[row, -1] += 0.0 if before else left
        for column, chance in chances.items():
            weight[row, column] = chance
    for column, branch in enumerate(driver.branches):
        if setting.ratio is not None and setting.branch in (None, branch.id):
            low, high = (math.log(end) for end in _ends(setting.ratio, branch.sign, driver.id))
            mean[row, column], sd[row, column] = (low + high) / 2.0, (high - low) / (2.0 * _Z90)
    dims = ("driver", "component")
    return priors.assign(weight=(dims, weight), mean=(dims, mean), sd=(dims, sd))


def _chances(driver: Driver, setting: DriverSetting) -> dict[str, float]:
    """Return the probability of every branch that a setting states one for."""
    stated = setting.probability
    if stated is None:
        return {}
    return dict(stated) if isinstance(stated, dict) else {setting.branch or driver.branch_ids[0]: stated}


def _ends(ratio: tuple[float, float], sign: int, driver: str) -> tuple[float, float]:
    ends = branch_ratio(ratio, sign)
    if ends is None:
        raise InputError(f"{driver}: the ratio {list(ratio)} says the opposite of what the branch does.")
    return ends
