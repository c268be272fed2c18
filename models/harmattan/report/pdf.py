"""The brief as a PDF for print and post: the same content as the page, made without a browser."""

import re
import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.files import file_in_place
from ..core.language import current, phrase
from ..core.months import month_number
from .annex_page import stamp
from .content import BriefContent, BriefFigure, Card, Derivation, Statement
from .front import EXIT, Front
from .outline import Block, Heading, Points, Sources, TableMaking, Terms, outline
from .tables import Table
from .words import month_words

if TYPE_CHECKING:
    from fpdf import FPDF
    from PIL.Image import Image

INK, MUTED, SAND, ALARM, RULE, LINK = (
    (31, 41, 51),
    (85, 97, 109),
    (250, 246, 238),
    (138, 28, 28),
    (217, 222, 227),
    (18, 67, 109),
)
MARGIN, BODY, SMALL = 17, 9.5, 7.6
TIGHT = (8.6, 8.2, 7.8, 7.4, 7.0, 6.6, 6.2)
"""Points of the second page, of which the largest is taken that keeps to one page."""
PADDING, BOLDER = 3.0, 1.1
"""Room beside a cell's text in millimetres, and how much wider the bold heads run."""
WIDEST_FIGURE, TALLEST_FIGURE, CAPTION = 176, 136, 18
"""Millimetres; the last is what a caption of some lines takes."""
ROW, HEAD, KEPT_WHOLE = 5.0, 24.0, 130.0
"""Millimetres: about a table's row, its caption with its heads, and up to which height a table keeps to one page."""


ROWS_PRINTED = 40
"""Rows of a table that are printed; a longer one is read on the page of its annex or as a file."""

PRINTED = {"scenarios": 2, "watch": 1, "exit": 3, "limits": 0}
"""Sections of the brief's own page that its second printed page holds, and how many of their sentences; tables and
cards stand there too."""

COLOURS = 256
"""As many as a palette may have; flat figures have about a thousand, nearly all of them at soft edges."""


def write_pdf(front: Front, path: Path) -> Path:
    """Write the brief as a PDF, whole or not at all, in the language that is spoken.

    Two pages, the first screen and what else is read first, then what the annexes hold. References lead to the tables.
    DejaVu travels inside the file; figures carry their alternative texts; sections are bookmarks. The same content
    gives the same bytes.
    """
    printed = _Print(front)
    with file_in_place(path) as temporary:
        temporary.write_bytes(printed.render())
    return path


