"""Which driver carries the answer: the quantity with one driver weak and strong, all else as simulated."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd
import xarray as xr

from ..schema.driver import Driver
from .question import Question


def driver_swings(
    deaths: xr.DataArray,
    effects: xr.DataArray,
    exposures: xr.DataArray,
    drivers: Mapping[str, Driver],
    country: str,
    outcome: str,
    months: int = 12,
    ways: xr.DataArray | None = None,
) -> pd.DataFrame:
    """Return expected deaths of the first months with each driver at its 10th and 90th percentile.

    A driver multiplies the rate, so its effect in a future can be taken out and another put in without simulating
    again: deaths x exp((new - old log effect) x exposure). Exact for expected deaths at a driver's own place; what a
    changed rate sends over borders is left out.

    Parameters
    ----------
    deaths : DataArray (draw, month, country, outcome)
    effects : DataArray (draw, driver)
    exposures : DataArray (driver, month, country, outcome)
    drivers : mapping of id to Driver
    country, outcome : str
        Where the swing is measured.
    months : int
    ways : int DataArray (draw, driver), optional
        Which branch each driver takes in each future, by its place; then every branch has a row of its own.

    Returns
    -------
    DataFrame
        Columns driver, label, low, high (expected deaths), widest swing first. With `ways` also branch, and weak and
        strong: the same two numbers by whether the branch is weak or absent, or strong. Of a driver that can go several
        ways, the branch alone is moved: where it is strong it takes the place of the others.
    """
    question = Question(country, outcome, months)
    return _swings(question, deaths, effects, exposures, drivers, lambda total: float(total.mean()), ways)


def exceedance_swings(
    question: Question,
    deaths: xr.DataArray,
    effects: xr.DataArray,
    exposures: xr.DataArray,
    drivers: Mapping[str, Driver],
    ways: xr.DataArray | None = None,
) -> pd.DataFrame:
    """Return P(total > threshold) with each driver at its 10th and 90th percentile; as `driver_swings`.

    Deaths of a future are scaled, not drawn anew, so chance within a month is scaled with them: close where a month has
    many deaths, since their spread grows with the rate (`tests/test_explain_run.py` holds it to simulating again).

    Returns
    -------
    DataFrame
        Columns driver, label, low, high (probabilities), widest swing first.
    """
    return _swings(
        question, deaths, effects, exposures, drivers, lambda total: float((total > question.threshold).mean()), ways
    )


def _swings(
    question: Question,
    deaths: xr.DataArray,
    effects: xr.DataArray,
    exposures: xr.DataArray,
    drivers: Mapping[str, Driver],
    measure: Callable[[np.ndarray], float],
    ways: xr.DataArray | None,
) -> pd.DataFrame:
    cells = question.monthly(deaths)
    rows: list[dict[str, str | float]] = []
    for driver_id, driver in drivers.items():
        values, acting = effects.sel(driver=driver_id).values, question.acting(exposures, driver_id)

        def moved(change: np.ndarray, acting: np.ndarray = acting) -> float:
            return measure((cells * np.exp(change[:, None] * acting)).sum(axis=1))

        if ways is None:
            low, high = (moved(level - values) for level in np.quantile(values, [0.1, 0.9]))
            rows.append({"driver": driver_id, "label": driver.title, "low": low, "high": high})
        else:
            rows += _of_branches(driver, values, ways.sel(driver=driver_id).values, moved)
    if not rows:
        return pd.DataFrame(columns=["driver", "branch", "label", "low", "high", "weak", "strong"])
    table = pd.DataFrame(rows)
    return table.iloc[np.argsort(-(table["high"] - table["low"]).abs().values, kind="stable")].reset_index(drop=True)


def _of_branches(
    driver: Driver, values: np.ndarray, way: np.ndarray, moved: Callable[[np.ndarray], float]
) -> Iterator[dict[str, str | float]]:
    """Yield a row for each branch: weak or absent, where the others stay as they are, and strong, in their place."""
    for index, branch in enumerate(driver.branches):
        own = values if len(driver.branches) == 1 else np.where(way == index, values, 0.0)
        low, high = np.quantile(own, [0.1, 0.9])
        least, most = (low, high) if branch.sign > 0 else (high, low)
        weak, strong = moved(least - own), moved(most - values)
        fewer, more = (weak, strong) if branch.sign > 0 else (strong, weak)
        yield {
            "driver": driver.id,
            "branch": branch.id,
            "label": driver.title_of(branch),
            "low": fewer,
            "high": more,
            "weak": weak,
            "strong": strong,
        }
