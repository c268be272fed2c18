"""How far a long-run level may lie above a country's record: a soft bound, the same in fit and simulation."""

from typing import Any

import numpy as np

from ..core.compiling import compiled


def bounded(above: Any, log_bound: float) -> Any:
    """Return the log level over its anchor as it acts: close to `above` well below the bound, and never beyond it.

    Parameters
    ----------
    above : array or PyTensor variable
        Log level over its anchor, without bound.
    log_bound : float
        Logarithm of `ModelSpecification.level_bound`.
    """
    if isinstance(above, np.ndarray):
        return above - np.logaddexp(0.0, 2.0 * (above - log_bound)) / 2.0
    import pytensor.tensor as pt

    return above - pt.logaddexp(0.0, 2.0 * (above - log_bound)) / 2.0


@compiled
def bound_levels(levels: np.ndarray, anchor: np.ndarray, log_bound: float, slope: np.ndarray) -> None:
    """Bound log levels in place, and write by how much they answer the unbounded; all (country, outcome)."""
    for c in range(levels.shape[0]):
        for k in range(levels.shape[1]):
            over = 2.0 * (levels[c, k] - anchor[c, k] - log_bound)
            beyond = np.exp(-abs(over))
            levels[c, k] -= (max(over, 0.0) + np.log1p(beyond)) / 2.0
            slope[c, k] = beyond / (1.0 + beyond) if over > 0 else 1.0 / (1.0 + beyond)
