"""The class of exits that a run uses, from the kept estimates of `exits.py`, by the model of `model/exits/joint.py`.

Writes `seeds/evidence/exit_class.csv`: mean and covariance of the effect of one exit more in its host, for every month
at which another exit was known. No fit of a record is made: a minute of compiling, and seconds for each month.

An exit is known by a month if it was over and its sixty months behind, and so are placebos. The first month is that
with `FEWEST` informative exits, of which `INFORMATIVE` of a small effect would show in some cell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from exits import ESTIMATES, PLACEBOS

from harmattan import __version__
from harmattan.claims.exit_class import CELLS, CLASS_FILE, COVARIANCES, KINDS
from harmattan.claims.exits import FIVE_YEARS, ExitRegister, load_exits
from harmattan.claims.register import load_register
from harmattan.core.files import file_in_place
from harmattan.core.months import month_label, month_number
from harmattan.core.names import HORIZONS
from harmattan.model.exits.joint import CELLS as SHAPE
from harmattan.model.exits.joint import Events, Joint, joint_effects
from harmattan.run.aftermath import HOST
from harmattan.schema.exits import MissionExit, Rule

FEWEST, INFORMATIVE = 5, 0.5
QUANTILES = (0.1, 0.5, 0.9)
CLASS = Path("seeds/evidence") / CLASS_FILE
NUMBERS = ("log_ratio", "log_sd", "shown")

PUBLISHED = {"hultman-2013-troops": ("one_sided", "2013-10")}
"""Items of evidence that enter: the outcome that they are about, and the month from which they could be read."""

PACE, PACES = 12, 2.0
"""Months of a pace that counts as none, and by how many powers of e one unit is slower."""
COVARIATES = ("left", "pace", "successor")


@dataclass(frozen=True)
class Estimates:
    """Kept estimates of exits and of months without one.

    Attributes
    ----------
    exits, placebos : DataFrame
        As `exits.py` writes them.
    register : ExitRegister
    """

    exits: pd.DataFrame
    placebos: pd.DataFrame
    register: ExitRegister

    @classmethod
    def kept(cls) -> "Estimates":
        """Read what `exits.py` kept."""
        return cls(pd.read_csv(ESTIMATES), pd.read_csv(PLACEBOS), load_exits())

    def known(self, month: str) -> tuple[MissionExit, ...]:
        """Return the exits known by a month, by time."""
        horizons = self.exits.groupby("exit")["horizon"].nunique()
        behind = set(horizons.index[horizons == len(HORIZONS)])
        known = (one for one in self.register.known_by(month) if one.id in behind)
        return tuple(sorted(known, key=lambda one: (one.start, one.id)))

    def placebos_by(self, month: str) -> pd.DataFrame:
        """Return the placebos whose sixty months lie behind by a month."""
        behind = self.placebos["start"].map(lambda start: month_number(start) + FIVE_YEARS <= month_number(month))
        return self.placebos[behind]


def covariates_of(one: MissionExit, rule: Rule) -> tuple[float, float, float]:
    """Return what tells one exit from another.

    Kind (half, if the mission was sent away or its war came back; minus half, if its mandate was done or handed over),
    pace (log of months, none at a year), and the force that was there when it left as a share of the largest that the
    rule allows.
    """
    left = 0.5 if one.kind in KINDS["left"] else -0.5
    pace = np.log((1 + one.pace) / (1 + PACE)) / PACES
    forces = [other.people or 0 for other in one.stayed if other.shape == "force" and other.at_once]
    return left, float(pace), sum(forces) / (rule.largest_successor * one.peak.people)


def events_of(exits: pd.DataFrame, placebos: pd.DataFrame, known: Sequence[MissionExit], rule: Rule) -> Events:
    """Return exits, in their order, and then placebos, as the joint model takes them."""
    ids = [one.id for one in known]
    nothing = placebos["exit"].unique().tolist()
    arrays = {name: np.concatenate([_array(exits, ids, name), _array(placebos, nothing, name)]) for name in NUMBERS}
    covariates = np.zeros((len(ids) + len(nothing), len(COVARIATES)))
    covariates[: len(ids)] = np.reshape([covariates_of(one, rule) for one in known], (len(ids), len(COVARIATES)))
    return Events(**arrays, is_exit=np.arange(len(covariates)) < len(ids), covariates=covariates)


def _array(table: pd.DataFrame, ids: Sequence[str], column: str) -> np.ndarray:
    """Return a column of hosts: array (event, outcome, horizon)."""
    if not ids:
        return np.zeros((0, *SHAPE))
    hosts = table[table["place"] == HOST].set_index(["exit", "outcome", "horizon"])[column]
    wanted = pd.MultiIndex.from_tuples([(id, *cell) for id in ids for cell in CELLS])
    return hosts.reindex(wanted).to_numpy().reshape(len(ids), *SHAPE)


def published_by(month: str) -> dict[str, tuple[float, float]]:
    """Return published effects that could be read by a month, by outcome: estimate, standard error with transport."""
    evidence = load_register().evidence
    found = {}
    for id, (outcome, since) in PUBLISHED.items():
        if since <= month:
            item = evidence[id]
            found[outcome] = (item.estimate, item.se * item.transport)
    return found


def months_of(estimates: Estimates) -> list[str]:
    """Return the months at which another exit was known, from the first with enough informative ones."""
    known = {max(month_number(one.start) + FIVE_YEARS, month_number(one.over)) for one in estimates.known("9999-12")}
    months = map(month_label, sorted(known))
    return [month for month in months if informative(estimates.exits, estimates.known(month)) >= FEWEST]


def informative(exits: pd.DataFrame, known: Sequence[MissionExit]) -> int:
    """Return of how many exits enough would show in some cell."""
    shown = _array(exits, [one.id for one in known], "shown")
    return int((shown.reshape(len(known), -1).max(axis=1) >= INFORMATIVE).sum())


def class_at(estimates: Estimates, month: str) -> tuple[Joint, Events]:
    """Return what exits known by a month have in common, and the events it rests on."""
    known = estimates.known(month)
    events = events_of(estimates.exits, estimates.placebos_by(month), known, estimates.register.rule)
    return joint_effects(events, published_by(month)), events


def rows_of(estimates: Estimates, month: str) -> Iterator[dict[str, object]]:
    """Yield the rows of the kept table at a month, by kind and cell."""
    joint, events = class_at(estimates, month)
    known, rule = estimates.known(month), estimates.register.rule
    for kind, kinds in KINDS.items():
        alike = [one for one in known if one.kind in kinds]
        if not alike:
            continue
        covariates = np.array([covariates_of(one, rule) for one in alike])
        mean, covariance = joint.one_more(covariates)
        quantiles = np.quantile(joint.next(covariates), QUANTILES, axis=0).reshape(len(QUANTILES), -1)
        common = {"n": len(alike), "placebos": int((~events.is_exit).sum())}
        for i, (outcome, horizon) in enumerate(CELLS):
            cell = {"known_by": month, "kind": kind, "outcome": outcome, "horizon": horizon}
            numbers = {"mean": mean.flat[i], "sd": np.sqrt(covariance[i, i])}
            numbers |= {f"q{100 * level:.0f}": value for level, value in zip(QUANTILES, quantiles[:, i], strict=True)}
            numbers |= dict(zip(COVARIANCES, covariance[i], strict=True))
            made = {"divergences": joint.divergences, "rhat": joint.rhat, "version": __version__, "rule": rule.version}
            yield cell | common | numbers | made | {"exits": " ".join(one.id for one in alike)}


def class_table(estimates: Estimates) -> pd.DataFrame:
    """Return the kept table."""
    rows: list[dict[str, object]] = []
    for month in months_of(estimates):
        rows += rows_of(estimates, month)
        print(f"{month}: {rows[-1]['rhat']:.3f}, {rows[-1]['divergences']} divergences", flush=True)
    return pd.DataFrame(rows)


def main() -> None:
    """Make the class."""
    table = class_table(Estimates.kept())
    with file_in_place(CLASS) as temporary:
        table.round(5).to_csv(temporary, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
