"""The drivers' graph: arrows leave every prior as it was, circles close through a lag, doing differs from observing.

Small graphs have answers that are worked out by hand.
"""

import itertools

import numpy as np
import pytest
import xarray as xr
from shipped import drivers_on

from harmattan.claims.derivation import driver_priors
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.drivers.assumptions import known_by, network_in, priors_after_events, probability_of, seen_in
from harmattan.drivers.effects import draws_after_data, draws_from_claims
from harmattan.drivers.graph import driver_graph
from harmattan.drivers.network import Network, Node
from harmattan.drivers.reweighting import log_weights
from harmattan.schema.driver import Driver
from harmattan.schema.scenario import Scenario, load_scenario

AS_OF, DRAWS = "2023-06", 60_000
MONTE_CARLO = 4 * 0.5 / np.sqrt(DRAWS)


def arrow(parent, odds_ratio=None, *, lag=0, chance=None, branch="yes", moves="yes"):
    return {
        "driver": parent, "branch": branch, "moves": moves, "odds_ratio": odds_ratio, "lag_months": lag,
        "chance": chance, "inferred": "for the test",
    }  # fmt: skip


def make_driver(name, *parents, onset=1, window=None, events=()):
    branch = {"id": "yes", "means": "m", "direction": "raise"}
    timing = {"onset_month": onset, "onset_window": window, "ramp_months": 1, "half_life_months": None}
    return Driver.model_validate(
        {
            "id": name, "title": "t", "means": "m", "branches": (branch,),
            "outcomes": {"one_sided": 1.0}, "places": {"MLI": 1.0}, "timing": timing, "basis": "b", "evidence": (),
            "parents": parents, "events": events,
        }
    )  # fmt: skip


def make_priors(**probabilities):
    names, weights = list(probabilities), np.array(list(probabilities.values()))
    values = {
        "weight": np.stack([weights, 1 - weights], axis=1),
        "mean": np.tile([0.6, 0.0], (len(names), 1)),
        "sd": np.tile([0.05, 0.02], (len(names), 1)),
        "branch": np.tile(["yes", "no_effect"], (len(names), 1)),
    }
    return xr.Dataset(
        {key: (("driver", "component"), value) for key, value in values.items()},
        coords={"driver": names, "component": ["branch_1", "no_effect"]},
    )


def make_scenario(do=None, observe=None, default="from-claims"):
    drivers = {"default": default, "do": do or {}, "observe": observe or {}}
    return Scenario.model_validate({"id": "s", "title": "t", "condition": "c", "drivers": drivers})


def drawn(drivers, priors, scenario, draws=DRAWS, seed=1):
    named = drivers_on({driver.id: driver for driver in drivers})
    return draws_from_claims(named, priors, scenario, draws, seed, as_of=AS_OF)


def happens(result, name):
    return (result.ways.sel(driver=name) == 0).values


@pytest.fixture(scope="module")
def chain():
    """Wet grass: a happens in half of the futures and makes b three times likelier in odds; b makes c so too."""
    return [make_driver("a"), make_driver("b", arrow("a", 3.0)), make_driver("c", arrow("b", 3.0))]


@pytest.fixture(scope="module")
def chain_priors():
    return make_priors(a=0.5, b=0.5, c=0.5)


# The network


def random_network(seed):
    rng = np.random.default_rng(seed)

    def table(*shape):
        values = rng.random(shape)
        return values / values.sum(axis=-1, keepdims=True)

    return Network(
        {
            "a": Node((), table(2)),
            "b": Node(("a",), table(2, 3)),
            "c": Node(("a",), table(2, 2)),
            "d": Node(("b", "c"), table(3, 2, 2)),
            "e": Node(("d",), table(2, 3)),
        }
    )


