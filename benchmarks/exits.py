"""What followed the exits of `seeds/evidence/exits.yaml`, and months without one, against what the model expected.

Each is fitted on what was known when the drawdown began. Fits are kept, so a run that was stopped goes on where it was.

A placebo is an October of `PLACEBO_YEARS`, five years apart so that windows do not overlap, in a country of the
register, at least `APART` months from the start and the end of every exit from it.
"""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from harmattan import __version__
from harmattan.claims.exits import ExitRegister, load_exits
from harmattan.cli.progress import TerminalSteps
from harmattan.core.files import file_in_place
from harmattan.core.months import months_between
from harmattan.panel.ucdp import SHORTEST_RECORD
from harmattan.panel.world import state
from harmattan.run.aftermath import surroundings, table_after
from harmattan.run.backtesting import QUICK
from harmattan.tasks.carrying import carry_out
from harmattan.tasks.task import Task

APART = 60
PLACEBO_YEARS = range(1994, 2020, 5)
DRAWS, SEED = 1000, 1

ESTIMATES = Path("seeds/evidence/exit_estimates.csv")
PLACEBOS = Path("benchmarks/results/exit_placebos.csv")

Start = tuple[str, str, str]
"""Name, host, and month 0."""


def exits_of(register: ExitRegister) -> Iterator[Start]:
    """Yield every exit whose host has a record long enough."""
    for one in sorted(register.exits.values(), key=lambda one: (one.start, one.id)):
        if long_enough(one.host, one.start):
            yield one.id, one.host, one.start


def placebos_of(register: ExitRegister) -> Iterator[Start]:
    """Yield months without an exit near, in the hosts of the register."""
    for host in sorted({one.host for one in register.exits.values()}):
        exits = [one for one in register.exits.values() if one.host == host]
        for month in (f"{year}-10" for year in PLACEBO_YEARS):
            before = all(months_between(month, one.start) >= APART for one in exits if month <= one.start)
            after = all(months_between(one.over, month) >= APART for one in exits if month > one.start)
            if before and after and long_enough(host, month):
                yield f"placebo-{host.lower()}-{month}", host, month


def long_enough(host: str, start: str) -> bool:
    """Return whether the model can be fitted to the host's record up to a month."""
    return months_between(state(host).first, start) + 1 >= SHORTEST_RECORD


def estimates(name: str, starts: Iterable[Start], rule: int) -> pd.DataFrame:
    """Return the ratios of every start, with its name, and by which version and rule they were made."""
    starts = list(starts)
    around = {host: surroundings(host) for host in {host for _, host, _ in starts}}
    tasks = [
        Task(
            id,
            table_after,
            {"record": around[host][0], "borders": around[host][1], "host": host, "start": start}
            | {"draws": DRAWS, "seed": SEED, "settings": QUICK},
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
    parser.add_argument("--only", choices=["exits", "placebos"])
    only, register = parser.parse_args().only, load_exits()
    asked = {"exits": (ESTIMATES, exits_of), "placebos": (PLACEBOS, placebos_of)}
    for name, (path, starts) in asked.items():
        if only in (None, name):
            table = estimates(f"estimate {name}", starts(register), register.rule.version)
            with file_in_place(path) as temporary:
                table.to_csv(temporary, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
