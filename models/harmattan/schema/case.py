"""The case: where, when and about whom, as `case.yaml` says it. Nothing missing falls back to another case."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from ..core.errors import InputError
from ..core.months import month_number
from ..core.resources import display_path
from ..core.smallest_change import USUAL
from ..core.telling import UCDP
from .case_breaks import Accord, CoupTable, NotForecast, PeopleTold
from .case_map import MapOf
from .case_scenarios import ScenarioPair
from .case_words import EventForms, Notes, UnitCode, UnitForms, UnitNoun, WatchedForms, Wording, note_problem
from .clock import AllHorizons, Clock, MonthsAhead
from .dates import EventDate
from .merging import Merged
from .validation import Problems, validate
from .vocabulary import (
    CLAIM_OUTCOMES,
    HOME,
    NEIGHBOURS,
    Flag,
    Identifier,
    Month,
    Number,
    OutcomeName,
    Record,
    Text,
    Whole,
)
from .yaml_source import YamlDocument, YamlPath, read_yaml

CASE_FILE = "case.yaml"
FORMAT = 1
"""Version of the file; the program refuses one that it does not know."""

Word = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$")]


class Lifetime(Record):
    """Months in which a unit exists; where one is left out it is open. Outside, the record is missing, not zero."""

    first: Month | None = None
    last: Month | None = None
    why: Text
    """What happened, and which unit's record holds it before or after."""

    @model_validator(mode="after")
    def _in_order(self) -> "Lifetime":
        if self.first and self.last and month_number(self.first) > month_number(self.last):
            raise ValueError(f"first ({self.first}) lies after last ({self.last}); exchange them.")
        return self


class Units(Record):
    """What the record counts in."""

    level: Literal["country", "admin1"]
    """Whole countries, or first-level regions of one or more."""
    home: UnitCode
    """Unit that the question is about."""
    list: Annotated[tuple[UnitCode, ...], Field(min_length=1)]
    """Every unit of the record, in the order of tables and figures."""
    shown: tuple[UnitCode, ...] | Literal["auto"] = "auto"
    """Neighbours that stand beside home; auto = those with most deaths expected."""
    in_tables: tuple[UnitCode, ...] = ()
    """Units that tables of the record show; home and the neighbours shown where none is named."""
    lifetimes: dict[UnitCode, Lifetime] = Field(default_factory=dict)
    """Only units that began or ended within the record."""
    called: Literal["country", "region", "place"] | dict[str, UnitNoun] | None = None
    """What a unit is, in sentences: one of these words, or another by language; null = by level, country or region."""
    names: dict[UnitCode, dict[str, UnitForms]] = Field(default_factory=dict)
    """Names by language, only where the world's own are not wanted, or for first-level units."""


class Watched(Record):
    """Units that violence may reach: how likely a year's deaths are to pass the threshold there is told."""

    id: Word
    units: Annotated[tuple[UnitCode, ...], Field(min_length=1)]
    threshold: Annotated[Whole, Field(ge=1)]
    """Deaths of all kinds in twelve months."""
    name: Wording
    """In the plural and without an article, as after a number."""
    forms: dict[str, WatchedForms] = Field(default_factory=dict)
    """The same within sentences, by language; general words stand where it is missing."""


class Group(Record):
    """Units taken together where scenarios are laid side by side."""

    units: Annotated[tuple[UnitCode, ...], Field(min_length=1)]
    name: Wording


class Place(Record):
    """A word that claims may use for a place: units, or a part of one."""

    units: Annotated[tuple[UnitCode, ...], Field(min_length=1)]
    part: Flag = False
    """True where it is only a part of its unit, so that no total of the unit settles a claim about it."""


class EventInTable(Record):
    """Date of an event that stands in a table of `seeds/data`; the last row that has these values counts."""

    table: Text
    """CSV file below seeds/data, with a column `date`."""
    where: Annotated[dict[str, str], Field(min_length=1)]
    """Column to value."""
    own_schedule: Flag = False
    """True where it is the exit itself, as it had been decided: to foresee it is no foresight."""


