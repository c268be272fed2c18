"""The model: memories by hand, and the fast likelihood against PyMC's own statement of the same thing."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_python import plain_python
from scipy import special, stats
from shipped import UNITS

from harmattan.core.names import OUTCOMES
from harmattan.model.build import (
    SERIES,
    SHAPES,
    DriverHistory,
    build_density,
    build_model,
    likelihood_data,
    recency_weights,
    shifts_within,
)
from harmattan.model.counts import count_terms, rising_products
from harmattan.model.elementary import exponentials, logarithms
from harmattan.model.history import split_at
from harmattan.model.likelihood import likelihood_and_gradient
from harmattan.model.memory import Memories, exponential_memory, memories_after
from harmattan.model.sampling import LEAST_CURVATURE, axes_of, centred_by_record
from harmattan.model.specification import STANDARD, ModelSpecification

SPEC = ModelSpecification(window_months=30)  # few rows, so that the slow reference stays quick
SHORT = replace(SPEC, drift_months=5)  # drift from the exit on, earlier than its own months
EXIT = "2023-06"
C, K = len(UNITS), len(OUTCOMES)


@pytest.fixture(scope="module")
def recent(panel):
    return panel.sel(month=slice("2018-01", "2024-02"))


@pytest.fixture(scope="module")
def history(recent):
    """Two drivers that act in the eight months after the exit."""
    months = [m for m in recent["month"].values if m > EXIT]
    coords = {"driver": ["a", "b"], "month": months, "country": list(UNITS), "outcome": list(OUTCOMES)}
    share = np.random.default_rng(3).random((2, len(months), C, K))
    exposure = xr.DataArray(share, dims=tuple(coords), coords=coords)
    priors = xr.Dataset(
        {
            "weight": (("driver", "component"), [[0.6, 0.4], [0.3, 0.7]]),
            "mean": (("driver", "component"), [[0.5, 0.0], [-0.3, 0.0]]),
            "sd": (("driver", "component"), [[0.2, 0.05], [0.1, 0.05]]),
        },
        coords={"driver": ["a", "b"]},
    )
    return DriverHistory(exposure, priors, EXIT)


def random_parameters(seed, drivers=0, months=SPEC.drift_months):
    """Return series, shape, log coupling, effects and shift as `likelihood_and_gradient` takes them."""
    rng = np.random.default_rng(seed)
    series = rng.normal([[[1.0]], [[-4.0]], [[-0.5]]], [[[1.5]], [[1.0]], [[1.0]]], (3, C, K))
    shape = rng.normal([[1.0], [0.0], [0.5], [1.0], [-1.0], [0.0], [1.0]], 0.7, (len(SHAPES), K))
    return series, shape, rng.normal(-4.0, 1.0, 1), rng.normal(0.0, 0.6, drivers), rng.normal(0.0, 0.4, (K, C, months))


def variable(name, *shape):
    """Return a PyTensor variable of known shape (it broadcasts only over lengths that it knows to be 1)."""
    import pytensor.tensor as pt

    return pt.tensor(name, dtype="float64", shape=shape)


# Memories


def test_exponential_memory_by_hand():
    deaths = np.array([[4.0], [0.0], [8.0]])
    # half-life 1: half of the old and half of the new; the mean of the first two months, 2, starts it
    assert exponential_memory(deaths, 1.0, 2)[:, 0].tolist() == [3.0, 1.5, 4.75]
    two = exponential_memory(np.repeat(deaths, 2, axis=1), (1.0, 5.0), 2)
    assert two[:, 0].tolist() == [3.0, 1.5, 4.75], "a half-life for each entry of the last dimension"
    assert np.array_equal(two[:, 1], exponential_memory(deaths, 5.0, 2)[:, 0])


def test_a_memory_halves_in_its_half_life_and_keeps_a_constant():
    assert exponential_memory(np.full((40, 2), 7.0), 5.0, 12) == pytest.approx(7.0)
    fading = exponential_memory(np.array([10.0] + [0.0] * 20), 5.0, 1)
    assert fading[5] == pytest.approx(fading[0] / 2)


def test_memories_use_nothing_after_their_month(recent, borders):
    changed = recent.copy()
    changed[-5:] = 1e4
    before, after = memories_after(recent, borders, SPEC), memories_after(changed, borders, SPEC)
    for name in ("fast", "slow", "neighbours", "occurrence"):
        assert np.array_equal(getattr(before, name)[:-5], getattr(after, name)[:-5])


def test_occurrence_is_how_often_there_were_deaths_whatever_their_number(recent, borders):
    memories = memories_after(recent, borders, SPEC)
    many_more = recent.copy(data=np.where(recent.values > 0, recent.values + 100.0, 0.0))
    assert np.array_equal(memories_after(many_more, borders, SPEC).occurrence, memories.occurrence)
    every_month = (recent > 0).all("month").values
    assert every_month.any()
    assert memories.occurrence[-1][every_month] == pytest.approx(1.0)
    assert (memories.occurrence[-1][(recent == 0).all("month").values] == 0.0).all()


def test_neighbours_are_weighted_by_border(recent, borders):
    memories = memories_after(recent, borders, SPEC)
    by_hand = sum(borders.sel(country="MLI").values[j] * memories.slow[-1, j] for j in range(C))
    assert memories.neighbours[-1, UNITS.index("MLI")] == pytest.approx(by_hand)


@pytest.mark.parametrize("last_before", [40, 60, 73])
def test_memories_split_without_effect_are_the_plain_memories(recent, borders, last_before):
    memories = memories_after(recent, borders, SPEC)
    seen = np.arange(30, recent.sizes["month"])
    after = split_at(recent.values, memories, last_before, seen, SPEC)
    for kernel, rest, plain in (
        (after.fast_kernel, after.fast_rest, memories.fast),
        (after.slow_kernel, after.slow_rest, memories.slow),
    ):
        whole = rest + np.einsum("tmk,mck->tck", kernel, after.deaths)
        assert whole == pytest.approx(plain[seen], rel=1e-12, abs=1e-12)


def test_a_constant_effect_is_taken_out_of_own_memory(recent, borders):
    """Memory of the last months is the memory of deaths divided by exp(effect), month by month."""
    last_before, effect = 60, 0.7
    memories = memories_after(recent, borders, SPEC)
    after = split_at(recent.values, memories, last_before, np.array([recent.sizes["month"] - 1]), SPEC)
    divided = recent.copy()
    divided[last_before + 1 :] /= np.exp(effect)
    wanted = memories_after(divided, borders, SPEC)
    own = after.slow_rest[0] + np.einsum("mk,mck->ck", after.slow_kernel[0], after.deaths / np.exp(effect))
    assert own == pytest.approx(wanted.slow[-1], rel=1e-12)


def test_recency_weights_halve_per_half_life():
    weights = recency_weights(97, 48.0)
    assert weights[[96, 48, 0]].tolist() == [1.0, 0.5, 0.25]


# One count


def test_exponentials_and_logarithms_are_numpys_to_the_last_bits():
    wide = np.linspace(-700.0, 700.0, 40_001)
    found = wide.copy()
    exponentials(found)
    assert found == pytest.approx(np.exp(wide), rel=4e-16, abs=0.0)
    for positive in (np.exp(wide), 1.0 + np.linspace(-0.4, 0.6, 40_001)):
        found = positive.copy()
        logarithms(found)
        assert found == pytest.approx(np.log(positive), rel=6e-16, abs=2e-16)
    extreme = np.array([-1e9, 1e9])
    exponentials(extreme)
    assert extreme.tolist() == pytest.approx([np.exp(-708.0), np.exp(708.0)], rel=1e-15)


@given(st.floats(1e-6, 1e6), st.integers(1, 60) | st.integers(1, 20_000), st.floats(1e-3, 1.0))
@settings(max_examples=300, deadline=None)
def test_rising_products_agree_with_scipy(size, count, factor):
    value = np.array([factor])
    derivative = rising_products(np.array([size]), np.array([float(count)]), value)
    noise = 1e-15 * (count + size) * np.log(count + size + 2.0)  # of two gammas that nearly cancel
    assert value[0] == pytest.approx(
        np.log(factor) + np.log(special.poch(size, count))
        if count < 20
        else np.log(factor) + special.gammaln(size + count) - special.gammaln(size),
        rel=1e-12,
        abs=1e-11 + noise,
    )
    expected = special.digamma(size + count) - special.digamma(size)
    assert derivative[0] == pytest.approx(expected, rel=1e-9, abs=1e-10)


def log_probability(count, rate, size, zero):
    """The same count's log probability from scipy."""
    at_zero = np.log(zero) if zero > 0 else -np.inf
    plain = np.log1p(-zero) + stats.nbinom.logpmf(count, size, size / (size + rate))
    return np.logaddexp(at_zero, plain) if count == 0 else plain


