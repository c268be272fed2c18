"""Arrows between drivers: which mechanism makes which other more or less likely, and what says so."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field, model_validator

from .validation import Problems
from .vocabulary import Identifier, Number, Record, SourceLines, Text, Whole
from .yaml_source import YamlDocument


class Arrow(Record):
    """One influence of another driver (the parent) on the driver that lists it.

    While the parent goes the way `branch`, the odds of this driver's branch `moves` against "no effect" are multiplied
    by `odds_ratio`. Such arrows form no circle. An arrow with `lag_months` acts later instead: where this driver has
    not happened by itself, the parent sets it off with probability `chance`, that many months after the parent's onset.
    Since it looks at what the parent did by itself, it may lead back and close a circle.
    """

    driver: Identifier
    """Parent: the driver that the arrow comes from."""
    branch: Identifier
    """Branch of the parent that acts."""
    moves: Identifier
    """Branch of this driver that becomes more or less likely."""
    odds_ratio: Annotated[Number, Field(ge=0.05, le=20)] | None = None
    """By how much the branch's odds are multiplied, for an arrow that acts at once."""
    lag_months: Annotated[Whole, Field(ge=0, le=60)] = 0
    """Months after the parent's onset; 0 = it acts at once."""
    chance: Annotated[Number, Field(gt=0, le=0.5)] | None = None
    """Probability that the parent sets this driver off, for an arrow with a lag."""
    stated: SourceLines | None = None
    """Lines of a document that state the link."""
    inferred: Text | None = None
    """Why the link is believed, where no document states it."""

    @model_validator(mode="after")
    def _one_of_each(self) -> "Arrow":
        if (self.stated is None) == (self.inferred is None):
            raise ValueError(
                f"the arrow from {self.driver} needs one basis: either stated (file and lines of a document) or "
                "inferred (the reason)."
            )
        if self.lag_months == 0 and (self.odds_ratio is None or self.chance is not None):
            raise ValueError(f"the arrow from {self.driver} acts at once: give odds_ratio, and no chance.")
        if self.lag_months > 0 and (self.chance is None or self.odds_ratio is not None):
            raise ValueError(f"the arrow from {self.driver} acts after a lag: give chance, and no odds_ratio.")
        return self


def causal_order(arrows: Mapping[str, Sequence[Arrow]]) -> list[str]:
    """Return the drivers so that each comes after the parents that act on it at once, else in file order.

    Raises
    ------
    ValueError
        If arrows without a lag form a circle; the message names it.
    """
    ordered: list[str] = []
    waiting = list(arrows)
    while waiting:
        ready = [name for name in waiting if _instant_parents(arrows[name]) <= set(ordered)]
        if not ready:
            raise ValueError(" -> ".join(_circle(arrows, waiting)))
        ordered.append(ready[0])
        waiting.remove(ready[0])
    return ordered


def check_arrows(
    arrows: Mapping[str, Sequence[Arrow]],
    branches: Mapping[str, Sequence[str]],
    document: YamlDocument,
    problems: Problems,
) -> None:
    """Note arrows that point to nothing or that form a circle without a lag.

    Parameters
    ----------
    arrows, branches : mapping
        Arrows into each driver, and the ids of its branches, in file order.
    document : YamlDocument
        The list of drivers.
    problems : Problems
        Receives what is wrong.
    """
    known = True
    for row, (name, into) in enumerate(arrows.items()):
        for number, arrow in enumerate(into):
            path = (row, "parents", number)
            if arrow.driver not in branches:
                problems.add_unknown(document, (*path, "driver"), "driver", arrow.driver, branches)
                known = False
                continue
            for key, owner, branch in (("branch", arrow.driver, arrow.branch), ("moves", name, arrow.moves)):
                if branch not in branches[owner]:
                    problems.add_unknown(document, (*path, key), f"branch of {owner}", branch, branches[owner])
    if not known:
        return
    try:
        causal_order(arrows)
    except ValueError as circle:
        problems.add(
            document,
            (),
            f"arrows without a lag form a circle ({circle}). Give one of them lag_months and a chance.",
        )


def _instant_parents(into: Sequence[Arrow]) -> set[str]:
    return {arrow.driver for arrow in into if arrow.lag_months == 0}


def _circle(arrows: Mapping[str, Sequence[Arrow]], waiting: Sequence[str]) -> list[str]:
    """Return one circle among drivers that all wait for one another, each with the one that acts on it."""
    walked = [waiting[0]]
    while True:
        parent = sorted(_instant_parents(arrows[walked[-1]]) & set(waiting))[0]
        if parent in walked:
            return [*walked[walked.index(parent) :], parent][::-1]
        walked.append(parent)
