"""Without a driver, a claim, a source: by weights, and the same by drawing and simulating anew. On the made-up case."""

from dataclasses import replace

import numpy as np
import pytest
from explain_helpers import by_driver, make_priors, short_run

from harmattan.claims.derivation import driver_priors
from harmattan.claims.register import load_register
from harmattan.explain.leave_out import Omission, leave_out, omissions
from harmattan.explain.question import Question
from harmattan.explain.reweighting import log_ratio, reweighted_change, smoothed_weights
from harmattan.report.explaining import _again
from harmattan.report.weighing import weights_of
from harmattan.run.asking import Ask
from harmattan.run.forecasting import forecast_on
from harmattan.run.refitting import deaths_under_priors

QUESTION = Question("QMA", "one_sided", threshold=120)

pytestmark = pytest.mark.usefixtures("made_case")


@pytest.fixture(scope="module")
def register(made_case):
    return load_register()


@pytest.fixture(scope="module")
def run(made_fit, register):
    return short_run(made_fit, register, draws=4000)


@pytest.fixture(scope="module")
def items(register):
    return {(item.kind, item.id): item for item in omissions(register, Ask(months=12).of("leaves").scenario)}


def table_of(total, effects, priors, left_out, again=None):
    """The table of independent drivers, whose effects are weighed by their mixtures."""

    def weigh(item):
        return smoothed_weights(log_ratio(effects, priors, item.priors))

    return leave_out(Question("QMA", "one_sided", threshold=10), total, left_out, weigh, again, 1)


# What can be left out


def test_every_acting_driver_and_every_voice_can_be_left_out(items, register):
    assert {id for kind, id in items if kind == "driver"} == set(register.drivers)
    assert {id for kind, id in items if kind == "source"} == set(register.sources)
    assert {id for kind, id in items if kind == "claim"} == {c for h in register.heard.values() for c in h.voting}


def test_a_driver_that_is_absent_cannot_be_left_out(register):
    chosen = Ask(months=12).of("stays").scenario
    named = {item.id for item in omissions(register, chosen) if item.kind == "driver"}
    assert named == {"river-trade", "raiders"}


def test_without_a_claim_the_priors_are_those_derived_without_it(items, register):
    item = items["claim", "gazette-003-a"]
    again = driver_priors(register, without_claims=frozenset({"gazette-003-a"}))
    for name in item.priors["driver"].values:
        kept = item.priors["weight"].sel(driver=name).values
        all_components = again["weight"].sel(driver=name).values
        np.testing.assert_allclose(kept[-1], all_components[-1])
        np.testing.assert_allclose(kept.sum(), 1.0)


def test_without_a_driver_only_no_effect_is_left(items):
    weight = items["driver", "vacancy"].priors["weight"].sel(driver="vacancy").values
    assert weight[-1] == 1.0 and weight[:-1].sum() == 0


def test_without_a_source_the_share_of_every_driver_that_hinges_on_the_exit_is_worked_out_again(items, register):
    left = items["source", "letter"].priors
    assert left.identical(driver_priors(register, without_sources=frozenset({"letter"})))


# Weights against new draws


@pytest.mark.parametrize("key", [("driver", "raiders"), ("claim", "gazette-003-a"), ("claim", "letter-002-a")])
def test_weights_agree_with_drawing_and_simulating_anew(run, items, key):
    item, total = items[key], QUESTION.total(run.deaths)
    weights = weights_of(run)(item)
    assert weights.effective_draws > 500
    anew = _again(run, QUESTION, None)(item)
    for before, after in ((total, anew), ((total > 120).astype(float), (anew > 120).astype(float))):
        change = reweighted_change(before, weights.values)
        paired = (after - before).std() / np.sqrt(len(before))
        assert change.value == pytest.approx((after - before).mean(), abs=3.5 * np.hypot(change.error, paired))


def test_without_a_source_that_changes_every_share_the_futures_are_simulated_again(run, items):
    item, total = items["source", "letter"], QUESTION.total(run.deaths)
    assert not weights_of(run)(item).reliable
    row = leave_out(QUESTION, total, [item], weights_of(run), _again(run, QUESTION, None), 1).iloc[0]
    assert row["method"] == "simulated again"


@pytest.mark.parametrize("key", [("driver", "raiders"), ("claim", "letter-002-a"), ("source", "letter")])
def test_futures_whose_drivers_stay_as_they_were_need_no_new_simulation(run, items, key):
    priors = items[key].priors
    anew = forecast_on(replace(run.ground, priors=priors), run.asked)
    assert deaths_under_priors(run, priors, 6).identical(anew.deaths.isel(month=slice(0, 6)))


