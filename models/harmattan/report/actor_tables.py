"""What each actor can change, as a table and statements of the brief."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ..core.language import country_name, decimal, listed, outcome_name, per_cent, phrase, whole
from ..plots.numbers import first_months_words, hundredths, opening, sensible
from ..run.levers import STUDIES
from .actors import EVERYBODY, Actors
from .content import Statement
from .tables import Column, Table, with_english

LEVERS = "levers"
"""Name of the table."""


def actor_table(found: Actors) -> Table:
    """Return what each lever does at each place."""
    question = found.question
    return Table(
        LEVERS,
        phrase(
            "actors.title",
            outcome=outcome_name(question.outcome),
            period=first_months_words(found.run.months[: question.months]),
            threshold=whole(question.threshold),
            tenth=per_cent(found.run.case.smallest_change.share),
        ),
        with_english(lambda: _told(found), "actor", "lever", "verdict", "rests_on"),
        (
            Column("actor", _heading("actor")),
            Column("lever", _heading("lever")),
            Column("place", _heading("place"), "country"),
            Column("averted", _heading("averted"), "estimate", "deaths"),
            Column("averted_low", _heading("from"), "estimate", "deaths"),
            Column("averted_high", _heading("to"), "estimate", "deaths"),
            Column("verdict", _heading("verdict")),
            Column("share", _heading("share"), "share"),
            Column("drop", _heading("drop"), "hundredths", "probability"),
            Column("drop_low", _heading("drop_from"), "hundredths", "probability"),
            Column("drop_high", _heading("drop_to"), "hundredths", "probability"),
            Column("pays_below", _heading("pays_below"), "hundredths", "cost over loss"),
            Column("rests_on", _heading("rests_on")),
            Column("lines", _heading("lines"), "code"),
        ),
        phrase("actors.note", tenth=per_cent(found.run.case.smallest_change.share)),
    )


def _told(found: Actors) -> pd.DataFrame:
    rows = []
    for row in found.effects.to_dict("records"):
        actor, lever = found.names(row)
        told: dict[str, object] = {name: _deaths(row[name]) for name in ("averted", "averted_low", "averted_high")}
        told |= {"actor": actor, "lever": lever, "verdict": phrase(f"actors.verdicts.{row['verdict']}")}
        rows.append(row | told | {"rests_on": phrase(f"actors.rests_on.{row['rests_on']}")})
    return pd.DataFrame(rows, columns=list(found.effects.columns))


def actor_findings(found: Actors) -> tuple[Statement, ...]:
    """Return the sentences, each with the table that holds its numbers."""
    return tuple(Statement(sentence, (LEVERS,)) for sentence in said(found))


def said(found: Actors) -> Iterator[str]:
    """Yield what the table says: levers that matter at home, those that do not, neighbours, and what it rests on."""
    question = found.question
    every = found.at(question.country)
    here = every[every["actor"] != EVERYBODY]
    told = {"country": country_name(question.country), "outcome": outcome_name(question.outcome)}
    tenth = per_cent(found.run.case.smallest_change.share)
    matter = here[(here["verdict"] == "matters") & (here["averted"] > 0)]
    for row in matter.to_dict("records"):
        yield _one(found, row, "matters")
    if not len(matter):
        yield phrase("actors.none", tenth=tenth, **told)
        yield _one(found, here.iloc[0].to_dict(), "most")
    worse = here[(here["verdict"] == "matters") & (here["averted"] < 0)]
    for verdict, rows in (
        ("undecided", here[here["verdict"] == "undecided"]),
        ("nothing", here[here["verdict"] == "nothing"]),
    ):
        if len(rows):
            yield phrase(f"actors.{verdict}", tenth=tenth, named=_names(found, rows), **told)
    if len(worse):
        yield phrase("actors.worse", named=_names(found, worse), **told)
    for row in every[every["actor"] == EVERYBODY].to_dict("records"):
        yield _one(found, row, "all")
    beyond = found.effects[(found.effects["place"] != question.country) & (found.effects["actor"] != EVERYBODY)]
    if len(beyond):
        yield _elsewhere(found, beyond)
    studied = here[here["rests_on"] == STUDIES]
    if not len(studied):
        yield phrase("actors.no_study")
    elif len(studied) < len(here):
        yield phrase("actors.studied", named=_names(found, studied))


def _one(found: Actors, row: dict[str, Any], key: str) -> str:
    actor, lever = found.names(row)
    question = found.question
    return phrase(
        f"actors.one_{key}",
        actor=opening(actor),
        lever=lever,
        country=country_name(question.country),
        outcome=outcome_name(question.outcome),
        averted=sensible(_deaths(row["averted"])),
        low=sensible(_deaths(row["averted_low"])),
        high=sensible(_deaths(row["averted_high"])),
        threshold=whole(question.threshold),
        drop=_points(row["drop"]),
        drop_low=_points(row["drop_low"]),
        drop_high=_points(row["drop_high"]),
        ratio=decimal(row["pays_below"], 2),
        levers=found.effects["lever"].nunique() - 1,
    )


def _deaths(averted: float) -> float:
    """Return deaths as they are told: whole, so that a tenth of a death more is not told as a loss."""
    return round(averted) + 0.0


def _points(drop: float) -> str:
    return f"−{hundredths(-drop)}" if drop < -0.005 else str(hundredths(drop)) if drop > 0.005 else "0"


def _names(found: Actors, rows: pd.DataFrame) -> str:
    return listed([phrase("number.quoted", text=found.names(row)[1]) for row in rows.to_dict("records")])


def _elsewhere(found: Actors, rows: pd.DataFrame) -> str:
    matter = rows[rows["verdict"] == "matters"]
    places = listed([str(country_name(place)) for place in dict.fromkeys(rows["place"])])
    most = rows.loc[rows["averted"].idxmax()].to_dict()
    values = {"lever": found.names(most)[1], "country": country_name(most["place"])}
    values |= {
        "averted": sensible(_deaths(most["averted"])),
        "tenth": per_cent(found.run.case.smallest_change.share),
        "places": places,
    }
    return phrase("actors.elsewhere" if len(matter) else "actors.elsewhere_none", **values)


def _heading(name: str) -> str:
    return phrase(f"actors.columns.{name}")
