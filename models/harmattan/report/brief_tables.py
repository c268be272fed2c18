"""The brief's tables, from the results behind it. No number is made here: each is read from a result and named."""

import numpy as np
import pandas as pd

from ..case.crossing import Crossings
from ..claims.verdicts import WORTH
from ..core.language import per_cent, phrase, translate, whole
from ..core.names import HORIZONS, OUTCOMES
from ..drivers.whole import COLUMNS as WHOLE_COLUMNS
from ..explain.scorecard import ledger_table
from ..panel.ucdp import annual_totals
from ..plots.numbers import held_words, horizon_words, month_words, span_words
from ..plots.summary import interval_summary
from ..risk.comparison import compare_paths, paired_ratio
from ..risk.measures import exceedance, first_months, months_held, risk_table, watched_table
from ..run.results import NEIGHBOURS_HELD, Forecast
from ..schema.case import Watched
from .evidence_of_run import BriefRun
from .tables import Column, Table
from .toll import year_of

YEARS_BEFORE_EXIT = 4
"""How far back from the year of the exit tables of the record go."""
SPILLOVER_MONTHS = 24
UCDP_THRESHOLD = 25
"""Deaths a year from which UCDP lists a conflict, a dyad or an actor."""
AT_LEAST_ONE = "At least one of them"
FLAT = "(flat)"
"""Stands for the hedge of a claim that has none."""


def units_in_tables(run: BriefRun) -> tuple[str, ...]:
    """Return the units that tables of the record show: those that the case names, or those of the answers."""
    return run.case.definition.units.in_tables or run.countries


def first_year_shown(run: BriefRun) -> int:
    """Return the first year that tables of the record show."""
    return int(run.first.clock.exit[:4]) - YEARS_BEFORE_EXIT


def heading(name: str) -> str:
    """Return the heading of a column in the reader's language."""
    return phrase(f"tables.columns.{name}")


def expectations(run: BriefRun) -> pd.DataFrame:
    """Return every consequence claim that states a probability, with what the record says of it by now.

    Returns
    -------
    DataFrame
        `explain.scorecard.ledger_table` of these claims, with their hedge, ordered by horizon: what the brief says of
        claims and what `harmattan ledger` says rest on the same rows.
    """
    claims = run.register.claims
    table = ledger_table(run.register, run.record, run.first.clock.exit)
    asked = table["claim"].map(lambda name: claims[name].scope == "consequence" and not claims[name].implied)
    frame = table[asked & table["stated"].notna()]
    frame = frame.assign(hedge=[claims[name].hedge or FLAT for name in frame["claim"]])
    order = {name: i for i, name in enumerate([*HORIZONS, "unspecified"])}
    return frame.sort_values("horizon", key=lambda column: column.map(order), kind="stable").reset_index(drop=True)


def documents_table(run: BriefRun, expected: pd.DataFrame) -> Table:
    """Return the expectations that the record settles or will settle."""
    shown = expected[expected["verdict"].isin([*WORTH, "open"])].copy()
    shown["cited"] = shown["source"] + " " + shown["line"].str.rsplit(":", n=1).str[-1]
    last = str(run.record["month"].values[-1])
    return Table(
        "documents-expect",
        phrase("tables.documents_expect", month=month_words(last)),
        shown.reset_index(drop=True),
        (
            Column("cited", heading("cited"), "source"),
            Column("says", heading("says")),
            Column("horizon", heading("horizon"), "horizon"),
            Column("hedge", heading("hedge"), "quote"),
            Column("probability", heading("chance"), "probability"),
            Column("verdict", heading("verdict"), "verdict"),
            Column("why", heading("because")),
        ),
        phrase("tables.documents_expect_note"),
    )


def record_table(run: BriefRun) -> Table:
    """Return yearly deaths of all types, without any model."""
    yearly = annual_totals(run.record).sum("outcome").sel(country=list(units_in_tables(run)))
    years = [int(y) for y in yearly["year"].values if int(y) >= first_year_shown(run)]
    frame = pd.DataFrame(
        [{"country": c} | {str(y): float(yearly.sel(country=c, year=y)) for y in years} for c in units_in_tables(run)]
    )
    columns = (
        Column("country", heading("country"), "country"),
        *(Column(str(y), str(y), "count", "deaths") for y in years),
    )
    return Table("record", phrase("tables.record"), frame, columns, phrase("tables.record_note"))


