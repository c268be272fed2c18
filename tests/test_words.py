"""Words carry numbers, and likelihood and confidence stay apart."""

from dataclasses import replace

import pytest
from shown_words import SOUND

from harmattan.core.language import per_cent
from harmattan.evaluate.past_totals import Held
from harmattan.plots.numbers import in_hundred, month_words, ratio_words, sensible
from harmattan.report.tables import shown
from harmattan.report.words import (
    BANDS,
    interval,
    judge_confidence,
    likelihood,
    likelihood_word,
    mixes_likelihood_and_confidence,
    scale_words,
)


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.72, "likely, 72 in 100"),
        (0.03, "almost no chance, 3 in 100"),
        (0.20, "unlikely, 20 in 100"),
        (0.50, "roughly even chance, 50 in 100"),
        (0.796, "very likely, 80 in 100"),
        (0.97, "almost certain, 97 in 100"),
        (0.004, "less than 1 in 100"),
        (0.0, "less than 1 in 100"),
        (1.0, "more than 99 in 100"),
    ],
)
def test_likelihood_word_comes_with_its_number(probability, words):
    assert likelihood(probability) == words


def test_phia_keeps_its_gaps():
    assert likelihood(0.45, "phia") == "realistic possibility, 45 in 100"
    assert likelihood(0.37, "phia") == "37 in 100"
    assert likelihood_word(0.78, "phia") == ""


@pytest.mark.parametrize("scale", BANDS)
def test_word_always_agrees_with_the_printed_number(scale):
    bands = dict(zip(scale_words(scale), BANDS[scale], strict=True))
    for thousandth in range(10, 991):
        text = likelihood(thousandth / 1000, scale)
        if ", " in text:
            word, number = text.split(", ")
            low, high = bands[word]
            assert low <= int(number.split()[0]) <= high


def test_icd203_leaves_no_number_without_a_word():
    assert all(likelihood_word(hundredth / 100) for hundredth in range(1, 100))


@pytest.mark.parametrize("wrong", [-0.1, 1.2, float("nan")])
def test_only_probabilities_have_a_likelihood(wrong):
    with pytest.raises(ValueError, match="between 0 and 1"):
        likelihood(wrong)
    with pytest.raises(ValueError, match="between 0 and 1"):
        in_hundred(wrong)


def test_unknown_scale_is_named():
    with pytest.raises(ValueError, match="icd203 or phia"):
        likelihood(0.5, "nato")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.4, "less than 1"),
        (7.4, "7"),
        (43.6, "44"),
        (99.6, "100"),
        (149, "150"),
        (1234, "1,200"),
        (98765, "99,000"),
    ],
)
def test_deaths_are_rounded_to_two_figures(value, text):
    assert sensible(value) == text


def test_interval_in_plain_words():
    assert interval(412, 1287) == "between 410 and 1,300 in 80 of 100 simulated futures"
    assert interval(43.8, 44.2, level=50) == "around 44 in 50 of 100 simulated futures"
    with pytest.raises(ValueError, match="above the upper end"):
        interval(5, 1)


def test_confidence_follows_from_its_reasons():
    assert judge_confidence(SOUND).level == "high"
    assert judge_confidence(replace(SOUND, months_met=0)).level == "moderate"
    assert judge_confidence(replace(SOUND, months_met=0, focal=None)).level == "low"
    failed = judge_confidence(replace(SOUND, fit_passed=False))
    assert failed.level == "low"
    assert "did not pass" in failed.sentence()


def test_intervals_that_hold_too_little_and_too_much_are_two_weaknesses_and_named():
    said = judge_confidence(replace(SOUND, focal=Held(35, 54), later=Held(27, 27)), places="Mali", years="2018 to 2023")
    assert said.level == "low"
    assert "too narrow for past years of Mali (2018 to 2023: held 65\u00a0% of yearly totals" in said.sentence()
    assert "too wide for all totals since (100\u00a0%, 27 of 27)" in said.sentence()


@pytest.mark.parametrize(("inside", "fit"), [(6, "narrow"), (7, "right"), (8, "right"), (9, "right"), (10, "wide")])
def test_intervals_are_right_to_within_a_tenth(inside, fit):
    assert Held(inside, 10).fit == fit


def test_confidence_says_what_its_sources_count():
    assert "5 documents count as 4 independent sources, those of one origin once" in judge_confidence(SOUND).sentence()


def test_confidence_is_never_said_together_with_likelihood():
    sentence = judge_confidence(replace(SOUND, focal=Held(35, 54), later=Held(27, 27))).sentence()
    assert not mixes_likelihood_and_confidence(sentence)
    assert not mixes_likelihood_and_confidence(f"It is {likelihood(0.72)}. {sentence}")
    assert mixes_likelihood_and_confidence("We have high confidence that it is very likely.")
    assert mixes_likelihood_and_confidence("With low confidence, 23 in 100.")


def test_months_and_ratios_in_words():
    assert month_words("2023-06") == "June 2023"
    assert ratio_words(1.42) == "×1.4"
    assert ratio_words(0.66) == "×0.66"


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("MLI", "country", "Mali"),
        ("mission_stays", "scenario", "mission stays"),
        (2118, "count", "2,118"),
        (2118, "estimate", "2,100"),
        (0.234, "probability", "23 in 100"),
        (0.234, "share", "23\u00a0%"),
        (1.417, "ratio", "×1.42"),
        (1.0834, "number", "1.08"),
        (float("nan"), "estimate", "–"),
        (None, "text", "–"),
    ],
)
def test_cells_read_as_their_kind_says(value, kind, text):
    assert shown(value, kind) == text


def test_three_figures_where_neighbours_differ_little():
    assert [shown(value, "close") for value in (1034.4, 98.6, 0.4)] == ["1,030", "99", "less than 1"]
    assert [shown(value, "precise") for value in (1.0057, 1502.4, 0.8518, 0)] == ["1.006", "1,502", "0.8518", "0"]


def test_a_share_that_rounds_to_nothing_has_no_sign():
    assert per_cent(-0.002) == "0\u00a0%"
    assert per_cent(-0.012) == "−1\u00a0%"
