"""Mean and spread of an effect over exits, each known only as far as its forecast was sure.

Exit i has an effect on the log of deaths, drawn from a Student t about the mean. What is seen of it is a log ratio with
the noise of the forecast, and only the share of the effect that shows where few deaths were expected:

    effect_i ~ StudentT(4, mean, spread)        log_ratio_i ~ Normal(shown_i x effect_i, log_sd_i)
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

PRIOR_MEAN_SD = 1.0
PRIOR_SPREAD_SD = 1.0
"""Of a half-normal. Both are wide beside anything that a mission has been said to do."""

DEGREES_OF_FREEDOM = 4.0
LEAST_SD = 0.05
"""Noise that no forecast is without, so that one whose draws are all zero has a likelihood."""


AT_ONCE = 30
"""Registers are filled up to a multiple of this with exits that show nothing, so that few sizes are compiled."""


@dataclass(frozen=True)
class Across:
    """Draws of what exits have in common.

    Attributes
    ----------
    mean : array (draw)
        Of the effect over exits, log scale.
    spread : array (draw)
        Scale of the Student t.
    next : array (draw)
        Effect of one exit more of the kind.
    divergences : int
    """

    mean: np.ndarray
    spread: np.ndarray
    next: np.ndarray
    divergences: int

    def summary(self) -> dict[str, float]:
        """Return means, 90 % and 80 % intervals and the chance that deaths rise on average."""
        low, high = np.quantile(self.mean, [0.05, 0.95])
        next_low, next_high = np.quantile(self.next, [0.1, 0.9])
        return {
            "mean": float(self.mean.mean()),
            "sd": float(self.mean.std(ddof=1)),
            "q05": float(low),
            "q95": float(high),
            "rises": float((self.mean > 0).mean()),
            "spread": float(np.median(self.spread)),
            "next_q10": float(next_low),
            "next_q90": float(next_high),
            "divergences": self.divergences,
        }


def effects_across(
    log_ratio: np.ndarray,
    log_sd: np.ndarray,
    shown: np.ndarray,
    *,
    draws: int = 1000,
    tune: int = 500,
    chains: int = 2,
    seed: int = 1,
) -> Across:
    """Return draws of mean and spread of the effect over exits.

    Parameters
    ----------
    log_ratio, log_sd, shown : array (exit)
        As `run.aftermath.Ratio` has them. An exit of which nothing is shown informs nothing.
    draws, tune, chains, seed : int
        Of nutpie's NUTS.
    """
    import nutpie

    size = AT_ONCE * math.ceil(len(log_ratio) / AT_ONCE)
    nothing = size - len(log_ratio)
    model = _compiled(size).with_data(
        log_ratio=np.append(log_ratio, np.zeros(nothing)),
        log_sd=np.maximum(np.append(log_sd, np.ones(nothing)), LEAST_SD),
        shown=np.append(shown, np.zeros(nothing)),
    )
    settings: dict[str, Any] = {"draws": draws, "tune": tune, "chains": chains, "cores": chains, "seed": seed}
    trace = nutpie.sample(model, **settings, target_accept=0.95, progress_bar=False)
    found = trace.posterior
    mean, spread = (found[name].values.ravel() for name in ("mean", "spread"))
    one_more = np.random.default_rng(seed).standard_t(DEGREES_OF_FREEDOM, len(mean))
    return Across(mean, spread, mean + spread * one_more, int(trace.sample_stats["diverging"].sum()))


@cache
def _compiled(exits: int) -> Any:
    """Return the compiled model of so many exits; their numbers are given to it later."""
    import nutpie
    import pymc as pm

    with pm.Model() as model:
        log_ratio, log_sd = pm.Data("log_ratio", np.zeros(exits)), pm.Data("log_sd", np.ones(exits))
        shown = pm.Data("shown", np.ones(exits))
        mean, spread = pm.Normal("mean", 0, PRIOR_MEAN_SD), pm.HalfNormal("spread", PRIOR_SPREAD_SD)
        apart = pm.StudentT("apart", nu=DEGREES_OF_FREEDOM, shape=exits)
        pm.Normal("seen", shown * (mean + spread * apart), log_sd, observed=log_ratio)
    return nutpie.compile_pymc_model(model)
