"""Whether the prior alone keeps futures within what a month of war has ever been."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from simulated_panels import natural_scales, prior_draws

from harmattan.core.months import months_after
from harmattan.model.build import build_model, series_anchor, shifts_within
from harmattan.model.memory import memories_after
from harmattan.model.specification import STANDARD
from harmattan.simulate.paths import simulate_paths
from harmattan.simulate.start import start_state

MONTHS, DRAWS = 12, 4000


@dataclass(frozen=True)
class Future:
    """Futures of a year under the prior, from the end of a record."""

    deaths: xr.DataArray
    bounded_share: float


def prior_futures(panel: xr.DataArray, borders: xr.DataArray, seed: int, draws: int = DRAWS) -> Future:
    """Return futures of the year after a record, parameters from the prior."""
    raw = prior_draws(build_model(panel, borders), draws, seed)
    anchor = series_anchor(memories_after(panel, borders, STANDARD), STANDARD)
    natural = natural_scales(raw, anchor, shifts_within(panel, None, STANDARD))
    months = months_after(str(panel["month"].values[-1]), MONTHS)
    start = start_state(panel, borders, STANDARD, natural)
    paths = simulate_paths(natural, start, borders, months, STANDARD, seed)
    return Future(paths.deaths, paths.bounded_share)


def bounds_table(future: Future, panel: xr.DataArray) -> pd.DataFrame:
    """Return how far the prior's futures reach, beside the record.

    Returns
    -------
    DataFrame
        A row per outcome; columns outcome, draws, largest_month_recorded (deaths, any country), months_above_record and
        months_above_ceiling (share of simulated country-months), futures_above_record and futures_above_ceiling (share
        of futures with such a month anywhere), zero_share and zero_share_recorded (of country-months; recorded: the
        last 12 months), year_median and year_q95 (deaths in all countries), year_recorded (the last 12 months),
        bounded_share (of simulated rates of all outcomes that met the ceiling).
    """
    rows = []
    for outcome in future.deaths["outcome"].values:
        deaths, record = future.deaths.sel(outcome=outcome), panel.sel(outcome=outcome)
        last, largest = record.isel(month=slice(-MONTHS, None)), float(record.max())
        year = deaths.sum(["month", "country"]).values
        rows.append(
            {
                "outcome": str(outcome),
                "draws": deaths.sizes["draw"],
                "largest_month_recorded": largest,
                "months_above_record": float((deaths > largest).mean()),
                "months_above_ceiling": float((deaths > STANDARD.rate_ceiling).mean()),
                "futures_above_record": float((deaths > largest).any(["month", "country"]).mean()),
                "futures_above_ceiling": float((deaths > STANDARD.rate_ceiling).any(["month", "country"]).mean()),
                "zero_share": float((deaths == 0).mean()),
                "zero_share_recorded": float((last == 0).mean()),
                "year_median": float(np.median(year)),
                "year_q95": float(np.quantile(year, 0.95)),
                "year_recorded": float(last.sum()),
                "bounded_share": future.bounded_share,
            }
        )
    return pd.DataFrame(rows)
