"""What if: the same futures but for what is changed, without another fit. On the made-up case."""

import numpy as np
import pytest
from explain_helpers import made_learnt, make_drivers, make_priors, short_run
from made import HOME

import harmattan as hm
from harmattan.claims.register import load_register
from harmattan.claims.stated import changed_prior, scenario_priors
from harmattan.core.errors import InputError
from harmattan.drivers.effects import draws_from_claims
from harmattan.explain.learning import mixture_quantile
from harmattan.run.results import Comparison
from harmattan.schema.driver_setting import DriverSetting
from harmattan.schema.evidence import EvidenceUsed

pytestmark = pytest.mark.usefixtures("made_case")
MONTHS = 9


@pytest.fixture(scope="module")
def register(made_case):
    return load_register()


@pytest.fixture(scope="module")
def run(made_fit, register):
    return short_run(made_fit, register, draws=200, months=MONTHS)


def descendants(drivers, name):
    """A driver and all that it makes likelier or less likely, arrow by arrow."""
    found, size = {name}, 0
    while len(found) > size:
        size = len(found)
        found |= {key for key, driver in drivers.items() if {arrow.driver for arrow in driver.parents} & found}
    return found


def changed(comparison):
    return comparison.forecasts["what if"]


def test_it_simulates_as_a_forecast_does(made_fit):
    run = hm.forecast("leaves", months=3, draws=60)
    again = run.what_if()
    assert changed(again).deaths.identical(run.deaths)
    assert set(again.table["ratio"]) <= {1.0} or np.isnan(again.table["ratio"]).any()
    assert (again.table["difference_mean"] == 0).all()
    stays = hm.load("stays")
    settings = {key: "absent" for key in run.ground.register.drivers if stays.setting(key).state == "absent"}
    absent = {key: DriverSetting(state="absent") for key in settings}
    drivers = run.scenario.drivers.model_copy(update={"set": {**run.scenario.drivers.set, **absent}})
    other = hm.forecast(run.scenario.model_copy(update={"drivers": drivers}), months=3, draws=60)
    assert changed(run.what_if(settings)).deaths.identical(other.deaths)


def test_a_scenario_that_leaves_evidence_out_does_so_on_any_ground_and_in_every_what_if(made_fit, register):
    scenario = hm.load("leaves").model_copy(update={"evidence": EvidenceUsed(documents=False)})
    run = short_run(made_fit, register, scenario, draws=50, months=3)  # on a ground whose register uses everything
    assert run.ground.register.uses == scenario.evidence != register.uses
    assert run.ground.priors.identical(scenario_priors(register, scenario))
    assert not run.ground.priors.identical(scenario_priors(register, hm.load("leaves")))
    claims = frozenset({next(iter(register.claims))})
    less = changed(run.what_if(without_claims=claims))
    assert less.ground.priors.identical(scenario_priors(register, scenario, without_claims=claims))


def test_a_driver_that_is_absent_has_no_effect_and_all_else_stays(run):
    made = run.what_if(patrols="absent")
    assert isinstance(made, Comparison) and list(made.forecasts) == ["what if", "leaves"]
    effects = changed(made).effects
    assert (effects.sel(driver="patrols") == 0).all()
    downstream = descendants(run.ground.register.drivers, "patrols")
    others = [name for name in effects["driver"].values if name not in downstream]
    assert others == ["river-trade"]
    assert effects.sel(driver=others).identical(run.effects.sel(driver=others))
    assert made.forecasts["leaves"] is run
    assert changed(made).deaths.sel(HOME).values.sum() < run.deaths.sel(HOME).values.sum()


def test_noise_is_shared_where_the_driver_does_not_reach(run):
    after = changed(run.what_if({"patrols": {"onset_month": 5}}))
    np.testing.assert_array_equal(
        after.deaths.isel(month=0).sel(country="QMI"), run.deaths.isel(month=0).sel(country="QMI")
    )
    assert not after.deaths.sel(HOME).equals(run.deaths.sel(HOME))


def test_a_stronger_driver_gives_no_future_fewer_deaths_in_the_first_month(run):
    happens = run.what_if(patrols={"state": "happens", "ratio": [1.5, 2.0]})
    stronger = changed(happens).what_if(patrols={"ratio": [1.5, 2.0], "strength": 2.0})
    first, second = (it.deaths.sel(HOME).isel(month=0).values for it in (changed(happens), changed(stronger)))
    assert (second >= first).all() and second.sum() > first.sum()


