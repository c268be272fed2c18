"""What the brief says, apart from how it looks: one frozen object, checked before a page is made from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .tables import Table
from .words import mixes_likelihood_and_confidence

SECTIONS: tuple[str, ...] = (
    "since",
    "forecast",
    "contrast",
    "exceedance",
    "people",
    "spillover",
    "watched",
    "places",
    "record",
    "drivers",
    "fragile",
    "actors",
    "watch",
    "documents",
    "track",
)
"""Sections that may open with statements of their own (see `BriefContent.findings`)."""


@dataclass(frozen=True)
class Statement:
    """One sentence with the ids of the tables that hold its numbers (none when it has no numbers).

    `label` is the question that it answers, where it stands as a row among others.
    """

    sentence: str
    tables: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Answer:
    """One headline: the question it answers, likelihood with its number, and confidence in a sentence of its own.

    `tables` hold the numbers of both.
    """

    question: str
    sentence: str
    tables: tuple[str, ...]
    confidence: str = ""


@dataclass(frozen=True)
class Card:
    """A few terms with what they are, under a title."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BriefFigure:
    """A figure with its words.

    `png` is for print, `svg` and `narrow` (for phones) are what pages show (`inline_svg`); `tables` hold its numbers.
    """

    id: str
    title: str
    png: bytes
    caption: str
    alternative: str
    svg: str
    narrow: str = ""
    tables: tuple[str, ...] = ()

    def inks(self) -> tuple[str, ...]:
        """Return what pages show of it: one drawing or two."""
        return (self.svg, self.narrow) if self.narrow else (self.svg,)


@dataclass(frozen=True)
class Shock:
    """Something else that happened around the exit, which one treated unit cannot tell from it."""

    when: str
    what: str


@dataclass(frozen=True)
class SourceNote:
    """A document or data set as it is cited: its role here, full citation, and licence or attribution."""

    id: str
    citation: str
    role: str
    attribution: str = ""


@dataclass(frozen=True)
class Making:
    """How a table is made: in words, and the command that makes its numbers again."""

    sentence: str
    command: str


@dataclass(frozen=True)
class Derivation:
    """How a driver's prior comes from claims: `table` lists them, `command` shows the arithmetic."""

    id: str
    title: str
    summary: str
    command: str
    table: Table


