"""The register is whole: every id exists, claims and drivers agree both ways, every word can be read."""

import shutil
import time
from pathlib import Path

import pytest

from harmattan.claims.lexicon import reading_of
from harmattan.claims.register import load_register, register_words
from harmattan.core.errors import InputError
from harmattan.core.resources import project_root

SOURCES = ["debate-fes", "chat-bard", "press-divorce", "commentary-exit", "news-bnn"]
DRIVERS = [
    "drawdown-pace",
    "residual-mandate",
    "successor-presence",
    "armed-group-posture",
    "urban-siege",
    "state-security-capacity",
    "russian-footprint",
    "kremlin-wagner-rift",
    "western-donor-engagement",
    "great-power-contest",
    "peace-accord",
    "northern-separatism",
    "partner-force-conduct",
    "rights-monitoring",
    "humanitarian-access",
    "livelihoods-support",
    "youth-local-peace",
    "displacement-pressure",
    "cross-border-diffusion",
    "arms-flow",
    "regional-cooperation",
    "host-state-stance",
    "malian-ownership",
]


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.fixture
def project(tmp_path) -> Path:
    """A copy of the register that a test may spoil."""
    shutil.copytree(project_root() / "seeds", tmp_path / "seeds", ignore=shutil.ignore_patterns("data"))
    shutil.copytree(project_root() / "scenarios", tmp_path / "scenarios")
    shutil.copyfile(project_root() / "case.yaml", tmp_path / "case.yaml")
    return tmp_path


