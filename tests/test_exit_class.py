"""Exits and placebos cell by cell: known effects are found, what does not show says nothing, and the note is true."""

import numpy as np
import pandas as pd
import pytest
from exit_class import RESULTS
from exits import placebos_of

from harmattan.claims.exits import load_exits
from harmattan.core.months import months_between
from harmattan.core.resources import shipped_root
from harmattan.model.exits.across import effects_across


def noise(count=20):
    random = np.random.default_rng(3)
    return pd.DataFrame({"log_sd": random.uniform(0.4, 1.6, count), "shown": random.uniform(0.2, 1.0, count)})


@pytest.mark.slow
def test_exits_of_which_nothing_shows_leave_the_prior_and_sharp_ones_do_not():
    nothing, none = effects_across(np.zeros(20), np.ones(20), np.zeros(20)), np.full(20, 0.1)
    assert abs(nothing.mean.mean()) < 0.1 and 0.9 < nothing.mean.std() < 1.1
    sharp = effects_across(np.full(20, 0.5), none, np.ones(20))
    assert sharp.mean.mean() == pytest.approx(0.5, abs=0.05) and sharp.mean.std() < 0.1
    half = effects_across(np.full(20, 0.25), none, np.full(20, 0.5))
    assert half.mean.mean() == pytest.approx(0.5, abs=0.05), "what shows by half is twice as large"


@pytest.mark.slow
def test_equal_seeds_give_equal_draws_and_a_register_may_have_any_size():
    rows = noise(7)
    one, two = (effects_across(rows["log_sd"].to_numpy() / 9, rows["log_sd"], rows["shown"]) for _ in range(2))
    assert np.array_equal(one.mean, two.mean) and np.array_equal(one.next, two.next)
    assert one.divergences == 0 and len(one.mean) == 2000


def test_placebos_lie_five_years_from_every_exit_of_their_host():
    register, placebos = load_exits(), list(placebos_of(load_exits()))
    assert len(placebos) == 62
    for _, host, month in placebos:
        for one in (one for one in register.exits.values() if one.host == host):
            apart = months_between(month, one.start) if month < one.start else months_between(one.over, month)
            assert apart >= 60, (month, one.id)
    kept = pd.read_csv(shipped_root() / RESULTS / "exit_placebos.csv")
    assert set(kept["exit"]) == {name for name, _, _ in placebos}


def rows_of_note(*first):
    """Return the cells of the note's rows whose first cell is one of some words."""
    note = (shipped_root() / "benchmarks" / "exits.md").read_text(encoding="utf-8")
    rows = ([cell.strip() for cell in line.split("|")[1:-1]] for line in note.splitlines() if line.startswith("|"))
    return [row for row in rows if row[0] in first]


def test_the_table_cell_by_cell_of_the_note_is_the_kept_one():
    kept = pd.read_csv(shipped_root() / RESULTS / "exit_class.csv")
    kept = kept.set_index(["place", "outcome", "horizon", "set"]).sort_index()
    rows = rows_of_note("host", "neighbours")
    assert len(rows) == 12
    for place, outcome, horizon, shown, exits, spread, placebos, apart, rises in rows:
        sets = kept.loc[(place, outcome, horizon)]
        ours, none, net = (sets.loc[name] for name in ("exits", "placebos", "exits against placebos"))
        told = [f"{one['mean']:+.2f} ({one['sd']:.2f})" for one in (ours, none, net)]
        assert [exits, placebos, apart] == told, (place, outcome, horizon)
        assert (shown, spread, rises) == (f"{ours['shown']:.1f}", f"{ours['spread']:.2f}", f"{net['rises']:.2f}")


def test_the_class_and_the_choices_of_the_note_are_the_kept_ones():
    kept = pd.read_csv(shipped_root() / RESULTS / "exit_variants.csv").set_index(["variant", "outcome", "horizon"])
    main = rows_of_note("state_based", "non_state", "one_sided")
    assert len(main) == 9
    for outcome, horizon, bias, mean, rises, one_more in main:
        row = kept.loc[("as declared", outcome, horizon)]
        assert [bias, mean] == [f"{row[name]:+.2f} ({row[f'{name}_sd']:.2f})" for name in ("bias", "mean")]
        assert (rises, one_more) == (f"{row['rises']:.2f}", _range(row))
    choices = [name for name in kept.index.unique("variant") if not name.startswith("without ")]
    rows = rows_of_note(*choices)
    assert [row[0] for row in rows] == choices
    for name, exits, *told in rows:
        both = [kept.loc[(name, outcome, "mid")] for outcome in ("one_sided", "state_based")]
        assert told == [text for row in both for text in (f"{row['mean']:+.2f} ({row['mean_sd']:.2f})", _range(row))]
        assert int(exits) == both[0]["exits"]


def _range(row):
    return f"{np.exp(row['q10']):.2f} to {np.exp(row['q90']):.2f}"


def test_the_choices_begin_with_the_class_that_runs_read():
    kept = pd.read_csv(shipped_root() / RESULTS / "exit_variants.csv").query("variant == 'as declared'")
    table = pd.read_csv(shipped_root() / "seeds/evidence/exit_class.csv").query("kind == 'any'")
    last = table[table["known_by"] == table["known_by"].max()]
    assert list(kept["mean"]) == pytest.approx(list(last["mean"]), abs=0.01)
    assert list(kept["q90"]) == pytest.approx(list(last["q90"]), abs=0.01)


def test_every_exit_was_left_out_once_and_eighty_per_cent_intervals_held_the_next_effect_in_seventy_to_ninety():
    kept = pd.read_csv(shipped_root() / RESULTS / "exit_variants.csv")
    without = {name.removeprefix("without ") for name in kept["variant"] if name.startswith("without ")}
    assert without == {one.id for one in load_exits().known_by("2023-06")}
    found = pd.read_csv(shipped_root() / RESULTS / "exit_recovery.csv")
    assert (found["registers"] == 100).all() and found["next_held"].between(0.7, 0.9).all()
