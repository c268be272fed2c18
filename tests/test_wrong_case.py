"""A wrong case is refused by every command at once: with code 2, in one paragraph, before anything heavy is loaded."""

import json
import shutil
import subprocess
import sys

import pytest
from made import CASE, copy_made_case

HEAVY = {"pymc", "pytensor", "nutpie", "arviz", "matplotlib"}
"""What takes the seconds: nothing of it is needed to see that a case is wrong."""

COMMANDS = ("forecast --quiet", "compare leaves stays --quiet", "brief --quiet", "explain --quiet", "validate")

RUN = """
import contextlib, io, json, sys
from harmattan.cli.door import main
told = []
for folder, command in json.loads(sys.argv[1]):
    sys.argv = ["harmattan", "--project", folder, *command.split()]
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as stopped:
            code = stopped.code
    told.append([code, out.getvalue(), err.getvalue()])
print(json.dumps({"told": told, "loaded": sorted(sys.modules)}))
"""


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def record_of(folder):
    return folder / "seeds" / "data" / "ucdp" / "country_month.csv"


def in_case(old, new):
    return lambda folder: change(folder / "case.yaml", old, new)


def in_record(old, new):
    return lambda folder: change(record_of(folder), old, new)


WRONG = {
    "an unknown unit as home": (in_case("home: QMA", "home: QMX"), ["case.yaml", "'QMX'", "units.list"]),
    "an unknown unit among the watched": (in_case("units: [QMC, QMI]", "units: [QMC, QMX]"), ["case.yaml", "'QMX'"]),
    "a unit that the record lacks": (
        lambda folder: record_of(folder).write_text(record_of(CASE).read_text().replace(",QMC,", ",QMZ,")),
        ["country_month.csv", "QMC"],
    ),
    "an unknown key": (in_case("headline:", "hedline:"), ["case.yaml", "hedline", "Did you mean 'headline'"]),
    "another format": (in_case("format: 1", "format: 2"), ["case.yaml", "format (line 2)"]),
    "broken YAML": (in_case("list: [QMA,", "list: [[QMA,"), ["case.yaml", "line", "not YAML"]),
    "no record": (
        lambda folder: record_of(folder).unlink(),
        ["country_month.csv"],
    ),
    "no case.yaml": (lambda folder: (folder / "case.yaml").unlink(), ["case.yaml", "there is no such file"]),
    "a count that is none": (
        in_record("QMA,9001,2009-01,non_state,", "QMA,9001,2009-01,non_state,many"),
        ["line 2", "many"],
    ),
    "an unknown driver": (
        lambda folder: change(folder / "scenarios" / "drivers.yaml", "{driver: vacancy,", "{driver: vacanci,"),
        ["scenarios/drivers.yaml", "line", "'vacanci'", "Did you mean 'vacancy'"],
    ),
}


def told_of(asked):
    """Give (folder, command) pairs to one new process; return what it said to each, and what it had loaded after."""
    given = [sys.executable, "-c", RUN, json.dumps(asked)]
    return json.loads(subprocess.run(given, capture_output=True, text=True, check=True).stdout)


@pytest.fixture(scope="module")
def refusals(tmp_path_factory):
    """What every command says to every wrong case, and what one process had loaded after all of them."""
    folders = {name: copy_made_case(tmp_path_factory.mktemp("wrong") / "mine") for name in WRONG}
    for name, (spoil, _) in WRONG.items():
        spoil(folders[name])
    asked = [(name, command) for name in WRONG for command in COMMANDS]
    told = told_of([(str(folders[name]), command) for name, command in asked])
    for folder in folders.values():
        assert not list(folder.glob("out*")), "nothing is written"
        shutil.rmtree(folder)
    return dict(zip(asked, told["told"], strict=True)), set(told["loaded"])


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_case_is_refused_by_every_command_in_one_paragraph(refusals, name):
    for command in COMMANDS:
        code, out, err = refusals[0][name, command]
        assert (code, out) == (2, ""), (command, err)
        assert err.startswith("harmattan: ") and err.count("\n") == 1 and "Traceback" not in err, (command, err)
        assert all(part in err for part in WRONG[name][1]), (command, err)


def test_nothing_that_takes_seconds_is_loaded_for_it(refusals):
    assert not HEAVY & refusals[1]


def test_what_is_wrong_in_case_yaml_is_said_before_arrays_and_tables_are_loaded(tmp_path):
    folder = copy_made_case(tmp_path / "mine")
    WRONG["an unknown key"][0](folder)
    seen = told_of([(str(folder), command) for command in COMMANDS])
    assert [code for code, _, _ in seen["told"]] == [2] * len(COMMANDS)
    assert not {*HEAVY, "numpy", "pandas", "xarray", "numba", "scipy", "pyarrow"} & set(seen["loaded"])
