"""What changed since an earlier run: its parts, what each did to the answers, and what came of the earlier forecast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ..case.opening import Case
from ..core.arguments import checked
from ..core.errors import InputError
from ..core.files import file_in_place
from ..core.language import country_name, decimal, translate
from ..core.months import months_after
from ..core.smallest_change import SmallestChange
from ..core.telling import CaseWords, tells
from ..schema.clock import Clock
from ..schema.scenario import Scenario
from .earlier import EarlierRun

PROGRAM, REVISED, MOVED_ON = "program and sampler", "revised months", "later months asked about"
NEW_MONTHS, ASSUMED = "new months", "claims and assumptions"
PARTS = (PROGRAM, REVISED, MOVED_ON, NEW_MONTHS, ASSUMED)
"""What may change an answer, in the order in which it is replaced."""
WHOLE = "whole change"
TOGETHER = "changes that cannot be told apart"
SURE = 1.645
"""Standard errors to each side of an interval of 90 in 100."""


@dataclass(frozen=True)
class Since:
    """How the answers under a scenario have changed since an earlier run.

    Attributes
    ----------
    scenario : Scenario
        As it is now.
    case : Case
    clock : Clock
        Of the run of now.
    earlier : EarlierRun
    parts : DataFrame
        By country and part, the whole last: chance (change of the chance of passing the threshold, -1 to 1) and deaths
        (change of the expected total), each with `_error`, the standard error that comes from the number of draws, and
        `_then` and `_now`, the answers before and after that part. Parts sum to the whole.
    came : DataFrame
        Of the earlier forecast's months that are on record by now: country, months, expected, q10, q90, recorded
        (deaths in all of them); empty where there are none.
    changed : mapping of part to tuple of str
        Files that differ.
    untold : tuple of str
        Parts that cannot be told apart, so that they stand as one; empty where all can.
    why : str
        Why they cannot.
    draws, seed : int
    provisional_months : tuple of str
        Months of the record of now that rest on candidate events and will still be revised.
    """

    scenario: Scenario
    case: Case = field(repr=False)
    clock: Clock
    earlier: EarlierRun = field(repr=False)
    parts: pd.DataFrame = field(repr=False)
    came: pd.DataFrame = field(repr=False)
    changed: Mapping[str, tuple[str, ...]]
    untold: tuple[str, ...]
    why: str
    draws: int
    seed: int
    provisional_months: tuple[str, ...] = ()

    @property
    def smallest(self) -> SmallestChange:
        """What a change must exceed to be called better or worse."""
        return self.case.smallest_change

    @property
    def outcome(self) -> str:
        """Of which deaths the answers are."""
        return str(self.earlier.answer["outcome"])

    @property
    def threshold(self) -> float:
        """Deaths that may be passed: the question of the earlier run."""
        return float(self.earlier.answer["threshold"])

    @property
    def months(self) -> tuple[list[str], list[str]]:
        """The months that were asked about then, and those of now."""
        count = self.earlier.answer["months"]
        return months_after(self.earlier.clock.as_of, count), months_after(self.clock.as_of, count)

    @property
    def words(self) -> CaseWords:
        """What sentences about it take from its case."""
        return self.case.words

    def to_frame(self) -> pd.DataFrame:
        """Return `parts` with, for chance and deaths, a verdict and how surely it holds.

        Columns `chance_verdict` and `deaths_verdict` are better, unchanged or worse by the case's smallest change that
        matters; `chance_standing` and `deaths_standing` say of an interval of 90 in 100 of the draws' error whether it
        lies above that change, inside of it, or whether it is undecided.
        """
        rows = [self._judged(row) for row in self.parts.to_dict("records")]
        return pd.DataFrame(rows, columns=[*self.parts.columns, *_VERDICTS])

    def _judged(self, row: Mapping[Any, Any]) -> dict[str, Any]:
        small, then = self.smallest, max(row["deaths_then"], 1e-9)
        low, high = (row["chance"] + sign * SURE * row["chance_error"] for sign in (-1, 1))
        least, most = (1 + (row["deaths"] + sign * SURE * row["deaths_error"]) / then for sign in (-1, 1))
        few = abs(row["deaths"]) + SURE * row["deaths_error"] < 1.0
        return {
            **row,
            "chance_verdict": small.of_chance(row["chance_then"], row["chance_now"]),
            "chance_standing": small.standing_of_chance(low, high),
            "deaths_verdict": small.of_deaths(row["deaths_then"], row["deaths_now"]),
            "deaths_standing": "inside" if few else small.standing_of_ratio(least, most),
        }

    @checked
    def save(self, path: str | Path) -> Path:
        """Write `to_frame` as CSV.

        Raises
        ------
        InputError
            If the path does not end in .csv.
        """
        target = Path(path)
        if target.suffix != ".csv":
            raise InputError(f"{target.name}: what changed is written as a .csv file.")
        with file_in_place(target) as temporary:
            self.to_frame().to_csv(temporary, index=False, lineterminator="\n")
        return target

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        then, now = self.months
        return {
            "scenario": self.scenario.id,
            "outcome": self.outcome,
            "threshold": self.threshold,
            "smallest_change": {"deaths": self.smallest.share, "chance": self.smallest.chance},
            "then": {"as_of": self.earlier.clock.as_of, "first_month": then[0], "last_month": then[-1]}
            | {"draws": self.earlier.draws, "seed": self.earlier.seed, "harmattan": self.earlier.harmattan},
            "now": {"as_of": self.clock.as_of, "first_month": now[0], "last_month": now[-1]}
            | {"draws": self.draws, "seed": self.seed},
            "order": list(PARTS),
            "parts": self.to_frame().to_dict("records"),
            "came": self.came.to_dict("records"),
            "changed": {part: list(files) for part, files in self.changed.items()},
            "untold": list(self.untold),
            "why": self.why,
        }

    def __repr__(self) -> str:
        parts = self.parts["part"].nunique() - 1
        return f"Since({self.scenario.id}, {self.earlier.clock.as_of} to {self.clock.as_of}, {parts} parts)"

    @tells(lambda self: self.words)
    def _repr_html_(self) -> str:
        frame = self.to_frame()
        shown = frame.assign(country=frame["country"].map(country_name), part=frame["part"].map(translate))
        shown = shown.set_index(["country", "part"])[["chance_then", "chance_now", "chance", "deaths", "deaths_error"]]
        return f"<p>{self!r}</p>" + shown.style.format(lambda value: decimal(value, 2)).to_html()


_VERDICTS = ("chance_verdict", "chance_standing", "deaths_verdict", "deaths_standing")


def parts_table(
    answer: Mapping[str, Any], units: Sequence[str], stages: Sequence[tuple[str, np.ndarray]], *, exact: bool
) -> pd.DataFrame:
    """Return what each part changed, by unit, and the whole.

    Parameters
    ----------
    answer : mapping
        Of the earlier run (`headline_of`).
    units : sequence of str
    stages : sequence of (str, array)
        Each part and the totals after it, shape (draw, unit), deaths; the last are those of now.
    exact : bool
        Whether the first stage has the seed and the draws of the earlier run, so that equal answers are the same draws.

    Returns
    -------
    DataFrame
        As `Since.parts`.
    """
    then = pd.DataFrame(answer["units"]).T.loc[list(units)]
    first, last = stages[0][1], stages[-1][1]
    begun = _Answers.said(then)
    same = exact and np.array_equal(begun.levels, _Answers.of(first, answer["threshold"]).levels)
    rows, before, earlier = [], begun, first if same else None
    for part, totals in stages:
        after = _Answers.of(totals, answer["threshold"])
        rows += _rows(part, units, before, after, _errors(earlier, totals, before, after, answer["threshold"]))
        before, earlier = after, totals
    errors = _errors(first if same else None, last, begun, before, answer["threshold"])
    rows += _rows(WHOLE, units, begun, before, errors)
    table = pd.DataFrame(rows)
    order = {unit: number for number, unit in enumerate(units)}
    return table.sort_values("country", key=lambda column: column.map(order), kind="stable").reset_index(drop=True)


@dataclass(frozen=True)
class _Answers:
    """Chances and expected deaths, shape (2, unit), and their standard errors."""

    levels: np.ndarray
    errors: np.ndarray

    @classmethod
    def of(cls, totals: np.ndarray, threshold: float) -> "_Answers":
        both = np.stack([totals > threshold, totals])
        return cls(both.mean(axis=1), both.std(axis=1) / np.sqrt(len(totals)))

    @classmethod
    def said(cls, then: pd.DataFrame) -> "_Answers":
        levels, errors = (then[[f"chance{end}", f"expected{end}"]].to_numpy().T for end in ("", "_error"))
        return cls(levels, errors)


def _errors(
    earlier: np.ndarray | None, totals: np.ndarray, before: _Answers, after: _Answers, threshold: float
) -> np.ndarray:
    """Return standard errors of a change, shape (2, unit): of paired futures where both are at hand."""
    if earlier is None:
        return np.sqrt(before.errors**2 + after.errors**2)
    changes = np.stack([(totals > threshold) * 1.0 - (earlier > threshold), totals - earlier])
    return changes.std(axis=1) / np.sqrt(len(totals))


def _rows(
    part: str, units: Sequence[str], before: _Answers, after: _Answers, errors: np.ndarray
) -> list[dict[str, Any]]:
    change = after.levels - before.levels
    return [
        {
            "country": unit, "part": part,
            "chance": change[0, i], "chance_error": errors[0, i],
            "chance_then": before.levels[0, i], "chance_now": after.levels[0, i],
            "deaths": change[1, i], "deaths_error": errors[1, i],
            "deaths_then": before.levels[1, i], "deaths_now": after.levels[1, i],
        }
        for i, unit in enumerate(units)
    ]  # fmt: skip


def came_table(totals: np.ndarray, units: Sequence[str], recorded: xr.DataArray, months: int) -> pd.DataFrame:
    """Return what came of a forecast's months: totals (draw, unit) beside those of the record (month, country)."""
    low, high = np.quantile(totals, (0.1, 0.9), axis=0)
    columns = {"country": list(units), "months": months, "expected": totals.mean(axis=0), "q10": low, "q90": high}
    return pd.DataFrame(columns | {"recorded": recorded.sum("month").sel(country=list(units)).values})
