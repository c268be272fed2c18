"""What documents together say of the whole effect of the exit, and which share of it each way of a driver has.

Claims on drivers that hinge on the exit are read as statements of one whole. Were every mechanism to bring an effect of
its own, the whole would be their number times the size of one: split each driver in two, and the exit would kill twice
as many. So

1. each claim for a branch has a weight: groups of sources alike, propositions of a group alike, claims of a proposition
   alike, and a claim that speaks for several branches divides its weight among them. One that says no more than when
   the mission leaves has none;
2. the size of the whole is pooled over the claims that state one, weighed among themselves in the same way, times
   reliability; a claim that states none supports and does not lower it. Where no claim states a size, all have one in
   common (`whole.unstated`);
3. a branch's share is the sum of weight times size of its claims (its own where one is stated), divided by the sum over
   branches of the direction that has more: if all of them came about and mattered, the whole would have its full size;
4. what happens may still change nothing: P(matters | happens) is `whole.matters`, worth `MATTERS_WORTH` groups of
   sources, and each group with a claim for the branch that speaks of violence itself is a case more.

Branches without a claim whose driver states a prior count as the propositions of one more group, the case's own; the
ratio stated there is read as the size of the whole.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..schema.driver import Branch
from ..schema.vocabulary import SCHEDULE, VIOLENCE
from .lexicon import effect_of, normal_of_ratio
from .mixtures import Normal, pooled_normal
from .register import Register

MATTERS_WORTH = 2.0
"""Groups of sources that the prior of P(matters | happens) is worth."""

OWN_GROUP = "(case)"
"""Group of what drivers state themselves where no claim has a vote."""

UNSTATED = "unstated"

Way = tuple[str, str]
"""Driver and branch."""


@dataclass(frozen=True)
class Share:
    """What one branch has of the whole.

    Attributes
    ----------
    share : float
        Of the whole's size; the shares of the direction that has more weight add up to one.
    matters : float
        Probability that it changes deaths if it happens.
    size : Normal
        Log rate ratio of the whole, before the branch's sign.
    """

    share: float
    matters: float
    size: Normal

    def effect(self, sign: int) -> Normal:
        """Return the log rate ratio of the whole if only this is done, matters or not, as one normal."""
        square = self.matters * (self.size.mean**2 + self.size.sd**2)
        mean = self.matters * self.size.mean
        return Normal(sign * mean, math.sqrt(square - mean**2))


@dataclass(frozen=True)
class _Voice:
    """One claim for a branch, or what its driver states of it."""

    way: Way
    group: str
    proposition: str
    name: str
    trust: float
    size: Normal | None
    of_violence: bool


@dataclass(frozen=True)
class Whole:
    """What some documents say of the whole.

    Attributes
    ----------
    size : Normal
        Log rate ratio of the whole if all that is claimed came about and mattered.
    shares : mapping of (driver, branch) to Share
        Of branches of drivers that hinge on the exit and for which anything speaks.
    """

    size: Normal
    shares: Mapping[Way, Share]

    def of(self, driver: str, branch: str) -> Share | None:
        """Return the share of a branch; None where nothing speaks for it."""
        return self.shares.get((driver, branch))

    @cached_property
    def of_drivers(self) -> dict[str, float]:
        """Return the largest share of each driver, which its "no effect" is measured by."""
        found: dict[str, float] = defaultdict(float)
        for (driver, _), share in self.shares.items():
            found[driver] = max(found[driver], share.share)
        return dict(found)


def documents_whole(
    register: Register, without_claims: frozenset[str] = frozenset(), without_sources: frozenset[str] = frozenset()
) -> Whole:
    """Return what the documents of a register say of the whole effect of the exit.

    Parameters
    ----------
    register : Register
    without_claims, without_sources : frozenset of str
        Left out as if they had never been read.
    """
    voices = list(_voices(register, without_claims, without_sources))
    weights = _weights(voices)
    told = register.lexicons.whole
    size = _size(voices, effect_of_interval(told.unstated.low, told.unstated.high))
    by_way: dict[Way, list[int]] = defaultdict(list)
    for number, voice in enumerate(voices):
        by_way[voice.way].append(number)
    raw = {}
    for way, numbers in by_way.items():
        raw[way] = sum(weights[i] for i in numbers) * _size([voices[i] for i in numbers], size).mean
    signs = {way: _branch(register, way).sign for way in raw}
    most = max((sum(raw[way] for way in raw if signs[way] == sign) for sign in (1, -1)), default=0.0)
    shares = {
        way: Share(raw[way] / most, _matters([voices[i] for i in by_way[way]], told.matters), size)
        for way in raw
        if most > 0
    }
    return Whole(size, shares)


def effect_of_interval(low: float, high: float) -> Normal:
    """Return the log rate ratio of which these are the ends of the 80 % interval."""
    return normal_of_ratio((low, high), 1)


def _branch(register: Register, way: Way) -> Branch:
    return next(branch for branch in register.drivers[way[0]].branches if branch.id == way[1])


def _voices(register: Register, without_claims: frozenset[str], without_sources: frozenset[str]) -> Iterator[_Voice]:
    lexicons = register.lexicons
    for key, driver in register.drivers.items():
        for branch in driver.branches if driver.hinges_on_exit else ():
            way, spoken = (key, branch.id), False
            for name in register.heard[key].on(branch.id, "for"):
                claim = register.claims[name]
                if name not in without_claims and claim.source not in without_sources:
                    spoken = True
                    if claim.outcome in SCHEDULE:
                        continue
                    source, size = register.sources[claim.source], register.sizes[name]
                    trust = register.trust(claim)
                    stated = None if size == UNSTATED else effect_of(size, lexicons.magnitudes)
                    violent = claim.outcome in VIOLENCE
                    yield _Voice(way, source.group, claim.proposition, name, trust, stated, violent)
            if not spoken and branch.id in driver.prior:
                stated_prior = normal_of_ratio(driver.prior[branch.id].ratio, branch.sign)
                effect = stated_prior if branch.sign > 0 else stated_prior.mirrored()
                yield _Voice(way, OWN_GROUP, f"{key}/{branch.id}", f"{key}/{branch.id}", 1.0, effect, False)


def _weights(voices: list[_Voice]) -> list[float]:
    """Return the weight of each voice; all together they weigh one."""
    groups: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for voice in voices:
        groups[voice.group][voice.proposition][voice.name] += 1
    return [
        1.0
        / len(groups)
        / len(groups[voice.group])
        / len(groups[voice.group][voice.proposition])
        / groups[voice.group][voice.proposition][voice.name]
        for voice in voices
    ]


def _size(voices: list[_Voice], otherwise: Normal) -> Normal:
    """Return the size pooled over the voices that state one."""
    told = [voice for voice in voices if voice.size is not None]
    weights = [weight * voice.trust for weight, voice in zip(_weights(told), told, strict=True)]
    if sum(weights) <= 0:
        return otherwise
    return pooled_normal(weights, [voice.size for voice in told if voice.size is not None])


def _matters(voices: list[_Voice], before: float) -> float:
    if all(voice.group == OWN_GROUP for voice in voices):
        return 1.0  # whoever states a ratio has thought of that
    groups = len({voice.group for voice in voices if voice.of_violence})
    return (MATTERS_WORTH * before + groups) / (MATTERS_WORTH + groups)
