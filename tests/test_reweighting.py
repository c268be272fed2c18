"""Weights in place of another simulation: densities by hand, and means that an exact answer or new draws give too."""

import math

import numpy as np
import pytest
from explain_helpers import by_driver, make_priors
from scipy.stats import norm

from harmattan.explain.reweighting import (
    log_density,
    log_ratio,
    log_size_ratio,
    paired_change,
    reweighted_change,
    smoothed_weights,
)


def test_a_mixture_has_the_density_of_its_parts():
    prior = make_priors("a").sel(driver="a")
    points = np.array([-0.3, 0.0, 0.8, 3.0])
    expected = np.log(0.4 * norm.pdf(points, 0.8, 0.1) + 0.6 * norm.pdf(points, 0.0, 0.05))
    np.testing.assert_allclose(log_density(points, prior), expected)


def test_a_part_without_weight_takes_no_part():
    prior = make_priors("a", weight=0.0).sel(driver="a")
    np.testing.assert_allclose(log_density(np.array([0.8]), prior), norm.logpdf(0.8, 0.0, 0.05))


def test_only_changed_drivers_enter_the_ratio():
    old, new = make_priors("a", "b"), make_priors("a", weight=0.1)
    effects = by_driver([[0.8, 9.0], [0.0, -9.0]], "a", "b")
    a, b = (log_density(np.array([0.8, 0.0]), p.sel(driver="a")) for p in (new, old))
    np.testing.assert_allclose(log_ratio(effects, old, new), a - b)
    np.testing.assert_allclose(log_ratio(effects, old, old), 0.0)


def test_weights_grow_with_the_ratio_and_add_up_to_one():
    ratios = np.random.default_rng(1).normal(size=1000)
    weights = smoothed_weights(ratios)
    assert weights.values.sum() == pytest.approx(1.0)
    assert np.corrcoef(np.log(weights.values), ratios)[0, 1] > 0.99
    assert 1 < weights.effective_draws < 1000 and weights.reliable


def test_equal_weights_are_as_good_as_all_draws():
    weights = smoothed_weights(np.full(500, 3.0))
    assert math.isnan(weights.k_hat) and weights.reliable
    assert weights.effective_draws == pytest.approx(500)


def test_a_heavy_tail_is_not_vouched_for():
    draws = np.random.default_rng(2).normal(size=2000)
    weights = smoothed_weights(norm.logpdf(draws, 0, 3.0) - norm.logpdf(draws))  # wider than what was drawn
    assert weights.k_hat > 0.7 and not weights.reliable


def test_weighted_means_are_those_of_the_other_distribution_within_their_error():
    draws = np.random.default_rng(3).normal(0.0, 1.0, 20_000)
    weights = smoothed_weights(norm.logpdf(draws, 0.3, 1.0) - norm.logpdf(draws))
    mean = reweighted_change(draws, weights.values)
    assert mean.value == pytest.approx(0.3, abs=4 * mean.error)
    above = reweighted_change((draws > 1.0).astype(float), weights.values)
    assert above.value == pytest.approx(norm.sf(0.7) - norm.sf(1.0), abs=4 * above.error)
    assert 0 < mean.error < 0.02


def test_the_stated_error_is_that_of_repeating_the_whole():
    changes, errors = [], []
    for seed in range(200):
        draws = np.random.default_rng(seed).normal(size=500)
        weights = smoothed_weights(norm.logpdf(draws, 0.3, 1.0) - norm.logpdf(draws))
        change = reweighted_change((draws > 0.5).astype(float), weights.values)
        changes.append(change.value)
        errors.append(change.error)
    assert np.mean(errors) == pytest.approx(np.std(changes), rel=0.15)


def test_pairs_that_do_not_differ_have_no_error():
    change = paired_change(np.arange(10.0), np.arange(10.0) + 2.0)
    assert (change.value, change.error) == (2.0, 0.0)


def test_an_impossible_draw_has_no_weight_and_too_few_possible_ones_are_not_vouched_for():
    ratios = np.random.default_rng(1).normal(size=1000)
    ratios[:300] = -np.inf
    weights = smoothed_weights(ratios)
    assert (weights.values[:300] == 0).all() and weights.values.sum() == pytest.approx(1.0)
    ratios[:950] = -np.inf
    assert not smoothed_weights(ratios).reliable


def test_weights_that_are_all_alike_at_the_top_need_no_smoothing():
    weights = smoothed_weights(np.repeat([0.0, 1.0], 500))
    assert math.isnan(weights.k_hat) and weights.reliable
    assert weights.values[-1] / weights.values[0] == pytest.approx(np.e)


def test_sizes_are_weighed_given_the_way_that_was_taken():
    old, new = make_priors("a"), make_priors("a", mean=0.9)
    effects, ways = by_driver([[0.85], [0.01]], "a"), by_driver([[0], [1]], "a").astype(int)
    expected = [norm.logpdf(0.85, 0.9, 0.1) - norm.logpdf(0.85, 0.8, 0.1), 0.0]
    np.testing.assert_allclose(log_size_ratio(effects, ways, old, new), expected)
    np.testing.assert_allclose(log_size_ratio(effects, ways, old, old), 0.0)
