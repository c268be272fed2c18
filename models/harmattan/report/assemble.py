"""Writes the brief's folder: figures, tables, `run.json` and `brief.html`, whole or not at all."""

import json
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from .. import __version__
from ..core.files import folder_in_place, sha256_of
from ..core.progress import Steps, peak_memory_mb
from ..core.resources import display_path, seeds_folder
from ..model.specification import SamplerSettings
from ..schema.scenario import Scenario, scenario_names, scenario_sources
from . import brief_tables as made
from . import brief_words as said
from .brief_figures import draw_figures
from .content import BriefContent, Shock, SourceNote
from .evidence_of_run import BriefRun, gather

PACKAGES = ("pymc", "pytensor", "nutpie", "arviz", "numpy", "scipy", "xarray", "pandas", "matplotlib")

SHOCKS = (
    Shock("December 2021", "Wagner's men begin to arrive in Mali."),
    Shock("August 2022", "The last French troops leave Mali."),
    Shock("January and September 2022", "Two coups in Burkina Faso."),
    Shock("July 2023", "The coup in Niger, weeks after the mission's mandate ended."),
    Shock("August 2023", "Fighting between the army and former signatories of the accord resumes."),
    Shock("January 2024", "The transition government ends the Algiers accord."),
)
"""Dates from `seeds/data` (coups, accord timeline) and `seeds/facts.yaml`."""

ATTRIBUTIONS = (
    SourceNote(
        "ucdp",
        "Uppsala Conflict Data Program (UCDP), Uppsala University: Georeferenced Event Dataset 26.1; "
        "country-year 25.1; Peace Agreement Dataset 22.1. Sundberg & Melander (2013), JPR 50(4).",
        "Deaths by country and month, the panel of every fit; survival of peace agreements.",
        "CC BY 4.0. Aggregated; obtained from a public mirror.",
    ),
    SourceNote(
        "capphrase", "Kucharski, CAPphrase, doi:10.5281/zenodo.18750055.",
        "How 5,174 people read words of probability.", "CC BY 4.0",
    ),
    SourceNote(
        "studies",
        "Hultman, Kathman & Shannon (2013), AJPS 57(4); Kunkel, Atkinson, Dudley & Warner (2026), IPSR; "
        "UN peacekeeping figures through IPI Providing for Peacekeeping.",
        "Published effects of peacekeepers and of their leaving.", "Coefficients as facts, cited.",
    ),
    SourceNote("natural-earth", "Made with Natural Earth.", "Shapes and borders of the maps.", "Public domain"),
    SourceNote(
        "cline", "Cline Center for Advanced Social Research: Coup d'Etat Project Dataset 2.1.2.",
        "Dates of coups.", "CC BY 4.0",
    ),
)  # fmt: skip


def write_brief(
    scenarios: tuple[Scenario, Scenario],
    out: Path,
    *,
    draws: int,
    seed: int,
    settings: SamplerSettings | None,
    files: Sequence[Path],
    steps: Steps,
) -> Path:
    """Run two scenarios and write the brief's folder; return the page.

    Parameters
    ----------
    scenarios : pair of Scenario
        What happens, and what it is held against.
    out : Path
        Folder; replaced as a whole when everything has been made.
    draws, seed : int
    settings : SamplerSettings or None
        Of the fits; the standard ones by default.
    files : sequence of Path
        Scenario files that the caller named, for their SHA-256.
    steps : Steps
        Receives progress and wall times, which `run.json` keeps.
    """
    from .brief import render_brief
    from .tables import write_table

    run = gather(scenarios, draws=draws, seed=seed, settings=settings, steps=steps)
    with folder_in_place(out) as folder:
        with steps.step("draw figures and write the page"):
            expected = made.expectations(run)
            content = brief_content(run, expected, folder / "figures")
            (folder / "brief.html").write_text(render_brief(content), encoding="utf-8")
            for table in content.tables():
                write_table(table, folder / "tables")
            for name, frame in made.full_tables(run, expected).items():
                frame.to_csv(folder / "tables" / f"{name}.csv", index=False, lineterminator="\n")
        text = json.dumps(manifest(run, files), indent=2, ensure_ascii=False, default=str)
        (folder / "run.json").write_text(text + "\n", encoding="utf-8")
    return out / "brief.html"


