"""Numbers of figures of chances: of what may happen, and of whether past forecasts meant theirs."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .figure_numbers import FigureNumbers, told

GRID = np.linspace(0.02, 0.98, 49)
"""Places between 0 and 1 at which transforms are counted."""


@dataclass(frozen=True)
class Chance:
    """Chance of one thing."""

    group: str = told("heading it stands under, in words of the brief's language")
    label: str = told("what may happen, in words of the brief's language")
    first: float = told("chance in the first scenario, 0 to 1")
    second: float | None = told("chance in the second scenario, 0 to 1; null for none")
    base_rate: float | None = told("how often it was so before, 0 to 1; null where not known")


@dataclass(frozen=True)
class ChanceNumbers(FigureNumbers):
    """Chances of several things, in groups."""

    figure: ClassVar[str] = "chances"
    scenarios: tuple[str, ...] = told("first scenario and second, in words of the brief's language")
    rows: tuple[Chance, ...] = told("a row per chance, those of a group one after the other")


def chance_numbers(table: pd.DataFrame, *, names: tuple[str, ...]) -> ChanceNumbers:
    """Return the chances of a table. Parameters are those of `plots.chances`."""
    rows = (
        Chance(str(row.group), str(row.label), float(row.first), _known(row.second), _known(row.base_rate))
        for row in table.itertuples()
    )
    return ChanceNumbers(tuple(names), tuple(rows))


def _known(value: object) -> float | None:
    number = float("nan") if value is None else float(str(value))
    return None if np.isnan(number) else number


@dataclass(frozen=True)
class Coverage:
    """How many observations intervals of one size held."""

    nominal: float = told("share that intervals are meant to hold, 0 to 1")
    observed: float = told("share that they held, 0 to 1")
    count: int = told("forecasts counted")


@dataclass(frozen=True)
class CalibrationNumbers(FigureNumbers):
    """Whether past forecasts meant what they said."""

    figure: ClassVar[str] = "calibration"
    count: int = told("forecasts whose transforms are counted")
    places: tuple[float, ...] = told("places between 0 and 1")
    difference: tuple[float, ...] = told("share of transforms (PIT) up to each place, less the place itself")
    band: tuple[float, ...] = told("half the width of the 95 % band in which chance alone keeps all differences")
    coverage: tuple[Coverage, ...] = told("a dot per size of interval")


def calibration_numbers(pit: ArrayLike, coverage: pd.DataFrame) -> CalibrationNumbers:
    """Return differences, band and coverage. Parameters are those of `plots.calibration`."""
    values = np.sort(np.asarray(pit, dtype=float).ravel())
    difference = np.searchsorted(values, GRID, side="right") / values.size - GRID
    rows = (Coverage(float(row.nominal), float(row.observed), int(row.n)) for row in coverage.itertuples())
    band = simultaneous_band(values.size)
    return CalibrationNumbers(
        values.size, tuple(GRID.tolist()), tuple(difference.tolist()), tuple(band.tolist()), tuple(rows)
    )


def simultaneous_band(count: int, *, simulations: int = 2000) -> np.ndarray:
    """Return half the width of the 95 % simultaneous band of the ECDF difference, on the grid, for `count` values."""
    spread = np.sqrt(GRID * (1 - GRID) / count)
    cells = np.diff(np.concatenate([[0.0], GRID, [1.0]]))
    # A fixed stream: the band is a property of `count` alone and the same in every figure.
    below = np.random.default_rng(20230630).multinomial(count, cells, size=simulations)[:, :-1].cumsum(axis=1) / count
    largest = np.abs((below - GRID) / spread).max(axis=1)
    return float(np.quantile(largest, 0.95)) * spread
