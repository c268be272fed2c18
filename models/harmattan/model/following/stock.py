"""A stock of which a share stays each year, and to which deaths add, so many for each death in each group.

log(now_i) ~ Normal(log(keep x before_i + exp(added_g) x deaths_i), noise)      added_g ~ Normal(added, spread)
"""

import math
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

KEEP = (9.0, 1.0)
"""Of the beta prior of the share that stays: mean 0.9."""

ADDED, ADDED_SD = math.log(50.0), 1.5
"""Of the normal prior of the log of people displaced by a death: 50, and within a factor of 20 with 95 %."""

SPREAD_SD, NOISE_SD = 1.0, 0.5
"""Of half-normals: how far groups lie apart, and the noise of logs."""


def stock_draws(
    before: np.ndarray,
    now: np.ndarray,
    deaths: np.ndarray,
    group: np.ndarray,
    groups: tuple[str, ...],
    *,
    draws: int = 500,
    tune: int = 500,
    chains: int = 2,
    seed: int = 1,
) -> pd.DataFrame:
    """Return draws by nutpie's NUTS.

    Parameters
    ----------
    before, now : array (row)
        The stock at the end of the year before and of the year, above 0.
    deaths : array (row)
        Of the year.
    group : array (row) of int
    groups : tuple of str
    draws, tune, chains, seed : int

    Returns
    -------
    DataFrame
        A row for each draw. Columns `keep`, `noise`, `added.in.GROUP` (log) and `divergences` of the whole run.
    """
    import nutpie

    model = _compiled(len(groups)).with_data(before=before, log_now=np.log(now), deaths=deaths, group=group)
    settings: dict[str, Any] = {"draws": draws, "tune": tune, "chains": chains, "cores": chains, "seed": seed}
    trace = nutpie.sample(model, **settings, target_accept=0.95, progress_bar=False)
    found = trace.posterior
    columns = {name: found[name].values.ravel() for name in ("keep", "noise")}
    added = found["added_in"].values.reshape(-1, len(groups))
    columns |= {f"added.in.{name}": added[:, i] for i, name in enumerate(groups)}
    return pd.DataFrame(columns).assign(divergences=int(trace.sample_stats["diverging"].sum()))


@cache
def _compiled(groups: int) -> Any:
    """Return the compiled model of so many groups; its rows are given to it later."""
    import nutpie
    import pymc as pm

    with pm.Model() as model:
        before, deaths = pm.Data("before", np.ones(1)), pm.Data("deaths", np.zeros(1))
        log_now, group = pm.Data("log_now", np.zeros(1)), pm.Data("group", np.zeros(1, int))
        keep, noise = pm.Beta("keep", *KEEP), pm.HalfNormal("noise", NOISE_SD)
        added, spread = pm.Normal("added", ADDED, ADDED_SD), pm.HalfNormal("spread", SPREAD_SD)
        apart = pm.Normal("apart", 0, 1, shape=groups)
        added_in = pm.Deterministic("added_in", added + spread * apart)
        mean = keep * before + pm.math.exp(added_in[group]) * deaths
        pm.Normal("now", pm.math.log(mean), noise, observed=log_now)
    return nutpie.compile_pymc_model(model)
