"""Folders of results: an earlier run of the same command gives way, of an earlier version too, and nothing else."""

import json

import pytest

from harmattan.core.errors import InputError
from harmattan.report.folders import check_replaceable, results_in_place, write_record

OF_0_5 = {
    "versions": {"harmattan": "0.5.0", "python": "3.12.3"}, "platform": "linux", "seed": 1, "inputs_sha256": {},
    "seconds": {}, "draws": 4000, "provisional_months": [], "scenarios": {}, "specification": {}, "diagnostics": {},
    "bounded_share": 0.0,
}  # fmt: skip
"""What `run.json` of a brief of version 0.5 held: neither `result` nor `files`."""


def written(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("earlier", encoding="utf-8")
    return folder


@pytest.fixture
def old(tmp_path):
    """A folder as `make brief` of version 0.5 left it, with a note that somebody put beside."""
    out = written(
        tmp_path / "out", "brief.html", "brief.pdf", "figures/map.png", "figures/map.svg", "tables/toll.csv",
        "note.txt", "tables/my-own.xlsx",
    )  # fmt: skip
    (out / "run.json").write_text(json.dumps(OF_0_5), encoding="utf-8")
    return out


def test_a_brief_of_version_0_5_gives_way_and_other_files_stay(old):
    with results_in_place(old, "brief") as folder:
        written(folder, "brief.html", "tables/record.csv")
        write_record(folder, "brief", {"seed": 2})
    held = {path.relative_to(old).as_posix() for path in old.rglob("*") if path.is_file()}
    assert held == {"brief.html", "tables/record.csv", "run.json", "note.txt", "tables/my-own.xlsx"}
    assert json.loads((old / "run.json").read_text())["files"] == ["brief.html", "tables/record.csv"]


@pytest.mark.parametrize("result", ["ledger", "explanation"])
def test_no_other_result_is_put_among_it(old, result):
    with pytest.raises(InputError, match="holds other files"):
        check_replaceable(old, result)


@pytest.mark.parametrize("result", ["ledger", "explanation"])
def test_ledgers_and_explanations_of_version_0_5_are_known_too(tmp_path, result):
    out = written(tmp_path / "out", f"{result}.md", "tables/claims.csv")
    (out / "run.json").write_text(json.dumps({"versions": {"harmattan": "0.5.0"}}), encoding="utf-8")
    check_replaceable(out, result)


@pytest.mark.parametrize("record", ["{}", "[]", "broken", '{"versions": {"python": "3.12"}}', '{"seed": 1}'])
def test_a_run_json_of_somebody_else_makes_no_folder_ours(tmp_path, record):
    out = written(tmp_path / "out", "brief.html")
    (out / "run.json").write_text(record, encoding="utf-8")
    with pytest.raises(InputError, match="holds other files"):
        check_replaceable(out, "brief")
