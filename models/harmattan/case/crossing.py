"""Who crossed the borders of a case, on its record."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from ..core.months import month_label, month_number
from ..panel.actors import deaths_by_origin, load_dyads, shares_from_elsewhere
from .opening import Case

MONTHS = 60
"""Last months of the record whose deaths are counted."""


@dataclass(frozen=True)
class Crossings:
    """Deaths on record by where they happened and where a group of the conflict came from; the rule: `panel.actors`.

    Attributes
    ----------
    deaths : DataFrame
        Index: units with deaths in these months that the table of dyads covers; columns: units that groups came from.
    first, last : str
        Months counted, `YYYY-MM`.
    """

    deaths: pd.DataFrame
    first: str
    last: str

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Share of each unit's deaths by where groups came from; the diagonal is 0."""
        return shares_from_elsewhere(self.deaths)

    def table(self) -> pd.DataFrame:
        """Return a row for each unit, the largest share first.

        Returns
        -------
        DataFrame
            Columns country, deaths, crossed (of which in conflicts of groups from elsewhere), share (crossed / deaths),
            largest (unit that most of these came from; None where there are none), largest_share.
        """
        from_elsewhere, total = self.shares.sum(axis=1), self.deaths.sum(axis=1)
        largest = self.shares.idxmax(axis=1).astype(object).where(from_elsewhere > 0, None)
        frame = pd.DataFrame(
            {
                "deaths": total,
                "crossed": from_elsewhere * total,
                "share": from_elsewhere,
                "largest": largest,
                "largest_share": self.shares.max(axis=1),
            }
        )
        return frame.sort_values("share", ascending=False, kind="stable").rename_axis("country").reset_index()


def crossings(case: Case, as_of: str, outcome: str | None = None) -> Crossings | None:
    """Return who crossed which border by the record to a month; None where the case has no table of dyads.

    Parameters
    ----------
    case : Case
    as_of : str
        `YYYY-MM`; a table that ends before counts to its own end.
    outcome : str, optional
        Type of violence; all types together by default. Where groups come from is told by all of them.
    """
    if case.dyads_file is None:
        return None
    dyads = load_dyads(case.dyads_file, case.units)
    last = min(as_of, max(dyads["month"], default=as_of))
    first = month_label(month_number(last) - MONTHS + 1)
    known = dyads[dyads["month"] <= last]
    return Crossings(deaths_by_origin(known, first, last, outcome=outcome), first, last)
