"""Which claims bear on a driver: the other side of what each claim says of itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..schema.bearing import SIDES, Bearing
from ..schema.driver import Driver
from ..schema.records import Claim


@dataclass(frozen=True)
class Heard:
    """Claims that bear on one driver, in the order of the sources and their files.

    Attributes
    ----------
    votes : tuple of (branch, side, claim)
        Side is ``for`` or ``against``; by branch, those for it first.
    context : tuple of str
        Claims without a vote.
    """

    votes: tuple[tuple[str, str, str], ...]
    context: tuple[str, ...]

    def on(self, branch: str, side: str) -> tuple[str, ...]:
        """Return the claims for or against a branch."""
        return tuple(claim for where, how, claim in self.votes if (where, how) == (branch, side))

    def voices(self, branch: str) -> list[tuple[str, str]]:
        """Return (claim, side) of every claim with a vote on a branch, those for it first."""
        return [(claim, side) for where, side, claim in self.votes if where == branch]

    @property
    def voting(self) -> set[str]:
        """Every claim with a vote."""
        return {claim for _, _, claim in self.votes}

    def as_dict(self, places: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return one entry for each bearing: claim, branch and side (`context` without a branch), and where it stands.

        Parameters
        ----------
        places : mapping of str to str
            ``file:line`` of each claim.
        """
        said = [*self.votes, *((None, "context", claim) for claim in self.context)]
        return [{"claim": c, "side": side, "branch": branch, "stated": places[c]} for branch, side, c in said]


def votes_of(bearing: Bearing, driver: Driver) -> Iterator[tuple[str, str]]:
    """Yield (branch, side) of what a claim says of a driver; a side without a branch means the only one."""
    for side, branches in bearing.votes:
        yield from ((branch, side) for branch in branches or driver.branch_ids[:1])


def heard_on(driver: Driver, claims: Iterable[Claim]) -> Heard:
    """Return what claims, in the order given, say of a driver."""
    bearing = [claim for claim in claims if driver.id in claim.drivers]
    said = [(*vote, claim.id) for claim in bearing for vote in votes_of(claim.drivers[driver.id], driver)]
    votes = [vote for branch in driver.branch_ids for side in SIDES for vote in said if vote[:2] == (branch, side)]
    return Heard(tuple(votes), tuple(claim.id for claim in bearing if not claim.drivers[driver.id].votes))
