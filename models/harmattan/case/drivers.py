"""Drivers of a case with what they need to be read: units, how far these lie apart, and when events happened."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..panel.geography import Geography
from ..schema.driver import Driver
from .opening import Case


@dataclass(frozen=True, eq=False)
class Drivers(Mapping[str, Driver]):
    """Drivers by id, in file order.

    Attributes
    ----------
    by_id : mapping of str to Driver
    case : Case
        Whose drivers they are.
    """

    by_id: Mapping[str, Driver]
    case: Case

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

    def only(self, names: Iterable[str]) -> "Drivers":
        """Return some of the drivers of the same case."""
        return Drivers({name: self.by_id[name] for name in names}, self.case)

    def __getitem__(self, name: str) -> Driver:
        """Return a driver by its id."""
        return self.by_id[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)
