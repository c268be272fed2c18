"""What to watch: news of drivers, deaths that tell scenarios apart, and triggers, by hand on small arrays."""

from types import SimpleNamespace

import numpy as np
import pytest
from made import CASE

from harmattan.core.language import speaking
from harmattan.explain.signposts import deaths_that_tell_apart, driver_signposts, trigger_card
from harmattan.loaded import load_case


def driver(*branches):
    named = [SimpleNamespace(id=branch) for branch in branches]
    return SimpleNamespace(branches=named, title_of=lambda branch: branch.id.upper(), resolves="Seen if seen.")


def test_news_of_a_driver_moves_the_answer_by_hand():
    way = np.array([0] * 400 + [1] * 600)
    passes = np.array([True] * 300 + [False] * 100 + [True] * 150 + [False] * 450)
    table = driver_signposts(
        passes,
        {"raid": way, "sure": np.zeros(1000, int), "rare": np.r_[np.zeros(50, int), np.ones(950, int)]},
        {"raid": np.arange(1000), "sure": np.ones(1000), "rare": np.ones(1000)},
        {name: driver("comes") for name in ("raid", "sure", "rare")},
    )
    assert table["driver"].tolist() == ["raid", "rare"], "what always happens is no news; the largest movement first"
    row = table.iloc[0]
    assert (row["chance"], row["answer"], row["if_so"], row["if_not"]) == (0.4, 0.45, 0.75, 0.25)
    assert row["moves"] == pytest.approx(0.4 * 0.3 + 0.6 * 0.2)
    assert row["error"] == pytest.approx(np.sqrt(0.75 * 0.25 / 400 + 0.25 * 0.75 / 600))
    assert row["half_by"] == 199.5 and row["look_for"] == "Seen if seen."
    assert np.isnan(table.iloc[1]["moves"]), "too few futures"


def test_deaths_tell_two_scenarios_apart_where_they_differ_and_not_where_they_do_not():
    generator = np.random.default_rng(1)
    quiet, loud = generator.poisson(2, (2000, 12)), generator.poisson(4, (2000, 12))
    table = deaths_that_tell_apart(loud, quiet, (1, 12)).set_index("month")
    assert table.at[12, "told_apart"] and table.at[12, "chance_first"] > 0.95
    row = table.loc[12]
    seen = [(deaths[:, :12].sum(axis=1) > row["deaths"]).mean() for deaths in (loud, quiet)]
    assert [row["first_has"], row["second_has"]] == pytest.approx(seen)
    assert row["chance_first"] == pytest.approx(seen[0] / sum(seen)) and row["first_has"] >= 0.05
    same = deaths_that_tell_apart(quiet, quiet, (1, 12))
    assert not same["told_apart"].any() and (same["chance_first"] == 0.5).all()


def test_a_trigger_counts_its_warnings_over_quarters_of_the_record():
    # two years and a quarter: quarters end after months 3, 6, 9, 12 and 15, each with a year behind it on record
    record = np.zeros(27)
    record[3:6] = 10  # 30 in the second quarter: a warning, and the year after it has 100
    record[8] = 100
    futures = np.zeros((10, 12))
    futures[:4, 2] = 26
    card = trigger_card(record, futures, 100, country="QMA", outcome="one_sided")
    assert card.threshold == 25 and card.active == 0.4
    # years above 100 begin after months 3 (130); after 6 it is just 100; the third quarter's 100 warned of nothing more
    assert (card.warned, card.missed, card.false, card.quiet) == (0, 1, 2, 2)
    assert card.base == 0.2 and card.hits[0] == 0 and card.right[1] < card.right[2]
    last = trigger_card(np.r_[record, 13, 13], futures[4:], 100, country="QMA", outcome="one_sided")
    assert last.active == 1, "months on record and to come make a quarter together"


def test_signposts_of_a_run_in_both_languages():
    found = load_case(CASE).signposts(draws=400, threshold=100)
    assert found.against == "stays" and len(found.cards) == 3 and found.cards[0].country == "QMA"
    assert set(found.apart["month"]) == {3, 6, 12, 24, 36}
    english = found.sentences()
    with speaking("fr"):
        french = found.sentences()
    assert len(english) == len(french) == 4 and not set(english) & set(french)
    assert found.as_dict()["sentences"] == list(english)
