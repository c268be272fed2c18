"""What happens when the world is in the way: signals, full disks, read-only folders, damaged files, odd terminals.

Commands work on the made-up case. Mounts need root in a mount namespace of its own. The project's CI runs as root;
elsewhere these tests say so and skip.
"""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from made import AS_OF, made_borders, made_record
from sampling import SHORT

import harmattan as hm
from harmattan.core.caches import fits_folder
from harmattan.core.errors import InputError, Notice
from harmattan.core.files import check_file, check_folder, file_in_place, folder_in_place
from harmattan.model.fit import fit_model
from harmattan.model.posterior import Posterior
from harmattan.report.folders import results_in_place, write_record

ROOT = Path(__file__).resolve().parents[1]
HARMATTAN = [sys.executable, "-m", "harmattan"]

pytestmark = pytest.mark.usefixtures("made_case")


def can_mount():
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


as_root = pytest.mark.skipif(not can_mount(), reason="mounting needs root, which this machine does not give the tests")


def environment(**more):
    return os.environ | {"PYTHONPATH": str(ROOT / "models")} | {name: str(value) for name, value in more.items()}


def run(*arguments, **more):
    """Run a command; standard output and error are text."""
    folder = more.pop("cwd", ROOT)
    command = [*HARMATTAN, *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=environment(**more), capture_output=True, text=True, check=False, timeout=300
    )


def shell(script, *, mounting=False, **more):
    """Run a shell script in which $H is `harmattan`, if need be in a mount namespace of its own."""
    command = ["unshare", "-m", "bash", "-c", script] if mounting else ["bash", "-c", script]
    variables = environment(H=" ".join(HARMATTAN), **more)
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=300)


