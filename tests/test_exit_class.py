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


def test_the_tables_of_the_note_are_the_kept_ones():
    note = (shipped_root() / "benchmarks" / "exits.md").read_text(encoding="utf-8")
    kept = (
        pd.read_csv(shipped_root() / RESULTS / "exit_class.csv")
        .set_index(["place", "outcome", "horizon", "set"])
        .sort_index()
    )
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in note.splitlines() if line.startswith("| host |")
    ]
    rows += [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in note.splitlines() if line.startswith("| neigh")
    ]
    assert len(rows) == 18
    for place, outcome, horizon, shown, exits, spread, placebos, apart, rises, one_more in rows:
        sets = kept.loc[(place, outcome, horizon)]
        ours, none, net = (sets.loc[name] for name in ("exits", "placebos", "exits against placebos"))
        told = [f"{one['mean']:+.2f} ({one['sd']:.2f})" for one in (ours, none, net)]
        assert [exits, placebos, apart] == told, (place, outcome, horizon)
        assert (shown, spread, rises) == (f"{ours['shown']:.1f}", f"{ours['spread']:.2f}", f"{net['rises']:.2f}")
        assert one_more == f"{np.exp(net['next_q10']):.2f} to {np.exp(net['next_q90']):.2f}"
