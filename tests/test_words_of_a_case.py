"""What a case counts in, which outcome it is about and who keeps its record stand in its sentences."""

import json
import re

import pytest
import yaml
from made import copy_made_case
from sampling import SHORT

import harmattan as hm
from harmattan.case.credits import credits_of
from harmattan.case.opening import open_case
from harmattan.case.thresholds import round_thresholds
from harmattan.core.errors import InputError
from harmattan.core.language import language, languages, outcome_name, phrase, speaking, translate
from harmattan.core.names import OUTCOMES
from harmattan.core.resources import display_path
from harmattan.core.telling import CaseWords, telling

OF_COUNTRIES = re.compile(r"\bcountr(y|ies)\b|\bpays\b", re.IGNORECASE)
OF_CIVILIANS = re.compile(r"\bcivilians?\b|\bcivils?\b", re.IGNORECASE)
BASE = {"id": "made", "home": "QMA", "units": ("QMA", "QMB"), "record": "Tracker 3", "source": "Tracker"}
ASKED = {"draws": 60, "settings": SHORT, "formats": ("png",)}


def changed(folder, **changes):
    """Change keys of a copy of the made-up case; `units__level` is `level` below `units`."""
    path = folder / "case.yaml"
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key, value in changes.items():
        *above, last = key.split("__")
        place = case
        for name in above:
            place = place[name]
        place[last] = value
    path.write_text(yaml.safe_dump(case, allow_unicode=True), encoding="utf-8")
    return folder


