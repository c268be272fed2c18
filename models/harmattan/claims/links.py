"""What claims say of the arrows between drivers: which name both ends, whether they agree on the sign, from how many.

A claim speaks of an arrow where it has a vote on the branch that acts and on the branch that it moves: both for or both
against is a link by which they go together, one for and one against a link by which they go apart. It does not say
which of the two brings about the other; that is the analyst's arrow.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Literal

from ..core.names import HORIZONS
from ..schema.arrows import Arrow
from ..schema.driver import Driver
from ..schema.records import Claim, Source
from .hearing import votes_of

LinkStatus = Literal["agreed", "disputed", "cited", "judged", "undrawn"]
STATUSES: tuple[LinkStatus, ...] = ("agreed", "disputed", "cited", "judged", "undrawn")
"""Drawn, and the claims that name both ends agree with its sign; drawn, and a claim says the opposite; drawn on cited
lines of a document without such a claim; drawn on the analyst's judgement alone; named by claims and not drawn."""

_End = tuple[str, str]


@dataclass(frozen=True)
class Link:
    """One arrow between branches of two drivers, or a pair that claims name and nobody drew.

    Attributes
    ----------
    parent, branch, child, moves : str
        Driver and branch that act, driver and branch that are moved. Where nothing is drawn the order means nothing.
    sign : int
        1 where the arrow makes the branch likelier, -1 where it makes it less likely, 0 where none is drawn.
    together, apart : tuple of str
        Claims that name both ends on the same side, and on opposite sides.
    groups, groups_against : tuple of str
        Groups of sources behind the supporting claims and the cited lines, and behind the opposing claims, each once.
    horizons : tuple of str
        Horizons after the exit that such claims give themselves; no claim states a delay between the two ends.
    lag_months : int
        Of the arrow; 0 = it acts at once, or none is drawn.
    cited : bool
        Whether the arrow names lines of a document.
    """

    parent: str
    branch: str
    child: str
    moves: str
    sign: int
    together: tuple[str, ...]
    apart: tuple[str, ...]
    groups: tuple[str, ...]
    groups_against: tuple[str, ...]
    horizons: tuple[str, ...]
    lag_months: int = 0
    cited: bool = False

    @property
    def claims(self) -> tuple[str, ...]:
        """Every claim that names both ends."""
        return self.together + self.apart

    @property
    def supporting(self) -> tuple[str, ...]:
        """Claims that agree with the arrow's sign; where none is drawn, those by which both go together."""
        return self.apart if self.sign < 0 else self.together

    @property
    def opposing(self) -> tuple[str, ...]:
        """Claims of the other sign."""
        return self.together if self.sign < 0 else self.apart

    @property
    def agree(self) -> bool | None:
        """Whether all claims have one sign, the arrow's where one is drawn; None where no claim names both ends."""
        if not self.claims:
            return None
        return not self.opposing if self.sign else not (self.together and self.apart)

    @property
    def status(self) -> LinkStatus:
        """Where the link stands."""
        if not self.sign:
            return "undrawn"
        if self.agree is None:
            return "cited" if self.cited else "judged"
        return "agreed" if self.agree else "disputed"

    def as_dict(self) -> dict[str, Any]:
        """Return everything in plain types."""
        return {
            "parent": self.parent,
            "branch": self.branch,
            "child": self.child,
            "moves": self.moves,
            "status": self.status,
            "sign": self.sign,
            "claims_for": list(self.supporting),
            "claims_against": list(self.opposing),
            "effective_sources": len(self.groups),
            "effective_sources_against": len(self.groups_against),
            "groups": list(self.groups),
            "groups_against": list(self.groups_against),
            "agree": self.agree,
            "lag_months": self.lag_months,
            "horizons_in_claims": list(self.horizons),
        }


def links_of(
    drivers: Mapping[str, Driver], claims: Mapping[str, Claim], sources: Mapping[str, Source]
) -> tuple[Link, ...]:
    """Return every arrow in file order, then the pairs of branches that claims name without an arrow either way.

    Parameters
    ----------
    drivers, claims, sources : mapping
        Records by id.
    """
    named = _named_pairs(drivers, claims)
    drawn = [(arrow, name) for name, driver in drivers.items() for arrow in driver.parents]
    ends = {frozenset(((arrow.driver, arrow.branch), (name, arrow.moves))) for arrow, name in drawn}
    links = [_drawn(arrow, name, named, claims, sources) for arrow, name in drawn]
    return (*links, *(_undrawn(pair, named, claims, sources) for pair in named if frozenset(pair) not in ends))


def link_counts(links: tuple[Link, ...]) -> dict[LinkStatus, int]:
    """Return how many links have each status, those that none has too."""
    return {status: sum(link.status == status for link in links) for status in STATUSES}


_Named = dict[tuple[_End, _End], list[tuple[str, bool]]]


def _named_pairs(drivers: Mapping[str, Driver], claims: Mapping[str, Claim]) -> _Named:
    """Return, for each pair of branches in file order, (claim, whether it names them on the same side)."""
    place = {(name, branch): (row, branch) for row, name in enumerate(drivers) for branch in drivers[name].branch_ids}
    named: _Named = defaultdict(list)
    for claim in claims.values():
        votes = [
            ((name, branch), side)
            for name, bearing in claim.drivers.items()
            for branch, side in votes_of(bearing, drivers[name])
        ]
        votes.sort(key=lambda vote: place[vote[0]])
        for (one, side), (other, opposite) in combinations(votes, 2):
            if one[0] != other[0]:
                named[one, other].append((claim.id, side == opposite))
    return dict(sorted(named.items(), key=lambda item: [place[end] for end in item[0]]))


def _drawn(arrow: Arrow, child: str, named: _Named, claims: Mapping[str, Claim], sources: Mapping[str, Source]) -> Link:
    one, other = (arrow.driver, arrow.branch), (child, arrow.moves)
    said = named.get((one, other)) or named.get((other, one)) or []
    cited = arrow.stated
    lines_of = () if cited is None else (_group_of_file(cited.file, sources),)
    link = _link((one, other), said, -1 if (arrow.odds_ratio or 1) < 1 else 1, lines_of, claims, sources)
    return replace(link, lag_months=arrow.lag_months, cited=cited is not None)


def _undrawn(
    pair: tuple[_End, _End], named: _Named, claims: Mapping[str, Claim], sources: Mapping[str, Source]
) -> Link:
    return _link(pair, named[pair], 0, (), claims, sources)


def _link(
    ends: tuple[_End, _End],
    said: list[tuple[str, bool]],
    sign: int,
    lines_of: tuple[str, ...],
    claims: Mapping[str, Claim],
    sources: Mapping[str, Source],
) -> Link:
    sides = {same: tuple(claim for claim, how in said if how is same) for same in (True, False)}
    groups = {same: {sources[claims[claim].source].group for claim in sides[same]} for same in sides}
    given = {claims[claim].horizon for claim, _ in said if claims[claim].horizon_explicit}
    behind, against = {*lines_of, *groups[sign >= 0]}, groups[sign < 0]
    horizons = tuple(name for name in HORIZONS if name in given)
    (parent, branch), (child, moves) = ends
    return Link(
        parent, branch, child, moves, sign, sides[True], sides[False], tuple(sorted(behind)), tuple(sorted(against)),
        horizons,
    )  # fmt: skip


def _group_of_file(file: str, sources: Mapping[str, Source]) -> str:
    return next((source.group for source in sources.values() if source.file == file), file)
