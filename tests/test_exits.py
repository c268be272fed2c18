"""The register of exits: dates are those of the tables, the rule holds for all, and nothing is known before it was."""

import csv

import pytest
from copies import copy_project

import harmattan as hm
from harmattan.claims.exits import drawdown, load_exits, strengths_of
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.core.months import month_number
from harmattan.core.resources import seeds_folder, using_project
from harmattan.panel.world import panel_of, states
from harmattan.schema.exits import Dated

MONTHS = ("below_80", "below_50", "below_20")


@pytest.fixture(scope="module")
def register():
    return load_exits()


def rows(name):
    with (seeds_folder() / "data" / "peacekeeping" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def months_of(exit_):
    return tuple(date.month if (date := getattr(exit_, key)) else None for key in MONTHS)


@pytest.mark.parametrize(
    ("id", "mission", "strengths", "expected"),
    [
        (  # 80, 50 and 20 % of 18,907 people: 15,126, 9,454 and 3,781
            "untac-khm-1993",
            "UNTAC",
            {"1992-12": 18907, "1993-07": 18551, "1993-08": 12644, "1993-09": 9250, "1993-10": 3464},
            ("1993-08", "1993-09", "1993-10"),
        ),
        (  # of 3,814: 3,051, 1,907 and 763
            "minurcat-tcd-2010",
            "MINURCAT",
            {"2010-02": 3814, "2010-05": 3149, "2010-06": 2686, "2010-09": 2281, "2010-10": 1456, "2010-12": 3},
            ("2010-06", "2010-10", "2010-12"),
        ),
        (  # of 2,485: 1,988, 1,243 and 497, which the cut never reached
            "unamir-rwa-1994",
            "UNAMIR",
            {"1994-03": 2485, "1994-04": 640, "1994-06": 598, "1994-08": 3860},
            ("1994-04", "1994-04", None),
        ),
    ],
)
def test_three_drawdowns_by_hand(register, id, mission, strengths, expected):
    raw = {r["month"]: int(r["total"]) for r in rows("un_mission_month_1990_2017.csv") if r["mission"] == mission}
    assert {month: raw[month] for month in strengths} == strengths
    assert months_of(register.exits[id]) == expected


def test_a_month_below_counts_only_if_the_strength_stays_there():
    """It fell below four fifths in April 1994, rose again, and stayed below from October."""
    found = strengths_of(["ONUMOZ"], "1993-01", "1994-12")
    limit = 0.8 * found["1993-11"][0]
    assert found["1994-04"][0] < limit < found["1994-06"][0] and limit < found["1994-09"][0]
    assert drawdown(found)["below_80"] == "1994-10"


def test_missions_that_followed_one_another_are_one_presence(register):
    """What one handed to the next without a gap is no exit: 4,220 people in June 1997, 3,568 in July."""
    angola = register.exits["unavem-ago-1999"]
    assert angola.missions == ("UNAVEM", "UNAVEM III", "MONUA")
    assert months_of(angola) == ("1997-03", "1997-07", "1998-02")
    assert (angola.end.month, angola.pace) == ("1999-02", 11)


def test_ends_are_those_of_the_list_of_operations(register):
    listed = {r["mission_acronym"]: r["end_date"][:7] for r in rows("un_pko_list_2024-02.csv")}
    ends = {one.missions[-1]: one.end.month for one in register.exits.values() if one.end and one.end.source == "list"}
    assert len(ends) == 15
    assert ends == {mission: listed[mission] for mission in ends}
    assert (ends["UNMIL"], ends["MINUSTAH"], ends["UNAMID"]) == ("2018-03", "2017-10", "2020-12")


def test_at_least_twenty_exits_were_known_by_june_2023_and_none_is_the_case_s_own(register):
    known = register.known_by("2023-06")
    assert len(known) >= 20
    assert "MINUSMA" not in {mission for one in known for mission in one.missions}


def test_an_exit_is_not_known_before_it_was_over_and_its_window_behind(register):
    slow = register.exits["unamid-sdn-2020"]  # began in 2014-03, over in 2020-12
    assert not slow.known_by("2019-12", 60) and not slow.known_by("2020-11", 6) and slow.known_by("2020-12", 60)
    quick = register.exits["unsmis-syr-2012"]  # began in 2012-07, over in 2012-08
    assert not quick.known_by("2017-06", 60) and quick.known_by("2017-07", 60) and quick.known_by("2013-01", 6)
    for as_of in ("1998-12", "2010-06", "2023-06"):
        for one in register.known_by(as_of, 24):
            assert month_number(one.start) + 24 <= month_number(as_of) and one.over <= as_of


def test_every_exit_holds_to_the_rule(register):
    rule = register.rule
    for id, one in register.exits.items():
        strengths = strengths_of(one.missions, one.first, one.last)
        assert one.peak.people >= rule.smallest_peak, id
        if strengths:
            people, soldiers = strengths[one.peak.month]
            assert soldiers >= rule.smallest_share_of_soldiers * people, id
        fewest = min((people for month, (people, _) in strengths.items() if month > one.peak.month), default=0)
        assert fewest <= rule.left * one.peak.people or one.end is not None, id
        assert all(
            other.people is None or other.people < rule.largest_successor * one.peak.people
            for other in one.stayed
            if other.at_once and other.shape == "force"
        ), id


def test_every_host_had_a_year_of_war_in_the_ten_before_and_those_without_one_are_out(register):
    def worst_year(host, start):
        deaths = panel_of((host,))
        deaths = deaths[deaths["month"] <= start]
        years = deaths.groupby(deaths["month"].str[:4].astype(int))["best"].sum()
        return years[years.index >= int(start[:4]) - register.rule.years].max()

    for id, one in register.exits.items():
        assert worst_year(one.host, one.start) >= register.rule.deaths, id
    assert worst_year("CAF", "1999-10") == 5  # MINURCA
    assert worst_year("TLS", "2002-05") == 0  # UNTAET and what followed
    assert worst_year("GNB", "2020-08") == 0  # ECOMIB
    assert {one.host for one in register.left_out if one.because == "no-war"} == {"TLS", "CAF", "SLB", "GNB"}


def test_every_mission_of_the_tables_is_in_the_register_or_left_out_with_a_reason(register):
    named = {name for one in (*register.exits.values(), *register.left_out) for name in one.missions}
    tables = {r["mission"] for r in rows("un_mission_drawdowns.csv")}
    tables |= {r["mission_acronym"] for r in rows("un_pko_list_2024-02.csv") if _since_1990(r)}
    assert tables - named == set()
    assert all(len(one.why) > 10 for one in register.left_out)


def _since_1990(row):
    return not row["end_date"] or row["end_date"] >= "1990"


def test_what_a_referee_found_wrong_is_right_here(register):
    """UNAMIR by its cut; UNPROFOR where its war was, and handed to NATO; police and wars between states are out."""
    cut, end = register.exits["unamir-rwa-1994"], register.exits["unamir-rwa-1996"]
    assert (cut.start, cut.over, cut.peak.people) == ("1994-04", "1994-04", 2485)
    assert (end.first, end.peak.people) == ("1994-07", 7750)
    out = {mission: (one.host, one.because) for one in register.left_out for mission in one.missions}
    assert out["UNPROFOR"] == ("BIH", "larger-force")
    assert {out[mission][1] for mission in ("UNIKOM", "UNMEE", "UNPREDEP")} == {"not-inside-a-state"}
    assert out["UNMIBH"][1] == "police" and out["UNMIS"][1] == "divided-state"
    assert {"UNMIL", "UNOCI", "MINUSTAH", "UNAMID"} <= {m for one in register.exits.values() for m in one.missions}
    assert {one.host for one in register.exits.values()} <= set(states())


def test_the_table_has_a_row_for_each_and_says_what_does_not_count():
    everything, then = hm.exits(), hm.exits("2023-06")
    assert list(everything[everything["counts"]]["exit"])[:2] == ["unavem-ago-1992", "onusal-slv-1993"]
    assert int(everything["counts"].sum()) == 21 and int(then["counts"].sum()) == 20
    (late,) = then[(then["exit"] != "") & ~then["counts"]].to_dict("records")
    assert (late["exit"], late["because"]) == ("minusma-mli-2023", "not-known-yet")
    assert "60 months, were not over by 2023-06" in late["why"]
    row = everything.set_index("exit").loc["untac-khm-1993"]
    assert (row["host"], row["peak"], row["start"], row["end"], row["pace"]) == ("KHM", 18907, "1993-08", "1993-09", 2)


def test_the_register_of_exits_is_no_file_of_evidence_items():
    files = {path.name for path in load_register().files}
    assert {"peacekeeping.yaml", "accords.yaml"} <= files and "exits.yaml" not in files


WRONG = [
    ("below_80: {month: 1993-08, source: strengths}", "below_80: {month: 1993-07, source: strengths}",
     r"exits\[1\]\.below_80\.month \(line 51\): the table of strengths has 1993-08; write this\."),
    ("peak: {people: 18907,", "peak: {people: 18900,",
     r"exits\[1\]\.peak\.people \(line 50\): the table of strengths has"),
    ("end: {month: 1993-09, source: list}", "end: {month: 1993-10, source: list}",
     r"exits\[1\]\.end\.month \(line 55\): the table of operations has 1993-09"),
    ("kind: mandate-done", "kind: mandate-don",
     r"exits\[1\]\.kind \(line 47\): 'mandate-don' is not one of .*Did you mean"),
    ("decision: {month: 1993-08, source: council, note: resolution 860}", "decision: {month: 1993-08, source: council}",
     r"exits\[1\]\.decision \(line 54\): .*source council needs a note"),
    ("people: 20, at_once: true", "people: 12000, at_once: true",
     r"exits\[1\]\.stayed\[0\]\.people .*move this exit to left_out \(larger-force\)"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "told"), WRONG)
def test_what_is_wrong_is_said_with_file_place_and_line(tmp_path, before, after, told):
    copy_project(tmp_path, without=["data"])
    path = tmp_path / "seeds/evidence/exits.yaml"
    head, entry = path.read_text(encoding="utf-8").split("- id: untac-khm-1993")
    entry = entry.replace(before, after, 1).replace("shape: observers", "shape: force", 1)
    path.write_text(f"{head}- id: untac-khm-1993-own{entry}", encoding="utf-8")
    with using_project(tmp_path), pytest.raises(InputError, match=told) as caught:
        load_exits()
    assert "seeds/evidence/exits.yaml: " in str(caught.value)


def test_validate_reads_the_register_of_a_case(tmp_path):
    copy_project(tmp_path)
    path = tmp_path / "seeds/evidence/exits.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("because: party", "because: partial", 1), encoding="utf-8")
    with using_project(tmp_path), pytest.raises(InputError, match=r"left_out\[\d+\]\.because \(line \d+\)"):
        hm.validate()


def test_a_case_s_own_exits_come_beside_the_library_s(tmp_path, register):
    copy_project(tmp_path, without=["data", "evidence"])
    (tmp_path / "seeds/evidence").mkdir()
    own = (seeds_folder() / "evidence/exits.yaml").read_text(encoding="utf-8")
    only = own[own.index("- id: minusma-mli-2023") : own.index("\nleft_out:")]
    text = only.replace("minusma-mli-2023", "own-exit").replace("host: MLI", "host: HTI")
    (tmp_path / "seeds/evidence/exits.yaml").write_text("exits:\n" + text, encoding="utf-8")
    with using_project(tmp_path):
        found = load_exits()
    assert list(found.exits) == [*register.exits, "own-exit"] and found.rule == register.rule
    same = (seeds_folder() / "evidence/exits.yaml").read_text(encoding="utf-8").replace("host: KHM", "host: LAO")
    (tmp_path / "seeds/evidence/exits.yaml").write_text(same, encoding="utf-8")
    with using_project(tmp_path), pytest.raises(InputError, match="'untac-khm-1993' stands already, with other"):
        load_exits()


def test_a_date_from_a_resolution_names_it():
    with pytest.raises(ValueError, match="needs a note"):
        Dated(month="1994-04", source="council")
