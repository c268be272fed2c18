"""Weights of a run's draws under other priors, before and after drivers were learnt."""

import math

import numpy as np

from ..core.errors import InputError
from ..drivers.assumptions import network_in, priors_after_events
from ..drivers.effects import states_from_claims
from ..drivers.graph import driver_graph
from ..explain.leave_out import Omission, Weigh, changed_drivers, same_rest
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
        new = omission.priors
        if not same_rest(old, new):
            return _no_weights(run.deaths.sizes["draw"])
        try:
            after = network_in(driver_graph(drivers, new), new, scenario).log_probability(states)
        except InputError:  # a branch is forced that nothing else supports, or arrows no longer fit the priors
            return None
        acting = [name for name in changed_drivers(old, new) if scenario.setting(name).state != "absent"]
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
        if changed or not same_rest(ground.priors, omission.priors):
            return _no_weights(learnt.sizes["draw"])
        try:
            new = priors_after_events(drivers, omission.priors, last)
        except InputError:
            return None
        return smoothed_weights(log_ratio(learnt, old, new.sel(driver=changed_drivers(old, new))))

    return weigh


def _no_weights(draws: int) -> Weights:
    """Return weights that cannot be relied on: what changes is not what draws are weighed by."""
    return Weights(np.full(draws, 1.0 / draws), math.inf)
