"""What the exploring page computes with, frozen: totals and driver states of every future, and the drivers' graph.

Totals are rounded up to a grid whose steps are one up to 100 and at most 2.5 % above, and on which every whole number
with two significant figures lies. So the share of futures above such a number is exact, and quantiles are at most 2.5 %
too high. States and probabilities are not rounded.
"""

import json
import zlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import xarray as xr

from ..drivers.assumptions import known_by
from ..drivers.graph import LATER, DriverGraph, driver_graph
from ..risk.measures import first_months
from ..run.results import Forecast
from .windows_told import windows_told

FIRST_MONTHS = 12
"""Months of the window that counts from the beginning of the run."""

FIRST_WINDOW = "first"
"""Name of that window among the horizons."""

FEWEST_SPEAKING = 100
"""With a smaller effective number of futures the page shows no number: the standard error of a share of a half would
pass 5 in 100."""

_DECADES = 7
_STEP = 100
"""By so many futures fewer are kept where all of them are too large."""


@dataclass(frozen=True)
class ExploreNumbers:
    """The page's numbers.

    Attributes
    ----------
    windows : dict of str to list of str
        Months that each total adds up, by window.
    scenarios : tuple of dict
        `id`, `prior` (driver, state), `open` (drivers whose way it leaves to claims), `observed` (what it observes),
        `evidence` of dated events and `settled`, the ways that these leave alone.
    drivers : tuple of str
        Ids, in the order of priors.
    nodes : tuple of str
        Nodes of the drivers' graph: drivers by themselves, and those that end up otherwise (`<id>/later`).
    arrows : tuple of dict
        `to`, `from`, `branch`, `moves` (states), `odds` or, where `lag`, `chance`.
    codes : uint16 array (scenario, window, country, outcome, draw)
        Places of the totals on `grid()`.
    states : uint8 array (scenario, node, draw)
        The last state is no effect.
    learnt : bool
        Whether drivers were learnt from months after the exit.
    """

    windows: dict[str, list[str]]
    scenarios: tuple[dict[str, Any], ...]
    drivers: tuple[str, ...]
    nodes: tuple[str, ...]
    arrows: tuple[dict[str, Any], ...]
    codes: np.ndarray
    states: np.ndarray
    learnt: bool

    def payload(self) -> dict[str, Any]:
        """Return all of it in plain types; arrays as base64 of zlib (see `packed_codes`)."""
        return {
            "windows": list(self.windows),
            "scenarios": list(self.scenarios),
            "drivers": list(self.drivers),
            "nodes": list(self.nodes),
            "arrows": list(self.arrows),
            "shape": list(self.codes.shape),
            "codes": packed_codes(self.codes),
            "states": _packed(self.states),
            "learnt": self.learnt,
            "fewest": FEWEST_SPEAKING,
        }

    def totals(self) -> np.ndarray:
        """Return the totals as the page has them, shape of `codes`."""
        return grid()[self.codes]

    @property
    def draws(self) -> int:
        """Number of futures."""
        return int(self.codes.shape[-1])

    def size(self) -> int:
        """Return the bytes of the payload as JSON."""
        return len(canonical(self.payload()).encode())

    def keeping(self, count: int, ranked: np.ndarray) -> "ExploreNumbers":
        """Return the same with fewer futures, evenly spaced by what they are ranked by, in their old order.

        Spacing them keeps the share of futures above any value of that ranking within 1 in `count` (systematic
        sampling); what is not ranked is thinned as by chance.

        Parameters
        ----------
        count : int
            Futures to keep.
        ranked : array (draw,)
        """
        if count >= self.draws:
            return self
        places = ((np.arange(count) + 0.5) * self.draws / count).astype(int)
        kept = np.sort(np.argsort(ranked, kind="stable")[places])
        return replace(self, codes=self.codes[..., kept], states=self.states[..., kept])

    def within(self, size: int, ranked: np.ndarray) -> "ExploreNumbers":
        """Return as many futures, in whole hundreds, as the payload may hold; at least as many as must speak.

        Parameters
        ----------
        size : int
            Bytes.
        ranked : array (draw,)
            See `keeping`.
        """
        all_of_it = self.size()
        if all_of_it <= size:
            return self
        count = max(self.draws * size // all_of_it // _STEP, FEWEST_SPEAKING // _STEP)  # a future takes much the same
        fits = self._fits(count, size, ranked)
        while count > FEWEST_SPEAKING // _STEP and not fits:
            count, fits = count - 1, self._fits(count - 1, size, ranked)
        while fits and self._fits(count + 1, size, ranked):
            count += 1
        return self.keeping(count * _STEP, ranked)

    def _fits(self, hundreds: int, size: int, ranked: np.ndarray) -> bool:
        return self.keeping(hundreds * _STEP, ranked).size() <= size


@cache
def grid() -> np.ndarray:
    """Return the numbers that totals are rounded up to: each number to 100, then steps of 2, 5 and 10 % of a decade."""
    numbers = list(range(101))
    for decade in (100 * 10**power for power in range(_DECADES)):
        for first, last, step in ((1, 2, 0.02), (2, 5, 0.05), (5, 10, 0.1)):
            width = round(decade * step)
            numbers += range(first * decade + width, last * decade + 1, width)
    return np.array(numbers)


def explore_numbers(forecasts: Sequence[Forecast]) -> ExploreNumbers:
    """Return the numbers of paired forecasts.

    Parameters
    ----------
    forecasts : sequence of Forecast
        Of the same months, draws and seed.
    """
    first = forecasts[0]
    windows = {FIRST_WINDOW: first.months[:FIRST_MONTHS]} | windows_told(first)
    graphs = [driver_graph(run.ground.register.drivers, run.ground.priors) for run in forecasts]
    return ExploreNumbers(
        windows=windows,
        scenarios=tuple(_scenario(run, graph) for run, graph in zip(forecasts, graphs, strict=True)),
        drivers=tuple(graphs[0].branches),
        nodes=tuple(graphs[0].network.nodes),
        arrows=_arrows(first, graphs[0]),
        codes=np.stack([_codes(run, windows) for run in forecasts]),
        states=np.stack([_states(run, graph) for run, graph in zip(forecasts, graphs, strict=True)]),
        learnt=first.posterior.has_drivers,
    )


def packed_codes(codes: np.ndarray) -> str:
    """Return codes as text: those of the first scenario, then differences to it, low bytes before high bytes.

    Paired scenarios differ in few cells, so differences are mostly zero. They are taken modulo 65,536.
    """
    apart = np.concatenate([codes[:1], codes[1:] - codes[:1]])
    low, high = (apart & 255).astype(np.uint8), (apart >> 8).astype(np.uint8)
    return _packed(np.stack([low, high]))


def _packed(values: np.ndarray) -> str:
    return b64encode(zlib.compress(values.tobytes(), 6)).decode()


def _codes(run: Forecast, windows: dict[str, list[str]]) -> np.ndarray:
    """Return the places of one forecast's totals on the grid, shape (window, country, outcome, draw)."""
    parts = [_total(run, name, months) for name, months in windows.items()]
    totals = np.stack([part.transpose("country", "outcome", "draw").values for part in parts])
    return np.searchsorted(grid(), totals).astype(np.uint16)


def _total(run: Forecast, window: str, months: list[str]) -> xr.DataArray:
    if window == FIRST_WINDOW:
        return first_months(run.deaths, FIRST_MONTHS)
    return run.deaths.sel(month=months).sum("month")


def _states(run: Forecast, graph: DriverGraph) -> np.ndarray:
    """Return the state of each node in every future, shape (node, draw)."""
    rows = [
        (run.drivers.ways if node.endswith(LATER) else run.drivers.by_itself)
        .sel(driver=node.removesuffix(LATER))
        .values
        for node in graph.network.nodes
    ]
    draws = run.deaths.sizes["draw"]
    return np.stack(rows).astype(np.uint8) if rows else np.zeros((0, draws), dtype=np.uint8)


def _scenario(run: Forecast, graph: DriverGraph) -> dict[str, Any]:
    scenario, drivers = run.scenario, run.ground.register.drivers
    known = known_by(drivers, graph, run.clock.as_of)
    settled = {name: graph.branches[name][int(says.argmax())] for name, says in known.items() if (says > 0).sum() == 1}
    open_ones = [name for name in graph.branches if scenario.setting(name).state == "from-claims"]
    return {
        "id": scenario.id,
        "prior": run.ground.priors["weight"].values.astype(float).tolist(),
        "open": open_ones,
        "observed": dict(scenario.drivers.observe),
        "settled": {name: way for name, way in settled.items() if name in open_ones},
        "evidence": {name: says.tolist() for name, says in known.items() if name in open_ones},
    }


def _arrows(run: Forecast, graph: DriverGraph) -> tuple[dict[str, Any], ...]:
    drivers, ways = run.ground.register.drivers, graph.branches
    return tuple(
        {
            "to": name,
            "from": arrow.driver,
            "branch": ways[arrow.driver].index(arrow.branch),
            "moves": ways[name].index(arrow.moves),
            "odds": arrow.odds_ratio,
            "lag": arrow.lag_months,
            "chance": arrow.chance,
        }
        for name in ways
        if name in drivers
        for arrow in drivers[name].parents
        if arrow.driver in ways
    )


def canonical(data: Any) -> str:
    """Return plain data as JSON that may stand inside a script element; the same data give the same text."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
