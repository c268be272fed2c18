"""Doubts about the class of exits, asked of the joint model: what other choices give, and whether it finds a truth.

Writes `results/exit_variants.csv` (the effect of one exit more under each choice, by outcome and horizon) and
`results/exit_recovery.csv` (how often 80 % intervals hold the truth over simulated registers). From kept estimates.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from exit_joint import COVARIATES, Estimates, covariates_of, events_of, published_by
from exits import DECISIONS, OFFSETS, OTHER_OFFSET, STAYS

from harmattan.claims.exit_class import CELLS
from harmattan.core.files import file_in_place
from harmattan.core.months import month_label, month_number
from harmattan.model.exits import joint
from harmattan.model.exits.joint import Events, Joint, joint_effects
from harmattan.schema.exits import MissionExit

AS_OF = "2023-06"
"""Exits known by then: none is that of the shipped case."""
RESULTS = Path("benchmarks/results")

SLOW = 24
"""Months of a drawdown beyond which an exit is left out in one variant."""
LARGE = 1000
SIMULATED = 100
SHORT = {"draws": 500, "tune": 500}

Variant = tuple[str, tuple[MissionExit, ...], Events, float]
"""Name, exits, events, and factor of the prior's scales."""


def variants(kept: Estimates) -> Iterator[Variant]:
    """Yield every choice that is asked for."""
    known, placebos, rule = kept.known(AS_OF), kept.placebos_by(AS_OF), kept.register.rule
    stays = stays_by(kept, AS_OF)

    def chosen(
        exits: tuple[MissionExit, ...], nothing: pd.DataFrame = placebos, table: pd.DataFrame = kept.exits
    ) -> Events:
        return events_of(table, nothing, exits, rule)

    yield "as declared", known, chosen(known), 1.0
    yield "prior halved", known, chosen(known), 0.5
    yield "prior doubled", known, chosen(known), 2.0
    yield "missions that stayed in place of placebos", known, chosen(known, stays), 1.0
    yield "missions that stayed beside placebos", known, chosen(known, pd.concat([placebos, stays])), 1.0
    yield "no placebos", known, chosen(known, placebos.head(0)), 1.0
    yield "from the decision", known, chosen(known, table=decided(kept)), 1.0
    kinds = {
        f"peak of {LARGE} or more": lambda one: one.peak.people >= LARGE,
        f"left within {SLOW} months": lambda one: one.pace <= SLOW,
        "no force stayed": lambda one: covariates_of(one, rule)[2] == 0,
        "none of the two from the country of the genocide": lambda one: one.host != "RWA",
    }
    for name, holds in kinds.items():
        some = tuple(one for one in known if holds(one))
        yield name, some, chosen(some), 1.0
    for left_out in known:
        others = tuple(one for one in known if one is not left_out)
        yield f"without {left_out.id}", others, chosen(others), 1.0
    yield "placebos as if they were exits", (), as_exits(kept), 1.0
    other = pd.read_csv(OFFSETS)
    nothing = other[other["exit"].isin(placebos["exit"])]
    yield f"{OTHER_OFFSET:.0f} deaths a month added", known, chosen(known, nothing, other), 1.0


def stays_by(kept: Estimates, month: str) -> pd.DataFrame:
    """Return missions that stayed; a long window in which an exit began shows nothing of staying."""
    stays = replace(kept, placebos=pd.read_csv(STAYS)).placebos_by(month).copy()
    starts = {id: (host, start) for id, host, start in zip(stays["exit"], stays["host"], stays["start"], strict=True)}
    left = {
        id
        for id, (host, start) in starts.items()
        for one in kept.register.exits.values()
        if one.host == host and start < one.start <= month_label(month_number(start) + 60)
    }
    stays.loc[stays["exit"].isin(left) & (stays["horizon"] == "long"), ["shown", "log_ratio"]] = 0.0
    return stays


def decided(kept: Estimates) -> pd.DataFrame:
    """Return the estimates of exits from their decision where that is known, else as they are."""
    begun = pd.read_csv(DECISIONS)
    whole = begun.groupby("exit")["horizon"].transform("nunique") == kept.exits["horizon"].nunique()
    begun = begun[whole]
    return pd.concat([kept.exits[~kept.exits["exit"].isin(begun["exit"])], begun])


def as_exits(kept: Estimates) -> Events:
    """Return placebos alone, every second of them called an exit: nothing should be found."""
    events = events_of(kept.exits, kept.placebos_by(AS_OF), (), kept.register.rule)
    return replace(events, is_exit=np.arange(len(events.is_exit)) % 2 == 0)


