"""The order of the brief: sections and what stands in each, once for the page and once for print."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..core.language import DEFAULT, current, has_translation, phrase, translate
from ..plots.numbers import opening
from .content import BriefContent, BriefFigure, Card, Derivation, SourceNote, Statement
from .tables import Table
from .words import month_words, scenario_words


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True)
class Terms:
    """Terms with what they mean; `style` is ``explained`` or ``facts``, `lang` the language where nobody translated."""

    pairs: tuple[tuple[str, str], ...]
    style: str = "explained"
    lang: str = ""


@dataclass(frozen=True)
class Points:
    """A list; each point has a strong beginning, which may be empty, and the rest."""

    points: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sources:
    """Documents and data as they are cited."""

    notes: tuple[SourceNote, ...]


@dataclass(frozen=True)
class TableMaking:
    """How a table is made: shown where all derivations stand."""

    table: Table
    sentence: str
    command: str


Block = Statement | Card | Heading | Terms | Points | Sources | Table | BriefFigure | Derivation | TableMaking


@dataclass(frozen=True)
class Section:
    """A section of the brief.

    Attributes
    ----------
    id : str
        Anchor, and the key of its heading where no other is given.
    blocks : tuple of Block
        What stands in it, in order.
    key : str
        Key of the heading, where it is not the anchor.
    """

    id: str
    blocks: tuple[Block, ...]
    key: str = ""

    @property
    def pictures(self) -> tuple[Block, ...]:
        """What stands beside the rest where there is room: figures; else tables and cards, where anything is said."""
        figures = tuple(block for block in self.blocks if isinstance(block, BriefFigure))
        if figures or not any(isinstance(block, Statement) for block in self.blocks):
            return figures
        return tuple(block for block in self.blocks if isinstance(block, Table | Card))

    @property
    def words(self) -> tuple[Block, ...]:
        """The rest."""
        beside = self.pictures
        return tuple(block for block in self.blocks if not any(block is one for one in beside))

    @property
    def heading(self) -> str:
        """The section's heading in the reader's language."""
        return opening(phrase(f"sections.{self.key or self.id}"))


def outline(content: BriefContent) -> tuple[Section, ...]:
    """Return the sections of a brief in their order."""
    horizons = [b for h, table in content.contrast.items() for b in (Heading(phrase(f"sections.contrast_{h}")), table)]
    tracked = (
        content.hindcast,
        content.own_coverage,
        content.scorecard,
        *content.by_past_horizon,
        content.calibration_figure,
        content.calibration,
        content.diagnostics,
    )
    sections = (
        _section(content, "since", *content.since),
        _section(
            content,
            "forecast",
            content.cards,
            content.ahead,
            content.toll,
            content.by_horizon,
            *content.forecast_figures,
            content.months,
            before=_scenarios(content),
            key="" if content.assumed is not None else "forecast_alone",
        ),
        _section(content, "contrast", content.contrast_figure, *horizons),
        _section(content, "exceedance", content.exceedance_figure, content.exceedance),
        _section(
            content,
            "people",
            *(content.who_kills_figure, content.who_kills, content.killed_by_year),
            *(content.people_figure, *content.people),
            after=_not_forecast(content),
        ),
        _section(
            content, "spillover", content.spillover_figure, content.spillover, content.held, after=(content.flows,)
        ),
        _section(content, "watched", content.map_figure, content.watched),
        _section(
            content,
            "record",
            *(content.around_exit, content.around_exit_plausible),
            *(content.yearly, content.record, content.inside),
        ),
        _section(
            content,
            "drivers",
            *(content.exit_effect_figure, content.exit_effect),
            *(content.drivers_figure, content.drivers),
            *(content.tornado_figure, content.tornado),
        ),
        _section(content, "fragile", *content.fragile),
        _section(content, "actors", content.levers),
        _section(content, "watch", *content.watch),
        _section(content, "documents", content.verdicts, content.documents_expect),
        _section(content, "track", *tracked),
        Section("limits", () if content.looks_back else tuple(_limits(content))),
        Section("quantities", () if content.looks_back else (Terms(quantities()),)),
        Section("derivation", tuple(_derivation(content))),
        Section("sources", (Sources(content.sources),) if content.sources else ()),
        Section("made", (Terms(tuple(content.generated_from.items()), "facts"),)),
    )
    return tuple(section for section in sections if section.blocks)


def _section(
    content: BriefContent,
    name: str,
    *blocks: Block | None,
    before: tuple[Block, ...] = (),
    after: tuple[Block, ...] = (),
    key: str = "",
) -> Section:
    untold = name == "track" and not len(content.hindcast.frame)
    of_lead = f"sections.{key or name}_lead{'_none' if untold else ''}"
    said = [phrase(of_lead, month=month_words(content.as_of))] if of_lead in current().phrases else []
    lead = " ".join(filter(None, (*said, content.notes.get(name)))) if said else ""
    found = content.findings.get(name, ())
    shown = [block for block in blocks if block is not None and not (isinstance(block, Table) and not len(block.frame))]
    if not (found or shown):
        return Section(name, ())
    opening = (Statement(lead),) if lead and shown else ()
    return Section(name, (*opening, *before, *found, *shown, *content.more_figures.get(name, ()), *after), key)


def _not_forecast(content: BriefContent) -> tuple[Block, ...]:
    """Return what readers ask for and is not forecast, with the reasons."""
    if not content.not_forecast:
        return ()
    return (Heading(phrase("sections.people_not")), Terms(content.not_forecast))


def _scenarios(content: BriefContent) -> tuple[Block, ...]:
    return tuple(
        Terms(((_named(content, name), translate(text)),), lang="" if has_translation(text) else DEFAULT)
        for name, text in content.scenarios.items()
    )


def _named(content: BriefContent, name: str) -> str:
    """Return a scenario's title, as sentences have it, with the short name of figures and tables."""
    short = scenario_words(name)
    if name not in content.titles:
        return short
    return phrase("page.scenario", title=translate(content.titles[name]), short=short)


