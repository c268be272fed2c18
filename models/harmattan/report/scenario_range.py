"""Scenarios side by side on the same futures: what the choice among them does to the answer, place by place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from ..explain.question import Question
from ..run.asking import Ask
from ..run.forecasting import forecast_on, forecast_scenario, ground_of
from ..run.results import Forecast
from ..schema.clock import Asking
from ..schema.scenario import Asked, load_scenario

WATCHED = "watched"
"""Stands for the units that are watched, taken together."""

CARD_DRAWS = 1000
"""Futures of each scenario beside the run's own; they are paired, so that differences need few."""

RANGE_COLUMNS = ["scenario", "place", "expected", "q10", "q90", "probability", "over"]
"""Of `scenario_range`."""


def deaths_of_cards(
    run: Forecast, names: Sequence[str], months: int, draws: int = CARD_DRAWS
) -> dict[str, xr.DataArray]:
    """Return the deaths (draw, month, country, outcome) of a run and of other scenarios on its futures, by scenario.

    The run's own are all there; of the others those of the first futures, which differences are read off.

    Parameters
    ----------
    run : Forecast
    names : sequence of str
        Scenarios of the case; the run's own comes first whether it is named or not.
    months : int
        First months, no more than the run has.
    draws : int
        Futures of the other scenarios.
    """
    clock = run.clock.asked(Asking(months=months))
    found = {run.scenario.id: run.deaths.isel(month=slice(0, months))}
    for name in names:
        if name not in found:
            asked = replace(run.asked, scenario=load_scenario(name), clock=clock)
            found[name] = _deaths_of(run, asked, min(draws, run.deaths.sizes["draw"]))
    return found


def _deaths_of(run: Forecast, asked: Asked, draws: int) -> xr.DataArray:
    if ground_of(asked) == ground_of(run.asked):
        return forecast_on(run.ground.first(draws), asked).deaths
    ask = Ask(draws=draws, seed=run.seed, panel_file=run.case.panel)
    return forecast_scenario(asked, ask).deaths


def scenario_range(
    run: Forecast, cards: Mapping[str, xr.DataArray], question: Question, units: Sequence[str]
) -> pd.DataFrame:
    """Return what each scenario has for each place.

    Parameters
    ----------
    run : Forecast
    cards : mapping of scenario to DataArray (draw, month, country, outcome)
    question : Question
        Outcome, months and threshold.
    units : sequence of str
        Places; beside them stand the units that the case watches, for deaths of all kinds.

    Returns
    -------
    DataFrame
        Columns scenario, place (a unit, or `watched`), expected (deaths in those months), q10, q90, probability (of
        more than the threshold; not of the units watched), over (expected number of units watched above their own).
    """
    watched, rows, own = run.case.definition.watched, [], cards[run.scenario.id]
    members = [] if watched is None else [unit for unit in watched.units if unit in run.case.units]
    for name, deaths in cards.items():
        for unit in units:
            here = replace(question, country=unit)
            one, other = (here.total(cells) for cells in (deaths, own))
            passed = on_all(one > question.threshold, other > question.threshold)
            rows.append([name, unit, on_all(one, other), *_ends(one), passed, np.nan])
        if members and watched is not None:
            totals = [_by_unit(cells, members, question.months) for cells in (deaths, own)]
            over = on_all(*((total > watched.threshold).sum(axis=1) for total in totals))
            one, other = (total.sum(axis=1) for total in totals)
            rows.append([name, WATCHED, on_all(one, other), *_ends(one), np.nan, over])
    return pd.DataFrame(rows, columns=RANGE_COLUMNS)


def on_all(some: np.ndarray, own: np.ndarray) -> float:
    """Return the mean of a scenario over all futures of a run: the run's own, and what differs in the first ones.

    Parameters
    ----------
    some : array (draw,)
        Of the scenario's first futures.
    own : array (draw,)
        Of all futures of the run.
    """
    return float(own.mean() + (some - own[: len(some)].astype(float)).mean())


def _by_unit(deaths: xr.DataArray, members: Sequence[str], months: int) -> np.ndarray:
    cells = deaths.sel(country=members).isel(month=slice(0, months)).sum(("month", "outcome"))
    return cells.transpose("draw", "country").values


def _ends(total: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(total, [0.1, 0.9])
    return float(low), float(high)


def ends_of(table: pd.DataFrame, place: str, column: str) -> tuple[pd.Series, pd.Series]:
    """Return the rows of the scenarios with the least and the most at a place."""
    here = table[table["place"] == place]
    return here.loc[here[column].idxmin()], here.loc[here[column].idxmax()]
