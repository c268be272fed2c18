"""A scan: one scenario file for each way that a few drivers may go, alone and all together, with the yardstick.

The yardstick is a scenario that changes nothing; every other file extends it and sets drivers of the scan, so that what
is stated in the yardstick holds in all of them. Either all files of a scan are written or none.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from pathlib import Path

from ..core.errors import InputError
from ..core.files import check_folder, folder_in_place
from ..core.resources import display_path, project_root
from .case import read_case
from .driver import Driver, read_drivers
from .scenario import NOT_SCENARIOS, Scenario, load_scenario, scenario_names
from .starters import Started, check_name, editor_line_for_scenario, own_file
from .validation import suggestion

ABSENT, HAPPENS = "absent", "happens"
MOST_CORNERS = 64
"""Corners of a scan, beyond which nobody reads the table."""

Ways = tuple[tuple[Driver, str], ...]
"""Drivers that a file sets, each with happens, absent or a branch."""


def start_scan(id: str, drivers: Sequence[str], parent: str | None = None, out: Path | None = None) -> Started:
    """Write the scenario files of a scan of some drivers.

    Parameters
    ----------
    id : str
        Name of the scan and of its yardstick; the other files are `<id>_<driver>_<way>.yaml`, one for each way of each
        driver, and, with several drivers, `<id>_corner_<number>.yaml`, one for each set of ways of all of them.
    drivers : sequence of str
        Ids of the drivers.
    parent : str, optional
        Scenario that the yardstick extends, by name or title; the case's first by default.
    out : Path, optional
        Folder for the files; `scenarios/` of the project by default.

    Raises
    ------
    InputError
        If the name is unfit, a file exists, a driver or the scenario to extend does not, a driver is named twice, or
        there would be more than `MOST_CORNERS` corners. Then nothing is written.
    """
    check_name(id)
    if id in NOT_SCENARIOS:
        raise InputError(f"{id!r} cannot be the name of a scenario: {id}.yaml holds something else. Choose another.")
    chosen = _known(drivers)
    usual, known = read_case(project_root()).scenarios, scenario_names()
    base = load_scenario(parent or (usual.first if usual.first in known else usual.record_alone))
    folder = own_file("scenarios") if out is None else out
    if out is not None:
        check_folder(out, "--out")
    texts = dict(_files(id, base, chosen))
    for name in texts:
        if (path := folder / f"{name}.yaml").exists():
            raise InputError(f"{display_path(path)} exists already and is left as it is. Choose another name.")
    head = editor_line_for_scenario(folder / f"{id}.yaml")
    with folder_in_place(folder) as temporary:
        for name, text in texts.items():
            (temporary / f"{name}.yaml").write_text(head + text, encoding="utf-8")
        for name in texts:
            load_scenario(temporary / f"{name}.yaml")
    yardstick = folder / f"{id}.yaml"
    others = [name for name in texts if name != id]
    told = [*others, id] if out is None else [str(folder / f"{id}_*.yaml"), str(yardstick)]
    command = f"harmattan compare {' '.join((*_record_alone(base), *told))}"
    return Started(yardstick, 1, f"{len(texts)} files. Hold them all against the yardstick: {command}")


def _record_alone(base: Scenario) -> list[str]:
    """Return the case's record alone where it can be held against the scan: another scenario, run by the same clock."""
    case = read_case(project_root())
    alone = case.scenarios.record_alone
    if alone == base.id or alone not in scenario_names():
        return []
    return [alone] if case.time.asked(load_scenario(alone)) == case.time.asked(base) else []


def _known(names: Sequence[str]) -> list[Driver]:
    known = read_drivers()
    for name in names:
        if name not in known:
            raise InputError(f"--drivers: there is no driver {name!r}.{suggestion(name, known)}")
    if not names:
        raise InputError("--drivers: a scan needs a driver at least. Name one, or leave the option out.")
    if twice := next((name for name in names if list(names).count(name) > 1), None):
        raise InputError(f"--drivers: {twice} is named twice. Name each driver once.")
    chosen = [known[name] for name in names]
    corners = prod(len(_ways(driver)) for driver in chosen)
    if corners > MOST_CORNERS:
        raise InputError(
            f"--drivers: these {len(chosen)} drivers have {corners} corners, and a scan has {MOST_CORNERS} at most. "
            "Name fewer drivers."
        )
    return chosen


def _ways(driver: Driver) -> tuple[str, ...]:
    return (*(driver.branch_ids if len(driver.branches) > 1 else (HAPPENS,)), ABSENT)


def _files(id: str, base: Scenario, drivers: Sequence[Driver]) -> Iterator[tuple[str, str]]:
    """Yield the name and text of each file, the yardstick first."""
    yield id, _yardstick(id, base, drivers)
    for driver in drivers:
        for way in _ways(driver):
            yield f"{id}_{driver.id}_{way}", _corner(f"{id}_{driver.id}_{way}", id, ((driver, way),))
    if len(drivers) > 1:
        for number, ways in enumerate(product(*map(_ways, drivers)), 1):
            name = f"{id}_corner_{number}"
            yield name, _corner(name, id, tuple(zip(drivers, ways, strict=True)))


def _yardstick(id: str, base: Scenario, drivers: Sequence[Driver]) -> str:
    named = ", ".join(driver.id for driver in drivers)
    return "\n".join(
        (
            f"# The yardstick of a scan of {named}.",
            f"# Each driver is as likely as in {base.id}. What is stated here holds in all of {id}_*.",
            f"# What it would be worth to know how a driver goes: harmattan explain {base.id} (worth of knowing).",
            f"# What news of one would do to the answer, and what to look for: harmattan signposts {base.id}.",
            f"id: {id}",
            f"extends: {base.id}",
            f"title: {_quoted(f'{id}: yardstick')}",
            f"condition: {_quoted(f'As in {base.id}.')}",
            "probability: null",
            'probability_reason: "Not assigned: it is there to compare with."',
            "",
        )
    )


def _corner(name: str, id: str, ways: Ways) -> str:
    told = "; ".join(_told(driver, way) for driver, way in ways)
    return "\n".join(
        (
            f"# Part of the scan {id}; the other drivers are as in {id}. How likely it is: harmattan show {name}.",
            f"id: {name}",
            f"extends: {id}",
            f"title: {_quoted(f'{id}: {told}')}",
            f"condition: {_quoted(f'As in {id}, and this for certain: {told}.')}",
            "probability: null",
            'probability_reason: "Its drivers have probabilities of their own; see harmattan show."',
            "drivers:",
            "  do:",
            *(f"    {driver.id}: {way}" for driver, way in ways),
            "",
        )
    )


def _told(driver: Driver, way: str) -> str:
    if way == ABSENT:
        return f"not “{driver.title}”"
    titles = {branch.id: branch.title for branch in driver.branches}
    return (titles.get(way) if way != HAPPENS else driver.branches[0].title) or driver.title


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
