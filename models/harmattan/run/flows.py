"""`run.flows`: people who flee from one country into a neighbouring one, on the futures of a run, by year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import xarray as xr

from ..case.opening import Case
from ..core.errors import InputError
from ..core.language import country_name, decimal, phrase, whole
from ..core.names import ALL_NEIGHBOURS, PEOPLE
from ..core.progress import Steps
from ..core.resources import display_path, fingerprints
from ..core.telling import CaseWords, tells
from ..follow.refugees import follow, learn
from ..panel.flows import Pair, last_whole_year, load_flows, yearly
from ..panel.world import neighbours_outside, record_of
from ..schema.case import CASE_FILE
from ..tasks.carrying import carry_out
from ..tasks.results import usual_folder
from ..tasks.task import Task
from .draw_files import Form, save_years
from .export import Origin, hub_years, origin_of
from .following import chances_row, deaths_ahead, score_words

if TYPE_CHECKING:
    from .results import Forecast

JUDGED, MODEL = "2015-2024", "hurdle (a)"
"""Window and model of the scores by which it was decided that the model is shown."""

SCORES = "flows.csv"
"""In the case's scorecard; `benchmarks/flows.py` says how it was made, and declares the test."""


@dataclass(frozen=True)
class Flows:
    """People newly fleeing over land borders, in each future and year.

    Attributes
    ----------
    people : DataArray (draw, year, pair)
        With the coordinates `origin` and `asylum` along pair. On the same draws as the run's deaths.
    record : DataArray (year, pair)
        What UNHCR has counted, of the years that were over.
    home : str
    scores : DataFrame or None
        What such forecasts earned on past years; None where a case keeps no scores of them.
    words : CaseWords
    origin : Origin
        Which run the draws are from.
    told : tuple of int
        Numbers of people whose chance of being passed is told.
    inputs : mapping of path to SHA-256
        The table of flows.
    """

    people: xr.DataArray
    record: xr.DataArray
    home: str
    scores: pd.DataFrame | None
    words: CaseWords = field(repr=False)
    origin: Origin = field(repr=False)
    told: tuple[int, ...] = PEOPLE
    inputs: Mapping[str, str] = field(default_factory=dict, repr=False)

    def table(self, origin: str | None = None, *, people: Sequence[int] | None = None) -> pd.DataFrame:
        """Return flows from one country by year: quantiles, and the chance that more than so many come.

        Parameters
        ----------
        origin : str, optional
            Home by default.
        people : sequence of int
            Numbers whose chance of being passed is wanted; those of the case by default.

        Returns
        -------
        DataFrame
            Columns origin, asylum (`all` is the sum over its neighbours), year, q05 ... q95 (people), any (chance that
            some come), and more_than_N (chance) for each number.

        Raises
        ------
        InputError
            If no flow from there is simulated.
        """
        origin = origin or self.home
        own = self.people.sel(pair=self.people["origin"] == origin)
        if own.sizes["pair"] == 0:
            raise InputError(f"There are no flows from {origin}: it is no unit of this case with a land border.")
        series = {str(one.item()): own.sel(pair=own["asylum"] == one).isel(pair=0) for one in own["asylum"]}
        rows = [
            {"origin": origin, "asylum": asylum, "year": int(of_year["year"]), "any": float((of_year > 0).mean())}
            | chances_row(of_year, people or self.told)
            for asylum, drawn in (series | {ALL_NEIGHBOURS: own.sum("pair")}).items()
            for of_year in drawn.transpose("year", "draw")
        ]
        return pd.DataFrame(rows)

    def to_frame(self) -> pd.DataFrame:
        """Return the draws in long form: columns origin, asylum, year, draw, value (people)."""
        return self.people.rename("value").to_dataframe().reset_index().drop(columns="pair")

    def to_hub(self) -> pd.DataFrame:
        """Return the draws as a hubverse table of samples by year; a location is ORIGIN>ASYLUM."""
        return hub_years({"new refugees": self.people}, self.origin)

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
        return score_words(self.scores, JUDGED, MODEL, "flows", "last year's flow")

    def __repr__(self) -> str:
        sizes, years = self.people.sizes, self.people["year"].values
        return f"Flows({years[0]} to {years[-1]}, {sizes['draw']:,} futures of {sizes['pair']} pairs of countries)"

    @tells(lambda self: self.words)
    def _repr_html_(self) -> str:
        table = self.table()
        names = table["asylum"].map(lambda code: phrase("flows.all") if code == ALL_NEIGHBOURS else country_name(code))
        shown = table.assign(asylum=names).set_index(["asylum", "year"])
        chances = [name for name in shown if str(name).startswith("more_than")]
        style = shown[["q10", "median", "q90", *chances]].style.format(whole)
        caption = phrase("flows.caption")
        return f"<p>{self!r}</p>" + style.format(lambda v: decimal(v, 2), subset=chances).set_caption(caption).to_html()


