"""A scenario may state a driver's probability and size outright; every command then reads it in their place."""

from importlib import import_module

import numpy as np
import pytest
from explain_helpers import short_run

from harmattan.claims.derivation import driver_priors
from harmattan.claims.register import load_register
from harmattan.claims.stated import scenario_priors, stated_in
from harmattan.core.errors import InputError
from harmattan.core.names import HEADLINE
from harmattan.drivers.assumptions import priors_after_events
from harmattan.explain.acting import Quantity, drivers_acting
from harmattan.explain.leave_out import omissions
from harmattan.explain.resolved import view_scenario
from harmattan.run.asking import Ask
from harmattan.run.forecasting import ground_of, history_of_drivers
from harmattan.schema.scenario import load_scenario


@pytest.fixture(scope="module")
def register():
    return load_register()


def write(folder, settings, *, name="mine", extends="withdrawal", more=""):
    path = folder / f"{name}.yaml"
    path.write_text(f"id: {name}\nextends: {extends}\ntitle: t\ncondition: c\n{more}drivers:\n  set:\n    {settings}\n")
    return path


def prior_of(register, path, driver):
    return scenario_priors(register, load_scenario(path, drivers=register.drivers)).sel(driver=driver)


def test_probability_and_ratio_take_the_place_of_what_the_claims_say(register, tmp_path):
    path = write(tmp_path, "urban-siege: {probability: 0.3, ratio: [1.1, 1.6]}")
    prior = prior_of(register, path, "urban-siege")
    assert prior["weight"].values == pytest.approx([0.3, 0.0, 0.7])
    mean, sd = prior["mean"].values[0], prior["sd"].values[0]
    assert np.exp([mean - 1.2815515655446004 * sd, mean + 1.2815515655446004 * sd]) == pytest.approx([1.1, 1.6])
    others = [name for name in register.drivers if name != "urban-siege"]
    stated, claims = scenario_priors(register, load_scenario(path)), driver_priors(register)
    assert stated.sel(driver=others).identical(claims.sel(driver=others))


@pytest.mark.parametrize("told", ["probability: 0.3", "ratio: [1.1, 1.6]"])
def test_either_may_stand_alone(register, tmp_path, told):
    prior = prior_of(register, write(tmp_path, f"urban-siege: {{{told}}}"), "urban-siege")
    claims = driver_priors(register).sel(driver="urban-siege")
    same = ("mean", "sd") if "probability" in told else ("weight",)
    other = ("weight",) if "probability" in told else ("mean", "sd")
    assert all(prior[name].identical(claims[name]) for name in same)
    assert not any(prior[name].identical(claims[name]) for name in other)


def test_what_is_left_of_a_branch_is_shared_by_the_others_as_before(register, tmp_path):
    path = write(tmp_path, "peace-accord: {probability: 0.5, branch: collapses}")
    before, after = (
        p["weight"].values
        for p in (driver_priors(register).sel(driver="peace-accord"), prior_of(register, path, "peace-accord"))
    )
    assert after[0] == pytest.approx(0.5) and after.sum() == pytest.approx(1.0)
    assert after[1] / after[2] == pytest.approx(before[1] / before[2])


def test_each_branch_may_have_a_probability_of_its_own(register, tmp_path):
    path = write(tmp_path, "peace-accord: {probability: {collapses: 0.5, settlement: 0.1}}")
    assert prior_of(register, path, "peace-accord")["weight"].values == pytest.approx([0.5, 0.1, 0.4])


def test_a_stated_probability_lets_a_driver_act_that_is_absent_by_default(tmp_path):
    scenario = load_scenario(write(tmp_path, "urban-siege: {probability: 0.3}", extends="baseline"))
    assert scenario.setting("urban-siege").state == "from-claims" and scenario.acts


