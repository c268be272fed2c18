"""Traces of the records that an analyst edits, other than claims and drivers: sources, evidence, facts, events ..."""

from collections import Counter
from dataclasses import asdict
from typing import Any

from ..claims.derivation import derive_driver, driver_priors
from ..claims.register import Register
from ..claims.wording import citation, component_lines, quoted
from ..core.language import in_this_language, phrase, translate
from ..core.terminal import at_terminal
from ..schema.driver import Driver
from ..schema.events import CaseEvent
from ..schema.records import Claim
from .trace_numbers import touched_lines

Traced = tuple[str, dict[str, Any], list[str]]
"""Kind, data and lines."""


def effect_words(value: float) -> str:
    """Return an expected log effect, with its sign."""
    return at_terminal(value, 4, signed=True)


def odds_words(ratio: float) -> str:
    """Return what multiplies odds."""
    return phrase("traced.odds", ratio=at_terminal(ratio))


def moved_by(register: Register, **without: frozenset[str]) -> dict[str, float]:
    """Return what is left out adds to the expected log effect of each driver that it moves, by its share too."""
    full, less = (
        (priors["weight"] * priors["mean"]).sum("component").to_series()
        for priors in (driver_priors(register), driver_priors(register, **without))
    )
    moved = full - less
    return {str(name): float(value) for name, value in moved.items() if value != 0.0}


def source_trace(register: Register, source: Any) -> Traced:
    """Return kind, data and lines of a source: who wrote it, how far it is believed, and which drivers it moves."""
    claims = register.claims_of(source.id)
    kinds = Counter(claim.kind for claim in claims)
    trust = register.lexicons.reliability.grades[source.reliability]
    touched = sorted({driver for claim in claims for driver in claim.drivers}, key=list(register.drivers).index)
    lines = [
        f"  {translate(source.title)} ({translate(source.publisher)}; {source.date or phrase('traced.no_date')}), "
        f"{source.file}",
        phrase(
            "traced.source_group",
            group=source.group,
            grade=source.reliability,
            trust=at_terminal(trust, 2),
            notes=translate(source.notes),
        ),
        phrase(
            "traced.source_claims",
            count=len(claims),
            kinds=", ".join(f"{phrase(f'reading.kinds.{kind}')} {count}" for kind, count in kinds.most_common()),
        ),
    ]
    effects = {}
    for key in touched:
        full = derive_driver(register, key).expected_log_effect
        less = derive_driver(register, key, without_sources=frozenset({source.id})).expected_log_effect
        effects[key] = {"expected_log_effect": full, "expected_log_effect_without": less}
        lines.append(phrase("traced.source_driver", driver=key, effect=effect_words(full), without=effect_words(less)))
    added = moved_by(register, without_sources=frozenset({source.id}))
    touched, numbers = touched_lines(register, added)
    data = {"record": source.model_dump(mode="json"), "claims": [c.id for c in claims], "drivers": effects}
    return "source", {**data, "numbers": numbers}, [*lines, *touched]


def evidence_trace(register: Register, item: Any) -> Traced:
    """Return kind, data and lines of an item of evidence, and of the drivers that take it."""
    lines = [f"  {translate(item.citation)}", phrase("traced.population", population=translate(item.population))]
    if item.kind == "direction-only":
        lines += [f"  {translate(finding)}" for finding in item.findings]
    else:
        lines.append(
            phrase(
                "traced.estimate",
                kind=item.kind, estimate=effect_words(item.estimate), se=at_terminal(item.se, 4),
                transport=at_terminal(item.transport),
            )
        )  # fmt: skip
    lines.append(f"  {translate(item.note)}")
    takers = [driver for driver in register.drivers.values() if item.id in driver.evidence_ids]
    if not takers:
        lines.append(phrase("traced.no_taker"))
    bears = [_evidence_on(register, driver, item.id, lines) for driver in takers]
    return "evidence", {"record": item.model_dump(mode="json"), "drivers": bears}, lines


def _evidence_on(register: Register, driver: Driver, item: str, lines: list[str]) -> dict[str, Any]:
    """Return what an item does to one driver that takes it, and add the same in words."""
    use = next(use for use in driver.evidence if use.id == item)
    lines.append(phrase("traced.taken", driver=f"{driver.id} ({use.branch})" if use.branch else driver.id))
    derived = derive_driver(register, driver.id)
    for branch in derived.branches:
        for step in branch.probability_steps:
            if step.evidence == item:
                ends = {"before": at_terminal(step.before.mean, 3), "after": at_terminal(step.after.mean, 3)}
                lines.append(phrase("traced.moves", branch=branch.branch, **ends))
    for change in derived.effect_steps:
        if change.evidence == item:
            lines += [phrase("traced.before"), *component_lines(change.before)]
            lines += [phrase("traced.after"), *component_lines(change.after)]
    components = [asdict(component) for component in derived.components]
    return {"driver": driver.id, "branch": use.branch, "components": components}


def proposition_trace(register: Register, claims: list[Claim]) -> Traced:
    """Return kind, data and lines of a proposition: the claims that state it."""
    lines = [
        f"  {c.id:22s} {phrase(f'reading.directions.{c.direction}'):15s} {quoted(c.hedge)} {translate(c.paraphrase)} "
        f"{citation(c.file, c.lines)}"
        for c in claims
    ]
    drivers = sorted({driver for claim in claims for driver in claim.drivers}, key=list(register.drivers).index)
    lines.append(phrase("traced.drivers", drivers=", ".join(drivers) or phrase("traced.none")))
    return "proposition", {"claims": [c.model_dump(mode="json") for c in claims], "drivers": drivers}, lines


def fact_trace(register: Register, fact: Any) -> Traced:
    """Return kind, data and lines of a fact."""
    lines = [
        f"  {translate(fact.paraphrase)} {translate(str(fact.value))} {translate(str(fact.unit))}",
        phrase("traced.stands_on", lines=citation(fact.file, fact.lines)),
    ]
    return "fact", {"record": fact.model_dump(mode="json")}, lines


def conflict_trace(register: Register, conflict: Any) -> Traced:
    """Return kind, data and lines of a conflict: what was said, and which reading is used."""
    lines = [
        f"  {translate(statement.says)}{phrase('page.colon')} {citation(statement.file, statement.lines)}"
        for statement in conflict.statements
    ]
    lines += [
        f"  {translate(conflict.what)}",
        phrase("traced.reading", reading=translate(conflict.reading)),
        phrase("traced.why", why=translate(conflict.why)),
    ]
    return "conflict", {"record": conflict.model_dump(mode="json")}, lines


def event_trace(register: Register, event: CaseEvent) -> Traced:
    """Return kind, data and lines of a dated event, and of the drivers that it bears on."""
    lines = [
        f"  {event.date}{phrase('page.colon')} {in_this_language(event.what)}",
        phrase("traced.checked", source=event.source),
    ]
    if event.row is not None:
        row = ", ".join(f"{column} {value}" for column, value in event.row.where.items())
        lines[1] = phrase("traced.checked_in", table=event.row.table, row=row, source=event.source)
    for said in event.says:
        key, odds = ("says_settles", "") if said.odds_ratio is None else ("says_odds", odds_words(said.odds_ratio))
        why = translate(said.why)
        lines.append(phrase(f"traced.{key}", odds=odds, branch=said.branch, driver=said.driver, why=why))
    if not event.says:
        lines.append(phrase("traced.says_nothing"))
    return "event", {"record": event.model_dump(mode="json")}, lines
