"""One effect of the exit, shared by its drivers: neither their number nor how often a thing is said moves it."""

import math
from dataclasses import replace

import numpy as np
import pytest

import harmattan as hm
from harmattan.case.drivers import Drivers
from harmattan.claims.derivation import derive_driver, driver_priors
from harmattan.claims.outlook import ALIKE, outlook
from harmattan.claims.register import load_register
from harmattan.claims.whole import documents_whole
from harmattan.drivers.assumptions import priors_after_events
from harmattan.drivers.claimed_timing import as_claimed, horizons_told, timing_given
from harmattan.drivers.rest import rest_effect, rest_from_prior, share_by_horizon
from harmattan.drivers.whole import before_the_record, beliefs_held, whole_table
from harmattan.explain.trace_exit import exit_trace
from harmattan.schema.driver import StatedPrior, Timing
from harmattan.schema.evidence import EvidenceUsed
from harmattan.schema.records import Claim
from harmattan.schema.scenario import load_scenario

HORIZONS = {"short": (1, 6), "mid": (7, 24), "long": (25, 60)}


@pytest.fixture(scope="module")
def register():
    return load_register()


def expected_whole(register, priors=None):
    """Log rate ratio that drivers which hinge on the exit add to the whole on average, where they act most."""
    priors = driver_priors(register) if priors is None else priors
    hinging = [name for name, driver in register.drivers.items() if driver.hinges_on_exit]
    return float((priors["weight"] * priors["mean"]).sel(driver=hinging).sum())


def with_claims(register, claims):
    return replace(register, claims={claim.id: claim for claim in claims})


def split(register, name):
    """The register with a driver cut in two of which the same is said."""
    driver = register.drivers[name]
    other = driver.model_copy(update={"id": f"{name}-too"})
    drivers = Drivers({**register.drivers.by_id, other.id: other}, register.drivers.case)
    claims = [
        claim.model_copy(update={"drivers": {**claim.drivers, other.id: claim.drivers[name]}})
        if name in claim.drivers
        else claim
        for claim in register.claims.values()
    ]
    return with_claims(replace(register, drivers=drivers), claims)


# What does not move the whole


def test_splitting_any_driver_moves_the_whole_by_less_than_two_per_cent(register):
    before = expected_whole(register)
    for name, driver in register.drivers.items():
        if driver.hinges_on_exit:
            after = expected_whole(split(register, name))
            assert abs(math.expm1(after - before)) < 0.02, name


def test_splitting_every_driver_in_two_moves_the_whole_by_less_than_two_per_cent(register):
    cut = register
    for name, driver in register.drivers.items():
        cut = split(cut, name) if driver.hinges_on_exit else cut
    assert len(cut.drivers) > 1.7 * len(register.drivers)
    assert abs(math.expm1(expected_whole(cut) - expected_whole(register))) < 0.02


def test_saying_everything_twice_moves_nothing(register):
    twice = [
        claim.model_copy(update={"id": f"{claim.id}{again}"})
        for claim in register.claims.values()
        for again in ("", "-2")
    ]
    assert expected_whole(with_claims(register, twice)) == pytest.approx(expected_whole(register))


def test_saying_everything_again_in_other_words_moves_the_whole_by_less_than_two_per_cent(register):
    again = [
        claim.model_copy(update={"id": f"{claim.id}-2", "proposition": f"{claim.proposition}-2"})
        for claim in register.claims.values()
    ]
    after = expected_whole(with_claims(register, [*register.claims.values(), *again]))
    assert abs(math.expm1(after - expected_whole(register))) < 0.02


def test_a_claim_that_states_no_size_never_lowers_what_others_stated(register):
    full = documents_whole(register).size
    for name, size in register.sizes.items():
        if size == "unstated":
            assert documents_whole(register, frozenset({name})).size == full, name


def test_one_adjective_of_a_note_that_nobody_trusts_moves_the_whole_by_less_than_a_tenth(register):
    claim = register.claims["commentary-exit-003-a"].model_dump()
    note = {"id": "note-001-a", "proposition": "all-of-it", "magnitude": "devastating", "source": "note"}
    note |= {"drivers": {"armed-group-posture": "for"}, "reliability": {"grade": "E", "why": "made up"}}
    source = next(iter(register.sources.values())).model_copy(
        update={"id": "note", "group": "note", "reliability": "E"}
    )
    told = with_claims(register, [*register.claims.values(), Claim.model_validate(claim | note)])
    told = replace(told, sources={**register.sources, "note": source})
    assert abs(math.expm1(expected_whole(told) - expected_whole(register))) < 0.1


