"""The code holds to the table in models/README.md: who may import whom, and what stays light."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "models" / "harmattan"
FILES = sorted(PACKAGE.rglob("*.py"))

ROOMS = {
    "core": set(),
    "schema": {"core"},
    "panel": {"core"},
    "case": {"core", "schema", "panel"},
    "claims": {"core", "schema", "case"},
    "drivers": {"core", "schema", "panel", "case", "claims"},
    "model": {"core", "panel", "drivers"},
    "simulate": {"core", "panel", "drivers", "model"},
    "follow": {"core", "panel", "model"},
    "risk": {"core"},
    "evaluate": {"core", "panel", "risk"},
    "explain": {"core", "schema", "panel", "case", "claims", "drivers", "model", "simulate", "risk"},
    "plots": {"core", "panel"},
    "tasks": {"core"},
}
ROOMS["run"] = set(ROOMS) - {"explain"}
ROOMS["report"] = set(ROOMS)
ROOMS["api"] = set(ROOMS)
ROOMS["loaded"] = set(ROOMS)
ROOMS["cli"] = set(ROOMS)
ROOMS["__init__"] = set(ROOMS)

USED_BY_NAME = {
    "h5netcdf": "xarray's engine for the cached posterior",
    "h5py": "what h5netcdf reads and writes with",
    "pyarrow": "what pandas writes Parquet with",
}
ONLY_IN_MODEL = {"pymc", "pytensor", "nutpie"}
ONLY_ON_A_CLUSTER = {"dask", "distributed"}
"""Of the extra `cluster`, which nobody needs who works on one machine."""
HEAVY = ("pymc", "pytensor", "arviz", "nutpie", "matplotlib", *ONLY_ON_A_CLUSTER)


def room_of(path):
    inside = path.relative_to(PACKAGE)
    if inside.stem == "__main__":
        return "cli"
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports_of(path):
    """Yield the dotted name of every module that a file imports, at any depth, with relative imports resolved."""
    here = ("harmattan", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else ()
            module = ".".join((*base, *([node.module] if node.module else [])))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def own_rooms(path):
    modules = (name.split(".") for name in imports_of(path))
    return {parts[1] for parts in modules if parts[0] == "harmattan" and len(parts) > 1} & set(ROOMS)


def third_party(path):
    return {name.split(".")[0] for name in imports_of(path)} - set(sys.stdlib_module_names) - {"harmattan", ""}


def name_of(path):
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_room_imports_only_the_rooms_above_it(path):
    room = room_of(path)
    assert room in ROOMS, f"{room} is not in the table of models/README.md"
    assert own_rooms(path) - {room} - ROOMS[room] == set()


def test_the_table_here_is_the_one_in_the_readme():
    rows = re.findall(r"^\| `(\w+)` \| .* \| (.+?) \|$", (ROOT / "models" / "README.md").read_text(), re.M)
    written = {
        room: set() if may == "nothing of ours" else set(may.split(", ")) for room, may in rows if may != "all above"
    }
    assert written == {room: may for room, may in ROOMS.items() if room in written}
    assert set(ROOMS) - set(written) == {"report", "api", "loaded", "cli", "__init__"}


def test_only_the_model_knows_pymc():
    others = [path for path in FILES if room_of(path) != "model"]
    assert [name_of(path) for path in others if third_party(path) & ONLY_IN_MODEL] == []


def test_only_one_file_knows_dask_and_the_extra_is_all_that_asks_for_it():
    assert [name_of(path) for path in FILES if third_party(path) & ONLY_ON_A_CLUSTER] == ["tasks/cluster.py"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {entry.split(">")[0] for entry in project["optional-dependencies"]["cluster"]} == ONLY_ON_A_CLUSTER


def test_what_is_imported_is_declared_and_what_is_declared_is_used():
    def normal(name):
        return re.sub(r"[-_.]+", "-", name).lower()

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {normal(re.split(r"[<>=!~;\[]", entry, maxsplit=1)[0]) for entry in project["dependencies"]}
    providers = importlib.metadata.packages_distributions()
    imported = set().union(*(third_party(path) for path in FILES)) - ONLY_ON_A_CLUSTER
    assert {
        module for module in imported if not {normal(name) for name in providers.get(module, ())} & declared
    } == set()
    used = {normal(name) for module in imported for name in providers[module]}
    assert declared - used - set(USED_BY_NAME) == set()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_stay_short_enough_to_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400


def test_the_command_line_starts_without_the_heavy_libraries():
    files = [path.relative_to(PACKAGE).with_suffix("") for path in PACKAGE.glob("cli/**/[!_]*.py")]
    modules = ["harmattan", *(".".join(("harmattan", *path.parts)) for path in files)]
    code = f"import sys, {', '.join(modules)}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT / "models").strip() == ""


def test_tests_share_helpers_and_import_no_other_test():
    files = sorted((ROOT / "tests").glob("*.py"))
    assert [p.name for p in files if re.search(r"^(?:from|import) test_", p.read_text(encoding="utf-8"), re.M)] == []
