"""Drift and turns in futures: how they go on from month to month (`model/drift.py` says what they are)."""

import numpy as np

from ..model.drift import log_mean_of_turn
from ..model.specification import ModelSpecification


def next_drift(before: np.ndarray, shared: np.ndarray, own: np.ndarray, spec: ModelSpecification) -> np.ndarray:
    """Return the drift of the log rate of a series of average volatility, one month on; same shape.

    Parameters
    ----------
    before : array (country, outcome, draw)
        That of the month before; nought in the first.
    shared : array (country, 1, draw)
        Standard normal, the country's.
    own : array (country, outcome, draw)
        Standard normal, the outcome's own.
    spec : ModelSpecification
        `drift_sd` per month, `drift_keep`, and `shared_luck` between outcomes.
    """
    return spec.drift_keep * before + spec.drift_sd * partly_shared(shared, own, spec)


def partly_shared(shared: np.ndarray, own: np.ndarray, spec: ModelSpecification) -> np.ndarray:
    """Return standard normals of outcomes that are partly those of their country (`shared_luck`)."""
    share = spec.by_outcome("shared_luck")[:, None]
    return np.sqrt(share) * shared + np.sqrt(1 - share) * own


def next_turn(before: np.ndarray, chance: np.ndarray, step: np.ndarray, spec: ModelSpecification) -> np.ndarray:
    """Return what all turns so far add to a country's log rate, one month on; same shape.

    Parameters
    ----------
    before : array
        That of the month before.
    chance : array
        Uniform: below `turn_chance` there is a turn.
    step : array
        Standard normal.
    spec : ModelSpecification
    """
    return before + np.where(chance < spec.turn_chance, spec.turn_mean + spec.turn_sd * step, 0.0)


def drift_factor(
    average: np.ndarray, scale: np.ndarray, variance: float, carried: np.ndarray | float = 0.0
) -> np.ndarray:
    """Return what a month's drift multiplies the rate by, with mean one, shape (draw, country, outcome).

    Parameters
    ----------
    average : array, shape (country, outcome, draw)
        `next_drift`, as it is in the month.
    scale : array, shape (country, outcome)
        `model.drift.drift_scale`.
    variance : float
        `model.drift.drift_variance` of the month, since drift began.
    carried : array (draw or 1, country, outcome), or 0
        What is left of the log rate's drift up to the start.
    """
    return np.exp(np.moveaxis(average, -1, 0) * scale + carried - variance * scale**2 / 2)


def turn_factor(turned: np.ndarray, month: int, spec: ModelSpecification) -> np.ndarray:
    """Return what turns multiply the rate by, with mean one, shape (draw, country, outcome).

    Parameters
    ----------
    turned : array, shape (country, draw)
        `next_turn`, as it is in the month.
    month : int
        Counted from 0; in the first there is none.
    spec : ModelSpecification
    """
    return np.exp(turned.T[..., None] * spec.by_outcome("turn_share") - month * log_mean_of_turn(spec))
