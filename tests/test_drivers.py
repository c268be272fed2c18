"""Drivers: when, where and how strongly each moves the log rate, and that their draws never depend on one another."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from shipped import UNITS, drivers_on

from harmattan.case.opening import open_case
from harmattan.core.errors import InputError
from harmattan.core.names import OUTCOMES
from harmattan.drivers.activation import activation
from harmattan.drivers.effects import component_shares, draws_after_data, draws_from_claims
from harmattan.drivers.exposure import acting_effect, exposure, log_effect
from harmattan.drivers.places import place_shares
from harmattan.drivers.timing import central_onsets, drawn_onsets
from harmattan.schema.driver import Driver
from harmattan.schema.scenario import Scenario

GEOGRAPHY = open_case().geography
MONTHS = [f"2023-{m:02d}" for m in range(5, 13)]  # the exit is 2023-06: months -1 to 6
EXIT = "2023-06"
BRANCHES = ("worse", "better", "no_effect")


def make_driver(name, *, onset=1, window=None, ramp=1, half_life=None, places=None, outcomes=None, **more):
    branch = {"id": "worse", "means": "m", "direction": "raise"}
    return Driver.model_validate(
        {
            "id": name, "title": "t", "means": "m", "branches": (branch,),
            "outcomes": outcomes or {"state_based": 1.0}, "places": places or {"MLI": 1.0},
            "timing": {
                "onset_month": onset, "onset_window": window, "ramp_months": ramp, "half_life_months": half_life,
            },
            "basis": "b", "evidence": (), **more,
        }
    )  # fmt: skip


def make_scenario(default="from-claims", pace=None, **settings):
    drivers = {"default": default, "set": {name.replace("_", "-"): value for name, value in settings.items()}}
    drivers |= {"pace": pace or {}}
    return Scenario.model_validate({"id": "s", "title": "t", "condition": "c", "drivers": drivers})


def make_priors(*names, weights=(0.5, 0.2, 0.3)):
    shape = (len(names), len(BRANCHES))
    values = {
        "weight": np.broadcast_to(weights, shape),
        "mean": np.broadcast_to((0.6, -0.4, 0.0), shape),
        "sd": np.broadcast_to((0.1, 0.05, 0.05), shape),
        "branch": np.broadcast_to(BRANCHES, shape),
    }
    return xr.Dataset(
        {key: (("driver", "component"), np.array(value)) for key, value in values.items()},
        coords={"driver": list(names), "component": ["branch_1", "branch_2", "no_effect"]},
    )


def effects_from_claims(priors, scenario, draws, seed):
    """Effects of drivers without arrows between them."""
    return draws_from_claims(drivers_of(priors), priors, scenario, draws, seed, as_of=EXIT).effects


def effects_from_posterior(posterior, priors, scenario, seed):
    return draws_after_data(drivers_of(priors), priors, posterior, scenario, seed, as_of=EXIT).effects


def drivers_of(priors):
    return drivers_on({str(name): make_driver(str(name)) for name in priors["driver"].values})


# When: activation


def test_nothing_acts_before_the_onset_or_before_the_exit():
    months = np.arange(-3, 6)
    assert activation(months, 3, 1, None).tolist() == [0, 0, 0, 0, 0, 0, 1, 1, 1]
    assert activation(months, 0, 1, None).tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("ramp", "share"), [(0, [1, 1, 1, 1]), (1, [1, 1, 1, 1]), (2, [1 / 2, 1, 1, 1]), (4, [1 / 4, 1 / 2, 3 / 4, 1])]
)
def test_ramp_climbs_straight_to_the_peak(ramp, share):
    assert activation(np.arange(2, 6), 2, ramp, None) == pytest.approx(share)


def test_half_life_counts_from_the_peak():
    # onset 1, ramp 2: half in month 1, peak in month 2, then a half every three months
    share = activation(np.array([1, 2, 5, 8]), 1, 2, 3.0)
    assert share == pytest.approx([0.5, 1.0, 0.5, 0.25])


@given(st.integers(0, 60), st.integers(0, 60), st.none() | st.floats(0.1, 240))
def test_activation_is_a_share_that_reaches_its_peak(onset, ramp, half_life):
    share = activation(np.arange(-12, 181), onset, ramp, half_life)
    assert share.min() >= 0.0
    assert share.max() == pytest.approx(1.0) or (onset == 0 and ramp <= 1)  # month 0 is the exit itself
    assert (share[:13] == 0.0).all()


# Where: exposure


def test_exposure_is_time_times_place_times_outcome():
    driver = make_driver("a", ramp=2, places={"MLI": 1.0, "BFA": 0.5}, outcomes={"one_sided": 1.0, "state_based": 0.2})
    share = exposure(drivers_on({"a": driver}), make_scenario(), MONTHS, exit=EXIT).sel(driver="a")
    assert share.dims == ("month", "country", "outcome")
    assert share.sel(country="MLI", outcome="one_sided").values.tolist() == [0, 0, 0.5, 1, 1, 1, 1, 1]
    assert share.sel(country="BFA", outcome="one_sided").values == pytest.approx([0, 0, 0.25, *[0.5] * 5])
    assert float(share.sel(country="BFA", outcome="state_based", month="2023-07")) == pytest.approx(0.5 * 0.5 * 0.2)
    assert float(share.sel(outcome="non_state").sum()) == 0.0
    assert float(share.drop_sel(country=["MLI", "BFA"]).sum()) == 0.0


def test_an_absent_driver_is_exposed_nowhere():
    drivers = drivers_on({"a": make_driver("a"), "b": make_driver("b")})
    share = exposure(drivers, make_scenario(a={"state": "absent"}), MONTHS, exit=EXIT)
    assert float(share.sel(driver="a").sum()) == 0.0
    assert float(share.sel(driver="b").sum()) > 0.0


def test_a_scenario_overrides_strength_and_timing():
    drivers = drivers_on({"a": make_driver("a", onset=1, ramp=1, half_life=None)})

    def mali(**setting):
        return exposure(drivers, make_scenario(a=setting), MONTHS, exit=EXIT).sel(
            driver="a", country="MLI", outcome="state_based", month=MONTHS[2:]
        )

    assert mali(strength=0.5).values.tolist() == [0.5] * 6
    assert mali(strength=0.0).values.tolist() == [0.0] * 6
    assert mali(onset_month=3).values.tolist() == [0, 0, 1, 1, 1, 1]
    assert mali(ramp_months=4).values.tolist() == [0.25, 0.5, 0.75, 1, 1, 1]
    assert mali(half_life_months=1.0).values.tolist() == [0.5**n for n in range(6)]


def test_a_scenario_moves_and_stretches_what_hinges_on_the_exit():
    drivers = drivers_on(
        {"a": make_driver("a", onset=2, ramp=2), "b": make_driver("b", onset=2, ramp=2, hinges_on_exit=False)}
    )
    share = exposure(drivers, make_scenario(pace={"delay_months": 1, "ramp_factor": 2.0}), MONTHS, exit=EXIT)
    mali = share.sel(country="MLI", outcome="state_based", month=MONTHS[2:])
    assert mali.sel(driver="a").values.tolist() == [0, 0, 0.25, 0.5, 0.75, 1]
    assert mali.sel(driver="b").values.tolist() == [0, 0.5, 1, 1, 1, 1]


def test_a_scenario_names_other_places():
    drivers = drivers_on({"a": make_driver("a", places={"MLI": 1.0, "BFA": 0.5})})
    share = exposure(drivers, make_scenario(a={"places": {"BFA": 0.0, "BEN": 0.7}}), MONTHS, exit=EXIT)
    last = share.sel(driver="a", outcome="state_based", month=MONTHS[-1])
    assert {c: float(last.sel(country=c)) for c in ("MLI", "BFA", "BEN")} == {"MLI": 1.0, "BFA": 0.0, "BEN": 0.7}
    assert float(last.sum()) == pytest.approx(1.7)


def test_shares_fall_with_distance_where_none_is_stated():
    decay = {"origin": "BFA", "between": "centroid", "scale_km": 500}
    shares = place_shares(make_driver("a", places={"MLI": 1.0, "NER": 0.9}, distance_decay=decay), GEOGRAPHY)
    away = GEOGRAPHY.distances("centroid").sel(country="BFA")
    for country in ("GHA", "SEN"):
        assert shares[UNITS.index(country)] == pytest.approx(
            np.exp(-float(away.sel(neighbour=country)) / 500), abs=0.005
        )
    assert shares[UNITS.index("BFA")] == 1.0  # at no distance
    assert (shares[UNITS.index("MLI")], shares[UNITS.index("NER")]) == (1.0, 0.9)  # what is stated stands
    assert shares[UNITS.index("GHA")] > shares[UNITS.index("SEN")] > shares[UNITS.index("TCD")]


def test_half_of_the_futures_start_on_either_side_of_the_median_onset():
    drivers = drivers_on({"a": make_driver("a", onset=3, window=(1, 9)), "b": make_driver("b", onset=2)})
    onsets = drawn_onsets(drivers, make_scenario(), 40_000, seed=1)
    months = onsets.sel(driver="a").values
    assert set(months) == set(range(1, 10))
    assert (onsets.sel(driver="b") == 2).all()
    assert np.median(months) == 3
    # by hand: half the luck spreads evenly over 0.5 to 3, half over 3 to 9.5; month 3 takes what rounds to it
    assert (months == 1).mean() == pytest.approx(0.5 * 1 / 2.5, abs=0.01)
    assert (months == 3).mean() == pytest.approx(0.5 * 0.5 / 2.5 + 0.5 * 0.5 / 6.5, abs=0.01)
    assert (months == 9).mean() == pytest.approx(0.5 * 1 / 6.5, abs=0.01)
    assert central_onsets(drivers, make_scenario(), 2).values.tolist() == [[3, 2], [3, 2]]


def test_a_scenario_that_sets_an_onset_means_that_month():
    drivers = drivers_on({"a": make_driver("a", onset=3, window=(1, 9))})
    assert (drawn_onsets(drivers, make_scenario(a={"onset_month": 5}), 200, seed=1) == 5).all()
    window = drawn_onsets(drivers, make_scenario(a={"onset_window": [4, 6]}), 2000, seed=1)
    assert set(window.values.ravel()) == {4, 5, 6}
    late = drawn_onsets(drivers, make_scenario(pace={"delay_months": 12}), 2000, seed=1)
    assert np.array_equal(late, drawn_onsets(drivers, make_scenario(), 2000, seed=1) + 12)


def in_all_months(acting):
    """Return what `acting_effect` gives, of all draws and months: (draw, month, country, outcome)."""
    return np.stack([acting[:, month] for month in range(len(MONTHS))], axis=1)


def test_with_one_onset_for_all_the_acting_effect_is_the_log_effect():
    a = make_driver("a", onset=2, ramp=3, places={"MLI": 1.0, "BFA": 0.5})
    b = make_driver("b", half_life=4.0, outcomes={"one_sided": 1.0, "non_state": 0.3})
    drivers = drivers_on({"a": a, "b": b})
    effects = xr.DataArray([[0.4, -0.2], [0.1, 1.0]], dims=("draw", "driver"), coords={"driver": ["a", "b"]})
    scenario = make_scenario(b={"strength": 0.5})
    by_draw = acting_effect(effects, central_onsets(drivers, scenario, 2), drivers, scenario, MONTHS, exit=EXIT)
    whole = log_effect(effects, exposure(drivers, scenario, MONTHS, exit=EXIT))
    np.testing.assert_allclose(in_all_months(by_draw), whole, atol=1e-15)
    assert np.array_equal(by_draw[1:, 3], in_all_months(by_draw)[1:, 3]), "some draws as among all"


def test_each_future_has_its_own_onset():
    drivers = drivers_on({"a": make_driver("a")})
    effects = xr.DataArray([[1.0], [1.0]], dims=("draw", "driver"), coords={"driver": ["a"]})
    onsets = xr.DataArray([[1], [4]], dims=("draw", "driver"), coords={"driver": ["a"]})
    acts = in_all_months(acting_effect(effects, onsets, drivers, make_scenario(), MONTHS, exit=EXIT))[:, :, 0, 0]
    assert acts.tolist() == [[0, 0, 1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 1, 1, 1]]
    absent = make_scenario(a={"state": "absent"})
    assert not acting_effect(effects, onsets, drivers, absent, MONTHS, exit=EXIT).any()


def test_log_effect_adds_up_the_drivers_by_hand():
    places = {"a": {"MLI": 1.0}, "b": {"MLI": 0.5, "NER": 1.0}}
    drivers = drivers_on({name: make_driver(name, places=where) for name, where in places.items()})
    share = exposure(drivers, make_scenario(), MONTHS, exit=EXIT)
    effects = xr.DataArray([[0.4, -0.2], [0.0, 1.0]], dims=("draw", "driver"), coords={"driver": ["a", "b"]})
    total = log_effect(effects, share)
    assert total.shape == (2, len(MONTHS), len(UNITS), len(OUTCOMES))
    assert total[:, -1, UNITS.index("MLI"), 0] == pytest.approx([0.4 - 0.1, 0.5])
    assert total[:, -1, UNITS.index("NER"), 0] == pytest.approx([-0.2, 1.0])
    assert (total[:, :2] == 0.0).all()


# How strongly: draws


def test_draws_from_claims_follow_the_mixture():
    draws = 40_000
    values = effects_from_claims(make_priors("a"), make_scenario(), draws, seed=1).values[:, 0]
    worse, better = values > 0.25, values < -0.2  # the components lie far apart
    for share, weight in ((worse.mean(), 0.5), (better.mean(), 0.2), ((~worse & ~better).mean(), 0.3)):
        assert share == pytest.approx(weight, abs=4 * 0.5 / np.sqrt(draws))
    assert values[worse].mean() == pytest.approx(0.6, abs=0.005)
    assert values[better].mean() == pytest.approx(-0.4, abs=0.005)
    assert values[worse].std() == pytest.approx(0.1, rel=0.05)
    assert values.mean() == pytest.approx(0.5 * 0.6 - 0.2 * 0.4, abs=4 * 0.45 / np.sqrt(draws))


def test_a_driver_that_happens_always_acts():
    values = effects_from_claims(make_priors("a"), make_scenario("happens"), 20_000, seed=1).values[:, 0]
    assert (np.abs(values) > 0.15).all()  # the weakest effect is -0.4 with a spread of 0.05
    assert (values > 0).mean() == pytest.approx(0.5 / 0.7, abs=0.015)
    tiny = make_priors("a", weights=(1e-12, 0.0, 1 - 1e-12))
    assert (effects_from_claims(tiny, make_scenario("happens"), 5_000, seed=1).values > 0.1).all()


def test_a_named_branch_is_the_only_one_drawn():
    setting = {"state": "happens", "branch": "better"}
    values = effects_from_claims(make_priors("a"), make_scenario(a=setting), 5_000, seed=1).values[:, 0]
    assert values.max() < 0.1
    assert values.mean() == pytest.approx(-0.4, abs=0.01)


@pytest.mark.parametrize("branch", ["better", None])
def test_forcing_what_no_claim_supports_is_an_input_error(branch):
    priors = make_priors("a", weights=(0.0, 0.0, 1.0))
    with pytest.raises(InputError, match=r"Scenario s: drivers\.set\.a .* no claim .* Set the driver to absent"):
        effects_from_claims(priors, make_scenario(a={"state": "happens", "branch": branch}), 10, seed=1)


def test_an_absent_driver_has_no_effect():
    values = effects_from_claims(make_priors("a", "b"), make_scenario(a={"state": "absent"}), 100, seed=1)
    assert (values.sel(driver="a") == 0.0).all()
    assert (values.sel(driver="b") != 0.0).all()


def test_other_drivers_more_draws_and_other_scenarios_change_no_draw():
    alone = effects_from_claims(make_priors("a"), make_scenario(), 200, seed=1)
    crowd = effects_from_claims(make_priors("z", "a", "b"), make_scenario(), 500, seed=1)
    assert np.array_equal(crowd.sel(driver="a").values[:200], alone.sel(driver="a").values)
    other = effects_from_claims(make_priors("z", "a"), make_scenario(z={"state": "absent"}), 200, seed=1)
    assert np.array_equal(other.sel(driver="a"), alone.sel(driver="a"))
    assert not np.array_equal(crowd.sel(driver="a"), crowd.sel(driver="b"))
    assert not np.array_equal(effects_from_claims(make_priors("a"), make_scenario(), 200, seed=2), alone)


def test_a_driver_with_a_further_branch_elsewhere_in_the_table_keeps_its_draws():
    narrow = make_priors("a")
    padded = xr.concat([narrow.isel(component=[0, 1]), narrow.isel(component=[1, 2])], dim="component", join="outer")
    padded["weight"][:, 2] = 0.0
    assert np.array_equal(
        effects_from_claims(padded, make_scenario(), 300, seed=1),
        effects_from_claims(narrow, make_scenario(), 300, seed=1),
    )


def test_no_drivers_give_an_empty_array():
    none = make_priors("a").isel(driver=slice(0, 0))
    assert effects_from_claims(none, make_scenario(), 7, seed=1).shape == (7, 0)


# How strongly, after the data


@pytest.fixture
def posterior():
    """1,000 draws of two drivers: 30 in 100 without effect, the others raise deaths by 0.6."""
    rng = np.random.default_rng(5)
    acts = rng.random((1000, 2)) < 0.7
    values = np.where(acts, rng.normal(0.6, 0.1, acts.shape), rng.normal(0.0, 0.03, acts.shape))
    return xr.DataArray(values, dims=("draw", "driver"), coords={"driver": ["a", "b"]})


def test_component_shares_by_hand():
    prior = make_priors("a").sel(driver="a")
    shares = component_shares(np.array([0.6, -0.4, 0.0, 0.2]), prior)
    assert shares.sum(axis=1) == pytest.approx(1.0)
    assert shares[[0, 1, 2], [0, 1, 2]] == pytest.approx([1, 1, 1], abs=1e-3)
    # at 0.2: worse 0.5 e^-8 / 0.1, no effect 0.3 e^-8 / 0.05, better 0.2 e^-72 / 0.05
    assert shares[3] == pytest.approx([5 / 11, 0.0, 6 / 11], abs=1e-4)


def test_what_was_learnt_is_kept_unless_the_scenario_says_otherwise(posterior):
    priors = make_priors("a", "b")
    values = effects_from_posterior(posterior, priors, make_scenario(a={"state": "absent"}), seed=1)
    assert (values.sel(driver="a") == 0.0).all()
    assert np.array_equal(values.sel(driver="b"), posterior.sel(driver="b"))
    assert (posterior.sel(driver="a") != 0.0).all()  # the argument is left alone


def test_forcing_a_driver_resamples_only_the_draws_without_effect(posterior):
    values = effects_from_posterior(posterior, make_priors("a", "b"), make_scenario(a={"state": "happens"}), seed=1)
    before, after = posterior.sel(driver="a").values, values.sel(driver="a").values
    acted = before > 0.3
    assert np.array_equal(after[acted], before[acted])
    assert (after > 0.2).all()
    assert np.isin(after, before).all()
    assert np.array_equal(values.sel(driver="b"), posterior.sel(driver="b"))


def test_forcing_what_the_data_ruled_out_falls_back_on_the_claims(posterior):
    setting = make_scenario(a={"state": "happens", "branch": "better"})
    priors = make_priors("a", "b")
    values = effects_from_posterior(posterior, priors, setting, seed=1).sel(driver="a")
    assert np.array_equal(values, effects_from_claims(priors, setting, 1000, seed=1).sel(driver="a"))
