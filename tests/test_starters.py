"""`harmattan new` begins entries that replace nothing, say what to fill in, and are checked to the end.

The project is a copy of the made-up case.
"""

import re

import pytest
from copies import copy_project
from made import copy_made_case

from harmattan.claims.register import load_register
from harmattan.core import resources
from harmattan.core.errors import InputError
from harmattan.core.files import sha256_of
from harmattan.core.resources import PROJECT_VARIABLE, shipped_root
from harmattan.schema.json_schema import write_schemas
from harmattan.schema.scenario import load_scenario
from harmattan.schema.starters import start_claim, start_copy, start_driver, start_scenario, start_source
from harmattan.schema.yaml_source import read_yaml

OWN = {"id", "title", "extends", "condition", "source_lines", "probability", "probability_reason"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of one's own, in use, with the schemas that `new case` writes."""
    copy_made_case(tmp_path / "mine")
    monkeypatch.setenv(PROJECT_VARIABLE, str(tmp_path / "mine"))
    write_schemas(tmp_path / "mine" / "seeds" / "schemas")
    return tmp_path / "mine"


def fill(path, **values):
    """Give keys that have no value one, as an analyst would; everything else on the line stays."""
    text = path.read_text(encoding="utf-8")
    for key, value in values.items():
        text, count = re.subn(rf"^((?:- |  )(?:  )?{key}:)(?= *(?:#|$))", rf"\1 {value}", text, flags=re.M)
        assert count == 1, key
    path.write_text(text, encoding="utf-8")


def complaint():
    with pytest.raises(InputError) as caught:
        load_register()
    return str(caught.value)


def test_a_scenario_validates_as_it_stands_and_is_its_parent(project):
    started = start_scenario("slow_exit")
    assert started.path == project / "scenarios" / "slow_exit.yaml"
    mine, parent = load_scenario("slow_exit"), load_scenario("leaves")
    assert mine.drivers == parent.drivers and mine.extends == "leaves"
    assert mine.model_dump(exclude=OWN) == parent.model_dump(exclude=OWN)


def test_every_driver_that_a_scenario_lists_can_be_uncommented(project):
    path = start_scenario("all_of_it", "stays").path
    text = path.read_text(encoding="utf-8")
    listed = re.findall(r"^#    ([a-z-]+): \{state: happens", text, re.M)
    register = load_register()
    assert set(listed) == set(register.drivers)
    assert sorted(listed) == sorted(d.id for d in register.drivers.values() for _ in d.branches)
    seen = set()

    def first_of_each(line):
        seen_before = line[1] in seen
        seen.add(line[1])
        return line[0] if seen_before else line[0][1:]

    text = re.sub(r"^#    ([a-z-]+): .*$", first_of_each, text, flags=re.M)
    path.write_text(text.replace("#drivers:\n#  set:", "drivers:\n  set:"), encoding="utf-8")
    scenario = load_scenario("all_of_it")
    assert {scenario.setting(driver).state for driver in register.drivers} == {"happens"}


def test_a_scenario_says_what_its_parent_does(project):
    text = start_scenario("mine", "stays").path.read_text(encoding="utf-8")
    assert "Raiders grow bolder. In stays: from-claims." in text
    assert "Patrols end. In stays: absent." in text


def test_a_scenario_can_lie_anywhere(project, tmp_path):
    path = tmp_path / "far" / "mine.yaml"
    assert start_scenario("mine", out=path).path == path
    assert load_scenario(path).id == "mine"
    assert "$schema" not in path.read_text()  # the schema lies elsewhere, and the file may move


def test_from_an_empty_claim_to_a_valid_register(project):
    before = (project / "seeds/claims/gazette.yaml").read_bytes()
    started = start_claim("gazette-007")
    path = started.path
    assert path.read_bytes().startswith(before)
    entry = path.read_text(encoding="utf-8").splitlines()[started.line - 1 :]
    assert entry[0].startswith("- id: gazette-007-b") and any("lines: [7]" in line for line in entry)
    message = complaint()
    for key in ("proposition", "paraphrase", "outcome", "direction", "hedge", "claimant", "places", "kind"):
        assert f".{key} (line" in message and f"{key!r} has no value yet" in message
    fill(path, proposition="boats-burn", paraphrase='"Made up for this test."', outcome="other", direction="occurs")
    fill(path, hedge='""', claimant='"a test"', places="[QMA]", kind="forecast")
    assert load_register().claims["gazette-007-b"].lines == (7,)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("raiders", "{raiders: for}"),
        ("raiders, river-trade", "{raiders: for, river-trade: for}"),
        ("{vacancy: {against: open}}", "{vacancy: {against: open}}"),
        ("{vacancy: {against: [open, filled]}, river-trade: context}",
         "{vacancy: {against: [open, filled]}, river-trade: context}"),
    ],
)  # fmt: skip
def test_a_new_claim_says_on_which_drivers_it_bears(project, given, written):
    path = start_claim("gazette-007", given).path
    assert f"  drivers: {written}" in path.read_text(encoding="utf-8").rpartition("- id: gazette-007-b")[2]
    fill(path, proposition="boats-burn", paraphrase='"Made up for this test."', outcome="other", direction="occurs")
    fill(path, hedge='"could"', claimant='"a test"', places="[QMA]", kind="forecast")
    assert "gazette-007-b" in load_register().heard[written[1:].partition(":")[0]].voting


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ("raidres", ["--drivers: there is no driver 'raidres'. Did you mean 'raiders'?"]),
        ("vacancy", ["can go in more than one way", "vacancy: {for: open}"]),
        ("{vacancy: {for: gap}}", ["has no branch 'gap'", "open, filled"]),
        ("{raiders: maybe}", ["--drivers", "'maybe' does not say how the claim bears on the driver"]),
        ("{raiders", ["--drivers", "this is not YAML"]),
    ],
)
def test_drivers_of_a_new_claim_that_do_not_fit_are_refused(project, given, parts):
    before = (project / "seeds/claims/gazette.yaml").read_bytes()
    with pytest.raises(InputError) as caught:
        start_claim("gazette-007", given)
    assert all(part in str(caught.value) for part in parts), str(caught.value)
    assert (project / "seeds/claims/gazette.yaml").read_bytes() == before


