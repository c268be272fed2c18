"""What the record by now says of one claim, and by which rule, for its trace."""

from typing import Any

from ..case.releases import settled_on
from ..case.settling import record_with_parts, yearly_series
from ..claims.register import Register
from ..claims.verdicts import WORTH, resolve
from ..core.language import listed, phrase, translate
from ..core.terminal import at_terminal, named
from ..schema.records import Claim
from ..schema.resolution import DatedEvent, NothingSettles, PanelTotal, Rule, YearlyRatio


def verdict_lines(register: Register, claim: Claim) -> tuple[list[str], dict[str, Any] | None]:
    """Return rule and verdict as of the record's last month, in lines and as plain data; nothing without a rule."""
    rule, case = claim.resolution, register.case
    if rule is None:
        return [], None
    if isinstance(rule, NothingSettles):
        line = phrase("traced.void", reason=named("traced.reasons", rule.reason), why=translate(rule.why))
        return [line], {"verdict": "void", "reason": rule.reason, "why": rule.why}
    record = case.record()
    last = str(record["month"].values[-1])
    found = resolve(
        claim, record_with_parts(case, record), case.clock.exit, case.events, yearly=yearly_series(case, last)
    )
    against = ", ".join(phrase(f"traced.against_{name}", verdict=_verdict(said)) for name, said in found.by.items())
    said = phrase("traced.verdict", month=last, verdict=_verdict(found.status), why=translate(found.why))
    lines = [
        phrase("traced.rule", rule=_in_words(rule)),
        said
        + (phrase("traced.so_far", verdict=_verdict(found.so_far)) if found.so_far else "")
        + (f" ({against})" if against else ""),
    ]
    release = settled_on(case, rule) if found.status in WORTH else ""
    key = "traced.release" if isinstance(rule, DatedEvent) else "traced.release_now"
    lines += [phrase(key, release=release)] if release else []
    data = {"verdict": found.status, "so_far": found.so_far, "why": found.why, "by": dict(found.by), "as_of": last}
    data |= {"release": release}
    return lines, data


def _in_words(rule: Rule) -> str:
    if isinstance(rule, DatedEvent):
        return phrase("traced.rule_event", event=rule.event, window=_span(rule.window))
    places = ", ".join(rule.places)
    if isinstance(rule, PanelTotal):
        outcomes, held = " + ".join(rule.outcomes), _span(rule.window)
        return phrase("traced.rule_total", number=f"{rule.above:g}", outcomes=outcomes, places=places, window=held)
    above = rule.ratio_above is not None
    times = at_terminal(rule.ratio_above if rule.ratio_above is not None else rule.ratio_below or 0.0)
    if isinstance(rule, YearlyRatio):
        what, window, reference, unit = str(rule.series), rule.years, rule.reference, "years"
    else:
        what, window, reference, unit = " + ".join(rule.outcomes), rule.window, rule.reference, "months"
    levels = {
        "before": phrase(f"traced.level_{unit}", window=_span(reference)), "trend": phrase("traced.level_trend")
    }  # fmt: skip
    return phrase(
        f"traced.rule_{unit}_{'above' if above else 'below'}",
        what=what, places=places, window=_span(window), times=times,
        against=listed([levels[name] for name in rule.against]),
    )  # fmt: skip


def _span(window: tuple[int, int]) -> str:
    return phrase("number.span", first=window[0], last=window[1]) if window[0] != window[1] else f"{window[0]}"


def _verdict(name: str) -> str:
    return phrase(f"verdicts.{name.replace(' ', '_')}")
