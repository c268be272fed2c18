"""Evidence is what the frozen tables give, and enters the priors with its discount."""

import csv
import math
import re

import pytest

from harmattan.claims.derivation import derive_driver
from harmattan.claims.reference_class import SMOOTHING, WINDOW, mission_exits, reference_class
from harmattan.claims.register import load_register
from harmattan.core.resources import seeds_folder


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.fixture(scope="module")
def computed():
    return reference_class()


def _rows(*parts: str) -> list[dict[str, str]]:
    with seeds_folder().joinpath("data", *parts).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_accord_survival_is_the_frozen_share_and_worth_five_cases(register):
    item = register.evidence["accord-survival-pko"]
    (row,) = [
        r for r in _rows("ucdp", "peace_agreements_km.csv")
        if r["group"].startswith("with UN") and r["years_since_signing"] == "2"
    ]  # fmt: skip
    assert (item.estimate, item.se) == (float(row["share_ended"]), float(row["share_ended_se"]))
    (step,) = derive_driver(register, "peace-accord").branches[0].probability_steps
    # 0.309 x 0.691 / 0.066^2 = 49.0 cases, a tenth of which count
    assert step.count == pytest.approx(4.90, abs=0.01)
    total = step.before.a + step.before.b
    expected = (step.before.mean * total + 0.309 * step.count) / (total + step.count)
    assert step.after.mean == pytest.approx(expected)
    assert derive_driver(register, "peace-accord").branches[0].probability == pytest.approx(expected)


def test_the_reference_class_is_recomputed(register, computed):
    item = register.evidence["mission-exits-reference-class"]
    assert (item.estimate, item.se) == (round(computed.estimate, 4), round(computed.se, 4))
    assert len(computed.exits) == 19 and "19 exits" in item.population
    assert sum(abs(exit_.log_ratio) < 0.1 for exit_ in computed.exits) == 10


def test_the_reference_class_holds_exits_and_not_renamed_missions(computed):
    names = {exit_.mission for exit_ in computed.exits}
    assert {"UNAMIR", "UNTAC", "ONUB"} <= names
    assert not {"MONUC", "UNTAET", "UNMIS", "MINUSMA", "UNMIL"} & names
    assert all(exit_.exit < "2016-01" for exit_ in computed.exits)


def test_one_exit_by_hand():
    # ONUB, Burundi, November 2006: 291 deaths in the two years before, 58 after, 12 added to each
    (exit_,) = [e for e in mission_exits() if e.mission == "ONUB"]
    deaths = [r for r in _rows("ucdp", "country_month_world.csv") if r["gwno"] == "516" and r["type"] == "one_sided"]
    before = sum(int(r["best"]) for r in deaths if "2004-11" <= r["month"] <= "2006-10")
    after = sum(int(r["best"]) for r in deaths if "2006-12" <= r["month"] <= "2008-11")
    assert (exit_.before, exit_.after) == (before, after)
    assert exit_.log_ratio == pytest.approx(math.log((after + SMOOTHING * WINDOW) / (before + SMOOTHING * WINDOW)))


def test_the_note_on_rwanda_is_true(register):
    without = reference_class(leave_out=frozenset({"UNAMIR"}))
    assert (round(without.estimate, 2), round(without.se, 2)) == (0.07, 0.28)
    assert "+0.07 (se 0.28)" in register.evidence["mission-exits-reference-class"].note


def test_hultman_is_the_loss_of_a_thousand_troops(register):
    item = register.evidence["hultman-2013-troops"]
    (row,) = [r for r in _rows("peacekeeping", "hks2013_refit_coefficients.csv") if r["variable"] == "troopLag"]
    assert item.estimate == pytest.approx(-float(row["coefficient"]), abs=5e-5)
    assert item.se == pytest.approx(float(row["se_cluster_country"]), abs=5e-5)
    assert item.transport >= 10


