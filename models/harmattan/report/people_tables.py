"""Tables of people and states: a row for each border, year and kind of event, both scenarios beside one another."""

from collections.abc import Iterator, Sequence

import pandas as pd

from ..core.language import country_name, listed, phrase, translate, whole
from ..core.names import ALL_NEIGHBOURS, ONE_SIDED_OTHER, ONE_SIDED_STATE
from ..follow.aid_workers import AID_WORKERS
from ..follow.watched import WATCHED
from ..plots.numbers import opening
from ..run.break_words import ATTACKS, JUDGED, MODEL
from ..run.breaks import ANY, Breaks
from ..run.displaced import JUDGED as DISPLACED_JUDGED
from ..run.displaced import MODEL as DISPLACED_MODEL
from ..run.displaced import Displaced
from ..run.flows import JUDGED as FLOWS_JUDGED
from ..run.flows import MODEL as FLOWS_MODEL
from ..run.flows import Flows
from .brief_tables import AT_LEAST_ONE, heading
from .evidence_of_run import BriefRun
from .people import People
from .tables import Column, Table

TOGETHER = "All neighbours together"

KILLED = {
    ONE_SIDED_STATE: "Civilians killed by the state, by month",
    ONE_SIDED_OTHER: "Civilians killed by others, by month",
}
"""Who kills, as the table of scores names it, in English; the language files have the others."""

KINDS = {
    "coup": "Coup or attempt",
    "aid_workers": "Attack on aid workers",
    "watched": "Deaths over the threshold",
    "accord": "The accord has ended",
}
"""Kinds as tables name them, in English; the language files have the others."""


def people_tables(run: BriefRun) -> tuple[Table, ...]:
    """Return the tables of the section; those of which the case has no data are left out."""
    people = run.people
    if people is None:
        return ()
    tables = (
        flee_table(run, people),
        displaced_table(run, people),
        breaks_table(run, people),
        scores_table(run, people),
    )
    return tuple(table for table in tables if table is not None and len(table.frame))


