"""`hm.actors`: what each actor can change, how much of it can be told, and at which cost it pays."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ..case.opening import open_case
from ..claims.register import load_register
from ..core.arguments import checked
from ..core.errors import InputError
from ..core.language import in_this_language, phrase, translate
from ..core.progress import Steps
from ..core.resources import fingerprints
from ..core.telling import telling
from ..explain.question import Question
from ..explain.reweighting import paired_change
from ..risk.mattering import verdict_on
from ..run.asking import Ask
from ..run.forecasting import forecast_scenario
from ..run.levers import Pulled, effect_as_it_is, levers_of, pulled, rests_on
from ..run.memory import check_memory
from ..run.notebook_steps import default_steps
from ..run.results import Forecast
from ..schema.actors import ACTORS_FILE, Actor, Lever, together
from ..schema.scenario import Scenario
from .folders import check_replaceable, plain_rows, shown_in_notebook, write_folder
from .places_shown import neighbours_shown

EVERYBODY = "(all)"
"""Stands as actor and lever for all levers at once."""

FIFTH = 0.2
"""Share of the futures in which a lever works least, and most: the middles of these are the ends of an 80 % range."""

COLUMNS = [
    *("actor", "lever", "place", "expected", "averted", "averted_error", "averted_low", "averted_high", "share"),
    *("probability", "drop", "drop_error", "drop_low", "drop_high", "pays_below", "verdict", "rests_on", "lines"),
]
"""Of `Actors.effects`."""


@dataclass(frozen=True)
class Actors:
    """What each lever of each actor would change.

    Attributes
    ----------
    run : Forecast
    question : Question
    effects : DataFrame
        One row for each lever and place, and for all levers at once (`EVERYBODY`). Columns actor, lever (ids), place
        (unit); expected (deaths in the months of the question without the lever), averted (expected deaths fewer with
        it), averted_error (Monte Carlo), averted_low and averted_high (mean in the fifth of the futures in which it
        works least and most), share (of expected); probability (of more than the threshold, without it), drop (by how
        much it falls), drop_error, drop_low, drop_high; pays_below (cost over loss below which it pays, 0 where it
        never does); verdict (`risk.mattering`, of expected deaths); rests_on (`run.levers.rests_on`); lines
        (file:lines, or empty).
    named : dict of str to Actor
    steps : Steps
    """

    run: Forecast
    question: Question
    effects: pd.DataFrame
    named: dict[str, Actor] = field(repr=False)
    steps: Steps = field(repr=False, default_factory=Steps)

    def at(self, place: str) -> pd.DataFrame:
        """Return the levers' effects at one place, the largest number of deaths averted first."""
        here = self.effects[self.effects["place"] == place]
        return here.sort_values("averted", ascending=False, kind="stable").reset_index(drop=True)

    def to_frame(self) -> pd.DataFrame:
        """Return the effects, one row for each lever and place."""
        return self.effects.copy()

    def names(self, row: dict[str, Any]) -> tuple[str, str]:
        """Return what an actor and its lever are called in the reader's language."""
        if row["actor"] == EVERYBODY:
            return phrase("actors.everybody"), phrase("actors.everything")
        actor = self.named[row["actor"]]
        lever = next(one for one in actor.levers if one.id == row["lever"])
        return in_this_language(actor.name), in_this_language(lever.name)

    def sentences(self) -> tuple[str, ...]:
        """Return what the table says, in words."""
        from .actor_tables import said

        with telling(self.run.words):
            return tuple(said(self))

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "scenario": self.run.scenario.id,
            "as_of": self.run.clock.as_of,
            "draws": self.run.deaths.sizes["draw"],
            "seed": self.run.seed,
            "question": self.question.as_dict(),
            "sentences": list(self.sentences()),
            "effects": plain_rows(self.effects),
        }

    @checked
    def save(self, out: str | Path) -> Path:
        """Write the table as CSV, `actors.md` and `run.json` to a folder, as a whole."""
        from ..run.provenance import record_of_run
        from .explanation_figures import question_words

        with telling(self.run.words):
            title, chance = translate(self.run.scenario.title), question_words(self.question)[1]
            asked = phrase("explained.title", scenario=title, chance=chance)
        record = record_of_run(self.run, self.steps)
        read = fingerprints([self.run.case.root / ACTORS_FILE])
        return write_folder(
            Path(out),
            "actors",
            tables={"effects": self.effects},
            figures={},
            words=(
                "actors.md",
                "\n\n".join([f"# {asked}", *self.sentences()]),
            ),
            record={"question": self.question.as_dict()}
            | record
            | {"inputs_sha256": dict(sorted((record["inputs_sha256"] | read).items()))},
        )

    def __repr__(self) -> str:
        return f"Actors({self.run.scenario.id}, as of {self.run.clock.as_of}: {self.effects['lever'].nunique()} levers)"

    def _repr_html_(self) -> str:
        from .actor_tables import actor_table

        with telling(self.run.words):
            return shown_in_notebook(self.sentences(), actor_table(self))


