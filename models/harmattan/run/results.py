"""What a run returns: typed results that carry xarray data, print well and save themselves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import xarray as xr

from ..case.opening import Case
from ..claims.documents_by_date import DocumentDates, document_dates
from ..core.arguments import checked
from ..core.errors import InputError
from ..core.language import country_name, decimal, outcome_name, phrase, translate, unit_noun
from ..core.names import WHOLE_RUN, Counts
from ..core.randomness import known_by
from ..core.telling import CaseWords, tells
from ..drivers.effects import DriverDraws
from ..model.posterior import Posterior
from ..panel.perpetrators import with_parts
from ..panel.ucdp import provisional_months
from ..plots.numbers import first_months_words, horizon_words, sensible
from ..risk.comparison import compare_paths
from ..risk.measures import exceedance, first_months, horizon_months, summary_table, totals_table
from ..schema.clock import Clock
from ..schema.scenario import Asked, Scenario
from ..simulate.paths import Paths
from ..simulate.plausible import plausible_deaths
from .draw_files import Form, save_draws
from .export import hub_samples, long_form
from .followed import Followed, people_side_by_side
from .plotting import ForecastPlots
from .provenance import label_of_draws

if TYPE_CHECKING:
    from .forecasting import Ground


NEIGHBOURS_HELD = "neighbours held"
"""Name of the run in which what crosses borders stays as it is at the start."""


@dataclass(frozen=True)
class Forecast(Followed):
    """Joint futures under one scenario.

    Attributes
    ----------
    scenario : Scenario
        As resolved.
    clock : Clock
        What was asked of it: as of when, how many months, counted from which exit.
    paths : Paths
        `paths.deaths` has dims (draw, month, country, outcome), deaths per month.
    posterior : Posterior
    panel : DataArray (month, country, outcome)
        The record that the forecast saw, up to `as_of`.
    effects : DataArray (draw, driver)
        Log rate ratio of each driver at its peak, in each future.
    seed : int
        Root seed.
    drivers : DriverDraws
        Which way each driver goes in each future, how strongly, and from which month on.
    ground : Ground
        What it was forecast from; every further simulation of it shares this.
    counts : {"reported", "plausible"}
        Which deaths `paths.deaths` counts; the two are never mixed.
    """

    scenario: Scenario
    clock: Clock
    paths: Paths
    posterior: Posterior
    panel: xr.DataArray
    effects: xr.DataArray
    seed: int
    drivers: DriverDraws
    ground: "Ground" = field(repr=False)
    counts: Counts = "reported"

    @property
    def asked(self) -> Asked:
        """The scenario with its clock."""
        return Asked(self.scenario, self.clock)

    @property
    def case(self) -> Case:
        """Whose forecast it is."""
        return self.ground.register.case

    @property
    def deaths(self) -> xr.DataArray:
        """Simulated deaths per month, dims (draw, month, country, outcome)."""
        return self.paths.deaths

    @property
    def inputs(self) -> dict[str, str]:
        """SHA-256 of every file that was read, by path, as it was then."""
        return {**self.ground.inputs, **self.scenario.inputs}

    @property
    def provisional_months(self) -> tuple[str, ...]:
        """Months of the record it saw that rest on candidate events and will still be revised."""
        return provisional_months(self.panel)

    @property
    def documents(self) -> DocumentDates:
        """When the documents that it rests on were written; none where no driver acts or was learnt."""
        register, scenario = self.ground.register, self.scenario
        if not (scenario.acts or self.posterior.has_drivers):
            register = replace(register, sources={}, claims={})
        return document_dates(register, self.clock.as_of, self.clock.claims_as_of)

    @property
    def words(self) -> CaseWords:
        """What sentences about it take from its case."""
        return self.ground.register.case.words

    @property
    def months(self) -> list[str]:
        """The simulated months."""
        return [str(month) for month in self.deaths["month"].values]

    def windows(self) -> dict[str, list[str]]:
        """Return the simulated months of each horizon, counted from the exit; horizons without any are left out.

        Where no month lies in a horizon, one window `run` holds them all.
        """
        horizons = {str(name): window for name, window in self.clock.horizons.items()}
        return horizon_months(self.months, self.clock.exit, horizons) or {WHOLE_RUN: self.months}

    def windows_ahead(self) -> dict[str, list[str]]:
        """Return the simulated months of each horizon, counted from `as_of` in place of the exit."""
        horizons = {str(name): window for name, window in self.clock.horizons.items()}
        return horizon_months(self.months, self.clock.as_of, horizons) or {WHOLE_RUN: self.months}

    def summary(self) -> pd.DataFrame:
        """Return deaths per month by country, outcome and horizon: mean and quantiles."""
        return summary_table(self.deaths, self.windows())

    @checked
    def totals(self, months: int = 12, *, parts: bool = False) -> pd.DataFrame:
        """Return the total of the first months by country and outcome: mean, quantiles and tail mean, deaths.

        Parameters
        ----------
        months : int
        parts : bool
            Whether deaths of civilians also stand there by who kills.
        """
        return totals_table(first_months(self.deaths_by(parts), months))

    @checked
    def exceedance(self, months: int = 12) -> xr.DataArray:
        """Return the probability that the total of the first months passes each threshold."""
        return exceedance(first_months(self.deaths, months), self.case.thresholds)

    def plausible(self) -> "Forecast":
        """Return the same futures with the deaths that UCDP's low and high estimates leave room for.

        Expected and imported deaths of the paths stay those of reported counts.

        See Also
        --------
        harmattan.simulate.plausible.plausible_deaths : How, and what it leaves out.
        """
        if self.counts == "plausible":
            return self
        bounds = self.ground.register.case.bounds(self.clock.as_of)
        deaths = plausible_deaths(self.deaths, bounds, self.seed, known_by(self.panel))
        return replace(self, paths=replace(self.paths, deaths=deaths), counts="plausible")

    def to_frame(self, *, parts: bool = False) -> pd.DataFrame:
        """Return the draws in long form: columns country, month, outcome, draw, value (deaths per month).

        Parameters
        ----------
        parts : bool
            Whether deaths of civilians also stand there by who kills.
        """
        return long_form(self.deaths_by(parts))

    def to_hub(self, *, parts: bool = False) -> pd.DataFrame:
        """Return the draws as a hubverse table of samples; see `run.export.hub_samples`. `parts` as in `to_frame`."""
        return self._hub_of(self.deaths_by(parts))

    def deaths_by(self, parts: bool) -> xr.DataArray:
        """Return `deaths`, with `one_sided_state` and `one_sided_other` beside the outcomes if `parts`."""
        return with_parts(self.deaths, self.perpetrators.deaths) if parts else self.deaths

    def _hub_of(self, deaths: xr.DataArray) -> pd.DataFrame:
        return hub_samples(deaths, as_of=self.clock.as_of, scenario=self.scenario.id, counts=self.counts)

    @checked
    def save(self, path: str | Path, *, form: Form = "long", parts: bool = False) -> Path:
        """Write the draws by the suffix of the path: .parquet, .csv or .nc.

        Parquet and netCDF carry version, seed, scenario, fit and the SHA-256 of every input as their attributes.

        Parameters
        ----------
        path : path
        form : {"long", "hub"}
            Columns of Parquet and CSV: `to_frame` or `to_hub`.
        parts : bool
            Whether deaths of civilians also stand there by who kills.

        Raises
        ------
        InputError
            If the suffix is none of these.
        """
        table = self._hub_of if form == "hub" else long_form
        return save_draws(self.deaths_by(parts), path, form, table, label=label_of_draws(self))

    def what_if(
        self,
        settings: Mapping[str, Mapping[str, Any] | str] | None = None,
        *,
        without_claims: Collection[str] = (),
        without_sources: Collection[str] = (),
        name: str = "what if",
        **drivers: Mapping[str, Any] | str,
    ) -> "Comparison":
        """Return this run with some assumptions changed, held against the run itself, draw by draw.

        No fit and no reading: the same posterior draws and the same noise are simulated again.

        Parameters
        ----------
        settings : mapping of driver id to state or mapping, optional
            What a scenario may say of a driver (`state, branch, onset_month, ramp_months, half_life_months, strength`),
            and of its prior `probability` (that it happens at all, 0 to 1) and `ratio` (low and high end of the 80 %
            interval of the rate ratio at its peak). A word alone is a state.
        without_claims, without_sources : collection of str
            Left out as if they had never been read.
        name : str
            What the changed run is called in the comparison.
        **drivers
            The same as `settings`, with underscores for hyphens: ``peace_accord="absent"``.

        Returns
        -------
        Comparison
            ``forecasts[name]`` is the changed run.

        Raises
        ------
        InputError
            If a driver, claim or source does not exist, a setting makes no sense, or a prior is changed of drivers that
            were learnt from months after the exit, which needs another fit.
        """
        from .what_if import what_if

        asked = {**(settings or {}), **drivers}
        return what_if(self, asked, without_claims=without_claims, without_sources=without_sources, name=name)

    def neighbours_held(self) -> "Comparison":
        """Return this run held against the same futures in which what crosses borders stays as it is at the start.

        Units remember their own deaths as they come, so what neighbours' violence brings about later is in it too.

        Returns
        -------
        Comparison
            Of the run against ``"neighbours held"``: a ratio above one says by how much a unit's deaths depend on what
            its neighbours' violence does after `as_of`, drivers there included.
        """
        from .forecasting import forecast_on

        if self.counts == "plausible":
            raise InputError("Deaths are simulated as reported: ask the run of reported ones.")
        held = forecast_on(self.ground, self.asked, priors=self.ground.priors, hold_neighbours=True)
        return Comparison.of({self.scenario.id: self, NEIGHBOURS_HELD: held})

    @property
    def plot(self) -> ForecastPlots:
        """Figures of this forecast: `run.plot.fan("BFA")`.

        Raises
        ------
        InputError
            If the deaths are plausible ones: figures show the record beside them, which is of reported deaths.
        """
        if self.counts == "plausible":
            raise InputError(
                "Figures hold futures against the record, which counts reported deaths, so there are none of plausible "
                "deaths. Use totals(), summary(), exceedance() or save() of the plausible run."
            )
        return ForecastPlots(self)

    def __repr__(self) -> str:
        sizes = self.deaths.sizes
        months = self.deaths["month"].values
        return (
            f"Forecast({self.scenario.id}, as of {self.clock.as_of}, {months[0]} to {months[-1]}, "
            f"{sizes['draw']:,} futures of {sizes['country']} {self._units_are()} x {sizes['outcome']} outcomes"
            f"{', plausible deaths' if self.counts == 'plausible' else ''})"
        )

    @tells(lambda self: self.words)
    def _units_are(self) -> str:
        return unit_noun().plural

    @tells(lambda self: self.words)
    def _repr_html_(self) -> str:
        headline = self.case.headline
        table = self.totals().query("outcome == @headline", local_dict={"headline": headline})
        shown = table.assign(country=table["country"].map(country_name)).set_index("country")
        shown = shown[["median", "q10", "q90", "mean"]]
        period = first_months_words(self.months[:12])
        caption = f"{outcome_name(headline)}: {period}, {translate(self.scenario.title)}"
        return f"<p>{self!r}</p>" + shown.style.set_caption(caption).format(sensible).to_html()


@dataclass(frozen=True)
class Comparison:
    """Scenarios paired on the same futures; every other scenario is held against the last one named.

    Attributes
    ----------
    forecasts : dict of str to Forecast
        In the order asked for.
    table : DataFrame
        Columns scenario, against, country, outcome, window, difference_mean, difference_q05, difference_median,
        difference_q95 (deaths per month), ratio (of expected deaths), ratio_q05, ratio_median, ratio_q95 (within each
        future), probability_more.
    """

    forecasts: dict[str, Forecast]
    table: pd.DataFrame

    @classmethod
    def of(cls, forecasts: dict[str, Forecast]) -> "Comparison":
        """Pair forecasts that were made with the same seed, draws and months."""
        *others, against = forecasts
        windows = forecasts[against].windows()
        kinds = {run.counts for run in forecasts.values()}
        if len(kinds) > 1:
            raise InputError(
                "One run counts reported deaths and another plausible ones. Compare reported with reported, or call "
                "plausible() on each of them first."
            )
        tables = [
            compare_paths(forecasts[name].deaths, forecasts[against].deaths, windows).assign(
                scenario=name, against=against
            )
            for name in others
        ]
        return cls(forecasts, pd.concat(tables, ignore_index=True))

    def people(self) -> dict[str, pd.DataFrame]:
        """Return what follows from deaths in each scenario, by what it is: the forecasts' own tables under one another.

        Returns
        -------
        dict of str to DataFrame
            `perpetrators`, `flows`, `displaced` and `breaks`, as far as the case names their tables, each with a
            column `scenario` first.
        """
        return people_side_by_side(self.forecasts)

    @property
    def inputs(self) -> dict[str, str]:
        """SHA-256 of every file that was read, by path, as it was then."""
        return {path: digest for run in self.forecasts.values() for path, digest in run.inputs.items()}

    @property
    def provisional_months(self) -> tuple[str, ...]:
        """Months of the record that rest on candidate events and will still be revised."""
        return next(iter(self.forecasts.values())).provisional_months

    def __repr__(self) -> str:
        return f"Comparison({' against '.join(self.forecasts)})"

    def __getitem__(self, scenario: str) -> Forecast:
        """Return one of the forecasts by its scenario's id."""
        return self.forecasts[scenario]

    @tells(lambda self: next(iter(self.forecasts.values())).words)
    def _repr_html_(self) -> str:
        headline = next(iter(self.forecasts.values())).case.headline
        table = self.table.query("outcome == @headline", local_dict={"headline": headline})
        shown = table.assign(country=table["country"].map(country_name), window=table["window"].map(horizon_words))
        numbers = ["difference_q05", "difference_median", "difference_q95", "ratio", "probability_more"]
        shown = shown.set_index(["scenario", "window", "country"])[numbers]
        caption = f"{outcome_name(headline)}, {phrase('figures.deaths_per_month')}"
        return f"<p>{self!r}</p>" + shown.style.set_caption(caption).format(lambda v: decimal(v, 2)).to_html()