class _Print:
    """Lays one brief out, block by block."""

    def __init__(self, front: Front) -> None:
        self.front, self.annexed, self.body = front, "", BODY
        self.tables = front.table_numbers()
        self.figures: dict[str, int] = {}
        self.pdf = _document(front)

    def render(self) -> bytes:
        """Return the file."""
        self._first_page()
        self._second_page()
        self._annex(self.front.now, phrase("front.annex"))
        if self.front.past is not None:
            self._annex(self.front.past, phrase("front.exit_annex"), EXIT)
        return bytes(self.pdf.output())

    def _first_page(self) -> None:
        self._text(self.front.title, 17, "B", after=1)
        self._text(self.front.stamp, 8.5, colour=MUTED, after=2)
        self._cautions(self.front.now)
        for line in self.front.first_screen():
            label = f"**{line.label}**{phrase('page.colon')} " if line.label else ""
            self._shaded(f"{label}{self._with_reference(line.sentence, line.tables)}", 10)
        self.pdf.ln(3)
        self.figures = {self.front.picture.id: 1}
        self._figure(self.front.picture, self.pdf.h - self.pdf.get_y() - self.pdf.b_margin - CAPTION)

    def _second_page(self) -> None:
        self.pdf.add_page()
        for self.body in TIGHT:
            with self.pdf.offset_rendering() as tried:
                self._second_page_blocks()
            if not tried.page_break_triggered:
                break
        self._second_page_blocks()
        self.body = BODY

    def _second_page_blocks(self) -> None:
        for section in self.front.sections:
            if section.id in PRINTED:
                self._text(section.heading, 12, "B", before=2.5, after=1)
                for block in _first_said(section.blocks, PRINTED[section.id]):
                    self._block(block)

    def _annex(self, content: BriefContent, title: str, annexed: str = "") -> None:
        """Print what an annex page holds; ids of its tables begin with `annexed` here."""
        self.annexed = annexed
        self.figures = {figure.id: number for number, figure in enumerate(content.figures(), start=1)}
        self.pdf.add_page()
        self.pdf.start_section(title, level=0)
        self._text(title, 17, "B", after=1)
        self._text(stamp(content), 8.5, colour=MUTED, after=3)
        for answer in content.answers:
            self._shaded(answer.question, 8.5, "B", MUTED)
            self._shaded(self._with_reference(answer.sentence, answer.tables), 10)
            if answer.confidence:
                self._shaded(answer.confidence, 8.5, colour=MUTED)
            self._shaded(" ", 3)
        for note in (" ".join(content.dates), content.reading):
            if note:
                self._text(note, SMALL, colour=MUTED, before=2)
        for section in outline(content):
            self._room(16 + self._opening_height(section.blocks))
            self.pdf.start_section(section.heading, level=1)
            self._text(section.heading, 15, "B", before=5, after=2)
            for place, block in enumerate(section.blocks):
                if isinstance(block, Heading):
                    self._room(self._opening_height(section.blocks[place:]))
                self._block(block)

    def _cautions(self, content: BriefContent) -> None:
        if content.failures:
            self._text(phrase("page.failed"), 12, "B", colour=ALARM, after=1)
            for failure in content.failures:
                self._text(f"• {failure}", 9, colour=ALARM)
            self.pdf.ln(2)
        if content.warnings:
            self._text(phrase("page.care"), 10, "B", after=1)
            for warning in content.warnings:
                self._text(f"• {warning}", 9)
            self.pdf.ln(2)

    def _block(self, block: Block) -> None:
        if isinstance(block, Statement):
            label = f"**{block.label}**{phrase('page.colon')} " if block.label else ""
            self._text(f"{label}{self._with_reference(block.sentence, block.tables)}", after=1.6, markdown=True)
        elif isinstance(block, Card):
            lines = "; ".join(f"{name}{phrase('page.colon')} {text}" for name, text in block.lines)
            self._text(f"**{block.title}**{phrase('page.colon')} {lines}.", markdown=True, after=0.8)
        elif isinstance(block, Heading):
            self._text(block.text, 11, "B", before=2, after=0.8)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, BriefFigure):
            self._figure(block)
        elif isinstance(block, Terms):
            for term, meaning in block.pairs:
                self._text(f"**{term}**{phrase('page.colon')} {meaning}", markdown=True, after=0.8)
        elif isinstance(block, Points):
            for beginning, rest in block.points:
                start = f"**{beginning}**{phrase('page.colon')} " if beginning else ""
                self._text(f"• {start}{rest}", markdown=True, after=0.6)
        elif isinstance(block, Sources):
            for note in block.notes:
                self._text(f"• {note.citation} {note.role} {note.attribution}".rstrip(), 8.5, after=0.8)
        elif isinstance(block, TableMaking):
            number = phrase("page.table", number=self.tables[self.annexed + block.table.id])
            self._text(f"{number} {block.sentence} {phrase('derivation.command')} {block.command}", 8.5, after=0.8)
        elif isinstance(block, Derivation):
            self._derivation(block)

    def _with_reference(self, sentence: str, tables: Sequence[str]) -> str:
        """Return a sentence as markdown, with links to the tables that hold its numbers."""
        said = re.sub(r"(\*\*|__|--|~~)", r"\\\1", sentence)
        if not tables:
            return said
        links = (
            f"[{phrase('page.table_link', number=self.tables[name])}](#table/{name})"
            for name in (self.annexed + table for table in tables)
        )
        return f"{said} ({', '.join(links)})"

    def _figure(self, figure: BriefFigure, tallest: float = TALLEST_FIGURE) -> None:
        width, height = _printed_size(figure, tallest)
        self._room(height + CAPTION)
        self.pdf.image(
            _with_few_colours(figure.png), w=width, h=height, alt_text=figure.alternative, title=figure.title
        )
        number = phrase("page.figure", number=self.figures[figure.id])
        self._text(f"**{number}** {_plain(figure.caption)}", 8.2, colour=MUTED, before=1, after=4, markdown=True)

    def _opening_height(self, blocks: Sequence[Block]) -> float:
        """Return about how much room headings and what follows them need, so that none stands alone; millimetres."""
        headings = list(takewhile(lambda block: isinstance(block, Heading), blocks))
        return 12 * len(headings) + sum(self._height(block) for block in blocks[len(headings) :][:1])

    def _height(self, block: Block) -> float:
        """Return about how much room a block needs at least, in millimetres."""
        if isinstance(block, BriefFigure):
            return _printed_size(block)[1] + CAPTION
        return _table_height(block) if isinstance(block, Table) else 18

    def _table(self, table: Table) -> None:
        self._room(_table_height(table))
        name = self.annexed + table.id
        self.pdf.set_link(name=f"table/{name}")
        caption = f"{phrase('page.table', number=self.tables[name])} {table.caption}"
        self._text(caption, 9, "B", before=2, after=1)
        if table.on_page and 0 < len(table.frame) <= ROWS_PRINTED:
            self._grid(table)
        elif table.on_page:
            self._text(phrase("page.rows_elsewhere", rows=len(table.frame), file=f"{name}.csv"), SMALL)
        self._text(table.note, SMALL, colour=MUTED, before=0.8, after=3)

    def _grid(self, table: Table) -> None:
        from fpdf.fonts import FontFace

        rows = table.rows()
        heads = [f"{c.heading}\n{c.unit_words}" if c.unit else c.heading for c in table.columns]
        self.pdf.set_font("DejaVu", "", min(SMALL, self.body - 0.8))
        self.pdf.set_text_color(*INK)
        widths = _widths(self.pdf, heads, rows)
        with self.pdf.table(
            align="LEFT",
            borders_layout="HORIZONTAL_LINES",
            width=min(sum(widths), self.pdf.epw),
            col_widths=widths,
            text_align=tuple("LEFT" if column.is_words else "RIGHT" for column in table.columns),
            headings_style=FontFace(emphasis="BOLD"),
            line_height=3.6 * min(SMALL, self.body - 0.8) / SMALL,
            padding=(0.7, 1.2, 0.7, 0),
            v_align="TOP",
        ) as grid:
            for cells in (heads, *rows):
                grid.row(cells)

    def _derivation(self, item: Derivation) -> None:
        self._room(20)
        self._text(item.title, 9.5, "B", before=2)
        self._text(f"{item.summary} {phrase('derivation.driver_command')} {item.command}", 8.5, after=1)

    def _text(
        self,
        text: str,
        points: float = 0,
        style: str = "",
        *,
        colour: tuple[int, int, int] = INK,
        before: float = 0,
        after: float = 0,
        markdown: bool = False,
    ) -> None:
        if not text:
            return
        points = points or self.body
        if before:
            self.pdf.ln(before)
        self.pdf.set_font("DejaVu", style, points)
        self.pdf.set_text_color(*colour)
        self.pdf.multi_cell(0, points * 0.52, text, align="L", new_x="LMARGIN", new_y="NEXT", markdown=markdown)
        if after:
            self.pdf.ln(after)

    def _shaded(self, text: str, points: float, style: str = "", colour: tuple[int, int, int] = INK) -> None:
        self.pdf.set_fill_color(*SAND)
        self.pdf.set_font("DejaVu", style, points)
        self.pdf.set_text_color(*colour)
        self.pdf.multi_cell(
            0, points * 0.52, text, align="L", fill=True, new_x="LMARGIN", new_y="NEXT", padding=(0, 4), markdown=True
        )

    def _room(self, height: float) -> None:
        """Begin a new page unless so many millimetres are left on this one."""
        if self.pdf.will_page_break(height):
            self.pdf.add_page()


