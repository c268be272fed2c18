"""What is said of people and states: who flees where, who is displaced, what may break, and what is not told."""

from collections.abc import Iterator
from math import isnan

from ..core.language import country_name, listed, per_cent, phrase, translate, whole
from ..core.names import ONE_SIDED_PARTS
from ..follow.accord import ACCORD
from ..plots.numbers import joined
from .brief_tables import AT_LEAST_ONE
from .content import Statement
from .evidence_of_run import BriefRun
from .people import People
from .people_tables import KINDS, TOGETHER, breaks_frame, displaced_table, flee_frame, middle, scores_table
from .perpetrator_tables import KILLERS, who_kills_frame
from .words import in_hundred, sensible

LEAST = 0.01
"""Chance of a flow from which a sentence names where it goes; the table has all."""


def people_findings(run: BriefRun) -> tuple[Statement, ...]:
    """Return the sentences that open the section."""
    return () if run.people is None else tuple(_findings(run, run.people))


def not_forecast(run: BriefRun) -> tuple[tuple[str, str], ...]:
    """Return what readers ask for and is not forecast, with the reason, in the reader's language."""
    if run.people is None:
        return ()
    reasons = run.people.breaks[0].reasons
    return tuple(zip(reasons["what"], reasons["why"], strict=True))


def _findings(run: BriefRun, people: People) -> Iterator[Statement]:
    breaks = people.breaks[0]
    if run.headline_parts is not None:
        yield _killers(run)
    yield _flee(run, people) if people.flows else Statement(phrase("findings.people_no_flows"))
    yield from _displaced(run, people) if people.displaced else (Statement(phrase("findings.people_no_displaced")),)
    if len(breaks_frame(run, people)):
        yield _breaks(run, people)
    if breaks.missing:
        yield Statement(" ".join(breaks.notes()[: len(breaks.missing)]))
    rates = [inside(translate(KINDS[part.id])) for part in breaks.parts.values() if part.shown == "by history"]
    if (scored := scores_table(run, people)) is not None:
        parts = [
            phrase("findings.people_score", what=inside(translate(row["what"])), skill=per_cent(row["skill"]))
            for row in scored.frame.to_dict("records")
        ]
        yield Statement(phrase("findings.people_scores", parts=listed(parts)), (scored.id,))
    if rates:
        key = "findings.people_unscored" if breaks.scores is None else "findings.people_rates"
        yield Statement(phrase(key, names=listed(rates)))
    if ACCORD.id in breaks.parts:
        yield Statement(phrase("findings.people_accord"))


def _killers(run: BriefRun) -> Statement:
    """Return who kills civilians at home in the first twelve months, beside who did in the twelve before."""
    parts = killed_parts(run, "findings.people_killed")
    return Statement(phrase("findings.people_killers", period=run.period(), parts="; ".join(parts)), (KILLERS,))


def killed_parts(run: BriefRun, key: str) -> list[str]:
    """Return how many civilians each perpetrator kills at home in the first twelve months, by a phrase for each."""
    frame = who_kills_frame(run)
    rows = frame[(frame["country"] == run.home) & (frame["scenario"] == run.first.scenario.id)].set_index("outcome")
    return [
        phrase(
            key,
            who=phrase(f"findings.people_{part}"),
            before=whole(rows.at[part, "before"]),
            median=sensible(rows.at[part, "median"]),
            low=sensible(rows.at[part, "lower_80"]),
            high=sensible(rows.at[part, "upper_80"]),
            recorded=""
            if isnan(came := float(rows.at[part, "recorded"]))
            else phrase("answers.recorded", number=whole(came)),
        )
        for part in ONE_SIDED_PARTS
    ]


def _flee(run: BriefRun, people: People) -> Statement:
    number = middle(people.flows[0].told)
    frame = flee_frame(run, people)
    chances = {str(row["asylum"]): in_hundred(row[f"more_than_{number}"]) for row in frame.to_dict("records")}
    together = chances.pop(TOGETHER)
    least = frame.set_index("asylum")[f"more_than_{number}"]
    named = [place for place in chances if least[place] >= LEAST]
    parts = [phrase("findings.people_flee_part", place=country_name(place), chance=chances[place]) for place in named]
    if len(named) < len(chances):
        parts.append(phrase("findings.people_flee_rest"))
    parts.append(phrase("findings.people_flee_together", chance=together))
    return Statement(
        phrase("findings.people_flee", number=whole(number), year=people.year, parts=joined(parts)), ("people-flee",)
    )


def _displaced(run: BriefRun, people: People) -> Iterator[Statement]:
    table = displaced_table(run, people)
    if table is None:
        return
    row = table.frame[table.frame["year"] == str(people.year)].iloc[0]
    numbers = {"median": sensible(row["median"]), "low": sensible(row["q10"]), "high": sensible(row["q90"])}
    counted = {"counted": whole(float(row["last_counted"])), "last": int(row["counted_in"])}
    sentence = phrase("findings.people_displaced", year=people.year, **numbers, **counted)
    yield Statement(sentence, ("people-displaced",))


def _breaks(run: BriefRun, people: People) -> Statement:
    frame = breaks_frame(run, people)
    parts = []
    for what, rows in frame.groupby("what", sort=False):
        places = [
            phrase(
                "findings.people_break_place",
                place=_place(row["country"]),
                chance=in_hundred(row["chance"]),
            )
            for row in rows.to_dict("records")
        ]
        parts.append(phrase("findings.people_break", what=inside(translate(str(what))), places=joined(places)))
    return Statement(phrase("findings.people_breaks", year=people.year, parts=listed(parts)), ("people-breaks",))


def _place(code: str) -> str:
    """Return a unit's name; words that stand for several begin small within a sentence."""
    return inside(translate(code)) if code == AT_LEAST_ONE else str(country_name(code))


def inside(text: str) -> str:
    """Return a text as it stands within a sentence."""
    return text[:1].lower() + text[1:]