def sentences(page):
    """Return what a page says outside of its tables' cells, alternative texts of figures included."""
    text = re.sub(r"<(style|script).*?</\1>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"data:[^\"']+", "", text)
    alternatives = " ".join(re.findall(r'role="img" aria-label="([^"]*)"', text))
    text = re.sub(r"<td.*?</td>", " ", text, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", text) + alternatives


def cells(page):
    return " ".join(re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", page.read_text(encoding="utf-8"), flags=re.DOTALL))


@pytest.fixture(scope="module")
def pages(made_fit, tmp_path_factory):
    """Briefs of the made-up case as one of regions, about fighting, on a record of others, without documents."""
    folder = copy_made_case(
        tmp_path_factory.mktemp("words") / "case", without=("claims", "texts", "credits.yaml", "actors.yaml")
    )
    (folder / "seeds" / "claims").mkdir()
    (folder / "seeds" / "sources.yaml").write_text("[]\n")
    (folder / "seeds" / "facts.yaml").write_text("[]\n")
    (folder / "seeds" / "conflicts.yaml").write_text("[]\n")
    (folder / "scenarios" / "drivers.yaml").write_text("[]\n")
    for name in ("leaves", "stays", "quiet", "abandoned"):
        (folder / "scenarios" / f"{name}.yaml").unlink()
    title = {"en": "Ambara, region by region", "fr": "L'Ambara, région par région"}
    changed(
        folder, title=title, units__level="admin1", headline="state_based", thresholds="auto", groups={}, places={},
        record__source="Ambara Tracker", scenarios={"first": "baseline", "second": None, "record_alone": "baseline"},
    )  # fmt: skip
    mine = hm.load_case(folder)
    written = {code: mine.brief(out=folder.parent / code, lang=code, **ASKED) for code in languages()}
    return {code: page.with_name("annex.html") for code, page in written.items()}


@pytest.mark.parametrize("code", languages())
def test_a_case_of_regions_says_region_wherever_one_of_countries_says_country(pages, code):
    for text in (sentences(pages[code]), cells(pages[code])):
        assert not (found := OF_COUNTRIES.search(text)), text[max(found.start() - 80, 0) : found.end() + 60]
    assert {"en": "Region", "fr": "Région"}[code] in cells(pages[code])


@pytest.mark.parametrize("code", languages())
def test_a_brief_about_fighting_speaks_of_no_civilians(pages, code):
    text = sentences(pages[code])
    assert not (found := OF_CIVILIANS.search(text)), text[max(found.start() - 80, 0) : found.end() + 60]
    first = {
        "en": "How many state-based deaths were there in Ambara",
        "fr": "Combien y a-t-il eu de décès liés aux combats",
    }
    assert first[code] in text
    assert (pages[code].parent / "tables" / "state-based-by-year.csv").exists()
    assert not [path.name for path in pages[code].parent.rglob("*") if "civilian" in path.name]


@pytest.mark.parametrize("code", languages())
def test_the_record_is_named_as_the_case_names_it(pages, code):
    text = sentences(pages[code])
    assert "Ambara Tracker 26.1" in text
    same = language(code).phrases["tables.watched_same"]
    assert "UCDP" not in text.replace(same, "") and "Uppsala" not in text


def test_thresholds_follow_the_headline(made_case, tmp_path):
    case = open_case(changed(copy_made_case(tmp_path / "case"), headline="state_based", thresholds="auto"))
    at_home = case.record(as_of="2020-06").sel(country="QMA")
    assert case.thresholds == round_thresholds(at_home, "state_based")
    fewer_fights = at_home * (at_home["outcome"] != "state_based")
    assert (
        round_thresholds(fewer_fights, "state_based")
        != case.thresholds
        == round_thresholds(at_home * (at_home["outcome"] == "state_based"), "state_based")
    )


def test_figures_and_questions_are_about_the_headline_unless_told_otherwise(made_case, made_fit, tmp_path):
    folder = changed(copy_made_case(tmp_path / "case"), headline="non_state")
    mine = hm.load_case(folder)
    run = mine.forecast("leaves", months=6, draws=40, settings=SHORT)
    assert "non-state deaths" in run.plot.fan().get_figure(root=True).axes[0].get_title() + run._repr_html_()
    assert mine.compare_all("leaves", draws=20).outcome == "non_state"


@pytest.mark.parametrize(
    ("code", "unit", "said"),
    [
        ("en", "region", "all regions and types"),
        ("en", "place", "all places and types"),
        ("fr", "region", "toutes régions et tous types"),
        ("fr", "place", "tous lieux et tous types"),
        ("fr", "country", "tous pays et tous types"),
    ],
)
def test_units_have_the_word_of_their_kind(code, unit, said):
    with telling(CaseWords(**BASE, unit=unit)), speaking(code):
        assert said in phrase("findings.track", span="x", parts="y")


def test_french_has_gender_and_article():
    with speaking("fr"), telling(CaseWords(**BASE, unit="region")):
        lead = phrase("sections.spillover_lead")
        assert "la violence d’une région, gardée en mémoire, entraîne chez sa voisine" in lead
        assert "la région qui en compte le plus, sur les 5, figure parmi celles montrées" in phrase(
            "tables.civilians", count=5
        )
        assert phrase("answers.neighbours") == "Et dans les régions voisines\u202f?"
        assert translate("These countries together") == "ces régions ensemble"


def test_a_case_may_state_its_own_word_with_its_kind(tmp_path):
    called = {
        "en": {"name": "island", "plural": "islands", "kind": "vowel"},
        "fr": {"name": "île", "plural": "îles", "kind": "feminine-vowel"},
    }
    folder = changed(copy_made_case(tmp_path / "case"), units__called=called)
    with telling(open_case(folder).words):
        assert "violence in one island brings about next door" in phrase("sections.spillover_lead")
        assert phrase("tables.columns.country") == "Island"
        with speaking("fr"):
            assert "la violence d’une île, gardée en mémoire" in phrase("sections.spillover_lead")
            assert phrase("tables.columns.country") == "Île"
    changed(folder, units__called=called | {"fr": {"name": "île", "plural": "îles", "kind": "neuter"}})
    with pytest.raises(InputError, match=r"units\.called\.fr\.kind .*'neuter' is no kind .* choose from masculine"):
        open_case(folder)
    changed(folder, units__called="place")
    with telling(open_case(folder).words):
        assert phrase("tables.columns.country") == "Place"


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("headline", OUTCOMES)
def test_every_outcome_has_words_as_a_headline(code, headline):
    with telling(CaseWords(**BASE, headline=headline)), speaking(code):
        asked = phrase("answers.home")
        assert asked.endswith("?") and "{" not in asked
        assert OF_CIVILIANS.search(asked) if headline == "one_sided" else outcome_name(headline) in asked
        assert phrase(f"page.reading_of.{headline}").count("Tracker") == 1
        kind = language(code).headlines["one_sided"]["kind"] if headline == "one_sided" else outcome_name(headline)
        assert (
            phrase("tables.civilians_note")
            == {
                "en": f"Tracker best estimates, {kind}.",
                "fr": f"Meilleures estimations de Tracker, {kind}.",
            }[code]
        )


def test_a_record_of_ucdp_is_told_as_one_and_is_the_default(tmp_path):
    with telling(CaseWords(**BASE | {"source": "UCDP GED", "record": "UCDP GED 26.1"})):
        assert phrase("figures.fan.source").startswith("Source: UCDP Georeferenced Event Dataset, best estimates;")
        assert phrase("sections.record_lead").startswith("Deaths as the Uppsala Conflict Data Program counts them")
    folder = copy_made_case(tmp_path / "case")
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(text.replace("source: UCDP GED, ", ""), encoding="utf-8")
    assert open_case(folder).words.record == "UCDP GED 26.1"


def test_a_refusal_calls_units_what_they_are(tmp_path):
    folder = changed(copy_made_case(tmp_path / "case"), units__level="admin1")
    with pytest.raises(InputError, match="There is no region 'QMZ'"):
        hm.load_case(folder).explain(country="QMZ")


def credited(case):
    with telling(case.words):
        return {credit.id: credit for credit in credits_of(case, [display_path(case.record_file)])}


def test_whose_the_record_is_stands_among_the_sources(tmp_path):
    folder = copy_made_case(tmp_path / "case", without=("credits.yaml",))
    assert credited(open_case(folder))["ucdp"].citation.startswith("Uppsala Conflict Data Program (UCDP)")
    assert "Georeferenced Event Dataset 26.1." in credited(open_case(folder))["ucdp"].citation, "the case's own release"
    theirs = credited(open_case(changed(folder, record__source="Ambara Tracker", units__level="admin1")))
    assert "ucdp" not in theirs and theirs["record"].citation == "Ambara Tracker 26.1."
    assert theirs["record"].role["fr"] == "Décès par région et par mois, données de chaque ajustement."


def test_a_panel_of_ones_own_is_named_by_its_file_and_an_import_by_its_releases(tmp_path):
    case = open_case(copy_made_case(tmp_path / "case"))
    assert case.reading(None) is case
    same = tmp_path / "same.csv"
    same.write_bytes(case.record_file.read_bytes())
    assert case.reading(same).words.record == "UCDP GED 26.1", "the same bytes are the same record"
    mine = tmp_path / "mine.csv"
    mine.write_text(case.record_file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    told = case.reading(mine)
    assert told.words.record == told.words.source == "mine.csv"
    assert [one.citation for one in credited(told).values() if one.id == "record"] == ["mine.csv."]
    with telling(told.words):
        assert phrase("figures.fan.source") == "Source: mine.csv; forecast by Harmattan."
    beside = {"sha256": "x", "imports": [], "months": [{"release": "25.1"}, {"release": "26.0.3"}]}
    (tmp_path / "mine.csv.json").write_text(json.dumps(beside), encoding="utf-8")
    assert case.reading(mine).words.record == "UCDP GED 25.1, 26.0.3"


def test_a_run_on_another_panel_tells_of_that(made_case, made_fit, tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text(made_case.case.record_file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    run = hm.forecast("baseline", months=2, draws=20, settings=SHORT, panel=mine)
    assert run.words.record == "mine.csv" and hm.forecast(
        "baseline", months=2, draws=20, settings=SHORT
    ).words.record == ("UCDP GED 26.1")
