"""Drift and turns: what no memory foresees. Rates wander away from the record for a while, or for good.

A rate follows what is remembered, but wars also turn for reasons that no count shows: a commander, a deal, a new front.
Year totals without such turns are too narrow. The drift of a country's outcome is a first-order autoregression on the
log rate, partly its country's; it is wider where yearly totals have jumped more in the last ten years (`volatility`). A
turn moves a country's log rates for good. Factors have mean one. Expected deaths stay within 3 % of what the model says
in total, but not everywhere: zeros and dispersion are read at the drifting rate, so quiet countries expect more. A
country's own memory is fed with deaths divided by the factors, as it is with drivers' effects, so that drift does not
build up on itself.

They begin in the last months of the record, where the fit learns them (`shifts.py`), and go on in every future
(`simulate/drift.py`).
"""

import numpy as np

from .specification import ModelSpecification

VOLATILITY_YEARS = 10
"""Years of the record whose jumps say how far a series drifts."""

VOLATILITY_DEATHS = 12.0
"""Deaths a year added before logs are taken, so that quiet years do not look like jumps."""

VOLATILITY_BORROWED = 3.0
"""Years' worth of the average series that every series borrows."""


def volatility(deaths: np.ndarray) -> np.ndarray:
    """Return how far yearly totals jumped, relative to the average series, shape (country, outcome).

    Root mean square of the yearly changes of log(deaths + `VOLATILITY_DEATHS`) over the last `VOLATILITY_YEARS` years,
    pulled towards the mean square of all series, and divided by its root.

    Parameters
    ----------
    deaths : array, shape (month, country, outcome)
        The record; its last twelve months are the last year. A shorter record gives fewer years, and so do a unit's
        months before it existed (NaN).
    """
    years = min(VOLATILITY_YEARS, len(deaths) // 12)
    totals = deaths[len(deaths) - 12 * years :].reshape(years, 12, *deaths.shape[1:]).sum(axis=1)
    squares = np.diff(np.log(totals + VOLATILITY_DEATHS), axis=0) ** 2
    known = ~np.isnan(squares)
    if not known.any():
        return np.ones(deaths.shape[1:])
    squares = np.where(known, squares, 0.0)
    average = squares.sum() / known.sum() if not known.all() else squares.mean()
    if average == 0:
        return np.ones(deaths.shape[1:])
    own = (squares.sum(axis=0) + VOLATILITY_BORROWED * average) / (known.sum(axis=0) + VOLATILITY_BORROWED)
    return np.sqrt(own / average)


def drift_scale(deaths: np.ndarray, spec: ModelSpecification) -> np.ndarray:
    """Return by what each series' drift is wider than `drift_sd` says, shape (country, outcome).

    Parameters
    ----------
    deaths : array, shape (month, country, outcome)
        As for `volatility`, which `drift_share` of the outcome multiplies.
    spec : ModelSpecification
    """
    return volatility(deaths) * spec.by_outcome("drift_share")


def drift_variance(months: int, spec: ModelSpecification) -> np.ndarray:
    """Return the variance of a drift of scale one in each month since it began, shape (month,); first zero."""
    age = np.arange(months)
    return spec.drift_sd**2 * (1 - spec.drift_keep ** (2 * age)) / (1 - spec.drift_keep**2)


def log_mean_of_turn(spec: ModelSpecification) -> np.ndarray:
    """Return the logarithm of what a month's chance of a turn multiplies the mean rate by, shape (outcome,)."""
    share = spec.by_outcome("turn_share")
    return np.log1p(spec.turn_chance * np.expm1(share * spec.turn_mean + (share * spec.turn_sd) ** 2 / 2))


def turn_moments(month: int, spec: ModelSpecification) -> tuple[np.ndarray, float]:
    """Return mean log of the turns' factor by outcome, and variance of a country's turns, so many months on.

    Outcomes share the turns, so their covariance is the product of their `turn_share` and that variance.
    """
    mean = month * (spec.turn_chance * spec.turn_mean * spec.by_outcome("turn_share") - log_mean_of_turn(spec))
    square = spec.turn_mean**2 + spec.turn_sd**2
    return mean, month * spec.turn_chance * (square - spec.turn_chance * spec.turn_mean**2)


def shared_drift(spec: ModelSpecification) -> np.ndarray:
    """Return the correlation of outcomes' drift in a country (`shared_luck`), shape (outcome, outcome)."""
    root = np.sqrt(spec.by_outcome("shared_luck"))
    together = np.outer(root, root)
    np.fill_diagonal(together, 1.0)
    return together
