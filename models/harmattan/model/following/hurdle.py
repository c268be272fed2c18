"""Whether there is anything, and how much: two regressions on the same predictors, with partially pooled groups.

For row i of group g, with predictors x:

    any_i  ~ Bernoulli(sigmoid(x_i . a + A_g))              A_g ~ Normal(0, any_spread)
    log(amount_i) ~ Normal(x_i . b + B_g, noise_kind(i))    B_g ~ Normal(0, size_spread), where there is anything

Hurdle model after Cragg (1971), Econometrica 39(5); groups are pooled as in Gelman & Hill (2007), chapter 12.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

GROUP_SPREAD_SD = 1.0
"""Of the half-normal prior of how far groups lie apart, on either scale."""

NOISE_SD = 2.0
"""Of the half-normal prior of the noise of log amounts."""

PARTS = ("any", "size")


@dataclass(frozen=True)
class Predictor:
    """A predictor with the normal priors of its two coefficients.

    Attributes
    ----------
    name : str
    any_mean, any_sd : float
        Of its coefficient in the log odds that there is anything.
    size_mean, size_sd : float
        Of its coefficient in the log amount.
    """

    name: str
    any_mean: float
    any_sd: float
    size_mean: float
    size_sd: float


@dataclass(frozen=True)
class Rows:
    """What the regressions see.

    Attributes
    ----------
    predictors : array (row, predictor)
    group : array (row) of int
    kind : array (row) of int
        0 or 1: which of two noises a log amount has.
    amount : array (row)
        0 where there was none.
    """

    predictors: np.ndarray
    group: np.ndarray
    kind: np.ndarray
    amount: np.ndarray


def hurdle_draws(
    rows: Rows,
    predictors: tuple[Predictor, ...],
    groups: tuple[str, ...],
    *,
    draws: int = 500,
    tune: int = 400,
    chains: int = 2,
    seed: int = 1,
) -> pd.DataFrame:
    """Return draws of all coefficients by nutpie's NUTS.

    Parameters
    ----------
    rows : Rows
    predictors : tuple of Predictor
        In the order of the columns of `rows.predictors`.
    groups : tuple of str
        Names of the groups that `rows.group` counts.
    draws, tune, chains, seed : int

    Returns
    -------
    DataFrame
        A row for each draw, chains one after the other. Columns `any.NAME` and `size.NAME` of predictors,
        `any.in.GROUP` and `size.in.GROUP`, `noise.0`, `noise.1`, and `divergences` of the whole run.
    """
    import nutpie

    compiled = _compiled(predictors, len(groups))
    there = rows.amount > 0
    model = compiled.with_data(
        any_predictors=rows.predictors,
        any_group=rows.group,
        any_there=there.astype(np.int64),
        size_predictors=rows.predictors[there],
        size_group=rows.group[there],
        size_kind=rows.kind[there],
        log_amount=np.log(rows.amount[there]),
    )
    settings: dict[str, Any] = {"draws": draws, "tune": tune, "chains": chains, "cores": chains, "seed": seed}
    trace = nutpie.sample(model, **settings, target_accept=0.9, progress_bar=False)
    found = trace.posterior
    columns: dict[str, np.ndarray] = {}
    for part in PARTS:
        coefficients = _stacked(found[f"{part}_coefficients"])
        columns |= {f"{part}.{one.name}": coefficients[:, i] for i, one in enumerate(predictors)}
        effects = _stacked(found[f"{part}_groups"])
        columns |= {f"{part}.in.{group}": effects[:, i] for i, group in enumerate(groups)}
    noise = _stacked(found["noise"])
    columns |= {f"noise.{kind}": noise[:, kind] for kind in (0, 1)}
    return pd.DataFrame(columns).assign(divergences=int(trace.sample_stats["diverging"].sum()))


def _stacked(array: Any) -> np.ndarray:
    values = array.values
    return values.reshape(-1, *values.shape[2:])


@cache
def _compiled(predictors: tuple[Predictor, ...], groups: int) -> Any:
    """Return the compiled model of so many groups; its rows are given to it later."""
    import nutpie
    import pymc as pm

    width = len(predictors)
    with pm.Model() as model:
        any_x, any_group = pm.Data("any_predictors", np.zeros((1, width))), pm.Data("any_group", np.zeros(1, int))
        size_x, size_group = pm.Data("size_predictors", np.zeros((1, width))), pm.Data("size_group", np.zeros(1, int))
        there, kind = pm.Data("any_there", np.zeros(1, int)), pm.Data("size_kind", np.zeros(1, int))
        log_amount = pm.Data("log_amount", np.zeros(1))
        linear = {}
        for part, x, group in (("any", any_x, any_group), ("size", size_x, size_group)):
            means = np.array([getattr(one, f"{part}_mean") for one in predictors])
            sds = np.array([getattr(one, f"{part}_sd") for one in predictors])
            coefficients = pm.Normal(f"{part}_coefficients", means, sds)
            spread = pm.HalfNormal(f"{part}_spread", GROUP_SPREAD_SD)
            apart = pm.Normal(f"{part}_apart", 0, 1, shape=groups)
            effects = pm.Deterministic(f"{part}_groups", spread * apart)
            linear[part] = x @ coefficients + effects[group]
        noise = pm.HalfNormal("noise", NOISE_SD, shape=2)
        pm.Bernoulli("there", logit_p=linear["any"], observed=there)
        pm.Normal("amount", linear["size"], noise[kind], observed=log_amount)
    return nutpie.compile_pymc_model(model)
