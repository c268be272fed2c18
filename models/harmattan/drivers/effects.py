"""Each future's drivers: which way each goes, how strongly, and when it starts. Every driver has streams of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import xarray as xr

from ..case.drivers import Drivers
from ..core.randomness import stream
from ..schema.scenario import Scenario
from .assumptions import network_in, observed, priors_after_events, seen_in
from .graph import LATER, DriverGraph, driver_graph
from .network import Network
from .rest import rest_as_learnt, rest_from_prior
from .timing import central_onsets, drawn_onsets

FEWEST_INFORMED = 50
"""Below this many posterior draws in which a driver goes a certain way, the claims' prior gives its size instead."""


@dataclass(frozen=True)
class DriverDraws:
    """What the drivers do in each future.

    Attributes
    ----------
    effects : DataArray (draw, driver)
        Log rate ratio at the peak; zero where the scenario has the driver absent.
    ways : int DataArray (draw, driver)
        Component of the prior that the driver follows in the end; the last is no effect.
    by_itself : int DataArray (draw, driver)
        The same before arrows with a lag have set it off.
    onsets : int DataArray (draw, driver)
        First month after the exit in which it acts.
    rest : DataArray (draw, outcome, horizon)
        Log rate ratio at home of what of the whole effect of the exit belongs to no driver; zero without an exit.
    """

    effects: xr.DataArray
    ways: xr.DataArray
    by_itself: xr.DataArray
    onsets: xr.DataArray
    rest: xr.DataArray

    def only(self, rows: np.ndarray) -> "DriverDraws":
        """Return some of the draws."""
        return DriverDraws(*(getattr(self, field.name).isel(draw=rows) for field in fields(self)))


def draws_from_claims(
    drivers: Drivers, priors: xr.Dataset, scenario: Scenario, draws: int, seed: int, *, as_of: str
) -> DriverDraws:
    """Return drivers as claims, arrows and the scenario have them, before any month after the exit is known.

    Parameters
    ----------
    drivers : Drivers
    priors : Dataset (driver, component)
        `weight`, `mean`, `sd` of the mixture and `branch` names; the last component is no effect.
    scenario : Scenario
        `from-claims` draws whether a driver happens, given its parents and what is observed; `happens` draws only its
        branches, `absent` gives zero.
    draws : int
    seed : int
        Root seed; a driver's streams depend on nothing but its name.
    """
    graph, states = states_from_claims(drivers, priors, scenario, draws, seed, as_of=as_of)
    names = list(graph.branches)
    values = np.zeros((draws, len(names)))
    for i, name in enumerate(names):
        values[:, i] = _sizes(priors.sel(driver=name), states[graph.final(name)], seed)
    values[:, _absent(names, scenario)] = 0.0
    held = {name: drivers[name] for name in names if name in drivers}
    onsets = _after_what_set_it_off(graph, states, drawn_onsets(held, scenario, draws, seed))
    return _as_draws(graph, states, values, onsets, rest_from_prior(priors, scenario, draws, seed))


def states_from_claims(
    drivers: Drivers, priors: xr.Dataset, scenario: Scenario, draws: int, seed: int, *, as_of: str
) -> tuple[DriverGraph, dict[str, np.ndarray]]:
    """Return the graph and the state of each of its nodes in every draw; parameters as in `draws_from_claims`."""
    graph = driver_graph(drivers, priors)
    luck = {node: _luck_of(node, draws, seed) for node in graph.network.nodes}
    seen = seen_in(drivers, graph, priors, scenario, as_of)
    return graph, _draw(graph, network_in(graph, priors, scenario), luck, seen)


def draws_after_data(
    drivers: Drivers, priors: xr.Dataset, posterior: xr.DataArray, scenario: Scenario, seed: int, *, as_of: str
) -> DriverDraws:
    """Return drivers as learnt from months after the exit, changed where the scenario says otherwise.

    The way each driver went in a draw is read off its learnt effect; the luck that this takes is worked out and kept;
    and the graph is run again with what the scenario does and observes (abduction, action, prediction: Pearl 2009,
    Causality, 7.1). A driver that goes the same way keeps its learnt effect. One that does not takes the effect of
    another draw in which it goes the new way, or of the claims' prior where there are too few of these. What is
    observed on top of the data maps luck through the conditional distribution, which is exact for independent luck and
    approximate after data. Onsets are the median ones, since the fit went by them.

    Parameters
    ----------
    drivers : Drivers
    priors : Dataset (driver, component)
        By the claims. The fit had them after the dated events up to `as_of`.
    posterior : DataArray (draw, driver)
        Learnt log rate ratios; those of the factors of the rest among them (`rest.fitted_rest`).
    scenario : Scenario
    seed : int
    """
    graph = driver_graph(drivers, priors)
    names, draws = list(graph.branches), posterior.sizes["draw"]
    fitted = priors_after_events(drivers, priors, as_of)
    went = {name: _way_taken(posterior.sel(driver=name).values, fitted.sel(driver=name), seed) for name in names}
    before = {node: went[node.removesuffix(LATER)] for node in graph.network.nodes}
    luck = graph.network.luck_behind(before, {node: _luck_of(node, draws, seed) for node in before})
    network = network_in(graph, _weights_as_learnt(priors, went, scenario), scenario)
    states = _draw(graph, network, luck, observed(graph, scenario))
    values = np.zeros((draws, len(names)))
    for i, name in enumerate(names):
        learnt, goes = posterior.sel(driver=name).values, states[graph.final(name)]
        values[:, i] = _learnt_sizes(learnt, went[name], goes, priors.sel(driver=name), seed)
    values[:, _absent(names, scenario)] = 0.0
    held = {name: drivers[name] for name in names if name in drivers}
    onsets = central_onsets(held, scenario, draws)
    return _as_draws(graph, states, values, onsets, rest_as_learnt(priors, posterior, scenario))


