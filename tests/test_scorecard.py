"""Scores of sources: by hand on a small ledger, and never with more than the record up to then."""

import numpy as np
import pandas as pd
import pytest
from made import CASE, made_record

import harmattan as hm
from harmattan.case.settling import record_with_parts
from harmattan.claims.register import load_register
from harmattan.claims.verdicts import WORTH, resolve
from harmattan.core.errors import InputError
from harmattan.core.months import month_label, month_number, month_range
from harmattan.explain.scorecard import ledger_table, proposition_scores, scores
from harmattan.panel.ucdp import truncate

EXIT = "2023-06"
REFERENCE = 0.25


def row(claim, proposition, source, group, stated, probability, verdict, base_rate=np.nan, rule=None):
    return {
        "claim": claim, "proposition": proposition, "source": source, "group": group, "stated": stated,
        "probability": probability, "verdict": verdict, "base_rate": base_rate, "settled_by": rule or proposition,
    }  # fmt: skip


@pytest.fixture
def table():
    return pd.DataFrame(
        [
            row("c1", "p", "s1", "g1", 0.8, 0.6, "true", 0.5),
            row("c2", "p", "s1", "g1", 0.4, 0.2, "true", 0.5),
            row("c3", "p", "s2", "g2", 0.9, 0.9, "true", 0.5),
            row("c4", "q", "s1", "g1", 0.7, 0.5, "false"),
            row("c5", "q", "s1", "g1", 0.7, 0.5, "open"),
            row("c6", "r", "s2", "g2", np.nan, np.nan, "true"),
            row("c7", "r", "s3", "g2", 0.5, 0.5, "void"),
        ]
    )


def test_claims_of_a_group_are_averaged_before_groups_and_propositions(table):
    p, q = proposition_scores(table, REFERENCE).to_dict(orient="records")
    first_group = ((1 - 0.6) ** 2 + (1 - 0.2) ** 2) / 2
    assert p["brier"] == pytest.approx((first_group + (1 - 0.9) ** 2) / 2)
    assert (p["claims"], p["groups"], p["outcome"]) == (3, 2, 1.0)
    assert q["brier"] == pytest.approx(0.25) and q["brier_stated"] == pytest.approx(0.49)
    assert p["brier_base"] == pytest.approx(0.25)
    assert q["brier_base"] == pytest.approx(REFERENCE**2), "without a past the reference stands in"
    assert p["log"] == pytest.approx(((-np.log(0.6) - np.log(0.2)) / 2 - np.log(0.9)) / 2)


def test_each_source_is_scored_on_its_own_settled_claims(table):
    found = scores(table, REFERENCE, 1).set_index(["level", "id"])
    first = found.loc[("source", "s1")]
    assert (first["claims"], first["true"], first["false"], first["propositions"]) == (3, 2, 1, 2)
    assert first["brier"] == pytest.approx((((1 - 0.6) ** 2 + (1 - 0.2) ** 2) / 2 + 0.25) / 2)
    assert first["skill"] == pytest.approx(1 - first["brier"] / first["brier_base"])
    assert list(found.index[-1]) == ["all", "all"]
    assert found.loc[("all", "all"), "claims"] == 4, "an open claim and one without a probability do not count"


def test_one_proposition_gives_no_interval_and_none_gives_no_score(table):
    found = scores(table, REFERENCE, 1).set_index(["level", "id"])
    one, none = found.loc[("source", "s2")], found.loc[("source", "s3")]
    assert one["brier"] == pytest.approx(0.01) and np.isnan(one["brier_low"])
    assert none["claims"] == 0 and np.isnan(none["brier"])


def test_the_interval_is_that_of_drawing_propositions_again(table):
    first = scores(table, REFERENCE, 1).set_index(["level", "id"]).loc[("source", "s1")]
    each = proposition_scores(table[table["source"] == "s1"], REFERENCE)["brier"]
    assert first["brier_low"] == pytest.approx(each.min()) and first["brier_high"] == pytest.approx(each.max())
    assert (first["brier_least"], first["brier_most"]) == (pytest.approx(each.min()), pytest.approx(each.max()))


def test_nobody_is_ever_certain_enough_for_an_infinite_score():
    sure = pd.DataFrame([row("c", "p", "s", "g", 0.0, 0.0, "true")])
    assert np.isfinite(proposition_scores(sure, REFERENCE)["log"]).all()


# The ledger of the project


@pytest.fixture(scope="module")
def ledger():
    return hm.ledger("2024-12")


