"""Tasks give the same tables wherever they are done, are done once, and lose nothing to an end before time."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pandas as pd
import psutil
import pytest
import works
from made import AS_OF, CASE, copy_made_case, made_borders, made_record
from sampling import SHORT

import harmattan as hm
from harmattan.cli.app import app
from harmattan.core.errors import InputError, Notice
from harmattan.core.progress import Steps
from harmattan.core.randomness import KNOWN_BY
from harmattan.loaded import load_case
from harmattan.run import sweeping
from harmattan.run.backtesting import backtest
from harmattan.run.kept import all_kept, remove, to_prune
from harmattan.tasks import cluster as clusters
from harmattan.tasks.carrying import FailedTasksError, Where, carry_out
from harmattan.tasks.results import usual_folder
from harmattan.tasks.task import Task, attempt

ORIGINS = ("2016-10", "2018-10")
BACKTEST = {"horizon": 3, "draws": 100, "settings": SHORT}


@pytest.fixture
def notes(tmp_path):
    return tmp_path / "notes"


@pytest.fixture
def keep(tmp_path):
    return tmp_path / "kept"


def tasks_of(work, numbers, notes):
    return [Task(f"task {number}", work, {"number": number, "notes": str(notes)}) for number in numbers]


def done_in(notes):
    return sorted(int(line) for line in notes.read_text().split()) if notes.exists() else []


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


class Told(Steps):
    """Steps that remember what was told."""

    def __init__(self):
        super().__init__()
        self.told = []

    def tell(self, sentence):
        self.told.append(sentence)


def test_tables_come_in_the_order_of_their_tasks_and_make_one_data_set(notes, keep):
    tasks = tasks_of(works.square, (3, 1, 2), notes)
    tables = carry_out("squares", tasks, keep=keep)
    assert [table["square"].item() for table in tables] == [9, 1, 4]
    assert names_in(keep) == sorted(f"part-{task.key}.parquet" for task in tasks)
    assert sorted(pd.read_parquet(keep)["square"]) == [1, 4, 9]


def test_what_is_kept_is_not_done_again_and_reads_as_it_was_made(notes, keep):
    first = carry_out("squares", tasks_of(works.square, (1, 2), notes), keep=keep)
    steps = Told()
    again = carry_out("squares", tasks_of(works.square, (1, 2, 3), notes), keep=keep, steps=steps)
    assert done_in(notes) == [1, 2, 3], "each was done once"
    assert "2 of 3 are kept" in steps.told[0] and "task 3: 0 s (1 of 1)" in steps.told[1]
    pd.testing.assert_frame_equal(first[1], again[1])
    assert again[1].attrs == {}


def test_the_same_task_twice_is_done_once(notes):
    tables = carry_out("squares", tasks_of(works.square, (2, 2), notes))
    assert [table["square"].item() for table in tables] == [4, 4] and done_in(notes) == [2]


def test_how_long_the_rest_takes_is_told_after_each_task(notes):
    steps = Told()
    carry_out("squares", tasks_of(works.square, (1, 2, 3), notes), steps=steps)
    assert [said.split(": ")[1] for said in steps.told] == [
        "0 s (1 of 3, about 0 s left)",
        "0 s (2 of 3, about 0 s left)",
        "0 s (3 of 3)",
    ]
    assert set(steps.seconds) == {"squares", "task 1", "task 2", "task 3"}


def test_a_failed_task_is_reported_and_the_others_are_there(notes, keep):
    tasks = tasks_of(works.square_unless_odd, (1, 2, 3, 4), notes)
    with pytest.raises(FailedTasksError) as failure:
        carry_out("squares", tasks, keep=keep)
    told = str(failure.value)
    assert told.startswith("squares: 2 of 4 failed. task 1: ValueError (works.py, line ") and "\n" not in told
    assert "task 3: ValueError" in told and "3 is odd." in told and f"kept in {keep}" in told
    assert done_in(notes) == [2, 4] and sorted(pd.read_parquet(keep)["number"]) == [2, 4]


@pytest.mark.parametrize("damage", ["cut", "flipped", "another's"])
def test_a_damaged_part_is_made_again(notes, keep, damage):
    tasks = tasks_of(works.square, (1, 2), notes)
    whole = carry_out("squares", tasks, keep=keep)
    part, other = (keep / f"part-{task.key}.parquet" for task in tasks)
    content = part.read_bytes()
    spoilt = {
        "cut": content[: len(content) // 2],
        "flipped": content.replace(b"n1", b"n7", 1),
        "another's": other.read_bytes(),
    }
    assert spoilt[damage] != content
    part.write_bytes(spoilt[damage])
    with pytest.warns(Notice, match=r"this result cannot be read .*, so it is made again"):
        again = carry_out("squares", tasks, keep=keep)
    assert done_in(notes) == [1, 1, 2] and part.read_bytes() == content
    pd.testing.assert_frame_equal(again[0], whole[0])


def test_an_interrupted_run_leaves_nothing_half_and_goes_on_where_it_was(notes, keep, monkeypatch):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    tasks = tasks_of(works.square, (1, 2, 3), notes)
    with monkeypatch.context() as patch:
        patch.setattr(works, "square", interrupt)
        begun = [*tasks[:2], *tasks_of(works.square, (3,), notes)]
        with pytest.raises(KeyboardInterrupt):
            carry_out("squares", begun, keep=keep)
    assert names_in(keep) == sorted(f"part-{task.key}.parquet" for task in tasks[:2])

    with monkeypatch.context() as patch:  # while a part is written
        patch.setattr(os, "replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            carry_out("squares", tasks, keep=keep)
    assert len(names_in(keep)) == 2
    assert len(carry_out("squares", tasks, keep=keep)) == 3
    assert done_in(notes) == [1, 2, 3, 3]


def test_a_key_holds_all_that_determines_a_table_and_nothing_else():
    record, borders = made_record(), made_borders()

    def key(**changes):
        given = {"record": record, "borders": borders, "settings": SHORT, "seed": 1, "parts": ("a", None)}
        return Task("any", works.square, given | changes).key

    assert key() == key(settings=replace(SHORT, cores=1)), "however many cores, the draws are the same"
    others = [
        key(record=record.where(record != record.max(), 0.0)),
        key(record=record.assign_coords(country=record["country"].values[::-1])),
        key(record=record.drop_vars(KNOWN_BY)),
        key(settings=replace(SHORT, tune=61)),
        key(seed=2),
        key(parts=("a",)),
        Task("any", works.square_slowly, {}).key,
    ]
    assert len({key(), *others}) == 8
    with pytest.raises(TypeError, match="a set"):
        key(parts={"a"})


@pytest.fixture(scope="module")
def done_here(tmp_path_factory):
    """Scores made in this process, and the folder that they are kept in."""
    folder = tmp_path_factory.mktemp("here")
    return backtest(made_record(), made_borders(), ORIGINS, keep=folder, **BACKTEST), folder


def test_a_backtest_goes_on_where_it_was_and_gives_the_same_bytes(done_here, keep, tmp_path):
    whole, folder = done_here
    keep.mkdir()
    shutil.copy(folder / names_in(folder)[0], keep)
    steps = Told()
    resumed = backtest(made_record(), made_borders(), ORIGINS, keep=keep, steps=steps, **BACKTEST)
    assert "1 of 2 are kept" in steps.told[0] and names_in(keep) == names_in(folder)
    whole.to_parquet(tmp_path / "whole.parquet")
    resumed.to_parquet(tmp_path / "resumed.parquet")
    assert (tmp_path / "whole.parquet").read_bytes() == (tmp_path / "resumed.parquet").read_bytes()


def test_an_earlier_record_has_the_same_scores_of_the_months_that_it_holds(done_here):
    steps, earlier = Told(), made_record().sel(month=slice(None, "2017-03"))
    backtest(earlier, made_borders(), ORIGINS[:1], keep=done_here[1], steps=steps, **BACKTEST)
    assert "1 of 1 are kept" in steps.told[0]


def test_what_is_kept_beside_the_fits_is_listed_verified_and_pruned(notes, tmp_path, monkeypatch):
    monkeypatch.setenv("HARMATTAN_CACHE", str(tmp_path / "fits"))
    tasks, folder = tasks_of(works.square, (1, 2, 3), notes), tmp_path / "fits" / "results"
    assert usual_folder() == folder
    carry_out("squares", tasks, keep=usual_folder())
    with monkeypatch.context() as patch:
        patch.setattr("harmattan.tasks.results.program_of_tasks", lambda: "another")
        carry_out("squares", tasks_of(works.square, (4,), notes), keep=folder)
    flipped, moved = (folder / f"part-{task.key}.parquet" for task in tasks[:2])
    flipped.write_bytes(flipped.read_bytes().replace(b"n1", b"n7", 1))
    moved.rename(folder / f"part-{'0' * 64}.parquet")

    def states(verify):
        return sorted(one.state for one in all_kept(verify=verify) if one.what == "result")

    assert states(verify=False) == ["damaged", "stale", "used", "used"], "a name is looked at, pages are not"
    assert states(verify=True) == ["damaged", "damaged", "stale", "used"]
    remove(to_prune([one for one in all_kept(verify=True) if one.what == "result"]))
    assert names_in(folder) == [f"part-{tasks[2].key}.parquet"]


@pytest.fixture
def two_cases(tmp_path):
    """The made-up case, and a copy with one death more."""
    other = copy_made_case(tmp_path / "other")
    case, record = other / "case.yaml", other / "seeds" / "data" / "ucdp" / "country_month.csv"
    case.write_text(re.sub("^id: .*", "id: other", case.read_text(), flags=re.M))
    first = "Ambara,QMA,9001,2009-01,non_state,2,"
    text = record.read_text()
    assert first + "4" in text
    record.write_text(text.replace(first + "4", first + "5"))
    return [CASE, other]


ASKED = {"months": 12, "draws": 50, "settings": SHORT}


def test_a_sweep_holds_the_summary_of_each_scenario_in_each_case(two_cases, keep):
    table = hm.sweep(scenarios=["leaves", "stays"], cases=two_cases, keep=keep, **ASKED)
    ours = load_case(CASE)
    rows = table[(table["case"] == ours.case.definition.id) & (table["scenario"] == "stays")]
    summary = ours.forecast("stays", **ASKED).summary()
    pd.testing.assert_frame_equal(rows[summary.columns].reset_index(drop=True), summary, check_exact=True)
    labels = table[["case", "scenario", "as_of"]].drop_duplicates().values.tolist()
    assert labels == [
        [case, name, AS_OF] for case in (ours.case.definition.id, "other") for name in ("leaves", "stays")
    ]
    assert table["fit_passed"].dtype == bool and len(names_in(keep)) == 4

    steps = Told()
    again = ours.sweep(scenarios=["stays", ours.load("baseline")], keep=keep, steps=steps, **ASKED)
    assert "1 of 2 are kept" in steps.told[0]
    pd.testing.assert_frame_equal(again[: len(rows)], rows.reset_index(drop=True), check_exact=True)


def test_all_scenarios_of_the_case_in_use_are_swept_unless_some_are_named(keep):
    table = load_case(CASE).sweep(months=3, draws=20, settings=SHORT, keep=keep)
    assert list(table["scenario"].unique()) == load_case(CASE).scenarios


def test_a_sweep_refuses_what_it_cannot_forecast_before_anything_is_done(two_cases, keep, tmp_path):
    with pytest.raises(InputError, match="nowhere"):
        hm.sweep(scenarios=["stays", "nowhere"], cases=two_cases, keep=keep, **ASKED)
    with pytest.raises(InputError, match="both called other.*another `id`"):
        hm.sweep(cases=[two_cases[1], copy_of(two_cases[1], tmp_path / "again")], keep=keep, **ASKED)
    with pytest.raises(InputError, match="The argument scenarios takes a list of scenarios"):
        hm.sweep(scenarios="stays")
    assert not keep.exists()


def test_a_case_that_changes_during_a_sweep_is_not_forecast_under_its_former_name(two_cases, keep, monkeypatch):
    def change(*args, **kwargs):
        case = two_cases[1] / "case.yaml"
        case.write_text(case.read_text() + "# changed\n")
        return carry_out(*args, **kwargs)

    monkeypatch.setattr(sweeping, "carry_out", change)
    with pytest.raises(FailedTasksError, match=r"1 of 2 failed. other, stays: .*the files that were asked about"):
        hm.sweep(scenarios=["stays"], cases=two_cases, keep=keep, **ASKED)
    assert len(names_in(keep)) == 1


def copy_of(folder, to):
    return shutil.copytree(folder, to)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """Address of a cluster of two processes, with fits of its own."""
    import dask
    from distributed import LocalCluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARMATTAN_CACHE", str(tmp_path_factory.mktemp("fits-there")))
        allowed = dask.config.set({"distributed.scheduler.allowed-failures": 1})
        with allowed, LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster:
            yield cluster.scheduler_address


@pytest.mark.slow
def test_a_cluster_gives_the_same_numbers_and_files(scheduler, done_here, keep):
    here, folder = done_here
    there = backtest(made_record(), made_borders(), ORIGINS, keep=keep, where=Where(scheduler=scheduler), **BACKTEST)
    pd.testing.assert_frame_equal(there, here, check_exact=True)
    assert names_in(keep) == names_in(folder)
    for name in names_in(folder):
        assert (keep / name).read_bytes() == (folder / name).read_bytes()


def test_a_sweep_on_a_cluster_gives_the_same_numbers(scheduler, two_cases, keep, tmp_path):
    asked = {"scenarios": ["leaves", "stays"], "cases": two_cases, **ASKED}
    there = hm.sweep(**asked, scheduler=scheduler, keep=keep)
    pd.testing.assert_frame_equal(there, hm.sweep(**asked, keep=tmp_path / "here"), check_exact=True)
    assert names_in(keep) == names_in(tmp_path / "here")


def test_workers_of_this_machine_share_the_tasks(notes, keep):
    tables = carry_out("squares", tasks_of(works.square, range(5), notes), keep=keep, where=Where(workers=2))
    assert [table["square"].item() for table in tables] == [0, 1, 4, 9, 16]
    assert done_in(notes) == [0, 1, 2, 3, 4] and len(names_in(keep)) == 5


INTERRUPTED = """
import sys
import works
from harmattan.tasks.carrying import Where, carry_out
from harmattan.tasks.task import Task
from pathlib import Path
notes, keep = sys.argv[1:]
tasks = [Task(f"task {n}", works.square_slowly, {"number": n, "notes": notes}) for n in range(60)]
try:
    carry_out("squares", tasks, keep=Path(keep), where=Where(workers=2))
