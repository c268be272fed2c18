"""Drift: what no memory foresees. Each future's rates wander away from what the record says, slowly and for a while.

A fitted rate follows what is remembered, but wars also turn for reasons that no count shows: a commander, a deal, a new
front. Year totals simulated without such turns are too narrow. The drift of a country's outcome is a first-order
autoregression on the log rate; it is nought in the first month, where the fitted distribution is the forecast, and its
factor has mean one, so that expected deaths stay what the model says. A country's own memory is fed with deaths divided
by the factor, as it is with drivers' effects, so that drift does not build up on itself.
"""

from collections.abc import Sequence

import numpy as np

from ..core.names import ISO3, OUTCOMES
from ..core.randomness import stream
from ..model.specification import ModelSpecification


def drift_variance(months: int, spec: ModelSpecification) -> np.ndarray:
    """Return the variance of the drift of the log rate in each month, shape (month,); the first is zero."""
    age = np.arange(months)
    return spec.drift_sd**2 * (1 - spec.drift_keep ** (2 * age)) / (1 - spec.drift_keep**2)


def log_drift(seed: int, months: Sequence[str], draws: int, spec: ModelSpecification) -> np.ndarray:
    """Return the drift of the log rate, less half its variance, shape (month, country, outcome, draw).

    Parameters
    ----------
    seed : int
        Root seed; the steps of a month, country and outcome come from a stream of that name, so that more draws,
        months or countries change none.
    months : sequence of str
    draws : int
    spec : ModelSpecification
        `drift_sd` per month and `drift_keep`.
    """
    drift = np.zeros((len(months), len(ISO3), len(OUTCOMES), draws))
    for t, month in enumerate(months[1:], start=1):
        for c, country in enumerate(ISO3):
            for k, outcome in enumerate(OUTCOMES):
                step = stream(seed, "drift", country, outcome, month).standard_normal(draws)
                drift[t, c, k] = spec.drift_keep * drift[t - 1, c, k] + spec.drift_sd * step
    return drift - drift_variance(len(months), spec)[:, None, None, None] / 2