def component_shares(values: np.ndarray, prior: xr.Dataset) -> np.ndarray:
    """Return for each draw the probability that it belongs to each component of the prior, shape (draw, component).

    Parameters
    ----------
    values : array (draw,)
        Log rate ratios of one driver.
    prior : Dataset (component)
    """
    from scipy.stats import norm

    density = prior["weight"].values * norm.pdf(values[:, None], prior["mean"].values, prior["sd"].values)
    return density / density.sum(axis=1, keepdims=True)


def _as_draws(
    graph: DriverGraph,
    states: Mapping[str, np.ndarray],
    values: np.ndarray,
    onsets: xr.DataArray,
    rest: xr.DataArray,
) -> DriverDraws:
    names = list(graph.branches)

    def table(columns: list[np.ndarray], what: str) -> xr.DataArray:
        stacked = np.stack(columns, axis=1) if columns else np.zeros((len(values), 0), dtype=int)
        return _by_driver(stacked, names, what)

    ways = table([states[graph.final(name)] for name in names], "way")
    by_itself = table([states[name] for name in names], "way_by_itself")
    return DriverDraws(_by_driver(values, names, "driver_effect"), ways, by_itself, onsets, rest)


def _by_driver(values: np.ndarray, names: list[str], what: str) -> xr.DataArray:
    return xr.DataArray(values, dims=("draw", "driver"), coords={"driver": names}, name=what)


def _absent(names: list[str], scenario: Scenario) -> np.ndarray:
    return np.array([scenario.setting(name).state == "absent" for name in names], dtype=bool)


def _luck_of(node: str, draws: int, seed: int) -> np.ndarray:
    name, later = node.removesuffix(LATER), node.endswith(LATER)
    return stream(seed, "driver", name, "later" if later else "which").random(draws)


def _draw(
    graph: DriverGraph, network: Network, luck: Mapping[str, np.ndarray], evidence: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    return network.draw(luck, {graph.final(name): weights for name, weights in evidence.items()})


def _sizes(prior: xr.Dataset, ways: np.ndarray, seed: int) -> np.ndarray:
    luck = stream(seed, "driver", str(prior["driver"].values), "size").standard_normal(len(ways))
    return prior["mean"].values[ways] + prior["sd"].values[ways] * luck


def _after_what_set_it_off(graph: DriverGraph, states: Mapping[str, np.ndarray], onsets: xr.DataArray) -> xr.DataArray:
    """Let drivers that were set off later start after their parent: at the parent's onset plus the arrow's lag."""
    moved = onsets.copy()
    for name, arrows in graph.lagged.items():
        if arrows and name in onsets["driver"].values:
            set_off = states[graph.final(name)] != states[name]
            since = np.full(len(set_off), np.inf)
            for arrow in arrows:
                acts = states[arrow.driver] == graph.branches[arrow.driver].index(arrow.branch)
                start = onsets.sel(driver=arrow.driver).values + arrow.lag_months
                since = np.where(acts, np.minimum(since, start), since)
            own = onsets.sel(driver=name).values
            moved.loc[{"driver": name}] = np.where(set_off, np.maximum(own, since), own).astype(int)
    return moved


def _way_taken(values: np.ndarray, prior: xr.Dataset, seed: int) -> np.ndarray:
    """Return the component that each learnt effect belongs to, drawn by its share."""
    shares = component_shares(values, prior).cumsum(axis=1)
    luck = stream(seed, "driver", str(prior["driver"].values), "component").random(len(values))
    return (luck[:, None] >= shares / shares[:, -1:]).sum(axis=1)


def _weights_as_learnt(priors: xr.Dataset, went: Mapping[str, np.ndarray], scenario: Scenario) -> xr.Dataset:
    """Return priors in which a driver that is to happen, no matter how, goes its ways as often as it was learnt to."""
    weights = priors["weight"].values.astype(float).copy()
    for row, (name, ways) in enumerate(went.items()):
        counts = np.bincount(ways, minlength=weights.shape[1])
        anyhow = scenario.setting(name).state == "happens" and scenario.setting(name).branch is None
        if anyhow and counts[:-1].sum() >= FEWEST_INFORMED:
            weights[row] = counts / len(ways)
    return priors.assign(weight=(("driver", "component"), weights))


def _learnt_sizes(learnt: np.ndarray, went: np.ndarray, goes: np.ndarray, prior: xr.Dataset, seed: int) -> np.ndarray:
    name = str(prior["driver"].values)
    luck = stream(seed, "driver", name, "resample").random(len(learnt))
    from_claims = _sizes(prior, goes, seed)
    values = learnt.copy()
    for way in np.unique(goes[goes != went]):
        changed, alike = (goes == way) & (went != way), np.flatnonzero(went == way)
        if len(alike) < FEWEST_INFORMED:
            values[changed] = from_claims[changed]
        else:
            values[changed] = learnt[alike[(luck[changed] * len(alike)).astype(int)]]
    return values
