"""`harmattan scorecard`."""

import json
from typing import TYPE_CHECKING

from ...core.language import country_name, in_this_language, listed, phrase, translate
from ...core.terminal import named
from ..options import AsJson
from ..output import print_json
from ..tables import OUTCOME, Shown, print_table

if TYPE_CHECKING:
    from ...evaluate.horizons import Horizons


def _word(name: str) -> str:
    """Return what a code of the tables is called, as it stands where it is the name of a group."""
    key = name.replace(" ", "_")
    called = named("by_horizon.words", key)
    return translate(name) if called == key else called


def _region(name: str) -> str:
    found = _found()
    called = {} if found is None else found.regions
    return in_this_language(called[name]) if name in called else _word(name)


def _places(name: str) -> str:
    """Return what some countries are called; the focal ones by their names."""
    found = _found()
    if found is not None and name == found.focal_name:
        return listed([country_name(country) for country in found.focal])
    return _word(name)


def _found() -> "Horizons | None":
    from ...case.opening import open_case
    from ...evaluate.horizons import load_horizons

    return load_horizons(open_case().scorecard)


def _span(name: str) -> str:
    from ...report.horizon_track import span_words

    return span_words(name)


def _rule(name: str) -> str:
    from ...report.horizon_track import rule_words

    return rule_words(name)


def _outcome(name: str) -> str:
    return named("commands.outcomes", name) if name else "–"


WINDOWS = (
    Shown("window", "years"),
    OUTCOME,
    Shown("cells", "cells"),
    Shown("skill_crps", "skill", decimals=3),
    Shown("skill_log", "on the log scale", 2, decimals=3),
    Shown("skill_rps", "by ranks", 3, decimals=3),
    Shown("inside_80", "80% interval held", 1, decimals=2),
)
_WHERE = (Shown("region", "region", words=_region), Shown("places", "places", 1, words=_places))
_SPAN = Shown("span", "ahead", words=_span)
SKILL = (
    *_WHERE,
    OUTCOME,
    _SPAN,
    Shown("value", "ours", 2),
    Shown("best", "best rule", 1, words=_rule),
    Shown("best_value", "rule's", 2),
    Shown("skill", "skill", decimals=3),
    Shown("skill_low", "from", decimals=3),
    Shown("skill_high", "to", decimals=3),
    Shown("detectable", "detectable", 3, decimals=3),
    Shown("summary_events", "summary events", 3, words=_word),
)
COVERAGE = (
    *_WHERE,
    Shown("taken", "taken", words=_word),
    OUTCOME,
    _SPAN,
    Shown("inside", "80% interval held", decimals=2),
    Shown("count", "number", 1),
)
FLATNESS = (
    _WHERE[1],
    OUTCOME,
    _SPAN,
    Shown("largest_gap", "largest gap", decimals=2),
    Shown("allowed_by_year", "allowed by year", decimals=2),
    Shown("allowed_gap", "allowed if independent", 1, decimals=2),
    Shown("share_inside", "inside", 2, decimals=2),
    Shown("count", "number", 1),
)
SAID = (
    _WHERE[0],
    Shown("measure", "what", words=_word),
    OUTCOME,
    Shown("beside", "beside", 1, words=_outcome),
    _SPAN,
    Shown("said", "said", decimals=2),
    Shown("came", "came", decimals=2),
    Shown("count", "number", 1),
)


def scorecard(as_json: AsJson = False) -> None:
    """How the model's forecasts of past years did, a year ahead and by horizon to year 5, against simple rules.

    Example: harmattan scorecard --json
    """
    from ...api import scorecard as load
    from ...case.opening import open_case

    tables, found = load(), _found()
    if as_json:
        told = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
        print_json(told if found is None else {"horizons_version": found.version, **told})
        return
    from ...report.scorecard import scorecard_frame

    if "skill" in tables:
        print_table(scorecard_frame(open_case()), phrase("tables.scorecard"), WINDOWS)
    if found is not None:
        print_table(found.skill, phrase("by_horizon.skill", version=found.version), SKILL)
        print_table(found.coverage, phrase("by_horizon.held", version=found.version), COVERAGE)
        print_table(found.flatness_here(), phrase("by_horizon.flat", version=found.version), FLATNESS)
        print_table(found.said.fillna({"beside": ""}), phrase("by_horizon.said", version=found.version), SAID)
