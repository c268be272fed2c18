"""The brief's figures: each drawn twice, wide for page and slide, narrow for phones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..case.crossing import Crossings
from ..core.language import phrase, translate, whole
from ..panel.ground import MapGround
from ..plots.border_numbers import LEAST_SHARE, flow_numbers, spillover_numbers
from ..plots.chances_chart import draw_chances
from ..plots.contrast import draw_contrast
from ..plots.course_numbers import fan_numbers, killer_numbers, multiples_numbers, ridge_numbers
from ..plots.dotplot import draw_dots
from ..plots.effect_chart import draw_exit_effect
from ..plots.effect_numbers import contrast_numbers, driver_numbers, exit_effect_numbers, tornado_numbers
from ..plots.fan_chart import draw_fan
from ..plots.figure_numbers import FigureNumbers, dot_numbers, ladder_numbers, map_numbers
from ..plots.flow import draw_flow
from ..plots.ladder import draw_ladder
from ..plots.multiples import draw_multiples
from ..plots.numbers import opening, span_words
from ..plots.perpetrators_chart import draw_killers
from ..plots.region import PROBABILITY_CLASSES, draw_map
from ..plots.reliability import draw_calibration
from ..plots.ridge_plot import draw_ridge
from ..plots.share_numbers import calibration_numbers, chance_numbers
from ..plots.spillover import draw_spillover
from ..plots.strip import draw_drivers
from ..plots.tornado_chart import draw_tornado
from ..plots.years_ahead_chart import years_ahead
from ..risk.measures import exceedance, first_months
from ..run.document_words import span_of_documents
from ..schema.case import Watched
from .brief_tables import SPILLOVER_MONTHS
from .content import BriefFigure
from .derivations import claim_ratios
from .evidence_of_run import BriefRun
from .figures import brief_figure, save_numbers
from .people_tables import chances_frame, people_tables
from .perpetrator_tables import KILLED_BY_YEAR, KILLERS, killed_by_year_table, who_kills_frame
from .record_tables import multiples_shown
from .toll import yearly_table_id
from .year_ahead import YEAR_AHEAD, years_ahead_of


@dataclass(frozen=True)
class Drawing:
    """Draws figures of one run into one folder."""

    run: BriefRun
    folder: Path
    formats: Sequence[str]

    def twice(
        self, draw: Callable[..., Any], numbers: FigureNumbers, name: str, tables: tuple[str, ...], **words: Any
    ) -> BriefFigure:
        """Draw numbers wide and narrow, write them and the figure, and return it with its words."""
        wide, narrow = (draw(numbers, size=size, **words) for size in ("page", "column"))
        save_numbers(numbers, self.folder, name)
        return brief_figure(wide, self.folder, name, narrow=narrow, tables=tables, formats=self.formats)

    @property
    def common(self) -> dict[str, Any]:
        """What every figure of the forecast is told: as of when, from which documents, how the forecast did since."""
        said = f"{self.documents} {self.checked}".strip()
        return {"as_of": self.run.first.clock.as_of, "checked": said}

    @property
    def ground(self) -> MapGround:
        """What maps are drawn on."""
        return self.run.case.map_ground

    @property
    def documents(self) -> str:
        """Between which months the documents are dated, as a sentence."""
        return opening(span_of_documents(self.run.first.documents)) + "."

    @property
    def checked(self) -> str:
        """The calibration stamp; empty while no later month is known."""
        if not len(self.run.coverage):
            return ""
        row = self.run.coverage.set_index("nominal").loc[0.8]
        count, held = int(row["n"]), round(float(row["observed"]) * int(row["n"]))
        return phrase("figures.calibration_stamp_all", held=whole(held), count=whole(count))


def draw_figures(
    run: BriefRun,
    folder: Path,
    levels: pd.DataFrame,
    ratios: pd.DataFrame,
    ladder: pd.DataFrame,
    crossed: Crossings | None,
    *,
    formats: Sequence[str] = ("png", "svg"),
) -> dict[str, Any]:
    """Write every figure and return them under the names of `BriefContent`."""
    drawing = Drawing(run, folder, formats)
    shown: dict[str, Any] = {
        "picture": None if run.looks_back else _picture(drawing),
        "forecast_figures": (*(_fan(drawing, country) for country in run.countries), _dots(drawing), _ridge(drawing)),
        "contrast_figure": None if run.second is None else _contrast(drawing, levels, ratios),
        "exceedance_figure": _ladder(drawing, ladder),
        "who_kills_figure": None if run.headline_parts is None else _who_kills(drawing),
        "people_figure": _people(drawing),
        "spillover_figure": _spillover(drawing, crossed),
        "map_figure": _map(drawing, run.case.definition.watched),
        "exit_effect_figure": _exit_effect(drawing) if run.exit_effect is not None else None,
        "drivers_figure": _drivers(drawing) if len(run.drivers) else None,
        "tornado_figure": _tornado(drawing) if len(run.swings) else None,
        "more_figures": {
            "contrast" if run.second is not None else "forecast": (_multiples(drawing),),
            "spillover": (_flow(drawing),),
        },
    }
    if len(run.pit):
        shown["calibration_figure"] = _calibration(drawing)
    return shown


def _picture(drawing: Drawing) -> BriefFigure:
    tables = (YEAR_AHEAD, yearly_table_id(drawing.run))
    return drawing.twice(years_ahead, years_ahead_of(drawing.run), "years-ahead", tables, checked=drawing.documents)


def _who_kills(drawing: Drawing) -> BriefFigure:
    run = drawing.run
    by_year, ahead = killed_by_year_table(run), who_kills_frame(run)
    assert by_year is not None
    shown = [forecast.scenario.id for forecast in run.pair]
    ahead = ahead[(ahead["country"] == run.home) & ahead["scenario"].isin(shown)]
    numbers = killer_numbers(by_year.frame, ahead, country=run.home)
    told = {"period": run.period(), "as_of": run.first.clock.as_of, "checked": drawing.documents}
    return drawing.twice(draw_killers, numbers, KILLERS, (KILLED_BY_YEAR, KILLERS), **told)


def _fan(drawing: Drawing, country: str) -> BriefFigure:
    run = drawing.run
    clock, second = run.first.clock, run.second
    other: dict[str, Any] = {}
    if second is not None:
        other = {"second": second.deaths, "second_scenario": second.scenario.id}
    numbers = fan_numbers(
        run.record, run.first.deaths, exit_month=clock.exit, as_of=clock.as_of, country=country, outcome=run.headline,
        scenario=run.first.scenario.id, observed_later=run.record, **other,
    )  # fmt: skip
    return drawing.twice(draw_fan, numbers, f"fan-{country.lower()}", ("months", "counts"), checked=drawing.documents)


def _dots(drawing: Drawing) -> BriefFigure:
    run = drawing.run
    totals = {f.scenario.id: first_months(f.deaths.sel(country=run.home, outcome=run.headline)) for f in run.pair}
    year = run.first.months[:12]
    observed = None
    if set(year) <= set(run.later_months):
        observed = float(run.record.sel(country=run.home, outcome=run.headline, month=year).sum())
    numbers = dot_numbers(totals, country=run.home, outcome=run.headline, mark=observed)
    name, tables = f"dots-{run.home.lower()}", ("toll", "counts")
    return drawing.twice(draw_dots, numbers, name, tables, period=run.period(), **drawing.common)


def _ridge(drawing: Drawing) -> BriefFigure:
    run = drawing.run
    paths = {f.scenario.id: f.deaths for f in run.pair}
    numbers = ridge_numbers(paths, run.windows, origin=run.first.clock.exit, country=run.home, outcome=run.headline)
    return drawing.twice(draw_ridge, numbers, f"ridge-{run.home.lower()}", _horizon_tables(run), **drawing.common)


def _horizon_tables(run: BriefRun) -> tuple[str, ...]:
    return ("horizons",) if run.second is None else tuple(f"contrast-{horizon}" for horizon in run.windows)


def _multiples(drawing: Drawing) -> BriefFigure:
    run = drawing.run
    paths = {f.scenario.id: f.deaths for f in run.pair}
    numbers = multiples_numbers(paths, countries=multiples_shown(run), outcome=run.headline)
    return drawing.twice(draw_multiples, numbers, "multiples", ("months",), **drawing.common)


def _flow(drawing: Drawing) -> BriefFigure:
    imported = drawing.run.first.paths.imported
    flows = imported.isel(month=slice(0, SPILLOVER_MONTHS)).sum(["month", "outcome"]).to_pandas()
    told = {"period": drawing.run.period(SPILLOVER_MONTHS), "as_of": drawing.common["as_of"]}
    return drawing.twice(draw_flow, flow_numbers(flows), "flow", ("flows",), ground=drawing.ground, **told)


def _contrast(drawing: Drawing, levels: pd.DataFrame, ratios: pd.DataFrame) -> BriefFigure:
    numbers = contrast_numbers(levels, ratios, outcome=drawing.run.headline)
    return drawing.twice(draw_contrast, numbers, "contrast", _horizon_tables(drawing.run), **drawing.common)


def _ladder(drawing: Drawing, ladder: pd.DataFrame) -> BriefFigure:
    run = drawing.run
    numbers = ladder_numbers(ladder, outcome=run.headline)
    return drawing.twice(draw_ladder, numbers, "ladder", ("exceedance",), period=run.period(), **drawing.common)


def _people(drawing: Drawing) -> BriefFigure | None:
    run = drawing.run
    table = pd.DataFrame() if run.people is None else chances_frame(run, run.people)
    if not len(table):
        return None
    names = tuple(translate(one.scenario.title) for one in run.pair)
    cited = tuple(one.id for one in people_tables(run) if one.id != "people-scores")
    return drawing.twice(draw_chances, chance_numbers(table, names=names), "people", cited, **drawing.common)


def _spillover(drawing: Drawing, found: Crossings | None) -> BriefFigure | None:
    if found is None or not (found.shares.sum(axis=1) >= LEAST_SHARE).any():
        return None
    told = {"period": span_words(found.first, found.last), "as_of": drawing.common["as_of"]}
    return drawing.twice(draw_spillover, spillover_numbers(found.shares), "spillover", ("spillover",), **told)


def _map(drawing: Drawing, watched: Watched | None) -> BriefFigure | None:
    if watched is None:
        return None
    year = first_months(drawing.run.first.deaths).sum("outcome")
    chances = {str(c): float(v) for c, v in exceedance(year, [watched.threshold])[0].to_series().items()}
    numbers = map_numbers(chances, kind="probability", limits=PROBABILITY_CLASSES)
    what = phrase("figures.map.chance", threshold=watched.threshold, period=drawing.run.period())
    told = {"what": what, "ground": drawing.ground, **drawing.common}
    return drawing.twice(draw_map, numbers, "map", ("watched", "counts"), **told)


def _exit_effect(drawing: Drawing) -> BriefFigure:
    run = drawing.run
    assert run.exit_effect is not None
    numbers = exit_effect_numbers(run.exit_effect.table, outcome=run.headline)
    last = run.first.clock.as_of if run.learnt is None else run.learnt.as_of
    return drawing.twice(draw_exit_effect, numbers, "exit-effect", ("exit-effect",), as_of=last)


def _drivers(drawing: Drawing) -> BriefFigure:
    run = drawing.run
    labels = [translate(str(label)) for label in run.drivers["label"]]
    numbers = driver_numbers(run.drivers.assign(label=labels, claim_ratios=claim_ratios(run)))
    last = str(run.record["month"].values[-1])
    return drawing.twice(draw_drivers, numbers, "drivers", ("drivers", "counts"), as_of=last)


def _tornado(drawing: Drawing) -> BriefFigure:
    run = drawing.run
    table = run.swings.assign(label=[translate(str(label)) for label in run.swings["label"]])
    expected = float(first_months(run.first.deaths.sel(country=run.home, outcome=run.headline)).mean())
    quantity, unit = phrase("figures.tornado.quantity", period=run.period()), translate("deaths")
    numbers = tornado_numbers(table, baseline=expected, quantity=quantity, unit=unit)
    return drawing.twice(draw_tornado, numbers, "tornado", ("tornado",), as_of=drawing.common["as_of"])


def _calibration(drawing: Drawing) -> BriefFigure:
    numbers = calibration_numbers(drawing.run.pit, drawing.run.coverage)
    as_of = drawing.common["as_of"]
    return drawing.twice(draw_calibration, numbers, "calibration", ("calibration",), as_of=as_of)
