"""What a scenario assumes of the graph: doing sets drivers and cuts their parents; observing conditions on them.

`do` answers "what if it were made to happen": only what the driver brings about changes. `observe` answers "what if we
learnt that it happens": what makes it likely becomes likelier too, and all that hangs on that.
"""

import numpy as np
import xarray as xr

from ..case.drivers import Drivers
from ..core.errors import InputError
from ..panel.events import happened_by
from ..schema.scenario import Scenario
from .graph import LATER, DriverGraph, driver_graph
from .network import Network, Node


def network_in(graph: DriverGraph, priors: xr.Dataset, scenario: Scenario) -> Network:
    """Return the graph's network with every driver that the scenario sets cut off from its parents.

    Parameters
    ----------
    graph : DriverGraph
    priors : Dataset (driver, component)
    scenario : Scenario

    Raises
    ------
    InputError
        If a driver or branch is to happen that no claim in use supports.
    """
    nodes = dict(graph.network.nodes)
    for name in graph.branches:
        if scenario.setting(name).state != "from-claims":
            weights = _weights_when_set(name, priors, scenario)
            nodes[name] = Node((), weights)
            if graph.lagged[name]:
                nodes[name + LATER] = Node((name,), np.eye(len(weights)))
    return Network(nodes)


def seen_in(
    drivers: Drivers, graph: DriverGraph, priors: xr.Dataset, scenario: Scenario, as_of: str
) -> dict[str, np.ndarray]:
    """Return what the draws of a scenario are conditioned on: dated events up to `as_of`, and what it observes.

    Events say nothing of drivers that the scenario sets.

    Raises
    ------
    InputError
        If all of it together cannot be under what is done and the claims in use.
    """
    known = known_by(drivers, graph, as_of)
    evidence = {name: says for name, says in known.items() if scenario.setting(name).state == "from-claims"}
    return _checked(graph, priors, scenario, evidence | observed(graph, scenario))


def observed(graph: DriverGraph, scenario: Scenario) -> dict[str, np.ndarray]:
    """Return what the scenario observes, as evidence on how drivers end up (by driver id)."""
    seen = scenario.drivers.observe
    return {name: _possible(ways, seen[name]) for name, ways in graph.branches.items() if name in seen}


def priors_after_events(drivers: Drivers, priors: xr.Dataset, as_of: str) -> xr.Dataset:
    """Return priors whose weights are what the graph makes of the dated events up to `as_of`; sizes stay as they are.

    Parameters
    ----------
    drivers : Drivers
    priors : Dataset (driver, component)
    as_of : str
        `YYYY-MM`.

    Raises
    ------
    InputError
        If an event settles a branch that no claim in use supports.
    """
    graph = driver_graph(drivers, priors)
    known = known_by(drivers, graph, as_of)
    if not known:
        return priors
    try:
        marginals = graph.marginals(known)
    except ZeroDivisionError:
        raise InputError(
            f"scenarios/drivers.yaml: the events up to {as_of} settle a branch that no claim in use supports "
            f"(events of {', '.join(known)}). Take the event out, or use the claims that were left out."
        ) from None
    weights = np.stack([marginals[str(name)] for name in priors["driver"].values])
    return priors.assign(weight=(("driver", "component"), weights))


def known_by(drivers: Drivers, graph: DriverGraph, as_of: str) -> dict[str, np.ndarray]:
    """Return what dated events up to the end of `as_of` say of the drivers, as evidence by driver id.

    Parameters
    ----------
    drivers : Drivers
    graph : DriverGraph
    as_of : str
        `YYYY-MM`; nothing that happened later is used.
    """
    named = {event.event for name in graph.branches if name in drivers for event in drivers[name].events}
    known = happened_by({event: drivers.events[event] for event in named}, as_of)
    evidence: dict[str, np.ndarray] = {}
    for name, ways in graph.branches.items():
        for event in drivers[name].events if name in drivers else ():
            if event.event in known:
                says = np.ones(len(ways))
                if event.odds_ratio is None:
                    says = _possible(ways, event.branch)
                else:
                    says[ways.index(event.branch)] = event.odds_ratio
                evidence[name] = evidence.get(name, np.ones(len(ways))) * says
    return evidence


def probability_of(graph: DriverGraph, scenario: Scenario) -> float | None:
    """Return how likely it is by the claims that drivers go as the scenario sets or observes them, all at once.

    None where the scenario sets none, or is a world in which drivers are absent unless it says otherwise: claims speak
    of what follows from the exit. Timing, places and strength are not counted.
    """
    if scenario.drivers.default != "from-claims":
        return None
    evidence = {}
    for name, ways in graph.branches.items():
        setting = scenario.drivers.set.get(name)
        if setting is not None and setting.state in ("happens", "absent"):
            seen = setting.branch or str(setting.state)
            evidence[graph.final(name)] = _possible(ways, seen)
        elif name in scenario.drivers.observe:
            evidence[graph.final(name)] = _possible(ways, scenario.drivers.observe[name])
    return graph.network.probability(evidence) if evidence else None


def _checked(
    graph: DriverGraph, priors: xr.Dataset, scenario: Scenario, evidence: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    by_node = {graph.final(name): weights for name, weights in evidence.items()}
    if evidence and network_in(graph, priors, scenario).probability(by_node) <= 0.0:
        raise InputError(
            f"Scenario {scenario.id}: what is observed of {', '.join(evidence)} cannot be all together under what "
            "drivers.do sets and the claims in use. Observe something else, or use the claims that were left out."
        )
    return evidence


def _possible(ways: tuple[str, ...], seen: str) -> np.ndarray:
    """Return 1 for each way that `happens`, `absent` or a branch's name allows, else 0."""
    allowed = np.zeros(len(ways))
    if seen == "happens":
        allowed[:-1] = 1.0
    elif seen == "absent":
        allowed[-1] = 1.0
    else:
        allowed[ways.index(seen)] = 1.0
    return allowed


def _weights_when_set(name: str, priors: xr.Dataset, scenario: Scenario) -> np.ndarray:
    setting, prior = scenario.setting(name), priors.sel(driver=name)
    ways = tuple(str(branch) for branch in prior["branch"].values)
    seen = setting.branch or str(setting.state)
    if seen not in ("happens", "absent") and seen not in ways:
        weights = np.zeros(len(ways))
    else:
        allowed = _possible(ways, seen)
        weights = allowed if seen == "absent" else allowed * prior["weight"].values.astype(float)
    if weights.sum() == 0.0:
        asked = f"its branch {setting.branch}" if setting.branch is not None else "any of its branches"
        raise InputError(
            f"Scenario {scenario.id}: drivers.set.{name} takes {asked} to happen, but no claim that is used supports "
            "it, so its size is unknown. Set the driver to absent, or use the claims that were left out."
        )
    return weights / weights.sum()