@given(
    st.integers(0, 60) | st.integers(0, 20_000),
    st.floats(-6, 9),
    st.floats(-4, 8),
    st.floats(1e-3, 0.98),
)
@settings(max_examples=300, deadline=None)
def test_count_terms_agree_with_scipy_and_their_derivatives_with_differences(count, log_rate, log_size, zero):
    rate, size = np.exp(log_rate), np.exp(log_size)

    def terms(rate, size, zero):
        cell = (float(count), float(special.gammaln(count + 1.0)), rate, size, zero)
        return [float(term[0]) for term in count_terms(*(np.array([value]) for value in cell))]

    value, *slopes = terms(rate, size, zero)
    assert value == pytest.approx(log_probability(count, rate, size, zero), rel=1e-8, abs=1e-8)
    for i, slope in enumerate(slopes):
        point = np.array([rate, size, zero])
        step = np.zeros(3)
        step[i] = 1e-5 * point[i] * (1.0 if i < 2 else 1.0 - zero)
        difference = (terms(*(point + step))[0] - terms(*(point - step))[0]) / (2 * step[i])
        noise = 1e-14 * max(abs(value), size * abs(np.log(size)), count * np.log(count + 2.0)) / step[i]
        assert slope == pytest.approx(difference, rel=1e-4, abs=1e-6 + 10 * noise)