def joint_by_enumeration(network, evidence):
    sizes = [node.table.shape[-1] for node in network.nodes.values()]
    joint = np.zeros(sizes)
    for states in itertools.product(*(range(size) for size in sizes)):
        at = dict(zip(network.nodes, states, strict=True))
        value = 1.0
        for name, node in network.nodes.items():
            value *= node.table[(*(at[p] for p in node.parents), at[name])]
        for name, weights in evidence.items():
            value *= weights[at[name]]
        joint[states] = value
    return joint


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("evidence", [{}, {"d": [0.0, 1.0]}, {"d": [1.0, 0.0], "e": [0.2, 1.0, 3.0]}])
def test_marginals_equal_the_sum_over_all_states(seed, evidence):
    network = random_network(seed)
    weights = {name: np.array(values) for name, values in evidence.items()}
    joint = joint_by_enumeration(network, weights)
    assert network.probability(weights) == pytest.approx(joint.sum())
    names = list(network.nodes)
    for i, name in enumerate(names):
        alone = joint.sum(axis=tuple(j for j in range(len(names)) if j != i)) / joint.sum()
        assert network.marginal([name], weights) == pytest.approx(alone)
    pair = joint.sum(axis=(1, 2, 3)) / joint.sum()
    assert network.marginal(["a", "e"], weights) == pytest.approx(pair)


@pytest.mark.parametrize("evidence", [{}, {"d": [0.0, 1.0]}, {"e": [1.0, 0.0, 0.5], "b": [1.0, 1.0, 0.0]}])
def test_draws_follow_the_joint_distribution_given_evidence_further_on(evidence):
    network = random_network(4)
    weights = {name: np.array(values) for name, values in evidence.items()}
    rng = np.random.default_rng(1)
    states = network.draw({name: rng.random(DRAWS) for name in network.nodes}, weights)
    joint = joint_by_enumeration(network, weights)
    found = np.zeros_like(joint)
    np.add.at(found, tuple(states[name] for name in network.nodes), 1.0 / DRAWS)
    assert np.abs(found - joint / joint.sum()).max() < MONTE_CARLO


def test_the_luck_behind_states_leads_to_them_again():
    network = random_network(5)
    rng = np.random.default_rng(2)
    states = network.draw({name: rng.random(5_000) for name in network.nodes})
    luck = network.luck_behind(states, {name: rng.random(5_000) for name in network.nodes})
    again = network.draw(luck)
    assert all(np.array_equal(states[name], again[name]) for name in network.nodes)
    for values in luck.values():  # and is uniform, as the luck was that made the states
        assert np.abs(np.histogram(values, 10, (0, 1))[0] / 5_000 - 0.1).max() < 0.02


def test_impossible_evidence_is_refused():
    network = Network({"a": Node((), np.array([1.0, 0.0]))})
    with pytest.raises(ZeroDivisionError):
        network.marginal(["a"], {"a": np.array([0.0, 1.0])})


# Arrows and priors


def test_an_arrow_makes_drivers_hang_together_and_leaves_their_priors(chain, chain_priors):
    graph = driver_graph({d.id: d for d in chain}, chain_priors)
    for marginal in graph.marginals().values():
        assert marginal == pytest.approx([0.5, 0.5], abs=1e-12)
    # by symmetry odds with a: sqrt 3, without: 1 / sqrt 3
    high = np.sqrt(3) / (1 + np.sqrt(3))
    assert graph.network.nodes["b"].table[:, 0] == pytest.approx([high, 1 - high])
    joint = graph.network.marginal(["a", "c"])
    # a and c agree when both links hold or both fail
    assert joint[0, 0] == pytest.approx(0.5 * (high**2 + (1 - high) ** 2))


def test_every_prior_of_the_project_stays_as_the_claims_have_it():
    register = load_register()
    priors = driver_priors(register)
    graph = driver_graph(register.drivers, priors)
    for name, marginal in graph.marginals().items():
        assert marginal == pytest.approx(priors["weight"].sel(driver=name).values, abs=1e-9), name
    assert any(graph.lagged.values())


def test_bad_futures_come_together(chain, chain_priors):
    together = drawn(chain, chain_priors, make_scenario()).effects.sum("driver")
    alone = drawn([make_driver(n) for n in "abc"], chain_priors, make_scenario()).effects.sum("driver")
    assert float(together.mean()) == pytest.approx(float(alone.mean()), abs=0.01)
    # variance of the sum by hand: p (1 - p) x 0.36 each, and covariances of 0.36 (P(both) - 1/4)
    high = np.sqrt(3) / (1 + np.sqrt(3))
    near, far = 0.5 * high - 0.25, 0.5 * (high**2 + (1 - high) ** 2) - 0.25
    spread = 3 * (0.5 * (0.05**2 + 0.02**2))
    assert float(together.var()) == pytest.approx(0.36 * (0.75 + 4 * near + 2 * far) + spread, rel=0.03)
    assert float(alone.var()) == pytest.approx(0.36 * 0.75 + spread, rel=0.03)


