"""Words become numbers as the published answers say, and every word of the register is covered."""

import csv
import math

import numpy as np
import pytest
from scipy.optimize import brentq

from harmattan.claims.lexicon import effect_of, grade_of, normalised, reading_of, shifted, size_of
from harmattan.claims.mixtures import Beta
from harmattan.claims.refit_lexicon import as_yaml, fit_beta, refit
from harmattan.claims.register import load_register, register_words
from harmattan.core.resources import seeds_folder
from harmattan.schema.yaml_source import read_yaml


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.fixture(scope="module")
def refitted():
    return refit()


def test_the_lexicon_file_is_what_the_raw_answers_give(refitted):
    written = (seeds_folder() / "lexicons" / "capphrase.yaml").read_text(encoding="utf-8")
    assert written == as_yaml(refitted)


def test_every_beta_reproduces_its_median(refitted):
    assert len(refitted) == 19
    for term, phrase in refitted.items():
        assert Beta(phrase.a, phrase.b).quantile(0.5) == pytest.approx(phrase.median, abs=5e-4), term
        assert abs(phrase.median_error) <= 5e-4, term


def test_every_beta_comes_near_the_tails_of_its_answers(refitted):
    for term, phrase in refitted.items():
        beta = Beta(phrase.a, phrase.b)
        assert beta.quantile(0.05) == pytest.approx(phrase.p05, abs=0.051), term
        assert beta.quantile(0.95) == pytest.approx(phrase.p95, abs=0.051), term


@pytest.mark.parametrize(("a", "b"), [(2.0, 5.0), (0.8, 12.0), (40.0, 10.0), (3000.0, 3000.0)])
def test_the_fit_gives_back_a_beta_whose_quantiles_it_is_shown(a, b):
    shown = np.array([Beta(a, b).quantile(level) for level in (0.05, 0.5, 0.95)])
    assert fit_beta(shown) == (pytest.approx(a, rel=1e-3), pytest.approx(b, rel=1e-3))


def test_no_other_beta_with_the_same_median_lies_nearer(refitted):
    """The concentration is the best one: a twentieth more or less, with the median kept, misses the tails by more."""
    for term, phrase in refitted.items():
        fitted = _miss(Beta(phrase.a, phrase.b), phrase)
        for factor in (0.95, 1.05):
            total = factor * (phrase.a + phrase.b)
            mean = brentq(lambda m, n=total, p=phrase: Beta.from_mean(m, n).quantile(0.5) - p.median, 1e-3, 0.9999)
            assert _miss(Beta.from_mean(mean, total), phrase) > fitted - 1e-6, term


def _miss(beta, phrase):
    return (beta.quantile(0.05) - phrase.p05) ** 2 + (beta.quantile(0.95) - phrase.p95) ** 2


def test_outliers_are_left_out_as_the_authors_do(refitted):
    with (seeds_folder() / "data" / "verbal-probability" / "term_summary.csv").open(encoding="utf-8") as file:
        counts = {r["term"]: int(r["n"]) for r in csv.DictReader(file) if r["source"] == "CAPphrase"}
    assert {term: phrase.n for term, phrase in refitted.items()} == counts


def test_every_hedge_and_magnitude_of_the_register_is_mapped_and_no_other(register):
    words, own = register_words(register), seeds_folder() / "lexicons"
    hedges = {normalised(entry["hedge"]) for entry in read_yaml(own / "hedges.yaml").data["phrases"]}
    sizes = {normalised(entry["magnitude"]) for entry in read_yaml(own / "magnitudes.yaml").data["words"]}
    assert hedges == set(words["hedges"]) - {""}
    assert sizes == set(words["magnitudes"]) - {""}


def test_modal_verbs_are_never_read_as_likely(register):
    for entry in register.lexicons.hedges.phrases:
        if entry.term and {"may", "might", "could", "can"} & set(entry.hedge.split()):
            phrase = register.lexicons.phrases.terms[entry.term]
            assert phrase.a / (phrase.a + phrase.b) < 0.5, entry.hedge


def test_a_denial_is_read_like_an_assertion(register):
    """The benign side must not be discounted: functions and failures of the mission get the same term."""
    terms = {(rule.kind, rule.implied): rule.term for rule in register.lexicons.hedges.empty}
    assert terms["forecast", False] == terms["counter-claim", False]
    assert terms["observation", True] == terms["counter-claim", True]


def test_shifts_move_the_mean_half_way_and_keep_the_concentration():
    # mean 0.8 with a + b = 10: half-way to 1 is 0.9, so (9, 1); half-way to 0.5 is 0.65, so (6.5, 3.5)
    assert shifted(Beta(8.0, 2.0), "strengthened") == Beta(pytest.approx(9.0), pytest.approx(1.0))
    assert shifted(Beta(8.0, 2.0), "weakened") == Beta(pytest.approx(6.5), pytest.approx(3.5))
    # mean 0.2: the nearer bound is 0, so 0.1
    assert shifted(Beta(2.0, 8.0), "strengthened") == Beta(pytest.approx(1.0), pytest.approx(9.0))
    assert shifted(Beta(2.0, 8.0), None) == Beta(2.0, 8.0)


def test_a_hedge_is_read_by_words_and_its_absence_by_kind(register):
    assert reading_of(register.claims["chat-bard-084-a"], register.lexicons).term == "Likely"
    assert reading_of(register.claims["chat-bard-071-c"], register.lexicons).term == "Probable"
    assert reading_of(register.claims["commentary-exit-017-a"], register.lexicons).term == "Improbable"
    assert reading_of(register.claims["chat-bard-069-d"], register.lexicons) is None


def test_a_claim_s_own_grade_goes_before_its_source_s(register):
    source = register.sources["press-divorce"]
    assert grade_of(register.claims["press-divorce-007-b"], source) == "E"
    assert grade_of(register.claims["press-divorce-007-a"], source) == "B"


def test_the_reference_prior_is_the_share_of_questions_that_came_true(register):
    with (seeds_folder() / "data" / "track_record" / "reference_classes.csv").open(encoding="utf-8") as file:
        (row,) = [r for r in csv.DictReader(file) if r["source_study"].startswith("Good Judgment")]
    assert register.lexicons.reference.mean == pytest.approx(float(row["value"])) == pytest.approx(96 / 382, abs=5e-4)
    assert register.lexicons.reference.a + register.lexicons.reference.b == pytest.approx(4.0)


def test_a_size_is_the_eighty_per_cent_interval_of_a_rate_ratio(register):
    # moderate 1.25-1.75: ln 1.25 = 0.22314, ln 1.75 = 0.55962; mean 0.39138; sd 0.33647 / (2 x 1.28155) = 0.13127
    effect = effect_of("moderate", register.lexicons.magnitudes)
    assert (effect.mean, effect.sd) == (pytest.approx(0.39138, abs=1e-5), pytest.approx(0.13127, abs=1e-5))
    assert math.exp(effect.mean - 1.28155 * effect.sd) == pytest.approx(1.25, abs=1e-4)
    assert size_of(register.claims["chat-bard-084-a"], register.lexicons.magnitudes) == "unstated"


def test_official_yardsticks_are_those_of_the_frozen_table(register):
    with (seeds_folder() / "data" / "verbal-probability" / "yardsticks.csv").open(encoding="utf-8") as file:
        rows = [(r["standard"], r["term"], float(r["low_pct"]), float(r["high_pct"])) for r in csv.DictReader(file)]
    held = [
        (name, band.term, band.low_pct, band.high_pct)
        for name, bands in register.lexicons.yardsticks.standards.items()
        for band in bands
    ]
    assert sorted(held) == sorted(rows)
