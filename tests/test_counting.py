"""How wide counts are: estimates by hand, nothing from later, more doubt of years to come, and what is told."""

import csv
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.core.months import months_after
from harmattan.core.resources import shipped_root
from harmattan.core.telling import telling
from harmattan.panel.bounds import load_bounds
from harmattan.panel.counting import MEDIAN_OF_SQUARE, USUAL_CLUMP, Width, counted
from harmattan.report.how_counted import counting_sentence, plausible_around
from harmattan.run.counting import COLUMNS

UCDP = shipped_root() / "seeds" / "data" / "ucdp"
YEARLY, MONTHLY = UCDP / "country_year_v251.csv", UCDP / "country_month_bounds_ged241.csv"


def year_of(country, year, best, low, high):
    return {
        "country": country, "outcome": "one_sided", "first_month": f"{year}-01", "last_month": f"{year}-12",
        "low": low, "best": best, "high": high,
    }  # fmt: skip


TWO = pd.DataFrame(
    [year_of("AAA", 2021, 100, 80, 150), year_of("AAA", 2022, 200, 200, 220), year_of("BBB", 2022, 50, 40, 100)]
)


def test_the_estimate_by_hand():
    record = counted(TWO)["one_sided"]
    of_a, of_b = 45 / 250, 50 / 50  # in doubt above: 50 / 2 + 20 of 100 / 2 + 200 deaths, and 50 of 50
    belief_a, belief_b = 250 / 450, 50 / 250
    of_all = (belief_a * of_a + belief_b * of_b) / (belief_a + belief_b)
    for unit, belief, own, worth in (("AAA", belief_a, of_a, 450), ("BBB", belief_b, of_b, 250), ("CCC", 0, 0, 200)):
        found = record.width(unit, "above", 2022)
        assert found.share == pytest.approx(belief * own + (1 - belief) * of_all), unit
        assert (found.worth, found.clump) == (worth, USUAL_CLUMP)
    below = (250 / 450 * 10 / 250 + 50 / 250 * 10 / 50) / (250 / 450 + 50 / 250)
    assert record.width("AAA", "below", 2022).share == pytest.approx((10 + 200 * below) / 450)


def test_a_year_to_come_is_less_sure_and_goes_back_to_all_units():
    record = counted(TWO)["one_sided"]
    now, next_year, later = (record.width("BBB", "above", year) for year in (2022, 2023, 2032))
    assert now.worth == 250 and next_year.worth == 225 and later.worth == pytest.approx(200, abs=0.1)
    assert now.share > next_year.share > later.share
    assert later.share == pytest.approx(record.width("CCC", "above", 2032).share, rel=0.001)


def test_no_year_is_estimated_from_later_ones():
    early, late = counted(TWO[:1])["one_sided"], counted(TWO)["one_sided"]
    assert late.width("AAA", "above", 2021).share == early.width("AAA", "above", 2021).share
    assert late.width("AAA", "above", 2021).share != late.width("AAA", "above", 2022).share


def test_the_clump_is_such_that_half_of_the_errors_are_as_small_as_it_says():
    """Twelve units of which a fifth was in doubt, and a year later a tenth more or less of a hundred deaths."""
    rows = [year_of(f"U{i:02d}", 2021, 100, 100, 120) for i in range(12)]
    rows += [year_of(f"U{i:02d}", 2022, 100, 100, 130 if i % 2 else 110) for i in range(12)]
    record = counted(pd.DataFrame(rows))["one_sided"]
    worth = 100 / 2 + 200
    assert record.clumps["above"] == pytest.approx(0.1**2 * worth / 0.2 / MEDIAN_OF_SQUARE)
    assert record.clumps["below"] == USUAL_CLUMP  # nothing was ever in doubt there
    assert stats.chi2(1).median() == pytest.approx(MEDIAN_OF_SQUARE)


def test_a_width_has_the_spread_that_is_stated():
    probability = (np.arange(20_000) + 0.5) / 20_000
    for side, spread in (("above", 0.3 * 50 / 500), ("below", 0.3 * 0.7 * 50 / 550)):
        drawn = Width(side, 0.3, 500, 50).quantile(probability)
        assert drawn.mean() == pytest.approx(0.3, rel=0.001) and drawn.var() == pytest.approx(spread, rel=0.01)
    assert Width("above", 0.0, 500, 50).quantile(probability).max() == 0.0
    assert set(Width("above", 0.3, 500, 0.0).quantile(probability)) == {0.3}


def test_the_chance_that_one_is_wider_than_another():
    narrow, wide = Width("above", 0.2, 500, 50), Width("above", 0.5, 900, 50)
    assert narrow.exceeds(narrow) == pytest.approx(0.5)
    assert wide.exceeds(narrow) + narrow.exceeds(wide) == pytest.approx(1.0)
    luck = np.random.default_rng(1)
    drawn = [luck.gamma(one.share * one.rate, 1 / one.rate, 200_000) for one in (wide, narrow)]
    assert wide.exceeds(narrow) == pytest.approx((drawn[0] > drawn[1]).mean(), abs=0.005)
    assert Width("above", 0.5, 9, 0.0).exceeds(Width("above", 0.2, 9, 0.0)) == 1.0


# The tables


