"""The drivers as a causal graph: arrows change how likely a driver is, and leave its overall probability alone.

A driver's chance of going one way or another comes from claims and evidence. Arrows add no belief about it; they say
how it hangs together with other drivers. So each branch gets an intercept that makes the average over all states of the
parents equal to the claims' prior, exactly. With the arrows, drivers still happen as often as the claims say, but bad
futures come together.

Arrows with a lag are a second chance: a driver that has not happened by itself is set off later by what its parents
did by themselves. They look at the first round only, so they may close a circle. The claims' prior is the probability
that a driver happens in either round.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import xarray as xr

from ..core.errors import InputError
from ..schema.arrows import Arrow, causal_order
from ..schema.driver import Driver
from .network import Network, Node

LATER = "/later"
_ENOUGH = 1e-12
_ROUNDS = 400

_Arrows = tuple[tuple[str, tuple[Arrow, ...]], ...]
_Branches = tuple[tuple[str, ...], ...]
_Weights = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class DriverGraph:
    """The drivers' joint prior.

    Attributes
    ----------
    network : Network
        A node for each driver (what it does by itself) and one more, named `<id>/later`, where lagged arrows lead to
        it.
    branches : dict of str to tuple of str
        What each state of a driver is called; the last is no effect.
    lagged : dict of str to tuple of Arrow
        Arrows into each driver that act after a lag.
    """

    network: Network
    branches: dict[str, tuple[str, ...]]
    lagged: dict[str, tuple[Arrow, ...]]

    def final(self, driver: str) -> str:
        """Return the node that holds how a driver ends up."""
        return driver + LATER if self.lagged.get(driver) else driver

    def marginals(self, evidence: Mapping[str, np.ndarray] | None = None) -> dict[str, np.ndarray]:
        """Return the probability of each way of each driver, given evidence on how drivers end up."""
        by_node = {self.final(name): weights for name, weights in (evidence or {}).items()}
        return {name: self.network.marginal([self.final(name)], by_node) for name in self.branches}


def driver_graph(drivers: Mapping[str, Driver], priors: xr.Dataset) -> DriverGraph:
    """Return the joint prior of all drivers.

    Parameters
    ----------
    drivers : mapping of id to Driver
        Arrows from drivers that `priors` does not hold are left out.
    priors : Dataset (driver, component)
        `weight` and `branch`; the last component is no effect.

    Raises
    ------
    InputError
        If the arrows into a driver are too strong for the probability that the claims give it.
    """
    names = [str(name) for name in priors["driver"].values]
    held = set(names)
    arrows = tuple(
        (name, tuple(arrow for arrow in drivers[name].parents if arrow.driver in held) if name in drivers else ())
        for name in names
    )
    branches = tuple(tuple(str(b) for b in row) for row in priors["branch"].values)
    weights = tuple(tuple(float(w) for w in row) for row in priors["weight"].values)
    return _calibrated(arrows, branches, weights)


@lru_cache(maxsize=64)
def _calibrated(arrows: _Arrows, branches: _Branches, weights: _Weights) -> DriverGraph:
    instant = _instant_arrows(arrows, branches)
    wanted = {name: np.array(row) for (name, _), row in zip(arrows, weights, strict=True)}
    lagged = {name: tuple(a for a in some if a.lag_months) for name, some in arrows}
    by_itself = {name: row.copy() for name, row in wanted.items()}
    for _ in range(_ROUNDS):
        graph = DriverGraph(_network(instant, by_itself, lagged), instant.ways, lagged)
        gap = 0.0
        for name, some in lagged.items():
            if some:
                missed = wanted[name] - graph.network.marginal([graph.final(name)])
                by_itself[name] = by_itself[name] + missed
                gap = max(gap, float(np.abs(missed).max()))
                if (by_itself[name] < 0.0).any():
                    raise _too_strong(name, some[0].moves)
        if gap < _ENOUGH:
            return graph
    raise InputError("scenarios/drivers.yaml: the probabilities of drivers in a circle of arrows do not settle.")


def _too_strong(name: str, branch: str) -> InputError:
    return InputError(
        f"scenarios/drivers.yaml: the arrows with a lag into {name} set off {branch} more often than its claims give "
        "it probability for. Lower their chance."
    )


def _network(
    instant: "_InstantArrows", by_itself: dict[str, np.ndarray], lagged: dict[str, tuple[Arrow, ...]]
) -> Network:
    nodes = instant.nodes(by_itself)
    for name in instant.order:
        if lagged[name]:
            nodes[name + LATER] = _later_node(name, lagged[name], instant.ways, by_itself)
    return Network(nodes)


@lru_cache(maxsize=4)
def _instant_arrows(arrows: _Arrows, branches: _Branches) -> "_InstantArrows":
    return _InstantArrows(arrows, branches)


class _InstantArrows:
    """Drivers as their arrows without a lag tie them, whatever their probabilities.

    A node hangs on the probabilities of its own driver and of those before it in the graph. Nodes are kept by these,
    because priors that differ in a few drivers, and rounds of the calibration, share most of them.
    """

    def __init__(self, arrows: _Arrows, branches: _Branches) -> None:
        into = dict(arrows)
        self.order = causal_order(into)
        self.ways = dict(zip(into, branches, strict=True))
        self._parents: dict[str, tuple[str, ...]] = {}
        self._factors: dict[str, np.ndarray] = {}
        self._line: dict[str, list[str]] = {}
        for name in self.order:
            instant = [arrow for arrow in into[name] if arrow.lag_months == 0]
            parents = tuple(dict.fromkeys(arrow.driver for arrow in instant))
            before = {one for parent in parents for one in self._line[parent]}
            self._parents[name] = parents
            self._factors[name] = _odds_factors(name, instant, parents, self.ways)
            self._line[name] = [one for one in self.order if one in before or one == name]
        self._node = lru_cache(maxsize=4096)(self._calibrated_node)

    def nodes(self, by_itself: Mapping[str, np.ndarray]) -> dict[str, Node]:
        """Return a node for each driver whose mean over the states of its parents is as given."""
        rows = {name: tuple(by_itself[name].tolist()) for name in self.order}
        return {name: self._node(name, tuple(rows[one] for one in self._line[name])) for name in self.order}

    def _calibrated_node(self, name: str, rows: _Weights) -> Node:
        before = dict(zip(self._line[name], rows, strict=True))
        parents = self._parents[name]
        nodes = {
            one: self._node(one, tuple(before[other] for other in self._line[one]))
            for one in self._line[name]
            if one != name
        }
        share = Network(nodes).marginal(parents) if parents else np.ones(())
        return Node(parents, _with_margin(self._factors[name], share, np.array(before[name])))


def _odds_factors(
    name: str, arrows: list[Arrow], parents: tuple[str, ...], ways: dict[str, tuple[str, ...]]
) -> np.ndarray:
    """Return by how much each state of the parents multiplies the odds of each way, one axis for each parent."""
    factor = np.ones((*(len(ways[parent]) for parent in parents), len(ways[name])))
    for arrow in arrows:
        index: list = [slice(None)] * factor.ndim
        index[parents.index(arrow.driver)] = ways[arrow.driver].index(arrow.branch)
        index[-1] = ways[name].index(arrow.moves)
        factor[tuple(index)] *= arrow.odds_ratio or 1.0
    return factor


def _with_margin(factor: np.ndarray, share: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return probabilities proportional to `factor` times an own weight of each way, so that their mean is `wanted`.

    Scaling the own weights in turn (iterative proportional fitting) converges, because more weight for one way raises
    its mean and lowers that of all others.
    """
    own = wanted.copy()
    for _ in range(10_000):
        table = factor * own
        table = table / table.sum(axis=-1, keepdims=True)
        mean = (share[..., None] * table).reshape(-1, len(wanted)).sum(axis=0)
        if np.abs(mean - wanted).max() < 1e-14:
            break
        own = own * np.divide(wanted, mean, out=np.zeros_like(wanted), where=mean > 0)
    return table


def _later_node(
    name: str, arrows: tuple[Arrow, ...], ways: dict[str, tuple[str, ...]], by_itself: dict[str, np.ndarray]
) -> Node:
    """Return how a driver ends up, given what it and its lagged parents did by themselves."""
    parents = tuple(dict.fromkeys(arrow.driver for arrow in arrows))
    moved = ways[name].index(arrows[0].moves)
    stays_away = np.ones(tuple(len(ways[parent]) for parent in parents))
    if by_itself[name][moved] > 0.0:  # a branch that no claim speaks for is not set off either
        for arrow in arrows:
            index: list = [slice(None)] * len(parents)
            index[parents.index(arrow.driver)] = ways[arrow.driver].index(arrow.branch)
            stays_away[tuple(index)] *= 1.0 - (arrow.chance or 0.0)
    size = len(ways[name])
    table = np.zeros((*stays_away.shape, size, size))
    for state in range(size - 1):
        table[..., state, state] = 1.0
    table[..., -1, -1] = stays_away
    table[..., -1, moved] = 1.0 - stays_away
    return Node((*parents, name), table)