except KeyboardInterrupt:
    print("stopped")
"""


def test_an_interruption_at_the_terminal_reaches_us_alone_and_ends_the_workers(notes, keep):
    command = [sys.executable, "-c", INTERRUPTED, str(notes), str(keep)]
    places = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    run = subprocess.Popen(
        command, env=os.environ | places, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    until(lambda: keep.exists() and len(list(keep.glob("part-*"))) >= 2)
    workers = psutil.Process(run.pid).children(recursive=True)
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does
    assert run.communicate(timeout=60) == ("stopped\n", "")
    assert not any(worker.is_running() for worker in psutil.wait_procs(workers, timeout=20)[1])
    parts = names_in(keep)
    assert len(parts) < 60 and len(pd.read_parquet(keep)) == len(parts), "whole parts and nothing else"


def until(condition):
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise TimeoutError


def test_the_command_goes_on_where_it_was_and_says_the_same(done_here, made_case, monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(backtest.__kwdefaults__, "settings", SHORT)
    asked = ["backtest", "--origins", ORIGINS[0], "--first", "1", "--horizon", "3", "--draws", "100", "--json"]
    said = []
    for name in ("first.parquet", "second.parquet"):
        app([*asked, "--keep", str(tmp_path / "kept"), "--out", str(tmp_path / name)], standalone_mode=False)
        printed = capsys.readouterr()
        said.append(json.loads(printed.out) | {"seconds": None, "out": None})
    assert said[0] == said[1] and "1 of 1 are kept" in printed.err
    assert said[0]["settled_by"] == "UCDP GED 26.1", "as case.yaml calls the record"
    assert (tmp_path / "first.parquet").read_bytes() == (tmp_path / "second.parquet").read_bytes()


def test_a_killed_worker_loses_nothing(scheduler, notes, keep):
    def kill_the_first():
        until(lambda: list(notes.parent.glob("doing-*")))
        os.kill(int(next(notes.parent.glob("doing-*")).name.split("-")[-1]), signal.SIGKILL)

    killer = threading.Thread(target=kill_the_first)
    killer.start()
    tasks = tasks_of(works.square_slowly, range(6), notes)
    tables = carry_out("squares", tasks, keep=keep, where=Where(scheduler=scheduler))
    killer.join()
    assert [table["square"].item() for table in tables] == [0, 1, 4, 9, 16, 25]
    assert len(list(notes.parent.glob("doing-*"))) == 7, "one was begun by two processes"
    assert set(done_in(notes)) == set(range(6)) and len(names_in(keep)) == 6


def test_on_a_cluster_a_failed_task_stops_no_other_either(scheduler, notes, keep):
    tasks = [*tasks_of(works.square_unless_odd, (1, 2), notes), *tasks_of(works.die, (3,), notes)]
    with pytest.raises(FailedTasksError) as failure:
        carry_out("squares", tasks, keep=keep, where=Where(scheduler=scheduler))
    assert "task 1: ValueError (works.py, line" in str(failure.value)
    assert "task 3: its worker died again and again" in str(failure.value)
    assert pd.read_parquet(keep)["number"].tolist() == [2]


def test_a_worker_with_other_code_does_nothing(notes):
    (task,) = tasks_of(works.square, (1,), notes)
    assert clusters.attempt_there(clusters._packed(task), task.key).table.equals(attempt(task).table)
    assert "another version" in clusters.attempt_there(clusters._packed(task), "0" * 64).why
    assert done_in(notes) == [1, 1]


def test_without_dask_a_sentence_says_how_to_install_it(notes, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'harmattan\[cluster\]'"):
        carry_out("squares", tasks_of(works.square, (1,), notes), where=Where(workers=2))


def test_a_scheduler_that_does_not_answer_is_named(notes, monkeypatch):
    monkeypatch.setattr(clusters, "PATIENCE", 1)
    with pytest.raises(InputError, match=r"--scheduler tcp://127\.0\.0\.1:9: no Dask scheduler answers there"):
        carry_out("squares", tasks_of(works.square, (1,), notes), where=Where(scheduler="tcp://127.0.0.1:9"))


@pytest.mark.parametrize(
    ("workers", "scheduler", "said"), [(0, None, "--workers 0"), (2, "tcp://127.0.0.1:9", "name one of the two")]
)
def test_a_place_that_makes_no_sense_is_refused(workers, scheduler, said):
    with pytest.raises(InputError, match=said):
        Where(workers, scheduler)
