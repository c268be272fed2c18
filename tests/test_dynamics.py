"""What futures do that no month shows: bounded levels, drift and turns that outcomes share, what followed elsewhere."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from made_parameters import AS_OF, MONTHS, C, K, make_parameters
from shipped import UNITS

from harmattan.core.names import OUTCOMES
from harmattan.model.build import series_anchor
from harmattan.model.drift import log_mean_of_turn, turn_moments
from harmattan.model.levels import bounded
from harmattan.model.memory import memories_after
from harmattan.model.specification import STANDARD
from harmattan.panel.analogues import YEAR, Analogues, analogues_in_the_world, analogues_of
from harmattan.panel.world import record_of_the_world
from harmattan.simulate.drift import turn_factor
from harmattan.simulate.luck import Lot
from harmattan.simulate.paths import simulate_paths
from harmattan.simulate.resampled import Resampled, goes_by_analogues, rounded
from harmattan.simulate.start import start_state, start_state_after_exit

DRAWS = 4000


@pytest.fixture(scope="module")
def last_month_of_luck():
    lot = Lot(1, tuple(MONTHS[:37]), UNITS, tuple(OUTCOMES), STANDARD)
    *_, last = next(lot.drawn([DRAWS]))
    return last


# Levels


def test_a_level_is_itself_below_the_bound_and_never_beyond_it():
    bound = np.log(STANDARD.level_bound)
    above = np.array([-3.0, bound, 3.0, 300.0])
    by_hand = [-3.0 - np.log1p(np.exp(2 * (-3.0 - bound))) / 2, bound - np.log(2.0) / 2, bound, bound]
    assert bounded(above, bound) == pytest.approx(by_hand, abs=0.01)
    assert (np.diff(bounded(np.linspace(-9, 9, 50), bound)) > 0).all()


def test_a_fit_hands_the_simulator_levels_as_they_act(known, borders):
    anchor = series_anchor(memories_after(known, borders, STANDARD), STANDARD)
    found = make_parameters(anchor, 50, spread_over_draws=3.0)
    assert float((found["log_level"] - found["level_anchor"]).max()) <= np.log(STANDARD.level_bound) + 1e-9


# Drift and turns


def test_outcomes_of_a_country_drift_and_take_their_places_partly_together(last_month_of_luck):
    shared = STANDARD.by_outcome("shared_luck")
    for numbers in (last_month_of_luck.drift, last_month_of_luck.place):
        for one, other in ((0, 1), (0, 2), (1, 2)):
            found = [np.corrcoef(country[one], country[other])[0, 1] for country in numbers]
            assert np.mean(found) == pytest.approx(np.sqrt(shared[one] * shared[other]), abs=0.03)
        assert abs(np.corrcoef(numbers[0, 0], numbers[1, 0])[0, 1]) < 0.06, "countries go by themselves"


def test_turns_are_a_countrys_last_and_move_no_expectation(last_month_of_luck):
    turned, share = last_month_of_luck.turned, STANDARD.by_outcome("turn_share")
    assert (turned == 0.0).mean() == pytest.approx((1 - STANDARD.turn_chance) ** 36, abs=0.01)
    factor = turn_factor(turned, 36, STANDARD)
    assert factor.mean(axis=(0, 1)) == pytest.approx(np.ones(K), abs=0.05)
    mean, variance = turn_moments(36, STANDARD)
    assert np.log(factor).mean(axis=(0, 1)) == pytest.approx(mean, abs=0.02)
    assert turned.var() == pytest.approx(variance, rel=0.05)
    by_hand = STANDARD.turn_chance * (np.exp(share * -0.4 + share**2 * 0.81 / 2) - 1)
    assert np.expm1(log_mean_of_turn(STANDARD)) == pytest.approx(by_hand)


# Analogues


def test_futures_by_analogues_are_spread_evenly_and_nested():
    outcomes = tuple(replace(o, analogue_share=s) for o, s in zip(STANDARD.outcomes, (0.5, 0.25, 0.75), strict=True))
    chosen = goes_by_analogues(np.arange(8), replace(STANDARD, outcomes=outcomes))
    assert chosen[:, 0].tolist() == [True, False] * 4
    assert chosen[:, 1].tolist() == [True, False, False, False] * 2
    assert (chosen[:, 1] <= chosen[:, 0]).all() and (chosen[:, 0] <= chosen[:, 2]).all()
    assert not goes_by_analogues(np.arange(8), STANDARD.as_likelihood()).any()


def test_a_future_by_analogues_takes_an_own_month_times_how_years_like_it_changed():
    own = np.arange(12.0)[:, None, None] * np.array([[1.0, 0.0]])
    ratio = np.zeros((20, 2, 1, 2))
    ratio[:, :, 0, 0] = np.arange(20)[:, None] * np.array([1.0, 10.0])
    months = np.zeros((20, 2, 12, 1, 2))
    months[7, 0, 3, 0, 1] = 5.0
    found = Resampled(Analogues(own, ratio, months), own[None], np.ones((2, 2), dtype=bool))
    place, taken = np.array([[[0.37, 1.0], [0.37, 1.0]]]), np.array([[0.26, 0.99]])
    assert found.month(0, place, taken).tolist() == [[[3.0 * 7, 5.0]], [[11.0 * 19, 0.0]]]
    assert found.month(13, place, taken)[0, 0, 0] == 3.0 * 70
    assert found.month(40, place, taken)[0, 0, 0] == 3.0 * 70, "later years are as the last that is known"
    assert rounded(np.full(1000, 2.3), np.linspace(0.0005, 0.9995, 1000)).mean() == pytest.approx(2.3)


def test_analogues_see_nothing_after_the_last_month_of_a_panel(known):
    world = record_of_the_world()
    by_hand = analogues_of(known, world.sel(month=slice(None, AS_OF)))
    found = analogues_in_the_world(known)
    for name in ("own", "ratio", "months"):
        assert np.array_equal(getattr(found, name), getattr(by_hand, name))
    assert analogues_in_the_world(known) is found, "and are looked up once"
    assert analogues_in_the_world(known.assign_coords(outcome=["a", "b", "c"])) is None
    assert analogues_in_the_world(known.isel(month=slice(0, 30))) is None


@pytest.mark.parametrize("factor", [0.6, 1.0, 1.5])
def test_drivers_multiply_futures_by_analogues_as_any_other(known, borders, factor):
    all_of_them = tuple(replace(outcome, analogue_share=1.0) for outcome in STANDARD.outcomes)
    spec = replace(STANDARD, outcomes=all_of_them)
    anchor = series_anchor(memories_after(known, borders, STANDARD), STANDARD)
    parameters = make_parameters(anchor, 400).isel(draw=slice(0, 400))
    start, effects = start_state(known, borders, spec), np.zeros((400, 24, C, K))
    effects[:, :, 0] = np.log(factor)
    plain = simulate_paths(parameters, start, borders, MONTHS[:24], spec, 1)
    moved = simulate_paths(parameters, start, borders, MONTHS[:24], spec, 1, effects)
    assert (moved.expected / plain.expected)[:, 0].values == pytest.approx(factor, rel=1e-5)
    dead = [paths.deaths[:, :, 0].sum("month").mean("draw").values for paths in (plain, moved)]
    assert dead[1] / dead[0] == pytest.approx(factor, rel=0.02)
    assert plain.deaths.mean(("draw", "month")).values == pytest.approx(
        plain.expected.mean("month").values, rel=0.05, abs=0.05
    )
    assert (plain.imported.sum("neighbour") <= plain.expected + 1e-9).all(), "no more comes over borders than dies"


def test_after_the_exit_the_last_year_is_that_without_drivers(known, panel, borders):
    anchor = series_anchor(memories_after(known, borders, STANDARD), STANDARD)
    later = panel.sel(month=slice(None, "2024-10"))
    exposure = xr.DataArray(
        np.zeros((1, 16, C, K)),
        {"driver": ["one"], "month": MONTHS[:16], "country": list(UNITS), "outcome": list(OUTCOMES)},
        ("driver", "month", "country", "outcome"),
    )
    exposure[:, :, 0] = 1.0
    parameters = make_parameters(anchor, 2).assign(driver_effect=(("draw", "driver"), [[0.0], [np.log(2.0)]]))
    parameters = parameters.assign_coords(driver=["one"])
    start = start_state_after_exit(later, borders, parameters, exposure, STANDARD)
    assert start.last_year.shape == (2, YEAR, C, K)
    assert np.array_equal(start.last_year[0], later.values[-YEAR:])
    assert start.last_year[1, :, 0] == pytest.approx(later.values[-YEAR:, 0] / 2.0)
    assert start.first(1).last_year.shape[0] == 1
