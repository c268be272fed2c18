"""`run.breaks`: things that may break, on the futures of a run, year by year, each with its base rate and its score."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from ..case.opening import Case
from ..core.language import country_name, in_this_language, per_cent, phrase
from ..core.telling import CaseWords, tells
from ..risk.measures import happened_by
from .break_words import Shown, kind_values, missing_words, verdict_words
from .draw_files import Form, save_years
from .export import Origin, hub_years

ANY = "any"
"""Unit that stands for at least one of the watched ones."""


@dataclass(frozen=True)
class Break:
    """One kind of thing that may break, in each future.

    Attributes
    ----------
    id : str
        Of its sub-model.
    happens : DataArray (draw, year, country) of bool
        Whether it happens in the months ahead of each year; of an accord, whether it has ended by the year's end.
        On the same draws as the run's deaths.
    base_rate : DataArray (year, country)
        Chance of the same by the simple rule that it is held against.
    shown : {"model", "by history", "curve", "ended"}
        What `happens` rests on: the model, or the simple rule where the model has not been shown to be better, or the
        curve of accords like it, or a dated event.
    amount : DataArray (draw, year, country) or None
        How often it happens; None where that is not told.
    """

    id: str
    happens: xr.DataArray
    base_rate: xr.DataArray
    shown: Shown
    amount: xr.DataArray | None = None


@dataclass(frozen=True)
class Breaks:
    """Things that may break, in each future and year.

    Attributes
    ----------
    parts : mapping of str to Break
    months : dict of int to int
        How many months of each year lie ahead.
    missing : tuple of str
        Sub-models of which the case names no table, or none that was known by then.
    scores : DataFrame or None
        What such forecasts earned on past years; None where a case keeps no scores of them.
    relations : DataFrame
        Columns driver, branch, event, kind (of `parts`), chance (that the driver goes this way in the run): drivers
        that a dated event of the same kind settles or moves. They reach the parts through deaths alone.
    case : Case
    words : CaseWords
    origin : Origin
        Which run the draws are from.
    inputs : mapping of path to SHA-256
    """

    parts: Mapping[str, Break]
    months: Mapping[int, int]
    missing: tuple[str, ...]
    scores: pd.DataFrame | None
    relations: pd.DataFrame
    case: Case = field(repr=False)
    words: CaseWords = field(repr=False)
    origin: Origin = field(repr=False)
    inputs: Mapping[str, str] = field(default_factory=dict, repr=False)

    def table(self) -> pd.DataFrame:
        """Return the chance of each thing by unit and year.

        Returns
        -------
        DataFrame
            Columns kind, country (`any` = at least one of the watched units), year, months (ahead in that year),
            chance, by_then (that it has happened in this or an earlier year of the run), base_rate, shown, and q10,
            median, q90 of how often it happens, where that is told.
        """
        rows = []
        for part in self.parts.values():
            by_then = happened_by(part.happens)
            for unit in part.happens["country"].values:
                for year in part.happens["year"].values:
                    at = {"country": unit, "year": year}
                    told = {"kind": part.id, "country": str(unit), "year": int(year), "months": self.months[int(year)]}
                    told |= {"chance": float(part.happens.sel(at).mean()), "by_then": float(by_then.sel(at).mean())}
                    told |= {"base_rate": float(part.base_rate.sel(at)), "shown": part.shown}
                    if part.amount is not None:
                        ends = np.quantile(part.amount.sel(at).values, [0.1, 0.5, 0.9])
                        told |= dict(zip(("q10", "median", "q90"), map(float, ends), strict=True))
                    rows.append(told)
        return pd.DataFrame(rows)

    @tells(lambda self: self.words)
    def named_table(self) -> pd.DataFrame:
        """Return the same with name and place in words, in columns of these names."""
        table, values = self.table(), kind_values(self.case)
        place = table["country"].map(lambda code: phrase("breaks.any") if code == ANY else country_name(code))
        name = table["kind"].map(lambda kind: phrase(f"breaks.kinds.{kind}", **values))
        return table.assign(name=name, place=place)

    @property
    def dataset(self) -> xr.Dataset:
        """All parts as one data set, dims (draw, year, country); NaN where a part does not speak of a unit."""
        found = {part.id: part.happens.astype(float) for part in self.parts.values()}
        found |= {f"{part.id}_number": part.amount for part in self.parts.values() if part.amount is not None}
        return xr.Dataset(found)

    def to_frame(self) -> pd.DataFrame:
        """Return the draws in long form: columns kind, country, year, draw, value (1 = happens, or how often)."""
        tables = []
        for name, values in self.dataset.data_vars.items():
            long = values.dropna("country", how="all").rename("value").to_dataframe().reset_index()
            tables.append(long.assign(kind=str(name)))
        return pd.concat(tables, ignore_index=True)[["kind", "country", "year", "draw", "value"]]

    def to_hub(self) -> pd.DataFrame:
        """Return the draws as a hubverse table of samples by year: 1 where it happens, or how often."""
        return hub_years({str(name): values for name, values in self.dataset.data_vars.items()}, self.origin)

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
        return save_years(table, self.dataset, path, self.origin.label)

    @tells(lambda self: self.words)
    def verdicts(self) -> dict[str, str]:
        """Return for each part in sentences what is shown, and what such forecasts earned on past years."""
        return {name: verdict_words(self.case, name, part.shown, self.scores) for name, part in self.parts.items()}

    @tells(lambda self: self.words)
    def notes(self) -> tuple[str, ...]:
        """Return what is not told, and why, and what scores do not say, a sentence each."""
        unsaid = [] if self.scores is None else [phrase("breaks.one_year")]
        return (*(missing_words(self.case, name) for name in self.missing), *unsaid)

    @property
    def reasons(self) -> pd.DataFrame:
        """What readers ask for and is not forecast: columns what and why, as the case says."""
        said = self.case.definition.not_forecast
        rows = [{"what": in_this_language(one.what), "why": in_this_language(one.why)} for one in said]
        return pd.DataFrame(rows, columns=["what", "why"])

    def __repr__(self) -> str:
        first, last = min(self.months), max(self.months)
        draws = next((part.happens.sizes["draw"] for part in self.parts.values()), 0)
        return f"Breaks({', '.join(self.parts) or 'nothing'}; {first} to {last}, {draws:,} futures)"

    @tells(lambda self: self.words)
    def _repr_html_(self) -> str:
        said = "".join(f"<p>{text}</p>" for text in (*self.verdicts().values(), *self.notes()))
        if not self.parts:
            return f"<p>{self!r}</p>{said}"
        shown = self.named_table().set_index(["name", "place", "year"])
        style = shown[["chance", "base_rate"]].style.format(per_cent).set_caption(phrase("breaks.caption"))
        return f"<p>{self!r}</p>" + style.to_html() + said
