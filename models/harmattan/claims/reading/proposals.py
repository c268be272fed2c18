"""What a reader hands back, and what any reader must be: the rules are one, a model of one's own may be another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ...schema.bearing import Bearing
from ...schema.vocabulary import ClaimDirection, ClaimKind, Horizon, Scope
from .document import Sentence


@dataclass(frozen=True)
class Proposal:
    """A claim that a sentence may hold. Whatever a reader does not know stays at its default, for a person to say.

    Attributes
    ----------
    sentence : Sentence
        One of those that the reader was given.
    hedge, magnitude : str
        Words of how sure and of size, copied from the sentence.
    kind, scope, direction, horizon, horizon_explicit, outcome, proposition, places, drivers
        As in a claim; `drivers` holds how it may bear on each.
    hedges, sizes, horizon_words, place_words : tuple of str
        All that was found in the sentence, as it writes it.
    driver_words : tuple of (driver, words)
        Likely drivers, the likeliest first, with the words that speak for each.
    outcomes, propositions : tuple of str
        Likely ones, the likeliest first, where the reader does not say which.
    """

    sentence: Sentence
    hedge: str = ""
    magnitude: str = ""
    kind: ClaimKind = "forecast"
    scope: Scope = "consequence"
    direction: ClaimDirection = "uncertain"
    horizon: Horizon = "unspecified"
    horizon_explicit: bool = False
    outcome: str | None = None
    proposition: str | None = None
    places: tuple[str, ...] = ()
    drivers: tuple[tuple[str, Bearing], ...] = ()
    hedges: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    horizon_words: tuple[str, ...] = ()
    place_words: tuple[str, ...] = ()
    driver_words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    outcomes: tuple[str, ...] = ()
    propositions: tuple[str, ...] = ()


class Reader(Protocol):
    """Proposes claims."""

    @property
    def name(self) -> str:
        """What its drafts are marked with, so that a person sees who proposed what."""
        ...

    def propose(self, sentences: Sequence[Sentence]) -> Iterable[Proposal]:
        """Return proposals for the sentences of one document."""
        ...
