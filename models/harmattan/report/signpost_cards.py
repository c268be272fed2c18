"""Cards of triggers: threshold, chance now, and what the trigger was worth on record, as records, table and markup."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

import pandas as pd

from ..core.language import country_name, outcome_name, phrase, whole
from ..explain.signposts import Card
from ..plots.numbers import hundredths, in_hundred, opening
from .brief_tables import heading
from .signposting import Signposts
from .tables import Column, Table

RECORD = "trigger-record"
"""Id of the table."""


@dataclass(frozen=True)
class TriggerCard:
    """A trigger in the reader's words, with the counts that they rest on.

    Attributes
    ----------
    card : Card
    title : str
        What is watched.
    lines : tuple of (str, str)
        What is told and how it stands.
    """

    card: Card
    title: str
    lines: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"title": self.title, "lines": [list(line) for line in self.lines], **asdict(self.card)}


def trigger_cards(found: Signposts) -> tuple[TriggerCard, ...]:
    """Return a card for each trigger, in the language that is spoken."""
    return tuple(_told(card) for card in found.cards)


def _told(card: Card) -> TriggerCard:
    words = {"country": country_name(card.country), "outcome": outcome_name(card.outcome)}
    title = phrase("signposts.cards.title", threshold=whole(card.threshold), **words)
    events, alarms = card.warned + card.missed, card.warned + card.false
    quiet = card.false + card.quiet
    lines = [
        ("sign", phrase("signposts.cards.of", event=whole(card.event))),
        ("active", in_hundred(card.active)),
        ("foreseen", _counted(card.warned, events, card.hits)),
        ("right", _counted(card.warned, alarms, card.right)),
        ("mistaken", _counted(card.false, quiet, card.alarmed)),
        ("lead", _lead(card)),
    ]
    return TriggerCard(card, opening(title), tuple((phrase(f"signposts.cards.{key}"), text) for key, text in lines))


def _counted(yes: int, count: int, share: tuple[float, float, float]) -> str:
    """Return a count of many with its interval; where it is none or all, by the rule of three."""
    if not count:
        return phrase("signposts.cards.none")
    _, low, high = share
    key = "at_most" if not yes else "at_least" if yes == count else "between"
    numbers = {"low": hundredths(low), "high": hundredths(high)}
    return phrase(f"signposts.cards.{key}", yes=whole(yes), count=whole(count), **numbers)


def _lead(card: Card) -> str:
    if not card.leads:
        return phrase("signposts.cards.never_led")
    middle, least, most = card.lead
    return phrase("signposts.cards.months", middle=f"{middle:g}", least=f"{least:g}", most=f"{most:g}")


def card_table(found: Signposts) -> Table | None:
    """Return what triggers were worth on record, one row a trigger; None where there is none."""
    frame = found.card_table()
    if not len(frame):
        return None
    frame = pd.DataFrame(frame).assign(quiet_all=frame["false"] + frame["quiet"])
    return Table(
        RECORD,
        phrase("signposts.titles.record"),
        frame,
        (
            Column("country", heading("country"), "country"),
            Column("warned", heading("warned"), "count"),
            Column("events", heading("such_years"), "count"),
            Column("hits_low", heading("hits_from"), "share"),
            Column("hits_high", heading("to"), "share"),
            Column("missed", heading("missed"), "count"),
            Column("alarms", heading("alarms"), "count"),
            Column("right_low", heading("right_from"), "share"),
            Column("right_high", heading("to"), "share"),
            Column("false", heading("false_alarms"), "count"),
            Column("quiet_all", heading("other_quarters"), "count"),
            Column("alarmed_low", heading("alarmed_from"), "share"),
            Column("alarmed_high", heading("to"), "share"),
            Column("lead", heading("lead"), "number", "months"),
            Column("lead_low", heading("lead_from"), "count", "months"),
            Column("lead_high", heading("to"), "count", "months"),
        ),
        phrase("signposts.record_note"),
    )


def card_markup(cards: Sequence[TriggerCard]) -> str:
    """Return cards as markup: articles of class `trigger` in a list of class `triggers`, headings of level 3.

    Numbers stand in the tables `triggers` and `trigger-record`.
    """
    return "".join(['<div class="triggers">\n', *map(_article, cards), "</div>\n"]) if cards else ""


def _article(told: TriggerCard) -> str:
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in told.lines)
    return f'<article class="trigger"><h3>{escape(told.title)}</h3><dl>{rows}</dl></article>\n'
