"""The words that any case may use: common hedges and words of size, with their inflections, never turned round."""

import itertools
import re
import shutil

import pytest
from copies import copy_project

from harmattan.claims.lexicon import effect_of, reading_of, size_of
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.core.resources import shipped_root
from harmattan.schema.forms import entry_for
from harmattan.schema.hints import denies
from harmattan.schema.lexicon import HedgeLexicon, MagnitudeLexicon
from harmattan.schema.yaml_source import read_yaml

BE = ("is", "are", "was", "were", "be", "been", "being", "am", "'s", "'re", "will be", "would be", "has been",
      "have been", "had been")  # fmt: skip
LOW = {"Almost No Chance", "Chances are Slight", "Highly Unlikely", "Improbable", "Little Chance", "Remote Chance",
       "Unlikely"}  # fmt: skip


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.fixture(scope="module")
def hedges():
    return HedgeLexicon.model_validate(read_yaml(shipped_root() / "seeds" / "library" / "hedges.yaml").data)


@pytest.fixture(scope="module")
def sizes():
    return MagnitudeLexicon.model_validate(read_yaml(shipped_root() / "seeds" / "library" / "magnitudes.yaml").data)


@pytest.fixture
def project(tmp_path):
    """A copy of the shipped case that a test may change."""
    return copy_project(tmp_path, without=["data", "library"])


def term_of(words, hedges):
    entry = entry_for(words, hedges.phrases)
    assert entry is not None, f"{words!r} is not known"
    return entry.term


def written(form):
    """Every way to write a form, told anew and without its code."""
    parts = []
    for optional, word in re.findall(r"\[([^\]]+)\]|(\S+)", form):
        ways = [""]
        for one in (optional or word).split():
            choices = [c for w in one.split("/") for c in (BE if w == "BE" else
                       ("has", "have", "had", "having") if w == "HAVE" else (w,))]  # fmt: skip
            ways = [f"{way} {choice}".strip() for way in ways for choice in choices]
        parts.append(ways + [""] * bool(optional))
    return {" ".join(" ".join(choice).split()) for choice in itertools.product(*parts)}


@pytest.mark.parametrize(
    ("words", "term"),
    [
        # what the second case had to add by hand
        ("is expected to", "Likely"), ("unlikely to", "Unlikely"), ("will probably", "Probable"),
        ("possible", "Could Happen"),
        ("are expected to", "Likely"), ("was expected to", "Likely"), ("were widely expected to", "Likely"),
        ("will be expected to", "Likely"), ("It is now expected that", "Likely"), ("isn't expected to", "Unlikely"),
        ("is unlikely to", "Unlikely"), ("It is unlikely that", "Unlikely"), ("are still unlikely to", "Unlikely"),
        ("highly unlikely", "Highly Unlikely"), ("is very unlikely to", "Highly Unlikely"),
        ("is possible that", "Could Happen"), ("it is possible that", "Could Happen"), ("possibly", "Could Happen"),
        ("probably", "Probable"), ("will", "Will Happen"), ("is going to", "Will Happen"),
        ("will not", "Almost No Chance"), ("won't", "Almost No Chance"), ("isn\u2019t going to", "Almost No Chance"),
        ("there is a risk of", "Could Happen"), ("there is a real risk that", "Realistic Possibility"),
        ("might well", "Might Happen"), ("cannot be ruled out", "Could Happen"), ("can't be ruled out", "Could Happen"),
        ("can be ruled out", "Almost No Chance"), ("remains to be seen", None), ("it remains to be seen whether", None),
        ("is likely to", "Likely"), ("is not likely to", "Unlikely"), ("far from certain", None),
        ("no doubt", "Almost Certain"), ("doubtful", "Unlikely"), ("not necessarily", None),
    ],
)  # fmt: skip
def test_common_hedges_are_read(hedges, words, term):
    assert term_of(words, hedges) == term


def test_every_form_of_a_hedge_has_its_reading_and_no_two_entries_share_one(hedges, sizes):
    for entries, label in ((hedges.phrases, "hedge"), (sizes.words, "magnitude")):
        owners = {}
        for entry in entries:
            for way in {getattr(entry, label)}.union(*(written(form) for form in entry.forms)):
                assert owners.setdefault(way, entry) is entry, way
        for way, entry in itertools.islice(owners.items(), 0, None, 7):
            assert entry_for(way.upper(), entries) is entry, way


def test_every_term_is_one_that_readers_were_asked_about(hedges, register):
    assert {entry.term for entry in hedges.phrases} - {None} <= set(register.lexicons.phrases.terms)


def test_words_that_deny_are_never_read_as_likely(hedges, register):
    """Below one half or no probability at all; two denials in one ("not unlikely") make none."""
    for entry in hedges.phrases:
        for way in (entry.hedge, *(way for form in entry.forms for way in written(form))):
            if entry.term is not None and denies(way) and not re.search(r"doubt\b|than not|as not", way):
                assert register.lexicons.phrases.terms[entry.term].median <= 0.4, way


def test_what_a_negation_is_put_into_is_never_read_as_before(hedges):
    for entry in hedges.phrases:
        for way in entry.plain_ways:
            for first, rest in ((w[: i + 1], w[i + 1 :]) for w in [way.split()] for i in range(len(w))):
                other = entry_for(" ".join([*first, "not", *rest]), hedges.phrases)
                if other is not None and entry.term not in LOW | {None}:
                    assert other is not entry, (way, first, rest)