def _spoil(path: Path, old: str, new: str) -> int:
    """Replace the first `old` and return its line."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def _error(root: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_register(root)
    return str(caught.value)


def test_the_register_holds_five_sources_and_all_their_claims(register):
    assert list(register.sources) == SOURCES
    counts = {source: len(register.claims_of(source)) for source in SOURCES}
    assert counts == {"debate-fes": 59, "chat-bard": 153, "press-divorce": 71, "commentary-exit": 91, "news-bnn": 35}
    assert list(register.drivers) == DRIVERS


def test_web_texts_made_from_web_texts_share_one_vote(register):
    groups = {source.id: source.group for source in register.sources.values()}
    assert groups["chat-bard"] == groups["news-bnn"]
    assert len(set(groups.values())) == 4


def test_a_driver_hears_every_claim_that_says_it_bears_on_it(register):
    for claim in register.claims.values():
        for driver, bearing in claim.drivers.items():
            heard = register.heard[driver]
            assert claim.id in (heard.voting if bearing.votes else heard.context)


def test_only_claims_with_a_probability_vote(register):
    for heard in register.heard.values():
        assert all(reading_of(register.claims[key], register.lexicons) is not None for key in heard.voting)


def test_both_sides_are_heard(register):
    directions = {branch.direction for driver in register.drivers.values() for branch in driver.branches}
    assert directions == {"raise", "lower"}
    assert sum(side == "against" for heard in register.heard.values() for _, side, _ in heard.votes) > 20


def test_words_are_counted_in_lower_case(register):
    words = register_words(register)
    assert words["hedges"]["could"] == 39 and sum(words["hedges"].values()) == len(register.claims)
    assert all(word == word.lower() for counter in words.values() for word in counter)


def test_loading_is_quick():
    began = time.process_time()
    load_register()
    assert time.process_time() - began < 1.5


@pytest.mark.parametrize(
    ("file", "old", "new", "parts"),
    [
        ("seeds/claims/chat-bard.yaml", "drivers: {successor-presence:", "drivers: {succesor-presence:",
         ["chat-bard.yaml", "claims[0].drivers.succesor-presence", "Did you mean 'successor-presence'?"]),
        ("seeds/claims/news-bnn.yaml", "event: minusma-left", "event: minusma-gone",
         [".resolution.event", "no event of the case (case.yaml or seeds/events.yaml) 'minusma-gone'"]),
        ("seeds/claims/news-bnn.yaml", "places: [MLI]", "places: [MLY]",
         ["news-bnn.yaml", "claims[0].places[0]", "'MLY'", "Did you mean 'MLI'?"]),
        ("scenarios/drivers.yaml", "places: {MLI: 1.0, BFA: 0.1, NER: 0.1}", "places: {MLI: 1.0, BAF: 0.1, NER: 0.1}",
         ["drivers.yaml", "drivers[0].places.BAF", "no unit of the case (case.yaml) 'BAF'"]),
        ("seeds/claims/news-bnn.yaml", 'hedge: "could be"', 'hedge: "cold be"',
         ["news-bnn.yaml", ".hedge", "hedges.yaml", "Did you mean 'could be'?"]),
        ("seeds/claims/debate-fes.yaml", "id: debate-fes-001-b", "id: debate-fes-001-a",
         ["stands already in", "debate-fes.yaml, line"]),
        ("seeds/claims/debate-fes.yaml", 'file: "000_09e09d23894f455d.txt"', 'file: "003_376636f4196d2fe2.txt"',
         ["claims[0].file", "source debate-fes is the file"]),
        ("seeds/claims/chat-bard.yaml", "{against: gap-unfilled}", "{against: gap-unfiled}",
         ["claims[0].drivers.successor-presence.against", "Did you mean 'gap-unfilled'?"]),
        ("seeds/claims/chat-bard.yaml", "{against: gap-unfilled}", "against",
         ["successor-presence can go in more than one way", "{against: gap-unfilled} (or gap-filled)"]),
        ("seeds/claims/chat-bard.yaml", "{against: gap-unfilled}", "denies",
         ["claims[0].drivers.successor-presence", "'denies' does not say how", "{against: BRANCH}"]),
        ("seeds/claims/chat-bard.yaml", "{against: gap-unfilled}", "{against: gap-unfilled, for: gap-unfilled}",
         ["both for and against 'gap-unfilled'"]),
        ("scenarios/drivers.yaml", "{id: accord-survival-pko, branch", "{id: accord-survival, branch",
         ["there is no evidence item 'accord-survival'", "Did you mean 'accord-survival-pko'?"]),
        ("seeds/claims/news-bnn.yaml", "regional-cooperation: for", "regional-cooperation: context",
         ["drivers[20].branches[0]", "no claim is for branch strengthened",
          "{regional-cooperation: {for: strengthened}}"]),
        ("scenarios/drivers.yaml", "    direction: raise", "    direction: raise\n    claims_for: [debate-fes-003-b]",
         ["drivers.yaml: drivers[0]", "seeds/claims/debate-fes.yaml", "drivers: {drawdown-pace: {for: rushed}}",
          "take claims_for, claims_against, claims_context out here"]),
        ("seeds/lexicons/hedges.yaml", "term: Likely,", "term: Likly,",
         ["hedges.yaml", "there is no term 'Likly'", "Did you mean 'Likely'?"]),
        ("scenarios/drivers.yaml", "accord-survival-pko, branch: collapses", "accord-survival-pko, branch: collapse",
         ["drivers.yaml: drivers[10].evidence[0].branch (line ", "no branch of peace-accord 'collapse'",
          "Did you mean 'collapses'?"]),
        ("seeds/evidence/accords.yaml", "  note: >-", "  driver: peace-accord\n  branch: collapses\n  note: >-",
         ["accords.yaml: items[0].driver (line 10)", "In scenarios/drivers.yaml write at peace-accord evidence: [{id: "
          "accord-survival-pko, branch: collapses}]", "take driver and branch out here"]),
        ("seeds/evidence/accords.yaml", "kind: direction-only", "kind: probability\n  estimate: 0.3\n  se: 0.1\n"
         "  transport: 0.1", ["items[0]", "findings"]),
        ("seeds/evidence/accords.yaml", "1975-2021, worldwide", "1975-2021, in Europe",
         ["accords.yaml: items[0].id (line 3)", "'accord-survival-pko' says something else here than in "
          "the program's library (seeds/evidence/accords.yaml:3)", "an id of its own", "take it out here"]),
        ("seeds/evidence/peacekeeping.yaml", "transport: 10.0", "transport: 0.5",
         ["peacekeeping.yaml", "items[0].transport (line 13)", "greater than or equal to 1"]),
        ("seeds/sources.yaml", "reliability: B", "reliability: G", ["sources[0].reliability (line 14)", "'G'"]),
    ],
)  # fmt: skip
def test_what_disagrees_is_named_with_its_place(project, file, old, new, parts):
    _spoil(project / file, old, new)
    message = _error(project)
    for part in parts:
        assert part in message, message


def test_the_line_of_a_wrong_reference_is_right(project):
    line = _spoil(
        project / "seeds/claims/press-divorce.yaml", "drivers: {drawdown-pace: for}", "drivers: {drawdown-pase: for}"
    )
    assert f"(line {line})" in _error(project)


def test_a_context_claim_cannot_vote(project):
    _spoil(project / "seeds/claims/commentary-exit.yaml", "urban-siege: context", "urban-siege: for")
    message = _error(project)
    assert "commentary-exit-013-i carries no probability for a branch" in message
    assert "write urban-siege: context." in message


def test_a_plain_list_of_drivers_is_for_their_only_branch(project, register):
    path = project / "seeds/claims/commentary-exit.yaml"
    _spoil(path, "drivers: {cross-border-diffusion: for}", "drivers: [cross-border-diffusion]")
    assert load_register(project).claims == register.claims
    _spoil(path, "drivers: [cross-border-diffusion]", "drivers: [cross-border-diffusion, cross-border-diffusion]")
    assert "'cross-border-diffusion' stands twice; keep it once" in _error(project)


def test_a_claim_may_bear_on_several_branches_of_one_driver(register):
    said = register.claims["chat-bard-063-c"].drivers["kremlin-wagner-rift"].votes
    assert said == (("against", ("support-shrinks", "instability-grows")),)
    heard = register.heard["kremlin-wagner-rift"]
    assert "chat-bard-063-c" in heard.on("support-shrinks", "against")
    assert "chat-bard-063-c" in heard.on("instability-grows", "against")


def test_a_hedge_that_states_no_probability_cannot_vote(project):
    _spoil(project / "seeds/lexicons/hedges.yaml", 'hedge: "could", term: Could Happen', 'hedge: "could", term: null')
    assert "its hedge states none" in _error(project)


def test_a_word_cannot_be_read_in_two_ways(project):
    path = project / "seeds/lexicons/hedges.yaml"
    _spoil(path, "phrases:\n", 'phrases:\n- {hedge: "Could", term: Likely, shift: null, reason: "no"}\n')
    assert "'could' has an entry already" in _error(project)


def test_all_files_that_do_not_fit_are_reported_at_once(project):
    _spoil(project / "seeds/claims/news-bnn.yaml", "horizon: ", "horizn: ")
    _spoil(project / "seeds/lexicons/magnitudes.yaml", "null_sd: 0.05", "null_sd: wide")
    message = _error(project)
    assert message.count("\n") == 1 and "news-bnn.yaml: claims[0]" in message and "magnitudes.yaml: null_sd" in message