def tried(kept: Estimates) -> pd.DataFrame:
    """Return the effect of one exit more under every choice."""
    rows: list[dict[str, object]] = []
    for name, exits, events, prior in variants(kept):
        print(name, flush=True)
        found = joint_effects(events, published_by(AS_OF), prior=prior)
        like = [covariates_of(one, kept.register.rule) for one in exits] or [(0.0,) * len(COVARIATES)]
        rows += [{"variant": name, "exits": int(events.is_exit.sum())} | row for row in told(found, np.array(like))]
    return pd.DataFrame(rows)


def told(found: Joint, covariates: np.ndarray) -> Iterator[dict[str, object]]:
    """Yield what one exit more does, by cell, beside mean, bias and diagnostics."""
    mean, covariance = found.one_more(covariates)
    low, high = np.quantile(found.next(covariates), [0.1, 0.9], axis=0)
    for i, (outcome, horizon) in enumerate(CELLS):
        numbers = {"mean": mean.flat[i], "sd": np.sqrt(covariance[i, i]), "q10": low.flat[i], "q90": high.flat[i]}
        means, bias = (values.reshape(len(values), -1)[:, i] for values in (found.mean, found.bias))
        numbers |= {"mean_sd": means.std(), "rises": (means > 0).mean(), "bias": bias.mean(), "bias_sd": bias.std()}
        yield {"outcome": outcome, "horizon": horizon, **numbers, "divergences": found.divergences, "rhat": found.rhat}


def recovery(kept: Estimates) -> pd.DataFrame:
    """Return how often 80 % intervals held the truth over registers drawn from the prior, by cell."""
    known, random = kept.known(AS_OF), np.random.default_rng(1)
    real = events_of(kept.exits, kept.placebos_by(AS_OF), known, kept.register.rule)
    held = []
    for number in range(SIMULATED):
        print(f"register {number + 1}", flush=True)
        events, mean, effect = simulated(real, random)
        found = joint_effects(events, **SHORT)
        drawn = {"mean": (found.mean, mean), "next": (found.next(np.zeros((1, len(COVARIATES)))), effect)}
        held.append([_inside(*pair) for pair in drawn.values()])
    shares = np.mean(held, axis=0).reshape(2, -1)
    cells = pd.DataFrame(CELLS, columns=["outcome", "horizon"])
    return cells.assign(registers=SIMULATED, exits=len(known), mean_held=shares[0], next_held=shares[1])


def _inside(draws: np.ndarray, truth: np.ndarray) -> np.ndarray:
    low, high = np.quantile(draws, [0.1, 0.9], axis=0)
    return (low <= truth) & (truth <= high)


def simulated(real: Events, random: np.random.Generator) -> tuple[Events, np.ndarray, np.ndarray]:
    """Return events like the real ones from parameters drawn from the prior, the true means, and one effect more."""
    mean = _means(random, joint.MEAN_SD, joint.MEAN_APART_SD)
    bias = _means(random, joint.BIAS_SD, joint.BIAS_APART_SD)
    slopes = joint.SLOPE_SD * random.standard_normal(real.covariates.shape[1])
    spread, error = (np.abs(random.standard_normal(3)) * np.array(sd) for sd in (joint.SPREAD_SD, joint.ERROR_SD))
    effect = real.is_exit[:, None, None] * (mean + (real.covariates @ slopes)[:, None, None])
    total = bias + effect + joint.drawn_parts(random, np.sqrt(error**2 + real.is_exit[:, None] * spread**2))
    noise = random.standard_normal(total.shape) @ np.linalg.cholesky(joint.along()).T
    log_ratio = real.shown * total + np.maximum(real.log_sd, joint.LEAST_SD) * noise
    return replace(real, log_ratio=log_ratio), mean, mean + joint.drawn_parts(random, spread[None])[0]


def _means(random: np.random.Generator, shared: float, apart: float) -> np.ndarray:
    scales = apart * np.abs(random.standard_normal(3))
    shapes = ((joint.CELLS[0], 1), (1, joint.CELLS[1]), joint.CELLS)
    deviations = [scale * random.standard_normal(shape) for scale, shape in zip(scales, shapes, strict=True)]
    return shared * random.standard_normal() + deviations[0] + deviations[1] + deviations[2]


def main() -> None:
    """Make the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    asked = {"exit_variants": tried, "exit_recovery": recovery}
    parser.add_argument("--only", choices=asked)
    only, kept = parser.parse_args().only, Estimates.kept()
    for name, make in asked.items():
        if only in (None, name):
            table = make(kept)
            with file_in_place(RESULTS / f"{name}.csv") as temporary:
                table.round(3).to_csv(temporary, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
