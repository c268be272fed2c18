"""What is said of things that may break: what each forecast rests on, and what such forecasts earned."""

from collections.abc import Iterator
from typing import Any, Final, Literal

import pandas as pd

from ..case.opening import Case
from ..core.language import decimal, in_this_language, per_cent, phrase, whole
from ..follow.accord import ACCORD
from ..follow.aid_workers import AID_WORKERS
from ..follow.coups import COUPS
from ..follow.watched import WATCHED
from ..panel.agreements import load_ended
from ..plots.numbers import month_words

Shown = Literal["model", "by history", "curve", "ended"]

MODEL: Final = "model"
HISTORY: Final = "by history"
BASE: Final = "base rate"
"""Names in the table of scores."""

JUDGED = f"{MODEL} (c)"
"""The model with deaths as they are forecast, by whose scores it was decided what is shown."""

ATTACKS = "attacks"
"""Name, in the table of scores, of how many attacks on aid workers there are."""

SCORES = "breaks.csv"
"""In the case's scorecard; `benchmarks/breaks.py` says how it was made, and declares the test."""


def kind_values(case: Case) -> dict[str, str]:
    """Return what names of kinds ask for: the threshold of watched units, the accord's name."""
    said, accord = case.definition.watched, case.definition.accord
    return {
        "threshold": "" if said is None else whole(said.threshold),
        "name": "" if accord is None else in_this_language(accord.name),
    }


def better(scores: pd.DataFrame | None, kind: str) -> bool:
    """Return whether a model has been shown to be better than its rival, in every score that was declared."""
    if scores is None:
        return False
    judged = scores[(scores["event"] == kind) & (scores["model"] == JUDGED) & (scores["score"] != "crps")]
    return bool(len(judged)) and bool((judged["skill"] > 0).all())


def verdict_words(case: Case, kind: str, shown: str, scores: pd.DataFrame | None) -> str:
    """Return what a forecast rests on and how such forecasts did on past years."""
    if kind == ACCORD.id:
        return " ".join(_accord_words(case, shown, scores))
    if scores is None:
        return phrase("breaks.unscored")
    model = "counted" if kind == WATCHED.id else "model"
    said = [phrase(f"breaks.{model if shown == MODEL else 'rule'}", **_earned(scores, kind))]
    if kind == AID_WORKERS.id:
        told = "attacks" if better(scores, ATTACKS) else "attacks_not"
        said += [phrase(f"breaks.{told}", **_earned(scores, ATTACKS)), phrase("breaks.fewer_workers")]
    coups = case.definition.record.coups
    if kind == COUPS.id and coups is not None:
        said.append(phrase("breaks.coups_known", month=month_words(coups.complete_to)))
    return " ".join(said)


def missing_words(case: Case, kind: str) -> str:
    """Return why a kind is not told."""
    accord = case.definition.accord
    if kind == ACCORD.id and accord is not None:
        return phrase("breaks.missing.accord_later", month=month_words(accord.curve.known), **kind_values(case))
    return phrase(f"breaks.missing.{kind}")


def _accord_words(case: Case, shown: str, scores: pd.DataFrame | None) -> Iterator[str]:
    said, file, ended = case.definition.accord, case.accord_file, case.accord_ended
    assert said is not None and file is not None
    if shown == "ended":
        yield phrase("breaks.ended", month=month_words(str(ended)[:7]), **kind_values(case))
        return
    curve = load_ended(file, said.curve.group)
    last, count = curve["years_since_signing"].iloc[-1], int(curve["agreements"].iloc[0])
    yield phrase(
        "breaks.curve",
        signed=month_words(said.signed[:7]),
        agreements=whole(count),
        years=whole(float(last)),
        share=per_cent(float(curve["share_ended"].iloc[-1])),
        **kind_values(case),
    )
    if scores is not None and (scores["event"] == ACCORD.id).any():
        of_base = scores[(scores["event"] == ACCORD.id) & (scores["model"] == BASE)].set_index("score").loc["brier"]
        yield phrase(
            "breaks.curve_scored", rival=decimal(float(of_base["value"]), 2), **_earned(scores, ACCORD.id, MODEL)
        )


def _earned(scores: pd.DataFrame, kind: str, model: str = JUDGED) -> dict[str, Any]:
    """Return the words of a row of scores: of Brier, or of squared error."""
    rows = scores[(scores["event"] == kind) & (scores["model"] == model)].set_index("score")
    row = rows.loc["squared" if kind == ATTACKS else "brier"]
    first, last = str(row["window"]).split("-")
    return {
        "first": first,
        "last": last,
        "change": per_cent(abs(float(row["skill"])), 0 if abs(row["skill"]) >= 0.01 else 1),
        "direction": phrase("breaks.lower" if row["skill"] > 0 else "breaks.higher"),
        "low": per_cent(float(row["skill_low"])),
        "high": per_cent(float(row["skill_high"])),
        "score": decimal(float(row["value"]), 2),
        "cells": whole(float(row["cells"])),
        "events": "" if pd.isna(row["happened"]) else whole(float(row["happened"])),
    }
