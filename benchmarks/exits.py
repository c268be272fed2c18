"""What followed the exits of `seeds/evidence/exits.yaml`, and months without one, against what the model expected.

Each is fitted on what was known when the drawdown began. Fits are kept, so a run that was stopped goes on where it was.

A placebo is an October of `PLACEBO_YEARS`, five years apart so that windows do not overlap, in a country of the
register, at least `APART` months from the start and the end of every exit from it.

A stay is a month in which a mission of the register's size was there and stayed, a placebo of a second kind: missions
leave when peace holds, and a forecast from deaths alone does not know that. Its rule, stated before any result:

1. uniformed people of all missions in the host together were `smallest_peak` or more, and half of them soldiers or
   observers, in that month and the eleven before;
2. they stayed at `STAYED` of that month's strength or more for the `STAY` months after it (a month or two that the
   table lacks do not count against it);
3. the missions are those of the register's exits and those that it leaves out as still there, without those between
   states (`BETWEEN_STATES`);
4. the host had a year of war in the ten before, as exits must have, and a record long enough;
5. no exit from it was under way in that month or began within `STAY` months after;
6. the first such month of each host counts, and then the first that is `APART` months or more later.
"""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from harmattan import __version__
from harmattan.claims.exits import ExitRegister, Strengths, load_exits, strengths_of
from harmattan.cli.progress import TerminalSteps
from harmattan.core.files import file_in_place
from harmattan.core.months import month_label, month_number, months_after, months_between
from harmattan.panel.ucdp import SHORTEST_RECORD
from harmattan.panel.world import panel_of, state, states
from harmattan.run.aftermath import OFFSET, surroundings, table_after
from harmattan.run.backtesting import QUICK
from harmattan.schema.exits import MissionExit
from harmattan.tasks.carrying import carry_out
from harmattan.tasks.task import Task

APART = 60
PLACEBO_YEARS = range(1994, 2020, 5)
STAY, STAYED, BEFORE = 24, 0.8, 12
MISSING = 2
"""Months of a stay that the table of strengths may lack."""
BETWEEN_STATES = ("UNTSO", "UNMOGIP", "UNDOF", "UNIFIL")
"""Still there, and between states: the rule of exits would leave them out, which the register need not say."""
DRAWS, SEED = 1000, 1

ESTIMATES = Path("seeds/evidence/exit_estimates.csv")
PLACEBOS = Path("benchmarks/results/exit_placebos.csv")
STAYS = Path("benchmarks/results/exit_stays.csv")
DECISIONS = Path("benchmarks/results/exit_decisions.csv")
"""Exits once more, from the month in which it was decided that the mission leaves: a check of the windows."""

OFFSETS = Path("benchmarks/results/exit_offsets.csv")
OTHER_OFFSET = 2.0
"""Deaths a month added before logarithms are taken, in place of half of one: exits and placebos once more. Kept so far
of those that were known by June 2023 and of which something shows; the others say nothing to the joint model."""

Start = tuple[str, str, str]
"""Name, host, and month 0."""


def exits_of(register: ExitRegister) -> Iterator[Start]:
    """Yield every exit whose host has a record long enough."""
    for one in sorted(register.exits.values(), key=lambda one: (one.start, one.id)):
        if long_enough(one.host, one.start):
            yield one.id, one.host, one.start


def decisions_of(register: ExitRegister) -> Iterator[Start]:
    """Yield every exit from its decision, where that is known and is not when the strength fell."""
    for one in sorted(register.exits.values(), key=lambda one: (one.start, one.id)):
        if one.decision is not None and one.decision.month != one.start and long_enough(one.host, one.decision.month):
            yield one.id, one.host, one.decision.month


def placebos_of(register: ExitRegister) -> Iterator[Start]:
    """Yield months without an exit near, in the hosts of the register."""
    for host in sorted({one.host for one in register.exits.values()}):
        exits = [one for one in register.exits.values() if one.host == host]
        for month in (f"{year}-10" for year in PLACEBO_YEARS):
            before = all(months_between(month, one.start) >= APART for one in exits if month <= one.start)
            after = all(months_between(one.over, month) >= APART for one in exits if month > one.start)
            if before and after and long_enough(host, month):
                yield f"placebo-{host.lower()}-{month}", host, month


def stays_of(register: ExitRegister) -> Iterator[Start]:
    """Yield months in which a mission was there and stayed."""
    for host, strengths in sorted(presences(register).items()):
        exits = [one for one in register.exits.values() if one.host == host]
        last = ""
        for month in strengths:
            apart = not last or months_between(last, month) >= APART
            if (
                apart
                and _stayed(strengths, month, register)
                and _at_war(host, month, register)
                and _quiet(exits, month)
            ):
                last = month
                yield f"stay-{host.lower()}-{month}", host, month