def test_the_next_free_letter_is_taken(project):
    known = {key for key in load_register().claims if key.startswith("letter-004-")}
    started = start_claim("letter-004")
    first = started.path.read_text(encoding="utf-8").splitlines()[started.line - 1]
    assert first.split()[2] == f"letter-004-{chr(ord('a') + len(known))}"


def test_from_an_empty_source_to_a_valid_register(project, tmp_path):
    document = tmp_path / "006_paper.txt"
    document.write_text("Words.\n")
    started = start_source("paper", document)
    assert "'title' has no value yet" in complaint()
    fill(started.path, title='"A paper"', publisher='"a publisher"', kind="report", reliability="C")
    source = load_register().sources["paper"]
    assert (source.file, source.sha256, source.group) == ("006_paper.txt", sha256_of(document), "paper")
    head = start_claim("paper-001").path.read_text(encoding="utf-8").splitlines()
    assert head[0] == "# yaml-language-server: $schema=../schemas/claim.schema.json"
    assert (project / "seeds" / "schemas" / "claim.schema.json").is_file()


def test_from_an_empty_driver_to_a_valid_register(project):
    path = start_driver("air-strikes").path
    message = complaint()
    for part in ("'title' has no value yet", "'direction' has no value yet", "'outcomes' needs at least 1 item"):
        assert part in message
    text = path.read_text(encoding="utf-8")
    start = text.index("- id: air-strikes")
    block = text[start:]
    for old, new in {
        "title: ": "title: T ", "means: ": "means: M ", "- id:  ": "- id: grow ", "direction: ": "direction: raise ",
        "outcomes: {}": "outcomes: {one_sided: 1.0}",
        "places: {}": "places: {QMA: 1.0}", "onset_month: ,": "onset_month: 1,", "ramp_months: ,": "ramp_months: 2,",
        "half_life_months: }": "half_life_months: null}", "basis: ": "basis: B ",
    }.items():  # fmt: skip
        assert old in block, old
        block = block.replace(old, new)
    path.write_text(text[:start] + block, encoding="utf-8")
    assert "no claim is for branch grow of air-strikes" in complaint()
    claims = project / "seeds/claims/gazette.yaml"
    head, _, tail = claims.read_text(encoding="utf-8").partition("- id: gazette-007-a")
    claims.write_text(head + "- id: gazette-007-a" + tail.replace("drivers: {", "drivers: {air-strikes: for, ", 1))
    assert load_register().drivers["air-strikes"].branch_ids == ("grow",)


