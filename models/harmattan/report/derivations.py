"""Where each number comes from: tables back to commands and files, drivers back to claims and lines."""

import numpy as np
import pandas as pd

from ..claims.derivation import derive_driver
from ..claims.stated import states_prior
from ..claims.steps import BranchDerivation
from ..core.language import decimal, listed, phrase, translate, whole
from ..plots.numbers import in_hundred, scenario_words
from .brief_tables import FLAT
from .content import Derivation, Making
from .evidence_of_run import BriefRun
from .tables import Column, Table
from .toll import yearly_table_id
from .year_ahead import YEAR_AHEAD


def table_making(run: BriefRun) -> dict[str, Making]:
    """Return how each table is made, by its id."""
    names = [forecast.scenario.id for forecast in run.pair]
    first = names[0]
    asked = f"--as-of {run.first.clock.as_of} --draws {run.draws} --seed {run.seed}"
    brief = f"harmattan brief {' '.join(names)} {asked}"
    forecast = f"harmattan forecast {first} {asked} --out f.parquet"
    compare = f"harmattan compare {' '.join(names)} {asked}"
    commands = {
        **{
            "documents-expect": "harmattan trace SOURCE",
            "record": brief,
            "exceedance": forecast,
            "spillover": brief,
            "neighbours-held": brief,
            "people-flee": f"{forecast} --flows",
            "people-displaced": f"{forecast} --displaced",
            "people-breaks": f"{forecast} --breaks breaks.parquet",
            "people-scores": "python benchmarks/breaks.py",
        },
        **{f"contrast-{horizon}": compare for horizon in run.windows},
        **{"watched": forecast, "drivers": "harmattan trace DRIVER", "tornado": brief, "hindcast": brief},
        **{"calibration": brief, "diagnostics": brief, "scorecard": "make backtest", "own-coverage": "make backtest"},
        **dict.fromkeys(("track-skill", "track-held", "track-said"), "make judge"),
        **{
            "exit-effect": "harmattan trace exit",
            "toll": brief,
            YEAR_AHEAD: brief,
            "horizons": brief,
            "months": brief,
            "flows": brief,
            "around-exit": brief,
            "around-exit-plausible": brief,
            "counting": brief,
            yearly_table_id(run): brief,
        },
        **{"verdicts": f"harmattan ledger --as-of {run.record['month'].values[-1]}", "counts": brief},
    }
    words = {
        **{"claims": "seeds/claims/", "lexicons": "seeds/lexicons/", "evidence": "seeds/evidence/"},
        **{
            "panel": run.panel_name,
            "rivals": "6",
            "draws": whole(run.draws),
            "scenarios": listed([scenario_words(name) for name in names]),
        },
    }
    return {
        table: Making(phrase(f"derivation.{_kind_of(run, table)}", **words), command)
        for table, command in commands.items()
    }


def _kind_of(run: BriefRun, table: str) -> str:
    """Return the kind of a table, by which its making is told."""
    if table == yearly_table_id(run):
        return "by-year"
    if table in (YEAR_AHEAD, "horizons"):
        return "toll"
    return "contrast" if table.startswith("contrast") else table


def driver_derivations(run: BriefRun) -> tuple[Derivation, ...]:
    """Return for every driver the claims that make its prior, and the prior in one sentence."""
    return tuple(_driver(run, str(name), rows) for name, rows in run.drivers.groupby("driver", sort=False))


def claim_ratios(run: BriefRun) -> list[np.ndarray]:
    """Return for every way of a driver the rate ratios that its claims give it, in the order of `run.drivers`."""
    found = []
    for driver, way in zip(run.drivers["driver"], run.drivers["branch"], strict=True):
        branch = next(b for b in derive_driver(run.register, str(driver)).branches if b.branch == way)
        hinges = run.register.drivers[str(driver)].hinges_on_exit  # its claims give sizes of the whole, not its own
        told = () if hinges else branch.rows
        sizes = [_sign(branch) * row.effect.mean for row in told if row.effect is not None]
        found.append(np.exp(np.array(sizes, dtype=float)))
    return found


def _sign(branch: BranchDerivation) -> int:
    return -1 if branch.direction == "lower" else 1


def _driver(run: BriefRun, name: str, rows: pd.DataFrame) -> Derivation:
    driver = run.register.drivers[name]
    summary = " ".join(
        phrase(
            "derivation.driver_prior",
            way=translate(str(row["label"])),
            weight=in_hundred(float(row["prior_weight"])),
            low=decimal(float(row["prior_low"]), 2),
            high=decimal(float(row["prior_high"]), 2),
        )
        for _, row in rows.iterrows()
    )
    if states_prior(run.first.scenario.setting(driver.id)):
        summary = f"{summary} {phrase('derivation.driver_stated', scenario=scenario_words(run.first.scenario.id))}"
    title, command = translate(driver.title), f"harmattan trace {driver.id}"
    return Derivation(driver.id, title, summary, command, _claims_table(run, driver.id))


def _claims_table(run: BriefRun, driver: str) -> Table:
    rows = []
    for branch in derive_driver(run.register, driver).branches:
        for vote in branch.rows:
            claim = run.register.claims[vote.claim]
            rows.append(
                {
                    "branch": branch.branch,
                    "side": vote.side,
                    "cited": f"{claim.source} {', '.join(str(line) for line in claim.lines)}",
                    "claim": claim.id,
                    "hedge": claim.hedge or FLAT,
                    "term": vote.reading.term,
                    "grade": str(vote.grade),
                    "believed": vote.belief.mean,
                    "weight": vote.weight,
                }
            )
    names = ["branch", "side", "cited", "claim", "hedge", "term", "grade", "believed", "weight"]
    return Table(
        f"claims-{driver}",
        phrase("derivation.driver_table", driver=translate(run.register.drivers[driver].title)),
        pd.DataFrame(rows, columns=names),
        (
            Column("branch", phrase("derivation.columns.branch"), "code"),
            Column("side", phrase("derivation.columns.side")),
            Column("cited", phrase("derivation.columns.cited"), "source"),
            Column("claim", phrase("derivation.columns.claim"), "code"),
            Column("hedge", phrase("derivation.columns.hedge"), "quote"),
            Column("term", phrase("derivation.columns.term"), "quote"),
            Column("grade", phrase("derivation.columns.grade"), "code"),
            Column("believed", phrase("derivation.columns.believed"), "probability"),
            Column("weight", phrase("derivation.columns.weight"), "share"),
        ),
    )
