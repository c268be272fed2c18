"""Draws from a posterior with one round mode: a normal with the curvature at the mode (Laplace's approximation)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...core.randomness import stream

Density = Callable[[np.ndarray], tuple[float, np.ndarray]]
"""Gives minus the log posterior density and its gradient at a point."""

_STEP = 1e-4


@dataclass(frozen=True)
class Coefficient:
    """A coefficient and its normal prior.

    Attributes
    ----------
    name : str
    mean, sd : float
    """

    name: str
    mean: float
    sd: float


def laplace_draws(density: Density, start: np.ndarray, draws: int, seed: int, *name: str) -> np.ndarray:
    """Return draws, shape (draw, parameter).

    Parameters
    ----------
    density : callable
        Minus the log density, with a single mode, and its gradient.
    start : array (parameter)
    draws : int
    seed : int
    *name : str
        Of the stream of chance.

    Raises
    ------
    RuntimeError
        If no mode is found.
    """
    from scipy.optimize import minimize

    found = minimize(density, start, jac=True, method="BFGS", options={"gtol": 1e-6, "maxiter": 2000})
    slope = float(np.max(np.abs(density(found.x)[1])))
    if slope > 1e-2:
        raise RuntimeError(f"The mode of {'/'.join(name)} was not found: the gradient there is {slope:.2g}.")
    lower = np.linalg.cholesky(_curvature(density, found.x))
    noise = stream(seed, *name, "laplace").standard_normal((draws, len(found.x)))
    return found.x + np.linalg.solve(lower.T, noise.T).T


def _curvature(density: Density, mode: np.ndarray) -> np.ndarray:
    """Return the second derivatives at the mode, by central differences of the gradient."""
    steps = np.eye(len(mode)) * _STEP
    rows = np.array([(density(mode + step)[1] - density(mode - step)[1]) / (2 * _STEP) for step in steps])
    return (rows + rows.T) / 2
