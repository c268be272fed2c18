"""Three things to watch: what seen by which month would move an answer, and to where, in a few words each."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..core.language import country_name, phrase, translate, whole
from ..core.months import month_label, month_number
from ..explain.question import Question
from ..explain.signposts import QUARTER, moved
from ..plots.numbers import hundredths, month_words
from .brief_tables import heading
from .content import Statement
from .evidence_of_run import BriefRun
from .signposting import Signposts
from .tables import Column, Table

WATCH = "watch"
"""Id of the table."""

MOST, OF_A_KIND, WORDS = 3, 2, 15
"""At most so many sentences, so many about deaths or about drivers, and so many words in each."""


@dataclass(frozen=True)
class Watched:
    """One thing to watch.

    Attributes
    ----------
    kind : {"deaths", "driver"}
    country : str
        Whose answer it moves.
    what : str
        A driver's branch, in English as its file has it; empty for deaths.
    above : float
        For deaths: more than so many in the months to `month`; NaN for a driver.
    month : str
        By which month it would be seen, `YYYY-MM`: of a driver, when half of the futures that take the branch have.
    threshold : float
        The answer is the chance that the total passes this.
    chance, answer, if_so, if_not, moves, error : float
        As `explain.signposts.moved` returns them.
    """

    kind: str
    country: str
    what: str
    above: float
    month: str
    threshold: float
    chance: float
    answer: float
    if_so: float
    if_not: float
    moves: float
    error: float


def things_to_watch(found: Signposts) -> tuple[Watched, ...]:
    """Return what would move answers beyond the error of the futures, the largest expected movement first.

    Deaths are those of the next three months above the trigger of each card, for the answer about the card's own unit;
    drivers are those of `found.drivers` that may still be seen, for the answer about the question's.
    """
    told = [*_deaths(found), *_drivers(found)]
    felt = [one for one in told if abs(one.if_so - one.if_not) > 2 * one.error]  # not so for NaN
    return tuple(sorted(felt, key=lambda one: -one.moves))


def _deaths(found: Signposts) -> list[Watched]:
    run, question = found.run, found.question
    if len(run.months) < QUARTER:
        return []
    rows = []
    for card in found.cards:
        own = Question(card.country, card.outcome, question.months, card.event)
        early = run.deaths.sel(country=card.country, outcome=card.outcome).isel(month=slice(0, QUARTER)).sum("month")
        passes = np.asarray(own.total(run.deaths) > own.threshold)
        numbers = moved(passes, np.asarray(early > card.threshold))
        month = run.months[QUARTER - 1]
        rows.append(Watched("deaths", card.country, "", card.threshold, month, card.event, *numbers))
    return rows


def _drivers(found: Signposts) -> list[Watched]:
    run, question, rows = found.run, found.question, []
    exit_month, first = month_number(run.clock.exit), month_number(run.months[0])
    for row in found.drivers.dropna(subset=["moves", "half_by"]).to_dict("records"):
        month = exit_month + round(row["half_by"])
        if month >= first:  # what half of the futures have behind them is no news any more
            numbers = [row[name] for name in ("chance", "answer", "if_so", "if_not", "moves", "error")]
            asked = (question.country, str(row["label"]), float("nan"), month_label(month), question.threshold)
            rows.append(Watched("driver", *asked, *numbers))
    return rows


def watch_table(run: BriefRun) -> Table | None:
    """Return everything that is worth watching, by expected movement; None where nothing is felt."""
    told = _told(run)
    if not told:
        return None
    return Table(
        WATCH,
        phrase("signposts.titles.watch"),
        pd.DataFrame(told),
        (
            Column("country", heading("country"), "country"),
            Column("threshold", heading("answer_above"), "count", "deaths"),
            Column("what", heading("news"), "text"),
            Column("above", heading("in_three_months"), "count", "deaths"),
            Column("month", heading("by_month"), "month"),
            Column("chance", heading("chance"), "probability"),
            Column("answer", heading("answer_now"), "probability"),
            Column("if_so", heading("if_so"), "probability"),
            Column("if_not", heading("if_not"), "probability"),
            Column("moves", heading("moves"), "share"),
        ),
        phrase("signposts.watch_note"),
    )


def watch_three(run: BriefRun) -> tuple[Statement, ...]:
    """Return at most three sentences of at most fifteen words, by expected movement.

    Of one kind there are more than two only where the other has nothing to tell.
    Each says of which answer, how it would stand, what would be seen and by which month; numbers are those of
    `watch_table`. A driver whose title is too long for that is cut off.
    """
    ranked = _told(run)
    kinds = [one.kind for one in ranked]
    further = [kinds[:place].count(kind) >= OF_A_KIND for place, kind in enumerate(kinds)]
    first = sorted(range(len(ranked)), key=lambda place: further[place])[:MOST]  # sorting keeps the rank among equals
    return tuple(Statement(_said(ranked[place]), (WATCH,)) for place in sorted(first))


def _told(run: BriefRun) -> tuple[Watched, ...]:
    found: Signposts | None = run.signposts  # None where a run has no year ahead
    return () if found is None else things_to_watch(found)


def _said(one: Watched) -> str:
    words = {
        "country": country_name(one.country), "threshold": whole(one.threshold), "answer": hundredths(one.answer),
        "so": hundredths(one.if_so), "month": month_words(one.month),
    }  # fmt: skip
    if one.kind == "deaths":
        keys = ("signposts.watch_deaths", "signposts.watch_deaths_short")
        return _fitting([phrase(key, above=whole(one.above), **words) for key in keys])
    title = translate(one.what).split()
    shorter = [f"{' '.join(title[:length])}…" for length in range(len(title) - 1, 0, -1)]
    return _fitting([phrase("signposts.watch_driver", driver=shown, **words) for shown in (" ".join(title), *shorter)])


def _fitting(sentences: list[str]) -> str:
    """Return the first sentence that is short enough, else the last."""
    return next((one for one in sentences if len(re.findall(r"\S*\w\S*", one)) <= WORDS), sentences[-1])
