"""The content of a brief, made up: every section has something in it, and the page can be written from it."""

from dataclasses import replace

import pandas as pd

from harmattan.core.names import HORIZONS
from harmattan.report.content import Answer, BriefContent, BriefFigure, Shock, SourceNote, Statement
from harmattan.report.front import Front, Line
from harmattan.report.outline import Section
from harmattan.report.tables import Column, Table

PICTURES = ("contrast", "exceedance", "spillover", "map", "exit_effect", "drivers", "tornado", "calibration")
SVG = '<svg viewBox="0 0 40 40" aria-hidden="true"><text x="1" y="9">ink</text></svg>'
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def table(name):
    frame = pd.DataFrame(
        {"country": ["MLI", "CIV"], "p": [0.234, 0.004], "deaths": [1234.5, 7.0], "text": ["a & b", "<c>"]}
    )
    columns = (
        Column("country", "Country", "country"),
        Column("p", "Chance", "probability"),
        Column("deaths", "Deaths", "estimate", "deaths per month"),
        Column("text", "Words"),
    )
    return Table(name, f"About {name}", frame, columns, "A note.")


def figure(name, tables=()):
    caption, alternative = f"Caption of {name}.", f"Alternative of {name}"
    return BriefFigure(name, f"Title of {name}", PNG, caption, alternative, SVG, SVG, tables)


def make_content(**changes):
    names = (
        "exceedance",
        "spillover",
        "watched",
        "drivers",
        "tornado",
        "calibration",
        "hindcast",
        "diagnostics",
        "scorecard",
        "record",
        "toll",
        "verdicts",
    )
    files = ("months", "flows", "counts")
    content = BriefContent(
        title="After the mission",
        as_of="2023-06",
        exit_month="2023-12",
        scenarios={"withdrawal": "It leaves.", "mission_stays": "It stays."},
        generated_from={"Harmattan": "0.1", "root seed": "7"},
        answers=tuple(Answer(f"Question {i}?", f"Sentence {i}: likely, 72 in 100.", ("exceedance",)) for i in range(5)),
        documents_expect=table("documents-expect"),
        forecast_figures=(figure("fan-mali", ("exceedance",)),),
        contrast={horizon: table(f"contrast-{horizon}") for horizon in HORIZONS},
        who_kills=None,
        killed_by_year=None,
        assumed=Statement("62 per cent is prior."),
        plausible=Statement("Plausible deaths are more."),
        shocks=(Shock("July 2023", "A coup next door."),),
        sources=(SourceNote("ucdp", "A data set.", "Panel.", "CC BY 4.0."),),
        findings={"record": (Statement("The rise is not in the totals.", ("record",)),)},
        **{name: table(name) for name in names},
        **{name: replace(table(name), on_page=False) for name in files},
        held=table("neighbours-held"),
        around_exit=table("around-exit"),
        exit_effect=table("exit-effect"),
        yearly=table("civilians-killed"),
        own_coverage=table("own-coverage"),
        **{f"{name}_figure": figure(name) for name in PICTURES},
    )
    return replace(content, **changes)


def make_front(content=None, past=None):
    """Return a page of its own over such a content, with two lines and two sections."""
    now = content or make_content()
    return Front(
        title=now.title,
        stamp="Issued 1 January 2024.",
        lead=Line("", "Deaths in twelve months:"),
        lines=(
            Line("Mali", "more than 500: likely, 72 in 100.", ("exceedance",)),
            Line("Watch", "The road.", ("toll",)),
        ),
        trust=Line("", "Such ranges held 8 of 10.", ("own-coverage",)),
        picture=now.forecast_figures[0],
        sections=(
            Section("watch", (Statement("Look out for 3 sieges.", ("record",)), figure("siege"))),
            Section("limits", (Statement("Nobody can tell."), now.exceedance)),
        ),
        now=now,
        past=past,
    )
