"""What a scenario's priors imply for deaths before any month after the exit is seen, beside what was ever recorded.

A prior predictive check (Gabry et al. 2019, Journal of the Royal Statistical Society A 182:389): the futures that
follow from record and priors alone, held against totals that the record knows to happen.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr

from ..case.opening import open_case
from ..core.arguments import checked
from ..core.language import country_name, decimal, phrase, translate
from ..core.months import months_between
from ..core.progress import Steps
from ..core.smallest_change import SmallestChange
from ..core.telling import CaseWords, tells
from ..plots.numbers import in_hundred, month_words, sensible
from ..risk.comparison import ratio_of_expected
from ..run.asking import Ask
from ..run.forecasting import forecast_on, prepare
from ..run.notebook_steps import default_steps
from ..run.results import Forecast
from ..schema.scenario import Asked, DriverSettings, Scenario
from .places_shown import neighbours_shown

YEAR = 12
YEARS = 10
"""Years before the exit that the record is looked at."""

Standing = Literal["inside", "wider", "beyond", ""]
"""Where the range lies in that of the record; empty where the record has no whole year."""

COLUMNS = (
    *("country", "outcome", "mean", "q10", "q90", "alone_mean", "alone_q10", "alone_q90", "ratio"),
    *("recorded_lowest", "recorded_highest", "recorded_years", "standing"),
)


@dataclass(frozen=True)
class PriorOutcomes:
    """What the priors imply for the first twelve months after the exit.

    Attributes
    ----------
    forecast : Forecast
        From the record up to the exit, or to `as_of` where that is earlier; nothing of what came later is in it.
    alone : Forecast
        The same futures with all drivers off.
    table : DataFrame
        A row for each unit shown and outcome: country, outcome; mean, q10 and q90 of deaths under the priors;
        alone_mean, alone_q10, alone_q90 with drivers off; ratio of expected deaths; recorded_lowest and
        recorded_highest of the twelve-month totals up to the last month used, recorded_years of them; standing.
    change : SmallestChange
        By how much a range must pass the record's to be called wider or beyond it.
    """

    forecast: Forecast = field(repr=False)
    alone: Forecast = field(repr=False)
    table: pd.DataFrame
    change: SmallestChange

    @property
    def words(self) -> CaseWords:
        """What sentences about it take from its case."""
        return self.forecast.words

    @tells(lambda self: self.words)
    def sentence(self) -> str:
        """Return in words whether the range for home is inside, wider than or beyond what was recorded."""
        case = self.forecast.case
        row = self.table.set_index(["country", "outcome"]).loc[(case.home, case.headline)]
        numbers = {name: sensible(float(row[name])) for name in COLUMNS[2:8]}
        said = phrase(
            "prior.implied", scenario=translate(self.forecast.scenario.title), country=country_name(case.home),
            ratio=_decimal(float(row["ratio"])), **numbers,
        )  # fmt: skip
        if not row["standing"]:
            return f"{said} {phrase('prior.no_record')}"
        lowest, highest = (sensible(float(row[name])) for name in COLUMNS[9:11])
        told = {"lowest": lowest, "highest": highest, "years": int(row["recorded_years"])}
        told |= {"until": month_words(self.forecast.clock.as_of), "share": in_hundred(self.change.share)}
        if row["standing"] == "wider":
            low, high, least, most = (float(row[name]) for name in (*COLUMNS[3:5], *COLUMNS[9:11]))
            passing = _passing(low, high, least, most, self.change)
            told["end"] = phrase(f"prior.ends.{'both' if len(passing) == 2 else passing[0]}")
        held = phrase(f"prior.{row['standing']}", **told)
        return f"{said} {held}"

    def as_dict(self) -> dict[str, Any]:
        """Return everything in plain types."""
        rows = self.table.astype(object).where(self.table.notna(), None).to_dict("records")
        return {
            "scenario": self.forecast.scenario.id,
            "as_of": self.forecast.clock.as_of,
            "exit": self.forecast.clock.exit,
            "draws": self.forecast.deaths.sizes["draw"],
            "smallest_change": self.change.share,
            "outcomes": rows,
            "sentence": self.sentence(),
        }


@checked
def prior_outcomes(
    scenario: str | Path | Scenario | None = None,
    *,
    claims_as_of: str | None = None,
    draws: int = 4000,
    seed: int = 1,
    panel: str | Path | None = None,
    steps: Steps | None = None,
) -> PriorOutcomes:
    """Return what a scenario's priors imply for the first year after the exit, before any of its months is seen.

    Parameters
    ----------
    scenario : str, Path or Scenario
        The case's first by default.
    claims_as_of : str, optional
        Leaves out documents that were not certainly written by this month, `YYYY-MM`.
    draws, seed, panel, steps
        As in `forecast`.

    Raises
    ------
    InputError
        If the scenario does not exist or is wrong.
    """
    file, steps = None if panel is None else Path(panel), steps or default_steps()
    chosen = open_case().first_scenario if scenario is None else scenario
    asked = Ask(claims_as_of=claims_as_of, panel_file=file).of(chosen)
    as_of = min(asked.clock.as_of, asked.clock.exit)
    before = months_between(as_of, asked.clock.exit)
    ask = Ask(as_of, claims_as_of, before + YEAR, draws, seed, file)
    asked = ask.of(chosen)
    ground = prepare(asked, ask, steps=steps)
    forecast = forecast_on(ground, asked, steps=steps)
    off = {"id": ground.register.case.record_alone, "drivers": DriverSettings(default="absent")}
    alone = forecast_on(ground, Asked(asked.scenario.model_copy(update=off), asked.clock), steps=steps)
    change = ground.register.case.smallest_change
    return PriorOutcomes(forecast, alone, _table(forecast, alone, before, change), change)


def standing(low: float, high: float, lowest: float, highest: float, change: SmallestChange) -> Standing:
    """Return where a range of deaths lies in that of recorded totals, beyond what counts as no change.

    Parameters
    ----------
    low, high : float
        Ends of the range.
    lowest, highest : float
        Of the recorded totals.
    change : SmallestChange
    """
    if np.isnan(lowest):
        return ""
    if change.of_deaths(highest, low) == "worse" or change.of_deaths(lowest, high) == "better":
        return "beyond"
    return "wider" if _passing(low, high, lowest, highest, change) else "inside"


def _passing(low: float, high: float, lowest: float, highest: float, change: SmallestChange) -> list[str]:
    """Return which ends of a range pass those of the record by more than what counts as no change."""
    upper, lower = change.of_deaths(highest, high) == "worse", change.of_deaths(lowest, low) == "better"
    return [name for name, passes in (("upper", upper), ("lower", lower)) if passes]


def recorded_years(record: xr.DataArray, years: int = YEARS) -> xr.DataArray:
    """Return totals of twelve months each, up to the last month of the record.

    Parameters
    ----------
    record : DataArray (month, ...)
    years : int
        At most so many.

    Returns
    -------
    DataArray (year, ...)
        NaN where a unit did not exist in all of the months.
    """
    count = min(years, record.sizes["month"] // YEAR)
    last = record.isel(month=slice(record.sizes["month"] - count * YEAR, None))
    return last.coarsen(month=YEAR).construct(month=("year", "of_year")).sum("of_year", skipna=False)


def _decimal(ratio: float) -> str:
    return phrase("prior.no_ratio") if np.isnan(ratio) else decimal(ratio, 2)


def _table(forecast: Forecast, alone: Forecast, before: int, change: SmallestChange) -> pd.DataFrame:
    past, rows = recorded_years(forecast.panel), []
    for country in (forecast.case.home, *neighbours_shown(forecast)):
        for outcome in (str(name) for name in forecast.deaths["outcome"].values):
            at = {"country": country, "outcome": outcome}
            year, off = (
                run.deaths.sel(at).isel(month=slice(before, before + YEAR)).sum("month") for run in (forecast, alone)
            )
            known = past.sel(at).values
            known = known[~np.isnan(known)]
            lowest, highest = (known.min(), known.max()) if known.size else (np.nan, np.nan)
            (low, high), (off_low, off_high) = (np.quantile(total.values, [0.1, 0.9]) for total in (year, off))
            row = (country, outcome, float(year.mean()), low, high, float(off.mean()), off_low, off_high)
            against = (lowest, highest, known.size, standing(low, high, lowest, highest, change))
            rows.append((*row, ratio_of_expected(year, off), *against))
    return pd.DataFrame(rows, columns=list(COLUMNS))