@pytest.mark.parametrize(
    ("told", "parts"),
    [
        ("urban-siege: {probability: 30}", ["urban-siege.probability (line 7)", "between 0 and 1", "not 30"]),
        ("urban-siege: {probability: true}", ["between 0 and 1", "not true"]),
        ('urban-siege: {probability: "0.3"}', ["between 0 and 1"]),
        ("urban-siege: {ratio: [1.6, 1.1]}", ["urban-siege.ratio (line 7)", "low and the high end"]),
        ("urban-siege: {ratio: [0.5, 0.9]}", ["towns-besieged of urban-siege raises deaths"]),
        ("regional-cooperation: {ratio: [0.9, 1.2]}", ["strengthened of regional-cooperation lowers deaths"]),
        ("urban-siege: {ratio: 1.2}", ["low and the high end"]),
        ("urban-siege: {ratio: [1.1, true]}", ["low and the high end"]),
        ("peace-accord: {probability: 0.3}", ["branch: collapses (or settlement)", "probability: {collapses: 0.15"]),
        ("peace-accord: {probability: {collapse: 0.3}}", ["Did you mean 'collapses'?"]),
        ("peace-accord: {probability: {collapses: 0.8, settlement: 0.4}}", ["add up to 1 at most"]),
        ("urban-siege: {state: happens, probability: 0.3}", ["no room for a probability"]),
        ("urban-siege: {state: absent, ratio: [1.1, 1.6]}", ["absent here, so its ratio changes nothing"]),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(tmp_path, told, parts):
    with pytest.raises(InputError) as caught:
        load_scenario(write(tmp_path, told))
    assert all(part in str(caught.value) for part in ("mine.yaml", *parts)), str(caught.value)


def test_the_view_names_file_and_line_of_what_is_stated_and_what_follows(tmp_path):
    view = view_scenario(write(tmp_path, "urban-siege: {probability: 0.3, ratio: [1.1, 1.6]}"))
    shown = {value.key: (value.value, value.where.split("/")[-1]) for value in view.drivers}
    assert shown["urban-siege.probability"] == (0.3, "mine.yaml:7")
    assert shown["urban-siege.ratio"] == ((1.1, 1.6), "mine.yaml:7")
    (siege,) = [one for one in view.consequences if one.driver == "urban-siege"]
    assert siege.by_claims == pytest.approx(0.44, abs=0.01) and siege.in_scenario == pytest.approx(0.3)


def test_yaml_and_what_if_say_the_same(register, small_posterior, panel, tmp_path):
    path = write(tmp_path, "urban-siege: {probability: 0.3, ratio: [1.1, 1.6]}")
    stated = short_run(small_posterior, register, path, draws=60, months=6)
    usual = short_run(small_posterior, register, draws=60, months=6)
    asked = usual.what_if(urban_siege={"probability": 0.3, "ratio": [1.1, 1.6]}).forecasts["what if"]
    assert asked.deaths.identical(stated.deaths) and asked.effects.identical(stated.effects)
    assert not stated.deaths.sel(country="MLI", outcome=HEADLINE).equals(
        usual.deaths.sel(country="MLI", outcome=HEADLINE)
    )
    again = stated.what_if({"Jihadists lay siege to towns": {"probability": 0.9}}).forecasts["what if"]
    assert float(again.ground.priors["weight"].sel(driver="urban-siege")[0]) == 0.9
    assert (
        again.ground.priors["mean"]
        .sel(driver="urban-siege")
        .equals(stated.ground.priors["mean"].sel(driver="urban-siege"))
    )


def test_left_out_claims_do_not_move_what_is_stated(register, tmp_path):
    path = write(tmp_path, "urban-siege: {probability: 0.3, ratio: [1.1, 1.6]}")
    scenario = load_scenario(path)
    stated = scenario_priors(register, scenario).sel(driver="urban-siege")
    left = [one for one in omissions(register, scenario) if "urban-siege" in one.priors["driver"].values]
    assert len(left) > 3
    for one in left:
        weight = float(one.priors["weight"].sel(driver="urban-siege")[0])
        itself = (one.kind, one.id) == ("driver", "urban-siege")
        assert weight == (0.0 if itself else pytest.approx(0.3))
        if not itself:
            assert float(one.priors["mean"].sel(driver="urban-siege")[0]) == pytest.approx(float(stated["mean"][0]))


def test_a_claim_on_which_a_stated_branch_alone_rests_takes_the_branch_along(register, tmp_path):
    scenario = load_scenario(write(tmp_path, "regional-cooperation: {probability: 0.6}"))
    (only,) = [one for one in omissions(register, scenario) if one.id == "news-bnn-018-b"]
    assert float(only.priors["weight"].sel(driver="regional-cooperation")[0]) == 0.0  # nobody says how large it is


def test_after_the_exit_drivers_are_learnt_from_what_is_stated(register, panel, tmp_path):
    path = write(tmp_path, "urban-siege: {probability: 0.3, ratio: [1.1, 1.6]}", more="as_of: 2024-06\n")
    mine, usual = (
        load_scenario(path),
        load_scenario(path).model_copy(update={"drivers": load_scenario("withdrawal").drivers}),
    )
    seen = panel.sel(month=slice(None, "2024-06"))
    asked, usually = Ask().of(mine), Ask().of(usual)
    learnt = history_of_drivers(register, asked, seen).priors.sel(driver="urban-siege")
    expected = priors_after_events(register.drivers, scenario_priors(register, mine), "2024-06").sel(
        driver="urban-siege"
    )
    for name in ("weight", "mean", "sd"):
        assert learnt[name].values.tolist() == expected[name].values.tolist()
    assert not learnt.identical(history_of_drivers(register, usually, seen).priors.sel(driver="urban-siege"))
    assert ground_of(asked) != ground_of(usually) and stated_in(mine).keys() == {"urban-siege"}


def test_a_number_is_traced_to_what_the_scenario_states(register, tmp_path, monkeypatch):
    path = write(tmp_path, "urban-siege: {probability: 0.3, ratio: [1.1, 1.6]}")
    scenario = load_scenario(path)
    monkeypatch.setattr(import_module("harmattan.explain.acting"), "load_scenario", lambda *args, **more: scenario)
    acting = {one.driver: one for one in drivers_acting(register, Quantity("mine", HEADLINE, "MLI", "mid"))}
    assert acting["urban-siege"].at_peak == pytest.approx(0.3 * (np.log(1.1) + np.log(1.6)) / 2)
