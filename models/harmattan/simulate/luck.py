"""What chance decides of futures: the noise of every count, drift, turns and places among analogues, month by month.

Every month, unit and outcome has streams of its own name, which hand out a number for each future. So a scenario, a
month or a unit more changes no other number, nor does it matter how many futures are drawn at once: a stream goes on
where it stopped.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy.special import ndtr

from ..core.randomness import stream
from ..model.specification import ModelSpecification
from .drift import next_drift, next_turn, partly_shared

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
    turned : array, shape (country, draw)
        What turns have added to a country's log rate.
    place : array
        Place among analogues, 0 (the lowest) to 1; the same in all months.
    taken : array, shape (country, draw)
        Which month of an analogue's year it is, 0 to 1.
    """

    uniform: np.ndarray
    drift: np.ndarray
    turned: np.ndarray
    place: np.ndarray
    taken: np.ndarray

    def of(self, rows: slice | np.ndarray) -> "MonthOfLuck":
        """Return the luck of some futures."""
        return MonthOfLuck(*(getattr(self, one.name)[..., rows] for one in fields(self)))


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
        series, units = [(u, o) for u in self.units for o in self.outcomes], [(u,) for u in self.units]

        def numbers(
            kind: str, month: str, size: int, last: bool, of: list, draw: Callable = np.random.Generator.random
        ) -> np.ndarray:
            """Return the next numbers of the streams of a kind, shape (country, outcome or 1, draw)."""
            found = streams.pop((kind, month), None) or [stream(self.seed, kind, *names, month) for names in of]
            if not last:
                streams[kind, month] = found
            rows = np.empty((len(of), size))
            for one, row in zip(found, rows, strict=True):
                draw(one, out=row)
            return rows.reshape(len(self.units), -1, size)

        def months_of(size: int, last: bool) -> Iterator[MonthOfLuck]:
            drift, turned = np.zeros((len(self.units), len(self.outcomes), size)), np.zeros((len(self.units), 1, size))

            def luck(kind: str, of: list, month: str = "") -> np.ndarray:
                return numbers(kind, month, size, last, of)

            def normal(kind: str, of: list, month: str = "") -> np.ndarray:
                return numbers(kind, month, size, last, of, np.random.Generator.standard_normal)

            place = ndtr(partly_shared(normal("shared place", units), normal("place", series), self.spec))
            for number, month in enumerate(self.months):
                if number:
                    shared, own = normal("shared drift", units, month), normal("drift", series, month)
                    drift = next_drift(drift, shared, own, self.spec)
                    chance, step = luck("turn", units, month), normal("size of turn", units, month)
                    turned = next_turn(turned, chance, step, self.spec)
                noise, taken = luck("noise", series, month), luck("taken", units, month)
                yield MonthOfLuck(noise, drift, turned[:, 0], place, taken[:, 0])

        for part, size in enumerate(sizes):
            yield months_of(size, part == len(sizes) - 1)

    def of_some(self, parts: Sequence[np.ndarray], draws: int) -> Iterator[Iterator[MonthOfLuck]]:
        """Yield the months of some of so many futures by their rows, part by part; all rows rise.

        Where the luck of all is little, it is kept for the next time that some of them are asked for.
        """
        by_month = 8 * len(self.units) * (2 * len(self.outcomes) + 2) * draws
        if by_month * len(self.months) <= KEPT_LUCK:
            kept = _kept(self, draws)
            yield from ((month.of(rows) for month in kept) for rows in parts)
            return
        ends = [0, *(int(rows[-1]) + 1 for rows in parts)]
        for first, rows, luck in zip(ends, parts, self.drawn([b - a for a, b in pairwise(ends)]), strict=False):
            yield (month.of(rows - first) for month in luck)


@lru_cache(maxsize=1)
def _kept(lot: Lot, draws: int) -> tuple[MonthOfLuck, ...]:
    return tuple(next(lot.drawn([draws])))
