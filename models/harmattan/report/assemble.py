"""Writes the brief's folder: figures, tables, `run.json` and `brief.html`, whole or not at all."""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from .. import __version__
from ..core.language import DEFAULT, current, phrase, speaking, translate, whole
from ..core.progress import Steps
from ..core.resources import display_path, fingerprints
from ..evaluate.scorecard import scorecard_files
from ..model.specification import SamplerSettings
from ..panel.ucdp import frozen_panel_path, provisional_months
from ..plots.basemap import shape_files
from ..run.document_words import span_of_documents, written_words
from ..run.provenance import record
from ..schema.scenario import Scenario
from . import brief_tables as made
from . import brief_words as said
from . import record_tables, track_tables
from .answers import five_answers
from .brief_figures import draw_figures
from .content import BriefContent, Shock, SourceNote
from .derivations import driver_derivations, table_making
from .evidence_of_run import BriefRun, gather
from .folders import results_in_place, write_record
from .said_counts import counts_table
from .scorecard import scorecard_table
from .verdict_tables import verdicts_table
from .words import Scale, scale_explained

SHOCKS = ("wagner", "barkhane", "burkina", "niger", "hostilities", "accord")
"""What else happened around the exit; dates from `seeds/data` (coups, accord timeline) and `seeds/facts.yaml`."""

ATTRIBUTIONS = {
    "ucdp": (
        "Uppsala Conflict Data Program (UCDP), Uppsala University: Georeferenced Event Dataset 26.1; "
        "country-year 25.1; Peace Agreement Dataset 22.1. Sundberg & Melander (2013), JPR 50(4)."
    ),
    "capphrase": "Kucharski, CAPphrase, doi:10.5281/zenodo.18750055.",
    "studies": (
        "Hultman, Kathman & Shannon (2013), AJPS 57(4); Kunkel, Atkinson, Dudley & Warner (2026), IPSR; "
        "UN peacekeeping figures through IPI Providing for Peacekeeping."
    ),
    "natural_earth": "Made with Natural Earth.",
    "cline": "Cline Center for Advanced Social Research: Coup d'Etat Project Dataset 2.1.2.",
}
CREATIVE_COMMONS = "CC BY 4.0."


def write_brief(
    scenarios: tuple[Scenario, Scenario],
    out: Path,
    *,
    draws: int,
    seed: int,
    settings: SamplerSettings | None,
    steps: Steps,
    lang: str = DEFAULT,
    likelihood: Scale = "icd203",
    formats: Sequence[str] = ("png", "svg"),
) -> Path:
    """Run two scenarios and write the brief's folder; return the page.

    Parameters
    ----------
    scenarios : pair of Scenario
        What happens, and what it is held against.
    out : Path
        Folder; written when everything has been made. An earlier brief in it gives way, other files stay.
    draws, seed : int
    settings : SamplerSettings or None
        Of the fits; the standard ones by default.
    steps : Steps
        Receives progress and wall times, which `run.json` keeps.
    lang : str
        Language of page, print and figures.
    likelihood : {"icd203", "phia"}
        Scale of likelihood words.
    formats : sequence of str
        Formats of the figures' files: png, svg, pdf.
    """
    from .brief import render_brief
    from .pdf import write_pdf
    from .tables import write_table

    run = gather(scenarios, draws=draws, seed=seed, settings=settings, steps=steps, likelihood=likelihood)
    with results_in_place(out, "brief") as folder, speaking(lang):
        with steps.step("draw figures and write the page"):
            expected = made.expectations(run)
            content = brief_content(run, expected, folder / "figures", formats=formats)
            (folder / "brief.html").write_text(render_brief(content), encoding="utf-8")
            write_pdf(content, folder / "brief.pdf")
            for table in content.tables():
                write_table(table, folder / "tables")
            for name, frame in made.full_tables(run, expected).items():
                frame.to_csv(folder / "tables" / f"{name}.csv", index=False, lineterminator="\n")
        write_record(folder, "brief", manifest(run))
    return out / "brief.html"


