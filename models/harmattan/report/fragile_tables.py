"""How fragile the answer is, as tables and statements of the brief."""

from collections.abc import Callable

import pandas as pd

from ..core.language import country_name, outcome_name, per_cent, phrase, whole
from ..plots.numbers import first_months_words, scenario_words
from .content import Statement
from .fragile_words import MOVEMENTS, RANGE, TIPPING, left_out_words, said
from .fragility import Fragility
from .scenario_range import WATCHED
from .tables import Column, Table, with_english


def fragile_tables(found: Fragility) -> tuple[Table, ...]:
    """Return the tables; those with nothing in them are left out."""
    made: tuple[tuple[pd.DataFrame, Callable[[Fragility], Table]], ...] = (
        (found.scenarios, range_table),
        (found.movements, movement_table),
        (found.point_table(), tipping_table),
    )
    return tuple(make(found) for frame, make in made if len(frame))


def fragile_findings(found: Fragility) -> tuple[Statement, ...]:
    """Return the sentences, each with the table that holds its numbers."""
    return tuple(Statement(sentence, (table,)) for table, sentence in said(found))


def range_table(found: Fragility) -> Table:
    """Return what each scenario has for each place."""
    question, watched = found.question, found.run.case.definition.watched
    how_many = float("nan") if watched is None else float(len(watched.units))
    frame = with_english(
        lambda: found.scenarios.assign(
            place=[_place(place, found) for place in found.scenarios["place"]],
            of=found.scenarios["place"].map({WATCHED: how_many}),
        ),
        "place",
    )
    period = first_months_words(found.run.months[: question.months])
    return Table(
        RANGE,
        phrase(
            "fragility.titles.range",
            outcome=outcome_name(question.outcome),
            period=period,
            threshold=whole(question.threshold),
        ),
        frame,
        (
            Column("scenario", _heading("scenario"), "scenario"),
            Column("place", _heading("place")),
            Column("expected", _heading("expected"), "estimate", "deaths"),
            Column("q10", _heading("from"), "estimate", "deaths"),
            Column("q90", _heading("to"), "estimate", "deaths"),
            Column("probability", _heading("chance", threshold=whole(question.threshold)), "probability"),
            Column("over", _heading("over"), "hundredths"),
            Column("of", _heading("of"), "count"),
        ),
        phrase("fragility.notes.range"),
    )


def movement_table(found: Fragility) -> Table:
    """Return how the answer moves with each change, the answer itself first."""
    return Table(
        MOVEMENTS,
        phrase("fragility.titles.movements", tenth=per_cent(found.run.case.smallest_change.share)),
        with_english(lambda: _movements(found), "change", "verdict", "method"),
        (
            Column("change", _heading("change")),
            Column("mean", _heading("expected"), "close", "deaths"),
            Column("mean_share", _heading("share"), "share"),
            Column("mean_error", _heading("error"), "number", "deaths"),
            Column("probability", _heading("chance", threshold=whole(found.question.threshold)), "probability"),
            Column("verdict", _heading("verdict")),
            Column("method", _heading("method")),
        ),
        phrase("fragility.notes.movements"),
    )


def tipping_table(found: Fragility) -> Table:
    """Return what would undo each difference."""
    return Table(
        TIPPING,
        phrase("fragility.titles.tipping"),
        with_english(lambda: _points(found), "what"),
        (
            Column("what", _heading("difference")),
            Column("one", _heading("one"), "estimate", "deaths"),
            Column("other", _heading("other"), "estimate", "deaths"),
            Column("ratio", _heading("ratio"), "hundredths"),
            Column("low", _heading("from"), "hundredths"),
            Column("high", _heading("to"), "hundredths"),
            Column("e_value", _heading("e_value"), "hundredths"),
            Column("e_value_of_range", _heading("e_value_of_range"), "hundredths"),
            Column("as_large", _heading("as_large"), "count"),
            Column("pairs", _heading("pairs"), "count"),
        ),
        phrase("fragility.notes.tipping"),
    )


def _movements(found: Fragility) -> pd.DataFrame:
    now = {"change": phrase("fragility.changes.none"), "mean": found.mean, "probability": found.probability}
    rows = [
        {"change": left_out_words(row)}
        | {name: row[name] for name in ("mean", "mean_share", "mean_error", "probability")}
        | {"verdict": phrase(f"fragility.verdicts.{row['verdict']}"), "method": _method(row["method"])}
        for row in found.movements.to_dict("records")
    ]
    columns = ["change", "mean", "mean_share", "mean_error", "probability", "verdict", "method"]
    return pd.DataFrame([now, *rows], columns=columns)


def _points(found: Fragility) -> pd.DataFrame:
    frame, names = found.point_table(), []
    for row in frame.to_dict("records"):
        scenarios = {key: scenario_words(row[key]) for key in ("first", "second")} if row["first"] else {}
        names.append(phrase(f"fragility.points.{row['what']}", **scenarios))
    return frame.assign(what=names)


def _heading(name: str, **values: object) -> str:
    return phrase(f"fragility.columns.{name}", **values)


def _place(place: str, found: Fragility) -> str:
    watched = found.run.case.definition.watched
    if place == WATCHED and watched is not None:
        return phrase("fragility.watched_place")
    return str(country_name(place))


def _method(method: str) -> str:
    return phrase(f"fragility.methods.{method.replace(' ', '_')}")
