"""How forecasts of things that break are scored, and the scores.

Declared before any of these models was fitted or scored:

- **Events.** By unit of the case and calendar year: a coup or attempt; at least one attack on aid workers, and how
  many; deaths of all violence above the case's threshold, in its watched units. And the case's accord, if it has one.
- **Cells.** Coups: to the last month of which the table knows every event; of the year in which that lies, the months
  up to it, with their part of a year's chance. Later years are not scored, because nobody looked: a year without an
  event in the table is no year without an event. The others: to 2024.
- **Origins.** December of each year t from 2009 on: what was recorded up to it is learnt from, t + 1 is forecast.
- **Given.** Deaths of t + 1 (a) as recorded later; (b) those of t again; (c) as this program forecasts them from
  December of t (record alone, quick fits). Watched units: (c) alone, counted on the simulated deaths.
- **Score.** Brier and logarithmic score of the share of 2,000 draws, (k + 1/2) / (n + 1), in which it happens. Number
  of attacks: squared error of log(1 + attacks) of the mean of the forecast, and CRPS of log(1 + attacks).
- **Rivals.** *By history*: the rate of all units' past years with an event in the years before (coups: five, else
  one), or of those without; a unit has the rate of its kind. *Base rate*: of all past years. Number of attacks: *last
  year again*, for the CRPS with the errors that this had made up to t beside it, drawn at random.
- **Verdict**, one for each event, on (c), all years from 2010 on together, coups to the end of their record: the
  model is shown if it is better than *by history* in the Brier and in the logarithmic score. Else that rate is shown,
  with its own scores, and called a base rate. The number of attacks is shown if its squared log error is below last
  year's; else it is not shown at all. Intervals resample whole years.
- **The accord** has no verdict: after the last year of its curve there are two origins of one accord. Their Brier and
  logarithmic scores stand beside those of the yearly rate of accords of all ages, and say next to nothing. (They are
  three: the curve ends with 2021, so December 2021 is one, too. Counted when the scores were there.)
- Coups from 1999 on are scored too, (a) and (b) alone; this is looked at and decides nothing.
"""

import argparse
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from flows import AGAIN, DRAWS, SEED, skill_rows

import harmattan as hm
from harmattan.case.opening import Case, open_case
from harmattan.core.files import file_in_place
from harmattan.core.randomness import stream
from harmattan.evaluate.scores import crps
from harmattan.follow import accord, aid_workers, coups, watched
from harmattan.follow.rates import chance_by_rates, rates_of
from harmattan.follow.years import Stretch, by_year, chain
from harmattan.panel.agreements import load_ended
from harmattan.panel.aid_workers import load_attacks
from harmattan.panel.flows import yearly
from harmattan.run.backtesting import QUICK
from harmattan.run.break_words import ATTACKS, BASE, HISTORY, MODEL, SCORES
from harmattan.run.breaking import coups_known

ORIGINS = range(2009, 2024)
EARLY = range(1998, 2009)
LAST_YEAR = 2024
OUT = Path("seeds/scorecard") / SCORES


def deaths_given(deaths: xr.DataArray, year: int, forecast: bool) -> dict[str, xr.DataArray]:
    """Return deaths (draw, year, country) to the year after, by how the last year's are known."""
    past = deaths.sel(year=slice(None, year))
    same = past.sel(year=[year]).assign_coords(year=[year + 1])
    given = {"a": deaths.sel(year=slice(None, year + 1)), "b": xr.concat([past, same], "year")}
    drawn = {name: one.expand_dims(draw=DRAWS) for name, one in given.items()}
    if forecast:
        run = hm.forecast(as_of=f"{year}-12", months=12, draws=DRAWS, seed=SEED, settings=QUICK)
        ahead = run.deaths.sum(["month", "outcome"]).astype("float64").reset_coords(drop=True)
        ahead = ahead.expand_dims(year=[year + 1])
        drawn["c"] = xr.concat([past.expand_dims(draw=DRAWS), ahead], "year")
    return {name: one.transpose("draw", "year", "country") for name, one in drawn.items()}


