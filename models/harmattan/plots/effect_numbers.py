"""Numbers of figures that hold scenarios, beliefs and drivers against one another."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ..core.names import HEADLINE
from .figure_numbers import COUNTRY, OUTCOME, SCENARIO, FigureNumbers, told

_HORIZON = "horizon, by its name"
_LABEL = "driver, in words of the brief's language"


@dataclass(frozen=True)
class Interval:
    """Median and central intervals."""

    median: float = told("median")
    lower_50: float = told("25th percentile")
    upper_50: float = told("75th percentile")
    lower_80: float = told("10th percentile")
    upper_80: float = told("90th percentile")
    lower_95: float = told("2.5th percentile")
    upper_95: float = told("97.5th percentile")

    def ends(self, level: int) -> tuple[float, float]:
        """Return both ends of the interval that holds so many per cent: 50, 80 or 95."""
        return {
            50: (self.lower_50, self.upper_50),
            80: (self.lower_80, self.upper_80),
            95: (self.lower_95, self.upper_95),
        }[level]


@dataclass(frozen=True)
class ScenarioLevel:
    """Deaths a month of one place, horizon and scenario."""

    country: str = told(f"{COUNTRY}, or a place's name")
    horizon: str = told(_HORIZON)
    first: int = told("its first month after the exit; 0 where not told")
    last: int = told("its last month after the exit; 0 where not told")
    scenario: str = told(SCENARIO)
    deaths: Interval = told("deaths a month")


@dataclass(frozen=True)
class PairedRatio:
    """Ratio of the first scenario to the second, future by future, of one place and horizon."""

    country: str = told(f"{COUNTRY}, or a place's name")
    horizon: str = told(_HORIZON)
    ratio: Interval = told("deaths in the first scenario over those in the second")


@dataclass(frozen=True)
class ContrastNumbers(FigureNumbers):
    """Scenarios side by side, by place and horizon, with their paired ratio."""

    figure: ClassVar[str] = "contrast"
    outcome: str = told(OUTCOME)
    levels: tuple[ScenarioLevel, ...] = told("a line per place, horizon and scenario")
    ratios: tuple[PairedRatio, ...] = told("a line per place and horizon")

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Scenarios, in the order in which they come first."""
        return tuple(dict.fromkeys(level.scenario for level in self.levels))

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Place and horizon of each row: place after place, horizons in the order in which they come first."""
        there = {(level.country, level.horizon) for level in self.levels}
        places = dict.fromkeys(level.country for level in self.levels)
        horizons = dict.fromkeys(level.horizon for level in self.levels)
        return tuple((place, horizon) for place in places for horizon in horizons if (place, horizon) in there)

    def level(self, country: str, horizon: str, scenario: str) -> Interval:
        """Return one scenario's deaths a month."""
        asked = {"country": country, "horizon": horizon, "scenario": scenario}
        return _only(self.levels, asked).deaths

    def ratio(self, country: str, horizon: str) -> Interval:
        """Return the paired ratio of one place and horizon."""
        return _only(self.ratios, {"country": country, "horizon": horizon}).ratio

    def months(self, horizon: str) -> tuple[int, int]:
        """Return first and last month of a horizon after the exit; 0 where they are not told."""
        held = next(level for level in self.levels if level.horizon == horizon)
        return held.first, held.last


def _only(rows: Iterable[Any], asked: dict[str, str]) -> Any:
    found = [row for row in rows if all(getattr(row, name) == value for name, value in asked.items())]
    if len(found) != 1:
        raise ValueError(f"Expected one row for {asked}, found {len(found)}.")
    return found[0]


def contrast_numbers(table: pd.DataFrame, ratios: pd.DataFrame, *, outcome: str = HEADLINE) -> ContrastNumbers:
    """Return levels and ratios. Parameters are those of `plots.scenario_contrast`."""
    levels = tuple(
        ScenarioLevel(
            str(row["country"]), str(row["horizon"]), int(row.get("first", 0)), int(row.get("last", 0)),
            str(row["scenario"]), _interval(row),
        )
        for row in table.to_dict("records")
    )  # fmt: skip
    paired = (PairedRatio(str(r["country"]), str(r["horizon"]), _interval(r)) for r in ratios.to_dict("records"))
    return ContrastNumbers(outcome, levels, tuple(paired))


def _interval(row: dict[Any, Any]) -> Interval:
    ends = (float(row[f"{end}_{level}"]) for level in (50, 80, 95) for end in ("lower", "upper"))
    return Interval(float(row["median"]), *ends)


@dataclass(frozen=True)
class Belief:
    """What one source says of the exit's whole effect over one horizon."""

    belief: str = told("whence it comes: documents or stated, exits, both, learnt")
    horizon: str = told(_HORIZON)
    low: float = told("rate ratio at home against no exit: 10th percentile")
    median: float = told("rate ratio at home against no exit: median")
    high: float = told("rate ratio at home against no exit: 90th percentile")


