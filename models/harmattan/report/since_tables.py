"""What changed since an earlier run, as tables and sentences: better, unchanged or worse by what the case declares.

Costs nothing: everything was computed by `run.since`.
"""

from collections.abc import Sequence

import pandas as pd

from ..core.language import country_name, decimal, listed, outcome_name, per_cent, phrase, translate, whole
from ..core.smallest_change import ARROWS, judged_words
from ..plots.numbers import in_hundred, sensible, span_words
from ..run.since_result import WHOLE, Since
from .content import Statement
from .tables import Column, Table

ANSWERS, PARTS, CAME = "since", "since-parts", "since-came"
"""Names of the tables."""

TOLD = 4
"""Units that sentences are about, at most, where none are named."""


def since_tables(found: Since, countries: Sequence[str] | None = None) -> tuple[Table, ...]:
    """Return the answers then and now, what each part changed, and what came of the earlier forecast.

    Parameters
    ----------
    found : Since
        Within `telling` of its case.
    countries : sequence of str, optional
        Units to show; all by default.

    Returns
    -------
    tuple of Table
        `since`, `since-parts`, and `since-came` where months of the earlier forecast are on record by now.
    """
    frame = _shown(found.to_frame(), countries)
    came = () if found.came.empty else (_came_table(found, _shown(found.came, countries)),)
    return (_answers_table(found, frame), _parts_table(found, frame), *came)


def since_statements(found: Since, countries: Sequence[str] | None = None) -> tuple[Statement, ...]:
    """Return what changed in sentences, each with the tables that hold its numbers.

    Parameters
    ----------
    found : Since
        Within `telling` of its case.
    countries : sequence of str, optional
        Units that are told of; home and those where something changed by default.
    """
    told = tuple(countries or countries_told(found))
    frame = found.to_frame().set_index(["country", "part"])
    said = [Statement(_asked(found), (ANSWERS,))]
    said += [Statement(_answer(found, unit, frame.loc[(unit, WHOLE)]), (ANSWERS,)) for unit in told]
    if found.untold:
        parts = listed([translate(part) for part in found.untold])
        said.append(Statement(phrase("since.untold", parts=parts, why=translate(found.why))))
    else:
        said.append(Statement(_parts(told[0], frame.loc[told[0]]), (PARTS,)))
    if not found.came.empty:
        said.append(Statement(_came(found, found.came.set_index("country").loc[told[0]]), (CAME,)))
    return tuple(said)


def countries_told(found: Since) -> list[str]:
    """Return home and the units whose answers surely changed by enough, those first that changed by most deaths.

    Parameters
    ----------
    found : Since

    Returns
    -------
    list of str
        `TOLD` units at most.
    """
    frame = found.to_frame()
    whole_rows = frame[frame["part"] == WHOLE].set_index("country")
    moved = (whole_rows[["chance_standing", "deaths_standing"]] == "above").any(axis=1)
    others = whole_rows[moved].drop(index=found.case.home, errors="ignore")["deaths"].abs()
    home = [found.case.home] if found.case.home in whole_rows.index else [str(whole_rows.index[0])]
    return [*home, *(str(unit) for unit in others.sort_values(ascending=False).index if unit not in home)][:TOLD]


def smallest_words(found: Since) -> str:
    """Return in words what a change must exceed to be called better or worse."""
    small = found.smallest
    return phrase("since.smallest", points=_plain(100 * small.chance), share=per_cent(small.share))


def _shown(frame: pd.DataFrame, countries: Sequence[str] | None) -> pd.DataFrame:
    return frame if countries is None else frame[frame["country"].isin(list(countries))]


def _asked(found: Since) -> str:
    then, now = (span_words(months[0], months[-1]) for months in found.months)
    key = "since.same_months" if then == now else "since.other_months"
    return f"{phrase(key, then=then, now=now)} {smallest_words(found)}"


def _answer(found: Since, unit: str, row: pd.Series) -> str:
    return phrase(
        "since.answer",
        arrow=ARROWS[row["deaths_verdict"]],
        country=country_name(unit),
        threshold=whole(found.threshold),
        outcome=outcome_name(found.outcome),
        chance_then=in_hundred(row["chance_then"]),
        chance_now=in_hundred(row["chance_now"]),
        chance_verdict=judged_words(row["chance_verdict"], row["chance_standing"]),
        deaths_then=sensible(row["deaths_then"], 3),
        deaths_now=sensible(row["deaths_now"], 3),
        deaths_verdict=judged_words(row["deaths_verdict"], row["deaths_standing"]),
    )