def test_each_driver_draws_from_streams_of_its_own(chain, chain_priors):
    some = drawn(chain[:2], chain_priors.sel(driver=["a", "b"]), make_scenario(), draws=500)
    more = drawn(chain, chain_priors, make_scenario(), draws=800)
    for quantity in ("effects", "ways", "onsets"):
        for name in "ab":
            few, many = getattr(some, quantity).sel(driver=name), getattr(more, quantity).sel(driver=name)
            assert np.array_equal(few, many[:500])


# Circles and lags


def test_a_lagged_arrow_closes_a_circle_and_keeps_both_priors():
    drivers = [make_driver("a", arrow("b", lag=6, chance=0.3), onset=2), make_driver("b", arrow("a", 4.0), onset=5)]
    priors = make_priors(a=0.4, b=0.5)
    graph = driver_graph({d.id: d for d in drivers}, priors)
    assert graph.marginals()["a"] == pytest.approx([0.4, 0.6], abs=1e-10)
    assert graph.marginals()["b"] == pytest.approx([0.5, 0.5], abs=1e-10)
    by_itself = graph.network.marginal(["a", "b"])
    assert by_itself[0].sum() + 0.3 * by_itself[1, 0] == pytest.approx(0.4)  # set off where b happened and a had not
    result = drawn(drivers, priors, make_scenario())
    assert happens(result, "a").mean() == pytest.approx(0.4, abs=MONTE_CARLO)
    starts = result.onsets.sel(driver="a").values[happens(result, "a")]
    assert set(starts) == {2, 5 + 6}  # by itself in month 2, or six months after b's month 5
    assert (starts == 11).mean() == pytest.approx(0.3 * by_itself[1, 0] / 0.4, abs=2 * MONTE_CARLO)


def test_a_circle_without_a_lag_is_refused_with_its_name(tmp_path):
    from harmattan.schema.driver import read_drivers

    path = tmp_path / "drivers.yaml"
    path.write_text(YAML_OF_TWO.format(into_first="b", moves_first="yes"))
    with pytest.raises(InputError, match=r"drivers\.yaml: drivers \(line 1\): .*circle \(a -> b -> a\).*lag_months"):
        read_drivers(path)


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"into_first": "bb", "moves_first": "yes"}, ["drivers[0].parents[0].driver (line 10)", "Did you mean 'b'?"]),
        ({"into_first": "b", "moves_first": "yess"}, ["drivers[0].parents[0].moves (line 10)", "Did you mean 'yes'?"]),
    ],
)
def test_arrows_that_point_to_nothing_are_named(tmp_path, change, parts):
    from harmattan.schema.driver import read_drivers

    path = tmp_path / "drivers.yaml"
    path.write_text(YAML_OF_TWO.format(**change))
    with pytest.raises(InputError) as caught:
        read_drivers(path)
    for part in parts:
        assert part in str(caught.value)


YAML_OF_TWO = """- id: a
  title: t
  means: m
  branches: [{{id: "yes", means: m, direction: raise}}]
  outcomes: {{one_sided: 1.0}}
  places: {{MLI: 1.0}}
  timing: {{onset_month: 1, ramp_months: 1, half_life_months: null}}
  basis: b
  evidence: []
  parents: [{{driver: {into_first}, branch: "yes", moves: "{moves_first}", odds_ratio: 2, inferred: r}}]
- id: b
  title: t
  means: m
  branches: [{{id: "yes", means: m, direction: raise}}]
  outcomes: {{one_sided: 1.0}}
  places: {{MLI: 1.0}}
  timing: {{onset_month: 1, ramp_months: 1, half_life_months: null}}
  basis: b
  evidence: []
  parents: [{{driver: a, branch: "yes", moves: "yes", odds_ratio: 2, inferred: r}}]
"""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"odds_ratio": None}, "acts at once: give odds_ratio"),
        ({"lag_months": 3}, "acts after a lag: give chance"),
        ({"inferred": None}, "needs one basis"),
    ],
)
def test_an_arrow_says_one_thing(given, said):
    with pytest.raises(ValueError, match=said):
        make_driver("b", arrow("a", 2.0) | given)