def contrast_frames(run: BriefRun) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return intervals by country, horizon and scenario (deaths a month), and of the paired ratio over the horizon."""
    levels, ratios = [], []
    for horizon, months in run.windows.items():
        for country in run.countries:
            at = {"country": country, "outcome": run.headline, "month": months}
            named = {"country": country, "horizon": horizon} | months_held(months, run.first.clock.exit)._asdict()
            totals = {f.scenario.id: f.deaths.sel(at).sum("month") for f in run.pair}
            for name, total in totals.items():
                levels.append(named | {"scenario": name} | interval_summary(total.values / len(months)))
            if run.second is None:
                continue
            a, b = totals[run.first.scenario.id].values, totals[run.second.scenario.id].values
            ratios.append(named | interval_summary(paired_ratio(a, b)))
    return pd.DataFrame(levels), pd.DataFrame(ratios)


def contrast_tables(run: BriefRun, levels: pd.DataFrame, ratios: pd.DataFrame) -> dict[str, Table]:
    """Return one table of scenarios for each horizon of which the run holds a month; its title names the months.

    None where the brief has one scenario only.
    """
    if run.second is None:
        return {}
    windows = run.windows
    paired = compare_paths(run.first.deaths, run.second.deaths, windows)
    paired = paired[paired["outcome"] == run.headline]
    tables = {}
    for horizon, months in windows.items():
        part = levels[levels["horizon"] == horizon]
        pairs = paired[paired["window"] == horizon].set_index("country")[["ratio", "probability_more"]]
        within = ratios[ratios["horizon"] == horizon].set_index("country")
        named = {"median": "paired_median", "lower_80": "paired_low", "upper_80": "paired_high"}
        pairs = pairs.join(within[list(named)].rename(columns=named))
        frame = part.assign(**{name: _beside_first(run, part, column) for name, column in pairs.items()})
        columns = (
            Column("country", heading("country"), "country"),
            Column("scenario", heading("scenario"), "scenario"),
            Column("mean", heading("expected"), "estimate", "deaths per month"),
            Column("median", heading("median"), "estimate", "deaths per month"),
            Column("lower_80", heading("from_80"), "estimate", "deaths per month"),
            Column("upper_80", heading("to"), "estimate", "deaths per month"),
            Column("ratio", heading("ratio"), "ratio"),
            Column("probability_more", heading("more"), "probability"),
            Column("paired_median", heading("paired_median"), "ratio"),
            Column("paired_low", heading("from_80"), "ratio"),
            Column("paired_high", heading("to"), "ratio"),
        )
        tables[horizon] = Table(
            f"contrast-{horizon}",
            phrase("tables.contrast", months=held_words(*months_held(months, run.first.clock.exit))),
            frame.reset_index(drop=True),
            columns,
            phrase("tables.contrast_note"),
        )
    return tables


def _beside_first(run: BriefRun, rows: pd.DataFrame, column: pd.Series) -> list[float]:
    """Return a column by country beside the rows of the first scenario, and nothing beside the others."""
    return [
        column.get(country, np.nan) if scenario == run.first.scenario.id else np.nan
        for country, scenario in zip(rows["country"], rows["scenario"], strict=True)
    ]


def exceedance_frame(run: BriefRun) -> pd.DataFrame:
    """Return P(12-month total > threshold) in long form: country, scenario, threshold, probability."""
    rows = []
    for forecast in run.pair:
        year = first_months(forecast.deaths.sel(outcome=run.headline))
        shares = exceedance(year, run.case.thresholds)
        for country in run.countries:
            for threshold in run.case.thresholds:
                p = float(shares.sel(country=country, threshold=threshold))
                rows.append(
                    {"country": country, "scenario": forecast.scenario.id, "threshold": threshold, "probability": p}
                )
    return pd.DataFrame(rows)


def exceedance_table(run: BriefRun, long: pd.DataFrame) -> Table:
    """Return the ladder as a table, one column per scenario, with expected excess and waiting time."""
    wide = long.pivot_table(index=["country", "threshold"], columns="scenario", values="probability", sort=False)
    measures = risk_table(run.first.deaths, run.case.thresholds, run.headline).set_index(["country", "threshold"])
    frame = wide.join(measures[["expected_excess", "median_months_to_threshold"]]).reset_index()
    horizon = run.first.deaths.sizes["month"]
    frame["wait"] = [_wait(m, horizon) for m in frame["median_months_to_threshold"]]
    return Table(
        "exceedance",
        phrase("tables.exceedance", period=run.period()),
        frame,
        (
            Column("country", heading("country"), "country"),
            Column("threshold", heading("more_than"), "count", "deaths"),
            *(Column(f.scenario.id, translate(f.scenario.title), "probability") for f in run.pair),
            Column("expected_excess", heading("excess"), "estimate", "deaths"),
            Column("wait", heading("wait")),
        ),
        phrase("tables.exceedance_note", scenario=translate(run.first.scenario.title)),
    )


def _wait(months: float, horizon: int) -> str:
    if not np.isfinite(months):
        return f"more than {horizon} months"
    return "1 month" if months == 1 else f"{months:.0f} months"


def spillover_table(found: Crossings | None) -> Table:
    """Return who crossed the border, on record; an empty table where no table of dyads tells."""
    names = ("country", "deaths", "crossed", "share", "largest", "largest_share")
    return Table(
        "spillover",
        "" if found is None else phrase("tables.spillover", span=span_words(found.first, found.last)),
        pd.DataFrame(columns=list(names)) if found is None else found.table(),
        (
            Column("country", heading("country"), "country"),
            Column("deaths", heading("recorded_deaths"), "count", "deaths"),
            Column("crossed", heading("crossed"), "count", "deaths"),
            Column("share", heading("of_elsewhere"), "share"),
            Column("largest", heading("most_from"), "country"),
            Column("largest_share", heading("of_which"), "share"),
        ),
        phrase("tables.spillover_note"),
    )


def held_table(run: BriefRun) -> Table:
    """Return what hangs on neighbours in the first scenario: the same futures with what crosses borders held."""
    held = run.first.neighbours_held()[NEIGHBOURS_HELD]
    frame = pd.DataFrame(
        {
            "expected": run.first.deaths.sum(["month", "outcome"]).mean("draw").to_series(),
            "held": held.deaths.sum(["month", "outcome"]).mean("draw").to_series(),
        }
    )
    for window, months in run.windows.items():
        as_simulated, as_held = (
            one.deaths.sel(month=months).sum(["month", "outcome"]).mean("draw").to_series() for one in (run.first, held)
        )
        frame[window] = (as_simulated / as_held).where(as_held > 0)
    last = list(run.windows)[-1]
    return Table(
        "neighbours-held",
        phrase("tables.held", scenario=translate(run.first.scenario.title), period=run.period(len(run.first.months))),
        frame.sort_values(last, ascending=False, kind="stable").rename_axis("country").reset_index(),
        (
            Column("country", heading("country"), "country"),
            Column("expected", heading("expected_deaths"), "estimate", "deaths"),
            Column("held", heading("neighbours_held"), "estimate", "deaths"),
            *(Column(window, f"{heading('ratio')}, {horizon_words(window)}", "ratio") for window in run.windows),
        ),
        phrase("tables.held_note"),
    )


def watched_units_table(run: BriefRun, watched: Watched) -> Table:
    """Return the chance that each watched unit, then each other one, passes the threshold under each scenario."""
    frame = pd.DataFrame({name: _passes(f, watched) for name, f in zip(("first", "second"), run.pair, strict=False)})
    group = [*watched.units, "any"]
    frame = frame.loc[[*group, *(c for c in frame.index if c not in group)]].rename_axis("country").reset_index()
    frame["country"] = frame["country"].replace("any", AT_LEAST_ONE)
    titles = [translate(f.scenario.title) for f in run.pair]
    return Table(
        "watched",
        phrase("tables.watched", threshold=watched.threshold, period=run.period()),
        frame,
        (
            Column("country", heading("country"), "country"),
            *(Column(name, title, "probability") for name, title in zip(("first", "second"), titles, strict=False)),
        ),
        phrase("tables.watched_note", count=len(watched.units), threshold=watched.threshold, same=_as_ucdp(watched)),
    )


def _as_ucdp(watched: Watched) -> str:
    """Return that UCDP counts by the same number, where it does."""
    return phrase("tables.watched_same") if watched.threshold == UCDP_THRESHOLD else ""


def _passes(forecast: Forecast, watched: Watched) -> pd.Series:
    """Return the chance of more deaths than the watched group's threshold by unit; `any` is at least one watched."""
    year = first_months(forecast.deaths).sum("outcome")
    chances = exceedance(year, [watched.threshold])[0].to_series()
    together = watched_table(forecast.deaths, watched.units, watched.threshold).set_index("country")["probability"]
    return pd.concat([chances, together[["any"]]])