def _parts(unit: str, rows: pd.DataFrame) -> str:
    parts = [
        phrase("since.part", part=translate(str(part)), points=_signed(100 * row["chance"]))
        for part, row in rows.iterrows()
        if part != WHOLE
    ]
    points = _signed(100 * rows.loc[WHOLE, "chance"])
    return phrase("since.parts", country=country_name(unit), whole=points, parts=listed(parts))


def _came(found: Since, row: pd.Series) -> str:
    months = found.months[0][: int(row["months"])]
    return phrase(
        "since.came",
        country=country_name(str(row.name)),
        span=span_words(months[0], months[-1]),
        outcome=outcome_name(found.outcome),
        recorded=whole(row["recorded"]),
        expected=sensible(row["expected"]),
        low=sensible(row["q10"]),
        high=sensible(row["q90"]),
    )


def _answers_table(found: Since, frame: pd.DataFrame) -> Table:
    rows = frame[frame["part"] == WHOLE]
    return Table(
        ANSWERS,
        _title(found, "answers"),
        rows.assign(arrow=rows["deaths_verdict"].map(ARROWS)),
        (
            Column("country", _heading("country"), "country"),
            Column("arrow", _heading("arrow"), "code"),
            Column("chance_then", _heading("chance_then"), "probability"),
            Column("chance_now", _heading("chance_now"), "probability"),
            Column("chance_verdict", _heading("chance_verdict"), "text"),
            Column("deaths_then", _heading("deaths_then"), "close", "deaths"),
            Column("deaths_now", _heading("deaths_now"), "close", "deaths"),
            Column("deaths_verdict", _heading("deaths_verdict"), "text"),
        ),
        smallest_words(found),
    )


def _parts_table(found: Since, frame: pd.DataFrame) -> Table:
    points = frame.assign(points=(100 * frame["chance"]).round(1), points_error=(100 * frame["chance_error"]).round(1))
    return Table(
        PARTS,
        _title(found, "parts"),
        points,
        (
            Column("country", _heading("country"), "country"),
            Column("part", _heading("part"), "text"),
            Column("points", _heading("points"), "number", "points"),
            Column("points_error", _heading("error"), "number", "points"),
            Column("chance_verdict", _heading("chance_verdict"), "text"),
            Column("chance_standing", _heading("standing"), "text"),
            Column("deaths", _heading("deaths"), "number", "deaths"),
            Column("deaths_error", _heading("error"), "number", "deaths"),
            Column("deaths_verdict", _heading("deaths_verdict"), "text"),
            Column("deaths_standing", _heading("standing"), "text"),
        ),
        phrase("since.parts_note"),
    )


def _came_table(found: Since, came: pd.DataFrame) -> Table:
    months = found.months[0][: int(came["months"].iloc[0])]
    return Table(
        CAME,
        phrase("since.titles.came", span=span_words(months[0], months[-1]), outcome=outcome_name(found.outcome)),
        came,
        (
            Column("country", _heading("country"), "country"),
            Column("expected", _heading("expected"), "estimate", "deaths"),
            Column("q10", _heading("q10"), "estimate", "deaths"),
            Column("q90", _heading("q90"), "estimate", "deaths"),
            Column("recorded", _heading("recorded"), "count", "deaths"),
        ),
    )


def _title(found: Since, key: str) -> str:
    then, now = (span_words(months[0], months[-1]) for months in found.months)
    asked = {"threshold": whole(found.threshold), "outcome": outcome_name(found.outcome)}
    return phrase(f"since.titles.{key}", then=then, now=now, **asked)


def _heading(name: str) -> str:
    return phrase(f"since.columns.{name}")


def _plain(number: float) -> str:
    """Return a number with one decimal, or none where it needs none."""
    return decimal(number, 0 if abs(number - round(number)) < 0.05 else 1)


def _signed(points: float) -> str:
    """Return points with their sign."""
    size = _plain(abs(points))
    if size == "0":
        return size
    return phrase("since.more" if points > 0 else "since.less", points=size)
