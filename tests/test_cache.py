"""What is kept from run to run: listed, verified, pruned, and made by one process where several ask for it at once."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest
from made import AS_OF, UNITS, made_borders, made_record
from sampling import SHORT

from harmattan.cli.app import app
from harmattan.core.caches import compiled_folder
from harmattan.core.compiling import code_digest
from harmattan.core.errors import InputError
from harmattan.core.keeping import kept
from harmattan.core.turns import lock_of, turn
from harmattan.model import program
from harmattan.model.fit import fit_model

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.usefixtures("made_case")


@pytest.fixture
def folder(tmp_path, made_fit, monkeypatch):
    """A folder with one fit, and a compiled folder beside it."""
    fits, code = tmp_path / "fits", tmp_path / "code"
    monkeypatch.setenv("HARMATTAN_CACHE", str(fits))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(code))
    made_fit.save(fits / name_of(made_fit))
    return fits


def name_of(fit):
    return f"posterior-{fit.key[:32]}.nc"


def with_key(fit, key):
    return replace(fit, key=key * 64)


@pytest.fixture
def harmattan(capsys):
    """`harmattan cache` in this process; returns what it printed."""

    def run(*arguments):
        capsys.readouterr()
        app(["cache", *map(str, arguments)], standalone_mode=False)
        return capsys.readouterr().out

    return run


@pytest.fixture
def listed(harmattan):
    return lambda *arguments: json.loads(harmattan("--json", *arguments))


def damage(path):
    """Change one number in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


# Listed and verified


def test_a_kept_fit_is_listed_with_what_it_is_of(folder, made_fit, harmattan, listed):
    found = listed()
    (fit,) = found["kept"]
    assert fit["path"] == str(folder / name_of(made_fit))
    assert (fit["what"], fit["state"], fit["why"]) == ("fit", "used", "")
    assert (fit["as_of"], fit["units"], fit["drivers"], fit["draws"]) == (AS_OF, len(UNITS), 0, 120)
    assert fit["passed"] is False, "a short fit does not pass"
    assert 0 <= fit["age_in_days"] < 1
    assert fit["bytes"] == found["bytes"] == (folder / name_of(made_fit)).stat().st_size
    assert found["folders"] == [str(folder), str(compiled_folder())]
    said = harmattan()
    assert name_of(made_fit) in said and str(folder) in said and ": 1 fit, " in said
    assert f"\t{AS_OF}\t{len(UNITS)}\t0\t120\tFalse\t" in said


def test_where_nothing_is_kept_that_is_said(tmp_path, monkeypatch, harmattan):
    monkeypatch.setenv("HARMATTAN_CACHE", str(tmp_path / "none"))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "nothing"))
    assert harmattan().strip().endswith(": nothing.")
    assert list(tmp_path.iterdir()) == [], "looking makes no folder"


def test_a_damaged_fit_is_found_by_reading_it_wholly(folder, made_fit, harmattan, capsys):
    assert "each fit and result was read wholly" in harmattan("--verify")
    damage(folder / name_of(made_fit))
    with pytest.raises(InputError, match=rf"1 of the kept files cannot be read: {name_of(made_fit)}.*cache --prune`"):
        harmattan("--verify")
    with pytest.raises(InputError):
        harmattan("--verify", "--json")
    assert json.loads(capsys.readouterr().out)["kept"][0]["state"] == "damaged"


@pytest.mark.parametrize("what", ["another name", "half of it", "no netCDF"])
def test_whatever_cannot_be_used_is_damaged(folder, made_fit, what, harmattan, listed):
    path = folder / name_of(made_fit)
    if what == "another name":
        path = path.rename(folder / f"posterior-{'0' * 32}.nc")
    elif what == "half of it":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        path.write_text("something else")
    with pytest.raises(InputError, match=path.name):
        harmattan("--verify")
    pruned = listed("--prune")
    assert pruned["removed"] == [str(path)] and not path.exists()


# Pruned