# The whole likelihood


@pytest.fixture(scope="module")
def reference(recent):
    """PyMC's distribution on the graph of `rates.py`: value and PyTensor's own gradient, compiled once."""
    import pymc as pm
    import pytensor
    import pytensor.tensor as pt

    from harmattan.model.rates import log_rate_graph, observation_graph

    rows = np.arange(recent.sizes["month"] - SPEC.window_months, recent.sizes["month"])
    series, shape, log_coupling = (
        variable("series", 3, C, K),
        variable("shape", len(SHAPES), K),
        variable("log_coupling", 1),
    )
    names = ("fast", "slow", "neighbours", "occurrence", "log_factor", "shift")
    fast, slow, neighbours, occurrence, log_factor, shift = (variable(name, len(rows), C, K) for name in names)
    parameters = {"series": series, "shape": shape, "coupling": pt.exp(log_coupling)[0]}
    log_rate = log_rate_graph(parameters, fast, slow, neighbours, SPEC) + shift
    rate, size, zero = observation_graph(parameters, log_rate, occurrence, SPEC, log_factor)
    counts = pm.ZeroInflatedNegativeBinomial.dist(psi=1 - zero, mu=rate, alpha=size, shape=(len(rows), C, K))
    weights = recency_weights(len(rows), SPEC.recency_half_life)[:, None, None]
    total = (weights * pm.logp(counts, recent.values[rows])).sum()
    inputs = [series, shape, log_coupling, fast, slow, neighbours, occurrence, log_factor, shift]
    with plain_python("fast_compile") as mode:
        return pytensor.function(inputs, [total, *pytensor.grad(total, inputs[:3])], mode=mode)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_likelihood_and_gradient_equal_pymc_on_the_stated_graph(recent, borders, reference, seed):
    """In months that neither wander nor have drivers; the others are below."""
    series, shape, log_coupling, none, _ = random_parameters(seed)
    memories = memories_after(recent, borders, SPEC)
    seen = memories.rows(slice(-SPEC.window_months - 1, -1))
    remembered = (seen.fast, seen.slow, seen.neighbours, seen.occurrence)
    no_effect, still = np.zeros((SPEC.window_months, C, K)), SPEC.as_likelihood()
    total, *gradient = reference(series, shape, log_coupling, *remembered, no_effect, no_effect)
    nowhere = np.zeros((K, C, 0))
    value, *found = likelihood_and_gradient(
        series, shape, log_coupling, none, nowhere, *likelihood_data(recent, borders, None, still)
    )
    assert value == pytest.approx(float(total), rel=1e-10)
    for own, theirs in zip(found, gradient, strict=False):
        assert own == pytest.approx(theirs, rel=1e-7, abs=1e-7)


