"""Weights of a run's draws under other priors, before and after drivers were learnt."""

import math

import numpy as np
import xarray as xr

from ..core.errors import InputError
from ..drivers.assumptions import network_in, priors_after_events
from ..drivers.effects import states_from_claims
from ..drivers.graph import driver_graph
from ..explain.leave_out import Omission, Weigh, merged
from ..explain.reweighting import Weights, log_ratio, log_size_ratio, smoothed_weights
from ..run.results import Forecast


def weights_of(run: Forecast) -> Weigh:
    """Return what weighs a run's draws under the priors of an omission."""
    return _after_data(run) if run.ground.posterior.has_drivers else _from_claims(run)


def _from_claims(run: Forecast) -> Weigh:
    """Drivers were drawn from the graph: the joint probability of all its nodes, times the sizes given the ways.

    What the draws are conditioned on (events, observations) is the same before and after, and drops out.
    """
    ground, scenario = run.ground, run.scenario
    drivers, old = ground.register.drivers, ground.priors
    graph, states = states_from_claims(
        drivers, old, scenario, run.deaths.sizes["draw"], run.seed, as_of=run.clock.as_of
    )
    before = network_in(graph, old, scenario).log_probability(states)

    def weigh(omission: Omission) -> Weights | None:
        new = merged(old, omission.priors)
        try:
            after = network_in(driver_graph(drivers, new), new, scenario).log_probability(states)
        except InputError:  # a branch is forced that nothing else supports, or arrows no longer fit the priors
            return None
        touched = [str(name) for name in omission.priors["driver"].values]
        acting = [name for name in touched if scenario.setting(name).state != "absent"]
        sizes = log_size_ratio(run.effects, run.drivers.ways, old.sel(driver=acting), new.sel(driver=acting))
        return smoothed_weights(after - before + sizes)

    return weigh


def _after_data(run: Forecast) -> Weigh:
    """Drivers were learnt: the fit took independent mixtures as priors, after the events known by then."""
    ground, scenario = run.ground, run.scenario
    drivers, last = ground.register.drivers, str(ground.panel["month"].values[-1])
    learnt, old = ground.parameters["driver_effect"], priors_after_events(drivers, ground.priors, last)
    # what a scenario sets or observes is drawn again on top of what was learnt, where weights do not reach
    changed = bool(scenario.drivers.observe) or any(s.state == "happens" for s in scenario.drivers.set.values())

    def weigh(omission: Omission) -> Weights | None:
        count = learnt.sizes["draw"]
        if changed:
            return Weights(np.full(count, 1.0 / count), math.inf)
        try:
            new = priors_after_events(drivers, merged(ground.priors, omission.priors), last)
        except InputError:
            return None
        moved = [name for name in new["driver"].values if not _equal(old, new, name)]
        return smoothed_weights(log_ratio(learnt, old, new.sel(driver=moved)))

    return weigh


def _equal(first: xr.Dataset, second: xr.Dataset, driver: str) -> bool:
    return all(
        np.array_equal(first[name].sel(driver=driver).values, second[name].sel(driver=driver).values)
        for name in ("weight", "mean", "sd")
    )
