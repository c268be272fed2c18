"""A case brings names and texts of its own; sentences take them from the case that is told, and from no other."""

import copy
import csv
import pickle
import shutil
from collections.abc import Mapping

import pytest
import yaml

from harmattan.case.credits import credits_of
from harmattan.case.notes import said_note
from harmattan.case.opening import open_case
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError, Notice
from harmattan.core.language import case_title, country_name, has_translation, phrase, speaking, translate
from harmattan.core.resources import PROJECT_VARIABLE, seeds_folder, shipped_root
from harmattan.core.telling import CaseWords, NoCaseToldError, telling, tells, told_with
from harmattan.report.translations import check_words, say_what_stays_english
from harmattan.run.provenance import inputs_of
from harmattan.run.validation import validate
from harmattan.schema.scenario import load_scenario

HAITI = CaseWords(
    id="haiti",
    home="HTI",
    units=("HTI", "DOM"),
    record="UCDP GED 25.1",
    title={"en": "Haiti"},
    event={"fr": {"name": "l'arrivée", "of": "de l'arrivée", "to": "à l'arrivée", "short": "arrivée"}},
    notes={"en": {"spillover": "Across {home.of}, {HTI.all.2022} deaths."}},
    texts={"fr": {"It comes": "Elle arrive", "{n} ships": "{n} navires"}},
)
CONGO = CaseWords(
    id="congo",
    home="COD",
    units=("COD", "RWA", "BDI"),
    record="UCDP GED 26.1",
    names={"en": {"COD": {"name": "the DRC", "in": "in the DRC", "of": "of the DRC"}}},
)

FRENCH = {
    **{"MLI": ("Mali", "au", "du"), "BFA": ("Burkina Faso", "au", "du"), "NER": ("Niger", "au", "du")},
    **{"NGA": ("Nigéria", "au", "du"), "TCD": ("Tchad", "au", "du"), "SDN": ("Soudan", "au", "du")},
    **{"SSD": ("Soudan du Sud", "au", "du"), "RWA": ("Rwanda", "au", "du"), "YEM": ("Yémen", "au", "du")},
    **{"GBR": ("Royaume-Uni", "au", "du"), "LBN": ("Liban", "au", "du"), "VEN": ("Venezuela", "au", "du")},
    **{"MEX": ("Mexique", "au", "du"), "MOZ": ("Mozambique", "au", "du"), "KHM": ("Cambodge", "au", "du")},
    **{"ZWE": ("Zimbabwe", "au", "du"), "HND": ("Honduras", "au", "du"), "LAO": ("Laos", "au", "du")},
    **{"COG": ("Congo-Brazzaville", "au", "du"), "CPV": ("Cap-Vert", "au", "du"), "LKA": ("Sri Lanka", "au", "du")},
    **{"COD": ("RDC", "en", "de la"), "MRT": ("Mauritanie", "en", "de la"), "LBY": ("Libye", "en", "de la")},
    **{"SYR": ("Syrie", "en", "de la"), "CAF": ("République centrafricaine", "en", "de la")},
    **{"GNB": ("Guinée-Bissau", "en", "de la"), "KOR": ("Corée du Sud", "en", "de la")},
    **{"CIV": ("Côte d’Ivoire", "en", "de la"), "SLE": ("Sierra Leone", "en", "de la")},
    **{"DZA": ("Algérie", "en", "de l’"), "IRQ": ("Irak", "en", "de l’"), "AFG": ("Afghanistan", "en", "de l’")},
    **{"UGA": ("Ouganda", "en", "de l’"), "ETH": ("Éthiopie", "en", "de l’"), "ZAF": ("Afrique du Sud", "en", "de l’")},
    **{"HTI": ("Haïti", "en", "d’"), "ISR": ("Israël", "en", "d’"), "OMN": ("Oman", "à", "d’")},
    **{"CUB": ("Cuba", "à", "de"), "CYP": ("Chypre", "à", "de"), "MDG": ("Madagascar", "à", "de")},
    **{"DJI": ("Djibouti", "à", "de"), "BHR": ("Bahreïn", "à", "de"), "MUS": ("Maurice", "à", "de")},
    **{"USA": ("États-Unis", "aux", "des"), "NLD": ("Pays-Bas", "aux", "des"), "PHL": ("Philippines", "aux", "des")},
    **{"COM": ("Comores", "aux", "des"), "SLB": ("Îles Salomon", "aux", "des"), "BRB": ("Barbade", "à la", "de la")},
    "ARE": ("Émirats arabes unis", "aux", "des"),
}


