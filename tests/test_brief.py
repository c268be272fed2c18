"""An annex of the brief is one self-contained page whose numbers are those of its tables; print holds the same."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest
from fpdf import FPDF
from made_content import PICTURES, make_content, make_front, table

from harmattan import plots
from harmattan.core.names import HORIZONS
from harmattan.report.annex_page import render_annex
from harmattan.report.content import Statement
from harmattan.report.figures import brief_figure, save_figure
from harmattan.report.inline_svg import font_faces, inline_svg
from harmattan.report.pdf import write_pdf
from harmattan.report.tables import Column, Table, write_table

pytestmark = pytest.mark.usefixtures("told")


class Page(HTMLParser):
    """Collects ids, links, images and the nesting of tags."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.images, self.open, self.tags = [], [], [], [], []
        self.classes = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append(tag)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "a":
            self.links.append(attributes["href"])
        if attributes.get("role") == "img":
            self.images.append(attributes)
        self.classes.append(attributes.get("class", ""))
        if tag not in ("meta", "img", "source", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def html():
    return render_annex(make_content())


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_page_is_well_formed_and_every_anchor_leads_somewhere(page):
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    inside = {link[1:] for link in page.links if link.startswith("#")}
    assert inside <= set(page.ids)
    assert {
        "documents",
        "record",
        "forecast",
        "limits",
        "sources",
        "table-contrast-short",
        "table-drivers",
    } <= inside | set(page.ids)


def test_page_needs_nothing_from_outside(html, page):
    assert not re.search(r"(?:src|srcset|href)=[\"'](?!#|data:|brief\.html[\"'])", html)  # it stands beside the page
    assert not re.search(r"@import|url\((?!\"data:font/woff;base64,)", html)
    assert "script" not in page.tags


def test_every_picture_has_an_alternative_and_a_narrow_variant(page):
    assert len(page.images) == len(make_content().figures())
    assert all(image["aria-label"].startswith("Alternative of") for image in page.images)
    assert page.classes.count("wide") == page.classes.count("narrow") == len(page.images)
    assert page.tags.count("svg") == 2 * len(page.images)
    assert page.tags.count("figcaption") == page.tags.count("figure") == len(page.images)


def test_tables_show_numbers_with_units_and_escape_text(html):
    assert "<td>23 in 100</td>" in html
    assert "<td>less than 1 in 100</td>" in html
    assert "<td>1,200</td>" in html
    assert '<span class="unit">deaths per month</span>' in html
    assert "a &amp; b" in html
    assert "&lt;c&gt;" in html
    assert "<c>" not in html


def test_download_holds_the_same_bytes_as_the_table_file(tmp_path, html):
    written = write_table(table("drivers"), tmp_path).read_bytes()
    links = re.findall(r'download="drivers.csv" href="data:text/csv;base64,([^"]+)"', html)
    assert [base64.b64decode(link) for link in links] == [written]
    assert written.decode().splitlines()[0] == "country,p [probability 0-1],deaths [deaths per month],text"


def test_answers_and_findings_point_to_numbered_tables(html):
    numbers = {t.id: i for i, t in enumerate(make_content().tables(), start=1)}
    link = f'<a href="#table-exceedance">table\u00a0{numbers["exceedance"]}</a>'
    assert html.count(f'Sentence 0: likely, 72 in 100. <span class="ref">({link})') == 1
    assert f'<a href="#table-record">table\u00a0{numbers["record"]}</a>' in html
    assert f"Table {numbers['exceedance']}. About exceedance" in html


def test_failed_fit_shouts_before_the_answers(html):
    assert 'role="alert"' not in html
    loud = render_annex(make_content(failures=("r-hat is 1.08",)))
    assert "The fit failed its checks" in loud
    assert loud.index("r-hat is 1.08") < loud.index("Sentence 0")


def test_limits_name_the_shocks_and_the_share_of_the_prior(html):
    limits = html[html.index('id="limits"') : html.index('id="sources"')]
    for words in (
        "July 2023",
        "A coup next door.",
        "62 per cent is prior.",
        "in one place, and once",
        "best estimates",
        "our assumption",
    ):
        assert words in limits


def test_same_content_gives_the_same_page(html):
    assert render_annex(make_content()) == html


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"answers": ()}, "five answers"),
        ({"contrast": {}}, "at least one horizon"),
        ({"findings": {"nowhere": ()}}, "nowhere"),
        ({"findings": {"watched": (Statement("x", ("missing",)),)}}, "missing"),
        ({"spillover": table("watched")}, "share the id watched"),
        ({"assumed": Statement("With low confidence it is likely, 72 in 100.")}, "Likelihood and confidence"),
    ],
)
def test_content_that_contradicts_itself_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        make_content(**changes)


def test_table_refuses_columns_that_its_frame_lacks():
    with pytest.raises(ValueError, match="nothing"):
        Table("x", "X", pd.DataFrame({"a": [1]}), (Column("nothing", "Nothing"),))


def drawn(size="page"):
    frame = pd.DataFrame({"label": ["one", "two"], "low": [1.0, 2.0], "high": [5.0, 4.0]})
    return plots.tornado(frame, as_of="2023-06", baseline=3, quantity="Deaths", unit="deaths", size=size)