def _first_said(blocks: Sequence[Block], most: int) -> Iterator[Block]:
    """Yield everything but figures, and of the sentences the first ones."""
    said = 0
    for block in blocks:
        said += isinstance(block, Statement)
        if not isinstance(block, BriefFigure) and not (isinstance(block, Statement) and said > most):
            yield block


def _document(front: Front) -> "FPDF":
    import matplotlib
    from fpdf import FPDF

    as_of = phrase("figures.as_of", month=month_words(front.now.as_of)).rstrip(".")

    class Document(FPDF):
        MARKDOWN_LINK_COLOR: Any = LINK
        MARKDOWN_LINK_UNDERLINE = False

        def footer(self) -> None:
            self.set_y(-12)
            self.set_font("DejaVu", "", SMALL)
            self.set_text_color(*MUTED)
            self.cell(0, 5, f"Harmattan · {as_of} · {self.page_no()}", align="C")

    pdf: Any = Document(format="A4")
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for style, file in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
        pdf.add_font("DejaVu", style, fonts / file)
    pdf.set_margins(MARGIN, MARGIN)
    pdf.set_auto_page_break(True, margin=18)
    pdf.set_draw_color(*RULE)
    pdf.set_title(front.title)
    pdf.set_lang(current().code)
    pdf.set_creator("Harmattan")
    pdf.set_producer("")
    number = month_number(front.now.as_of)
    pdf.set_creation_date(datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC))
    pdf.add_page()
    return pdf


