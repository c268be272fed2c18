"""Where simulated futures start: what is remembered at the end of the panel."""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from ..core.randomness import known_by
from ..drivers.exposure import log_effect
from ..model.memory import keep_factor, memories_after
from ..model.specification import ModelSpecification
from ..panel.analogues import YEAR, Analogues, analogues_in_the_world
from .drift import volatility
from .rates import DrawsOfRate, driver_factor, over_borders
from .resampled import Resampled, goes_by_analogues


@dataclass(frozen=True)
class StartState:
    """Memories at the end of the panel; own and recorded ones in deaths per month.

    Attributes
    ----------
    own_fast, own_slow : array, shape (draw or 1, country, outcome)
        A country's own memories, with what drivers did since the exit taken out.
    recorded_slow : array, shape (country, outcome)
        Slow memory of the deaths as recorded, which is what crosses borders.
    occurrence : array, shape (draw or 1, country, outcome)
        Share (0 to 1) of recent months with deaths, with what drivers did taken out.
    volatility : array, shape (country, outcome)
        How far yearly totals jumped, relative to the average series: what drift is scaled by.
    known_by : tuple of str
        Names of the units' luck.
    analogues : Analogues or None
        What followed years like the last one; None where no future goes by it.
    last_year : array, shape (draw or 1, month, country, outcome)
        Deaths in each of the last twelve months, with what drivers did since the exit taken out.
    """

    own_fast: np.ndarray
    own_slow: np.ndarray
    recorded_slow: np.ndarray
    occurrence: np.ndarray
    volatility: np.ndarray
    known_by: tuple[str, ...]
    analogues: Analogues | None
    last_year: np.ndarray

    def first(self, draws: int) -> "StartState":
        """Return the start of the first futures alone."""
        of_draws = ("own_fast", "own_slow", "occurrence", "last_year")
        return replace(self, **{name: getattr(self, name)[:draws] for name in of_draws})

    def resampled(self, rows: slice | np.ndarray, spec: ModelSpecification) -> Resampled | None:
        """Return what happens in those of some futures that go by analogues."""
        if self.analogues is None:
            return None
        numbers = np.arange(rows.start, rows.stop) if isinstance(rows, slice) else rows
        own = self.last_year if len(self.last_year) == 1 else self.last_year[rows]
        return Resampled(self.analogues, own, goes_by_analogues(numbers, spec))


def start_state(panel: xr.DataArray, border_weights: xr.DataArray, spec: ModelSpecification) -> StartState:
    """Return the start of futures in which no driver has acted yet.

    Parameters
    ----------
    panel : DataArray (month, country, outcome)
        Deaths per month up to `as_of`.
    border_weights : DataArray (country, neighbour)
    spec : ModelSpecification
    """
    memories = memories_after(panel, border_weights, spec)
    return StartState(
        memories.fast[-1][None],
        memories.slow[-1][None],
        memories.slow[-1],
        memories.occurrence[-1][None],
        volatility(panel.values),
        known_by(panel),
        _analogues(panel, spec),
        np.nan_to_num(panel.values[-YEAR:])[None],
    )


def _analogues(panel: xr.DataArray, spec: ModelSpecification) -> Analogues | None:
    return analogues_in_the_world(panel) if spec.by_outcome("analogue_share").any() else None


def start_state_after_exit(
    panel: xr.DataArray,
    border_weights: xr.DataArray,
    parameters: xr.Dataset,
    past_exposure: xr.DataArray,
    exit_month: str,
    spec: ModelSpecification,
) -> StartState:
    """Return the start of futures when drivers have acted since the exit: what they did is taken out of memories.

    Month by month, as the likelihood does it (`model.likelihood.take_out_drivers`).

    Parameters
    ----------
    panel : DataArray (month, country, outcome)
    border_weights : DataArray (country, neighbour)
    parameters : Dataset (draw, ...)
        Of each future, `driver_effect` among them: log rate ratios as learnt from the data.
    past_exposure : DataArray (driver, month, country, outcome)
        Exposure in the months after the exit up to `as_of`.
    exit_month : str
    spec : ModelSpecification
    """
    memories, deaths = memories_after(panel, border_weights, spec), np.nan_to_num(panel.values)
    exit_row = list(panel["month"].values).index(exit_month)
    quantities = ("fast_half_life", "slow_half_life", "occurrence_half_life")
    keep_fast, keep_slow, keep_occurrence = (keep_factor(spec.by_outcome(name)) for name in quantities)
    learnt = parameters["driver_effect"].sel(driver=past_exposure["driver"])
    own = np.exp(log_effect(learnt, past_exposure))
    draws = DrawsOfRate.of(parameters, spec)
    fast, slow, occurrence = (
        np.repeat(memory[exit_row][None], len(own), axis=0)
        for memory in (memories.fast, memories.slow, memories.occurrence)
    )
    undriven_deaths = np.repeat(deaths[-YEAR:][None], len(own), axis=0)
    for month, direct in enumerate(own.swapaxes(0, 1)):
        undriven = over_borders(border_weights.values, slow)
        rate, per_death = draws.rate(fast, slow, undriven)
        added = per_death * (memories.neighbours[exit_row + month] - undriven)
        factor, counts = driver_factor(rate, direct, added), deaths[exit_row + 1 + month]
        fast = keep_fast * fast + (1 - keep_fast) * counts / factor
        slow = keep_slow * slow + (1 - keep_slow) * counts / factor
        occurrence = keep_occurrence * occurrence + (1 - keep_occurrence) * thinned(counts, factor)
        if (of_last_year := month + YEAR - own.shape[1]) >= 0:
            undriven_deaths[:, of_last_year] /= factor
    return StartState(
        fast,
        slow,
        memories.slow[-1],
        occurrence,
        volatility(panel.values),
        known_by(panel),
        _analogues(panel, spec),
        undriven_deaths,
    )


def thinned(counts: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Return the chance that months with so many deaths had some without drivers: each had a chance of 1 / factor."""
    return np.where(counts > 0, 1.0 - (1.0 - 1.0 / np.maximum(factor, 1.0)) ** counts, 0.0)
