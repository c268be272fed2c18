"""Traces that start from a number of the forecast or from a scenario, and the lines on numbers in the other traces."""

import math
from typing import Any

from ..claims.register import Register
from ..claims.wording import citation
from ..core.language import country_name, outcome_name, phrase, translate
from ..core.terminal import at_terminal, named
from ..risk.measures import months_held
from ..schema.bearing import SIDES
from ..schema.scenario import load_scenario
from .acting import Acting, Quantity, drivers_acting, horizons_held, numbers_touched


def quantity_trace(register: Register, quantity: Quantity) -> tuple[str, dict[str, Any], list[str]]:
    """Return kind, data and lines: from a number to the drivers that act on it, their claims and the lines of these."""
    acting = drivers_acting(register, quantity)
    total = sum(one.here for one in acting)
    clock = register.case.clock.asked(load_scenario(quantity.scenario, drivers=register.drivers))
    held = months_held(horizons_held(clock)[quantity.horizon], clock.exit)
    first, last = held.first, held.last
    lines = [
        phrase(
            "traced.number",
            outcome=outcome_name(quantity.outcome), country=country_name(quantity.country),
            first=first, last=last, scenario=quantity.scenario,
        ),
        phrase(
            "traced.number_drivers",
            total=at_terminal(total, 4, signed=True), ratio=at_terminal(math.exp(total), 3),
        ),
        phrase("traced.number_how"),
    ]  # fmt: skip
    for one in acting:
        lines += _driver_lines(register, one)
    data = {
        "scenario": quantity.scenario,
        "months_after_exit": [first, last],
        "expected_log_effect": total,
        "drivers": [_driver_data(register, one) for one in acting],
    }
    return "number", data, lines


def scenario_trace(register: Register, name: str) -> tuple[str, dict[str, Any], list[str]]:
    """Return kind, data and lines: what a scenario assumes of each driver, and the lines that it takes this from."""
    scenario = load_scenario(name, drivers=register.drivers)
    cited = ", ".join(citation(place.file, place.lines) for place in scenario.source_lines)
    condition = translate(" ".join(scenario.condition.split()))
    lines = [
        f"  {translate(scenario.title)}. {condition}",
        phrase("traced.stands_on", lines=cited or phrase("traced.no_line")),
    ]
    states = {key: scenario.setting(key).model_dump(mode="json") for key in register.drivers}
    for key, setting in states.items():
        own = {k: v for k, v in setting.items() if k != "state" and v not in (None, {}) and (k, v) != ("strength", 1.0)}
        told = "".join(f", {named('traced.settings', k)} {v}" for k, v in own.items())
        state = named("traced.states", str(setting["state"]))
        lines.append(phrase("traced.scenario_driver", driver=key, state=f"{state}{told}"))
    clock = register.case.clock.asked(scenario).model_dump(mode="json")
    return "scenario", {"record": scenario.assumptions, "clock": clock, "drivers": states}, lines


def touched_lines(register: Register, differences: dict[str, float]) -> tuple[list[str], list[dict[str, Any]]]:
    """Return lines and data on the numbers that change most with these drivers' expected effects."""
    touched = numbers_touched(register, differences)
    lines = [phrase("traced.adds", number=key, value=at_terminal(value, 5, signed=True)) for key, value in touched]
    return lines, [{"number": key, "expected_log_effect": value} for key, value in touched]


def _driver_lines(register: Register, one: Acting) -> list[str]:
    driver = register.drivers[one.driver]
    lines = [
        phrase(
            "traced.acting",
            driver=one.driver, exposure=at_terminal(one.exposure, 3),
            peak=at_terminal(one.at_peak, 4, signed=True), here=at_terminal(one.here, 4, signed=True),
        )
    ]  # fmt: skip
    for branch in driver.branches:
        for side in SIDES:
            if keys := register.heard[driver.id].on(branch.id, side):
                cited = "; ".join(
                    f"{key} {citation(register.claims[key].file, register.claims[key].lines)}" for key in keys
                )
                lines.append(phrase("traced.side", side=phrase(f"traced.sides.{side}"), branch=branch.id, claims=cited))
    if driver.evidence:
        lines.append(phrase("traced.takes", evidence=", ".join(driver.evidence_ids)))
    return lines


def _driver_data(register: Register, one: Acting) -> dict[str, Any]:
    driver = register.drivers[one.driver]
    claims = [
        {"claim": key, "branch": branch, "side": side, "file": claim.file, "lines": list(claim.lines)}
        for branch, side, key in register.heard[driver.id].votes
        if (claim := register.claims[key])
    ]
    return {
        "driver": one.driver,
        "exposure": one.exposure,
        "expected_log_effect_at_peak": one.at_peak,
        "expected_log_effect": one.here,
        "claims": claims,
        "evidence": list(driver.evidence_ids),
    }