def test_arrows_that_ask_for_more_than_the_prior_holds_are_refused():
    drivers = {d.id: d for d in [make_driver("a"), make_driver("b", arrow("a", lag=3, chance=0.5))]}
    with pytest.raises(InputError, match=r"into b set off yes more often than its claims.*Lower their chance"):
        driver_graph(drivers, make_priors(a=0.9, b=0.1))


# Doing and observing


def test_doing_moves_what_follows_and_observing_also_what_came_before(chain, chain_priors):
    """With a, b and c in a chain: P(b | do or see b) = 1; P(a | do b) = 1/2, P(a | see b) = high; c alike in both."""
    high = np.sqrt(3) / (1 + np.sqrt(3))
    done = drawn(chain, chain_priors, make_scenario(do={"b": "happens"}))
    seen = drawn(chain, chain_priors, make_scenario(observe={"b": "happens"}))
    for result in (done, seen):
        assert happens(result, "b").all()
        assert happens(result, "c").mean() == pytest.approx(high, abs=MONTE_CARLO)
    assert happens(done, "a").mean() == pytest.approx(0.5, abs=MONTE_CARLO)
    assert happens(seen, "a").mean() == pytest.approx(high, abs=MONTE_CARLO)


def test_observing_what_comes_last_reaches_back_through_the_chain(chain, chain_priors):
    high = np.sqrt(3) / (1 + np.sqrt(3))
    seen = drawn(chain, chain_priors, make_scenario(observe={"c": "absent"}))
    assert happens(seen, "b").mean() == pytest.approx(1 - high, abs=MONTE_CARLO)
    assert happens(seen, "a").mean() == pytest.approx(high * (1 - high) * 2, abs=MONTE_CARLO)
    assert float(np.abs(seen.effects.sel(driver="c")).max()) < 0.2


def test_doing_keeps_the_luck_of_every_future(chain, chain_priors):
    """Only what the set driver brings about changes, and only in the futures in which it makes the difference."""
    plain = drawn(chain, chain_priors, make_scenario())
    done = drawn(chain, chain_priors, make_scenario(do={"b": "happens"}))
    for quantity in ("effects", "ways", "onsets"):
        assert np.array_equal(getattr(plain, quantity).sel(driver="a"), getattr(done, quantity).sel(driver="a"))
    had = happens(plain, "b")
    assert np.array_equal(plain.effects.sel(driver="c")[had], done.effects.sel(driver="c")[had])
    assert (happens(done, "c") >= happens(plain, "c")).all()  # a raised chance never undoes what luck had given


def test_what_is_done_is_short_for_what_is_set():
    long = Scenario.model_validate(
        {"id": "s", "title": "t", "condition": "c"} | {"drivers": {"set": {"a": {"state": "happens", "branch": "yes"}}}}
    )
    short = make_scenario(do={"a": "yes"}, default="absent")
    assert short.setting("a") == long.setting("a")
    assert make_scenario(do={"a": "absent"}).setting("a").state == "absent"


def test_impossible_observations_are_refused():
    priors = make_priors(a=0.0, b=0.5)
    with pytest.raises(InputError, match=r"Scenario s: what is observed of a .*Observe something else"):
        drawn([make_driver("a"), make_driver("b")], priors, make_scenario(observe={"a": "yes"}), draws=10)


def test_switching_an_upstream_driver_moves_the_downstream_ones_as_declared():
    """Of the project's own graph: each arrow, alone, multiplies the odds of the branch by its odds ratio."""
    register = load_register()
    priors = driver_priors(register)
    graph = driver_graph(register.drivers, priors)
    checked = 0
    for name, driver in register.drivers.items():
        node, ways = graph.network.nodes[name], graph.branches[name]
        for parent in {arrow.driver for arrow in driver.parents if arrow.lag_months == 0}:
            axis = node.parents.index(parent)
            quiet = np.take(node.table, -1, axis=axis)
            for number, branch in enumerate(graph.branches[parent][:-1]):
                active = np.take(node.table, number, axis=axis)
                declared = {a.moves: a.odds_ratio for a in driver.parents if (a.driver, a.branch) == (parent, branch)}
                for moved in driver.branch_ids:
                    k = ways.index(moved)
                    ratio = (active[..., k] / active[..., -1]) / (quiet[..., k] / quiet[..., -1])
                    assert ratio == pytest.approx(np.full(ratio.shape, declared.get(moved) or 1.0))
                    checked += moved in declared
    assert checked == sum(a.lag_months == 0 for d in register.drivers.values() for a in d.parents)


