"""Words that the case decides on, held against `case.yaml`: units, places, events and what claims may be about."""

from collections.abc import Iterable, Iterator

from ..core.names import ONE_SIDED_PARTS
from ..schema.case import CASE_FILE, CaseDefinition
from ..schema.driver import Driver
from ..schema.events import EVENTS_FILE
from ..schema.records import Claim
from ..schema.resolution import DatedEvent, NothingSettles
from ..schema.vocabulary import HOME
from ..schema.yaml_source import YamlPath
from .loading import Entry, Loading

WHAT = {"units": "unit", "places": "place", "events": "event", "outcomes": "outcome"} | {
    "where": "unit",
    "origins": "unit",
}

PLACES = {"events": f"{CASE_FILE} or {EVENTS_FILE}"}
"""Where words of a kind stand that `case.yaml` does not hold alone."""

Said = tuple[YamlPath, str, str]
"""Path inside an entry, kind of word, word."""


def check_words_of_case(loading: Loading, case: CaseDefinition) -> None:
    """Note every word of claims and drivers that the case does not know."""
    for claim in loading.claims.values():
        _note(loading, claim.document, claim.path, _words_of_claim(claim.record), case)
        _note_who_kills(loading, claim, case)
    for driver in loading.drivers.values():
        _note(loading, driver.document, driver.path, _words_of_driver(driver.record), case)
        if {HOME, case.units.home} <= set(driver.record.places):
            told = f"home is {case.units.home} here, so its share stands twice; keep one of the two."
            loading.problems.add(driver.document, (*driver.path, "places", HOME), told)
        named = [name for name in driver.record.outcomes if name in ONE_SIDED_PARTS]
        if named and case.record.dyads_by_month is None:
            told = (
                f"{named[0]} says who kills, and record.dyads_by_month of case.yaml names no table that tells who did "
                "before. Name UCDP's deaths by dyad and month there, or write one_sided."
            )
            loading.problems.add(driver.document, (*driver.path, "outcomes", named[0]), told)


def _note_who_kills(loading: Loading, claim: Entry[Claim], case: CaseDefinition) -> None:
    """Note a rule that says who kills, in a case that has no table that tells."""
    outcomes = getattr(claim.record.resolution, "outcomes", ())
    named = [name for name in outcomes if name in ONE_SIDED_PARTS]
    if named and case.record.dyads_by_month is None:
        told = (
            f"{named[0]} says who kills, and record.dyads_by_month of case.yaml names no table that tells. Name UCDP's "
            "deaths by dyad and month there, or write one_sided."
        )
        loading.problems.add(claim.document, (*claim.path, "resolution", "outcomes"), told)


def _note(loading: Loading, document: object, at: YamlPath, said: Iterable[Said], case: CaseDefinition) -> None:
    for path, kind, word in said:
        known = [*case.words(kind), *(loading.events if kind == "events" else ())]
        if word not in known:
            told = f"{WHAT[kind]} of the case ({PLACES.get(kind, CASE_FILE)})"
            loading.problems.add_unknown(document, (*at, *path), told, word, known)  # type: ignore[arg-type]


def _words_of_claim(claim: Claim) -> Iterator[Said]:
    yield ("outcome",), "outcomes", claim.outcome
    for number, place in enumerate(claim.places):
        yield ("places", number), "places", place
    rule = claim.resolution
    if isinstance(rule, DatedEvent):
        yield ("resolution", "event"), "events", rule.event
    elif rule is not None and not isinstance(rule, NothingSettles):
        for number, unit in enumerate(rule.places):
            yield ("resolution", "places", number), "units", unit


def _words_of_driver(driver: Driver) -> Iterator[Said]:
    for unit in driver.places:
        yield ("places", unit), "where", unit
    if driver.distance_decay is not None:
        yield ("distance_decay", "origin"), "origins", driver.distance_decay.origin
    for number, event in enumerate(driver.events):
        yield ("events", number, "event"), "events", event.event
