"""Beside each driver's prior stands how often such things came about before, where anything known tells that."""

import json

import numpy as np
import pytest
from copies import copy_project
from made import CASE, copy_made_case, made_record

import harmattan as hm
from harmattan.claims.derivation import driver_priors
from harmattan.claims.register import load_register
from harmattan.core.resources import PROJECT_VARIABLE
from harmattan.explain import base_rates as room
from harmattan.explain.base_rates import base_rates
from harmattan.explain.scorecard import ledger_table
from harmattan.explain.trace import trace

EXIT = "2020-06"


@pytest.fixture(scope="module")
def register():
    return load_register(CASE)


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv(PROJECT_VARIABLE, str(copy_made_case(tmp_path / "mine")))
    return tmp_path / "mine"


def test_claims_of_a_branch_give_the_mean_of_how_often_their_rules_held(register):
    """Raiders: letter-002-a (a rise of fighting) and letter-003-a (a total), each a fact of its own."""
    found = {(one.driver, one.branch): one for one in base_rates(register, EXIT, EXIT, list(register.drivers))}
    rates = ledger_table(register, made_record("2024-12"), EXIT).set_index("claim")["base_rate"]
    raiders = found["raiders", "bolder"]
    assert raiders.base_rate == pytest.approx((rates["letter-002-a"] + rates["letter-003-a"]) / 2)
    assert (raiders.of, raiders.rests_on, raiders.facts) == ("claims", ("letter-002-a", "letter-003-a"), 2)
    assert raiders.prior == float(driver_priors(register)["weight"].sel(driver="raiders").values[0])


def test_claims_of_one_fact_count_once(register, monkeypatch):
    """Two claims that hang on one fact, 0.2 and 0.4, and a third, 0.9: (0.3 + 0.9) / 2 = 0.6, not 0.5."""
    said = {"gazette-003-a": 0.2, "gazette-007-a": 0.4, "letter-004-b": 0.9}
    monkeypatch.setattr(room, "past_share", lambda claim, *_: said.get(claim.id, np.nan))
    monkeypatch.setattr(room, "fact_behind", lambda claim: "two" if claim.id == "letter-004-b" else "one")
    (patrols,) = base_rates(register, EXIT, EXIT, ["patrols"])
    assert (patrols.base_rate, patrols.facts) == (pytest.approx(0.6), 2)


def test_where_nothing_tells_it_none_is_known_and_said_so(register):
    ways = base_rates(register, EXIT, EXIT, ["vacancy", "river-trade"])
    assert [(one.branch, one.base_rate, one.of, one.rests_on) for one in ways] == [
        ("open", None, "none", ()), ("filled", None, "none", ()), ("goes-on", None, "none", ()),
    ]  # fmt: skip
    assert {one.as_words() for one in ways} == {"base rate: none known"}


def test_a_share_of_comparable_cases_comes_before_what_claims_expect(project):
    evidence = project / "seeds" / "evidence" / "patrols.yaml"
    share = """
- id: six-fords
  kind: probability
  citation: "Nobody (2020), invented"
  population: "Six fords"
  estimate: 0.25
  se: 0.1
  transport: 0.5
  note: "Invented."
"""
    evidence.write_text(evidence.read_text(encoding="utf-8") + share, encoding="utf-8")
    drivers = project / "scenarios" / "drivers.yaml"
    text = drivers.read_text(encoding="utf-8")
    drivers.write_text(text.replace("evidence: [twelve-valleys]", "evidence: [twelve-valleys, six-fords]"), "utf-8")
    (patrols,) = base_rates(load_register(), EXIT, EXIT, ["patrols"])
    assert (patrols.base_rate, patrols.of, patrols.rests_on) == (0.25, "evidence", ("six-fords",))
    assert "0.25 (share of comparable cases: six-fords)" in patrols.as_words()


def test_nothing_after_as_of_the_exit_or_the_record_is_asked(register, monkeypatch):
    asked = []
    monkeypatch.setattr(room, "past_share", lambda claim, panel, until, yearly: asked.append((panel, until)) or 0.5)
    for as_of, until in (("2019-12", "2019-12"), ("2023-12", EXIT), ("2030-01", "2024-12")):
        asked.clear()
        base_rates(register, EXIT if as_of < "2030" else as_of, as_of, ["raiders"])
        assert {month for _, month in asked} == {until}
        assert {str(panel["month"].values[-1]) for panel, _ in asked} == {until}


def test_before_the_record_begins_nothing_is_asked(register):
    assert {one.of for one in base_rates(register, "2000-01", "2020-06", list(register.drivers))} == {"none"}


def test_soon_after_the_record_begins_no_rule_can_be_asked(register):
    assert {one.of for one in base_rates(register, "2009-06", "2020-06", ["raiders"])} == {"none"}


def test_show_tells_them_of_the_drivers_that_may_act_in_words_and_as_data(project):
    view = hm.show("leaves")
    acting = [one for one in hm.show("stays").base_rates if one.driver == "patrols"]
    assert {one.driver for one in view.base_rates} == set(load_register().drivers) and acting == []
    lines = view.as_text().splitlines()
    for one in view.base_rates:
        (line,) = [line for line in lines if line.split()[:2] == [one.driver, one.branch] and "base rate" in line]
        assert f"{one.prior:.2f}" in line and one.as_words() in line
    told = json.loads(json.dumps(view.as_dict()))["base_rates"]
    assert [row["base_rate"] for row in told] == [one.base_rate for one in view.base_rates]
    assert "base rate" not in hm.show("baseline").as_text()


def test_the_trace_of_a_driver_tells_its_own(project):
    register = load_register()
    found = trace(register, "raiders")
    (one,) = base_rates(register, EXIT, EXIT, ["raiders"])
    assert one.as_words() in found.as_text() and found.as_dict()["base_rates"][0]["base_rate"] == one.base_rate


def test_the_shipped_accord_points_to_how_long_accords_last(tmp_path, monkeypatch):
    monkeypatch.setenv(PROJECT_VARIABLE, str(copy_project(tmp_path / "shipped")))
    found = {one.branch: one for one in base_rates(load_register(), "2023-06", "2023-06", ["peace-accord"])}
    assert found["collapses"].see == ("accord-survival-pko",) and found["settlement"].see == ()
    assert found["collapses"].as_words().endswith("; see also accord-survival-pko")
