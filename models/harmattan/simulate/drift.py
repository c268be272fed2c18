"""Drift: what no memory foresees. Each future's rates wander away from what the record says, slowly and for a while.

A fitted rate follows what is remembered, but wars also turn for reasons that no count shows: a commander, a deal, a new
front. Year totals simulated without such turns are too narrow. The drift of a country's outcome is a first-order
autoregression on the log rate; it is nought in the first month, where the fitted distribution is the forecast, and its
factor has mean one. Expected deaths stay within 2 % of what the model says in total, but not everywhere: zeros and
dispersion are read at the drifting rate, so quiet countries expect more, by up to about a quarter some years ahead. It
is wider where yearly totals have jumped more in the last ten years (`volatility`). A country's own memory is fed with
deaths divided by the factor, as it is with drivers' effects, so that drift does not build up on itself. Nor does it
blow up the noise of a month, which grows with the rate: the noise is narrowed by as much (`noise_kept`), so that drift
comes on top of it.
"""

import numpy as np

from ..model.specification import ModelSpecification

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
    squares = np.where(known, squares, 0.0)
    average = squares.sum() / known.sum() if not known.all() else squares.mean()
    if average == 0:
        return np.ones(deaths.shape[1:])
    own = (squares.sum(axis=0) + VOLATILITY_BORROWED * average) / (known.sum(axis=0) + VOLATILITY_BORROWED)
    return np.sqrt(own / average)


def drift_variance(months: int, spec: ModelSpecification) -> np.ndarray:
    """Return the variance of the average series' drift of the log rate in each month, shape (month,); first zero."""
    age = np.arange(months)
    return spec.drift_sd**2 * (1 - spec.drift_keep ** (2 * age)) / (1 - spec.drift_keep**2)


def noise_kept(variance: float) -> float:
    """Return by what the noise of a month's count is narrowed as the rate drifts: a factor of 1 / size, at most 1.

    A negative binomial count has, beside Poisson's, the relative variance 1 / size around its rate. A drifting rate
    with relative variance exp(v) - 1 would make that exp(v) / size around the expected rate; times exp(-v) it stays
    1 / size, as fitted, and the drift's own variance is added. That holds for the average series, whose variance is
    used for all: with each series' own, forecasts were worse (`benchmarks/model_choice.md`).

    Parameters
    ----------
    variance : float
        `drift_variance` of the month.
    """
    return float(np.exp(-variance))


def next_drift(before: np.ndarray, step: np.ndarray, spec: ModelSpecification) -> np.ndarray:
    """Return the drift of the log rate of a series of average volatility, one month on; same shape.

    Parameters
    ----------
    before : array
        That of the month before; nought in the first.
    step : array
        Standard normal.
    spec : ModelSpecification
        `drift_sd` per month and `drift_keep`.
    """
    return spec.drift_keep * before + spec.drift_sd * step


def drift_factor(average: np.ndarray, scale: np.ndarray, variance: float) -> np.ndarray:
    """Return what a month's drift multiplies the rate by, with mean one, shape (draw, country, outcome).

    Parameters
    ----------
    average : array, shape (country, outcome, draw)
        `next_drift`, as it is in the month.
    scale : array, shape (country, outcome)
        `volatility`.
    variance : float
        `drift_variance` of the month.
    """
    return np.exp(np.moveaxis(average, -1, 0) * scale - variance * scale**2 / 2)
