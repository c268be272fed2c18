"""The PyMC model: deaths of the countries and outcomes of a panel, month by month.

For each country, outcome and month the count is zero-inflated negative binomial. Its rate follows what the country
remembers of its own deaths (with drivers' effects taken out), what comes over the border, and, for one-sided violence,
the country's state-based fighting:

    reverting = ((1 - m) x level^p + m x own memory^p)^(1/p)
    rate      = (reverting + (1 - m) x import share x neighbours' memory + coupling x state-based memory) x drivers

`reverting` is the power mean of a country's memory, fast and slow, and its long-run level: arithmetic for non-state
deaths, towards the geometric for civilians' and more so for state-based ones. Its answer to a large memory is at most
m^(1/p) and imports get no more than the rest, so the feedback is subcritical by construction; `Posterior.feedback`
reports it. Coupling runs one way and feeds nothing back. Dispersion and the chance of a structural zero depend on the
rate and on how often there were deaths of late: where there were some in most months, the next are steadier.

Observation-driven counts of this kind are INGARCH models (Fokianos, Rahbek & Tjostheim 2009, JASA 104(488)).
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from .density import Density
from .history import AfterExit, split_at_exit
from .levels import bounded
from .memory import Memories, memories_after
from .specification import LEAST_RATE, OCCURRENCE_CENTRE, STANDARD, ModelSpecification

if TYPE_CHECKING:
    import pymc as pm

SERIES = ("log_level", "import_logit", "log_dispersion")
"""Quantities that every country and outcome has its own value of, pooled over countries."""

SHAPES = (
    "memory_logit",
    "fast_logit",
    "dispersion_slope",
    "dispersion_occurrence",
    "zero_base",
    "log_zero_slope",
    "zero_occurrence",
)
"""Quantities that every outcome has one value of."""

# Prior mean and standard deviation over countries' centre, and log-normal location and scale of their spread.
# Level: relative to the worst year in a country's own record, loosely, and softly bounded above it (`level_bound`).
# Import: about 1 in 20 of the largest import that keeps feedback below one, within 0.5 to 35 in 100.
# Memory, zeros and what dispersion owes to occurrence: a month ahead the record hardly tells a long memory with loose
# levels from one that is drawn back to them, nor wide counts from zeros; a year ahead the latter forecast better.
CENTRE_PRIOR = {"log_level": (0.0, 1.0), "import_logit": (-3.0, 1.2), "log_dispersion": (-0.5, 1.5)}
SPREAD_PRIOR = {"log_level": (0.7, 0.15), "import_logit": (-0.4, 0.3), "log_dispersion": (-0.7, 0.5)}
SHAPE_PRIOR = {
    "memory_logit": (1.0, 0.3),
    "fast_logit": (0.0, 1.5),
    "dispersion_slope": (0.5, 0.3),
    "dispersion_occurrence": (1.5, 0.75),
    "zero_base": (0.0, 0.5),
    "log_zero_slope": (0.0, 0.5),
    "zero_occurrence": (3.0, 1.0),
}
COUPLING_PRIOR = (-3.0, 1.5)


@dataclass(frozen=True)
class DriverHistory:
    """What the fit needs to know of the drivers when months after the exit are in the data.

    Attributes
    ----------
    exposure : DataArray (driver, month, country, outcome)
        Share of each driver's peak log effect that acts in each month after the exit, up to `as_of`.
    priors : Dataset (driver, component)
        Mixture prior of each driver's log rate ratio: `weight`, `mean`, `sd`.
    exit_month : str
        `YYYY-MM`.
    """

    exposure: xr.DataArray
    priors: xr.Dataset
    exit_month: str

    def in_units(self) -> tuple["DriverHistory", np.ndarray]:
        """Return the same with effects in units of their priors' standard deviations, and these, shape (driver,).

        A driver with a small share of the whole would otherwise be a direction a thousand times narrower than others.
        """
        weight, mean, sd = (
            self.priors[name].transpose("driver", "component").values for name in ("weight", "mean", "sd")
        )
        middle = (weight * mean).sum(axis=1, keepdims=True)
        unit = np.sqrt((weight * (sd**2 + (mean - middle) ** 2)).sum(axis=1))
        dims = ("driver", "component")
        priors = self.priors.assign(mean=(dims, mean / unit[:, None]), sd=(dims, sd / unit[:, None]))
        exposure = self.exposure * xr.DataArray(unit, dims="driver")
        return DriverHistory(exposure.transpose(*self.exposure.dims), priors, self.exit_month), unit


def series_anchor(memories: Memories, spec: ModelSpecification) -> np.ndarray:
    """Return what `series` quantities are relative to, shape (series, country, outcome).

    The level is relative to the largest slow memory of the window, which is close to the deaths per month of the worst
    year (for state-based deaths, remembered longer, of the worst few years); the other quantities are absolute.
    """
    worst = memories.slow[-spec.window_months :].max(axis=0)
    anchor = np.zeros((len(SERIES), *worst.shape))
    anchor[SERIES.index("log_level")] = np.log(worst + spec.quiet_rate)
    return anchor


def _parameters(pm: Any, anchor: np.ndarray, drivers: DriverHistory | None, spec: ModelSpecification) -> dict:
    """Create the random variables inside the open model."""

    def column(table: dict, index: int) -> np.ndarray:
        return np.array([[row[index]] for row in table.values()])

    centre = pm.Normal("centre", column(CENTRE_PRIOR, 0), column(CENTRE_PRIOR, 1), dims=("series", "outcome"))
    spread = pm.LogNormal("spread", column(SPREAD_PRIOR, 0), column(SPREAD_PRIOR, 1), dims=("series", "outcome"))
    offset = pm.Normal("offset", 0.0, 1.0, dims=("series", "country", "outcome"))
    shape = pm.Normal("shape", column(SHAPE_PRIOR, 0), column(SHAPE_PRIOR, 1), dims=("shape_quantity", "outcome"))
    log_coupling = pm.Normal("log_coupling", *COUPLING_PRIOR)
    above = centre[:, None, :] + spread[:, None, :] * (offset - offset.mean(axis=1, keepdims=True))
    levels = bounded(above[:1], math.log(spec.level_bound))  # the first of `SERIES`
    parameters = {
        "series": anchor + pm.math.concatenate([levels, above[1:]]),
        "shape": shape,
        "coupling": pm.math.exp(log_coupling),
    }
    if drivers is not None:
        priors = drivers.priors
        parameters["driver_effect"] = pm.Mixture(
            "driver_effect",
            w=priors["weight"].values,
            comp_dists=pm.Normal.dist(mu=priors["mean"].values, sigma=priors["sd"].values),
            dims="driver",
        )
    return parameters


def months_lived(deaths: np.ndarray) -> np.ndarray:
    """Return for how many months each unit has existed at the end of every month, 0 outside, shape (month, country)."""
    alive = ~np.isnan(deaths).any(axis=-1)
    return np.cumsum(alive, axis=0) * alive


def recency_weights(rows: int, half_life: float) -> np.ndarray:
    """Return the likelihood weight of each of the last `rows` months, oldest first, newest 1."""
    return 0.5 ** (np.arange(rows)[::-1] / half_life)


def coordinates(panel: xr.DataArray, drivers: DriverHistory | None) -> dict:
    """Return the labels of the model's dimensions."""
    of_panel = {dim: [str(name) for name in panel[dim].values] for dim in ("country", "outcome")}
    coords = of_panel | {"series": list(SERIES), "shape_quantity": list(SHAPES)}
    if drivers is not None:
        coords["driver"] = [str(name) for name in drivers.exposure["driver"].values]
    return coords