def test_a_probability_of_the_prior_is_that_of_the_draws(run, register):
    effects = changed(run.what_if(patrols={"probability": 1.0, "ratio": [2.0, 2.2]})).effects
    assert np.exp(effects.sel(driver="patrols")).min() > 1.7
    effects = changed(run.what_if(patrols={"probability": 0.0})).effects
    assert np.abs(effects.sel(driver="patrols")).max() < 0.25  # no effect is Normal(0, 0.05)


def test_a_claim_left_out_is_as_if_never_read(run, register):
    from harmattan.claims.derivation import driver_priors

    made = changed(run.what_if(without_sources=["letter"], without_claims=["gazette-005-a"]))
    priors = driver_priors(register, without_sources=frozenset({"letter"}), without_claims=frozenset({"gazette-005-a"}))
    drawn = draws_from_claims(register.drivers, priors, run.scenario, 200, 1, as_of=run.clock.as_of)
    assert made.effects.identical(drawn.effects)


def test_a_chosen_branch_can_be_let_go_again(run):
    gone = changed(run.what_if({"vacancy": {"state": "happens", "branch": run_branch(run)}}))
    assert changed(gone.what_if(vacancy="from-claims")).effects.identical(run.effects)


def run_branch(run):
    return run.ground.register.drivers["vacancy"].branch_ids[0]


@pytest.mark.parametrize(
    ("settings", "parts"),
    [
        ({"vacanci": "absent"}, ["vacanci", "Did you mean 'vacancy'"]),
        ({"patrols": "gone"}, ["patrols", "state", "probability"]),
        ({"patrols": {"strenght": 2}}, ["strenght", "strength"]),
        ({"patrols": {"probability": 1.4}}, ["between 0 and 1"]),
        ({"patrols": {"ratio": [2, 1]}}, ["low and the high end"]),
        ({"patrols": {"ratio": 2}}, ["low and the high end"]),
        ({"vacancy": "happens"}, ["more than one way", "branch"]),
        ({"vacancy": {"state": "happens", "branch": "opn"}}, ["no branch"]),
        ({"vacancy": {"branch": "open"}}, ["branch"]),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_mending(run, settings, parts):
    with pytest.raises(InputError) as refusal:
        run.what_if(settings)
    assert all(part in str(refusal.value) for part in parts), str(refusal.value)


def test_a_claim_that_does_not_exist_is_refused(run):
    with pytest.raises(InputError, match="no claim"):
        run.what_if(without_claims=["nobody-said-this"])


def test_the_prior_of_what_was_learnt_is_not_changed_without_a_fit(made_fit, register):
    names = list(register.drivers)
    values = np.random.default_rng(1).normal(0, 0.05, (made_fit.parameters.sizes["draw"], len(names)))
    run = short_run(made_learnt(made_fit, register, values), register, draws=50, months=3)
    with pytest.raises(InputError, match="needs another fit"):
        run.what_if(patrols={"probability": 0.9})
    after = changed(run.what_if(patrols="absent"))
    assert (after.effects.sel(driver="patrols") == 0).all()
    assert not after.deaths.sel(HOME).equals(run.deaths.sel(HOME))


# Changed priors


def prior_of(direction="raise", weight=0.4, **told):
    driver = make_drivers("a")["a"]
    branch = driver.branches[0].model_copy(update={"direction": direction})
    driver = driver.model_copy(update={"branches": (branch,)})
    return changed_prior(make_priors("a", weight=weight), driver, DriverSetting(**told)).sel(driver="a")


def test_a_ratio_is_the_eighty_in_a_hundred_interval_of_a_branch():
    prior = prior_of(ratio=[1.2, 1.8], probability=1.0)
    assert np.exp(mixture_quantile(prior, 0.1)) == pytest.approx(1.2)
    assert np.exp(mixture_quantile(prior, 0.9)) == pytest.approx(1.8)


@pytest.mark.parametrize("ratio", [[1.2, 1.8], [1 / 1.8, 1 / 1.2]])
def test_a_branch_that_lowers_deaths_gets_the_mirror_image_of_a_ratio_above_one(ratio):
    prior = prior_of("lower", ratio=ratio, probability=1.0)
    assert np.exp(mixture_quantile(prior, 0.9)) == pytest.approx(1 / 1.2)
    assert np.exp(mixture_quantile(prior, 0.1)) == pytest.approx(1 / 1.8)


def test_a_driver_that_nobody_supports_cannot_be_made_likelier_unless_its_size_is_stated_too():
    with pytest.raises(InputError, match="no claim"):
        prior_of(weight=0.0, probability=0.5)
    prior = prior_of(weight=0.0, probability=0.5, ratio=[1.2, 1.8])
    assert prior["weight"].values == pytest.approx([0.5, 0.5])