def refused(done, *parts):
    """Check that a command ended with code 2 and one sentence or two, and no traceback."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr and "Error:" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("harmattan: ")
    for part in parts:
        assert part in last


# Interrupted


@pytest.fixture
def control_c_is_heard():
    """A run of tests that was put in the background ignores Ctrl-C, and so would every command that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupted(number, *arguments, cache):
    process = subprocess.Popen(
        [*HARMATTAN, *map(str, arguments)],
        cwd=ROOT, env=environment(HARMATTAN_CACHE=cache), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    said = []
    for line in process.stderr:
        said.append(line)
        if line.startswith("simulate"):
            process.send_signal(number)
            break
    out, err = process.communicate(timeout=60)
    return process.returncode, out, "".join(said) + err


@pytest.mark.usefixtures("control_c_is_heard")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_command_says_one_line_and_leaves_nothing(made_fit, short_fits, tmp_path, number, code):
    out = tmp_path / "f.parquet"
    asked = ("forecast", "--months", 60, "--draws", 20_000, "--out", out)
    ended, printed, said = interrupted(number, *asked, cache=short_fits)
    assert ended == code
    assert printed == ""
    assert said.splitlines()[-1] == "harmattan: stopped; nothing was left half-written."
    assert "Traceback" not in said and said.count("harmattan:") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("control_c_is_heard")
def test_control_c_stops_a_chain_of_commands(made_fit, short_fits, tmp_path):
    script = """
        set -m
        { $H forecast --months 60 --draws 20000 --out f.parquet && echo "NEXT STEP RUNS"; } 2>said &
        until grep -q simulate said 2>/dev/null; do sleep 0.1; done
        kill -INT -$!; wait $!; echo "exit code $?"
    """
    done = shell(f"cd {tmp_path}; {dedent(script)}", HARMATTAN_CACHE=short_fits)
    assert "NEXT STEP RUNS" not in done.stdout
    assert "exit code 130" in done.stdout


def test_an_interrupted_fit_is_no_fit(monkeypatch, tmp_path):
    cancelled = []

    class Sampler:
        def wait(self):
            raise KeyboardInterrupt

        def cancel(self):
            cancelled.append(True)

    monkeypatch.setattr("nutpie.sample", lambda *given, **options: Sampler())
    monkeypatch.setenv("HARMATTAN_CACHE", str(tmp_path))
    with pytest.raises(KeyboardInterrupt):
        fit_model(made_record(AS_OF), made_borders(), settings=SHORT)
    assert cancelled == [True]
    assert list(tmp_path.iterdir()) == []


# Standard output and error


@pytest.mark.parametrize("command", ["show leaves", "schema claim", "--help"])
def test_a_reader_who_leaves_ends_a_command_quietly(command):
    done = shell(f"$H {command} | true; echo ${{PIPESTATUS[0]}}; $H {command} 2>&1 >/dev/null | true")
    assert done.stdout.strip() == "0"
    assert done.stderr == ""


def test_a_listener_who_leaves_costs_no_result(made_fit, short_fits, tmp_path):
    out = tmp_path / "f.csv"
    asked = f"$H forecast --months 2 --draws 5 --out {out}"
    done = shell(f"{{ {asked}; echo $? >{tmp_path}/code; }} 2>&1 >/dev/null | true", HARMATTAN_CACHE=short_fits)
    assert done.stderr == ""
    assert (tmp_path / "code").read_text().strip() == "0"
    assert len(out.read_text().splitlines()) == 1 + 2 * 5 * 15


def test_a_full_device_behind_the_standard_output_is_an_error():
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    refused(
        shell("$H schema claim --json >/dev/full || $H schema claim >/dev/full"), "standard output", "No space left"
    )
    assert shell("$H validate 2>/dev/full").returncode == 0


def test_closed_streams_are_nobody_to_talk_to():
    done = shell("$H show leaves >&-; echo $? >&2; $H validate >&- 2>&-")
    assert (done.returncode, done.stderr.strip()) == (0, "0")


def test_letters_that_a_terminal_lacks_become_question_marks():
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = run("show", "leaves", "--resolved", **plain)
    assert done.returncode == 0, done.stderr
    told = run("schema", "claim", **plain)
    assert json.loads(told.stdout)["title"]


# Files and folders that are written


def test_what_is_written_has_the_rights_that_the_umask_leaves(tmp_path):
    before = os.umask(0o027)
    try:
        with file_in_place(tmp_path / "new.txt") as path:
            path.write_text("new")
        with folder_in_place(tmp_path / "folder") as folder:
            (folder / "in.txt").write_text("in")
    finally:
        os.umask(before)
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("new.txt", "folder", "folder/in.txt")] == [
        0o640, 0o750, 0o640,
    ]  # fmt: skip
    (tmp_path / "new.txt").chmod(0o604)
    with file_in_place(tmp_path / "new.txt") as path:
        path.write_text("newer")
    assert stat.S_IMODE((tmp_path / "new.txt").stat().st_mode) == 0o604


def test_links_stay_links(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "file.txt").symlink_to(tmp_path / "there" / "real.txt")
    (tmp_path / "folder").symlink_to(tmp_path / "there")
    with file_in_place(tmp_path / "file.txt") as path:
        path.write_text("one")
    with folder_in_place(tmp_path / "folder") as folder:
        (folder / "two.txt").write_text("two")
    assert (tmp_path / "file.txt").is_symlink() and (tmp_path / "folder").is_symlink()
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == ["real.txt", "two.txt"]


def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "a.txt").write_text("old")
    with pytest.raises(ZeroDivisionError), folder_in_place(kept, ["a.txt"]) as folder:
        (folder / "a.txt").write_text("new")
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), file_in_place(tmp_path / "deep" / "deeper" / "f.txt"):
        raise ZeroDivisionError
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert [path.read_text() for path in kept.iterdir()] == ["old"]


def test_a_move_that_fails_half_way_is_taken_back(tmp_path, monkeypatch):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("old")
    move, moves = os.rename, []

    def fail_at_third(source, goal):
        moves.append(source)
        if len(moves) == 4:
            raise OSError(5, "Input/output error")
        move(source, goal)

    monkeypatch.setattr(os, "rename", fail_at_third)
    with pytest.raises(InputError, match="Input/output error"), folder_in_place(tmp_path, ["a.txt", "b.txt"]) as folder:
        for name in ("a.txt", "b.txt"):
            (folder / name).write_text("new")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "old", "b.txt": "old"}