def without_drivers(recent, borders, rate_of, log_effects, shift):
    """Memories with what drivers and drift did taken out month by month, and what they added to the log rates.

    Effects and `shift` are (last month, country, outcome); drift is taken out of what a country remembers alone.
    """
    plain = memories_after(recent, borders, SPEC)
    seen = plain.rows(slice(-SPEC.window_months - 1, -1))
    found = {name: getattr(seen, name).copy() for name in ("fast", "slow", "neighbours", "occurrence")}
    log_factor, wandered = np.zeros(seen.fast.shape), np.zeros(seen.fast.shape)
    first = SPEC.window_months - len(shift)
    half_lives = ("fast_half_life", "slow_half_life", "occurrence_half_life")
    keep = dict(zip(("fast", "slow", "occurrence"), (0.5 ** (1 / SPEC.by_outcome(n)) for n in half_lives), strict=True))
    keep["crossing"] = keep["slow"]
    state = {name: found["slow" if name == "crossing" else name][first] for name in keep}
    for step, (log_effect, away) in enumerate(zip(log_effects, shift, strict=True)):
        row = first + step
        for name in ("fast", "slow", "occurrence"):
            found[name][row] = state[name]
        found["neighbours"][row] = np.einsum("ij,jk->ik", borders.values, state["crossing"])
        rate, per_death = rate_of(state["fast"], state["slow"], found["neighbours"][row])
        added, own = per_death * (seen.neighbours[row] - found["neighbours"][row]), np.exp(log_effect)
        factor = own + added * np.where(added < 0, np.minimum(own, 1.0), 1.0) / rate
        log_factor[row], wandered[row] = np.log(factor), away
        deaths = recent.values[len(recent) - len(shift) + step]
        some = np.where(deaths > 0, 1.0 - (1.0 - 1.0 / np.maximum(factor, 1.0)) ** deaths, 0.0)
        calm = deaths / (factor * np.exp(away))
        new = {"fast": calm, "slow": calm, "occurrence": some, "crossing": deaths / factor}
        state = {name: keep[name] * value + (1 - keep[name]) * new[name] for name, value in state.items()}
    return (*found.values(), log_factor, wandered)


def rates_of(series, shape, log_coupling):
    """The rate without drivers and drift as a function of what is remembered, and what a neighbour's death adds."""
    level, logit = np.exp(series[0]), series[1]
    weight, fast_share = special.expit(shape[0]), special.expit(shape[1])
    exponent = SPEC.by_outcome("reversion_exponent")

    def rate_of(fast, slow, neighbours):
        own = SPEC.small_rate + fast_share * fast + (1 - fast_share) * slow
        per_death = (1 - weight) * special.expit(logit)
        rate = ((1 - weight) * level**exponent + weight * own**exponent) ** (1 / exponent) + 1e-3
        rate = rate + per_death * neighbours
        rate[:, 2] += np.exp(log_coupling[0]) * fast[:, 0]
        return rate, per_death

    return rate_of