def by_rates(happened: xr.DataArray, share: xr.DataArray, memory: int, months: int) -> dict[str, xr.DataArray]:
    """Return whether it happens in the year after a record (draw, country), by history and at the base rate."""
    year = int(happened["year"].values[-1]) + 1
    ahead = [Stretch(year, months, ahead=True)]
    rates = rates_of(happened, share, memory, draws=DRAWS, seed=SEED)
    there = np.isfinite(happened.values) & (share.values[:, None] > 0)
    events, years = (happened.values[there] > 0).sum(), np.broadcast_to(share.values[:, None], there.shape)[there].sum()
    base = pd.DataFrame({state: np.full(DRAWS, (events + 0.5) / (years + 1)) for state in rates})
    settings = {"memory": memory, "draws": DRAWS, "seed": SEED, "name": "rule"}
    return {
        name: chain(chance_by_rates(of), happened, ahead, **settings).isel(year=0)
        for name, of in ((HISTORY, rates), (BASE, base))
    }


def scored(event: str, year: int, came: xr.DataArray, drawn: dict[str, xr.DataArray]) -> pd.DataFrame:
    """Return Brier and logarithmic scores of every model and unit in a year."""
    tables = []
    happened = came.reset_coords(drop=True).rename("came").astype(float)
    for model, happens in drawn.items():
        chance = ((happens.sum("draw") + 0.5) / (happens.sizes["draw"] + 1)).reset_coords(drop=True)
        log = -np.log(xr.where(happened > 0, chance, 1 - chance))
        told = xr.Dataset({"brier": (chance - happened) ** 2, "log": log, "came": happened, "chance": chance})
        tables.append(told.to_dataframe().reset_index().assign(model=model, year=year, event=event))
    return pd.concat(tables, ignore_index=True)


def coups_in(case: Case, year: int, given: dict[str, xr.DataArray], deaths: xr.DataArray) -> pd.DataFrame | None:
    """Return scores of coups and attempts in the year after; None where nobody looked."""
    table, known = coups_known(case, f"{year + 1}-12")
    counts, share = by_year(table, known)
    months = round(float(share.sel(year=year + 1)) * 12)
    if months == 0:
        return None
    came = by_year(table.sel(month=slice(None, known)), known)[0].sel(year=year + 1) > 0
    before, watched_share = counts.sel(year=slice(None, year)), share.sel(year=slice(None, year))
    learnt = coups.learn(before, watched_share, deaths.sel(year=slice(None, year)), draws=DRAWS, seed=SEED)
    ahead = [Stretch(year + 1, months, ahead=True)]
    drawn = {
        f"{MODEL} ({name})": coups.follow(learnt, before, ahead, futures, SEED).isel(year=0)
        for name, futures in given.items()
    }
    return scored(coups.COUPS.id, year + 1, came, drawn | by_rates(before, watched_share, coups.MEMORY, months))


