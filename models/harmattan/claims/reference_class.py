"""Reference class: one-sided deaths before and after other missions of the United Nations left.

The rules, stated before the numbers. An exit counts when

1. the mission once had 1,000 people, half of them troops (police missions shield no villages);
2. it stood in a war inside one state, not between states and not to prevent a war;
3. nobody took over: no other force of the UN, NATO or the EU stayed of more than a fifth of its size (a renamed mission
   is no exit, and neither is one that hands its war to NATO);
4. its window before holds nothing that followed an earlier exit from the same country;
5. there were at least `FEWEST_DEATHS` deaths in both windows together. A host that saw no killing before or after says
   nothing of a ratio; the sum of both decides, so the rule favours neither sign.

The window before is the 24 months that end before the strength falls for good below half of its peak, so that it holds
no part of the drawdown; the window after is the 24 months that follow the month in which a fifth or less is left. Exit,
drawdown, the country of the war and who took over stand with their sources in `un_mission_exits.csv`. The exit of
UNAMIR is that of April 1994, when the Council cut it in the middle of the killing.

The estimate is the mean over exits of ``log((deaths after + 0.5 per month) / (deaths before + 0.5 per month))``. No
mission was drawn by lot: some left because the war was over, others because it grew.
"""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.months import month_label, month_number
from ..core.resources import seeds_folder

PEAK = 1000
TROOPS = 0.5
WINDOW = 24
SMOOTHING = 0.5
FEWEST_DEATHS = 25


@dataclass(frozen=True)
class MissionExit:
    """One exit of a mission, with the deaths in its windows.

    Attributes
    ----------
    iso3, gwno : str, int
        The country of the war, which need not be that of the mission's seat.
    drawdown, exit : str
        Month in which the strength falls for good below half of its peak; month in which a fifth or less is left.
    before, after : int
        One-sided deaths in the windows.
    left_out : str
        Why the exit does not count; empty where it does.
    """

    mission: str
    iso3: str
    gwno: int
    drawdown: str
    exit: str
    before: int
    after: int
    left_out: str

    @property
    def log_ratio(self) -> float:
        """Smoothed log ratio of deaths after to deaths before."""
        return math.log((self.after + SMOOTHING * WINDOW) / (self.before + SMOOTHING * WINDOW))


@dataclass(frozen=True)
class ReferenceClass:
    """Mean log ratio over the exits that count, its standard error, and these exits."""

    estimate: float
    se: float
    exits: tuple[MissionExit, ...]


def mission_exits(data_folder: Path | None = None) -> tuple[MissionExit, ...]:
    """Return every exit of a mission of `PEAK` people or more by time, also those that do not count, and why."""
    folder = data_folder or seeds_folder() / "data"
    deaths = _one_sided(folder / "ucdp" / "country_month_world.csv")
    exits: list[MissionExit] = []
    for row in sorted(_rows(folder / "peacekeeping" / "un_mission_exits.csv"), key=lambda row: row["exit_month"]):
        gwno, drawdown, exit_ = int(row["gwno"]), row["drawdown_month"], row["exit_month"]
        before = _deaths(deaths, gwno, month_number(drawdown) - WINDOW)
        after = _deaths(deaths, gwno, month_number(exit_) + 1)
        reason = _no_exit(row) or _no_ratio(gwno, drawdown, before + after, exits)
        exits.append(MissionExit(row["mission"], row["iso3"], gwno, drawdown, exit_, before, after, reason))
    return tuple(exits)


def reference_class(data_folder: Path | None = None, *, leave_out: frozenset[str] = frozenset()) -> ReferenceClass:
    """Return mean and standard error of the log ratio over exits that count, without the missions in `leave_out`."""
    counting = [exit_ for exit_ in mission_exits(data_folder) if not exit_.left_out]
    exits = tuple(exit_ for exit_ in counting if exit_.mission not in leave_out)
    ratios = [exit_.log_ratio for exit_ in exits]
    mean = sum(ratios) / len(ratios)
    variance = sum((ratio - mean) ** 2 for ratio in ratios) / (len(ratios) - 1)
    return ReferenceClass(mean, math.sqrt(variance / len(ratios)), exits)


def _no_exit(row: dict[str, str]) -> str:
    """Return why a mission's end is no exit of the kind asked for (rules 1 to 3), or nothing."""
    if int(row["peak"]) < PEAK or float(row["troops_share"]) < TROOPS:
        return "no mission of troops"
    if row["kind"] != "war":
        return f"not in a war inside a state ({row['kind']})"
    return f"taken over by {row['taken_over_by']}" if row["taken_over_by"] else ""


def _no_ratio(gwno: int, drawdown: str, both: int, earlier: Sequence[MissionExit]) -> str:
    """Return why an exit's windows say nothing of a ratio (rules 4 and 5), or nothing."""
    first = month_number(drawdown) - WINDOW
    if any(e.gwno == gwno and not e.left_out and month_number(e.exit) + WINDOW >= first for e in earlier):
        return "its window before holds what followed an earlier exit"
    return f"{both} deaths in both windows" if both < FEWEST_DEATHS else ""


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _one_sided(path: Path) -> dict[tuple[int, str], int]:
    rows = _rows(path)
    return {(int(r["gwno"]), r["month"]): int(r["best"]) for r in rows if r["type"] == "one_sided"}


def _deaths(deaths: dict[tuple[int, str], int], gwno: int, first: int) -> int:
    """Return the deaths of a country in the `WINDOW` months from the month numbered `first`."""
    return sum(deaths.get((gwno, month_label(month)), 0) for month in range(first, first + WINDOW))
