"""All scenarios side by side: the same record, fit and luck, only the assumptions differ."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from ..claims.register import load_register
from ..core.files import file_in_place
from ..core.progress import Steps
from ..drivers.assumptions import probability_of
from ..drivers.graph import driver_graph
from ..panel.ucdp import provisional_months
from ..risk.comparison import ratio_interval
from ..risk.measures import months_held
from ..schema.scenario import Asked
from .asking import Ask
from .forecasting import Ground, forecast_on, ground_of, prepare
from .pairing import check_pairing
from .results import Forecast

INTERVALS = {
    "median": 0.5,
    "lower_50": 0.25,
    "upper_50": 0.75,
    "lower_80": 0.1,
    "upper_80": 0.9,
    "lower_95": 0.025,
    "upper_95": 0.975,
}
"""Ends of the 50, 80 and 95 % intervals, and the median."""


@dataclass(frozen=True)
class Overview:
    """Scenarios side by side.

    Attributes
    ----------
    table : DataFrame
        Columns scenario, title, probability (that the drivers it sets go this way, by the claims and arrows; empty
        where it sets none or is a world without the exit), region, window, months (after the exit, as the run holds
        them), first_month, last_month, mean, median, lower_50, upper_50,
        lower_80, upper_80, lower_95, upper_95 (deaths per month), ratio (of expected deaths, against the reference),
        ratio_q05, ratio_median, ratio_q95 (within each future, see `risk.comparison.paired_ratio`),
        probability_more (share of futures with more deaths than in the reference; ties count half).
    against : str
        Id of the reference.
    outcome, as_of : str
    draws, seed : int
    inputs : mapping of path to SHA-256
        Of every file that was read, as it was then.
    provisional_months : tuple of str
        Months of the record that rest on candidate events and will still be revised.
    """

    table: pd.DataFrame
    against: str
    outcome: str
    as_of: str
    draws: int
    seed: int
    inputs: Mapping[str, str] = field(default_factory=dict, repr=False)
    provisional_months: tuple[str, ...] = ()

    def save(self, path: str | Path) -> Path:
        """Write the table as CSV."""
        target = Path(path)
        with file_in_place(target) as temporary:
            self.table.to_csv(temporary, index=False)
        return target

    def __repr__(self) -> str:
        count = self.table["scenario"].nunique()
        return f"Overview({count} scenarios against {self.against}, {self.outcome}, as of {self.as_of})"

    def _repr_html_(self) -> str:
        return f"<p>{self!r}</p>" + self.table.round(2).to_html(index=False)


def overview_of(
    scenarios: Sequence[Asked],
    against: Asked,
    *,
    ask: Ask,
    outcome: str,
    steps: Steps | None = None,
) -> Overview:
    """Return deaths in each of the case's groups of units under each scenario, at each horizon.

    Only one scenario's futures are held in memory at a time.

    Parameters
    ----------
    scenarios : sequence of Asked
    against : Asked
        What each is held against.
    ask : Ask
    outcome : str
    steps : Steps, optional

    Raises
    ------
    InputError
        If the scenarios do not share `as_of`, exit, months and horizons.
    """
    check_pairing([against, *scenarios])
    register = load_register()
    grounds: dict[Hashable, Ground] = {}

    def simulated(asked: Asked) -> Forecast:
        shared = ground_of(asked)
        if shared not in grounds:
            grounds[shared] = prepare(asked, ask, steps=steps, register=register)
        return forecast_on(grounds[shared], asked, steps=steps)

    reference = simulated(against)
    windows = reference.windows()
    there = _monthly(reference, outcome, windows)
    del reference
    graph = driver_graph(register.drivers, next(iter(grounds.values())).priors)
    rows: list[dict] = []
    groups = register.case.groups
    clock = against.clock
    for asked in scenarios:
        scenario, here = asked.scenario, there if asked == against else _monthly(simulated(asked), outcome, windows)
        likely = probability_of(graph, scenario)
        for row in _rows(groups, here, there, windows, clock.exit):
            rows.append({"scenario": scenario.id, "title": scenario.title, "probability": likely} | row)
    ground = next(iter(grounds.values()))
    read = [ground.inputs, *(one.scenario.inputs for one in (against, *scenarios))]
    inputs = {path: digest for some in read for path, digest in some.items()}
    provisional = provisional_months(ground.panel)
    told = pd.DataFrame(rows), against.scenario.id, outcome, clock.as_of
    return Overview(*told, ask.draws, ask.seed, inputs, provisional)


def _monthly(forecast: Forecast, outcome: str, windows: dict[str, list[str]]) -> dict[str, xr.DataArray]:
    """Return deaths a month in each window, dims (draw, country)."""
    deaths = forecast.deaths.sel(outcome=outcome)
    return {name: deaths.sel(month=months).mean("month") for name, months in windows.items()}


def _rows(
    groups: Mapping[str, tuple[str, ...]],
    deaths: dict[str, xr.DataArray],
    reference: dict[str, xr.DataArray],
    windows: dict[str, list[str]],
    exit_month: str,
) -> list[dict]:
    rows = []
    for region, countries in groups.items():
        for window, by_country in deaths.items():
            here = by_country.sel(country=list(countries)).sum("country").values
            there = reference[window].sel(country=list(countries)).sum("country").values
            held = months_held(windows[window], exit_month)
            quantiles = np.quantile(here, list(INTERVALS.values()))
            row: dict = {"region": region, "window": window, "months": f"{held.first}-{held.last}"}
            row |= {"first_month": held.first_month, "last_month": held.last_month, "mean": here.mean()}
            row |= dict(zip(INTERVALS, quantiles, strict=True))
            row["ratio"] = here.mean() / there.mean() if there.mean() > 0 else np.nan
            row |= ratio_interval(here * len(windows[window]), there * len(windows[window]))
            row["probability_more"] = (here > there).mean() + 0.5 * (here == there).mean()
            rows.append(row)
    return rows
