"""What exits have in common over outcomes and horizons at once, apart from what a forecast misses anyway.

A log ratio of what came to what was expected holds the noise of its forecast, what the model misses where nothing
happened (`bias` of all, an `error` of each), and, after an exit, the exit's own effect:

    log_ratio = shown x (bias + exit x (mean + covariates x slopes) + own) + noise
    own       = sqrt(tail) x (parts of the error + exit x parts of the effect)

Placebos are months without an exit; they tell bias and errors, so that the effect is what exits have beyond them.
`shown` is how much of a small effect on deaths shows in the logarithm of a total to which half a death a month is
added. A cell of which less than `LEAST_SHOWN` would show says nothing: a total divided by next to nothing is no effect.
Parts are normal: one shared by all cells of an event, one of each outcome, one of each cell. `tail`, one for each
event, is inverse gamma: what is an event's own has a multivariate Student t, and so has the effect of one exit more.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ...core.names import HORIZONS, OUTCOMES
from .across import LEAST_SD

MEAN_SD, MEAN_APART_SD = 0.5, 0.25
"""Prior of an effect's mean: sd of what all cells share; scale of half-normals for outcomes, horizons and cells."""
SPREAD_SD = (0.5, 0.25, 0.25)
"""Scales of the half-normals of an effect's spread between exits: shared by all cells, by an outcome's, its own."""
SLOPE_SD = 0.5
BIAS_SD, BIAS_APART_SD = 1.0, 0.5
ERROR_SD = (1.0, 0.5, 0.5)
"""As for effects, but twice as wide: what the model misses is not bounded by anything that was said of missions."""
DEGREES_OF_FREEDOM = 4.0
ALONG = 0.5
"""Correlation of the noise of two horizons of one outcome, as the forecasts of placebos had it in version 0.7
(`Ratio.along`: median over cells of the host of which a third of an effect would show; 0.7 in version 0.8); outcomes
are taken as independent."""

AT_ONCE = 120
"""Events are filled up to a multiple of this with some that show nothing, so that one size is compiled."""
LEAST_SHOWN = 0.25
CELLS = (len(OUTCOMES), len(HORIZONS))
NO_WORD = 1e3
"""Standard error of a published effect that there is not."""


@dataclass(frozen=True)
class Events:
    """Months and what followed them, exits first or last or in between.

    Attributes
    ----------
    log_ratio, log_sd, shown : array (event, outcome, horizon)
        As `run.aftermath.Ratio` has them, in the order of `OUTCOMES` and `HORIZONS`.
    is_exit : array of bool (event)
    covariates : array (event, covariate)
        Of exits, centred; nothing is read of placebos.
    """

    log_ratio: np.ndarray
    log_sd: np.ndarray
    shown: np.ndarray
    is_exit: np.ndarray
    covariates: np.ndarray


