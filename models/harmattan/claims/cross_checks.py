"""Checks between files: ids that exist, branches that claims speak for, words that the lexicons know."""

from ..schema.arrows import check_arrows
from ..schema.bearing import missing_branch
from ..schema.case import CaseDefinition
from ..schema.driver import Driver
from ..schema.forms import entry_for
from ..schema.hints import denies, nearest
from ..schema.records import Claim
from ..schema.yaml_source import YamlDocument, YamlPath
from .case_words import check_words_of_case
from .event_checks import check_events
from .evidence import check_evidence
from .hearing import heard_on
from .lexicon import Lexicons, normalised, reading_of
from .lexicon_files import check_lexicons
from .loading import Entry, Loading

_DENIES = 0.25
"""Hedges whose mean lies below this deny what they stand with."""

_CARRYING = ("forecast", "fear", "mitigation", "counter-claim")


def check_everything(loading: Loading, lexicons: Lexicons, case: CaseDefinition) -> None:
    """Raise InputError with every disagreement between the files of a register."""
    check_lexicons(loading, lexicons)
    loading.problems.raise_if_any()
    readable = _check_words(loading, lexicons)
    _check_places_in_documents(loading)
    _check_claims(loading, lexicons, readable)
    _check_branches(loading)
    _check_graph(loading)
    check_evidence(loading)
    _check_told_twice(loading)
    check_events(loading, case)
    check_words_of_case(loading, case)
    loading.problems.raise_if_any()


def _document(loading: Loading, name: str) -> YamlDocument:
    return next(document for document in loading.documents if document.path.name == name)


def _check_words(loading: Loading, lexicons: Lexicons) -> set[str]:
    """Return the ids of claims whose words can all be read."""
    readable = set(loading.claims)
    for key, entry in loading.claims.items():
        claim = entry.record
        for name, words, known in (
            ("hedge", claim.hedge, lexicons.hedges.phrases),
            ("magnitude", claim.magnitude, lexicons.magnitudes.words),
        ):
            if normalised(words) and entry_for(words, known) is None:
                readable.discard(key)
                _note_unknown_words(loading, entry, name, words, sorted(getattr(one, name) for one in known))
    return readable


def _note_unknown_words(loading: Loading, entry: Entry[Claim], name: str, words: str, known: list[str]) -> None:
    what = f"entry in seeds/lexicons/{name}s.yaml or the program's library for the {name}"
    hint = ""
    if not nearest(words, known, 1):
        hint = f" Give it one in seeds/lexicons/{name}s.yaml, with the reason."
        if denies(words):
            hint += (
                " Or copy only the words that say how likely it is, and let direction and drivers say what is denied."
            )
    loading.problems.add_unknown(entry.document, (*entry.path, name), what, words, known, hint)


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
                if bearing.opposes is not None and claim.id in readable:
                    _check_denied_once(loading, entry, where, lexicons)


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


def _check_denied_once(loading: Loading, entry: Entry[Claim], where: YamlPath, lexicons: Lexicons) -> None:
    """Note a claim whose hedge denies what its side denies too, which would turn it round."""
    claim, reading = entry.record, reading_of(entry.record, lexicons)
    if reading is None or claim.direction != "does-not-occur" or reading.beta.mean >= _DENIES:
        return
    told = (
        f"the hedge {claim.hedge!r} is read as {reading.term} and so denies by itself what the claim is about; against "
        "a branch it would be denied twice, and speak for it. Write for in place of against: its low probability then "
        "weakens the branch."
    )
    loading.problems.add(entry.document, (*where, "against"), told)


def _check_branches(loading: Loading) -> None:
    """Every branch has a claim for it, or a stated prior."""
    claims = [entry.record for entry in loading.claims.values()]
    for entry in loading.drivers.values():
        driver = entry.record
        heard = heard_on(driver, claims)
        for number, branch in enumerate(driver.branches):
            if branch.id not in driver.prior and not heard.on(branch.id, "for"):
                loading.problems.add(
                    entry.document,
                    (*entry.path, "branches", number),
                    f"no claim is for branch {branch.id} of {driver.id}. In a claim that says, fears or implies it "
                    f"(seeds/claims) write drivers: {{{driver.id}: {{for: {branch.id}}}}}; or state its prior here "
                    f"(prior: {{{branch.id}: {{probability: 0.3, ratio: [1.0, 1.5], why: ...}}}}), or take "
                    "the branch out.",
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
