"""`harmattan backtest`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ... import __version__
from ...core.errors import InputError
from ...core.language import phrase
from ...core.resources import fingerprints
from ..options import AsJson, Keep, PanelFile, Quiet, Scheduler, Seed, Workers
from ..output import check_target, print_json, print_text, say_provisional
from ..progress import TerminalSteps
from ..tables import OUTCOME, Shown, print_table

COVERAGE = (
    OUTCOME,
    Shown("cells", "cells"),
    *(Shown(f"inside_{level}", f"inside {level}%", decimals=2) for level in (50, 80, 90, 95)),
    Shown("count", "number"),
)
SKILL = (
    OUTCOME,
    Shown("cells", "cells", 3),
    Shown("score", "score"),
    Shown("value", "ours"),
    Shown("best", "best rival", 2),
    Shown("best_value", "rival's", 1),
    Shown("skill", "skill", decimals=2),
    Shown("skill_low", "from", decimals=2),
    Shown("skill_high", "to", decimals=2),
)


def backtest(
    origins: Annotated[
        str, typer.Option("--origins", help="challenge, FIRST..LAST (every third month), or months with commas.")
    ] = "challenge",
    horizon: Annotated[int, typer.Option("--horizon", help="Last month ahead that is scored.")] = 14,
    first: Annotated[int, typer.Option("--first", help="First month ahead that is scored.")] = 3,
    draws: Annotated[int, typer.Option("--draws", help="Number of futures of every model.")] = 1000,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option("--out", help="Parquet file for the scores of every cell.")] = None,
    panel: PanelFile = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    keep: Keep = None,
) -> None:
    """Forecasts from past origins against what happened and against the baselines.

    Scores are kept as each origin ends, and the same command goes on where an earlier one was interrupted. They are the
    same wherever they are made.

    Example: harmattan backtest --origins 2022-10 --horizon 14 --out scores.parquet
    """
    from ...case.opening import open_case
    from ...core.files import file_in_place
    from ...evaluate.scoreboard import coverage_of, skill_table, stacking_weights
    from ...panel.ucdp import provisional_months
    from ...run.backtesting import backtest as run_backtest
    from ...run.backtesting import parse_origins
    from ...tasks.carrying import Where
    from ...tasks.results import usual_folder

    check_target(out, (".parquet",))
    if not 1 <= first <= horizon <= 60:
        raise InputError(f"--first {first} and --horizon {horizon}: months ahead run from 1 to 60, first before last.")
    if draws < 100 or draws % 2:
        raise InputError(f"--draws {draws}: scores need an even number of at least 100 draws.")
    where, keep = Where(workers, scheduler), keep or usual_folder()
    steps = TerminalSteps(quiet=quiet)
    try:
        case = open_case()
        record, named = case.record(panel), str(case.reading(panel).record_named)
        inputs = fingerprints([panel or case.record_file, *case.files])
        table = run_backtest(
            record,
            case.geography.neighbour_weights(),
            parse_origins(origins),
            horizon=horizon,
            first=first,
            draws=draws,
            seed=seed,
            keep=keep,
            where=where,
            steps=steps,
        )
    finally:
        steps.close()
    if out is not None:
        table.attrs |= {
            "harmattan": __version__,
            "settled_by": named,
            "seed": str(seed),
            "inputs_sha256": json.dumps(inputs),
        }
        with file_in_place(out) as temporary:
            table.to_parquet(temporary, index=False)
    say_provisional(provisional_months(record))
    skills, covered, weights = skill_table(table), coverage_of(table), stacking_weights(table)
    if as_json:
        print_json(
            {
                "out": None if out is None else str(out),
                "skill": json.loads(skills.to_json(orient="records")),
                "coverage": json.loads(covered.to_json(orient="records")),
                "stacking": json.loads(weights.to_json(orient="records")),
                "settled_by": named,
                "provisional_months": list(provisional_months(record)),
                "inputs_sha256": inputs,
                "seconds": steps.seconds,
            }
        )
        return
    own = skills[(skills["model"] == "harmattan") & skills["score"].isin(["crps", "log1p_crps", "rps"])]
    print_table(
        own[["outcome", "cells", "score", "value", "best", "best_value", "skill", "skill_low", "skill_high"]].round(4),
        phrase("commands.skill_title"),
        SKILL,
    )
    print_table(covered.round(2), phrase("commands.coverage_title"), COVERAGE)
    print_text(phrase("commands.scored_on", record=named))
    if out is not None:
        print(out)
