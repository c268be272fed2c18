"""`run.perpetrators`: who kills civilians on the futures of a run, by the state and its partners, and by others."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from ..case.perpetrators import perpetrators_file, recorded_parts
from ..core.errors import InputError
from ..core.language import country_name, outcome_name, phrase
from ..core.months import months_between
from ..core.names import ONE_SIDED_PARTS
from ..core.progress import Steps
from ..core.resources import fingerprints
from ..core.telling import CaseWords, tells
from ..drivers.activation import activation
from ..drivers.exposure import acting, strength_by_perpetrator
from ..drivers.timing import timing_in
from ..follow.perpetrators import follow, learn
from ..plots.numbers import sensible
from ..risk.measures import first_months, totals_table
from ..schema.scenario import DriverSettings
from ..tasks.carrying import carry_out
from ..tasks.results import usual_folder
from ..tasks.task import Task

if TYPE_CHECKING:
    from .results import Forecast

JUDGED = "2013-2024"
"""Window of the scores by which it was decided that the split is shown."""

SCORES = "perpetrators.csv"
"""In the case's scorecard; `benchmarks/perpetrators.py` says how it was made, and declares the test."""

DRAWS = 500
"""Of what ties a month's perpetrators to those before."""


@dataclass(frozen=True)
class Perpetrators:
    """Deaths of civilians in one-sided violence by who kills, in each future.

    Attributes
    ----------
    deaths : DataArray (draw, month, country, outcome)
        Outcomes `one_sided_state` and `one_sided_other`, deaths per month; they sum to the run's `one_sided`.
    record : DataArray (month, country, outcome)
        The same on record, up to `as_of`; NaN where nobody knows.
    scores : DataFrame or None
        What such forecasts earned on past years; None where a case keeps no scores of them.
    words : CaseWords
    inputs : mapping of path to SHA-256
    """

    deaths: xr.DataArray
    record: xr.DataArray
    scores: pd.DataFrame | None
    words: CaseWords = field(repr=False)
    inputs: Mapping[str, str] = field(default_factory=dict, repr=False)

    def table(self, months: int = 12) -> pd.DataFrame:
        """Return the total of the first months by country and perpetrator, with the record's last ones beside.

        Returns
        -------
        DataFrame
            Columns of `Forecast.totals`, and `before`: deaths in as many months up to `as_of`, NaN where unknown.
        """
        ahead = first_months(self.deaths, months)
        before = self.record.isel(month=slice(-months, None)).sum("month", skipna=False)
        table = totals_table(ahead)
        places = zip(table["country"], table["outcome"], strict=True)
        return table.assign(before=[float(before.sel(country=unit, outcome=part)) for unit, part in places])

    def verdict(self) -> str:
        """Return in a sentence what such forecasts earned on past years, by the test that was declared beforehand."""
        rules = self.best_rules()
        if rules is None:
            return "How such forecasts did on past years of this case has not been scored."
        state, other = (_compared(row) for row in rules.to_dict("records"))
        return (
            f"Scored on {JUDGED}, months 3 to 14 ahead: the CRPS of deaths by the state was {state} the best of three "
            f"simple rules, that of deaths by others {other} it."
        )

    def best_rules(self) -> pd.DataFrame | None:
        """Return the scores of the split's months against the best simple rule, a row for each perpetrator.

        Returns
        -------
        DataFrame or None
            Columns outcome, window, cells, model (the rule), skill, skill_low, skill_high (90 % interval over years);
            None where a case keeps no scores.
        """
        if self.scores is None:
            return None
        rows = self.scores.query("window == @JUDGED and score == 'crps'")
        rules = rows[rows["model"].str.startswith("conflictology")].sort_values("value", kind="stable")
        best = rules.drop_duplicates("outcome").rename(columns={"skill_of_split": "skill"})
        order = pd.Categorical(best["outcome"], list(ONE_SIDED_PARTS), ordered=True)
        named = ["outcome", "window", "cells", "model", "skill", "skill_low", "skill_high"]
        return best.iloc[order.argsort()][named].reset_index(drop=True)

    def __repr__(self) -> str:
        sizes, months = self.deaths.sizes, self.deaths["month"].values
        return f"Perpetrators({months[0]} to {months[-1]}, {sizes['draw']:,} futures of {sizes['country']} countries)"

    @tells(lambda self: self.words)
    def _repr_html_(self) -> str:
        table = self.table()
        named = table.assign(country=table["country"].map(country_name), outcome=table["outcome"].map(outcome_name))
        shown = named.set_index(["country", "outcome"])[["before", "median", "q10", "q90", "mean"]]
        caption = phrase("perpetrators.caption")
        return f"<p>{self!r}</p>" + shown.style.format(sensible, na_rep="").set_caption(caption).to_html()


