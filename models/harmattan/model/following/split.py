"""How much of a count is of one kind, by how much of what came before was: a beta-binomial regression.

For row i with n deaths in all, and remembered weights S of this kind among N (`follow.perpetrators`):

    k_i ~ BetaBinomial(n_i, m_i f, (1 - m_i) f)       logit m_i = a + b (logit((S_i + c g) / (N_i + c)) - a)

with g = sigmoid(a), the share where nothing is remembered. There are four parameters and the density is smooth, so the
posterior is drawn by importance from a Student distribution, with Pareto smoothed weights whose k-hat vouches for them
(Vehtari et al. 2024, JMLR 25).
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.special import betaln, expit, gammaln, logit

from ...core.errors import DiagnosticsError

PARAMETERS = ("usual", "memory", "log_tightness", "log_prior_weight")
"""a (log odds where nothing is remembered), b, log f and log c."""

PRIOR_MEAN = np.array([0.0, 1.0, 0.0, 0.0])
PRIOR_SD = np.array([1.5, 0.5, 1.0, 1.5])
"""Of normal priors: the usual share may be anything; what is remembered counts in full, give or take half; single
months are far from even (f near 1); and where nothing is remembered the usual share is worth a month or so."""

HEAVINESS = 5.0
"""Degrees of freedom of the distribution that is drawn from."""

ROUNDS, WIDER = 3, 1.5
"""How often that distribution is placed, and how much wider than the covariance of what was drawn before."""

LARGEST_KHAT = 0.7
"""Above it weights are not trusted."""

EDGE = 1e-4
"""How near to 0 and 1 an expected share may come."""


def expected_share(draws: np.ndarray, of_kind: np.ndarray, all_of: np.ndarray) -> np.ndarray:
    """Return the share that is expected of this kind.

    Parameters
    ----------
    draws : array (..., 4)
        Parameters in the order of `PARAMETERS`; broadcast against the memories.
    of_kind, all_of : array
        What is remembered: S and N.
    """
    usual, memory = draws[..., 0], draws[..., 1]
    weight = np.exp(draws[..., 3])
    remembered = (of_kind + weight * expit(usual)) / (all_of + weight)
    odds = usual + memory * (logit(np.clip(remembered, EDGE, 1 - EDGE)) - usual)
    return np.clip(expit(odds), EDGE, 1 - EDGE)


def split_draws(
    counts: np.ndarray, totals: np.ndarray, of_kind: np.ndarray, all_of: np.ndarray, *, draws: int = 500, seed: int = 1
) -> pd.DataFrame:
    """Return draws of the four parameters.

    Parameters
    ----------
    counts, totals : array (row)
        Deaths of this kind, and all of them; rows with none in all say nothing and may be left out.
    of_kind, all_of : array (row)
        What was remembered before: S and N.
    draws, seed : int

    Returns
    -------
    DataFrame
        A row for each draw, columns `PARAMETERS`, and the attribute `khat`.

    Raises
    ------
    DiagnosticsError
        If the weights cannot be trusted.
    """
    from scipy.optimize import minimize

    def log_density(point: np.ndarray) -> float:
        share, tightness = expected_share(point, of_kind, all_of), np.exp(point[2])
        one, other = share * tightness, (1 - share) * tightness
        binomial = gammaln(totals + 1) - gammaln(counts + 1) - gammaln(totals - counts + 1)
        fitted = binomial + betaln(counts + one, totals - counts + other) - betaln(one, other)
        return float(fitted.sum() - 0.5 * (((point - PRIOR_MEAN) / PRIOR_SD) ** 2).sum())

    mode = minimize(lambda point: -log_density(point), PRIOR_MEAN, method="Nelder-Mead", options={"maxiter": 4000}).x
    found, khat = _by_importance(log_density, mode, draws, seed)
    if khat > LARGEST_KHAT:
        raise DiagnosticsError(f"Who killed, given how many: its posterior is not drawn well (k-hat {khat:.2f}).")
    table = pd.DataFrame(found, columns=list(PARAMETERS))
    table.attrs["khat"] = khat
    return table


def _by_importance(
    log_density: Callable[[np.ndarray], float], mode: np.ndarray, draws: int, seed: int
) -> tuple[np.ndarray, float]:
    """Return draws with smoothed weights, and their k-hat.

    The Student distribution first stands at the mode, then at the mean and covariance of what that gave, because with
    few rows the posterior leans to one side (adaptive importance sampling; Cappé et al. 2004, JCGS 13(4)).
    """
    generator = np.random.default_rng(seed)
    centre, covariance = mode, np.linalg.inv(_curvature(log_density, mode))
    for _ in range(ROUNDS):
        proposed, log_proposal = _student(centre, covariance, 4 * draws, generator)
        ratios = np.array([log_density(point) for point in proposed]) - log_proposal
        weights, khat = _smoothed(ratios)
        centre, covariance = weights @ proposed, WIDER * np.cov(proposed.T, aweights=weights)
    kept = generator.choice(len(proposed), size=draws, p=weights)
    return proposed[kept], khat


def _student(
    centre: np.ndarray, covariance: np.ndarray, size: int, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return points of a Student distribution and their log density, less a constant."""
    stretch = np.sqrt(HEAVINESS / generator.chisquare(HEAVINESS, size))
    apart = stretch[:, None] * generator.standard_normal((size, len(centre)))
    points = centre + apart @ np.linalg.cholesky(covariance).T
    return points, -0.5 * (HEAVINESS + len(centre)) * np.log1p((apart**2).sum(axis=1) / HEAVINESS)


def _smoothed(ratios: np.ndarray) -> tuple[np.ndarray, float]:
    """Return Pareto smoothed weights that sum to one, and k-hat."""
    import arviz  # noqa: F401 - gives arrays their statistics
    import xarray as xr

    # ArviZ takes the log of one over the weight
    log_weights, khat = xr.DataArray(-ratios, dims="draw").azstats.psislw(dim="draw")
    weights = np.exp(log_weights.values - log_weights.values.max())
    return weights / weights.sum(), float(khat)


def _curvature(log_density: Callable[[np.ndarray], float], mode: np.ndarray, step: float = 1e-3) -> np.ndarray:
    """Return minus the second derivatives at the mode, by differences."""
    size = len(mode)
    steps = np.eye(size) * step
    at = log_density
    found = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            both = at(mode + steps[i] + steps[j]) - at(mode + steps[i] - steps[j])
            found[i, j] = -(both - at(mode - steps[i] + steps[j]) + at(mode - steps[i] - steps[j])) / (4 * step**2)
    return (found + found.T) / 2
