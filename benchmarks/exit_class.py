"""What exits have in common, from the kept estimates of `exits.py`: mean and spread of the effect, and checks of both.

Writes `results/exit_class.csv` (exits beside placebos), `results/exit_leave_one_out.csv` and
`results/exit_recovery.csv`. No fit of a record is made: seconds, after a minute of compiling.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from exits import ESTIMATES, PLACEBOS

from harmattan.claims.exits import ExitRegister, load_exits
from harmattan.core.files import file_in_place
from harmattan.core.names import HORIZONS
from harmattan.model.exits.across import (
    DEGREES_OF_FREEDOM,
    PRIOR_MEAN_SD,
    PRIOR_SPREAD_SD,
    Across,
    effects_across,
)
from harmattan.run.aftermath import HOST, NEIGHBOURS

AS_OF = "2023-06"
"""Exits known by then: none is that of the shipped case."""

EVERY, PLACEBO = "exits", "placebos"

RESULTS = Path("benchmarks/results")
OUTCOMES = ("all", "state_based", "non_state", "one_sided")
SIMULATED = 100
TRUTHS: dict[str, tuple[float, float] | None] = {
    "drawn from the prior": None,
    "mean 0, spread 0.5": (0.0, 0.5),
    "mean 0.4, spread 0.5": (0.4, 0.5),
    "mean 0, spread 1": (0.0, 1.0),
}
"""Mean and spread from which registers are simulated."""

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


def left_out(estimates: pd.DataFrame, register: ExitRegister) -> pd.DataFrame:
    """Return the mean without each exit in turn, of all deaths and of civilians in the host."""
    known = estimates[estimates["exit"].isin([one.id for one in register.known_by(AS_OF)])]
    rows = []
    for cell, chosen in cells(known):
        for id in chosen["exit"] if cell["outcome"] in ("all", "one_sided") else ():
            found = effects(chosen[chosen["exit"] != id]).summary()
            rows.append({**cell, "without": id, **{key: found[key] for key in ("mean", "sd", "spread")}})
    return pd.DataFrame(rows)


def recovery(estimates: pd.DataFrame, register: ExitRegister) -> pd.DataFrame:
    """Return how often 80 % intervals hold the truth over simulated registers of the size and noise of the real one."""
    known = estimates[estimates["exit"].isin([one.id for one in register.known_by(AS_OF)])]
    (rows,) = (rows for cell, rows in cells(known) if (cell["outcome"], cell["horizon"]) == ("all", "mid"))
    return pd.DataFrame([{"truth": name, **recovered(rows, truths(name, SIMULATED))} for name in TRUTHS])


def truths(name: str, count: int) -> np.ndarray:
    """Return mean and spread of some simulated registers, a row each."""
    if TRUTHS[name] is not None:
        return np.tile(TRUTHS[name], (count, 1))
    drawn = np.random.default_rng(2).standard_normal((count, 2))
    return np.column_stack([PRIOR_MEAN_SD * drawn[:, 0], PRIOR_SPREAD_SD * np.abs(drawn[:, 1])])


def recovered(rows: pd.DataFrame, wanted: np.ndarray) -> dict[str, float]:
    """Return how often the 80 % intervals of mean, spread and next effect held, over registers with some truths."""
    random, held = np.random.default_rng(1), np.zeros(3)
    noise, shown = rows["log_sd"].to_numpy(), rows["shown"].to_numpy()
    for mean, spread in wanted:
        true = mean + spread * random.standard_t(DEGREES_OF_FREEDOM, len(rows) + 1)
        found = effects_across(shown * true[1:] + noise * random.standard_normal(len(rows)), noise, shown)
        for i, (draws, truth) in enumerate(((found.mean, mean), (found.spread, spread), (found.next, true[0]))):
            low, high = np.quantile(draws, [0.1, 0.9])
            held[i] += low <= truth <= high
    shares = dict(zip(("mean_held", "spread_held", "next_held"), held / len(wanted), strict=True))
    return {"registers": len(wanted), "exits": len(rows), **shares}


def main() -> None:
    """Make the tables."""
    register, estimates = load_exits(), pd.read_csv(ESTIMATES)
    tables = {
        "exit_class": classes(estimates, pd.read_csv(PLACEBOS), register),
        "exit_leave_one_out": left_out(estimates, register),
        "exit_recovery": recovery(estimates, register),
    }
    for name, table in tables.items():
        with file_in_place(RESULTS / f"{name}.csv") as temporary:
            table.round(3).to_csv(temporary, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
