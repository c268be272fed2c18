"""Memory is estimated before work: what cannot fit is refused with the estimate and with what to lower."""

from dataclasses import dataclass

from ..core.errors import InputError
from ..core.files import in_words
from ..core.memory import available_bytes, taken_bytes
from ..core.names import OUTCOMES

KEPT = 5
"""Bytes of a future, series and month that stay when the next scenario is simulated."""


@dataclass(frozen=True)
class Cost:
    """What one kind of work takes at its peak, in bytes; measured, see `COSTS`.

    Attributes
    ----------
    fixed : int
        The program with its libraries, record, register and fit.
    future : int
        A future and series: its parameters, and its state while it is simulated.
    value : int
        A future, series and month: its deaths, and what is made of them.
    pair : int
        Two futures, which some scores hold against one another.
    """

    fixed: int = 345_000_000
    future: int = 71
    value: int = 4
    pair: int = 0

    def peak(self, draws: int, months: int, series: int, scenarios: int = 1) -> int:
        """Return the estimated peak in bytes; series are units x outcomes."""
        value = self.value + KEPT * (scenarios - 1)
        return self.fixed + draws * series * (self.future + months * value) + self.pair * draws**2


COSTS = {
    "forecast": Cost(),
    "compare": Cost(value=9),
    "explain": Cost(fixed=443_000_000, value=58),
    "brief": Cost(fixed=738_000_000, value=26),
    "backtest": Cost(value=62, pair=272),
}
"""Fitted to the largest resident memory of runs: forecasts of 50 to 40,000 draws and 3 to 60 months, two and three
scenarios compared, explanations, briefs (of three scenarios, the first time, when who flees is learnt) and backtests;
`tests/test_memory.py` lists them. The estimates lie within 7 % of what was measured."""


def check_memory(kind: str, draws: int, months: int, *, units: int, scenarios: int = 1, workers: int = 1) -> None:
    """Refuse work that the machine, or the container it runs in, has no memory for.

    Parameters
    ----------
    kind : str
        One of `COSTS`.
    draws, months : int
    units : int
        Units of the record.
    scenarios : int
        How many are kept side by side.
    workers : int
        Processes of this machine that do such work at once.

    Raises
    ------
    InputError
        With the estimate, what is available, and the number of draws that would fit.
    """
    cost, series = COSTS[kind], units * len(OUTCOMES)
    needed, room = workers * cost.peak(draws, months, series, scenarios), available_bytes() + taken_bytes()
    if needed <= room:
        return
    fitting = draws
    while fitting and workers * cost.peak(fitting, months, series, scenarios) > room:
        fitting = fitting * 9 // 10
    size = f"{draws:,} futures of {months} months in {series} series"
    counted = f"{scenarios} scenarios of {size}" if scenarios > 1 else size
    counted = f"{workers} workers with {counted} each" if workers > 1 else counted
    advice = f"Ask for {_rounded(fitting):,} draws or fewer, or for fewer months" if fitting else "Free some of it"
    raise InputError(
        f"{counted} need about {in_words(needed)} of memory, and {in_words(room)} are available. {advice} (--draws, "
        "--months)."
    )


def _rounded(count: int) -> int:
    """Return a count rounded down to one figure."""
    unit = 10 ** (len(str(count)) - 1)
    return count // unit * unit
