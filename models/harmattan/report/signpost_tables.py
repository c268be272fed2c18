"""The brief's section on what to watch: sentences, triggers, and deaths that would tell the scenarios apart."""

import pandas as pd

from ..core.language import phrase
from .brief_tables import heading
from .content import Statement
from .signpost_cards import RECORD, card_table
from .signposting import Signposts
from .tables import Column, Table

CARDS, APART, NEWS, DATA = "triggers", "told-apart", "news-of-drivers", "next-data"
"""Names of the tables."""

KINDS = {"out": "published", "candidates": "candidates, provisional", "final": "final"}
"""What releases are, as the CSV says it in every language."""


def signpost_tables(found: Signposts) -> tuple[Table, ...]:
    """Return the tables of the section; those with nothing in them are left out."""
    made = ((_news_table, found.drivers), (_apart_table, found.apart), (_cards_table, found.card_table()))
    record, known = card_table(found), pd.DataFrame(found.next_data)
    tables = [*(make(frame) for make, frame in made if len(frame)), *(() if record is None else (record,))]
    return (*tables, *((_data_table(known),) if len(known) else ()))


def _data_table(frame: pd.DataFrame) -> Table:
    frame = frame.assign(what=frame["kind"].map(KINDS), span=frame["first"] + "/" + frame["last"])
    return Table(
        DATA,
        phrase("signposts.titles.data"),
        frame,
        (
            Column("release", heading("release"), "code"),
            Column("what", heading("release_kind"), "text"),
            Column("span", heading("months_held"), "span"),
            Column("expected_first", heading("expected_from"), "month"),
            Column("expected_last", heading("to"), "month"),
        ),
        phrase("signposts.data_note"),
    )


def _cards_table(frame: pd.DataFrame) -> Table:
    return Table(
        CARDS,
        phrase("signposts.titles.cards"),
        frame,
        (
            Column("country", heading("country"), "country"),
            Column("threshold", heading("in_three_months"), "count", "deaths"),
            Column("event", heading("year_above"), "count", "deaths"),
            Column("active", heading("chance"), "probability"),
            Column("warned", heading("warned"), "count"),
            Column("events", heading("such_years"), "count"),
            Column("false", heading("false_alarms"), "count"),
            Column("alarms", heading("alarms"), "count"),
            Column("hits_low", heading("hits_from"), "share"),
            Column("hits_high", heading("to"), "share"),
        ),
        phrase("signposts.cards_note"),
    )


def _apart_table(frame: pd.DataFrame) -> Table:
    return Table(
        APART,
        phrase("signposts.titles.apart"),
        frame,
        (
            Column("month", heading("after_months"), "count"),
            Column("deaths", heading("more_deaths_than"), "count", "deaths"),
            Column("first_has", heading("in_first"), "probability"),
            Column("second_has", heading("in_second"), "probability"),
            Column("chance_first", heading("chance_first"), "probability"),
        ),
        phrase("signposts.apart_note"),
    )


def _news_table(frame: pd.DataFrame) -> Table:
    return Table(
        NEWS,
        phrase("signposts.titles.drivers"),
        frame,
        (
            Column("label", heading("driver"), "driver"),
            Column("chance", heading("chance"), "probability"),
            Column("if_so", heading("if_so"), "probability"),
            Column("if_not", heading("if_not"), "probability"),
            Column("error", heading("error"), "share"),
            Column("moves", heading("moves"), "share"),
        ),
        phrase("signposts.news_note"),
    )


def signpost_findings(found: Signposts) -> tuple[Statement, ...]:
    """Return the sentences of the section, each with the table that holds its numbers."""
    held = {"card": (CARDS, RECORD), "data": (DATA,), "apart": (APART,), "driver": (NEWS, "exceedance")}
    there = {table.id for table in signpost_tables(found)} | {"exceedance"}
    return tuple(
        Statement(sentence, tuple(table for table in held[kind] if table in there)) for kind, sentence in found.said()
    )
