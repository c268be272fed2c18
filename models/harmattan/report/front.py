"""The brief's own page: a first screen of a few lines and one picture, then a screen for each question."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..core.language import phrase
from .content import BriefContent, BriefFigure, Statement
from .outline import Section
from .tables import Table

MOST_WORDS = 120
"""Words of the first screen: what is read in half a minute."""

EXIT = "exit/"
"""Begins the ids of tables that stand in the annex on the exit, and is the folder of their files."""


@dataclass(frozen=True)
class Line:
    """One line of the first screen: what it is about, what is said, and the tables with its numbers."""

    label: str
    sentence: str
    tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Front:
    """Everything that the brief's own page shows.

    Attributes
    ----------
    title, stamp : str
        The stamp gives the date of issue, of the data and of the documents.
    lead : Line
        What the lines are about; its label is empty.
    lines : tuple of Line
    trust : Line
        How often such ranges held here.
    picture : BriefFigure
    sections : tuple of Section
    now : BriefContent
        Of the look from now, whose annex has its tables.
    past : BriefContent or None
        Of the time of the exit, whose tables have ids that begin with `EXIT` here.
    """

    title: str
    stamp: str
    lead: Line
    lines: tuple[Line, ...]
    trust: Line
    picture: BriefFigure
    sections: tuple[Section, ...]
    now: BriefContent
    past: BriefContent | None = None

    def __post_init__(self) -> None:
        known = {table.id for table in self.now.tables()}
        if self.past is not None:
            known |= {EXIT + table.id for table in self.past.tables()}
        missing = {name for said in self.said() for name in said.tables} - known
        if missing:
            raise ValueError(f"A sentence points to a table that is not there: {', '.join(sorted(missing))}.")

    def first_screen(self) -> tuple[Line, ...]:
        """Return the lines of the first screen in their order."""
        return (self.lead, *self.lines, self.trust)

    def said(self) -> Iterator[Line | Statement]:
        """Yield everything that is said with the tables that hold its numbers."""
        yield from self.first_screen()
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, Statement))

    def figures(self) -> tuple[BriefFigure, ...]:
        """Return the figures in the order of the page."""
        shown = (block for section in self.sections for block in section.blocks if isinstance(block, BriefFigure))
        return (self.picture, *shown)

    def table_numbers(self) -> dict[str, str]:
        """Return how each table is numbered, as its annex has it; one on the exit says so."""
        numbers = {table.id: str(number) for number, table in enumerate(self.now.tables(), start=1)}
        past = () if self.past is None else self.past.tables()
        return numbers | {
            EXIT + table.id: phrase("front.exit_table", number=number) for number, table in enumerate(past, start=1)
        }

    def shown_tables(self) -> tuple[Table, ...]:
        """Return the tables that stand on the page itself."""
        return tuple(block for section in self.sections for block in section.blocks if isinstance(block, Table))
