"""From an id to the lines it stands on and the numbers it touches."""

import json

import pytest

from harmattan.claims.derivation import derive_driver
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.explain.trace import trace


@pytest.fixture(scope="module")
def register():
    return load_register()


def test_a_claim_leads_to_its_line_its_reading_and_its_drivers(register):
    text = trace(register, "chat-bard-084-a").as_text()
    assert text.startswith("claim chat-bard-084-a")
    assert "001_1c1ba38dd8618a74.txt:84" in text
    assert '"is likely to" read as Likely' in text
    # grade E: 0.20 x 0.756 + 0.80 x 0.251 = 0.352
    assert "0.20 x 0.756 + 0.80 x 0.251 = 0.352" in text
    assert "driver    armed-group-posture: for emboldened" in text


def test_a_question_is_said_to_have_no_vote(register):
    found = trace(register, "chat-bard-069-d")
    assert "state no probability" in found.as_text() and found.as_dict()["reading"] is None


def test_a_driver_leads_back_to_every_line(register):
    found = trace(register, "residual-mandate")
    text = found.as_text()
    for branch in register.drivers["residual-mandate"].branches:
        for key in (*branch.claims_for, *branch.claims_against):
            claim = register.claims[key]
            assert key in text and f"{claim.file}:{claim.lines[0]}" in text
    assert "hultman-2013-troops" in text and "kunkel-2026-leaving: shown only" in text
    expected = derive_driver(register, "residual-mandate").expected_log_effect
    assert found.as_dict()["expected_log_effect"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("key", "kind", "part"),
    [
        ("news-bnn", "source", "driver regional-cooperation: expected log effect"),
        ("accord-survival-pko", "evidence", "P(collapses) moves from"),
        ("kunkel-2026-leaving", "evidence", "entered into no number"),
        ("accord-collapses", "proposition", "002_fc1e265afb404b80.txt:"),
        ("fact-debate-fes-001-a", "fact", "000_09e09d23894f455d.txt:1"),
        ("conflict-june-31", "conflict", "002_fc1e265afb404b80.txt:7"),
    ],
)
def test_every_kind_of_id_can_be_traced(register, key, kind, part):
    found = trace(register, key)
    assert found.kind == kind and part in found.as_text()
    assert json.loads(json.dumps(found.as_dict()))["id"] == key


def test_every_driver_and_source_can_be_traced_to_json(register):
    for key in (*register.drivers, *register.sources, *register.evidence):
        json.dumps(trace(register, key).as_dict())


def test_a_driver_is_traced_along_its_arrows_and_events(register):
    text = trace(register, "peace-accord").as_text()
    assert (
        "from residual-mandate (protection-lapses) to collapses: odds x 2; stated in 001_1c1ba38dd8618a74.txt:" in text
    )
    assert "from northern-separatism (war-resumes) to collapses: sets it off in 15% of cases, 4 months later" in text
    assert "leads to northern-separatism (war-resumes)" in text
    assert "event accord-ended settles collapses." in text


def test_an_unknown_id_gets_a_suggestion(register):
    with pytest.raises(InputError, match="Did you mean 'residual-mandate'"):
        trace(register, "residual-mandat")
