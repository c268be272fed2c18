"""What priors imply before any month after the exit is seen, held against the record; counted by hand."""

import json

import numpy as np
import pytest
import xarray as xr
from made import AS_OF

import harmattan as hm
from harmattan.cli.door import main
from harmattan.core.language import speaking
from harmattan.core.smallest_change import SmallestChange
from harmattan.report.prior_outcomes import recorded_years, standing

pytestmark = pytest.mark.usefixtures("made_case", "made_fit")
TENTH = SmallestChange(0.1)


@pytest.fixture(scope="module")
def found(made_case, made_fit):
    return hm.prior_outcomes("leaves", draws=300)


@pytest.mark.parametrize(
    ("low", "high", "lowest", "highest", "wanted"),
    [
        (20, 90, 10, 100, "inside"),
        (10, 110, 10, 100, "inside"),  # just the smallest change above
        (10, 112, 10, 100, "wider"),
        (8, 90, 10, 100, "wider"),
        (105, 300, 10, 100, "wider"),  # its lower end is within a tenth of the largest year
        (120, 300, 10, 100, "beyond"),
        (2, 8, 10, 100, "beyond"),
        (0, 0.5, 0, 0, "inside"),  # less than one death is no change
        (0, 3, 0, 0, "wider"),
        (1, 3, np.nan, np.nan, ""),
    ],
)
def test_where_a_range_lies(low, high, lowest, highest, wanted):
    assert standing(low, high, lowest, highest, TENTH) == wanted


def test_a_larger_smallest_change_takes_the_word_back():
    assert standing(10, 140, 10, 100, TENTH) == "wider"
    assert standing(10, 140, 10, 100, SmallestChange(0.5)) == "inside"


def test_twelve_months_each_count_back_from_the_last_month():
    months = [f"{year}-{month:02d}" for year in (2001, 2002, 2003) for month in range(1, 13)][:30]
    deaths = xr.DataArray(np.arange(30.0), dims="month", coords={"month": months})
    assert recorded_years(deaths).values.tolist() == [sum(range(6, 18)), sum(range(18, 30))]
    assert recorded_years(deaths, 1).values.tolist() == [sum(range(18, 30))]
    deaths[7] = np.nan  # the unit did not exist yet
    assert np.isnan(recorded_years(deaths).values).tolist() == [True, False]


def test_the_numbers_are_those_of_a_forecast_at_the_exit(found):
    totals = hm.forecast("leaves", as_of=AS_OF, months=12, draws=300).totals().set_index(["country", "outcome"])
    alone = hm.forecast("baseline", as_of=AS_OF, months=12, draws=300).totals().set_index(["country", "outcome"])
    rows = found.table.set_index(["country", "outcome"])
    for at, row in rows.iterrows():
        assert row[["mean", "q10", "q90"]].tolist() == pytest.approx(totals.loc[at, ["mean", "q10", "q90"]].tolist())
        assert row["alone_mean"] == pytest.approx(alone.loc[at, "mean"])
        assert row["ratio"] == pytest.approx(row["mean"] / row["alone_mean"])
    assert {country for country, _ in rows.index} >= {"QMA"} and len(rows) % 3 == 0


def test_the_record_is_that_of_ten_years_before_the_exit(found, made_case):
    record = made_case.record(as_of=AS_OF).sel(country="QMA", outcome="one_sided").values[-120:]
    years = record.reshape(10, 12).sum(axis=1)
    row = found.table.set_index(["country", "outcome"]).loc[("QMA", "one_sided")]
    assert (row["recorded_lowest"], row["recorded_highest"], row["recorded_years"]) == (years.min(), years.max(), 10)


def test_no_month_after_the_exit_is_seen_whatever_the_scenario_asks(made_case):
    later = hm.load("leaves").model_copy(update={"as_of": "2022-06"})
    told = hm.prior_outcomes(later, draws=20)
    assert str(told.forecast.panel["month"].values[-1]) == AS_OF and not told.forecast.posterior.has_drivers
    assert told.forecast.months[0] == "2020-07" and len(told.forecast.months) == 12


def test_one_sentence_says_it_in_both_languages(found):
    word = found.table.set_index(["country", "outcome"]).loc[("QMA", "one_sided"), "standing"]
    said = {"inside": "is inside", "wider": "is wider than", "beyond": "lies beyond"}[word]
    assert f"The priors' range {said} what was recorded: in the 10 years up to June 2020" in found.sentence()
    assert "10 in 100" in found.sentence()
    with speaking("fr"):
        assert "pendant les 10 années jusqu’à juin 2020" in found.sentence()


def test_the_command_prints_it_for_machines_and_refuses_what_does_not_go_with_it(monkeypatch, capsys, found):
    def said(*words):
        monkeypatch.setattr("sys.argv", ["harmattan", "show", "leaves", "--prior", *words])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, capsys.readouterr()

    code, told = said("--draws", "300", "--quiet", "--json")
    read = json.loads(told.out)
    assert code == 0 and read["sentence"] == found.sentence() and read["draws"] == 300
    assert read["outcomes"][0]["mean"] == pytest.approx(found.table["mean"][0])
    code, told = said("--resolved")
    assert code == 2 and told.out == "" and "--prior is a table of its own" in told.err
