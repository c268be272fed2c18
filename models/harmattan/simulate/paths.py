"""Joint futures of all countries and outcomes, month by month, in numpy over all draws at once.

Every draw has its own parameters and its own noise; the noise of a month, country and outcome is one uniform number
from a stream of that name, turned into a count by the inverse of the distribution. Two scenarios therefore share all
their luck, and their difference is not Monte Carlo noise.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import xarray as xr

from ..core.names import HEADLINE, ISO3, OUTCOMES
from ..core.randomness import stream
from ..model.memory import keep_factor, outcome_flags
from ..model.specification import DISPERSION_CENTRE, ModelSpecification
from .counts import count_from_uniform
from .start import StartState

THREADS = 2


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


def noise(seed: int, months: Sequence[str], draws: int) -> np.ndarray:
    """Return the uniform noise of every month, country and outcome, shape (month, country, outcome, draw)."""
    uniform = np.empty((len(months), len(ISO3), len(OUTCOMES), draws))
    for t, month in enumerate(months):
        for c, country in enumerate(ISO3):
            for k, outcome in enumerate(OUTCOMES):
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
        Sum of driver effects on the log rate; none by default.
    progress : callable, optional
        Called with the share that is done.
    """
    draws = parameters.sizes["draw"]
    uniform = noise(seed, months, draws)
    bounds = np.linspace(0, draws, THREADS + 1).astype(int)
    chunks = [slice(a, b) for a, b in pairwise(bounds) if b > a]

    def run(chunk: slice) -> "_Chunk":
        effects = None if log_effects is None else log_effects[chunk]
        shown = progress if chunk.start == 0 else None
        return _simulate_chunk(
            _Draws.of(parameters, spec, chunk), start, chunk, border_weights.values, uniform[..., chunk], effects, shown
        )

    with ThreadPoolExecutor(len(chunks)) as pool:
        done = list(pool.map(run, chunks))
    coords = {"month": list(months), "country": list(ISO3), "outcome": list(OUTCOMES)}
    deaths = xr.DataArray(
        np.concatenate([part.deaths for part in done]), dims=("draw", "month", "country", "outcome"), coords=coords
    )
    expected = xr.DataArray(
        sum(part.expected for part in done) / draws, dims=("month", "country", "outcome"), coords=coords
    )
    imported = xr.DataArray(
        sum(part.imported for part in done) / draws,
        dims=("month", "country", "neighbour", "outcome"),
        coords=coords | {"neighbour": list(ISO3)},
    )
    bounded = sum(part.bounded for part in done) / deaths.size
    deaths.attrs["units"] = expected.attrs["units"] = imported.attrs["units"] = "deaths per month"
    return Paths(deaths.rename("deaths"), expected.rename("expected"), imported.rename("imported"), bounded)


