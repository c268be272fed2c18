"""Drivers' draws under other priors without drawing again: how much likelier each future's drivers become."""

import numpy as np
import xarray as xr

from ..case.drivers import Drivers
from ..schema.scenario import Scenario
from .assumptions import network_in
from .effects import DriverDraws
from .graph import LATER, driver_graph


def log_weights(
    drawn: DriverDraws, drivers: Drivers, old: xr.Dataset, new: xr.Dataset, scenario: Scenario
) -> np.ndarray:
    """Return the log of new over old joint density of each future's drivers, arrows included, shape (draw,).

    Which way the drivers go together counts by both graphs, each calibrated to its own priors; how strongly, by the
    normal of the way that each goes. What a scenario observes multiplies both densities alike up to a constant, which
    drops out when weights are made to add up to one.

    Parameters
    ----------
    drawn : DriverDraws
        Drawn from `old` under the scenario, before any month after the exit was known.
    drivers : Drivers
    old, new : Dataset (driver, component)
        Priors of the same drivers.
    scenario : Scenario

    Returns
    -------
    array (draw,)
        Minus infinity where the new priors rule a future out.

    Raises
    ------
    InputError
        If the new priors leave no support for what the scenario sets.
    """
    return _log_density(drawn, drivers, new, scenario) - _log_density(drawn, drivers, old, scenario)


def _log_density(drawn: DriverDraws, drivers: Drivers, priors: xr.Dataset, scenario: Scenario) -> np.ndarray:
    from scipy.stats import norm

    graph = driver_graph(drivers, priors)
    states = {}
    for node in graph.network.nodes:
        source = drawn.ways if node.endswith(LATER) else drawn.by_itself
        states[node] = source.sel(driver=node.removesuffix(LATER)).values
    total = network_in(graph, priors, scenario).log_probability(states)
    for name in graph.branches:
        if scenario.setting(name).state != "absent":
            prior, ways = priors.sel(driver=name), drawn.ways.sel(driver=name).values
            effects = drawn.effects.sel(driver=name).values
            total = total + norm.logpdf(effects, prior["mean"].values[ways], prior["sd"].values[ways])
    return total
