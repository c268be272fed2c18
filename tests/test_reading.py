"""`harmattan read`: what is proposed from a new document, and what a draft is before and after a person accepts it."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from made import CASE, DOCUMENTS, copy_made_case

from harmattan.claims.reading.accepting import accept
from harmattan.claims.reading.agreement import agreement
from harmattan.claims.reading.document import LARGEST, open_document
from harmattan.claims.reading.drafts import load_drafts, read_document
from harmattan.claims.reading.horizon import horizons_in
from harmattan.claims.reading.known import known_of
from harmattan.claims.reading.plugged import reader_named
from harmattan.claims.reading.proposals import Proposal
from harmattan.claims.reading.rules import Rules
from harmattan.claims.reading.topics import Topics
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.core.resources import shipped_root, using_project
from harmattan.report.reading_entry import read
from harmattan.run.validation import validate

PROJECT = Path(__file__).resolve().parents[1]
ORIGINALS = PROJECT.parent / "shared" / "seeds"
NOTE = """\
A note from Ambara, made up for tests

Raiders could cross the fords sharply more often within six months. Aid agencies fear that Bellune may close its border.
It is not expected that another force comes to Ambara.
Will the river trade in Cortia go on? Patrols must return before winter.
"""
OWN_WORDS = {
    "proposition": "proposition: raids-grow",
    "paraphrase": 'paraphrase: "More raids over the water."',
    "outcome": "outcome: armed_violence",
}


@pytest.fixture(scope="module")
def known():
    return known_of(CASE)


@pytest.fixture
def case(tmp_path, monkeypatch):
    """A copy of the made-up case, in which commands work, with the note beside it."""
    folder = copy_made_case(tmp_path / "case")
    (tmp_path / "note.txt").write_text(NOTE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with using_project(folder):
        yield folder


def proposals(known, text, tmp_path):
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    return list(Rules(known).propose(open_document(path).sentences))


def filled(path, number=0, **words):
    """Say what only a person can say in one draft of a file, and accept it."""
    head, *entries = re.split(r"(?m)^(?=- id: )", path.read_text(encoding="utf-8"))
    for key, line in ({"status": "status: accepted"} | OWN_WORDS | words).items():
        entries[number] = re.sub(rf"(?m)^  {key}: .*$", f"  {line}", entries[number])
    path.write_text(head + "".join(entries), encoding="utf-8")


def registered(folder, document="note.txt"):
    """Register the note as a source of the case."""
    from harmattan.core.files import sha256_of

    with open(folder / "seeds" / "sources.yaml", "a", encoding="utf-8") as file:
        file.write(
            f'- {{id: note, file: note.txt, sha256: {sha256_of(Path(document))}, title: "A note", publisher: nobody, '
            'date: null, kind: note, group: note, reliability: C, notes: ""}\n'
        )


# Sentences


def sentences(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "text.txt"
    path.write_bytes(text.encode(encoding))
    return [(one.lines, one.text) for one in open_document(path).sentences]


def test_sentences_stand_by_line_and_abbreviations_end_none(tmp_path):
    text = "Dr. Ama of the U.N. Mission spoke. “It may end.” Then Gen. Obi left.\n\nNext line"
    assert sentences(tmp_path, text) == [
        ((1,), "Dr. Ama of the U.N. Mission spoke."),
        ((1,), "“It may end.”"),
        ((1,), "Then Gen. Obi left."),
        ((3,), "Next line"),
    ]


def test_a_text_broken_at_a_width_has_sentences_over_lines(tmp_path):
    text = (
        "The raiders who crossed the fords in spring are likely to come\n"
        "back before the rains. Nobody in the villages of the lower\n"
        "Isola valley expects help. It is late.\n• A point of a list\n• Another point"
    )
    found = sentences(tmp_path, text)
    assert [lines for lines, _ in found] == [(1, 2), (2, 3), (3,), (4,), (5,)]
    assert found[0][1].endswith("likely to come back before the rains.")


def test_line_ends_and_marks_of_order_change_no_line(tmp_path):
    plain = sentences(tmp_path, "It may rain.\n\nIt could snow.\n")
    assert sentences(tmp_path, "It may rain.\r\n\r\nIt could snow.\r\n", "utf-8-sig") == plain
    assert [lines for lines, _ in plain] == [(1,), (3,)]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"%PDF-1.7\n\xff\xfe\x00", "a PDF"),
        (b"PK\x03\x04\xff\xff", "a Word file"),
        (b"fine\nbroken \xff\xfe", "line 2: this is no text in UTF-8"),
        (b"zero\0byte", "no text in UTF-8"),
        (b"x" * (LARGEST + 1), "are the most"),
    ],
    ids=["empty", "blank", "pdf", "word", "latin", "nul", "huge"],
)
def test_what_is_no_document_is_refused_in_a_sentence(tmp_path, raw, said):
    path = tmp_path / "text.txt"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=said):
        open_document(path)


def test_a_missing_document_and_a_folder_are_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        open_document(tmp_path / "nowhere.txt")
    with pytest.raises(InputError, match="is no file"):
        open_document(tmp_path)


# What is proposed


@pytest.mark.parametrize(
    ("text", "hedge", "kind"),
    [
        ("Raids in Ambara could grow.", "could", "forecast"),
        ("It is not expected that Ambara recovers.", "It is not expected that", "forecast"),
        ("Raiders are unlikely to reach Cortia.", "are unlikely to", "forecast"),
        ("Raids won't end in Ambara.", "won't", "forecast"),
        ("Aid agencies fear that Bellune may close its border.", "may", "fear"),
        ("It is important to note that Ambara might split.", "might", "forecast"),
        ("Will Ambara hold?", "Will", "question"),
        ("It remains to be seen whether Ambara will hold.", "It remains to be seen whether", "question"),
        ("Ambara must rebuild its patrols.", "must", "recommendation"),
        ("Soldiers in Ambara reportedly fled.", "reportedly", "observation"),
        ("A force from Cortia could fill the gap.", "could", "mitigation"),
        ("The exit will have no significant impact on Ambara.", "will", "counter-claim"),
    ],
)
def test_a_hedge_is_found_as_written_and_the_sentence_sorted(known, tmp_path, text, hedge, kind):
    (found,) = proposals(known, text, tmp_path)
    assert (found.hedge, found.kind) == (hedge, kind)
    assert found.scope == ("context" if kind == "observation" else "consequence")


@pytest.mark.parametrize(
    "text",
    [
        "In May 2020 soldiers left Ambara.",
        "May 2020 was quiet in Ambara.",
        "Ambara lies by the river.",
        "The tin can of the goodwill mission in Ambara was found.",
    ],
)
def test_months_names_and_plain_statements_are_not_proposed_as_modals(known, tmp_path, text):
    assert [one.hedge for one in proposals(known, text, tmp_path) if one.hedge.lower() in ("may", "will")] == []


def test_each_part_of_a_sentence_that_hedges_is_a_proposal(known, tmp_path):
    text = "Raids in Ambara are likely to rise, and the accord of the fords might well fall by the autumn."
    assert [one.hedge for one in proposals(known, text, tmp_path)] == ["are likely to", "might well"]
    assert [one.hedge for one in proposals(known, "Raids could, in turn, grow in Ambara.", tmp_path)] == ["could"]


def test_what_is_far_from_the_subject_is_left_out_and_what_is_near_is_not(known, tmp_path):
    cookies = "\n\n".join(["We may store cookies."] * 20)
    text = f"Ambara is quiet.\n\nThat could change.\n\n{cookies}"
    assert [one.sentence.text for one in proposals(known, text, tmp_path)] == [
        "That could change.",
        *["We may store cookies."] * 9,
    ]  # within ten sentences of Ambara
    assert len(proposals(known, "That could change.\n\nIt may not last.", tmp_path)) == 2  # no place is named at all


def test_places_are_found_by_name_and_by_the_name_of_a_people(known):
    assert known.places_in("Ambaran raiders, river lands and the Cortians") == [
        ("QMA", "Ambaran"), ("river_lands", "river lands"), ("QMC", "Cortians"),
    ]  # fmt: skip
    shipped = known_of(shipped_root())
    named = "Nigerian, Guinea-Bissau, Cote d’Ivoire, northern Mali, malice and Chadians"
    assert [place for place, _ in shipped.places_in(named)] == ["NGA", "GNB", "CIV", "northern_mali", "TCD"]


@pytest.mark.parametrize(
    ("text", "horizon"),
    [
        ("within six months", "short"),  # month 6 is the last of short
        ("within seven months", "mid"),
        ("over the next two years", "mid"),  # month 24
        ("in 30 months", "long"),
        ("by December 2020", "short"),  # exit 2020-06
        ("until 2021", "mid"),  # its end, month 18
        ("since 2015", None),
        ("in the long term", "long"),
        ("it no longer patrols", None),
        ("in 80 years", None),  # beyond the last horizon
    ],
)
def test_times_are_counted_from_the_exit(known, text, horizon):
    found = horizons_in(text, known.words, known.clock)
    assert [name for name, _ in found] == ([] if horizon is None else [horizon])
    assert all(said in text for _, said in found)


def test_a_heading_says_when_for_its_list_alone(known, tmp_path):
    text = "Long-term effects in Ambara\n• Raids could grow.\n• Trade may stop.\nNothing else could change in Ambara."
    assert [one.horizon for one in proposals(known, text, tmp_path)] == ["long", "long", "unspecified"]


def test_closeness_is_the_cosine_of_word_weights():
    topics = Topics.of({"a": ["river boats"], "b": ["river raids"]}, ["the"])
    shared, own = 0.1, 0.1 + 0.4054651081  # log(3/3) and log(3/2), each with the floor
    near = topics.likely("The boats")
    assert [one.label for one in near] == ["a"] and near[0].words == ("boats",)
    assert near[0].score == pytest.approx(own / (own**2 + shared**2) ** 0.5)
    assert topics.likely("nothing known") == []


@pytest.mark.parametrize("file", ["gazette.txt", "letter.txt"])
def test_words_of_every_proposal_stand_in_its_sentence_and_in_a_lexicon(known, file):
    found = list(Rules(known).propose(open_document(DOCUMENTS / file).sentences))
    assert found
    for one in found:
        assert one.hedge in one.sentence.text and known.reads_hedge(one.hedge)
        assert one.magnitude in one.sentence.text and (not one.magnitude or known.reads_magnitude(one.magnitude))
        assert not any(bearing.votes for _, bearing in one.drivers)


def test_every_coded_hedged_consequence_of_the_made_up_documents_is_proposed(known):
    register = load_register(CASE)
    for source in register.sources.values():
        others = known.without([source.id])
        done = read_document(open_document(DOCUMENTS / source.file), source.id, others, [Rules(others)])
        count = agreement(done, register.claims_of(source.id))
        assert count["coded"] and count["proposed"] == count["coded"]
        assert count["agreed_hedge"] == count["coded"]


def test_nine_in_ten_coded_hedged_consequences_of_the_five_documents_are_proposed():
    """In-sample where `benchmarks/reading.py` says so; the kept table is what a run gives."""
    if not ORIGINALS.is_dir():
        pytest.skip("original documents not at ../shared/seeds")
    register, told, total = load_register(shipped_root()), known_of(shipped_root()), None
    for source in register.sources.values():
        others = told.without([source.id])
        done = read_document(open_document(ORIGINALS / source.file), source.id, others, [Rules(others)])
        count = agreement(done, register.claims_of(source.id))
        total = count if total is None else total + count
    assert total["proposed"] >= 0.9 * total["coded"]
    with open(PROJECT / "benchmarks" / "results" / "reading.csv", encoding="utf-8", newline="") as file:
        kept = next(row for row in csv.DictReader(file) if (row["setting"], row["document"]) == ("shipped", "all"))
    assert {name: int(kept[name]) for name in ("coded", "proposed", "drafts", "right")} == {
        name: total[name] for name in ("coded", "proposed", "drafts", "right")
    }


# Drafts


def test_drafts_hold_words_of_the_document_and_none_of_its_sentences(case):
    done = read("note.txt")
    assert done.drafts == case / "seeds" / "drafts" / "note.yaml"
    drafts = load_drafts(done.drafts).drafts
    assert [draft.id for draft in drafts][:2] == ["note-003-a", "note-003-b"]
    assert all(draft.status == "draft" and draft.paraphrase is None and draft.missing for draft in drafts)
    assert drafts[0].found.horizons == ("within six months",) and drafts[0].horizon == "short"
    written = " ".join(re.findall(r"\w+", done.drafts.read_text(encoding="utf-8").lower()))
    words = re.findall(r"\w+", NOTE.lower())
    assert [run for i in range(len(words) - 7) if (run := " ".join(words[i : i + 8])) in written] == []


def test_no_register_and_no_check_takes_a_draft_for_a_claim(case):
    before = load_register(case)
    path = read("note.txt").drafts
    filled(path)
    after = load_register(case)
    assert after.claims == before.claims and after.files == before.files
    assert validate().claims == before.claims


def test_a_draft_of_the_wrong_form_is_named_by_file_and_line(case):
    path = read("note.txt").drafts
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("status: draft", "status: perhaps", 1), encoding="utf-8")
    line = text[: text.index("status: draft")].count("\n") + 1
    with pytest.raises(InputError, match=rf"note\.yaml.*line {line}"):
        validate()
    path.rename(path.with_name("other.yaml"))
    (case / "seeds" / "drafts" / "other.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="name the file note.yaml"):
        validate()


def test_drafts_on_which_somebody_worked_are_never_overwritten(case):
    path = read("note.txt").drafts
    assert not read("note.txt").new  # the same again changes nothing
    filled(path)
    worked = path.read_bytes()
    with pytest.raises(InputError, match="holds drafts already"):
        read("note.txt")
    assert path.read_bytes() == worked


def test_the_page_is_refused_where_the_project_would_keep_it(case):
    with pytest.raises(InputError, match="the project keeps none"):
        read("note.txt", page=case / "seeds" / "note.html")
    assert not (case / "seeds" / "drafts").exists()
    assert read("note.txt", page=case / "out" / "note.html").page.exists()


def test_a_registered_document_is_known_by_its_text_and_its_own_claims_lend_no_words(case):
    done = read(DOCUMENTS / "gazette.txt")
    assert done.registered and done.read.drafts.source == "gazette"
    taken = {claim.id for claim in load_register(case).claims.values()}
    assert taken.isdisjoint(draft.id for draft in done.read.drafts.drafts)
    Path("gazette.txt").write_text("Ambara may fall.", encoding="utf-8")
    with pytest.raises(InputError, match="another edition"):
        read("gazette.txt")


def test_another_language_is_said_to_be_out_of_reach(case):
    Path("lettre.txt").write_text(
        "Les villageois craignent que les pillards ne traversent les gués de l'Ambara dans les mois qui viennent, et "
        "il est probable que personne ne viendra remplacer la mission qui gardait la route de Bellune depuis dix ans.",
        encoding="utf-8",
    )
    assert not read("lettre.txt").in_our_language
    assert read("note.txt").in_our_language


# Accepting


def test_what_is_accepted_stands_in_the_register_after_what_stood_there(case):
    registered(case)
    path = read("note.txt").drafts
    filled(path)
    taken = accept(path, case)
    assert taken.claims == ("note-003-a",) and taken.waiting == len(load_drafts(path).drafts) - 1
    assert load_drafts(path).drafts[0].status == "moved"
    first = taken.path.read_bytes()
    claim = load_register(case).claims["note-003-a"]
    assert (claim.paraphrase, claim.hedge, claim.horizon) == ("More raids over the water.", "could", "short")
    filled(path, 1, proposition="proposition: border-shut")
    accept(path, case)
    assert taken.path.read_bytes().startswith(first)
    assert "note-003-b" in load_register(case).claims


def changed(case, path, action, message):
    """Check that an action is refused and leaves every file as it was."""
    before = {file: file.read_bytes() for file in case.rglob("*") if file.is_file()}
    with pytest.raises(InputError, match=message):
        action()
    assert {file: file.read_bytes() for file in case.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"paraphrase": "paraphrase: null"}, "note-003-a has no paraphrase"),
        ({"outcome": "outcome: null", "proposition": "proposition: null"}, "no proposition and outcome"),
        ({"drivers": "drivers: {patrol: for}"}, "patrol"),
        ({"hedge": 'hedge: "verily"'}, "verily"),
        ({"status": "status: draft"}, "no draft is accepted"),
    ],
)
def test_what_is_not_whole_or_not_right_is_refused_and_nothing_changes(case, words, message):
    registered(case)
    path = read("note.txt").drafts
    filled(path, **words)
    changed(case, path, lambda: accept(path, case), message)


def test_a_source_is_registered_first_and_an_id_is_taken_once(case):
    path = read("note.txt").drafts
    filled(path)
    changed(case, path, lambda: accept(path, case), "not registered yet")
    registered(case)
    accept(path, case)
    path.write_text(path.read_text(encoding="utf-8").replace("moved", "accepted"), encoding="utf-8")
    changed(case, path, lambda: accept(path, case), "note-003-a already")


# A reader of one's own


def first_sentence(sentences):
    """Propose the first sentence, as a model might."""
    return [Proposal(sentences[0])]


class Agreeing:
    name = "my-model"

    def propose(self, sentences):
        one = next(one for one in sentences if "could" in one.text)
        return [Proposal(one, hedge="could", kind="forecast"), Proposal(one, kind="fear", proposition="raids-grow")]


class Inventing:
    name = "inventor"

    def propose(self, sentences):
        return [Proposal(sentences[0], hedge="will certainly")]


def test_drafts_say_who_proposed_them(case):
    done = read("note.txt", readers=[reader_named(f"{__name__}:Agreeing"), reader_named(f"{__name__}:first_sentence")])
    by = {(draft.hedge, draft.kind, draft.lines): draft.proposed_by for draft in done.read.drafts.drafts}
    assert by["could", "forecast", (3,)] == ("rules", "my-model")
    assert by["", "fear", (3,)] == ("my-model",)
    assert by["", "forecast", (1,)] == ("first_sentence",)


def test_a_reader_that_invents_words_is_refused(case):
    with pytest.raises(
        InputError, match=r"inventor proposed the hedge 'will certainly' on line 1.*does not stand there"
    ):
        read("note.txt", readers=[Inventing()])
    assert not (case / "seeds" / "drafts").exists()


@pytest.mark.parametrize("told", ["nothing", "no_such_module:x", f"{__name__}:NOTE", f"{__name__}:nobody"])
def test_what_is_no_reader_is_refused(told):
    with pytest.raises(InputError, match="--reader"):
        reader_named(told)


# The page


class Controls(HTMLParser):
    """What a page's controls are called, and what it would load from elsewhere."""

    def __init__(self, page):
        super().__init__()
        self.ids, self.labelled, self.controls, self.outside = [], set(), [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.labelled |= {given["for"]} if tag == "label" else set()
        if tag in ("select", "textarea") or (tag == "input" and given.get("type") != "radio"):
            self.controls.append(given.get("id"))
        self.outside += [given[key] for key in ("src", "href") if key in given and not given[key].startswith("#")]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_is_one_file_whose_controls_all_have_names(case, lang):
    page = read("note.txt", lang=lang).page.read_text(encoding="utf-8")
    found = Controls(page.replace("<label>", '<label for="">'))
    assert found.outside == [] and "@import" not in page and "url(" not in page
    assert len(found.ids) == len(set(found.ids))
    assert found.controls and set(found.controls) <= found.labelled
    assert f'<html lang="{lang}">' in page and '<blockquote lang="en">' in page
    assert ("Say what it claims" in page or "in your own words" in page) == (lang == "en")


def test_the_page_shows_a_document_as_text_whatever_it_holds(case):
    Path("note.txt").write_text('Ambara may fall </script><img src="x" onerror="alert(1)"> & rise.', encoding="utf-8")
    page = read("note.txt").page.read_text(encoding="utf-8")
    assert "<img" not in page and "&lt;/script&gt;" in page
    told = re.search(r'<script type="application/json" id="told">(.*?)</script>', page, re.S)[1]
    assert json.loads(told)["source"] == "note"


DRIVE = """<script>
URL.createObjectURL = function (blob) {
  blob.text().then(function (text) { document.body.dataset.saved = text; });
  return "#";
};
var first = document.querySelector("article");
first.querySelector("details").open = true;
setTimeout(function () {
  var radios = first.querySelectorAll('input[type="radio"]');
  radios[1].click();
  document.getElementById("save").click();
  document.body.dataset.refused = document.getElementById("problems").textContent;
  first.querySelector('[data-key="paraphrase"]').value = OWN;
  document.getElementById("save").click();
  document.body.dataset.repeated = document.getElementById("problems").textContent;
  first.querySelector('[data-key="paraphrase"]').value = 'More "raids": over water';
  first.querySelector('[data-key="proposition"]').value = "raids-grow";
  first.querySelector('[data-key="outcome"]').value = "armed_violence";
  var driver = first.querySelector("[data-driver]");
  driver.value = "raiders|for|bolder";
  document.body.dataset.driver = driver.value;
  first.querySelector(".another").click();
  document.getElementById("save").click();
}, 300);
</script></body>"""


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_what_the_page_saves_in_a_browser_is_taken_into_the_register(case, tmp_path):
    registered(case)
    done = read("note.txt")
    own = json.dumps(done.read.sentences["note-003-a"].text)
    driven = tmp_path / "driven.html"
    page = done.page.read_text(encoding="utf-8")
    driven.write_text(page.replace("</body>", DRIVE.replace("OWN", own)), encoding="utf-8")
    shell = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'browser'}"]
    shell += ["--virtual-time-budget=5000", "--dump-dom", driven.as_uri()]
    shown = subprocess.run(shell, capture_output=True, text=True, timeout=120, check=True).stdout

    class Body(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag == "body":
                self.data = dict(attrs)

    body = Body()
    body.feed(shown)
    assert "note-003-a" in body.data["data-refused"]
    assert "eight or more" in body.data["data-repeated"]
    assert body.data["data-driver"] == "raiders|for|bolder"
    saved = tmp_path / "saved.yaml"
    saved.write_text(body.data["data-saved"], encoding="utf-8")
    assert accept(saved, case).claims == ("note-003-a",)
    claim = load_register(case).claims["note-003-a"]
    assert claim.paraphrase == 'More "raids": over water' and claim.lines == (3,)
    assert claim.drivers["raiders"].votes == (("for", ("bolder",)),)
    assert load_drafts(done.drafts).drafts[0].status == "moved"
    assert shown.count("<article") == len(done.read.drafts.drafts) + 1


# The command


def command(*arguments, project):
    environment = dict(os.environ, HARMATTAN_PROJECT=str(project))
    code = (
        "import sys; from harmattan.cli import door\n"
        "try: door.main()\n"
        "finally: print(*sorted({'xarray', 'pandas', 'numpy', 'pymc'} & set(sys.modules)), file=sys.stderr)"
    )
    done = [sys.executable, "-c", code, "read", *map(str, arguments)]
    return subprocess.run(done, capture_output=True, text=True, env=environment, check=False)


def test_the_command_prints_drafts_for_machines_without_arrays_or_tables(case):
    done = command("note.txt", "--json", project=case)
    assert done.returncode == 0 and done.stderr.strip() == ""
    told = json.loads(done.stdout)
    assert told["source"] == "note" and told["registered"] is False and told["sentences"] == 6
    assert told["drafts"][0]["hedge"] == "could"
    assert Path(told["file"]).exists() and Path(told["page"]).exists()


def test_the_command_speaks_french_and_refuses_in_one_paragraph(case):
    assert "Rien n’en est utilisé" in command("note.txt", "--lang", "fr", project=case).stdout
    for arguments, said in (((), "The document is missing"), (("note.txt", "--accept", "x.yaml"), "nothing else")):
        done = command(*arguments, project=case)
        assert done.returncode == 2 and done.stdout == "" and said in done.stderr and "Traceback" not in done.stderr


def test_titles_of_drivers_on_the_page_are_in_its_language(case):
    with speaking("fr"):
        page = read("note.txt", lang="fr").page.read_text(encoding="utf-8")
    assert "Les pillards s" in page