@dataclass(frozen=True)
class BriefContent:
    """Everything the brief shows.

    Parameters
    ----------
    title : str
    as_of, exit_month : str
        `YYYY-MM`.
    scenarios : mapping of str to str
        Name to one sentence that says what it assumes, in the order of the figures.
    titles : mapping of str to str
        Name to the title that sentences use.
    generated_from : mapping of str to str
        Versions, seed, draws and hashes: what makes the page reproducible.
    documents : str
        Between which months the documents are dated, in words.
    dates : tuple of str
        Sentences on what was written or revised after `as_of`; they stand under the answers.
    failures : tuple of str
        What shouts at the top: a fit that did not pass its diagnostics. Empty when all is well.
    warnings : tuple of str
        Milder cautions, also at the top.
    answers : tuple of Answer
        The headline answers, five at most: home, how the forecast did, neighbours, what is watched, what changes it.
    documents_expect : Table or None
        What each document expects: source, proposition, horizon, hedge, probability after reliability, what the
        record later showed.
    record : Table
        Annual totals from the panel.
    forecast_figures : tuple of BriefFigure
        Fans, dots and the like.
    contrast : mapping of str to Table
        One table per horizon of which the run holds a month, by its name.
    exceedance, spillover, held, watched, drivers, tornado, calibration, hindcast, diagnostics, scorecard : Table
        `hindcast` sets the forecast beside the months after `as_of`.
    who_kills, killed_by_year : Table or None
        Civilians killed by whom, in the first year and at home by year; None where nobody knows who killed.
    toll, around_exit, yearly, own_coverage : Table
        The first year's toll, deaths a month before and after the exit, deaths of the headline by year, and how past
        intervals held in the countries shown.
    verdicts : Table or None
        Expectations by verdict and fact. None, as `documents_expect`, where another annex tells of the documents.
    months, flows, counts : Table
        Files only: what the fans and the arrows draw, and what sentences count.
    contrast_figure, exceedance_figure, spillover_figure, map_figure, drivers_figure, tornado_figure,
    calibration_figure : BriefFigure or None
        None where there is nothing to draw: of spillover where hardly any death is expected to come over a border,
        of the contrast where there is one scenario only, of drivers and tornado where none acts, of the map where
        nothing is watched, of calibration while no later month is known.
    assumed : Statement or None
        What of the answer is assumed, and what has tested it; None where no driver acts.
    plausible : Statement or None
        One sentence on the deaths that UCDP's own bounds leave room for; None where the case has no bounds.
    counted : Statement or None
        How much wider the counts have grown since the exit; None where that is not known.
    counting, around_exit_plausible : Table or None
        How wide counts are by year; plausible deaths before and after the exit.
    shocks : tuple of Shock
        What happened at the same time.
    sources : tuple of SourceNote
    findings : mapping of str to tuple of Statement
        Sentences that open a section; keys from `SECTIONS`.
    notes : mapping of str to str
        What the case adds to the leads of sections and to the limits, by key.
    limits : tuple of str
        Further limits, one paragraph each, after those every brief carries.
    reading : str
        What the words of the answers mean.
    making : mapping of str to Making
        How each table is made, by its id.
    derivations : tuple of Derivation
        From claims to each driver's prior.
    more_figures : mapping of str to tuple of BriefFigure
        Figures that close a section; keys from `SECTIONS`.
    people : tuple of Table
        Who flees, who is displaced, what may break, and what such forecasts earned; without those the case has no data
        for.
    watch : tuple of Table
        News of drivers, deaths that would tell the scenarios apart, and triggers.
    who_kills_figure, people_figure : BriefFigure or None
    ahead : Table or None
        Every unit's next twelve months; None where the look is back at the exit.
    fragile : tuple of Table
        How far the answer moves with what was assumed.
    levers : Table or None
        What each actor can change; None where the case names none.
    cards : Table or None
        Scenarios side by side; None where no driver acts.
    inside : Table or None
        The record by region.
    triggers : tuple of Card
    by_past_horizon : tuple of Table
        How past forecasts did by horizon, to year 5; empty where the case's were not judged so.
    since : tuple of Table
        What has changed since an earlier brief.
    by_horizon : Table or None
        The toll of each horizon under the only scenario; None where two are compared.
    picture : BriefFigure or None
        That of the first screen, of the same months; it stands on no annex.
    looks_back : bool
        Whether it is the part on the exit: what holds of the whole brief is told by the other.
    not_forecast : tuple of (str, str)
        What readers ask for and is not forecast, with the reason.

    Raises
    ------
    ValueError
        If there are not three to five answers, a table id is unknown or used twice, a horizon or section is not known,
        or a sentence speaks of likelihood and confidence at once.
    """

    title: str
    as_of: str
    exit_month: str
    scenarios: Mapping[str, str]
    generated_from: Mapping[str, str]
    answers: tuple[Answer, ...]
    documents_expect: Table | None
    record: Table
    forecast_figures: tuple[BriefFigure, ...]
    contrast: Mapping[str, Table]
    contrast_figure: BriefFigure | None
    exceedance: Table
    exceedance_figure: BriefFigure
    spillover: Table
    spillover_figure: BriefFigure | None
    held: Table
    who_kills: Table | None
    killed_by_year: Table | None
    watched: Table | None
    map_figure: BriefFigure | None
    exit_effect: Table
    exit_effect_figure: BriefFigure | None
    drivers: Table
    drivers_figure: BriefFigure | None
    tornado: Table
    tornado_figure: BriefFigure | None
    calibration: Table
    hindcast: Table
    diagnostics: Table
    scorecard: Table | None
    toll: Table
    around_exit: Table
    yearly: Table
    verdicts: Table | None
    own_coverage: Table
    months: Table
    flows: Table
    counts: Table
    assumed: Statement | None
    plausible: Statement | None
    shocks: tuple[Shock, ...]
    sources: tuple[SourceNote, ...]
    documents: str = ""
    dates: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    calibration_figure: BriefFigure | None = None
    findings: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    reading: str = ""
    making: Mapping[str, Making] = field(default_factory=dict)
    derivations: tuple[Derivation, ...] = ()
    more_figures: Mapping[str, tuple[BriefFigure, ...]] = field(default_factory=dict)
    people: tuple[Table, ...] = ()
    watch: tuple[Table, ...] = ()
    who_kills_figure: BriefFigure | None = None
    people_figure: BriefFigure | None = None
    not_forecast: tuple[tuple[str, str], ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    counted: Statement | None = None
    counting: Table | None = None
    around_exit_plausible: Table | None = None
    ahead: Table | None = None
    picture: BriefFigure | None = None
    looks_back: bool = False
    by_horizon: Table | None = None
    since: tuple[Table, ...] = ()
    fragile: tuple[Table, ...] = ()
    levers: Table | None = None
    cards: Table | None = None
    inside: Table | None = None
    triggers: tuple[Card, ...] = ()
    by_past_horizon: tuple[Table, ...] = ()

    def __post_init__(self) -> None:
        if not 3 <= len(self.answers) <= 5:
            raise ValueError(f"The brief opens with three to five answers, not {len(self.answers)}.")
        if (self.contrast_figure is None) != (not self.contrast):
            raise ValueError("The contrast needs a figure, and a table for at least one horizon; or neither.")
        unknown = (set(self.findings) | set(self.more_figures)) - set(SECTIONS)
        if unknown:
            raise ValueError(f"No section is called {', '.join(sorted(unknown))}: choose from {', '.join(SECTIONS)}.")
        ids = [table.id for table in self.tables()]
        twice = {i for i in ids if ids.count(i) > 1}
        if twice:
            raise ValueError(f"Two tables share the id {', '.join(sorted(twice))}.")
        missing = {i for i in self._cited_tables() if i} - set(ids)
        if missing:
            raise ValueError(f"A sentence or figure points to a table that is not there: {', '.join(sorted(missing))}.")
        for text in self._sentences():
            if mixes_likelihood_and_confidence(text):
                raise ValueError(f"Likelihood and confidence stand in one sentence; part them: {text}")

    def tables(self) -> tuple[Table, ...]:
        """Return all tables that hold something, in the order in which the brief shows and numbers them."""
        every = (
            *(
                *self.since,
                self.cards,
                self.ahead,
                self.toll,
                self.by_horizon,
                self.months,
                *self.contrast.values(),
                self.exceedance,
                *(self.who_kills, self.killed_by_year, *self.people),
                self.spillover,
                self.held,
                self.flows,
                self.watched,
            ),
            *(self.around_exit, self.around_exit_plausible, self.yearly, self.record, self.inside),
            *(self.exit_effect, self.drivers, self.tornado, *self.fragile, self.levers, *self.watch, self.verdicts),
            *(self.documents_expect, self.hindcast, self.own_coverage, self.scorecard, *self.by_past_horizon),
            *(self.calibration, self.diagnostics, self.counting, self.counts),
        )
        return tuple(table for table in every if table is not None and len(table.frame))

    def figures(self) -> tuple[BriefFigure, ...]:
        """Return all figures in the order in which the brief shows and numbers them."""
        own: dict[str, tuple[BriefFigure | None, ...]] = {
            "forecast": self.forecast_figures,
            "contrast": (self.contrast_figure,),
            "exceedance": (self.exceedance_figure,),
            "people": (self.who_kills_figure, self.people_figure),
            "spillover": (self.spillover_figure,),
            "watched": (self.map_figure,),
            "drivers": (self.exit_effect_figure, self.drivers_figure, self.tornado_figure),
            "track": (self.calibration_figure,),
        }
        found = (item for name in SECTIONS for item in (*own.get(name, ()), *self.more_figures.get(name, ())))
        return tuple(item for item in found if item is not None)

    def _cited_tables(self) -> Iterator[str]:
        for answer in self.answers:
            yield from answer.tables
        for statements in self.findings.values():
            for statement in statements:
                yield from statement.tables
        for said in (self.assumed, self.plausible, self.counted):
            yield from () if said is None else said.tables
        for figure in self.figures():
            yield from figure.tables

    def _sentences(self) -> Iterator[str]:
        for answer in self.answers:
            yield f"{answer.sentence} {answer.confidence}"
        for statements in self.findings.values():
            for statement in statements:
                yield statement.sentence
        yield from (said.sentence for said in (self.assumed, self.plausible, self.counted) if said is not None)
        yield from self.limits
