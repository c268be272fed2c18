"""The brief's figures: each drawn twice, wide for page and slide, narrow for phones."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from .. import plots
from ..core.names import HEADLINE
from ..risk.measures import exceedance, first_months
from .content import BriefFigure
from .evidence_of_run import HOME, BriefRun
from .figures import brief_figure

MAP_THRESHOLD = 100


def _twice(draw: Callable[..., Any], folder: Path, name: str, table: str) -> BriefFigure:
    return brief_figure(draw(size="page"), folder, name, narrow=draw(size="column"), tables=(table,))


def draw_figures(
    run: BriefRun, folder: Path, levels: pd.DataFrame, ratios: pd.DataFrame, ladder: pd.DataFrame, spill: pd.DataFrame
) -> dict[str, Any]:
    """Write every figure as PNG and SVG and return them under the names of `BriefContent`."""
    as_of, exit_month = run.first.scenario.as_of, run.first.scenario.exit
    first, second = run.first.scenario.id, run.second.scenario.id

    def fan(country: str) -> BriefFigure:
        def draw(size: Any) -> Any:
            return plots.fan(
                run.record, run.first.deaths, exit_month=exit_month, as_of=as_of, country=country, outcome=HEADLINE,
                scenario=first, second=run.second.deaths, second_scenario=second, observed_later=run.record, size=size,
            )  # fmt: skip

        return _twice(draw, folder, f"fan-{country.lower()}", "contrast-short")

    totals = {
        f.scenario.id: first_months(f.deaths.sel(country=HOME, outcome=HEADLINE)) for f in (run.first, run.second)
    }
    year = [str(m) for m in run.first.deaths["month"].values[:12]]
    known = set(run.later_months)
    observed = None
    if all(month in known for month in year):
        observed = float(run.record.sel(country=HOME, outcome=HEADLINE, month=year).sum())
    chance = exceedance(first_months(run.first.deaths.sel(outcome=HEADLINE)), [MAP_THRESHOLD])[0]
    chances = {str(c): float(v) for c, v in chance.to_series().items()}
    what = f"chance of more than {MAP_THRESHOLD} civilians killed in the first twelve months"
    expected = float(totals[first].mean())
    quantity = "expected civilians killed in Mali, first twelve months"
    last = str(run.record["month"].values[-1])
    shown = {
        "forecast_figures": (
            *(fan(country) for country in run.countries),
            _twice(
                lambda size: plots.dots(totals, as_of=as_of, country=HOME, observed=observed, size=size),
                folder, "dots-mli", "exceedance",
            ),
        ),
        "contrast_figure": _twice(
            lambda size: plots.scenario_contrast(levels, ratios, as_of=as_of, size=size),
            folder, "contrast", "contrast-short",
        ),
        "exceedance_figure": _twice(
            lambda size: plots.exceedance_ladder(ladder, as_of=as_of, size=size), folder, "ladder", "exceedance"
        ),
        "spillover_figure": _twice(
            lambda size: plots.spillover_matrix(spill, as_of=as_of, size=size), folder, "spillover", "spillover"
        ),
        "map_figure": _twice(
            lambda size: plots.region_map(chances, as_of=as_of, what=what, size=size), folder, "map", "coast"
        ),
        "tornado_figure": _twice(
            lambda size: plots.tornado(
                run.swings, as_of=as_of, baseline=expected, quantity=quantity, unit="deaths", size=size
            ),
            folder, "tornado", "tornado",
        ),
        "drivers_figure": _twice(
            lambda size: plots.drivers(run.drivers, as_of=last, size=size), folder, "drivers", "drivers"
        ),
    }  # fmt: skip
    if len(run.pit):
        shown["calibration_figure"] = _twice(
            lambda size: plots.calibration(run.pit, run.coverage, as_of=as_of, size=size),
            folder,
            "calibration",
            "calibration",
        )
    return shown