def flows_of(run: "Forecast", steps: Steps | None = None) -> Flows:
    """Return who flees over which border on the futures of a run, whole year by whole year.

    Learnt from flows and deaths of the years that were over by `as_of`; kept, so that it is learnt once. Years begin
    with the first that was not over, in which deaths up to `as_of` are those on record.

    Raises
    ------
    InputError
        If the case names no table of flows, the run holds no whole year, or its deaths are plausible ones.
    """
    case = run.case
    flows, deaths = record_of_flight(case, run.panel)
    last = flows.isel(year=-1)
    own = last.sel(pair=last["origin"].isin(case.units))
    ahead = deaths_ahead(run, int(last["year"]))
    given = {"flows": flows, "deaths": deaths, "draws": 500, "chains": 2, "seed": 1}
    task = Task(f"learn who flees, to {int(last['year'])}", learn, given)
    learnt = carry_out("learn who flees", [task], keep=usual_folder(), steps=steps)[0]
    scores = case.scorecard / SCORES
    table = pd.read_csv(scores) if scores.is_file() else None
    read = [file for file in (case.flows_file, scores) if file is not None and file.is_file()]
    told, found = case.definition.people.refugees, follow(learnt, own, ahead, run.seed)
    return Flows(found, flows, case.home, table, run.words, origin_of(run), told, fingerprints(read))


def record_of_flight(case: Case, panel: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Return flows (year, pair) and deaths (year, country) of all years that are over by the end of a record.

    Pairs are those with a land border of which one at least is a unit of the case. Deaths of its units are those of the
    panel, deaths of other countries those of the world's record.

    Raises
    ------
    InputError
        If the case names no table of flows, or it knows none of the pairs.
    """
    file = flows_file(case)
    last = last_whole_year(str(panel["month"].values[-1]))
    pairs = pairs_of(case)
    flows = load_flows(file, pairs, last)
    if not flows.any():
        raise InputError(
            f"{display_path(file)}: the table knows no flow between the units of this case, or to and from their "
            "neighbours. Flows are between countries, by ISO 3166 alpha-3 code."
        )
    others = tuple(sorted({code for pair in pairs for code in pair} - set(case.units)))
    inside = panel.sum("outcome", skipna=False).reset_coords(drop=True)
    around = [record_of(others).sum("outcome", skipna=False).reset_coords(drop=True)] if others else []
    deaths = yearly(xr.concat([inside, *around], "country", join="outer"))
    return flows, deaths.sel(year=slice(None, last))


def pairs_of(case: Case) -> list[Pair]:
    """Return every ordered pair of countries with a land border of which one at least is a unit of the case."""
    touching = case.geography.border_lengths() > 0
    inside = [(one, other) for one in case.units for other in case.units if touching.sel(country=one, neighbour=other)]
    across = [(one, other) for one, other in neighbours_outside(case.units)]
    return sorted([*inside, *across, *((other, one) for one, other in across)])


def flows_file(case: Case) -> Path:
    """Return the case's table of flows, or refuse with what to do."""
    if case.flows_file is None:
        raise InputError(
            f"{display_path(case.root / CASE_FILE)}: record names no table of people who flee over borders, so nothing "
            "is said of them. Put UNHCR's table of forced displacement flows into seeds/data and name it, as in flows: "
            "displacement/unhcr_new_displacement_flows.csv."
        )
    return case.flows_file
