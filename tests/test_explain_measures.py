"""Ways of explaining, each on draws whose answer is known beforehand."""

import numpy as np
import pytest
import xarray as xr
from explain_helpers import by_driver, deaths_of, make_drivers, make_priors
from made import CASE
from scipy.stats import norm

from harmattan.case.opening import open_case
from harmattan.core.errors import InputError
from harmattan.core.telling import telling
from harmattan.explain.discovery import Bounds, discover, find_box
from harmattan.explain.knowing import value_of_knowing
from harmattan.explain.power_scaling import power_scaling
from harmattan.explain.question import Question
from harmattan.explain.sensitivity import delta_index, given_data_sensitivity
from harmattan.explain.tornado import exceedance_swings
from harmattan.report.explanation_figures import question_words

RNG_DRAWS = 4000


def standard(names, seed=1, draws=RNG_DRAWS):
    return np.random.default_rng(seed).standard_normal((draws, len(names)))


# The question


def test_a_question_adds_up_its_own_cells():
    deaths = deaths_of([6.0, 12.0], months=3)
    assert Question("QMA", "one_sided", months=2).total(deaths).tolist() == [4.0, 8.0]
    assert Question("QMB", "one_sided").total(deaths).tolist() == [0.0, 0.0]
    with telling(open_case(CASE).words):
        assert "Ambara in the first 2 months" in question_words(Question("QMA", "one_sided", months=2))[1]


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"outcome": "onesided"}, "Did you mean 'one_sided'"),
        ({"months": 0}, "between 1 and 240"),
        ({"threshold": -1}, "zero or more"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(given, part):
    with pytest.raises(InputError, match=part):
        Question(**({"country": "QMA", "outcome": "one_sided"} | given))


# Tornado of a probability


def test_a_probability_swings_with_the_totals():
    effects = by_driver(np.zeros((4, 1)), "a") + xr.DataArray([-1.0, -0.5, 0.5, 1.0], dims="draw")
    totals = 100 * np.exp(effects.values[:, 0])  # so that without the effect every future has a hundred
    months = ["2020-07", "2020-08", "2020-09"]
    deaths = deaths_of(totals)
    exposures = xr.zeros_like(deaths.isel(draw=0, drop=True)).expand_dims(driver=["a"]).copy()
    exposures.loc[{"country": "QMA", "outcome": "one_sided"}] = 1.0
    assert list(exposures["month"].values) == months
    low, high = np.quantile(effects.values, [0.1, 0.9])
    for threshold, expected in ((100 * np.exp(low) - 1, (1, 1)), (100, (0, 1)), (100 * np.exp(high) + 1, (0, 0))):
        swings = exceedance_swings(
            Question("QMA", "one_sided", months=3, threshold=threshold), deaths, effects, exposures, make_drivers("a")
        )
        assert tuple(swings[["low", "high"]].iloc[0]) == expected


# Sensitivity


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0])
def test_delta_is_that_of_salib(slope):
    delta = pytest.importorskip("SALib.analyze.delta", reason="SALib is a tool of the developers")
    x, noise = standard("ab").T
    y = slope * x + noise
    classes = int(np.ceil(len(y) ** (2.0 / (7.0 + np.tanh((1500.0 - len(y)) / 500.0)))))
    theirs = delta.calc_delta(y, np.linspace(y.min(), y.max(), 100), x, np.linspace(0, len(y), classes + 1))
    assert delta_index(y, x) == pytest.approx(theirs, rel=0.03, abs=0.003)


def test_delta_of_a_known_pair_of_normals():
    x, noise = standard("ab", draws=20_000).T
    rho = 0.6
    y = rho * x + np.sqrt(1 - rho**2) * noise
    grid = np.linspace(-6, 6, 1201)
    apart = [np.abs(norm.pdf(grid) - norm.pdf(grid, rho * q, np.sqrt(1 - rho**2))).sum() * 0.01 / 2
             for q in norm.ppf((np.arange(400) + 0.5) / 400)]  # fmt: skip
    assert delta_index(y, x) == pytest.approx(np.mean(apart), abs=0.02)


def test_what_matters_stands_out_from_chance_and_what_does_not_does_not():
    values = standard("abc")
    total = np.exp(5 + 0.8 * values[:, 0] + 0.5 * standard("x", seed=2)[:, 0])
    table = given_data_sensitivity(total, by_driver(values, *"abc"), make_drivers(*"abc"), seed=1)
    assert table["driver"].iloc[0] == "a" and bool(table["above_noise"].iloc[0])
    row = table.iloc[0]
    assert row["low"] < row["delta"] < row["high"] and row["low"] > row["noise_floor"]
    idle = table[table["driver"] != "a"]
    assert (idle["low"] <= idle["noise_floor"]).all()


