"""From an id to everything it rests on and everything it touches: claims, drivers, sources, evidence, numbers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ..claims.derivation import derive_driver
from ..claims.lexicon import believed, grade_of, reading_of, size_of
from ..claims.register import Register
from ..claims.steps import DriverDerivation
from ..claims.wording import branch_lines, citation, component_lines, context_lines, quoted, sharing_lines
from ..core.errors import InputError
from ..core.language import per_cent, phrase, translate
from ..core.telling import tells
from ..core.terminal import at_terminal, named
from ..schema.driver import Driver
from ..schema.naming import id_of
from ..schema.records import Claim
from ..schema.scenario import scenario_names, scenario_titled
from ..schema.validation import shown, suggestion
from .acting import how_numbers_are_written, quantity_ids, quantity_of, why_no_number
from .base_rates import base_rates
from .trace_exit import EXIT, exit_trace
from .trace_numbers import quantity_trace, scenario_trace, touched_lines
from .trace_records import (
    Traced,
    conflict_trace,
    effect_words,
    event_trace,
    evidence_trace,
    fact_trace,
    moved_by,
    odds_words,
    proposition_trace,
    source_trace,
)
from .trace_verdict import verdict_lines

MOST_CLAIMS = 5
"""How many claims a driver's trace lists by what their absence would change; the data hold all."""


@dataclass(frozen=True)
class Trace:
    """What an id rests on and what it touches.

    Attributes
    ----------
    kind : str
        ``claim``, ``driver``, ``source``, ``evidence``, ``proposition``, ``fact``, ``conflict``, ``event``,
        ``scenario``, ``number`` or ``whole``.
    id : str
        The id asked for.
    data : dict
        The record and its derivation, ready for JSON.
    lines : tuple of str
        The same for a reader, with citations as file:line.
    """

    kind: str
    id: str
    data: dict[str, Any]
    lines: tuple[str, ...]

    def as_text(self) -> str:
        """Return the derivation as readable text."""
        return "\n".join((phrase(f"traced.kinds.{self.kind}", id=self.id), *self.lines))

    def as_dict(self) -> dict[str, Any]:
        """Return the derivation as plain data."""
        return {"kind": self.kind, "id": self.id, **self.data}

    def __str__(self) -> str:
        return self.as_text()


@tells(lambda register: register.case.words)
def trace(register: Register, id: str) -> Trace:
    """Return the trace of a claim, driver, source, evidence item, proposition, fact, conflict, event, scenario, number.

    Numbers of the forecast are named by outcome, country and horizon, such as ``one_sided/COD/short``; the whole effect
    of the exit is ``exit``.

    Raises
    ------
    InputError
        If there is nothing of that id; the nearest id is named.
    """
    if id == EXIT:
        return Trace(*exit_trace(register))
    propositions = register.propositions()
    quantity = quantity_of(register.case, id)
    if quantity is not None:
        kind, data, lines = quantity_trace(register, quantity)
        return Trace(kind, id, data, tuple(lines))
    tables: list[tuple[Mapping[str, Any], Any]] = [
        (register.claims, _claim),
        (register.drivers, _driver),
        (register.sources, source_trace),
        (register.evidence, evidence_trace),
        (propositions, proposition_trace),
        (register.facts, fact_trace),
        (register.conflicts, conflict_trace),
        (register.case.dated, event_trace),
        ({name: name for name in scenario_names()}, scenario_trace),
    ]
    id = _id_of(register, id, {key for table, _ in tables for key in table})
    for table, tracer in tables:
        if id in table:
            kind, data, lines = tracer(register, table[id])
            return Trace(kind, id, data, tuple(lines))
    if wrong := why_no_number(register.case, id):
        raise InputError(wrong)
    known = [key for table, _ in tables for key in table] + quantity_ids(register.case)
    raise InputError(
        "There is no claim, driver, source, evidence item, proposition, fact, conflict, event, scenario or number "
        f"{shown(id)}.{suggestion(id, known)} The ids stand in seeds/ and scenarios/. "
        f"{how_numbers_are_written(register.case)}"
    )


def _id_of(register: Register, asked: str, known: set[str]) -> str:
    """Return the id that is meant: what was asked if it is one, else that of a title (of a claim: its paraphrase)."""
    if asked in known:
        return asked
    titles = {key: driver.title for key, driver in register.drivers.items()}
    titles |= {key: source.title for key, source in register.sources.items()}
    titles |= {key: claim.paraphrase for key, claim in register.claims.items()}
    found = id_of(asked, titles)
    return found if found in titles else scenario_titled(asked) or asked