def perpetrators_of(run: "Forecast", steps: Steps | None = None, months: int | None = None) -> Perpetrators:
    """Return who kills civilians on the futures of a run.

    Parameters
    ----------
    run : Forecast
    steps : Steps, optional
    months : int, optional
        First months only, in which every number is as in the whole; all by default.

    Raises
    ------
    InputError
        If the case has no table that tells who killed.
    """
    file = perpetrators_file(run.case)
    record = recorded_parts(run.case, run.panel)
    assert record is not None
    if not float(record.sum()):
        raise InputError(
            f"Nobody is known to have killed civilians by {run.panel['month'].values[-1]}, so who will is not told."
        )
    task = Task(f"learn who kills, to {run.clock.as_of}", learn, {"parts": record, "draws": DRAWS, "seed": 1})
    learnt = carry_out("learn who kills", [task], keep=usual_folder(), steps=steps)[0]
    drivers = run.ground.register.drivers
    told = run.months[:months]
    moved = acting(run.drivers, drivers, run.scenario, told, exit=run.clock.exit)
    one_sided = run.deaths.sel(month=told, outcome="one_sided", drop=True)
    found = follow(
        learnt,
        record,
        one_sided,
        run.seed,
        _Odds(moved.odds_of_state) if moved.parts is not None else None,
        _moved_before(run),
    )
    files = [file, run.case.dyads_file, run.case.bounds_file]
    scores = run.case.scorecard / SCORES
    table = pd.read_csv(scores) if scores.is_file() else None
    read = [one for one in (*files, scores) if one is not None and one.is_file()]
    return Perpetrators(found, record, table, run.words, fingerprints(read))


def _compared(row: Mapping[Hashable, Any]) -> str:
    """Return by how much the split beat the best rule, in words."""
    how = "below" if row["skill"] > 0 else "above"
    return f"{abs(row['skill']):.0%} {how} (90 % interval {row['skill_low']:.0%} to {row['skill_high']:.0%})"


@dataclass(frozen=True)
class _Odds:
    """What drivers do to the odds, where an array is expected."""

    of: Callable[[tuple[slice, int]], np.ndarray]

    def __getitem__(self, at: tuple[slice, int]) -> np.ndarray:
        return self.of(at)


def _moved_before(run: "Forecast") -> np.ndarray | None:
    """Return what drivers did to the odds that the state kills at the end of the record, shape (draw, country)."""
    after = months_between(run.clock.exit, run.clock.as_of)
    drivers = run.ground.register.drivers
    if not run.posterior.has_drivers or after < 1:
        return None
    past = run.scenario.model_copy(update={"drivers": DriverSettings(default="from-claims")})
    learnt = run.ground.parameters["driver_effect"]
    moved = np.zeros((learnt.sizes["draw"], len(drivers.units)))
    for name, driver in drivers.items():
        strength = strength_by_perpetrator(driver, past, drivers)
        timing = timing_in(driver, past)
        share = activation(np.array([after]), timing.onset, timing.ramp, timing.half_life)[0]
        moved += learnt.sel(driver=name).values[:, None] * share * (strength[:, 0] - strength[:, 1])
    return moved
