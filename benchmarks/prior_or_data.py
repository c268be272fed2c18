"""How far the fits of the real record lean on their priors and on the data, by scaling the power of each a little."""

import itertools

import numpy as np
import pandas as pd
import xarray as xr

from harmattan.case.opening import open_case
from harmattan.core.randomness import stream
from harmattan.model.build import SERIES
from harmattan.model.posterior import Posterior
from harmattan.model.priors import CENTRE_PRIOR, COUPLING_PRIOR, SHAPE_PRIOR, SPREAD_PRIOR
from harmattan.run.export import posterior_tree

SENSITIVE = 0.05
READINGS = {
    (True, True): "prior and data",
    (True, False): "prior alone",
    (False, True): "data alone",
    (False, False): "neither",
}
GRID = 2000
"""Points at which the density of a spread is worked out, over eight prior standard deviations to each side."""


SAMPLES = ("chain", "draw")


def hyperparameters(stored: xr.Dataset, seed: int) -> xr.Dataset:
    """Return the hyperparameters of a stored fit, dims (chain, draw, ...).

    `centre` and `log_spread` (series, outcome), `shape` (shape_quantity, outcome) and `log_coupling`. A stored fit
    holds countries' series, not how far they spread. Given the series nothing else bears on the spread, so it is drawn
    from its exact conditional density.
    """
    series = xr.concat([stored[name] for name in SERIES], dim=pd.Index(SERIES, name="series"))
    relative = series - stored["level_anchor"].where(series["series"] == "log_level", 0.0)
    centre = relative.mean("country")
    squares = ((relative - centre) ** 2).sum("country")
    shape = {
        "memory_logit": _logit(stored["memory_weight"]),
        "fast_logit": _logit(stored["fast_share"]),
        "dispersion_slope": stored["dispersion_slope"],
        "dispersion_occurrence": stored["dispersion_occurrence"],
        "zero_base": stored["zero_base"],
        "log_zero_slope": np.log(stored["zero_slope"]),
        "zero_occurrence": stored["zero_occurrence"],
    }
    return xr.Dataset(
        {
            "centre": centre,
            "log_spread": np.log(drawn_spread(squares, seed)),
            "shape": xr.concat(list(shape.values()), dim=pd.Index(list(shape), name="shape_quantity")),
            "log_coupling": np.log(stored["coupling"]),
        }
    )


def drawn_spread(squares: xr.DataArray, seed: int) -> xr.DataArray:
    """Return a spread for each sum of squared deviations of countries from their mean, dims as `squares`.

    Deviations of n countries are normal around their own mean, so n - 1 of them are free: the density of the log spread
    u is that of its prior times exp(-(n - 1) u - squares exp(-2 u) / 2).
    """
    free, found = len(open_case().units) - 1, xr.zeros_like(squares)
    for series, by_outcome in SPREAD_PRIOR.items():
        for outcome in squares["outcome"].values:
            location, scale = by_outcome[str(outcome)]
            log_spread = np.linspace(location - 8 * scale, location + 8 * scale, GRID)
            constant = -(((log_spread - location) / scale) ** 2) / 2 - free * log_spread
            values = squares.sel(series=series, outcome=outcome)
            density = constant - values.values[..., None] * np.exp(-2 * log_spread) / 2
            reached = np.exp(density - density.max(axis=-1, keepdims=True)).cumsum(axis=-1)
            wanted = stream(seed, "spread", series, str(outcome)).random(values.shape) * reached[..., -1]
            found.loc[{"series": series, "outcome": outcome}] = np.exp(
                log_spread[(reached < wanted[..., None]).sum(axis=-1)]
            )
    return found


def by_cell(parameters: xr.Dataset) -> dict[str, xr.DataArray]:
    """Return every quantity that the model has under the name of its cell, dims (chain, draw)."""
    found = {}
    for name, array in parameters.items():
        others = [dim for dim in array.dims if dim not in SAMPLES]
        for place in itertools.product(*(array[dim].values for dim in others)):
            cell = array.sel(dict(zip(others, place, strict=True)), drop=True)
            found[" ".join((str(name), *map(str, place)))] = cell
    return {name: cell for name, cell in found.items() if bool(cell.notnull().all())}


def prior_moments() -> dict[str, tuple[float, float]]:
    """Return mean and standard deviation of every quantity's normal prior, by the name of its cell."""
    tables = {"centre": CENTRE_PRIOR, "log_spread": SPREAD_PRIOR, "shape": SHAPE_PRIOR}
    cells = {
        f"{name} {row} {outcome}": moments
        for name, table in tables.items()
        for row, by_outcome in table.items()
        for outcome, moments in by_outcome.items()
    }
    return cells | {"log_coupling": COUPLING_PRIOR}


def power_scaling_table(posterior: Posterior, seed: int) -> pd.DataFrame:
    """Return the power-scaling sensitivity of every hyperparameter (Kallioinen et al. 2024).

    The priors of all hyperparameters are scaled together, those of spreads as densities of their logs. The deviations
    of countries are left alone: they belong to the hierarchy, and scaling them would change what the other priors mean.
    `explain.power_scaling` has the drivers.

    Returns
    -------
    DataFrame
        Columns quantity, prior, likelihood (change of the marginal per doubling of the power; above 0.05 counts as
        sensitive), reading, prior_by_chance and likelihood_by_chance (what 95 in 100 quantities stay below when the
        log density is shuffled over the draws: the noise of so many draws), posterior_mean, posterior_sd, prior_mean,
        prior_sd.
    """
    stored = posterior_tree(posterior)["posterior"].to_dataset()
    cells, moments = by_cell(hyperparameters(stored, seed)), prior_moments()
    log_prior = sum(-(((cell - moments[name][0]) / moments[name][1]) ** 2) / 2 for name, cell in cells.items())
    by_prior, prior_noise = _sensitivity(cells, log_prior, seed)
    by_data, data_noise = _sensitivity(cells, stored["log_likelihood"], seed)
    rows = []
    for name, cell in cells.items():
        prior, data = by_prior[name], by_data[name]
        found = {"prior": prior, "likelihood": data, "reading": READINGS[prior > SENSITIVE, data > SENSITIVE]}
        noise = {"prior_by_chance": prior_noise, "likelihood_by_chance": data_noise}
        after = {"posterior_mean": float(cell.mean()), "posterior_sd": float(cell.std())}
        before = dict(zip(("prior_mean", "prior_sd"), moments[name], strict=True))
        rows.append({"quantity": name, **found, **noise, **after, **before})
    return pd.DataFrame(rows)


def _sensitivity(
    cells: dict[str, xr.DataArray], log_density: xr.DataArray, seed: int
) -> tuple[dict[str, float], float]:
    """Return each quantity's sensitivity to the power of a density, and what 95 in 100 stay below by chance."""
    shuffled = log_density.copy(
        data=stream(seed, "shuffle").permutation(log_density.values.ravel()).reshape(log_density.shape)
    )
    found, chance = (_psense(cells, density) for density in (log_density, shuffled))
    return found, float(np.quantile(list(chance.values()), 0.95))


def _psense(cells: dict[str, xr.DataArray], log_density: xr.DataArray) -> dict[str, float]:
    import arviz as az

    groups = {"posterior": xr.Dataset(cells), "log_prior": xr.Dataset({"density": log_density})}
    return {str(name): float(value) for name, value in az.psense(xr.DataTree.from_dict(groups), group="prior").items()}


def _logit(share: xr.DataArray) -> xr.DataArray:
    return np.log(share / (1 - share))
