"""The judge of long forecasts: analogues and scores against hand calculations, and nothing later than the origin."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from harmattan.core.errors import InputError
from harmattan.core.months import month_range
from harmattan.evaluate.baselines import analogue_rule, equal_pool, fading_conflictology
from harmattan.evaluate.judge import SUMMARY_EVENT, crps_of, judged
from harmattan.evaluate.judge_tables import coverage_by_row, errors_together, occurrence, skill_by_row, wars_that_end
from harmattan.evaluate.scores import crps
from harmattan.panel import analogues

UNITS = ("AAA", "BBB", "CCC")
MONTHS = month_range("2000-01", "2009-12")


def record(values):
    coords = {"month": MONTHS[: len(values)], "country": list(UNITS), "outcome": ["state_based", "one_sided"]}
    return xr.DataArray(np.asarray(values, dtype=float), coords, ("month", "country", "outcome"))


def halving():
    """AAA and BBB lose half of their deaths each year; CCC has none."""
    level = 64 * 0.5 ** (np.arange(120) // 12)
    values = np.zeros((120, 3, 2))
    values[:, 0], values[:, 1] = level[:, None], 2 * level[:, None]
    return record(values)


def test_what_followed_like_years_is_done_to_the_last_one(monkeypatch):
    monkeypatch.setattr(analogues, "NEAREST", 4)
    known = halving().isel(month=slice(0, 72))
    ahead = analogue_rule(known, known, month_range("2006-01", "2007-12"), 40, 1)
    last = known.isel(month=-1)
    for year, share in ((slice(0, 12), 0.5), (slice(12, 24), 0.25)):
        found = ahead.isel(month=year)
        assert (found.sel(country="AAA") == share * last.sel(country="AAA")).all()
    assert (ahead.sel(country="CCC") == 0).all(), "what followed peace here was peace"


def test_analogues_know_nothing_of_what_came_later():
    known, later = halving().isel(month=slice(0, 72)), halving()
    later[72:] = 999.0
    months = month_range("2006-01", "2006-12")
    again = analogue_rule(known, later.isel(month=slice(0, 72)), months, 20, 1)
    assert again.equals(analogue_rule(known, known, months, 20, 1))


def test_units_that_did_not_exist_are_no_analogues():
    known = halving().isel(month=slice(0, 72))
    world = known.copy()
    world[:60, 1] = np.nan
    ahead = analogue_rule(known, world, month_range("2006-01", "2006-12"), 20, 1)
    assert np.isfinite(ahead).all()


def test_a_record_too_short_for_analogues_is_refused():
    known = halving().isel(month=slice(0, 30))
    with pytest.raises(InputError, match="36 months of record.*there are 30"):
        analogue_rule(known, known, month_range("2002-07", "2003-06"), 5, 1)


def test_fading_months_halve_with_their_age():
    values = np.zeros((48, 3, 2))
    values[-8:] = 1.0
    drawn = fading_conflictology(record(values), ["2004-01"], 20_000, 1, half_life=8.0)
    expected = 0.5 / (1 - 0.5**6)  # half of the weight lies in each half-life, 48 months are six
    assert float(drawn.mean()) == pytest.approx(expected, abs=0.01)


def test_a_pool_takes_whole_draws_of_each_in_turn():
    members = [halving().isel(month=slice(0, 12)).expand_dims(draw=6) * 0 + number for number in range(3)]
    assert equal_pool(members).isel(month=0, country=0, outcome=0).values.tolist() == [0, 1, 2, 0, 1, 2]


def test_the_crps_is_that_of_the_scoreboard():
    rng = np.random.default_rng(1)
    draws, truth = rng.poisson(5, (50, 4)).astype(float), np.array([0.0, 3.0, 5.0, 40.0])
    theirs = crps(xr.DataArray(truth, dims="cell"), xr.DataArray(draws, dims=("draw", "cell")))
    assert crps_of(truth, draws) == pytest.approx(theirs.values)


def table(happened, forecast, known=None):
    known = halving().isel(month=slice(0, 60)) if known is None else known
    borders = xr.DataArray([[0, 1, 0], [1, 0, 0], [0, 0, 0]], dims=("country", "neighbour"))
    return judged({"model": forecast}, happened, known, borders, {"both": ["AAA", "CCC"], "gone": ["AAA", "ZZZ"]}, 1)


def future(value, draws=4):
    coords = {"month": MONTHS[60:], "country": list(UNITS), "outcome": ["state_based", "one_sided"]}
    shape = (draws, 60, 3, 2)
    return xr.DataArray(np.full(shape, value, dtype=float), coords, ("draw", "month", "country", "outcome"))


def one(found, span, country, outcome="state_based"):
    rows = found[(found["span"] == span) & (found["country"] == country) & (found["outcome"] == outcome)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_months_and_years_are_scored_as_by_hand():
    happened = future(0.0).isel(draw=0, drop=True).copy()
    happened[:3, 0, 0] = 4.0
    found = table(happened, future(1.0))
    first = one(found, "months 1-6", "AAA")
    assert (first["crps"], first["months_with"]) == ((3 * 3 + 3 * 1) / 6, 3)
    assert (first["with_deaths"], first["without"]) == (9.0, 3.0)
    assert first["brier"] == 0.5, "deaths were called sure in every month, and half had none"
    assert first["quantile_99"] == pytest.approx((3 * 0.99 * 3 + 3 * 0.01 * 1) / 6)
    year = one(found, "year 1", "AAA")
    assert (year["observed"], year["crps"]) == (12.0, 0.0)
    assert year["log_score"] == pytest.approx(-np.log2(5 / 14)), (
        "all four draws in its bin, one pseudo-count in each of ten"
    )
    assert one(found, "year 1", "AAA", "all")["crps"] == 12.0
    assert one(found, "year 1", "both")["observed"] == 12.0 and one(found, "year 1", "both")["crps"] == 12.0
    assert one(found, "year 1", "AAA + neighbours")["crps"] == 12.0
    assert "gone" not in set(found["country"])


def test_intervals_hold_what_lies_between_the_tenth_and_the_ninetieth_of_the_draws():
    forecast = future(0.0, draws=19) + xr.DataArray(np.arange(19.0), dims="draw")
    happened = future(9.0).isel(draw=0, drop=True).copy()
    happened[:2, 0, 0] = 50.0
    found = table(happened, forecast)
    assert one(found, "months 1-6", "AAA")["inside"] == pytest.approx(4 / 6)
    assert one(found, "months 1-6", "BBB")["inside"] == one(found, "year 1", "BBB")["inside"] == 1.0


def test_spans_beyond_the_record_are_not_scored():
    happened = future(0.0).isel(draw=0, drop=True).isel(month=slice(0, 24))
    assert set(table(happened, future(1.0))["span"]) == {
        "months 1-6",
        "months 7-12",
        "months 13-24",
        "year 1",
        "year 2",
    }


def test_occurrence_is_ranked_over_a_region():
    happened = future(0.0).isel(draw=0, drop=True).copy()
    happened[:, 0] = 1.0
    forecast = future(0.0).copy()
    forecast[:2, :, 0], forecast[:1, :, 1] = 1.0, 1.0
    found = table(happened, forecast)
    assert one(found, "months 1-6", "every")["auc"] == 1.0


def test_long_wars_are_asked_for_their_end():
    values = np.zeros((60, 3, 2))
    values[:, 0, 0] = 40.0
    values[:, 1, 0] = 4.0
    happened = future(10.0).isel(draw=0, drop=True).copy()
    happened[48:, 0, 0] = 9.0
    forecast = future(40.0).copy()
    forecast[0] = 0.0
    found = table(happened, forecast, record(values))
    wars = found[found["span"] == "war"]
    assert wars["country"].tolist() == ["AAA"], "the other has less than a hundred a year"
    assert wars[["observed", "said"]].values.tolist() == [[1.0, 0.25]]


def test_a_summary_event_marks_what_it_touches():
    happened = future(0.0).isel(draw=0, drop=True).copy()
    happened[14, 0, 0] = SUMMARY_EVENT + 1
    found = table(happened, future(1.0))
    assert not one(found, "months 1-6", "AAA")["summary"]
    assert one(found, "months 13-24", "AAA")["summary"] and one(found, "year 2", "AAA", "all")["summary"]
    assert not one(found, "year 2", "BBB")["summary"]


@pytest.fixture(scope="module")
def rows():
    """Two origins, a member that is right, and one that is always one too high."""
    happened = future(2.0).isel(draw=0, drop=True)
    known = halving().isel(month=slice(0, 60))
    borders = xr.DataArray([[0, 1, 0], [1, 0, 0], [0, 0, 0]], dims=("country", "neighbour"))
    tables = []
    for origin in ("2004-10", "2005-10"):
        members = {"right": future(2.0), "wrong": future(3.0), "worse": future(4.0)}
        tables.append(judged(members, happened, known, borders, {}, 1).assign(origin=origin, region="here"))
    return pd.concat(tables, ignore_index=True)


def test_skill_is_against_the_best_rival_of_each_row(rows):
    found = skill_by_row(rows[rows["member"] != "right"], "wrong").set_index(["region", "outcome", "span", "score"])
    row = found.loc[("all regions", "one_sided", "months 1-6", "crps")]
    assert (row["best"], row["skill"], row["skill_low"], row["origins"]) == ("worse", 0.5, 0.5, 2)


def test_coverage_tells_countries_from_neighbours(rows):
    found = coverage_by_row(rows, "right")
    assert set(found["places"]) == {"countries", "with neighbours"}
    of_one = found[(found["places"] == "with neighbours") & (found["span"] == "year 1") & (found["region"] == "here")]
    assert (of_one["count"] == 4).all(), "two countries with neighbours at two origins"


def test_wars_and_occurrence_and_errors_are_told_by_member(rows):
    assert wars_that_end(rows).empty and occurrence(rows).empty, "no long war, and every month had deaths"
    found = errors_together(rows, "right", least=1.0)
    assert set(found["other"]) == {"one_sided"} and (found["count"] == 6).all()
    quiet = rows.assign(mean_log=rows["mean_log"].where(rows["country"] != "AAA", 0.0))
    assert (errors_together(quiet, "right", least=1.0)["count"] == 4).all(), "those with few deaths are left out"
