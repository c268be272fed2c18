"""Drafts of claims: what was proposed from a new document and waits for a person. No run and no register reads them."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .records import Claim
from .vocabulary import ClaimOutcome, Distinct, Identifier, Record, Text

DRAFTS = "seeds/drafts"
"""Folder of drafts, below the case's."""

Status = Literal["draft", "accepted", "dropped", "moved"]
Words = Annotated[tuple[Text, ...], Distinct]


class FoundWords(Record):
    """What was found in the sentence, as the document writes it: words, never the sentence."""

    hedges: Words = ()
    sizes: Words = ()
    horizons: Words = ()
    places: Words = ()
    drivers: dict[Identifier, Words] = Field(default_factory=dict)
    """Likely drivers, the likeliest first, each with the words that speak for it."""
    outcomes: Words = ()
    """What it may be about, the likeliest first."""
    propositions: Words = ()
    """Propositions of other documents that it may say again, the likeliest first."""


class Draft(Claim):
    """A claim that somebody proposed; what only a person can say may be null until then."""

    status: Status
    """draft: nobody has looked | accepted: may become a claim | dropped: is none | moved: stands in seeds/claims."""
    proposed_by: Annotated[tuple[Text, ...], Field(min_length=1), Distinct]
    """rules, or the name of a model of your own."""
    found: FoundWords
    proposition: Identifier | None  # type: ignore[assignment]
    """The idea in a few words-with-dashes; null until you say it."""
    paraphrase: Text | None  # type: ignore[assignment]
    """What it says, in your own words; null until you write it."""
    outcome: ClaimOutcome | None  # type: ignore[assignment]
    """What it is about; null until you say it."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Keys that a claim needs and that are still null."""
        return tuple(key for key in ("proposition", "paraphrase", "outcome") if getattr(self, key) is None)


class DraftsFile(Record):
    """What was proposed from one document."""

    source: Identifier
    """Id of the source; register it in seeds/sources.yaml before you accept a draft."""
    file: Text
    """The document's file name."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Fingerprint of the file that was read."""
    drafts: tuple[Draft, ...]

    @model_validator(mode="after")
    def _of_this_document(self) -> "DraftsFile":
        seen: set[str] = set()
        for draft in self.drafts:
            if draft.source != self.source or draft.file != self.file:
                raise ValueError(f"draft {draft.id} is of another source or file than the list that it stands in.")
            if draft.id in seen:
                raise ValueError(f"the id {draft.id!r} stands twice; give one of the two another letter.")
            seen.add(draft.id)
        return self
