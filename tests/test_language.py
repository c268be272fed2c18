"""Every word of the brief exists in every language, and numbers follow the language's rules."""

import re
from dataclasses import replace

import numpy as np
import pytest
from drawn_figures import DRAW
from made_content import make_content
from shown_words import ENGLISH_ONLY, SOUND, Shown

from harmattan import plots
from harmattan.case.settling import record_with_parts, yearly_series
from harmattan.claims.register import load_register
from harmattan.claims.verdicts import resolve
from harmattan.core.errors import InputError
from harmattan.core.language import (
    CASE_WORDS,
    country_name,
    decimal,
    fields,
    has_translation,
    language,
    languages,
    listed,
    outcome_name,
    per_cent,
    phrase,
    placeholders,
    scenario_name,
    speaking,
    translate,
    whole,
)
from harmattan.core.names import OUTCOMES
from harmattan.core.unit_names import written_otherwise
from harmattan.plots.numbers import in_hundred, month_words, ratio_words, sensible, span_words
from harmattan.report.annex_page import render_annex
from harmattan.report.tables import shown
from harmattan.report.words import BANDS, judge_confidence, likelihood, mixes_likelihood_and_confidence, scale_words
from harmattan.schema.scenario import load_scenario, scenario_names

OTHERS = [code for code in languages() if code != "en"]

pytestmark = pytest.mark.usefixtures("told")


def test_french_is_there():
    assert languages() == ("en", "fr")


@pytest.mark.parametrize("code", OTHERS)
def test_every_key_is_translated_with_the_same_placeholders(code):
    english, other = language("en").phrases, language(code).phrases
    assert sorted(set(english) - set(other)) == []
    extra = {key.split(".")[0] for key in set(other) - set(english)}
    assert extra <= {"outcomes"}
    pairs = [(key, english[key], other[key]) for key in english if key != "confidence.pattern"]
    free = set(CASE_WORDS)
    assert [key for key, a, b in pairs if placeholders(a) - free != placeholders(b) - free] == []


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_stays_in_english(code):
    phrases = language(code).phrases
    assert not [name for name in phrases if name.startswith("countries.")], "names come from the world and the case"
    own = [
        re.sub(r"{[\w.]+}|--[\w-]+|Professional Head of Intelligence Assessment", "", text) for text in phrases.values()
    ]
    assert [text for text in own if ENGLISH_ONLY.search(text)] == []


FORMS_OF = {"event": {"of", "to", "short"}, "watched": {"in", "short"}}
"""Forms of names; those of units, such as home and country, are `in` and `of`."""


@pytest.mark.parametrize("code", languages())
def test_sentences_ask_names_for_forms_that_they_have(code):
    spoken = language(code)
    asked = {field for text in (*spoken.phrases.values(), *spoken.texts.plain.values()) for field in fields(text)}
    forms = [field.split(".") for field in asked if "." in field]
    known = FORMS_OF | {
        "unit": set.intersection(*map(set, spoken.units.kinds.values())) | {"plural", "head"},
        "toll": set(spoken.headlines["other"]),
        "recorder": set.intersection(*map(set, spoken.records.values())),
    }
    assert forms and [(name, form) for name, form in forms if form not in known.get(name, {"in", "of"})] == []
    assert all({"name", "plural"} <= set(noun) <= {"name", "plural", "kind"} for noun in spoken.units.known.values())
    assert set(spoken.headlines) - {"other"} <= set(OUTCOMES)
    assert all(set(forms) <= set(spoken.headlines["other"]) for forms in spoken.headlines.values())
    assert all(set(by) == set(spoken.grammar.forms["in"]) for by in spoken.grammar.forms.values())
    assert {kind for _, kind in spoken.grammar.kinds} <= set(spoken.grammar.forms["in"])
    assert {kind for _, kind in written_otherwise(code).values()} <= {"", *spoken.grammar.forms["in"]}


@pytest.mark.parametrize("code", OTHERS)
def test_names_are_translated(code):
    known = language(code).phrases
    assert {f"outcomes.{name}" for name in OUTCOMES} <= set(known)


