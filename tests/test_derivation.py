"""A driver's prior is what its claims and evidence say, and changes as they change."""

import math

import numpy as np
import pytest

from harmattan.claims.derivation import derive_driver, driver_priors
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.core.resources import project_root


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.fixture(scope="module")
def priors(register):
    return driver_priors(register)


def test_a_driver_on_one_claim_by_hand(register):
    """regional-cooperation rests on news-bnn-018-b alone: "could be", grade D, no size."""
    derived = derive_driver(register, "regional-cooperation")
    # Could Happen: Beta(2.6674, 3.8423), mean 2.6674 / 6.5097 = 0.40976; 0.45 x 0.40976 + 0.55 x 0.251 = 0.32244
    assert derived.branches[0].probability == pytest.approx(0.32244, abs=1e-5)
    # it states no size and hinges on the exit: a share of the whole, which matters as likely as not; it lowers deaths
    share = derived.sharing.whole.of("regional-cooperation", "strengthened")
    assert share.matters == 0.5 and 0 < share.share < 0.01
    part = derived.sharing.worth * share.share
    branch, null = derived.components
    assert branch.weight == pytest.approx(0.32244, abs=1e-5)
    assert branch.mean == pytest.approx(-part * 0.5 * share.size.mean)
    assert null.weight == pytest.approx(0.67756, abs=1e-5)
    assert (null.mean, null.sd) == (0.0, pytest.approx(part * register.lexicons.whole.no_effect_sd))
    assert derived.expected_log_effect == pytest.approx(branch.weight * branch.mean)


def test_the_worked_example_of_the_manual_is_true(register):
    manual = " ".join((project_root() / "seeds" / "README.md").read_text(encoding="utf-8").split())
    derived = derive_driver(register, "regional-cooperation")
    (row,) = derived.branches[0].rows
    null, share = derived.components[-1], derived.sharing.whole.of("regional-cooperation", "strengthened")
    stated, believed = row.reading.beta.mean, derived.branches[0].probability
    for said in (
        f"Could Happen has mean {stated:.3f}; grade D gives 0.45 x {stated:.3f} + 0.55 x 0.251 = {believed:.3f}",
        f"{null.weight:.3f} is left for no effect",
        f"its share of the whole is {share.share:.3f}, and as nobody says that violence itself changes it matters",
        f"so in this case they count for {derived.sharing.worth:.2f}",
    ):
        assert said in manual, said


def test_a_driver_on_three_propositions_by_hand(register):
    """urban-siege: the essay alone, "could", "may" and "could" on their propositions; grade C."""
    derived = derive_driver(register, "urban-siege").branches[0]
    means = {row.claim: row.belief.mean for row in derived.rows}
    for row in derived.rows:
        stated = row.reading.beta.mean
        assert means[row.claim] == pytest.approx(0.70 * stated + 0.30 * 0.251)
    assert derived.probability == pytest.approx(sum(row.weight * means[row.claim] for row in derived.rows))
    assert derived.effective_sources == 1


def test_pool_weights_add_up_and_groups_are_equal(register):
    for driver in register.drivers:
        for branch in derive_driver(register, driver).branches:
            assert sum(row.weight for row in branch.rows) == pytest.approx(1.0)
            assert {round(group.weight * branch.effective_sources, 9) for group in branch.groups} == {1.0}
            assert 1 <= branch.effective_sources <= 4


def test_two_branches_share_by_odds(register):
    derived = derive_driver(register, "kremlin-wagner-rift")
    odds = [b.probability / (1 - b.probability) for b in derived.branches]
    for component, o in zip(derived.components, odds, strict=False):
        assert component.weight == pytest.approx(o / (1 + sum(odds)))


def test_priors_are_proper_and_padded(register, priors):
    assert priors["component"].values.tolist() == ["branch_1", "branch_2", "no_effect"]
    assert priors["driver"].values.tolist() == list(register.drivers)
    np.testing.assert_allclose(priors["weight"].sum("component"), 1.0)
    assert (priors["sd"] > 0).all()
    one = priors.sel(driver="urban-siege", component="branch_2")
    assert (float(one["weight"]), str(one["branch"].values)) == (0.0, "")
    assert priors.sel(component="no_effect")["branch"].values.tolist() == ["no_effect"] * len(register.drivers)


def test_signs_follow_directions(register, priors):
    for driver in register.drivers.values():
        for index, branch in enumerate(driver.branches):
            mean = float(priors["mean"].sel(driver=driver.id, component=f"branch_{index + 1}"))
            assert math.copysign(1, mean) == branch.sign


def test_one_mechanism_is_small_and_none_is_certain(priors):
    assert float(abs(priors["mean"]).max()) < math.log(1.5)
    assert float(priors["weight"].sel(component="no_effect").min()) > 0.25


def test_dropping_a_claim_changes_the_prior_as_the_pool_says(register):
    """Without its only voice for "could", the two other propositions of urban-siege share the pool."""
    full = derive_driver(register, "urban-siege").branches[0]
    dropped = full.rows[0]
    rest = [row for row in full.rows if row.claim != dropped.claim]
    less = derive_driver(register, "urban-siege", without_claims=frozenset({dropped.claim})).branches[0]
    same = [row for row in rest if row.proposition == dropped.proposition]
    propositions = {row.proposition for row in rest}
    expected = sum(
        row.belief.mean / len(propositions) / sum(r.proposition == row.proposition for r in rest) for row in rest
    )
    assert not same or len(same) < len(rest)
    assert less.probability == pytest.approx(expected)


def test_dropping_a_source_takes_its_group_out(register):
    full = derive_driver(register, "armed-group-posture").branches[0]
    less = derive_driver(register, "armed-group-posture", without_sources=frozenset({"debate-fes"})).branches[0]
    means = {group.group: group.mean for group in full.groups}
    kept = [mean for group, mean in means.items() if group != "debate-fes"]
    assert less.probability == pytest.approx(sum(kept) / len(kept))
    assert less.effective_sources == full.effective_sources - 1


def test_dropping_one_of_two_sources_of_a_group_leaves_the_group_its_vote(register):
    less = derive_driver(register, "armed-group-posture", without_sources=frozenset({"chat-bard"})).branches[0]
    assert less.effective_sources == 3


def test_a_branch_that_nobody_asserts_gets_no_weight(register):
    derived = derive_driver(register, "regional-cooperation", without_sources=frozenset({"news-bnn"}))
    assert [c.weight for c in derived.components] == [0.0, 1.0]
    assert derived.expected_log_effect == 0.0


def test_dropping_touches_only_drivers_that_the_claim_names(register, priors):
    claim = register.claims["commentary-exit-013-f"]
    less = driver_priors(register, without_claims=frozenset({claim.id}))
    changed = [d for d in register.drivers if not priors["weight"].sel(driver=d).equals(less["weight"].sel(driver=d))]
    assert set(changed) <= set(claim.drivers) and "urban-siege" in changed
    resized = [d for d in register.drivers if not priors["mean"].sel(driver=d).equals(less["mean"].sel(driver=d))]
    assert all(register.drivers[d].hinges_on_exit for d in resized)  # they share one whole


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"driver_id": "urban-seige"}, "Did you mean 'urban-siege'"),
        ({"driver_id": "urban-siege", "without_claims": frozenset({"chat-bard-084-z"})}, "There is no claim"),
        ({"driver_id": "urban-siege", "without_sources": frozenset({"chat-brad"})}, "Did you mean 'chat-bard'"),
    ],
)
def test_unknown_ids_are_refused(register, arguments, message):
    with pytest.raises(InputError, match=message):
        derive_driver(register, **arguments)