def test_without_what_raises_deaths_there_are_fewer(run, items):
    item, total = items["driver", "patrols"], QUESTION.total(run.deaths)
    row = leave_out(QUESTION, total, [item], weights_of(run), _again(run, QUESTION, None), 1).iloc[0]
    paired = _again(run, QUESTION, None)(item) - total
    error = paired.std() / np.sqrt(len(paired))
    assert paired.mean() < -2 * error
    assert row["mean_change"] == pytest.approx(paired.mean(), abs=3.5 * np.hypot(row["mean_error"], error))
    assert row["mean_without"] == pytest.approx(total.mean() + row["mean_change"])


def test_a_forced_branch_that_loses_its_only_claim_is_said_to_be_impossible(made_fit, register, items):
    run = short_run(made_fit, register, draws=200, months=2)
    settings = {"vacancy": {"state": "happens", "branch": "open"}}
    forced = run.what_if(settings).forecasts["what if"]
    item = items["claim", "letter-004-a"]  # the only one that speaks for that branch
    row = leave_out(Question("QMA", "one_sided", months=2), np.arange(200.0), [item], weights_of(forced), None, 1).iloc[
        0
    ]
    assert row["method"] == "not possible" and np.isnan(row["mean_without"])


# When weights fail


def test_weights_that_fail_give_way_to_new_draws():
    rng = np.random.default_rng(1)
    old, wide = make_priors("a", weight=0.0), make_priors("a", weight=0.5, mean=0.0, sd=0.5)
    effects = by_driver(rng.normal(0, 0.05, (2000, 1)), "a")
    total = rng.poisson(10, 2000).astype(float)
    item = Omission("claim", "c", "claim", wide)
    without = table_of(total, effects, old, [item]).iloc[0]
    assert without["method"] == "not reliable" and np.isnan(without["probability_change"])
    assert without["k_hat"] > 0.7
    again = table_of(total, effects, old, [item], again=lambda asked: total + 3).iloc[0]
    assert again["method"] == "simulated again"
    assert (again["mean_change"], again["mean_error"]) == (3.0, 0.0)


def test_what_may_be_among_the_first_three_is_settled_by_new_draws_and_what_cannot_is_not():
    rng = np.random.default_rng(2)
    names = tuple("abcdef")
    there = rng.random((4000, 6)) < 0.4
    effects = by_driver(np.where(there, rng.normal(0.8, 0.1, there.shape), rng.normal(0, 0.05, there.shape)), *names)
    # a to d move the total alike and strongly; e and f barely
    total = 9 + effects.values @ np.array([4.0, 4.0, 4.0, 4.0, 0.01, 0.01]) + rng.normal(0, 1, 4000)
    priors = make_priors(*names)
    left_out = [Omission("driver", name, name, make_priors(name, weight=0.0)) for name in names]
    asked = []

    def again(item):
        asked.append(item.id)
        return total - 4.0 * effects.sel(driver=item.id).values

    def weigh(item):
        return smoothed_weights(log_ratio(effects, priors, item.priors))

    table = leave_out(
        Question("QMA", "one_sided", threshold=13), total, left_out, weigh, again, 1, settle=True
    ).set_index("id")
    assert sorted(asked) == ["a", "b", "c", "d"]
    assert (table.loc[list("abcd"), "method"] == "simulated again").all()
    assert (table.loc[["e", "f"], "method"] == "reweighted").all()
    unsettled = leave_out(Question("QMA", "one_sided", threshold=13), total, left_out, weigh, again, 1).set_index("id")
    assert (unsettled["method"] == "reweighted").all()
    assert (table.loc[list("abcd"), "probability_error"] < unsettled.loc[list("abcd"), "probability_error"]).all()


# Ranks


def test_the_largest_change_stands_first_and_its_rank_is_sure():
    rng = np.random.default_rng(4)
    names = ("a", "b", "c", "d")
    there = rng.random((4000, 4)) < 0.4
    values = np.where(there, rng.normal(0.8, 0.1, there.shape), rng.normal(0, 0.05, there.shape))
    total = 5 + 10 * values[:, 0] + rng.normal(0, 1, 4000)
    priors = make_priors(*names)
    left_out = [Omission("driver", name, name, make_priors(name, weight=0.0)) for name in names]
    table = table_of(total, by_driver(values, *names), priors, left_out)
    assert table["id"].iloc[0] == "a" and table["top_share"].iloc[0] == 1.0
    assert table["top_share"].sum() == pytest.approx(3.0)
    assert table["mean_change"].iloc[0] == pytest.approx(-10 * 0.4 * 0.8, abs=4 * table["mean_error"].iloc[0])