def _after_exit(
    panel: xr.DataArray,
    memories: Memories,
    last_seen: np.ndarray,
    drivers: DriverHistory | None,
    spec: ModelSpecification,
) -> AfterExit:
    """Return the memory pieces; without drivers the exit lies at the end of the panel and nothing comes after it."""
    months = list(panel["month"].values)
    exit_row = len(months) - 1 if drivers is None else months.index(drivers.exit_month)
    return split_at_exit(np.nan_to_num(panel.values), memories, exit_row, last_seen, spec)


def likelihood_data(
    panel: xr.DataArray, border_weights: xr.DataArray, drivers: DriverHistory | None, spec: ModelSpecification
) -> tuple[np.ndarray, ...]:
    """Return the fixed arrays of the likelihood, in the order that `likelihood_and_gradient` takes them."""
    from scipy.special import gammaln

    last = panel.sizes["month"] - 1
    # a short record has fewer rows: none whose memory would have to look at the row itself or at what follows it
    rows = np.arange(max(last + 1 - spec.window_months, spec.burn_in_months), last + 1)
    memories = memories_after(panel, border_weights, spec)
    after = _after_exit(panel, memories, rows - 1, drivers, spec)
    deaths = np.nan_to_num(panel.values)
    # a unit's first months start its memory, and before them it did not exist: neither is a row of its likelihood
    counted = months_lived(panel.values)[rows] > spec.burn_in_months
    weights = recency_weights(len(rows), spec.recency_half_life)[:, None] * counted
    no_drivers = np.zeros((0, 0, panel.sizes["country"], panel.sizes["outcome"]))
    fed, source = np.zeros(panel.sizes["outcome"]), np.zeros(panel.sizes["outcome"])
    for outcome, feeder in spec.feeding().items():
        fed[outcome], source[outcome] = 1.0, feeder
    arrays = (
        _rows_last(deaths[rows]),
        _rows_last(gammaln(deaths[rows] + 1.0)),
        _rows_last(weights),
        _rows_last(memories.neighbours[rows - 1]),
        _rows_last(after.occurrence_rest),
        _rows_last(after.fast_rest),
        _rows_last(after.slow_rest),
        after.fast_kernel.transpose(2, 0, 1),
        after.slow_kernel.transpose(2, 0, 1),
        after.occurrence_kernel.transpose(2, 0, 1),
        (no_drivers if drivers is None else drivers.exposure.values).transpose(0, 3, 2, 1),
        border_weights.values,
        np.stack([spec.by_outcome("reversion_exponent"), spec.by_outcome("dispersion_centre"), fed, source]),
        np.array([spec.small_rate, LEAST_RATE, spec.largest_zero_share, OCCURRENCE_CENTRE]),
    )
    return tuple(np.ascontiguousarray(array, dtype="float64") for array in arrays)