def test_modal_verbs_are_never_read_as_likely(hedges, register):
    for entry in hedges.phrases:
        for way in (way for form in entry.forms for way in written(form)):
            if entry.term and {"may", "might", "could"} & set(way.split()):
                assert register.lexicons.phrases.terms[entry.term].median < 0.5, way


@pytest.mark.parametrize(
    "words", ["may not", "could not", "not possible that maybe", "no longer likely", "hardly", "un"]
)
def test_what_is_not_known_whole_is_not_read(hedges, words):
    assert entry_for(words, hedges.phrases) is None


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("slightly", "slight"), ("somewhat", "slight"), ("significantly", "moderate"), ("significant", "moderate"),
        ("sharply", "substantial"), ("doubled", "substantial"), ("halved", "substantial"), ("tripled", "severe"),
        ("no significant", "unstated"), ("not much", "unstated"), ("far more", "substantial"),
        ("twice as many", "substantial"),
        ("is still growing", None), ("not doubled", None),
    ],
)  # fmt: skip
def test_common_words_of_size_are_read(sizes, words, size):
    entry = entry_for(words, sizes.words)
    assert (entry and entry.size) == size


def test_a_word_that_names_a_ratio_has_it_in_its_class(sizes):
    for words, ratio in (("doubled", 2), ("tripled", 3), ("fivefold", 5)):
        interval = sizes.classes[entry_for(words, sizes.words).size]
        assert interval.low <= ratio <= interval.high


def test_a_case_without_lexicons_of_its_own_reads_by_the_program_s(project, register, hedges):
    for path in (project / "seeds" / "claims").glob("*.yaml"):
        path.write_text("[]\n")
    (project / "scenarios" / "drivers.yaml").write_text("[]\n")
    (project / "seeds" / "events.yaml").unlink()  # it speaks of drivers
    for text in (None, "[]\n", "", "# none yet\n", "phrases: []\n"):
        for name in ("hedges.yaml", "magnitudes.yaml"):
            path = project / "seeds" / "lexicons" / name
            path.unlink(missing_ok=True)
            if text is not None:
                path.write_text(text.replace("phrases", "words") if name == "magnitudes.yaml" else text)
        other = load_register(project)
        assert other.lexicons.hedges.phrases == hedges.phrases
        assert other.lexicons.null_effect == register.lexicons.null_effect
    shutil.rmtree(project / "seeds" / "lexicons")
    assert load_register(project).lexicons.phrases == register.lexicons.phrases


def test_a_claim_of_the_case_is_read_by_the_library_where_its_own_lexicon_lacks_the_word(project):
    _spoil(project, 'hedge: "could be"', 'hedge: "are widely expected to"')
    other = load_register(project)
    (claim,) = [claim for claim in other.claims.values() if claim.hedge == "are widely expected to"]
    assert reading_of(claim, other.lexicons).term == "Likely"
    own = project / "seeds" / "lexicons" / "hedges.yaml"
    text = own.read_text(encoding="utf-8")
    entry = '- {hedge: "widely expected", forms: ["[BE] widely expected [to]"], term: Probable, reason: "own"}\n'
    own.write_text(text.replace("phrases:\n", "phrases:\n" + entry), encoding="utf-8")
    other = load_register(project)
    assert reading_of(other.claims[claim.id], other.lexicons).reason == "own", "the case's own comes first"


def test_a_hedge_that_nobody_knows_is_an_error_whose_hint_never_turns_it_round(project):
    _spoil(project, 'hedge: "could be"', 'hedge: "is hardly ever expected to"')
    with pytest.raises(InputError) as caught:
        load_register(project)
    told = str(caught.value)
    assert "news-bnn.yaml" in told and ".hedge (line" in told and "the program's library" in told
    assert "Did you mean" not in told and "copy only the words that say how likely it is" in told


def test_what_the_hedge_denies_is_not_denied_again_by_the_side(project):
    path = project / "seeds" / "claims" / "debate-fes.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("- id: debate-fes-003-a")
    entry = text[start:].split("\n- id: ")[0]
    assert "direction: does-not-occur" in entry and "against" in entry
    denied = re.sub(r'hedge: ".*?"', 'hedge: "is unlikely to"', entry)
    path.write_text(text.replace(entry, denied), encoding="utf-8")
    with pytest.raises(InputError, match="'is unlikely to' is read as Unlikely and so denies by itself"):
        load_register(project)


@pytest.mark.parametrize(
    ("form", "told"),
    [("[BE] [likely]", "all of"), ("[BE likely", "is no form"), ("likely  to", "is no form"), ("", "at least")],
)
def test_a_form_that_cannot_be_read_is_refused(project, form, told):
    path = project / "seeds" / "lexicons" / "hedges.yaml"
    entry = f'- {{hedge: "odd", forms: ["{form}"], term: Likely, reason: "r"}}\n'
    path.write_text(path.read_text(encoding="utf-8").replace("phrases:\n", "phrases:\n" + entry), encoding="utf-8")
    with pytest.raises(InputError, match=rf"phrases\[0\]\.forms\[0\] \(line \d+\).*{told}"):
        load_register(project)


def test_words_of_size_of_the_library_become_rate_ratios(register):
    claim = register.claims["chat-bard-084-a"].model_copy(update={"magnitude": "sharply"})
    lexicon = register.lexicons.magnitudes
    assert effect_of(size_of(claim, lexicon), lexicon) == effect_of("substantial", lexicon)


def _spoil(project, old, new):
    path = project / "seeds" / "claims" / "news-bnn.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
