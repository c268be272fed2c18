"""Writes the brief's folder: pages, print, figures, tables and `run.json`, whole or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from .. import __version__
from ..case.credits import credits_of
from ..case.crossing import crossings
from ..case.notes import said_note
from ..claims.register import Register
from ..core.issue import day_of_issue
from ..core.language import DEFAULT, case_title, in_this_language, phrase, speaking, translate, whole
from ..core.progress import Steps
from ..core.resources import fingerprints
from ..core.telling import telling
from ..evaluate.horizons import horizon_files
from ..evaluate.scorecard import scorecard_files
from ..evaluate.scored_windows import windows_file
from ..panel.ucdp import provisional_months
from ..run.asking import Ask
from ..run.document_words import span_of_documents, written_words
from ..run.earlier import EarlierRun
from ..run.headline import answers_of
from ..run.provenance import record
from ..run.since import since_of
from ..schema.scenario import Asked
from . import brief_tables as made
from . import brief_words as said
from . import how_counted, people_tables, record_tables, track_tables
from .actor_tables import actor_table
from .answers import five_answers
from .brief_figures import draw_figures
from .content import BriefContent, Card, Shock, SourceNote
from .derivations import driver_derivations, table_making
from .evidence_of_run import BriefRun, gather
from .folders import results_in_place, write_record
from .fragile_tables import fragile_tables
from .horizon_track import track_tables as by_past_horizon
from .horizon_track import with_track
from .inside_places import files_read, inside_table
from .people_words import not_forecast
from .perpetrator_tables import killed_by_year_table, who_kills_table
from .said_counts import counts_table
from .scenario_cards import cards_table
from .scorecard import scorecard_table
from .signpost_cards import trigger_cards
from .signpost_tables import signpost_tables
from .since_tables import since_tables
from .tables import Table
from .verdict_tables import verdicts_table
from .watching import watch_table
from .words import Scale, scale_explained
from .year_ahead import year_ahead_table


def write_brief(
    scenarios: Sequence[Asked],
    at_exit: Sequence[Asked],
    ask: Ask,
    out: Path,
    *,
    register: Register,
    steps: Steps,
    lang: str = DEFAULT,
    likelihood: Scale = "icd203",
    formats: Sequence[str] = ("png", "svg"),
    earlier: EarlierRun | None = None,
) -> Path:
    """Run the scenarios and write the brief's folder; return the page.

    Parameters
    ----------
    scenarios : sequence of Asked
        One or two: what happens, and what it is held against.
    at_exit : sequence of Asked
        The same as of the time of the exit, for the second part; empty where the brief has none.
    ask : Ask
    out : Path
        Folder; written when everything has been made. An earlier brief in it gives way, other files stay.
    register : Register
    steps : Steps
        Receives progress and wall times, which `run.json` keeps.
    lang : str
        Language of page, print and figures.
    likelihood : {"icd203", "phia"}
        Scale of likelihood words.
    formats : sequence of str
        Formats of the figures' files: png, svg, pdf.
    earlier : EarlierRun, optional
        What the first scenario is held against, in tables of what has changed since.
    """
    from .annex_page import render_annex
    from .explore_fragment import explorable, render_explore_fragment
    from .explore_page import explore_page
    from .front_page import front_of, render_front
    from .pdf import write_pdf

    issued, look = day_of_issue(), partial(gather, register=register, steps=steps, likelihood=likelihood)
    run = look(scenarios, ask)
    past = look(at_exit, ask, looks_back=True) if at_exit else None
    if earlier is not None:
        run = replace(run, changed=since_of(run.first, earlier, ask, steps=steps))
    with results_in_place(out, "brief") as folder, speaking(lang), telling(run.case.words):
        with steps.step("draw figures and write the page"):
            now = _write_parts(run, folder, "", formats, documents=past is None)
            then = None if past is None else _write_parts(past, folder, "exit", formats)
            front = front_of(run, past, now, then, issued)
            found = explorable(run.forecasts, str(run.record["month"].values[-1]))
            fragment = render_explore_fragment(found, likelihood=likelihood)
            pages = {"brief.html": render_front(front, fragment), "annex.html": render_annex(now)}
            pages["explore.html"] = explore_page(found, likelihood=likelihood)
            if then is not None:
                pages["exit.html"] = render_annex(then)
            for name, page in pages.items():
                (folder / name).write_text(page, encoding="utf-8")
            write_pdf(front, folder / "brief.pdf")
        write_record(folder, "brief", manifest(run, past, issued))
    return out / "brief.html"


def _write_parts(
    run: BriefRun, folder: Path, name: str, formats: Sequence[str], *, documents: bool = True
) -> BriefContent:
    """Write figures and tables of one look, in folders of its own where it has a name, and return what pages show.

    What the documents expected is told once: of the time of the exit where the brief has that part.
    """
    from .tables import write_table

    expected = made.expectations(run)
    content = brief_content(run, expected, folder / "figures" / name, formats=formats, documents=documents)
    tables = folder / "tables" / name
    for table in content.tables():
        write_table(table, tables)
    for file, frame in (made.full_tables(run, expected) | people_tables.full_tables(run)).items():
        if len(frame):
            frame.to_csv(tables / f"{file}.csv", index=False, lineterminator="\n")
    return content


def brief_content(
    run: BriefRun,
    expected: pd.DataFrame,
    figures_folder: Path,
    *,
    formats: Sequence[str] = ("png", "svg"),
    documents: bool = True,
) -> BriefContent:
    """Return everything that pages show of one look, with or without what documents expect.

    Figures are written to `figures_folder`.
    """
    levels, ratios = made.contrast_frames(run)
    ladder, crossed = made.exceedance_frame(run), crossings(run.case, run.first.clock.as_of)
    clock, watched = run.first.clock, run.case.definition.watched
    return BriefContent(
        title=case_title(),
        as_of=clock.as_of,
        exit_month=clock.exit,
        scenarios={s.id: " ".join(s.condition.split()) for s in (f.scenario for f in run.pair)},
        titles={f.scenario.id: f.scenario.title for f in run.pair},
        generated_from=_generated_from(run),
        documents=span_of_documents(run.first.documents),
        dates=said.dates(run),
        failures=tuple(
            f"{translate(n)}{phrase('page.colon')} {translate(p)}"
            for n, fit in run.fits.items()
            for p in fit.diagnostics.problems
        ),
        warnings=said.cautions(run),
        answers=five_answers(run),
        documents_expect=made.documents_table(run, expected) if documents else None,
        record=made.record_table(run),
        contrast=made.contrast_tables(run, levels, ratios),
        toll=record_tables.toll_table(run),
        months=record_tables.months_table(run),
        by_horizon=record_tables.horizons_table(run, levels),
        flows=record_tables.flows_table(run),
        who_kills=who_kills_table(run),
        killed_by_year=killed_by_year_table(run),
        around_exit=record_tables.around_exit_table(run),
        yearly=record_tables.yearly_table(run),
        verdicts=verdicts_table(run, expected) if documents else None,
        own_coverage=track_tables.own_coverage_table(run),
        counts=counts_table(run),
        exceedance=with_track(run, made.exceedance_table(run, ladder)),
        people=people_tables.people_tables(run),
        since=() if run.changed is None else since_tables(run.changed, run.countries),
        watch=_watch(run),
        triggers=_triggers(run),
        fragile=() if run.fragility is None else fragile_tables(run.fragility),
        inside=inside_table(run),
        cards=None if run.fragility is None else cards_table(run.fragility),
        levers=None if run.actors is None else actor_table(run.actors),
        ahead=None if run.looks_back else year_ahead_table(run),
        not_forecast=not_forecast(run),
        spillover=made.spillover_table(crossed),
        held=made.held_table(run),
        watched=None if watched is None else made.watched_units_table(run, watched),
        exit_effect=with_track(run, made.exit_effect_table(run)),
        drivers=made.drivers_table(run),
        tornado=made.tornado_table(run),
        calibration=track_tables.calibration_table(run),
        hindcast=track_tables.hindcast_table(run),
        diagnostics=track_tables.diagnostics_table(run),
        scorecard=scorecard_table(run.case, run.record),
        by_past_horizon=by_past_horizon(run),
        assumed=said.assumed_sentence(run),
        plausible=said.plausible_sentence(run),
        counted=how_counted.counting_sentence(run),
        counting=how_counted.counting_table(run),
        around_exit_plausible=how_counted.plausible_table(run),
        shocks=_shocks(run),
        notes={key: said_note(key, run.record) for key in ("spillover", "counted")},
        sources=() if run.looks_back else (*_documents(run), *_data(run)),
        findings=said.findings(run, expected, crossed, documents=documents),
        reading=phrase(
            "page.reading",
            reading=phrase(f"page.reading_of.{run.headline}"),
            scale=phrase(f"likelihood.{run.likelihood}_name"),
            bands=scale_explained(run.likelihood),
        ),
        making=table_making(run),
        derivations=() if run.looks_back else driver_derivations(run),
        looks_back=run.looks_back,
        **draw_figures(run, figures_folder, levels, ratios, ladder, crossed, formats=formats),
    )


def _watch(run: BriefRun) -> tuple[Table, ...]:
    if run.signposts is None:
        return ()
    ranked = watch_table(run)
    return (*(() if ranked is None else (ranked,)), *signpost_tables(run.signposts))


def _triggers(run: BriefRun) -> tuple[Card, ...]:
    return () if run.signposts is None else tuple(Card(one.title, one.lines) for one in trigger_cards(run.signposts))


def _documents(run: BriefRun) -> tuple[SourceNote, ...]:
    counts: dict[str, int] = {}
    for claim in run.register.claims.values():
        counts[claim.source] = counts.get(claim.source, 0) + 1
    return tuple(
        SourceNote(
            source.id,
            f"{source.title}. {source.publisher}{f', {source.date}' if source.date else ''}.",
            phrase(
                "sources.document",
                count=counts.get(source.id, 0),
                written=written_words(source),
                grade=source.reliability,
                group=source.group,
            ),
        )
        for source in run.register.sources.values()
    )


def _data(run: BriefRun) -> tuple[SourceNote, ...]:
    return tuple(
        SourceNote(credit.id, credit.citation, in_this_language(credit.role), in_this_language(credit.licence))
        for credit in credits_of(run.register.case, run.inputs)
    )


def _shocks(run: BriefRun) -> tuple[Shock, ...]:
    """Return what else happened in those months, by the case."""
    return tuple(
        Shock(in_this_language(shock.when), in_this_language(shock.text))
        for shock in run.register.case.definition.shocks
    )


def _generated_from(run: BriefRun) -> dict[str, str]:
    facts = {
        "version": __version__,
        "pymc": version("pymc"),
        "seed": str(run.seed),
        "draws": whole(run.draws),
        "months": str(run.first.clock.months),
        "likelihood": run.likelihood,
        "panel": run.inputs[run.panel_name],
        "fits": ", ".join(fit.key[:12] for fit in run.fits.values()),
    }
    return {phrase(f"page.generated.{name}"): value for name, value in facts.items()}


def manifest(run: BriefRun, past: BriefRun | None, issued: date) -> dict[str, Any]:
    """Return what makes the run reproducible: dates, versions, seed, hashes, scenarios, clocks, checks, wall times.

    What the brief was issued on, and the last months of the record and of the documents, stand under ``dates``. The
    look back at the exit has its own scenarios, clocks and checks, under ``exit``.
    """
    card = run.case.scorecard
    scored = (*scorecard_files(card), *windows_file(card), *horizon_files(card))
    shown = fingerprints([*scored, *run.case.map_files, *files_read()])
    read = (run.inputs if past is None else past.inputs | run.inputs) | shown
    dates = {
        "issued": issued.isoformat(),
        "data_to": run.first.clock.as_of,
        "record_to": str(run.record["month"].values[-1]),
        "documents": run.first.documents.as_dict(),
    }
    return record(read, run.seed, run.steps) | {
        "dates": dates,
        "draws": run.draws,
        "provisional_months": list(provisional_months(run.record)),
        **_looked(run),
        **({} if past is None else {"exit": _looked(past)}),
    }


def _looked(run: BriefRun) -> dict[str, Any]:
    """Return what one look assumed, asked and checked."""
    return {
        "documents": run.first.documents.as_dict(),
        "scenarios": {f.scenario.id: f.scenario.assumptions for f in run.forecasts},
        "clocks": {f.scenario.id: f.clock.model_dump(mode="json") for f in run.forecasts},
        "specification": run.first.posterior.specification.as_dict(),
        "diagnostics": {
            name: fit.diagnostics.as_dict() | {"problems": fit.diagnostics.problems, "key": fit.key}
            for name, fit in run.fits.items()
        },
        "bounded_share": run.first.paths.bounded_share,
        **answers_of(run.forecasts),
    }