@dataclass(frozen=True)
class _Draws:
    """Parameters of some draws, shaped to broadcast over (draw, country, outcome)."""

    log_level: np.ndarray
    import_share: np.ndarray
    dispersion: np.ndarray
    memory_weight: np.ndarray
    fast_share: np.ndarray
    slope: np.ndarray
    zero_base: np.ndarray
    zero_slope: np.ndarray
    coupling: np.ndarray
    spec: ModelSpecification

    @classmethod
    def of(cls, parameters: xr.Dataset, spec: ModelSpecification, chunk: slice) -> "_Draws":
        def by_series(name: str) -> np.ndarray:
            return parameters[name].transpose("draw", "country", "outcome").values[chunk]

        def by_outcome(name: str) -> np.ndarray:
            return parameters[name].transpose("draw", "outcome").values[chunk][:, None, :]

        return cls(
            by_series("log_level"),
            1 / (1 + np.exp(-by_series("import_logit"))),
            by_series("log_dispersion"),
            by_outcome("memory_weight"),
            by_outcome("fast_share"),
            by_outcome("dispersion_slope"),
            by_outcome("zero_base"),
            by_outcome("zero_slope"),
            parameters["coupling"].values[chunk][:, None],
            spec,
        )

    def rate(self, own_fast: np.ndarray, own_slow: np.ndarray, neighbours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the rate without driver effects and the share of it that comes over the border."""
        geometric, _ = outcome_flags(self.spec)
        own_weight = geometric + (1 - geometric) * self.memory_weight
        own = own_weight * (self.fast_share * own_fast + (1 - self.fast_share) * own_slow)
        floor = (1 - geometric) * (1 - self.memory_weight) * np.exp(self.log_level)
        slack = 1 - (1 - geometric) * self.memory_weight
        imported = slack * self.import_share * neighbours
        intensity = floor + self.spec.small_rate * geometric + 1e-3 + own + imported
        headline = list(OUTCOMES).index(HEADLINE)
        intensity[..., headline] += self.coupling * own_fast[..., 0]
        exponent = 1 - geometric * (1 - self.memory_weight)
        rate = np.exp((1 - exponent) * self.log_level + exponent * np.log(intensity))
        return rate, imported / intensity

    def spread(self, rate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return size and probability of a structural zero at a rate."""
        level = np.log(rate + 0.1)
        size = np.exp(self.dispersion + self.slope * (level - DISPERSION_CENTRE))
        zero = self.spec.largest_zero_share / (1 + np.exp(self.zero_slope * level - self.zero_base))
        return size, zero


@dataclass(frozen=True)
class _Chunk:
    """What one thread simulated; expectations are sums over its draws."""

    deaths: np.ndarray
    expected: np.ndarray
    imported: np.ndarray
    bounded: int


def _simulate_chunk(
    draws: _Draws,
    start: StartState,
    chunk: slice,
    border_weights: np.ndarray,
    uniform: np.ndarray,
    log_effects: np.ndarray | None,
    progress: Callable[[float], None] | None,
) -> _Chunk:
    months, countries, outcomes, size = uniform.shape
    spec = draws.spec
    keep_fast, keep_slow = keep_factor(spec.fast_half_life), keep_factor(spec.slow_half_life)

    def per_draw(values: np.ndarray) -> np.ndarray:
        part = values if len(values) == 1 else values[chunk]
        return np.broadcast_to(part, (size, countries, outcomes)).copy()

    fast, slow = per_draw(start.own_fast), per_draw(start.own_slow)
    recorded = per_draw(start.recorded_slow[None])
    deaths = np.empty((size, months, countries, outcomes), dtype=np.int32)
    expected = np.empty((months, countries, outcomes))
    imported = np.empty((months, countries, countries, outcomes))
    bounded = 0
    for t in range(months):
        neighbours = np.einsum("ij,djk->dik", border_weights, recorded)
        rate, imported_share = draws.rate(fast, slow, neighbours)
        factor = np.ones_like(rate) if log_effects is None else np.exp(log_effects[:, t])
        rate = rate * factor
        bounded += int((rate > spec.rate_ceiling).sum())
        rate = np.minimum(rate, spec.rate_ceiling)
        dispersion, zero = draws.spread(rate)
        counts = count_from_uniform(np.moveaxis(uniform[t], -1, 0), rate, dispersion, zero)
        deaths[:, t] = counts
        mean = rate * (1 - zero)
        expected[t] = mean.sum(axis=0)
        per_neighbour = mean * imported_share / np.maximum(neighbours, 1e-12)
        imported[t] = np.einsum("dik,ij,djk->ijk", per_neighbour, border_weights, recorded, optimize=True)
        fast = keep_fast * fast + (1 - keep_fast) * counts / factor
        slow = keep_slow * slow + (1 - keep_slow) * counts / factor
        recorded = keep_slow * recorded + (1 - keep_slow) * counts
        if progress is not None:
            progress((t + 1) / months)
    return _Chunk(deaths, expected, imported, bounded)
