"""Figures as numbers: frozen, plain as JSON, the same in words, ink and on the exploring page."""

import json
from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest

from harmattan import plots
from harmattan.plots.dotplot import draw_dots
from harmattan.plots.figure_numbers import dot_numbers, ladder_numbers, map_numbers
from harmattan.plots.ladder import draw_ladder

pytestmark = pytest.mark.usefixtures("told")


def test_dots_are_totals_at_the_middles_of_equal_parts():
    numbers = dot_numbers({"withdrawal": np.arange(1, 11)}, country="MLI", count=5, mark=7)
    (row,) = numbers.rows
    assert row.dots == (1.0, 3.0, 5.0, 7.0, 9.0), "tenths 1, 3, 5, 7 and 9 of ten futures, each a future's own total"
    assert (row.low, row.median, row.high) == (1.9, 5.5, 9.1)
    assert json.loads(numbers.to_json()) == {
        "figure": "dots", "country": "MLI", "outcome": "one_sided", "mark": 7.0,
        "rows": [{"scenario": "withdrawal", "dots": [1, 3, 5, 7, 9], "low": 1.9, "median": 5.5, "high": 9.1}],
    }  # fmt: skip
    with pytest.raises(FrozenInstanceError):
        numbers.mark = 1.0


def test_a_ladder_keeps_the_order_of_its_table_and_gaps_stay_gaps():
    rows = [("MLI", "b", 500, 0.2), ("MLI", "a", 100, 0.9), ("BFA", "a", 500, 0.5)]
    numbers = ladder_numbers(pd.DataFrame(rows, columns=["country", "scenario", "threshold", "probability"]))
    assert (numbers.countries, numbers.scenarios, numbers.thresholds) == (("MLI", "BFA"), ("b", "a"), (100.0, 500.0))
    assert numbers.chance("BFA", "a", 500) == 0.5 and numbers.chance("BFA", "b", 500) is None
    ax = draw_ladder(numbers, as_of="2023-06")
    second = ax.child_axes[1]
    widths = [[bar.get_width() for bar in bars] for bars in second.containers]
    assert widths == [[], [50.0]], "no bar where nothing is told"


def test_a_value_on_a_limit_belongs_to_the_class_above_and_none_has_no_class():
    numbers = map_numbers({"MLI": 0.2, "BFA": 0.19, "NER": float("nan")}, kind="probability", limits=(0.05, 0.2))
    assert numbers.values == (("MLI", 0.2), ("BFA", 0.19)) and numbers.classes == (2, 1)


def test_what_is_drawn_carries_its_numbers_and_drawing_them_again_gives_the_same_words():
    totals = {"withdrawal": np.linspace(10, 900, 60), "mission_stays": np.linspace(5, 700, 60)}
    ax = plots.dots(totals, as_of="2023-06", country="MLI", observed=300)
    words = plots.describe(ax)
    assert words.numbers == dot_numbers(totals, country="MLI", mark=300)
    again = plots.describe(draw_dots(words.numbers, as_of="2023-06"))
    assert (again.title, again.caption, again.alternative) == (words.title, words.caption, words.alternative)
    chances = pd.DataFrame(
        [("MLI", "withdrawal", 100, 0.4)], columns=["country", "scenario", "threshold", "probability"]
    )
    assert plots.describe(plots.exceedance_ladder(chances, as_of="2023-06")).numbers == ladder_numbers(chances)
    shaded = plots.region_map({"MLI": 0.3, "BFA": 0.9}, as_of="2023-06", what="chance")
    assert json.loads(plots.describe(shaded).numbers.to_json())["values"] == [["MLI", 0.3], ["BFA", 0.9]]
