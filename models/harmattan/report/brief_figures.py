"""The brief's figures: each drawn twice, wide for page and slide, narrow for phones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from .. import plots
from ..case.crossing import Crossings
from ..core.language import phrase, translate, whole
from ..panel.ground import MapGround
from ..plots.numbers import opening, span_words
from ..plots.spillover import LEAST_SHARE
from ..risk.measures import exceedance, first_months
from ..run.document_words import span_of_documents
from ..schema.case import Watched
from .brief_tables import SPILLOVER_MONTHS
from .content import BriefFigure
from .derivations import claim_ratios
from .evidence_of_run import BriefRun
from .figures import brief_figure
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

    def twice(self, draw: Callable[..., Any], name: str, *tables: str) -> BriefFigure:
        """Draw a figure wide and narrow, write it, and return it with its words."""
        narrow = draw(size="column")
        return brief_figure(draw(size="page"), self.folder, name, narrow=narrow, tables=tables, formats=self.formats)

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
        "exceedance_figure": drawing.twice(
            lambda size: plots.exceedance_ladder(
                ladder, outcome=run.headline, period=run.period(), **drawing.common, size=size
            ),
            *("ladder", "exceedance"),
        ),
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
        shown["calibration_figure"] = drawing.twice(
            lambda size: plots.calibration(run.pit, run.coverage, as_of=drawing.common["as_of"], size=size),
            *("calibration", "calibration"),
        )
    return shown


def _picture(drawing: Drawing) -> BriefFigure:
    numbers, checked = years_ahead_of(drawing.run), drawing.documents
    return drawing.twice(
        lambda size: plots.years_ahead(numbers, checked=checked, size=size),
        *("years-ahead", YEAR_AHEAD, yearly_table_id(drawing.run)),
    )


def _who_kills(drawing: Drawing) -> BriefFigure:
    run = drawing.run
    by_year, ahead = killed_by_year_table(run), who_kills_frame(run)
    assert by_year is not None
    shown = [forecast.scenario.id for forecast in run.pair]
    ahead = ahead[(ahead["country"] == run.home) & ahead["scenario"].isin(shown)]
    period, as_of = run.period(), run.first.clock.as_of

    def draw(size: Any) -> Any:
        return plots.who_kills(
            by_year.frame, ahead, country=run.home, period=period, as_of=as_of, checked=drawing.documents, size=size
        )

    return drawing.twice(draw, KILLERS, KILLED_BY_YEAR, KILLERS)


def _fan(drawing: Drawing, country: str) -> BriefFigure:
    run = drawing.run
    clock, second = run.first.clock, run.second
    other: dict[str, Any] = {}
    if second is not None:
        other = {"second": second.deaths, "second_scenario": second.scenario.id}

    def draw(size: Any) -> Any:
        return plots.fan(
            run.record, run.first.deaths, exit_month=clock.exit, as_of=clock.as_of, country=country,
            outcome=run.headline, scenario=run.first.scenario.id, observed_later=run.record,
            checked=drawing.documents, size=size, **other,
        )  # fmt: skip

    return drawing.twice(draw, f"fan-{country.lower()}", "months", "counts")


def _dots(drawing: Drawing) -> BriefFigure:
    run = drawing.run
    totals = {f.scenario.id: first_months(f.deaths.sel(country=run.home, outcome=run.headline)) for f in run.pair}
    year = run.first.months[:12]
    observed = None
    if set(year) <= set(run.later_months):
        observed = float(run.record.sel(country=run.home, outcome=run.headline, month=year).sum())
    return drawing.twice(
        lambda size: plots.dots(
            totals,
            outcome=run.headline,
            period=run.period(),
            **drawing.common,
            country=run.home,
            observed=observed,
            size=size,
        ),
        *(f"dots-{run.home.lower()}", "toll", "counts"),
    )


def _ridge(drawing: Drawing) -> BriefFigure:
    run = drawing.run
    paths = {f.scenario.id: f.deaths for f in run.pair}
    return drawing.twice(
        lambda size: plots.ridge(
            paths,
            run.windows,
            exit_month=run.first.clock.exit,
            **drawing.common,
            country=run.home,
            outcome=run.headline,
            size=size,
        ),
        *(f"ridge-{run.home.lower()}", *_horizon_tables(run)),
    )


def _horizon_tables(run: BriefRun) -> tuple[str, ...]:
    return ("horizons",) if run.second is None else tuple(f"contrast-{horizon}" for horizon in run.windows)


def _multiples(drawing: Drawing) -> BriefFigure:
    run = drawing.run
    paths = {f.scenario.id: f.deaths for f in run.pair}
    ranked = multiples_shown(run)
    return drawing.twice(
        lambda size: plots.scenario_multiples(
            paths, countries=ranked, outcome=run.headline, **drawing.common, size=size
        ),
        *("multiples", "months"),
    )


def _flow(drawing: Drawing) -> BriefFigure:
    imported = drawing.run.first.paths.imported
    flows = imported.isel(month=slice(0, SPILLOVER_MONTHS)).sum(["month", "outcome"]).to_pandas()
    return drawing.twice(
        lambda size: plots.flow_map(
            flows,
            period=drawing.run.period(SPILLOVER_MONTHS),
            as_of=drawing.common["as_of"],
            ground=drawing.ground,
            size=size,
        ),
        *("flow", "flows"),
    )


def _contrast(drawing: Drawing, levels: pd.DataFrame, ratios: pd.DataFrame) -> BriefFigure:
    return drawing.twice(
        lambda size: plots.scenario_contrast(levels, ratios, outcome=drawing.run.headline, **drawing.common, size=size),
        *("contrast", *_horizon_tables(drawing.run)),
    )


def _people(drawing: Drawing) -> BriefFigure | None:
    run = drawing.run
    table = pd.DataFrame() if run.people is None else chances_frame(run, run.people)
    if not len(table):
        return None
    names = tuple(translate(one.scenario.title) for one in run.pair)
    cited = tuple(one.id for one in people_tables(run) if one.id != "people-scores")
    return drawing.twice(lambda size: plots.chances(table, names=names, **drawing.common, size=size), "people", *cited)


def _spillover(drawing: Drawing, found: Crossings | None) -> BriefFigure | None:
    if found is None or not (found.shares.sum(axis=1) >= LEAST_SHARE).any():
        return None
    return drawing.twice(
        lambda size: plots.spillover_matrix(
            found.shares,
            period=span_words(found.first, found.last),
            as_of=drawing.common["as_of"],
            size=size,
        ),
        *("spillover", "spillover"),
    )


def _map(drawing: Drawing, watched: Watched | None) -> BriefFigure | None:
    if watched is None:
        return None
    year = first_months(drawing.run.first.deaths).sum("outcome")
    chances = {str(c): float(v) for c, v in exceedance(year, [watched.threshold])[0].to_series().items()}
    what = phrase("figures.map.chance", threshold=watched.threshold, period=drawing.run.period())
    return drawing.twice(
        lambda size: plots.region_map(chances, **drawing.common, what=what, ground=drawing.ground, size=size),
        *("map", "watched", "counts"),
    )


def _exit_effect(drawing: Drawing) -> BriefFigure:
    run = drawing.run
    assert run.exit_effect is not None
    table, last = run.exit_effect.table, run.first.clock.as_of if run.learnt is None else run.learnt.as_of
    return drawing.twice(
        lambda size: plots.exit_effect(table, outcome=run.headline, as_of=last, size=size), "exit-effect", "exit-effect"
    )


def _drivers(drawing: Drawing) -> BriefFigure:
    run = drawing.run
    labels = [translate(str(label)) for label in run.drivers["label"]]
    table = run.drivers.assign(label=labels, claim_ratios=claim_ratios(run))
    last = str(run.record["month"].values[-1])
    return drawing.twice(lambda size: plots.drivers(table, as_of=last, size=size), "drivers", "drivers", "counts")


def _tornado(drawing: Drawing) -> BriefFigure:
    run = drawing.run
    table = run.swings.assign(label=[translate(str(label)) for label in run.swings["label"]])
    expected = float(first_months(run.first.deaths.sel(country=run.home, outcome=run.headline)).mean())
    quantity, unit = phrase("figures.tornado.quantity", period=run.period()), translate("deaths")
    return drawing.twice(
        lambda size: plots.tornado(
            table, as_of=drawing.common["as_of"], baseline=expected, quantity=quantity, unit=unit, size=size
        ),
        *("tornado", "tornado"),
    )
