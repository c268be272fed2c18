"""The brief's own page as HTML: one file that needs nothing else, and leads to the annexes beside it."""

from datetime import date

from ..core.language import phrase
from .content import BriefContent
from .evidence_of_run import BriefRun
from .explore_fragment import Fragment
from .front import EXIT, Front
from .front_lines import lead, lines, trust
from .front_sections import sections
from .inline_svg import font_faces
from .pages import page_template
from .words import month_words

ANNEX, EXIT_ANNEX = "annex.html", "exit.html"


def front_of(run: BriefRun, past: BriefRun | None, now: BriefContent, then: BriefContent | None, issued: date) -> Front:
    """Return what the brief's own page shows: `run` and `now` of the look from now, `past` and `then` of the exit."""
    assert now.picture is not None
    return Front(
        title=now.title,
        stamp=stamp(now, issued),
        lead=lead(run),
        lines=lines(run, past),
        trust=trust(run),
        picture=now.picture,
        sections=sections(run, now, then),
        now=now,
        past=then,
    )


def stamp(content: BriefContent, issued: date) -> str:
    """Return date of issue, of the data and of the documents."""
    day = phrase("front.day", day=issued.day, month=month_words(f"{issued:%Y-%m}"))
    documents = content.documents or phrase("documents.none")
    return phrase("front.stamp", issued=day, month=month_words(content.as_of), documents=documents)


def render_front(front: Front, explore: Fragment | None = None) -> str:
    """Return the page, with what explores the futures in it; the same content gives the same bytes."""
    shown = {table.id for table in front.shown_tables()}
    return page_template(
        "brief.html.j2",
        table_number=front.table_numbers(),
        figure_number={figure.id: number for number, figure in enumerate(front.figures(), start=1)},
        table_href=lambda name: _href(name, shown),
        making=front.now.making,
        making_href=lambda name: f"{ANNEX}#making-{name}",
        targets=set(),
    ).render(
        front=front,
        explore=explore,
        fonts=font_faces(ink for one in front.figures() for ink in one.inks()),
    )


def _href(name: str, shown: set[str]) -> str:
    """Return where a table stands: on the page, or in one of the annexes."""
    if name in shown:
        return f"#table-{name}"
    return f"{EXIT_ANNEX}#table-{name.removeprefix(EXIT)}" if name.startswith(EXIT) else f"{ANNEX}#table-{name}"
