"""Some futures as they go from month to month: what they remember, and what happens in them."""

from typing import Protocol

import numpy as np

from ..model.drift import drift_variance
from ..model.memory import keep_factor
from .counts import count_from_uniform
from .drift import drift_factor, turn_factor
from .luck import MonthOfLuck
from .rates import DrawsOfRate, driver_factor, over_borders
from .resampled import rounded
from .start import StartState


class LogEffects(Protocol):
    """Sum of drivers' effects on the log rate: an array (draw, month, country, outcome), or what gives its parts."""

    def __getitem__(self, at: tuple[slice, int], /) -> np.ndarray:
        """Return the effects of some futures in a month, shape (draw, country, outcome)."""
        ...


class SomeFutures:
    """Futures that are simulated together.

    What is remembered is what the same luck brings without drivers, so a driver's rate ratio is its whole effect, and
    what it adds to neighbours goes over a border once. Own memory is without drift and turns as well.

    Parameters
    ----------
    draws : DrawsOfRate
        Their parameters.
    start : StartState
    rows : slice or int array
        Which of all futures they are.
    border_weights : array (country, neighbour)
    effects : LogEffects or None
        Of drivers on the log rate; None without drivers.
    part : slice
        Their places among the futures that are simulated, and in `effects`.
    deaths : int array (draw, month, country, outcome)
        Where their counts are written.
    hold_neighbours : bool
        Whether what crosses borders stays, in every month, as it is remembered at the start.

    Attributes
    ----------
    expected, imported : array (month, country, outcome), (month, country, neighbour, outcome)
        Expected deaths, and those of them that neighbours' memory adds, as sums over the futures.
    bounded : int
        How many simulated rates met the ceiling.
    """

    def __init__(
        self,
        draws: DrawsOfRate,
        start: StartState,
        rows: slice | np.ndarray,
        border_weights: np.ndarray,
        effects: LogEffects | None,
        part: slice,
        deaths: np.ndarray,
        hold_neighbours: bool = False,
    ) -> None:
        self._draws, self._borders, self._scale = draws, border_weights, start.drift_scale
        self.part, self._effects, self._deaths = part, effects, deaths
        self._held = hold_neighbours
        self._acted = effects is not None or bool((start.recorded_slow[None] != start.crossing_slow).any())
        size, months, countries, outcomes = deaths.shape
        spec = draws.spec
        quantities = ("fast_half_life", "slow_half_life", "occurrence_half_life")
        self._keep = tuple(keep_factor(spec.by_outcome(name)) for name in quantities)
        self._variance = drift_variance(start.drift_age + months, spec)[start.drift_age :]
        self._resampled = start.resampled(rows, spec)

        def per_draw(values: np.ndarray) -> np.ndarray:
            of_them = values if len(values) == 1 else values[rows]
            return np.broadcast_to(of_them, (size, countries, outcomes)).copy()

        self._fast, self._slow, self._occurrence = map(per_draw, (start.own_fast, start.own_slow, start.occurrence))
        self._drifted, self._turned = per_draw(start.drifted), np.exp(per_draw(start.turned))
        self._undriven = per_draw(start.crossing_slow)  # of the neighbours, as it crosses borders without drivers
        self._driven = per_draw(start.recorded_slow[None]) - self._undriven  # and what drivers have added to it
        self.expected = np.empty((months, countries, outcomes))
        self.imported = np.empty((months, countries, countries, outcomes))
        self.bounded = 0

    def live(self, month: int, luck: MonthOfLuck) -> None:
        """Go through a month, the next one, counted from 0."""
        draws = self._draws
        keep_fast, keep_slow, keep_occurrence = self._keep
        rate, per_death = draws.rate(self._fast, self._slow, over_borders(self._borders, self._undriven))
        drift = drift_factor(luck.drift, self._scale, self._variance[month], self._drifted) * self._turned
        drift *= turn_factor(luck.turned, month, draws.spec)
        rate, over = self._under_ceiling(rate * drift)
        dispersion, zero = draws.spread(rate, self._occurrence)
        uniform = np.moveaxis(luck.uniform, -1, 0)
        alike = None if self._resampled is None else self._resampled.month(month, luck.place, luck.taken)
        without, mean = self._drawn(uniform, rate, dispersion, zero, alike)
        counts, expected, crosses = without, mean, self._undriven
        imported = per_death * drift / rate
        if self._acted:
            direct = np.ones_like(rate) if self._effects is None else np.exp(self._effects[self.part, month])
            factor = driver_factor(rate, direct, per_death * drift * over_borders(self._borders, self._driven))
            actual, over = self._under_ceiling(rate * factor)
            driven = None if alike is None else alike * factor
            counts, expected = self._drawn(uniform, actual, dispersion, zero, driven)
            crosses = self._undriven + self._driven
        self._deaths[:, month] = counts
        self.bounded += over
        self.expected[month] = expected.sum(axis=0)
        self.imported[month] = np.einsum("dik,ij,djk->ijk", mean * imported, self._borders, crosses, optimize=True)
        if self._resampled is not None:
            drift = np.where(self._resampled.chosen, 1.0, drift)
        self._drifted *= draws.spec.drift_keep
        self._fast = keep_fast * self._fast + (1 - keep_fast) * without / drift
        self._slow = keep_slow * self._slow + (1 - keep_slow) * without / drift
        if not self._held:
            self._undriven = keep_slow * self._undriven + (1 - keep_slow) * without
            if self._acted:
                self._driven = keep_slow * self._driven + (1 - keep_slow) * (counts - without)
        self._occurrence = keep_occurrence * self._occurrence + (1 - keep_occurrence) * (without > 0)

    def _drawn(
        self, uniform: np.ndarray, rate: np.ndarray, size: np.ndarray, zero: np.ndarray, alike: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return counts and what is expected: by the rate, or by analogues in the futures that go by them."""
        counts, expected = count_from_uniform(uniform, rate, size, zero), rate * (1 - zero)
        if self._resampled is None or alike is None:
            return counts, expected
        chosen, bounded = self._resampled.chosen, self._under_ceiling(alike)[0]
        return np.where(chosen, rounded(bounded, uniform), counts), np.where(chosen, bounded, expected)

    def _under_ceiling(self, rate: np.ndarray) -> tuple[np.ndarray, int]:
        """Return the bounded rate, and how many were above the bound."""
        ceiling = self._draws.spec.rate_ceiling
        return np.minimum(rate, ceiling), int((rate > ceiling).sum())
