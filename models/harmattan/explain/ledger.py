"""Claims beside what happened: each claim with a resolution rule is true, false or open, by the record alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from ..core.months import month_label, month_number, months_between
from ..schema.records import Claim, DatedEvent, PanelRatio, PanelTotal


@dataclass(frozen=True)
class Verdict:
    """What the record says of a claim.

    Attributes
    ----------
    status : str
        ``true``, ``false``, ``open`` (its window has not passed) or ``not resolvable`` (no rule, or no place then).
    why : str
        The numbers or the date behind it.
    """

    status: str
    why: str


def resolve(claim: Claim, panel: xr.DataArray, exit_month: str, events: Mapping[str, str]) -> Verdict:
    """Return what a panel says of a claim.

    Parameters
    ----------
    claim : Claim
    panel : DataArray (month, country, outcome)
        The record up to the month in which the question is asked.
    exit_month : str
        Month 0 of the claim's windows.
    events : mapping of event to date
        When dated events happened.
    """
    rule = claim.resolution
    if rule is None:
        return Verdict("not resolvable", "no series or dated event settles it")
    last = months_between(exit_month, str(panel["month"].values[-1]))
    if isinstance(rule, DatedEvent):
        return _dated(rule, events[rule.event], exit_month, last)
    if isinstance(rule, PanelTotal):
        return _total(rule, panel, exit_month, last)
    return _ratio(rule, panel, exit_month, last)


def fact_behind(claim: Claim) -> str:
    """Return what settles a claim, the same for all claims that hang on one event or on the same two numbers.

    Claims may differ in their threshold or window of an event and still hang on one fact; empty without a rule.
    """
    rule = claim.resolution
    if rule is None or isinstance(rule, DatedEvent):
        return "" if rule is None else rule.event
    return rule.model_dump_json(exclude={"ratio_above", "ratio_below", "above"}, exclude_none=True)


def _select(
    rule: PanelRatio | PanelTotal, panel: xr.DataArray, exit_month: str, window: tuple[int, int]
) -> xr.DataArray:
    origin = month_number(exit_month)
    wanted = {month_label(origin + i) for i in range(window[0], window[1] + 1)}
    months = [str(month) for month in panel["month"].values if str(month) in wanted]
    cells = panel.sel(month=months, country=list(rule.places), outcome=list(rule.outcomes))
    return cells.sum(["country", "outcome"], skipna=False)  # NaN in a month in which a place did not exist


def _ratio(rule: PanelRatio, panel: xr.DataArray, exit_month: str, last: int) -> Verdict:
    if last < rule.window[0]:
        return Verdict("open", f"from month {rule.window[0]} after the exit")
    now = float(_select(rule, panel, exit_month, rule.window).mean(skipna=False))
    before = float(_select(rule, panel, exit_month, rule.reference).mean(skipna=False))
    why = f"{now:.0f} deaths a month, {before:.0f} before"
    if np.isnan(now) or np.isnan(before):
        return Verdict("not resolvable", "a place it names did not exist in all of these months")
    if last < rule.window[1]:
        return Verdict("open", f"so far {why}")
    return Verdict("true" if ratio_holds(rule, now, before) else "false", why)


def ratio_holds(rule: PanelRatio, now: float, before: float) -> bool:
    """Return whether mean deaths a month in the window and in the reference window are as a rule says."""
    ratio = now / before if before > 0 else float("inf") if now > 0 else 1.0
    return ratio > rule.ratio_above if rule.ratio_above is not None else ratio < (rule.ratio_below or 0.0)


def _total(rule: PanelTotal, panel: xr.DataArray, exit_month: str, last: int) -> Verdict:
    total = float(_select(rule, panel, exit_month, rule.window).sum())  # nobody died in what did not exist
    why = f"{total:,.0f} deaths, against more than {rule.above:,.0f} claimed"
    if total > rule.above:
        return Verdict("true", why)
    return Verdict("open" if last < rule.window[1] else "false", why)


def _dated(rule: DatedEvent, date: str, exit_month: str, last: int) -> Verdict:
    after = months_between(exit_month, date[:7])
    if after > last:
        return Verdict("open" if last < rule.window[1] else "false", "not by the end of the record used")
    inside = rule.window[0] <= after <= rule.window[1]
    return Verdict("true" if inside else "false", f"it happened in {date}")