def test_a_schedule_that_is_decided_is_no_evidence_of_harm(register):
    before = driver_priors(register)
    after = priors_after_events(register.drivers, before, "2023-12")  # the mission left as decided, rushed
    rows = {"driver": "drawdown-pace"}
    moved = [float((p["weight"] * p["mean"]).sel(rows).sum()) for p in (before, after)]
    assert abs(moved[1] - moved[0]) < 0.001
    voices = {way for way, share in documents_whole(register).shares.items() if share.share > 0.01}
    assert ("drawdown-pace", "rushed") not in voices


# What does


def test_without_exits_elsewhere_documents_have_all_the_say(register):
    alone = register.using(EvidenceUsed(exits=False))
    assert outlook(register).worth < outlook(alone).worth == 1.0
    assert expected_whole(alone) == pytest.approx(expected_whole(register) / outlook(register).worth)


@pytest.mark.parametrize("source", ["chat-bard", "commentary-exit"])
def test_without_a_source_the_whole_is_another(register, source):
    less = expected_whole(register, driver_priors(register, without_sources=frozenset({source})))
    assert abs(math.expm1(less - expected_whole(register))) > 0.005


def test_what_belongs_to_no_driver_is_weighed_by_precision(register):
    """One number at a time where the class is one number: a normal belief and one noisy statement of it, by hand."""
    known, missed = register.exit_class, register.lexicons.whole.documents_sd
    mean_variance = np.diag(known.normal_covariance).mean()
    found = outlook(register)
    worth = (1 / missed**2) / (1 / missed**2 + 1 / mean_variance)
    assert found.worth == pytest.approx(worth)
    np.testing.assert_allclose(found.rest_mean, (1 - worth) * known.mean)
    np.testing.assert_allclose(found.rest_covariance, (1 - worth) * known.normal_covariance)
    np.testing.assert_allclose(found.rest_factor @ found.rest_factor.T, found.rest_covariance)
    alone = outlook(register.using(EvidenceUsed(documents=False)))
    assert alone.worth == 0.0
    np.testing.assert_allclose(alone.rest_mean, known.mean)
    documents = outlook(register.using(EvidenceUsed(exits=False)))
    np.testing.assert_allclose(documents.rest_covariance[0, :2], [missed**2, ALIKE * missed**2])


def test_where_nothing_is_said_of_an_exit_none_does_anything(register):
    mute = register.using(EvidenceUsed(exits=False, documents=False))
    priors = driver_priors(mute)
    assert not rest_from_prior(priors, load_scenario("withdrawal"), 10, 1).values.any()
    assert abs(expected_whole(mute, priors)) < 1e-9


def test_the_exit_s_own_case_knows_only_exits_before_it(register):
    assert register.exit_class.known_by < "2023-06"
    assert register.knowing_exits_by("1996-01").exit_class is None


def test_a_driver_that_does_not_hinge_on_the_exit_keeps_an_effect_of_its_own(register):
    assert derive_driver(register, "peace-accord").sharing is None
    derived = derive_driver(register, "great-power-contest")
    assert derived.components[0].mean == derived.branches[0].effect.mean  # as its own claims say
    shared = derive_driver(register, "armed-group-posture")
    assert 0 < shared.components[0].mean < 0.3 * shared.branches[0].effect.mean


# Its draws and when it acts


def test_the_rest_has_the_mean_and_covariance_that_are_stated(register):
    priors, scenario = driver_priors(register), load_scenario("withdrawal")
    drawn = rest_from_prior(priors, scenario, 20_000, 3)
    flat = drawn.values.reshape(20_000, -1)
    stated = outlook(register)
    np.testing.assert_allclose(flat.mean(axis=0), stated.rest_mean.ravel(), atol=0.015)
    np.testing.assert_allclose(np.cov(flat.T), stated.rest_covariance, atol=0.01)
    assert not rest_from_prior(priors, load_scenario("mission_stays"), 10, 3).values.any()
    assert rest_from_prior(priors, scenario, 10, 3).equals(drawn.isel(draw=slice(0, 10)))


def test_the_rest_lies_on_straight_lines_between_the_middles_of_horizons(register):
    shares = share_by_horizon(np.array([0, 1, 7, 15.5, 42.5, 60]))
    np.testing.assert_allclose(shares[0], 0)
    np.testing.assert_allclose(shares[1], [1 / 3.5, 0, 0])
    np.testing.assert_allclose(shares[2], [1 - 3.5 / 12, 3.5 / 12, 0])
    np.testing.assert_allclose(shares[3:], [[0, 1, 0], [0, 0, 1], [0, 0, 1]])
    rest = rest_from_prior(driver_priors(register), load_scenario("withdrawal"), 5, 1)
    effect = rest_effect(rest, ["BFA", "MLI"], "MLI", ["2023-06", "2023-07"], exit="2023-06")
    assert not effect[:, :, 0].any() and not effect[:, 0].any()
    np.testing.assert_allclose(effect[:, 1, 1], rest.sel(horizon="short").values / 3.5)


