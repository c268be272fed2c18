"""How fragile an answer is: by hand on small arrays, and what is promised of runs of the made-up case."""

import json
import math
from dataclasses import replace
from html import escape

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from explain_helpers import made_learnt, short_run
from made import copy_made_case

from harmattan.claims.derivation import driver_priors
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.core.resources import using_project
from harmattan.core.telling import telling
from harmattan.explain.fragility import ASKED, most_moving, movements
from harmattan.explain.leave_out import Omission, omissions
from harmattan.explain.question import Question
from harmattan.explain.readings import band_of, beta_of_band, variations
from harmattan.explain.reweighting import Weights
from harmattan.explain.tipping import changes_before, e_value, tipping_of_futures, tipping_of_record
from harmattan.report.fragile_tables import fragile_findings, fragile_tables
from harmattan.report.fragility import fragility_of
from harmattan.report.scenario_range import deaths_of_cards, on_all
from harmattan.risk.mattering import verdict_on
from harmattan.run.asking import Ask
from harmattan.run.carrying_over import carried, carrier
from harmattan.run.validation import validate
from harmattan.schema.lexicon import Band

QUESTION = Question("QMA", "one_sided", threshold=100)

pytestmark = pytest.mark.usefixtures("made_case")


@pytest.fixture(scope="module")
def register(made_case):
    return load_register()


@pytest.fixture(scope="module")
def scenario(made_case):
    return Ask(months=12).of("leaves").scenario


@pytest.fixture(scope="module")
def found(made_fit, made_case):
    return made_case.fragility(draws=400, threshold=100)


# A cause that nobody named


def test_the_e_value_of_two_is_two_and_the_root_of_two():
    assert e_value(2.0) == pytest.approx(2 + math.sqrt(2)) == pytest.approx(e_value(0.5))
    assert e_value(1.0) == 1.0


def test_a_difference_between_scenarios_tips_at_the_ratio_of_expected_deaths():
    first, second = np.array([9.5, 19.5, 29.5, 39.5]), np.full(4, 9.5)
    point = tipping_of_futures(first, second)
    assert point.ratio == pytest.approx((24.5 + 0.5) / 10)
    assert (point.low, point.high) == pytest.approx((1.3, 3.7)), "ratios of 1, 2, 3 and 4, between which it is read off"
    assert point.e_value == pytest.approx(e_value(2.5)) and point.e_value_of_range == pytest.approx(e_value(1.3))


def test_a_difference_turned_round_tips_at_the_same_strength():
    point = tipping_of_futures(np.array([9.5, 19.5, 29.5, 39.5]), np.full(4, 9.5)).turned()
    assert (point.ratio, point.low, point.high) == pytest.approx((1 / 2.5, 1 / 3.7, 1 / 1.3))
    assert point.e_value == pytest.approx(e_value(2.5))


def test_differences_are_read_off_the_first_futures_and_told_of_all():
    first, second = np.array([10.0, 20.0, 60.0, 70.0]), np.array([6.0, 14.0])
    assert on_all(second, first) == pytest.approx(40 - 5)
    assert on_all(second > 8, first > 15) == pytest.approx(0.75 + 0.0)
    assert tipping_of_futures(first, second).ratio == pytest.approx(40.5 / 35.5)


def test_a_change_on_record_has_the_error_of_two_poisson_totals_where_months_are_even():
    point = tipping_of_record(np.full(12, 4.0), np.full(24, 6.0))
    ratio, error = (144.5 / 24) / (48.5 / 12), math.sqrt(1 / 144.5 + 1 / 48.5)
    assert point.ratio == pytest.approx(ratio)
    assert math.log(point.high / point.ratio) == pytest.approx(1.2815515655 * error)
    assert math.log(point.ratio / point.low) == pytest.approx(1.2815515655 * error)


def test_months_that_vary_more_than_chance_and_go_together_widen_it():
    def width(months):
        point = tipping_of_record(np.array(months, float), np.full(12, 5.0))
        return math.log(point.high / point.low)

    even, jumping, lasting = width([5] * 12), width([0, 10] * 6), width([0] * 6 + [10] * 6)
    # residuals are -root 5 or root 5 in twelve months and 0 in twelve others: 60 / 22 is their dispersion
    assert jumping / even == pytest.approx(math.sqrt(60 / 22)), (
        "that jump back and forth resemble one another by nothing"
    )
    # eleven products of neighbours: ten of 5 and one of -5, over twelve squares of 5
    alike = 45 / 60
    assert lasting / jumping == pytest.approx(math.sqrt((1 + alike) / (1 - alike)))


def test_earlier_changes_are_counted_between_stretches_of_the_same_lengths_a_year_apart():
    record = np.repeat([1.0, 1.0, 4.0, 4.0], 12)  # four years: even, fourfold, even
    told = changes_before(record, 12, 12, 2.0)
    assert (told.as_large, told.pairs) == (1, 3)
    assert changes_before(record, 12, 12, 1 / 2.0) == told, "a fall by as much is as large"
    assert changes_before(record[:23], 12, 12, 2.0).pairs == 0


