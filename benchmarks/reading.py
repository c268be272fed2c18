"""Drafts that `harmattan read` proposes, held against what people coded of the same documents.

Writes `results/reading.csv`. Definitions stand in `harmattan.claims.reading.agreement`; declared before any figure was
looked at: at least 90 % of coded hedged consequence claims proposed, precision said whatever it is.

The five documents must lie beside the project, in ../shared/seeds or the folder that is given: the project holds none.
Two settings each: `shipped`, with the case's own lexicon, and `library`, with the program's general one alone. In
both, drivers, outcomes and propositions are ranked by words of the other documents' claims, never by this one's.

What this measure is worth. The case's lexicon was made from these documents, so `shipped` is in-sample in its hedges.
On the first run, before anything was changed, 151 of 158 claims were proposed (95.6 %) and 169 of 176 drafts were right
(96.0 %). Then rules were changed with these misses in sight: what stands within ten sentences of the subject's name
counts as about it (before: its own paragraph, or words of a driver), a capital May inside a sentence is a month, a
heading ends with the list below it, and of two hedges the softer decides only where they stand close together. So both
settings are in-sample in these rules. Precision is generous: most sentences of such documents stand on lines that hold
some claim (`every_sentence` is what proposing all of them would get), and a line may hold ten sentences;
`rightly_hedged` asks for a claim's hedge in the very sentence.

`unseen.txt` holds sentences that were made up afterwards, in two lots, by the maker of the rules, who knew the lexicon:
lot A widened the window around the subject's name (13 of its 30 hedged sentences were proposed before, 26 since), lot B
was measured once and changed nothing. Neither is a document: nobody has coded a sixth one to test this on.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from harmattan.claims.lexicon import Lexicons
from harmattan.claims.reading.agreement import GUESSED, agreement
from harmattan.claims.reading.document import Sentence, open_document
from harmattan.claims.reading.drafts import read_document
from harmattan.claims.reading.known import Known, known_of
from harmattan.claims.reading.rules import Rules
from harmattan.claims.register import Register, load_register
from harmattan.core.files import file_in_place
from harmattan.core.resources import shipped_root
from harmattan.schema.lexicon import HedgeLexicon, MagnitudeLexicon
from harmattan.schema.validation import validate
from harmattan.schema.yaml_source import read_yaml

RESULTS = Path("benchmarks/results/reading.csv")
UNSEEN = Path("benchmarks/unseen.txt")
DOCUMENTS = Path("../shared/seeds")


def settings(known: Known) -> Iterator[tuple[str, Known]]:
    """Yield what is known with the case's lexicon and with the program's alone."""
    yield "shipped", known
    yield "library", replace(known, lexicons=_library_alone(known.lexicons))


def _library_alone(lexicons: Lexicons) -> Lexicons:
    library = shipped_root() / "seeds" / "library"
    hedges = validate(HedgeLexicon, read_yaml(library / "hedges.yaml"))
    sizes = validate(MagnitudeLexicon, read_yaml(library / "magnitudes.yaml"))
    return replace(lexicons, hedges=hedges, magnitudes=sizes)


def measured(register: Register, known: Known, folder: Path) -> Iterator[tuple[str, str, Counter[str]]]:
    """Yield setting, document and counts; last of each setting all documents together."""
    for setting, told in settings(known):
        total: Counter[str] = Counter()
        for source in register.sources.values():
            others = told.without([source.id])
            read = read_document(open_document(folder / source.file), source.id, others, [Rules(others)])
            counts = agreement(read, register.claims_of(source.id))
            total += counts
            yield setting, source.id, counts
        yield setting, "all", total


def unseen(known: Known) -> Iterator[tuple[str, str, Counter[str]]]:
    """Yield the same for sentences that were made up for this, each lot as one document of a sentence a line."""
    marked = [line.split(maxsplit=2) for line in UNSEEN.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    for lot in ("A", "B"):
        hedged = {text: mark == "1" for one, mark, text in marked if one == lot}
        sentences = [Sentence((number,), text, paragraph=number) for number, text in enumerate(hedged, start=1)]
        proposed = [proposal.sentence.text for proposal in Rules(known).propose(sentences)]
        right = sum(hedged[text] for text in proposed)
        yield f"unseen {lot}", "made-up", Counter(
            coded=sum(hedged.values()), proposed=sum(hedged[text] for text in set(proposed)), drafts=len(proposed),
            right=right, sentences=len(hedged), on_coded_lines=sum(hedged.values()),
        )  # fmt: skip


def row(setting: str, document: str, counts: Counter[str]) -> dict[str, str | int]:
    """Return one row of the table: counts, and shares with three decimals."""
    told: dict[str, str | int] = {"setting": setting, "document": document}
    told |= {name: counts[name] for name in ("coded", "proposed", "wholly", "drafts", "right", "rightly_hedged")}
    told |= {
        "recall": _share(counts["proposed"], counts["coded"]),
        "precision": _share(counts["right"], counts["drafts"]),
    }
    told["every_sentence"] = _share(counts["on_coded_lines"], counts["sentences"])
    return told | {name: _agreed(counts, name) for name in GUESSED}


def _agreed(counts: Counter[str], name: str) -> str:
    """Return a share of proposed claims; nothing where nobody coded what was guessed."""
    return _share(counts[f"agreed_{name}"], counts["proposed"]) if f"agreed_{name}" in counts else ""


def _share(count: int, of: int) -> str:
    return f"{count / of:.3f}" if of else ""


def main(folder: Path) -> None:
    """Measure and write the table, or say that the documents are not there."""
    if not folder.is_dir():
        sys.exit(f"The original documents are not in {folder}, so nothing was measured.")
    known = known_of(shipped_root())
    rows = [row(*one) for one in (*measured(load_register(), known, folder), *unseen(known))]
    with file_in_place(RESULTS) as temporary, open(temporary, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for one in rows:
        print(*one.values(), sep="\t")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS)