def attacks_in(
    case: Case, year: int, given: dict[str, xr.DataArray], deaths: xr.DataArray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return scores of at least one attack in the year after, and of their number."""
    counts, share = by_year(load_attacks(case.aid_workers_file, case.units, f"{year + 1}-12"), f"{year + 1}-12")
    before, came = counts.sel(year=slice(None, year)), counts.sel(year=year + 1).reset_coords(drop=True)
    learnt = aid_workers.learn(before, deaths.sel(year=slice(None, year)), draws=DRAWS, seed=SEED)
    ahead = [Stretch(year + 1, 12, ahead=True)]
    numbers = {
        f"{MODEL} ({name})": aid_workers.follow(learnt, before, ahead, futures, SEED).isel(year=0, drop=True)
        for name, futures in given.items()
    }
    rule = by_rates(before, share.sel(year=slice(None, year)), aid_workers.MEMORY, 12)
    any_at_all = scored(aid_workers.AID_WORKERS.id, year + 1, came > 0, {n: v > 0 for n, v in numbers.items()} | rule)
    logs = np.log1p(before)
    last = logs.sel(year=year).reset_coords(drop=True)
    errors = logs.diff("year").values.ravel()
    noise = [stream(SEED, "errors", str(unit), str(year)).choice(errors, DRAWS) for unit in before["country"].values]
    again = (last + xr.DataArray(np.array(noise).T, dims=("draw", "country"))).clip(min=0).transpose("draw", "country")
    tables = []
    drawn = {name: (np.log1p(value).mean("draw"), np.log1p(value)) for name, value in numbers.items()}
    for model, (point, draws) in (drawn | {AGAIN: (last, again)}).items():
        truth = np.log1p(came)
        below = (draws < truth).mean("draw") + (draws == truth).mean("draw") / 2
        told = xr.Dataset({"squared": (point - truth) ** 2, "crps": crps(truth, draws), "below": below})
        tables.append(told.to_dataframe().reset_index().assign(model=model, year=year + 1, event=ATTACKS))
    return any_at_all, pd.concat(tables, ignore_index=True)


def watched_in(case: Case, year: int, given: dict[str, xr.DataArray], deaths: xr.DataArray) -> pd.DataFrame:
    """Return scores of watched units passing the threshold in the year after."""
    said = case.definition.watched
    past = deaths.sel(country=list(said.units))
    passed = (past > said.threshold).astype(float).where(past.notnull())
    before = passed.sel(year=slice(None, year))
    drawn = {f"{MODEL} (c)": watched.follow(given["c"].sel(year=[year + 1]), said.units, said.threshold).isel(year=0)}
    rule = by_rates(before, xr.ones_like(before["year"], dtype=float), watched.MEMORY, 12)
    return scored(watched.WATCHED.id, year + 1, passed.sel(year=year + 1) > 0, drawn | rule)


def accord_in(case: Case, year: int) -> pd.DataFrame | None:
    """Return scores of the accord's end in the year after; None where it or its curve was not there."""
    said, ended = case.definition.accord, case.accord_ended
    if said is None or said.curve.known > f"{year}-12" or said.signed > f"{year}-12" or (ended or "9") < f"{year + 1}":
        return None
    curve, then = load_ended(case.accord_file, said.curve.group), date(year, 12, 31)
    drawn = accord.follow(curve, date.fromisoformat(said.signed), then, [year + 1], said.unit, DRAWS, SEED).isel(year=0)
    last = curve.iloc[-1]
    rate = 1 - (1 - last["share_ended"]) ** (1 / last["years_since_signing"])
    base = xr.DataArray(np.arange(DRAWS) < rate * DRAWS, dims="draw").expand_dims(country=[said.unit])
    came = xr.DataArray([ended is not None and ended[:4] == str(year + 1)], coords={"country": [said.unit]})
    return scored(accord.ACCORD.id, year + 1, came, {MODEL: drawn, BASE: base})


def scores_of(events: pd.DataFrame, attacks: pd.DataFrame) -> pd.DataFrame:
    """Return mean scores and skill by event and window."""
    tables = []
    for event, own in events.groupby("event", sort=False):
        years = own.loc[own["year"] > EARLY[-1] + 1, "year"]
        windows = {f"{years.min()}-{years.max()}": own["year"] > EARLY[-1] + 1}
        if own["year"].min() <= EARLY[-1]:
            windows[f"{own['year'].min()}-{years.max()}"] = ~own["model"].str.endswith("(c)")
        against = BASE if event == accord.ACCORD.id else HISTORY
        rows = skill_rows(own, windows, ("brier", "log"), against)
        of_row = zip(rows["window"], rows["model"], strict=True)
        happened = [int(own.loc[windows[window] & (own["model"] == model), "came"].sum()) for window, model in of_row]
        tables.append(rows.assign(event=event, happened=happened))
    window = {f"{attacks['year'].min()}-{attacks['year'].max()}": attacks["year"].notna()}
    tables.append(skill_rows(attacks, window).assign(event=ATTACKS))
    table = pd.concat(tables, ignore_index=True)
    return table[["event", *(name for name in table if name != "event")]].astype({"happened": "Int64"})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", type=Path, help="File for the errors of every cell.")
    errors_file = parser.parse_args().errors
    case = open_case()
    deaths = yearly(case.record().sum("outcome", skipna=False).reset_coords(drop=True))
    events, numbers = [], []
    for year in [*EARLY, *ORIGINS]:
        given = deaths_given(deaths, year, forecast=year in ORIGINS)
        events.append(coups_in(case, year, given, deaths))
        if year in ORIGINS:
            attacks = attacks_in(case, year, given, deaths)
            events += [attacks[0], watched_in(case, year, given, deaths), accord_in(case, year)]
            numbers.append(attacks[1])
        print(year, flush=True)
    told = pd.concat([table for table in events if table is not None], ignore_index=True)
    if errors_file is not None:
        with file_in_place(errors_file) as temporary:
            told.round(4).to_csv(temporary, index=False)
    table = scores_of(told, pd.concat(numbers, ignore_index=True))
    with file_in_place(OUT) as temporary:
        table.to_csv(temporary, index=False)
    print(table.to_string())


if __name__ == "__main__":
    main()