def _limits(content: BriefContent) -> Iterator[Block]:
    for name in ("cause", "otherwise", "counted", "assumed"):
        if (name == "otherwise" and not content.contrast) or (name == "assumed" and content.assumed is None):
            continue
        yield Heading(phrase(f"limits.{name}"))
        if name == "assumed" and content.assumed is not None:
            yield content.assumed
        note = content.notes.get(name, "")
        yield Statement(phrase(f"limits.{name}_text", note=f" {note}" if note else ""))
        if name == "counted" and content.plausible is not None:
            yield content.plausible
        if name == "counted":
            yield from _how_counted(content)
        if name == "cause" and content.shocks:
            yield Points(tuple((shock.when, shock.what) for shock in content.shocks))
    for limit in content.limits:
        yield Statement(limit)


def _how_counted(content: BriefContent) -> Iterator[Block]:
    if content.counted is not None:
        yield content.counted
    if content.counting is not None and len(content.counting.frame):
        yield content.counting


QUANTITIES = (
    "expected",
    "median",
    "in_hundred",
    "interval",
    "ratio",
    "paired",
    "error",
    "skill",
    "coverage",
    "brier",
    "fact",
)
"""What the page measures, each with one name and one definition: the language files hold both."""


def quantities() -> tuple[tuple[str, str], ...]:
    """Return the name of each quantity with its definition."""
    return tuple((phrase(f"quantities.{name}"), phrase(f"quantities.{name}_means")) for name in QUANTITIES)


def _derivation(content: BriefContent) -> Iterator[Block]:
    yield Statement(phrase("sections.derivation_lead"))
    yield content.counts
    for table in content.tables():
        if table.id in content.making:
            making = content.making[table.id]
            yield TableMaking(table, making.sentence, making.command)
    yield from content.derivations