def test_every_claim_has_its_row_and_its_verdict(ledger):
    register = load_register()
    assert ledger.claims["claim"].tolist() == list(register.claims)
    assert sum(ledger.counts.values()) == len(register.claims)
    assert ledger.counts["true"] > 0 and ledger.counts["false"] > 0
    assert (ledger.claims["settled_by"] == "").sum() == ledger.counts["void"] + ledger.counts["no rule"]


def test_probabilities_are_those_of_the_words_and_of_trust(ledger):
    claim = ledger.claims.set_index("claim").loc["chat-bard-084-a"]
    assert claim["stated"] == pytest.approx(0.74, abs=0.01)  # "likely" of the phrase lexicon
    reference = load_register().lexicons.reference.mean
    assert claim["probability"] == pytest.approx(0.2 * claim["stated"] + 0.8 * reference)  # grade E


def test_base_rates_come_from_before_the_exit_alone(panel):
    register = load_register()
    whole = ledger_table(register, panel, EXIT)
    early = ledger_table(register, truncate(panel, "2023-09"), EXIT)
    pd.testing.assert_series_equal(whole["base_rate"], early["base_rate"])
    known = whole["base_rate"].dropna()
    assert len(known) and known.between(0, 1).all()


def test_a_rule_is_asked_only_from_months_whose_windows_the_record_holds():
    """Made-up record from 2009, deaths doubled in 2015: 41 quarters from 2009-12 to 2019-12, and five see the rise.

    In two of the five the rise had begun: 15 before, 10 earlier, so the trend has 15 x 1.5 ** 0.75 = 20.3.
    """
    months = month_range("2009-01", "2020-06")
    deaths = np.where(np.array(months) < "2015-01", 10.0, 20.0)
    record = made_record("2020-06").copy(data=np.broadcast_to(deaths[:, None, None], (len(months), 5, 3)))
    rates = ledger_table(load_register(CASE), record, "2020-06").set_index("claim")["base_rate"]
    assert rates["gazette-003-a"] == pytest.approx((3 + 2 * 0.5) / 41)
    assert rates["letter-003-a"] == 1.0, "more than 100 deaths in two years, always"


@pytest.mark.parametrize("claim_id", ["chat-bard-084-a", "news-bnn-015-c", "commentary-exit-017-b"])
def test_a_base_rate_counts_the_verdicts_of_past_exits(panel, claim_id):
    register = load_register()
    claim = register.claims[claim_id]
    before = record_with_parts(register.case, truncate(panel, EXIT))
    latest = month_number(EXIT) - claim.resolution.window[1]
    asked = [month_label(month) for month in range(latest, month_number("1995-01") - 1, -3)]
    verdicts = [resolve(claim, before, month, {}).status for month in asked]
    expected = np.mean([WORTH[status] for status in verdicts])
    rates = ledger_table(register, panel, EXIT).set_index("claim")["base_rate"]
    assert rates[claim_id] == pytest.approx(expected)


def test_before_the_exit_nothing_is_settled_and_nothing_scored():
    early = hm.ledger("2023-05")
    assert early.counts["true"] == early.counts["false"] == 0
    assert early.scores["brier"].isna().all()
    assert "no source can be scored" in early.sentences["scores"]
    assert plots_drawn(early)


def plots_drawn(ledger):
    return [ledger.figure(name).get_figure() is not None for name in ledger.figures] == [True, True]


def test_the_sentences_say_how_little_it_rests_on(ledger):
    everything = ledger.scores.iloc[-1]
    said = " ".join(ledger.sentences.values())
    assert f"{int(everything['propositions'])} propositions" in said
    assert "need not have come from the exit" in said and "cannot be told from so few" in said
    assert everything["propositions"] < everything["claims"]
    assert everything["settled_by"] <= everything["propositions"]


def test_a_month_that_the_record_does_not_reach_is_refused():
    for month in ("2031-01", "yesterday"):
        with pytest.raises(InputError, match=month):
            hm.ledger(month)


def test_it_saves_itself_whole_and_refuses_what_it_has_not_made(ledger, tmp_path):
    out = ledger.save(tmp_path / "ledger")
    assert {path.name for path in out.iterdir()} == {"tables", "figures", "ledger.md", "run.json", "inputs.zip"}
    read = pd.read_csv(out / "tables" / "claims.csv")
    assert read["verdict"].tolist() == ledger.claims["verdict"].tolist()
    ledger.save(out)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    with pytest.raises(InputError, match="holds other files"):
        ledger.save(tmp_path / "mine")
    assert (tmp_path / "mine" / "notes.txt").read_text() == "keep"
