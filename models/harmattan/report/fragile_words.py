"""What is said of how fragile an answer is: each sentence after the table that holds its numbers."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ..core.language import country_name, decimal, listed, outcome_name, per_cent, phrase, translate, whole
from ..plots.numbers import first_months_words, in_hundred, scenario_words, sensible
from .fragility import Fragility, TippingPoint
from .scenario_range import WATCHED, ends_of

RANGE, MOVEMENTS, TIPPING = "scenario-range", "fragility", "tipping"
"""Names of the tables."""

ALL_AT_ONCE = ("source", "lexicon", "sizes", "grades")
"""Kinds of which each has a sentence that gives its range."""


def said(found: Fragility) -> Iterator[tuple[str, str]]:
    """Yield each sentence after the name of the table that holds its numbers."""
    if found.scenarios["scenario"].nunique() > 1:
        yield RANGE, _range_at_home(found)
        elsewhere = _range_elsewhere(found)
        if elsewhere:
            yield RANGE, elsewhere
    for kind in ALL_AT_ONCE:
        rows = found.of_kind(kind)
        if len(rows):
            yield MOVEMENTS, _range_of(rows, kind)
    for sentence in _single_things(found):
        yield MOVEMENTS, sentence
    for point in found.points:
        yield TIPPING, _undone(found, point)


def _range_at_home(found: Fragility) -> str:
    question = found.question
    least, most = ends_of(found.scenarios, question.country, "probability")
    fewest, largest = ends_of(found.scenarios, question.country, "expected")
    return phrase(
        "fragility.range",
        country=country_name(question.country),
        threshold=whole(question.threshold),
        outcome=outcome_name(question.outcome),
        period=first_months_words(found.run.months[: question.months]),
        low=in_hundred(least["probability"]),
        least=scenario_words(least["scenario"]),
        high=in_hundred(most["probability"]),
        most=scenario_words(most["scenario"]),
        fewest=sensible(fewest["expected"]),
        largest=sensible(largest["expected"]),
    )


def _range_elsewhere(found: Fragility) -> str:
    parts = []
    for place in dict.fromkeys(found.scenarios["place"]):
        if place == found.question.country:
            continue
        column = "over" if place == WATCHED else "probability"
        least, most = (row[column] for row in ends_of(found.scenarios, place, column))
        if place == WATCHED:
            watched = found.run.case.definition.watched
            assert watched is not None, "the row is there because units are watched"
            low, high, count = decimal(least, 1), decimal(most, 1), len(watched.units)
            parts.append(phrase("fragility.watched", low=low, high=high, count=count, threshold=watched.threshold))
        else:
            ends = {"low": in_hundred(least), "high": in_hundred(most)}
            parts.append(phrase("fragility.elsewhere_one", country=country_name(place), **ends))
    return phrase("fragility.elsewhere", parts=listed(parts)) if parts else ""


def _range_of(rows: pd.DataFrame, kind: str) -> str:
    return phrase(
        f"fragility.all.{kind}",
        low=sensible(rows["mean"].min(), 3),
        high=sensible(rows["mean"].max(), 3),
        least=in_hundred(rows["probability"].min()),
        most=in_hundred(rows["probability"].max()),
    )


def _single_things(found: Fragility) -> Iterator[str]:
    rows, now = found.of_kind("claim", "word"), sensible(found.mean, 3)
    if not len(rows):
        return
    tenth, moving = per_cent(found.run.case.smallest_change.share), rows[rows["verdict"] == "matters"]
    for row in moving.to_dict("records"):
        change = left_out_words(row)
        after = {"mean": sensible(row["mean"], 3), "probability": in_hundred(row["probability"])}
        yield phrase(
            "fragility.warning", change=change, tenth=tenth, now=now, chance=in_hundred(found.probability), **after
        )
    if not len(moving):
        most = rows.loc[rows["mean_share"].abs().idxmax()].to_dict()
        after = {"mean": sensible(most["mean"], 3), "probability": in_hundred(most["probability"])}
        yield phrase(
            "fragility.no_warning", change=left_out_words(most), tenth=tenth, now=now,
            chance=in_hundred(found.probability), **after,
        )  # fmt: skip


def left_out_words(row: dict[str, Any]) -> str:
    """Return what a row of movements leaves out or reads otherwise."""
    kind, label = row["kind"], translate(str(row["label"]))
    if kind in ("sizes", "grades"):
        return phrase(f"fragility.changes.{kind}_{row['to']}")
    if kind == "word":
        size = phrase(f"fragility.sizes.{row['to']}")
        return phrase("fragility.changes.word", word=row["label"], id_of_claim=row["id"], size=size)
    return phrase(f"fragility.changes.{kind}", label=label.rstrip("."), id=row["id"])


def _undone(found: Fragility, point: TippingPoint) -> str:
    tipping = point.tipping
    values: dict[str, object] = {"ratio": decimal(tipping.ratio, 2), "e_value": decimal(tipping.e_value, 2)}
    values |= {"low": decimal(tipping.low, 2), "high": decimal(tipping.high, 2)}
    if point.what == "futures":
        values |= {"one": scenario_words(point.first), "other": scenario_words(point.second)}
        smallest = found.run.case.smallest_change.share
        alike = round(tipping.ratio, 2) <= 1.0 + smallest
        return phrase("fragility.futures_alike" if alike else "fragility.futures", tenth=per_cent(smallest), **values)
    assert point.earlier is not None, "what the record changed by is held against earlier changes"
    values |= {"before": _a_month(point.other), "after": _a_month(point.one)}
    values |= {"pairs": point.earlier.pairs, "as_large": point.earlier.as_large}
    told = {"country": country_name(found.question.country), "outcome": outcome_name(found.question.outcome)}
    key = "record_none" if tipping.low <= 1.0 <= tipping.high else "record"
    return phrase(f"fragility.{key}", **values, **told)


def _a_month(value: float) -> str:
    return sensible(value, 2)