def _rows_last(table: np.ndarray) -> np.ndarray:
    """Turn (row, country, outcome) into (outcome, country, row), so that a country's months lie side by side."""
    return table.transpose()


def build_density(
    panel: xr.DataArray, border_weights: xr.DataArray, drivers: DriverHistory | None, spec: ModelSpecification
) -> Density:
    """Return the density that is sampled: that of `build_model`, without bounds and without a graph to compile."""
    data = likelihood_data(panel, border_weights, drivers, spec)
    anchor = series_anchor(memories_after(panel, border_weights, spec), spec)
    outcomes = panel.sizes["outcome"]

    def by_outcome(table: dict) -> np.ndarray:
        return np.repeat(np.array(list(table.values()), dtype=float), outcomes, axis=0)

    standard = np.tile([0.0, 1.0], (anchor.size, 1))
    shared = [by_outcome(CENTRE_PRIOR), by_outcome(SPREAD_PRIOR), standard, by_outcome(SHAPE_PRIOR)]
    mean, sd = np.concatenate([*shared, np.array([COUPLING_PRIOR])]).T
    weight, means, sds = (
        np.zeros((0, 1)) if drivers is None else np.ascontiguousarray(drivers.priors[name].values, dtype="float64")
        for name in ("weight", "mean", "sd")
    )
    return Density(anchor, math.log(spec.level_bound), mean.copy(), sd.copy(), weight, means, sds, data)


def build_model(
    panel: xr.DataArray,
    border_weights: xr.DataArray,
    drivers: DriverHistory | None = None,
    spec: ModelSpecification = STANDARD,
) -> "pm.Model":
    """Return the PyMC model conditioned on a panel. Pure: no sampling, no files, no globals.

    Parameters
    ----------
    panel : DataArray (month, country, outcome)
        Deaths per month up to `as_of`, nothing later.
    border_weights : DataArray (country, neighbour)
        Rows sum to one.
    drivers : DriverHistory, optional
        Given when the panel holds months after the exit and drivers shall be learnt from them.
    spec : ModelSpecification
        Structure of the model.
    """
    import pymc as pm

    from .operation import PanelLikelihood

    spec = spec.of(panel["outcome"].values)
    data = likelihood_data(panel, border_weights, drivers, spec)
    anchor = series_anchor(memories_after(panel, border_weights, spec), spec)
    with pm.Model(coords=coordinates(panel, drivers)) as model:
        parameters = _parameters(pm, anchor, drivers, spec)
        log_coupling = model["log_coupling"].reshape((1,))
        effect = parameters.get("driver_effect", np.zeros(0))
        inputs = (parameters["series"], parameters["shape"], log_coupling, effect, *data)
        log_likelihood, *_ = PanelLikelihood().make_node(*inputs).outputs
        pm.Potential("deaths", log_likelihood)
        pm.Deterministic("log_likelihood", log_likelihood)
    return model


def build_next_month_model(
    panel: xr.DataArray, border_weights: xr.DataArray, spec: ModelSpecification = STANDARD
) -> "pm.Model":
    """Return a model whose variable `next_month` is PyMC's own distribution of the month after the panel.

    It states rate and observation as a graph (`rates.py`) and takes the count distribution from PyMC, so that the
    fast likelihood and the numpy simulator can be held against it.
    """
    import pymc as pm

    from .rates import log_rate_graph, observation_graph

    spec = spec.of(panel["outcome"].values)
    memories = memories_after(panel, border_weights, spec)
    last = memories.rows(slice(-1, None))
    with pm.Model(coords=coordinates(panel, None)) as model:
        parameters = _parameters(pm, series_anchor(memories, spec), None, spec)
        log_rate = log_rate_graph(parameters, last.fast, last.slow, last.neighbours, spec)
        rate, size, zero = observation_graph(parameters, log_rate, last.occurrence, spec)
        pm.ZeroInflatedNegativeBinomial(
            "next_month", psi=1 - zero[0], mu=rate[0], alpha=size[0], dims=("country", "outcome")
        )
    return model
