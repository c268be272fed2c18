"""Drivers of a case with what they need to be read: units, how far these lie apart, and when events happened."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ..panel.geography import Geography
from ..schema.driver import Driver
from .opening import Case
from .perpetrators import shares_of_state


@dataclass(frozen=True, eq=False)
class Drivers(Mapping[str, Driver]):
    """Drivers by id, in file order.

    Attributes
    ----------
    by_id : mapping of str to Driver
    case : Case
        Whose drivers they are.
    until : str or None
        Last month of the record, `YYYY-MM`, that says who killed before drivers act; where None, that of the case's
        own exit or `as_of`, whichever is earlier.
    """

    by_id: Mapping[str, Driver]
    case: Case
    until: str | None = None

    @property
    def geography(self) -> Geography:
        """Units that shares by place are of, in the order of arrays, and distances that shares may fall with."""
        return self.case.geography

    @property
    def units(self) -> tuple[str, ...]:
        """Units of the case, in the order of arrays."""
        return self.case.units

    @property
    def events(self) -> Mapping[str, str]:
        """When dated events happened, `YYYY-MM` or `YYYY-MM-DD`."""
        return self.case.events

    @cached_property
    def shares_of_state(self) -> dict[str, float]:
        """Share of civilians killed whom the state killed, by unit, before drivers that name a perpetrator act.

        Raises
        ------
        InputError
            If the case has no table that tells who killed.
        """
        return shares_of_state(self.case, self.until or min(self.case.clock.as_of, self.case.clock.exit))

    def only(self, names: Iterable[str]) -> "Drivers":
        """Return some of the drivers of the same case."""
        return replace(self, by_id={name: self.by_id[name] for name in names})

    def __getitem__(self, name: str) -> Driver:
        """Return a driver by its id."""
        return self.by_id[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)
