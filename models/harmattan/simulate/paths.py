"""Joint futures of all countries and outcomes, month by month, in numpy over many draws at once.

Every draw has its own parameters and its own noise; the noise of a month, country and outcome is one uniform number
from a stream of that name, turned into a count by the inverse of the distribution, and one step of the drift. Two
scenarios therefore share all their luck, and their difference is not Monte Carlo noise.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import batched, pairwise

import numpy as np
import xarray as xr

from ..model.specification import ModelSpecification
from .futures import LogEffects, SomeFutures
from .luck import Lot, MonthOfLuck
from .rates import DrawsOfRate
from .start import StartState

THREADS = 2

BLOCK = 500
"""Futures that a thread simulates together, at most: with more, a month's arrays leave the processor's caches. No
future depends on it."""


@dataclass(frozen=True)
class Paths:
    """Simulated futures.

    Attributes
    ----------
    deaths : DataArray (draw, month, country, outcome)
        Deaths per month.
    expected : DataArray (month, country, outcome)
        Mean over draws of the expected deaths per month.
    imported : DataArray (month, country, neighbour, outcome)
        Mean over draws of the expected deaths that the neighbours' memory adds in that month.
    bounded_share : float
        Share of simulated rates that met the model's ceiling.
    """

    deaths: xr.DataArray
    expected: xr.DataArray
    imported: xr.DataArray
    bounded_share: float


def simulate_paths(
    parameters: xr.Dataset,
    start: StartState,
    border_weights: xr.DataArray,
    months: Sequence[str],
    spec: ModelSpecification,
    seed: int,
    log_effects: LogEffects | None = None,
    progress: Callable[[float], None] | None = None,
    only: np.ndarray | None = None,
    hold_neighbours: bool = False,
    lot: Lot | None = None,
) -> Paths:
    """Return joint futures.

    Parameters
    ----------
    parameters : Dataset (draw, country, outcome)
        `Posterior.take(draws, seed)`.
    start : StartState
    border_weights : DataArray (country, neighbour)
    months : sequence of str
        Months to simulate, the first right after the panel.
    spec : ModelSpecification
    seed : int
        Root seed of the noise.
    log_effects : LogEffects or array (draw, month, country, outcome), optional
        Sum of driver effects on the log rate, of the futures that are simulated; none by default.
    progress : callable, optional
        Called with the share that is done.
    only : int array, optional
        Rows of the futures to simulate, at least one, rising; each comes out as it would among all. All by default.
    hold_neighbours : bool
        Whether what crosses borders stays, in every month, as it is remembered at the start.
    lot : Lot, optional
        What chance decides; by default what it does under that seed.
    """
    countries, outcomes = (tuple(str(name) for name in parameters[dim].values) for dim in ("country", "outcome"))
    lot = lot or Lot(seed, tuple(months), start.known_by, outcomes, spec)
    draws = parameters.sizes["draw"] if only is None else len(only)
    counts = np.empty((draws, len(months), len(countries), len(outcomes)), dtype=np.int32)
    expected = np.zeros(counts.shape[1:])
    imported = np.zeros((len(months), len(countries), len(countries), len(outcomes)))
    bounded, groups = 0, _groups(draws)
    ends = [slice(group[0].start, group[-1].stop) for group in groups]
    if only is None:
        lucks = lot.drawn([end.stop - end.start for end in ends])
    else:
        lucks = lot.of_some([only[end] for end in ends], parameters.sizes["draw"])

    def futures(part: slice) -> SomeFutures:
        rows = part if only is None else only[part]
        own = DrawsOfRate.of(parameters, spec, rows)
        return SomeFutures(own, start, rows, border_weights.values, log_effects, part, counts[part], hold_neighbours)

    with ThreadPoolExecutor(THREADS + 1) as pool:
        for number, (group, luck) in enumerate(zip(groups, lucks, strict=True)):
            together = [futures(part) for part in group]
            for month in _lived(pool, together, luck, len(months)):
                if progress is not None:
                    progress((number + (month + 1) / len(months)) / len(groups))
            for some in together:
                expected += some.expected
                imported += some.imported
                bounded += some.bounded
    coords = {"month": list(months), "country": list(countries), "outcome": list(outcomes)}
    units = {"units": "deaths per month"}
    return Paths(
        xr.DataArray(counts, coords, ("draw", "month", "country", "outcome"), "deaths", units),
        xr.DataArray(expected / draws, coords, ("month", "country", "outcome"), "expected", units),
        xr.DataArray(
            imported / draws,
            coords | {"neighbour": list(countries)},
            ("month", "country", "neighbour", "outcome"),
            "imported",
            units,
        ),
        bounded / counts.size,
    )


def _groups(draws: int) -> list[tuple[slice, ...]]:
    """Return the futures that each thread simulates together, by group of threads at work."""
    bounds = np.linspace(0, draws, max(THREADS, -(-draws // BLOCK)) + 1).astype(int)
    return list(batched((slice(int(a), int(b)) for a, b in pairwise(bounds) if b > a), THREADS))


def _lived(pool: Executor, together: Sequence[SomeFutures], luck: Iterator[MonthOfLuck], months: int) -> Iterator[int]:
    """Let futures go through their months side by side, and yield each month when it is over.

    The luck of a month is drawn while they go through the one before, so that no more of it is there than of two.
    """
    first = together[0].part.start
    coming = pool.submit(next, luck)
    for month in range(months):
        now = coming.result()
        if month + 1 < months:
            coming = pool.submit(next, luck)
        lives = [
            pool.submit(some.live, month, now.of(slice(some.part.start - first, some.part.stop - first)))
            for some in together
        ]
        for life in lives:
            life.result()
        yield month
