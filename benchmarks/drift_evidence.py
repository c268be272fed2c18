"""What the world says of how far rates drift and turn: log evidence of records, by the numbers of the dynamics.

The records are those by which the structure is chosen (`judge_protocol.md`): five regions outside the shipped case, to
October of every even year. The evidence is Laplace's approximation at the mode, of the likelihood as the fit has it.
One quantity at a time is moved away from what the model has; a record's evidence stands relative to that.

Two minutes on two idle cores.
"""

import argparse
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from gate import alive
from judge import rows_of
from regions import records

from harmattan.core.files import file_in_place
from harmattan.model.build import build_density
from harmattan.model.density import Density
from harmattan.model.sampling import mode_and_curvature
from harmattan.model.specification import STANDARD, ModelSpecification

WORKERS = 2
SPREADS = np.linspace(0.0, 1.5, 31)
"""Of the logarithm of a quantity between records."""


def with_size_of_turns(size: float) -> ModelSpecification:
    """Return the model with turns that many times as large."""
    return replace(STANDARD, turn_mean=size * STANDARD.turn_mean, turn_sd=size * STANDARD.turn_sd)


def with_outcomes(quantity: str, names: Collection[str], value: float) -> ModelSpecification:
    """Return the model with another number in the structure of some outcomes."""
    outcomes = [replace(o, **{quantity: value}) if o.name in names else o for o in STANDARD.outcomes]
    return replace(STANDARD, outcomes=tuple(outcomes))


SCANS: Mapping[str, tuple[Callable[[float], ModelSpecification], tuple[float, ...]]] = {
    "drift_sd": (lambda value: replace(STANDARD, drift_sd=value), (0.05, 0.08, 0.12, 0.16, 0.22, 0.3, 0.42)),
    "drift_keep": (lambda value: replace(STANDARD, drift_keep=value), (0.8, 0.9, 0.94, 0.97, 0.99)),
    "size of turns": (with_size_of_turns, (0.3, 0.6, 1.0, 1.5)),
    "drift_share of non-state deaths": (partial(with_outcomes, "drift_share", ["non_state"]), (0.1, 0.25, 0.5, 1.0)),
    "shared_luck of the others": (
        partial(with_outcomes, "shared_luck", ["state_based", "one_sided"]),
        (0.0, 0.25, 0.5, 0.75),
    ),
}
"""By quantity: the model with another value of it, and the values; the model's own is among them."""


@cache
def _records() -> dict[str, tuple[xr.DataArray, xr.DataArray]]:
    return records()


def log_evidence(density: Density) -> float:
    """Return the log of the integral of a density, by Laplace's approximation at its mode."""
    mode, curvature = mode_and_curvature(density, density.centre_of_prior())
    sign, log_determinant = np.linalg.slogdet(curvature)
    if sign <= 0:
        raise ValueError("the density has no peak where its mode was found")
    return density.at(mode)[0] + (density.size * np.log(2 * np.pi) - log_determinant) / 2


def of_record(row: tuple[str, int]) -> list[dict]:
    """Return the evidence of one record under every model, rows of a table."""
    region, year = row
    record, borders = alive(*_records()[region], f"{year}-10")
    own, found = log_evidence(build_density(record, borders, None, STANDARD)), []
    for quantity, (model, values) in SCANS.items():
        for value in values:
            spec = model(value)
            gain = 0.0 if spec == STANDARD else log_evidence(build_density(record, borders, None, spec)) - own
            found.append({"region": region, "year": year, "quantity": quantity, "value": value, "gain": gain})
    return found


def spread_between_records(gains: pd.DataFrame) -> pd.DataFrame:
    """Return the evidence for a positive quantity that each record has of its own, log-normally spread.

    Parameters
    ----------
    gains : DataFrame
        A row for each record, a column for each value, rising; relative to one of them. Evidence is read between values
        of the logarithm, and as at the nearest outside.

    Returns
    -------
    DataFrame
        Columns spread (of the logarithm), median (the best), gain (of all records together).
    """
    known = np.log(gains.columns.to_numpy(dtype=float))
    at = np.linspace(known[0], known[-1], 201)
    curves = np.array([np.interp(at, known, row) for row in gains.to_numpy()])
    most = curves.max(axis=1, keepdims=True)
    rows = []
    for spread in SPREADS:
        weights = np.exp(-0.5 * ((at - at[:, None]) / max(spread, 0.02)) ** 2)  # a row for each median
        weights /= weights.sum(axis=1, keepdims=True)
        together = (np.log(np.exp(curves - most) @ weights.T) + most).sum(axis=0)
        best = int(together.argmax())
        rows.append({"spread": spread, "median": np.exp(at[best]), "gain": together[best]})
    return pd.DataFrame(rows)


def main() -> None:
    """Write the evidence of every record, and say what all of them together say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    asked = parser.parse_args()
    with ProcessPoolExecutor(WORKERS) as pool:
        found = pd.DataFrame([row for rows in pool.map(of_record, rows_of("choosing")) for row in rows])
    with file_in_place(asked.out / "drift_evidence.csv") as path:
        found.round(3).to_csv(path, index=False, lineterminator="\n")
    print(found.groupby(["quantity", "value"])["gain"].sum().round(1).to_string())
    gains = found[found["quantity"] == "drift_sd"].pivot(index=["region", "year"], columns="value", values="gain")
    print(spread_between_records(gains).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