# The same words read otherwise


def test_a_probability_lies_in_the_narrowest_band_that_holds_it_else_in_the_nearest():
    bands = (Band(term="wide", low_pct=0, high_pct=60), Band(term="narrow", low_pct=20, high_pct=45))
    bands += (Band(term="far", low_pct=80, high_pct=90),)
    assert [band_of(p, bands).term for p in (0.3, 0.5, 0.65, 0.75)] == ["narrow", "wide", "wide", "far"]


def test_a_band_means_its_middle_as_surely_as_it_is_narrow():
    beta = beta_of_band(Band(term="likely", low_pct=60, high_pct=90))
    assert beta.mean == pytest.approx(0.75) and beta.variance == pytest.approx(0.3**2 / 12)


def test_words_and_grades_are_read_a_step_further_and_hedges_by_every_scale(register, scenario):
    found = variations(register, scenario)
    assert {item.to for item in found if item.kind == "lexicon"} == set(register.lexicons.yardsticks.standards)
    words = [(item.id, item.label, item.to) for item in found if item.kind == "word"]
    assert words == [
        ("gazette-003-a", "significantly", "unstated"),
        ("gazette-003-a", "significantly", "slight"),
        ("gazette-003-a", "significantly", "substantial"),
        ("letter-004-b", "somewhat more", "unstated"),
        ("letter-004-b", "somewhat more", "moderate"),
    ]

    def effect(priors):
        return float(np.abs(priors["weight"] * priors["mean"]).sum())

    steps = {(item.kind, item.to): effect(item.priors) for item in found}
    assert steps["sizes", "up"] > effect(driver_priors(register)) > steps["sizes", "down"]
    sources = {
        key: source.model_copy(update={"reliability": {"B": "A", "D": "C"}.get(source.reliability, source.reliability)})
        for key, source in register.sources.items()
    }
    better = next(item.priors for item in found if (item.kind, item.to) == ("grades", "up"))
    xr.testing.assert_equal(better, driver_priors(replace(register, sources=sources)))


# What moves by how much


def test_a_change_is_weighed_where_that_is_sure_enough_and_made_anew_elsewhere():
    total = np.r_[np.zeros(500), np.full(500, 200.0)]  # 100 expected, 50 in 100 above the threshold of 100
    twice = np.r_[np.full(500, 0.9), np.full(500, 1.1)] / 1000
    items = [Omission("source", name, name, None) for name in ("weighed", "unsure", "impossible")]
    weights = {"weighed": Weights(twice, 0.1), "unsure": Weights(twice, 0.9), "impossible": None}
    anew = (total[:100], total[:100] + 25.0)
    table = movements(
        QUESTION, total, items, lambda item: weights[item.id], lambda item: anew, "carried over"
    ).set_index("id")
    assert table.at["weighed", "method"] == "weighted" and table.at["weighed", "mean"] == pytest.approx(110.0)
    assert table.at["weighed", "probability_change"] == pytest.approx(0.05)
    for name in ("unsure", "impossible"):
        assert table.at[name, "method"] == "carried over" and table.at[name, "mean_change"] == 25.0
        assert (table.at[name, "mean"], table.at[name, "mean_error"]) == (125.0, 0.0)
    assert table.at["unsure", "verdict"] == "matters", "a quarter, known without error"
    without = movements(QUESTION, total, items[1:], lambda item: weights[item.id], None, "carried over")
    assert set(without["method"]) == {"not known"} and without["mean"].isna().all()


def test_a_change_matters_beyond_a_tenth_and_two_errors_and_is_nothing_that_far_below():
    assert [verdict_on(change, 100.0, 1.0, 0.1) for change in (12.1, -12.1, 11, 9, 7.9)] == [
        "matters", "matters", "undecided", "undecided", "nothing",
    ]  # fmt: skip


def test_of_single_claims_those_are_asked_that_move_what_documents_say_most():
    def priors(mean):
        table = {"weight": [[0.5, 0.5]], "mean": [[mean, 0.0]]}
        data = {name: (("driver", "component"), values) for name, values in table.items()}
        return xr.Dataset(data, {"driver": ["raid"], "component": ["branch_1", "no_effect"]})

    claims = [Omission("claim", str(number), "", priors(0.1 * number)) for number in range(20)]
    source = Omission("source", "s", "", priors(1.0))
    acting = xr.DataArray([0.5], {"driver": ["raid"]}, ("driver",))
    kept = most_moving([*claims, source], priors(0.0), acting)
    assert [item.id for item in kept] == ["s", *map(str, range(19, 19 - ASKED, -1))]


# What was learnt is carried over