class DatedByHand(Record):
    """Date of an event with the source that gives it."""

    date: EventDate
    source: Text
    own_schedule: Flag = False
    """As in a table's event."""


class CaseClock(Record):
    """What is asked where neither a command nor a scenario asks otherwise."""

    as_of: Month
    """Last month whose observations are used."""
    exit: Month
    """Month 0 of the horizons: the exit or other event whose consequences are asked for."""
    months: MonthsAhead = 60
    """Months simulated after `as_of`."""
    claims_as_of: Month | None = None
    """Leaves out documents that were not certainly written by this month; null = all are used."""


class Shock(Record):
    """What else happened in those months and cannot be told apart from the event."""

    when: Wording
    text: Wording


class BorderOverride(Record):
    """Weight of one pair of neighbours in place of the rule's, in kilometres of border that it counts as."""

    between: tuple[UnitCode, UnitCode]
    km: Annotated[Number, Field(ge=0)]
    why: Text


class Borders(Record):
    """How much a neighbour counts."""

    weight: Literal["sqrt-length", "length", "equal"]
    guessed: Flag = False
    """True where nobody measured which units touch: figures of what crosses borders say so."""
    pairs: tuple[BorderOverride, ...] = ()


class Excluded(Record):
    """Months of a unit that hold no month's deaths: a summary event, a gap of the source."""

    unit: UnitCode
    first: Month
    last: Month
    why: Text


class RecordOf(Record):
    """Which record the case rests on."""

    file: Text
    """CSV file below seeds/data, of the form of `seeds/data/ucdp/country_month.csv`."""
    source: Text = UCDP
    """Name of the publisher's data set, as sentences and figures cite it; one whose name begins with UCDP is UCDP's."""
    release: Text
    bounds: Text | None = None
    """CSV file below seeds/data with UCDP's low and high estimates by country and year; null = none."""
    bounds_months: Text | None = None
    """The same by month, beside `bounds`: of units that it covers, months stand for years; null = none."""
    flows: Text | None = None
    """CSV file below seeds/data with UNHCR's new refugees by origin, asylum country and year; null = none."""
    displaced: Text | None = None
    """CSV file below seeds/data with IDMC's people displaced inside each country by year; null = none."""
    refugees: Text | None = None
    """CSV file below seeds/data with UNHCR's refugees by origin at the end of each year; null = none."""
    aid: Text | None = None
    """CSV file below seeds/data with OCHA's figures of what aid got, by country and year; null = none."""
    dyads: Text | None = None
    """CSV file below seeds/data with UCDP's deaths by dyad, country and month; null = none."""
    dyads_by_month: Text | None = None
    """CSV file below seeds/data with UCDP's deaths by dyad and month, and the units where UCDP records the dyad, which
    tells who killed civilians; null = none."""
    coups: CoupTable | None = None
    """Null = none."""
    aid_workers: Text | None = None
    """CSV file below seeds/data with attacks on aid workers by country and month; null = none."""
    excluded: tuple[Excluded, ...] = ()


class ReferenceClass(Record):
    """Like events elsewhere whose consequences are evidence on this one."""

    of: Literal["exits"]
    """Exits of missions (seeds/evidence/exits.yaml of the program)."""
    kind: Literal["any", "done", "left"] = "any"
    """Of these: mandate done or handed over, or sent away or collapsed."""


