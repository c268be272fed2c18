"""The register: every source, claim, fact, conflict, driver, evidence item and lexicon, checked against one another."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ..case.drivers import Drivers
from ..case.opening import Case, open_case
from ..case.places import placed
from ..core.errors import InputError
from ..schema.driver import Driver
from ..schema.events import EVENTS_FILE, CaseEvent
from ..schema.evidence import Evidence, EvidenceUsed
from ..schema.naming import driver_titles, ids_throughout
from ..schema.records import Claim, Conflict, Fact, Source
from ..schema.validation import validate_list
from ..schema.vocabulary import Record
from ..schema.yaml_source import read_yaml
from .cross_checks import check_everything
from .evidence import read_evidence
from .exit_class import ExitClass, exit_class
from .hearing import Heard, heard_on
from .lexicon import Lexicons, Reading, grade_of, normalised, reading_of, size_of
from .lexicon_files import read_lexicons
from .links import Link, links_of
from .loading import Entry, Loading, add_entry
from .trust import Earned


@dataclass(frozen=True)
class Register:
    """Everything an analyst wrote, by id, and the files it stands in.

    Attributes
    ----------
    case : Case
        Where, when and about whom; its folder holds `seeds/` and `scenarios/`.
    sources, claims, facts, conflicts, drivers, evidence : dict
        Records by id, in file order.
    lexicons : Lexicons
        Phrase, hedge, reliability and magnitude lexicons and official yardsticks.
    files : tuple of Path
        Every file read, sorted, for SHA-256 records.
    places : dict of str to str
        ``file:line`` where each claim says on which drivers it bears.
    left_out : tuple of Source
        Documents that a run leaves out for their date; neither they nor their claims stand above.
    exit_class : ExitClass or None
        What exits elsewhere did, as far as it was known when this one began.
    uses : EvidenceUsed
        Whether exits elsewhere and documents have a say in the whole effect of the exit.
    timed : bool
        Whether drivers have the timing that their claims give them, no longer their own.
    earned : dict of source to Earned
        What sources earned by the month of a run, where its scenario lets that move how far they are believed.
    """

    case: Case
    sources: dict[str, Source]
    claims: dict[str, Claim]
    facts: dict[str, Fact]
    conflicts: dict[str, Conflict]
    drivers: Drivers
    evidence: dict[str, Evidence]
    lexicons: Lexicons
    files: tuple[Path, ...] = field(repr=False)
    places: dict[str, str] = field(repr=False, default_factory=dict)
    left_out: tuple[Source, ...] = ()
    exit_class: ExitClass | None = None
    uses: EvidenceUsed = field(default_factory=EvidenceUsed)
    timed: bool = False
    earned: dict[str, Earned] = field(default_factory=dict)

    def trust(self, claim: Claim) -> float:
        """Return how far a claim is believed: its own grade where it has one, else its source's with what it earned."""
        source = self.sources[claim.source]
        grade = self.lexicons.reliability.grades[grade_of(claim, source)]  # type: ignore[index]
        moved = self.earned.get(source.id) if claim.reliability is None else None
        return grade if moved is None else moved.moved(grade)

    def claims_of(self, source_id: str) -> list[Claim]:
        """Return the claims of one source, in file order."""
        return [claim for claim in self.claims.values() if claim.source == source_id]

    @cached_property
    def heard(self) -> dict[str, Heard]:
        """Claims that bear on each driver."""
        in_order = [claim for source in self.sources for claim in self.claims_of(source)]
        return {key: heard_on(driver, in_order) for key, driver in self.drivers.items()}

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Arrows between drivers with the claims that name both ends, then what claims name and nobody drew."""
        return links_of(self.drivers, self.claims, self.sources)

    @cached_property
    def readings(self) -> dict[str, Reading | None]:
        """How each claim's words are read; None where they state no probability."""
        return {key: reading_of(claim, self.lexicons) for key, claim in self.claims.items()}

    @cached_property
    def sizes(self) -> dict[str, str]:
        """Magnitude class of each claim."""
        return {key: size_of(claim, self.lexicons.magnitudes) for key, claim in self.claims.items()}

    def on(self, units: Iterable[str]) -> "Register":
        """Return the same register on some of the case's units only, those that existed at the time."""
        case = self.case.of(units)
        return self if case is self.case else replace(self, case=case, drivers=replace(self.drivers, case=case))

    def reading(self, panel: Path | None) -> "Register":
        """Return the same register with a panel in place of the case's own record; itself where there is none."""
        return self if panel is None else replace(self, case=self.case.reading(panel))

    def using(self, uses: EvidenceUsed) -> "Register":
        """Return the same register with this said of what has a say in the whole effect of the exit."""
        return self if uses == self.uses else replace(self, uses=uses)

    @property
    def exits_used(self) -> ExitClass | None:
        """What exits elsewhere did, where that has a say."""
        return self.exit_class if self.uses.exits else None

    def knowing_exits_by(self, month: str) -> "Register":
        """Return the same register with what was known of exits elsewhere by a month, if the case is of that class."""
        return replace(self, exit_class=_class_of(self.case, month))

    def propositions(self) -> dict[str, list[Claim]]:
        """Return the claims by proposition, propositions in alphabetical order."""
        grouped: dict[str, list[Claim]] = {}
        for claim in self.claims.values():
            grouped.setdefault(claim.proposition, []).append(claim)
        return dict(sorted(grouped.items()))


