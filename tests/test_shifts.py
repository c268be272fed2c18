"""Drift and turns of the last months: what the fit learns is what futures would have made, and they go on from it."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from made_parameters import MONTHS, C, K, make_parameters, random_normals
from shipped import UNITS

from harmattan.core.names import OUTCOMES
from harmattan.model.build import build_density, coordinates, likelihood_data, series_anchor, shifts_within
from harmattan.model.drift import drift_scale, drift_variance, log_mean_of_turn, volatility
from harmattan.model.memory import exponential_memory, memories_after
from harmattan.model.shifts import add_normals, log_factors, shifts_of
from harmattan.model.specification import LEAST_RATE, STANDARD
from harmattan.simulate.drift import drift_factor, turn_factor
from harmattan.simulate.luck import Lot
from harmattan.simulate.paths import simulate_paths
from harmattan.simulate.start import start_state, start_state_after_exit


@pytest.fixture(scope="module")
def shifts(known):
    return shifts_within(known, None, STANDARD)


@pytest.fixture(scope="module")
def parameters(known, borders):
    return make_parameters(series_anchor(memories_after(known, borders, STANDARD), STANDARD), 40)


def flat(drift, turn):
    return np.concatenate([drift.values.ravel(), turn.values.ravel()])


# What the fit learns


def test_nodes_stand_three_months_apart_and_the_last_is_the_first_month_of_futures(shifts, known):
    assert shifts.shape == (K, C, 4) and shifts.months == 12
    assert shifts.between[[0, 3, 6, 9, 12]] == pytest.approx(np.vstack([np.zeros(4), np.eye(4)]))
    assert shifts.between[2] == pytest.approx([2 / 3, 0.0, 0.0, 0.0]), "straight from nought"
    assert shifts.between[7] == pytest.approx([0.0, 2 / 3, 1 / 3, 0.0]), "and straight between nodes"
    assert np.array_equal(shifts.scale, drift_scale(known.values, STANDARD).T)
    assert coordinates(known, None, STANDARD)["node"] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("after", "rows", "months"), [(0, 144, 12), (9, 144, 12), (13, 144, 13), (30, 144, 30), (9, 5, 5)]
)
def test_they_begin_with_the_window_or_at_an_earlier_exit_and_never_before_the_likelihood(known, after, rows, months):
    found = shifts_of(known, rows, after, STANDARD)
    assert found.months == months and found.shape[-1] == -(-months // 3)
    assert found.between[-1] == pytest.approx(np.eye(found.shape[-1])[-1])


@pytest.mark.parametrize("after", [0, 9])
def test_log_factors_and_their_gradient_equal_sums_written_out(known, after):
    shifts = shifts_of(known, 144, after, replace(STANDARD, drift_step=4))
    drift, turn = random_normals(shifts, 1, seed=3)
    by_drift, by_turn, together, scale, share, mean = shifts.arrays()
    lines = shifts.between[:-1]
    assert by_drift == pytest.approx(lines @ shifts.by_drift) and by_turn == pytest.approx(lines @ shifts.by_turn)
    by_hand = mean + np.einsum("kc,kl,lcn,tn->kct", scale, together, drift.values[0], by_drift)
    by_hand += np.einsum("k,cn,tn->kct", share, turn.values[0], by_turn)
    assert log_factors(flat(drift, turn), *shifts.arrays()) == pytest.approx(by_hand, rel=1e-12, abs=1e-14)

    slope = np.random.default_rng(4).normal(size=by_hand.shape)
    gradient = np.full(flat(drift, turn).size, 7.0)
    add_normals(slope, gradient, *shifts.arrays()[:-1])
    wanted = np.einsum("kct,kc,kl,tn->lcn", slope, scale, together, by_drift)
    turned = np.einsum("kct,k,tn->cn", slope, share, by_turn)
    assert gradient - 7.0 == pytest.approx(np.concatenate([wanted.ravel(), turned.ravel()]), rel=1e-12, abs=1e-12)


def test_what_a_posterior_holds_is_what_the_density_made_of_the_same_normals(shifts):
    drift, turn = random_normals(shifts, 3, seed=5)
    found = shifts.by_draw(drift, turn)
    assert found["shift"].dims == ("draw", "past_month", "country", "outcome")
    assert found["drifted"].dims == found["turned"].dims == ("draw", "country", "outcome")
    for draw in range(3):
        wanted = log_factors(flat(drift[draw], turn[draw]), *shifts.arrays())
        assert found["shift"].values[draw] == pytest.approx(wanted.transpose(2, 1, 0), rel=1e-12, abs=1e-14)
    ahead = drift_variance(13, STANDARD)[-1] * shifts.scale.T**2 / 2
    own = np.einsum("kl,dlcn->dkcn", shifts.together, drift.values)
    whole = (
        shifts.scale[..., None] * (own @ shifts.by_drift.T)
        + shifts.share[:, None, None] * (turn.values @ shifts.by_turn.T)[:, None]
    )
    both = (found["drifted"] + found["turned"]).values - ahead
    assert both == pytest.approx((whole[..., -1] + shifts.mean[..., -1]).swapaxes(1, 2), rel=1e-12, abs=1e-14)
    turned_the_other_way = shifts.by_draw(drift.transpose("draw", "node", "country", "outcome"), turn.transpose())
    for name, values in found.items():
        assert np.array_equal(turned_the_other_way[name], values)


def test_mean_and_covariance_are_those_of_what_the_simulator_makes_from_nought(shifts):
    """At the nodes of the record, and of drift and turns each in the first month of futures."""
    draws, ages, nodes = 40_000, (3, 6, 9), shifts.shape[-1]
    scale, paths = shifts.scale[:, :1].T, []
    variance = drift_variance(13, STANDARD)
    months = tuple(f"m{age}" for age in range(13))
    for age, luck in enumerate(next(Lot(3, months, ("1",), tuple(OUTCOMES), STANDARD).drawn([draws]))):
        drift, turns = drift_factor(luck.drift, scale, variance[age]), turn_factor(luck.turned, age, STANDARD)
        if age in ages:
            paths.append(np.log(drift * turns)[:, 0])
    paths += [np.log(drift)[:, 0] + variance[12] * scale[0] ** 2 / 2, np.log(turns)[:, 0]]
    simulated = np.concatenate(paths, axis=1)

    # the same, linear in the first country's normals: one at a time
    own = K * nodes
    drift, turn = (0.0 * part for part in random_normals(shifts, own + nodes + 1, seed=1))
    for place in range(own):
        drift.values[place + 1, place // nodes, 0, place % nodes] = 1.0
    for place in range(nodes):
        turn.values[own + place + 1, 0, place] = 1.0
    found = shifts.by_draw(drift, turn)
    parts = [found["shift"].values[:, age, 0] for age in ages] + [found[n].values[:, 0] for n in ("drifted", "turned")]
    stated = np.concatenate(parts, axis=1)
    by_normal = stated[1:] - stated[0]
    assert simulated.mean(axis=0) == pytest.approx(stated[0], abs=0.02)
    assert np.cov(simulated.T) == pytest.approx(by_normal.T @ by_normal, abs=0.03)


def test_before_the_first_node_and_between_nodes_the_mean_is_that_of_futures(shifts):
    ages = np.arange(13)
    turns = STANDARD.turn_chance * STANDARD.turn_mean * STANDARD.by_outcome("turn_share") - log_mean_of_turn(STANDARD)
    by_hand = turns[:, None, None] * ages - shifts.scale[..., None] ** 2 * drift_variance(13, STANDARD) / 2
    assert shifts.mean == pytest.approx(by_hand)
    assert shifts.turned == pytest.approx(12 * turns)


def test_without_drift_and_turns_nothing_wanders(known, borders):
    still = STANDARD.as_likelihood()
    found = shifts_within(known, None, still)
    assert found.months == 0 and found.shape[-1] == 0
    density = build_density(known, borders, None, still)
    assert density.nodes == 0 and {"drift_normal", "turn_normal"}.isdisjoint(density.named(density.centre_of_prior()))
    beside_drivers = shifts_of(known, 144, 9, still)
    assert beside_drivers.months == 9 and beside_drivers.shape[-1] == 0
    assert (log_factors(np.zeros(0), *beside_drivers.arrays()) == 0.0).all()


@pytest.mark.parametrize(("months", "wander"), [(13, 1), (18, 6), (24, 12), (40, 12)])
def test_a_record_shorter_than_the_window_wanders_where_the_likelihood_looks(known, borders, months, wander):
    short = known.isel(month=slice(-months, None))
    assert shifts_within(short, None, STANDARD).months == wander
    density = build_density(short, borders, None, STANDARD)
    point = density.centre_of_prior() + 0.1
    value, gradient, _ = density.at(point)
    assert np.isfinite(value) and np.isfinite(gradient).all()
    assert (volatility(short.values) > 0).all()


# Where futures start


def wandering(parameters, shifts, seed=6):
    """Return parameters with drift and turns of the last months beside them."""
    return parameters.assign(shifts.by_draw(*random_normals(shifts, parameters.sizes["draw"], seed)))


def test_a_start_remembers_deaths_divided_by_what_wandered_and_hands_it_on(known, borders, parameters, shifts):
    moved = wandering(parameters, shifts)
    start, memories = start_state(known, borders, STANDARD, moved), memories_after(known, borders, STANDARD)
    for draw in (0, 17):
        divided = known.copy()
        divided[-12:] /= np.exp(moved["shift"].values[draw])
        wanted = memories_after(divided, borders, STANDARD)
        np.testing.assert_allclose(start.own_fast[draw], wanted.fast[-1], rtol=1e-11)
        np.testing.assert_allclose(start.own_slow[draw], wanted.slow[-1], rtol=1e-11)
    np.testing.assert_allclose(start.crossing_slow[0], memories.slow[-1], rtol=1e-11, err_msg="borders see all deaths")
    np.testing.assert_allclose(start.occurrence[0], memories.occurrence[-1], rtol=1e-11, atol=1e-14)
    assert np.array_equal(start.recorded_slow, memories.slow[-1])
    assert np.array_equal(start.last_year[0], known.values[-12:])
    assert np.array_equal(start.drifted, moved["drifted"]) and np.array_equal(start.turned, moved["turned"])
    assert start.drift_age == 12
    plain = start_state(known, borders, STANDARD, parameters)
    assert plain.drift_age == 0 and (plain.drifted == 0.0).all() and (plain.turned == 0.0).all()
    assert np.array_equal(plain.own_fast[0], memories.fast[-1])


@pytest.mark.parametrize("since", [9, 15])
def test_a_start_after_the_exit_takes_out_drivers_and_drift_and_hands_only_drift_over_borders(
    panel, borders, parameters, since
):
    """With an exit within the window of drift and before it; nothing that drivers add crosses a border here."""
    until = panel.sel(month=slice(None, (MONTHS[since - 1])))
    coords = {"driver": ["a"], "month": MONTHS[:since], "country": list(UNITS), "outcome": list(OUTCOMES)}
    share = np.random.default_rng(2).random((1, since, C, K))
    exposure, effects = xr.DataArray(share, coords, tuple(coords)), np.linspace(-0.5, 0.7, 40)
    shifts = shifts_of(until, 144, since, STANDARD)
    closed = wandering(parameters, shifts).assign(import_logit=parameters["import_logit"] * 0.0 - 99.0)
    closed = closed.assign(driver_effect=(("draw", "driver"), effects[:, None])).assign_coords(driver=["a"])
    start = start_state_after_exit(until, borders, closed, exposure, STANDARD)
    assert start.drift_age == max(12, since) == closed.sizes["past_month"]
    for draw in (0, 30):
        undriven = until.copy()
        undriven[-since:] /= np.exp(effects[draw] * share[0])
        own = undriven.copy()
        own[-start.drift_age :] /= np.exp(closed["shift"].values[draw])
        slow = STANDARD.by_outcome("slow_half_life")
        wanted = memories_after(own, borders, STANDARD)
        np.testing.assert_allclose(start.own_fast[draw], wanted.fast[-1], rtol=1e-11)
        np.testing.assert_allclose(start.own_slow[draw], wanted.slow[-1], rtol=1e-11)
        crossing = exponential_memory(undriven.values, slow, STANDARD.burn_in_months)[-1]
        np.testing.assert_allclose(start.crossing_slow[draw], crossing, rtol=1e-11)
        last_year = until.values[-12:].copy()
        last_year[-min(12, since) :] /= np.exp(effects[draw] * share[0])[-12:]
        np.testing.assert_allclose(start.last_year[draw], last_year, rtol=1e-11)


def without_memory(parameters):
    """Return parameters under which rates are levels, without zeros: what happened changes none of them."""
    nought = {"memory_weight": 0.0, "zero_base": -700.0, "zero_slope": 0.0, "zero_occurrence": 0.0, "coupling": 0.0}
    changed = {name: parameters[name] * 0.0 + value for name, value in nought.items()}
    return parameters.assign(changed | {"import_logit": parameters["import_logit"] * 0.0 - 99.0})


def test_what_is_drift_fades_and_what_has_turned_stays(known, borders, parameters):
    spec = replace(STANDARD, outcomes=STANDARD.as_likelihood().outcomes, rate_ceiling=1e9)
    given, months = without_memory(parameters), MONTHS[:24]
    start = start_state(known, borders, spec)
    away = np.random.default_rng(9).normal(0.0, 0.5, (1, C, K))
    fades = spec.drift_keep ** np.arange(24)

    def expected(**changes):
        return simulate_paths(given, replace(start, **changes), borders, months, spec, 1).expected.values

    plain = expected()
    drifted, turned = expected(drifted=away) / plain, expected(turned=away) / plain
    assert drifted == pytest.approx(np.exp(fades[:, None, None] * away), rel=1e-9)
    assert turned == pytest.approx(np.exp(np.broadcast_to(away, turned.shape)), rel=1e-9)


def test_drift_that_began_earlier_has_the_variance_of_its_age_and_still_moves_no_expectation(
    known, borders, parameters
):
    """The fit's drift and that of futures together have mean one, month after month, as drift from nought has."""
    spec = replace(STANDARD, outcomes=STANDARD.as_likelihood().outcomes, rate_ceiling=1e9, turn_chance=0.0)
    shifts, draws = shifts_within(known, None, spec), 4000
    given = without_memory(parameters).isel(draw=np.zeros(draws, dtype=int))
    begun = start_state(known, borders, spec, given.assign(shifts.by_draw(*random_normals(shifts, draws, 2))))
    assert begun.drift_age == 12
    levels = np.exp(given["log_level"].values[0]) + LEAST_RATE
    found = simulate_paths(given, begun, borders, MONTHS[:13], spec, 1).expected.values / levels
    spread = np.sqrt(np.expm1(shifts.scale.T**2 * drift_variance(25, spec)[12:, None, None]) / draws)
    assert (np.abs(found - 1.0) < 5 * spread + 0.002).all()


