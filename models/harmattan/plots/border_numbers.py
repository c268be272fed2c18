"""Numbers of figures that go over borders: on record, and in the model."""

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from .figure_numbers import COUNTRY, FigureNumbers, told

LEAST_SHARE = 0.02
"""Share of a unit's deaths in conflicts of groups from elsewhere below which nothing is drawn of it."""

LEAST_FLOW = 2.0
"""Expected deaths over a border below which no arrow is drawn."""

_OUTCOME = "type of violence, by its name; all for all types together"


@dataclass(frozen=True)
class Imported:
    """Where the groups of one unit's conflicts had come from."""

    country: str = told(f"where deaths were: {COUNTRY}")
    shares: tuple[float, ...] = told("share of its deaths in conflicts of groups from each origin, 0 to 1")
    total: float = told("share from all origins together, also those not shown, 0 to 1")


@dataclass(frozen=True)
class SpilloverNumbers(FigureNumbers):
    """Shares of deaths on record in conflicts of groups from elsewhere, the largest total first."""

    figure: ClassVar[str] = "spillover"
    outcome: str = told(_OUTCOME)
    origins: tuple[str, ...] = told("units that groups had come from, by their codes")
    rows: tuple[Imported, ...] = told("a row per unit, the largest total first")
    hidden: tuple[str, ...] = told("units with a total too small to be shown, by their codes")


def spillover_numbers(
    shares: pd.DataFrame, *, outcome: str | None = None, least: float = LEAST_SHARE
) -> SpilloverNumbers:
    """Return the shares to be shown. Parameters and errors are those of `plots.spillover_matrix`."""
    grid = shares.copy().astype(float)
    for iso3 in grid.index.intersection(grid.columns):
        grid.loc[iso3, iso3] = 0.0
    total = grid.sum(axis=1)
    rows = [row for row in total.sort_values(ascending=False, kind="stable").index if total[row] >= least]
    if not rows:
        raise ValueError(
            f"Nowhere were {least:.0%} of deaths in conflicts of groups from elsewhere: there is nothing to draw."
        )
    columns = [column for column in grid.columns if grid.loc[rows, column].max() >= least]
    told_of = (
        Imported(str(row), tuple(grid.loc[row, columns].to_numpy(dtype=float).tolist()), float(total[row]))
        for row in rows
    )
    hidden = (str(unit) for unit in grid.index if unit not in rows)
    return SpilloverNumbers(outcome or "all", tuple(str(one) for one in columns), tuple(told_of), tuple(hidden))


@dataclass(frozen=True)
class Flow:
    """What comes over one border in one direction."""

    origin: str = told(f"whence: {COUNTRY}")
    target: str = told(f"where deaths happen: {COUNTRY}")
    deaths: float = told("expected deaths")


@dataclass(frozen=True)
class FlowNumbers(FigureNumbers):
    """Expected deaths over borders, smallest first so that the large ones are drawn on top."""

    figure: ClassVar[str] = "flow"
    outcome: str = told(_OUTCOME)
    least: float = told("expected deaths below which no arrow is drawn")
    flows: tuple[Flow, ...] = told("an arrow each, the smallest first")


def flow_numbers(flows: pd.DataFrame, *, outcome: str | None = None, least: float = LEAST_FLOW) -> FlowNumbers:
    """Return the flows to be drawn. Parameters are those of `plots.flow_map`."""
    found = [
        Flow(str(origin), str(target), float(flows.loc[target, origin]))
        for target in flows.index
        for origin in flows.columns
        if origin != target and float(flows.loc[target, origin]) >= least
    ]
    return FlowNumbers(outcome or "all", float(least), tuple(sorted(found, key=lambda flow: flow.deaths)))
