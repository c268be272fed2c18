"""What a new release makes look too quiet to be true: a month or a country at a small part of its recent past."""

import pandas as pd

from ..core.language import country_name, phrase, whole
from ..core.terminal import terminal_words

LEAST = {"events": 10, "best": 50}
"""Events and deaths a month below which a fall says nothing."""
SMALL_PART = 0.25
PART_OF_SMALLEST = 0.5
"""A country's month is pointed out below both shares, of the mean and of the smallest month of the twelve before: since
2010 that would have been 3 of 506 months by events and 10 of 595 by deaths."""
SMALL_PART_OF_ALL = {"events": 0.5, "best": 0.25}
"""The same for all countries together; since 2010: 3 and 2 of 180 months."""
LARGE_REVISION = 0.25
LEAST_LOST = 25
_SHOWN = 6


def falls(base: pd.DataFrame, cells: pd.DataFrame, fresh: set[str]) -> list[str]:
    """Point out months and countries that hold far less than in the twelve months before the release.

    Parameters
    ----------
    base, cells : DataFrame
        The panel before, and what the release brings: month, iso3, type, events, best.
    fresh : set of str
        The release's months that the panel does not hold as final counts.
    """
    if not fresh:
        return []
    before = _by_month(base[base["month"] < min(fresh)]).tail(12)
    after = _by_month(cells[cells["month"].isin(fresh)])
    if len(before) < 12:
        return []
    usual = before.mean()
    low = (after["events"] == 0) & (before["events"].min() > 0)
    total = pd.Series(False, index=after.index)
    for column, least in LEAST.items():
        mean = usual[column]
        low |= (
            (mean >= least)
            & after[column].lt(SMALL_PART * mean)
            & after[column].lt(PART_OF_SMALLEST * before[column].min())
        )
        total |= after[column].sum(axis=1) < SMALL_PART_OF_ALL[column] * mean.sum()
    said = []
    if total.any():
        month = str(total.idxmax())
        further = f", and so do {int(total.sum()) - 1} more months" if total.sum() > 1 else ""
        said.append(
            f"{month} holds {after.loc[month, 'events'].sum():,.0f} events with {after.loc[month, 'best'].sum():,.0f} "
            f"deaths in all units, against {usual['events'].sum():,.0f} with {usual['best'].sum():,.0f} a "
            f"month in the twelve months before{further}."
        )
    if low.any(axis=None):
        said.append(_countries(low, after, usual))
    if said:
        said[-1] += (
            " If the violence did not fall like that, the file is cut short or filtered: take it again from UCDP."
        )
    return said


def revisions(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Point out countries whose deaths in months already known change by more than a quarter."""
    old, new = before.groupby("iso3")["best"].sum(), after.groupby("iso3")["best"].sum()
    large = (new - old).abs() > (LARGE_REVISION * old).clip(lower=LEAST_LOST)
    if not large.any():
        return []
    named = ", ".join(
        phrase("imported.changed", country=country_name(str(c)), before=whole(old[c]), after=whole(new[c]))
        for c in old.index[large]
    )
    return [f"Deaths in months already known change by more than a quarter in {named}."]


def _by_month(table: pd.DataFrame) -> pd.DataFrame:
    return table.pivot_table(index="month", columns="iso3", values=["events", "best"], aggfunc="sum")


def _countries(low: pd.DataFrame, after: pd.DataFrame, usual: pd.Series) -> str:
    named = []
    for country in low.columns[low.any()]:
        month = str(low.index[low[country]][0])
        further = int(low[country].sum()) - 1
        more = f", and {further} more month{'s' if further > 1 else ''}" if further else ""
        told = (
            f"{country_name(str(country))} ({month}: {after.loc[month, ('events', country)]:,.0f} events with "
            f"{after.loc[month, ('best', country)]:,.0f} deaths, before {usual['events', country]:,.0f} with "
            f"{usual['best', country]:,.0f} a month{more})"
        )
        named.append(terminal_words(told))
    rest = f", and {len(named) - _SHOWN} more countries" if len(named) > _SHOWN else ""
    return f"At a small part of the twelve months before: {', '.join(named[:_SHOWN])}{rest}."