@pytest.mark.parametrize("code", OTHERS)
def test_what_the_data_files_say_on_the_page_is_translated(code, panel):
    register = load_register()
    scenarios = [load_scenario(name) for name in scenario_names()]
    texts = [driver.title for driver in register.drivers.values()]
    texts += [branch.id for driver in register.drivers.values() for branch in driver.branches]
    texts += [scenario.title for scenario in scenarios] + [" ".join(s.condition.split()) for s in scenarios]
    texts += [group.name["en"] for group in register.case.definition.groups.values()]
    seen, yearly = record_with_parts(register.case, panel), yearly_series(register.case, "2024-12")
    for claim in register.claims.values():
        verdict = resolve(claim, seen, "2023-06", register.case.events, yearly=yearly)
        if verdict.status in ("void", "no rule"):
            continue
        texts.append(claim.proposition.replace("-", " "))
        if claim.scope == "consequence" and not claim.implied:
            texts += [claim.paraphrase, verdict.why]
    with speaking(code):
        assert [text for text in dict.fromkeys(texts) if not has_translation(text)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_every_scenario_has_a_short_name(code):
    with speaking(code):
        assert [name for name in scenario_names() if scenario_name(name) == name.replace("_", " ")] == []


def test_unknown_language_is_refused_with_the_choice():
    with pytest.raises(InputError, match="choose one of en, fr"):
        language("de")


def test_french_numbers():
    with speaking("fr"):
        assert whole(1234567) == "1\u202f234\u202f567"
        assert decimal(1234.5, 1) == "1\u202f234,5"
        assert decimal(-0.5, 1) == "−0,5"
        assert per_cent(0.234) == "23\u202f%"
        assert sensible(1234) == "1\u202f200"
        assert ratio_words(1.42) == "×1,4"
        assert in_hundred(0.23) == "23\u00a0sur\u00a0100"
        assert in_hundred(0.001).startswith("moins de 1")
        assert month_words("2023-08") == "août 2023"
        assert span_words("2023-07", "2024-06") == "juillet 2023 à juin 2024"
        assert listed(["a", "b", "c"]) == "a, b et c"
        assert shown(1.417, "ratio") == "×1,42"
        assert shown(0.0123, "number") == "0,0123"
        assert shown("2023-07/2024-06", "span") == "juillet 2023 à juin 2024"
        assert shown("MRT", "country") == "Mauritanie"
        assert shown("true", "verdict") == "vrai"
    assert whole(1234567) == "1,234,567"


def test_french_marks_keep_their_spaces():
    with speaking("fr"):
        assert phrase("number.quoted", text="x") == "«\u00a0x\u00a0»"
        assert phrase("answers.home").endswith("\u202f?")
        assert " :" not in phrase("page.reading", reading="", scale="", bands="").replace("\u00a0:", "")
        assert "'" not in phrase("answers.change_text", most="", expected="", drivers="", country="")


def test_texts_with_numbers_are_translated_by_their_template():
    with speaking("fr"):
        assert (
            translate("so far 1,158 deaths a month, 165 before")
            == "jusqu’ici 1\u202f158 décès par mois, contre 165 avant"
        )
        assert translate("it happened in 2023-12-31") == "c’est arrivé\u00a0: 31 décembre 2023"
        assert translate("it happened in 2024-01-01") == "c’est arrivé\u00a0: 1er janvier 2024"
        assert translate("record to 2023-06") == "données jusqu’à juin 2023"
        assert translate("r-hat is 1.014 for offset (must be below 1.01).").startswith("r-hat vaut 1,014 pour offset")
        assert translate("nobody has translated this") == "nobody has translated this"
    assert translate("so far 158 deaths a month, 165 before") == "so far 158 deaths a month, 165 before"


def test_language_ends_with_its_block_even_after_an_error():
    with pytest.raises(RuntimeError), speaking("fr"):
        raise RuntimeError
    assert country_name("CIV") == "Côte d'Ivoire" and outcome_name("one_sided") == OUTCOMES["one_sided"]


@pytest.mark.parametrize("scale", BANDS)
def test_likelihood_in_french_has_a_word_and_its_number(scale):
    with speaking("fr"):
        assert len(set(scale_words(scale))) == 7
        assert likelihood(0.6, scale) == "probable, 60\u00a0sur\u00a0100"


def test_likelihood_and_confidence_stay_apart_in_french():
    with speaking("fr"):
        sentence = judge_confidence(replace(SOUND, fit_passed=False)).sentence()
        assert sentence.startswith("La confiance est faible")
        assert not mixes_likelihood_and_confidence(sentence)
        assert mixes_likelihood_and_confidence("Avec une confiance faible, 23\u00a0sur\u00a0100.")
        assert mixes_likelihood_and_confidence("La confiance est élevée : c'est très probable.")


def test_what_the_page_itself_says_is_french_on_a_french_page():
    with speaking("fr"):
        html = render_annex(make_content())
    assert '<html lang="fr">' in html
    own = " ".join(Shown(html).words)
    for words in ("Sommaire", "Ce que cette page ne peut pas vous dire", "Aller aux réponses", "décès par mois"):
        assert words in own
    for words in ("Contents", "What this cannot", "Skip to", "per month", "Table 1"):
        assert words not in own


GIVEN = re.compile(
    r"Deaths in Mali|\bdeaths\b|Chance of something|regional cooperation|drawdown pace|a (?:small|big) one|What matters"
    r"|Change \(hundredths\)|a clear one"
)
"""What the tests hand to the figures, in English."""


@pytest.mark.parametrize("name", sorted(DRAW))
def test_figures_speak_french(name):
    with speaking("fr"):
        ax = DRAW[name](as_of="2023-06")
        said = plots.describe(ax)
    drawn = [text.get_text() for text in ax.figure.texts]
    own = " ".join((said.title, said.caption, said.alternative, *drawn))
    own = GIVEN.sub("", own)
    assert ENGLISH_ONLY.findall(own) == []
    assert "Données arrêtées à fin juin 2023." in " ".join(drawn)
    assert ax.figure.get_figwidth() == pytest.approx(7.6)
    assert np.isfinite(ax.get_position().bounds).all()


def test_spaces_that_must_not_break_stay_in_captions():
    with speaking("fr"):
        said = plots.describe(DRAW["tornado"](as_of="2023-06"))
    assert "1\u202f500" in said.caption and "«\u00a0a big one\u00a0»" in said.caption