def joined(word: str, name: str) -> str:
    return f"{word}{name}" if word.endswith("’") else f"{word} {name}"


@pytest.mark.parametrize("code", FRENCH)
def test_french_puts_every_kind_of_name_into_a_sentence(code):
    bare, within, of = FRENCH[code]
    with speaking("fr"):
        name = country_name(code)
    assert (name, name.forms["in"], name.forms["of"]) == (bare, joined(within, bare), joined(of, bare))


@pytest.mark.parametrize(
    ("code", "bare", "within"),
    [
        ("MLI", "Mali", "in Mali"),
        ("CIV", "Côte d'Ivoire", "in Côte d'Ivoire"),
        ("COD", "DR Congo", "in the DR Congo"),
        ("CAF", "Central African Republic", "in the Central African Republic"),
        ("GMB", "Gambia", "in the Gambia"),
        ("PHL", "Philippines", "in the Philippines"),
        ("ARE", "United Arab Emirates", "in the United Arab Emirates"),
        ("BIH", "Bosnia and Herzegovina", "in Bosnia and Herzegovina"),
        ("ML-7", "ML-7", "in ML-7"),
    ],
)
def test_english_names_have_an_article_where_they_need_one(code, bare, within):
    name = country_name(code)
    assert (name, name.forms["in"], name.forms["of"]) == (bare, within, within.replace("in ", "of ", 1))
    assert f"{name.upper()}" == bare.upper()
    with pytest.raises(AttributeError, match="no form 'to'; it has in, of"):
        f"{name.to}"


@pytest.mark.parametrize("code", ["en", "fr"])
def test_every_state_of_the_world_has_a_name(code):
    with open(seeds_folder() / "data" / "world" / "states.csv", encoding="utf-8", newline="") as file:
        states = [row["iso3"] for row in csv.DictReader(file)]
    with speaking(code):
        names = [country_name(iso3) for iso3 in states]
    assert len(set(names)) == len(states) and not set(names) & set(states)
    assert all(" & " not in name and "(" not in name and set(name.forms) == {"in", "of"} for name in names)


def test_a_sentence_takes_home_from_the_case_that_is_told():
    with telling(HAITI):
        assert phrase("answers.home").startswith("What came for civilians in Haiti,")
        with telling(CONGO):
            assert "in the DRC," in phrase("answers.home") and country_name("COD") == "the DRC"
        assert "in Haiti," in phrase("answers.home") and country_name("COD") == "DR Congo"
        with speaking("fr"):
            assert "pour les civils en Haïti," in phrase("answers.home")
            assert phrase("tables.columns.after_exit") == "Après l’arrivée"
        assert phrase("sections.forecast_lead").endswith("in all two countries.")
        assert phrase("tables.record_note") == "Best estimates, UCDP GED 25.1."


def test_without_a_case_home_is_an_error_and_never_somewhere_else():
    for key in ("answers.home", "sections.forecast_lead", "tables.record_note"):
        with pytest.raises(NoCaseToldError, match=f"{key}.*with telling"):
            phrase(key)
    with pytest.raises(NoCaseToldError):
        case_title()
    assert phrase("tables.columns.after_exit") == "After the event"


def test_what_a_case_does_not_name_is_told_in_general_words():
    with telling(CONGO):
        assert phrase("answers.watched") == "And among the other units?"
        assert phrase("figures.fan.exit", month="June 2024") == "event, June 2024"


