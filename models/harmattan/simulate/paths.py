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
from threading import Event

import numpy as np
import xarray as xr

from ..core.randomness import stream
from ..model.memory import keep_factor
from ..model.specification import LEAST_RATE, OCCURRENCE_CENTRE, ModelSpecification
from .counts import count_from_uniform
from .drift import average_drift, drift_factor, drift_variance, noise_kept
from .start import StartState

THREADS = 2

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


def noise(
    seed: int, months: Sequence[str], countries: Sequence[str], outcomes: Sequence[str], draws: int
) -> np.ndarray:
    """Return the uniform noise of every month, country and outcome, shape (month, country, outcome, draw)."""
    uniform = np.empty((len(months), len(countries), len(outcomes), draws))
    for t, month in enumerate(months):
        for c, country in enumerate(countries):
            for k, outcome in enumerate(outcomes):
                uniform[t, c, k] = stream(seed, "noise", country, outcome, month).random(draws)
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
    luck = _luck_of(seed, tuple(months), countries, outcomes, parameters.sizes["draw"], spec)
    draws = parameters.sizes["draw"] if only is None else len(only)
    bounds = np.linspace(0, draws, THREADS + 1).astype(int)
    parts = [slice(a, b) for a, b in pairwise(bounds) if b > a]
    chunks: list[_Rows] = [part if only is None else only[part] for part in parts]
    counts = np.empty((draws, len(months), len(countries), len(outcomes)), dtype=np.int32)
    stopped = Event()

    def run(number: int) -> "_Chunk":
        def after_month(share: float) -> None:
            if stopped.is_set():
                raise InterruptedError("the simulation was stopped")
            if progress is not None and number == 0:
                progress(share)

        chunk = chunks[number]
        return _simulate_chunk(
            _Draws.of(parameters, spec, chunk),
            start,
            chunk,
            border_weights.values,
            luck.of(chunk),
            None if log_effects is None else log_effects[parts[number]],
            counts[parts[number]],
            after_month,
        )

    with ThreadPoolExecutor(len(chunks)) as pool:
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
class _Draws:
    """Parameters of some draws, shaped to broadcast over (draw, country, outcome)."""

    level_above_anchor: np.ndarray
    bounded_above_anchor: np.ndarray
    level_anchor: np.ndarray
    import_share: np.ndarray
    dispersion: np.ndarray
    memory_weight: np.ndarray
    fast_share: np.ndarray
    slope: np.ndarray
    steadiness: np.ndarray
    zero_base: np.ndarray
    zero_slope: np.ndarray
    presence: np.ndarray
    coupling: np.ndarray
    spec: ModelSpecification

    @classmethod
    def of(cls, parameters: xr.Dataset, spec: ModelSpecification, chunk: _Rows) -> "_Draws":
        def by_series(name: str) -> np.ndarray:
            return parameters[name].transpose("draw", "country", "outcome").values[chunk]

        def by_outcome(name: str) -> np.ndarray:
            return parameters[name].transpose("draw", "outcome").values[chunk][:, None, :]

        anchor = parameters["level_anchor"].transpose("country", "outcome").values
        above, bound = by_series("log_level") - anchor, np.log(spec.level_bound)
        return cls(
            above,
            bound - np.logaddexp(0.0, 2.0 * (bound - above)) / 2.0,
            anchor,
            1 / (1 + np.exp(-by_series("import_logit"))),
            by_series("log_dispersion"),
            by_outcome("memory_weight"),
            by_outcome("fast_share"),
            by_outcome("dispersion_slope"),
            by_outcome("dispersion_occurrence"),
            by_outcome("zero_base"),
            by_outcome("zero_slope"),
            by_outcome("zero_occurrence"),
            parameters["coupling"].values[chunk][:, None],
            spec,
        )

    def log_level(self, month: int) -> np.ndarray:
        """Return the long-run level that the rate of a month reverts to, `month` counted from 0.

        As fitted in the months that the backtests vouch for; then what lies above the record fades to a soft bound.
        """
        trust = 0.5 ** (max(month - self.spec.trusted_months, 0) / self.spec.level_half_life)
        return self.level_anchor + trust * self.level_above_anchor + (1 - trust) * self.bounded_above_anchor

    def rate(
        self, month: int, own_fast: np.ndarray, own_slow: np.ndarray, neighbours: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the rate without driver effects and the share of it that comes over the border."""
        exponent, weight = self.spec.by_outcome("reversion_exponent"), self.memory_weight
        own = self.spec.small_rate + self.fast_share * own_fast + (1 - self.fast_share) * own_slow
        level = np.exp(exponent * self.log_level(month))
        rate = ((1 - weight) * level + weight * own**exponent) ** (1 / exponent) + LEAST_RATE
        imported = (1 - weight) * self.import_share * neighbours
        rate += imported
        for fed, source in self.spec.feeding().items():
            rate[..., fed] += self.coupling * own_fast[..., source]
        return rate, imported / rate

    def spread(self, rate: np.ndarray, occurrence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return size and probability of a structural zero at a rate and a memory of how often there were deaths."""
        level, often = np.log(rate + 0.1), occurrence - OCCURRENCE_CENTRE
        centre = self.spec.by_outcome("dispersion_centre")
        size = np.exp(self.dispersion + self.slope * (level - centre) + self.steadiness * often)
        zero = self.spec.largest_zero_share / (
            1 + np.exp(self.zero_slope * level + self.presence * often - self.zero_base)
        )
        return size, zero


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
    countries: tuple[str, ...],
    outcomes: tuple[str, ...],
    draws: int,
    spec: ModelSpecification,
) -> _Luck:
    """Return the luck that paired scenarios share; where it is small it stays for the next of them."""
    bytes_of_luck = 16 * len(months) * len(countries) * len(outcomes) * draws
    make = _luck if bytes_of_luck <= KEPT_LUCK else _luck.__wrapped__
    return make(seed, months, countries, outcomes, draws, spec)