@dataclass(frozen=True)
class ExitEffectNumbers(FigureNumbers):
    """The whole effect of the exit on one outcome, belief by belief."""

    figure: ClassVar[str] = "exit-effect"
    outcome: str = told(OUTCOME)
    beliefs: tuple[Belief, ...] = told("a line per belief and horizon")

    @property
    def names(self) -> tuple[str, ...]:
        """Beliefs, in the order in which they come first."""
        return tuple(dict.fromkeys(one.belief for one in self.beliefs))

    @property
    def horizons(self) -> tuple[str, ...]:
        """Horizons, in the order in which they come first."""
        return tuple(dict.fromkeys(one.horizon for one in self.beliefs))

    def of(self, belief: str, horizon: str) -> Belief:
        """Return what one belief says of one horizon."""
        return next(one for one in self.beliefs if (one.belief, one.horizon) == (belief, horizon))


def exit_effect_numbers(table: pd.DataFrame, *, outcome: str) -> ExitEffectNumbers:
    """Return the beliefs of one outcome. Parameters and errors are those of `plots.exit_effect`."""
    rows = table[table["outcome"] == outcome]
    if rows.empty:
        raise ValueError(f"There is nothing to draw: no belief about {outcome}.")
    beliefs = (
        Belief(str(row.belief), str(row.horizon), float(row.q10), float(row.q50), float(row.q90))
        for row in rows.itertuples()
    )
    return ExitEffectNumbers(outcome, tuple(beliefs))


@dataclass(frozen=True)
class DriverRow:
    """One driver's effect and the chance that it is there, before and after the data."""

    label: str = told(_LABEL)
    prior_low: float = told("rate ratio before the data: 10th percentile")
    prior_median: float = told("rate ratio before the data: median")
    prior_high: float = told("rate ratio before the data: 90th percentile")
    posterior_low: float = told("rate ratio after the data: 10th percentile")
    posterior_median: float = told("rate ratio after the data: median")
    posterior_high: float = told("rate ratio after the data: 90th percentile")
    prior_weight: float = told("chance before the data that the effect is there, 0 to 1")
    posterior_weight: float = told("chance after the data that the effect is there, 0 to 1")
    claim_ratios: tuple[float, ...] = told("rate ratios that single claims give it")

    @property
    def ends(self) -> tuple[float, float, float, float]:
        """Ends of both lines."""
        return self.prior_low, self.prior_high, self.posterior_low, self.posterior_high


@dataclass(frozen=True)
class DriverNumbers(FigureNumbers):
    """Drivers before and after the data."""

    figure: ClassVar[str] = "drivers"
    with_claims: bool = told("whether rate ratios of single claims are told")
    rows: tuple[DriverRow, ...] = told("a row per driver")


def driver_numbers(table: pd.DataFrame) -> DriverNumbers:
    """Return drivers' effects and chances. Parameters are those of `plots.drivers`."""
    told_of_claims = "claim_ratios" in table
    kinds = [f"{kind}_{part}" for kind in ("prior", "posterior") for part in ("low", "median", "high", "weight")]
    rows = []
    for row in table.to_dict("records"):
        claims = np.asarray(row["claim_ratios"], dtype=float).tolist() if told_of_claims else ()
        numbers = {kind: float(row[kind]) for kind in kinds}
        rows.append(DriverRow(label=str(row["label"]), claim_ratios=tuple(claims), **numbers))
    return DriverNumbers(told_of_claims, tuple(rows))


@dataclass(frozen=True)
class Swing:
    """The quantity with one driver at both ends of its range."""

    label: str = told(_LABEL)
    low: float = told("the quantity where the driver's rate ratio is at its 10th percentile")
    high: float = told("the quantity where the driver's rate ratio is at its 90th percentile")
    weak: float | None = told("the quantity where the driver is weak; null where ends are told apart as low and high")
    strong: float | None = told("the quantity where the driver is strong; null as before")

    @property
    def width(self) -> float:
        """How far the quantity moves."""
        return abs(self.high - self.low)


@dataclass(frozen=True)
class TornadoNumbers(FigureNumbers):
    """Which driver moves a quantity most, the largest swing first."""

    figure: ClassVar[str] = "tornado"
    quantity: str = told("what is measured, in words of the brief's language")
    unit: str = told("unit of the quantity; 'in 100' for a chance, which is then 0 to 1")
    baseline: float = told("the quantity with every driver as the scenario has it")
    swings: tuple[Swing, ...] = told("a row per driver, the largest swing first")
    left_out: int = told("drivers with smaller swings that are not shown")

    @property
    def ends(self) -> tuple[str, str]:
        """Names of the ends by which bars are told apart."""
        return ("low", "high") if self.swings[0].weak is None else ("weak", "strong")


def tornado_numbers(
    table: pd.DataFrame, *, baseline: float, quantity: str, unit: str, most: int = 12
) -> TornadoNumbers:
    """Return the largest swings. Parameters are those of `plots.tornado`."""
    ends = ("weak", "strong") if "weak" in table else (None, None)
    swings = [
        Swing(
            str(row["label"]), float(row["low"]), float(row["high"]),
            *(None if end is None else float(row[end]) for end in ends),
        )
        for row in table.to_dict("records")
    ]  # fmt: skip
    ranked = sorted(swings, key=lambda swing: -swing.width)
    return TornadoNumbers(quantity, unit, float(baseline), tuple(ranked[:most]), max(len(ranked) - most, 0))
