"""`hm.fragility`: how fragile an answer is, in scenarios, sources, words and grades, and to a cause nobody named."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..case.opening import open_case
from ..core.arguments import checked
from ..core.language import phrase, translate
from ..core.progress import Steps
from ..core.telling import telling
from ..explain.fragility import Again, most_moving, movements
from ..explain.leave_out import Omission, omissions
from ..explain.question import Question
from ..explain.readings import variations
from ..explain.tipping import Earlier, Tipping, changes_before, tipping_of_futures, tipping_of_record
from ..run.asking import Ask
from ..run.carrying_over import carrier
from ..run.forecasting import forecast_scenario
from ..run.memory import check_memory
from ..run.notebook_steps import default_steps
from ..run.pairing import check_pairing
from ..run.refitting import deaths_under_priors
from ..run.results import Forecast
from ..schema.scenario import Scenario
from .explaining import acting_shares
from .folders import check_replaceable, plain_rows, shown_in_notebook, write_folder
from .places_shown import neighbours_shown
from .scenario_range import deaths_of_cards, on_all, scenario_range
from .weighing import weights_of

CARRIED_DRAWS = 500
"""Futures that are simulated where learnt drivers are carried over to other priors."""

MONTHS_BEFORE = 12
"""Months up to the exit that the record's months after it are held against."""

FEWEST_MONTHS = 6
"""Fewer months after the exit than these tell nothing of what changed."""


@dataclass(frozen=True)
class TippingPoint:
    """A difference and what would undo it.

    Attributes
    ----------
    what : {"futures", "record"}
        Between two scenarios, or between the months before and after the exit on record.
    one, other : float
        Expected deaths under either scenario, or deaths a month after and before.
    first, second : str
        Scenarios; empty for the record.
    tipping : Tipping
        Of `one` over `other`.
    earlier : Earlier or None
        How often the record had changed by as much before.
    """

    what: str
    one: float
    other: float
    tipping: Tipping
    first: str = ""
    second: str = ""
    earlier: Earlier | None = None