@lru_cache(maxsize=1)
def _luck(
    seed: int,
    months: tuple[str, ...],
    countries: tuple[str, ...],
    outcomes: tuple[str, ...],
    draws: int,
    spec: ModelSpecification,
) -> _Luck:
    drift = average_drift(seed, months, countries, outcomes, draws, spec)
    luck = _Luck(noise(seed, months, countries, outcomes, draws), drift)
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
    draws: _Draws,
    start: StartState,
    chunk: _Rows,
    border_weights: np.ndarray,
    luck: _Luck,
    log_effects: np.ndarray | None,
    deaths: np.ndarray,
    after_month: Callable[[float], None],
) -> _Chunk:
    """Simulate some futures, and write their counts into `deaths`."""
    months, countries, outcomes, size = luck.uniform.shape
    spec = draws.spec
    quantities = ("fast_half_life", "slow_half_life", "occurrence_half_life")
    keep_fast, keep_slow, keep_occurrence = (keep_factor(spec.by_outcome(name)) for name in quantities)

    def per_draw(values: np.ndarray) -> np.ndarray:
        part = values if len(values) == 1 else values[chunk]
        return np.broadcast_to(part, (size, countries, outcomes)).copy()

    fast, slow = per_draw(start.own_fast), per_draw(start.own_slow)
    recorded, occurrence = per_draw(start.recorded_slow[None]), per_draw(start.occurrence[None])
    variance = drift_variance(months, spec)
    expected = np.empty((months, countries, outcomes))
    imported = np.empty((months, countries, countries, outcomes))
    bounded = 0
    for t in range(months):
        neighbours = _over_borders(border_weights, recorded)
        rate, imported_share = draws.rate(t, fast, slow, neighbours)
        factor = np.ones_like(rate) if log_effects is None else np.exp(log_effects[:, t])
        drifting = factor * drift_factor(luck.drift[t], start.volatility, variance[t])
        rate = rate * drifting
        bounded += int((rate > spec.rate_ceiling).sum())
        rate = np.minimum(rate, spec.rate_ceiling)
        size_as_fitted, zero = draws.spread(rate, occurrence)
        uniform = np.moveaxis(luck.uniform[t], -1, 0)
        counts = count_from_uniform(uniform, rate, size_as_fitted / noise_kept(variance[t]), zero)
        mean = rate * (1 - zero)
        deaths[:, t] = counts
        expected[t] = mean.sum(axis=0)
        per_neighbour = mean * imported_share / np.maximum(neighbours, 1e-12)
        imported[t] = np.einsum("dik,ij,djk->ijk", per_neighbour, border_weights, recorded, optimize=True)
        fast = keep_fast * fast + (1 - keep_fast) * counts / drifting
        slow = keep_slow * slow + (1 - keep_slow) * counts / drifting
        recorded = keep_slow * recorded + (1 - keep_slow) * counts
        occurrence = keep_occurrence * occurrence + (1 - keep_occurrence) * (counts > 0)
        after_month((t + 1) / months)
    return _Chunk(expected, imported, bounded)


def _over_borders(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the weighted sum over each country's neighbours, shape (draw, country, outcome).

    Border by border with the draws side by side: most weights are nought, and an einsum would take them all.
    """
    draws_last = np.ascontiguousarray(np.moveaxis(values, 0, -1))
    total = np.zeros_like(draws_last)
    for country, neighbour in np.argwhere(weights):
        total[country] += weights[country, neighbour] * draws_last[neighbour]
    return np.ascontiguousarray(np.moveaxis(total, -1, 0))