def test_forcing_one_driver_of_the_project_moves_its_children_and_not_its_parents():
    register = load_register()
    priors, leaves = driver_priors(register), load_scenario("withdrawal")
    plain, forced = (
        draws_from_claims(register.drivers, priors, leaves.model_copy(update=change), 8_000, 1, as_of=AS_OF)
        for change in ({}, {"drivers": make_scenario(do={"armed-group-posture": "emboldened"}).drivers})
    )
    share = {run: {d: float((run_.ways.sel(driver=d) == 0).mean()) for d in register.drivers}
             for run, run_ in (("plain", plain), ("forced", forced))}  # fmt: skip
    for child in ("urban-siege", "humanitarian-access", "displacement-pressure", "cross-border-diffusion"):
        assert share["forced"][child] > share["plain"][child] + 0.03
    for cause in ("residual-mandate", "successor-presence", "kremlin-wagner-rift"):
        assert share["forced"][cause] == share["plain"][cause]


# Events


EVENT = {"event": "accord-ended", "branch": "yes", "odds_ratio": None, "why": "w"}


def test_an_event_is_used_from_its_month_on_and_never_before():
    drivers = drivers_on({d.id: d for d in [make_driver("a"), make_driver("b", arrow("a", 3.0), events=[EVENT])]})
    priors = make_priors(a=0.5, b=0.5)
    graph = driver_graph(drivers, priors)
    assert known_by(drivers, graph, "2023-12") == {}
    assert priors_after_events(drivers, priors, "2023-12") is priors
    after = priors_after_events(drivers, priors, "2024-01")["weight"]
    high = np.sqrt(3) / (1 + np.sqrt(3))
    assert after.sel(driver="b").values == pytest.approx([1.0, 0.0])
    assert after.sel(driver="a").values == pytest.approx([high, 1 - high])  # what makes it likely became likelier


def test_an_event_that_only_speaks_for_a_branch_multiplies_its_odds():
    drivers = drivers_on({"a": make_driver("a", events=[EVENT | {"odds_ratio": 0.5}])})
    after = priors_after_events(drivers, make_priors(a=0.6), "2024-02")["weight"].values[0]
    assert after[0] / after[1] == pytest.approx(0.5 * 0.6 / 0.4)


def test_an_event_says_nothing_of_a_driver_that_is_set():
    drivers = drivers_on({"a": make_driver("a", events=[EVENT])})
    priors = make_priors(a=0.5)
    graph = driver_graph(drivers, priors)
    for do, known in (({}, ["a"]), ({"a": "absent"}, [])):
        assert list(seen_in(drivers, graph, priors, make_scenario(do=do), "2024-03")) == known


def test_an_event_for_what_no_claim_supports_is_an_input_error():
    drivers = drivers_on({"a": make_driver("a", events=[EVENT])})
    with pytest.raises(InputError, match=r"events up to 2024-02 settle a branch .*events of a"):
        priors_after_events(drivers, make_priors(a=0.0), "2024-02")


def test_known_events_of_the_project_condition_its_graph():
    register = load_register()
    priors = driver_priors(register)
    before = priors_after_events(register.drivers, priors, "2023-06")
    assert before is priors
    august = priors_after_events(register.drivers, priors, "2023-08")["weight"]
    assert august.sel(driver="northern-separatism").values[0] == 1.0
    assert priors["weight"].sel(driver="peace-accord").values[0] < august.sel(driver="peace-accord").values[0] < 1.0
    later = priors_after_events(register.drivers, priors, "2024-01")["weight"]
    assert later.sel(driver="peace-accord").values[0] == 1.0


# How likely a scenario is


def test_a_scenario_is_as_likely_as_its_drivers_are_together(chain, chain_priors):
    graph = driver_graph({d.id: d for d in chain}, chain_priors)
    high = np.sqrt(3) / (1 + np.sqrt(3))
    assert probability_of(graph, make_scenario()) is None
    assert probability_of(graph, make_scenario(do={"a": "yes"}, default="absent")) is None
    assert probability_of(graph, make_scenario(do={"a": "yes", "b": "absent"})) == pytest.approx(0.5 * (1 - high))
    assert probability_of(graph, make_scenario(observe={"c": "happens"})) == pytest.approx(0.5)


