"""Joint futures of all countries and outcomes, month by month, in numpy over all draws at once.

Every draw has its own parameters and its own noise; the noise of a month, country and outcome is one uniform number
from a stream of that name, turned into a count by the inverse of the distribution, and one step of the drift. Two
scenarios therefore share all their luck, and their difference is not Monte Carlo noise.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from threading import Event, Lock

import numpy as np
import xarray as xr

from ..core.randomness import stream
from ..model.memory import keep_factor
from ..model.specification import ModelSpecification
from .counts import count_from_uniform
from .drift import average_drift, drift_factor, drift_variance, noise_kept
from .rates import DrawsOfRate, driver_factor, over_borders
from .start import StartState

THREADS = 2

BLOCK = 2000
"""Futures that are simulated together, at most: with more, a month's arrays leave the processor's caches, and 20,000
futures take four times as long. None of them depends on it."""

KEPT_LUCK = 256_000_000
"""Bytes of luck, at most, that stay in memory for the next scenario; more is made anew for each."""

_Rows = slice | np.ndarray
"""Futures that are simulated together."""


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


def noise(seed: int, months: Sequence[str], units: Sequence[str], outcomes: Sequence[str], draws: int) -> np.ndarray:
    """Return the uniform noise of every month, unit and outcome, shape (month, country, outcome, draw).

    Units are named as streams know them (`core.randomness.known_by`).
    """
    uniform = np.empty((len(months), len(units), len(outcomes), draws))
    for t, month in enumerate(months):
        for c, unit in enumerate(units):
            for k, outcome in enumerate(outcomes):
                uniform[t, c, k] = stream(seed, "noise", unit, outcome, month).random(draws)
    return uniform


def simulate_paths(
    parameters: xr.Dataset,
    start: StartState,
    border_weights: xr.DataArray,
    months: Sequence[str],
    spec: ModelSpecification,
    seed: int,
    log_effects: np.ndarray | None = None,
    progress: Callable[[float], None] | None = None,
    only: np.ndarray | None = None,
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
    log_effects : array (draw, month, country, outcome), optional
        Sum of driver effects on the log rate, of the futures that are simulated; none by default.
    progress : callable, optional
        Called with the share that is done.
    only : int array, optional
        Rows of the futures to simulate, at least one; each comes out as it would among all of them. All by default.
    """
    countries, outcomes = (tuple(str(name) for name in parameters[dim].values) for dim in ("country", "outcome"))
    luck = _luck_of(seed, tuple(months), start.known_by, outcomes, parameters.sizes["draw"], spec)
    draws = parameters.sizes["draw"] if only is None else len(only)
    bounds = np.linspace(0, draws, max(THREADS, -(-draws // BLOCK)) + 1).astype(int)
    parts = [slice(a, b) for a, b in pairwise(bounds) if b > a]
    chunks: list[_Rows] = [part if only is None else only[part] for part in parts]
    counts = np.empty((draws, len(months), len(countries), len(outcomes)), dtype=np.int32)
    stopped, one_speaks, shares = Event(), Lock(), np.zeros(len(chunks))

    def run(number: int) -> "_Chunk":
        def after_month(share: float) -> None:
            if stopped.is_set():
                raise InterruptedError("the simulation was stopped")
            if progress is not None:
                with one_speaks:
                    shares[number] = share
                    progress(float(shares.mean()))

        chunk = chunks[number]
        return _simulate_chunk(
            DrawsOfRate.of(parameters, spec, chunk),
            start,
            chunk,
            border_weights.values,
            luck.of(chunk),
            None if log_effects is None else log_effects[parts[number]],
            counts[parts[number]],
            after_month,
        )

    with ThreadPoolExecutor(THREADS) as pool:
        try:
            done = list(pool.map(run, range(len(chunks))))
        except BaseException:
            stopped.set()  # or an interruption would wait for all months
            raise
    coords = {"month": list(months), "country": list(countries), "outcome": list(outcomes)}
    deaths = xr.DataArray(counts, dims=("draw", "month", "country", "outcome"), coords=coords)
    expected = xr.DataArray(
        sum(part.expected for part in done) / draws, dims=("month", "country", "outcome"), coords=coords
    )
    imported = xr.DataArray(
        sum(part.imported for part in done) / draws,
        dims=("month", "country", "neighbour", "outcome"),
        coords=coords | {"neighbour": list(countries)},
    )
    bounded = sum(part.bounded for part in done) / deaths.size
    deaths.attrs["units"] = expected.attrs["units"] = imported.attrs["units"] = "deaths per month"
    return Paths(deaths.rename("deaths"), expected.rename("expected"), imported.rename("imported"), bounded)


@dataclass(frozen=True)
class _Luck:
    """What chance decides, shape (month, country, outcome, draw): noise of counts and average drift."""

    uniform: np.ndarray
    drift: np.ndarray

    def of(self, draws: _Rows) -> "_Luck":
        """Return the luck of some futures."""
        return _Luck(self.uniform[..., draws], self.drift[..., draws])


def _luck_of(
    seed: int,
    months: tuple[str, ...],
    units: tuple[str, ...],
    outcomes: tuple[str, ...],
    draws: int,
    spec: ModelSpecification,
) -> _Luck:
    """Return the luck that paired scenarios share; where it is small it stays for the next of them."""
    bytes_of_luck = 16 * len(months) * len(units) * len(outcomes) * draws
    make = _luck if bytes_of_luck <= KEPT_LUCK else _luck.__wrapped__
    return make(seed, months, units, outcomes, draws, spec)


@lru_cache(maxsize=1)
def _luck(
    seed: int,
    months: tuple[str, ...],
    units: tuple[str, ...],
    outcomes: tuple[str, ...],
    draws: int,
    spec: ModelSpecification,
) -> _Luck:
    drift = average_drift(seed, months, units, outcomes, draws, spec)
    luck = _Luck(noise(seed, months, units, outcomes, draws), drift)
    for array in (luck.uniform, luck.drift):
        array.flags.writeable = False
    return luck


@dataclass(frozen=True)
class _Chunk:
    """What one thread simulated beside the counts; expectations are sums over its draws."""

    expected: np.ndarray
    imported: np.ndarray
    bounded: int


def _simulate_chunk(
    draws: DrawsOfRate,
    start: StartState,
    chunk: _Rows,
    border_weights: np.ndarray,
    luck: _Luck,
    log_effects: np.ndarray | None,
    deaths: np.ndarray,
    after_month: Callable[[float], None],
) -> _Chunk:
    """Simulate some futures, and write their counts into `deaths`.

    What is remembered is what the same luck brings without drivers, so a driver's rate ratio is its whole effect, and
    what it adds to neighbours goes over a border once.
    """
    months, countries, outcomes, size = luck.uniform.shape
    spec = draws.spec
    quantities = ("fast_half_life", "slow_half_life", "occurrence_half_life")
    keep_fast, keep_slow, keep_occurrence = (keep_factor(spec.by_outcome(name)) for name in quantities)

    acted = log_effects is not None or bool((start.recorded_slow[None] != start.own_slow).any())

    def per_draw(values: np.ndarray) -> np.ndarray:
        part = values if len(values) == 1 else values[chunk]
        return np.broadcast_to(part, (size, countries, outcomes)).copy()

    fast, slow, occurrence = per_draw(start.own_fast), per_draw(start.own_slow), per_draw(start.occurrence)
    undriven = slow  # of the neighbours, as it crosses borders without drivers
    driven = per_draw(start.recorded_slow[None]) - undriven  # and what drivers have added to it
    variance = drift_variance(months, spec)
    expected = np.empty((months, countries, outcomes))
    imported = np.empty((months, countries, countries, outcomes))
    bounded = 0
    for t in range(months):
        rate, per_death = draws.rate(t, fast, slow, over_borders(border_weights, undriven))
        drift = drift_factor(luck.drift[t], start.volatility, variance[t])
        rate, over = _under_ceiling(rate * drift, spec)
        fitted_size, zero = draws.spread(rate, occurrence)
        dispersion = fitted_size / noise_kept(variance[t])
        uniform = np.moveaxis(luck.uniform[t], -1, 0)
        without = count_from_uniform(uniform, rate, dispersion, zero)
        counts, actual = without, rate
        if acted:
            direct = np.ones_like(rate) if log_effects is None else np.exp(log_effects[:, t])
            added = per_death * drift * over_borders(border_weights, driven)
            actual, over = _under_ceiling(rate * driver_factor(rate, direct, added), spec)
            counts = count_from_uniform(uniform, actual, dispersion, zero)
            driven = keep_slow * driven + (1 - keep_slow) * (counts - without)
        bounded += over
        deaths[:, t] = counts
        expected[t] = (actual * (1 - zero)).sum(axis=0)
        share = per_death * drift * (1 - zero)
        imported[t] = np.einsum("dik,ij,djk->ijk", share, border_weights, undriven + driven, optimize=True)
        fast = keep_fast * fast + (1 - keep_fast) * without / drift
        slow = keep_slow * slow + (1 - keep_slow) * without / drift
        undriven = keep_slow * undriven + (1 - keep_slow) * without
        occurrence = keep_occurrence * occurrence + (1 - keep_occurrence) * (without > 0)
        after_month((t + 1) / months)
    return _Chunk(expected, imported, bounded)


def _under_ceiling(rate: np.ndarray, spec: ModelSpecification) -> tuple[np.ndarray, int]:
    """Return the bounded rate, and how many were above the bound."""
    return np.minimum(rate, spec.rate_ceiling), int((rate > spec.rate_ceiling).sum())
