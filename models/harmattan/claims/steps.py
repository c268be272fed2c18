"""The steps of a derivation, kept with their numbers so that they can be shown and checked."""

from dataclasses import dataclass

from ..schema.driver import StatedPrior
from .lexicon import Reading
from .mixtures import Beta, BetaMixture, Normal
from .whole import Whole

NO_EFFECT = "no_effect"


@dataclass(frozen=True)
class ClaimRow:
    """One claim's vote on a branch.

    Attributes
    ----------
    side : str
        ``for`` or ``against`` the branch; `belief` is about the branch, so already mirrored when against.
    trust : float
        Reliability weight w of the claim.
    belief : BetaMixture
        Distribution of the branch's probability by this claim, mixed with the reference prior.
    weight : float
        Weight in the pool; weights of a branch add up to one.
    size : str
        Magnitude class.
    effect : Normal or None
        Log rate ratio of that class before the branch's sign; None for claims against.
    """

    claim: str
    side: str
    proposition: str
    source: str
    group: str
    reading: Reading
    grade: str
    trust: float
    belief: BetaMixture
    weight: float
    size: str
    effect: Normal | None


@dataclass(frozen=True)
class GroupRow:
    """What one group of sources that are not independent says of a branch."""

    group: str
    claims: int
    propositions: int
    weight: float
    mean: float


@dataclass(frozen=True)
class ProbabilityStep:
    """Discounted cases added to a branch's probability."""

    evidence: str
    share: float
    count: float
    before: Beta
    after: Beta


@dataclass(frozen=True)
class BranchDerivation:
    """How the probability and the size of one branch come about; `pooled` is None when nobody asserts it.

    `supposed` is the prior that the driver states, where it is used because no claim has a vote.
    """

    branch: str
    direction: str
    rows: tuple[ClaimRow, ...]
    groups: tuple[GroupRow, ...]
    pooled: BetaMixture | None
    probability_steps: tuple[ProbabilityStep, ...]
    probability: float
    effect: Normal
    supposed: StatedPrior | None = None

    @property
    def effective_sources(self) -> int:
        """Number of groups of sources that speak on the branch."""
        return len(self.groups)

    def quantiles(self, levels: tuple[float, ...] = (0.05, 0.5, 0.95)) -> tuple[float, ...]:
        """Return quantiles of the branch's probability, after evidence."""
        if self.probability_steps:
            return tuple(self.probability_steps[-1].after.quantile(level) for level in levels)
        return tuple(self.pooled.quantile(level) for level in levels) if self.pooled else tuple(0.0 for _ in levels)


@dataclass(frozen=True)
class Component:
    """One part of a driver's prior: weight, and mean and sd of the log rate ratio at the peak."""

    branch: str
    weight: float
    mean: float
    sd: float


@dataclass(frozen=True)
class EffectStep:
    """The mixture before and after one published log rate ratio."""

    evidence: str
    estimate: float
    se: float
    before: tuple[Component, ...]
    after: tuple[Component, ...]


@dataclass(frozen=True)
class Sharing:
    """How what a driver would do as the whole becomes its part of it.

    Attributes
    ----------
    whole : Whole
    worth : float
        Of what documents say, against exits elsewhere.
    no_effect_sd : float
        Sd of the log rate ratio of the whole where nothing of what was claimed happens.
    """

    whole: Whole
    worth: float
    no_effect_sd: float

    def scale(self, driver: str, branch: str) -> float:
        """Return by what the log rate ratio of a branch, or of no effect, is multiplied."""
        if branch == NO_EFFECT:
            return self.worth * self.whole.of_drivers.get(driver, 0.0)
        share = self.whole.of(driver, branch)
        return self.worth * (0.0 if share is None else share.share)

    def part_of(self, component: Component, driver: str) -> Component:
        """Return a component as a part of the whole; none is known more closely than that nothing happens."""
        scale, least = self.scale(driver, component.branch), self.scale(driver, NO_EFFECT) * self.no_effect_sd
        sd = max(scale * component.sd, least, LEAST_SD)
        return Component(component.branch, component.weight, scale * component.mean, sd)


LEAST_SD = 1e-4
"""Of the log rate ratio of a part of the whole: one without a share has no effect, and still a density."""


@dataclass(frozen=True)
class DriverDerivation:
    """A driver's prior and all that leads to it.

    `stated` is the mixture by claims, `components` after evidence; of a driver that hinges on the exit, as its part
    of the whole (`sharing`).
    """

    driver: str
    branches: tuple[BranchDerivation, ...]
    stated: tuple[Component, ...]
    effect_steps: tuple[EffectStep, ...]
    components: tuple[Component, ...]
    sharing: Sharing | None = None

    @property
    def expected_log_effect(self) -> float:
        """Mean log rate ratio at the peak, over all components."""
        return sum(c.weight * c.mean for c in self.components)