def test_a_case_ends_with_its_block_even_after_an_error():
    with pytest.raises(RuntimeError), telling(HAITI):
        raise RuntimeError
    with pytest.raises(NoCaseToldError):
        phrase("answers.home")
    assert told_with(CONGO, phrase)("answers.home").startswith("What came for civilians in the DRC")


class Result:
    """Something that belongs to a case, as runs and ledgers do."""

    def __init__(self, words: CaseWords) -> None:
        self.words = words

    @tells(lambda self: self.words)
    def sentence(self, country: str) -> str:
        return f"{phrase('answers.home')} {country_name(country)}"


def test_results_of_two_cases_tell_their_own_whatever_is_told_around_them():
    haiti, congo = Result(HAITI), Result(CONGO)
    for _ in range(2):
        with telling(HAITI):
            assert "in the DRC" in congo.sentence("COD") and congo.sentence("COD").endswith(" the DRC")
            assert haiti.sentence("COD").endswith(" DR Congo")
        assert "in Haiti" in haiti.sentence("COD") and "in the DRC" in congo.sentence("MLI")


@pytest.mark.parametrize("again", [copy.deepcopy, lambda name: pickle.loads(pickle.dumps(name))])
def test_a_name_keeps_its_forms_when_it_is_copied(again):
    name = country_name("GMB")
    assert again(name) == "Gambia" and again(name).forms == name.forms


def test_translations_are_those_of_the_case_first():
    with speaking("fr"):
        assert translate("It comes") == "It comes" and not has_translation("It comes")
        with telling(HAITI):
            assert translate("It comes") == "Elle arrive" and translate("12 ships") == "12 navires"
            assert translate("All of them") == "l’ensemble"
            assert translate("from month 7 after the exit") == "à partir du mois 7 après l’arrivée"
        assert translate("from month 7 after the exit") == "à partir du mois 7 après l’événement"


def test_the_shipped_case_says_what_pages_had(told, panel):
    assert case_title().startswith("After MINUSMA: what to expect for civilians in Mali")
    assert phrase("answers.watched") == "And on the coast?" and phrase("sections.watched") == "The coast"
    assert "Group watched: coastal states of West Africa (7). 25 deaths" in phrase(
        "tables.watched_note", count=7, threshold=25, same=""
    )
    assert "exit took observers away" in said_note("counted", panel)
    with speaking("fr"):
        assert phrase("answers.watched") == "Et dans les pays côtiers\u202f?"
        assert phrase("figures.fan.exit", month="juin 2023") == "fin du mandat, juin 2023"
        assert translate("central Sahel") == "Sahel central" and translate("coast") == "pays côtiers"


def test_a_note_takes_its_numbers_from_the_record(panel):
    with telling(CONGO):
        assert said_note("spillover", panel) == ""
    with telling(HAITI), pytest.raises(InputError, match=r"\{HTI.all.2022\}, but the record does not hold"):
        said_note("spillover", panel)


@pytest.fixture
def folder(tmp_path):
    """The shipped case, as files that a test may spoil."""
    for name in ("case.yaml", "scenarios", "seeds"):
        source = shipped_root() / name
        (shutil.copy if source.is_file() else shutil.copytree)(source, tmp_path / name)
    return tmp_path


def changed(folder, change: Mapping) -> None:
    path = folder / "case.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text(encoding="utf-8")) | change), encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("{QQQ.all.2020} deaths", r"notes.spillover.en \(line \d+\).*QQQ is not in units.list"),
        ("{BFA.wars.2020} deaths", "wars is no outcome; choose from state_based"),
        ("{BFA.all} deaths", r"asks for nothing known; write \{UNIT.OUTCOME.YEAR\}"),
        ("{home.__class__}", "asks for nothing known"),
    ],
)
def test_a_note_that_asks_for_what_is_not_there_is_refused_with_its_place(folder, text, match):
    changed(folder, {"notes": {"spillover": {"en": text}}})
    with pytest.raises(InputError, match=match):
        open_case(folder)


