"""Opens the folder of a case once; record, borders and events are handed down from here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.language import DEFAULT, speaking, unit_noun
from ..core.months import LATEST, month_number
from ..core.resources import display_path, project_root
from ..core.smallest_change import SmallestChange
from ..core.telling import CaseWords, telling
from ..panel.bounds import load_bounds
from ..panel.events import date_in_table
from ..panel.geography import Geography, read_geography
from ..panel.ground import MapGround, MapLabel, ground_of
from ..panel.lineage import RecordName, name_of_panel
from ..panel.outlines import Outline, read_outlines, world_outlines
from ..panel.ucdp import living, load_panel
from ..panel.world import other_land_file, shapes_file
from ..schema.case import CASE_FILE, CaseDefinition, DatedByHand, EventInTable, read_case
from ..schema.clock import Clock
from ..schema.events import EVENTS_FILE, CaseEvent, read_events
from ..schema.validation import suggestion
from .files import CaseFiles
from .thresholds import round_thresholds
from .words import texts_files, words_of

PAIRS = "geometry/country_pairs.csv"
"""Borders and distances, below `seeds/data`."""

SHAPES = "geometry/shapes.geojson"
"""Outlines of the units, below `seeds/data`, where `case.yaml` names no other file."""


@dataclass(frozen=True)
class Case(CaseFiles):
    """A folder that says where, when and about whom.

    Attributes
    ----------
    root : Path
        Folder that holds `case.yaml`, `seeds/` and `scenarios/`.
    definition : CaseDefinition
        What `case.yaml` says.
    alive : tuple of str or None
        Units that existed where a run stands; None = all of them.
    panel : Path or None
        A panel that is read in place of the case's own record; sentences name it.
    """

    root: Path
    definition: CaseDefinition
    alive: tuple[str, ...] | None = None
    panel: Path | None = None

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit of the record, in the order of arrays."""
        return self.definition.units.list if self.alive is None else self.alive

    def of(self, units: Iterable[str]) -> "Case":
        """Return the same case with some of its units only, those that existed at the time."""
        kept = tuple(str(unit) for unit in units)
        return self if kept == self.units else replace(self, alive=kept)

    def reading(self, panel: Path | None) -> "Case":
        """Return the same case with a panel in place of its own record; itself where there is none."""
        return self if panel is None else replace(self, panel=panel)

    @property
    def home(self) -> str:
        """The unit that the question is about."""
        return self.definition.units.home

    @property
    def clock(self) -> Clock:
        """What is asked where neither a command nor a scenario asks otherwise."""
        return self.definition.time

    @property
    def headline(self) -> str:
        """Outcome that answers and figures are about."""
        return self.definition.headline

    @property
    def first_scenario(self) -> str:
        """Scenario that commands use where none is named."""
        return self.definition.scenarios.first

    @property
    def second_scenario(self) -> str | None:
        """Scenario that the first is held against; None where the case has only one."""
        return self.definition.scenarios.second

    @property
    def scenario_now(self) -> str:
        """Scenario that a look from after the exit starts with."""
        return self.definition.scenarios.now or self.first_scenario

    @property
    def cards(self) -> tuple[str, ...]:
        """Scenarios told side by side as the range of what may come, first the one that a look from now starts with."""
        return tuple(dict.fromkeys((self.scenario_now, *self.definition.scenarios.cards)))

    @property
    def record_alone(self) -> str:
        """Scenario in which no driver acts."""
        return self.definition.scenarios.record_alone

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Units taken together where scenarios are laid side by side, by the group's English name."""
        return {group.name["en"]: group.units for group in self.definition.groups.values()}

    @cached_property
    def neighbours(self) -> tuple[str, ...]:
        """Units other than home, those first that share the longest border with it, then the nearest, then in order."""
        borders = self.geography.border_lengths().sel(country=self.home)
        apart = self.geography.distances(blanks=True).sel(country=self.home).fillna(np.inf)
        others = [unit for unit in self.units if unit != self.home]
        near = {unit: (-float(borders.sel(neighbour=unit)), float(apart.sel(neighbour=unit))) for unit in others}
        return tuple(sorted(others, key=lambda unit: near[unit]))

    @cached_property
    def thresholds(self) -> tuple[int, ...]:
        """Deaths in twelve months whose chance of being passed is told, lowest first.

        Where the case names none they go by what home had seen by the case's own `as_of`, not by what came later.
        """
        stated = self.definition.thresholds
        if stated != "auto":
            return stated
        return round_thresholds(self.record(as_of=self.clock.as_of).sel(country=self.home), self.headline)

    @property
    def middle_threshold(self) -> int:
        """Threshold of the answer on home."""
        return self.thresholds[(len(self.thresholds) - 1) // 2]

    @property
    def high_threshold(self) -> int:
        """Threshold that explanations ask about."""
        return self.thresholds[len(self.thresholds) // 2]

    @property
    def smallest_change(self) -> SmallestChange:
        """The smallest change that matters: whatever is smaller is called unchanged."""
        return SmallestChange(self.definition.smallest_change)

    def unit(self, code: str) -> str:
        """Return a unit's code.

        Raises
        ------
        InputError
            If the case has no such unit.
        """
        if code not in self.units:
            with telling(self.words), speaking(DEFAULT):
                raise InputError(f"There is no {unit_noun()} {code!r}.{suggestion(code, self.units)}")
        return code

    @property
    def lifetimes(self) -> dict[str, tuple[str | None, str | None]]:
        """First and last month of the units that began or ended within the record."""
        return {unit: (life.first, life.last) for unit, life in self.definition.units.lifetimes.items()}

    def record(self, file: Path | None = None, *, as_of: str | None = None) -> xr.DataArray:
        """Return deaths, dims (month, country, outcome): of the case's panel, or of another one.

        Parameters
        ----------
        file : Path, optional
        as_of : str, optional
            Nothing later is there, and no unit that did not exist then, or not for 36 months.

        Raises
        ------
        InputError
            If the file is not a complete panel of the case's units, or `as_of` leaves no usable record of home.
        """
        panel = load_panel(file or self.record_file, self.definition.units.list, as_of=as_of, lifetimes=self.lifetimes)
        if not self.lifetimes:
            return panel
        kept = [unit for unit in self.units if as_of is None or unit in living(panel)]
        if self.home not in kept:
            raise InputError(
                f"{self.home}, the home of this case, does not exist in {as_of}, or has not for 36 months "
                f"({display_path(self.root / CASE_FILE)}, units.lifetimes). Choose another as_of."
            )
        return panel.sel(country=kept)

    def month(self, as_of: str, file: Path | None = None) -> str:
        """Return a month as it was given, or for `latest` the last of the record, or of the panel `file`.

        Raises
        ------
        InputError
            If it is neither a month nor `latest`.
        """
        if as_of == LATEST:
            return str(self.record(file)["month"].values[-1])
        month_number(as_of)
        return as_of

    @property
    def accord_ended(self) -> str | None:
        """Date of the event with which the case's accord ended; None where there is none."""
        said = self.definition.accord
        return None if said is None or said.ended is None else self.events[said.ended]

    def bounds(self, as_of: str) -> pd.DataFrame:
        """Return UCDP's low, best and high estimates by unit, outcome and month or year (`panel.bounds.load_bounds`).

        Raises
        ------
        InputError
            If the case has no such table.
        """
        if self.bounds_file is None:
            raise InputError(
                f"{display_path(self.root / CASE_FILE)}: record names no table of UCDP's low and high estimates, so "
                "what deaths are plausible cannot be said. Put UCDP's table by country and year into seeds/data and "
                "name it, as in bounds: ucdp/country_year_v251.csv."
            )
        return load_bounds(self.bounds_file, self.bounds_months_file, self.units, as_of)

    @cached_property
    def geography(self) -> Geography:
        """Borders and distances of the units."""
        rule = self.definition.borders
        changed = {(pair.between[0], pair.between[1]): pair.km for pair in rule.pairs}
        return read_geography(self.data / PAIRS, self.units, rule.weight, changed)

    @cached_property
    def events(self) -> "Events":
        """Date of every event, `YYYY-MM` or `YYYY-MM-DD`, read when it is asked for."""
        return Events({**self.definition.events, **self.dated}, self.data)

    @cached_property
    def dated(self) -> dict[str, CaseEvent]:
        """Events of `seeds/events.yaml` by id, with what each says of drivers."""
        return read_events(self.root)

    @cached_property
    def map_ground(self) -> MapGround:
        """What maps of the case are drawn on: its own outlines or the world's, and what `case.yaml` says of maps.

        Raises
        ------
        InputError
            If a file with outlines cannot be read.
        """
        said, own = self.definition.map, self._own_outlines
        labels = {unit: MapLabel(one.at, one.beside, one.line) for unit, one in said.labels.items()}
        around = None if said.around is None else list(read_outlines(self.data / said.around).values())
        return ground_of(
            self.units,
            self.home,
            world_outlines() | own,
            around,
            view=said.view,
            labels=labels,
            tiles=said.tiles,
            legend=said.legend,
            credit=said.credit if own else "Natural Earth",
        )

    @cached_property
    def _own_outlines(self) -> dict[str, Outline]:
        file = self.data / (self.definition.map.shapes or SHAPES)
        return read_outlines(file) if self.definition.map.shapes or file.is_file() else {}

    @cached_property
    def words(self) -> CaseWords:
        """What sentences take from the case: `with telling(case.words):` (`core.telling`)."""
        words, named = words_of(self.root, self.definition), self.record_named
        return replace(words, source=named.source, record=str(named))

    @cached_property
    def record_named(self) -> RecordName:
        """What the record that is read is called: as the case says, or as the panel in its place is."""
        said = RecordName(self.definition.record.source, self.definition.record.release)
        return said if self.panel is None else name_of_panel(self.panel, self.record_file, said)

    @property
    def own_schedule(self) -> frozenset[str]:
        """Events that are the exit itself, as it had been decided: to foresee them is no foresight."""
        return frozenset(name for name, said in self.events.said.items() if said.own_schedule)

    @property
    def files(self) -> list[Path]:
        """Files that the case reads beside its record and register, `case.yaml` first."""
        tables = {said.table for said in self.definition.events.values() if isinstance(said, EventInTable)}
        tables |= {said.row.table for said in self.dated.values() if said.row is not None}
        extra = (self.bounds_file, self.bounds_months_file, self.dyads_file, self.dyads_by_month_file)
        more = [file for file in extra if file is not None]
        tables = {table for table in tables if (self.data / table).is_file()}  # one that is not there is not read
        said = [self.root / CASE_FILE, *texts_files(self.root)]
        said += [file for file in (self.root / EVENTS_FILE,) if file.is_file()]
        return [*said, self.data / PAIRS, *more, *(self.data / table for table in sorted(tables))]

    @property
    def map_files(self) -> list[Path]:
        """Files that maps of the case are drawn from."""
        said = self.definition.map
        own = [self.data / name for name in (said.shapes or SHAPES, said.around) if name]
        found = [file for file in own if file.is_file()]
        return found if len(found) == 2 else [*found, shapes_file(), other_land_file()]


@dataclass(frozen=True)
class Events(Mapping[str, str]):
    """Dates of the events that a case names, each looked up when it is asked for.

    Attributes
    ----------
    said : mapping of event to EventInTable, DatedByHand or CaseEvent
    data : Path
        Folder that tables lie in.
    """

    said: Mapping[str, EventInTable | DatedByHand | CaseEvent]
    data: Path

    def __getitem__(self, event: str) -> str:
        """Return the date of an event, `YYYY-MM` or `YYYY-MM-DD`.

        Raises
        ------
        InputError
            If the table that it stands in cannot be read or does not give it.
        """
        one = self.said[event]
        if isinstance(one, EventInTable):
            return date_in_table(self.data / one.table, one.where, event)
        return one.date

    def __iter__(self) -> Iterator[str]:
        return iter(self.said)

    def __len__(self) -> int:
        return len(self.said)


def open_case(root: Path | None = None) -> Case:
    """Open a case's folder; the project in use where none is named.

    Raises
    ------
    InputError
        If the folder holds no case, or `case.yaml` is wrong.
    """
    folder = Path(root) if root is not None else project_root()
    return Case(folder, read_case(folder))
