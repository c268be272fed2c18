"""What each source earned in the ledger by a month: on how many facts it came nearer to what happened than chance."""

import numpy as np

from ..claims.register import Register
from ..claims.trust import Earned
from .ledger import WORTH
from .scorecard import ledger_table


def earned_by(register: Register, as_of: str, exit_month: str) -> dict[str, Earned]:
    """Return what sources earned in claims that were settled by the end of a month.

    Parameters
    ----------
    register : Register
    as_of : str
        `YYYY-MM` or `latest`; nothing later is used.
    exit_month : str
        Month 0 of the claims' windows.

    Returns
    -------
    dict of source to Earned
        Sources of which no claim was settled are left out.
    """
    case = register.case
    table = ledger_table(register, case.record(case.panel, as_of=case.month(as_of, case.panel)), exit_month)
    reference = register.lexicons.reference.mean
    settled = table[table["verdict"].isin(list(WORTH)) & table["stated"].notna()]
    settled = settled[~settled["fact"].isin(list(case.own_schedule))]
    came = settled["verdict"].map(WORTH).astype(float)
    gain = (reference - came) ** 2 - (settled["stated"] - came) ** 2
    by_fact = gain.groupby([settled["source"], settled["fact"]]).mean()
    found = {}
    for source, gains in by_fact.groupby(level=0):
        better = np.where(gains > 0, 1.0, np.where(gains < 0, 0.0, 0.5))
        found[str(source)] = Earned(len(gains), float(better.sum()))
    return found
