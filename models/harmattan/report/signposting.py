"""`hm.signposts`: what to watch, and what it would do to the answer once it is seen."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ..case.opening import open_case
from ..core.arguments import checked
from ..core.language import country_name, decimal, listed, outcome_name, phrase, translate, whole
from ..core.progress import Steps
from ..core.telling import tells
from ..explain.learning import known_to_have_happened
from ..explain.question import Question
from ..explain.signposts import (
    YEAR,
    Card,
    deaths_that_tell_apart,
    driver_signposts,
    trigger_card,
)
from ..panel.rhythm import CANDIDATES_DAY, NextData, next_data
from ..plots.numbers import hundredths, in_hundred, month_words, span_words
from ..run.asking import Ask
from ..run.forecasting import forecast_scenario
from ..run.memory import check_memory
from ..run.notebook_steps import default_steps
from ..run.pairing import check_pairing
from ..run.results import Forecast
from ..schema.scenario import Scenario
from .folders import plain_rows

AFTER = (3, 6, 12, 24, 36)
"""Months after which it is asked whether deaths tell two scenarios apart."""

SETTLED = ("yes", "no")
NAMED = 3
NEIGHBOURS = 2
"""Beside the question's unit, of which cards are told."""


@dataclass(frozen=True)
class Signposts:
    """What to watch.

    Attributes
    ----------
    run : Forecast
    question : Question
        The total, and the threshold that it may pass.
    drivers : DataFrame
        `explain.signposts.driver_signposts` of drivers that no dated event has settled.
    apart : DataFrame
        `explain.signposts.deaths_that_tell_apart`, first scenario against second; empty with one scenario.
    cards : tuple of Card
        For the question's unit and its neighbours shown.
    against : str or None
        The second scenario.
    answer : float
        Chance that the total passes the threshold.
    """

    run: Forecast
    question: Question
    drivers: pd.DataFrame
    apart: pd.DataFrame
    cards: tuple[Card, ...]
    against: str | None
    answer: float

    @cached_property
    def next_data(self) -> tuple[NextData, ...]:
        """When the next deaths of the record become known, by what it says of itself; empty where that says nothing."""
        case = self.run.case
        named = case.record_named
        return next_data(named.source, named.release, str(case.record()["month"].values[-1]))

    def card_table(self) -> pd.DataFrame:
        """Return the cards as a table.

        Returns
        -------
        DataFrame
            Columns of `Card`, base, events (quarters followed by one), alarms (its warnings), and hits, right, alarmed
            and lead (months) with hits_low ... lead_high.
        """
        rows = []
        for card in self.cards:
            row: dict[str, Any] = asdict(card) | {"base": card.base}
            row |= {"events": card.warned + card.missed, "alarms": card.warned + card.false}
            row["leads"] = ", ".join(str(lead) for lead in card.leads)
            for name in ("hits", "right", "alarmed", "lead"):
                middle, low, high = getattr(card, name)
                row |= {name: middle, f"{name}_low": low, f"{name}_high": high}
            rows.append(row)
        return pd.DataFrame(rows)

    @tells(lambda self: self.run.words)
    def sentences(self) -> tuple[str, ...]:
        """Return what the tables say, in words."""
        return tuple(sentence for _, sentence in self.said())

    def said(self) -> Iterator[tuple[str, str]]:
        """Yield each sentence after what it is about: `driver`, `apart`, `card` or `data`."""
        told = self.drivers.dropna(subset="moves")
        felt = told[(told["if_so"] - told["if_not"]).abs() > 2 * told["error"]].head(NAMED)
        answer = in_hundred(self.answer)
        if len(felt):
            named = listed([self._news(row) for row in felt.to_dict("records")])
            yield "driver", phrase("signposts.drivers", answer=answer, named=named)
        elif len(told):
            yield "driver", phrase("signposts.silent", answer=answer)
        if self.against is not None and len(self.apart):
            yield "apart", self._told_apart()
        for card in self.cards:
            yield "card", _card_words(card)
        for known in self.next_data:
            yield "data", _data_words(known)

    def _news(self, row: dict[str, Any]) -> str:
        return phrase(
            "signposts.news",
            driver=translate(str(row["label"])),
            so=hundredths(row["if_so"]),
            otherwise=hundredths(row["if_not"]),
        )

    def _told_apart(self) -> str:
        clear = self.apart[self.apart["told_apart"]]
        if not len(clear):
            last, best = (
                int(self.apart["month"].iloc[-1]),
                self.apart.loc[(self.apart["chance_first"] - 0.5).abs().idxmax()],
            )
            return phrase("signposts.never", months=last, chance=hundredths(best["chance_first"]))
        row = clear.iloc[0]
        month = self.run.months[int(row["month"]) - 1]
        return phrase(
            "signposts.apart",
            deaths=whole(row["deaths"]),
            month=month_words(month),
            chance=hundredths(row["chance_first"]),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "scenario": self.run.scenario.id,
            "against": self.against,
            "as_of": self.run.clock.as_of,
            "question": self.question.as_dict(),
            "drivers": plain_rows(self.drivers),
            "apart": plain_rows(self.apart),
            "cards": plain_rows(self.card_table()),
            "next_data": [asdict(known) for known in self.next_data],
            "sentences": list(self.sentences()),
        }

    def __repr__(self) -> str:
        held = f"{len(self.drivers)} drivers, {len(self.cards)} cards"
        return f"Signposts({self.run.scenario.id}, as of {self.run.clock.as_of}: {held})"

    @tells(lambda self: self.run.words)
    def _repr_html_(self) -> str:
        shown = self.drivers.assign(label=self.drivers["label"].map(translate)).set_index("label")
        shown = shown[["chance", "if_so", "if_not", "moves", "error"]]
        words = "".join(f"<p>{sentence}</p>" for _, sentence in self.said())
        return words + shown.style.format(lambda v: decimal(v, 2)).set_caption(phrase("signposts.caption")).to_html()