def test_a_learnt_effect_keeps_its_quantile():
    def normal(mean, sd):
        return xr.Dataset(
            {name: ("component", [value]) for name, value in (("weight", 1.0), ("mean", mean), ("sd", sd))}
        )

    values = np.array([-1.0, 0.0, 1.5])
    assert carried(values, normal(0, 1), normal(1, 2)) == pytest.approx(1 + 2 * values, abs=0.01)
    assert carried(values, normal(0, 1), normal(0, 1)) is values


@pytest.fixture(scope="module")
def learnt(made_fit, register):
    draws = made_fit.parameters.sizes["draw"]
    effects = np.random.default_rng(2).normal(0.1, 0.05, (draws, len(register.drivers)))
    return short_run(made_learnt(made_fit, register, effects), register, draws=200)


def test_under_the_same_priors_the_futures_are_the_same_to_the_bit(learnt):
    again = carrier(learnt, 12, 50)(learnt.ground.priors)
    assert np.array_equal(again.values, learnt.deaths.values[:50])


def test_a_driver_that_events_settled_and_nothing_supports_any_more_has_no_effect(learnt, register, scenario):
    alone = next(item for item in omissions(register, scenario) if (item.kind, item.id) == ("driver", "patrols"))
    assert float(alone.priors["weight"].sel(driver="patrols").values[:-1].sum()) == 0
    later = replace(learnt, clock=learnt.clock.model_copy(update={"as_of": "2020-12"}))
    assert carrier(later, 12, 20)(alone.priors).shape == (20, 12, 5, 3)


# A run


def test_a_run_is_told_with_its_range_its_changes_and_its_tipping_point(found):
    assert list(dict.fromkeys(found.scenarios["scenario"])) == ["leaves", "quiet", "abandoned"]
    home = found.scenarios[found.scenarios["place"] == "QMA"].set_index("scenario")
    assert home.at["leaves", "expected"] == pytest.approx(found.mean)
    assert home.at["quiet", "expected"] < home.at["abandoned", "expected"]
    watched = found.scenarios[found.scenarios["place"] == "watched"]
    assert watched["over"].between(0, 2).all() and watched["probability"].isna().all()
    assert {"source", "lexicon", "grades", "claim"} <= set(found.movements["kind"])
    (point,) = found.points
    assert point.what == "futures", "no month after the exit is on record"
    assert "leaves" in (point.first, point.second) and point.one >= point.other and point.tipping.ratio >= 1
    pd.testing.assert_frame_equal(found.to_frame(), found.movements)


def test_its_sentences_stand_in_both_languages_beside_tables_that_hold_them(found):
    english = found.sentences()
    with speaking("fr"):
        french = found.sentences()
    assert len(english) == len(french) and not set(english) & set(french)
    with telling(found.run.words):
        tables = {table.id for table in fragile_tables(found)}
        assert {table for finding in fragile_findings(found) for table in finding.tables} == tables
    shown = found._repr_html_()
    assert shown.count("<p>") == len(english) and shown.count("<table") == 1 and escape(english[0]) in shown
    assert found.as_dict()["sentences"] == list(english)


def test_scenarios_beside_it_are_those_of_its_first_futures_to_the_bit(made_fit, learnt, register):
    for run in (short_run(made_fit, register, draws=60), learnt):
        cards = deaths_of_cards(run, ["quiet", "leaves"], 12, 40)
        alone = short_run(run.posterior, register, "quiet", draws=run.deaths.sizes["draw"])
        assert np.array_equal(cards["quiet"].values, alone.deaths.values[:40])
        assert np.array_equal(cards["leaves"].values, run.deaths.values)


def test_without_any_driver_there_is_nothing_to_leave_out(made_fit, register):
    run = short_run(made_fit, register, "baseline", draws=100)
    alone = fragility_of(run, None, QUESTION)
    assert alone.movements.empty and set(alone.scenarios["scenario"]) == {"baseline", "leaves", "quiet", "abandoned"}
    assert alone.sentences()


def test_after_the_exit_the_record_has_a_tipping_point_of_its_own(learnt):
    told = fragility_of(learnt, None, QUESTION)
    assert [point.what for point in told.points] == ["futures", "record"]
    record = learnt.panel.sel(country="QMA", outcome="one_sided")
    assert told.points[1].one == pytest.approx(float(record.sel(month=slice("2020-07", None)).mean()))
    assert "carried over" in set(told.movements["method"]) and "not known" not in set(told.movements["method"])


def test_it_is_saved_whole_and_in_place_of_itself_alone(found, tmp_path):
    found.save(tmp_path / "out")
    found.save(tmp_path / "out")
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    assert record["question"]["threshold"] == 100 and "tables/movements.csv" in record["files"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match=r"mine\.txt"):
        found.save(tmp_path / "other")


def test_a_card_that_is_no_scenario_is_refused(tmp_path):
    folder = copy_made_case(tmp_path / "case")
    file = folder / "case.yaml"
    file.write_text(file.read_text().replace("cards: [quiet, abandoned]", "cards: [quite]"))
    with using_project(folder), pytest.raises(InputError, match=r"scenarios\.cards.*Did you mean 'quiet'"):
        validate()
