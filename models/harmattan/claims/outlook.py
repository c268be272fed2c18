"""What is believed of the whole effect of the exit: exits elsewhere, documents, or both, each for what it is worth.

Exits elsewhere give the log ratio of deaths at home in every outcome and horizon a mean ``m`` and a covariance ``C``,
that of the normal with the 80 % ranges of the class (whose own tails are heavier).
Documents say ``D`` of it, the sum of what drivers that hinge on the exit do, and miss by an error of the same pattern
as exits differ, ``r C`` with ``r`` the square of `documents_sd` over the mean variance of ``C``. Then

    whole | D ~ Normal(worth x D + (1 - worth) x m, (1 - worth) x C)        worth = 1 / (1 + r)

so what drivers do counts by `worth`, and the rest of the whole, which belongs to no mechanism, is the normal that is
left. Exits elsewhere say nothing of which mechanism acts: probabilities of drivers stay the claims'.
"""

from dataclasses import dataclass

import numpy as np

from ..core.names import HORIZONS, OUTCOMES
from .register import Register
from .whole import Whole, documents_whole

ALIKE = 0.7
"""Correlation between outcomes and horizons of what came of one exit, where no class of exits says it: a declared
assumption. One that brings more deaths than was said does so in the first months and later, of one kind and another."""

CELLS = (len(OUTCOMES), len(HORIZONS))
"""Shape of the whole: outcome, horizon."""


@dataclass(frozen=True)
class Outlook:
    """What is believed of the whole beside what drivers do.

    Attributes
    ----------
    worth : float
        By what drivers that hinge on the exit are multiplied.
    rest_mean : array, shape (outcome, horizon)
        Log rate ratio at home of what belongs to no driver.
    rest_covariance : array, shape (cell, cell)
        Cells in the order of `rest_mean`, flattened.
    """

    worth: float
    rest_mean: np.ndarray
    rest_covariance: np.ndarray

    @property
    def rest_factor(self) -> np.ndarray:
        """Lower triangle whose product with its transpose is the covariance, shape (cell, cell)."""
        return np.linalg.cholesky(self.rest_covariance) if self.rest_covariance.any() else self.rest_covariance


def outlook(register: Register, whole: Whole | None = None) -> Outlook:
    """Return what is believed of the whole by exits elsewhere and documents, as far as a register uses either.

    Parameters
    ----------
    register : Register
        `exit_class` and `uses` say what is used.
    whole : Whole, optional
        What its documents say, where it was worked out before.
    """
    said = register.uses.documents and bool((whole or documents_whole(register)).shares)
    missed = register.lexicons.whole.documents_sd**2
    known = register.exits_used
    cells = int(np.prod(CELLS))
    if known is None and not said:  # nothing is said of an exit, so none is supposed to do anything
        return Outlook(0.0, np.zeros(CELLS), np.zeros((cells, cells)))
    if known is None:
        pattern = np.full((cells, cells), ALIKE) + (1.0 - ALIKE) * np.eye(cells)
        return Outlook(1.0, np.zeros(CELLS), missed * pattern)
    worth = 1.0 / (1.0 + missed / float(np.mean(np.diag(known.normal_covariance)))) if said else 0.0
    return Outlook(worth, (1.0 - worth) * known.mean, (1.0 - worth) * known.normal_covariance)