def test_what_another_program_made_is_stale_and_goes(folder, made_fit, monkeypatch, listed):
    now = program.signature()
    for key, made_by in {"x": {"numba": "0.1"}, "y": {"code": "other"}, "z": {"harmattan": "0.0"}}.items():
        with monkeypatch.context() as patch:
            patch.setattr("harmattan.model.posterior.signature", lambda other=made_by: now | other)
            other = with_key(made_fit, key)
            other.save(folder / name_of(other))
    states = {Path(one["path"]).name[10]: (one["state"], one["why"]) for one in listed()["kept"]}
    assert states["x"] == ("stale", f"numba 0.1, now {now['numba']}")
    assert states["y"] == ("stale", "the model's code")
    assert states["z"] == ("used", ""), "another version whose draws are the same"
    would = listed("--prune", "--dry-run")
    assert {Path(path).name[10] for path in would["removed"]} == {"x", "y"}
    assert len(list(folder.iterdir())) == 4, "nothing is removed when it is only asked"
    pruned = listed("--prune")
    assert pruned["removed_bytes"] == would["removed_bytes"] > 100_000
    assert {path.name[10] for path in folder.iterdir()} == {"z", made_fit.key[0]}


def test_left_overs_and_old_code_go_and_foreign_files_stay(folder, made_fit, harmattan, listed):
    compiled = compiled_folder()
    in_fits = [folder / name for name in ("calibration-1-2-3-4/00001.json", ".harmattan-0a1b2c.nc", "notes.txt")]
    in_code = [compiled / name for name in (f"{code_digest()}/new.nbc", f"{'0' * 16}/old.nbc", "mine/x")]
    for path in (*in_fits, *in_code):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    lock_of(folder / "posterior-dead.nc").touch()  # of a process that was killed
    said = harmattan("--prune")
    assert "Removed: " in said and "1 folder of compiled code" in said
    assert sorted(path.name for path in folder.iterdir()) == sorted([name_of(made_fit), "notes.txt"])
    assert sorted(path.name for path in compiled.iterdir()) == sorted([code_digest(), "mine"])
    left = listed("--prune", "--all")
    assert {Path(path).name for path in left["removed"]} == {name_of(made_fit), code_digest()}
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_old_fits_go_where_that_is_asked(folder, made_fit, listed):
    old = with_key(made_fit, "x")
    old.save(folder / name_of(old))
    ago = time.time() - 40 * 24 * 60 * 60
    os.utime(folder / name_of(old), (ago, ago))
    assert listed("--prune", "--older-than", 60)["removed"] == []
    assert listed("--prune", "--older-than", 30)["removed"] == [str(folder / name_of(old))]


def test_what_a_running_process_is_making_stays(folder, made_fit, listed):
    begun = folder / ".harmattan-0a1b2c.nc"
    begun.write_text("x")
    with turn(folder / name_of(made_fit)), turn(folder / "posterior-new.nc"):
        found = {Path(one["path"]).name: one["state"] for one in listed()["kept"]}
        assert found == dict.fromkeys((name_of(made_fit), "posterior-new.nc", begun.name), "being made")
        assert listed("--prune", "--all")["removed"] == []
        assert begun.is_file() and (folder / name_of(made_fit)).is_file()
    assert len(listed("--prune", "--all")["removed"]) == 2
    assert list(folder.iterdir()) == []


def test_what_to_prune_is_not_said_without_prune(folder, harmattan):
    for option in (["--all"], ["--dry-run"], ["--older-than", "3"]):
        with pytest.raises(InputError, match="add --prune"):
            harmattan(*option)


# Several processes at once

FIT = """
    import signal, sys, time
    from pathlib import Path
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.path.insert(0, {tests!r})
    from made import AS_OF, made_borders, made_record
    from sampling import SHORT
    from harmattan.model import fit

    sample, here = fit.sampled, Path({here!r})

    def sample_when_allowed(*given):
        (here / ("sampling-" + sys.argv[1])).touch()
        while not (here / "go").exists():
            time.sleep(0.02)
        return sample(*given)

    fit.sampled = sample_when_allowed
    waits = lambda: (here / ("waits-" + sys.argv[1])).touch()
    fit.fit_model(made_record(AS_OF), made_borders(), settings=SHORT, waits=waits).save(here / (sys.argv[1] + ".nc"))
"""


