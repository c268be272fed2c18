"""The rate, dispersion and zeros of the model as a PyTensor graph: the readable statement of what is fitted."""

from typing import Any

import numpy as np

from ..core.names import HEADLINE, OUTCOMES
from .memory import outcome_flags
from .specification import DISPERSION_CENTRE, ModelSpecification


def log_rate_graph(parameters: dict, own_fast: Any, own_slow: Any, neighbours: Any, spec: ModelSpecification) -> Any:
    """Return the log rate without driver effects, shape (row, country, outcome)."""
    import pytensor.tensor as pt

    geometric, has_fast = outcome_flags(spec)
    log_level, import_logit = parameters["series"][0], parameters["series"][1]
    memory_weight = pt.sigmoid(parameters["shape"][0])
    fast_share = has_fast * pt.sigmoid(parameters["shape"][1])

    own = (geometric + (1 - geometric) * memory_weight) * (fast_share * own_fast + (1 - fast_share) * own_slow)
    floor = (1 - geometric) * (1 - memory_weight) * pt.exp(log_level) + spec.small_rate * geometric + 1e-3
    coupled = np.array([float(name == HEADLINE) for name in OUTCOMES])
    coupling = parameters["coupling"] * own_fast[:, :, :1] * coupled
    slack = 1 - (1 - geometric) * memory_weight
    intensity = floor + own + slack * pt.sigmoid(import_logit) * neighbours + coupling
    exponent = 1 - geometric * (1 - memory_weight)
    return (1 - exponent) * log_level + exponent * pt.log(intensity)


def observation_graph(parameters: dict, log_rate: Any, spec: ModelSpecification) -> tuple[Any, Any, Any]:
    """Return rate, negative binomial size and probability of a structural zero, shape (row, country, outcome)."""
    import pytensor.tensor as pt

    _, _, slope, zero_base, log_zero_slope = (parameters["shape"][i] for i in range(5))
    rate = pt.exp(log_rate)
    level = pt.log(rate + 0.1)
    size = pt.exp(parameters["series"][2] + slope * (level - DISPERSION_CENTRE))
    zero = spec.largest_zero_share * pt.sigmoid(zero_base - pt.exp(log_zero_slope) * level)
    return rate, size, zero
