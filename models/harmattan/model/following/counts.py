"""How often something happens: negative binomial counts with partially pooled groups.

count_i ~ NegBin(exposure_i x exp(x_i . b + B_g), size)      B_g ~ Normal(0, GROUP_SD)

The variance is mean + mean^2 / size.
"""

import numpy as np
import pandas as pd

from .laplace import Coefficient, laplace_draws

GROUP_SD = 0.5
"""How far groups lie apart, in the log mean; fixed."""

LOG_SIZE = Coefficient("log_size", mean=0.7, sd=1.0)


def count_draws(
    predictors: np.ndarray,
    group: np.ndarray,
    exposure: np.ndarray,
    count: np.ndarray,
    coefficients: tuple[Coefficient, ...],
    groups: tuple[str, ...],
    *,
    draws: int = 1000,
    seed: int = 1,
) -> pd.DataFrame:
    """Return draws of coefficients, group effects and log size.

    Parameters
    ----------
    predictors : array (row, predictor)
    group : array (row) of int
    exposure : array (row)
        Years.
    count : array (row)
    coefficients : tuple of Coefficient
        In the order of the predictors.
    groups : tuple of str
    draws, seed : int

    Returns
    -------
    DataFrame
        A row for each draw; columns are the coefficients' names, `in.GROUP` and `log_size`.
    """
    from scipy.special import digamma, gammaln

    mean = np.array([*(one.mean for one in coefficients), *([0.0] * len(groups)), LOG_SIZE.mean])
    sd = np.array([*(one.sd for one in coefficients), *([GROUP_SD] * len(groups)), LOG_SIZE.sd])
    design = np.hstack([predictors, np.eye(len(groups))[group]])

    def density(at: np.ndarray) -> tuple[float, np.ndarray]:
        apart, size = (at - mean) / sd, np.exp(at[-1])
        expected = exposure * np.exp(np.clip(design @ at[:-1], -30, 30))
        both = np.log(size + expected)
        log = gammaln(count + size) - gammaln(size) + size * (at[-1] - both) + count * (np.log(expected) - both)
        slope = count - (count + size) * expected / (size + expected)
        of_size = size * (
            digamma(count + size) - digamma(size) + at[-1] + 1 - both - (count + size) / (size + expected)
        )
        gradient = np.append(design.T @ slope, of_size.sum())
        return float(apart @ apart / 2 - log.sum()), apart / sd - gradient

    found = laplace_draws(density, mean, draws, seed, "counts")
    names = [*(one.name for one in coefficients), *(f"in.{name}" for name in groups), LOG_SIZE.name]
    return pd.DataFrame(found, columns=names)
