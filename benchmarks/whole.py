"""The whole effect of the exit: how far it hangs on what was declared, and how forecasts with it did since.

Writes `results/whole_sensitivity.csv` (the whole at home for the headline, months 7 to 24, under other declared numbers
and with sources left out) and `results/whole_scores.csv` (the case's first scenario as of the exit, with documents
alone, exits elsewhere alone, both, and the record alone, against the months that the record has since). Minutes.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import xarray as xr

import harmattan as hm
from harmattan.claims.register import Register, load_register
from harmattan.core.files import file_in_place
from harmattan.core.names import OUTCOMES
from harmattan.drivers.whole import BELIEFS, before_the_record, whole_table
from harmattan.evaluate.scores import crps
from harmattan.run.asking import Ask
from harmattan.run.forecasting import forecast_on, known_to, prepare
from harmattan.schema.scenario import Asked

RESULTS = Path("benchmarks/results")
DRAWS, SEED = 8000, 1
HORIZON, BELIEF = "mid", "both"


def registers(register: Register) -> Iterator[tuple[str, Register]]:
    """Yield the register as it is and with one declared number, or one source, otherwise."""
    yield "as declared", register
    told = register.lexicons.whole
    for name, values in {"documents_sd": (0.25, 1.0), "matters": (0.25, 0.75), "no_effect_sd": (0.05, 0.3)}.items():
        for value in values:
            yield f"{name} {value:g}", _declaring(register, told.model_copy(update={name: value}))
    for high in (1.3, 2.0):
        interval = told.unstated.model_copy(update={"high": high})
        yield f"unstated up to {high:g}", _declaring(register, told.model_copy(update={"unstated": interval}))
    for source in register.sources:
        claims = {id: claim for id, claim in register.claims.items() if claim.source != source}
        sources = {id: one for id, one in register.sources.items() if id != source}
        yield f"without {source}", replace(register, claims=claims, sources=sources)


def _declaring(register: Register, whole: object) -> Register:
    magnitudes = register.lexicons.magnitudes.model_copy(update={"whole": whole})
    return replace(register, lexicons=replace(register.lexicons, magnitudes=magnitudes))


def sensitivity(register: Register, asked: Asked) -> pd.DataFrame:
    """Return the whole at home for the headline under each change."""
    clock, rows = asked.clock, []
    for name, changed in registers(register):
        beliefs = before_the_record(changed, asked.scenario, clock.exit, clock.horizons, draws=DRAWS, seed=SEED)
        table = whole_table(beliefs)
        chosen = table[(table["outcome"] == register.case.headline) & (table["horizon"] == HORIZON)]
        rows.append({"change": name, **chosen[chosen["belief"] == BELIEF].iloc[0][["q10", "q50", "q90", "rises"]]})
    return pd.DataFrame(rows)


def scores(asked: Asked) -> pd.DataFrame:
    """Return CRPS at home, by month and of the whole window, for each belief and for the record alone."""
    register = load_register()
    case, record = register.case, register.case.record()
    ask = Ask(as_of=asked.clock.exit, months=_months_since(record, asked.clock.exit), draws=DRAWS, seed=SEED)
    runs = {}
    for belief, uses in BELIEFS.items():
        scenario = asked.scenario.model_copy(update={"evidence": uses})
        supposed = ask.of(scenario)
        runs[belief] = forecast_on(prepare(supposed, ask, register=register), supposed)
    for name in (case.record_alone, case.second_scenario):
        runs[str(name)] = hm.forecast(name, as_of=ask.as_of, months=ask.months, draws=DRAWS, seed=SEED)
    rows = []
    for name, run in runs.items():
        came = record.sel(month=run.deaths["month"].values, country=case.home)
        for outcome in OUTCOMES:
            drawn, seen = run.deaths.sel(country=case.home, outcome=outcome), came.sel(outcome=outcome)
            total = crps(seen.sum("month"), drawn.sum("month"))
            row = {"run": name, "outcome": outcome, "recorded": float(seen.sum())}
            row["expected"] = float(drawn.sum("month").mean())
            rows.append({**row, "crps_month": float(crps(seen, drawn).mean()), "crps_total": float(total)})
    table = pd.DataFrame(rows)
    alone = table[table["run"] == case.record_alone].set_index("outcome")
    for column in ("crps_month", "crps_total"):
        table[f"{column}_ratio"] = table[column] / table["outcome"].map(alone[column])
    return table


def _months_since(record: xr.DataArray, exit: str) -> int:
    months = [str(month) for month in record["month"].values]
    return len(months) - 1 - months.index(exit)


def main() -> None:
    """Make both tables."""
    ask = Ask(draws=DRAWS, seed=SEED)
    register = load_register()
    asked = ask.of(register.case.first_scenario)
    tables = {"whole_sensitivity": sensitivity(known_to(register, asked), asked), "whole_scores": scores(asked)}
    for name, table in tables.items():
        print(table.round(3).to_string())
        with file_in_place(RESULTS / f"{name}.csv") as temporary:
            table.round(4).assign(version=hm.__version__).to_csv(temporary, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
