"""The PyMC model: deaths of the countries and outcomes of a panel, month by month.

For each country, outcome and month the count is zero-inflated negative binomial. Its rate follows what the country
remembers of its own deaths (with drivers' effects taken out), what comes over the border, and, for one-sided violence,
the country's state-based fighting:

    reverting = ((1 - m) x level^p + m x own memory^p)^(1/p)
    rate      = (reverting + (1 - m) x import share x neighbours' memory + coupling x state-based memory) x drivers

In the last months of the record the rate is also multiplied by what drift and turns have made of it (`shifts.py`), and
own memory is fed without them. `reverting` is the power mean of a country's memory, fast and slow, and its long-run
level: arithmetic for non-state deaths, towards the geometric for civilians' and more so for state-based ones. Its
answer to a large memory is at most m^(1/p) and imports get no more than the rest, so the feedback is subcritical by
construction; `Posterior.feedback` reports it. Coupling runs one way and feeds nothing back. Dispersion and the chance
of a structural zero depend on the rate and on how often there were deaths of late: where there were some in most
months, the next are steadier.

Observation-driven counts of this kind are INGARCH models (Fokianos, Rahbek & Tjostheim 2009, JASA 104(488)).
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from .density import Density
from .history import LastMonths, split_at
from .levels import bounded
from .memory import Memories, memories_after
from .priors import CENTRE_PRIOR, COUPLING_PRIOR, SHAPE_PRIOR, SPREAD_PRIOR, moments_of
from .shifts import Shifts, shifts_of
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


def _parameters(
    pm: Any, anchor: np.ndarray, shifts: Shifts, drivers: DriverHistory | None, spec: ModelSpecification
) -> dict:
    """Create the random variables inside the open model."""
    outcomes = [outcome.name for outcome in spec.outcomes]
    centre = pm.Normal("centre", *moments_of(CENTRE_PRIOR, outcomes), dims=("series", "outcome"))
    spread = pm.LogNormal("spread", *moments_of(SPREAD_PRIOR, outcomes), dims=("series", "outcome"))
    offset = pm.Normal("offset", 0.0, 1.0, dims=("series", "country", "outcome"))
    shape = pm.Normal("shape", *moments_of(SHAPE_PRIOR, outcomes), dims=("shape_quantity", "outcome"))
    log_coupling = pm.Normal("log_coupling", *COUPLING_PRIOR)
    above = centre[:, None, :] + spread[:, None, :] * (offset - offset.mean(axis=1, keepdims=True))
    levels = bounded(above[:1], math.log(spec.level_bound))  # the first of `SERIES`
    parameters = {
        "series": anchor + pm.math.concatenate([levels, above[1:]]),
        "shape": shape,
        "coupling": pm.math.exp(log_coupling),
    }
    parameters["shift"], parameters["shift_ahead"] = _shift(pm, shifts)
    if drivers is not None:
        priors = drivers.priors
        parameters["driver_effect"] = pm.Mixture(
            "driver_effect",
            w=priors["weight"].values,
            comp_dists=pm.Normal.dist(mu=priors["mean"].values, sigma=priors["sd"].values),
            dims="driver",
        )
    return parameters


def _shift(pm: Any, shifts: Shifts) -> tuple[Any, Any]:
    """Create drift and turns, and return the log factors that they make.

    In the months of the record, shape (outcome, country, month), and in the one after, shape (country, outcome).
    """
    if not shifts.shape[-1]:
        return shifts.mean[..., :-1], shifts.mean[..., -1].T
    drift = pm.Normal("drift_normal", 0.0, 1.0, dims=("outcome", "country", "node"))
    turn = pm.Normal("turn_normal", 0.0, 1.0, dims=("country", "node"))
    own = shifts.scale[..., None] * (shifts.together[:, :, None, None] * drift[None]).sum(axis=1)
    whole = (
        pm.math.dot(own, shifts.by_drift.T) + shifts.share[:, None, None] * pm.math.dot(turn, shifts.by_turn.T)[None]
    )
    found = shifts.mean + pm.math.dot(whole, shifts.between.T)
    return found[..., :-1], found[..., -1].T


def months_lived(deaths: np.ndarray) -> np.ndarray:
    """Return for how many months each unit has existed at the end of every month, 0 outside, shape (month, country)."""
    alive = ~np.isnan(deaths).any(axis=-1)
    return np.cumsum(alive, axis=0) * alive


def recency_weights(rows: int, half_life: float) -> np.ndarray:
    """Return the likelihood weight of each of the last `rows` months, oldest first, newest 1."""
    return 0.5 ** (np.arange(rows)[::-1] / half_life)


def coordinates(panel: xr.DataArray, drivers: DriverHistory | None, spec: ModelSpecification) -> dict:
    """Return the labels of the model's dimensions."""
    nodes = shifts_within(panel, drivers, spec).shape[-1]
    of_panel = {dim: [str(name) for name in panel[dim].values] for dim in ("country", "outcome")}
    coords = of_panel | {
        "series": list(SERIES),
        "shape_quantity": list(SHAPES),
        "node": [str(n + 1) for n in range(nodes)],
    }
    if drivers is not None:
        coords["driver"] = [str(name) for name in drivers.exposure["driver"].values]
    return coords


def likelihood_rows(panel: xr.DataArray, spec: ModelSpecification) -> np.ndarray:
    """Return the months of the panel, by position, that the likelihood looks at.

    A short record has fewer: none whose memory would have to look at the month itself or at what follows it.
    """
    months = panel.sizes["month"]
    return np.arange(max(months - spec.window_months, spec.burn_in_months), months)


