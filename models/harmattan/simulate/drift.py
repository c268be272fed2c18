"""Drift and turns: what no memory foresees. Each future's rates wander away from the record for a while, or for good.

A fitted rate follows what is remembered, but wars also turn for reasons that no count shows: a commander, a deal, a new
front. Year totals simulated without such turns are too narrow. The drift of a country's outcome is a first-order
autoregression on the log rate, partly its country's; it is wider where yearly totals have jumped more in the last ten
years (`volatility`). A turn moves a country's log rates for good. Both are nought in the first month, where the fitted
distribution is the forecast, and their factors have mean one. Expected deaths stay within 3 % of what the model says in
total, but not everywhere: zeros and dispersion are read at the drifting rate, so quiet countries expect more. A
country's own memory is fed with deaths divided by the factors, as it is with drivers' effects, so that drift does not
build up on itself. Nor does it blow up the noise of a month, which grows with the rate: the noise is narrowed by as
much as drift would widen it (`noise_kept`), so that it comes on top.
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
