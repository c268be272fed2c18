"""Evidence is what the frozen tables give, and enters the priors with its discount."""

import csv
import math
import re
from dataclasses import replace

import pytest
from copies import copy_project

from harmattan.claims.derivation import derive_driver
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.core.resources import seeds_folder
from harmattan.explain.trace import trace
from harmattan.schema.evidence import EvidenceUse, ProbabilityEvidence

CLASS_TERMS = {"hultman-2013-troops"}


@pytest.fixture(scope="module")
def register():
    return load_register()


def _rows(*parts: str) -> list[dict[str, str]]:
    with seeds_folder().joinpath("data", *parts).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_shares_of_accords_are_those_of_the_frozen_curve(register):
    curves = {
        (r["group"], int(r["years_since_signing"])): float(r["share_ended"])
        for r in _rows("ucdp", "peace_agreements_km.csv")
    }
    kept = {years: share for (group, years), share in curves.items() if group.startswith("with UN")}
    every = {years: share for (group, years), share in curves.items() if group == "all 1975-2021"}
    with_peacekeepers, all_of_them = register.evidence["accord-survival-pko"].findings
    assert (round(kept[2], 2), round(kept[5], 2), kept[10]) == (0.31, 0.38, kept[5])
    assert "31 % had ended two years" in with_peacekeepers and "38 % five years" in with_peacekeepers
    assert (round(every[5], 2), round(every[8], 2), every[10]) == (0.32, 0.34, every[8])
    assert "32 % had ended five years" in all_of_them and "34 % eight and ten" in all_of_them


def test_what_young_accords_did_enters_no_number_of_an_old_one(register):
    """Its accord was eight years old; the class of the first two years says nothing of its chance to end."""
    item = register.evidence["accord-survival-pko"]
    assert (item.kind, item.estimate) == ("direction-only", None)
    collapses = derive_driver(register, "peace-accord").branches[0]
    assert collapses.probability_steps == () and collapses.probability == collapses.pooled.mean


def test_a_share_of_comparable_cases_enters_as_discounted_counts(register):
    stated = {"kind": "probability", "estimate": 0.309, "se": 0.066, "transport": 0.1}
    kept = register.evidence["accord-survival-pko"].model_dump(
        exclude={"kind", "estimate", "se", "transport", "findings"}
    )
    item = ProbabilityEvidence.model_validate(kept | stated)
    told = replace(register, evidence=register.evidence | {item.id: item})
    (step,) = derive_driver(told, "peace-accord").branches[0].probability_steps
    # 0.309 x 0.691 / 0.066^2 = 49.0 cases, a tenth of which count
    assert step.count == pytest.approx(4.90, abs=0.01)
    total = step.before.a + step.before.b
    expected = (step.before.mean * total + 0.309 * step.count) / (total + step.count)
    assert step.after.mean == pytest.approx(expected)
    assert derive_driver(told, "peace-accord").branches[0].probability == pytest.approx(expected)
    assert any("P(collapses) moves from" in line for line in trace(told, item.id).as_text().splitlines())


def test_hultman_is_the_loss_of_a_thousand_troops(register):
    item = register.evidence["hultman-2013-troops"]
    (row,) = [r for r in _rows("peacekeeping", "hks2013_refit_coefficients.csv") if r["variable"] == "troopLag"]
    assert item.estimate == pytest.approx(-float(row["coefficient"]), abs=5e-5)
    assert item.se == pytest.approx(float(row["se_cluster_country"]), abs=5e-5)
    assert item.transport >= 10


def test_kunkel_is_shown_and_enters_no_number(register):
    item = register.evidence["kunkel-2026-leaving"]
    assert (item.kind, item.estimate, item.se) == ("direction-only", None, None)
    assert derive_driver(register, "residual-mandate").effect_steps == ()


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
        "accord-survival-pko": "direction-only",
        "hultman-2013-troops": "log_rate_ratio",
        "kunkel-2026-leaving": "direction-only",
        "protection-studies": "direction-only",
    }
    for key, item in register.evidence.items():
        taken = any(key in driver.evidence_ids for driver in register.drivers.values())
        assert taken or key in CLASS_TERMS  # a term of the class of exits
        assert item.kind == "direction-only" or item.transport > 1


