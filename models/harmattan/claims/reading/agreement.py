"""How far drafts agree with what people coded of the same document: recall, precision, and what was guessed.

Definitions
-----------
- *Coded*: claims of the document that follow from the exit (scope consequence) and have hedge words.
- *Their sentences*: those that overlap a claim's lines and hold all parts of its hedge. A line may hold several.
- A claim is *proposed* if a draft is on one of its sentences; *wholly* if drafts are on all of them, which leaves no
  doubt that the coded one is among them.
- A draft is *right* if it overlaps the lines of any claim of the document, of whatever scope and kind; *rightly hedged*
  if its sentence also holds the hedge of a claim on these lines.
- Proposing every sentence would be right by the share of all that stand on lines with a claim (`on_coded_lines`).
- What was guessed is compared on claims that were proposed, each with the draft whose hedge is nearest.
"""

from collections import Counter
from collections.abc import Sequence

from ...schema.draft import Draft
from ...schema.forms import normalised
from ...schema.records import Claim
from .document import Sentence
from .drafts import Read

GUESSED = ("hedge", "kind", "horizon", "places", "direction", "driver", "driver_of_three", "outcome_of_three")
"""What a draft guesses; places agree where they share one, `driver` is the likeliest, `..._of_three` any named."""


def agreement(read: Read, claims: Sequence[Claim]) -> Counter[str]:
    """Return counts: coded, proposed, wholly, drafts, right, rightly_hedged, sentences, on_coded_lines, and agreed_...

    Parameters
    ----------
    read : Read
        Drafts of a document.
    claims : sequence of Claim
        What people coded of the same document.
    """
    drafts, count = read.drafts.drafts, Counter[str]()
    by_sentence: dict[Sentence, list[Draft]] = {}
    for draft in drafts:
        by_sentence.setdefault(read.sentences[draft.id], []).append(draft)
    for claim in claims:
        if claim.scope != "consequence" or not claim.hedge:
            continue
        sentences = [one for one in read.document.sentences if _holds(one, claim)]
        found = [one for one in sentences if one in by_sentence]
        count += Counter(coded=1, proposed=bool(found), wholly=bool(found) and len(found) == len(sentences))
        if found:
            count += _guessed([draft for one in found for draft in by_sentence[one]], claim)
    coded_lines = {line for claim in claims for line in claim.lines}
    every = read.document.sentences
    count += Counter(sentences=len(every), on_coded_lines=sum(not coded_lines.isdisjoint(one.lines) for one in every))
    for draft in drafts:
        near = [claim for claim in claims if set(claim.lines) & set(draft.lines)]
        hedged = any(claim.hedge and _holds(read.sentences[draft.id], claim) for claim in near)
        count += Counter(drafts=1, right=bool(near), rightly_hedged=hedged)
    return count


def _holds(sentence: Sentence, claim: Claim) -> bool:
    said = f" {normalised(sentence.text)} "
    parts = (part.strip() for part in normalised(claim.hedge).split("..."))
    return bool(set(sentence.lines) & set(claim.lines)) and all(part in said for part in parts)


def _guessed(drafts: Sequence[Draft], claim: Claim) -> Counter[str]:
    """Return on what the nearest of some drafts agrees with a claim."""
    hedge = normalised(claim.hedge)
    draft = next((one for one in drafts if hedge in normalised(one.hedge)), drafts[0])
    named = list(draft.found.drivers)
    agreed = {
        "hedge": hedge in normalised(draft.hedge) or normalised(draft.hedge) in hedge,
        "kind": draft.kind == claim.kind,
        "horizon": draft.horizon == claim.horizon,
        "places": bool(set(draft.places) & set(claim.places)),
        "direction": draft.direction == claim.direction,
        "driver": bool(set(named[:1]) & set(claim.drivers)),
        "driver_of_three": bool(set(named) & set(claim.drivers)),
        "outcome_of_three": claim.outcome in draft.found.outcomes,
    }
    return Counter({f"agreed_{name}": int(value) for name, value in agreed.items()})
