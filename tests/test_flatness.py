"""PIT by horizon against hand numbers: the gap, and the band that takes origin years as units."""

import numpy as np
import pandas as pd
import pytest

from harmattan.evaluate.flatness import flatness, flatness_by_row
from harmattan.evaluate.scoreboard import MODEL


def test_the_gap_is_that_of_the_curve_and_one_year_alone_tells_nothing():
    found = flatness([np.array([0.105, 0.205, 0.305, 0.405])], seed=1)
    assert found["count"] == 4 and found["origins"] == 1
    assert found["largest_gap"] == pytest.approx(1 - 0.41), "at .41 all four are below"
    assert found["allowed_by_year"] == pytest.approx(found["largest_gap"]), "turned over or not, the gap is as large"


def test_years_that_err_alike_stand_out_and_years_that_cancel_do_not():
    low, high = np.array([0.105]), np.array([0.895])
    alike = flatness([low] * 16, seed=1)
    assert alike["largest_gap"] == pytest.approx(0.89)
    assert alike["allowed_by_year"] == pytest.approx(0.5 * 0.89), (
        "16 turns by lot: 8 more one way than the other, of 16"
    )
    opposite = flatness([low, high] * 8, seed=1)
    assert opposite["largest_gap"] == pytest.approx(0.39) and opposite["share_inside"] < 1


def test_the_same_values_are_worth_less_where_they_fall_in_few_years():
    values = np.random.default_rng(1).random(160)
    many = flatness(list(values.reshape(160, 1)), seed=1)
    few = flatness(list(np.sort(values).reshape(4, 40)), seed=1)
    assert many["largest_gap"] == few["largest_gap"] and many["allowed_gap"] == few["allowed_gap"]
    assert few["allowed_by_year"] > 2 * many["allowed_by_year"]
    assert many["allowed_by_year"] == pytest.approx(many["allowed_gap"], rel=0.3), "one value a year: both are the same"


def test_a_calibrated_forecast_stays_within_the_band_of_years_though_its_values_go_together():
    inside = []
    for number in range(200):
        source = np.random.default_rng(number)
        years = [np.repeat(source.random(2), 10) for _ in range(20)]
        found = flatness(years, seed=1)
        inside.append((found["largest_gap"] <= found["allowed_by_year"], found["share_inside"] == 1))
    of_years, independent = np.mean(inside, axis=0)
    assert of_years > 0.9 and independent < 0.5


def rows():
    """Two regions with an origin each year; months have two PIT values in a row, totals one."""
    table = []
    for region, country in (("here", "AAA"), ("there", "BBB")):
        for year in range(2000, 2004):
            told = {"region": region, "country": country, "origin": f"{year}-10", "outcome": "state_based"}
            told |= {"inside": 1.0, "member": MODEL}
            table += [told | {"span": "months 1-6", "pits": [0.25, 0.75]}, told | {"span": "year 1", "pit": 0.5}]
            table += [told | {"span": "year 1", "pit": 0.9, "country": f"{country} + neighbours"}]
            table += [told | {"span": "year 1", "pit": 0.1, "member": "rival"}]
    return pd.DataFrame(table)


def test_months_count_one_by_one_and_all_regions_of_a_year_are_one_unit():
    found = flatness_by_row(rows()).set_index(["region", "places", "span"])
    months = found.loc[("here", "countries", "months 1-6")]
    assert (months["count"], months["origins"]) == (8, 4) and months["largest_gap"] == pytest.approx(0.25)
    everywhere = found.loc[("all regions", "countries", "year 1")]
    assert (everywhere["count"], everywhere["origins"]) == (8, 4), "the rival's rows are not among them"
    assert everywhere["largest_gap"] == pytest.approx(0.5)
    assert found.loc[("there", "with neighbours", "year 1"), "largest_gap"] == pytest.approx(0.89)


def test_where_nothing_was_scored_there_are_no_rows():
    found = flatness_by_row(rows().query("member == 'nobody'"))
    assert len(found) == 0 and {"region", "places", "largest_gap", "allowed_by_year"} <= set(found.columns)
