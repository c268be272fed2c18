"""Evidence of a case: its own items first, then those of the library that came with the program."""

from pathlib import Path

from ..core.resources import shipped_root
from ..schema.evidence import EvidenceFile, ProbabilityEvidence, refuse_drivers
from ..schema.validation import validate
from ..schema.yaml_source import read_yaml
from .exits import EXITS_FILE
from .loading import Entry, Loading, add_entry


def read_evidence(loading: Loading, own: Path) -> None:
    """Read the items of a case's folder, and those of the library that the case does not have.

    The same item may stand in both, as in a project that began as a copy; two that differ under one id are noted.
    """
    _read_folder(loading, own)
    library = shipped_root() / "seeds" / "evidence"
    if library.resolve() == own.resolve():
        return
    shelf = Loading(problems=loading.problems, unreadable=loading.unreadable)
    _read_folder(shelf, library)
    for key, item in shelf.evidence.items():
        if key in loading.evidence and loading.evidence[key].record != item.record:
            _note_another(loading, loading.evidence[key], item)
    loading.evidence = shelf.evidence | loading.evidence
    used = {entry.document.path for entry in loading.evidence.values()}
    loading.documents += [document for document in shelf.documents if document.path in used]


def _read_folder(loading: Loading, folder: Path) -> None:
    for path in sorted(path for path in folder.glob("*.yaml") if path.name != EXITS_FILE):
        with loading.going_on():
            document = read_yaml(path)
            loading.documents.append(document)
            refuse_drivers(document)
            for index, record in enumerate(validate(EvidenceFile, document).items):
                add_entry(loading, loading.evidence, record, document, ("items", index))


def _note_another(loading: Loading, mine: Entry, item: Entry) -> None:
    key, where = mine.record.id, item.place_of("id")
    loading.problems.add(
        mine.document,
        (*mine.path, "id"),
        f"{key!r} says something else here than in the program's library ({where}). Give this item an id of its own "
        "and name that at the drivers that take it (scenarios/drivers.yaml), or take it out here to use the library's.",
    )


def check_evidence(loading: Loading) -> None:
    """Note items and branches that do not exist, and shares of cases that do not say which branch they are of."""
    for entry in loading.drivers.values():
        driver = entry.record
        for index, use in enumerate(driver.evidence):
            where = (*entry.path, "evidence", index)
            if use.branch is not None and use.branch not in driver.branch_ids:
                what = f"branch of {driver.id}"
                loading.problems.add_unknown(entry.document, (*where, "branch"), what, use.branch, driver.branch_ids)
            if use.id not in loading.evidence:
                loading.problems.add_unknown(entry.document, where, "evidence item", use.id, loading.evidence)
            elif isinstance(loading.evidence[use.id].record, ProbabilityEvidence) and driver.speaks_of(use) is None:
                ways = driver.branch_ids
                told = (
                    f"{use.id!r} is a share of cases, and {driver.id} can go in more than one way. Write which it is "
                    f"of: {{id: {use.id}, branch: {ways[0]}}} (or {', '.join(ways[1:])})."
                )
                loading.problems.add(entry.document, where, told)
