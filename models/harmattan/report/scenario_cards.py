"""Scenarios side by side, one row each: what is assumed, and what it means at home and where the case watches."""

import pandas as pd

from ..core.language import country_name, outcome_name, phrase, translate, whole
from ..plots.numbers import first_months_words
from ..schema.scenario import load_scenario
from .brief_tables import heading
from .fragility import Fragility
from .scenario_range import WATCHED
from .tables import Column, Table, with_english

CARDS = "scenario-cards"
"""Name of the table."""


def cards_table(found: Fragility) -> Table:
    """Return the scenarios of `fragility.scenarios`, the one told first and the others from low to high at home."""
    question = found.question
    table = with_english(lambda: _told(found), "title", "assumes")
    others = table.iloc[1:].sort_values("expected", kind="stable")
    country = country_name(question.country)
    told = {"country": country, "outcome": outcome_name(question.outcome)}
    told |= {"period": first_months_words(found.run.months[: question.months])}
    return Table(
        CARDS,
        phrase("tables.cards", **told),
        pd.concat([table.iloc[:1], others], ignore_index=True),
        (
            Column("title", heading("scenario")),
            Column("assumes", heading("assumes")),
            Column("expected", heading("expected"), "estimate", "deaths"),
            Column("q10", heading("from_80"), "estimate", "deaths"),
            Column("q90", heading("to"), "estimate", "deaths"),
            Column("probability", f"> {whole(question.threshold)}", "probability"),
            *((Column("over", phrase("tables.cards_over"), "hundredths"),) if "over" in table else ()),
        ),
        phrase("tables.cards_note"),
    )


def _told(found: Fragility) -> pd.DataFrame:
    question, frame = found.question, found.scenarios.set_index(["scenario", "place"])
    names = list(dict.fromkeys(found.scenarios["scenario"]))
    rows = []
    for name in names:
        home = frame.loc[(name, question.country)]
        row = {name_: home[name_] for name_ in ("expected", "q10", "q90", "probability")}
        row |= {"title": _title(found, name), "assumes": _condition(found, name)}
        over = frame["over"].get((name, WATCHED))
        rows.append(row if over is None else row | {"over": over})
    return pd.DataFrame(rows)


def _title(found: Fragility, name: str) -> str:
    own = found.run.scenario
    return str(translate(own.title if name == own.id else load_scenario(name).title))


def _condition(found: Fragility, name: str) -> str:
    own = found.run.scenario
    scenario = own if name == own.id else load_scenario(name)
    return str(translate(" ".join(scenario.condition.split())))
