"""From claims and evidence to a driver's prior, with every step kept.

1. Words to a Beta (hedge lexicon); a claim against a branch counts as its mirror image.
2. Reliability: ``w * Beta + (1 - w) * reference``.
3. Linear pool with equal weights in three steps: claims of one proposition within a source group, propositions of the
   group, groups. The number of groups is the effective number of sources.
4. Evidence of kind probability: the pool is matched by one Beta, to which discounted counts are added.
5. Branches of a driver exclude one another: weight = odds / (1 + sum of odds); the rest is "no effect".
6. Size: a normal on the log rate ratio for each claim for the branch, pooled with the weights of step 3, with the sign
   of the branch's direction.
   A branch on which no claim has a vote has the probability and the size that its driver states (`prior`), if any.
7. Evidence of kind log_rate_ratio multiplies the mixture by ``Normal(estimate | effect, se * transport)``: exact.

A driver that hinges on the exit has no size of its own: in step 6 its branches have the size of the whole effect of the
exit (`whole.py`), mattering or not, and after step 7 effects are multiplied by the branch's share of the whole and by
what the documents are worth against exits elsewhere (`worth.py`).
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..core.errors import InputError
from ..core.names import HORIZONS, OUTCOMES
from ..schema.driver import Branch, Driver, StatedPrior
from ..schema.evidence import LogRateRatioEvidence, ProbabilityEvidence
from ..schema.naming import id_of
from ..schema.validation import suggestion
from .lexicon import believed, effect_of, grade_of, normal_of_ratio
from .mixtures import Beta, BetaMixture, Normal, exclusive_weights, linear_pool, pooled_normal, with_counts
from .outlook import CELLS, outlook
from .register import Register
from .steps import (
    NO_EFFECT,
    BranchDerivation,
    ClaimRow,
    Component,
    DriverDerivation,
    EffectStep,
    GroupRow,
    ProbabilityStep,
    Sharing,
)
from .whole import Whole, documents_whole

if TYPE_CHECKING:
    import xarray as xr


def derive_driver(
    register: Register,
    driver_id: str,
    *,
    without_claims: frozenset[str] = frozenset(),
    without_sources: frozenset[str] = frozenset(),
    whole: Whole | None = None,
) -> DriverDerivation:
    """Return the prior of one driver with every step that leads to it.

    Parameters
    ----------
    register : Register
        Loaded register.
    driver_id : str
        Driver to derive.
    without_claims, without_sources : frozenset of str
        Claims and sources to leave out, as if they had never been read. A branch that nobody asserts any more gets
        weight zero.
    whole : Whole, optional
        What the same documents say of the whole effect of the exit, where it was worked out before.

    Raises
    ------
    InputError
        If the driver, a claim or a source does not exist.
    """
    driver_id = id_of(driver_id, {key: driver.title for key, driver in register.drivers.items()})
    _check_known("driver", {driver_id}, register.drivers)
    _check_known("claim", without_claims, register.claims)
    _check_known("source", without_sources, register.sources)
    driver = register.drivers[driver_id]
    if not driver.hinges_on_exit:
        whole = None
    elif whole is None:
        whole = documents_whole(register, without_claims, without_sources)
    branches = [_derive_branch(register, driver, b, whole, without_claims, without_sources) for b in driver.branches]
    weights = exclusive_weights(branch.probability for branch in branches)
    components = [
        Component(branch.branch, weight, branch.effect.mean, branch.effect.sd)
        for branch, weight in zip(branches, weights, strict=True)
    ]
    null = register.lexicons.null_effect
    if driver.hinges_on_exit:
        null = Normal(0.0, register.lexicons.whole.no_effect_sd)
    components.append(Component(NO_EFFECT, 1.0 - sum(weights), null.mean, null.sd))
    before, steps = tuple(components), []
    for key in driver.evidence_ids:
        item = register.evidence[key]
        if isinstance(item, LogRateRatioEvidence):
            after = after_estimate(before, item.estimate, item.se * item.transport)
            steps.append(EffectStep(key, item.estimate, item.se * item.transport, before, after))
            before = after
    if whole is None:
        return DriverDerivation(driver_id, tuple(branches), tuple(components), tuple(steps), before)
    sharing = Sharing(whole, outlook(register, whole).worth, null.sd)
    shared = tuple(sharing.part_of(component, driver_id) for component in before)
    return DriverDerivation(driver_id, tuple(branches), tuple(components), tuple(steps), shared, sharing)


def after_estimate(components: tuple[Component, ...], estimate: float, se: float) -> tuple[Component, ...]:
    """Return a mixture of normals after seeing an estimate of its value with standard error `se`."""
    normals = [Normal(c.mean, c.sd) for c in components]
    joint = [c.weight * n.marginal(estimate, se) for c, n in zip(components, normals, strict=True)]
    updated = [n.given(estimate, se) for n in normals]
    return tuple(
        Component(c.branch, j / sum(joint), n.mean, n.sd) for c, j, n in zip(components, joint, updated, strict=True)
    )


def driver_priors(
    register: Register,
    *,
    without_claims: frozenset[str] = frozenset(),
    without_sources: frozenset[str] = frozenset(),
) -> "xr.Dataset":
    """Return the priors of all drivers.

    Returns
    -------
    xarray.Dataset
        Dims ``driver`` (order of drivers.yaml) and ``component`` (``branch_1``, ``branch_2``, ..., ``no_effect``).
        Variables: ``weight`` (adds up to one over components), ``mean`` and ``sd`` (log rate ratio at the peak, where
        shares by outcome and country are one) and ``branch`` (its id, ``no_effect``, or empty where a driver has fewer
        branches; those have weight 0, mean 0 and the null sd). Beside them `rest_mean` (outcome, horizon) and
        `rest_factor` (outcome, horizon, factor): mean of what of the whole effect of the exit belongs to no driver, log
        rate ratio at home, and what independent standard normal factors do to it.
    """
    import numpy as np
    import xarray as xr

    whole = documents_whole(register, without_claims, without_sources)
    derived = [
        derive_driver(register, key, without_claims=without_claims, without_sources=without_sources, whole=whole)
        for key in register.drivers
    ]
    most = max((len(d.branches) for d in derived), default=0)
    names = [f"branch_{i + 1}" for i in range(most)] + [NO_EFFECT]
    shape = (len(derived), len(names))
    weight, mean, sd = np.zeros(shape), np.zeros(shape), np.full(shape, register.lexicons.null_effect.sd)
    branch = np.full(shape, "", dtype=object)
    for row, derivation in enumerate(derived):
        for index, component in enumerate(derivation.components):
            column = most if component.branch == NO_EFFECT else index
            weight[row, column], mean[row, column] = component.weight, component.mean
            sd[row, column], branch[row, column] = component.sd, component.branch
    dims, rest = ("driver", "component"), outlook(register, whole)
    cells = ("outcome", "horizon")
    return xr.Dataset(
        {"weight": (dims, weight), "mean": (dims, mean), "sd": (dims, sd), "branch": (dims, branch.astype(str))}
        | {"rest_mean": (cells, rest.rest_mean)}
        | {"rest_factor": ((*cells, "factor"), rest.rest_factor.reshape(*CELLS, -1))},
        coords={"driver": list(register.drivers), "component": names}
        | {"outcome": list(OUTCOMES), "horizon": list(HORIZONS)},
    )


def pool_weights(keys: list[tuple[str, str]]) -> list[float]:
    """Return pool weights of claims from their (group, proposition): equal at each of the three steps.

    Parameters
    ----------
    keys : list of (group, proposition)
        One pair per claim.
    """
    groups: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for group, proposition in keys:
        groups[group][proposition] += 1
    return [1.0 / (len(groups) * len(groups[g]) * groups[g][p]) for g, p in keys]


def _check_known(what: str, asked: set[str] | frozenset[str], known: Mapping[str, object]) -> None:
    for key in sorted(asked - set(known)):
        raise InputError(f"There is no {what} {key!r}.{suggestion(key, known)}")


def _derive_branch(
    register: Register,
    driver: Driver,
    branch: Branch,
    whole: Whole | None,
    without_claims: frozenset[str],
    without_sources: frozenset[str],
) -> BranchDerivation:
    kept = [
        (key, side)
        for key, side in register.heard[driver.id].voices(branch.id)
        if key not in without_claims and register.claims[key].source not in without_sources
    ]
    null = register.lexicons.null_effect
    stated = driver.prior.get(branch.id)
    if stated is None and not any(side == "for" for _, side in kept):
        return BranchDerivation(branch.id, branch.direction, (), (), None, (), 0.0, null)
    rows = _claim_rows(register, kept)
    beliefs = [row.belief for row in rows]
    pooled = linear_pool([row.weight for row in rows], beliefs) if rows else _supposed(driver, branch.id)
    steps, probability = [], pooled.mean
    matched: Beta | None = None
    for use in driver.evidence:
        item = register.evidence[use.id]
        if isinstance(item, ProbabilityEvidence) and driver.speaks_of(use) == branch.id:
            before = matched or pooled.moment_matched()
            count = item.transport * item.estimate * (1.0 - item.estimate) / item.se**2
            matched = with_counts(before, item.estimate, count)
            steps.append(ProbabilityStep(use.id, item.estimate, count, before, matched))
            probability = matched.mean
    return BranchDerivation(
        branch.id,
        branch.direction,
        rows,
        _group_rows(rows),
        pooled,
        tuple(steps),
        probability,
        _effect(branch, rows, stated) if whole is None else _effect_of_whole(whole, driver, branch),
        None if rows else stated,
    )


def _supposed(driver: Driver, branch: str) -> BetaMixture:
    """Return the stated probability of a branch, given that the driver goes none of its other stated ways.

    Weights of branches that exclude one another then come out as stated.
    """
    stated = driver.prior[branch]
    others = sum(prior.probability for name, prior in driver.prior.items() if name != branch)
    return BetaMixture.of(Beta.from_mean(stated.probability / (1.0 - others), stated.worth))


def _effect(branch: Branch, rows: tuple[ClaimRow, ...], stated: StatedPrior | None) -> Normal:
    """Return the log rate ratio of a branch by the claims for it; as stated where there are none."""
    told = [row for row in rows if row.effect is not None]
    if stated is not None and not told:
        return normal_of_ratio(stated.ratio, branch.sign)
    effect = pooled_normal([row.weight for row in told], [row.effect for row in told if row.effect is not None])
    return effect.mirrored() if branch.sign < 0 else effect


def _effect_of_whole(whole: Whole, driver: Driver, branch: Branch) -> Normal:
    """Return the log rate ratio of the whole, as it were if the branch were all of it."""
    share = whole.of(driver.id, branch.id)
    return Normal(0.0, whole.size.sd) if share is None else share.effect(branch.sign)


def _claim_rows(register: Register, voices: list[tuple[str, str]]) -> tuple[ClaimRow, ...]:
    lexicons = register.lexicons
    claims = [register.claims[key] for key, _ in voices]
    keys = [(register.sources[claim.source].group, claim.proposition) for claim in claims]
    rows = []
    for claim, (_, side), (group, proposition), weight in zip(claims, voices, keys, pool_weights(keys), strict=True):
        reading = register.readings[claim.id]
        assert reading is not None, "the register lets only claims with a probability vote"
        grade = grade_of(claim, register.sources[claim.source])
        trust = register.trust(claim)
        stated = reading.beta if side == "for" else reading.beta.mirrored()
        size = register.sizes[claim.id]
        effect = effect_of(size, lexicons.magnitudes) if side == "for" else None
        belief: BetaMixture = believed(stated, trust, lexicons.reference)
        rows.append(
            ClaimRow(
                claim.id, side, proposition, claim.source, group, reading, grade, trust, belief, weight, size, effect
            )
        )
    return tuple(rows)


def _group_rows(rows: tuple[ClaimRow, ...]) -> tuple[GroupRow, ...]:
    groups: dict[str, list[ClaimRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return tuple(
        GroupRow(
            name,
            len(members),
            len({row.proposition for row in members}),
            sum(row.weight for row in members),
            sum(row.weight * row.belief.mean for row in members) / sum(row.weight for row in members),
        )
        for name, members in groups.items()
    )