def presences(register: ExitRegister) -> dict[str, Strengths]:
    """Return the strength by month of all missions together, by host that is a state with a record."""
    still = [one for one in register.left_out if one.because == "still-there"]
    missions: dict[str, set[str]] = {}
    for one in (*register.exits.values(), *still):
        if one.host in states():
            missions.setdefault(one.host, set()).update(set(one.missions) - set(BETWEEN_STATES))
    found = {host: strengths_of(sorted(names), "1990-01", "2100-01") for host, names in missions.items()}
    return {host: strengths for host, strengths in found.items() if strengths}


def _stayed(strengths: Strengths, month: str, register: ExitRegister) -> bool:
    """Return whether a mission had been there for a year and stayed for two (1 and 2 of the rule)."""
    rule, now = register.rule, strengths[month][0]
    before = [strengths.get(month_label(month_number(month) - back), (0, 0)) for back in range(BEFORE)]
    after = [strengths[later] for later in months_after(month, STAY) if later in strengths]
    there = all(
        people >= rule.smallest_peak and soldiers >= rule.smallest_share_of_soldiers * people
        for people, soldiers in before
    )
    return there and len(after) >= STAY - MISSING and all(people >= STAYED * now for people, _ in after)


def _at_war(host: str, month: str, register: ExitRegister) -> bool:
    """Return whether the host had a year of war, and has a record long enough (4 of the rule)."""
    deaths = panel_of((host,))
    deaths = deaths[
        (deaths["month"] <= month) & (deaths["month"].str[:4].astype(int) >= int(month[:4]) - register.rule.years)
    ]
    by_year = deaths.groupby(deaths["month"].str[:4])["best"].sum()
    return bool((by_year >= register.rule.deaths).any()) and long_enough(host, month)


def _quiet(exits: list[MissionExit], month: str) -> bool:
    """Return whether no exit was under way or began soon (5 of the rule)."""
    return not any(months_between(month, one.start) <= STAY and month <= one.over for one in exits)


def long_enough(host: str, start: str) -> bool:
    """Return whether the model can be fitted to the host's record up to a month."""
    return months_between(state(host).first, start) + 1 >= SHORTEST_RECORD


def every_start(register: ExitRegister) -> Iterator[Start]:
    """Yield exits and placebos."""
    yield from exits_of(register)
    yield from placebos_of(register)


def estimates(
    name: str, starts: Iterable[Start], rule: int, kept: pd.DataFrame | None = None, offset: float = OFFSET
) -> pd.DataFrame:
    """Return the ratios of every start, with its name, and by which version and rule they were made.

    Those of this version and rule among the kept ones are not made again.
    """
    wanted = list(starts)
    kept = _fresh(kept, wanted, rule)
    starts = [start for start in wanted if start[0] not in set(kept["exit"])]
    made = _made(name, starts, rule, offset)
    found = pd.concat([table for table in (kept, made) if len(table)], ignore_index=True)
    order = {id: number for number, (id, _, _) in enumerate(wanted)}
    return found.sort_values("exit", key=lambda ids: ids.map(order), kind="stable", ignore_index=True)


def _fresh(kept: pd.DataFrame | None, wanted: list[Start], rule: int) -> pd.DataFrame:
    if kept is None:
        return pd.DataFrame({"exit": []})
    starts = {id: start for id, _, start in wanted}
    same = (kept["version"] == __version__) & (kept["rule"] == rule)
    return kept[same & (kept["exit"].map(starts) == kept["start"])]


def _made(name: str, starts: list[Start], rule: int, offset: float) -> pd.DataFrame:
    if not starts:
        return pd.DataFrame({"exit": []})
    around = {host: surroundings(host) for host in {host for _, host, _ in starts}}
    tasks = [
        Task(
            id,
            table_after,
            {"record": around[host][0], "borders": around[host][1], "host": host, "start": start}
            | {"draws": DRAWS, "seed": SEED, "settings": QUICK, "offset": offset},
        )
        for id, host, start in starts
    ]
    tables = carry_out(name, tasks, steps=TerminalSteps())
    named = [table.assign(exit=id) for (id, _, _), table in zip(starts, tables, strict=True)]
    found = pd.concat(named, ignore_index=True).round(4)
    found = found.assign(version=__version__, rule=rule)
    return found[["exit", *(column for column in found if column != "exit")]]


def main() -> None:
    """Make the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    asked = {"exits": (ESTIMATES, exits_of), "placebos": (PLACEBOS, placebos_of), "stays": (STAYS, stays_of)}
    asked |= {"decisions": (DECISIONS, decisions_of), "offsets": (OFFSETS, every_start)}
    parser.add_argument("--only", choices=asked)
    parser.add_argument("--fresh", action="store_true", help="make also what is kept of this version and rule")
    given, register = parser.parse_args(), load_exits()
    for name, (path, starts) in asked.items():
        if given.only in (None, name):
            kept = pd.read_csv(path) if path.is_file() and not given.fresh else None
            offset = OTHER_OFFSET if name == "offsets" else OFFSET
            table = estimates(f"estimate {name}", starts(register), register.rule.version, kept, offset)
            with file_in_place(path) as temporary:
                table.to_csv(temporary, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
