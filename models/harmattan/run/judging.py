"""Long forecasts from one past origin, of the model and of its rivals (`benchmarks/judge_protocol.md`)."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import xarray as xr

from ..core.months import months_after
from ..evaluate import baselines
from ..evaluate.judge import judged
from ..evaluate.scoreboard import MODEL
from ..model.fit import fit_model
from ..model.specification import SamplerSettings
from ..panel.geography import renormalised
from ..panel.ucdp import living
from ..simulate.paths import simulate_paths
from ..simulate.start import start_state

MONTHS = 60


def judged_from(
    record: xr.DataArray,
    world: xr.DataArray,
    borders: xr.DataArray,
    origin: str,
    groups: Mapping[str, Sequence[str]],
    draws: int,
    seed: int,
    settings: SamplerSettings,
    progress: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """Return the scores of the model and of its rivals at one origin.

    Parameters
    ----------
    record : DataArray (month, country, outcome)
        Deaths of a region, with the months after the origin that are scored.
    world : DataArray (month, country, outcome)
        Deaths of all states, for analogues.
    borders : DataArray (country, neighbour)
        As `neighbour_weights`.
    origin : str
        Last month that forecasts see.
    groups : mapping of name to countries
        As `judged`.
    draws, seed : int
    settings : SamplerSettings
    progress : callable, optional
        Called with the share of the sampling that is done.
    """
    known = record.sel(month=slice(None, origin))
    known = known.sel(country=list(living(known)))
    between = renormalised(borders, [str(unit) for unit in known["country"].values])
    months = months_after(origin, MONTHS)
    posterior = fit_model(known, between, settings=settings, progress=progress)
    spec = posterior.specification
    parameters = posterior.take(draws, seed)
    start = start_state(known, between, spec, parameters)
    paths = simulate_paths(parameters, start, between, months, spec, seed)
    forecasts = {MODEL: paths.deaths.astype("float64")} | rivals(known, world, months, draws, seed)
    happened = record.sel(month=[m for m in months if m in record["month"].values], country=known["country"])
    return judged(forecasts, happened, known, between, groups, seed).assign(origin=origin)


def rivals(
    known: xr.DataArray, world: xr.DataArray, months: Sequence[str], draws: int, seed: int
) -> dict[str, xr.DataArray]:
    """Return the draws of the rules that the model has to beat, dims (draw, month, country, outcome)."""
    found = {
        f"conflictology_{window}": baselines.conflictology(known, months, draws, seed, window)
        for window in (12, 24, 36)
    }
    found["pool_of_three"] = baselines.equal_pool(list(found.values()))
    found["fading"] = baselines.fading_conflictology(known, months, draws, seed)
    origin = str(known["month"].values[-1])
    found["analogue"] = baselines.analogue_rule(known, world.sel(month=slice(None, origin)), months, draws, seed)
    return found
