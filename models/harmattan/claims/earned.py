"""What each source earned by a month: on how many settled facts it came nearer to what happened than chance."""

from collections import defaultdict

from ..case.settling import record_with_parts, yearly_series
from .register import Register
from .trust import Earned
from .verdicts import WORTH, fact_behind, resolve


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
    last = case.month(as_of, case.panel)
    panel, yearly = record_with_parts(case, case.record(case.panel, as_of=last)), yearly_series(case, last)
    reference, gains = register.lexicons.reference.mean, defaultdict(list)
    for claim in register.claims.values():
        reading, fact = register.readings[claim.id], fact_behind(claim)
        if reading is None or not fact or fact in case.own_schedule:
            continue
        verdict = resolve(claim, panel, exit_month, case.events, yearly=yearly).status
        if verdict in WORTH:
            came = WORTH[verdict]
            gains[claim.source, fact].append((reference - came) ** 2 - (reading.beta.mean - came) ** 2)
    better: dict[str, list[float]] = defaultdict(list)
    for (source, _), found in gains.items():
        mean = sum(found) / len(found)
        better[source].append(1.0 if mean > 0 else 0.0 if mean < 0 else 0.5)
    return {source: Earned(len(each), sum(each)) for source, each in better.items()}