def signposts_of(run: Forecast, second: Forecast | None, question: Question) -> Signposts:
    """Return what to watch for a question about a run.

    Parameters
    ----------
    run, second : Forecast
        Paired; the second None where there is one scenario only.
    question : Question
        Cards are told of its unit and of the others with most expected deaths.
    """
    passes = question.total(run.deaths) > question.threshold
    register, last = run.ground.register, run.clock.as_of
    acting = [name for name in register.drivers if run.scenario.setting(name).state != "absent"]
    settled = [
        name
        for name in acting
        for branch in register.drivers[name].branches
        if known_to_have_happened(register.drivers[name], branch, last, register.drivers.events).startswith(SETTLED)
    ]
    open_ones = [name for name in acting if name not in settled]
    ways = {name: run.drivers.ways.sel(driver=name).values for name in open_ones}
    onsets = {name: run.drivers.onsets.sel(driver=name).values for name in open_ones}
    apart = pd.DataFrame()
    if second is not None:
        one, other = (
            x.deaths.sel(country=question.country, outcome=question.outcome).transpose("draw", "month").values
            for x in (run, second)
        )
        apart = deaths_that_tell_apart(one, other, tuple(month for month in AFTER if month <= one.shape[1]))
    shown = (question.country, *_most_expected(run, question)) if len(run.months) >= YEAR else ()
    cards = tuple(_card(run, unit, question) for unit in shown)
    return Signposts(
        run,
        question,
        driver_signposts(passes, ways, onsets, register.drivers),
        apart,
        cards,
        None if second is None else second.scenario.id,
        float(passes.mean()),
    )


def _card(run: Forecast, unit: str, question: Question) -> Card:
    outcome = question.outcome
    record = run.panel.sel(country=unit, outcome=outcome).dropna("month").values
    futures = run.deaths.sel(country=unit, outcome=outcome).transpose("draw", "month").values.astype(float)
    return trigger_card(record, futures, question.threshold, country=unit, outcome=outcome)


def _most_expected(run: Forecast, question: Question) -> tuple[str, ...]:
    """Return the other units with most expected deaths in the first twelve months."""
    expected = run.deaths.sel(outcome=question.outcome).isel(month=slice(0, YEAR)).sum("month").mean("draw")
    order = [str(unit) for unit in expected.sortby(-expected)["country"].values if unit != question.country]
    return tuple(order[:NEIGHBOURS])


def _card_words(card: Card) -> str:
    with_numbers = {
        "country": country_name(card.country),
        "threshold": whole(card.threshold),
        "outcome": outcome_name(card.outcome),
        "active": in_hundred(card.active),
        "event": whole(card.event),
        "warned": card.warned,
        "events": card.warned + card.missed,
        "alarms": card.warned + card.false,
        "false": card.false,
    }
    return phrase("signposts.card" if card.warned + card.missed else "signposts.card_never", **with_numbers)


def _data_words(known: NextData) -> str:
    span = month_words(known.first) if known.first == known.last else span_words(known.first, known.last)
    if known.expected_first is None or known.expected_last is None:
        return phrase("signposts.data_out", span=span)
    if known.kind == "candidates":
        day = phrase("signposts.day", day=CANDIDATES_DAY, month=month_words(known.expected_first))
        return phrase("signposts.data_candidates", span=span, day=day)
    return phrase("signposts.data_final", span=span, expected=span_words(known.expected_first, known.expected_last))


@checked
def signposts(
    scenario: str | Path | Scenario | None = None,
    against: str | Path | Scenario | None = None,
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
    steps: Steps | None = None,
) -> Signposts:
    """Return what to watch: what news of each driver, or so many deaths, would do to an answer, and past warnings.

    Parameters
    ----------
    scenario, against : str, Path or Scenario, optional
        The case's first and second scenario by default.
    country, outcome : str, optional
        Whose total the answer is about; home and the case's headline by default.
    months : int
        First months that are added up.
    threshold : float, optional
        Deaths that the total may pass; the case's middle threshold by default.
    as_of, claims_as_of, draws, seed, panel, steps
        As in `forecast`.

    Raises
    ------
    InputError
        If scenario or question cannot be used.
    """
    case = open_case()
    passed = case.middle_threshold if threshold is None else threshold
    question = Question(case.unit(country or case.home), outcome or case.headline, months, passed)
    ask = Ask(as_of, claims_as_of, max(months, *AFTER), draws, seed, None if panel is None else Path(panel))
    first = ask.of(case.first_scenario if scenario is None else scenario)
    other = case.second_scenario if against is None else against
    chosen = [first] if other is None else [first, ask.of(other)]
    check_pairing(chosen)
    check_memory("compare", draws, chosen[0].clock.months, units=len(case.units), scenarios=len(chosen))
    steps = steps or default_steps()
    runs = [forecast_scenario(asked, ask, steps=steps) for asked in chosen]
    return signposts_of(runs[0], runs[1] if len(runs) > 1 else None, question)
