"""From an id to everything it rests on and everything it touches: claims, drivers, sources, evidence, numbers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ..claims.derivation import derive_driver, driver_priors
from ..claims.lexicon import believed, grade_of, reading_of, size_of
from ..claims.register import Register
from ..claims.steps import DriverDerivation
from ..claims.wording import branch_lines, citation, component_lines, context_lines, quoted, sharing_lines
from ..core.errors import InputError
from ..schema.driver import Driver
from ..schema.events import CaseEvent
from ..schema.naming import id_of
from ..schema.records import Claim
from ..schema.scenario import scenario_names, scenario_titled
from ..schema.validation import shown, suggestion
from .acting import how_numbers_are_written, quantity_ids, quantity_of, why_no_number
from .trace_exit import EXIT, exit_trace
from .trace_numbers import quantity_trace, scenario_trace, touched_lines
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
        return "\n".join((f"{self.kind} {self.id}", *self.lines))

    def as_dict(self) -> dict[str, Any]:
        """Return the derivation as plain data."""
        return {"kind": self.kind, "id": self.id, **self.data}

    def __str__(self) -> str:
        return self.as_text()


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
        (register.sources, _source),
        (register.evidence, _evidence),
        (propositions, _proposition),
        (register.facts, _fact),
        (register.conflicts, _conflict),
        (register.case.dated, _event),
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


_Traced = tuple[str, dict[str, Any], list[str]]


def _claim(register: Register, claim: Claim) -> _Traced:
    source = register.sources[claim.source]
    lines = [
        f"  says      {claim.paraphrase} ({claim.claimant}; {claim.kind}, horizon {claim.horizon})",
        f"  stands on {citation(claim.file, claim.lines)}",
    ]
    data: dict[str, Any] = {"record": claim.model_dump(mode="json"), "reading": None}
    reading = reading_of(claim, register.lexicons)
    if reading is None:
        lines.append(f"  words     {quoted(claim.hedge)}: state no probability, so the claim has no vote")
    else:
        grade = grade_of(claim, source)
        trust = register.lexicons.reliability.grades[grade]  # type: ignore[index]
        mean = believed(reading.beta, trust, register.lexicons.reference).mean
        shift = f", {reading.shift}" if reading.shift else ""
        why = claim.reliability.why if claim.reliability else f"grade of {source.id}"
        lines += [
            f"  words     {quoted(claim.hedge)} read as {reading.term}{shift}: "
            f"Beta({reading.beta.a:.2f}, {reading.beta.b:.2f}), mean {reading.beta.mean:.2f} ({reading.reason})",
            f"  trust     {grade} ({why}): {trust:.2f} x {reading.beta.mean:.3f} + {1 - trust:.2f} x "
            f"{register.lexicons.reference.mean:.3f} = {mean:.3f}",
            f"  size      {quoted(claim.magnitude)} read as {size_of(claim, register.lexicons.magnitudes)}",
        ]
        data["reading"] = {**asdict(reading), "grade": grade, "trust": trust, "believed_mean": mean}
    settled, data["verdict"] = verdict_lines(register, claim)
    lines += settled
    data["drivers"] = [_claim_in_driver(register, claim, key, lines) for key in claim.drivers]
    added = _moved_by(register, without_claims=frozenset({claim.id}))
    touched, data["numbers"] = touched_lines(register, added)
    lines += touched
    if not touched and any(d["votes"] for d in data["drivers"]):
        lines.append("  number    none moves: the other claims of its pool say the same")
    return "claim", data, lines


def _moved_by(register: Register, **without: frozenset[str]) -> dict[str, float]:
    """Return what is left out adds to the expected log effect of each driver that it moves, by its share too."""
    full, less = (
        (priors["weight"] * priors["mean"]).sum("component").to_series()
        for priors in (driver_priors(register), driver_priors(register, **without))
    )
    moved = full - less
    return {str(name): float(value) for name, value in moved.items() if value != 0.0}


def _claim_in_driver(register: Register, claim: Claim, driver_id: str, lines: list[str]) -> dict[str, Any]:
    full = derive_driver(register, driver_id)
    less = derive_driver(register, driver_id, without_claims=frozenset({claim.id}))
    votes = [
        {"branch": branch.branch, "side": row.side, "weight": row.weight}
        for branch in full.branches
        for row in branch.rows
        if row.claim == claim.id
    ]
    place = "; ".join(f"{v['side']} {v['branch']}, pool weight {v['weight']:.3f}" for v in votes) or "context, no vote"
    lines.append(
        f"  driver    {driver_id}: {place}; expected log effect {full.expected_log_effect:+.4f}, "
        f"without this claim {less.expected_log_effect:+.4f}"
    )
    return {
        "driver": driver_id,
        "votes": votes,
        "expected_log_effect": full.expected_log_effect,
        "expected_log_effect_without": less.expected_log_effect,
    }


def _driver(register: Register, driver: Driver) -> _Traced:
    derived = derive_driver(register, driver.id)
    lines = [f"  {driver.title}. {driver.means}"]
    for branch in derived.branches:
        lines += branch_lines(register, branch)
    if context := context_lines(register, driver.id):
        lines += ["  context, no vote", *context]
    if derived.effect_steps:
        supposed = any(branch.supposed for branch in derived.branches)
        lines += ["  before published effects" if supposed else "  by claims alone", *component_lines(derived.stated)]
    for step in derived.effect_steps:
        lines.append(
            f"  evidence {step.evidence}: log rate ratio {step.estimate:+.3f}, se with transport {step.se:.3f}"
        )
    shown = [key for key in driver.evidence_ids if register.evidence[key].kind == "direction-only"]
    lines += [f"  evidence {key}: shown only, see `harmattan trace {key}`" for key in shown]
    lines += [
        *sharing_lines(derived),
        "  prior of the log rate ratio at the peak",
        *component_lines(derived.components),
    ]
    lines += _arrow_lines(register, driver)
    without = {}
    if register.sources:
        lines.append("  without a source, the expected log effect becomes")
    for source in register.sources:
        without[source] = derive_driver(register, driver.id, without_sources=frozenset({source})).expected_log_effect
        lines.append(f"    {source:18s} {without[source]:+.4f}")
    lines.append(f"    {'(all sources)':18s} {derived.expected_log_effect:+.4f}")
    claims = _without_each_claim(register, derived)
    if claims:
        lines.append("  without a claim, it changes most for")
    for key, value in sorted(claims.items(), key=lambda item: -abs(item[1] - derived.expected_log_effect))[
        :MOST_CLAIMS
    ]:
        lines.append(f"    {key:22s} {value:+.4f}")
    touched, numbers = touched_lines(register, {driver.id: derived.expected_log_effect})
    lines += touched
    data: dict[str, Any] = {
        "record": driver.model_dump(mode="json"),
        "derivation": asdict(replace(derived, sharing=None)) | {"sharing": _sharing(derived)},
        "without_source": without,
    }
    data |= {"without_claim": claims, "claims": register.heard[driver.id].as_dict(register.places)}
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
        strength = f"odds x {arrow.odds_ratio:g}" if arrow.odds_ratio else f"sets it off in {arrow.chance:.0%} of cases"
        later = f", {arrow.lag_months} months later" if arrow.lag_months else ""
        basis = f"inferred: {arrow.inferred}"
        if arrow.stated is not None:
            basis = f"stated in {arrow.stated.file}:{','.join(map(str, arrow.stated.lines))}"
        lines.append(f"  from {arrow.driver} ({arrow.branch}) to {arrow.moves}: {strength}{later}; {basis}")
    for name, other in register.drivers.items():
        moved = sorted({arrow.moves for arrow in other.parents if arrow.driver == driver.id})
        lines += [f"  leads to {name} ({', '.join(moved)})"] if moved else []
    for event in driver.events:
        bears = "settles" if event.odds_ratio is None else f"odds x {event.odds_ratio:g} for"
        lines.append(f"  event {event.event} ({register.case.events[event.event]}) {bears} {event.branch}. {event.why}")
    return lines


def _source(register: Register, source: Any) -> _Traced:
    claims = register.claims_of(source.id)
    kinds = Counter(claim.kind for claim in claims)
    trust = register.lexicons.reliability.grades[source.reliability]
    touched = sorted({driver for claim in claims for driver in claim.drivers}, key=list(register.drivers).index)
    lines = [
        f"  {source.title} ({source.publisher}; {source.date or 'no date in the text'}), {source.file}",
        f"  group {source.group}, reliability {source.reliability} = {trust:.2f}. {source.notes}",
        f"  {len(claims)} claims: {', '.join(f'{kind} {count}' for kind, count in kinds.most_common())}",
    ]
    effects = {}
    for key in touched:
        full = derive_driver(register, key).expected_log_effect
        less = derive_driver(register, key, without_sources=frozenset({source.id})).expected_log_effect
        effects[key] = {"expected_log_effect": full, "expected_log_effect_without": less}
        lines.append(f"  driver {key}: expected log effect {full:+.4f}, without this source {less:+.4f}")
    added = _moved_by(register, without_sources=frozenset({source.id}))
    touched, numbers = touched_lines(register, added)
    data = {"record": source.model_dump(mode="json"), "claims": [c.id for c in claims], "drivers": effects}
    return "source", {**data, "numbers": numbers}, [*lines, *touched]


def _evidence(register: Register, item: Any) -> _Traced:
    lines = [f"  {item.citation}", f"  population: {item.population}"]
    if item.kind == "direction-only":
        lines += [f"  {finding}" for finding in item.findings]
    else:
        lines.append(f"  {item.kind}: {item.estimate:+.4f}, se {item.se:.4f}, transport {item.transport:g}")
    lines.append(f"  {item.note}")
    takers = [driver for driver in register.drivers.values() if item.id in driver.evidence_ids]
    if not takers:
        lines.append("  no driver of the case takes it (key `evidence` in scenarios/drivers.yaml), so it moves nothing")
    bears = [_evidence_on(register, driver, item.id, lines) for driver in takers]
    return "evidence", {"record": item.model_dump(mode="json"), "drivers": bears}, lines


def _evidence_on(register: Register, driver: Driver, item: str, lines: list[str]) -> dict[str, Any]:
    """Return what an item does to one driver that takes it, and add the same in words."""
    use = next(use for use in driver.evidence if use.id == item)
    lines.append(f"  driver {driver.id}" + (f", branch {use.branch}" if use.branch else ""))
    derived = derive_driver(register, driver.id)
    for branch in derived.branches:
        for step in branch.probability_steps:
            if step.evidence == item:
                lines.append(f"  P({branch.branch}) moves from {step.before.mean:.3f} to {step.after.mean:.3f}")
    for change in derived.effect_steps:
        if change.evidence == item:
            lines += ["  before", *component_lines(change.before), "  after", *component_lines(change.after)]
    components = [asdict(component) for component in derived.components]
    return {"driver": driver.id, "branch": use.branch, "components": components}


def _proposition(register: Register, claims: list[Claim]) -> _Traced:
    lines = [
        f"  {c.id:22s} {c.direction:15s} {quoted(c.hedge)} {c.paraphrase} {citation(c.file, c.lines)}" for c in claims
    ]
    drivers = sorted({driver for claim in claims for driver in claim.drivers}, key=list(register.drivers).index)
    lines.append(f"  drivers: {', '.join(drivers) or 'none'}")
    return "proposition", {"claims": [c.model_dump(mode="json") for c in claims], "drivers": drivers}, lines


def _fact(register: Register, fact: Any) -> _Traced:
    lines = [f"  {fact.paraphrase} {fact.value} {fact.unit}", f"  stands on {citation(fact.file, fact.lines)}"]
    return "fact", {"record": fact.model_dump(mode="json")}, lines


def _conflict(register: Register, conflict: Any) -> _Traced:
    lines = [f"  {statement.says}: {citation(statement.file, statement.lines)}" for statement in conflict.statements]
    lines += [f"  {conflict.what}", f"  reading: {conflict.reading}", f"  why: {conflict.why}"]
    return "conflict", {"record": conflict.model_dump(mode="json")}, lines


def _event(register: Register, event: CaseEvent) -> _Traced:
    lines = [f"  {event.date}: {event.what['en']}", f"  checked in the public record: {event.source}"]
    if event.row is not None:
        row = ", ".join(f"{column} {value}" for column, value in event.row.where.items())
        lines[1] = f"  checked in seeds/data/{event.row.table} ({row}): {event.source}"
    for said in event.says:
        says = "settles" if said.odds_ratio is None else f"odds x {said.odds_ratio:g} for"
        lines.append(f"  {says} {said.branch} of {said.driver}. {said.why}")
    if not event.says:
        lines.append("  says nothing of any driver that deaths or another event do not say already")
    return "event", {"record": event.model_dump(mode="json")}, lines
