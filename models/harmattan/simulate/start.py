"""Where simulated futures start: what is remembered at the end of the panel."""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from ..core.randomness import known_by
from ..drivers.exposure import log_effect
from ..model.memory import keep_factor, memories_after
from ..model.specification import ModelSpecification
from .drift import volatility
from .rates import DrawsOfRate, driver_factor, over_borders


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
    """

    own_fast: np.ndarray
    own_slow: np.ndarray
    recorded_slow: np.ndarray
    occurrence: np.ndarray
    volatility: np.ndarray
    known_by: tuple[str, ...]

    def first(self, draws: int) -> "StartState":
        """Return the start of the first futures alone."""
        fast, slow, occurrence = (one[:draws] for one in (self.own_fast, self.own_slow, self.occurrence))
        return replace(self, own_fast=fast, own_slow=slow, occurrence=occurrence)


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
    )


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
    for month, direct in enumerate(own.swapaxes(0, 1)):
        undriven = over_borders(border_weights.values, slow)
        rate, per_death = draws.rate(0, fast, slow, undriven)
        added = per_death * (memories.neighbours[exit_row + month] - undriven)
        factor, counts = driver_factor(rate, direct, added), deaths[exit_row + 1 + month]
        fast = keep_fast * fast + (1 - keep_fast) * counts / factor
        slow = keep_slow * slow + (1 - keep_slow) * counts / factor
        occurrence = keep_occurrence * occurrence + (1 - keep_occurrence) * thinned(counts, factor)
    return StartState(fast, slow, memories.slow[-1], occurrence, volatility(panel.values), known_by(panel))


def thinned(counts: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Return the chance that months with so many deaths had some without drivers: each had a chance of 1 / factor."""
    return np.where(counts > 0, 1.0 - (1.0 - 1.0 / np.maximum(factor, 1.0)) ** counts, 0.0)
