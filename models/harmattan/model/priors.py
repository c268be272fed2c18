"""Priors of the numbers that every country's rates share, by outcome.

They were learnt from the world: the model was fitted, under priors so wide that they hardly matter, to five regions
outside the shipped case at three times, with windows that do not overlap. A prior is what these fifteen say of another
one, by moments: their mean, and how far they differ beyond their own doubt, at least by a floor
(`benchmarks/world_priors.py`, `benchmarks/results/world_priors.csv`).

What crosses borders is declared: the record hardly tells it. Its share is about 1 in 20 of the largest that keeps
feedback below one, within 0.5 to 35 in 100; what fighting adds to the killing of civilians is small and unsure.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from ..core.names import OUTCOMES

Moments = tuple[float, float]
"""Mean and standard deviation of a normal prior."""


def _each(*moments: Moments) -> dict[str, Moments]:
    """Return moments by outcome: of each, or the same of all."""
    return dict(zip(OUTCOMES, moments * (len(OUTCOMES) // len(moments)), strict=True))


CENTRE_PRIOR = {
    "log_level": _each((-0.84, 0.4), (-0.6, 0.4), (-0.8, 0.4)),
    "import_logit": _each((-3.0, 1.2)),
    "log_dispersion": _each((-1.64, 0.71), (-2.17, 0.4), (-1.54, 0.41)),
}
"""Of the mean over countries. A level is relative to the worst year on a country's own record."""

SPREAD_PRIOR = {
    "log_level": _each((1.12, 0.2), (1.05, 0.2), (1.12, 0.2)),
    "import_logit": _each((-0.4, 0.3)),
    "log_dispersion": _each((0.48, 0.24), (-0.05, 0.2), (0.24, 0.2)),
}
"""Of the logarithm of how far countries spread."""

SHAPE_PRIOR = {
    "memory_logit": _each((0.61, 0.51), (0.72, 0.3), (0.72, 0.3)),
    "fast_logit": _each((4.17, 0.49), (1.82, 0.68), (2.42, 0.57)),
    "dispersion_slope": _each((0.43, 0.32), (0.54, 0.3), (0.19, 0.3)),
    "dispersion_occurrence": _each((2.23, 0.83), (2.03, 0.38), (2.41, 0.3)),
    "zero_base": _each((0.65, 0.3), (0.26, 0.31), (-0.36, 0.3)),
    "log_zero_slope": _each((0.4, 0.3), (0.07, 0.3), (0.17, 0.3)),
    "zero_occurrence": _each((2.24, 0.59), (2.88, 0.61), (2.98, 0.62)),
}
"""Of what every outcome has one value of."""

COUPLING_PRIOR: Moments = (-3.0, 1.5)


def moments_of(table: Mapping[str, Mapping[str, Moments]], outcomes: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return means and standard deviations of a table's quantities, each of shape (quantity, outcome)."""
    moments = np.array([[of[outcome] for outcome in outcomes] for of in table.values()], dtype=float)
    return moments[..., 0], moments[..., 1]
