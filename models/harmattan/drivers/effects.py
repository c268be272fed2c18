"""How strongly drivers act: draws of their log rate ratios, each driver from its own named stream."""

import numpy as np
import xarray as xr
from scipy.stats import norm

from ..core.errors import InputError
from ..core.randomness import stream
from ..schema.scenario import Scenario

FEWEST_INFORMED = 50
"""Below this many posterior draws in which a driver acts, a scenario that forces it uses the claims' prior instead."""


def effects_from_claims(priors: xr.Dataset, scenario: Scenario, draws: int, seed: int) -> xr.DataArray:
    """Return draws of every driver's log rate ratio from its prior, as the scenario sets it.

    Parameters
    ----------
    priors : Dataset (driver, component)
        `weight`, `mean`, `sd` of the mixture and `branch` names; the last component is "no effect".
    scenario : Scenario
        `from-claims` draws whether the driver happens, `happens` draws only its branches, `absent` gives zero.
    draws : int
    seed : int
        Root seed; a driver's stream depends on nothing but its name.

    Returns
    -------
    DataArray (draw, driver)
    """
    columns = [_from_claims(priors.sel(driver=name), scenario, draws, seed) for name in _names(priors)]
    return _as_array(np.stack(columns, axis=1) if columns else np.zeros((draws, 0)), priors)


def effects_from_posterior(posterior: xr.DataArray, priors: xr.Dataset, scenario: Scenario, seed: int) -> xr.DataArray:
    """Return draws of every driver's log rate ratio after it met the data, as the scenario sets it.

    Where a scenario forces a driver (`happens`), draws in which it has no effect are replaced by draws of the same
    driver in which the asked branch acts.

    Parameters
    ----------
    posterior : DataArray (draw, driver)
        Draws of the fitted model.
    priors : Dataset (driver, component)
    scenario : Scenario
    seed : int
    """
    columns = []
    for name in _names(priors):
        prior, values = priors.sel(driver=name), posterior.sel(driver=name).values.copy()
        setting = scenario.setting(name)
        if setting.state == "absent":
            values[:] = 0.0
        elif setting.state == "happens":
            values = _forced(values, prior, scenario, seed)
        columns.append(values)
    return _as_array(np.stack(columns, axis=1), priors)


def component_shares(values: np.ndarray, prior: xr.Dataset) -> np.ndarray:
    """Return for each draw the probability that it belongs to each component of the prior, shape (draw, component).

    Parameters
    ----------
    values : array (draw,)
        Log rate ratios of one driver.
    prior : Dataset (component)
    """
    density = prior["weight"].values * norm.pdf(values[:, None], prior["mean"].values, prior["sd"].values)
    return density / density.sum(axis=1, keepdims=True)


def _names(priors: xr.Dataset) -> list[str]:
    return [str(name) for name in priors["driver"].values]


def _as_array(values: np.ndarray, priors: xr.Dataset) -> xr.DataArray:
    return xr.DataArray(values, dims=("draw", "driver"), coords={"driver": _names(priors)}, name="driver_effect")


def _asked_weights(prior: xr.Dataset, scenario: Scenario) -> np.ndarray:
    """Return component weights after the scenario's wish: one branch, any branch, or the whole prior."""
    name = str(prior["driver"].values)
    setting = scenario.setting(name)
    weights = prior["weight"].values.astype(float).copy()
    if setting.branch is not None:
        weights[prior["branch"].values.astype(str) != setting.branch] = 0.0
    elif setting.state == "happens":
        weights[-1] = 0.0
    if weights.sum() == 0.0:
        asked = f"its branch {setting.branch}" if setting.branch is not None else "any of its branches"
        raise InputError(
            f"Scenario {scenario.id}: drivers.set.{name} takes {asked} to happen, but no claim that is used supports "
            "it, so its size is unknown. Set the driver to absent, or use the claims that were left out."
        )
    return weights / weights.sum()


def _from_claims(prior: xr.Dataset, scenario: Scenario, draws: int, seed: int) -> np.ndarray:
    name = str(prior["driver"].values)
    if scenario.setting(name).state == "absent":
        return np.zeros(draws)
    bounds = np.cumsum(_asked_weights(prior, scenario))
    luck = stream(seed, "driver", name, "which").random(draws)
    # divided by their last so that no rounding can draw a component whose weight is zero
    which = np.searchsorted(bounds / bounds[-1], luck, side="right")
    size = stream(seed, "driver", name, "size").standard_normal(draws)
    return prior["mean"].values[which] + prior["sd"].values[which] * size


def _forced(values: np.ndarray, prior: xr.Dataset, scenario: Scenario, seed: int) -> np.ndarray:
    name = str(prior["driver"].values)
    shares = component_shares(values, prior).cumsum(axis=1)
    which = (stream(seed, "driver", name, "component").random(len(values))[:, None] > shares).sum(axis=1)
    asked = _asked_weights(prior, scenario) > 0
    acts = asked[np.minimum(which, len(asked) - 1)]
    if acts.sum() < FEWEST_INFORMED:
        return _from_claims(prior, scenario, len(values), seed)
    pick = (stream(seed, "driver", name, "resample").random(len(values)) * acts.sum()).astype(int)
    return np.where(acts, values, values[np.flatnonzero(acts)[pick]])
