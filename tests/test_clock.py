"""What is asked (as of when, how far, from which exit) stands apart from what a scenario assumes."""

import json
import re
from pathlib import Path

import pytest
from made import copy_made_case

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.core.errors import InputError
from harmattan.core.resources import PROJECT_VARIABLE, shipped_root, using_project
from harmattan.explain.acting import quantity_ids
from harmattan.explain.resolved import view_scenario
from harmattan.run.asking import Ask
from harmattan.run.results import Forecast
from harmattan.schema.clock import Asking
from harmattan.schema.scenario import load_scenario, scenario_names

KEYS = set(Asking.model_fields)
CASES = [shipped_root(), *sorted(path.parent for path in (shipped_root() / "cases").glob("*/case.yaml"))]
HEAD = "extends: leaves\ntitle: t\ncondition: c\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the made-up case that may be changed."""
    root = copy_made_case(tmp_path / "case")
    monkeypatch.setenv(PROJECT_VARIABLE, str(root))
    return root


def write(folder, text, name="mine"):
    path = folder / f"{name}.yaml"
    path.write_text(f"id: {name}\n{text}", encoding="utf-8")
    return path


def edit_case(project, old, new):
    path = project / "case.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_the_scenarios_of_a_shipped_case_hold_assumptions_only(case):
    with using_project(case):
        for name in scenario_names():
            scenario = load_scenario(name)
            assert not KEYS & scenario.model_fields_set, f"{name} asks something of its own"
            assert not KEYS & set(scenario.assumptions)


def test_the_program_reads_no_date_and_no_length_from_a_scenario():
    """A scenario keeps what its own file asks; what a run goes by is the clock that is made from it."""
    read = re.compile(rf"\b\w*scenarios?\w*(?:\[\w+\])?\.(?:{'|'.join(sorted(KEYS))})\b")
    code = Path(hm.__file__).parent
    assert {f"{path}: {found}" for path in code.rglob("*.py") for found in read.findall(path.read_text())} == set()


def test_what_is_asked_is_the_commands_else_the_files_own_else_the_cases(project, tmp_path):
    case = Ask().of("leaves").clock
    own = write(tmp_path, HEAD + "months: 24\nas_of: 2020-05\nclaims_as_of: 2020-04\n")
    assert Ask().of(own).clock == case.asked(Asking(months=24, as_of="2020-05", claims_as_of="2020-04"))
    asked = Ask(as_of="2021-03", months=5, claims_as_of="2020-02").of(own).clock
    assert (asked.as_of, asked.months, asked.claims_as_of) == ("2021-03", 5, "2020-02")
    assert (asked.exit, asked.horizons) == (case.exit, case.horizons)


def test_the_case_says_how_many_months_and_by_when_documents_were_written(project):
    edit_case(project, "  months: 60", '  months: 18\n  claims_as_of: "2020-01"')
    clock = Ask().of("leaves").clock
    assert (clock.months, clock.claims_as_of) == (18, "2020-01")
    places = {value.key: (value.value, value.where.split(":")[0]) for value in view_scenario("leaves").values}
    assert places["months"] == (18, "case.yaml") and places["claims_as_of"] == ("2020-01", "case.yaml")


def test_one_horizon_of_a_files_own_leaves_the_others_the_cases(project, tmp_path):
    before = Ask().of("leaves").clock.horizons
    horizons = Ask().of(write(tmp_path, HEAD + "horizons: {short: [1, 3]}\n")).clock.horizons
    assert horizons == {**before, "short": (1, 3)}


@pytest.mark.parametrize("key", ["as_of", "exit", "months", "horizons"])
def test_a_key_of_what_is_asked_that_is_left_empty_is_refused(key, project, tmp_path):
    with pytest.raises(InputError, match=rf"mine\.yaml: {key} \(line 5\): .*leave the key out"):
        load_scenario(write(tmp_path, f"{HEAD}{key}:\n"))


@pytest.mark.parametrize("asking", ["months: true", "months: 0", "horizons: {short: [6, 1]}", "as_of: '2020-13'"])
def test_what_a_file_asks_is_checked_with_its_place(asking, project, tmp_path):
    with pytest.raises(InputError, match=rf"mine\.yaml: {asking.split(':')[0]}\S* \(line 5\)"):
        load_scenario(write(tmp_path, f"{HEAD}{asking}\n"))


def test_a_file_whose_run_would_end_before_the_exit_is_refused(project, tmp_path):
    with pytest.raises(InputError, match=r"mine\.yaml: .*ends before the exit"):
        load_scenario(write(tmp_path, HEAD + "as_of: 2019-01\nmonths: 3\n"))


def test_a_result_says_what_was_asked_beside_what_was_assumed(project, made_fit, tmp_path):
    run: Forecast = hm.forecast("leaves", months=4, draws=20)
    assert run.clock == Ask(months=4).of("leaves").clock
    shown = view_scenario("leaves").as_dict()
    assert not KEYS & set(shown["scenario"]) and set(shown["clock"]) == KEYS
    hm.explain("leaves", months=6, draws=200, out=tmp_path / "explained")
    record = json.loads((tmp_path / "explained" / "run.json").read_text())
    assert not KEYS & set(record["scenario"]) and record["clock"]["months"] == 6


def test_numbers_are_named_by_the_cases_horizons(project):
    edit_case(project, "horizons: {short: [1, 6], mid: [7, 24], long: [25, 60]}", "horizons: {mid: [1, 24]}")
    assert {name.split("/")[-1] for name in quantity_ids(open_case())} == {"mid"}
