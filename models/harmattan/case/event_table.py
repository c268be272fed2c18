"""Dated events of a case as a table: what happened when, on whose word, and what it says of drivers."""

from typing import TYPE_CHECKING

from ..core.arguments import checked
from ..core.language import in_this_language
from ..core.months import months_between
from .opening import Case, open_case

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("event", "date", "what", "checked", "source", "driver", "branch", "odds_ratio", "settles", "why")


@checked
def events(as_of: str | None = None) -> "pd.DataFrame":
    """Return the dated events of the case, by time, with what each says of drivers.

    Parameters
    ----------
    as_of : str, optional
        `YYYY-MM`, or `latest`, the last month of the record: nothing later is there. All by default.

    Returns
    -------
    pandas.DataFrame
        Columns ``event``, ``date``, ``what`` (in the language in use), ``checked`` (`table` or `record`), ``source``,
        ``driver``, ``branch``, ``odds_ratio`` (of the branch; NaN where nothing is said or it is settled),
        ``settles``, ``why``. One row for each driver that an event speaks of, one without a driver where it speaks of
        none.

    Raises
    ------
    InputError
        If `seeds/events.yaml` is wrong.
    """
    case = open_case()
    return events_table(case, None if as_of is None else case.month(as_of))


def events_table(case: Case, as_of: str | None = None) -> "pd.DataFrame":
    """Return `events` of a case."""
    import pandas as pd

    rows = []
    for event in sorted(case.dated.values(), key=lambda one: one.date):
        if as_of is not None and months_between(event.date[:7], as_of) < 0:
            continue
        told = {"event": event.id, "date": event.date, "what": in_this_language(event.what)}
        told |= {"checked": event.checked, "source": event.source}
        said = [{**one.model_dump(), "settles": one.odds_ratio is None} for one in event.says]
        rows += [told | one for one in said or [{"settles": False}]]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"odds_ratio": float})