def test_the_same_seed_gives_the_same_index_and_a_constant_driver_is_left_out():
    values = np.column_stack([standard("a", draws=600)[:, 0], np.zeros(600)])
    drivers, total = make_drivers("a", "still"), np.exp(standard("x", seed=3, draws=600)[:, 0])
    first, second = (given_data_sensitivity(total, by_driver(values, "a", "still"), drivers, 1) for _ in range(2))
    assert first.equals(second)
    assert first["driver"].tolist() == ["a"]


# Value of knowing


def known(values, total, *, threshold=0.0, cost_ratio=0.25, names="ab"):
    table = value_of_knowing(total, by_driver(values, *names), make_drivers(*names), threshold, cost_ratio, seed=1)
    return table.set_index("driver")


def test_the_saved_squared_error_is_the_share_of_variance():
    values = standard("abe", draws=20_000)
    total = 2.0 * values[:, 0] + 1.0 * values[:, 1] + 2.0 * values[:, 2]
    table = known(values[:, :2], total)
    for name, share in (("a", 4 / 9), ("b", 1 / 9), ("all", 5 / 9)):
        assert table.loc[name, "variance_share"] == pytest.approx(
            share, abs=4 * table.loc[name, "variance_share_error"]
        )
    assert list(table.index) == ["a", "b", "all"]


def test_knowing_what_does_not_matter_is_worth_nothing_and_never_looks_like_more():
    shares = []
    for seed in range(20):
        values = standard("ab", seed=seed, draws=1000)
        total = standard("x", seed=100 + seed, draws=1000)[:, 0]
        shares.append(known(values, total).loc["all", ["variance_share", "decision_value"]].astype(float))
    means = np.mean(shares, axis=0)
    assert means[0] < 0 and means[0] > -0.02
    assert means[1] <= 0.001


def test_the_value_for_a_decision_is_the_loss_that_is_saved():
    x = np.random.default_rng(5).random(40_000) < 0.5
    happens = np.where(x, np.random.default_rng(6).random(x.size) < 0.6, np.random.default_rng(7).random(x.size) < 0.1)
    # blind: 0.35 > 0.25, so prepare at 0.25; seeing: prepare only when x, else bear 0.1
    expected = 0.25 - (0.5 * 0.25 + 0.5 * 0.1)
    row = known(x.astype(float)[:, None], happens.astype(float), threshold=0.5, names="a").loc["a"]
    assert row["decision_value"] == pytest.approx(expected, abs=4 * row["decision_value_error"])
    assert (row["chance_low"], row["chance_high"]) == (pytest.approx(0.1, abs=0.02), pytest.approx(0.6, abs=0.02))


def test_knowing_is_worth_nothing_to_those_whose_decision_it_cannot_change():
    values = standard("a")
    total = 0.1 * values[:, 0] + standard("x", seed=8)[:, 0]  # the chance of passing 0 stays near one half
    row = known(values, total, threshold=0.0, cost_ratio=0.05, names="a").loc["a"]
    assert row["decision_value"] == 0.0


# Discovery


def planted(draws=6000, seed=1):
    rng = np.random.default_rng(seed)
    values = rng.uniform(-0.3, 0.3, (draws, 4))
    inside = (values[:, 0] > 0.1) & (values[:, 1] < -0.1)
    total = rng.gamma(4, 100, draws) * np.where(inside, 4.0, 1.0)
    return values, total, inside


def discovered(values, total, names="abcd", **options):
    effects = by_driver(values, *names)
    present = effects.copy(data=(values > 0).astype(float))
    return discover(total, effects, present, values.sum(axis=1), make_drivers(*names), seed=1, **options)


def test_a_planted_combination_is_found_with_its_bounds():
    values, total, _ = planted()
    found = discovered(values, total)
    assert found.worst_from == pytest.approx(np.quantile(total, 0.9))
    box = found.standing.iloc[0]
    assert box["density"] > 0.5 and box["coverage"] > 0.6 and box["p_value"] < 1e-6
    bounds = found.bounds[found.bounds["box"] == 1].set_index("driver")
    assert set(bounds.index) == {"a", "b"}
    assert (bounds.loc["a", "side"], bounds.loc["b", "side"]) == ("above", "below")
    assert np.log(bounds.loc["a", "bound"]) == pytest.approx(0.1, abs=0.06)
    assert np.log(bounds.loc["b", "bound"]) == pytest.approx(-0.1, abs=0.06)
    assert bounds.loc["a", "chance_in"] == 1.0 and bounds.loc["a", "chance_all"] == pytest.approx(0.5, abs=0.05)