@dataclass(frozen=True)
class Fragility:
    """How fragile an answer is.

    Attributes
    ----------
    run : Forecast
    question : Question
    mean, probability : float
        The answer: expected total (deaths) and P(total > threshold).
    scenarios : DataFrame
        `report.scenario_range.scenario_range`, the run's own scenario first.
    movements : DataFrame
        `explain.fragility.movements`.
    points : tuple of TippingPoint
        Of the difference between two scenarios, and of the one on record.
    steps : Steps
    """

    run: Forecast
    question: Question
    mean: float
    probability: float
    scenarios: pd.DataFrame
    movements: pd.DataFrame
    points: tuple[TippingPoint, ...]
    steps: Steps = field(repr=False, default_factory=Steps)

    def of_kind(self, *kinds: str) -> pd.DataFrame:
        """Return the movements of some kinds whose size is known."""
        known = self.movements["mean"].notna() & self.movements["kind"].isin(kinds)
        return self.movements[known].reset_index(drop=True)

    def to_frame(self) -> pd.DataFrame:
        """Return the movements, one row for each thing that is left out or read otherwise."""
        return self.movements.copy()

    def point_table(self) -> pd.DataFrame:
        """Return the tipping points as a table: `what`, `one`, `other`, those of `Tipping`, as_large and pairs."""
        rows = []
        for point in self.points:
            row: dict[str, Any] = {name: getattr(point, name) for name in ("what", "first", "second", "one", "other")}
            earlier = {} if point.earlier is None else asdict(point.earlier)
            rows.append(row | asdict(point.tipping) | {"as_large": np.nan, "pairs": np.nan} | earlier)
        return pd.DataFrame(rows)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name."""
        return {"scenarios": self.scenarios, "movements": self.movements, "tipping": self.point_table()}

    def sentences(self) -> tuple[str, ...]:
        """Return what the tables say, in words."""
        from .fragile_words import said

        with telling(self.run.words):
            return tuple(sentence for _, sentence in said(self))

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "scenario": self.run.scenario.id,
            "as_of": self.run.clock.as_of,
            "draws": self.run.deaths.sizes["draw"],
            "seed": self.run.seed,
            "question": self.question.as_dict(),
            "mean": self.mean,
            "probability": self.probability,
            "sentences": list(self.sentences()),
            "tables": {name: plain_rows(frame) for name, frame in self.tables.items()},
        }

    @checked
    def save(self, out: str | Path) -> Path:
        """Write tables as CSV, `fragility.md` and `run.json` to a folder, as a whole."""
        from ..run.provenance import record_of_run
        from .explanation_figures import question_words

        with telling(self.run.words):
            asked = phrase(
                "explained.title",
                scenario=translate(self.run.scenario.title),
                chance=question_words(self.question)[1],
            )
        words = [f"# {asked}", *self.sentences()]
        return write_folder(
            Path(out),
            "fragility",
            tables=self.tables,
            figures={},
            words=("fragility.md", "\n\n".join(words)),
            record={"question": self.question.as_dict()} | record_of_run(self.run, self.steps),
        )

    def __repr__(self) -> str:
        asked = f"{self.scenarios['scenario'].nunique()} scenarios, {len(self.movements)} changes"
        return f"Fragility({self.run.scenario.id}, as of {self.run.clock.as_of}: {asked})"

    def _repr_html_(self) -> str:
        from .fragile_tables import movement_table

        with telling(self.run.words):
            return shown_in_notebook(self.sentences(), movement_table(self))


def fragility_of(
    run: Forecast,
    second: Forecast | None,
    question: Question,
    *,
    refit: bool = False,
    steps: Steps | None = None,
) -> Fragility:
    """Return how fragile the answer of a run is.

    Parameters
    ----------
    run, second : Forecast
        Paired, at least as long as the question; without a second one the first is held against the scenario of
        `cards` that differs most from it.
    question : Question
    refit : bool
        Where drivers were learnt and weights cannot be relied on: whether to fit again, a minute for each. Without it
        what was learnt is carried over to the changed priors (`run.carrying_over`).
    steps : Steps, optional
    """
    steps, total = steps or Steps(), question.total(run.deaths)
    with steps.step("lay scenarios side by side"):
        cards = deaths_of_cards(run, run.case.cards, question.months)
    units = dict.fromkeys((question.country, *neighbours_shown(run)))
    with steps.step("leave out and read otherwise") as update:
        moved = movements(
            question, total, _changes(run, question), _weigh(run), _again(run, question, refit),
            "carried over" if run.ground.posterior.has_drivers and not refit else "simulated again", update,
            smallest=run.case.smallest_change.share,
        )  # fmt: skip
    totals = {name: question.total(deaths) for name, deaths in cards.items()}
    if second is not None:
        totals = {run.scenario.id: total, second.scenario.id: question.total(second.deaths)}
    points = (_between_scenarios(run.scenario.id, totals), _on_record(run, question))
    return Fragility(
        run, question, float(total.mean()), float((total > question.threshold).mean()),
        scenario_range(run, cards, question, tuple(units)), moved,
        tuple(point for point in points if point is not None), steps,
    )  # fmt: skip


def _changes(run: Forecast, question: Question) -> list[Omission]:
    """Return what is left out or read otherwise: none where no driver acts."""
    register, scenario = run.ground.register, run.scenario
    left_out = [item for item in omissions(register, scenario) if item.kind in ("source", "claim")]
    if not left_out:
        return []
    acting = acting_shares(run, question).mean(("draw", "month")).squeeze(("country", "outcome"))
    return most_moving([*left_out, *variations(register, scenario)], run.ground.priors, acting)


def _weigh(run: Forecast) -> Callable[[Omission], Any]:
    return weights_of(run) if run.scenario.acts else lambda item: None


def _again(run: Forecast, question: Question, refit: bool) -> Again:
    total = question.total(run.deaths)

    def simulated(item: Omission) -> tuple[np.ndarray, np.ndarray]:
        return total, question.total(deaths_under_priors(run, item.priors, question.months))

    if refit or not run.ground.posterior.has_drivers:
        return simulated
    deaths = carrier(run, question.months, CARRIED_DRAWS)

    def carried_over(item: Omission) -> tuple[np.ndarray, np.ndarray]:
        after = question.total(deaths(item.priors))
        return total[: len(after)], after

    return carried_over


def _between_scenarios(first: str, totals: dict[str, np.ndarray]) -> TippingPoint | None:
    """Return the tipping point between the first scenario and the one that differs most from it, the larger first."""
    own = totals[first]
    expected = {name: on_all(total, own) for name, total in totals.items()}
    others = {name: abs(np.log((expected[first] + 0.5) / (x + 0.5))) for name, x in expected.items() if name != first}
    if not others:
        return None
    second = max(others, key=lambda name: others[name])
    found, one, other = tipping_of_futures(own, totals[second]), first, second
    if found.ratio < 1.0:
        found, one, other = found.turned(), second, first
    return TippingPoint("futures", expected[one], expected[other], found, one, other)


def _on_record(run: Forecast, question: Question) -> TippingPoint | None:
    """Return the tipping point of what the record changed by after the exit; None where it holds too few months."""
    record = run.panel.sel(country=question.country, outcome=question.outcome).dropna("month")
    at = int((record["month"].values.astype(str) <= run.clock.exit).sum())
    deaths = record.values.astype(float)
    before, after = deaths[max(at - MONTHS_BEFORE, 0) : at], deaths[at:]
    if before.size < MONTHS_BEFORE or after.size < FEWEST_MONTHS:
        return None
    found = tipping_of_record(before, after)
    earlier = changes_before(deaths[:at], before.size, after.size, found.ratio)
    return TippingPoint("record", float(after.mean()), float(before.mean()), found, earlier=earlier)


@checked
def fragility(
    scenario: str | Path | Scenario | None = None,
    against: str | Path | Scenario | None = None,
    *,
    country: str | None = None,
    outcome: str | None = None,
    months: int = 12,
    threshold: float | None = None,
    refit: bool = False,
    as_of: str | None = None,
    claims_as_of: str | None = None,
    draws: int = 4000,
    seed: int = 1,
    panel: str | Path | None = None,
    out: str | Path | None = None,
    steps: Steps | None = None,
) -> Fragility:
    """Return how fragile an answer is: to the scenario, to each source, word and grade, and to a cause nobody named.

    Parameters
    ----------
    scenario : str, Path or Scenario, optional
        The case's first scenario by default. The range is over it and `scenarios.cards` of `case.yaml`.
    against : str, Path or Scenario, optional
        Whose difference to the first has a tipping point; the one of the cards that differs most from it by default.
    country, outcome : str, optional
        Whose total the answer is about; home and the case's headline by default.
    months : int
        First months that are added up.
    threshold : float, optional
        Deaths that the total may pass; the case's middle threshold by default.
    refit : bool
        Where drivers were learnt from months after the exit and weights fail: whether to fit again, a minute for each,
        in place of carrying over what was learnt.
    as_of, claims_as_of, draws, seed, panel, steps
        As in `forecast`.
    out : path, optional
        Folder for tables, words and `run.json`; an earlier result in it gives way, other files stay.

    Raises
    ------
    InputError
        If scenario or question cannot be used.

    Notes
    -----
    Beside the plain ratio stands the E-value of VanderWeele & Ding (2017, Annals of Internal Medicine 167).
    """
    case = open_case()
    passed = case.middle_threshold if threshold is None else threshold
    question = Question(case.unit(country or case.home), outcome or case.headline, months, passed)
    check_replaceable(out, "fragility")
    ask = Ask(as_of, claims_as_of, months, draws, seed, None if panel is None else Path(panel))
    chosen = [ask.of(case.first_scenario if scenario is None else scenario)]
    chosen += [] if against is None else [ask.of(against)]
    check_pairing(chosen)
    check_memory("compare", draws, months, units=len(case.units), scenarios=len(chosen) + len(case.cards))
    steps = steps or default_steps()
    runs = [forecast_scenario(asked, ask, steps=steps) for asked in chosen]
    found = fragility_of(runs[0], runs[1] if len(runs) > 1 else None, question, refit=refit, steps=steps)
    if out is not None:
        found.save(out)
    return found
