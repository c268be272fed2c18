"""How words are read and how a prior comes about: the tables are the derivation's numbers, the figures draw them."""

from dataclasses import replace

import pandas as pd
import pytest

import harmattan as hm
from harmattan import plots
from harmattan.claims.derivation import derive_driver
from harmattan.claims.lexicon import reading_of
from harmattan.claims.register import load_register
from harmattan.claims.tables import derivation_table
from harmattan.core.errors import InputError
from harmattan.schema.evidence import EvidenceUse


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.fixture(scope="module")
def tables():
    return hm.lexicon()


def test_every_claim_that_states_a_probability_is_counted_once(register, tables):
    readings, _ = tables
    stated = [reading_of(claim, register.lexicons) for claim in register.claims.values()]
    assert readings["claims"].sum() == sum(reading is not None for reading in stated)
    assert readings["middle"].is_monotonic_increasing
    could = readings.set_index("term").loc["Could Happen"]
    assert could["hedges"].startswith("could, ")
    assert (could["low"], could["middle"], could["high"]) == (0.1, 0.4, 0.7)


def test_bands_are_those_of_the_same_word_and_contradictions_are_flagged(tables):
    _, bands = tables
    found = bands.set_index(["term", "standard"])
    # PHIA: realistic possibility is 40 to 50; the middle reader says 60
    phia = found.loc[("Realistic Possibility", "UK PHIA probability yardstick")]
    assert (phia["low"], phia["high"], bool(phia["contradicted"])) == (0.40, 0.50, True)
    # ICD 203: likely is 55 to 80; the middle reader says 75
    assert not found.loc[("Likely", "US ICD 203"), "contradicted"]
    assert {"Could Happen", "May Happen"} & set(bands["term"]) == set()  # no yardstick knows modal verbs


def test_all_five_yardsticks_are_held_and_used(register, tables):
    _, bands = tables
    assert len(register.lexicons.yardsticks.standards) == 5
    assert set(bands["standard"]) == set(register.lexicons.yardsticks.standards)


def test_the_derivation_table_holds_every_step_with_its_numbers(register):
    table = hm.derivation("peace-accord")
    derived = derive_driver(register, "peace-accord")
    for branch in derived.branches:
        rows = table[table["branch"] == branch.branch]
        claims = rows[rows["step"] == "claim"]
        assert set(claims["label"]) == {row.claim for row in branch.rows}
        assert claims["weight"].sum() == pytest.approx(1.0)
        groups = rows[rows["step"] == "group"].set_index("label")
        for group in branch.groups:
            assert groups.loc[group.group, "mean"] == pytest.approx(group.mean)
        pool = rows[rows["step"] == "pool"].iloc[0]
        assert pool["mean"] == pytest.approx((claims["weight"] * claims["mean"]).sum())
        assert pool["mean"] == pytest.approx(branch.pooled.mean)
        assert pool["low"] < pool["mean"] < pool["high"]
    assert not (table["step"] == "evidence").any(), "what young accords did is shown and enters no number"
    prior = table[table["step"] == "prior"].set_index("branch")["mean"]
    assert prior.to_dict() == pytest.approx({c.branch: c.weight for c in derived.components[:-1]})


def test_published_effects_stand_before_the_prior(register):
    taken = {"evidence": (EvidenceUse(id="hultman-2013-troops"),)}
    by_id = {
        **register.drivers.by_id,
        "residual-mandate": register.drivers["residual-mandate"].model_copy(update=taken),
    }
    told = replace(register, drivers=replace(register.drivers, by_id=by_id))
    table, steps = derivation_table(told, "residual-mandate"), derive_driver(told, "residual-mandate").effect_steps
    evidence = table[table["step"] == "evidence"]
    assert list(evidence["label"]) == ["hultman-2013-troops"]
    assert list(evidence["mean"]) == pytest.approx([step.after[0].weight for step in steps])
    assert table["step"].iloc[-1] == "prior"


def test_every_driver_has_a_derivation_that_can_be_drawn(register):
    for driver in register.drivers:
        ax = plots.derivation(derivation_table(register, driver), driver=driver)
        assert driver in plots.describe(ax).alternative


def test_a_row_of_the_figure_is_a_row_of_the_table(register):
    table = hm.derivation("urban-siege")
    ax = plots.derivation(table, driver="urban-siege")
    means = [line.get_xdata()[0] for line in ax.lines if line.get_gid() == "mean"]
    assert means == pytest.approx(list(100 * table["mean"]))
    claims = [tuple(line.get_xdata()) for line in ax.lines if line.get_gid() == "claim"]
    shown = table[table["step"] == "claim"]
    assert claims == [pytest.approx((100 * row.low, 100 * row.high)) for row in shown.itertuples()]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    first = shown.iloc[0]
    assert labels[0] == f"{first['label']}, {first['term']}, {first['grade']}" and labels[-1] == "weight in the prior"


def test_claims_against_are_marked(register):
    ax = plots.derivation(hm.derivation("peace-accord"), driver="peace-accord")
    marked = [label.get_text() for label in ax.get_yticklabels() if label.get_text().startswith("against: ")]
    assert len(marked) == sum(side == "against" for _, side, _ in register.heard["peace-accord"].votes) > 0


def test_an_empty_derivation_and_an_unknown_driver_are_refused():
    with pytest.raises(ValueError, match="nothing to draw"):
        plots.derivation(hm.derivation("urban-siege").head(0), driver="urban-siege")
    with pytest.raises(InputError, match="Did you mean 'urban-siege'"):
        hm.derivation("urban-seige")


def test_the_lexicon_figure_marks_what_contradicts(tables):
    readings, bands = tables
    ax = plots.lexicon(readings, bands)
    drawn = {
        gid: [tuple(line.get_xdata()) for line in ax.lines if line.get_gid() == gid]
        for gid in ("readers", "official", "contradicted")
    }
    assert len(drawn["readers"]) == len(readings)
    wrong = bands[bands["contradicted"]]
    assert drawn["contradicted"] == [pytest.approx((100 * b.low, 100 * b.high)) for b in wrong.itertuples()]
    assert len(drawn["official"]) == len(bands) - len(wrong)
    assert "PHIA ≠" in {text.get_text() for text in ax.texts}
    assert "PHIA means 40 to 50, the median reader 60" in plots.describe(ax).caption


def test_without_contradictions_the_figure_says_so(tables):
    readings, bands = tables
    ax = plots.lexicon(readings, bands[~bands["contradicted"]])
    assert "(none)" in plots.describe(ax).caption
    assert isinstance(bands, pd.DataFrame)
