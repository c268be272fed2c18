"""Things that may break: the records, hazards, rates, counts and the accord, by hand on small tables."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.core.errors import InputError
from harmattan.follow import accord, aid_workers, coups, watched
from harmattan.follow.rates import chance_by_rates, rates_of
from harmattan.follow.years import Stretch, by_year, chain, recently, stretches
from harmattan.model.following.counts import count_draws
from harmattan.model.following.hazard import hazard_draws
from harmattan.model.following.laplace import Coefficient
from harmattan.panel.agreements import load_ended
from harmattan.panel.aid_workers import load_attacks
from harmattan.panel.coups import load_coups
from harmattan.run.break_words import ATTACKS, JUDGED, SCORES, better
from harmattan.run.breaking import coups_known
from harmattan.run.draw_files import COLUMNS as FILE_COLUMNS
from harmattan.run.export import Origin, hub_years
from harmattan.run.following import deaths_ahead

UNITS = ["QMA", "QMB"]
YEARS = [Stretch(2021, 12, ahead=True), Stretch(2022, 12, ahead=True)]


def write(folder, text):
    file = folder / "table.csv"
    file.write_text(text, encoding="utf-8")
    return file


def yearly_of(values, first=2000, units=UNITS):
    coords = {"year": list(range(first, first + len(values))), "country": list(units)}
    return xr.DataArray(np.array(values, dtype=float), dims=("year", "country"), coords=coords)


def watched_all(happened):
    return xr.DataArray(np.ones(happened.sizes["year"]), dims="year", coords={"year": happened["year"]})


def futures(values, draws, first=2020):
    return yearly_of(values, first).expand_dims(draw=draws).transpose("draw", "year", "country")


# The records

COUPS = "iso3,date,event_type\nQMA,2001-03-02,coup\nQMA,2001-05-02,conspiracy\nQMB,2003-01-09,attempt\n"


def test_plots_are_no_events_and_months_nobody_watched_are_not_quiet(tmp_path):
    table = load_coups(write(tmp_path, COUPS), UNITS, "2002-06", "2003-03")
    assert table["month"].values[0] == "2001-01" and table.sizes["month"] == 27
    assert table.sel(month="2001-03").values.tolist() == [1, 0] and table.sel(month="2001-05").values.tolist() == [0, 0]
    assert np.isnan(table.sel(month="2002-07")).all()
    late = table.sel(month="2003-01").values
    assert late[1] == 1 and np.isnan(late[0]), "a known coup is one, silence beside it says nothing"
    assert load_coups(write(tmp_path, COUPS), UNITS, "2002-06", "2002-12").sum() == 1, "nothing after as_of"
    happened, share = by_year(table, "2002-06")
    assert happened.values.tolist() == [[1, 0], [0, 0], [0, 1]] and share.values.tolist() == [1, 0.5, 0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (COUPS.replace("date", "day"), "no column 'date'"),
        (COUPS.replace("2001-05-02", "2001-05"), "line 3: the date of a coup"),
        (COUPS.replace("2001", "2031").replace("2003", "2033"), "begins in 2031-01"),
    ],
)
def test_a_table_of_coups_that_is_none_is_refused(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        load_coups(write(tmp_path, text), UNITS, "2002-06", "2003-03")


def test_attacks_are_none_where_there_is_no_row_and_end_with_as_of(tmp_path):
    text = "iso3,month,incidents\nQMA,2001-03,2\nQMA,2001-04,1\nQMC,2001-01,9\nQMB,2002-02,4\n"
    table = load_attacks(write(tmp_path, text), UNITS, "2002-01")
    assert table.sizes["month"] == 13 and table.sum("month").values.tolist() == [3, 0]
    with pytest.raises(InputError, match="line 2: a month is YYYY-MM"):
        load_attacks(write(tmp_path, text.replace("2001-03", "March")), UNITS, "2002-01")
    with pytest.raises(InputError, match="line 3: a month is"):
        load_attacks(write(tmp_path, text.replace("04,1", "04,-1")), UNITS, "2002-01")
    with pytest.raises(InputError, match="no column 'incidents'"):
        load_attacks(write(tmp_path, text.replace("incidents", "attacks")), UNITS, "2002-01")


def test_months_between_a_record_and_as_of_stand_apart_from_those_ahead():
    assert stretches("2023-06", "2023-06", 2024) == [Stretch(2023, 6, True), Stretch(2024, 12, True)]
    assert stretches("2022-09", "2023-06", 2023) == [
        Stretch(2022, 3, False),
        Stretch(2023, 6, False),
        Stretch(2023, 6, True),
    ]
    assert stretches("2023-12", "2023-12", 2024) == [Stretch(2024, 12, True)]


# The simple rule


def test_rates_are_those_of_years_after_an_event_and_after_none():
    happened = yearly_of([[1, 0], [1, 0], [0, 0], [0, 1], [0, 1]])
    assert recently(happened, 1).values.tolist() == [[1, 0], [1, 0], [0, 0], [0, 1]]
    rates = rates_of(happened, watched_all(happened), 1, draws=40_000)
    # after one: 2000 and 2001 of QMA, 2003 of QMB: 1, 0, 1 happened; after none: 1 of 5
    assert rates["recent"].mean() == pytest.approx(2.5 / 4, abs=0.01)
    assert rates["quiet"].mean() == pytest.approx(1.5 / 6, abs=0.01)


def test_years_nobody_watched_or_in_which_a_unit_was_not_there_teach_nothing():
    happened = yearly_of([[0, 0], [0, np.nan], [0, np.nan], [0, 0]])
    share = watched_all(happened)
    share[3] = 0.0
    rates = rates_of(happened, share, 1, draws=40_000)  # two quiet years of QMA are left
    assert rates["quiet"].mean() == pytest.approx(0.5 / 3, abs=0.01)


def test_half_a_year_has_the_chance_that_makes_a_year_of_two_halves():
    chance = chance_by_rates(pd.DataFrame({"quiet": [0.36], "recent": [0.75]}))
    np.testing.assert_allclose(chance(2021, np.array([[False, True]]), 0.5), [[0.2, 0.5]])
    np.testing.assert_allclose(chance(2021, np.array([[False, True]]), 1.0), [[0.36, 0.75]])


def test_a_chain_remembers_what_is_known_and_what_it_drew():
    happened = yearly_of([[1, 0]], 2020)
    certain = chance_by_rates(pd.DataFrame({"quiet": [0.0], "recent": [1.0]}))
    found = chain(certain, happened, YEARS, memory=1, draws=1, seed=1, name="x")
    assert found.values.tolist() == [[[True, False], [True, False]]]
    unseen = [Stretch(2021, 6, ahead=False), Stretch(2021, 6, ahead=True), Stretch(2022, 12, ahead=True)]
    always = chance_by_rates(pd.DataFrame({"quiet": [1.0], "recent": [0.0]}))
    found = chain(always, yearly_of([[0, 0]], 2020), unseen, memory=1, draws=1, seed=1, name="x")
    assert found["year"].values.tolist() == [2021, 2022]
    assert found.sel(year=2022).values.tolist() == [[False, False]], "what happened unseen counts as before"


# Coups


def learnt(**values):
    names = ("constant", "recent", "log_deaths", "log_before", "log_size", "in.QMA", "in.QMB")
    return pd.DataFrame([dict.fromkeys(names, 0.0) | {name.replace("in_", "in."): v for name, v in values.items()}])


def test_the_hazard_of_a_coup_by_hand():
    draws = 40_000
    fit = learnt(constant=-2.0, recent=1.0, log_deaths=0.2)
    deaths = futures([[10, 10], [30, 10]], draws)
    found = coups.follow(fit, yearly_of([[0, 1]], 2020), [Stretch(2021, 6, ahead=True)], deaths, 1).isel(year=0)
    quiet = 1 - np.exp(-0.5 * np.exp(-2 + 0.2 * np.log(21)))  # 20 deaths a year in two years, half a year
    recent = 1 - np.exp(-0.5 * np.exp(-1 + 0.2 * np.log(11)))
    np.testing.assert_allclose(found.mean("draw"), [quiet, recent], atol=0.01)


def test_more_deaths_never_undo_a_coup_and_scenarios_share_their_luck():
    fit, known = learnt(constant=-2.0, log_deaths=0.4), yearly_of([[0, 0]], 2020)
    few, many = (coups.follow(fit, known, YEARS[:1], futures([[9, 9], [n, 9]], 500), 1) for n in (9, 900))
    assert (many >= few).all() and many.sel(country="QMA").sum() > few.sel(country="QMA").sum()
    assert many.sel(country="QMB").equals(few.sel(country="QMB"))
    alone = coups.follow(fit, known.sel(country=["QMB"]), YEARS[:1], futures([[9, 9], [9, 9]], 500), 1)
    assert alone.sel(country="QMB").equals(few.sel(country="QMB")), "another country changes no luck"


def test_what_is_learnt_of_coups_is_what_made_the_record():
    rng = np.random.default_rng(0)
    deaths = yearly_of(np.exp(rng.normal(3, 2, (800, 2))).round(), 1200)
    values = np.zeros((800, 2))
    for t in range(5, 800):
        both = np.log1p((deaths.values[t] + deaths.values[t - 1]) / 2)
        hazard = np.exp(-3 + 0.9 * values[t - 5 : t].any(axis=0) + 0.2 * both)
        values[t] = rng.random(2) < -np.expm1(-hazard)
    happened = yearly_of(values, 1200)
    found = coups.learn(happened, watched_all(happened), deaths)
    for name, truth in (("recent", 0.9), ("log_deaths", 0.2)):
        assert abs(found[name].mean() - truth) < 2.5 * found[name].std() < 0.4


def test_laplace_draws_have_the_posterior_of_a_grid():
    """One group, one coefficient: the density on a grid of both is the truth."""
    happened, exposure = np.array([1, 0, 0, 1, 0, 0, 0, 0, 1, 0] * 4), np.full(40, 0.8)
    rows = np.ones((40, 1)), np.zeros(40, dtype=int), exposure, happened
    found = hazard_draws(*rows, (Coefficient("constant", -2.0, 1.0),), ("g",), draws=20_000)
    both = np.linspace(-5, 2, 200)
    constant, apart = np.meshgrid(both, both, indexing="ij")
    hazard = 0.8 * np.exp(constant + apart)
    log = 12 * np.log(-np.expm1(-hazard)) - 28 * hazard - (constant + 2) ** 2 / 2 - (apart / 0.4) ** 2 / 2
    weight = np.exp(log - log.max()) / np.exp(log - log.max()).sum()
    mean = (weight * constant).sum()
    assert found["constant"].mean() == pytest.approx(mean, abs=0.05)
    assert found["constant"].std() == pytest.approx(np.sqrt((weight * (constant - mean) ** 2).sum()), rel=0.1)


def test_the_shipped_record_of_coups_stops_where_nobody_looked_on():
    case = open_case()
    table, known_to = coups_known(case, "2024-12")
    assert known_to == case.definition.record.coups.complete_to < "2024"
    assert np.isnan(table.sel(month="2024-06")).all() and float(table.sel(month="2023-07").max()) == 1
    assert coups_known(case, "2010-03")[1] == "2010-03"


# Aid workers


def test_attacks_by_hand():
    draws = 40_000
    fit = learnt(constant=0.5, log_deaths=0.3, log_before=0.5, log_size=1.0)
    found = aid_workers.follow(fit, yearly_of([[3, 0]], 2020), YEARS[:1], futures([[0, 0], [99, 0]], draws), 1)
    expected = np.exp([0.5 + 0.3 * np.log(100) + 0.5 * np.log(4), 0.5])
    np.testing.assert_allclose(found.isel(year=0).mean("draw"), expected, rtol=0.03)
    variance = expected + expected**2 / np.exp(1.0)
    np.testing.assert_allclose(found.isel(year=0).var("draw"), variance, rtol=0.08)
    half = aid_workers.follow(fit, yearly_of([[3, 0]], 2020), [Stretch(2021, 6, True)], futures([[0, 0]] * 2, draws), 1)
    assert half.sel(country="QMB").mean() == pytest.approx(np.exp(0.5) / 2, rel=0.03)


def test_attacks_of_this_year_so_far_count_in_the_next():
    fit = learnt(constant=-30.0, log_before=20.0)
    known = yearly_of([[0, 0], [0, 9]], 2020)
    ahead = [Stretch(2021, 6, ahead=True), Stretch(2022, 12, ahead=True)]
    found = aid_workers.follow(fit, known, ahead, futures([[0, 0]] * 3, 3), 1)
    assert found.sel(year=2021).sum() == 0 and (found.sel(year=2022, country="QMB") > 0).all()


def test_what_is_learnt_of_counts_is_what_made_them():
    rng = np.random.default_rng(1)
    x = rng.normal(size=3000)
    count = rng.poisson(np.exp(0.4 + 0.6 * x) * rng.gamma(2, 1 / 2, 3000))
    coefficients = Coefficient("constant", 0, 2), Coefficient("x", 0, 2)
    rows = np.stack([np.ones(3000), x], axis=1), np.zeros(3000, int), np.ones(3000), count
    found = count_draws(*rows, coefficients, ("g",)).mean()
    assert found["x"] == pytest.approx(0.6, abs=0.05) and np.exp(found["log_size"]) == pytest.approx(2, rel=0.2)


# Watched units and the accord


def test_a_watched_unit_passes_its_threshold_on_the_futures_themselves():
    found = watched.follow(futures([[25, 26]], 2, 2021), ("QMB", "QMA"), 25)
    assert found.isel(draw=0, year=0).values.tolist() == [True, False]


CURVE = pd.DataFrame(
    {"years_since_signing": [1, 3], "share_ended": [0.5, 0.5], "share_ended_se": [0.05, 0.05], "agreements": [100, 100]}
)


def test_an_old_accord_is_not_a_new_one():
    chances = accord.yearly_chances(CURVE, 40_000, 1)
    # 0.25 / 0.0025 = 100 accords: 50 of 100 ended in the first year, none of the 50 left in the next two
    assert chances[1.0].mean() == pytest.approx(50.5 / 101, abs=0.005)
    assert chances[3.0].mean() == pytest.approx(0.5 / 51 / 2, abs=0.001), "a stretch without an end has some risk"
    new, old = (
        accord.follow(CURVE, date(signed, 12, 31), date(2020, 12, 31), [2021, 2022], "QMA", 20_000, 1).mean("draw")
        for signed in (2020, 2018)
    )
    assert new.values[0, 0] == pytest.approx(0.5, abs=0.02) and old.values[1, 0] < 0.02
    assert old.values[0, 0] < old.values[1, 0], "beyond the curve its last stretch goes on"


def test_an_end_once_come_stays():
    found = accord.follow(CURVE, date(2020, 12, 31), date(2020, 12, 31), [2021, 2022, 2030], "QMA", 500, 1)
    assert (found.astype(int).diff("year") >= 0).all()


def test_a_group_that_the_curve_lacks_is_refused_with_those_it_has():
    case = open_case()
    assert load_ended(case.accord_file, case.definition.accord.curve.group)["share_ended"].is_monotonic_increasing
    with pytest.raises(InputError, match="no group 'x'.*'all 1975-2021'"):
        load_ended(case.accord_file, "x")


# What is shown


def test_each_sub_model_says_what_it_is():
    kinds = {one.id: one.kind for one in (coups.COUPS, aid_workers.AID_WORKERS, watched.WATCHED, accord.ACCORD)}
    assert kinds == {"coup": "event", "aid_workers": "count", "watched": "event", "accord": "event"}


def score_rows(brier, log):
    return pd.DataFrame(
        {"event": "coup", "model": JUDGED, "score": ["brier", "log"], "skill": [brier, log], "happened": 3}
    )


def test_a_model_is_shown_only_if_it_is_better_in_both_scores():
    assert better(score_rows(0.1, 0.01), "coup")
    assert not better(score_rows(0.1, -0.01), "coup") and not better(score_rows(0.0, 0.1), "coup")
    assert not better(score_rows(0.1, 0.1), "aid_workers") and not better(None, "coup")


@pytest.fixture(scope="module")
def run(found_fit):
    return hm.forecast(as_of="2023-06", months=30, draws=60)


@pytest.mark.slow
def test_a_run_tells_what_may_break_on_its_own_draws(run, tmp_path):
    found = run.breaks
    assert found is run.breaks and list(found.parts) == ["coup", "aid_workers", "watched", "accord"]
    assert found.months == {2023: 6, 2024: 12, 2025: 12} and found.missing == ()
    table = found.table()
    assert table["chance"].between(0, 1).all() and table["base_rate"].between(0, 1).all()
    assert len(table) == 3 * (16 + 16 + 8 + 1)
    scores = pd.read_csv(run.case.scorecard / SCORES)
    for kind in ("coup", "aid_workers", "watched"):
        assert found.parts[kind].shown == ("model" if better(scores, kind) else "by history")
    assert (found.parts["aid_workers"].amount is not None) == better(scores, ATTACKS)
    saved = pd.read_csv(found.save(tmp_path / "breaks.csv"))
    coup = saved.query("kind == 'coup' and country == @run.case.home and year == 2024")
    at = table.query("kind == 'coup' and country == @run.case.home and year == 2024").iloc[0]
    assert len(coup) == 60 and coup["value"].mean() == pytest.approx(at["chance"])
    with xr.open_dataset(found.save(tmp_path / "breaks.nc"), engine="h5netcdf") as kept:
        assert kept.attrs["seed"] == "1" and kept.sizes["draw"] == 60
    assert "base rate" in found._repr_html_().lower()
    assert set(found.relations["kind"]) == {"coup", "accord"} and found.relations["chance"].notna().all()


@pytest.mark.slow
def test_an_accord_that_has_ended_has_ended_and_one_before_the_curve_is_not_told(run):
    later = replace(run, clock=run.clock.model_copy(update={"as_of": "2024-03"}))
    assert run.case.accord_ended < "2024-03"
    assert "2024" in later.breaks.verdicts()["accord"] and (later.breaks.parts["accord"].happens.all())
    before = hm.forecast(as_of="2020-12", months=12, draws=5)
    assert "accord" in before.breaks.missing and "2021" in before.breaks.notes()[0]


def test_a_case_without_tables_says_so_and_goes_on(made_case, made_fit):
    found = made_case.forecast(months=30, draws=20).breaks
    assert list(found.parts) == ["watched"] and found.missing == ("coup", "aid_workers", "accord")
    assert "no table of coups" in found.notes()[0] and len(found.notes()) == 3 and len(found.reasons) == 0
    assert found.parts["watched"].shown == "by history" and "No model has been scored" in found.verdicts()["watched"]


def test_draws_by_year_are_samples_of_the_same_futures(tmp_path):
    both = xr.DataArray(
        [[[1.0, np.nan], [0.0, np.nan]]],
        dims=("draw", "year", "country"),
        coords={"year": [2023, 2024], "country": UNITS},
    )
    table = hub_years({"coup": both}, Origin("2023-06", "it-leaves", {}))
    assert table["location"].tolist() == ["QMA", "QMA"] and table["value"].tolist() == [1, 0]
    assert table["horizon"].tolist() == [1, 2] and table["output_type_id"].tolist() == ["s0", "s0"]
    assert table["target_end_date"].tolist() == [date(2023, 12, 31), date(2024, 12, 31)]
    assert list(table) == list(FILE_COLUMNS["hub"])


def test_plausible_deaths_are_refused():
    with pytest.raises(InputError, match="reported"):
        deaths_ahead(SimpleNamespace(counts="plausible"), 2020)
