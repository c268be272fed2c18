"""A small discrete Bayesian network: exact probabilities by elimination, and joint draws from named luck.

Every node has a table of probabilities given its parents. Marginals are sums of products of tables (`numpy.einsum`
finds a good order). Draws go through the nodes in order: each takes the state at which the cumulative probability,
given what has been drawn so far and any evidence further on, passes its own uniform number. Evidence therefore needs no
weights and no rejection: all draws count the same, and keep their luck.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

_Axes = tuple[int, ...]

Evidence = Mapping[str, np.ndarray]
"""Node to one number for each of its states: 1 possible, 0 impossible, anything between or above a likelihood."""


@dataclass(frozen=True)
class Node:
    """One variable.

    Attributes
    ----------
    parents : tuple of str
    table : array
        One axis for each parent's states, then one for the node's own, along which it sums to one.
    """

    parents: tuple[str, ...]
    table: np.ndarray


@dataclass(frozen=True)
class Network:
    """Nodes by name, parents before children."""

    nodes: Mapping[str, Node]

    def marginal(self, names: Sequence[str], evidence: Evidence | None = None) -> np.ndarray:
        """Return the joint probability of some nodes given evidence, one axis for each name.

        Parameters
        ----------
        names : sequence of str
        evidence : mapping of node to array, optional

        Raises
        ------
        ZeroDivisionError
            If the evidence is impossible.
        """
        joint = self._joint(names, evidence or {})
        total = joint.sum()
        if total <= 0.0:
            raise ZeroDivisionError("the evidence has probability zero")
        return joint / total

    def probability(self, evidence: Evidence) -> float:
        """Return the probability of evidence (its expected likelihood)."""
        return float(self._joint((), evidence))

    def draw(self, luck: Mapping[str, np.ndarray], evidence: Evidence | None = None) -> dict[str, np.ndarray]:
        """Return states of all nodes in every draw, as integers.

        Parameters
        ----------
        luck : mapping of node to array (draw,)
            Uniform numbers of each node.
        evidence : mapping of node to array, optional
            What the draws are conditioned on.
        """
        evidence = evidence or {}
        relevant = self._ancestors(evidence)
        states: dict[str, np.ndarray] = {}
        for name in self.nodes:
            given, table = self._given_the_drawn(name, set(states), relevant, evidence)
            rows = table[tuple(states[other] for other in given)]
            states[name] = _inverse(np.broadcast_to(rows, (len(luck[name]), table.shape[-1])), luck[name])
        return states

    def log_probability(self, states: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the log probability of the states of all nodes, shape (draw,); minus infinity where impossible.

        Parameters
        ----------
        states : mapping of node to int array (draw,)
        """
        total = np.zeros(len(next(iter(states.values()))))
        with np.errstate(divide="ignore"):
            for name, node in self.nodes.items():
                total += np.log(node.table[(*(states[parent] for parent in node.parents), states[name])])
        return total

    def luck_behind(self, states: Mapping[str, np.ndarray], within: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return uniform numbers under which `draw` gives exactly these states.

        Parameters
        ----------
        states : mapping of node to int array (draw,)
            Every state must be possible given the parents' states.
        within : mapping of node to array (draw,)
            Uniform numbers that place each luck inside the interval that leads to its state.
        """
        luck = {}
        for name, node in self.nodes.items():
            rows = node.table[tuple(states[parent] for parent in node.parents)]
            bounds = np.broadcast_to(rows, (len(states[name]), node.table.shape[-1])).cumsum(axis=1)
            bounds = np.concatenate([np.zeros((len(bounds), 1)), bounds / bounds[:, -1:]], axis=1)
            draws = np.arange(len(bounds))
            low, high = bounds[draws, states[name]], bounds[draws, states[name] + 1]
            luck[name] = np.minimum(low + within[name] * (high - low), np.nextafter(high, low))
        return luck

    def _ancestors(self, names: Iterable[str]) -> set[str]:
        found = set(names)
        for name in reversed(list(self.nodes)):
            if name in found:
                found |= set(self.nodes[name].parents)
        return found

    def _joint(self, names: Sequence[str], evidence: Evidence) -> np.ndarray:
        if not names and not evidence:
            return np.ones(())
        wanted = self._ancestors([*names, *evidence])
        factors = [((*node.parents, name), node.table) for name, node in self.nodes.items() if name in wanted]
        factors += [((name,), np.asarray(weights, dtype=float)) for name, weights in evidence.items()]
        return _sum_of_products(factors, tuple(names))

    def _given_the_drawn(
        self, name: str, drawn: set[str], relevant: set[str], evidence: Evidence
    ) -> tuple[tuple[str, ...], np.ndarray]:
        """Return what a node depends on among the drawn nodes, and its probabilities given them and the evidence."""
        node = self.nodes[name]
        factors = [((*node.parents, name), node.table)]
        open_nodes = {name}
        if name in relevant:
            waiting = [n for n in self.nodes if n in relevant and n not in drawn and n != name]
            while reached := [n for n in waiting if open_nodes & {n, *self.nodes[n].parents}]:
                for other in reached:
                    waiting.remove(other)
                    factors.append(((*self.nodes[other].parents, other), self.nodes[other].table))
                    open_nodes |= {other, *self.nodes[other].parents} - drawn
            factors += [((n,), np.asarray(w, dtype=float)) for n, w in evidence.items() if n in open_nodes]
        given = tuple(n for n in self.nodes if n in drawn and any(n in names for names, _ in factors))
        joint = _sum_of_products(factors, (*given, name))
        total = joint.sum(axis=-1, keepdims=True)
        return given, np.divide(joint, total, out=np.zeros_like(joint), where=total > 0)


def _sum_of_products(factors: Sequence[tuple[tuple[str, ...], np.ndarray]], keep: tuple[str, ...]) -> np.ndarray:
    names = list(dict.fromkeys(name for axes, _ in factors for name in axes))
    number = {name: i for i, name in enumerate(names)}
    axes = tuple(tuple(number[name] for name in own) for own, _ in factors)
    tables = [table for _, table in factors]
    kept = tuple(number[name] for name in keep)
    order = _contraction_order(axes, tuple(table.shape for table in tables), kept)
    return np.einsum(*_alternating(tables, axes), kept, optimize=order)


@lru_cache(maxsize=1024)
def _contraction_order(axes: tuple[_Axes, ...], shapes: tuple[tuple[int, ...], ...], kept: _Axes) -> list:
    """Return numpy's greedy order; kept, because finding it takes longer than following it."""
    tables = [np.broadcast_to(0.0, shape) for shape in shapes]
    return np.einsum_path(*_alternating(tables, axes), kept, optimize="greedy")[0]


def _alternating(tables: Sequence[np.ndarray], axes: Sequence[_Axes]) -> list:
    """Return tables and their axes by turns, as einsum takes them."""
    return [item for pair in zip(tables, axes, strict=True) for item in pair]


def _inverse(rows: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Return the first state whose cumulative probability is above the luck."""
    bounds = rows.cumsum(axis=1)
    # divided by their last so that no rounding can draw a state whose probability is zero
    return (luck[:, None] >= bounds / bounds[:, -1:]).sum(axis=1)
