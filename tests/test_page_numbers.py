"""The search for a sentence's numbers finds what a table does not hold, and does not take a chance for a count."""

import pytest
from made_content import make_content
from page_numbers import missing, numbers, statements

from harmattan.core.language import speaking
from harmattan.report.annex_page import render_annex
from harmattan.report.content import Statement
from harmattan.report.tables import write_table

pytestmark = pytest.mark.usefixtures("told")


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("From June 2023 on 1,200 deaths a month are expected.", []),
        ("It is unlikely, 23 in 100, or less than 1 in 100.", []),
        ("From 2019 to 2024 it was 1,234, about 1,230.", []),
        ("It is unlikely, 24 in 100.", ["24"]),
        ("1,300 deaths a month are expected.", ["1,300"]),
        ("23 deaths a month are expected.", ["23"]),
        ("It is likely, 7 in 100.", ["7"]),
    ],
)
def test_a_number_that_the_cited_table_does_not_hold_is_found(tmp_path, sentence, wrong):
    content = make_content(findings={"record": (Statement(sentence, ("record",)),)})
    html = render_annex(content)
    for table in content.tables():
        write_table(table, tmp_path / "tables")
    (said,) = [item for item in statements(html) if sentence in item.words]
    assert missing(said, tmp_path / "tables", html) == wrong


def test_fixed_words_and_dates_are_no_results():
    assert numbers(
        "80 % intervals were right for past years of Mali (2018 to 2023: held 65\u00a0% of yearly totals"
    ) == [("chance", "65")]
    with speaking("fr"):
        assert numbers("juillet 2023 à juin 2024 : 1\u202f800 morts, ×1,42, 66\u00a0sur\u00a0100") == [
            ("count", "1\u202f800"),
            ("ratio", "1,42"),
            ("chance", "66"),
        ]


def test_what_a_chance_would_become_makes_a_chance_of_what_it_is():
    assert numbers("over 25 deaths: Bellune 45 to 66 in 100, Cortia 9 to 12 deaths") == [
        ("count", "25"), ("chance", "45"), ("chance", "66"), ("count", "9"), ("count", "12"),
    ]  # fmt: skip
