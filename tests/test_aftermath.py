"""What followed a month against what was expected: the arithmetic, what the fit may see, and the kept estimates."""

from math import log

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from made import HOME, UNITS
from sampling import SHORT

from harmattan.case.opening import open_case
from harmattan.claims.exits import load_exits
from harmattan.core.errors import InputError
from harmattan.core.names import HORIZONS, OUTCOMES
from harmattan.core.resources import shipped_root
from harmattan.panel.world import panel_of, record_of
from harmattan.run.aftermath import ALL, HOST, NEIGHBOURS, OFFSET, _against, _by_place, aftermath, surroundings

MINE, START = HOME["country"], "2018-06"


@pytest.fixture(scope="module")
def made(made_case):
    case = open_case()
    return case.record(), case.geography.neighbour_weights()


@pytest.fixture(scope="module")
def found(made):
    return aftermath(*made, MINE, START, draws=40, settings=SHORT)


def test_a_total_against_four_draws_by_hand():
    got = _against(np.array([0.0, 3.0, 9.0, 21.0]), 9.0, 3.0)
    logs = [log(3), log(6), log(12), log(24)]
    mean = sum(logs) / 4
    assert got["log_ratio"] == pytest.approx(log(12) - mean)
    assert got["log_sd"] == pytest.approx((sum((one - mean) ** 2 for one in logs) / 3) ** 0.5)
    assert got["shown"] == pytest.approx((0 + 3 / 6 + 9 / 12 + 21 / 24) / 4)
    assert (got["mean"], got["q50"], got["below"]) == (8.25, 6.0, 0.625)


def test_where_no_deaths_are_expected_no_effect_would_show():
    """A quiet country is little information, not a ratio of one."""
    got = _against(np.zeros(10), 0.0, 3.0)
    assert (got["log_ratio"], got["log_sd"], got["shown"]) == (pytest.approx(0), pytest.approx(0), 0)


def test_neighbours_are_summed_with_states_that_were_born_later():
    deaths = xr.DataArray(
        [[[1.0, 2.0], [4.0, 8.0], [np.nan, np.nan]], [[3.0, 5.0], [7.0, 9.0], [10.0, 20.0]]],
        dims=("month", "country", "outcome"),
        coords={"country": ["A", "B", "C"], "outcome": ["x", "y"]},
    )
    placed = _by_place(deaths, "A")
    assert placed.sel(place=HOST, outcome=ALL).values.tolist() == [3, 8]
    assert placed.sel(place=NEIGHBOURS, outcome="x").values.tolist() == [4, 17]
    assert placed.sel(place=NEIGHBOURS, outcome=ALL).values.tolist() == [12, 46]


def test_every_window_place_and_outcome_has_a_ratio_and_what_came_is_the_record_s(found, made):
    table = found.table()
    assert (found.units[0] in UNITS, found.start) == (True, START)
    assert len(table) == len(HORIZONS) * 2 * (len(OUTCOMES) + 1)
    own = made[0].sel(country=MINE, outcome="one_sided", month=slice("2018-07", "2018-12"))
    row = table.query("place == 'host' and outcome == 'one_sided' and horizon == 'short'").iloc[0]
    assert row["observed"] == float(own.sum()) and row["offset"] == OFFSET * 6
    around = made[0].drop_sel(country=MINE).sel(month=slice("2020-07", "2023-06"))
    row = table.query("place == 'neighbours' and outcome == 'all' and horizon == 'long'").iloc[0]
    assert row["observed"] == float(around.sum())


def test_what_was_expected_knows_nothing_of_what_came(found, made):
    record, borders = made
    other = record.where(record["month"] <= START, record * 10)
    changed = aftermath(other, borders, MINE, START, draws=40, settings=SHORT)
    same = ["mean", "q05", "q50", "q95", "log_sd", "shown"]
    pd.testing.assert_frame_equal(changed.table()[same], found.table()[same])
    assert (changed.table()["observed"] == 10 * found.table()["observed"]).all()


def test_a_window_that_is_not_over_is_left_out_and_a_short_record_is_refused(made):
    late = aftermath(*made, MINE, "2023-06", draws=10, settings=SHORT)
    assert {ratio.horizon for ratio in late.ratios} == {"short"}
    with pytest.raises(InputError, match="needs 36 months"):
        aftermath(*made, MINE, "2011-06")
    with pytest.raises(InputError, match="the record ends in 2024-12, before the first window is over"):
        aftermath(*made, MINE, "2024-11")


def test_the_world_s_record_is_that_of_its_table_with_nothing_where_a_state_did_not_exist():
    record = record_of(("SDN", "SSD"))
    assert record.sizes == {"month": 432, "country": 2, "outcome": 3}
    assert bool(record.sel(country="SSD", month="2011-06").isnull().all())
    table = panel_of(("SDN", "SSD"))
    assert float(record.sum()) == table["best"].sum()
    one = table[(table["iso3"] == "SDN") & (table["month"] == "2004-01") & (table["type"] == "one_sided")]
    assert float(record.sel(country="SDN", month="2004-01", outcome="one_sided")) == one["best"].item() > 0
    near, borders = surroundings("RWA")
    assert str(near["country"].values[0]) == "RWA" and borders.sel(country="RWA").sum() == pytest.approx(1)


@pytest.fixture(scope="module")
def kept():
    return pd.read_csv(shipped_root() / "seeds" / "evidence" / "exit_estimates.csv")


def test_every_exit_has_its_estimate_from_the_start_that_the_register_states(kept):
    register = load_exits()
    assert set(kept["exit"]) == set(register.exits) and set(kept["rule"]) == {register.rule.version}
    for id, rows in kept.groupby("exit"):
        one = register.exits[id]
        assert set(rows["host"]) == {one.host} and set(rows["start"]) == {one.start}
        windows = 3 if one.start <= "2019-12" else 1
        assert len(rows) == windows * 2 * 4, id


def test_the_kept_totals_are_those_of_the_record(kept):
    """Deaths of 1994-05 to 1994-10 in the country whose mission was cut in April."""
    rows = kept[(kept["exit"] == "unamir-rwa-1994") & (kept["place"] == "host") & (kept["horizon"] == "short")]
    deaths = panel_of(("RWA",))
    window = deaths[(deaths["month"] >= "1994-05") & (deaths["month"] <= "1994-10")].groupby("type")["best"].sum()
    seen = rows.set_index("outcome")["observed"]
    assert seen[list(OUTCOMES)].to_dict() == window[list(OUTCOMES)].to_dict()
    assert seen["all"] == window.sum() > 10_000


def test_hosts_without_deaths_show_little(kept):
    quiet = kept[(kept["mean"] < 1) & (kept["place"] == "host")]
    loud = kept[(kept["q05"] > 20) & (kept["place"] == "host")]
    assert len(quiet) > 10 and quiet["shown"].max() < 0.2 and loud["shown"].min() > 0.8
