"""Measures of risk, each against an array small enough to do by hand."""

import numpy as np
import pytest
import xarray as xr
from shipped import COAST, UNITS

from harmattan.core.names import HEADLINE, OUTCOMES
from harmattan.risk.comparison import compare_paths
from harmattan.risk.measures import (
    exceedance,
    expected_excess,
    first_months,
    horizon_months,
    months_to_threshold,
    risk_table,
    summary_table,
    tail_mean,
    totals_table,
    watched_table,
)

MONTHS = [f"2023-{m:02d}" for m in range(7, 13)]


def total(values):
    return xr.DataArray(np.asarray(values, dtype="int32"), dims="draw")


def paths(values, months=None):
    """Deaths (draw, month, country, outcome) of Mali's headline outcome; everything else is zero."""
    values = np.atleast_2d(np.asarray(values))
    months = months or [f"m{i:02d}" for i in range(values.shape[1])]
    coords = {"month": months, "country": list(UNITS), "outcome": list(OUTCOMES)}
    deaths = np.zeros((*values.shape, len(UNITS), len(OUTCOMES)), dtype="int32")
    deaths[:, :, 0, list(OUTCOMES).index(HEADLINE)] = values
    return xr.DataArray(deaths, dims=("draw", "month", "country", "outcome"), coords=coords)


def mali(table):
    return table[(table["country"] == "MLI") & (table["outcome"] == HEADLINE)]


# Windows


def test_horizons_count_months_after_the_exit_and_drop_what_is_not_simulated():
    windows = horizon_months(MONTHS, "2023-06", {"short": (1, 2), "mid": (3, 24), "long": (25, 60)})
    assert windows == {"short": MONTHS[:2], "mid": MONTHS[2:]}
    assert horizon_months(MONTHS, "2023-08", {"short": (1, 6)}) == {"short": MONTHS[2:]}


def test_first_months_add_up_the_first_twelve_only():
    assert first_months(paths([[*[2] * 12, 100]])).sel(country="MLI", outcome=HEADLINE).item() == 24
    assert first_months(paths([[1, 2]])).sel(country="MLI", outcome=HEADLINE).item() == 3


# Tables of quantiles


def test_summary_states_the_monthly_mean_of_the_window():
    # draws 0 to 20 give 2 i and 4 i deaths in two months: 3 i per month
    deaths = paths([[2 * i, 4 * i, 999] for i in range(21)], MONTHS[:3])
    row = mali(summary_table(deaths, {"short": MONTHS[:2]})).iloc[0]
    assert (row["window"], row["months"]) == ("short", 2)
    assert row["mean"] == pytest.approx(30)
    found = [row[name] for name in ("q05", "q10", "q25", "median", "q75", "q90", "q95")]
    assert found == pytest.approx([3, 6, 15, 30, 45, 54, 57])


def test_summary_has_a_row_for_every_country_outcome_and_window():
    table = summary_table(paths([[1] * 6], MONTHS), {"a": MONTHS[:1], "b": MONTHS[1:]})
    assert len(table) == 2 * len(UNITS) * len(OUTCOMES)
    assert not table.isna().any().any()


def test_totals_carry_quantiles_and_the_tail():
    row = mali(totals_table(first_months(paths([[i] for i in range(41)])))).iloc[0]
    assert (row["mean"], row["median"], row["q95"]) == (20, 20, 38)
    assert row["tail_mean_95"] == pytest.approx((39 + 40) / 2)


# Exceedance and tail


def test_exceedance_is_strictly_more_than_the_threshold():
    chance = exceedance(total([0, 100, 101, 250]), (100, 250))
    assert chance.sel(threshold=100).item() == 0.5
    assert chance.sel(threshold=250).item() == 0.0


def test_expected_excess_counts_only_what_lies_above():
    assert expected_excess(total([0, 100, 110, 150]), 100).item() == pytest.approx((10 + 50) / 4)


def test_tail_mean_is_the_mean_of_the_worst_share_in_any_order():
    assert tail_mean(total([3, 40, 1, 2, *[0] * 15, 20])).item() == 40
    assert tail_mean(total(np.arange(100)[::-1])).item() == pytest.approx(np.mean([95, 96, 97, 98, 99]))
    assert tail_mean(total([1, 2, 3, 4]), level=0.5).item() == 3.5
    assert tail_mean(total([7, 1])).item() == 7  # never fewer than one future


def test_tail_mean_collapses_draws_wherever_the_dimension_stands():
    values = xr.DataArray([[1, 2, 9], [5, 4, 3]], dims=("country", "draw"), coords={"country": ["MLI", "BFA"]})
    assert tail_mean(values, 0.5).sel(country="BFA").item() == pytest.approx(4.5)


