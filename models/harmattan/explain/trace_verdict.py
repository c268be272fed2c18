"""What the record by now says of one claim, and by which rule, for its trace."""

from typing import Any

from ..case.settling import record_with_parts, yearly_series
from ..claims.register import Register
from ..claims.verdicts import resolve
from ..schema.records import Claim
from ..schema.resolution import DatedEvent, NothingSettles, PanelTotal, Rule, YearlyRatio


def verdict_lines(register: Register, claim: Claim) -> tuple[list[str], dict[str, Any] | None]:
    """Return rule and verdict as of the record's last month, in lines and as plain data; nothing without a rule."""
    rule, case = claim.resolution, register.case
    if rule is None:
        return [], None
    if isinstance(rule, NothingSettles):
        line = f"  verdict   nothing can settle it ({rule.reason}): {rule.why}"
        return [line], {"verdict": "void", "reason": rule.reason, "why": rule.why}
    record = case.record()
    last = str(record["month"].values[-1])
    found = resolve(
        claim, record_with_parts(case, record), case.clock.exit, case.events, yearly=yearly_series(case, last)
    )
    against = ", ".join(f"against {name} {verdict}" for name, verdict in found.by.items())
    lean = f" (so far {found.so_far})" if found.so_far else ""
    lines = [
        f"  rule      {_in_words(rule)}",
        f"  verdict   as of {last}: {found.status}{lean}; {found.why}{f' ({against})' if against else ''}",
    ]
    data = {"verdict": found.status, "so_far": found.so_far, "why": found.why, "by": dict(found.by), "as_of": last}
    return lines, data


def _in_words(rule: Rule) -> str:
    if isinstance(rule, DatedEvent):
        return f"the event {rule.event} in months {_span(rule.window)} after the exit"
    places = ", ".join(rule.places)
    if isinstance(rule, PanelTotal):
        outcomes = " + ".join(rule.outcomes)
        return f"more than {rule.above:g} deaths ({outcomes}) in {places}, months {_span(rule.window)} after the exit"
    side = f"more than {rule.ratio_above:g}" if rule.ratio_above is not None else f"less than {rule.ratio_below:g}"
    if isinstance(rule, YearlyRatio):
        what, window, reference, unit = str(rule.series), rule.years, rule.reference, "year"
    else:
        what, window, reference, unit = " + ".join(rule.outcomes), rule.window, rule.reference, "month"
    levels = {"before": f"{unit}s {_span(reference)}", "trend": "their trend"}
    against = " and ".join(levels[name] for name in rule.against)
    return f"{what} in {places}, {unit}s {_span(window)} after the exit: {side} times {against}"


def _span(window: tuple[int, int]) -> str:
    return f"{window[0]} to {window[1]}" if window[0] != window[1] else f"{window[0]}"