def middle(numbers: tuple[int, ...]) -> int:
    """Return the number in the middle, which figures draw."""
    return numbers[len(numbers) // 2]


def flee_frame(run: BriefRun, people: People) -> pd.DataFrame:
    """Return new refugees from home in the year shown, by asylum country: quantiles, chances, how often on record."""
    told = people.flows[0].told
    frame = people.flows[0].table().query("year == @people.year", local_dict={"people": people}).reset_index(drop=True)
    if len(people.flows) > 1:
        other = people.flows[1].table().query("year == @people.year", local_dict={"people": people})
        frame["second"] = other[f"more_than_{middle(told)}"].to_numpy()
    record = people.flows[0].record
    own = record.sel(pair=record["origin"] == run.home)
    past = {str(asylum): own.sel(pair=own["asylum"] == asylum).isel(pair=0) for asylum in own["asylum"].values}
    past[ALL_NEIGHBOURS] = own.sum("pair")
    frame["last"] = [float(past[code].isel(year=-1)) for code in frame["asylum"]]
    frame["on_record"] = [float((past[code] > middle(told)).mean()) for code in frame["asylum"]]
    frame = frame.sort_values(f"more_than_{middle(told)}", ascending=False, kind="stable", ignore_index=True)
    return frame.assign(asylum=frame["asylum"].replace(ALL_NEIGHBOURS, TOGETHER))


def flee_table(run: BriefRun, people: People) -> Table | None:
    """Return who newly flees from home over which border in the year shown; None where no table tells of it."""
    if not people.flows:
        return None
    told, record = people.flows[0].told, people.flows[0].record
    first, last = int(record["year"].values[0]), int(record["year"].values[-1])
    return Table(
        "people-flee",
        phrase("tables.people_flee", year=people.year, numbers=listed([whole(n) for n in told[1:] or told])),
        flee_frame(run, people),
        (
            Column("asylum", heading("asylum"), "country"),
            Column("last", phrase("tables.columns.in_year", year=last), "count", "people"),
            Column("median", heading("median"), "estimate", "people"),
            Column("q10", heading("from_80"), "estimate", "people"),
            Column("q90", heading("to"), "estimate", "people"),
            *(
                Column(f"more_than_{n}", phrase("tables.columns.over", number=whole(n)), "probability")
                for n in told[1:] or told
            ),
            *_second(run, phrase("tables.columns.over", number=whole(middle(told)))),
            Column("on_record", phrase("tables.columns.so_often", number=whole(middle(told))), "share"),
        ),
        phrase("tables.people_flee_note", first=first, last=last, scenario=translate(run.first.scenario.title)),
    )


def displaced_table(run: BriefRun, people: People) -> Table | None:
    """Return how many are displaced inside home at the end of each year; None where no count of home is known."""
    if not people.displaced:
        return None
    frames = [one.table().query("country == @home", local_dict={"home": run.home}) for one in people.displaced]
    frame = frames[0].reset_index(drop=True)
    if not len(frame):
        return None
    told = people.displaced[0].told
    if len(frames) > 1:
        frame["second"] = frames[1][f"more_than_{middle(told)}"].to_numpy()
    counted = frame.iloc[0]
    return Table(
        "people-displaced",
        phrase(
            "tables.people_displaced",
            numbers=listed([whole(n) for n in told]),
            counted=whole(float(counted["last_counted"])),
            year=int(counted["counted_in"]),
        ),
        frame.assign(year=frame["year"].astype(str)),
        (
            Column("year", heading("end_of_year")),
            Column("median", heading("median"), "estimate", "people"),
            Column("q10", heading("from_80"), "estimate", "people"),
            Column("q90", heading("to"), "estimate", "people"),
            *(Column(f"more_than_{n}", phrase("tables.columns.over", number=whole(n)), "probability") for n in told),
            *_second(run, phrase("tables.columns.over", number=whole(middle(told)))),
        ),
        phrase("tables.people_displaced_note", scenario=translate(run.first.scenario.title)),
    )


def breaks_frame(run: BriefRun, people: People) -> pd.DataFrame:
    """Return what may break in the year shown: home and the neighbours shown, watched units together, the accord."""
    tables = [found.table() for found in people.breaks]
    if not len(tables[0]):
        return pd.DataFrame(columns=["what", "kind", "country", "chance", "base_rate", "skill"])
    first = tables[0]
    wanted = first["country"].isin([*run.countries, ANY]) & (first["year"] == people.year)
    wanted &= ~((first["kind"] == "watched") & (first["country"] != ANY))
    frame = first[wanted].reset_index(drop=True)
    if len(tables) > 1:
        frame["second"] = tables[1][wanted]["chance"].to_numpy()
    frame["country"] = frame["country"].replace(ANY, AT_LEAST_ONE)
    frame["skill"] = frame["kind"].map(_skills(people.breaks[0]))
    return frame.assign(what=frame["kind"].map(KINDS))


def _skills(breaks: Breaks) -> dict[str, float]:
    """Return by how much such forecasts beat the simple rule on past years, in the Brier score, by kind."""
    if breaks.scores is None:
        return {}
    own = breaks.scores[breaks.scores["model"].isin([JUDGED, MODEL]) & (breaks.scores["score"] == "brier")]
    return {str(kind): float(skill) for kind, skill in zip(own["event"], own["skill"], strict=True)}


def breaks_table(run: BriefRun, people: People) -> Table:
    """Return what may break in the year shown, beside how often it happened in years like it."""
    watched = run.case.definition.watched
    caption = phrase("tables.people_breaks", year=people.year)
    if watched is not None:
        caption = phrase("tables.people_breaks_over", year=people.year, threshold=whole(watched.threshold))
    return Table(
        "people-breaks",
        caption,
        breaks_frame(run, people),
        (
            Column("what", heading("what_breaks")),
            Column("country", heading("country"), "country"),
            Column("chance", heading("chance"), "probability"),
            *_second(run, heading("chance")),
            Column("base_rate", heading("base_rate"), "probability"),
            Column("skill", heading("skill_ahead"), "share"),
        ),
        phrase("tables.people_breaks_note", scenario=translate(run.first.scenario.title)),
    )


def scores_table(run: BriefRun, people: People) -> Table | None:
    """Return what such forecasts earned on past years; None where a case keeps no scores."""
    rows = pd.DataFrame(_scores(run, people))
    if not len(rows):
        return None
    return Table(
        "people-scores",
        phrase("tables.people_scores"),
        rows,
        (
            Column("what", heading("what_breaks")),
            Column("years", heading("years_scored")),
            Column("cells", heading("cases"), "count"),
            Column("rival", heading("rival")),
            Column("skill", heading("skill"), "share"),
            Column("low", heading("skill_low"), "share"),
            Column("high", heading("skill_high"), "share"),
            Column("shown", heading("so_shown")),
        ),
        phrase("tables.people_scores_note"),
    )


def full_tables(run: BriefRun) -> dict[str, pd.DataFrame]:
    """Return who flees, who is displaced and what may break, for all units and years, by scenario."""
    if run.people is None:
        return {}
    every: dict[str, Sequence[Flows | Displaced | Breaks]] = {
        "flows": run.people.flows,
        "displaced": run.people.displaced,
        "breaks": run.people.breaks,
    }
    names = [one.scenario.id for one in run.pair]
    return {
        f"all-{what}": pd.concat(
            [one.table().assign(scenario=name) for name, one in zip(names, found, strict=True)], ignore_index=True
        )
        for what, found in every.items()
        if found
    }


def _scores(run: BriefRun, people: People) -> Iterator[dict[str, object]]:
    killers = None if run.headline_parts is None else run.killers[run.first.scenario.id].best_rules()
    for row in () if killers is None else killers.to_dict("records"):
        yield _row(KILLED[str(row["outcome"])], pd.Series(row), "the best of three simple rules", "the model")
    for what, found, window, model in (
        ("New refugees", people.flows, FLOWS_JUDGED, FLOWS_MODEL),
        ("People displaced inside", people.displaced, DISPLACED_JUDGED, DISPLACED_MODEL),
    ):
        table = found[0].scores if found else None
        if table is not None:
            chosen = (table["window"] == window) & (table["model"] == model) & (table["score"] == "squared")
            yield _row(what, table[chosen].iloc[0], "last year again", "the model")
    breaks = people.breaks[0]
    if breaks.scores is None:
        return
    for kind, part in breaks.parts.items():
        own = breaks.scores[(breaks.scores["event"] == kind) & (breaks.scores["score"] == "brier")]
        judged = own[own["model"].isin([JUDGED, MODEL])]
        if len(judged):
            rival = "accords of all ages" if kind == "accord" else "the rate of years like it"
            shown = {"model": "the model", "curve": "the curve, whatever the score"}.get(part.shown, "the rate alone")
            yield _row(KINDS[kind], judged.iloc[0], rival, shown)
    if AID_WORKERS.id in breaks.parts:
        own = breaks.scores[(breaks.scores["event"] == ATTACKS) & (breaks.scores["score"] == "squared")]
        shown = "the rate alone" if breaks.parts[AID_WORKERS.id].amount is None else "the model"
        yield _row("Number of attacks on aid workers", own.set_index("model").loc[JUDGED], "last year again", shown)


def _row(what: str, row: pd.Series, rival: str, shown: str) -> dict[str, object]:
    told = {"what": what, "years": str(row["window"]).replace("-", "–"), "cells": int(row["cells"]), "rival": rival}
    return told | {"skill": row["skill"], "low": row["skill_low"], "high": row["skill_high"], "shown": shown}


def _second(run: BriefRun, what: str) -> tuple[Column, ...]:
    """Return the column of the second scenario, where there is one."""
    if run.second is None:
        return ()
    title = phrase("tables.columns.under_second", what=what, scenario=translate(run.second.scenario.title))
    return (Column("second", title, "probability"),)


def chances_frame(run: BriefRun, people: People) -> pd.DataFrame:
    """Return the chances that the figure draws, in its order: group, label, first, second, base_rate."""
    rows: list[dict[str, object]] = []
    if people.flows:
        frame, number = flee_frame(run, people), middle(people.flows[0].told)
        group = phrase("figures.chances.flee", number=whole(number), year=people.year)
        for row in frame.to_dict("records"):
            rows.append(_chance(group, _place(row["asylum"]), row[f"more_than_{number}"], row, row["on_record"]))
    table = displaced_table(run, people)
    if table is not None:
        number = middle(people.displaced[0].told)
        group = phrase("figures.chances.displaced", number=whole(number))
        for row in table.frame.to_dict("records"):
            rows.append(_chance(group, row["year"], row[f"more_than_{number}"], row, None))
    group, watched = phrase("figures.chances.breaks", year=people.year), run.case.definition.watched
    for row in breaks_frame(run, people).to_dict("records"):
        label = phrase("figures.chances.label", what=opening(translate(row["what"])), place=_place(row["country"]))
        if row["kind"] == WATCHED.id and watched is not None:
            label = phrase("figures.chances.watched", threshold=whole(watched.threshold))
        rows.append(_chance(group, label, row["chance"], row, row["base_rate"]))
    return pd.DataFrame(rows, columns=["group", "label", "first", "second", "base_rate"])


def _chance(group: str, label: str, first: float, row: dict[str, object], base: float | None) -> dict[str, object]:
    return {"group": group, "label": label, "first": first, "second": row.get("second"), "base_rate": base}


def _place(code: str) -> str:
    return translate(country_name(code))
