"""Derivations in words: lines for a reader, with citations as file:line."""

import math

from ..core.language import phrase, translate
from ..core.terminal import at_terminal
from .register import Register
from .steps import BranchDerivation, ClaimRow, Component, DriverDerivation


def citation(file: str, lines: tuple[int, ...]) -> str:
    """Return `file:line` for each line, joined."""
    return ", ".join(f"{file}:{line}" for line in lines)


def quoted(words: str) -> str:
    """Return words of a document in quotes, or a note that there are none."""
    return f'"{words}"' if words else phrase("traced.no_words")


def branch_lines(register: Register, branch: BranchDerivation) -> list[str]:
    """Return how one branch comes by its probability: groups, claims and evidence."""
    low, middle, high = (at_terminal(end, 2) for end in branch.quantiles())
    lines = [
        phrase(
            f"traced.branch_{branch.direction}",
            branch=branch.branch, probability=at_terminal(branch.probability, 3), median=middle, low=low, high=high,
            claims=len(branch.rows), sources=branch.effective_sources,
        )
    ]  # fmt: skip
    if branch.supposed is not None:
        first, last = (at_terminal(end, 2) for end in branch.supposed.ratio)
        stated = at_terminal(branch.supposed.probability, 2)
        why = translate(branch.supposed.why)
        lines.append(phrase("traced.supposed", probability=stated, low=first, high=last, why=why))
    for group in branch.groups:
        counts = {"claims": group.claims, "propositions": group.propositions}
        lines.append(phrase("traced.group", group=group.group, mean=at_terminal(group.mean, 3), **counts))
        lines += [_vote_line(register, row) for row in branch.rows if row.group == group.group]
    for step in branch.probability_steps:
        ends = {"before": at_terminal(step.before.mean, 3), "after": at_terminal(step.after.mean, 3)}
        share, count = at_terminal(step.share, 3), at_terminal(step.count, 1)
        lines.append(phrase("traced.step", evidence=step.evidence, share=share, count=count, **ends))
    return lines


def _vote_line(register: Register, row: ClaimRow) -> str:
    claim = register.claims[row.claim]
    return phrase(
        "traced.vote",
        side=f"{phrase(f'traced.sides.{row.side}'):7s}", claim=f"{row.claim:22s}", weight=at_terminal(row.weight, 3),
        words=quoted(claim.hedge), term=row.reading.term, grade=row.grade, mean=at_terminal(row.belief.mean, 3),
        lines=citation(claim.file, claim.lines), place=register.places[row.claim],
    )  # fmt: skip


def context_lines(register: Register, driver: str) -> list[str]:
    """Return the claims that bear on a driver without a vote, one a line."""
    return [
        phrase(
            "traced.context_claim",
            claim=f"{key:22s}",
            lines=citation(register.claims[key].file, register.claims[key].lines),
            place=register.places[key],
        )
        for key in register.heard[driver].context
    ]


def component_lines(components: tuple[Component, ...]) -> list[str]:
    """Return the parts of a driver's prior, one a line."""
    return [
        phrase(
            "traced.component",
            branch=f"{translate(c.branch):22s}",
            weight=at_terminal(c.weight, 3),
            mean=at_terminal(c.mean, 3, signed=True),
            sd=at_terminal(c.sd, 3),
            ratio=at_terminal(math.exp(c.mean), 2),
        )
        for c in components
    ]


def sharing_lines(derived: DriverDerivation) -> list[str]:
    """Return how a driver that hinges on the exit comes by its part of the whole effect; nothing for another."""
    if derived.sharing is None:
        return [phrase("traced.own_effect")]
    size, worth = derived.sharing.whole.size, derived.sharing.worth
    lines = [
        phrase(
            "traced.whole",
            mean=at_terminal(size.mean, 3, signed=True),
            sd=at_terminal(size.sd, 3),
            ratio=at_terminal(math.exp(size.mean), 2),
            worth=at_terminal(worth, 3),
        )
    ]
    for branch in derived.branches:
        share = derived.sharing.whole.of(derived.driver, branch.branch)
        if share is None:
            lines.append(phrase("traced.no_share", branch=f"{branch.branch:22s}"))
        else:
            numbers = {"share": at_terminal(share.share, 3), "matters": at_terminal(share.matters, 2)}
            lines.append(phrase("traced.share", branch=f"{branch.branch:22s}", **numbers))
    return lines
