"""How much of a driver's posterior is prior and how much is data, by scaling their powers a little.

Kallioinen, Paananen, Bürkner & Vehtari (2024), Statistics and Computing 34(57): a posterior under prior^alpha differs
from the posterior by importance weights prior^(alpha - 1); its distance from the posterior, per doubling of alpha, is
the sensitivity. Above 0.05 counts as sensitive, as there.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from ..drivers.effects import component_shares
from ..drivers.rest import factor_means, factor_names
from ..schema.driver import Driver
from .reweighting import log_density

ALPHAS = (0.99, 1.01)
SENSITIVE = 0.05


def power_scaling(
    posterior: xr.Dataset, priors: xr.Dataset, drivers: Mapping[str, Driver], total: np.ndarray
) -> pd.DataFrame:
    """Return how far each driver's effect, and the answer, lean on the driver's prior and on the data.

    Parameters
    ----------
    posterior : Dataset
        `driver_effect` (draw, driver), as learnt; `log_likelihood` (draw) where the fit kept it.
    priors : Dataset (driver, component)
        The mixtures that the fit took as priors.
    drivers : mapping of id to Driver
    total : array (draw,)
        The answer in each draw of `posterior`.

    Returns
    -------
    DataFrame
        Columns driver, label; prior_sensitivity, likelihood_sensitivity (of the driver's effect; NaN where the fit
        kept no likelihood), answer_sensitivity (of the answer, to this driver's prior); sd_ratio (posterior over prior
        standard deviation); prior_weight, posterior_weight (probability that the effect is there); reading (`prior and
        data`, `prior alone`, `data alone`, `neither`; `prior` or `not prior` without a likelihood). Most sensitive
        first.
    """
    effects = posterior["driver_effect"]
    likelihood = _scaled_weights(posterior["log_likelihood"].values) if "log_likelihood" in posterior else None
    rows = []
    for key, driver in drivers.items():
        prior, values = priors.sel(driver=key), effects.sel(driver=key).values
        by_prior = _scaled_weights(log_density(values, prior))
        on_prior = _distance(values, by_prior)
        on_data = np.nan if likelihood is None else _distance(values, likelihood)
        rows.append(
            {
                "driver": key,
                "label": driver.title,
                "prior_sensitivity": on_prior,
                "likelihood_sensitivity": on_data,
                "answer_sensitivity": _distance(total, by_prior),
                "sd_ratio": float(values.std() / _prior_sd(prior)),
                "prior_weight": 1.0 - float(prior["weight"].values[-1]),
                "posterior_weight": 1.0 - float(component_shares(values, prior)[:, -1].mean()),
                "reading": _reading(on_prior, on_data),
            }
        )
    return pd.DataFrame(rows).sort_values("prior_sensitivity", ascending=False, ignore_index=True)


def whole_scaling(
    posterior: xr.Dataset, priors: xr.Dataset, drivers: Mapping[str, Driver], total: np.ndarray
) -> pd.DataFrame:
    """Return how far the answer leans on the three that speak of the exit: documents, exits elsewhere, the record.

    Exits elsewhere have their say in what belongs to no driver.

    Parameters
    ----------
    posterior : Dataset
        As in `power_scaling`; factors of the rest among its drivers.
    priors : Dataset
        The mixtures that the fit took as priors of drivers, and what was believed of the rest.
    drivers : mapping of id to Driver
    total : array (draw,)
        The answer in each draw of `posterior`.

    Returns
    -------
    DataFrame
        Columns `by` (documents, what belongs to no driver, the record) and `sensitivity` of the answer; a row for each
        of them that has a say.
    """
    from scipy.stats import norm

    effects = posterior["driver_effect"]
    hinging = [key for key, driver in drivers.items() if driver.hinges_on_exit]
    density = {"documents": sum(log_density(effects.sel(driver=key).values, priors.sel(driver=key)) for key in hinging)}
    names = factor_names(priors) if "factor" in priors.sizes else []
    if names and set(names) <= set(effects["driver"].values):
        values = effects.sel(driver=names).transpose("draw", "driver").values
        density["what belongs to no driver"] = norm.logpdf(values, factor_means(priors), 1.0).sum(axis=1)
    if "log_likelihood" in posterior:
        density["the record"] = posterior["log_likelihood"].values
    rows = [
        {"by": name, "sensitivity": _distance(total, _scaled_weights(np.asarray(logs)))}
        for name, logs in density.items()
        if name != "documents" or hinging
    ]
    return pd.DataFrame(rows, columns=["by", "sensitivity"])


def _scaled_weights(log_density_of_draws: np.ndarray) -> tuple[xr.DataArray, xr.DataArray]:
    """Return smoothed weights of the draws for each alpha."""
    import arviz  # noqa: F401 - gives arrays their statistics

    values = _as_one_chain(log_density_of_draws)
    scaled = [np.exp(values.azstats.power_scale_lw(alpha=alpha, dim=values.dims)) for alpha in ALPHAS]
    return scaled[0] / scaled[0].sum(), scaled[1] / scaled[1].sum()


def _distance(values: np.ndarray, weights: tuple[xr.DataArray, xr.DataArray]) -> float:
    """Return the change of the distribution per doubling of the power."""
    array = _as_one_chain(values)
    lower, upper = weights
    sensitivity = array.azstats.power_scale_sense(
        lower_w=lower, upper_w=upper, lower_alpha=ALPHAS[0], upper_alpha=ALPHAS[1], sample_dims=array.dims
    )
    return float(sensitivity)


def _as_one_chain(values: np.ndarray) -> xr.DataArray:
    """Return draws as ArviZ counts them; our draws come shuffled, so chains are told apart no more."""
    return xr.DataArray(np.asarray(values, dtype=float)[None], dims=("chain", "draw"))


def _prior_sd(prior: xr.Dataset) -> float:
    weight, mean, sd = (prior[name].values for name in ("weight", "mean", "sd"))
    middle = (weight * mean).sum()
    return float(np.sqrt((weight * (sd**2 + mean**2)).sum() - middle**2))


def _reading(on_prior: float, on_data: float) -> str:
    if np.isnan(on_data):
        return "prior" if on_prior > SENSITIVE else "not prior"
    names = {(True, True): "prior and data", (True, False): "prior alone", (False, True): "data alone"}
    return names.get((on_prior > SENSITIVE, on_data > SENSITIVE), "neither")
