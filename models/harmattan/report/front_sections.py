"""The sections of the brief's own page, each about a screen: what a reader asks next, with the way to the annexes."""

from dataclasses import replace

from ..core.language import phrase
from .answers import confidence
from .content import BriefContent, BriefFigure, Statement
from .evidence_of_run import BriefRun
from .front import EXIT
from .outline import Block, Points, Section, Terms
from .people_rows import people_rows
from .tables import Table

FRAGILE_TOLD = 5
"""Sentences on how fragile the answer is; the annex has them all."""

NEIGHBOURS_TOLD = 1
"""Beside home, of which the record around the exit is told in a sentence."""


def sections(run: BriefRun, now: BriefContent, past: BriefContent | None) -> tuple[Section, ...]:
    """Return the sections in their order; those with nothing to tell are left out."""
    made = (
        Section("since", now.findings.get("since", ())),
        Section("scenarios", _scenarios(now)),
        Section("places", _places(now)),
        Section("drivers", _drivers(now)),
        Section("actors", now.findings.get("actors", ())),
        Section("people", _people(run, now)),
        Section("watch", _watch(now)),
        Section("exit", () if past is None else _exit(past)),
        Section("track", _track(run, now, past)),
        Section("limits", _limits(now)),
        Section("method", _method(now)),
    )
    return tuple(section for section in made if section.blocks)


def _scenarios(now: BriefContent) -> tuple[Block, ...]:
    """Return the scenarios side by side, and how far the answer moves with them and with what was assumed."""
    return (*now.findings.get("fragile", ())[:FRAGILE_TOLD], *_there(now.cards))


def _watch(now: BriefContent) -> tuple[Block, ...]:
    """Return what to watch: the triggers as cards where there are any, in place of the sentences on them."""
    said = now.findings.get("watch", ())
    return (*(one for one in said if not now.triggers or "triggers" not in one.tables), *now.triggers)


def _places(now: BriefContent) -> tuple[Block, ...]:
    return (*_there(now.map_figure, now.ahead), *now.findings.get("places", ()))


def _drivers(now: BriefContent) -> tuple[Block, ...]:
    return (*now.findings.get("drivers", ()), *_there(now.tornado_figure))


def _people(run: BriefRun, now: BriefContent) -> tuple[Block, ...]:
    """Return a row for each question; the sentences and tables of them all stand in the annex."""
    return (*people_rows(run), *_there(now.who_kills_figure))


def _exit(past: BriefContent) -> tuple[Block, ...]:
    """Return what was expected of the exit when it lay ahead, and what came; how far-off months did before the fan."""
    told = {"record": NEIGHBOURS_TOLD + 1, "drivers": 1, "contrast": 1, "documents": 1, "forecast": 1}
    said = [
        replace(one, tables=_of_exit(one.tables))
        for name, count in told.items()
        for one in past.findings.get(name, ())[:count]
    ]
    fan = replace(past.forecast_figures[0], tables=_of_exit(past.forecast_figures[0].tables))
    return (Statement(phrase("front.exit_lead")), *said, fan)


def _of_exit(tables: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(EXIT + name for name in tables)


def _track(run: BriefRun, now: BriefContent, past: BriefContent | None) -> tuple[Block, ...]:
    said: list[Block] = [
        Statement(confidence(run).sentence(), ("own-coverage", "counts") if len(now.own_coverage.frame) else ())
    ]
    if past is not None:
        asked = next(answer for answer in past.answers if answer.question == phrase("answers.track"))
        said.append(Statement(asked.sentence, _of_exit(asked.tables)))
    return (*said, *_there(now.own_coverage))


def _limits(now: BriefContent) -> tuple[Block, ...]:
    """Return what this cannot tell, in one paragraph each."""
    told = [name for name in ("cause", "counted", "assumed") if name != "assumed" or now.assumed is not None]
    return (Points(tuple((phrase(f"limits.{name}"), phrase(f"limits.{name}_text", note="")) for name in told)),)


def _method(now: BriefContent) -> tuple[Block, ...]:
    said = (phrase("front.method"), *now.dates, now.reading)
    return (*(Statement(text) for text in said if text), Terms(tuple(now.generated_from.items()), "facts"))


def _there(*blocks: Table | BriefFigure | None) -> tuple[Table | BriefFigure, ...]:
    """Return the blocks that there are, without tables that hold nothing."""
    return tuple(
        block for block in blocks if block is not None and not (isinstance(block, Table) and not len(block.frame))
    )
