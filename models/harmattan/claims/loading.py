"""Files of a register while they are read: each record with its place, and all that is wrong, said at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ..core.errors import InputError
from ..schema.driver import Driver
from ..schema.events import CaseEvent
from ..schema.records import Claim, Conflict, Fact, Source
from ..schema.validation import Problems
from ..schema.vocabulary import Record
from ..schema.yaml_source import YamlDocument, YamlPath


@dataclass(frozen=True)
class Entry[Kind: Record]:
    """A record with the place it stands in, so that cross-checks can point to it."""

    record: Kind
    document: YamlDocument
    path: YamlPath

    def place_of(self, key: str) -> str:
        """Return file and line of one key of the record."""
        return f"{self.document.name}:{self.document.line_of((*self.path, key))}"


@dataclass
class Loading:
    """Everything that was read so far, and what is wrong with it: what the loader hands to the cross-checks."""

    sources: dict[str, Entry[Source]] = field(default_factory=dict)
    claims: dict[str, Entry[Claim]] = field(default_factory=dict)
    facts: dict[str, Entry[Fact]] = field(default_factory=dict)
    conflicts: dict[str, Entry[Conflict]] = field(default_factory=dict)
    drivers: dict[str, Entry[Driver]] = field(default_factory=dict)
    events: dict[str, Entry[CaseEvent]] = field(default_factory=dict)
    evidence: dict[str, Entry[Any]] = field(default_factory=dict)
    documents: list[YamlDocument] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    unreadable: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    lexicons: list[tuple[YamlDocument, Record]] = field(default_factory=list)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Keep what is wrong with one file for later, so that all files are read and all are reported at once."""
        try:
            yield
        except InputError as error:
            self.unreadable.append(str(error))

    def raise_if_unreadable(self) -> None:
        """Raise one InputError for all files that could not be read or do not fit the schema."""
        if self.unreadable:
            raise InputError("\n".join(self.unreadable))


def add_entry[Kind: Record](
    loading: Loading, table: dict[str, Entry[Kind]], record: Kind, document: YamlDocument, path: YamlPath
) -> None:
    """Keep a record under its id, and note one that was there already."""
    key = record.id  # type: ignore[attr-defined]
    if key in table:
        first = table[key]
        where = f"{first.document.name}, line {first.document.line_of(first.path)}"
        loading.problems.add(document, (*path, "id"), f"the id {key!r} stands already in {where}; give this another.")
    table[key] = Entry(record, document, path)