def test_an_unknown_note_is_refused(folder):
    changed(folder, {"notes": {"scorecards": {"en": "text"}}})
    with pytest.raises(InputError, match="scorecard"):
        open_case(folder)


def test_names_of_units_may_be_the_case_s_own(folder):
    units = yaml.safe_load((folder / "case.yaml").read_text(encoding="utf-8"))["units"]
    names = {"MLI": {"en": {"name": "Kangaba"}, "fr": {"name": "Manden", "in": "dans le Manden", "of": "du Manden"}}}
    changed(folder, {"units": units | {"names": names}})
    with telling(open_case(folder).words):
        assert "{c.in}".format(c=country_name("MLI")) == "in Kangaba"
        with speaking("fr"):
            assert "pour les civils dans le Manden," in phrase("answers.home")
    assert country_name("MLI") == "Mali"
    changed(folder, {"units": units | {"names": {"XYZ": names["MLI"]}}})
    with pytest.raises(InputError, match=r"units.names.XYZ"):
        open_case(folder)


def test_a_translation_may_only_ask_for_what_its_text_gives(folder):
    path = folder / "seeds" / "texts" / "fr.yaml"
    path.write_text(path.read_text(encoding="utf-8") + '  "It comes": "Elle arrive en {year}"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"fr\.yaml.*\{year\} is not in the English text"):
        _ = open_case(folder).words


def test_what_stays_english_is_said_with_file_and_text(folder):
    register, scenarios = load_register(), [load_scenario("withdrawal")]
    say_what_stays_english(register, scenarios, "fr")  # nothing: a notice would be an error here
    path = folder / "seeds" / "texts" / "fr.yaml"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines(True) if 'The mission leaves"' not in line]
    path.write_text("".join(lines), encoding="utf-8")
    title = {"title": {"en": "After the mission"}}
    changed(folder, title)
    register = load_register(folder)
    with pytest.warns(
        Notice, match=r"2 texts.*case\.yaml: title\.fr; seeds/texts/fr\.yaml, under texts: \"The mission"
    ):
        say_what_stays_english(register, scenarios, "fr")
    say_what_stays_english(register, scenarios, "en")


def test_validate_and_brief_find_a_note_without_its_numbers_before_any_fit(folder, monkeypatch):
    changed(folder, {"notes": {"counted": {"en": "In {BFA.all.1970} there were few."}}})
    register = load_register(folder)
    with pytest.raises(InputError, match=r"\{BFA.all.1970\}, but the record does not hold every month of 1970 for BFA"):
        check_words(register, [], "en")
    monkeypatch.setenv(PROJECT_VARIABLE, str(folder))
    with pytest.raises(InputError, match="BFA.all.1970"):
        validate()


def test_every_frozen_table_that_is_read_is_credited():
    register = load_register()
    credited = {file for credit in credits_of(register.case, inputs_of(register)) for file in credit.files}
    assert {path for path in inputs_of(register) if path.startswith("seeds/data/")} <= credited


def test_only_data_that_were_read_are_credited(folder):
    register = load_register()
    inputs = inputs_of(register)
    everything = [credit.id for credit in credits_of(register.case, inputs)]
    assert everything == [
        "ucdp",
        "ucdp-bounds",
        "ucdp-dyads",
        "ucdp-peace",
        "capphrase",
        "studies",
        "natural-earth",
        "cline",
        "accord-dates",
        "withdrawal-dates",
    ]
    fewer = {path: digest for path, digest in inputs.items() if "coups" not in path and "accords" not in path}
    assert [credit.id for credit in credits_of(register.case, fewer)] == [
        "ucdp",
        "ucdp-bounds",
        "ucdp-dyads",
        "capphrase",
        "studies",
        "natural-earth",
        "accord-dates",
        "withdrawal-dates",
    ]