def brief_content(
    run: BriefRun, expected: pd.DataFrame, figures_folder: Path, *, formats: Sequence[str] = ("png", "svg")
) -> BriefContent:
    """Return everything the page shows; figures are written to `figures_folder`."""
    levels, ratios = made.contrast_frames(run)
    ladder, spill = made.exceedance_frame(run), made.spillover_frame(run)
    first, second = run.first.scenario, run.second.scenario
    return BriefContent(
        title=phrase("page.title"),
        as_of=first.as_of,
        exit_month=first.exit,
        scenarios={s.id: " ".join(s.condition.split()) for s in (first, second)},
        titles={s.id: s.title for s in (first, second)},
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
        documents_expect=made.documents_table(run, expected),
        record=made.record_table(run),
        contrast=made.contrast_tables(run, levels, ratios),
        toll=record_tables.toll_table(run),
        months=record_tables.months_table(run),
        flows=record_tables.flows_table(run),
        around_exit=record_tables.around_exit_table(run),
        civilians=record_tables.civilians_table(run),
        verdicts=verdicts_table(run, expected),
        own_coverage=track_tables.own_coverage_table(run),
        counts=counts_table(run),
        exceedance=made.exceedance_table(run, ladder),
        spillover=made.spillover_table(run, spill),
        coast=made.coast_table(run),
        drivers=made.drivers_table(run),
        tornado=made.tornado_table(run),
        calibration=track_tables.calibration_table(run),
        hindcast=track_tables.hindcast_table(run),
        diagnostics=track_tables.diagnostics_table(run),
        scorecard=scorecard_table(),
        assumed=said.assumed_sentence(run),
        plausible=said.plausible_sentence(run),
        shocks=tuple(Shock(phrase(f"shocks.{name}_when"), phrase(f"shocks.{name}")) for name in SHOCKS),
        sources=(*_documents(run), *_data()),
        findings=said.findings(run, expected),
        reading=phrase(
            "page.reading",
            scale=phrase(f"likelihood.{run.likelihood}_name"),
            bands=scale_explained(run.likelihood),
        ),
        making=table_making(run),
        derivations=driver_derivations(run),
        **draw_figures(run, figures_folder, levels, ratios, ladder, spill, formats=formats),
    )


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


def _data() -> tuple[SourceNote, ...]:
    known = current().phrases
    return tuple(
        SourceNote(name, citation, phrase(f"sources.{name}"), known.get(f"sources.{name}_licence", CREATIVE_COMMONS))
        for name, citation in ATTRIBUTIONS.items()
    )


def _generated_from(run: BriefRun) -> dict[str, str]:
    facts = {
        "version": __version__,
        "pymc": version("pymc"),
        "seed": str(run.seed),
        "draws": whole(run.draws),
        "months": str(run.first.scenario.months),
        "likelihood": run.likelihood,
        "panel": run.inputs[display_path(frozen_panel_path())],
        "fits": ", ".join(fit.key[:12] for fit in run.fits.values()),
    }
    return {phrase(f"page.generated.{name}"): value for name, value in facts.items()}


def manifest(run: BriefRun) -> dict[str, Any]:
    """Return what makes the run reproducible: versions, seeds, hashes of inputs, scenarios, diagnostics, wall times."""
    shown = fingerprints([*scorecard_files(), *shape_files()])
    return record(run.inputs | shown, run.seed, run.steps) | {
        "draws": run.draws,
        "provisional_months": list(provisional_months(run.record)),
        "documents": run.first.documents.as_dict(),
        "scenarios": {
            f.scenario.id: f.scenario.model_dump(mode="json") for f in (run.first, run.second, run.record_alone)
        },
        "specification": run.first.posterior.specification.as_dict(),
        "diagnostics": {
            name: fit.diagnostics.as_dict() | {"problems": fit.diagnostics.problems, "key": fit.key}
            for name, fit in run.fits.items()
        },
        "bounded_share": run.first.paths.bounded_share,
    }