@dataclass(frozen=True)
class Joint:
    """Draws of what exits have in common.

    Attributes
    ----------
    mean, bias : array (draw, outcome, horizon)
        Of an effect where all covariates are zero, and of what the model misses, log scale.
    slopes : array (draw, covariate)
    spread, error : array (draw, 3)
        Scales of the effect's parts and of the error's: shared, of an outcome, of a cell.
    divergences : int
    rhat : float
        The largest of the above.
    """

    mean: np.ndarray
    bias: np.ndarray
    slopes: np.ndarray
    spread: np.ndarray
    error: np.ndarray
    divergences: int
    rhat: float

    def one_more(self, covariates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and covariance of the effect of one exit more, drawn like those of some covariates.

        Parameters
        ----------
        covariates : array (exit, covariate)
            Each as likely as the others.

        Returns
        -------
        tuple of array (outcome, horizon) and array (cell, cell)
            Cells are outcomes and horizons flattened. Without bias, error and noise.
        """
        expected = self._expected(covariates)
        between = DEGREES_OF_FREEDOM / (DEGREES_OF_FREEDOM - 2) * parts(np.square(self.spread).mean(axis=0))
        return expected.mean(axis=0).reshape(CELLS), np.cov(expected, rowvar=False, ddof=0) + between

    def next(self, covariates: np.ndarray, seed: int = 1) -> np.ndarray:
        """Return draws of the effect of one exit more: array (draw, outcome, horizon)."""
        random, draws = np.random.default_rng(seed), len(self.mean)
        chosen = covariates[random.integers(len(covariates), size=draws)]
        mean = self.mean + (chosen * self.slopes).sum(axis=1)[:, None, None]
        return mean + drawn_parts(random, self.spread)

    def _expected(self, covariates: np.ndarray) -> np.ndarray:
        """Return the mean effect of each covariates in each draw: array (draw x exit, cell)."""
        shifts = self.slopes @ covariates.T
        return (self.mean[:, None] + shifts[:, :, None, None]).reshape(-1, math.prod(CELLS))


def parts(variances: np.ndarray) -> np.ndarray:
    """Return the covariance (cell, cell) of parts with some variances: shared, of an outcome, of a cell."""
    shared, outcome, cell = variances
    same_outcome = np.kron(np.eye(CELLS[0]), np.ones((CELLS[1], CELLS[1])))
    return shared + outcome * same_outcome + cell * np.eye(math.prod(CELLS))


def drawn_parts(random: np.random.Generator, scales: np.ndarray) -> np.ndarray:
    """Return parts drawn with the scales (draw, 3) of each draw: array (draw, outcome, horizon)."""
    draws = len(scales)
    tail = np.sqrt(DEGREES_OF_FREEDOM / random.chisquare(DEGREES_OF_FREEDOM, draws))
    shapes = ((draws, 1, 1), (draws, CELLS[0], 1), (draws, *CELLS))
    drawn = [scales[:, i, None, None] * random.standard_normal(shape) for i, shape in enumerate(shapes)]
    return tail[:, None, None] * (drawn[0] + drawn[1] + drawn[2])


def joint_effects(
    events: Events,
    published: Mapping[str, tuple[float, float]] | None = None,
    *,
    prior: float = 1.0,
    draws: int = 1500,
    tune: int = 1000,
    chains: int = 2,
    seed: int = 1,
) -> Joint:
    """Return draws of what exits have in common.

    Parameters
    ----------
    events : Events
    published : mapping of outcome to (estimate, standard error), optional
        Noisy observations of an outcome's mean over horizons.
    prior : float
        Multiplies the scales of all priors of the effect: mean, slopes and spread.
    draws, tune, chains, seed : int
        Of nutpie's NUTS.
    """
    import arviz as az
    import nutpie

    size = AT_ONCE * math.ceil(len(events.is_exit) / AT_ONCE)
    model = _compiled(size, events.covariates.shape[1]).with_data(**_data(events, published or {}, size, prior))
    settings: dict[str, Any] = {"draws": draws, "tune": tune, "chains": chains, "cores": chains, "seed": seed}
    trace = nutpie.sample(model, **settings, target_accept=0.9, progress_bar=False)
    names = ("mean", "bias", "slopes", "spread", "error")
    found = {name: trace.posterior[name].values for name in names}
    rhat = az.rhat(trace.posterior.to_dataset()[list(names)])
    return Joint(
        **{name: values.reshape(-1, *values.shape[2:]) for name, values in found.items()},
        divergences=int(trace.sample_stats["diverging"].sum()),
        rhat=max(float(rhat[name].max()) for name in names),
    )


def _data(
    events: Events, published: Mapping[str, tuple[float, float]], size: int, prior: float
) -> dict[str, np.ndarray | float]:
    """Return what the compiled model is given, filled up to its size."""
    says = events.shown >= LEAST_SHOWN
    words = [published.get(outcome, (0.0, NO_WORD)) for outcome in OUTCOMES]
    return {
        "log_ratio": _filled(np.where(says, events.log_ratio, 0.0), size, 0.0),
        "log_sd": _filled(np.maximum(events.log_sd, LEAST_SD), size, 1.0),
        "shown": _filled(np.where(says, events.shown, 0.0), size, 0.0),
        "is_exit": _filled(events.is_exit.astype(float), size, 0.0),
        "covariates": _filled(events.covariates, size, 0.0),
        "prior": np.float64(prior),
        "published": np.array([estimate for estimate, _ in words]),
        "published_se": np.array([se for _, se in words]),
    }


def _filled(values: np.ndarray, size: int, filling: float) -> np.ndarray:
    more = np.full((size - len(values), *values.shape[1:]), filling)
    return np.concatenate([values.astype(float), more])


@cache
def _compiled(size: int, covariates: int) -> Any:
    """Return the compiled model of so many events; their numbers are given to it later."""
    import nutpie

    return nutpie.compile_pymc_model(stated(size, covariates))


def stated(size: int, covariates: int) -> Any:
    """Return the PyMC model of so many events and covariates."""
    import pymc as pm
    import pytensor.tensor as pt

    with pm.Model() as model:
        log_ratio, log_sd = (pm.Data(name, np.ones((size, *CELLS))) for name in ("log_ratio", "log_sd"))
        shown, is_exit = pm.Data("shown", np.ones((size, *CELLS))), pm.Data("is_exit", np.ones(size))
        known = pm.Data("covariates", np.ones((size, covariates)))
        prior = pm.Data("prior", np.float64(1.0))
        words, words_se = pm.Data("published", np.ones(CELLS[0])), pm.Data("published_se", np.ones(CELLS[0]))

        mean = _cells("mean", prior * MEAN_SD, prior * MEAN_APART_SD)
        bias = _cells("bias", BIAS_SD, BIAS_APART_SD)
        slopes = pm.Normal("slopes", 0, prior * SLOPE_SD, shape=covariates)
        spread = pm.HalfNormal("spread", prior * np.array(SPREAD_SD))
        error = pm.HalfNormal("error", np.array(ERROR_SD))

        own = pm.Flat("own", shape=(size, *CELLS))
        free = DEGREES_OF_FREEDOM + math.prod(CELLS)
        pm.Potential("student", -free / 2 * pt.log1p((own**2).sum(axis=(1, 2)) / DEGREES_OF_FREEDOM).sum())
        # A sum of normals is one: parts of effect and error need not be told apart event by event.
        variances = error[None] ** 2 + is_exit[:, None] * spread[None] ** 2
        effect = is_exit[:, None, None] * (mean + pt.dot(known, slopes)[:, None, None])
        expected = shown * (bias + effect + _scaled(own, variances))

        whitened = np.linalg.inv(np.linalg.cholesky(along())).T
        pm.Normal("seen", pt.dot(expected / log_sd, whitened), 1, observed=pt.dot(log_ratio / log_sd, whitened))
        pm.Normal("read", mean.mean(axis=1), words_se, observed=words)
    return model


def along() -> np.ndarray:
    """Return the correlation (horizon, horizon) of a forecast's noise within an outcome."""
    return np.where(np.eye(CELLS[1]) > 0, 1.0, ALONG)


def _scaled(own: Any, variances: Any) -> Any:
    """Return standard deviates (event, outcome, horizon) with the covariance `parts` of variances (event, part).

    Its square root scales the mean of all cells, the outcomes' distance from it and the cells' from their outcome.
    """
    import pytensor.tensor as pt

    shared, outcome, cell = (variances[:, i, None, None] for i in range(len(SPREAD_SD)))
    by_outcome = own.mean(axis=2, keepdims=True)
    overall = by_outcome.mean(axis=1, keepdims=True)
    of_outcome = cell + CELLS[1] * outcome
    return (
        pt.sqrt(cell) * (own - by_outcome)
        + pt.sqrt(of_outcome) * (by_outcome - overall)
        + pt.sqrt(of_outcome + math.prod(CELLS) * shared) * overall
    )


def _cells(name: str, shared_sd: Any, apart_sd: Any) -> Any:
    """Return means of all cells, pooled over outcomes and horizons."""
    import pymc as pm

    shapes = {"outcome": (CELLS[0], 1), "horizon": (1, CELLS[1]), "cell": CELLS}
    scales = pm.HalfNormal(f"{name}_apart", apart_sd, shape=len(shapes))
    total = pm.Normal(f"{name}_shared", 0, shared_sd)
    for i, (of, shape) in enumerate(shapes.items()):
        total = total + scales[i] * pm.Normal(f"{name}_{of}", shape=shape)
    return pm.Deterministic(name, total)
