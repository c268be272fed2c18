"""The numbers of figures, apart from their ink: frozen, without matplotlib, the same for page, print and exploring."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from typing import Any, ClassVar, get_args, get_type_hints

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..core.names import HEADLINE

DOTS = 50

SCHEMA = 1
"""Version of the JSON: another one where a field has gone or means something else."""

COUNTRY = "unit, by its code"
OUTCOME = "what is counted, by the name of the outcome"
SCENARIO = "scenario, by its name"


def told(about: str, **options: Any) -> Any:
    """Return a field of a figure's numbers with what it means and in which unit, as JSON says it beside them.

    Parameters
    ----------
    about : str
    **options
        Of `dataclasses.field`, such as ``default``.
    """
    return field(metadata={"about": about}, **options)


class FigureNumbers:
    """What every figure's numbers can do. Each is a frozen dataclass, and each of its fields is `told`."""

    figure: ClassVar[str]
    """What it is a figure of."""

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers as plain data, under the name of the figure."""
        return {"figure": self.figure, **asdict(self)}  # type: ignore[call-overload]

    @classmethod
    def about(cls) -> dict[str, str]:
        """Return what each field means, those of nested records after a point (``rows.low``)."""
        return dict(_meanings(cls))

    def to_json(self) -> str:
        """Return the numbers as JSON, with their meanings and the version of the form.

        The same numbers give the same text. What is no finite number is null; `stored_numbers.read_numbers` reads it.
        """
        whole = {"figure": self.figure, "schema": SCHEMA, "about": self.about(), **_plain(asdict(self))}  # type: ignore[call-overload]
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _meanings(kind: type, before: str = "") -> Iterator[tuple[str, str]]:
    hints = get_type_hints(kind)
    for one in fields(kind):
        yield before + one.name, one.metadata["about"]
        for inner in _records(hints[one.name]):
            yield from _meanings(inner, f"{before}{one.name}.")


def _records(hint: Any) -> Iterator[type]:
    """Yield the frozen records that a type holds, at any depth."""
    if is_dataclass(hint):
        yield hint  # type: ignore[misc]
    for part in get_args(hint):
        yield from _records(part)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@dataclass(frozen=True)
class DotRow:
    """One scenario's totals."""

    scenario: str = told(SCENARIO)
    dots: tuple[float, ...] = told("deaths: totals at the middles of equally probable parts, ascending, each a future")
    low: float = told("deaths: 10th percentile")
    median: float = told("deaths: median")
    high: float = told("deaths: 90th percentile")


@dataclass(frozen=True)
class DotNumbers(FigureNumbers):
    """Totals as dots to be counted, one row per scenario, each of the same number of dots."""

    figure: ClassVar[str] = "dots"
    country: str = told(COUNTRY)
    outcome: str = told(OUTCOME)
    rows: tuple[DotRow, ...] = told("a row per scenario")
    mark: float | None = told("deaths: a line, what was observed or a threshold; null for none", default=None)


@dataclass(frozen=True)
class LadderStep:
    """Chance that a total passes a threshold, for one unit and scenario."""

    country: str = told(COUNTRY)
    scenario: str = told(SCENARIO)
    threshold: float = told("deaths")
    probability: float = told("chance of more deaths than the threshold, 0 to 1")


@dataclass(frozen=True)
class LadderNumbers(FigureNumbers):
    """Chances of passing thresholds, unit after unit, scenario after scenario."""

    figure: ClassVar[str] = "ladder"
    outcome: str = told(OUTCOME)
    steps: tuple[LadderStep, ...] = told("a bar each: unit after unit, scenario after scenario")

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
    """Values of units with the class that shades each."""

    figure: ClassVar[str] = "map"
    kind: str = told("probability (0 to 1) or count")
    limits: tuple[float, ...] = told("upper limits of all classes but the last")
    values: tuple[tuple[str, float], ...] = told("unit, by its code, and finite value")
    classes: tuple[int, ...] = told("class of each value, 0 the lowest; a value on a limit is in the class above it")


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
