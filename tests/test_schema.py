"""The schema says where a YAML file is wrong, on which line, and what was probably meant."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from harmattan.core.errors import InputError
from harmattan.run.asking import Ask
from harmattan.schema.driver import read_drivers
from harmattan.schema.records import Claim
from harmattan.schema.scenario import load_scenario, scenario_names, scenario_sources
from harmattan.schema.validation import validate_list
from harmattan.schema.yaml_source import read_yaml

CLAIM = """\
- id: x-001-a
  proposition: violence-rises
  source: x
  file: x.txt
  lines: [1]
  paraphrase: Violence grows.
  horizon: short
  horizon_explicit: true
  outcome: armed_violence
  direction: increase
  hedge: "could"
  magnitude: ""
  claimant: the author
  places: [MLI]
  condition: ""
  kind: forecast
  scope: consequence
  implied: false
  drivers: []
  reliability: null
  resolution: {kind: dated-event, event: minusma-left, window: [1, 24]}
  note: ""
"""


def _written(folder: Path, text: str, name: str = "file.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _claim_error(folder: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        validate_list(Claim, read_yaml(_written(folder, text), root="claims"))
    return str(caught.value)


def test_a_good_claim_is_read_and_frozen(tmp_path):
    (claim,) = validate_list(Claim, read_yaml(_written(tmp_path, CLAIM)))
    assert (claim.lines, claim.resolution.event) == ((1,), "minusma-left")
    with pytest.raises(ValidationError):
        claim.hedge = "will"


@pytest.mark.parametrize(
    ("right", "wrong", "parts"),
    [
        ("direction: increase", "direction: increases", ["claims[0].direction (line 10)", "'increases'", "'increase'"]),
        ("horizon: short", "horizn: short", ["claims[0].horizn (line 7)", "unknown key 'horizn'", "'horizon'"]),
        ("kind: dated-event", "kind: dated-evnt", ["claims[0].resolution", "Did you mean 'dated-event'?"]),
        ("window: [1, 24]", "windw: [1, 24]", ["unknown key 'windw'", "Did you mean 'window'?"]),
        ("lines: [1]", "lines: [0]", ["claims[0].lines[0] (line 5)", "greater than or equal to 1"]),
    ],
)
def test_errors_name_file_path_line_and_what_was_meant(tmp_path, right, wrong, parts):
    message = _claim_error(tmp_path, CLAIM.replace(right, wrong))
    for part in ["file.yaml", *parts]:
        assert part in message, message


def test_all_problems_of_a_file_come_in_one_paragraph(tmp_path):
    message = _claim_error(tmp_path, CLAIM.replace("increase", "up").replace("kind: forecast", "kind: guess"))
    assert "claims[0].direction" in message and "claims[0].kind" in message and "\n" not in message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3: the key 'a' stands twice"),
        ("ok: 1\nanswer: no\n", "line 2: the unquoted value no means different things"),
        ("time: 12:30\n", 'write "12:30" in quotes'),
        ("code: 010\n", 'write "010" in quotes'),
        ("a: [1, 2\nb: 3\n", "this is not YAML"),
    ],
)
def test_yaml_traps_are_refused_with_their_line(tmp_path, text, part):
    with pytest.raises(InputError) as caught:
        read_yaml(_written(tmp_path, text))
    assert part in str(caught.value)


def test_dates_stay_text_and_quoted_traps_are_text(tmp_path):
    document = read_yaml(_written(tmp_path, 'day: 2023-06-30\nmonth: 2023-06\nword: "no"\nnumber: 1e-3\nyes_: true\n'))
    assert document.data == {"day": "2023-06-30", "month": "2023-06", "word": "no", "number": 0.001, "yes_": True}


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.yaml: there is no such file"):
        read_yaml(tmp_path / "nowhere.yaml")


def test_the_three_scenarios_differ_as_they_say():
    assert {"baseline", "mission_stays", "withdrawal"} <= set(scenario_names())
    baseline, withdrawal, stays = (load_scenario(name) for name in ("baseline", "withdrawal", "mission_stays"))
    apart_from_exit = {
        *("russian-footprint", "kremlin-wagner-rift", "great-power-contest", "peace-accord", "northern-separatism")
    }
    for driver in read_drivers():
        assert baseline.setting(driver).state == "absent"
        assert withdrawal.setting(driver).state == "from-claims"
        assert stays.setting(driver).state == ("from-claims" if driver in apart_from_exit else "absent")
    clock = Ask().of(withdrawal).clock
    assert (clock.as_of, clock.exit, clock.months) == ("2023-06", "2023-06", 60)
    assert clock.horizons == {"short": (1, 6), "mid": (7, 24), "long": (25, 60)}


def test_a_scenario_states_only_its_differences(tmp_path):
    _written(
        tmp_path,
        "id: parent\nextends: withdrawal\ndrivers: {set: {arms-flow: {state: happens, onset_month: 9}}}\n",
        "parent.yaml",
    )
    path = _written(
        tmp_path, "id: child\nextends: parent\nmonths: 24\ndrivers: {set: {arms-flow: {strength: 0.5}}}\n", "child.yaml"
    )
    child = load_scenario(path)
    setting = child.setting("arms-flow")
    assert (setting.state, setting.onset_month, setting.strength) == ("happens", 9, 0.5)
    assert (child.months, child.setting("urban-siege").state, child.extends) == (24, "from-claims", "parent")
    names = [file.name for file in scenario_sources(path)]
    assert names == ["child.yaml", "parent.yaml", "withdrawal.yaml", "baseline.yaml"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("id: s\nextends: withdrawl\n", ["extends (line 2)", "Did you mean 'withdrawal'?"]),
        ("id: s\nextends: s\n", ["circle", "s.yaml -> s.yaml"]),
        ("id: s\nextends: baseline\nmonth: 5\n", ["month (line 3)", "Did you mean 'months'?"]),
        ("id: s\nextends: baseline\nas_of: 2023-13\n", ["as_of (line 3)", "YYYY-MM"]),
        ("id: t\nextends: baseline\n", ["id (line 1)", "'s'"]),
        ("id: s\nextends: baseline\ndrivers:\n  set:\n    arms-flo: {state: happens}\n",
         ["drivers.set.arms-flo (line 5)", "Did you mean 'arms-flow'?"]),
        ("id: s\nextends: baseline\ndrivers:\n  set:\n    peace-accord: {state: happens}\n",
         ["drivers.set.peace-accord (line 5)", "collapses, settlement"]),
        ("id: s\nextends: baseline\ndrivers:\n  set:\n    peace-accord: {state: happens, branch: collapse}\n",
         ["branch (line 5)", "Did you mean 'collapses'?"]),
        ("- 1\n", ["a scenario is a mapping"]),
    ],
)  # fmt: skip
def test_scenario_errors_say_where_and_what_was_meant(tmp_path, text, parts):
    with pytest.raises(InputError) as caught:
        load_scenario(_written(tmp_path, text, "s.yaml"))
    for part in ["s.yaml", *parts]:
        assert part in str(caught.value), str(caught.value)


def test_an_unknown_scenario_name_gets_a_suggestion():
    with pytest.raises(InputError, match="Did you mean 'mission_stays'"):
        load_scenario("mission_stay")


def test_a_file_that_was_read_before_says_the_same_whatever_was_done_to_what_was_read(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("drivers:\n  set:\n    Old name: {state: absent}\n")
    first = read_yaml(file)
    first.rename_keys(("drivers", "set"), {"Old name": "new"})
    assert first.line_of(("drivers", "set", "new")) == 3
    again = read_yaml(file)
    assert again.data == {"drivers": {"set": {"Old name": {"state": "absent"}}}}
    assert again.line_of(("drivers", "set", "Old name")) == 3 and again.line_of(("drivers", "set", "new")) == 2
    file.write_text("drivers: {}\n")
    assert read_yaml(file).data == {"drivers": {}}, "what is kept goes by what the file says now"


def test_a_line_is_that_of_ones_own_key_whatever_is_merged_and_is_the_same_when_it_is_read_again(tmp_path):
    text = (
        "base: &base\n  first: 1\n  second: 2\nown:\n  <<: *base\n  second: 3\nlisted:\n- one\n- two: 2020\n  2021: x\n"
    )
    (tmp_path / "a.yaml").write_text(text)
    lines = {
        ("base", "second"): 3, ("own", "first"): 2, ("own", "second"): 6, ("listed", 1, "two"): 9,
        ("listed", 1, 2021): 10, ("listed", 2): 7, ("own", "third", "deeper"): 4, (): 1,
    }  # fmt: skip
    for document in (read_yaml(tmp_path / "a.yaml"), read_yaml(tmp_path / "a.yaml")):
        assert {path: document.line_of(path) for path in lines} == lines
