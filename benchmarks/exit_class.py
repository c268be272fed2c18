"""What followed exits and placebos cell by cell: all deaths, and neighbours, which the joint model does not hold.

Writes `results/exit_class.csv` (exits beside placebos) from the kept estimates of `exits.py`. No fit of a record is
made: minutes. What a run reads is made by `exit_joint.py`.
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from exits import ESTIMATES, PLACEBOS

from harmattan.claims.exits import ExitRegister, load_exits
from harmattan.core.files import file_in_place
from harmattan.core.names import HORIZONS
from harmattan.model.exits.across import Across, effects_across
from harmattan.run.aftermath import HOST, NEIGHBOURS

AS_OF = "2023-06"
"""Exits known by then: none is that of the shipped case."""

EVERY, PLACEBO = "exits", "placebos"

RESULTS = Path("benchmarks/results")
OUTCOMES = ("all", "state_based", "non_state", "one_sided")
NUMBERS = ["log_ratio", "log_sd", "shown"]


def _in_cell(table: pd.DataFrame, cell: dict[str, str]) -> pd.DataFrame:
    return table[(table[list(cell)] == pd.Series(cell)).all(axis=1)]


def cells(table: pd.DataFrame, place: str = HOST) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    """Yield the rows of every outcome and horizon at one place."""
    for outcome in OUTCOMES:
        for horizon in HORIZONS:
            cell = {"place": place, "outcome": outcome, "horizon": horizon}
            yield cell, _in_cell(table, cell)


def effects(rows: pd.DataFrame) -> Across:
    """Return what some exits have in common."""
    return effects_across(*(rows[name].to_numpy() for name in NUMBERS))


def classes(estimates: pd.DataFrame, placebos: pd.DataFrame, register: ExitRegister) -> pd.DataFrame:
    """Return a row for every set of exits, for placebos and for exits against them, by place, outcome and horizon."""
    done = [one.id for one in register.exits.values() if one.kind in ("mandate-done", "handed-over")]
    known = estimates[estimates["exit"].isin([one.id for one in register.known_by(AS_OF)])]
    sets = {EVERY: known, "mandate done": known[known["exit"].isin(done)]}
    sets |= {"withdrawn or collapsed": known[~known["exit"].isin(done)], PLACEBO: placebos}
    rows = []
    for place in (HOST, NEIGHBOURS):
        for cell, _ in cells(known, place):
            chosen = {name: _in_cell(table, cell) for name, table in sets.items()}
            found = {name: effects(table) for name, table in chosen.items()}
            found["exits against placebos"] = against(found[EVERY], found[PLACEBO])
            for name, across in found.items():
                of = chosen.get(name, chosen[EVERY])
                rows.append({"set": name, **cell, "n": len(of), "shown": of["shown"].sum(), **across.summary()})
    return pd.DataFrame(rows)


def against(exits: Across, placebos: Across) -> Across:
    """Return exits with what the mean placebo has taken off: what the model misses where nothing left."""
    return Across(exits.mean - placebos.mean, exits.spread, exits.next - placebos.mean, exits.divergences)


def main() -> None:
    """Make the table."""
    table = classes(pd.read_csv(ESTIMATES), pd.read_csv(PLACEBOS), load_exits())
    with file_in_place(RESULTS / "exit_class.csv") as temporary:
        table.round(3).to_csv(temporary, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
