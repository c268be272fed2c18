"""What a run returns: typed results that carry xarray data, print well and save themselves."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.language import country_name, decimal, outcome_name, phrase, translate
from ..core.names import HEADLINE
from ..drivers.effects import DriverDraws
from ..model.posterior import Posterior
from ..plots.numbers import horizon_words, sensible
from ..risk.comparison import compare_paths
from ..risk.measures import exceedance, first_months, horizon_months, summary_table, totals_table
from ..schema.scenario import Scenario
from ..simulate.paths import Paths
from .export import hub_samples, long_form, save_table
from .plotting import ForecastPlots


@dataclass(frozen=True)
class Forecast:
    """Joint futures under one scenario.

    Attributes
    ----------
    scenario : Scenario
        As resolved.
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
    """

    scenario: Scenario
    paths: Paths
    posterior: Posterior
    panel: xr.DataArray
    effects: xr.DataArray
    seed: int
    drivers: DriverDraws

    @property
    def deaths(self) -> xr.DataArray:
        """Simulated deaths per month, dims (draw, month, country, outcome)."""
        return self.paths.deaths

    def windows(self) -> dict[str, list[str]]:
        """Return the simulated months of each horizon, counted from the exit."""
        months = [str(month) for month in self.deaths["month"].values]
        return horizon_months(
            months, self.scenario.exit, {str(name): window for name, window in self.scenario.horizons.items()}
        )

    def summary(self) -> pd.DataFrame:
        """Return deaths per month by country, outcome and horizon: mean and quantiles."""
        return summary_table(self.deaths, self.windows())

    def totals(self, months: int = 12) -> pd.DataFrame:
        """Return the total of the first months by country and outcome: mean, quantiles and tail mean, deaths."""
        return totals_table(first_months(self.deaths, months))

    def exceedance(self, months: int = 12) -> xr.DataArray:
        """Return the probability that the total of the first months passes each threshold."""
        return exceedance(first_months(self.deaths, months))

    def to_frame(self) -> pd.DataFrame:
        """Return the draws in long form: columns country, month, outcome, draw, value (deaths per month)."""
        return long_form(self.deaths)

    def to_hub(self) -> pd.DataFrame:
        """Return the draws as a hubverse table of samples; see `run.export.hub_samples`."""
        return hub_samples(self.deaths, as_of=self.scenario.as_of, scenario=self.scenario.id)

    def save(self, path: str | Path, *, form: Literal["long", "hub"] = "long") -> Path:
        """Write the draws by the suffix of the path: .parquet, .csv or .nc.

        Parameters
        ----------
        path : path
        form : {"long", "hub"}
            Columns of Parquet and CSV: `to_frame` or `to_hub`.

        Raises
        ------
        InputError
            If the suffix is none of these.
        """
        return save_table(self.to_hub if form == "hub" else self.to_frame, self.deaths, path)

    @property
    def plot(self) -> ForecastPlots:
        """Figures of this forecast: `run.plot.fan("BFA")`."""
        return ForecastPlots(self)

    def __repr__(self) -> str:
        sizes = self.deaths.sizes
        months = self.deaths["month"].values
        return (
            f"Forecast({self.scenario.id}, as of {self.scenario.as_of}, {months[0]} to {months[-1]}, "
            f"{sizes['draw']:,} futures of {sizes['country']} countries x {sizes['outcome']} outcomes)"
        )

    def _repr_html_(self) -> str:
        table = self.totals().query("outcome == @HEADLINE", local_dict={"HEADLINE": HEADLINE})
        shown = table.assign(country=table["country"].map(country_name)).set_index("country")
        shown = shown[["median", "q10", "q90", "mean"]]
        caption = f"{outcome_name(HEADLINE)}: {phrase('figures.first_year')}, {translate(self.scenario.title)}"
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
        difference_q95 (deaths per month), ratio (of expected deaths), probability_more.
    """

    forecasts: dict[str, Forecast]
    table: pd.DataFrame

    @classmethod
    def of(cls, forecasts: dict[str, Forecast]) -> "Comparison":
        """Pair forecasts that were made with the same seed, draws and months."""
        *others, against = forecasts
        windows = forecasts[against].windows()
        if not windows:
            raise InputError(
                f"No simulated month lies in a horizon of {against}: simulate more months or set horizons."
            )
        tables = [
            compare_paths(forecasts[name].deaths, forecasts[against].deaths, windows).assign(
                scenario=name, against=against
            )
            for name in others
        ]
        return cls(forecasts, pd.concat(tables, ignore_index=True))

    def __repr__(self) -> str:
        return f"Comparison({' against '.join(self.forecasts)})"

    def __getitem__(self, scenario: str) -> Forecast:
        """Return one of the forecasts by its scenario's id."""
        return self.forecasts[scenario]

    def _repr_html_(self) -> str:
        table = self.table.query("outcome == @HEADLINE", local_dict={"HEADLINE": HEADLINE})
        shown = table.assign(country=table["country"].map(country_name), window=table["window"].map(horizon_words))
        numbers = ["difference_q05", "difference_median", "difference_q95", "ratio", "probability_more"]
        shown = shown.set_index(["scenario", "window", "country"])[numbers]
        caption = f"{outcome_name(HEADLINE)}, {phrase('figures.deaths_per_month')}"
        return f"<p>{self!r}</p>" + shown.style.set_caption(caption).format(lambda v: decimal(v, 2)).to_html()