def load_register(root: Path | None = None) -> Register:
    """Load and cross-check the whole register.

    Parameters
    ----------
    root : Path, optional
        The case's folder; the project in use by default.

    Raises
    ------
    InputError
        With one paragraph for each file that has something wrong: place, line, what, and how to mend it.
    """
    case = open_case(root)
    root = case.root
    seeds, loading = root / "seeds", Loading()
    with suppress(InputError):  # what is wrong with the file is said when it is read for good
        loading.titles = driver_titles(read_yaml(root / "scenarios" / "drivers.yaml"))
    _read_list(loading, loading.sources, Source, seeds / "sources.yaml", "sources")
    for path in sorted((seeds / "claims").glob("*.yaml")):
        _read_list(loading, loading.claims, Claim, path, "claims")
    _read_list(loading, loading.facts, Fact, seeds / "facts.yaml", "facts")
    _read_list(loading, loading.conflicts, Conflict, seeds / "conflicts.yaml", "conflicts")
    _read_list(loading, loading.drivers, Driver, root / "scenarios" / "drivers.yaml", "drivers")
    if (root / EVENTS_FILE).exists():
        _read_list(loading, loading.events, CaseEvent, root / EVENTS_FILE, "events")
    read_evidence(loading, seeds / "evidence")
    lexicons = read_lexicons(loading, seeds / "lexicons")
    check_everything(loading, lexicons, case.definition)
    clock = case.definition.clock
    return Register(
        exit_class=_class_of(case, min(clock.as_of, clock.exit)),
        case=case,
        sources=_records(loading.sources),
        claims=_records(loading.claims),
        facts=_records(loading.facts),
        conflicts=_records(loading.conflicts),
        drivers=Drivers(_placed(loading, case), case),
        evidence=_records(loading.evidence),
        lexicons=lexicons,
        files=tuple(sorted(document.path for document in loading.documents)),
        places={key: entry.place_of("drivers") for key, entry in loading.claims.items()},
    )


def _class_of(case: Case, month: str) -> ExitClass | None:
    of = case.definition.reference_class
    return None if of is None else exit_class(month, of.kind)


def register_words(register: Register) -> dict[str, Counter[str]]:
    """Return how often each hedge and each magnitude string occurs, in lower case, empty ones included."""
    claims = register.claims.values()
    return {
        "hedges": Counter(normalised(claim.hedge) for claim in claims),
        "magnitudes": Counter(normalised(claim.magnitude) for claim in claims),
    }


def _placed(loading: Loading, case: Case) -> dict[str, Driver]:
    drivers: dict[str, Driver] = {}
    for key, entry in loading.drivers.items():
        try:
            drivers[key] = placed(_told_by_events(entry.record, loading), case)
        except InputError as error:
            loading.problems.add(entry.document, (*entry.path, "places"), str(error))
    loading.problems.raise_if_any()
    return drivers


def _told_by_events(driver: Driver, loading: Loading) -> Driver:
    """Return a driver with what the dated events say of it, beside those that it names itself."""
    told = [known for entry in loading.events.values() for known in entry.record.on(driver.id)]
    return driver.model_copy(update={"events": (*driver.events, *told)}) if told else driver


def _records[Kind: Record](table: dict[str, Entry[Kind]]) -> dict[str, Kind]:
    return {key: entry.record for key, entry in table.items()}


def _read_list[Kind: Record](
    loading: Loading, table: dict[str, Entry[Kind]], model: type[Kind], path: Path, root: str
) -> None:
    with loading.going_on():
        document = read_yaml(path, root=root)
        ids_throughout(document, loading.titles, loading.problems)
        loading.documents.append(document)
        for index, record in enumerate(validate_list(model, document)):
            add_entry(loading, table, record, document, (index,))
