"""The numbers of figures, apart from their ink: frozen, without matplotlib, the same for page, print and exploring."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..core.names import HEADLINE

DOTS = 50


class FigureNumbers:
    """What every figure's numbers can do."""

    figure: ClassVar[str]
    """What it is a figure of."""

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers as plain data, under the name of the figure."""
        return {"figure": self.figure, **asdict(self)}  # type: ignore[call-overload]

    def to_json(self) -> str:
        """Return the numbers as JSON; the same numbers give the same text."""
        return json.dumps(self.as_dict(), ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class DotRow:
    """One scenario's totals.

    Attributes
    ----------
    scenario : str
    dots : tuple of float
        Totals at equally probable places, ascending: the middles of so many equal parts, each the total of a future.
    low, median, high : float
        10th, 50th and 90th percentile.
    """

    scenario: str
    dots: tuple[float, ...]
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class DotNumbers(FigureNumbers):
    """Totals as dots to be counted, one row per scenario.

    Attributes
    ----------
    country, outcome : str
    rows : tuple of DotRow
        Each of the same number of dots.
    mark : float or None
        A total to draw as a line: what was observed, or a threshold.
    """

    figure: ClassVar[str] = "dots"
    country: str
    outcome: str
    rows: tuple[DotRow, ...]
    mark: float | None = None


@dataclass(frozen=True)
class LadderStep:
    """Chance (0 to 1) that a total passes a threshold, for one unit and scenario."""

    country: str
    scenario: str
    threshold: float
    probability: float


@dataclass(frozen=True)
class LadderNumbers(FigureNumbers):
    """Chances of passing thresholds, unit after unit, scenario after scenario."""

    figure: ClassVar[str] = "ladder"
    outcome: str
    steps: tuple[LadderStep, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        """Units, in the order in which they come first."""
        return tuple(dict.fromkeys(step.country for step in self.steps))

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Scenarios, in the order in which they come first."""
        return tuple(dict.fromkeys(step.scenario for step in self.steps))

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Thresholds, ascending."""
        return tuple(sorted({step.threshold for step in self.steps}))

    def chance(self, country: str, scenario: str, threshold: float) -> float | None:
        """Return one chance; None where it is not told."""
        asked = (country, scenario, threshold)
        found = (step.probability for step in self.steps if (step.country, step.scenario, step.threshold) == asked)
        return next(found, None)


@dataclass(frozen=True)
class MapNumbers(FigureNumbers):
    """Values of units with the class that shades each.

    Attributes
    ----------
    kind : {"probability", "count"}
    limits : tuple of float
        Upper limits of all classes but the last.
    values : tuple of (str, float)
        Unit and finite value.
    classes : tuple of int
        Class of each value, 0 being the lowest; a value on a limit belongs to the class above it.
    """

    figure: ClassVar[str] = "map"
    kind: str
    limits: tuple[float, ...]
    values: tuple[tuple[str, float], ...]
    classes: tuple[int, ...]


def dot_numbers(
    totals: Mapping[str, ArrayLike],
    *,
    country: str,
    outcome: str = HEADLINE,
    count: int = DOTS,
    mark: float | None = None,
) -> DotNumbers:
    """Return a total's dots.

    Parameters
    ----------
    totals : mapping of str to array_like (draw,)
        Scenario to draws of the total (deaths).
    count : int
        Number of dots; each stands for one in `count` futures.
    mark : float, optional
        A total to draw as a line.
    """
    places = (np.arange(count) + 0.5) / count
    rows = []
    for scenario, draws in totals.items():
        values = np.asarray(draws, dtype=float)
        low, median, high = np.quantile(values, [0.1, 0.5, 0.9])
        dots = np.quantile(values, places, method="inverted_cdf")
        rows.append(DotRow(scenario, tuple(dots.tolist()), float(low), float(median), float(high)))
    return DotNumbers(country, outcome, tuple(rows), None if mark is None else float(mark))


def ladder_numbers(table: pd.DataFrame, *, outcome: str = HEADLINE) -> LadderNumbers:
    """Return a table's chances.

    Parameters
    ----------
    table : DataFrame
        Columns `country`, `scenario`, `threshold` (deaths) and `probability` (0 to 1).
    """
    steps = (
        LadderStep(str(row.country), str(row.scenario), float(row.threshold), float(row.probability))
        for row in table.itertuples()
    )
    return LadderNumbers(outcome, tuple(steps))


def map_numbers(values: Mapping[str, float], *, kind: str, limits: Sequence[float]) -> MapNumbers:
    """Return units with the class of each; those without a finite value are left out.

    Parameters
    ----------
    values : mapping of str to float
    kind : {"probability", "count"}
    limits : sequence of float
        Ascending.
    """
    told = tuple((unit, float(value)) for unit, value in values.items() if np.isfinite(value))
    classes = np.searchsorted(np.asarray(limits, dtype=float), [value for _, value in told], side="right")
    return MapNumbers(kind, tuple(float(limit) for limit in limits), told, tuple(int(one) for one in classes))
