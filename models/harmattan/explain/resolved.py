"""A scenario as resolved: every value with its unit and where it comes from, and what follows for drivers."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from ..case.drivers import Drivers
from ..claims.derivation import driver_priors
from ..claims.documents_by_date import register_as_of
from ..claims.register import Register, load_register
from ..claims.stated import scenario_priors
from ..core.language import phrase, translate
from ..core.resources import display_path, scenarios_folder
from ..core.telling import CaseWords, tells
from ..core.terminal import at_terminal, named
from ..drivers.assumptions import network_in, probability_of, seen_in
from ..drivers.graph import DriverGraph, driver_graph
from ..drivers.places import place_shares
from ..drivers.timing import timing_in
from ..panel.geography import Geography
from ..schema.clock import Clock
from ..schema.driver import Driver
from ..schema.merging import Merged
from ..schema.scenario import Scenario, resolve_scenario, scenario_sources
from ..schema.yaml_source import YamlDocument, YamlPath, read_yaml
from .base_rates import BaseRate, base_rates
from .graph_tables import graph_tables, plain_rows, undrawn_table

AFTER_EXIT = "months after the exit"
SHARE = "share of the log effect"
UNITS = {
    "probability": "probability",
    "as_of": "last month of the record used",
    "exit": "month 0",
    "months": "months after as_of",
    "onset_month": AFTER_EXIT,
    "onset_window": AFTER_EXIT,
    "ramp_months": "months to the peak",
    "half_life_months": "months after the peak",
    "ratio": "rate ratio at the peak, 80 in 100 between",
    "strength": "times the log effect",
    "delay_months": "months",
    "ramp_factor": "times as long to the peak",
}
USUAL, LASTS, MOVED_BY = "usual value", "it lasts", ", moved by "
"""What the data say in words; `as_text` says them in the reader's language."""


@dataclass(frozen=True)
class Value:
    """One value of a resolved scenario: key as a path, value, unit ("" for words), and the file and line it is from."""

    key: str
    value: Any
    unit: str
    where: str


@dataclass(frozen=True)
class Consequence:
    """How likely a driver goes one way: by the claims, and in the scenario."""

    driver: str
    branch: str
    by_claims: float
    in_scenario: float