def test_kunkel_is_shown_and_enters_no_number(register):
    item = register.evidence["kunkel-2026-leaving"]
    assert (item.kind, item.estimate, item.se) == ("direction-only", None, None)
    steps = derive_driver(register, "residual-mandate").effect_steps
    assert [step.evidence for step in steps] == ["mission-exits-reference-class", "hultman-2013-troops"]


def test_every_number_of_kunkel_is_in_the_frozen_table(register):
    rows = [
        r for r in _rows("peacekeeping", "kunkel_did_att.csv") if r["peacekeepers"] == "leave" and r["scale"] == "count"
    ]
    frozen = {(r["cell"], r["perpetrator"], r["outcome"]): (float(r["att"]), float(r["se"])) for r in rows}
    told = " ".join(register.evidence["kunkel-2026-leaving"].findings)
    government, rebels, same = register.evidence["kunkel-2026-leaving"].findings
    for text, expected in (
        (government, [("neighbour", "government", "events"), ("neighbour", "government", "deaths")]),
        (rebels, [("neighbour", "rebel", "events")]),
        (same, [("same", "government", "events"), ("same", "rebel", "events")]),
    ):
        pairs = re.findall(r"([+-][\d.]+)[^()]*\(se ([\d.]+)\)", text)
        assert len(pairs) == len(expected)
        for (att, se), key in zip(pairs, expected, strict=True):
            assert float(att) == pytest.approx(frozen[key][0], abs=0.5 * 10 ** -len(att.partition(".")[2]))
            assert float(se) == pytest.approx(frozen[key][1], abs=0.5 * 10 ** -len(se.partition(".")[2]))
    assert told.count("(se ") == 5


def test_studies_without_a_size_are_told_in_the_frozen_table_s_words(register):
    item = register.evidence["protection-studies"]
    frozen = {(r["study"], r["estimate_text"]) for r in _rows("peacekeeping", "peacekeeping_effect_sizes.csv")}
    assert {tuple(finding.split(": ", 1)) for finding in item.findings} <= frozen
    assert any("little evidence of an effect" in finding for finding in item.findings)


def test_every_published_effect_is_linked_to_a_driver_and_discounted(register):
    """None enters at face value: counts are cut, standard errors widened, and what has no size is only shown."""
    kinds = {key: item.kind for key, item in register.evidence.items()}
    assert kinds == {
        "accord-survival-pko": "probability",
        "mission-exits-reference-class": "log_rate_ratio",
        "hultman-2013-troops": "log_rate_ratio",
        "kunkel-2026-leaving": "direction-only",
        "protection-studies": "direction-only",
    }
    for key, item in register.evidence.items():
        assert key in register.drivers[item.driver].evidence
        assert item.kind == "direction-only" or (item.transport < 1) == (item.kind == "probability")
        assert item.transport != 1


def test_log_rate_evidence_updates_the_mixture_by_hand(register):
    step = derive_driver(register, "residual-mandate").effect_steps[0]
    assert step.se == pytest.approx(2 * 0.3636)
    joint = []
    for old, new in zip(step.before, step.after, strict=True):
        precision = 1 / old.sd**2 + 1 / step.se**2
        assert new.mean == pytest.approx((old.mean / old.sd**2 + step.estimate / step.se**2) / precision)
        assert new.sd == pytest.approx(precision**-0.5)
        variance = old.sd**2 + step.se**2
        joint.append(old.weight * math.exp(-((step.estimate - old.mean) ** 2) / (2 * variance)) / math.sqrt(variance))
    assert [c.weight for c in step.after] == pytest.approx([j / sum(joint) for j in joint])


def test_discounted_evidence_moves_the_prior_by_little(register):
    derived = derive_driver(register, "residual-mandate")
    for old, new in zip(derived.stated, derived.components, strict=True):
        assert abs(old.weight - new.weight) < 0.05 and abs(old.mean - new.mean) < 0.05
