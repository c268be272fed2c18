"""People and states on the brief's own page: a row for each question with what such forecasts have earned."""

from collections.abc import Iterator, Mapping
from math import isnan

import pandas as pd

from ..core.language import country_name, listed, per_cent, phrase, translate, whole
from ..core.names import ONE_SIDED_PARTS
from ..follow.watched import WATCHED
from ..plots.numbers import joined
from .brief_tables import AT_LEAST_ONE
from .content import Statement
from .evidence_of_run import BriefRun
from .people import People
from .people_tables import KILLED, TOGETHER, breaks_frame, displaced_table, flee_frame, middle, scores_table
from .people_words import inside, killed_parts
from .perpetrator_tables import KILLERS
from .words import in_hundred, sensible

BORDERS_TOLD = 3
"""Borders that the row on who flees names, the likeliest; the table has all."""

SCORES = "people-scores"


def people_rows(run: BriefRun) -> tuple[Statement, ...]:
    """Return a row for each question of which anything is forecast, and what their scores mean."""
    return () if run.people is None else tuple(_rows(run, run.people))


def _rows(run: BriefRun, people: People) -> Iterator[Statement]:
    scored = scores_table(run, people)
    skills = {} if scored is None else dict(zip(scored.frame["what"], scored.frame["skill"], strict=True))
    if run.headline_parts is not None:
        yield _killers(run, skills)
    if people.flows:
        yield _flee(run, people, skills)
    table = displaced_table(run, people) if people.displaced else None
    if table is not None:
        yield _displaced(people, table.frame, skills)
    frame = breaks_frame(run, people)
    frame = frame[frame["country"].isin([run.home, AT_LEAST_ONE])]
    if len(frame):
        yield _breaks(run, people, frame)
    yield Statement(phrase("findings.people_row_skill_means"), () if scored is None else (SCORES,))


def _row(name: str, sentence: str, tables: tuple[str, ...], skills: list[float]) -> Statement:
    """Return a row: its question, the sentence, and the skill of such forecasts where it is kept."""
    if not skills:
        return Statement(sentence, tables, phrase(f"findings.people_row_{name}"))
    skill = phrase("findings.people_row_skill", skill=listed([per_cent(one) for one in skills]))
    return Statement(f"{sentence} {skill}", (*tables, SCORES), phrase(f"findings.people_row_{name}"))


def _killers(run: BriefRun, skills: Mapping[str, float]) -> Statement:
    parts = killed_parts(run, "findings.people_row_killed")
    text = phrase("findings.people_row_killers_text", period=run.period(), parts=joined(parts))
    earned = [skills[KILLED[part]] for part in ONE_SIDED_PARTS if KILLED[part] in skills]
    return _row("killers", text, (KILLERS,), earned)


def _flee(run: BriefRun, people: People, skills: Mapping[str, float]) -> Statement:
    number = middle(people.flows[0].told)
    chances = flee_frame(run, people).set_index("asylum")[f"more_than_{number}"]
    borders = chances.drop(TOGETHER)[:BORDERS_TOLD]
    parts = [
        phrase("findings.people_flee_part", place=country_name(str(place)), chance=in_hundred(chance))
        for place, chance in borders.items()
    ]
    together = phrase("findings.people_flee_together", chance=in_hundred(chances[TOGETHER]))
    text = phrase(
        "findings.people_row_flee_text", number=whole(number), year=people.year, parts=joined([together, *parts])
    )
    return _row("flee", text, ("people-flee",), _of(skills, "New refugees"))


def _displaced(people: People, frame: pd.DataFrame, skills: Mapping[str, float]) -> Statement:
    row = frame[frame["year"] == str(people.year)].iloc[0]
    text = phrase(
        "findings.people_row_displaced_text",
        year=people.year,
        median=sensible(row["median"]),
        low=sensible(row["q10"]),
        high=sensible(row["q90"]),
        counted=whole(float(row["last_counted"])),
        last=int(row["counted_in"]),
    )
    return _row("displaced", text, ("people-displaced",), _of(skills, "People displaced inside"))


def _breaks(run: BriefRun, people: People, frame: pd.DataFrame) -> Statement:
    """Return what may break, each kind with its own skill, or that history alone is shown."""
    parts = []
    for row in frame.to_dict("records"):
        known = not isnan(float(row["skill"])) and row["shown"] != "by history"
        earned = phrase("findings.people_row_skilled", skill=per_cent(row["skill"])) if known else ""
        if row["shown"] == "by history":
            earned = phrase("findings.people_row_history")
        what = inside(translate(str(row["what"])))
        watched = run.case.definition.watched
        if row["kind"] == WATCHED.id and watched is not None:
            what = phrase("findings.people_row_watched", threshold=whole(watched.threshold))
        parts.append(
            phrase("findings.people_row_break", what=what, chance=in_hundred(row["chance"]), earned=earned).rstrip()
        )
    text = phrase("findings.people_row_breaks_text", year=people.year, parts=joined(parts))
    return Statement(text, ("people-breaks",), phrase("findings.people_row_breaks"))


def _of(skills: Mapping[str, float], what: str) -> list[float]:
    return [skills[what]] if what in skills else []