@pytest.mark.parametrize(("spec", "months"), [(SPEC, 12), (SHORT, 8), (SPEC.as_likelihood(), 8), (SPEC, None)])
@pytest.mark.parametrize("seed", [4, 5])
def test_drivers_and_drift_multiply_the_rate_and_are_taken_out_of_what_is_remembered(
    recent, borders, history, reference, seed, spec, months
):
    """With the exit later and earlier than drift's own months, without drift, and (None) without drivers."""
    drivers, wanders = (None, 12) if months is None else (history, months)
    series, shape, log_coupling, effects, shift = random_parameters(seed, 0 if drivers is None else 2, wanders)
    assert shifts_within(recent, drivers, spec).months == wanders
    shift = shift * (spec.drift_sd > 0)
    log_effects = np.zeros((wanders, C, K))
    if drivers is not None:
        log_effects[-8:] = np.tensordot(effects, history.exposure.values, axes=1)
    rate_of = rates_of(series, shape, log_coupling)
    remembered = without_drivers(recent, borders, rate_of, log_effects, shift.transpose(2, 1, 0))
    total = reference(series, shape, log_coupling, *remembered)[0]
    data = likelihood_data(recent, borders, drivers, spec)
    found = likelihood_and_gradient(series, shape, log_coupling, effects, shift, *data)[0]
    assert found == pytest.approx(float(total), rel=1e-10)


@pytest.mark.parametrize(("spec", "months"), [(SPEC, 12), (SHORT, 8), (SPEC, None)])
def test_gradient_equals_finite_differences_with_drivers_and_drift(recent, borders, history, spec, months):
    drivers, wanders = (None, 12) if months is None else (history, months)
    data = likelihood_data(recent, borders, drivers, spec)
    point = random_parameters(6, 0 if drivers is None else 2, wanders)
    _, *gradient = likelihood_and_gradient(*point, *data)
    assert [part.shape for part in gradient] == [part.shape for part in point]
    rng = np.random.default_rng(6)
    for i, analytic in enumerate(gradient):
        cells = [tuple(rng.integers(n) for n in analytic.shape) for _ in range(24 if i == 4 else 8) if analytic.size]
        for cell in cells:
            ends = []
            for sign in (1, -1):
                moved = [part.copy() for part in point]
                moved[i][cell] += sign * 1e-5
                ends.append(likelihood_and_gradient(*moved, *data)[0])
            assert analytic[cell] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-5, abs=1e-5)


def test_a_short_record_is_used_from_after_its_burn_in_and_never_wraps_around(panel, borders):
    for months in (36, 100, 144, 160):
        data = likelihood_data(panel.isel(month=slice(0, months)), borders, None, STANDARD)
        counts, weights, neighbours = (data[i].transpose() for i in (0, 2, 3))
        rows = min(months - STANDARD.burn_in_months, STANDARD.window_months)
        assert len(counts) == len(weights) == len(neighbours) == rows
        assert np.array_equal(counts, panel.values[months - rows : months])
        memories = memories_after(panel, borders, STANDARD)
        assert np.array_equal(neighbours, memories.neighbours[months - rows - 1 : months - 1])


def test_the_likelihood_is_worth_what_its_rows_are_worth(recent, borders):
    """Halving the half-life of recency changes weights, not the newest month (where nothing wanders)."""
    data = list(likelihood_data(recent, borders, None, SPEC.as_likelihood()))
    newest = [np.ascontiguousarray(array[..., -1:]) if i in range(7) else array for i, array in enumerate(data)]
    newest[7:9] = [np.ascontiguousarray(kernel[:, -1:]) for kernel in data[7:9]]
    assert set(newest[2].ravel().tolist()) == {1.0}
    point = random_parameters(7, months=0)
    data[2] = np.zeros_like(data[2])
    data[2][:, -1] = 1.0
    assert likelihood_and_gradient(*point, *data)[0] == pytest.approx(likelihood_and_gradient(*point, *newest)[0])


# The PyMC model


@pytest.mark.parametrize("with_drivers", [False, True])
def test_the_model_names_its_dimensions_and_holds_the_fast_likelihood(recent, borders, history, with_drivers):
    import pytensor

    drivers = history if with_drivers else None
    model = build_model(recent, borders, drivers, SPEC)
    assert list(model.coords["series"]) == list(SERIES)
    assert list(model.coords["shape_quantity"]) == list(SHAPES)
    assert ("driver_effect" in model.named_vars) == with_drivers
    assert list(model.coords["node"]) == ["1", "2", "3", "4"]
    assert model.named_vars_to_dims["drift_normal"] == ("outcome", "country", "node")
    assert model.named_vars_to_dims["turn_normal"] == ("country", "node")
    assert model.named_vars_to_dims["offset"] == ("series", "country", "outcome")
    deaths = model.replace_rvs_by_values([model["deaths"]])[0]
    with plain_python() as mode:
        value = pytensor.function(model.value_vars, deaths, mode=mode, on_unused_input="ignore")
        assert np.isfinite(value(**model.initial_point()))


