"""Where simulated futures start: what is remembered at the end of the panel."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from ..drivers.exposure import log_effect
from ..model.history import split_at_exit
from ..model.memory import memories_after
from ..model.specification import ModelSpecification
from .drift import volatility


@dataclass(frozen=True)
class StartState:
    """Memories at the end of the panel; own and recorded ones in deaths per month.

    Attributes
    ----------
    own_fast, own_slow : array, shape (draw or 1, country, outcome)
        A country's own memories, with the drivers' effect since the exit taken out.
    recorded_slow : array, shape (country, outcome)
        Slow memory of the deaths as recorded, which is what crosses borders.
    occurrence : array, shape (country, outcome)
        Share (0 to 1) of recent months with deaths, as recorded.
    volatility : array, shape (country, outcome)
        How far yearly totals jumped, relative to the average series: what drift is scaled by.
    """

    own_fast: np.ndarray
    own_slow: np.ndarray
    recorded_slow: np.ndarray
    occurrence: np.ndarray
    volatility: np.ndarray


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
        memories.occurrence[-1],
        volatility(panel.values),
    )


def start_state_after_exit(
    panel: xr.DataArray,
    border_weights: xr.DataArray,
    effects: xr.DataArray,
    past_exposure: xr.DataArray,
    exit_month: str,
    spec: ModelSpecification,
) -> StartState:
    """Return the start of futures when drivers have acted since the exit: their effect is taken out of own memory.

    Parameters
    ----------
    panel : DataArray (month, country, outcome)
    border_weights : DataArray (country, neighbour)
    effects : DataArray (draw, driver)
        Log rate ratios as learnt from the data.
    past_exposure : DataArray (driver, month, country, outcome)
        Exposure in the months after the exit up to `as_of`.
    exit_month : str
    spec : ModelSpecification
    """
    memories = memories_after(panel, border_weights, spec)
    exit_row = list(panel["month"].values).index(exit_month)
    last = np.array([panel.sizes["month"] - 1])
    after = split_at_exit(np.nan_to_num(panel.values), memories, exit_row, last, spec)
    corrected = after.deaths * np.exp(-log_effect(effects, past_exposure))
    fast = after.fast_rest + np.einsum("dmck,mk->dck", corrected, after.fast_kernel[0])
    slow = after.slow_rest + np.einsum("dmck,mk->dck", corrected, after.slow_kernel[0])
    return StartState(fast, slow, memories.slow[-1], memories.occurrence[-1], volatility(panel.values))