def _claim(register: Register, claim: Claim) -> Traced:
    source = register.sources[claim.source]
    lines = [
        phrase(
            "traced.says",
            claim=translate(claim.paraphrase),
            claimant=translate(claim.claimant),
            kind=phrase(f"reading.kinds.{claim.kind}"),
            horizon=named("horizons", claim.horizon),
        ),
        phrase("traced.stands_on", lines=citation(claim.file, claim.lines)),
    ]
    data: dict[str, Any] = {"record": claim.model_dump(mode="json"), "reading": None}
    reading = reading_of(claim, register.lexicons)
    if reading is None:
        lines.append(phrase("traced.words_none", words=quoted(claim.hedge)))
    else:
        grade = grade_of(claim, source)
        trust = register.lexicons.reliability.grades[grade]  # type: ignore[index]
        mean = believed(reading.beta, trust, register.lexicons.reference).mean
        why = claim.reliability.why if claim.reliability else phrase("traced.grade_of", source=source.id)
        size = named("traced.size_words", size_of(claim, register.lexicons.magnitudes))
        lines += [
            phrase(
                "traced.words",
                words=quoted(claim.hedge), term=f"{reading.term}{f', {reading.shift}' if reading.shift else ''}",
                a=at_terminal(reading.beta.a, 2), b=at_terminal(reading.beta.b, 2),
                mean=at_terminal(reading.beta.mean, 2), reason=translate(reading.reason),
            ),
            phrase(
                "traced.trust",
                grade=grade, why=translate(why), trust=at_terminal(trust, 2), mean=at_terminal(reading.beta.mean, 3),
                rest=at_terminal(1 - trust, 2), reference=at_terminal(register.lexicons.reference.mean, 3),
                believed=at_terminal(mean, 3),
            ),
            phrase("traced.size", words=quoted(claim.magnitude), size=size),
        ]  # fmt: skip
        data["reading"] = {**asdict(reading), "grade": grade, "trust": trust, "believed_mean": mean}
    settled, data["verdict"] = verdict_lines(register, claim)
    lines += settled
    data["drivers"] = [_claim_in_driver(register, claim, key, lines) for key in claim.drivers]
    added = moved_by(register, without_claims=frozenset({claim.id}))
    touched, data["numbers"] = touched_lines(register, added)
    lines += touched
    if not touched and any(d["votes"] for d in data["drivers"]):
        lines.append(phrase("traced.none_moves"))
    return "claim", data, lines


def _claim_in_driver(register: Register, claim: Claim, driver_id: str, lines: list[str]) -> dict[str, Any]:
    full = derive_driver(register, driver_id)
    less = derive_driver(register, driver_id, without_claims=frozenset({claim.id}))
    votes = [
        {"branch": branch.branch, "side": row.side, "weight": row.weight}
        for branch in full.branches
        for row in branch.rows
        if row.claim == claim.id
    ]
    told = [
        phrase(
            "traced.pool",
            side=phrase(f"traced.sides.{row.side}"), branch=branch.branch, weight=at_terminal(row.weight, 3),
        )
        for branch in full.branches
        for row in branch.rows
        if row.claim == claim.id
    ]  # fmt: skip
    lines.append(
        phrase(
            "traced.claim_driver",
            driver=driver_id, place=phrase("number.join").join(told) or phrase("traced.context_only"),
            effect=effect_words(full.expected_log_effect), without=effect_words(less.expected_log_effect),
        )
    )  # fmt: skip
    return {
        "driver": driver_id,
        "votes": votes,
        "expected_log_effect": full.expected_log_effect,
        "expected_log_effect_without": less.expected_log_effect,
    }


