"""Arrows between drivers and what claims say of them, counted by hand on the made-up case."""

import json

import pytest
from made import CASE, copy_made_case

import harmattan as hm
from harmattan.claims.links import link_counts, links_of
from harmattan.claims.register import load_register
from harmattan.core.resources import using_project
from harmattan.schema.bearing import Bearing

CLAIMS = {  # claims of the made-up case that get votes on both ends of something
    "gazette-002-a": {"patrols": "for", "vacancy": {"for": "open"}},  # patrols-end -> open, its sign; months 1-6
    "gazette-003-a": {"patrols": "for", "vacancy": {"for": "open"}},  # the same group once more
    "letter-004-a": {"vacancy": {"for": "open"}, "raiders": "for"},  # open -> bolder, its sign
    "letter-003-a": {"vacancy": {"against": "open"}, "raiders": "for"},  # open -> bolder, the opposite
    "gazette-008-a": {"raiders": "for", "river-trade": "against"},  # bolder and goes-on: nobody drew it
    "letter-004-b": {"river-trade": "for", "raiders": "for"},  # the same pair, the opposite sign
    "gazette-005-a": {"vacancy": {"for": "filled"}, "patrols": "context"},  # no vote on patrols: nothing
}


@pytest.fixture(scope="module")
def register():
    with using_project(CASE):
        found = load_register(CASE)
    for claim, bears in CLAIMS.items():
        bearings = {driver: Bearing.model_validate(one) for driver, one in bears.items()}
        found.claims[claim] = found.claims[claim].model_copy(update={"drivers": bearings})
    return found


@pytest.fixture(scope="module")
def links(register):
    return {(link.parent, link.child): link for link in register.links}


def test_each_arrow_stands_once_and_what_claims_name_beyond_them_too(register):
    pairs = [(link.parent, link.branch, link.child, link.moves) for link in register.links]
    assert pairs == [
        ("patrols", "patrols-end", "vacancy", "open"),
        ("vacancy", "open", "raiders", "bolder"),
        ("patrols", "patrols-end", "raiders", "bolder"),
        ("raiders", "bolder", "river-trade", "goes-on"),
    ]
    assert link_counts(register.links) == {"agreed": 1, "disputed": 1, "cited": 0, "judged": 1, "undrawn": 1}


def test_claims_of_one_group_and_the_cited_lines_of_the_same_document_are_one_source(links):
    link = links["patrols", "vacancy"]
    assert link.supporting == ("gazette-002-a", "gazette-003-a") and link.opposing == ()
    assert link.groups == ("gazette",) and link.agree is True and link.status == "agreed"
    assert link.horizons == ("short",) and link.lag_months == 0


def test_a_claim_of_the_opposite_sign_disputes_the_arrow(links):
    link = links["vacancy", "raiders"]
    assert (link.supporting, link.opposing) == (("letter-004-a",), ("letter-003-a",))
    assert link.agree is False and link.status == "disputed"
    assert (link.groups, link.groups_against) == (("letter",), ("letter",))


def test_an_arrow_that_makes_less_likely_is_supported_by_claims_that_set_its_ends_apart(register):
    raiders = register.drivers["raiders"]
    arrow = raiders.parents[0].model_copy(update={"odds_ratio": 0.5})
    drivers = {**register.drivers, "raiders": raiders.model_copy(update={"parents": (arrow,)})}
    link = next(one for one in links_of(drivers, register.claims, register.sources) if one.child == "raiders")
    assert (link.sign, link.supporting, link.opposing) == (-1, ("letter-003-a",), ("letter-004-a",))


def test_what_rests_on_judgement_alone_has_no_claim_no_line_and_no_source(links):
    link = links["patrols", "raiders"]
    assert (link.status, link.claims, link.groups, link.agree, link.lag_months) == ("judged", (), (), None, 6)


def test_a_pair_that_nobody_drew_tells_both_signs(links):
    link = links["raiders", "river-trade"]
    assert (link.status, link.sign, link.agree) == ("undrawn", 0, False)
    assert (link.together, link.apart) == (("letter-004-b",), ("gazette-008-a",))
    assert (link.groups, link.groups_against) == (("letter",), ("gazette",))


def test_validate_counts_them_in_words_and_for_machines(tmp_path, monkeypatch, capsys):
    from harmattan.cli.door import main

    folder = copy_made_case(tmp_path / "case", without=("documents",))
    path = folder / "seeds" / "claims" / "letter.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("drivers: {vacancy: {for: open}}", "drivers: {vacancy: {for: open}, raiders: for}"), "utf-8"
    )

    def said(*words):
        monkeypatch.setattr("sys.argv", ["harmattan", "validate", *words])
        with using_project(folder), pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 0
        return capsys.readouterr().out

    told = json.loads(said("--json"))
    assert told["arrows_by_status"] == {"agreed": 1, "disputed": 0, "cited": 1, "judged": 1, "undrawn": 0}
    [supported] = [arrow for arrow in told["arrows"] if arrow["status"] == "agreed"]
    assert (supported["claims_for"], supported["effective_sources"]) == (["letter-004-a"], 1)
    assert "    1  drawn on judgement alone" in said()
    assert "    1  tracées par seul jugement" in said("--lang", "fr")


def test_show_tells_the_same_of_each_arrow(tmp_path):
    with using_project(copy_made_case(tmp_path / "case")):
        view = hm.show("leaves")
        told = view.as_dict()
    by_hand = [
        ("patrols", "vacancy", "cited", 1),
        ("vacancy", "raiders", "cited", 1),
        ("patrols", "raiders", "judged", 0),
    ]
    assert [(row["parent"], row["child"], row["status"], row["sources"]) for row in told["arrows"]] == by_hand
    assert told["arrows"][2]["odds_ratio"] is None and told["arrows"][2]["lag_months"] == 6
    assert told["undrawn"] == [] and json.dumps(told, allow_nan=False, default=str)
