"""Forecasts from many past origins, each blind to what came after it, scored against what then happened."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.months import month_label, month_number, months_after
from ..core.progress import Steps
from ..evaluate import baselines
from ..evaluate.scoreboard import HALF_POOL, MODEL, POOLED, score_forecasts
from ..model.fit import fit_model
from ..model.specification import SamplerSettings
from ..panel.geography import renormalised
from ..panel.ucdp import living
from ..simulate.paths import simulate_paths
from ..simulate.start import start_state
from ..tasks.carrying import HERE, Where, carry_out
from ..tasks.task import Task
from .memory import check_memory

CHALLENGE_ORIGINS = tuple(f"{year}-10" for year in range(2017, 2023))
QUICK = SamplerSettings(draws=500, tune=200, chains=2)
"""As many posterior draws as futures; the record is fitted again at every origin."""


def parse_origins(text: str) -> list[str]:
    """Return the origins that a text names: `challenge`, `2015-03..2022-12` (each third month), or a list of months."""
    if text == "challenge":
        return list(CHALLENGE_ORIGINS)
    if ".." in text:
        first, last = (month_number(part) for part in text.split("..", 1))
        if last < first:
            raise InputError(f"--origins {text}: the last month lies before the first; write the earlier one first.")
        return [month_label(number) for number in range(first, last + 1, 3)]
    return [month_label(month_number(part.strip())) for part in text.split(",")]


def backtest(
    record: xr.DataArray,
    borders: xr.DataArray,
    origins: Sequence[str],
    *,
    horizon: int,
    first: int = 1,
    draws: int = 1000,
    seed: int = 1,
    settings: SamplerSettings = QUICK,
    keep: Path | None = None,
    where: Where = HERE,
    steps: Steps | None = None,
) -> pd.DataFrame:
    """Return the scores of the model and of its rivals at every origin, by cell.

    Parameters
    ----------
    record : DataArray (month, country, outcome)
        Deaths per month, to the last month that is scored or further.
    borders : DataArray (country, neighbour)
        As `neighbour_weights`.
    origins : sequence of str
        Last months of the record that each forecast sees, `YYYY-MM`.
    horizon : int
        Last month ahead that is scored.
    first : int
        First month ahead that is scored.
    draws, seed : int
    settings : SamplerSettings
    keep : Path, optional
        Folder that gains a Parquet file for each origin; what it holds is not done again.
    where : Where
        Which processes or machines do it.
    steps : Steps, optional

    Returns
    -------
    DataFrame
        As `score_forecasts`.

    Raises
    ------
    InputError
        If the months after an origin are not in the record, or the scores of an origin could not be made.
    """
    last = str(record["month"].values[-1])
    for origin in origins:
        if month_number(origin) + horizon > month_number(last):
            raise InputError(
                f"Origin {origin} cannot be scored {horizon} months ahead: the record ends in {last}. Choose an "
                "earlier origin or a shorter horizon."
            )
    if where.scheduler is None:
        check_memory("backtest", draws, horizon, units=record.sizes["country"], workers=where.workers)
    settings = settings if where.is_here else replace(settings, cores=1)
    given = {"borders": borders, "horizon": horizon, "first": first, "draws": draws, "seed": seed, "settings": settings}
    tasks = [
        Task(
            f"fit, simulate and score from {origin}",
            scores_from,
            {"record": record.sel(month=slice(None, months_after(origin, horizon)[-1])), "origin": origin} | given,
        )
        for origin in origins
    ]
    name = f"backtest from {len(tasks)} origins" if len(tasks) > 1 else "backtest from one origin"
    return pd.concat(carry_out(name, tasks, keep=keep, where=where, steps=steps), ignore_index=True)


def scores_from(
    record: xr.DataArray,
    borders: xr.DataArray,
    origin: str,
    horizon: int,
    first: int,
    draws: int,
    seed: int,
    settings: SamplerSettings,
    progress: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """Return the scores of the model and of its rivals at one origin, by cell; as `backtest`."""
    known = record.sel(month=slice(None, origin))
    known = known.sel(country=list(living(known)))
    between = renormalised(borders, [str(unit) for unit in known["country"].values])
    months = months_after(origin, horizon)
    forecasts = _forecasts(known, between, months, draws, seed, settings, progress)
    scored = {name: paths.isel(month=slice(first - 1, None)) for name, paths in forecasts.items()}
    happened = record.sel(month=months[first - 1 :], country=known["country"])
    return score_forecasts(scored, happened, origin, first, seed)


def _forecasts(
    known: xr.DataArray,
    borders: xr.DataArray,
    months: list[str],
    draws: int,
    seed: int,
    settings: SamplerSettings,
    progress: Callable[[float], None] | None,
) -> dict[str, xr.DataArray]:
    """Return the draws of the model and of every rival, dims (draw, month, country, outcome)."""
    posterior = fit_model(known, borders, settings=settings, progress=progress)
    spec = posterior.specification
    parameters = posterior.take(draws, seed)
    start = start_state(known, borders, spec, parameters)
    paths = simulate_paths(parameters, start, borders, months, spec, seed)
    found = {MODEL: paths.deaths.astype("float64")}
    for window in (12, 24, 36):
        found[f"conflictology_{window}"] = baselines.conflictology(known, months, draws, seed, window)
    found["last_observation"] = baselines.last_observation_poisson(known, months, draws, seed)
    found["zero"] = baselines.zero(known, months, draws)
    found["global_pool"] = baselines.global_pool(known, months, draws, seed)
    half = np.concatenate([found[MODEL].values[::2], found[POOLED].values[1::2]])
    found[HALF_POOL] = found[POOLED].copy(data=half) if len(half) == draws else found[POOLED]
    return {name: values.drop_vars("draw", errors="ignore") for name, values in found.items()}