def test_a_device_a_protected_file_and_a_file_for_a_folder_are_refused_before_work(tmp_path):
    with pytest.raises(InputError, match="no ordinary file"):
        check_file(Path("/dev/null"))
    with pytest.raises(InputError, match="is a folder; name a file"):
        check_file(tmp_path)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="is a file"):
        check_file(tmp_path / "file" / "below.csv")
    with pytest.raises(InputError, match="is a file; name a folder"):
        check_folder(tmp_path / "file")
    with pytest.raises(InputError, match="File name too long"):
        check_file(tmp_path / f"{'x' * 300}.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_results_replace_those_of_an_earlier_run_and_nobody_elses_files(tmp_path):
    out = tmp_path / "out"
    for tables in (["a", "b"], ["b", "c"]):
        with results_in_place(out, "brief") as folder:
            (folder / "tables").mkdir()
            for name in tables:
                (folder / "tables" / f"{name}.csv").write_text(str(tables))
            write_record(folder, "brief", {"seed": 1})
        (out / "tables" / "mine.csv").write_text("my own")
        (out / "notes.txt").write_text("my own")
    found = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert found == ["notes.txt", "run.json", "tables/b.csv", "tables/c.csv", "tables/mine.csv"]
    assert (out / "tables" / "b.csv").read_text() == "['b', 'c']"


@pytest.mark.parametrize("result", ["brief", "ledger"])
def test_a_folder_of_other_files_is_no_place_for_results(tmp_path, result):
    (tmp_path / "thesis.docx").write_text("four years of work")
    (tmp_path / "run.json").write_text('{"seed": 1}')
    refusal = pytest.raises(InputError, match="holds other files \\(run.json, thesis.docx\\)")
    with refusal, results_in_place(tmp_path, result):
        pass
    assert len(list(tmp_path.iterdir())) == 2


def test_a_record_cannot_send_files_elsewhere_away(tmp_path):
    out, other = tmp_path / "out", tmp_path / "other.txt"
    out.mkdir()
    other.write_text("mine")
    (out / "run.json").write_text(json.dumps({"result": "brief", "files": ["../other.txt", str(other)]}))
    with results_in_place(out, "brief") as folder:
        write_record(folder, "brief", {})
    assert other.read_text() == "mine"


@pytest.mark.parametrize("place", [ROOT, ROOT / "models", Path("/")], ids=["project", "code", "root"])
def test_a_brief_never_takes_the_place_of_a_project_or_of_a_system(place):
    with pytest.raises(InputError, match="holds other files"):
        hm.brief(out=place)


def test_a_copy_of_a_project_that_may_only_be_read_can_be_changed(tmp_path):
    assert run("new", "case", tmp_path / "first", "--copy").returncode == 0
    for path in (tmp_path / "first").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    done = run("--project", tmp_path / "first", "new", "case", tmp_path / "second", "--copy")
    assert done.returncode == 0, done.stderr
    assert all(path.stat().st_mode & stat.S_IWUSR for path in (tmp_path / "second").rglob("*"))


@as_root
@pytest.mark.parametrize(
    "command",
    [
        "ledger --as-of 2023-12 --out $D",
        "new case $D/mine --copy",
        "new case $D/own --home HTI --exit 2017-10",
        "schema --out $D",
        "show leaves --graph $D/g.png",
    ],
)
def test_a_full_disk_is_said_in_a_sentence_and_nothing_stays(tmp_path, command):
    script = f"""
        D={tmp_path}/small; mkdir $D; mount -t tmpfs -o size=24k,nr_inodes=40 tmpfs $D
        $H {command}; code=$?; find $D -type f; exit $code
    """
    done = shell(dedent(script), mounting=True)
    refused(done, "disk is full", "small")
    assert [line for line in done.stdout.splitlines() if "harmattan-" in line] == []


@as_root
@pytest.mark.parametrize("suffix", ["csv", "parquet", "nc"])
def test_draws_that_find_no_room_are_refused_before_they_are_made(made_fit, short_fits, tmp_path, suffix):
    script = f"""
        D={tmp_path}/small; mkdir $D; mount -t tmpfs -o size=600k tmpfs $D
        $H forecast --months 60 --draws 2000 --out $D/f.{suffix}; code=$?; ls -A $D; exit $code
    """
    done = shell(dedent(script), mounting=True, HARMATTAN_CACHE=short_fits)
    refused(done, f"small/f.{suffix} cannot be written: about", "are needed and 614 kB are free")
    assert "simulate" not in done.stderr
    assert done.stdout == ""


@as_root
def test_a_mounted_folder_is_filled_and_filled_again(tmp_path):
    script = f"""
        D={tmp_path}/mounted; mkdir $D; mount -t tmpfs tmpfs $D
        $H ledger --as-of 2023-12 --out $D --quiet >/dev/null && $H ledger --as-of 2023-12 --out $D --quiet >/dev/null
        code=$?; ls -A $D; ls -A {tmp_path}; exit $code
    """
    done = shell(dedent(script), mounting=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["figures", "inputs.zip", "ledger.md", "run.json", "tables", "mounted"]


@as_root
def test_a_read_only_place_is_refused_before_work(tmp_path):
    script = f"""
        D={tmp_path}/fixed; mkdir $D; mount -t tmpfs -o ro tmpfs $D
        $H brief --out $D/out; first=$?; $H forecast --out $D/f.csv; exit $((first + $? - 2))
    """
    done = shell(dedent(script), mounting=True)
    refused(done, "f.csv cannot be written: Read-only file system")
    assert "out cannot be written: Read-only file system" in done.stderr
    assert "read the record" not in done.stderr


@as_root
def test_code_and_home_may_be_read_only(tmp_path):
    script = f"""
        mount --bind {ROOT} {ROOT}; mount -o remount,ro,bind {ROOT}
        mkdir {tmp_path}/home {tmp_path}/tmp; mount -t tmpfs -o ro tmpfs {tmp_path}/home
        HOME={tmp_path}/home TMPDIR={tmp_path}/tmp $H validate
        HOME={tmp_path}/home TMPDIR={tmp_path}/tmp $H show leaves --graph {tmp_path}/g.png >/dev/null
    """
    own = {"NUMBA_CACHE_DIR", "MPLCONFIGDIR", "PYTENSOR_FLAGS", "HARMATTAN_CACHE", "XDG_CACHE_HOME"}
    done = shell(f"unset {' '.join(own)}; {dedent(script)}", mounting=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("All is well")
    assert done.stderr == ""
    assert (tmp_path / "g.png").is_file()


def test_a_machine_without_any_place_to_write_is_said_in_a_sentence(monkeypatch):
    from harmattan.core import caches

    monkeypatch.setattr(caches, "usable", lambda folder: False)
    for name in ("NUMBA_CACHE_DIR", "MPLCONFIGDIR", "PYTENSOR_FLAGS"):
        monkeypatch.delenv(name, raising=False)
    caches.private_folder.cache_clear()
    with pytest.raises(InputError, match="TMPDIR"):
        caches.provide_caches()
    caches.private_folder.cache_clear()


def test_a_temporary_folder_that_another_user_has_made_is_not_trusted(tmp_path, monkeypatch):
    from harmattan.core import caches

    monkeypatch.setattr(caches, "_temporary", lambda: tmp_path)
    taken = tmp_path / f"harmattan-{os.getuid()}"
    taken.mkdir(mode=0o777)
    taken.chmod(0o777)
    caches.private_folder.cache_clear()
    found = caches.private_folder()
    caches.private_folder.cache_clear()
    assert found != taken and stat.S_IMODE(found.stat().st_mode) == 0o700


# Kept fits


@pytest.fixture
def kept_fit(made_fit, tmp_path, monkeypatch):
    """The file of a kept fit in a cache of its own."""
    path = tmp_path / f"posterior-{made_fit.key[:32]}.nc"
    shutil.copyfile(fits_folder() / path.name, path)
    monkeypatch.setenv("HARMATTAN_CACHE", str(tmp_path))
    return path


def refit():
    return fit_model(made_record(AS_OF), made_borders(), settings=SHORT)


def flip(content):
    middle = len(content) * 3 // 4
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


@pytest.mark.parametrize(
    "damage",
    [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b"garbage" * 900, flip],
    ids=["cut off", "empty", "garbage", "one byte"],
)
def test_a_kept_fit_that_cannot_be_read_is_made_again(kept_fit, made_fit, monkeypatch, damage):
    monkeypatch.setattr("harmattan.model.fit.sampled", lambda *given: "trace")
    monkeypatch.setattr("harmattan.model.fit.diagnose", lambda trace: made_fit.diagnostics)
    monkeypatch.setattr("harmattan.model.fit._natural_scales", lambda *given: made_fit.parameters)
    kept_fit.write_bytes(damage(kept_fit.read_bytes()))
    with pytest.warns(Notice, match=f"{kept_fit.name}: what is kept there cannot be read .* made again"):
        again = refit()
    assert again.parameters.identical(made_fit.parameters)
    assert Posterior.load(kept_fit, made_fit.key).key == made_fit.key  # and is whole again


def test_a_fit_under_the_name_of_another_is_not_taken_for_it(kept_fit):
    with pytest.raises(ValueError, match="another fit"):
        Posterior.load(kept_fit, "another")


def test_a_fit_that_cannot_be_kept_is_used_all_the_same(made_fit, monkeypatch, tmp_path):
    from harmattan.core import caches

    monkeypatch.setattr("harmattan.model.fit.sampled", lambda *given: "trace")
    monkeypatch.setattr("harmattan.model.fit.diagnose", lambda trace: made_fit.diagnostics)
    monkeypatch.setattr("harmattan.model.fit._natural_scales", lambda *given: made_fit.parameters)
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("HARMATTAN_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr(caches, "_temporary", lambda: tmp_path)
    caches.private_folder.cache_clear()
    with pytest.warns(Notice, match="could not be kept.*file/cache"):
        assert refit().key == made_fit.key
    caches.private_folder.cache_clear()
    assert list(tmp_path.glob(f"harmattan-{os.getuid()}/fits/posterior-*.nc"))  # for the next run on this machine


def test_the_command_line_says_a_notice_as_a_sentence():
    code = """
        import sys, warnings
        from harmattan.cli import door, help_words
        from harmattan.core.errors import Notice
        help_words.spoken_app = lambda: lambda standalone_mode: warnings.warn("Something is to be known.", Notice)
        door.main()
    """
    done = subprocess.run([sys.executable, "-c", dedent(code)], env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "harmattan: Something is to be known.\n")


# Figures


HOSTILE = """
text.usetex: True
backend: TkAgg
font.family: serif
font.size: 30
figure.dpi: 40
savefig.bbox: tight
savefig.facecolor: red
axes.grid: True
path.sketch: 1, 100, 2
svg.fonttype: none
"""


DRAWING = """
from pathlib import Path
import harmattan as hm
from harmattan.report.figures import save_figure
view = hm.show("leaves")
figure = hm.plots.driver_graph(view.nodes, view.arrows, title="A graph").get_figure()
save_figure(figure, Path("."), "g", formats=["png", "svg", "pdf"])
"""


@pytest.mark.slow
def test_a_users_matplotlibrc_changes_no_figure(tmp_path):
    made = []
    for name, settings in (("plain", ""), ("hostile", HOSTILE)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "matplotlibrc").write_text(settings)
        command = [sys.executable, "-c", DRAWING]
        subprocess.run(command, cwd=folder, env=environment(), check=True, timeout=300)
        made.append([(folder / f"g.{suffix}").read_bytes() for suffix in ("png", "svg", "pdf")])
    assert made[0] == made[1]


def test_a_backend_that_is_not_there_stops_no_command(tmp_path):
    done = run("show", "leaves", "--graph", tmp_path / "g.png", MPLBACKEND="nonsense")
    assert (done.returncode, done.stderr) == (0, "")
