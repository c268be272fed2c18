"""Verdict words hang on one declared number: what is smaller is unchanged, and a range decides or leaves it open."""

import math

import pytest
from made import CASE, copy_made_case

from harmattan.case.opening import open_case
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.core.smallest_change import (
    SmallestChange,
    judged_words,
    standing_words,
    verdict_words,
)

TENTH = SmallestChange(0.1)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (100, 111, "worse"),
        (100, 110, "unchanged"),  # just the smallest change is none that matters
        (100, 90, "unchanged"),
        (100, 89, "better"),
        (0.2, 0.9, "unchanged"),  # less than one death
        (0, 3, "worse"),
        (3, 0, "better"),
        (0, 0, "unchanged"),
    ],
)
def test_deaths_that_move_by_less_than_a_tenth_or_by_less_than_one_have_not_changed(before, after, said):
    assert TENTH.of_deaths(before, after) == said


def test_rates_may_be_compared_below_one_death():
    assert TENTH.of_deaths(0.2, 0.9, least=0) == "worse"
    assert TENTH.of_deaths(0.2, 0.2, least=0) == "unchanged"
    assert (TENTH.of_ratio(1.2), TENTH.of_ratio(0.8), TENTH.of_ratio(math.inf)) == ("worse", "better", "worse")


def test_a_chance_moves_by_half_of_what_deaths_must():
    assert TENTH.chance == 0.05
    assert [TENTH.of_chance(0.5, after) for after in (0.56, 0.55, 0.45, 0.44)] == [
        "worse", "unchanged", "unchanged", "better",
    ]  # fmt: skip


def test_a_range_lies_above_or_inside_or_is_undecided():
    assert TENTH.standing_of_ratio(1.12, 1.4) == "above"
    assert TENTH.standing_of_ratio(0.5, 0.89) == "above"
    assert TENTH.standing_of_ratio(0.95, 1.05) == "inside"
    assert TENTH.standing_of_ratio(0.95, 1.4) == "undecided"
    assert TENTH.standing_of_chance(-0.2, 0.2) == "undecided", "both ways is undecided too"
    assert TENTH.standing_of_chance(-0.05, 0.05) == "inside"


def test_words_in_both_languages():
    assert judged_words("worse", "above") == verdict_words("worse") == "worse"
    assert judged_words("worse", "undecided").startswith("worse, ")
    with speaking("fr"):
        assert verdict_words("better") == "mieux"
        assert standing_words("inside") != "inside"


def test_a_case_declares_it_and_a_tenth_is_usual(tmp_path):
    assert open_case(CASE).smallest_change == SmallestChange()
    folder = copy_made_case(tmp_path / "case")
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(text + "smallest_change: 0.25\n", encoding="utf-8")
    assert open_case(folder).smallest_change == SmallestChange(0.25)
    (folder / "case.yaml").write_text(text + "smallest_change: 10\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"smallest_change.*less than 1"):
        open_case(folder)
