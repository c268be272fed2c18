"""Claims beside what happened: by hand-made panels, rule by rule, and never with more than the record up to then."""

import numpy as np
import pytest
import xarray as xr
from shipped import UNITS, event_dates

from harmattan.case.settling import record_with_parts, yearly_series
from harmattan.claims.register import load_register
from harmattan.claims.verdicts import NO_RULE, WORTH, Verdict, resolve
from harmattan.core.months import month_range
from harmattan.core.names import OUTCOMES
from harmattan.panel.ucdp import truncate

EXIT = "2023-06"


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.fixture
def claim(register):
    """A claim with the rule that a test gives it."""
    any_claim = next(iter(register.claims.values()))

    def make(**rule):
        data = any_claim.model_dump() | {"resolution": rule or None}
        return type(any_claim).model_validate(data)

    return make


def record(last, before=10.0, after=10.0):
    """A record with the same deaths in every cell up to the exit and others after it."""
    months = month_range("2020-01", last)
    values = np.array([before if month <= EXIT else after for month in months])
    deaths = np.broadcast_to(values[:, None, None], (len(months), len(UNITS), len(OUTCOMES))).copy()
    coords = {"month": months, "country": list(UNITS), "outcome": list(OUTCOMES)}
    return xr.DataArray(deaths, dims=("month", "country", "outcome"), coords=coords)


def ratio(**changes):
    rule = {"kind": "panel-ratio", "outcomes": ["one_sided"], "places": ["MLI"], "window": [1, 6]}
    return rule | {"reference": [-12, -1], "ratio_above": 1.1} | changes


def test_a_claim_without_a_rule_says_nothing_of_what_will_be(claim):
    assert resolve(claim(), record("2024-12"), EXIT, event_dates()).status == "no rule"


def test_a_reason_why_nothing_settles_it_is_a_verdict_of_its_own(claim):
    told = claim(kind="void", reason="no_measure", why="nobody counts it")
    assert resolve(told, record("2024-12"), EXIT, event_dates()) == Verdict("void", "nobody counts it")


@pytest.mark.parametrize(
    ("last", "after", "status"),
    [
        ("2023-06", 30.0, "open"),  # not begun
        ("2023-11", 30.0, "open"),  # five of six months: not over, however clear
        ("2023-12", 12.0, "true"),  # 12 / 10 is above 1.1
        ("2023-12", 11.0, "false"),  # exactly a tenth more is not more than a tenth
        ("2024-12", 5.0, "false"),
    ],
)
def test_a_rise_needs_the_whole_window_and_more_than_the_named_ratio(claim, last, after, status):
    assert resolve(claim(**ratio()), record(last, after=after), EXIT, event_dates()).status == status


def test_what_did_not_exist_before_is_no_peace_to_compare_with(claim):
    young = record("2023-12", after=30.0)
    young.loc[{"country": "MLI", "month": young["month"][young["month"] < "2022-09"]}] = np.nan
    found = resolve(claim(**ratio()), young, EXIT, event_dates())
    assert (found.status, found.why) == ("void", "a place it names did not exist in all of these months")
    total = {"kind": "panel-total", "outcomes": ["one_sided"], "places": ["MLI"], "window": [1, 6], "above": 100}
    assert resolve(claim(**total), young, EXIT, event_dates()).status == "true"


def test_a_fall_is_the_mirror_image(claim):
    falling = claim(**ratio(ratio_above=None, ratio_below=0.9))
    assert resolve(falling, record("2023-12", after=8.0), EXIT, event_dates()).status == "true"
    assert resolve(falling, record("2023-12", after=9.5), EXIT, event_dates()).status == "false"


def test_a_rise_from_nothing_is_a_rise_and_nothing_from_nothing_is_not(claim):
    assert resolve(claim(**ratio()), record("2023-12", before=0, after=1), EXIT, event_dates()).status == "true"
    assert resolve(claim(**ratio()), record("2023-12", before=0, after=0), EXIT, event_dates()).status == "false"


def test_the_reason_states_the_deaths_of_all_named_cells(claim):
    both = claim(**ratio(places=["MLI", "BFA"], outcomes=["one_sided", "state_based"]))
    verdict = resolve(both, record("2023-12", before=10, after=12), EXIT, event_dates())
    assert verdict.why == "48 deaths a month, 40 before, 40 by the trend"


@pytest.mark.parametrize(("last", "status"), [("2023-09", "open"), ("2023-11", "true"), ("2023-12", "true")])
def test_a_total_is_true_as_soon_as_it_is_passed(claim, last, status):
    rule = {"kind": "panel-total", "outcomes": ["one_sided"], "places": ["MLI"], "window": [1, 6], "above": 45}
    assert resolve(claim(**rule), record(last), EXIT, event_dates()).status == status  # ten deaths a month


def test_a_total_is_false_only_when_its_window_is_over(claim):
    rule = {"kind": "panel-total", "outcomes": ["one_sided"], "places": ["MLI"], "window": [1, 6], "above": 60}
    assert resolve(claim(**rule), record("2023-11"), EXIT, event_dates()).status == "open"
    assert (
        resolve(claim(**rule), record("2023-12"), EXIT, event_dates()).status == "false"
    )  # sixty is not more than sixty


def dated(window, event="coup-ner"):
    return {"kind": "dated-event", "event": event, "window": window}


def test_the_coup_in_niger_is_one_month_after_the_exit(claim):
    assert event_dates()["coup-ner"].startswith("2023-07")
    assert resolve(claim(**dated([1, 6])), record("2023-07"), EXIT, event_dates()).status == "true"
    assert resolve(claim(**dated([2, 6])), record("2023-12"), EXIT, event_dates()).status == "false"


def test_an_event_is_not_known_before_it_happens(claim):
    assert resolve(claim(**dated([1, 6])), record("2023-06"), EXIT, event_dates()).status == "open"
    accord = claim(**dated([1, 6], "accord-ended"))
    assert event_dates()["accord-ended"].startswith("2024-01")
    assert resolve(accord, record("2023-10"), EXIT, event_dates()).status == "open"
    assert resolve(accord, record("2023-12"), EXIT, event_dates()).status == "false"


def test_every_rule_of_the_register_gets_a_verdict_that_a_longer_record_never_takes_back(register, panel):
    known, dates = {}, event_dates()
    for last in ("2024-06", "2024-12"):
        seen, yearly = record_with_parts(register.case, truncate(panel, last)), yearly_series(register.case, last)
        known[last] = {key: resolve(item, seen, EXIT, dates, yearly=yearly) for key, item in register.claims.items()}
    for key, item in register.claims.items():
        before, now = (known[last][key] for last in known)
        assert now.status in (*WORTH, "open", "void", NO_RULE)
        assert (now.status == NO_RULE) == (item.resolution is None)
        assert now.why
        if before.status in WORTH:
            assert now == before or now.status == before.status == "true", item.id
