"""The brief: one self-contained page from a `BriefContent`."""

from base64 import b64encode

from .content import BriefContent
from .words import month_words, scenario_words

_LEFT_ALIGNED = ("text", "country", "scenario")


def render_brief(content: BriefContent) -> str:
    """Return the brief as one HTML page without any outside resource.

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
    environment.filters.update(base64=_base64, month=month_words, scenario=scenario_words)
    return environment.get_template("brief.html.j2").render(
        content=content,
        table_number={table.id: number for number, table in enumerate(content.tables(), start=1)},
        figure_number={figure.id: number for number, figure in enumerate(content.figures(), start=1)},
        left_aligned=_LEFT_ALIGNED,
    )


def _base64(data: bytes | str) -> str:
    return b64encode(data.encode() if isinstance(data, str) else data).decode()
