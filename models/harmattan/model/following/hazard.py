"""Whether something happens within a stretch of time: complementary log-log hazards with partially pooled groups.

happens_i ~ Bernoulli(1 - exp(-exposure_i x exp(x_i . b + B_g)))      B_g ~ Normal(0, GROUP_SD)

Exposure is the share of a year that was watched, so a part of a year has its part of the hazard (Prentice & Gloeckler
1978, Biometrics 34(1)).
"""

import numpy as np
import pandas as pd

from .laplace import Coefficient, laplace_draws

GROUP_SD = 0.4
"""How far groups lie apart, in the log hazard; fixed, because events are too few to learn it from."""


def hazard_draws(
    predictors: np.ndarray,
    group: np.ndarray,
    exposure: np.ndarray,
    happened: np.ndarray,
    coefficients: tuple[Coefficient, ...],
    groups: tuple[str, ...],
    *,
    draws: int = 1000,
    seed: int = 1,
) -> pd.DataFrame:
    """Return draws of coefficients and group effects.

    Parameters
    ----------
    predictors : array (row, predictor)
    group : array (row) of int
    exposure : array (row)
        Years.
    happened : array (row) of 0 or 1
    coefficients : tuple of Coefficient
        In the order of the predictors.
    groups : tuple of str
    draws, seed : int

    Returns
    -------
    DataFrame
        A row for each draw; columns are the coefficients' names and `in.GROUP`.
    """
    mean = np.array([one.mean for one in coefficients] + [0.0] * len(groups))
    sd = np.array([one.sd for one in coefficients] + [GROUP_SD] * len(groups))
    design = np.hstack([predictors, np.eye(len(groups))[group]])

    def density(at: np.ndarray) -> tuple[float, np.ndarray]:
        apart = (at - mean) / sd
        hazard = exposure * np.exp(np.clip(design @ at, -50, 50))
        hazard = np.clip(hazard, 1e-12, 500)
        value = np.sum(np.where(happened == 1, -np.log(-np.expm1(-hazard)), hazard)) + apart @ apart / 2
        slope = np.where(happened == 1, -hazard / np.expm1(hazard), hazard)
        return float(value), design.T @ slope + apart / sd

    found = laplace_draws(density, mean, draws, seed, "hazard")
    return pd.DataFrame(found, columns=[*(one.name for one in coefficients), *(f"in.{name}" for name in groups)])