@pytest.mark.parametrize(
    ("with_drivers", "spec"), [(False, SPEC), (True, SPEC), (True, SHORT), (True, SPEC.as_likelihood())]
)
def test_what_is_sampled_is_the_density_of_the_pymc_model_and_its_gradient(
    recent, borders, history, with_drivers, spec
):
    import pytensor

    drivers = history if with_drivers else None
    young = recent.copy()
    young[:20, UNITS.index("TCD")] = np.nan  # a unit that began within the record
    model, density = build_model(young, borders, drivers, spec), build_density(young, borders, drivers, spec)
    assert ("drift_normal" in density.named(density.centre_of_prior())) == (spec.drift_sd > 0)
    with plain_python() as mode:
        stated = pytensor.function(model.value_vars, [model.logp(), model.dlogp()], mode=mode)
        for seed in (1, 2):
            point = density.centre_of_prior() + 0.3 * np.random.default_rng(seed).normal(size=density.size)
            raw = density.named(point) | {"spread": np.log(density.named(point)["spread"])}
            assert sum(values.size for values in raw.values()) == density.size
            value, gradient = stated(*(raw[v.name.removesuffix("_log__")] for v in model.value_vars))
            found, slope, likelihood = density.at(point)
            assert found == pytest.approx(float(value), rel=1e-10)
            order = [v.name.removesuffix("_log__") for v in model.value_vars]
            assert slope == pytest.approx(in_order_of(raw, order, gradient), rel=1e-8, abs=1e-7)
            assert likelihood < 0.0


def in_order_of(raw, order, gradient):
    """Return a gradient by variables in one order in that of a point of the density."""
    ends = np.cumsum([raw[name].size for name in order])[:-1]
    by_name = dict(zip(order, np.split(gradient, ends), strict=True))
    return np.concatenate([by_name[name] for name in raw])


@pytest.mark.parametrize("with_drivers", [False, True])
def test_offsets_centred_by_the_record_leave_the_density_what_it_is(recent, borders, history, with_drivers):
    density = build_density(recent, borders, history if with_drivers else None, SPEC)
    centred = centred_by_record(density)
    told = centred.told
    assert (told >= 0).all() and (told < 1).all()
    quiet, loud = UNITS.index("GNB"), UNITS.index("NGA")
    assert (told[2, loud] > 0.5).all() and (told[2, loud] > told[2, quiet]).all(), "dispersion of whom the record tells"
    assert centred.at(centred.mode)[0] == density.at(centred.mode)[0]

    point = centred.mode + 0.3 * np.random.default_rng(1).normal(size=centred.size)
    value, gradient, likelihood = centred.at(point)
    wide = centred.named(point)["spread"] / centred.named(centred.mode)["spread"]
    first = density.first_offset
    plain, offset = point.copy(), slice(first, first + told.size)
    plain[offset] *= (wide[:, None, :] ** -told).ravel()
    stated, _, same = density.at(plain)
    assert value == pytest.approx(stated - (told * np.log(wide)[:, None, :]).sum(), rel=1e-10), "the density's volume"
    assert likelihood == pytest.approx(same, rel=1e-10)
    assert centred.named(point)["offset"].ravel() == pytest.approx(plain[offset], rel=1e-10)
    step = 1e-5
    moved = np.array([centred.at(point + e)[0] - centred.at(point - e)[0] for e in step * np.eye(point.size)])
    assert gradient == pytest.approx(moved / (2 * step), rel=1e-5, abs=1e-4)