def test_saved_figures_have_the_same_bytes_each_time(tmp_path):
    formats = ("png", "svg", "pdf")
    first = save_figure(drawn().figure, tmp_path / "a", "tornado", formats=formats, dpi=50)
    second = save_figure(drawn().figure, tmp_path / "b", "tornado", formats=formats, dpi=50)
    assert sorted(first) == sorted(formats)
    for kind in first:
        assert first[kind].read_bytes() == second[kind].read_bytes()
    assert b"<dc:date>" not in first["svg"].read_bytes()
    assert b"Software" not in first["png"].read_bytes()
    assert not list(tmp_path.glob("*/.harmattan-*"))


def test_figure_takes_its_words_from_the_call_that_drew_it(tmp_path):
    made = brief_figure(drawn(), tmp_path, "tornado", narrow=drawn("column"), tables=("tornado",))
    assert made.caption == plots.describe(drawn()).caption
    assert made.png == (tmp_path / "tornado.png").read_bytes()
    assert made.narrow == inline_svg((tmp_path / "tornado-column.svg").read_text(encoding="utf-8"), "tornado-column")
    assert made.svg == inline_svg((tmp_path / "tornado.svg").read_text(encoding="utf-8"), "tornado")
    assert made.tables == ("tornado",)


def test_figures_are_written_as_asked(tmp_path):
    made = brief_figure(drawn(), tmp_path, "tornado", formats=("pdf",))
    assert [path.name for path in tmp_path.iterdir()] == ["tornado.pdf"]
    assert made.png.startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="choose from png, svg, pdf"):
        save_figure(drawn().figure, tmp_path, "tornado", formats=("jpg",))


def test_figures_inside_a_page_keep_their_text_share_no_id_and_bring_their_letters(tmp_path):
    made = brief_figure(drawn(), tmp_path, "tornado")
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", made.svg)
    assert {"one", "two"} <= set(texts) and 'aria-hidden="true"' in made.svg
    ids = re.findall(r' id="([^"]+)"', made.svg)
    assert ids and all(name.startswith("tornado-") for name in ids)
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', made.svg)) <= set(ids)
    faces = font_faces([made.svg])
    assert faces.count("@font-face") == 2 and faces == font_faces([made.svg])
    assert font_faces(["<svg><path/></svg>"]) == ""


def content_with_pictures(folder, **changes):
    picture = brief_figure(drawn(), folder / "figures", "tornado", tables=("tornado",))
    return make_content(
        forecast_figures=(picture,), more_figures={"watched": (replace(picture, id="again"),)},
        **{f"{n}_figure": replace(picture, id=n) for n in PICTURES}, **changes,
    )  # fmt: skip


def record_print(monkeypatch):
    """Return a list that fills with every text set in a PDF."""
    said, original = [], FPDF.multi_cell

    def recorded(self, w, h=None, text="", *args, **kwargs):
        said.append(text)
        return original(self, w, h, text, *args, **kwargs)

    monkeypatch.setattr(FPDF, "multi_cell", recorded)
    return said


def test_print_holds_what_the_page_holds_and_has_the_same_bytes_each_time(tmp_path, monkeypatch):
    said = record_print(monkeypatch)

    def printed(name):
        return write_pdf(make_front(content_with_pictures(tmp_path)), tmp_path / name).read_bytes()

    first = printed("a.pdf")
    text = "\n".join(said)
    assert first.startswith(b"%PDF")
    assert first == printed("b.pdf")
    for words in ("After the mission", "Sentence 4: likely, 72 in 100.", "What this cannot tell you", "About hindcast"):
        assert words in text
    assert text.count("**Figure ") == len(PICTURES) + 3  # and that of the first page
    assert "23 in 100" in text and "1,200" in text


def pages_of(monkeypatch, content, path):
    """Return the texts of each page of a PDF."""
    pages = [[]]
    set_text = FPDF.multi_cell

    def recorded(self, w, h=None, text="", *args, **kwargs):
        if self.page_no() > len(pages):
            pages.extend([] for _ in range(self.page_no() - len(pages)))
        pages[-1].append(text)
        return set_text(self, w, h, text, *args, **kwargs)

    monkeypatch.setattr(FPDF, "multi_cell", recorded)
    write_pdf(make_front(content), path)
    return pages


@pytest.mark.parametrize("rows", range(2, 26))
def test_in_print_no_heading_stands_alone_and_short_tables_keep_to_one_page(monkeypatch, tmp_path, rows):
    """A longer table moves what follows it down the page, row by row."""

    def long(name):
        frame = pd.concat([table(name).frame] * 13, ignore_index=True).head(rows)
        return replace(table(name), frame=frame)

    content = content_with_pictures(tmp_path, diagnostics=long("diagnostics"), contrast={h: long(h) for h in HORIZONS})
    headings = {"What the exit itself caused", "What would have happened otherwise", "What this cannot tell you"}
    headings |= {f"{term} term" for term in ("Short", "Middle", "Long")}
    for texts in pages_of(monkeypatch, content, tmp_path / "brief.pdf"):
        assert texts[-1] not in headings
        for place, text in enumerate(texts):
            if text.startswith("Table ") and ". About " in text and rows <= 20:
                assert "A note." in texts[place:], text
