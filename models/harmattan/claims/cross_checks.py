"""Checks between files: ids that exist, branches that claims speak for, words that the lexicons know."""

from typing import get_args

from ..schema.arrows import check_arrows
from ..schema.bearing import missing_branch
from ..schema.driver import Driver
from ..schema.records import Claim
from ..schema.vocabulary import ClaimKind
from ..schema.yaml_source import YamlDocument, YamlPath
from .hearing import heard_on
from .lexicon import Lexicons, normalised, reading_of
from .register import Entry, Loading

_CARRYING = ("forecast", "fear", "mitigation", "counter-claim")


def check_everything(loading: Loading, lexicons: Lexicons) -> None:
    """Raise InputError with every disagreement between the files of a register."""
    _check_lexicons(loading, lexicons)
    loading.problems.raise_if_any()
    readable = _check_words(loading, lexicons)
    _check_places_in_documents(loading)
    _check_claims(loading, lexicons, readable)
    _check_branches(loading)
    _check_graph(loading)
    _check_evidence(loading)
    _check_told_twice(loading)
    loading.problems.raise_if_any()


def _document(loading: Loading, name: str) -> YamlDocument:
    return next(document for document in loading.documents if document.path.name == name)


def _check_lexicons(loading: Loading, lexicons: Lexicons) -> None:
    document, problems = _document(loading, "hedges.yaml"), loading.problems
    known = lexicons.phrases.terms
    named = [("phrases", index, entry.term) for index, entry in enumerate(lexicons.hedges.phrases)]
    named += [("empty", index, rule.term) for index, rule in enumerate(lexicons.hedges.empty)]
    for part, index, term in named:
        if term is not None and term not in known:
            problems.add_unknown(document, (part, index, "term"), "term", term, known)
    _check_repeats(loading, document, "phrases", [normalised(entry.hedge) for entry in lexicons.hedges.phrases])
    _check_repeats(loading, document, "empty", [f"{rule.kind}, {rule.implied}" for rule in lexicons.hedges.empty])
    sizes = [normalised(entry.magnitude) for entry in lexicons.magnitudes.words]
    _check_repeats(loading, _document(loading, "magnitudes.yaml"), "words", sizes)
    ruled = {(rule.kind, rule.implied) for rule in lexicons.hedges.empty}
    for kind in get_args(ClaimKind):
        for implied in (False, True):
            if (kind, implied) not in ruled:
                problems.add(document, ("empty",), f"no rule for kind {kind}, implied {str(implied).lower()}; add one.")
    for grade in "ABCDEF":
        if grade not in lexicons.reliability.grades:
            problems.add(_document(loading, "reliability.yaml"), ("grades",), f"grade {grade} is missing; add it.")
    for size in ("unstated", "slight", "moderate", "substantial", "severe"):
        if size not in lexicons.magnitudes.classes:
            problems.add(_document(loading, "magnitudes.yaml"), ("classes",), f"class {size} is missing; add it.")


def _check_repeats(loading: Loading, document: YamlDocument, part: str, keys: list[str]) -> None:
    for index, key in enumerate(keys):
        if key in keys[:index]:
            loading.problems.add(document, (part, index), f"{key!r} has an entry already; keep one of the two.")


def _check_words(loading: Loading, lexicons: Lexicons) -> set[str]:
    """Return the ids of claims whose words can all be read."""
    hedges = {normalised(entry.hedge) for entry in lexicons.hedges.phrases}
    sizes = {normalised(entry.magnitude) for entry in lexicons.magnitudes.words}
    readable = set(loading.claims)
    for key, entry in loading.claims.items():
        claim = entry.record
        for name, words, known, lexicon in (
            ("hedge", claim.hedge, hedges, "hedges.yaml"),
            ("magnitude", claim.magnitude, sizes, "magnitudes.yaml"),
        ):
            if normalised(words) and normalised(words) not in known:
                readable.discard(key)
                loading.problems.add_unknown(
                    entry.document,
                    (*entry.path, name),
                    f"entry in seeds/lexicons/{lexicon} for the {name}",
                    words,
                    sorted(known),
                )
    return readable


def _check_places_in_documents(loading: Loading) -> None:
    """Claims, facts and conflicts point to documents that the sources list."""
    files = {key: entry.record.file for key, entry in loading.sources.items()}
    cited = [(e.document, e.path, e.record.source, e.record.file) for e in loading.claims.values()]
    cited += [(e.document, e.path, e.record.source, e.record.file) for e in loading.facts.values()]
    for document, path, source, file in cited:
        if source not in files:
            loading.problems.add_unknown(document, (*path, "source"), "source", source, files)
        elif files[source] != file:
            text = f"source {source} is the file {files[source]!r}, not {file!r}; mend one of the two."
            loading.problems.add(document, (*path, "file"), text)
    for entry in loading.conflicts.values():
        conflict = entry.record
        for index, statement in enumerate(conflict.statements):
            if statement.file not in files.values():
                loading.problems.add_unknown(
                    entry.document,
                    (*entry.path, "statements", index, "file"),
                    "document",
                    statement.file,
                    files.values(),
                )


