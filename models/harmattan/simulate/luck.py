"""What chance decides of futures: the noise of every count and the steps of drift, month by month.

Every month, unit and outcome has two streams of its own name, which hand out a number for each future. So a scenario, a
month or a unit more changes no other number, nor does it matter how many futures are drawn at once: a stream goes on
where it stopped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from ..core.randomness import stream
from ..model.specification import ModelSpecification
from .drift import next_drift

KEPT_LUCK = 256_000_000
"""Bytes of luck, at most, that stay in memory for the next time that some futures are simulated again."""


@dataclass(frozen=True)
class MonthOfLuck:
    """What chance decides in a month, shape (country, outcome, draw).

    Attributes
    ----------
    uniform : array
        Noise of counts, 0 to 1.
    drift : array
        Of the log rate of a series of average volatility.
    """

    uniform: np.ndarray
    drift: np.ndarray

    def of(self, rows: slice | np.ndarray) -> "MonthOfLuck":
        """Return the luck of some futures."""
        return MonthOfLuck(self.uniform[..., rows], self.drift[..., rows])


@dataclass(frozen=True)
class Lot:
    """Whose luck it is.

    Attributes
    ----------
    seed : int
    months, units, outcomes : tuple of str
        Units as streams know them (`core.randomness.known_by`).
    spec : ModelSpecification
    """

    seed: int
    months: tuple[str, ...]
    units: tuple[str, ...]
    outcomes: tuple[str, ...]
    spec: ModelSpecification

    def drawn(self, sizes: Sequence[int]) -> Iterator[Iterator[MonthOfLuck]]:
        """Yield the months of so many futures, then those of so many more; each part is to be drawn to its end."""
        streams: dict[tuple[str, str], list[np.random.Generator]] = {}

        def streams_of(kind: str, month: str, last: bool) -> list[np.random.Generator]:
            found = streams.pop((kind, month), None) or [
                stream(self.seed, kind, unit, outcome, month) for unit in self.units for outcome in self.outcomes
            ]
            if not last:
                streams[kind, month] = found
            return found

        def months_of(size: int, last: bool) -> Iterator[MonthOfLuck]:
            shape = (len(self.units), len(self.outcomes), size)
            drift = np.zeros(shape)
            for number, month in enumerate(self.months):
                uniform, step = np.empty(shape), np.empty(shape)
                for one, row in zip(streams_of("noise", month, last), uniform.reshape(-1, size), strict=True):
                    one.random(out=row)
                if number:
                    for one, row in zip(streams_of("drift", month, last), step.reshape(-1, size), strict=True):
                        one.standard_normal(out=row)
                    drift = next_drift(drift, step, self.spec)
                yield MonthOfLuck(uniform, drift)

        for part, size in enumerate(sizes):
            yield months_of(size, part == len(sizes) - 1)

    def of_some(self, parts: Sequence[np.ndarray], draws: int) -> Iterator[Iterator[MonthOfLuck]]:
        """Yield the months of some of so many futures by their rows, part by part; all rows rise.

        Where the luck of all is little, it is kept for the next time that some of them are asked for.
        """
        if 16 * len(self.months) * len(self.units) * len(self.outcomes) * draws <= KEPT_LUCK:
            kept = _kept(self, draws)
            yield from ((month.of(rows) for month in kept) for rows in parts)
            return
        ends = [0, *(int(rows[-1]) + 1 for rows in parts)]
        for first, rows, luck in zip(ends, parts, self.drawn([b - a for a, b in pairwise(ends)]), strict=False):
            yield (month.of(rows - first) for month in luck)


@lru_cache(maxsize=1)
def _kept(lot: Lot, draws: int) -> tuple[MonthOfLuck, ...]:
    return tuple(next(lot.drawn([draws])))
