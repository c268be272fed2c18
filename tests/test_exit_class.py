"""Exits and placebos cell by cell: known effects are found, what does not show says nothing, and the note is true."""

import numpy as np
import pandas as pd
import pytest
from exit_checks import stays_by
from exit_class import RESULTS
from exit_joint import Estimates
from exits import PLACEBOS, STAYS, placebos_of

from harmattan.claims.exit_class import COVARIANCES
from harmattan.claims.exits import load_exits
from harmattan.claims.outlook import outlook
from harmattan.claims.register import load_register
from harmattan.core.months import months_between
from harmattan.core.names import HORIZONS, OUTCOMES
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


def words_of(*place):
    """Return a note's text, one space between words."""
    return " ".join(shipped_root().joinpath(*place).read_text(encoding="utf-8").split())


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


# Sentences


def hosts(name, outcome="all"):
    """Return the rows of hosts in a kept table of estimates."""
    kept = pd.read_csv(shipped_root() / name)
    return kept[(kept["place"] == "host") & (kept["outcome"] == outcome)]


def test_what_the_note_says_of_missions_that_stayed_is_in_the_kept_estimates():
    note, exits = words_of("benchmarks", "exits.md"), hosts("seeds/evidence/exit_estimates.csv")
    exits = exits[exits["exit"].isin([one.id for one in load_exits().known_by("2023-06")])]
    sets = exits, hosts(PLACEBOS), hosts(STAYS)
    held = [
        [round(100 * rows[rows["horizon"] == horizon]["below"].between(0.05, 0.95).mean()) for horizon in HORIZONS]
        for rows in sets
    ]
    assert held == [[85, 90, 95], [95, 92, 97], [100, 73, 80]]
    assert "held 85, 90 and 95 % of all deaths" in note and "Of placebos they held 95, 92 and 97 %" in note
    assert "of missions that stayed 100, 73 and 80 %" in note
    late = [rows[rows["horizon"] == "long"] for rows in sets]
    means = [round(rows["log_ratio"].mean(), 1) for rows in late]
    assert means == pytest.approx([-0.8, 0.0, -0.5])
    assert "is -0.8 after exits, 0.0 at placebos, and -0.5 where missions stayed" in note
    shows = stays_by(Estimates.kept(), "2023-06").query("place == 'host' and outcome == 'all' and horizon == 'long'")
    shows = shows[shows["shown"] > 0]
    assert (len(late[2]), len(shows)) == (15, 11) and round(shows["log_ratio"].mean(), 1) == 0.3
    assert "four of fifteen long windows" in note and "the mean of the eleven others is +0.3" in note


def test_what_the_note_says_of_the_class_is_in_the_kept_table():
    note, kept = words_of("benchmarks", "exits.md"), pd.read_csv(shipped_root() / RESULTS / "exit_variants.csv")
    main = kept[kept["variant"] == "as declared"]
    assert f"on average with forecasts of 0.7.0 and is {main['mean'].mean():.2f}" in note
    assert f"was 1.28 and is {main['sd'].mean():.2f}" in note
    assert (main["mean"] < 0).all() and (-main["mean"] / main["mean_sd"]).max() < 0.5
    assert (main["bias"].abs() < 1.28 * main["bias_sd"]).all(), "what the model misses is told from nothing nowhere"
    assert f"(civilians, long), which is {main['mean'].iloc[-1]:.2f} now" in note
    table = pd.read_csv(shipped_root() / "seeds/evidence/exit_class.csv")
    last = table[table["known_by"] == table["known_by"].max()]
    rows = last[last["kind"] == "any"]
    alike = rows[list(COVARIANCES)].to_numpy() / np.outer(rows["sd"], rows["sd"])
    alike = alike[np.triu_indices(len(alike), 1)]
    assert f"correlate by {alike.min():.2f} to {alike.max():.2f}" in note
    apart = [last[last["kind"] == kind]["mean"].mean() for kind in ("done", "left")]
    assert f"the class differs by {abs(apart[0] - apart[1]):.2f}" in note
    wider = 2 * 1.2816 * rows["sd"].mean() / (rows["q90"] - rows["q10"]).mean()
    assert wider == pytest.approx(8 / 7, abs=0.01) and "about a seventh wider" in note


def test_what_the_note_says_of_other_choices_is_in_the_kept_table():
    note, kept = words_of("benchmarks", "exits.md"), pd.read_csv(shipped_root() / RESULTS / "exit_variants.csv")
    kept = kept[(kept["horizon"] == "mid") & (kept["outcome"] == "one_sided")].set_index("variant")
    without = kept[kept.index.str.startswith("without ")]
    for name, form, low, high in (
        ("mean", "{:+.2f}", ("unsmis-syr-2012", "Syria 2012"), ("onub-bdi-2006", "Burundi 2006")),
        ("sd", "{:.2f}", ("uncro-hrv-1995", "Croatia 1995"), ("unamid-sdn-2020", "Sudan 2020")),
    ):
        assert without[name].idxmin() == f"without {low[0]}" and without[name].idxmax() == f"without {high[0]}"
        least, most = form.format(without[name].min()), form.format(without[name].max())
        assert f"from {least} (without {low[1]}) to {most} (without {high[1]})" in note
    width = (kept["q90"] - kept["q10"]) / (kept["q90"] - kept["q10"])["as declared"]
    assert 0.5 < width["prior halved"] < 0.6 and 1.4 < width["prior doubled"] < 1.5
    choices = kept.drop(index=without.index).drop(index="placebos as if they were exits")
    assert choices["mean"].idxmin() == "peak of 1000 or more"
    assert kept["mean"]["placebos as if they were exits"] < kept["mean"]["as declared"]
    found = pd.read_csv(shipped_root() / RESULTS / "exit_recovery.csv")
    held = [100 * found[name] for name in ("next_held", "mean_held")]
    told = " and the mean in ".join(f"{one.min():.0f} to {one.max():.0f}" for one in held)
    assert f"held the next effect in {told} of 100" in note


def test_the_noise_of_placebos_and_versions_are_as_the_note_says():
    note = words_of("benchmarks", "exits.md")
    placebos = pd.concat([hosts(PLACEBOS, outcome) for outcome in OUTCOMES])
    assert round(placebos[placebos["shown"] > 1 / 3]["along"].median(), 1) == 0.7
    assert "its forecasts of placebos have that correlation at 0.7" in note
    assert set(pd.read_csv(shipped_root() / "seeds/evidence/exit_class.csv")["version"]) == {"0.8.0"}
    (mali,) = {*pd.read_csv(shipped_root() / RESULTS / "whole_scores.csv")["version"]}
    assert f"Of version {mali}, with its forecasts and its class of exits" in note


def test_what_documents_count_for_beside_exits_stands_in_the_notes_on_seeds():
    register, note = load_register(), words_of("seeds", "README.md")
    differ = np.sqrt(np.diag(register.exits_used.normal_covariance).mean())
    assert f"exits differ by {differ:.2f}, so in this case they count for {outlook(register).worth:.2f}," in note
