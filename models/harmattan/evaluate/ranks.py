"""Simulation-based calibration: where a known truth ranks among the draws of the posterior of data made from it.

If data come from the model and the posterior is exact, the rank of the truth among independent draws is uniform for
every quantity (Talts, Betancourt, Simpson, Vehtari & Gelman 2018, arXiv 1804.06788). Ranks of the log likelihood, which
looks at the data as well, find errors that ranks of parameters miss (Modrák, Moon, Kim, Bürkner, Huurre, Faltejsková,
Gelman & Vehtari 2023, Bayesian Analysis). Säilynoja, Bürkner & Vehtari (2022) give the band that judges them.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..core.randomness import stream
from .calibration import ecdf_band

BINS = 10
"""Of the chi-square test."""


def rank_of_truth(draws: pd.DataFrame, truth: Mapping[str, float]) -> dict[str, int]:
    """Return how many draws lie below the truth, by quantity.

    Parameters
    ----------
    draws : DataFrame
        A row per draw, nearly independent of each other; a column per quantity.
    truth : mapping of quantity to value
    """
    return {name: int((draws[name].to_numpy() < truth[name]).sum()) for name in draws.columns}


def rank_calibration(ranks: pd.DataFrame, draws: int, seed: int, level: float = 0.95) -> pd.DataFrame:
    """Return, by quantity, whether its ranks look uniform.

    Parameters
    ----------
    ranks : DataFrame
        A row per simulation, a column per quantity; ranks 0 to `draws`.
    draws : int
        Draws among which the truth was ranked.
    seed : int
        Of the simulated band and of the random place of a rank within its step.
    level : float
        Probability that the whole curve of a right quantity lies inside the band.

    Returns
    -------
    DataFrame
        Columns quantity, simulations, mean_rank (0 to 1; 0.5 if right: above it the posterior lies too low), rank_sd
        (1 if right: above it the posterior is too narrow, below it too wide), largest_distance (of the ECDF from the
        diagonal), inside (whether the whole ECDF lies in the simultaneous band), p_value (chi-square on ten bins).

    Raises
    ------
    ValueError
        If a rank lies outside of 0 to `draws`.
    """
    if ((ranks < 0) | (ranks > draws)).to_numpy().any():
        raise ValueError(f"ranks must lie between 0 and the number of draws, {draws}")
    band = ecdf_band(len(ranks), seed, level)
    rows = []
    for name in ranks.columns:
        place = (ranks[name].to_numpy() + stream(seed, "rank", name).random(len(ranks))) / (draws + 1)
        ecdf = np.searchsorted(np.sort(place), band["z"], side="right") / len(place)
        rows.append(
            {
                "quantity": name,
                "simulations": len(ranks),
                "mean_rank": place.mean(),
                "rank_sd": place.std() * np.sqrt(12.0),
                "largest_distance": float(np.abs(ecdf - band["z"]).max()),
                "inside": bool(((ecdf >= band["lower"]) & (ecdf <= band["upper"])).all()),
                "p_value": _uniform_p_value(place),
            }
        )
    return pd.DataFrame(rows)


def _uniform_p_value(place: np.ndarray) -> float:
    from scipy.stats import chisquare

    return float(chisquare(np.histogram(place, BINS, (0.0, 1.0))[0]).pvalue)
