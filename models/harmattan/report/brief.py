"""The brief: one self-contained page from a `BriefContent`."""

from base64 import b64encode

from ..core.language import current, listed, phrase
from .content import BriefContent
from .outline import outline
from .words import month_words, scenario_words


def render_brief(content: BriefContent) -> str:
    """Return the brief as one HTML page without any outside resource, in the language that is spoken.

    Figures travel as base64 PNG (with a narrow variant for phones), tables as HTML with their CSV as a download link,
    style as an embedded sheet; there is no script. The same content gives the same bytes.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("harmattan.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(base64=_base64)
    environment.tests["a"] = lambda block, name: type(block).__name__ == name
    environment.globals.update(
        phrase=phrase,
        table_number={table.id: number for number, table in enumerate(content.tables(), start=1)},
        figure_number={figure.id: number for number, figure in enumerate(content.figures(), start=1)},
        making=content.making,
        targets=_targets(content),
        language=current().code,
    )
    return environment.get_template("brief.html.j2").render(
        content=content, sections=outline(content), as_of=stamp(content)
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


def _base64(data: bytes | str) -> str:
    return b64encode(data.encode() if isinstance(data, str) else data).decode()


def _targets(content: BriefContent) -> set[str]:
    """Return the ids of sources and drivers that cells may lead to."""
    sources = {f"source-{source.id}" for source in content.sources}
    return sources | {f"driver-{item.id}" for item in content.derivations}
