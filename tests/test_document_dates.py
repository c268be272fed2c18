"""What was written after the record ends is named wherever `as_of` is claimed, and can be left out.

Dates are those of the shipped documents; runs are of the made-up case.
"""

import json

import pytest
from made import CASE
from sampling import SHORT

import harmattan as hm
from harmattan.claims.derivation import driver_priors
from harmattan.claims.documents_by_date import document_dates, register_as_of, written_by
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.run.document_words import dated, document_sentences, written_words
from harmattan.schema.dates import Dated, first_day, last_day
from harmattan.schema.records import Source


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.fixture
def mine(made_fit):
    return hm.load_case(CASE)


def source(**told):
    usual = {"file": "a.txt", "sha256": "0" * 64, "title": "A text", "publisher": "p", "date": None, "kind": "k"}
    return Source.model_validate(usual | {"id": "a-text", "group": "a-text", "reliability": "C", "notes": "n"} | told)


@pytest.mark.parametrize(
    ("told", "month", "certain"),
    [
        ({"date": "2023-06-30"}, "2023-06", True),
        ({"date": "2023-07-01"}, "2023-06", False),
        ({"date": "2023-06"}, "2023-06", True),
        ({"date": 2023}, "2023-06", False),  # some day of 2023: it may be December
        ({"date": 2023}, "2023-12", True),
        ({"date": "summer 2023"}, "2030-01", False),  # loose words vouch for nothing
        ({"dated": {"from": "2023-06-30", "to": "2023-09-30"}}, "2023-08", False),
        ({"dated": {"from": "2023-06-30", "to": "2023-09-30"}}, "2023-09", True),
        ({"dated": {"from": "2023-09-20", "to": None}}, "2026-01", False),
        ({"date": "2020-01-01", "dated": {"from": None, "to": "2023-12-31"}}, "2023-11", False),  # contents go first
    ],
)
def test_a_document_counts_as_written_when_its_latest_possible_day_lies_in_the_month_or_before(told, month, certain):
    assert written_by(source(**told), month) is certain


def test_a_date_is_as_wide_as_what_is_known_of_it():
    assert (str(first_day("2024-02")), str(last_day("2024-02"))) == ("2024-02-01", "2024-02-29")
    assert (str(first_day("2023")), str(last_day("2023"))) == ("2023-01-01", "2023-12-31")
    assert first_day("2023-07-25") == last_day("2023-07-25")


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"from": "2023-02-31", "to": None}, "no day of the calendar"),
        ({"from": "2023-13", "to": None}, "no day of the calendar"),
        ({"from": "0000", "to": None}, "no day of the calendar"),
        ({"from": "late 2023", "to": None}, "is not a date"),
        ({"from": "2023-09-30", "to": "2023-06"}, "lies after"),
    ],
)
def test_days_that_are_none_and_ends_in_the_wrong_order_are_refused(told, message):
    with pytest.raises(ValueError, match=message):
        Dated.model_validate(told)


def test_the_shipped_documents_are_named_by_when_they_were_written(register):
    dates = document_dates(register, "2023-06", None)
    assert dated(dates) == "Deaths to June 2023; documents from June 2023 to September 2023 or later."
    assert [one.id for one in dates.after] == ["debate-fes", "chat-bard", "news-bnn"]
    assert [one.id for one in dates.maybe_after] == ["press-divorce", "commentary-exit"]
    said = " ".join(document_sentences(dates))
    assert "Written after June 2023, and used: debate-fes, chat-bard and news-bnn." in said
    assert "Possibly written after June 2023, and used: press-divorce and commentary-exit." in said
    with speaking("fr"):
        assert "documents de juin 2023 à septembre 2023 ou plus tard" in dated(dates)


def test_a_source_says_when_it_was_written_as_far_as_is_known(register):
    told = {
        "written in July 2023": {"date": "2023-07-25"},
        "written between June 2023 and September 2023": {"dated": {"from": "2023-06-30", "to": "2023-09-30"}},
        "written in June 2023 or later": {"dated": {"from": "2023-06-30"}},
        "written by June 2023": {"dated": {"to": "2023-06"}},
        "undated": {"date": "last summer"},
    }
    assert {words: written_words(source(**given)) for words, given in told.items()} == {w: w for w in told}


def test_once_all_were_written_nothing_is_named(register):
    dates = document_dates(register, "2024-12", None)
    assert (dates.after, dates.maybe_after, document_sentences(dates)) == ((), (), [])


def test_documents_left_out_take_their_claims_along_and_priors_follow(register):
    kept = register_as_of(register, "2023-09")
    assert list(kept.sources) == ["debate-fes", "press-divorce"]
    assert {claim.source for claim in kept.claims.values()} == {"debate-fes", "press-divorce"}
    gone = frozenset({"chat-bard", "commentary-exit", "news-bnn"})
    assert {one.id for one in kept.left_out} == gone
    assert driver_priors(kept).equals(driver_priors(register, without_sources=gone))
    assert register_as_of(register, None) is register
    assert "Left out, because not certainly written by September 2023" in " ".join(
        document_sentences(document_dates(kept, "2023-06", "2023-09"))
    )


def test_a_run_says_its_documents_and_leaves_out_those_it_is_told_to(mine):
    run = mine.forecast("leaves", months=3, draws=40, settings=SHORT)
    assert run.documents.as_dict()["after"] == ["letter"]
    without = mine.forecast("leaves", months=3, draws=40, settings=SHORT, claims_as_of="2020-05")
    assert without.documents.used == 0 and len(without.documents.left_out) == 2
    no_effect = without.ground.priors.sizes["component"] - 1
    ways = without.drivers.ways
    assert (ways.drop_sel(driver="river-trade") == no_effect).all(), "no claim, no driver"
    assert (ways.sel(driver="river-trade") != no_effect).any(), "but for one whose prior is stated"
    alone = mine.forecast("baseline", months=3, draws=40, settings=SHORT)
    assert alone.documents.used == 0 and document_sentences(alone.documents) == []


def test_a_scenario_states_it_and_the_option_goes_before(mine, tmp_path):
    own = tmp_path / "blind.yaml"
    own.write_text(
        'id: blind\ntitle: Blind\ncondition: c\nextends: leaves\nclaims_as_of: "2020-05"\n', encoding="utf-8"
    )
    assert mine.load(own).claims_as_of == "2020-05" and mine.load("leaves").claims_as_of is None
    assert mine.forecast(own, months=1, draws=10, settings=SHORT).documents.used == 0
    said = mine.forecast(own, months=1, draws=10, settings=SHORT, claims_as_of="2020-06").documents
    assert said.used == 1 and [one.id for one in said.left_out] == ["letter"]
    with pytest.raises(InputError, match="is not a month"):
        mine.forecast("leaves", claims_as_of="June 2020")


def test_what_if_and_explanations_stay_without_what_was_left_out(mine):
    run = mine.forecast("leaves", months=2, draws=40, settings=SHORT, claims_as_of="2020-06")
    changed = run.what_if(without_sources=["gazette"])["what if"]
    assert list(changed.ground.register.sources) == ["gazette"]
    nobody = driver_priors(run.ground.register, without_sources=frozenset({"gazette"}))
    assert changed.ground.priors.equals(nobody)


def test_the_ledger_says_when_its_documents_were_written(mine, tmp_path):
    found = mine.ledger("2021-01", out=tmp_path / "ledger")
    assert "documents from June 2020 to December 2020 or later" in found.sentences["documents"]
    record = json.loads((tmp_path / "ledger" / "run.json").read_text(encoding="utf-8"))
    assert record["documents"]["maybe_after"] == ["letter"]