class CaseDefinition(Record):
    """What `case.yaml` says."""

    format: Literal[1]
    id: Word
    title: Wording
    actor: Text | None = None
    """Who leaves, or what the event is called, as sentences name it; null where the case is about none."""
    event: dict[str, EventForms] = Field(default_factory=dict)
    """What happens in the month of the exit, by language; where it is missing sentences say "the event"."""
    units: Units
    clock: CaseClock
    horizons: AllHorizons
    """First and last month after the exit."""
    headline: OutcomeName
    """What answers, thresholds and figures are about; one_sided is civilians killed on purpose."""
    thresholds: Annotated[tuple[Whole, ...], Field(min_length=1)] | Literal["auto"] = "auto"
    """Deaths in twelve months; auto = round numbers around the record of home."""
    smallest_change: Annotated[Number, Field(gt=0, lt=1)] = USUAL
    """Smallest change of deaths, as a share, that words such as better or rose are said of; half of it for chances."""
    watched: Watched | None = None
    groups: dict[Word, Group] = Field(default_factory=dict)
    places: dict[Word, Place] = Field(default_factory=dict)
    events: dict[Identifier, EventInTable | DatedByHand] = Field(default_factory=dict)
    scenarios: ScenarioPair
    accord: Accord | None = None
    """Null where the case is about none; its end is told among the things that may break."""
    people: PeopleTold = Field(default_factory=PeopleTold)
    not_forecast: tuple[NotForecast, ...] = ()
    """Told beside what is forecast."""
    reference_class: ReferenceClass | None = None
    """Null where the event is no exit of a mission."""
    shocks: tuple[Shock, ...] = ()
    notes: Notes = Field(default_factory=Notes)
    borders: Borders
    record: RecordOf
    outcome_words: tuple[Word, ...] = ()
    """What claims of this case may be about, beside the program's general list."""
    map: MapOf = Field(default_factory=MapOf)

    @field_validator("thresholds")
    @classmethod
    def _rising(cls, told: tuple[int, ...] | str) -> tuple[int, ...] | str:
        if isinstance(told, tuple) and (list(told) != sorted(set(told)) or told[0] < 1):
            raise ValueError("thresholds are numbers of deaths, 1 or more, the lowest first and each once.")
        return told

    @model_validator(mode="after")
    def _whole(self) -> "CaseDefinition":
        for text in self.wordings().values():
            if "en" not in text:
                raise ValueError(f"the text {next(iter(text.values()))!r} has no English (en); add it.")
        return self

    @property
    def time(self) -> Clock:
        """The clock with its horizons."""
        return Clock(**self.clock.model_dump(), horizons=self.horizons)

    def words(self, what: str) -> list[str]:
        """Return the words that files of the case may use.

        Parameters
        ----------
        what : {"units", "places", "events", "outcomes", "where", "origins"}
            Places are those of claims, where and origins those of drivers; units belong to each of the three.
        """
        units = list(self.units.list)
        known = {"units": units, "places": units + list(self.places), "events": list(self.events)}
        known |= {"outcomes": [*CLAIM_OUTCOMES, *self.outcome_words]}
        return (known | {"where": [HOME, NEIGHBOURS, *units], "origins": [HOME, *units]})[what]

    def wordings(self) -> dict[str, dict[str, str]]:
        """Return every text of the case by what it is of, each by language."""
        found = {"title": self.title} | {f"groups.{name}.name": group.name for name, group in self.groups.items()}
        if isinstance(self.units.called, dict):
            found["units.called"] = {code: noun.name for code, noun in self.units.called.items()}
        if self.event:
            found["event"] = {code: forms.name for code, forms in self.event.items()}
        if self.watched is not None:
            found["watched.name"] = self.watched.name
        if self.accord is not None:
            found["accord.name"] = self.accord.name
        for number, one in enumerate(self.not_forecast):
            found |= {f"not_forecast.{number}.what": one.what, f"not_forecast.{number}.why": one.why}
        found |= {f"notes.{key}": text for key, text in self.notes.wordings().items()}
        for number, shock in enumerate(self.shocks):
            found |= {f"shocks.{number}.when": shock.when, f"shocks.{number}.text": shock.text}
        return found


def read_case(folder: Path) -> CaseDefinition:
    """Read and check `case.yaml` of a project folder.

    Raises
    ------
    InputError
        If it is missing, is of another format, or names a unit that it does not list.
    """
    if not (folder / CASE_FILE).exists():
        raise InputError(
            f"{display_path(folder / CASE_FILE)}: there is no such file, and a case needs one to say which units and "
            "dates it is about. Make a case with `harmattan new case FOLDER --home ISO3 --exit YYYY-MM`; a project "
            "made with version 0.5 or before takes the case.yaml that `harmattan new case FOLDER --copy` writes."
        )
    document = read_yaml(folder / CASE_FILE)
    case = validate(CaseDefinition, document)
    _check_units(case, document)
    return case