def test_evidence_that_no_driver_takes_is_read_and_said_to_move_nothing(register):
    told = {
        name: driver.model_copy(update={"evidence": ()}) if name == "peace-accord" else driver
        for name, driver in register.drivers.items()
    }
    without = replace(register, drivers=replace(register.drivers, by_id=told))
    found = trace(without, "accord-survival-pko")
    assert "no driver of the case takes it" in found.as_text() and found.data["drivers"] == []


def test_a_case_without_evidence_of_its_own_takes_the_library_s(register, tmp_path):
    """Another case's drivers name items of the library, some of them of one branch."""
    copy_project(tmp_path, without=["data", "evidence"])
    other = load_register(tmp_path)
    assert other.evidence == register.evidence
    assert sorted(path.name for path in other.files if path.parent.name == "evidence") == [
        "accords.yaml",
        "peacekeeping.yaml",
    ]
    assert [derive_driver(other, key) for key in other.drivers] == [
        derive_driver(register, key) for key in other.drivers
    ]


def test_a_share_of_cases_says_which_branch_of_several_it_is_of(tmp_path):
    copy_project(tmp_path, without=["data", "evidence"])
    (tmp_path / "seeds/evidence").mkdir()
    (tmp_path / "seeds/evidence/own.yaml").write_text(
        "items:\n- {id: own-share, kind: probability, citation: c, population: p, note: n, estimate: 0.3, se: 0.1,\n"
        "   transport: 0.5}\n"
    )
    drivers = tmp_path / "scenarios/drivers.yaml"
    text = drivers.read_text(encoding="utf-8")
    before = "evidence: [{id: accord-survival-pko, branch: collapses}]"
    drivers.write_text(text.replace(before, "evidence: [own-share]"), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"drivers\[10\]\.evidence\[0\] \(line \d+\): 'own-share' is a share"
    ) as caught:
        load_register(tmp_path)
    assert "{id: own-share, branch: collapses} (or settlement)" in str(caught.value)
    drivers.write_text(text.replace(before, "evidence: [{id: own-share, branch: settlement}]"), encoding="utf-8")
    collapses, settlement = derive_driver(load_register(tmp_path), "peace-accord").branches
    assert [step.evidence for step in settlement.probability_steps] == ["own-share"]
    assert collapses.probability_steps == ()


def taking(register, driver, *evidence):
    """The register with a driver that takes some items of evidence."""
    changed = register.drivers[driver].model_copy(update={"evidence": tuple(EvidenceUse(id=id) for id in evidence)})
    return replace(register, drivers=replace(register.drivers, by_id={**register.drivers.by_id, driver: changed}))


@pytest.mark.parametrize("driver", ["great-power-contest", "residual-mandate"])
def test_log_rate_evidence_updates_the_mixture_by_hand(register, driver):
    (step,) = derive_driver(taking(register, driver, "hultman-2013-troops"), driver).effect_steps
    assert step.se == pytest.approx(10 * 0.0865)
    joint = []
    for old, new in zip(step.before, step.after, strict=True):
        precision = 1 / old.sd**2 + 1 / step.se**2
        assert new.mean == pytest.approx((old.mean / old.sd**2 + step.estimate / step.se**2) / precision)
        assert new.sd == pytest.approx(precision**-0.5)
        variance = old.sd**2 + step.se**2
        joint.append(old.weight * math.exp(-((step.estimate - old.mean) ** 2) / (2 * variance)) / math.sqrt(variance))
    assert [c.weight for c in step.after] == pytest.approx([j / sum(joint) for j in joint])


def test_discounted_evidence_moves_the_prior_by_little(register):
    derived = derive_driver(taking(register, "great-power-contest", "hultman-2013-troops"), "great-power-contest")
    for old, new in zip(derived.stated, derived.components, strict=True):
        assert abs(old.weight - new.weight) < 0.05 and abs(old.mean - new.mean) < 0.05
