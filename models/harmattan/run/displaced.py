"""`run.displaced`: people displaced inside their country, on the futures of a run, at the end of each year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import xarray as xr

from ..case.opening import Case
from ..core.errors import InputError
from ..core.language import country_name, decimal, phrase, whole
from ..core.names import DISPLACED_PEOPLE
from ..core.progress import Steps
from ..core.resources import display_path, fingerprints
from ..core.telling import CaseWords, tells
from ..follow.displaced import follow, learn
from ..panel.displaced import load_displaced
from ..panel.flows import last_whole_year, yearly
from ..schema.case import CASE_FILE
from ..tasks.carrying import carry_out
from ..tasks.results import usual_folder
from ..tasks.task import Task
from .draw_files import Form, save_years
from .export import Origin, hub_years, origin_of
from .following import chances_row, deaths_ahead, score_words

if TYPE_CHECKING:
    from .results import Forecast

JUDGED, MODEL = "2019-2024", "stock"
"""Window and model of the scores by which it was decided that the model is shown."""

SCORES = "displaced.csv"
"""In the case's scorecard; `benchmarks/displaced.py` says how it was made, and declares the test."""


@dataclass(frozen=True)
class Displaced:
    """People displaced inside each country at the end of each year, in each future.

    Attributes
    ----------
    people : DataArray (draw, year, country)
        On the same draws as the run's deaths. Units without two counts are left out.
    record : DataArray (year, country)
        What IDMC has counted, of the years that were over; NaN where nobody counted.
    scores : DataFrame or None
        What such forecasts earned on past years; None where a case keeps no scores of them.
    words : CaseWords
    origin : Origin
        Which run the draws are from.
    told : tuple of int
        Numbers of people whose chance of being passed is told.
    inputs : mapping of path to SHA-256
    """

    people: xr.DataArray
    record: xr.DataArray
    scores: pd.DataFrame | None
    words: CaseWords = field(repr=False)
    origin: Origin = field(repr=False)
    told: tuple[int, ...] = DISPLACED_PEOPLE
    inputs: Mapping[str, str] = field(default_factory=dict, repr=False)

    def table(self, *, people: Sequence[int] | None = None) -> pd.DataFrame:
        """Return the displaced by country and year: quantiles, and the chance that there are more than so many.

        Returns
        -------
        DataFrame
            Columns country, last_counted (people), counted_in (year), year, q05 ... q95 (people), more_than_N (chance)
            for each number.
        """
        rows = []
        for name in self.people["country"].values:
            counted = self.record.sel(country=name).dropna("year").isel(year=-1)
            told = {"country": str(name), "last_counted": float(counted), "counted_in": int(counted["year"])}
            for drawn in self.people.sel(country=name).transpose("year", "draw"):
                rows.append(told | {"year": int(drawn["year"])} | chances_row(drawn, people or self.told))
        return pd.DataFrame(rows)

    def to_frame(self) -> pd.DataFrame:
        """Return the draws in long form: columns country, year, draw, value (people)."""
        return self.people.rename("value").to_dataframe().reset_index()

    def to_hub(self) -> pd.DataFrame:
        """Return the draws as a hubverse table of samples by year."""
        return hub_years({"displaced people": self.people}, self.origin)

    def save(self, path: str | Path, *, form: Form = "long") -> Path:
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
        table = self.to_hub if form == "hub" else self.to_frame
        return save_years(table, self.people.to_dataset(name="people"), path, self.origin.label)

    def verdict(self) -> str:
        """Return in a sentence what such forecasts earned on past years, by the test that was declared beforehand."""
        return score_words(self.scores, JUDGED, MODEL, "the stock of displaced people", "last year's")

    def __repr__(self) -> str:
        sizes, years = self.people.sizes, self.people["year"].values
        return f"Displaced({years[0]} to {years[-1]}, {sizes['draw']:,} futures of {sizes['country']} countries)"

    @tells(lambda self: self.words)
    def _repr_html_(self) -> str:
        table = self.table()
        chances = [name for name in table if str(name).startswith("more_than")]
        shown = table.assign(country=table["country"].map(country_name)).set_index(["country", "year"])
        style = shown[["last_counted", "q10", "median", "q90", *chances]].style.format(whole)
        caption = phrase("displaced.caption")
        return f"<p>{self!r}</p>" + style.format(lambda v: decimal(v, 2), subset=chances).set_caption(caption).to_html()


def displaced_of(run: "Forecast", steps: Steps | None = None) -> Displaced:
    """Return how many are displaced inside each country on the futures of a run, at the end of each whole year.

    Raises
    ------
    InputError
        If the case names no table of displaced people, the run holds no whole year, or its deaths are plausible ones.
    """
    stock, deaths = record_of_displaced(run.case, run.panel)
    ahead = deaths_ahead(run, int(stock["year"].values[-1]))
    given = {"stock": stock, "deaths": deaths, "draws": 500, "chains": 2, "seed": 1}
    task = Task(f"learn who is displaced, to {int(stock['year'].values[-1])}", learn, given)
    learnt = carry_out("learn who is displaced", [task], keep=usual_folder(), steps=steps)[0]
    names = stock["country"].values
    past = deaths.sel(country=names).expand_dims(draw=ahead["draw"])
    future = ahead.sel(country=names, year=ahead["year"] > int(past["year"].values[-1]))
    found = follow(learnt, stock, xr.concat([past, future], "year"), run.seed)
    scores = run.case.scorecard / SCORES
    table = pd.read_csv(scores) if scores.is_file() else None
    read = [file for file in (run.case.displaced_file, scores) if file is not None and file.is_file()]
    told = run.case.definition.people.displaced
    return Displaced(found, stock, table, run.words, origin_of(run), told, fingerprints(read))


def record_of_displaced(case: Case, panel: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Return counts (year, country) and deaths (year, country) of all years that are over by the end of a record.

    Raises
    ------
    InputError
        If the case names no table of displaced people, or it has too few counts.
    """
    last = last_whole_year(str(panel["month"].values[-1]))
    stock = load_displaced(displaced_file(case), case.units, last)
    deaths = yearly(panel.sum("outcome", skipna=False).reset_coords(drop=True)).sel(year=slice(None, last))
    return stock, deaths


def displaced_file(case: Case) -> Path:
    """Return the case's table of displaced people, or refuse with what to do."""
    if case.displaced_file is None:
        raise InputError(
            f"{display_path(case.root / CASE_FILE)}: record names no table of people displaced inside their country, "
            "so nothing is said of them. Put IDMC's counts into seeds/data and name them, as in displaced: "
            "displacement/idmc_idp_stock_country_year.csv."
        )
    return case.displaced_file
