"""What rules of claims may name, held against the raw tables by hand, and what comes of it: shares and yardsticks."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from copies import copy_project
from made import copy_made_case
from shipped import panel_file

import harmattan as hm
from harmattan.case.settling import record_with_parts, yearly_series
from harmattan.claims.earned import earned_by
from harmattan.claims.register import load_register
from harmattan.claims.trust import Earned
from harmattan.claims.verdicts import resolve
from harmattan.claims.windows import expected_level, steps_ahead, trend_level
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.explain.shares import jeffreys, shares
from harmattan.explain.trace_verdict import verdict_lines
from harmattan.panel.ucdp import truncate
from harmattan.run.forecasting import known_to
from harmattan.schema.records import Claim
from harmattan.schema.resolution import PanelRatio, YearlyRatio
from harmattan.schema.scenario import Asked, load_scenario
from harmattan.schema.validation import validate_list
from harmattan.schema.yaml_source import read_yaml

EXIT, LAST = "2023-06", "2024-12"
DATA = panel_file().parent.parent
BEFORE, SOON = ("2022-07", "2023-06"), ("2023-07", "2023-12")


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.fixture(scope="module")
def ledger():
    return hm.ledger(LAST)


@pytest.fixture(scope="module")
def verdicts(ledger):
    return ledger.claims.set_index("claim")


# Who killed


def monthly(frame, column, span):
    return frame.loc[frame["month"].between(*span), column].sum() / (12 if span == BEFORE else 6)


def killed_by_the_state(span):
    dyads = pd.read_csv(DATA / "ucdp" / "dyad_month.csv")
    names = dyads["dyad_name"]
    of_state = dyads[names.str.startswith("Government of Mali") & names.str.endswith("- Civilians")]
    return monthly(of_state, "best", span)


def killed(span):
    table = pd.read_csv(panel_file())
    return monthly(table[(table["iso3"] == "MLI") & (table["type"] == "one_sided")], "best", span)


def test_the_verdict_on_abuses_follows_who_did_it(verdicts):
    """Killings by army and partners doubled in the first half year, while all others fell by a third."""
    soon, before = killed_by_the_state(SOON), killed_by_the_state(BEFORE)
    assert soon > 2 * before and verdicts.loc["chat-bard-086-a", "verdict"] == "true"
    assert verdicts.loc["chat-bard-086-a", "why"].startswith(f"{soon:.0f} deaths a month, {before:.0f} before")
    others = [killed(span) - killed_by_the_state(span) for span in (SOON, BEFORE)]
    assert others[0] < 0.7 * others[1] and verdicts.loc["chat-bard-084-e", "verdict"] == "false"


def test_both_perpetrators_sum_to_the_record_in_every_cell(register, panel):
    whole = record_with_parts(register.case, panel)
    parts = whole.sel(outcome=["one_sided_state", "one_sided_other"]).sum("outcome")
    np.testing.assert_array_equal(parts.values, panel.sel(outcome="one_sided").values)


# Series by year


def test_less_aid_is_what_the_table_of_funding_says(verdicts):
    table = pd.read_csv(DATA / "humanitarian" / "fts_country_year.csv")
    mali = table[table["iso3"] == "MLI"].set_index("year").filter(like="funding_usd").sum(axis=1)
    assert mali[2024] / mali[2022] == pytest.approx(0.853, abs=0.001)
    assert verdicts.loc["chat-bard-072-a", "verdict"] == "true", "less than nine tenths"
    assert verdicts.loc["chat-bard-091-a", "verdict"] == "false", "all of it would be less than a tenth"
    assert verdicts.loc["chat-bard-072-a", "fact"] == verdicts.loc["chat-bard-091-a", "fact"], "one fact, two claims"


def test_refugees_abroad_are_summed_over_the_places_of_the_rule(verdicts, register):
    rule = register.claims["commentary-exit-009-h"].resolution
    table = pd.read_csv(DATA / "displacement" / "unhcr_by_origin_year.csv")
    there = table[table["iso3"].isin(rule.places)].groupby("year")[["refugees", "asylum_seekers"]].sum().sum(axis=1)
    assert there[2024] > 1.1 * there[2022]
    assert verdicts.loc["commentary-exit-009-h", "verdict"] == "true"
    assert verdicts.loc["commentary-exit-009-h", "why"].startswith(
        f"{there[2024]:,.0f} a year, {there[2022]:,.0f} before"
    )


def test_a_year_is_known_only_when_it_is_over(register, panel):
    claim = register.claims["chat-bard-072-a"]
    assert max(yearly_series(register.case, "2024-11")["aid"]["year"].values) == 2023
    seen = truncate(panel, "2024-11")
    found = resolve(claim, seen, EXIT, {}, yearly=yearly_series(register.case, "2024-11"))
    assert (found.status, found.why) == ("open", "when 2024 is over")
    assert resolve(claim, seen, EXIT, {}, yearly=yearly_series(register.case, LAST)).status == "open"


# Yardsticks


def test_a_trend_goes_on_as_it_went():
    assert trend_level(20.0, 10.0, 1.0) == 40.0
    assert np.isnan(trend_level(20.0, 0.0, 1.0)) and np.isnan(trend_level(0.0, 5.0, 1.0))
    assert steps_ahead((1, 6), (-11, 0)) == 0.75


def rising(now, before=20.0, earlier=10.0):
    months = [f"{year}-{month:02d}" for year in range(2021, 2025) for month in range(1, 13)]
    values = np.array([earlier if m < "2022-07" else before if m <= EXIT else now for m in months])
    return xr.DataArray(
        np.broadcast_to(values[:, None, None], (len(months), 1, 1)),
        dims=("month", "country", "outcome"),
        coords={"month": months, "country": ["MLI"], "outcome": ["one_sided"]},
    )


@pytest.mark.parametrize(
    ("now", "status", "trend"),
    [(30.0, "partly", "false"), (45.0, "true", "true"), (15.0, "false", "false")],  # trend 20 x 2 ** 0.75 = 33.6
)
def test_a_rise_that_is_no_more_than_the_trend_is_partly_true(register, now, status, trend):
    rule = {"kind": "panel-ratio", "outcomes": ["one_sided"], "places": ["MLI"], "window": [1, 6]}
    rule |= {"reference": [-11, 0], "ratio_above": 1.1}
    claim = register.claims["chat-bard-084-a"].model_copy(update={"resolution": PanelRatio.model_validate(rule)})
    found = resolve(claim, rising(now), EXIT, {})
    assert (found.status, found.by["trend"]) == (status, trend)
    only_before = claim.resolution.model_copy(update={"against": ("before",)})
    alone = resolve(claim.model_copy(update={"resolution": only_before}), rising(now), EXIT, {})
    assert alone.status == ("true" if now > 22 else "false") and set(alone.by) == {"before"}
    early = resolve(claim, rising(now).sel(month=slice(None, "2023-09")), EXIT, {})
    assert (early.status, early.so_far) == ("open", status), "a lean, and no verdict"


def test_the_forecast_without_the_exit_is_shown_and_not_counted(register):
    rule = register.claims["chat-bard-084-a"].resolution.model_copy(
        update={"outcomes": ("one_sided",), "against": ("before",)}
    )
    futures = xr.concat([rising(value) for value in (40.0, 50.0, 90.0)], "draw")
    assert expected_level(rule, futures, EXIT) == 50.0
    claim = register.claims["chat-bard-084-a"].model_copy(update={"resolution": rule})
    found = resolve(claim, rising(30.0), EXIT, {}, without_exit=futures)
    assert found.status == "true" and found.by == {"before": "true", "without": "false"}


# Shares


def test_each_fact_counts_once_and_the_schedule_stands_apart():
    rows = [
        ("a", "s", "forecast", "short", "true", "x", 0.5, ""),
        ("b", "s", "forecast", "short", "false", "x", 0.5, ""),
        ("c", "s", "fear", "short", "partly", "y", np.nan, ""),
        ("d", "t", "fear", "mid", "true", "left", np.nan, ""),
        ("e", "t", "fear", "mid", "open", "z", 0.1, "false"),
        ("f", "t", "fear", "mid", "void", "", np.nan, ""),
        ("g", "t", "fear", "mid", "no rule", "", np.nan, ""),
    ]
    columns = ["claim", "source", "kind", "horizon", "verdict", "fact", "base_rate", "so_far"]
    found = shares(pd.DataFrame(rows, columns=columns), {"left"}, {"s": "essay", "t": "chat"})
    found = found.set_index(["level", "id"])
    rest = found.loc[("all", "rest")]
    assert (rest["claims"], rest["facts"], rest["share"], rest["leans_false"]) == (5, 2, 0.5, 1)
    assert (rest["base"], rest["with_base"]) == (0.5, 1), "of the one fact that could be asked before"
    assert (found.loc[("all", "schedule"), "true"], found.loc[("all", "all"), "facts"]) == (1, 3)
    assert np.isnan(found.loc[("document", "chat"), "share"]), "its only settled claim is the schedule's"


def test_intervals_respect_small_numbers():
    assert jeffreys(1, 1)[0] == pytest.approx(0.147, abs=0.001) and jeffreys(1, 1)[1] == 1.0
    assert jeffreys(0, 1) == pytest.approx((0.0, 0.853), abs=0.001)
    assert jeffreys(50, 100)[1] - jeffreys(50, 100)[0] < 0.2 and np.isnan(jeffreys(0, 0)[0])


def test_the_chatbot_stands_beside_the_other_sorts_of_document(ledger, register):
    sorts = ledger.shares[ledger.shares["level"] == "document"].set_index("id")
    assert set(sorts.index) == {source.kind for source in register.sources.values()}
    assert (sorts["low"].dropna() < sorts["share"].dropna()).all()


# The claims of the case


def looks_ahead(claim):
    return claim.scope == "consequence" and claim.kind in ("forecast", "fear", "counter-claim", "mitigation")


def test_every_claim_that_looks_ahead_has_a_rule_or_a_reason(register):
    assert not [claim.id for claim in register.claims.values() if looks_ahead(claim) and claim.resolution is None]


def test_what_says_nothing_of_what_will_be_has_no_rule(register):
    told = [c for c in register.claims.values() if c.scope == "context" or c.kind in ("question", "recommendation")]
    assert len(told) > 150 and not [claim.id for claim in told if claim.resolution is not None]


def test_most_claims_are_settled_or_given_their_reason(ledger):
    assert sum(ledger.counts[name] for name in ("true", "partly", "false", "void")) >= 150
    assert set(ledger.claims["reason"]) <= {"", "vague", "no_measure", "no_window"}


def test_windows_go_by_the_horizon_that_is_named(register):
    """None is chosen by what came: 24 months where a claim names no time, and the first whole year of yearly series."""
    horizons = {"short": (1, 6), "mid": (7, 24), "long": (25, 60), "unspecified": (1, 24)}
    for claim in register.claims.values():
        rule = claim.resolution
        if isinstance(rule, PanelRatio):
            assert (rule.window, rule.reference) == (horizons[claim.horizon], (-11, 0)), claim.id
        if isinstance(rule, YearlyRatio):
            assert rule.years == ((3, 4) if claim.horizon == "long" else (1, 1)), claim.id
            assert rule.reference == (-1, -1) and claim.horizon != "short", claim.id


def test_the_ledger_tells_in_french_too(ledger):
    with speaking("fr"):
        said = ledger.sentences
    assert "énoncés tournés vers" in said["verdicts"] and "flatte" in said["open"]
    assert set(said) == set(ledger.sentences)


def test_trace_shows_rule_and_verdict(register):
    text = hm.trace("chat-bard-086-a").as_text()
    assert "one_sided_state in MLI, months 1 to 6 after the exit: more than 1.1 times" in text
    assert "verdict   as of 2024-12: true; 25 deaths a month, 11 before" in text
    (line,), _ = verdict_lines(register, register.claims["commentary-exit-013-n"])
    assert "nothing can settle it (no_measure)" in line
    _, data = verdict_lines(register, register.claims["chat-bard-071-a"])
    assert (data["verdict"], data["so_far"]) == ("open", "partly")


PANEL = "kind: panel-ratio, places: [MLI], window: [1, 6], reference: [-11, 0]"
YEARLY = "kind: yearly-ratio, years: [1, 1], reference: [-1, -1], ratio_above: 1.1"


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        (f"{{{PANEL}, outcomes: [one_sided_army], ratio_above: 1.1}}", ".resolution.outcomes[0]"),
        (f"{{{PANEL}, outcomes: [one_sided, one_sided_state], ratio_above: 1.1}}", "one_sided holds one_sided_state"),
        (f"{{{PANEL}, outcomes: [one_sided]}}", "exactly one of ratio_above and ratio_below"),
        (f"{{{PANEL}, outcomes: [one_sided], ratio_above: 1.1, against: [before, before]}}", "stands twice"),
        (f"{{{YEARLY}, series: hunger, places: [MLI]}}", ".resolution.series"),
        ('{kind: void, reason: dull, why: "w"}', ".resolution.reason"),
        ("{kind: void, reason: vague}", ".resolution"),
    ],
)
def test_a_wrong_rule_is_told_with_its_place(tmp_path, rule, part):
    shipped = (panel_file().parents[2] / "claims" / "debate-fes.yaml").read_text(encoding="utf-8")
    old = "{kind: dated-event, event: minusma-left, window: [1, 6]}"
    assert old in shipped
    path = tmp_path / "debate-fes.yaml"
    path.write_text(shipped.replace(old, rule), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        validate_list(Claim, read_yaml(path, root="claims"))
    assert part in str(caught.value) and "debate-fes.yaml" in str(caught.value), caught.value


def test_a_rule_names_units_of_the_case(tmp_path):
    folder = copy_project(tmp_path, without=["data", "schemas"])
    path = folder / "seeds" / "claims" / "chat-bard.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("series: aid, places: [MLI]", "series: aid, places: [MLX]"), encoding="utf-8")
    with pytest.raises(InputError, match=r"resolution\.places\[0\].*no unit of the case.*'MLX'"):
        load_register(folder)


# What sources earned


def earned(register, as_of):
    return earned_by(register, as_of, EXIT)


def test_nothing_is_earned_up_to_the_exit_and_nothing_by_the_schedule(register, ledger):
    assert earned(register, EXIT) == {}
    own = ledger.claims["fact"].isin(list(register.case.own_schedule))
    settled = ledger.claims[ledger.claims["verdict"].isin(["true", "partly", "false"]) & ~own]
    settled = settled[settled["stated"].notna()]
    found = earned(register, LAST)
    assert {name: one.facts for name, one in found.items()} == settled.groupby("source")["fact"].nunique().to_dict()
    assert all(0 <= one.better <= one.facts for one in found.values())


def test_what_was_earned_moves_a_grade_a_little():
    assert Earned(10, 10.0).moved(0.5) == pytest.approx(20 / 30)
    assert Earned(4, 2.0).moved(0.5) == 0.5 and Earned(1, 0.0).moved(0.2) == pytest.approx(4 / 21)


def test_a_scenario_switches_it_on_and_a_forecast_as_of_the_exit_is_the_same_with_it(register):
    """The register that a run reads: without the switch, and before anything is settled, it is as it was."""
    scenario = load_scenario("withdrawal", drivers=register.drivers)
    assert not scenario.evidence.earned, "off by default"
    on = scenario.model_copy(update={"evidence": scenario.evidence.model_copy(update={"earned": True})})
    clock = register.case.clock
    for said, as_of, moves in ((scenario, LAST, False), (on, EXIT, False), (on, LAST, True)):
        known = known_to(register, Asked(said, clock.model_copy(update={"as_of": as_of})))
        assert bool(known.earned) is moves
        claim = known.claims["chat-bard-084-a"]
        graded = known.lexicons.reliability.grades["E"]
        assert (known.trust(claim) != graded) is moves


def test_a_rule_says_who_kills_only_where_a_table_tells(tmp_path):
    folder = copy_made_case(tmp_path / "case")
    path = next(iter(sorted((folder / "seeds" / "claims").glob("*.yaml"))))
    text = path.read_text(encoding="utf-8")
    assert "outcomes: [one_sided]" in text
    path.write_text(text.replace("outcomes: [one_sided]", "outcomes: [one_sided_state]"), encoding="utf-8")
    with pytest.raises(InputError, match=r"resolution\.outcomes.*one_sided_state says who kills.*dyads_by_month"):
        load_register(folder)