def clock_of(folder: Path) -> Merged:
    """Return what is asked where a scenario asks nothing else, with the place of each value in `case.yaml`."""
    document, case = read_yaml(folder / CASE_FILE), read_case(folder)
    told: dict[YamlPath, YamlPath] = {(name,): ("clock", name) for name in document.data["clock"]}
    told |= {("horizons", name): ("horizons", name) for name in case.horizons}
    return Merged(case.time.model_dump(mode="json"), {path: (document, place) for path, place in told.items()})


def _check_units(case: CaseDefinition, document: YamlDocument) -> None:
    problems, known = Problems(), case.units.list
    named: list[tuple[tuple[str | int, ...], str]] = [(("units", "home"), case.units.home)]
    if case.units.shown != "auto":
        named += [(("units", "shown", i), unit) for i, unit in enumerate(case.units.shown)]
    named += [(("units", "in_tables", i), unit) for i, unit in enumerate(case.units.in_tables)]
    named += [(("units", key, unit), unit) for key in ("lifetimes", "names") for unit in getattr(case.units, key)]
    if case.watched is not None:
        named += [(("watched", "units", i), unit) for i, unit in enumerate(case.watched.units)]
    if case.accord is not None:
        named.append((("accord", "unit"), case.accord.unit))
        if case.accord.ended is not None and case.accord.ended not in case.events:
            problems.add_unknown(document, ("accord", "ended"), "event in events", case.accord.ended, case.events)
    for key, table in (("groups", case.groups), ("places", case.places)):
        for name, entry in table.items():
            named += [((key, name, "units", i), unit) for i, unit in enumerate(entry.units)]
    for i, pair in enumerate(case.borders.pairs):
        named += [(("borders", "pairs", i, "between", side), unit) for side, unit in enumerate(pair.between)]
    named += [(("record", "excluded", i, "unit"), months.unit) for i, months in enumerate(case.record.excluded)]
    named += [(("map", key, unit), unit) for key in ("labels", "tiles") for unit in getattr(case.map, key)]
    for path, unit in named:
        if unit not in known:
            problems.add_unknown(document, path, "unit in units.list", unit, known)
    if len(set(known)) < len(known):
        twice = next(unit for unit in known if known.count(unit) > 1)
        problems.add(document, ("units", "list"), f"{twice} stands there twice; keep one.")
    if isinstance(case.units.called, dict):
        for code, noun in case.units.called.items():
            wrong = UnitNoun.problem(code, noun.kind)
            if wrong:
                problems.add(document, ("units", "called", code, "kind"), wrong)
    for key, text in case.notes.wordings().items():
        for code, note in text.items():
            wrong = note_problem(note, known)
            if wrong:
                problems.add(document, ("notes", key, code), wrong)
    _check_map(case, document, problems)
    problems.raise_if_any()


def _check_map(case: CaseDefinition, document: YamlDocument, problems: Problems) -> None:
    homeless = [unit for unit in case.units.list if unit not in case.map.tiles]
    if case.map.tiles and homeless:
        problems.add(document, ("map", "tiles"), f"{', '.join(homeless)} has no tile; give every unit one, or none.")
    if case.map.view is None:
        return
    west, east, south, north = case.map.view
    for unit, label in case.map.labels.items():
        for key in ("at", "beside", "line"):
            spot = getattr(label, key)
            if spot is not None and not (west <= spot[0] <= east and south <= spot[1] <= north):
                problems.add(
                    document,
                    ("map", "labels", unit, key),
                    f"[{spot[0]:g}, {spot[1]:g}] lies outside of map.view, where it would not be seen; write "
                    "[longitude, latitude] within it, or widen the view.",
                )