def exit_effect_table(run: BriefRun) -> Table:
    """Return the whole effect of the exit on the headline at home, by what it rests on; empty where there is none."""
    found = run.exit_effect
    frame, note = pd.DataFrame(columns=WHOLE_COLUMNS), ""
    if found is not None:
        frame = found.table[found.table["outcome"] == run.headline].reset_index(drop=True)
        note = phrase("tables.exit_effect_note_alone")
        if found.exits:
            words = {
                "exits": whole(len(found.exits)),
                "known": month_words(found.known_by),
                "worth": per_cent(found.worth),
            }
            note = phrase("tables.exit_effect_note", **words)
    return Table(
        "exit-effect",
        phrase("tables.exit_effect"),
        frame,
        (
            Column("horizon", heading("horizon"), "horizon"),
            Column("belief", heading("belief"), "belief"),
            Column("q50", heading("ratio_median"), "ratio"),
            Column("q10", heading("ratio_10"), "ratio"),
            Column("q90", heading("ratio_90"), "ratio"),
            Column("rises", heading("rises"), "probability"),
        ),
        note,
    )


def drivers_table(run: BriefRun) -> Table:
    """Return every way a driver can go: whether it happens, matters and has happened, and its size."""
    last = run.first.clock.as_of if run.learnt is None else run.learnt.as_of
    return Table(
        "drivers",
        phrase("tables.drivers", month=month_words(last)),
        run.drivers,
        (
            Column("label", heading("driver"), "driver"),
            Column("prior_weight", heading("happens"), "probability"),
            Column("posterior_weight", heading("matters"), "probability"),
            Column("happened", heading("happened")),
            Column("prior_median", heading("ratio_before"), "ratio"),
            Column("posterior_median", heading("after"), "ratio"),
            Column("posterior_low", heading("after_10"), "ratio"),
            Column("posterior_high", heading("after_90"), "ratio"),
        ),
        phrase("tables.drivers_note"),
    )