def test_three_beliefs_of_the_whole(register):
    beliefs = before_the_record(register, load_scenario("withdrawal"), "2023-06", HORIZONS, draws=8000)
    table = whole_table(beliefs).set_index(["belief", "outcome", "horizon"])
    assert list(beliefs) == ["documents", "exits", "both"]
    for outcome in ("state_based", "one_sided"):
        spans = {name: np.log(table.loc[name, outcome, "long"][["q10", "q90"]]).diff().iloc[-1] for name in beliefs}
        assert spans["both"] < spans["documents"] < spans["exits"]
        low, middle, high = (table.loc[name, outcome, "long"]["q50"] for name in ("exits", "both", "documents"))
        assert low < middle < high
    assert not before_the_record(register, load_scenario("mission_stays"), "2023-06", HORIZONS, draws=10)["both"].any()


NEITHER = EvidenceUsed(exits=False, documents=False)


@pytest.mark.parametrize(
    ("uses", "held"),
    [
        (EvidenceUsed(), ["documents", "exits", "both"]),
        (EvidenceUsed(exits=False), ["documents"]),
        (EvidenceUsed(documents=False), ["exits"]),
        (NEITHER, []),
    ],
)
def test_only_what_has_a_say_is_told_as_believed(register, uses, held):
    assert list(beliefs_held(register, uses)) == held
    scenario = load_scenario("withdrawal").model_copy(update={"evidence": uses})
    found = hm.exit_effect(scenario, draws=50)
    assert list(found.beliefs) == held and len(found.table) == 9 * len(held)
    assert bool(found.exits) == bool(found.known_by) == uses.exits


def test_what_a_case_states_itself_is_not_told_as_the_word_of_documents(register):
    silent = with_claims(replace(register, sources={}), [])
    assert list(beliefs_held(silent, EvidenceUsed())) == ["exits"]
    hinging = next(driver for driver in register.drivers.values() if driver.hinges_on_exit)
    stated = {hinging.branches[0].id: StatedPrior(probability=0.5, ratio=(1.1, 1.5), why="made up")}
    drivers = Drivers({hinging.id: hinging.model_copy(update={"prior": stated})}, register.case)
    undocumented = replace(silent, drivers=drivers)
    assert list(beliefs_held(undocumented, EvidenceUsed())) == ["stated", "exits", "both"]
    unlike_any = replace(undocumented, exit_class=None)
    assert list(beliefs_held(unlike_any, EvidenceUsed())) == ["stated"]
    nothing = replace(unlike_any, drivers=register.drivers.only([]))
    assert beliefs_held(nothing, EvidenceUsed()) == {}


def test_a_trace_of_the_exit_tells_of_no_exits_elsewhere_where_they_have_no_say(register):
    assert hm.trace("exit").as_dict()["exits"]
    _, _, data, lines = exit_trace(replace(register, exit_class=None))
    assert data["exits"] == [] and {row["belief"] for row in data["table"]} == {"documents"}
    assert any("exits elsewhere: the case is not of their class" in line for line in lines)


def test_what_is_asked_of_the_exit_comes_as_a_table_and_in_the_trace():
    found = hm.exit_effect(draws=500)
    assert list(found.beliefs) == ["documents", "exits", "both"] and len(found.table) == 27
    assert found.as_dict()["known_by"] == found.known_by and len(found.exits) >= 10
    traced = hm.trace("exit")
    assert traced.kind == "whole" and traced.as_dict()["exits"] == list(found.exits)
    assert "claims that state a size" in traced.as_text() and "shares of drivers" in traced.as_text()


# Horizons


def test_moving_a_claim_from_short_to_long_moves_when_its_driver_acts(register):
    told = [c for c in register.claims.values() if "displacement-pressure" in c.drivers and c.horizon == "long"]
    moved = with_claims(
        register,
        [c.model_copy(update={"horizon": "short"}) if c in told else c for c in register.claims.values()],
    )
    early, late = (as_claimed(some)["displacement-pressure"].timing for some in (moved, register))
    assert early.onset_month < late.onset_month and early.onset_window[1] < late.onset_window[1]


def test_the_likelihood_of_a_horizon_by_hand():
    """An effect at once that lasts acts alike in all three horizons; one from month 25 acts in the long one alone."""
    own = Timing(onset_month=1, onset_window=(1, 1), ramp_months=1, half_life_months=None)
    told = timing_given(own, {"long": 5.0})
    assert told.onset_month > 6
    assert timing_given(own, {"short": 1.0}).onset_month == 1


def test_each_group_of_sources_counts_once_for_a_horizon(register):
    told = horizons_told(register, "drawdown-pace")
    groups = {source.group for source in register.sources.values()}
    assert set(told) == {"short"} and told["short"] <= len(groups)
    assert as_claimed(register)["malian-ownership"] == register.drivers["malian-ownership"]  # nobody names a horizon
