"""The joint model of exits: its arithmetic by hand, what it finds in made-up registers, and the table of runs."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from exit_joint import (
    FEWEST,
    PUBLISHED,
    Estimates,
    covariates_of,
    events_of,
    informative,
    months_of,
    published_by,
    rows_of,
)
from exits import DECISIONS, PLACEBOS, STAYS, decisions_of, stays_of
from scipy.stats import multivariate_normal

import harmattan as hm
from harmattan.claims import exit_class as read
from harmattan.claims.exit_class import COVARIANCES, KINDS, exit_class
from harmattan.claims.exits import load_exits
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.core.files import sha256_of
from harmattan.core.months import months_between
from harmattan.core.names import HORIZONS, OUTCOMES
from harmattan.core.resources import display_path, shipped_root, using_project
from harmattan.model.exits.joint import CELLS, Events, Joint, along, drawn_parts, joint_effects, parts, stated
from harmattan.run.provenance import inputs_of


@pytest.fixture(scope="module")
def kept():
    root = shipped_root()
    exits = pd.read_csv(root / "seeds/evidence/exit_estimates.csv")
    return Estimates(exits, pd.read_csv(root / PLACEBOS), load_exits())


@pytest.fixture(scope="module")
def table():
    return read.read_classes(shipped_root() / "seeds/evidence" / read.CLASS_FILE)


def events(effect, *, exits=20, placebos=20, noise=0.1, miss=0.0):
    """Return events in which every exit moved every cell by the same, all of it shown."""
    count = exits + placebos
    is_exit = np.arange(count) < exits
    seen = np.random.default_rng(1).normal(0, noise, (count, *CELLS)) + miss + effect * is_exit[:, None, None]
    return Events(seen, np.full((count, *CELLS), noise), np.ones((count, *CELLS)), is_exit, np.zeros((count, 3)))


# Arithmetic


def test_parts_are_shared_within_an_exit_an_outcome_and_a_cell():
    found = parts(np.array([1.0, 10.0, 100.0]))
    assert found[0].tolist() == [111, 11, 11, 1, 1, 1, 1, 1, 1] and found[4].tolist() == [1, 1, 1, 11, 111, 11, 1, 1, 1]
    drawn = drawn_parts(np.random.default_rng(1), np.tile([1.0, 0.5, 0.2], (200_000, 1))).reshape(-1, 9)
    wanted = 2 * parts(np.square([1.0, 0.5, 0.2]))  # a Student t of 4 degrees of freedom has twice its squared scale
    assert np.corrcoef(drawn, rowvar=False)[0] == pytest.approx(wanted[0] / wanted[0, 0], abs=0.03)
    assert np.median(np.abs(drawn[:, 0])) == pytest.approx(0.741 * (wanted[0, 0] / 2) ** 0.5, rel=0.02)


def test_one_more_by_hand():
    """Two draws with means 0 and 1, and two kinds of exit that differ by 2 x 0.5: 0.5, -0.5, 1.5 and 0.5."""
    draws = Joint(
        mean=np.stack([np.zeros(CELLS), np.ones(CELLS)]),
        bias=np.full((2, *CELLS), 9.0),
        slopes=np.array([[1.0, 0.0, 0.0]] * 2),
        spread=np.array([[0.3, 0.2, 0.1], [0.1, 0.2, 0.3]]),
        error=np.full((2, 3), 9.0),
        divergences=0,
        rhat=1.0,
    )
    mean, covariance = draws.one_more(np.array([[0.5, 0, 0], [-0.5, 0, 0]]))
    assert mean == pytest.approx(np.full(CELLS, 0.5)), "neither bias nor error enters"
    # means 0.5, -0.5, 1.5, 0.5 vary by 0.5; parts by 2 x the mean squares (0.05, 0.04, 0.05)
    assert covariance[0, 0] == pytest.approx(0.5 + 2 * 0.14)
    assert covariance[0, 1] == pytest.approx(0.5 + 2 * 0.09) and covariance[0, 8] == pytest.approx(0.5 + 2 * 0.05)


def test_the_likelihood_is_that_of_what_shows_with_noise_along_horizons():
    import pytensor

    random = np.random.default_rng(2)
    count = 3
    data = {
        "log_ratio": random.normal(0, 1, (count, *CELLS)),
        "log_sd": random.uniform(0.3, 1.0, (count, *CELLS)),
        "shown": random.uniform(0.1, 0.9, (count, *CELLS)),
        "is_exit": np.array([1.0, 1.0, 0.0]),
        "covariates": random.normal(0, 1, (count, 3)),
    }
    with pytensor.config.change_flags(mode="FAST_COMPILE", cxx=""):
        model = stated(count, 3)
        model.set_data("published", np.zeros(3))
        for name, values in data.items():
            model.set_data(name, values)
        point = {name: random.normal(0, 0.4, value.shape) for name, value in model.initial_point().items()}
        found = float(model.compile_logp(vars=[model["seen"]])(point))
    spread, error, own = np.exp(point["spread_log__"]), np.exp(point["error_log__"]), point["own"]

    def means(name):
        apart = np.exp(point[f"{name}_apart_log__"])
        deviations = [apart[i] * point[f"{name}_{of}"] for i, of in enumerate(("outcome", "horizon", "cell"))]
        return point[f"{name}_shared"] + sum(deviations)

    expected, by_hand = np.zeros((count, *CELLS)), 0.0
    for i in range(count):
        effect = data["is_exit"][i] * (means("mean") + data["covariates"][i] @ point["slopes"])
        variances = error**2 + data["is_exit"][i] * spread**2
        values, vectors = np.linalg.eigh(parts(variances))
        root = vectors @ np.diag(np.sqrt(values)) @ vectors.T
        effect = effect + (root @ own[i].ravel()).reshape(CELLS)
        expected[i] = data["shown"][i] * (means("bias") + effect)
        for o in range(CELLS[0]):
            sd = data["log_sd"][i, o]
            covariance, whitened = along() * np.outer(sd, sd), np.log(sd).sum() + np.log(np.linalg.det(along())) / 2
            by_hand += multivariate_normal(expected[i, o], covariance).logpdf(data["log_ratio"][i, o]) + whitened
    assert found == pytest.approx(by_hand)


def test_what_tells_exits_apart_by_hand(kept):
    exits, rule = kept.register.exits, kept.register.rule
    # done, 2 months, nobody stayed; sent away, 4 months, 5,524 of 15,522 people stayed where half would be too many
    assert covariates_of(exits["untac-khm-1993"], rule) == pytest.approx((-0.5, np.log(3 / 13) / 2, 0.0))
    assert covariates_of(exits["uncro-hrv-1995"], rule) == pytest.approx((0.5, np.log(5 / 13) / 2, 2 * 5524 / 15522))


# What is known when


def test_the_first_class_has_enough_informative_exits_and_a_new_one_comes_with_each_exit(kept):
    months = months_of(kept)
    assert months == sorted(set(months)) and informative(kept.exits, kept.known(months[0])) == FEWEST
    assert [len(kept.known(month)) for month in months] == sorted({len(kept.known(month)) for month in months})
    assert "minusma-mli-2023" not in {one.id for one in kept.known("9999-12")}, "its windows are not over"


def test_a_class_does_not_change_when_a_later_exit_or_placebo_does(kept):
    month = "2008-05"
    changed = replace(kept, exits=kept.exits.copy(), placebos=kept.placebos.copy())
    early = {one.id for one in kept.known(month)} | set(kept.placebos_by(month)["exit"])
    for one in (changed.exits, changed.placebos):
        one.loc[~one["exit"].isin(early), ["log_ratio", "log_sd", "shown"]] = 0.5
    both = [
        events_of(one.exits, one.placebos_by(month), one.known(month), one.register.rule) for one in (kept, changed)
    ]
    for name in ("log_ratio", "log_sd", "shown", "is_exit", "covariates"):
        assert np.array_equal(getattr(both[0], name), getattr(both[1], name)), name
    assert (
        max(kept.placebos_by(month)["start"]) <= "2003-05" and max(one.start for one in kept.known(month)) <= "2003-05"
    )


def test_a_published_effect_enters_from_the_month_in_which_it_could_be_read():
    (since,) = {since for _, since in PUBLISHED.values()}
    assert published_by(since) == {"one_sided": (pytest.approx(0.5304), pytest.approx(0.0865 * 10))}
    assert published_by("2013-09") == {}


def test_missions_that_stayed_hold_to_their_rule_and_are_kept(kept):
    found = list(stays_of(kept.register))
    assert 10 <= len(found) <= 15 and len({name for name, _, _ in found}) == len(found)
    for host in {host for _, host, _ in found}:
        months = [month for _, where, month in found if where == host]
        assert all(months_between(a, b) >= 60 for a, b in pairwise(months))
        for one in (one for one in kept.register.exits.values() if one.host == host):
            assert all(month > one.over or months_between(month, one.start) > 24 for month in months)
    assert set(pd.read_csv(shipped_root() / STAYS)["exit"]) == {name for name, _, _ in found}
    begun = pd.read_csv(shipped_root() / DECISIONS).groupby("exit")["start"].first().to_dict()
    assert begun == {name: month for name, _, month in decisions_of(kept.register)}


# The kept table


def test_the_table_is_that_of_this_rule_and_register(kept, table):
    assert table["version"].nunique() == 1 and set(table["rule"]) == {kept.register.rule.version}
    assert sorted(set(table["known_by"])) == months_of(kept)
    for (month, kind), rows in table.groupby(["known_by", "kind"]):
        alike = [one.id for one in kept.known(month) if one.kind in KINDS[kind]]
        assert set(rows["exits"]) == {" ".join(alike)} and set(rows["n"]) == {len(alike)}
        assert set(rows["placebos"]) == {kept.placebos_by(month)["exit"].nunique()}
        covariance = rows[list(COVARIANCES)].to_numpy()
        assert covariance == pytest.approx(covariance.T, abs=2e-5) and np.linalg.eigvalsh(covariance).min() > -1e-4
        assert np.diag(covariance) == pytest.approx(rows["sd"] ** 2, abs=1e-4)
    assert (table["rhat"] < 1.03).all() and (table["divergences"] == 0).all()


def test_a_run_reads_the_latest_class_before_its_month(table, tmp_path):
    months = sorted(set(table["known_by"]))
    assert exit_class("1999-12") is None and exit_class(months[0]) is None
    assert exit_class(months[1]).known_by == months[0]
    found = exit_class("2023-06")
    assert found.known_by == months[-1] and len(found.exits) == 20
    assert found.mean.shape == (len(OUTCOMES), len(HORIZONS)) and found.covariance.shape == (9, 9)
    rows = table[(table["known_by"] == months[-1]) & (table["kind"] == "any")].set_index(["outcome", "horizon"])
    assert found.mean[2, 1] == rows.loc[("one_sided", "mid"), "mean"]
    assert found.covariance[2, 7] == rows.loc[("state_based", "long"), "cov_one_sided_mid"]
    done, left = exit_class("2023-06", "done"), exit_class("2023-06", "left")
    assert set(done.exits) | set(left.exits) == set(found.exits) and not set(done.exits) & set(left.exits)
    for folder in ("seeds", "scenarios"):
        (tmp_path / folder).mkdir()
    with using_project(tmp_path):
        assert exit_class("2023-06") is found, "any case reads the program's own"


def test_the_table_is_among_what_a_run_read_where_the_case_is_of_that_class(tmp_path):
    named, register = "seeds/evidence/exit_class.csv", load_register()
    assert inputs_of(register)[f"harmattan:{named}"] == sha256_of(shipped_root() / named)
    assert f"harmattan:{named}" not in inputs_of(replace(register, exit_class=None))
    other = tmp_path / "seeds/evidence/exit_class.csv"
    other.parent.mkdir(parents=True)
    (tmp_path / "scenarios").mkdir()
    other.write_text("another table", encoding="utf-8")
    with using_project(tmp_path):  # of which no run reads it
        assert display_path(shipped_root() / named) == f"harmattan:{named}"


def test_no_case_learns_from_its_own_exit():
    for one in load_exits().exits.values():
        for month in (one.start, one.left, one.over):
            found = exit_class(month)
            assert found is None or one.id not in found.exits


def test_an_unknown_kind_is_refused():
    with pytest.raises(InputError, match="'gone'.*any, done, left"):
        exit_class("2023-06", "gone")


def test_the_tables_of_the_figure_are_the_kept_ones(table):
    ratios, one_more = hm.exit_ratios("2023-06")
    assert len(ratios) == 20 * 9 and len(one_more) == 9 and ratios["start"].is_monotonic_increasing
    row = ratios.query("exit == 'untac-khm-1993' and outcome == 'one_sided' and horizon == 'mid'").iloc[0]
    kept = pd.read_csv(shipped_root() / "seeds/evidence/exit_estimates.csv").query(
        "exit == 'untac-khm-1993' and place == 'host' and outcome == 'one_sided' and horizon == 'mid'"
    )
    assert row["ratio"] == pytest.approx(np.exp(float(kept["log_ratio"].iloc[0])))
    assert row["high"] / row["ratio"] == pytest.approx(np.exp(1.2816 * float(kept["log_sd"].iloc[0])), rel=1e-3)
    assert (one_more["low"] < one_more["ratio"]).all() and (one_more["ratio"] < one_more["high"]).all()
    assert set(one_more["exits"]) == {20}
    early, nothing = hm.exit_ratios("1999-12")
    assert nothing.empty and 0 < early["exit"].nunique() < 20


# What it finds


@pytest.mark.slow
def test_an_effect_that_all_exits_have_is_found_and_what_the_model_misses_is_taken_off():
    found = joint_effects(events(0.5, miss=-0.8))
    mean, covariance = found.one_more(np.zeros((1, 3)))
    assert mean == pytest.approx(np.full(CELLS, 0.5), abs=0.1) and np.sqrt(np.diag(covariance)).max() < 0.4
    assert found.bias.mean(axis=0) == pytest.approx(np.full(CELLS, -0.8), abs=0.1)


@pytest.mark.slow
def test_a_register_of_placebos_has_an_effect_of_about_nothing():
    found = joint_effects(events(0.0, miss=-0.8))
    mean, _ = found.one_more(np.zeros((1, 3)))
    assert mean == pytest.approx(np.zeros(CELLS), abs=0.1)


@pytest.mark.slow
def test_exits_of_which_nothing_shows_leave_the_prior():
    nothing = replace(events(0.0), shown=np.zeros((40, *CELLS)), log_ratio=np.zeros((40, *CELLS)))
    _, covariance = joint_effects(nothing).one_more(np.zeros((1, 3)))
    # 0.5**2 + 3 x 0.25**2 of means, and twice (0.5**2 + 2 x 0.25**2) of the exit's own parts
    assert covariance[0, 0] == pytest.approx(0.4375 + 2 * 0.375, rel=0.15)


@pytest.mark.slow
def test_the_kept_class_is_what_the_model_makes_of_the_kept_estimates(kept, table):
    month = months_of(kept)[-1]
    found = pd.DataFrame(rows_of(kept, month)).query("kind == 'any'")
    rows = table[(table["known_by"] == month) & (table["kind"] == "any")]
    for name, near in (("mean", 0.05), ("sd", 0.1), ("q90", 0.15)):  # Monte Carlo error, where libraries differ
        assert list(found[name]) == pytest.approx(list(rows[name]), abs=near), name


@pytest.mark.slow
def test_equal_seeds_give_equal_draws():
    one, two = (joint_effects(events(0.2, exits=5, placebos=3), draws=50, tune=50) for _ in range(2))
    assert np.array_equal(one.mean, two.mean)


def test_a_normal_stands_for_the_class_with_its_own_80_per_cent_ranges():
    found, table = exit_class("2023-06"), read.read_classes(shipped_root() / "seeds" / "evidence" / read.CLASS_FILE)
    rows = table[(table["known_by"] == found.known_by) & (table["kind"] == "any")]
    half = (rows["q90"] - rows["q10"]).to_numpy() / 2 / 1.2815515655446004
    assert 0.6 < found.narrowing < 0.9, "tails are heavy"
    assert np.sqrt(np.diag(found.normal_covariance)) == pytest.approx(half, rel=0.1)
