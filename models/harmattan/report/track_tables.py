"""The brief's tables on how the forecast did and whether fit and simulation may be relied on."""

from collections.abc import Callable

import pandas as pd

from ..core.language import phrase
from ..core.names import OUTCOMES
from ..evaluate.past_totals import past_totals
from ..evaluate.scored_windows import latest_years
from ..model.diagnostics import FEWEST_EFFECTIVE_DRAWS, LARGEST_RHAT, LOWEST_BFMI
from ..plots.numbers import span_words
from .brief_tables import heading
from .evidence_of_run import BriefRun
from .tables import Column, Table

HINDCAST_WINDOW = "12 months"
TOGETHER = "These countries together"


def hindcast_table(run: BriefRun) -> Table:
    """Return the forecasts beside what the record now holds."""
    columns = (
        Column("country", heading("country"), "country"),
        Column("outcome", heading("outcome"), "outcome"),
        Column("scenario", heading("forecast"), "scenario"),
        Column("documents", heading("documents")),
        Column("q05", heading("percentile_5"), "estimate", "deaths"),
        Column("median", heading("median"), "estimate", "deaths"),
        Column("q95", heading("percentile_95"), "estimate", "deaths"),
        Column("observed", heading("recorded"), "count", "deaths"),
        Column("crps", heading("crps"), "number", "deaths"),
        Column("crps_reference", heading("crps_reference"), "number", "deaths"),
        Column("error_ratio", heading("error_ratio"), "number"),
    )
    if not len(run.hindcast):
        return Table(
            "hindcast", phrase("tables.hindcast_none"), pd.DataFrame(columns=[c.name for c in columns]), columns
        )
    scored = run.scored
    shown = (scored["window"] == HINDCAST_WINDOW) & scored["country"].isin(run.countries)
    frame = scored[shown].sort_values(["country", "outcome"], key=_as_listed(run), kind="stable")
    span = span_words(str(frame["first_month"].iloc[0]), str(frame["last_month"].iloc[0]))
    return Table(
        "hindcast",
        phrase("tables.hindcast", span=span),
        frame.reset_index(drop=True),
        columns,
        phrase("tables.hindcast_note"),
    )


def _as_listed(run: BriefRun) -> Callable[[pd.Series], pd.Series]:
    """Return the sorting key that keeps countries and types of violence in the order of the page."""
    order = {name: place for place, name in enumerate((*run.countries, TOGETHER, *OUTCOMES, "all"))}
    return lambda column: column.map(order)


def own_coverage_table(run: BriefRun) -> Table:
    """Return how past yearly totals of the countries shown fell about their 80 % interval."""
    frame, window = past_totals(run.case.scorecard, run.countries), latest_years(run.case.scorecard)
    whole = frame.groupby("country", sort=False)[["count", "inside", "above", "below"]].sum().reset_index()
    frame = pd.concat([frame, whole.assign(outcome="all")], ignore_index=True)
    frame = pd.concat([frame, _all_countries(frame)], ignore_index=True)
    frame = frame.assign(share=frame["inside"] / frame["count"])
    return Table(
        "own-coverage",
        phrase("tables.own_coverage", first=window.first_year, last=window.last_year) if window else "",
        frame.sort_values(["country", "outcome"], key=_as_listed(run), kind="stable").reset_index(drop=True),
        (
            Column("country", heading("country"), "country"),
            Column("outcome", heading("outcome"), "outcome"),
            Column("count", heading("totals"), "count"),
            Column("inside", heading("inside"), "count"),
            Column("above", heading("above"), "count"),
            Column("below", heading("below"), "count"),
            Column("share", heading("held"), "share"),
        ),
        phrase("tables.own_coverage_note"),
    )


def _all_countries(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of all countries together, by outcome."""
    together = frame.groupby("outcome", sort=False)[["count", "inside", "above", "below"]].sum().reset_index()
    return together.assign(country=TOGETHER)


def calibration_table(run: BriefRun) -> Table:
    """Return how often intervals held the record."""
    return Table(
        "calibration",
        phrase("tables.calibration"),
        run.coverage,
        (
            Column("nominal", heading("nominal"), "share"),
            Column("observed", heading("held"), "share"),
            Column("n", heading("cells"), "count"),
            Column("observed_all", heading("held_all"), "share"),
            Column("n_all", heading("cells_all"), "count"),
        ),
        phrase("tables.calibration_note"),
    )


def diagnostics_table(run: BriefRun) -> Table:
    """Return the sampler's checks for every fit behind the brief."""
    rows = []
    for name, posterior in run.fits.items():
        d = posterior.diagnostics
        checks: tuple[tuple[str, float, str, bool], ...] = (
            ("largest r-hat", d.largest_rhat, f"below {LARGEST_RHAT}", d.largest_rhat < LARGEST_RHAT),
            (
                "fewest effective draws", d.fewest_effective_draws, f"above {FEWEST_EFFECTIVE_DRAWS}",
                d.fewest_effective_draws > FEWEST_EFFECTIVE_DRAWS,
            ),
            ("divergent transitions", d.divergences, "none", d.divergences == 0),
            ("lowest BFMI", d.lowest_bfmi, f"above {LOWEST_BFMI}", d.lowest_bfmi > LOWEST_BFMI),
        )  # fmt: skip
        feedback = float(posterior.feedback(run.first.ground.borders).quantile(0.95))
        checks += (("feedback, 95th percentile", feedback, "below 1", feedback < 1),)
        rows += [
            {"fit": name, "check": c, "value": float(v), "limit": limit, "passed": "passed" if ok else "FAILED"}
            for c, v, limit, ok in checks
        ]
    rows.append(
        {
            "fit": "simulation", "check": "rates cut at the ceiling", "value": run.first.paths.bounded_share,
            "limit": "below 0.001", "passed": "passed" if run.first.paths.bounded_share < 0.001 else "FAILED",
        }
    )  # fmt: skip
    columns = (
        Column("fit", heading("fit")),
        Column("check", heading("check")),
        Column("value", heading("value"), "precise"),
        Column("limit", heading("limit")),
        Column("passed", heading("passed")),
    )
    return Table(
        "diagnostics", phrase("tables.diagnostics"), pd.DataFrame(rows), columns, phrase("tables.diagnostics_note")
    )
