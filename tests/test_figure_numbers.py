"""Figures as numbers: frozen, plain as JSON, the same in words, ink and on the exploring page."""

import json
import os
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from drawn_figures import DRAW, futures, series
from shipped import map_ground

from harmattan import plots
from harmattan.core.errors import InputError
from harmattan.core.months import month_range
from harmattan.plots.chances_chart import draw_chances
from harmattan.plots.contrast import draw_contrast
from harmattan.plots.course_numbers import fan_numbers, killer_numbers, years_ahead_numbers
from harmattan.plots.dotplot import draw_dots
from harmattan.plots.effect_chart import draw_exit_effect
from harmattan.plots.effect_numbers import exit_effect_numbers
from harmattan.plots.fan_chart import draw_fan
from harmattan.plots.figure_numbers import dot_numbers, ladder_numbers, map_numbers
from harmattan.plots.flow import draw_flow
from harmattan.plots.ladder import draw_ladder
from harmattan.plots.multiples import draw_multiples
from harmattan.plots.perpetrators_chart import draw_killers
from harmattan.plots.region import draw_map
from harmattan.plots.reliability import draw_calibration
from harmattan.plots.ridge_plot import draw_ridge
from harmattan.plots.spillover import draw_spillover
from harmattan.plots.stored_numbers import KINDS, read_numbers
from harmattan.plots.strip import draw_drivers
from harmattan.plots.tornado_chart import draw_tornado
from harmattan.report.figures import png_of

pytestmark = pytest.mark.usefixtures("told")


