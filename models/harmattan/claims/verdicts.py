"""Claims beside what happened: each claim with a rule is true, false, partly true or open, by the record alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from ..core.months import month_number, months_between
from ..schema.records import Claim
from ..schema.resolution import DatedEvent, NothingSettles, PanelRatio, PanelTotal, YearlyRatio
from .windows import Levels, expected_level, panel_levels, panel_window, yearly_levels

WORTH = {"true": 1.0, "partly": 0.5, "false": 0.0}
"""Verdicts of what is settled, and how much of the claim came true."""

NO_RULE = "no rule"
"""Verdict of what says nothing of what will be: context, questions, advice."""


@dataclass(frozen=True)
class Verdict:
    """What the record says of a claim.

    Attributes
    ----------
    status : str
        ``true``, ``false``, ``partly`` (its yardsticks disagree), ``open`` (its window has not passed), ``void``
        (nothing can settle it) or ``no rule`` (it says nothing of what will be).
    why : str
        The numbers, the date or the reason behind it.
    by : mapping of yardstick to str
        ``true`` or ``false`` against the level ``before``, the ``trend`` and what was expected ``without`` the exit,
        where each is known; the last is shown and not counted.
    so_far : str
        What an open claim about a level would be if its window ended now; a lean, and no verdict.
    """

    status: str
    why: str
    by: Mapping[str, str] = field(default_factory=dict)
    so_far: str = ""


def resolve(
    claim: Claim,
    panel: xr.DataArray,
    exit_month: str,
    events: Mapping[str, str],
    *,
    yearly: Mapping[str, xr.DataArray] | None = None,
    without_exit: xr.DataArray | None = None,
) -> Verdict:
    """Return what the record says of a claim.

    Parameters
    ----------
    claim : Claim
    panel : DataArray (month, country, outcome)
        The record up to the month in which the question is asked; with `one_sided_state` and `one_sided_other` among
        the outcomes where rules name them.
    exit_month : str
        Month 0 of the claim's windows.
    events : mapping of event to date
        When dated events happened.
    yearly : mapping of series to DataArray (year, country), optional
        Series that are counted by year (`panel.yearly`). Only years over by the panel's last month are used.
    without_exit : DataArray (draw, month, country, outcome), optional
        Futures of the same months without the exit, as a third yardstick beside the rule's own.
    """
    rule, last = claim.resolution, str(panel["month"].values[-1])
    if rule is None:
        return Verdict(NO_RULE, "it says nothing of what will be")
    if isinstance(rule, NothingSettles):
        return Verdict("void", rule.why)
    known = months_between(exit_month, last)
    if isinstance(rule, DatedEvent):
        return _dated(rule, events[rule.event], exit_month, known)
    if isinstance(rule, PanelTotal):
        return _total(rule, panel, exit_month, known)
    if isinstance(rule, PanelRatio):
        if known < rule.window[0]:
            return Verdict("open", f"from month {rule.window[0]} after the exit")
        expected = expected_level(rule, without_exit, exit_month)
        return _ratio(rule, panel_levels(rule, panel, exit_month), known, expected)
    return _by_year(rule, yearly or {}, exit_month, last)


def fact_behind(claim: Claim) -> str:
    """Return what settles a claim, the same for all claims that hang on one event or on the same numbers.

    Claims may differ in their threshold or window of an event and still hang on one fact; empty without a rule.
    """
    rule = claim.resolution
    if rule is None or isinstance(rule, NothingSettles):
        return ""
    if isinstance(rule, DatedEvent):
        return rule.event
    return rule.model_dump_json(exclude={"ratio_above", "ratio_below", "above", "against"}, exclude_none=True)


def verdicts_of(rule: PanelRatio | YearlyRatio, levels: Levels, expected: float = np.nan) -> dict[str, str]:
    """Return whether what is now holds against each yardstick of a rule that is known, and against `expected`."""
    against = {name: getattr(levels, name) for name in rule.against} | {"without": expected}
    return {
        name: "true" if rule.holds(levels.now, level) else "false"
        for name, level in against.items()
        if not np.isnan(level)
    }


def counted(rule: PanelRatio | YearlyRatio, by: Mapping[str, str]) -> str:
    """Return the verdict of the rule's own yardsticks together; empty where none is known."""
    own = {by[name] for name in rule.against if name in by}
    return "partly" if len(own) > 1 else next(iter(own), "")


def _ratio(rule: PanelRatio, levels: Levels, known: int, expected: float) -> Verdict:
    why = f"{levels.now:.0f} deaths a month, {levels.before:.0f} before"
    if np.isnan(levels.now) or np.isnan(levels.before):
        return Verdict("void", "a place it names did not exist in all of these months")
    if "trend" in rule.against and not np.isnan(levels.trend):
        why += f", {levels.trend:.0f} by the trend"
    by = verdicts_of(rule, levels, expected)
    if known < rule.window[1]:
        return Verdict("open", f"so far {why}", by, so_far=counted(rule, by))
    return Verdict(counted(rule, by), why, by)


def _by_year(rule: YearlyRatio, yearly: Mapping[str, xr.DataArray], exit_month: str, last: str) -> Verdict:
    year = int(exit_month[:4])
    if int(last[:4]) + (last[5:] == "12") <= year + rule.years[1]:
        return Verdict("open", f"when {year + rule.years[1]} is over")
    levels = yearly_levels(rule, yearly.get(rule.series), year)
    if np.isnan(levels.now) or np.isnan(levels.before):
        return Verdict("void", "the series has no count for these years")
    why = f"{levels.now:,.0f} a year, {levels.before:,.0f} before"
    if "trend" in rule.against and not np.isnan(levels.trend):
        why += f", {levels.trend:,.0f} by the trend"
    by = verdicts_of(rule, levels)
    return Verdict(counted(rule, by), why, by)


def _total(rule: PanelTotal, panel: xr.DataArray, exit_month: str, known: int) -> Verdict:
    cells = panel_window(rule, panel, month_number(exit_month), rule.window)
    total = float(cells.sum())  # nobody died in what did not exist
    why = f"{total:,.0f} deaths, against more than {rule.above:,.0f} claimed"
    if total > rule.above:
        return Verdict("true", why)
    return Verdict("open" if known < rule.window[1] else "false", why)


def _dated(rule: DatedEvent, date: str, exit_month: str, known: int) -> Verdict:
    after = months_between(exit_month, date[:7])
    if after > known:
        return Verdict("open" if known < rule.window[1] else "false", "not by the end of the record used")
    inside = rule.window[0] <= after <= rule.window[1]
    return Verdict("true" if inside else "false", f"it happened in {date}")
