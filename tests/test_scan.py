"""`harmattan new scenario NAME --template scan` writes a yardstick and every corner of some drivers, or nothing."""

import json
import sys

import pytest
from made import copy_made_case

from harmattan.claims.register import load_register
from harmattan.cli import door
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.core.resources import PROJECT_VARIABLE
from harmattan.core.terminal import terminal_words
from harmattan.explain.scanning import strongest_drivers
from harmattan.schema.scans import start_scan
from harmattan.schema.scenario import load_scenario


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the made-up case, in use: vacancy can go two ways, the other drivers one."""
    copy_made_case(tmp_path / "mine")
    monkeypatch.setenv(PROJECT_VARIABLE, str(tmp_path / "mine"))
    return tmp_path / "mine"


def new_files(folder, before):
    return {path.stem for path in folder.glob("*.yaml")} - before


def states(name, *drivers):
    settings = load_scenario(name).setting
    return tuple((settings(driver).state, settings(driver).branch) for driver in drivers)


def test_two_drivers_of_two_and_three_ways_make_a_yardstick_five_singles_and_six_corners(project):
    before = {path.stem for path in (project / "scenarios").glob("*.yaml")}
    started = start_scan("look", ["raiders", "vacancy"])
    names = new_files(project / "scenarios", before)
    assert len(names) == 1 + (2 + 3) + 2 * 3 and started.path.stem == "look"
    assert load_scenario("look").drivers == load_scenario("leaves").drivers
    gone, bold = ("absent", None), ("happens", None)
    assert states("look_raiders_happens", "raiders", "vacancy") == (bold, ("from-claims", None))
    assert states("look_vacancy_filled", "raiders", "vacancy") == (("from-claims", None), ("happens", "filled"))
    corners = {states(name, "raiders", "vacancy") for name in names if "corner" in name}
    ways = [("happens", "open"), ("happens", "filled"), gone]
    assert corners == {(one, other) for one in (bold, gone) for other in ways}


def test_one_driver_needs_no_corners(project):
    before = {path.stem for path in (project / "scenarios").glob("*.yaml")}
    start_scan("look", ["raiders"])
    names = new_files(project / "scenarios", before)
    assert names == {"look", "look_raiders_happens", "look_raiders_absent"}


def test_what_to_do_next_names_the_record_alone_all_files_and_the_yardstick_last(project):
    told = start_scan("look", ["raiders"]).next.rpartition("harmattan compare ")[2].split()
    assert told == ["baseline", "look_raiders_happens", "look_raiders_absent", "look"]


def test_a_yardstick_with_a_clock_of_its_own_is_not_held_against_the_record_alone(project):
    path = project / "scenarios" / "stays.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "months: 12\n", encoding="utf-8")
    assert "compare look_" in start_scan("look", ["raiders"], "stays").next


def test_files_of_a_scan_take_the_place_of_what_the_extended_scenario_sets(project):
    start_scan("look", ["vacancy"], "abandoned")  # where vacancy stays open
    assert states("look_vacancy_filled", "vacancy", "raiders") == (("happens", "filled"), ("happens", None))
    assert states("look_vacancy_absent", "vacancy") == (("absent", None),)


def test_a_scan_lies_in_a_folder_of_its_own_where_one_is_named(project, tmp_path):
    started = start_scan("look", ["raiders"], out=tmp_path / "far")
    assert load_scenario(tmp_path / "far" / "look_raiders_absent.yaml").setting("raiders").state == "absent"
    assert not (project / "scenarios" / "look.yaml").exists()
    assert started.next.endswith(f"baseline {tmp_path}/far/look_*.yaml {tmp_path}/far/look.yaml")


def test_its_comments_say_where_the_worth_of_knowing_stands(project):
    text = start_scan("look", ["raiders"]).path.read_text(encoding="utf-8")
    assert "harmattan explain leaves" in text and "harmattan signposts leaves" in text


@pytest.mark.parametrize(
    ("name", "drivers", "part"),
    [
        ("look", ["raidres"], "Did you mean 'raiders'"),
        ("look", [], "needs a driver"),
        ("look", ["raiders", "raiders"], "named twice"),
        ("Look", ["raiders"], "cannot be a name"),
        ("drivers", ["raiders"], "holds something else"),
        ("stays", ["raiders"], "exists already"),
    ],
)
def test_what_cannot_be_scanned_is_refused_and_nothing_is_written(project, name, drivers, part):
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    with pytest.raises(InputError) as caught:
        start_scan(name, drivers)
    assert part in str(caught.value)
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before
    with speaking("fr"):
        assert terminal_words(str(caught.value)) != str(caught.value)


def test_one_file_that_exists_keeps_all_others_from_being_written(project):
    taken = project / "scenarios" / "look_raiders_absent.yaml"
    taken.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="look_raiders_absent"):
        start_scan("look", ["raiders"])
    assert [path.name for path in (project / "scenarios").glob("look*")] == [taken.name]
    assert taken.read_text(encoding="utf-8") == "mine"


def test_corners_beyond_what_a_reader_can_take_are_refused(project, monkeypatch):
    monkeypatch.setattr("harmattan.schema.scans.MOST_CORNERS", 11)  # 2 x 3 x 2 = 12
    with pytest.raises(InputError, match="12 corners"):
        start_scan("look", ["raiders", "vacancy", "patrols"])


def test_the_strongest_drivers_are_those_of_most_weight_size_and_share_whichever_way(project):
    """By hand: sum of weight x |mean| over the branches, times the mean share over the 60 months."""
    from harmattan.claims.derivation import driver_priors
    from harmattan.explain.acting import mean_exposures

    register = load_register()
    priors, shares = driver_priors(register), mean_exposures(register, load_scenario("leaves"))
    months = {"short": 6, "mid": 18, "long": 36}
    moves = {}
    for driver in register.drivers:
        prior = priors.sel(driver=driver)
        parts = zip(prior["weight"].values, prior["mean"].values, strict=True)
        size = sum(weight * abs(mean) for weight, mean in parts)
        at = shares.sel(driver=driver, country="QMA", outcome="one_sided")
        moves[driver] = size * sum(float(at.sel(horizon=name)) * held for name, held in months.items()) / 60
    ranked = sorted((name for name in moves if moves[name]), key=lambda name: -moves[name])
    assert "river-trade" not in ranked  # it acts on fights among groups alone
    assert strongest_drivers(most=4) == ranked and strongest_drivers() == ranked[:2]
    assert strongest_drivers("baseline") == []


@pytest.fixture
def harmattan(capsys, monkeypatch):
    def run(*words):
        monkeypatch.setattr(sys, "argv", ["harmattan", *words])
        with pytest.raises(SystemExit) as end:
            door.main()
        out, err = capsys.readouterr()
        return end.value.code, out, err

    return run


def test_the_command_scans_what_moves_the_answer_most_or_what_is_named(project, harmattan):
    code, out, _ = harmattan("new", "scenario", "look", "--template", "scan", "--json")
    first, second = strongest_drivers()
    assert code == 0 and f"look_{first}_absent" in json.loads(out)["next"]
    assert (project / "scenarios" / f"look_{second}_absent.yaml").exists()
    assert harmattan("new", "scenario", "own", "--template", "scan", "--drivers", "river-trade")[0] == 0
    assert load_scenario("own_river-trade_happens").setting("river-trade").state == "happens"
    assert harmattan("validate")[0] == 0


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("claim", "gazette-007", "--template", "scan"), "--template goes with"),
        (("scenario", "look", "--drivers", "raiders"), "--drivers goes with"),
        (("scenario", "look", "--template", "scan", "--extends", "baseline"), "No driver moves the answer"),
    ],
)
def test_what_does_not_go_with_a_scan_ends_with_code_2(project, harmattan, words, part):
    code, out, err = harmattan("new", *words)
    assert (code, out) == (2, "") and part in err
    assert not list((project / "scenarios").glob("look*"))