def brief_content(run: BriefRun, expected: pd.DataFrame, figures_folder: Path) -> BriefContent:
    """Return everything the page shows; figures are written to `figures_folder`."""
    levels, ratios = made.contrast_frames(run)
    ladder, spill = made.exceedance_frame(run), made.spillover_frame(run)
    first, second = run.first.scenario, run.second.scenario
    return BriefContent(
        title="After MINUSMA: what to expect for civilians in Mali and its neighbours",
        as_of=first.as_of,
        exit_month=first.exit,
        scenarios={s.id: " ".join(s.condition.split()) for s in (first, second)},
        generated_from=_generated_from(run),
        failures=tuple(f"{n}: {p}" for n, fit in run.fits.items() for p in fit.diagnostics.problems),
        answers=said.five_answers(run),
        documents_expect=made.documents_table(run, expected),
        record=made.record_table(run),
        contrast=made.contrast_tables(run, levels),
        exceedance=made.exceedance_table(run, ladder),
        spillover=made.spillover_table(run, spill),
        coast=made.coast_table(run),
        drivers=made.drivers_table(run),
        tornado=made.tornado_table(run),
        calibration=made.calibration_table(run),
        hindcast=made.hindcast_table(run),
        diagnostics=made.diagnostics_table(run),
        prior_share=said.prior_share_sentence(run),
        shocks=SHOCKS,
        sources=(*_documents(run), *ATTRIBUTIONS),
        findings=said.findings(run, expected),
        **draw_figures(run, figures_folder, levels, ratios, ladder, spill),
    )


def _documents(run: BriefRun) -> tuple[SourceNote, ...]:
    counts: dict[str, int] = {}
    for claim in run.register.claims.values():
        counts[claim.source] = counts.get(claim.source, 0) + 1
    return tuple(
        SourceNote(
            source.id,
            f"{source.title}. {source.publisher}{f', {source.date}' if source.date else ''}.",
            f"{counts.get(source.id, 0)} claims; reliability {source.reliability}; group {source.group}.",
        )
        for source in run.register.sources.values()
    )


def _generated_from(run: BriefRun) -> dict[str, str]:
    return {
        "Harmattan": __version__,
        "PyMC": version("pymc"),
        "root seed": str(run.seed),
        "futures": f"{run.draws:,}",
        "months simulated": str(run.first.scenario.months),
        "panel": sha256_of(seeds_folder() / "data" / "ucdp" / "country_month.csv"),
        "fits": ", ".join(fit.key[:12] for fit in run.fits.values()),
    }


def manifest(run: BriefRun, files: Sequence[Path]) -> dict[str, Any]:
    """Return what makes the run reproducible: versions, seeds, hashes of inputs, scenarios, diagnostics, wall times."""
    inputs = {display_path(p): sha256_of(p) for p in _inputs(run, files)}
    return {
        "versions": {"harmattan": __version__, "python": platform.python_version()}
        | {name: version(name) for name in PACKAGES},
        "platform": sys.platform,
        "seed": run.seed,
        "draws": run.draws,
        "scenarios": {
            f.scenario.id: f.scenario.model_dump(mode="json") for f in (run.first, run.second, run.record_alone)
        },
        "specification": run.first.posterior.specification.as_dict(),
        "inputs_sha256": dict(sorted(inputs.items())),
        "diagnostics": {
            name: fit.diagnostics.as_dict() | {"problems": fit.diagnostics.problems, "key": fit.key}
            for name, fit in run.fits.items()
        },
        "bounded_share": run.first.paths.bounded_share,
        "seconds": {name: round(seconds, 2) for name, seconds in run.steps.seconds.items()},
        "peak_memory_mb": round(peak_memory_mb()),
    }


def _inputs(run: BriefRun, files: Sequence[Path]) -> list[Path]:
    data = seeds_folder() / "data"
    inputs = {*run.register.files, *files, data / "ucdp" / "country_month.csv", data / "geometry" / "country_pairs.csv"}
    for forecast in (run.first, run.second, run.record_alone):
        if forecast.scenario.id in scenario_names():
            inputs.update(scenario_sources(forecast.scenario.id))
    return sorted(inputs)