def test_density_and_coverage_are_those_of_futures_kept_aside():
    values, total, _ = planted()
    found = discovered(values, total)
    box = found.boxes.iloc[0]
    assert box["futures"] < len(total) / 4
    assert box["base"] == pytest.approx(0.1, abs=0.03)


def test_where_chance_alone_rules_no_box_stands():
    stands = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        stands += len(discovered(rng.normal(size=(2000, 4)), rng.gamma(2, 1, 2000)).standing)
    assert stands <= 3  # one in twenty by the level of the test, and what else is rare


def test_a_search_on_its_own_finds_a_box_that_holds_the_planted_one():
    values, total, _ = planted(draws=3000)
    worst = total > np.quantile(total, 0.9)
    box = find_box(values, worst)
    assert worst[box.holds(values)].mean() > 0.5
    assert Bounds.everything(4).holds(values).all()


def test_the_strongest_tenth_is_told_without_any_search():
    rng = np.random.default_rng(3)
    values = rng.normal(0, 0.3, (4000, 4))
    total = np.exp(values.sum(axis=1))  # nothing but the drivers
    found = discovered(values, total)
    assert found.pressure["density"] == pytest.approx(1.0, abs=0.01)
    assert found.pressure["ratio"] == pytest.approx(np.quantile(total, 0.9), rel=0.01)


def test_too_few_futures_are_refused():
    with pytest.raises(InputError, match="at least 200 draws"):
        discovered(np.zeros((50, 4)), np.arange(50.0))


# Power scaling


def conjugate(data_precision, draws=20_000):
    """Posterior draws of a normal mean with a standard normal prior and its log likelihood, the data at 1."""
    precision = 1.0 + data_precision
    values = np.random.default_rng(9).normal(data_precision / precision, precision**-0.5, draws)
    likelihood = -0.5 * data_precision * (values - 1.0) ** 2
    return xr.Dataset(
        {"driver_effect": (("draw", "driver"), values[:, None]), "log_likelihood": ("draw", likelihood)},
        coords={"driver": ["a"]},
    )


def scaled(posterior, total=None):
    priors = make_priors("a", weight=0.5, mean=0.0, sd=1.0, null_sd=1.0)  # both parts alike: a standard normal
    answer = posterior["driver_effect"].values[:, 0] if total is None else total
    return power_scaling(posterior, priors, make_drivers("a"), answer).iloc[0]


def test_a_posterior_that_the_data_rule_does_not_lean_on_its_prior():
    row = scaled(conjugate(200.0))
    assert row["prior_sensitivity"] < 0.05 < row["likelihood_sensitivity"]
    assert row["reading"] == "data alone"
    assert row["sd_ratio"] == pytest.approx(201**-0.5, rel=0.02)


def test_a_posterior_that_the_data_left_alone_is_all_prior():
    row = scaled(conjugate(0.001))
    assert row["likelihood_sensitivity"] < 0.05 < row["prior_sensitivity"]
    assert row["reading"] == "prior alone"
    assert row["sd_ratio"] == pytest.approx(1.0, rel=0.02)


def test_where_both_speak_both_count():
    row = scaled(conjugate(1.0))
    assert row["reading"] == "prior and data"
    assert row["answer_sensitivity"] == pytest.approx(row["prior_sensitivity"])


def test_without_a_likelihood_only_the_prior_is_told():
    posterior = conjugate(1.0).drop_vars("log_likelihood")
    row = scaled(posterior, total=np.random.default_rng(1).normal(size=20_000))
    assert np.isnan(row["likelihood_sensitivity"]) and row["reading"] == "prior"
    assert row["answer_sensitivity"] < 0.05 < row["prior_sensitivity"]


def test_power_scaling_is_that_of_arviz():
    import arviz as az

    posterior = conjugate(3.0, draws=4000)
    values = posterior["driver_effect"].values[:, 0]
    prior = norm.logpdf(values)
    data = az.from_dict(
        {
            "posterior": {"theta": values[None]},
            "log_prior": {"theta": prior[None]},
            "log_likelihood": {"y": posterior["log_likelihood"].values[None]},
        }
    )
    for group, name in (("prior", "prior_sensitivity"), ("likelihood", "likelihood_sensitivity")):
        theirs = float(az.psense(data, group=group)["theta"])
        assert scaled(posterior)[name] == pytest.approx(theirs, rel=0.02)