def shifts_within(panel: xr.DataArray, drivers: DriverHistory | None, spec: ModelSpecification) -> Shifts:
    """Return how rates may have wandered at the end of the panel: at least since the exit, where drivers are learnt."""
    after = 0 if drivers is None else drivers.exposure.sizes["month"]
    return shifts_of(panel, len(likelihood_rows(panel, spec)), after, spec)


def _last_months(
    panel: xr.DataArray, memories: Memories, last_seen: np.ndarray, months: int, spec: ModelSpecification
) -> LastMonths:
    """Return the memory pieces for so many last months."""
    last_before = panel.sizes["month"] - 1 - months
    return split_at(np.nan_to_num(panel.values), memories, last_before, last_seen, spec)


def _exposure(panel: xr.DataArray, drivers: DriverHistory | None, months: int) -> np.ndarray:
    """Return how much drivers act in so many last months, nought before the exit; (driver, month, country, outcome)."""
    if drivers is None:
        return np.zeros((0, months, panel.sizes["country"], panel.sizes["outcome"]))
    before = months - drivers.exposure.sizes["month"]
    return np.pad(drivers.exposure.values, ((0, 0), (before, 0), (0, 0), (0, 0)))


def likelihood_data(
    panel: xr.DataArray, border_weights: xr.DataArray, drivers: DriverHistory | None, spec: ModelSpecification
) -> tuple[np.ndarray, ...]:
    """Return the fixed arrays of the likelihood, in the order that `likelihood_and_gradient` takes them."""
    from scipy.special import gammaln

    rows = likelihood_rows(panel, spec)
    months = shifts_within(panel, drivers, spec).months
    memories = memories_after(panel, border_weights, spec)
    last = _last_months(panel, memories, rows - 1, months, spec)
    deaths = np.nan_to_num(panel.values)
    # a unit's first months start its memory, and before them it did not exist: neither is a row of its likelihood
    counted = months_lived(panel.values)[rows] > spec.burn_in_months
    weights = recency_weights(len(rows), spec.recency_half_life)[:, None] * counted
    fed, source = np.zeros(panel.sizes["outcome"]), np.zeros(panel.sizes["outcome"])
    for outcome, feeder in spec.feeding().items():
        fed[outcome], source[outcome] = 1.0, feeder
    arrays = (
        _rows_last(deaths[rows]),
        _rows_last(gammaln(deaths[rows] + 1.0)),
        _rows_last(weights),
        _rows_last(memories.neighbours[rows - 1]),
        _rows_last(last.occurrence_rest),
        _rows_last(last.fast_rest),
        _rows_last(last.slow_rest),
        last.fast_kernel.transpose(2, 0, 1),
        last.slow_kernel.transpose(2, 0, 1),
        last.occurrence_kernel.transpose(2, 0, 1),
        _exposure(panel, drivers, months).transpose(0, 3, 2, 1),
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
    shifts, outcomes = shifts_within(panel, drivers, spec), [str(name) for name in panel["outcome"].values]

    def of(table: dict) -> np.ndarray:
        return np.stack([moments.ravel() for moments in moments_of(table, outcomes)], axis=1)

    standard = np.tile([0.0, 1.0], (anchor.size, 1))
    wandering = np.tile([0.0, 1.0], ((len(outcomes) + 1) * panel.sizes["country"] * shifts.shape[-1], 1))
    shared = [of(CENTRE_PRIOR), of(SPREAD_PRIOR), standard, of(SHAPE_PRIOR)]
    mean, sd = np.concatenate([*shared, np.array([COUPLING_PRIOR]), wandering]).T
    weight, means, sds = (
        np.zeros((0, 1)) if drivers is None else np.ascontiguousarray(drivers.priors[name].values, dtype="float64")
        for name in ("weight", "mean", "sd")
    )
    priors = mean.copy(), sd.copy(), weight, means, sds
    return Density(anchor, math.log(spec.level_bound), *priors, shifts.shape[-1], shifts.arrays(), data)


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
    with pm.Model(coords=coordinates(panel, drivers, spec)) as model:
        parameters = _parameters(pm, anchor, shifts_within(panel, drivers, spec), drivers, spec)
        log_coupling = model["log_coupling"].reshape((1,))
        effect = parameters.get("driver_effect", np.zeros(0))
        inputs = (parameters["series"], parameters["shape"], log_coupling, effect, parameters["shift"], *data)
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
    memories, shifts = memories_after(panel, border_weights, spec), shifts_within(panel, None, spec)
    now = memories.rows(slice(-1, None))
    seen = np.array([panel.sizes["month"] - 1])
    last = _last_months(panel, memories, seen, shifts.months, spec)
    with pm.Model(coords=coordinates(panel, None, spec)) as model:
        parameters = _parameters(pm, series_anchor(memories, spec), shifts, None, spec)
        own = last.deaths * pm.math.exp(-parameters["shift"].transpose((2, 1, 0)))
        fast = last.fast_rest + (last.fast_kernel.transpose((1, 0, 2)) * own).sum(axis=0)
        slow = last.slow_rest + (last.slow_kernel.transpose((1, 0, 2)) * own).sum(axis=0)
        log_rate = log_rate_graph(parameters, fast, slow, now.neighbours, spec) + parameters["shift_ahead"]
        rate, size, zero = observation_graph(parameters, log_rate, now.occurrence, spec)
        pm.ZeroInflatedNegativeBinomial(
            "next_month", psi=1 - zero[0], mu=rate[0], alpha=size[0], dims=("country", "outcome")
        )
    return model