def actors_of(
    run: Forecast, question: Question, *, draws: int | None = None, steps: Steps | None = None
) -> Actors | None:
    """Return what each actor of a run's case can change; None where the case names none.

    Parameters
    ----------
    run : Forecast
        At least as long as the question.
    question : Question
        Its unit comes first among the places, then the neighbours shown.
    draws : int, optional
        Futures that are used, the first ones; all by default.
    steps : Steps, optional
    """
    register, steps = run.ground.register, steps or Steps()
    named = levers_of(register)
    levers = [(actor.id, lever) for actor in named.values() for lever in actor.levers]
    if not levers:
        return None
    levers += [(EVERYBODY, together([lever for _, lever in levers]))] if len(levers) > 1 else []
    places, rows = tuple(dict.fromkeys((question.country, *neighbours_shown(run)))), []
    with steps.step("pull each lever") as update:
        now = _cell(effect_as_it_is(run, question.months, draws), question)
        for done, (actor, lever) in enumerate(levers, start=1):
            found = pulled(run, lever, question.months, draws)
            order = np.argsort(now - _cell(found.effect, question), kind="stable")
            for place in places:
                row = effect_of(run, found, replace(question, country=place), order)
                rows.append(
                    {"actor": actor, "lever": lever.id, "place": place}
                    | row
                    | {"rests_on": rests_on(register, lever), "lines": _lines(lever)}
                )
            update(done / len(levers))
    return Actors(run, question, pd.DataFrame(rows, columns=COLUMNS), named, steps)


def effect_of(run: Forecast, found: Pulled, question: Question, order: np.ndarray) -> dict[str, Any]:
    """Return what a lever does to one place.

    Parameters
    ----------
    run : Forecast
    found : Pulled
    question : Question
    order : array (draw,)
        Futures by how strongly the lever works, the weakest first.
    """
    after = question.total(found.deaths)
    before = question.total(run.deaths)[: len(after)]
    passed = [(total > question.threshold).astype(float) for total in (before, after)]
    fewer, drop = paired_change(after, before), paired_change(passed[1], passed[0])
    expected, fifth = float(before.mean()), max(int(FIFTH * len(order)), 1)
    row: dict[str, Any] = {"expected": expected, "averted": fewer.value, "averted_error": fewer.error}
    row |= {"probability": float(passed[0].mean()), "drop": drop.value, "drop_error": drop.error}
    for name, (one, other) in {"averted": (before, after), "drop": (passed[0], passed[1])}.items():
        least, most = (float((one - other)[rows].mean()) for rows in (order[:fifth], order[-fifth:]))
        row |= {f"{name}_low": least, f"{name}_high": most}
    row |= {"share": fewer.value / expected if expected > 0 else 0.0, "pays_below": max(drop.value, 0.0)}
    return row | {"verdict": verdict_on(fewer.value, expected, fewer.error, run.case.smallest_change.share)}


def _cell(effect: xr.DataArray, question: Question) -> np.ndarray:
    return effect.sel(country=question.country, outcome=question.outcome).values


def _lines(lever: Lever) -> str:
    return "; ".join(f"{place.file}:{','.join(map(str, place.lines))}" for place in lever.stated)


@checked
def actors(
    scenario: str | Path | Scenario | None = None,
    *,
    country: str | None = None,
    outcome: str | None = None,
    months: int = 12,
    threshold: float | None = None,
    as_of: str | None = None,
    claims_as_of: str | None = None,
    draws: int = 4000,
    seed: int = 1,
    panel: str | Path | None = None,
    out: str | Path | None = None,
    steps: Steps | None = None,
) -> Actors:
    """Return what each actor can change: deaths averted, the fall of a chance, and the cost at which a lever pays.

    Each lever of `scenarios/actors.yaml` is pulled on the run's own futures, as if at once. It pays where its cost over
    the loss of a year above the threshold is less than the fall of that chance (Murphy 1977, Monthly Weather Review
    105).

    Parameters
    ----------
    scenario : str, Path or Scenario, optional
        The case's first scenario by default.
    country, outcome : str, optional
        Whose total the question is about; home and the case's headline by default. Neighbours shown stand beside it.
    months : int
        First months that are added up.
    threshold : float, optional
        Deaths that the total may pass; the case's middle threshold by default.
    as_of : str, optional
        As in `forecast`; the end of the record by default, since nobody can act earlier.
    claims_as_of, draws, seed, panel, steps
        As in `forecast`.
    out : path, optional
        Folder for the table, words and `run.json`; an earlier result in it gives way, other files stay.

    Raises
    ------
    InputError
        If scenario or question cannot be used, or the case names no actors.
    """
    case = open_case()
    passed = case.middle_threshold if threshold is None else threshold
    question = Question(case.unit(country or case.home), outcome or case.headline, months, passed)
    register = load_register()
    if not levers_of(register):
        raise InputError(
            f"This case names no actors. Write {ACTORS_FILE}: actors with levers, each as what it does to drivers; "
            "`harmattan schema actor` says how."
        )
    check_replaceable(out, "actors")
    ask = Ask(as_of or "latest", claims_as_of, months, draws, seed, None if panel is None else Path(panel))
    chosen = ask.of(case.first_scenario if scenario is None else scenario)
    check_memory("compare", draws, months, units=len(case.units), scenarios=2)
    steps = steps or default_steps()
    found = actors_of(forecast_scenario(chosen, ask, steps=steps, register=register), question, steps=steps)
    assert found is not None, "the case names actors"
    if out is not None:
        found.save(out)
    return found
