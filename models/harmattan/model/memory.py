"""Memories of past deaths: exponentially weighted means that use nothing after the month they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from .specification import ModelSpecification


def keep_factor(half_life: float | Sequence[float] | np.ndarray) -> np.ndarray:
    """Return the share of a memory that is left after one month, one for each half-life in months."""
    return 0.5 ** (1.0 / np.asarray(half_life, dtype=float))


def exponential_memory(deaths: np.ndarray, half_life: float | Sequence[float] | np.ndarray, burn_in: int) -> np.ndarray:
    """Return the exponentially weighted mean of deaths up to and including each month.

    Parameters
    ----------
    deaths : array, shape (month, ...)
        Deaths per month.
    half_life : float or array of float
        Months after which a month's weight has halved; an array gives one for each entry of the last dimension.
    burn_in : int
        Months whose mean starts the memory; where a unit begins later (NaN before), its own first months.

    Returns
    -------
    array, shape (month, ...)
        0 where a unit did not exist.
    """
    if np.isnan(deaths).any():
        return _within_lifetimes(deaths, half_life, burn_in)
    keep = keep_factor(half_life)
    memory = np.empty_like(deaths, dtype=float)
    state = deaths[:burn_in].mean(axis=0)
    for i, row in enumerate(deaths):
        state = keep * state + (1.0 - keep) * row
        memory[i] = state
    return memory


def _within_lifetimes(deaths: np.ndarray, half_life: float | Sequence[float] | np.ndarray, burn_in: int) -> np.ndarray:
    """Return the memories of units (second dimension) of which some did not exist throughout."""
    memory = np.zeros_like(deaths, dtype=float)
    for unit in range(deaths.shape[1]):
        alive = ~np.isnan(deaths[:, unit]).any(axis=-1)
        if alive.any():
            memory[alive, unit] = exponential_memory(deaths[alive, unit], half_life, burn_in)
    return memory


@dataclass(frozen=True)
class Memories:
    """What the model remembers when it looks at each month, shape (month, country, outcome).

    The first three are in deaths per month. `fast` and `slow` are a country's own memories with the drivers' effect
    taken out after the exit (until then they are plain memories). `neighbours` is the slow memory of the neighbours
    as they really were, weighted by border. `occurrence` is how often there were deaths: the weighted share (0 to 1)
    of months with at least one, as recorded.
    """

    fast: np.ndarray
    slow: np.ndarray
    neighbours: np.ndarray
    occurrence: np.ndarray

    def rows(self, index: slice | np.ndarray) -> "Memories":
        """Return the same memories for some months only."""
        return Memories(self.fast[index], self.slow[index], self.neighbours[index], self.occurrence[index])


def memories_after(panel: xr.DataArray, border_weights: xr.DataArray, spec: ModelSpecification) -> Memories:
    """Return the memories at the end of every month of the panel.

    Parameters
    ----------
    panel : DataArray (month, country, outcome)
        Deaths per month.
    border_weights : DataArray (country, neighbour)
        Rows sum to one.
    """
    deaths = panel.values
    slow = exponential_memory(deaths, spec.by_outcome("slow_half_life"), spec.burn_in_months)
    return Memories(
        fast=exponential_memory(deaths, spec.by_outcome("fast_half_life"), spec.burn_in_months),
        slow=slow,
        neighbours=np.einsum("ij,tjk->tik", border_weights.values, slow),
        occurrence=exponential_memory(
            np.where(np.isnan(deaths), np.nan, deaths > 0), spec.by_outcome("occurrence_half_life"), spec.burn_in_months
        ),
    )
