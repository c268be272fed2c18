"""An annex of the brief: everything that a look from one month holds, on one self-contained page."""

from ..core.language import listed, phrase
from .content import BriefContent
from .inline_svg import font_faces
from .outline import outline
from .pages import page_template
from .words import month_words, scenario_words


def render_annex(content: BriefContent) -> str:
    """Return the annex as one HTML page without any outside resource, in the language that is spoken.

    Figures stand in it as SVG (with a narrow variant for phones), tables as HTML with their CSV as a download link,
    style as an embedded sheet; there is no script. The same content gives the same bytes.
    """
    return page_template(
        "annex.html.j2",
        table_number={table.id: number for number, table in enumerate(content.tables(), start=1)},
        figure_number={figure.id: number for number, figure in enumerate(content.figures(), start=1)},
        table_href="#table-{}".format,
        making=content.making,
        making_href="#making-{}".format,
        targets=_targets(content),
    ).render(
        content=content,
        sections=outline(content),
        as_of=stamp(content),
        fonts=font_faces(ink for one in content.figures() for ink in one.inks()),
    )


def stamp(content: BriefContent) -> str:
    """Return the line under the title: as of when, since when, which scenarios."""
    return phrase(
        "page.as_of",
        month=month_words(content.as_of),
        documents=content.documents or phrase("documents.none"),
        exit=month_words(content.exit_month),
        scenarios=listed([scenario_words(name) for name in content.scenarios]),
    )


def _targets(content: BriefContent) -> set[str]:
    """Return the ids of sources and drivers that cells may lead to."""
    sources = {f"source-{source.id}" for source in content.sources}
    return sources | {f"driver-{item.id}" for item in content.derivations}
