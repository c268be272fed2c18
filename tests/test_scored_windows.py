"""The scorecard's windows are called by the years that they were made of, whatever case they belong to."""

import json

import pandas as pd
import pytest
from made import CASE, copy_made_case

from harmattan.case.opening import open_case
from harmattan.core.errors import InputError
from harmattan.core.language import speaking, translate
from harmattan.core.resources import shipped_root
from harmattan.core.telling import telling
from harmattan.evaluate.past_totals import past_totals
from harmattan.evaluate.scored_windows import latest_years, scored_windows, years_ahead
from harmattan.report.scorecard import scorecard_frame

OCTOBERS = {
    "early": (2010, 2012, False),
    "late": (2014, 2016, False),
    "last": (2019, 2019, False),
    "far": (2008, 2015, True),
}


@pytest.fixture
def case(tmp_path):
    """The made-up case with a scorecard of four windows of its own, and one that looks two years ahead."""
    folder = copy_made_case(tmp_path / "case")
    kept = folder / "seeds" / "scorecard"
    kept.mkdir(parents=True)
    made = {
        name: {"origins": [f"{y}-10" for y in range(first, last + 1)], "first": 3, "horizon": 14, "elsewhere": away}
        for name, (first, last, away) in OCTOBERS.items()
    }
    made["quarterly"] = {"origins": ["2015-03", "2016-12"], "first": 1, "horizon": 24, "elsewhere": False}
    (kept / "made.json").write_text(json.dumps(made), encoding="utf-8")
    tables = {name: shipped_root() / "seeds" / "scorecard" / f"{name}.csv" for name in ("skill", "coverage", "pit")}
    shipped = {
        name: pd.read_csv(file, dtype={"window": str}).query("window == 'challenge'") for name, file in tables.items()
    }
    for name in ("skill", "coverage", "stacking", "pit", "flatness", "by_country", "by_lead"):
        rows = (
            [shipped[name].assign(window=window) for window in made]
            if name in shipped
            else [pd.DataFrame({"window": []})]
        )
        pd.concat(rows).replace({"country": {"MLI": "QMA"}}).to_csv(kept / f"{name}.csv", index=False)
    return open_case(folder)


def test_windows_have_the_years_of_the_months_that_were_forecast(case):
    assert [one.years for one in years_ahead(case.scorecard)] == ["2011-2013", "2015-2017", "2020", "2009-2016"]
    labels = list(dict.fromkeys(scorecard_frame(case)["window"]))
    assert labels == ["2011-2013", "2015-2017", "2020", "other countries, 2009-2016"]


def test_what_is_of_others_is_said_in_the_reader_s_language(case):
    with telling(case.words):
        assert translate("other countries, 2009-2016") == "other countries, 2009-2016"
        with speaking("fr"):
            assert translate("other countries, 2009-2016") == "autres pays, 2009-2016"


def test_intervals_are_judged_by_the_latest_window_of_more_than_one_year(case):
    assert latest_years(case.scorecard).years == "2015-2017"
    assert set(past_totals(case.scorecard, ("QMA",))["country"]) == {"QMA"}
    assert latest_years(open_case(CASE).scorecard) is None and past_totals(open_case(CASE).scorecard, ("QMA",)).empty


def test_the_shipped_windows_are_called_as_before():
    shipped = shipped_root() / "seeds" / "scorecard"
    assert [one.years for one in years_ahead(shipped)] == [
        *("1998-2004", "2005-2012", "2013-2017", "2018-2023", "2024", "2005-2024", "2005-2020")
    ]
    assert latest_years(shipped).years == "2018-2023" and "quarterly" in {one.name for one in scored_windows(shipped)}


def test_a_scorecard_that_does_not_say_what_it_is_of_is_refused(case):
    (case.scorecard / "made.json").write_text('{"early": {}}', encoding="utf-8")
    with pytest.raises(InputError, match=r"made\.json: this file has to say of which origins"):
        years_ahead(case.scorecard)