def _driver(register: Register, driver: Driver) -> Traced:
    derived = derive_driver(register, driver.id)
    lines = [f"  {translate(driver.title)}. {translate(driver.means)}"]
    for branch in derived.branches:
        lines += branch_lines(register, branch)
    if context := context_lines(register, driver.id):
        lines += [phrase("traced.context"), *context]
    if derived.effect_steps:
        supposed = any(branch.supposed for branch in derived.branches)
        lines += [phrase(f"traced.{'before_effects' if supposed else 'by_claims'}"), *component_lines(derived.stated)]
    for step in derived.effect_steps:
        lines.append(
            phrase(
                "traced.effect_step",
                evidence=step.evidence, ratio=at_terminal(step.estimate, 3, signed=True), se=at_terminal(step.se, 3),
            )
        )  # fmt: skip
    shown = [key for key in driver.evidence_ids if register.evidence[key].kind == "direction-only"]
    lines += [phrase("traced.shown_only", evidence=key) for key in shown]
    lines += [
        *sharing_lines(derived),
        phrase("traced.prior"),
        *component_lines(derived.components),
    ]
    clock = register.case.clock
    rates = base_rates(register, clock.exit, clock.as_of, [driver.id])
    lines.append(phrase("traced.base_rates"))
    lines += [f"    {one.branch:<22} {one.as_words()}" for one in rates]
    lines += _arrow_lines(register, driver)
    without = {}
    if register.sources:
        lines.append(phrase("traced.without_sources"))
    for source in register.sources:
        without[source] = derive_driver(register, driver.id, without_sources=frozenset({source})).expected_log_effect
        lines.append(f"    {source:18s} {effect_words(without[source])}")
    lines.append(f"    {phrase('traced.all_sources'):18s} {effect_words(derived.expected_log_effect)}")
    claims = _without_each_claim(register, derived)
    if claims:
        lines.append(phrase("traced.without_claims"))
    for key, value in sorted(claims.items(), key=lambda item: -abs(item[1] - derived.expected_log_effect))[
        :MOST_CLAIMS
    ]:
        lines.append(f"    {key:22s} {effect_words(value)}")
    touched, numbers = touched_lines(register, {driver.id: derived.expected_log_effect})
    lines += touched
    data: dict[str, Any] = {
        "record": driver.model_dump(mode="json"),
        "derivation": asdict(replace(derived, sharing=None)) | {"sharing": _sharing(derived)},
        "without_source": without,
    }
    data |= {
        "base_rates": [asdict(one) for one in rates],
        "without_claim": claims,
        "claims": register.heard[driver.id].as_dict(register.places),
    }
    return "driver", {**data, "expected_log_effect": derived.expected_log_effect, "numbers": numbers}, lines


def _sharing(derived: DriverDerivation) -> dict[str, Any] | None:
    """Return the driver's part in the whole effect of the exit, as plain data; None for an effect of its own."""
    if derived.sharing is None:
        return None
    of = {branch.branch: derived.sharing.whole.of(derived.driver, branch.branch) for branch in derived.branches}
    shares = {name: {"share": one.share, "matters": one.matters} for name, one in of.items() if one is not None}
    size = derived.sharing.whole.size
    return {"worth": derived.sharing.worth, "size": {"mean": size.mean, "sd": size.sd}, "branches": shares}


def _without_each_claim(register: Register, derived: DriverDerivation) -> dict[str, float]:
    """Return the driver's expected log effect without each claim that has a vote on it."""
    voting = dict.fromkeys(row.claim for branch in derived.branches for row in branch.rows)
    return {
        key: derive_driver(register, derived.driver, without_claims=frozenset({key})).expected_log_effect
        for key in voting
    }


def _arrow_lines(register: Register, driver: Driver) -> list[str]:
    """Return what makes the driver more or less likely, what it does so to, and which dated events bear on it."""
    lines = []
    for arrow in driver.parents:
        strength = (
            odds_words(arrow.odds_ratio)
            if arrow.odds_ratio
            else phrase("traced.sets_off", share=per_cent(arrow.chance or 0.0))
        )
        later = phrase("traced.later", months=arrow.lag_months) if arrow.lag_months else ""
        basis = phrase("traced.inferred", why=translate(arrow.inferred or ""))
        if arrow.stated is not None:
            basis = phrase("traced.stated_in", lines=f"{arrow.stated.file}:{','.join(map(str, arrow.stated.lines))}")
        lines.append(
            phrase(
                "traced.arrow",
                driver=arrow.driver, branch=arrow.branch, moves=arrow.moves, strength=f"{strength}{later}", basis=basis,
            )
        )  # fmt: skip
    for name, other in register.drivers.items():
        moved = sorted({arrow.moves for arrow in other.parents if arrow.driver == driver.id})
        lines += [phrase("traced.leads_to", driver=name, branches=", ".join(moved))] if moved else []
    for event in driver.events:
        what, when = (
            f"traced.event_{'settles' if event.odds_ratio is None else 'odds'}",
            register.case.events[event.event],
        )
        odds = "" if event.odds_ratio is None else odds_words(event.odds_ratio)
        why = translate(event.why)
        lines.append(phrase(what, event=event.event, date=when, odds=odds, branch=event.branch, why=why))
    return lines