# Units that began of late


@pytest.fixture(scope="module", params=[20, 8])
def young(request, known):
    """A record in which Chad begins so many months before the end: before drift's own months, and within them."""
    record = known.copy()
    record[: len(record) - request.param, UNITS.index("TCD")] = np.nan
    return record, request.param


def test_a_unit_that_began_of_late_is_no_row_of_its_first_year_and_everything_is_finite(young, borders):
    record, age = young
    assert np.isfinite(shifts_within(record, None, STANDARD).scale).all()
    weights = likelihood_data(record, borders, None, STANDARD)[2]
    assert (weights[UNITS.index("TCD")] > 0).sum() == max(age - STANDARD.burn_in_months, 0)
    density = build_density(record, borders, None, STANDARD)
    value, gradient, _ = density.at(density.centre_of_prior())
    assert np.isfinite(value) and np.isfinite(gradient).all()


def test_where_nothing_wandered_the_likelihood_is_that_without_drift_also_beside_a_young_unit(young, borders):
    record, _ = young
    density = build_density(record, borders, None, STANDARD.as_likelihood())
    quiet = replace(STANDARD, drift_sd=1e-12, turn_chance=1e-12)  # factors of one, in months of their own
    point = density.centre_of_prior() + 0.2
    wide = build_density(record, borders, None, quiet)
    assert wide.nodes == 4
    found = wide.at(np.concatenate([point, np.zeros(wide.size - density.size)]))
    assert found[2] == pytest.approx(density.at(point)[2], rel=1e-10)
    assert found[1][: density.size] == pytest.approx(density.at(point)[1], rel=1e-7, abs=1e-7)


def test_where_nothing_wandered_a_start_is_the_plain_memory_also_of_a_young_unit(young, borders, parameters):
    record, _ = young
    shifts, memories = shifts_within(record, None, STANDARD), memories_after(record, borders, STANDARD)
    still = {name: values * 0.0 for name, values in shifts.by_draw(*random_normals(shifts, 40, 1)).items()}
    start = start_state(record, borders, STANDARD, parameters.assign(still))
    assert start.drift_age == 12
    for name, plain in (("own_fast", "fast"), ("own_slow", "slow"), ("crossing_slow", "slow"), ("occurrence",) * 2):
        wanted = np.broadcast_to(getattr(memories, plain)[-1], getattr(start, name).shape)
        np.testing.assert_allclose(getattr(start, name), wanted, rtol=1e-11, atol=1e-13, err_msg=name)