# Other priors


@pytest.mark.parametrize("do", [{}, {"b": "happens"}])
def test_weights_turn_draws_of_one_prior_into_draws_of_another(do):
    """Arrows, a circle through a lag and sizes included: weighted shares and means equal those of fresh draws."""
    drivers = {
        "a": make_driver("a", arrow("c", lag=6, chance=0.2)),
        "b": make_driver("b", arrow("a", 3.0)),
        "c": make_driver("c", arrow("b", 3.0)),
    }
    old, new = make_priors(a=0.5, b=0.4, c=0.5), make_priors(a=0.4, b=0.5, c=0.4)
    new["mean"][:, 0] = 0.63
    scenario = make_scenario(do=do)
    before, after = (drawn(list(drivers.values()), priors, scenario) for priors in (old, new))
    weights = np.exp(log_weights(before, drivers, old, new, scenario))
    weights /= weights.sum()
    assert 1.0 / (weights**2).sum() > 0.2 * DRAWS
    for name in drivers:
        share = weights @ happens(before, name)
        assert share == pytest.approx(happens(after, name).mean(), abs=2.5 * MONTE_CARLO)
        mean = weights @ before.effects.sel(driver=name).values
        assert mean == pytest.approx(float(after.effects.sel(driver=name).mean()), abs=2.5 * MONTE_CARLO)
    both = weights @ (happens(before, "a") & happens(before, "c"))
    assert both == pytest.approx((happens(after, "a") & happens(after, "c")).mean(), abs=2.5 * MONTE_CARLO)


def test_weights_rule_out_what_the_new_priors_do(chain, chain_priors):
    result = drawn(chain, chain_priors, make_scenario(), draws=500)
    without = make_priors(a=0.5, b=0.0, c=0.5)
    logs = log_weights(result, {d.id: d for d in chain}, chain_priors, without, make_scenario())
    assert np.array_equal(np.isneginf(logs), happens(result, "b"))
    same = log_weights(result, {d.id: d for d in chain}, chain_priors, chain_priors, make_scenario())
    assert (same == 0.0).all()


# After the data


@pytest.fixture(scope="module")
def learnt():
    """2,000 draws of the chain's drivers in which b happens less often than the claims have it."""
    rng = np.random.default_rng(6)
    acts = rng.random((2000, 3)) < [0.5, 0.3, 0.5]
    values = np.where(acts, rng.normal(0.6, 0.05, acts.shape), rng.normal(0.0, 0.02, acts.shape))
    return xr.DataArray(values, dims=("draw", "driver"), coords={"driver": ["a", "b", "c"]})


def after(chain, priors, learnt, **scenario):
    return draws_after_data(
        drivers_on({d.id: d for d in chain}), priors, learnt, make_scenario(**scenario), 1, as_of=AS_OF
    )


def test_what_was_learnt_is_kept_to_the_last_digit(chain, chain_priors, learnt):
    result = after(chain, chain_priors, learnt)
    assert np.array_equal(result.effects, learnt)
    assert (result.onsets == 1).all()


def test_a_counterfactual_after_the_data_changes_only_what_follows(chain, chain_priors, learnt):
    result = after(chain, chain_priors, learnt, do={"b": "happens"})
    assert np.array_equal(result.effects.sel(driver="a"), learnt.sel(driver="a"))
    had = learnt.sel(driver="b").values > 0.3
    for name in "bc":
        assert np.array_equal(result.effects.sel(driver=name)[had], learnt.sel(driver=name)[had])
    gained = happens(result, "c")[~had].mean() - (learnt.sel(driver="c").values[~had] > 0.3).mean()
    # where b had not happened, c had not with what its luck leaves: of these, (high - low) / (1 - low) tip over
    high = np.sqrt(3) / (1 + np.sqrt(3))
    missing = (learnt.sel(driver="c").values[~had] < 0.3).mean()
    assert gained == pytest.approx(missing * (2 * high - 1) / high, abs=0.04)


def test_nodes_that_are_set_have_no_parents(chain, chain_priors):
    graph = driver_graph({d.id: d for d in chain}, chain_priors)
    network = network_in(graph, chain_priors, make_scenario(do={"b": "absent"}))
    assert network.nodes["b"].parents == () and network.nodes["c"].parents == ("b",)
    assert network.nodes["b"].table == pytest.approx([0.0, 1.0])