def tornado_table(run: BriefRun) -> Table:
    """Return how far each driver swings the answer."""
    expected = float(year_of(run.first, run.home).mean())
    return Table(
        "tornado",
        phrase("tables.tornado", period=run.period()),
        run.swings.assign(expected=expected, most=(run.swings[["low", "high"]] / expected - 1).abs().max(axis=1)),
        (
            Column("label", heading("driver"), "driver"),
            Column("weak", heading("weak"), "close", "deaths"),
            Column("strong", heading("strong"), "close", "deaths"),
            Column("expected", heading("as_it_is"), "close", "deaths"),
            Column("most", heading("most"), "share"),
        ),
        phrase("tables.tornado_note"),
    )


def full_tables(run: BriefRun, expected: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the full tables that are written as CSV but not shown: all countries and outcomes."""

    def stacked(of: str) -> pd.DataFrame:
        made: list[pd.DataFrame] = []
        for forecast in run.forecasts:
            made.append(_full(forecast, of).assign(scenario=forecast.scenario.id))
        return pd.concat(made, ignore_index=True)

    beliefs = {} if run.exit_effect is None else {"all-exit-effect": run.exit_effect.table}
    return (
        {"all-expectations": expected, "all-hindcast": run.scored}
        | beliefs
        | {f"all-{name}": stacked(name) for name in ("totals", "summary", "risk")}
    )


def _full(forecast: Forecast, of: str) -> pd.DataFrame:
    if of == "totals":
        return forecast.totals()
    if of == "summary":
        return forecast.summary()
    return pd.concat(
        [risk_table(forecast.deaths, forecast.case.thresholds, name).assign(outcome=name) for name in OUTCOMES],
        ignore_index=True,
    )
