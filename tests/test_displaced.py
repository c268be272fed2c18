"""People displaced inside their country: the record, rows and futures, by hand on small tables."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from harmattan.case.opening import open_case
from harmattan.core.errors import InputError
from harmattan.follow.displaced import DISPLACED, follow, learn, rows_of
from harmattan.panel.displaced import load_displaced
from harmattan.run.displaced import JUDGED, MODEL, SCORES, record_of_displaced

HEAD = "country,iso3,gwno,year,idps,note\n"


def write(folder, *rows, head=HEAD):
    file = folder / "stock.csv"
    file.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return file


def stocks(values, first=2001, names=("QMA", "QMB")):
    years = list(range(first, first + len(values)))
    return xr.DataArray(
        np.array(values, dtype=float), dims=("year", "country"), coords={"year": years, "country": list(names)}
    )


def test_a_count_carried_forward_is_no_count(tmp_path):
    file = write(
        tmp_path,
        *("A,QMA,1,2001,100,", "A,QMA,1,2002,300,", "A,QMA,1,2003,300,carried forward"),
        *("B,QMB,2,2002,50,", "C,QMC,3,2001,9,", "C,QMC,3,2003,8,", "D,QMD,4,2001,7,"),
    )
    stock = load_displaced(file, ["QMA", "QMB", "QMC"], 2005)
    assert stock["country"].values.tolist() == ["QMA", "QMC"], "one count is not enough"
    np.testing.assert_array_equal(stock.values, [[100, 9], [300, np.nan], [np.nan, 8]])
    assert load_displaced(file, ["QMA"], 2002)["year"].values.tolist() == [2001, 2002]
    with pytest.raises(InputError, match="no unit of this case has two counts up to 2001"):
        load_displaced(file, ["QMA"], 2001)


@pytest.mark.parametrize(
    ("row", "head", "said"),
    [
        ("A,QMA,1,2001,100,", HEAD.replace("idps", "people"), "no column 'idps'"),
        ("A,QMA,1,2001,many,", HEAD, "idps is a number"),
        ("A,QMA,1,2001,-3,", HEAD, "idps is a number"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path, row, head, said):
    with pytest.raises(InputError, match=said):
        load_displaced(write(tmp_path, row, head=head), ["QMA"], 2005)


def test_the_frozen_count_of_the_shipped_case_is_left_out():
    case = open_case()
    stock, deaths = record_of_displaced(case, case.record())
    assert stock["year"].values[-1] == 2024 and deaths["year"].values[-1] == 2024
    assert stock.sel(country="BFA").dropna("year")["year"].values[-1] == 2022
    earlier, before = record_of_displaced(case, case.record(as_of="2020-06"))
    assert earlier["year"].values[-1] == 2019 == before["year"].values[-1]


def test_rows_are_counts_of_two_years_running_with_the_deaths_of_the_later():
    before, now, deaths, group = rows_of(stocks([[100, 5], [300, np.nan], [200, 7]]), stocks([[1, 2], [3, 4], [5, 6]]))
    assert (before.tolist(), now.tolist(), deaths.tolist(), group.tolist()) == ([100, 300], [300, 200], [3, 5], [0, 0])


def learnt(noise=0.0):
    return pd.DataFrame({"keep": [0.5] * 2, "noise": noise, "added.in.QMA": np.log(10), "added.in.QMB": np.log(2)})


def test_each_country_goes_on_from_its_last_count_by_hand():
    deaths = stocks([[9, 9], [9, 9], [4, 30], [6, 0], [0, 1]]).expand_dims(draw=3)
    found = follow(learnt(), stocks([[1, 100], [40, np.nan]]), deaths, 1)
    # QMA: 0.5 x 40 + 10 x 4 = 60, then 30 + 60 = 90, then 45; QMB from 2001: 50 + 18 = 68, 34 + 60 = 94, 47, 23.5 + 2
    assert found.sel(country="QMA", draw=0).values.tolist() == [60, 90, 45]
    assert found.sel(country="QMB", draw=0).values.tolist() == [94, 47, 26]
    assert found["year"].values.tolist() == [2003, 2004, 2005]


def test_another_country_year_or_draw_changes_no_number():
    deaths = stocks([[9, 9], [4, 30], [6, 0]]).expand_dims(draw=4)
    whole = follow(learnt(0.4), stocks([[40, 100]]), deaths, 1)
    part = follow(learnt(0.4), stocks([[40, 100]]).isel(country=[1]), deaths.isel(year=[0, 1], draw=slice(0, 2)), 1)
    np.testing.assert_array_equal(part.values, whole.isel(draw=slice(0, 2), year=[0], country=[1]).values)
    assert not whole.equals(follow(learnt(0.4), stocks([[40, 100]]), deaths, 2))


def test_the_sub_model_says_what_it_is():
    assert (DISPLACED.unit, DISPLACED.step, DISPLACED.kind) == ("people", "year", "stock")


@pytest.mark.slow
def test_what_is_learnt_finds_made_up_parameters():
    rng, names = np.random.default_rng(2), ("QMA", "QMB")
    deaths = stocks(np.exp(rng.normal(5, 1, (40, 2))).round(), 1980, names)
    values = np.full((40, 2), 5000.0)
    for t in range(1, 40):
        values[t] = (0.8 * values[t - 1] + np.array([30, 10]) * deaths.values[t]) * np.exp(rng.normal(0, 0.1, 2))
    found = learn(stocks(values, 1980, names), deaths, draws=300)
    assert found["keep"].mean() == pytest.approx(0.8, abs=0.05)
    assert np.exp(found["added.in.QMA"].mean()) == pytest.approx(30, rel=0.25)
    assert np.exp(found["added.in.QMB"].mean()) == pytest.approx(10, rel=0.4)


def test_the_kept_scores_meet_the_test_that_was_declared():
    scores = pd.read_csv(open_case().scorecard / SCORES)
    row = scores[(scores["window"] == JUDGED) & (scores["model"] == MODEL) & (scores["score"] == "squared")].iloc[0]
    assert row["skill"] > 0