def _check_claims(loading: Loading, lexicons: Lexicons, readable: set[str]) -> None:
    for entry in loading.claims.values():
        claim = entry.record
        stem = entry.document.path.stem
        if claim.source != stem and claim.source in loading.sources:
            loading.problems.add(
                entry.document,
                (*entry.path, "source"),
                f"this file holds the claims of {stem!r}, not of {claim.source!r}; move the claim or mend its source.",
            )
        if not claim.id.startswith(f"{claim.source}-"):
            loading.problems.add(
                entry.document, (*entry.path, "id"), f"claim ids start with {claim.source!r} and a dash."
            )
        for driver, bearing in claim.drivers.items():
            where = (*entry.path, "drivers", driver)
            if driver not in loading.drivers:
                loading.problems.add_unknown(entry.document, where, "driver", driver, loading.drivers)
            elif bearing.votes:
                why_not = _carries_nothing(claim, lexicons) if claim.id in readable else ""
                _check_votes(loading, entry, where, loading.drivers[driver].record, why_not)


def _check_votes(loading: Loading, entry: Entry[Claim], where: YamlPath, driver: Driver, why_not: str) -> None:
    """Claims vote on branches that exist, and only if their words carry a probability."""
    claim, branches = entry.record, driver.branch_ids
    if why_not:
        told = f"{claim.id} carries no probability for a branch ({why_not}); write {driver.id}: context."
        loading.problems.add(entry.document, where, told)
    if told := missing_branch(claim.drivers[driver.id], driver.id, branches):
        loading.problems.add(entry.document, where, told)
    for side, named in claim.drivers[driver.id].votes:
        for branch in set(named) - set(branches):
            loading.problems.add_unknown(entry.document, (*where, side), f"branch of {driver.id}", branch, branches)


def _check_branches(loading: Loading) -> None:
    """Every branch has a claim for it."""
    claims = [entry.record for entry in loading.claims.values()]
    for entry in loading.drivers.values():
        driver = entry.record
        heard = heard_on(driver, claims)
        for number, branch in enumerate(driver.branches):
            if not heard.on(branch.id, "for"):
                loading.problems.add(
                    entry.document,
                    (*entry.path, "branches", number),
                    f"no claim is for branch {branch.id} of {driver.id}. In a claim that says, fears or implies it "
                    f"(seeds/claims) write drivers: {{{driver.id}: {{for: {branch.id}}}}}, or take the branch out.",
                )


def _check_graph(loading: Loading) -> None:
    """Arrows lead from drivers that exist, in no circle without a lag, and cite documents that the sources list."""
    document = _document(loading, "drivers.yaml")
    files = {entry.record.file for entry in loading.sources.values()}
    drivers = {key: entry.record for key, entry in loading.drivers.items()}
    arrows = {key: driver.parents for key, driver in drivers.items()}
    branches = {key: driver.branch_ids for key, driver in drivers.items()}
    check_arrows(arrows, branches, document, loading.problems)
    for key, entry in loading.drivers.items():
        for number, arrow in enumerate(arrows[key]):
            if arrow.stated is not None and arrow.stated.file not in files:
                where = (*entry.path, "parents", number, "stated", "file")
                loading.problems.add_unknown(document, where, "document", arrow.stated.file, files)


def _carries_nothing(claim: Claim, lexicons: Lexicons) -> str:
    """Return why a claim cannot vote on a branch; empty when it can."""
    if claim.kind not in _CARRYING and not claim.implied:
        return f"its kind is {claim.kind} and it is not implied"
    if claim.scope != "consequence":
        return "its scope is context"
    if claim.direction == "uncertain":
        return "its direction is uncertain"
    return "its hedge states none" if reading_of(claim, lexicons) is None else ""


def _check_evidence(loading: Loading) -> None:
    for key, entry in loading.evidence.items():
        item = entry.record
        if item.driver not in loading.drivers:
            loading.problems.add_unknown(
                entry.document, (*entry.path, "driver"), "driver", item.driver, loading.drivers
            )
            continue
        driver = loading.drivers[item.driver].record
        if item.branch is not None and item.branch not in driver.branch_ids:
            loading.problems.add_unknown(
                entry.document, (*entry.path, "branch"), f"branch of {driver.id}", item.branch, driver.branch_ids
            )
        if key not in driver.evidence:
            loading.problems.add(
                entry.document,
                (*entry.path, "driver"),
                f"scenarios/drivers.yaml does not name {key!r} under {driver.id!r}; add it to that driver's evidence.",
            )
    for entry in loading.drivers.values():
        driver = entry.record
        for index, key in enumerate(driver.evidence):
            where = (*entry.path, "evidence", index)
            if key not in loading.evidence:
                loading.problems.add_unknown(entry.document, where, "evidence item", key, loading.evidence)
            elif loading.evidence[key].record.driver != driver.id:
                loading.problems.add(
                    entry.document, where, f"evidence {key!r} names another driver; mend one of the two."
                )


def _check_told_twice(loading: Loading) -> None:
    """No statement stands twice under two ids, where each would count."""
    for table, own in ((loading.claims, {"id", "note"}), (loading.evidence, {"id", "note"}), (loading.facts, {"id"})):
        first: dict[str, str] = {}
        for key, entry in table.items():
            said = repr(sorted(entry.record.model_dump(exclude=own).items()))
            if said in first:
                text = f"{key} says word for word what {first[said]} says; keep one of the two."
                loading.problems.add(entry.document, (*entry.path, "id"), text)
            first.setdefault(said, key)
