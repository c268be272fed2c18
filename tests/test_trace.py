"""From an id to the lines it stands on and the numbers it touches."""

import json

import pytest

from harmattan.claims.derivation import derive_driver, driver_priors
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.explain.acting import expected_at_peak, quantity_ids, quantity_of
from harmattan.explain.trace import trace
from harmattan.schema.scenario import DriverSetting


@pytest.fixture(scope="module")
def register():
    return load_register()


def test_a_claim_leads_to_its_line_its_reading_and_its_drivers(register):
    text = trace(register, "chat-bard-084-a").as_text()
    assert text.startswith("claim chat-bard-084-a")
    assert "001_1c1ba38dd8618a74.txt:84" in text
    assert '"is likely to" read as Likely' in text
    # grade E: 0.20 x 0.743 + 0.80 x 0.251 = 0.349
    assert "0.20 x 0.743 + 0.80 x 0.251 = 0.349" in text
    assert "driver    armed-group-posture: for emboldened" in text


def test_a_question_is_said_to_have_no_vote(register):
    found = trace(register, "chat-bard-069-d")
    assert "state no probability" in found.as_text() and found.as_dict()["reading"] is None


def test_a_driver_leads_back_to_every_line(register):
    found = trace(register, "residual-mandate")
    text = found.as_text()
    heard = register.heard["residual-mandate"]
    assert heard.voting and heard.context
    for key in (*heard.voting, *heard.context):
        claim, stated = register.claims[key], register.places[key]
        (line,) = [line for line in text.splitlines() if key in line and "stated in" in line]
        assert f"{claim.file}:{claim.lines[0]}" in line and stated in line
    file, _, number = register.places["press-divorce-061-b"].rpartition(":")
    said = (register.case.root / file).read_text(encoding="utf-8").splitlines()[int(number) - 1]
    assert said.startswith("  drivers:") and "residual-mandate: for" in said
    assert "kunkel-2026-leaving: shown only" in text and "share 0." in text and "`harmattan trace exit`" in text
    expected = derive_driver(register, "residual-mandate").expected_log_effect
    assert found.as_dict()["expected_log_effect"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("key", "kind", "part"),
    [
        ("news-bnn", "source", "driver regional-cooperation: expected log effect"),
        ("hultman-2013-troops", "evidence", "log_rate_ratio: +0.5304, se 0.0865, transport 10"),
        ("accord-survival-pko", "evidence", "Shown, and entered into no number"),
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


@pytest.mark.slow
def test_every_driver_and_source_can_be_traced_to_json(register):
    for key in (*register.drivers, *register.sources, *register.evidence):
        json.dumps(trace(register, key).as_dict())


def test_a_driver_is_traced_along_its_arrows_and_events(register):
    text = trace(register, "peace-accord").as_text()
    assert (
        "from residual-mandate (protection-lapses) to collapses: odds x 2; stated in 001_1c1ba38dd8618a74.txt:" in text
    )
    assert (
        "from northern-separatism (war-resumes) to collapses: sets it off in 15\u00a0% of cases, 4 months later" in text
    )
    assert "leads to northern-separatism (war-resumes)" in text
    assert "event accord-ended (2024-01-25) settles collapses." in text


def test_an_unknown_id_gets_a_suggestion(register):
    with pytest.raises(InputError, match="Did you mean 'residual-mandate'"):
        trace(register, "residual-mandat")


def test_a_driver_says_which_claims_carry_it(register):
    found = trace(register, "urban-siege")
    without = found.as_dict()["without_claim"]
    derived = derive_driver(register, "urban-siege")
    assert set(without) == {row.claim for branch in derived.branches for row in branch.rows}
    for key, value in without.items():
        less = derive_driver(register, "urban-siege", without_claims=frozenset({key}))
        assert value == pytest.approx(less.expected_log_effect)
    most = max(without, key=lambda key: abs(without[key] - derived.expected_log_effect))
    lines = found.as_text().splitlines()
    assert lines[lines.index("  without a claim, it changes most for") + 1].split()[0] == most


# Numbers


def test_a_number_leads_back_to_drivers_claims_and_lines(register):
    text = trace(register, "one_sided/MLI/short").as_text()
    assert text.startswith("number one_sided/MLI/short")
    assert "months 1-6 after the exit, under withdrawal" in text
    assert "driver urban-siege: exposure" in text
    assert "for towns-besieged: commentary-exit-013-f 003_376636f4196d2fe2.txt:13" in text


def test_a_number_s_exposure_by_hand(register):
    """urban-siege starts in month 3 and climbs to its peak in month 8; one-sided deaths bear 1.0 of it in Mali."""
    driver = register.drivers["urban-siege"]
    timing, share = driver.timing, driver.outcomes["one_sided"] * driver.places["MLI"]
    by_month = [min(max(month - timing.onset_month + 1, 0) / timing.ramp_months, 1.0) for month in range(1, 7)]
    found = trace(register, "one_sided/MLI/short").as_dict()
    (acting,) = [one for one in found["drivers"] if one["driver"] == "urban-siege"]
    assert acting["exposure"] == pytest.approx(share * sum(by_month) / 6)
    expected = derive_driver(register, "urban-siege").expected_log_effect
    assert acting["expected_log_effect"] == pytest.approx(acting["exposure"] * expected)
    assert found["expected_log_effect"] == pytest.approx(sum(one["expected_log_effect"] for one in found["drivers"]))


def test_drivers_act_on_a_number_as_the_scenario_sets_them(register):
    acting = trace(register, "mission_stays/one_sided/MLI/short").as_dict()["drivers"]
    assert {one["driver"] for one in acting} == {
        *("russian-footprint", "kremlin-wagner-rift", "peace-accord", "northern-separatism")
    }


def test_a_driver_that_happens_for_certain_adds_its_branch_alone(register):
    prior = driver_priors(register).sel(driver="peace-accord")
    happens = DriverSetting(state="happens", branch="settlement")
    (settlement,) = prior["mean"].values[prior["branch"].values == "settlement"]
    assert expected_at_peak(prior, happens) == pytest.approx(settlement) and settlement < 0
    assert expected_at_peak(prior, DriverSetting(state="absent")) == 0.0


@pytest.mark.parametrize("key", ["commentary-exit-013-f", "news-bnn-018-b", "press-divorce-061-b"])
def test_a_claim_touches_the_numbers_that_change_without_it(register, key):
    """From the claim to a number, and by the number's own trace with the claim gone: the same change."""
    told = trace(register, key).as_dict()["numbers"]
    assert told
    for item in told:
        change, without = 0.0, driver_priors(register, without_claims=frozenset({key}))
        expected = (without["weight"] * without["mean"]).sum("component")
        for acting in trace(register, item["number"]).as_dict()["drivers"]:
            less = float(expected.sel(driver=acting["driver"]))
            change += acting["exposure"] * (acting["expected_log_effect_at_peak"] - less)
        assert item["expected_log_effect"] == pytest.approx(change, rel=1e-9)


def test_a_repetition_touches_no_number_and_says_so(register):
    found = trace(register, "chat-bard-084-a")
    assert found.as_dict()["numbers"] == []
    assert "none moves: the other claims of its pool say the same" in found.as_text()


def test_a_scenario_leads_to_its_drivers_and_lines(register):
    text = trace(register, "mission_stays").as_text()
    assert "stands on 000_09e09d23894f455d.txt:3" in text
    assert "driver russian-footprint: from-claims" in text and "driver urban-siege: absent" in text


def test_every_number_can_be_traced(register):
    ids = quantity_ids(register.case)
    assert len(ids) == 3 * 16 * 3 and len(set(ids)) == len(ids)
    assert all(
        quantity_of(register.case, key).id_in(register.case) == key for key in ids[::11]
    )  # eleven shares no factor with outcomes or horizons


@pytest.mark.parametrize("key", ["one_sided/MLI/soon", "one_sided/ZZZ/short", "nowhere/one_sided/MLI/short", "a/b"])
def test_a_number_that_does_not_exist_is_refused(register, key):
    with pytest.raises(InputError, match="outcome/country/horizon"):
        trace(register, key)