# Waiting time


def test_months_to_threshold_counts_from_one_and_never_is_infinite():
    wait = months_to_threshold(paths([[60, 40, 1], [101, 0, 0], [50, 50, 0]]), 100).sel(country="MLI", outcome=HEADLINE)
    assert wait.values.tolist() == [3, 1, np.inf]


def test_risk_table_by_hand():
    table = risk_table(paths([[60, 60], [130, 0], [10, 10]]), (100, 125))
    row = table[(table["country"] == "MLI") & (table["threshold"] == 100)].iloc[0]
    assert row["probability"] == pytest.approx(2 / 3)
    assert row["expected_excess"] == pytest.approx((20 + 30) / 3)
    assert row["median_months_to_threshold"] == 2
    high = table[(table["country"] == "MLI") & (table["threshold"] == 125)].iloc[0]
    assert (high["probability"], high["median_months_to_threshold"]) == (pytest.approx(1 / 3), np.inf)
    assert len(table) == 2 * len(UNITS)


@pytest.mark.parametrize(("reached", "median"), [(0, np.inf), (1, np.inf), (2, 1.0), (3, 1.0), (4, 1.0)])
def test_median_wait_is_known_when_half_of_the_futures_get_there(reached, median):
    table = risk_table(paths([[200]] * reached + [[0]] * (4 - reached)), (100,))
    assert table.set_index("country").loc["MLI", "median_months_to_threshold"] == median


# Coast


def test_coastal_states_count_all_violence_of_a_year_and_any_of_them():
    deaths = paths(np.zeros((4, 13)))
    deaths.loc[{"draw": 0, "country": "BEN", "outcome": "one_sided", "month": "m00"}] = 20
    deaths.loc[{"draw": 0, "country": "BEN", "outcome": "state_based", "month": "m05"}] = 6
    deaths.loc[{"draw": 1, "country": "TGO", "outcome": "non_state", "month": "m01"}] = 30
    deaths.loc[{"draw": 2, "country": "GHA", "outcome": "non_state", "month": "m01"}] = 25  # not more than 25
    deaths.loc[{"draw": 3, "country": "GHA", "outcome": "non_state", "month": "m12"}] = 900  # after the year
    deaths.loc[{"draw": 3, "country": "NGA", "outcome": "non_state", "month": "m00"}] = 900  # not of the coastal seven
    table = watched_table(deaths, COAST, 25).set_index("country")["probability"]
    assert list(table.index) == [*COAST, "any"]
    assert (table["BEN"], table["TGO"], table["GHA"], table["any"]) == (0.25, 0.25, 0.0, 0.5)


def test_any_coastal_state_is_joint_not_added_up():
    deaths = paths(np.zeros((2, 1)))
    deaths.loc[{"draw": 0, "country": ["BEN", "TGO"], "outcome": "non_state"}] = 99
    assert watched_table(deaths, COAST, 25).set_index("country").loc["any", "probability"] == 0.5


# Comparison


def test_comparison_pairs_the_draws():
    first, second = paths([[4, 4], [2, 2], [0, 0], [9, 9]]), paths([[2, 2], [2, 2], [1, 1], [3, 3]])
    row = mali(compare_paths(first, second, {"short": ["m00", "m01"]})).iloc[0]
    # differences 2, 0, -1, 6
    assert row["difference_mean"] == pytest.approx(1.75)
    assert row["difference_median"] == pytest.approx(1.0)
    assert row["difference_q05"] == pytest.approx(-1 + 0.15)
    assert row["difference_q95"] == pytest.approx(2 + 0.85 * 4)
    assert row["ratio"] == pytest.approx(15 / 8)
    assert row["probability_more"] == pytest.approx((2 + 0.5) / 4)
    assert row["window"] == "short"


def test_a_scenario_against_itself_is_no_difference_and_even_odds():
    deaths = paths(np.random.default_rng(1).integers(0, 50, (30, 6)), MONTHS)
    table = compare_paths(deaths, deaths, {"a": MONTHS[:3], "b": MONTHS[3:]})
    assert (table.filter(like="difference").to_numpy() == 0.0).all()
    assert (table["probability_more"] == 0.5).all()
    assert (mali(table)["ratio"] == 1.0).all()


def test_the_ratio_to_nothing_is_not_a_number():
    row = mali(compare_paths(paths([[3]]), paths([[0]]), {"a": ["m00"]})).iloc[0]
    assert np.isnan(row["ratio"])
    assert row["difference_mean"] == 3
