"""Who kills civilians in one-sided violence: the state and its partners, or others, month by month.

Two series with one sum. How many civilians are killed is what the model of deaths says; who killed them is drawn given
that sum, by who did in the months before in the same unit. So whatever is said of the sum holds with its parts beside
it, and the parts need no record of perpetrators as long as that of deaths. A month counts by the logarithm of
its deaths, because a massacre is one event, and is remembered with a half-life of a year.

The choice was made on months of 1994 to 2012 (`benchmarks/perpetrators.py`).
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import bdtrik, betaincinv, expit, logit

from ..core.names import ONE_SIDED_PARTS
from ..core.randomness import known_by, stream
from ..model.following.split import PARAMETERS, expected_share, split_draws
from ..panel.perpetrators import KEPT, remembered, state_and_total, weight_and_share
from .declared import SubModel

PERPETRATORS = SubModel("perpetrators", unit="deaths", step="month", kind="count", needs=("deaths", "dyads_by_month"))

FIRST_MONTHS = 24
"""At the start of a record, from which memories are filled and nothing is learnt."""


class LogOdds(Protocol):
    """What drivers do to the log odds that the state kills: an array (draw, month, country) or alike."""

    def __getitem__(self, at: tuple[slice, int], /) -> np.ndarray:
        """Return the log odds of some futures in a month, shape (draw, country)."""
        ...


def learn(
    parts: xr.DataArray, *, draws: int = 500, seed: int = 1, progress: Callable[[float], None] | None = None
) -> pd.DataFrame:
    """Return draws of what ties a month's perpetrators to those of the months before.

    Parameters
    ----------
    parts : DataArray (month, country, outcome)
        Deaths by perpetrator, NaN where unknown.
    draws, seed : int
    progress : callable, optional
        Is told when it is done.

    Returns
    -------
    DataFrame
        As `model.following.split.split_draws`.
    """
    state, total = state_and_total(parts)
    of_state, of_all = remembered(state, total)
    there = np.nan_to_num(total) > 0
    there[:FIRST_MONTHS] = False
    found = split_draws(state[there], total[there], of_state[:-1][there], of_all[:-1][there], draws=draws, seed=seed)
    if progress is not None:
        progress(1.0)
    return found


def follow(
    learnt: pd.DataFrame,
    parts: xr.DataArray,
    deaths: xr.DataArray,
    seed: int,
    moved: LogOdds | None = None,
    moved_before: np.ndarray | None = None,
) -> xr.DataArray:
    """Return who kills on simulated futures.

    Parameters
    ----------
    learnt : DataFrame
        `learn`.
    parts : DataArray (month, country, outcome)
        The record, from which memories start.
    deaths : DataArray (draw, month, country)
        Simulated deaths in one-sided violence.
    seed : int
        Chance goes by the names of units and by month.
    moved : LogOdds, optional
        What drivers that name one perpetrator do to the log odds. What is remembered is what the same luck brings
        without them.
    moved_before : array (draw, country), optional
        What they did to the months on record.

    Returns
    -------
    DataArray (draw, month, country, outcome)
        Whole numbers with the type of `deaths`; both parts sum to it.
    """
    size, names = deaths.sizes["draw"], known_by(parts)
    rows = stream(seed, PERPETRATORS.id, "learnt").integers(len(learnt), size=size)
    drawn = learnt[list(PARAMETERS)].to_numpy()[rows][:, None, :]
    of_state, of_all = (np.tile(ends[-1], (size, 1)) for ends in remembered(*state_and_total(parts)))
    if moved_before is not None:
        of_state = _taken_back(of_state, of_all, moved_before)
    totals = deaths.transpose("draw", "month", "country").values
    killed = np.zeros(totals.shape, dtype=totals.dtype)
    for month, label in enumerate(deaths["month"].values):
        luck = np.stack([stream(seed, PERPETRATORS.id, name, str(label)).random((size, 2)) for name in names], axis=1)
        total, share = totals[:, month], expected_share(drawn, of_state, of_all)
        tightness = np.broadcast_to(np.exp(drawn[..., 2]), share.shape)
        without = _drawn(total, share, tightness, luck)
        killed[:, month] = without
        if moved is not None:
            odds = np.asarray(moved[slice(0, size), month])
            at = np.broadcast_to(odds != 0, total.shape)  # elsewhere the same luck brings the same deaths
            chances = expit(logit(share[at]) + np.broadcast_to(odds, total.shape)[at])
            killed[:, month][at] = _drawn(total[at], chances, tightness[at], luck[at])
        weight, of_month = weight_and_share(without, total)
        of_state, of_all = KEPT * of_state + weight * of_month, KEPT * of_all + weight
    both = np.stack([killed, totals - killed], axis=-1)
    coords = {name: deaths[name].values for name in ("month", "country")} | {"outcome": list(ONE_SIDED_PARTS)}
    return xr.DataArray(both, coords, ("draw", "month", "country", "outcome"), "deaths", deaths.attrs)


def _taken_back(of_state: np.ndarray, of_all: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Return the state's part of what is remembered as it would be without what moved its odds."""
    share = np.divide(of_state, of_all, out=np.zeros_like(of_all), where=of_all > 0)
    with np.errstate(divide="ignore"):
        return np.asarray(of_all * expit(logit(share) - moved))


def _drawn(total: np.ndarray, share: np.ndarray, tightness: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Return beta-binomial counts by inversion: first the month's share, then the deaths given it."""
    found = np.zeros(total.shape, dtype=total.dtype)
    some = total > 0
    if some.any():
        expected, tight = share[some], tightness[some]
        of_month = np.clip(betaincinv(expected * tight, (1 - expected) * tight, luck[..., 0][some]), 1e-12, 1 - 1e-12)
        count = np.ceil(bdtrik(luck[..., 1][some], total[some].astype("float64"), of_month))
        found[some] = np.clip(np.nan_to_num(count), 0, total[some])
    return found
