"""A share of futures that repeats the recent past: a linear pool of the model with fading conflictology.

Resampling a country's recent months is hard to beat where a war turns: a pool of both is better than either on past
windows (`benchmarks/model_choice.md`). Months are drawn with a weight that halves every eight months, which forecast
better than equal weights from 2004 to 2022 (in 2024 it did not). A future belongs to the model or to the resampling as
a whole. Drivers and drift act on both: a resampled count is multiplied by them, so that a scenario's contrast is not
diluted and yearly totals are not too narrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core.names import OUTCOMES
from ..core.randomness import stream

POOL_SHARE = 0.25
"""Share of futures of each outcome that resample; the others follow the fitted model."""

POOL_MONTHS = 36
"""Months of the record that are resampled."""

POOL_HALF_LIFE = 8.0
"""Months after which a past month is half as likely to be drawn."""


@dataclass(frozen=True)
class Resampling:
    """Which futures resample which month of the recent past.

    Attributes
    ----------
    pooled : bool array, shape (draw, 1, outcome)
        Whether a future resamples an outcome.
    month : int array, shape (month, draw)
        Which of the recent months it takes, one for all countries, so that what happened together stays together.
    """

    pooled: np.ndarray
    month: np.ndarray

    def of(self, draws: slice | np.ndarray) -> "Resampling":
        """Return the same for some futures."""
        return Resampling(self.pooled[draws], self.month[:, draws])


def month_weights() -> np.ndarray:
    """Return the probability that each of the recent months is drawn, oldest first, shape (`POOL_MONTHS`,)."""
    weight = 0.5 ** (np.arange(POOL_MONTHS)[::-1] / POOL_HALF_LIFE)
    return weight / weight.sum()


def resampling(seed: int, months: Sequence[str], draws: int) -> Resampling:
    """Return which futures resample, from streams named by outcome and month; more draws keep the earlier ones."""
    pooled = [stream(seed, "pool", outcome).random(draws) < POOL_SHARE for outcome in OUTCOMES]
    reached = np.cumsum(month_weights())[:-1]
    month = [np.searchsorted(reached, stream(seed, "pool month", label).random(draws)) for label in months]
    return Resampling(np.stack(pooled, axis=-1)[:, None, :], np.stack(month))


def recent_mean(recent: np.ndarray) -> np.ndarray:
    """Return what a resampled month is expected to hold, shape (draw or 1, country, outcome).

    Parameters
    ----------
    recent : array, shape (draw or 1, recent month, country, outcome)
    """
    return np.einsum("dmck,m->dck", recent, month_weights())


def resampled_counts(recent: np.ndarray, month: np.ndarray, factor: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Return resampled counts times a factor, rounded at random so that the mean is kept.

    Parameters
    ----------
    recent : array, shape (draw or 1, recent month, country, outcome)
        Deaths of the last months, with the drivers' effect since the exit taken out.
    month : int array, shape (draw,)
    factor, uniform : array, shape (draw, country, outcome)
        What multiplies the counts (drivers, drift); noise that decides the rounding.
    """
    draws = np.arange(len(month)) if len(recent) > 1 else np.zeros(len(month), dtype=int)
    return np.floor(recent[draws, month] * factor + uniform)
