"""What a rule's windows hold: the level in the claim's window, the level before, and what its trend would have made it.

The trend goes on changing as it did from the window before the reference to the reference: once for each length of the
reference between their middles. It rests on two windows, so a single massacre in either bends it.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from ..core.months import month_label, month_number
from ..schema.resolution import PanelRatio, PanelTotal, YearlyRatio


@dataclass(frozen=True)
class Levels:
    """Mean deaths a month, or of a series a year: in the window, before, and by the trend (NaN = not known)."""

    now: float
    before: float
    trend: float


def trend_level(before: float, earlier: float, steps: float) -> float:
    """Return the level after `steps` lengths of the reference window, had it gone on as from `earlier` to `before`.

    >>> round(trend_level(20.0, 10.0, 1.5), 1)
    56.6
    """
    if not before > 0 or not earlier > 0:
        return np.nan
    return before * (before / earlier) ** steps


def steps_ahead(window: tuple[int, int], reference: tuple[int, int]) -> float:
    """Return how far the middle of a window lies after that of the reference, in lengths of the reference.

    >>> steps_ahead((1, 24), (-11, 0))
    1.5
    """
    length = reference[1] - reference[0] + 1
    return (sum(window) - sum(reference)) / 2 / length


def earlier_than(reference: tuple[int, int]) -> tuple[int, int]:
    """Return the window of the same length right before the reference."""
    length = reference[1] - reference[0] + 1
    return reference[0] - length, reference[0] - 1


def panel_levels(rule: PanelRatio, panel: xr.DataArray, exit_month: str) -> Levels:
    """Return the levels of a rule about deaths, in deaths a month."""
    origin = month_number(exit_month)
    now, before, earlier = (
        float(panel_window(rule, panel, origin, window).mean(skipna=False))
        for window in (rule.window, rule.reference, earlier_than(rule.reference))
    )
    whole = month_label(origin + earlier_than(rule.reference)[0]) >= str(panel["month"].values[0])
    steps = steps_ahead(rule.window, rule.reference)
    return Levels(now, before, trend_level(before, earlier if whole else np.nan, steps))


def panel_window(
    rule: PanelRatio | PanelTotal, panel: xr.DataArray, origin: int, window: tuple[int, int]
) -> xr.DataArray:
    """Return deaths a month in a rule's places and outcomes, dims (month), for the known months of a window."""
    wanted = {month_label(origin + i) for i in range(window[0], window[1] + 1)}
    months = [str(month) for month in panel["month"].values if str(month) in wanted]
    cells = panel.sel(month=months, country=list(rule.places), outcome=list(rule.outcomes))
    return cells.sum(["country", "outcome"], skipna=False)  # NaN in a month in which a place did not exist


def yearly_levels(rule: YearlyRatio, series: xr.DataArray | None, exit_year: int) -> Levels:
    """Return the levels of a rule about a series by year; NaN where a place has no count in one of the years."""
    if series is None or not set(rule.places) <= set(series["country"].values):
        return Levels(np.nan, np.nan, np.nan)
    total = series.sel(country=list(rule.places)).sum("country", skipna=False)

    def mean(window: tuple[int, int]) -> float:
        years = range(exit_year + window[0], exit_year + window[1] + 1)
        return float(total.reindex(year=list(years)).mean(skipna=False))

    now, before, earlier = mean(rule.years), mean(rule.reference), mean(earlier_than(rule.reference))
    return Levels(now, before, trend_level(before, earlier, steps_ahead(rule.years, rule.reference)))


def expected_level(rule: PanelRatio, futures: xr.DataArray | None, exit_month: str) -> float:
    """Return the median of futures' mean deaths a month in a rule's window and places; NaN where they lack it."""
    if futures is None or not set(rule.outcomes) <= set(futures["outcome"].values):
        return np.nan
    origin = month_number(exit_month)
    months = [month_label(origin + i) for i in range(rule.window[0], rule.window[1] + 1)]
    if not set(months) <= set(futures["month"].values) or not set(rule.places) <= set(futures["country"].values):
        return np.nan
    cells = futures.sel(month=months, country=list(rule.places), outcome=list(rule.outcomes))
    return float(cells.sum(["country", "outcome"]).mean("month").median("draw"))
