"""Reference class: one-sided deaths before and after other United Nations missions left.

A mission counts when its peak was at least 1,000 people and it ended or fell below a fifth of its peak before 2016,
unless a UN presence of more than a fifth of that peak stayed in the same country in the next half year (a renamed
mission is no exit). The estimate is the mean over missions of
``log((deaths in the 24 months after + 0.5 per month) / (deaths in the 24 months before + 0.5 per month))``.
No mission was drawn by lot: most left because the war was over, so the mean is biased towards calm after the exit.
"""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from ..core.months import month_label, month_number
from ..core.resources import seeds_folder

PEAK = 1000
LEFT = 0.20
BEFORE = "2016-01"
WINDOW = 24
SMOOTHING = 0.5

GWNO = {
    "AGO": 540, "BDI": 516, "BIH": 346, "CAF": 482, "CIV": 437, "COD": 490, "ERI": 531, "HRV": 344,
    "HTI": 41, "IRQ": 645, "KHM": 811, "LBR": 450, "MKD": 343, "MOZ": 541, "RWA": 517, "SDN": 625,
    "SLE": 451, "SLV": 92, "SOM": 520, "SRB": 345, "TCD": 483, "TLS": 860,
}  # fmt: skip
"""Gleditsch-Ward numbers of the seat countries of the missions in the class."""


@dataclass(frozen=True)
class MissionExit:
    """One mission's exit: seat country, exit month, deaths in the windows and their smoothed log ratio."""

    mission: str
    iso3: str
    exit: str
    before: int
    after: int
    log_ratio: float


@dataclass(frozen=True)
class ReferenceClass:
    """Mean log ratio over exits, its standard error, and the exits."""

    estimate: float
    se: float
    exits: tuple[MissionExit, ...]


def mission_exits(data_folder: Path | None = None) -> tuple[MissionExit, ...]:
    """Return the exits of the class, in alphabetical order of the missions."""
    folder = data_folder or seeds_folder() / "data"
    present = _presence(folder / "peacekeeping" / "un_mission_month_1990_2017.csv")
    deaths = _one_sided(folder / "ucdp" / "country_month_world.csv")
    exits = []
    for row in _rows(folder / "peacekeeping" / "un_mission_drawdowns.csv"):
        month = row["first_below_20pct"] or (row["last_month"] if row["ended_in_data"] == "1" else "")
        peak = int(row["peak"])
        if peak < PEAK or not month or month >= BEFORE or _stays(present, row["iso3"], month, LEFT * peak):
            continue
        before, after = _windows(deaths, GWNO[row["iso3"]], month)
        extra = SMOOTHING * WINDOW
        ratio = math.log((after + extra) / (before + extra))
        exits.append(MissionExit(row["mission"], row["iso3"], month, before, after, ratio))
    return tuple(sorted(exits, key=lambda exit_: exit_.mission))


def reference_class(data_folder: Path | None = None, *, leave_out: frozenset[str] = frozenset()) -> ReferenceClass:
    """Return mean and standard error of the log ratio over exits, without the missions in `leave_out`."""
    exits = tuple(exit_ for exit_ in mission_exits(data_folder) if exit_.mission not in leave_out)
    ratios = [exit_.log_ratio for exit_ in exits]
    mean = sum(ratios) / len(ratios)
    variance = sum((ratio - mean) ** 2 for ratio in ratios) / (len(ratios) - 1)
    return ReferenceClass(mean, math.sqrt(variance / len(ratios)), exits)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _presence(path: Path) -> dict[tuple[str, str], int]:
    """UN personnel by seat country and month, over all missions."""
    present: dict[tuple[str, str], int] = {}
    for row in _rows(path):
        key = (row["iso3"], row["month"])
        present[key] = present.get(key, 0) + int(float(row["total"] or 0))
    return present


def _one_sided(path: Path) -> dict[tuple[int, str], int]:
    rows = _rows(path)
    return {(int(r["gwno"]), r["month"]): int(r["best"]) for r in rows if r["type"] == "one_sided"}


def _stays(present: dict[tuple[str, str], int], iso3: str, month: str, most: float) -> bool:
    exit_number = month_number(month)
    return any(present.get((iso3, month_label(exit_number + k)), 0) > most for k in range(1, 7))


def _windows(deaths: dict[tuple[int, str], int], gwno: int, month: str) -> tuple[int, int]:
    exit_number = month_number(month)
    before = sum(deaths.get((gwno, month_label(exit_number - k)), 0) for k in range(1, WINDOW + 1))
    after = sum(deaths.get((gwno, month_label(exit_number + k)), 0) for k in range(1, WINDOW + 1))
    return before, after
