"""What to watch: news of drivers, deaths that tell scenarios apart, and triggers, by hand on small arrays."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from made import CASE

from harmattan.core.language import speaking
from harmattan.core.telling import UCDP, telling
from harmattan.explain.signposts import Card, deaths_that_tell_apart, driver_signposts, moved, share_of, trigger_card
from harmattan.loaded import load_case
from harmattan.panel.rhythm import next_data
from harmattan.report.signpost_cards import card_markup, card_table, trigger_cards
from harmattan.report.signpost_tables import DATA, signpost_tables
from harmattan.report.watching import MOST, WORDS, things_to_watch, watch_table, watch_three


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
    assert card.leads == () and np.isnan(card.lead[0])
    last = trigger_card(np.r_[record, 13, 13], futures[4:], 100, country="QMA", outcome="one_sided")
    assert last.active == 1, "months on record and to come make a quarter together"


def test_the_lead_of_a_warning_ends_with_the_month_that_passes_the_year():
    record = np.zeros(18)
    record[3:6], record[8], record[10] = 10, 60, 50  # warned at the end of month 6; 60 by month 9, 110 by month 11
    card = trigger_card(record, np.zeros((10, 12)), 100, country="QMA", outcome="one_sided")
    assert (card.warned, card.leads) == (1, (5,)) and card.lead == (5, 5, 5)
    longer = Card("QMA", "one_sided", 25, 100, 0.5, 3, 1, 2, 6, (2, 9, 4))
    assert longer.lead == (4, 2, 9)


def test_shares_have_jeffreys_intervals_and_none_or_all_the_rule_of_three():
    assert share_of(0, 12) == (0, 0, 0.25) and share_of(12, 0) == (1, 0.75, 1)
    assert share_of(0, 2) == (0, 0, 1), "of two, nothing can be excluded"
    middle, low, high = share_of(5, 5)
    assert middle == 0.5 and 1 - high == pytest.approx(low) and 0.29 < low < 0.32, "quantiles of Beta(5.5, 5.5)"
    assert all(np.isnan(share_of(0, 0)))


def test_what_comes_next_follows_from_the_release_that_the_record_names():
    out, candidates, final = next_data(UCDP, "26.1", "2024-12")
    assert (out.kind, out.first, out.last, out.expected_first) == ("out", "2025-01", "2025-12", None)
    assert (candidates.release, candidates.first, candidates.expected_first) == ("26.0.1", "2026-01", "2026-02")
    assert (final.release, final.first, final.last) == ("27.1", "2026-01", "2026-12")
    assert (final.expected_first, final.expected_last) == ("2027-06", "2027-07")
    candidates, final = next_data(UCDP, "26.01.26.12", "2026-12")
    assert (candidates.release, candidates.first, candidates.expected_last) == ("27.0.1", "2027-01", "2027-02")
    assert final.release == "27.1", "it closes the year that rests on candidates"
    assert next_data("ACLED", "26.1", "2024-12") == () and next_data(UCDP, "mine", "2024-12") == ()


@pytest.fixture(scope="module")
def found():
    return load_case(CASE).signposts(draws=1000, threshold=100)


def test_a_card_says_what_its_trigger_was_worth_and_its_numbers_stand_in_the_table(found):
    with telling(found.run.words):
        cards, table = trigger_cards(found), card_table(found)
        markup = card_markup(cards)
    assert len(cards) == len(table.frame) == 3 and markup.count("<article") == 3
    for told, row in zip(cards, table.frame.to_dict("records"), strict=True):
        card = told.card
        assert row["events"] == card.warned + card.missed and row["quiet_all"] == card.false + card.quiet
        assert row["hits_low"] <= row["hits"] <= row["hits_high"] or row["events"] == 0
        lines = dict(told.lines)
        if card.warned and card.missed:
            assert lines["Such years that it warned of"].startswith(f"{card.warned} of {card.warned + card.missed} (")
    with speaking("fr"), telling(found.run.words):
        french = card_markup(trigger_cards(found))
    assert french.count("<dt>") == markup.count("<dt>") and french != markup
    assert "&lt;" not in markup and "{" not in markup + french


def test_what_is_watched_is_ranked_by_expected_movement_and_worked_out_from_the_futures(found):
    told = things_to_watch(found)
    assert [one.moves for one in told] == sorted((one.moves for one in told), reverse=True)
    deaths = next(one for one in told if one.kind == "deaths" and one.country == "QMA")
    series = found.run.deaths.sel(country="QMA", outcome="one_sided")
    early, year = series[:, :3].sum("month"), series[:, :12].sum("month")
    assert deaths.above == 25 and deaths.month == found.run.months[2]
    assert deaths.if_so == pytest.approx(float((year > 100).values[(early > 25).values].mean()))
    assert deaths.moves == pytest.approx(moved((year > 100).values, (early > 25).values)[4])
    assert all(one.month >= found.run.months[0] for one in told)


@pytest.mark.parametrize("code", ["en", "fr"])
def test_three_things_are_said_in_few_words_with_numbers_of_the_table(found, code):
    run = SimpleNamespace(signposts=found)
    with speaking(code), telling(found.run.words):
        said, table = watch_three(run), watch_table(run)
        rows = {" ".join(row) for row in table.rows()}
    assert 0 < len(said) <= MOST
    for statement in said:
        assert statement.tables == (table.id,)
        assert len(re.findall(r"\S*\w\S*", statement.sentence)) <= WORDS, statement.sentence
        numbers = re.findall(r"\d+", re.sub(r"(?:in|sur)\s100", "", statement.sentence))
        assert any(all(re.search(rf"\b{number}\b", row) for number in numbers) for row in rows), statement.sentence


def test_a_third_of_a_kind_is_said_only_where_the_other_kind_has_nothing(found, monkeypatch):
    from dataclasses import replace

    from harmattan.report import watching

    one = things_to_watch(found)[0]
    deaths = [
        replace(one, kind="deaths", above=above, moves=moves) for above, moves in ((11, 0.4), (12, 0.3), (13, 0.2))
    ]
    driver = replace(
        one, kind="driver", what="a very long name of something that may or may not happen there", moves=0.1
    )
    run = SimpleNamespace(signposts=found)
    with telling(found.run.words):
        monkeypatch.setattr(watching, "things_to_watch", lambda _: (*deaths, driver))
        mixed = [statement.sentence for statement in watch_three(run)]
        monkeypatch.setattr(watching, "things_to_watch", lambda _: tuple(deaths))
        alone = [statement.sentence for statement in watch_three(run)]
    assert [any(f"above {above} " in said for said in mixed) for above in (11, 12, 13)] == [True, True, False]
    assert "…” by" in mixed[2] and len(mixed[2].split()) <= WORDS
    assert len(alone) == 3 and "above 13 " in alone[2]


def test_the_tables_tell_the_next_data(found):
    with telling(found.run.words):
        table = next(one for one in signpost_tables(found) if one.id == DATA)
    assert [row[0] for row in table.rows()] == [one.release for one in found.next_data]
    assert table.rows()[-1][3:] == ["June 2027", "July 2027"]
    assert found.as_dict()["next_data"][-1]["kind"] == "final"


def test_signposts_of_a_run_in_both_languages(found):
    assert found.against == "stays" and len(found.cards) == 3 and found.cards[0].country == "QMA"
    assert set(found.apart["month"]) == {3, 6, 12, 24, 36}
    english = found.sentences()
    with speaking("fr"):
        french = found.sentences()
    assert len(english) == len(french) == 7 and not set(english) & set(french)
    assert found.as_dict()["sentences"] == list(english)
