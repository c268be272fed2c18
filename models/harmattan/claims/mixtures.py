"""Betas, normals and their mixtures: the small algebra behind every prior. No sampling, no optimiser.

Probabilities of branches are mixtures of Betas (claims disagree, and a linear pool keeps the disagreement); effects are
mixtures of normals on the log rate ratio.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Beta:
    """Beta distribution of a probability."""

    a: float
    b: float

    @classmethod
    def from_mean(cls, mean: float, concentration: float) -> "Beta":
        """Return the Beta with this mean and a + b = `concentration`."""
        return cls(mean * concentration, (1.0 - mean) * concentration)

    @property
    def mean(self) -> float:
        """Mean, in (0, 1)."""
        return self.a / (self.a + self.b)

    @property
    def variance(self) -> float:
        """Variance."""
        total = self.a + self.b
        return self.a * self.b / (total**2 * (total + 1.0))

    def mirrored(self) -> "Beta":
        """Return the distribution of one minus the probability."""
        return Beta(self.b, self.a)

    def cdf(self, x: float) -> float:
        """Return the probability of a value up to `x`."""
        from scipy.special import betainc

        return float(betainc(self.a, self.b, x))

    def quantile(self, level: float) -> float:
        """Return the quantile at `level` in (0, 1)."""
        from scipy.special import betaincinv

        return float(betaincinv(self.a, self.b, level))


@dataclass(frozen=True)
class BetaMixture:
    """Weighted Betas; weights add up to one."""

    weights: tuple[float, ...]
    parts: tuple[Beta, ...]

    @classmethod
    def of(cls, part: Beta) -> "BetaMixture":
        """Return the mixture with a single part."""
        return cls((1.0,), (part,))

    @property
    def mean(self) -> float:
        """Mean, in (0, 1)."""
        return sum(w * part.mean for w, part in zip(self.weights, self.parts, strict=True))

    @property
    def variance(self) -> float:
        """Variance within the parts plus variance between them."""
        square = sum(w * (part.variance + part.mean**2) for w, part in zip(self.weights, self.parts, strict=True))
        return square - self.mean**2

    def quantile(self, level: float) -> float:
        """Return the quantile at `level` by bisection to 1e-9."""
        low, high = 0.0, 1.0
        while high - low > 1e-9:
            middle = (low + high) / 2.0
            below = sum(w * part.cdf(middle) for w, part in zip(self.weights, self.parts, strict=True))
            low, high = (middle, high) if below < level else (low, middle)
        return (low + high) / 2.0

    def moment_matched(self) -> Beta:
        """Return the Beta with the same mean and variance."""
        mean = self.mean
        return Beta.from_mean(mean, mean * (1.0 - mean) / self.variance - 1.0)


def linear_pool(weights: Sequence[float], mixtures: Sequence[BetaMixture]) -> BetaMixture:
    """Return the weighted average of mixtures: all parts, each with its mixture's weight times its own."""
    return BetaMixture(
        tuple(w * inner for w, mixture in zip(weights, mixtures, strict=True) for inner in mixture.weights),
        tuple(part for mixture in mixtures for part in mixture.parts),
    )


def with_counts(prior: Beta, share: float, count: float) -> Beta:
    """Return `prior` after seeing `count` further cases of which `share` happened."""
    return Beta(prior.a + share * count, prior.b + (1.0 - share) * count)


def exclusive_weights(probabilities: Iterable[float]) -> tuple[float, ...]:
    """Return weights of branches of which at most one can hold, from their separate probabilities.

    Each branch is first taken as independent; conditioning on at most one holding gives
    ``odds / (1 + sum of odds)``. What is left belongs to no branch.
    """
    odds = [p / (1.0 - p) for p in probabilities]
    return tuple(o / (1.0 + sum(odds)) for o in odds)


@dataclass(frozen=True)
class Normal:
    """Normal distribution of a log rate ratio."""

    mean: float
    sd: float

    def mirrored(self) -> "Normal":
        """Return the distribution of the opposite effect."""
        return Normal(-self.mean, self.sd)

    def given(self, estimate: float, se: float) -> "Normal":
        """Return this belief after seeing an estimate with standard error `se`."""
        precision = 1.0 / self.sd**2 + 1.0 / se**2
        return Normal((self.mean / self.sd**2 + estimate / se**2) / precision, math.sqrt(1.0 / precision))

    def marginal(self, estimate: float, se: float) -> float:
        """Return the density of the estimate under this belief."""
        spread = math.hypot(self.sd, se)
        return math.exp(-0.5 * ((estimate - self.mean) / spread) ** 2) / (spread * math.sqrt(2.0 * math.pi))


def pooled_normal(weights: Sequence[float], normals: Sequence[Normal]) -> Normal:
    """Return the normal with mean and variance of the weighted mixture; weights need not add up to one."""
    total = sum(weights)
    mean = sum(w * n.mean for w, n in zip(weights, normals, strict=True)) / total
    square = sum(w * (n.sd**2 + n.mean**2) for w, n in zip(weights, normals, strict=True)) / total
    return Normal(mean, math.sqrt(square - mean**2))
