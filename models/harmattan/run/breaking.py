"""How things that may break are forecast on the futures of a run."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from ..case.opening import Case
from ..core.randomness import stream
from ..core.resources import fingerprints
from ..follow import accord, aid_workers, coups, watched
from ..follow.rates import chance_by_rates, rates_of
from ..follow.years import Stretch, by_year, chain, stretches
from ..panel.agreements import load_ended
from ..panel.aid_workers import load_attacks
from ..panel.coups import load_coups
from ..panel.flows import last_whole_year, yearly
from .break_relations import relations_of
from .break_words import ATTACKS, HISTORY, MODEL, SCORES, better
from .breaks import ANY, Break, Breaks
from .export import origin_of
from .following import deaths_ahead

if TYPE_CHECKING:
    from .results import Forecast


@dataclass(frozen=True)
class _Asked:
    """What every kind is asked of: a case as of a month, yearly deaths on record and on futures, and its scores."""

    case: Case
    as_of: str
    deaths: xr.DataArray
    futures: xr.DataArray
    seed: int
    scores: pd.DataFrame | None

    @property
    def draws(self) -> int:
        return self.futures.sizes["draw"]

    def ahead(self, known_to: str) -> list[Stretch]:
        """Return all months after a record, to the end of the last whole year of the run."""
        return stretches(known_to, self.as_of, int(self.futures["year"].values[-1]))

    def by_history(
        self, kind: str, happened: xr.DataArray, watched_share: xr.DataArray, memory: int, ahead: list[Stretch]
    ) -> xr.DataArray:
        """Return whether something happens by the simple rule, learnt from whole years on record."""
        learnt = happened.where(self.deaths.reindex_like(happened).notnull())
        whole = learnt.sel(year=slice(None, last_whole_year(self.as_of)))
        rates = rates_of(whole, watched_share.sel(year=whole["year"]), memory)
        rows = rates.iloc[stream(self.seed, kind, "rates").integers(len(rates), size=self.draws)]
        return chain(chance_by_rates(rows), happened, ahead, memory=memory, draws=self.draws, seed=self.seed, name=kind)


def breaks_of(run: "Forecast") -> Breaks:
    """Return what may break on the futures of a run, in every year of which it holds the end.

    Raises
    ------
    InputError
        If the run holds no whole year, or its deaths are plausible ones.
    """
    case, as_of = run.case, run.clock.as_of
    scores = case.scorecard / SCORES
    kept = pd.read_csv(scores) if scores.is_file() else None
    deaths = yearly(run.panel.sum("outcome", skipna=False).reset_coords(drop=True))
    coming = deaths_ahead(run, last_whole_year(as_of))
    coup_table = case.definition.record.coups
    unwatched = as_of if coup_table is None else min(coup_table.complete_to, as_of)
    before = deaths.isel(year=slice(None, -1)).sel(year=slice(int(unwatched[:4]) - 1, None))
    before = before.expand_dims(draw=coming["draw"])
    asked = _Asked(case, as_of, deaths, xr.concat([before, coming], "year"), run.seed, kept)
    found = {coups.COUPS.id: _coups(asked), aid_workers.AID_WORKERS.id: _aid_workers(asked)}
    found |= {watched.WATCHED.id: _watched(asked, run.panel), accord.ACCORD.id: _accord(asked)}
    parts = {name: part for name, part in found.items() if part is not None}
    files = [case.coups_file, case.aid_workers_file, case.accord_file, scores]
    return Breaks(
        parts,
        {part.year: part.months for part in asked.ahead(as_of) if part.ahead},
        tuple(name for name, part in found.items() if part is None),
        kept,
        relations_of(run),
        case,
        run.words,
        origin_of(run),
        fingerprints([file for file in files if file is not None and file.is_file()]),
    )


def _coups(asked: _Asked) -> Break | None:
    if asked.case.coups_file is None:
        return None
    table, known_to = coups_known(asked.case, asked.as_of)
    happened, share = by_year(table, known_to)
    ahead = asked.ahead(known_to)
    rule = asked.by_history(coups.COUPS.id, happened, share, coups.MEMORY, ahead)
    if not better(asked.scores, coups.COUPS.id):
        return Break(coups.COUPS.id, rule, rule.mean("draw"), HISTORY)
    whole = slice(None, min(last_whole_year(asked.as_of), int(known_to[:4])))
    learnt = coups.learn(happened.sel(year=whole), share.sel(year=whole), asked.deaths)
    happens = coups.follow(learnt, happened, ahead, asked.futures, asked.seed)
    return Break(coups.COUPS.id, happens, rule.mean("draw"), MODEL)


def coups_known(case: Case, as_of: str) -> tuple[xr.DataArray, str]:
    """Return coups and attempts (month, country) up to a month, and the last month in which none was missed."""
    said, file = case.definition.record.coups, case.coups_file
    assert said is not None and file is not None
    return load_coups(file, case.units, said.complete_to, as_of), min(said.complete_to, as_of)


def _aid_workers(asked: _Asked) -> Break | None:
    if asked.case.aid_workers_file is None:
        return None
    name = aid_workers.AID_WORKERS.id
    counts, share = by_year(load_attacks(asked.case.aid_workers_file, asked.case.units, asked.as_of), asked.as_of)
    ahead = asked.ahead(asked.as_of)
    rule = asked.by_history(name, counts, share, aid_workers.MEMORY, ahead)
    modelled, counted = better(asked.scores, name), better(asked.scores, ATTACKS)
    if not (modelled or counted):
        return Break(name, rule, rule.mean("draw"), HISTORY)
    learnt = aid_workers.learn(counts.sel(year=slice(None, last_whole_year(asked.as_of))), asked.deaths)
    attacks = aid_workers.follow(learnt, counts, ahead, asked.futures, asked.seed)
    happens = attacks > 0 if modelled else rule
    return Break(name, happens, rule.mean("draw"), MODEL if modelled else HISTORY, attacks if counted else None)


def _watched(asked: _Asked, panel: xr.DataArray) -> Break | None:
    """Return whether watched units pass their threshold; one that has done so in a year that is not over has."""
    said = asked.case.definition.watched
    if said is None:
        return None
    name, ahead = watched.WATCHED.id, asked.ahead(asked.as_of)
    units = [unit for unit in said.units if unit in asked.case.units]
    so_far = by_year(panel.sum("outcome", skipna=False).sel(country=units).reset_coords(drop=True), asked.as_of)
    passed = (so_far[0] > said.threshold).astype(float)
    years = [part.year for part in ahead]
    rule = asked.by_history(name, passed, so_far[1], watched.MEMORY, ahead)
    rule = rule | (passed.reindex(year=years, fill_value=0.0) > 0)
    happens = rule
    if shown := better(asked.scores, name):
        happens = watched.follow(asked.futures.sel(year=years), tuple(units), said.threshold)
    both = (xr.concat([one, one.any("country").expand_dims(country=[ANY])], "country") for one in (happens, rule))
    happens, rule = (one.transpose("draw", "year", "country") for one in both)
    return Break(name, happens, rule.mean("draw"), MODEL if shown else HISTORY)


def _accord(asked: _Asked) -> Break | None:
    """Return whether the accord has ended by the end of each year; None where its curve was not known by then."""
    said, file, ended = asked.case.definition.accord, asked.case.accord_file, asked.case.accord_ended
    if said is None or file is None or said.signed[:7] > asked.as_of or said.unit not in asked.case.units:
        return None
    years = [part.year for part in asked.ahead(asked.as_of)]
    coords = {"year": years, "country": [said.unit]}
    if ended is not None and ended[:7] <= asked.as_of:
        there = xr.DataArray(np.ones((len(years), 1), dtype=bool), dims=("year", "country"), coords=coords)
        return Break(accord.ACCORD.id, there.expand_dims(draw=asked.draws), there.astype(float), "ended")
    if said.curve.known > asked.as_of:
        return None
    curve, now = load_ended(file, said.curve.group), _last_day(asked.as_of)
    signed = date.fromisoformat(said.signed)
    happens, as_if_new = (
        accord.follow(curve, since, now, years, said.unit, asked.draws, asked.seed) for since in (signed, now)
    )
    return Break(accord.ACCORD.id, happens, as_if_new.mean("draw"), "curve")


def _last_day(month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, monthrange(year, number)[1])