def test_months_stand_for_years_where_they_exist_and_nothing_is_later_than_asked():
    bounds = load_bounds(
        UCDP / "country_year_v251.csv", UCDP / "country_month_bounds_ged241.csv", ["MLI", "NGA"], "2023-06"
    )
    last = bounds.groupby("country")["last_month"].max()
    assert dict(last) == {"MLI": "2023-06", "NGA": "2022-12"}
    months = bounds[bounds["country"] == "MLI"]
    assert (months["first_month"] == months["last_month"]).all()
    later = load_bounds(YEARLY, MONTHLY, ["MLI"], "2024-12")
    assert set(later[later["last_month"] > "2023-12"]["first_month"]) == {"2024-01"}
    yearly = load_bounds(YEARLY, None, ["MLI"], "2023-06")
    assert yearly["last_month"].max() == "2022-12"


def test_what_a_forecast_knows_of_widths_does_not_change_with_what_came_later():
    """The same estimates from the tables as they stand and from tables that end with `as_of`."""
    case = open_case()
    known, all_of_it = case.bounds("2023-06"), case.bounds("2024-12")
    cut = all_of_it[all_of_it["last_month"] <= "2023-06"].reset_index(drop=True)
    assert known.equals(cut)
    found, other = counted(known)["one_sided"], counted(all_of_it)["one_sided"]
    assert found.width("MLI", "above", 2023) != other.width("MLI", "above", 2023)


def test_a_table_of_another_form_is_refused(tmp_path):
    file = tmp_path / "bounds.csv"
    file.write_text("iso3,year,type,low,best\nMLI,2020,one_sided,1,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="record.bounds of case.yaml, has no column 'high'"):
        load_bounds(file, None, ["MLI"], "2023-06")
    file.write_text("iso3,year,type,low,best,high\nMLI,2020,one_sided,few,1,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="low, best, high are numbers of deaths"):
        load_bounds(file, None, ["MLI"], "2023-06")


# What is told


@pytest.fixture(scope="module")
def told():
    return hm.counting(["MLI", "BFA"])


def test_ratios_are_ucdp_s_own(told):
    with open(YEARLY, encoding="utf-8", newline="") as file:
        rows = {(row["iso3"], row["year"]): row for row in csv.DictReader(file) if row["type"] == "one_sided"}
    own = told[told["outcome"] == "one_sided"].set_index(["country", "period"])
    row = rows["MLI", "2024"]
    assert own.at[("MLI", "2024"), "ratio"] == pytest.approx(float(row["high"]) / float(row["best"]))
    assert round(own.at[("MLI", "2022"), "ratio"], 2) == 1.15 and round(own.at[("MLI", "2024"), "ratio"], 2) == 1.66
    assert (own["width_10"] <= own["width"]).all() and (own["width"] <= own["width_90"]).all()
    estimate = own.at[("MLI", "2024"), "width"]
    assert 1.15 < estimate < 1.66, "between what the year and what unit and years before say"


def test_before_and_after_the_exit_are_its_own_months(told):
    around = told[(told["country"] == "MLI") & (told["outcome"] == "one_sided")].set_index("period")
    before, after = around.loc["before"], around.loc["after"]
    assert (before["first_month"], before["last_month"]) == ("2022-07", "2023-06")
    assert (after["first_month"], after["last_month"]) == ("2023-07", "2024-12")
    with open(MONTHLY, encoding="utf-8", newline="") as file:
        months = [row for row in csv.DictReader(file) if row["iso3"] == "MLI" and row["type"] == "one_sided"]
    twelve = [row for row in months if row["month"] in months_after("2022-06", 12)]
    assert before["high"] == sum(float(row["high"]) for row in twelve)
    assert before["ratio"] < after["ratio"] and 0.5 < after["wider"] < 0.95
    assert around.drop(index="after")["wider"].isna().all()


def test_a_reader_is_told_how_wide_counts_were_before_and_after(told):
    case = open_case()
    run = SimpleNamespace(counting=told, countries=("MLI", "BFA"), headline="one_sided", home="MLI")
    chance = told[(told["country"] == "MLI") & (told["outcome"] == "one_sided")]["wider"].iloc[-1]
    with telling(case.words):
        said = counting_sentence(run)
        assert "July 2022 to June 2023 and July 2023 to December 2024" in said.sentence
        assert f"Mali ×1.36 and ×1.61 ({100 * chance:.0f} in 100)" in said.sentence and said.tables == ("counting",)
        with speaking("fr"):
            assert f"Mali ×1,36, puis ×1,61 ({100 * chance:.0f}" in counting_sentence(run).sentence


def test_nothing_after_the_month_asked_for_is_told():
    early = hm.counting(["MLI"], as_of="2023-06")
    assert early["last_month"].max() == "2023-06" and "after" not in set(early["period"])
    with pytest.raises(InputError, match="no unit 'QQQ'"):
        hm.counting(["QQQ"])
    with pytest.raises(InputError, match="units"):
        hm.counting("MLI")


def test_a_case_without_bounds_has_an_empty_table(made_case):
    found = hm.counting()
    assert list(found.columns) == COLUMNS and found.empty
    nothing = SimpleNamespace(
        record=open_case().record(), counting=found, countries=(open_case().home,), headline="one_sided",
        first=SimpleNamespace(clock=open_case().clock), home=open_case().home,
    )  # fmt: skip
    assert plausible_around(nothing).empty and counting_sentence(nothing) is None
