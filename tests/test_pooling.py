"""Mixtures, pools and updates, against numbers worked out by hand."""

import math

import pytest

from harmattan.claims.derivation import after_estimate, pool_weights
from harmattan.claims.lexicon import believed
from harmattan.claims.mixtures import (
    Beta,
    BetaMixture,
    Normal,
    exclusive_weights,
    linear_pool,
    pooled_normal,
    with_counts,
)
from harmattan.claims.steps import Component


def test_beta_moments_and_mirror():
    # Beta(3, 1): mean 3/4, variance 3 x 1 / (16 x 5) = 0.0375
    beta = Beta(3.0, 1.0)
    assert (beta.mean, beta.variance) == (0.75, pytest.approx(0.0375))
    assert beta.mirrored() == Beta(1.0, 3.0)
    # distribution function x^3, so the median is 0.5 ** (1/3)
    assert beta.quantile(0.5) == pytest.approx(0.5 ** (1 / 3))


def test_reliability_mixes_with_the_reference_and_does_not_scale_the_mean():
    # 0.2 x 0.75 + 0.8 x 0.25 = 0.35, not 0.2 x 0.75 = 0.15
    belief = believed(Beta(3.0, 1.0), 0.2, Beta(1.0, 3.0))
    assert belief.mean == pytest.approx(0.35)
    # second moments: Beta(3,1) 0.0375 + 0.5625 = 0.6; Beta(1,3) 0.0375 + 0.0625 = 0.1; 0.2 x 0.6 + 0.8 x 0.1 = 0.2
    assert belief.variance == pytest.approx(0.2 - 0.35**2)


def test_a_denial_mirrors_the_claim_and_not_the_reference():
    # against, stated 0.75: 0.5 x 0.25 + 0.5 x 0.25 = 0.25
    assert believed(Beta(3.0, 1.0).mirrored(), 0.5, Beta(1.0, 3.0)).mean == pytest.approx(0.25)


def test_a_pool_keeps_disagreement():
    pool = linear_pool([0.5, 0.5], [BetaMixture.of(Beta(3.0, 1.0)), BetaMixture.of(Beta(1.0, 3.0))])
    # mean 0.5; second moment (0.6 + 0.1) / 2 = 0.35; variance 0.10 is more than the 0.0375 of either
    assert (pool.mean, pool.variance) == (pytest.approx(0.5), pytest.approx(0.10))
    assert pool.quantile(0.5) == pytest.approx(0.5, abs=1e-6)


def test_pool_weights_are_equal_by_group_then_proposition_then_claim():
    keys = [("press", "a"), ("press", "a"), ("press", "b"), ("web", "a")]
    # two groups: 1/2 each; press has two propositions: 1/4 each; its proposition a has two claims: 1/8 each
    assert pool_weights(keys) == [0.125, 0.125, 0.25, 0.5]


def test_repeating_a_claim_adds_nothing():
    once = pool_weights([("press", "a"), ("web", "a")])
    often = pool_weights([("press", "a")] * 10 + [("web", "a")])
    assert sum(often[:10]) == pytest.approx(once[0]) == pytest.approx(0.5)


def test_moment_matching_keeps_mean_and_variance():
    pool = linear_pool([0.5, 0.5], [BetaMixture.of(Beta(3.0, 1.0)), BetaMixture.of(Beta(1.0, 3.0))])
    # mean 0.5, variance 0.10: a + b = 0.25 / 0.10 - 1 = 1.5, so Beta(0.75, 0.75)
    matched = pool.moment_matched()
    assert (matched.a, matched.b) == (pytest.approx(0.75), pytest.approx(0.75))


def test_counts_move_a_beta():
    # Beta(1, 1) and 4 cases of which a quarter happened: Beta(2, 4), mean 1/3
    assert with_counts(Beta(1.0, 1.0), 0.25, 4.0) == Beta(2.0, 4.0)


def test_branches_that_exclude_one_another_share_by_odds():
    # P = 0.5 and 0.75: odds 1 and 3; weights 1/5 and 3/5, nothing happens 1/5
    assert exclusive_weights([0.5, 0.75]) == (pytest.approx(0.2), pytest.approx(0.6))
    # one branch keeps its probability
    assert exclusive_weights([0.3]) == (pytest.approx(0.3),)


def test_effects_pool_to_the_normal_of_the_mixture():
    # means 0 and 1, sds 1 and 1, weights 1 and 3 (of 4): mean 0.75; variance 1 + 0.75 x 0.25 = 1.1875
    pooled = pooled_normal([0.1, 0.3], [Normal(0.0, 1.0), Normal(1.0, 1.0)])
    assert (pooled.mean, pooled.sd) == (pytest.approx(0.75), pytest.approx(math.sqrt(1.1875)))


def test_an_estimate_updates_each_part_and_the_weights():
    parts = (Component("b", 0.5, 1.0, 1.0), Component("no_effect", 0.5, 0.0, 0.5))
    first, null = after_estimate(parts, estimate=2.0, se=1.0)
    # part 1: precision 1 + 1, mean (1 + 2) / 2 = 1.5, sd sqrt(1/2); null: precision 4 + 1, mean 2 / 5, sd sqrt(1/5)
    assert (first.mean, first.sd) == (pytest.approx(1.5), pytest.approx(math.sqrt(0.5)))
    assert (null.mean, null.sd) == (pytest.approx(0.4), pytest.approx(math.sqrt(0.2)))
    # marginals: N(2 | 1, sqrt 2) = exp(-1/4) / sqrt(4 pi) = 0.219696;
    # N(2 | 0, sqrt 1.25) = exp(-1.6) / sqrt(2.5 pi) = 0.072042
    assert first.weight == pytest.approx(0.219696 / (0.219696 + 0.072042), abs=1e-5)
    assert first.weight + null.weight == pytest.approx(1.0)


def test_an_estimate_that_says_nothing_changes_nothing():
    parts = (Component("b", 0.3, 0.1, 0.1), Component("no_effect", 0.7, 0.0, 0.05))
    after = after_estimate(parts, estimate=0.0, se=1e4)
    for old, new in zip(parts, after, strict=True):
        assert (new.weight, new.mean, new.sd) == (
            pytest.approx(old.weight), pytest.approx(old.mean), pytest.approx(old.sd)
        )  # fmt: skip
