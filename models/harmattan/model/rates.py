"""The rate, dispersion and zeros of the model as a PyTensor graph: the readable statement of what is fitted."""

from typing import Any

import numpy as np

from .specification import LEAST_RATE, OCCURRENCE_CENTRE, ModelSpecification


def log_rate_graph(parameters: dict, own_fast: Any, own_slow: Any, neighbours: Any, spec: ModelSpecification) -> Any:
    """Return the log rate without driver effects, shape (row, country, outcome)."""
    import pytensor.tensor as pt

    exponent = spec.by_outcome("reversion_exponent")
    log_level, import_logit = parameters["series"][0], parameters["series"][1]
    memory_weight = pt.sigmoid(parameters["shape"][0])
    fast_share = pt.sigmoid(parameters["shape"][1])

    own = spec.small_rate + fast_share * own_fast + (1 - fast_share) * own_slow
    level = pt.exp(exponent * log_level)
    reverting = ((1 - memory_weight) * level + memory_weight * own**exponent) ** (1 / exponent)
    imported = (1 - memory_weight) * pt.sigmoid(import_logit) * neighbours
    rate = reverting + imported
    for fed, source in spec.feeding().items():
        only = np.eye(len(spec.outcomes))[fed]
        rate = rate + parameters["coupling"] * own_fast[:, :, source : source + 1] * only
    return pt.log(rate + LEAST_RATE)


def observation_graph(
    parameters: dict, log_rate: Any, occurrence: Any, spec: ModelSpecification, log_factor: Any = 0.0
) -> tuple[Any, Any, Any]:
    """Return rate, negative binomial size and probability of a structural zero, shape (row, country, outcome).

    Drivers multiply the rate by exp(`log_factor`); the other two are read at the rate without them.
    """
    import pytensor.tensor as pt

    _, _, slope, steadiness, zero_base, log_zero_slope, presence = (parameters["shape"][i] for i in range(7))
    level = pt.log(pt.exp(log_rate) + 0.1)
    often = occurrence - OCCURRENCE_CENTRE
    size = pt.exp(parameters["series"][2] + slope * (level - spec.by_outcome("dispersion_centre")) + steadiness * often)
    zero = spec.largest_zero_share * pt.sigmoid(zero_base - pt.exp(log_zero_slope) * level - presence * often)
    return pt.exp(log_rate + log_factor), size, zero
