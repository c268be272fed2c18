"""Counts that sentences give and that are no cell of another table, in one file, so that each can be looked up."""

from collections.abc import Iterator

import pandas as pd

from ..case.notes import note_numbers
from ..core.language import phrase
from ..evaluate.past_totals import held, past_totals
from .answers import WINDOW, grounds, whole_in_words
from .evidence_of_run import BriefRun
from .horizon_track import held_later
from .record_tables import months_frame
from .tables import Column, Table
from .toll import year_of

DOTS = 50
SILENT = 0.05
"""The data are silent on a driver where the chance that its effect is there moved by less."""


def mean_error_ratio(run: BriefRun, scenario: str) -> float:
    """Return the mean CRPS of twelve-month totals, all countries and types, over that of the simple rule."""
    return error_multiple(run.hindcast[run.hindcast["scenario"] == scenario])


def error_multiple(hindcast: pd.DataFrame) -> float:
    """Return the mean CRPS of one forecast's twelve-month totals over that of the simple rule."""
    rows = hindcast[hindcast["window"] == WINDOW]
    return float(rows["crps"].mean() / rows["crps_reference"].mean())


def plausible_quantiles(run: BriefRun) -> list[float]:
    """Return the 10th, 50th and 90th percentile of the first year's toll at home within UCDP's own bounds."""
    total = year_of(run.first.plausible(), run.home)
    return [float(value) for value in total.quantile([0.1, 0.5, 0.9], dim="draw")]


def drivers_moved(run: BriefRun) -> pd.Series:
    """Return by how much the chance moved that each driver's effect is there, in absolute terms."""
    return (run.drivers["posterior_weight"] - run.drivers["prior_weight"]).abs()


def mean_move(run: BriefRun) -> float:
    """Return how far chance to happen and chance to matter lie apart, on average over what no dated event settles."""
    return float(drivers_moved(run)[unsettled(run).index].mean())


def unsettled(run: BriefRun) -> pd.DataFrame:
    """Return the ways of drivers that no dated event has settled by the end of the record."""
    return run.drivers[~run.drivers["happened"].str.match(r"yes|no,")]


def counts_table(run: BriefRun) -> Table:
    """Return what sentences count, as a file; its rows are named in English, like the columns of every file."""
    frame = pd.DataFrame(list(_counts(run)), columns=["what", "value"])
    return Table(
        "counts",
        phrase("tables.counts"),
        frame,
        (Column("what", "what", "code"), Column("value", "value", "precise")),
        phrase("tables.counts_note"),
        on_page=False,
    )


def _counts(run: BriefRun) -> Iterator[tuple[str, float]]:
    yield from _of_claims(run)
    yield from _of_months(run)
    yield from _of_trust(run)
    for name, value in note_numbers(run.case.words, run.record).items():
        yield f"deaths by the record, {name}", value
    if len(run.drivers):
        moved = drivers_moved(run)
        yield "drivers", len(moved)
        yield f"drivers whose chance moved by less than {SILENT:g}", int((moved < SILENT).sum())
        yield "chance of a driver's effect, where no event settles it: mean move, in hundredths", mean_move(run) * 100
    yield "dots in the figure of dots", DOTS
    yield "smallest change that matters, in hundredths", 100 * run.case.smallest_change.share
    if run.exit_effect is not None:
        first, last = run.first.clock.horizons[whole_in_words(run.exit_effect.table, run.headline)["horizon"]]
        yield "whole effect of the exit, as told: first month after it", first
        yield "whole effect of the exit, as told: last month after it", last
        yield "exits elsewhere that have a say", len(run.exit_effect.exits)
        yield "by how much documents count beside them, in hundredths", 100 * run.exit_effect.worth
    plausible = [] if run.case.bounds_file is None else plausible_quantiles(run)
    for name, value in zip(("10th percentile", "median", "90th percentile"), plausible, strict=False):
        yield f"first-year toll at home within UCDP's own bounds: {name}", value
    if len(run.hindcast):
        for forecast in run.forecasts:
            name = forecast.scenario.id
            yield f"mean error of {name}, as a multiple of the simple rule's", mean_error_ratio(run, name)
    if run.dated_before is not None:
        yield "documents used, of those certainly written by as_of", run.dated_before.documents.used
        yield "mean error with these alone, as a multiple of the simple rule's", error_multiple(run.hindcast_before)


def _of_claims(run: BriefRun) -> Iterator[tuple[str, float]]:
    claims = run.register.claims.values()
    yield "claims", len(claims)
    yield "claims on consequences", sum(claim.scope == "consequence" for claim in claims)
    yield "documents", len(run.register.sources)
    yield "countries", run.record.sizes["country"]
    if run.case.definition.watched is not None:
        yield "units watched", len(run.case.definition.watched.units)


def _of_months(run: BriefRun) -> Iterator[tuple[str, float]]:
    months = months_frame(run).query(
        "scenario == @name and recorded == recorded", local_dict={"name": run.first.scenario.id}
    )
    for country in run.countries:
        rows = months[months["country"] == country]
        inside = rows["recorded"].between(rows["lower_80"], rows["upper_80"])
        yield f"{country} {run.headline}: months recorded since", len(rows)
        yield f"{country} {run.headline}: of these inside the 80 % band", int(inside.sum())


def _of_trust(run: BriefRun) -> Iterator[tuple[str, float]]:
    found = grounds(run)
    yield "independent groups of documents", found.groups
    yield "months after the exit in the fit of the forecast", found.months_met
    for name, totals in (
        ("past totals of the countries shown", held(past_totals(run.case.scorecard, run.countries))),
        ("later totals", found.later),
    ):
        if totals is not None:
            yield f"{name}", totals.count
            yield f"{name}: inside their 80 % interval", totals.inside
            yield f"{name}: share inside", totals.share
    for name, share in held_later(run.case).items():
        yield f"past yearly totals far ahead, {name.replace('_', ', year ')}: share inside", share
    if found.later is not None:
        yield "later totals: how many should be inside", found.later.level * found.later.count
