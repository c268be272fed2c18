"""Everything a brief is made from, gathered once: forecasts, the record since, what the drivers learnt."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from ..case.opening import Case
from ..case.perpetrators import recorded_parts
from ..case.settling import settling_files
from ..claims.register import Register
from ..core.months import months_after, months_between
from ..core.names import HEADLINE
from ..core.progress import Steps
from ..core.resources import display_path, fingerprints
from ..drivers.assumptions import priors_after_events
from ..drivers.exposure import exposure
from ..evaluate.baselines import conflictology
from ..evaluate.outcome import against_what_happened
from ..explain.learning import prior_against_posterior
from ..explain.question import Question
from ..explain.tornado import driver_swings
from ..model.posterior import Posterior
from ..plots.numbers import first_months_words
from ..run.asking import Ask
from ..run.counting import COLUMNS as COUNTING
from ..run.counting import counting_of
from ..run.exit_effect import ExitEffect, effect_in
from ..run.forecasting import fit_scenario, forecast_scenario
from ..run.perpetrators import Perpetrators, perpetrators_of
from ..run.results import Forecast
from ..run.since import Since
from ..schema.clock import Asking
from ..schema.scenario import Asked, load_scenario
from .actors import Actors, actors_of
from .fragility import Fragility, fragility_of
from .hindsight import COLUMNS, TotalsCheck, check_totals, coverage_by_month, pit_by_month
from .people import People, people_of
from .places_shown import neighbours_shown
from .signposting import Signposts, signposts_of
from .windows_told import windows_told
from .words import Scale

YEAR = 12
LEVER_DRAWS = 1000
"""Futures on which levers are pulled at most: paired, so that a thousand tell a tenth from nothing."""


@dataclass(frozen=True)
class BriefRun:
    """Results behind a brief.

    Attributes
    ----------
    first, second, record_alone : Forecast
        The scenario, what it is held against (None where nothing is), and the record without any driver; all paired.
    record : DataArray (month, country, outcome)
        The whole frozen panel, also what lies after `as_of`.
    learnt : Posterior or None
        Fit to the end of the record, with drivers; None when the record ends before the exit.
    drivers : DataFrame
        `prior_against_posterior`; without `learnt` both sides are the prior.
    exit_effect : ExitEffect or None
        The whole effect of the exit under the first scenario; None where there is none, or nothing is believed of it.
    swings : DataFrame
        `driver_swings` for the home country and headline outcome.
    hindcast : DataFrame
        The three forecasts against the months after `as_of`; empty when there are none.
    coverage : DataFrame
        `coverage_by_month` of the first scenario; empty when no later month is known.
    totals : TotalsCheck or None
        `check_totals` of the first scenario; None when no later month is known.
    likelihood : {"icd203", "phia"}
        Scale of likelihood words.
    pit : array
        `pit_by_month` of the first scenario.
    dated_before : Forecast or None
        The first scenario with those documents alone that were certainly written by `as_of`; None where all were, or
        no later month is known.
    hindcast_before : DataFrame
        The same for it as `hindcast`.
    panel_file : Path or None
        Panel that was read in place of the case's own.
    counting : DataFrame
        How wide counts are in the countries shown, to the end of the record (`run.counting`); empty without bounds.
    people : People or None
        Who flees and what may break under the scenarios; None where the run holds the end of no year, or looks back.
    changed : Since or None
        What has changed since an earlier brief; None where none is named.
    looks_back : bool
        Whether it is the part of a brief that tells what was expected at the time of the exit and what came of it: what
        lies ahead for people, and what to watch, is told by the look from now alone.
    """

    register: Register
    priors: xr.Dataset
    first: Forecast
    second: Forecast | None
    record_alone: Forecast
    record: xr.DataArray
    learnt: Posterior | None
    drivers: pd.DataFrame
    swings: pd.DataFrame
    hindcast: pd.DataFrame
    coverage: pd.DataFrame
    totals: TotalsCheck | None
    pit: np.ndarray
    countries: tuple[str, ...]
    seed: int
    draws: int
    steps: Steps = field(repr=False)
    likelihood: Scale = "icd203"
    dated_before: Forecast | None = None
    hindcast_before: pd.DataFrame = field(default_factory=pd.DataFrame)
    panel_file: Path | None = None
    exit_effect: ExitEffect | None = None
    counting: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COUNTING))
    people: People | None = None
    looks_back: bool = False
    changed: Since | None = None

    @property
    def case(self) -> Case:
        """Whose brief it is."""
        return self.register.case

    @property
    def home(self) -> str:
        """The unit that the question is about."""
        return self.register.case.home

    @property
    def headline(self) -> str:
        """The outcome that the answers are about."""
        return self.register.case.headline

    @cached_property
    def parts(self) -> xr.DataArray | None:
        """Civilians killed on record, by who killed them (month, country, outcome); None where nobody knows."""
        return recorded_parts(self.case, self.record)

    @cached_property
    def signposts(self) -> Signposts | None:
        """What would move the chance that home's headline passes the case's middle threshold in a year."""
        if self.looks_back:
            return None
        return signposts_of(self.first, self.second, self.question)

    @property
    def question(self) -> Question:
        """Whether home's headline passes the case's middle threshold in the first twelve months."""
        return Question(self.home, self.headline, YEAR, self.case.middle_threshold)

    @cached_property
    def fragility(self) -> Fragility | None:
        """How far the answer moves with what was assumed; None where no driver acts, or the look is back."""
        if self.looks_back or self.record_alone is self.first:
            return None
        return fragility_of(self.first, self.second, self.question, steps=self.steps)

    @cached_property
    def actors(self) -> Actors | None:
        """What each actor can change; None where the case names none, no driver acts, or the look is back."""
        if self.looks_back or self.record_alone is self.first:
            return None
        return actors_of(self.first, self.question, draws=LEVER_DRAWS, steps=self.steps)

    @cached_property
    def killers(self) -> dict[str, Perpetrators]:
        """Who kills civilians in the first twelve months under each forecast, by its name."""
        return {one.scenario.id: perpetrators_of(one, self.steps, months=YEAR) for one in self.forecasts}

    @property
    def headline_parts(self) -> xr.DataArray | None:
        """The same where civilians killed are the headline."""
        return self.parts if self.headline == HEADLINE else None

    @property
    def pair(self) -> tuple[Forecast, ...]:
        """The scenario, and what it is held against where something is."""
        return (self.first,) if self.second is None else (self.first, self.second)

    @property
    def forecasts(self) -> tuple[Forecast, ...]:
        """Every forecast once: the pair, and the record alone where that is another one."""
        alone = () if any(self.record_alone is one for one in self.pair) else (self.record_alone,)
        return (*self.pair, *alone)

    @property
    def panel_name(self) -> str:
        """The panel that the run read, as manifests show it."""
        return display_path(self.panel_file or self.case.record_file)

    @property
    def fits(self) -> dict[str, Posterior]:
        """Every fit that the brief rests on, by what it saw."""
        fits = {f"record to {self.first.posterior.as_of}": self.first.posterior}
        if self.learnt is not None:
            fits[f"record to {self.learnt.as_of}, with drivers"] = self.learnt
        return fits

    @property
    def inputs(self) -> dict[str, str]:
        """SHA-256 of every file that was read for the run, by path."""
        read = {path: digest for forecast in reversed(self.forecasts) for path, digest in forecast.inputs.items()}
        return read | fingerprints(settling_files(self.case))  # what claims are held against

    @property
    def scored(self) -> pd.DataFrame:
        """The hindcast of every forecast, also of the one with the documents of the time alone."""
        return pd.concat([self.hindcast, self.hindcast_before], ignore_index=True)

    @property
    def windows(self) -> dict[str, list[str]]:
        """Simulated months of each horizon: from the exit, or from now where that is past and nothing is compared."""
        return windows_told(self.first) if self.second is None else self.first.windows()

    def period(self, months: int = 12) -> str:
        """Return the first months of the run in words, by the calendar."""
        return first_months_words(self.first.months[:months])

    @property
    def later_months(self) -> list[str]:
        """Simulated months that the record already holds."""
        known = {str(month) for month in self.record["month"].values}
        return [month for month in self.first.months if month in known]


def gather(
    scenarios: Sequence[Asked],
    ask: Ask,
    *,
    register: Register,
    steps: Steps,
    likelihood: Scale = "icd203",
    looks_back: bool = False,
) -> BriefRun:
    """Run everything a brief needs of one or two scenarios. Fits come from the cache where they were made before."""
    runs = [forecast_scenario(asked, ask, steps=steps, register=register) for asked in scenarios]
    first, second = runs[0], runs[1] if len(runs) > 1 else None
    alone = _record_alone(runs, ask, steps, register)
    record = first.case.record(ask.panel_file)
    dated_before = _with_documents_of_the_time(first, register, record, ask, steps)
    register, priors = first.ground.register, first.ground.priors
    learnt = _learn(scenarios[0], str(record["month"].values[-1]), register, ask, steps)
    after_data = first.effects if learnt is None else learnt.parameters["driver_effect"]
    last = first.clock.as_of if learnt is None else learnt.as_of
    fitted = priors_after_events(register.drivers, priors, last)
    drivers = prior_against_posterior(register.drivers, priors, after_data, fitted, last)
    with steps.step("explain and check"):
        months = [str(month) for month in first.deaths["month"].values]
        acting = exposure(register.drivers, first.scenario, months, exit=first.clock.exit)
        home = register.case.home
        swings = driver_swings(
            first.deaths, first.effects, acting, register.drivers, home, register.case.headline, ways=first.drivers.ways
        )
        hindcast = _hindcast([*runs, *([] if any(alone is run for run in runs) else [alone])], record, ask.seed)
        before = _hindcast((dated_before,), record, ask.seed) if dated_before is not None else pd.DataFrame()
        covered, totals, pit = _check(first, record, ask.seed)
    countries = (home, *neighbours_shown(alone))
    counting = counting_of(first.case, countries, str(record["month"].values[-1]), first.clock.exit)
    return BriefRun(
        register, priors, first, second, alone, record, learnt, drivers, swings, hindcast, covered, totals, pit,
        dated_before=dated_before, hindcast_before=before,
        countries=countries, counting=counting, seed=ask.seed, draws=ask.draws, steps=steps,
        likelihood=likelihood, panel_file=ask.panel_file,
        exit_effect=effect_in(first, learnt, ask),
        people=None if looks_back else people_of(runs, steps), looks_back=looks_back,
    )  # fmt: skip


def _record_alone(runs: Sequence[Forecast], ask: Ask, steps: Steps, register: Register) -> Forecast:
    """Return the forecast in which no driver acts: one of the runs, or another by the same clock."""
    name = register.case.record_alone
    for run in runs:
        if run.scenario.id == name:
            return run
    return forecast_scenario(Asked(load_scenario(name), runs[0].clock), ask, steps=steps, register=register)


def _learn(asked: Asked, last: str, register: Register, ask: Ask, steps: Steps) -> Posterior | None:
    if months_between(asked.clock.exit, last) < 1 or not asked.scenario.drivers.learn or not register.drivers:
        return None
    to_the_end = replace(asked, clock=asked.clock.asked(Asking(as_of=last)))
    return fit_scenario(to_the_end, ask, steps=steps, register=register)[0]


def _later_months(forecast: Forecast, record: xr.DataArray) -> list[str]:
    """Return the simulated months that the record already holds."""
    as_of = forecast.clock.as_of
    count = min(months_between(as_of, str(record["month"].values[-1])), forecast.clock.months)
    return months_after(as_of, count) if count > 0 else []


def _with_documents_of_the_time(
    first: Forecast, register: Register, record: xr.DataArray, ask: Ask, steps: Steps
) -> Forecast | None:
    """Forecast the first scenario without the documents that were not certainly written by `as_of`."""
    clock, dates = first.clock, first.documents
    if not (dates.after or dates.maybe_after) or not _later_months(first, record):
        return None
    blind = replace(first.asked, clock=clock.asked(Asking(claims_as_of=clock.as_of)))
    return forecast_scenario(blind, ask, steps=steps, register=register)


def _hindcast(forecasts: Sequence[Forecast], record: xr.DataArray, seed: int) -> pd.DataFrame:
    """Hold paired forecasts against the months that the record already has."""
    first = forecasts[0]
    months = _later_months(first, record)
    if not months:
        return pd.DataFrame()
    reference = conflictology(first.panel, months, first.deaths.sizes["draw"], seed)
    tables = []
    for forecast in forecasts:
        later = forecast.deaths.sel(month=months)
        exit, horizons = first.clock.exit, forecast.clock.horizons
        table = against_what_happened(later, record, reference, exit_month=exit, horizons=horizons)
        tables.append(table.assign(scenario=forecast.scenario.id, documents=_documents_used(forecast)))
    return pd.concat(tables, ignore_index=True)


def _documents_used(forecast: Forecast) -> str:
    """Return which documents a forecast used: all, none, or "3 of 5, written by 2023-06"."""
    dates = forecast.documents
    if not dates.used:
        return "none"
    everything = dates.used + len(dates.left_out)
    return "all" if not dates.left_out else f"{dates.used} of {everything}, written by {dates.claims_as_of}"


def _check(forecast: Forecast, record: xr.DataArray, seed: int) -> tuple[pd.DataFrame, TotalsCheck | None, np.ndarray]:
    """Return how often the intervals of a forecast held what came, by month and by total, and its PIT values."""
    months = _later_months(forecast, record)
    if not months:
        return pd.DataFrame(columns=list(COLUMNS)), None, np.array([])
    observed, drawn = record.sel(month=months), forecast.deaths.sel(month=months)
    return coverage_by_month(observed, drawn), check_totals(observed, drawn), pit_by_month(observed, drawn, seed)