class Fitting:
    """Processes that ask for the same fit; none samples before it is allowed to."""

    def __init__(self, here):
        self.here, self.running = here, {}
        self.script = dedent(FIT.format(tests=str(ROOT / "tests"), here=str(here)))
        self.environment = os.environ | {"PYTHONPATH": str(ROOT / "models"), "HARMATTAN_CACHE": str(here / "fits")}

    def begin(self, name, until):
        command = [sys.executable, "-c", self.script, name]
        self.running[name] = subprocess.Popen(command, env=self.environment, stderr=subprocess.PIPE, text=True)
        self.until(f"{until}-{name}")

    def until(self, marker):
        end = time.monotonic() + 60
        while not (self.here / marker).exists():
            assert time.monotonic() < end, marker
            time.sleep(0.02)

    def stop(self, name, number):
        self.running[name].send_signal(number)
        said = self.running[name].communicate(timeout=10)[1]
        return self.running[name].returncode, said

    def ended(self, name):
        assert self.running[name].wait(timeout=60) == 0
        return (self.here / f"{name}.nc").read_bytes()

    def sampled(self):
        return sorted(path.name for path in self.here.glob("sampling-*"))


@pytest.fixture
def fitting(tmp_path):
    made = Fitting(tmp_path)
    yield made
    for process in made.running.values():
        process.kill()
        process.communicate()


def test_of_two_processes_that_ask_for_a_fit_one_makes_it_and_both_have_it(fitting):
    fitting.begin("first", "sampling")
    fitting.begin("second", "waits")
    (fitting.here / "go").touch()
    assert fitting.ended("first") == fitting.ended("second")
    assert fitting.sampled() == ["sampling-first"]
    assert [path.suffix for path in (fitting.here / "fits").iterdir()] == [".nc"], "no lock stays"


def test_the_fit_of_a_process_that_was_killed_is_made_by_the_one_that_waited(fitting):
    fitting.begin("first", "sampling")
    fitting.begin("second", "waits")
    fitting.stop("first", signal.SIGKILL)
    fitting.until("sampling-second")
    (fitting.here / "go").touch()
    fitting.ended("second")
    assert [path.suffix for path in (fitting.here / "fits").iterdir()] == [".nc"]


def test_a_command_says_that_it_waits_and_can_be_interrupted(tmp_path, made_fit, monkeypatch):
    monkeypatch.setenv("HARMATTAN_CACHE", str(tmp_path))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with turn(tmp_path / full_name(made_fit)):
            process = subprocess.Popen(
                [sys.executable, "-m", "harmattan", "forecast", "--months", "2", "--draws", "5"],
                env=os.environ | {"PYTHONPATH": str(ROOT / "models")}, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
            for line in process.stderr:
                if "waits" in line:
                    break
            assert line.strip() == f"fit the model, to {AS_OF}: waits for another run that does the same ..."
            process.send_signal(signal.SIGINT)
            rest = process.communicate(timeout=10)[1]
    finally:
        signal.signal(signal.SIGINT, before)
    assert process.returncode == 130
    assert rest.strip() == "harmattan: stopped; nothing was left half-written."
    assert list(tmp_path.iterdir()) == []


def full_name(fit):
    from harmattan.model.fit import fit_key
    from harmattan.model.specification import SamplerSettings

    key = fit_key(made_record(AS_OF), made_borders(), None, fit.specification, SamplerSettings())
    return f"posterior-{key[:32]}.nc"


def test_where_no_lock_can_be_made_things_are_made_without(tmp_path, monkeypatch):
    def refuse(*given, **more):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("fcntl.flock", refuse)
    monkeypatch.setenv("HARMATTAN_CACHE", str(tmp_path))
    write = lambda made, path: path.write_text(made)  # noqa: E731
    assert kept("a.txt", Path.read_text, lambda: "made", write) == "made"
    assert kept("a.txt", Path.read_text, lambda: "made anew", write) == "made"


def test_what_is_kept_is_read_without_a_lock(folder, made_fit):
    with turn(folder / name_of(made_fit)):
        found = fit_model(made_record(AS_OF), made_borders(), settings=SHORT)
    assert found.key == made_fit.key