def test_the_sampler_moves_by_the_symmetric_root_which_is_one_also_among_directions_of_equal_width():
    """Any base of such directions is as good to a library, and may hang on the number of its threads."""
    rng = np.random.default_rng(2)
    turned = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    widths = np.array([0.25, 1.0, 1.0, 1.0, 1.0, 1.5])
    curvature = turned @ np.diag(widths**-2) @ turned.T
    found = axes_of(curvature)
    assert found == pytest.approx(turned @ np.diag(widths) @ turned.T, abs=1e-12)
    within = np.eye(6)
    within[1:5, 1:5] = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    again = turned @ within
    assert axes_of(again @ np.diag(widths**-2) @ again.T) == pytest.approx(found, abs=1e-12)
    flat = axes_of(np.diag([1e-9, 4.0]))
    assert flat == pytest.approx(np.diag([LEAST_CURVATURE**-0.5, 0.5])), "as wide as priors where nothing curves"


def test_every_file_of_compiled_code_is_in_the_digest_under_which_it_is_kept():
    from pathlib import Path

    import harmattan
    from harmattan.core.compiling import COMPILED_FILES

    package = Path(harmattan.__file__).parent
    using = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if "@compiled" in path.read_text(encoding="utf-8")
    }
    assert using == set(COMPILED_FILES)


def test_another_record_month_case_or_driver_compiles_nothing(recent, borders, history):
    from harmattan.model.density import density_and_gradient

    build = [
        build_density(recent, borders, None, SPEC),
        build_density(recent, borders, history, SPEC),
        build_density(recent[:-10], borders, None, SPEC),
        build_density(recent, borders, None, replace(SPEC, drift_months=18, drift_step=2)),
        build_density(recent, borders, history, SPEC.as_likelihood()),
        build_density(recent[:, :5], borders[:5, :5], None, SPEC),
    ]
    build[0].at(build[0].centre_of_prior())
    kinds = len(density_and_gradient.signatures)
    for density in build:
        assert np.isfinite(density.at(density.centre_of_prior())[0])
    assert len(density_and_gradient.signatures) == kinds


def test_prior_draws_give_sane_futures(recent, borders):
    """Draws of the prior are finite and the next month stays within the order of what was ever seen."""
    import pymc as pm

    from harmattan.model.build import build_next_month_model

    model = build_next_month_model(recent, borders, SPEC)
    with plain_python() as mode:
        draws = pm.draw(model["next_month"], draws=200, random_seed=1, mode=mode)
    assert draws.shape == (200, C, K)
    assert np.isfinite(draws).all()
    assert (draws >= 0).all()
    worst = recent.max("month").values + 20.0
    assert (np.median(draws, axis=0) <= worst).all()
    assert (draws > 10 * worst).mean() < 0.02


# Feedback


@pytest.fixture(scope="module")
def rate_of():
    """The stated log rate of one row as a plain function of parameters and memories, compiled once."""
    import pytensor

    from harmattan.model.rates import log_rate_graph

    series, shape, coupling = variable("series", 3, C, K), variable("shape", len(SHAPES), K), variable("coupling")
    fast, slow, neighbours = (variable(name, 1, C, K) for name in ("fast", "slow", "neighbours"))
    graph = log_rate_graph({"series": series, "shape": shape, "coupling": coupling}, fast, slow, neighbours, STANDARD)
    with plain_python("fast_compile") as mode:
        function = pytensor.function([series, shape, coupling, fast, slow, neighbours], graph, mode=mode)

    def log_rate(parameters, memories):
        series, shape, log_coupling, *_ = parameters
        return function(
            series, shape, float(np.exp(log_coupling[0])), memories.fast, memories.slow, memories.neighbours
        )

    return log_rate


@given(st.integers(0, 10_000), st.floats(-2, 8))
@settings(max_examples=60, deadline=None)
def test_doubling_everything_remembered_raises_the_rate_by_less_than_a_doubling(rate_of, seed, log_scale):
    rng = np.random.default_rng(seed)
    remembered = [np.exp(log_scale) * rng.exponential(1.0, (1, C, K)) for _ in range(3)]
    often = rng.uniform(size=(1, C, K))
    parameters = random_parameters(seed)
    once = rate_of(parameters, Memories(*remembered, often))
    twice = rate_of(parameters, Memories(*(2 * part for part in remembered), often))
    assert (twice - once < np.log(2)).all()
    assert (twice - once > 0).all()