@pytest.mark.parametrize(
    ("start", "arguments", "parts"),
    [
        (start_scenario, ("leaves",), ["leaves.yaml exists already", "left as it is"]),
        (start_scenario, ("Slow Exit",), ["'Slow Exit' cannot be a name", "slow-exit"]),
        (start_scenario, ("../escape",), ["cannot be a name"]),
        (start_scenario, ("drivers",), ["never drivers.yaml"]),
        (start_scenario, ("mine", "leavs"), ["Did you mean 'leaves'"]),
        (start_driver, ("vacancy",), ["drivers.yaml, line", "'vacancy' is there already"]),
        (start_source, ("gazette",), ["sources.yaml, line", "is there already"]),
        (start_claim, ("gazette-007-a",), ["gazette.yaml, line", "is there already"]),
        (start_claim, ("gazete-007-a",), ["There is no source 'gazete'", "Did you mean 'gazette'"]),
        (start_claim, ("gazette",), ["does not say which claim", "gazette-018-c"]),
    ],
)
def test_what_exists_or_is_misnamed_is_refused_and_nothing_changes(project, start, arguments, parts):
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    with pytest.raises(InputError) as caught:
        start(*arguments)
    for part in parts:
        assert part in str(caught.value)
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "text",
    ["", "[]\n", "[ ]", "# none yet\n", "# none yet\n\n[]   # to come\n", "---\n[]\n", "---\n", "\n\n"],
)
def test_a_new_source_goes_into_an_empty_file_without_destroying_it(project, text):
    path = project / "seeds" / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    started = start_source("paper")
    written = path.read_text(encoding="utf-8")
    assert [entry["id"] for entry in read_yaml(path).data] == ["paper"]
    assert written.splitlines()[started.line - 1].startswith("- id: paper")
    assert all(line in written for line in text.splitlines() if line.startswith("#"))
    start_source("another")
    assert [entry["id"] for entry in read_yaml(path).data] == ["paper", "another"]


@pytest.mark.parametrize("text", ["null\n", "[{id: old}]\n", "- id: old\n...\n", "{}\n", "- id: old\n  title: 'open\n"])
def test_a_file_to_which_nothing_can_be_added_is_left_as_it_is(project, text):
    path = project / "seeds" / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"sources\.yaml"):
        start_source("paper")
    assert path.read_text(encoding="utf-8") == text


def test_an_indented_list_goes_on_with_its_indent(project):
    path = project / "seeds" / "sources.yaml"
    path.write_text("  - id: old\n", encoding="utf-8")
    start_source("paper")
    assert [entry["id"] for entry in read_yaml(path).data] == ["old", "paper"]


def test_a_scenario_of_a_project_without_the_usual_one_extends_the_record_alone(project):
    for path in (project / "scenarios").glob("*.yaml"):
        if path.stem not in ("baseline", "drivers"):
            path.unlink()
    assert "extends: baseline" in start_scenario("mine").path.read_text(encoding="utf-8")


def test_a_document_is_registered_once(project, tmp_path):
    document = tmp_path / "006.txt"
    document.write_text("Words.\n")
    start_source("paper", document)
    with pytest.raises(InputError, match="source 'paper' has this text already"):
        start_source("again", document)
    with pytest.raises(InputError, match="there is no such file"):
        start_source("again", tmp_path / "nowhere.txt")


def test_a_project_is_a_whole_copy_and_never_replaces_a_folder(tmp_path, monkeypatch):
    start_copy(tmp_path / "mine")
    shipped = {p.relative_to(shipped_root()) for n in ("seeds", "scenarios") for p in (shipped_root() / n).rglob("*")}
    shipped = {path for path in shipped if "library" not in path.parts}  # which is the program's in every project
    assert {path.relative_to(tmp_path / "mine") for path in (tmp_path / "mine").glob("*/**/*")} == shipped
    with pytest.raises(InputError, match="exists already"):
        start_copy(tmp_path / "mine")
    monkeypatch.setenv(PROJECT_VARIABLE, str(tmp_path / "mine"))
    assert load_register().case.root == (tmp_path / "mine").resolve()


def test_a_folder_without_the_two_folders_is_no_project(tmp_path, monkeypatch):
    (tmp_path / "seeds").mkdir()
    monkeypatch.setenv(PROJECT_VARIABLE, str(tmp_path))
    with pytest.raises(InputError, match=r"holds no scenarios folder.*harmattan new case"):
        load_register()


def test_the_installed_program_is_not_written_to(tmp_path, monkeypatch):
    package = tmp_path / "site" / "harmattan"
    copy_project(package / "_project", without=["data"])
    monkeypatch.delenv(PROJECT_VARIABLE, raising=False)
    monkeypatch.setattr(resources, "_PACKAGE", package)
    for start, name in (
        (start_scenario, "mine"),
        (start_driver, "mine"),
        (start_source, "mine"),
        (start_claim, "news-bnn-018"),
    ):
        with pytest.raises(InputError, match="harmattan new case FOLDER --copy"):
            start(name)
    assert start_scenario("mine", out=tmp_path / "mine.yaml").path.is_file()