def _table_height(table: Table) -> float:
    """Return about how much of one page a table needs: all of it, or its beginning where it is long; millimetres."""
    whole = HEAD + ROW * (len(table.frame) if table.on_page else 0)
    return whole if whole <= KEPT_WHOLE else HEAD + 4 * ROW


def _with_few_colours(png: bytes) -> "Image":
    """Return a picture with its most frequent colours: flat figures lose nothing and take a quarter of the room.

    Other colours become the nearest of these. A palette that is worked out anew takes three times as long, and keeps
    fewer points as they were.
    """
    import numpy as np
    from PIL import Image

    picture = Image.open(BytesIO(png)).convert("RGB").convert("RGBX")
    by_count = sorted(picture.getcolors(picture.width * picture.height) or (), reverse=True)
    colours = np.array([colour for _, colour in by_count], dtype=np.uint8)
    kept = colours[:COLOURS, :3].astype(int)
    rare = colours[COLOURS:, :3].astype(int)
    nearest = np.arange(len(colours))
    nearest[COLOURS:] = [((kept - colour) ** 2).sum(axis=1).argmin() for colour in rare]
    points, known = np.asarray(picture).view(np.uint32)[..., 0], colours.view(np.uint32)[:, 0]
    order = np.argsort(known)
    places = np.zeros(points.shape, dtype=np.uint8)
    drawn = points != known[0]  # most of a figure is paper
    places[drawn] = nearest[order][np.searchsorted(known, points[drawn], sorter=order)]
    result = Image.fromarray(places, "P")
    result.putpalette(kept.astype(np.uint8).tobytes())
    return result


def _printed_size(figure: BriefFigure, tallest: float = TALLEST_FIGURE) -> tuple[float, float]:
    """Return width and height on paper, in millimetres."""
    across, down = struct.unpack(">II", figure.png[16:24])  # where every PNG keeps its width and height
    width = min(WIDEST_FIGURE, min(tallest, TALLEST_FIGURE) * across / down)
    return width, width * down / across


def _widths(pdf: "FPDF", heads: list[str], rows: list[list[str]]) -> list[float]:
    """Return column widths in millimetres: no word is broken, and what room is left goes to the long columns."""
    least, wanted = [], []
    for column, head in enumerate(heads):
        texts = [head, *(row[column] for row in rows)]
        words = [word for text in texts for word in re.split(r"[ \n]", text)]
        least.append(max(pdf.get_string_width(word) for word in words) * BOLDER + PADDING)
        longest = max(pdf.get_string_width(line) for text in texts for line in text.split("\n"))
        wanted.append(max(longest * BOLDER + PADDING, least[-1]))
    room = pdf.epw - sum(least)
    extra = [want - need for want, need in zip(wanted, least, strict=True)]
    if room <= 0:
        return [need * pdf.epw / sum(least) for need in least]
    share = min(1.0, room / sum(extra)) if sum(extra) else 0.0
    return [need + share * more for need, more in zip(least, extra, strict=True)]


def _plain(text: str) -> str:
    return text.replace("**", "")
