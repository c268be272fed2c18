"""A clone sets itself up: the pins are complete and neutral, and a usable Python is found where there is one."""

import csv
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = (ROOT / "requirements.lock").read_text().splitlines()
BROWSER = (ROOT / "tests" / "browser.lock").read_text().splitlines()
NOTEBOOKS = (ROOT / "notebooks" / "requirements.lock").read_text().splitlines()
SCRIPTS = sorted((ROOT / ".ci").iterdir())


def normal(name):
    """The name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", name, maxsplit=1)[0]).lower()


PINNED = {normal(line): line for line in LOCK}
EXTRAS = PROJECT["project"]["optional-dependencies"]


@pytest.mark.parametrize(
    "lines", [LOCK, NOTEBOOKS, BROWSER], ids=["requirements.lock", "notebooks/requirements.lock", "tests/browser.lock"]
)
def test_every_line_of_a_lock_pins_one_version_and_names_no_host(lines):
    pin = re.compile(r"[a-z0-9][a-z0-9.-]*==[a-z0-9.+!-]+( ; [a-z_]+ [!=]= '\w+'( and [a-z_]+ [!=]= '\w+')*)?", re.I)
    assert [line for line in lines if not pin.fullmatch(line)] == []
    assert sorted({normal(line) for line in lines}) == [normal(line) for line in lines], "sorted, each package once"


def test_the_lock_pins_everything_the_project_declares():
    declared = [*PROJECT["project"]["dependencies"], *EXTRAS["dev"]]
    assert {normal(name) for name in declared} - set(PINNED) == set()
    assert normal(PROJECT["build-system"]["requires"][0]) in PINNED


def test_what_opens_the_notebooks_is_pinned_apart_so_that_setup_stays_quick():
    added = {normal(line) for line in NOTEBOOKS}
    assert added & set(PINNED) == set()
    assert {normal(name) for name in EXTRAS["notebooks"]} <= added | set(PINNED)
    assert "jupyterlab" in added


def test_what_drives_a_browser_is_pinned_apart_too():
    added = {normal(line) for line in BROWSER}
    assert added & set(PINNED) == set()
    assert {normal(name) for name in EXTRAS["browser"]} <= added
    target = re.search(r"^test-browser: setup\b.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.M)[1]
    assert target.index(".ci/setup-browser") < target.index("pytest -m browser")


def test_the_lock_leaves_out_what_the_project_does_not_use():
    assert {"jax", "jaxlib", "uv", "pip", "harmattan"} & set(PINNED) == set()


def test_the_named_python_is_one_that_the_project_accepts():
    named = (ROOT / ".python-version").read_text().strip()
    assert PROJECT["project"]["requires-python"] == f">={named}"
    assert sys.version_info[:2] >= tuple(int(part) for part in named.split("."))


def test_the_times_that_are_shown_are_those_of_this_version():
    timed = json.loads((ROOT / "benchmarks" / "results" / "steps.json").read_text())
    assert timed["harmattan"] == PROJECT["project"]["version"], "make bench"
    with open(ROOT / "benchmarks" / "results" / "engines.csv", encoding="utf-8", newline="") as file:
        assert {row["version"] for row in csv.DictReader(file)} == {PROJECT["project"]["version"]}, "make bench"


def test_brief_and_test_set_up_what_they_lack():
    makefile = (ROOT / "Makefile").read_text()
    for target in ("brief", "test", "test-slow", "lint", "notebook", "bench", "check-inference"):
        assert re.search(rf"^{target}: setup\b", makefile, re.M), target


def test_the_machine_checks_style_and_types_and_ends_with_the_tests():
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-3:] == ["make lint", "make test", "make test-browser"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_parse_and_may_be_run(script):
    shell = script.read_text().splitlines()[0].removeprefix("#!").split()[-1].rsplit("/", 1)[-1]
    assert subprocess.run([shell, "-n", script], check=False).returncode == 0
    assert os.access(script, os.X_OK)


@pytest.fixture
def stage(tmp_path):
    """A copy of the finder in a folder with a space in its name, and a PATH with nothing but the tools it needs."""
    checkout, tools = tmp_path / "a checkout", tmp_path / "some tools"
    (checkout / ".ci").mkdir(parents=True)
    (checkout / ".ci" / "find-python").write_text((ROOT / ".ci" / "find-python").read_text())
    tools.mkdir()
    for name in ("sh", "cat", "dirname", "rm"):
        (tools / name).symlink_to(subprocess.check_output(["/bin/sh", "-c", f"command -v {name}"], text=True).strip())
    command(tools / "id", "echo nobody-of-this-name")  # keeps the account's own pyenv out of the test
    return checkout, tools, tmp_path / "home"


def command(path, script):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def this_python(path):
    command(path, f'exec "{sys.executable}" "$@"')


def find(stage):
    checkout, tools, home = stage
    return subprocess.run(
        ["/bin/sh", checkout / ".ci" / "find-python"],
        env={"PATH": str(tools), "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def found(stage):
    answer = find(stage)
    assert answer.returncode == 0, answer.stderr
    return os.path.realpath(answer.stdout.strip()) == os.path.realpath(sys._base_executable)


def test_shims_that_fail_and_old_versions_are_passed_over(stage):
    _, tools, _ = stage
    command(tools / "python3.12", "echo 'command not found: python3.12' >&2; exit 127")
    command(tools / "python3", "exit 1")
    this_python(tools / "python3.13")
    assert found(stage)


def test_pyenv_is_searched_in_the_home_folder(stage):
    this_python(stage[2] / ".pyenv" / "versions" / "3.12.1" / "bin" / "python")
    assert found(stage)


def test_uv_is_asked_when_it_is_there(stage):
    _, tools, _ = stage
    this_python(tools.parent / "by uv" / "python")
    command(tools / "uv", f'[ "$2" = find ] && echo "{tools.parent}/by uv/python"')
    assert found(stage)


def test_a_broken_environment_is_passed_over(stage):
    checkout, tools, _ = stage
    command(checkout / ".venv" / "bin" / "python", "exit 1")
    this_python(tools / "python3.12")
    assert found(stage)


def test_without_any_python_the_message_says_what_to_do(stage):
    answer = find(stage)
    assert answer.returncode == 1 and answer.stdout == ""
    assert "Install one, for instance with" in answer.stderr
    assert str(stage[0]) not in answer.stderr
