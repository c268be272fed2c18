"""How often what a driver's prior speaks of came about in the past, beside the prior, where anything known tells that.

Two things can tell: a share of comparable cases among the evidence that the driver takes, and the rules of the claims
for a branch, asked of past years as the ledger asks them. Neither is the driver itself: the first is of other places,
the second of what claims expect to be seen of it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from ..case.settling import record_with_parts, yearly_series
from ..claims.derivation import driver_priors
from ..claims.register import Register
from ..claims.verdicts import fact_behind
from ..core.language import phrase
from ..core.months import month_number
from ..core.terminal import at_terminal
from ..schema.driver import Driver
from ..schema.evidence import DirectionEvidence, ProbabilityEvidence
from .scorecard import past_share

EVIDENCE, CLAIMS, NONE = "evidence", "claims", "none"


@dataclass(frozen=True)
class BaseRate:
    """One way of a driver: its prior probability and what is known of the past.

    Attributes
    ----------
    driver, branch : str
    prior : float
        Probability by claims and stated priors, before arrows and dated events.
    base_rate : float or None
        Between 0 and 1; None where none is known.
    of : str
        `evidence` (mean share of comparable cases), `claims` (share of past months or years in which what its claims
        expect came true, mean over what they hang on) or `none`.
    rests_on : tuple of str
        Ids of the evidence, or of the claims.
    facts : int
        How many different things the claims hang on.
    see : tuple of str
        Evidence that the driver takes for this way by name and that tells of it without a number of ours.
    """

    driver: str
    branch: str
    prior: float
    base_rate: float | None
    of: str
    rests_on: tuple[str, ...]
    facts: int = 0
    see: tuple[str, ...] = ()

    def as_words(self) -> str:
        """Return the base rate in a few words."""
        share = "" if self.base_rate is None else at_terminal(self.base_rate, 2)
        told = phrase(f"base_rates.{self.of}", share=share, names=", ".join(self.rests_on), count=self.facts)
        return told + (phrase("base_rates.see", names=", ".join(self.see)) if self.see else "")


def base_rates(register: Register, exit_month: str, as_of: str, drivers: Collection[str]) -> tuple[BaseRate, ...]:
    """Return the base rate of every way of some drivers, in their order.

    Parameters
    ----------
    register : Register
    exit_month, as_of : str
        Rules are asked from months whose windows were over by the earlier of the two, and by the end of the record.
    drivers : collection of str
    """
    priors = driver_priors(register)["weight"]
    rates = _of_claims(register, min(exit_month, as_of, key=month_number), drivers)
    found = []
    for name in drivers:
        driver = register.drivers[name]
        weights = priors.sel(driver=name).values
        for branch, weight in zip(driver.branch_ids, weights, strict=False):
            found.append(_one(register, driver, branch, float(weight), rates))
    return tuple(found)


def _one(register: Register, driver: Driver, branch: str, prior: float, rates: dict[str, float]) -> BaseRate:
    uses = [use.id for use in driver.evidence if driver.speaks_of(use) == branch]
    named = [use.id for use in driver.evidence if use.branch == branch]
    see = tuple(id for id in named if isinstance(register.evidence[id], DirectionEvidence))
    shares = {id: item.estimate for id in uses if isinstance(item := register.evidence[id], ProbabilityEvidence)}
    if shares:
        mean = float(np.mean(list(shares.values())))
        return BaseRate(driver.id, branch, prior, mean, EVIDENCE, tuple(shares), see=see)
    known = [key for key in register.heard[driver.id].on(branch, "for") if key in rates]
    if known:
        facts: dict[str, list[float]] = {}
        for key in known:
            facts.setdefault(fact_behind(register.claims[key]), []).append(rates[key])
        mean = float(np.mean([np.mean(one) for one in facts.values()]))
        return BaseRate(driver.id, branch, prior, mean, CLAIMS, tuple(known), len(facts), see)
    return BaseRate(driver.id, branch, prior, None, NONE, (), see=see)


def _of_claims(register: Register, until: str, drivers: Collection[str]) -> dict[str, float]:
    """Return how often the rule of each claim for a branch held in the past, of those whose rules can be asked."""
    keys = dict.fromkeys(_for_a_branch(register, drivers))
    if not keys:
        return {}
    case = register.case
    record = case.record()
    until = min(until, str(record["month"].values[-1]), key=month_number)
    record = record.sel(month=slice(None, until))
    if not record.sizes["month"]:
        return {}
    panel, yearly = record_with_parts(case, record), yearly_series(case, until)
    rates = {key: past_share(register.claims[key], panel, until, yearly) for key in keys}
    return {key: rate for key, rate in rates.items() if not np.isnan(rate)}


def _for_a_branch(register: Register, drivers: Collection[str]) -> Iterator[str]:
    for name in drivers:
        for branch in register.drivers[name].branch_ids:
            yield from register.heard[name].on(branch, "for")