def test_dots_are_totals_at_the_middles_of_equal_parts():
    numbers = dot_numbers({"withdrawal": np.arange(1, 11)}, country="MLI", count=5, mark=7)
    (row,) = numbers.rows
    assert row.dots == (1.0, 3.0, 5.0, 7.0, 9.0), "tenths 1, 3, 5, 7 and 9 of ten futures, each a future's own total"
    assert (row.low, row.median, row.high) == (1.9, 5.5, 9.1)
    assert json.loads(json.dumps(numbers.as_dict())) == {
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


def killers():
    years = pd.DataFrame({"year": ["2021", "2022"], "one_sided_state": [10.0, np.nan], "one_sided_other": [40.0, 55.0]})
    rows = [
        (part, scenario, 20.0 + k, 5.0, 70.0, came)
        for part, came in (("one_sided_state", np.nan), ("one_sided_other", 33.0))
        for k, scenario in enumerate(("withdrawal", "mission_stays"))
    ]
    columns = ["outcome", "scenario", "median", "lower_80", "upper_80", "recorded"]
    return killer_numbers(years, pd.DataFrame(rows, columns=columns), country="MLI")


def beliefs():
    rows = [
        (one, "one_sided", horizon, 0.5 + k, 1.0 + k, 2.0 + k)
        for k, one in enumerate(("documents", "exits", "both"))
        for horizon in ("short", "mid")
    ]
    columns = ["belief", "outcome", "horizon", "q10", "q50", "q90"]
    return exit_effect_numbers(pd.DataFrame(rows, columns=columns), outcome="one_sided")


def first_picture():
    yearly = xr.DataArray([[3.0], [np.nan], [7.0]], {"year": [2020, 2021, 2022], "country": ["MLI"]})
    return years_ahead_numbers(yearly, {"MLI": np.arange(100.0)}, outcome="one_sided", period="2023", as_of="2022-12")


def drawn_numbers(name):
    return plots.describe(DRAW[name](as_of="2023-06")).numbers


OF_THE_BRIEF = {
    "who-kills": (killers, partial(draw_killers, period="2023", as_of="2022-12")),
    "exit-effect": (beliefs, partial(draw_exit_effect, as_of="2022-12")),
    "years-ahead": (first_picture, plots.years_ahead),
    "fan": (partial(drawn_numbers, "fan"), draw_fan),
    "dots": (partial(drawn_numbers, "dots"), partial(draw_dots, as_of="2023-06")),
    "ridge": (partial(drawn_numbers, "ridge"), partial(draw_ridge, as_of="2023-06")),
    "contrast": (partial(drawn_numbers, "scenario_contrast"), partial(draw_contrast, as_of="2023-06")),
    "ladder": (partial(drawn_numbers, "exceedance_ladder"), partial(draw_ladder, as_of="2023-06")),
    "chances": (partial(drawn_numbers, "chances"), partial(draw_chances, as_of="2023-06")),
    "spillover": (partial(drawn_numbers, "spillover_matrix"), partial(draw_spillover, as_of="2023-06")),
    "map": (
        partial(drawn_numbers, "region_map"),
        partial(draw_map, as_of="2023-06", what="Chance", ground=map_ground()),
    ),
    "drivers": (partial(drawn_numbers, "drivers"), partial(draw_drivers, as_of="2023-06")),
    "tornado": (partial(drawn_numbers, "tornado"), partial(draw_tornado, as_of="2023-06")),
    "multiples": (partial(drawn_numbers, "scenario_multiples"), partial(draw_multiples, as_of="2023-06")),
    "flow": (partial(drawn_numbers, "flow_map"), partial(draw_flow, as_of="2023-06", ground=map_ground())),
    "calibration": (partial(drawn_numbers, "calibration"), partial(draw_calibration, as_of="2023-06")),
}


def test_every_kind_of_numbers_is_read_back_here():
    assert set(OF_THE_BRIEF) == set(KINDS)


@pytest.mark.parametrize("figure", OF_THE_BRIEF)
def test_numbers_come_back_from_their_json_as_they_were_and_draw_the_same(figure):
    made, draw = OF_THE_BRIEF[figure]
    numbers = made()
    text = numbers.to_json()
    again = read_numbers(text)
    assert type(again) is type(numbers) and again == numbers and hash(again) == hash(numbers)
    assert again.to_json() == text and numbers.figure == figure
    first, second = draw(numbers), draw(again)
    assert plots.describe(first) == plots.describe(second)
    assert png_of(first.figure, dpi=60) == png_of(second.figure, dpi=60)


@pytest.mark.parametrize("figure", OF_THE_BRIEF)
def test_json_says_what_each_field_means_and_in_which_form(figure):
    stored = json.loads(OF_THE_BRIEF[figure][0]().to_json(), parse_constant=pytest.fail)
    assert (stored.pop("figure"), stored.pop("schema")) == (figure, 1)
    about = stored.pop("about")

    def fields(value, place=""):
        if isinstance(value, list):
            return {name for one in value for name in fields(one, place)}
        if not isinstance(value, dict):
            return set()
        inside = {place + name for name in value}
        return inside.union(*(fields(one, f"{place}{name}.") for name, one in value.items()))

    assert set(about) == fields(stored) and all(about.values())
    for name, value in stored.items():
        if name.endswith("month") or name == "months" or name.endswith("_months"):
            for month in [value] if isinstance(value, str) else value:
                assert re.fullmatch(r"\d{4}-\d{2}", month), (name, month)


def test_what_was_not_counted_is_null_and_a_gap():
    stored = json.loads(killers().to_json())
    state, other = stored["parts"]
    assert (state["by_year"], state["recorded"], other["recorded"]) == ([10.0, None], None, 33.0)
    assert first_picture().places[0].years == (2020, 2022), "a year that was not counted is no year"
    history = series(month_range("2018-01", "2023-06")).astype(float)
    history[3] = np.nan
    numbers = fan_numbers(history, futures(), exit_month="2023-12", as_of="2023-06", country="MLI", scenario="s")
    assert numbers.past[numbers.past_months.index("2018-04")] is None and None not in numbers.median
    assert read_numbers(numbers.to_json()) == numbers
    without = replace(dot_numbers({"s": [1, 2]}, country="MLI"), mark=float("nan"))
    assert json.loads(without.to_json())["mark"] is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "are not a figure's numbers"),
        ("[1]", "None is no figure"),
        ('{"figure": "pie"}', "'pie' is no figure whose numbers are kept: choose from calibration, chances"),
        ('{"figure": "flow", "schema": 2}', "flow have the schema 2, and this version of the program reads 1"),
        ('{"figure": "flow", "schema": 1, "outcome": "all"}', "flow lack least, flows"),
        ('{"figure": "flow", "schema": 1, "outcome": "all", "least": "2", "flows": []}', "flow.least cannot be '2'"),
        ('{"figure": "flow", "schema": 1, "outcome": "all", "least": 2, "flows": 3}', "flow.flows cannot be 3"),
        ('{"figure": "flow", "schema": 1, "outcome": 1, "least": 2, "flows": []}', "flow.outcome cannot be 1"),
        ('{"figure": "flow", "schema": 1, "outcome": "a", "least": 2, "flows": [1]}', "flow.flows cannot be 1"),
        (
            '{"figure": "map", "schema": 1, "kind": "count", "limits": [], "values": [["MLI"]], "classes": []}',
            r"map.values cannot be \['MLI'\]",
        ),
    ],
)
def test_json_that_is_no_figures_numbers_is_refused_with_its_place(text, message):
    with pytest.raises(InputError, match=message):
        read_numbers(text)


def test_numbers_are_made_and_read_without_matplotlib():
    code = "import sys, harmattan.plots.stored_numbers; print('matplotlib' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True, env=os.environ).strip() == "False"
