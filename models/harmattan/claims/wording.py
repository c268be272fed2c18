"""Derivations in words: lines for a reader, with citations as file:line."""

import math

from .register import Register
from .steps import BranchDerivation, Component, DriverDerivation


def citation(file: str, lines: tuple[int, ...]) -> str:
    """Return `file:line` for each line, joined."""
    return ", ".join(f"{file}:{line}" for line in lines)


def quoted(words: str) -> str:
    """Return words of a document in quotes, or a note that there are none."""
    return f'"{words}"' if words else "(no words)"


def branch_lines(register: Register, branch: BranchDerivation) -> list[str]:
    """Return how one branch comes by its probability: groups, claims and evidence."""
    low, middle, high = branch.quantiles()
    lines = [
        f"  branch {branch.branch} ({branch.direction}s deaths): P = {branch.probability:.3f}, median {middle:.2f}, "
        f"90 % {low:.2f}-{high:.2f}; {len(branch.rows)} claims, effective number of sources {branch.effective_sources}"
    ]
    if branch.supposed is not None:
        ends = " to ".join(f"{end:.2f}" for end in branch.supposed.ratio)
        lines.append(
            f"    no claim has a vote, so its prior stands as scenarios/drivers.yaml states it: "
            f"{branch.supposed.probability:.2f}, rate ratio {ends} ({branch.supposed.why})"
        )
    for group in branch.groups:
        lines.append(
            f"    group {group.group}: {group.claims} claims, {group.propositions} propositions, mean {group.mean:.3f}"
        )
        for row in branch.rows:
            if row.group == group.group:
                claim = register.claims[row.claim]
                lines.append(
                    f"      {row.side:7s} {row.claim:22s} weight {row.weight:.3f}  {quoted(claim.hedge)} -> "
                    f"{row.reading.term}, {row.grade}, mean {row.belief.mean:.3f}  {citation(claim.file, claim.lines)}"
                    f"  (stated in {register.places[row.claim]})"
                )
    for step in branch.probability_steps:
        lines.append(
            f"    evidence {step.evidence}: {step.share:.3f} of {step.count:.1f} cases moves the mean from "
            f"{step.before.mean:.3f} to {step.after.mean:.3f}"
        )
    return lines


def context_lines(register: Register, driver: str) -> list[str]:
    """Return the claims that bear on a driver without a vote, one a line."""
    return [
        f"    {key:22s} {citation(register.claims[key].file, register.claims[key].lines)}  "
        f"(stated in {register.places[key]})"
        for key in register.heard[driver].context
    ]


def component_lines(components: tuple[Component, ...]) -> list[str]:
    """Return the parts of a driver's prior, one a line."""
    return [
        f"    {c.branch:22s} weight {c.weight:.3f}  mean {c.mean:+.3f}  sd {c.sd:.3f}  "
        f"(rate ratio {math.exp(c.mean):.2f})"
        for c in components
    ]


def sharing_lines(derived: DriverDerivation) -> list[str]:
    """Return how a driver that hinges on the exit comes by its part of the whole effect; nothing for another."""
    if derived.sharing is None:
        return ["  an effect of its own: it does not hinge on the exit"]
    size, worth = derived.sharing.whole.size, derived.sharing.worth
    lines = [
        f"  the whole effect of the exit, if all came about and mattered: log rate ratio mean {size.mean:+.3f}, sd "
        f"{size.sd:.3f} (rate ratio {math.exp(size.mean):.2f}); documents count by {worth:.3f} (`harmattan trace exit`)"
    ]
    for branch in derived.branches:
        share = derived.sharing.whole.of(derived.driver, branch.branch)
        if share is None:
            lines.append(f"    {branch.branch:22s} nothing but the schedule speaks for it, so it has no share")
        else:
            lines.append(f"    {branch.branch:22s} share {share.share:.3f}, matters if it happens {share.matters:.2f}")
    return lines