@dataclass(frozen=True)
class ScenarioView:
    """A scenario with the place of every value.

    Attributes
    ----------
    scenario : Scenario
    clock : Clock
        The case's, with what the scenario asks of its own.
    files : tuple of str
        The scenario's own file first, then what it extends.
    values : tuple of Value
        What the scenario files say, or leave at its usual value.
    drivers : tuple of Value
        Timing, strength and places of every driver that may act, from the scenario or from drivers.yaml.
    consequences : tuple of Consequence
    base_rates : tuple of BaseRate
        Of every way of each driver that may act.
    together : float or None
        Probability by the claims that all drivers which the scenario sets go this way; None where that has no meaning.
    nodes, arrows : DataFrame
        The graph of the drivers under the scenario, as `graph_tables` gives it.
    undrawn : DataFrame
        What claims name and nobody drew, with the columns of `arrows`.
    words : CaseWords
    """

    scenario: Scenario
    clock: Clock
    files: tuple[str, ...]
    values: tuple[Value, ...]
    drivers: tuple[Value, ...]
    consequences: tuple[Consequence, ...]
    base_rates: tuple[BaseRate, ...]
    together: float | None
    nodes: pd.DataFrame
    arrows: pd.DataFrame
    undrawn: pd.DataFrame
    words: CaseWords = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return everything in plain types."""
        return {
            "scenario": self.scenario.assumptions,
            "clock": self.clock.model_dump(mode="json"),
            "files": list(self.files),
            "values": [asdict(value) for value in self.values],
            "drivers": [asdict(value) for value in self.drivers],
            "consequences": [asdict(item) for item in self.consequences],
            "base_rates": [asdict(item) for item in self.base_rates],
            "probability_of_its_drivers": self.together,
            "arrows": plain_rows(self.arrows),
            "undrawn": plain_rows(self.undrawn),
        }

    @tells(lambda self: self.words)
    def as_text(self, *, resolved: bool = False) -> str:
        """Return the scenario in words; `resolved` lists every value, else only what the files state of drivers."""
        told = self.scenario
        given = phrase("shown.not_assigned") if told.probability is None else at_terminal(told.probability)
        reason = f". {translate(told.probability_reason)}" if told.probability_reason else ""
        lines = [
            phrase("shown.scenario", id=told.id, title=translate(told.title)),
            phrase("shown.files", files=", ".join(self.files)),
            f"  {translate(' '.join(told.condition.split()))}",
            phrase("shown.probability", probability=f"{given}{reason}"),
        ]
        if self.together is not None:
            rare = self.together < 0.001
            share = phrase("shown.below", share=at_terminal(0.001, 3)) if rare else at_terminal(self.together, 3)
            lines.append(phrase("shown.together", share=share))
        lines += [
            phrase("shown.rests_on", file=place.file, lines=", ".join(map(str, place.lines)))
            for place in told.source_lines
        ]
        if resolved:
            lines += [phrase("shown.values"), *_table(self.values), phrase("shown.drivers"), *_table(self.drivers)]
        else:
            stated = [value for value in self.values if value.key.startswith("drivers.") and _says_something(value)]
            lines += [phrase("shown.stated"), *_table(stated)]
        moved = [item for item in self.consequences if abs(item.in_scenario - item.by_claims) >= 0.005]
        lines.append(phrase("shown.follows" if moved else "shown.nothing_follows"))
        lines += [
            f"  {item.driver:<28}{item.branch:<22}"
            f"{at_terminal(item.by_claims, 2)} -> {at_terminal(item.in_scenario, 2)}"
            for item in moved
        ]
        lines += [phrase("shown.base_rates")] if self.base_rates else []
        lines += [
            f"  {item.driver:<28}{item.branch:<22}{at_terminal(item.prior, 2)}  {item.as_words()}"
            for item in self.base_rates
        ]
        return "\n".join(lines)


def view_scenario(name_or_path: str | Path, register: Register | None = None) -> ScenarioView:
    """Return a scenario with where each of its values comes from, and what it makes of the drivers.

    Parameters
    ----------
    name_or_path : str or Path
        As in `load_scenario`.
    register : Register, optional

    Raises
    ------
    InputError
        If the scenario does not exist or is wrong.
    """
    register = register or load_register()
    scenario, merged = resolve_scenario(name_or_path, drivers=register.drivers)
    clock = register.case.clock.asked(scenario)
    register = register_as_of(register, clock.claims_as_of)
    by_claims, priors = driver_priors(register), scenario_priors(register, scenario)
    graph = driver_graph(register.drivers, priors)
    acting = [name for name in register.drivers if scenario.setting(name).state != "absent"]
    return ScenarioView(
        scenario,
        clock,
        tuple(display_path(path) for path in scenario_sources(name_or_path)),
        tuple(_values(scenario, clock, merged)),
        tuple(_driver_values(scenario, merged, register.drivers)),
        tuple(_consequences(scenario, clock.as_of, register, graph, by_claims, priors)),
        base_rates(register, clock.exit, clock.as_of, acting),
        probability_of(graph, scenario),
        *graph_tables(register, scenario, as_of=clock.as_of),
        undrawn_table(register.links),
        register.case.words,
    )


def _values(scenario: Scenario, clock: Clock, merged: Merged) -> Iterator[Value]:
    for path, value in _leaves(scenario.assumptions | clock.model_dump(mode="json")):
        if path[0] in ("title", "condition") or (path[0] == "drivers" and path[1] == "set" and value in (None, {})):
            continue
        given = _given_by(merged, path)
        if path[:2] == ("drivers", "set") and not given:
            continue
        yield Value(".".join(map(str, path)), value, _unit(path), given or USUAL)


def _given_by(merged: Merged, path: YamlPath) -> str:
    """Return where a value stands, or the list that it is part of."""
    while path:
        if place := merged.place_of(path):
            return place
        path = path[:-1]
    return ""


def _says_something(value: Value) -> bool:
    plain = {"drivers.pace.delay_months": 0, "drivers.pace.ramp_factor": 1.0, "drivers.learn": True}
    return value.where != USUAL and value.value not in (None, {}) and plain.get(value.key) != value.value


def _unit(path: YamlPath) -> str:
    if path[0] == "horizons":
        return AFTER_EXIT
    if any(part in ("places", "outcomes") for part in path):
        return SHARE
    if path[0] == "drivers" and "probability" in path:
        return UNITS["probability"]
    return UNITS.get(str(path[-1]), "")


def _leaves(data: Any, path: YamlPath = ()) -> Iterator[tuple[YamlPath, Any]]:
    if isinstance(data, dict) and data:
        for key, value in data.items():
            yield from _leaves(value, (*path, key))
    else:
        yield path, data


def _driver_values(scenario: Scenario, merged: Merged, drivers: Drivers) -> Iterator[Value]:
    document = read_yaml(scenarios_folder() / "drivers.yaml", root="drivers")
    for row, (name, driver) in enumerate(drivers.items()):
        setting, chosen = scenario.setting(name), ("drivers", "set", name)
        state = setting.branch if setting.state == "happens" and setting.branch else str(setting.state)
        where = merged.place_of((*chosen, "state")) or merged.place_of(("drivers", "default")) or USUAL
        if name in scenario.drivers.observe:
            state = f"observed: {scenario.drivers.observe[name]}"
            where = merged.place_of(("drivers", "observe", name))
        yield Value(f"{name}.state", state, "", where)
        if setting.state == "absent":
            continue
        for key in ("probability", "ratio"):
            stated, path = getattr(setting, key), (*chosen, key)
            if stated is not None:
                first = (*path, *list(stated)[:1]) if isinstance(stated, dict) else path
                yield Value(f"{name}.{key}", _of_branch(stated, setting.branch), UNITS[key], merged.place_of(first))
        timing = timing_in(driver, scenario)
        numbers = {
            "onset_month": timing.onset,
            "onset_window": list(timing.window),
            "ramp_months": timing.ramp,
            "half_life_months": LASTS if timing.half_life is None else timing.half_life,
        }
        for key, value in numbers.items():
            own = f"{document.name}:{document.line_of((row, 'timing', key))}"
            where = merged.place_of((*chosen, key)) or own
            yield Value(f"{name}.{key}", value, UNITS[key], where + _moved_by_pace(driver, scenario, merged, key))
        yield Value(
            f"{name}.strength", setting.strength, UNITS["strength"], merged.place_of((*chosen, "strength")) or USUAL
        )
        yield from _places(name, driver, scenario, merged, document, row, drivers.geography)


def _of_branch(stated: Any, branch: str | None) -> Any:
    """Return what is stated of a driver with the branch that it is stated of, where one is named."""
    if isinstance(stated, dict):
        return ", ".join(f"{way} {chance:g}" for way, chance in stated.items())
    return stated if branch is None or isinstance(stated, tuple) else f"{branch} {stated:g}"


def _moved_by_pace(driver: Driver, scenario: Scenario, merged: Merged, key: str) -> str:
    pace = scenario.drivers.pace
    by = {"ramp_months": "ramp_factor", "onset_month": "delay_months", "onset_window": "delay_months"}.get(key)
    if by is None or not driver.hinges_on_exit or getattr(pace, by) in (0, 1.0):
        return ""
    return f"{MOVED_BY}{merged.place_of(('drivers', 'pace', by))}"


def _places(
    name: str,
    driver: Driver,
    scenario: Scenario,
    merged: Merged,
    document: YamlDocument,
    row: int,
    geography: Geography,
) -> Iterator[Value]:
    changed = scenario.setting(name).places
    for country, share in zip(geography.units, place_shares(driver, geography, changed), strict=True):
        if share == 0.0 and country not in changed:
            continue
        where = merged.place_of(("drivers", "set", name, "places", country))
        if not where:
            key = "places" if country in driver.places else "distance_decay"
            where = f"{document.name}:{document.line_of((row, key))}"
        yield Value(f"{name}.places.{country}", round(float(share), 3), SHARE, where)


def _consequences(
    scenario: Scenario,
    as_of: str,
    register: Register,
    graph: DriverGraph,
    by_claims: xr.Dataset,
    priors: xr.Dataset,
) -> Iterator[Consequence]:
    network = network_in(graph, priors, scenario)
    seen = seen_in(register.drivers, graph, priors, scenario, as_of)
    evidence = {graph.final(name): weights for name, weights in seen.items()}
    for name, ways in graph.branches.items():
        claims = by_claims["weight"].sel(driver=name).values
        here = network.marginal([graph.final(name)], evidence)
        for branch, before, after in zip(ways[:-1], claims, here, strict=False):
            if branch and not (math.isclose(before, 0.0) and math.isclose(after, 0.0)):
                yield Consequence(name, branch, float(before), float(after))


def _table(values: Sequence[Value]) -> list[str]:
    if not values:
        return [f"  {phrase('shown.nothing')}"]
    rows = [(value.key, _shown(value.value), _unit_words(value.unit), _where_words(value.where)) for value in values]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    return ["  " + "  ".join(cell.ljust(w) for cell, w in zip(row, [*widths, 0], strict=True)).rstrip() for row in rows]


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple) and len(value) == 2 and all(isinstance(item, int | float) for item in value):
        return phrase("number.span", first=value[0], last=value[1])
    if isinstance(value, list):
        told = all(isinstance(item, str) for item in value)
        return ", ".join(map(str, value)) if told else phrase("shown.places", count=len(value))
    return phrase("shown.none") if value in (None, {}) else phrase("shown.it_lasts") if value == LASTS else str(value)


def _unit_words(unit: str) -> str:
    return named("shown.units", unit.replace(" ", "_")) if unit else ""


def _where_words(where: str) -> str:
    """Return where a value is from in the reader's language: files and lines stay, what is said around them not."""
    where = phrase("shown.usual") if where == USUAL else where
    return where.replace(MOVED_BY, phrase("shown.moved_by"))
