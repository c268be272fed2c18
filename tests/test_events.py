"""Dated events: what they say of drivers from their month on, never before, and what a wrong file is told."""

from pathlib import Path

import pytest
from copies import copy_project
from made import CASE, copy_made_case

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.claims.derivation import driver_priors
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.drivers.assumptions import priors_after_events

EXIT, LAST = "2023-06", "2024-12"
HAPPENED = {
    "drawdown-pace": "rushed",
    "peace-accord": "collapses",
    "northern-separatism": "war-resumes",
    "urban-siege": "towns-besieged",
    "host-state-stance": "hardens",
}
"""Drivers whose `resolves` had happened by the end of 2024, by shipped tables or the public record."""


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.fixture(scope="module")
def priors(register):
    return driver_priors(register)


def chance(priors, driver, branch):
    one = priors.sel(driver=driver)
    return float(one["weight"].values[one["branch"].values.tolist().index(branch)])


def test_there_are_forty_to_sixty_and_none_later_than_the_data(register):
    dates = dict(register.case.events)
    assert 40 <= len(dates) <= 60
    assert max(dates.values())[:7] <= LAST
    assert {event.checked for event in register.case.dated.values()} == {"table", "record"}


def test_every_event_is_told_in_both_languages_and_on_somebodys_word(register):
    for event in register.case.dated.values():
        assert set(event.what) == {"en", "fr"} and event.source, event.id


def test_what_was_known_at_the_exit_moves_no_driver(register, priors):
    """Documents were written knowing it, so a forecast as of then is what claims alone make it."""
    assert not [event.id for event in register.case.dated.values() if event.says and event.date[:7] <= EXIT]
    assert priors_after_events(register.drivers, priors, EXIT) is priors


@pytest.mark.parametrize(("driver", "branch"), HAPPENED.items())
def test_a_driver_whose_resolves_has_happened_stands_above_nine_in_ten(register, priors, driver, branch):
    assert chance(priors, driver, branch) < 0.9
    assert chance(priors_after_events(register.drivers, priors, LAST), driver, branch) > 0.9


def test_an_event_is_used_from_its_month_on_and_never_before(register, priors):
    before, after = (priors_after_events(register.drivers, priors, month) for month in ("2024-03", "2024-04"))
    assert chance(before, "host-state-stance", "hardens") < 0.5 < chance(after, "host-state-stance", "hardens")


def test_only_what_resolves_asks_for_settles_a_driver(register):
    settled = {
        (said.driver, said.branch) for event in register.case.dated.values() for said in event.says
        if said.odds_ratio is None
    }  # fmt: skip
    assert settled == {("urban-siege", "towns-besieged"), ("host-state-stance", "hardens")}


def test_the_table_lists_them_by_time_and_nothing_later():
    table = hm.events("2023-09")
    assert table["date"].is_monotonic_increasing and table["date"].max() == "2023-09-30"
    row = table.set_index("event").loc["election-postponed"]
    assert (row["driver"], row["branch"], row["odds_ratio"], row["settles"]) == (
        "host-state-stance", "hardens", 1.5, False,
    )  # fmt: skip
    assert hm.events()["settles"].sum() == 2
    with speaking("fr"):
        assert hm.events("2023-09")["what"].str.contains("élection").any()


def test_trace_shows_an_event_and_a_driver_shows_its_date():
    assert "settles towns-besieged of urban-siege" in hm.trace("menaka-siege").as_text()
    assert "seeds/data/coups/coups_1989_2024.csv" in hm.trace("coup-mli-2021").as_text()
    assert "event menaka-siege (2024-05) settles towns-besieged" in hm.trace("urban-siege").as_text()


EVENT = """- id: storm
  date: "2021-02-03"
  what: {en: "A storm."}
  checked: record
  source: "made up"
"""


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        (("2021-02-03", "2021-02-31"), ["events[0].date (line 2)", "no day of the calendar"]),
        (("{en:", "{fr:"), ["events[0] (line 1)", "no English"]),
        (("checked: record", "checked: table"), ["events[0] (line 1)", "needs row"]),
        (("id: storm", "id: mission-left"), ["stands already in case.yaml"]),
        (('source: "made up"', 'source: "m"\n  says: [{driver: nobody, branch: x, odds_ratio: 2.0, why: w}]'),
         ["events[0].says[0].driver (line 6)", "no driver 'nobody'"]),
        (('source: "made up"', 'source: "m"\n  says: [{driver: vacancy, branch: x, odds_ratio: 2.0, why: w}]'),
         ["branch of vacancy"]),
        (('source: "made up"', 'source: "m"\n  says: [{driver: vacancy, branch: x, odds_ratio: 1.0, why: w}]'),
         ["says nothing"]),
        (("checked: record", "checked: table\n  row: {table: events/dates.csv, where: {kind: end}}"),
         ["events[0].date (line 2)", "events/dates.csv gives"]),
    ],
)  # fmt: skip
def test_a_wrong_event_is_told_with_its_place(tmp_path, changed, parts):
    folder = copy_made_case(tmp_path / "case")
    (folder / "seeds" / "events.yaml").write_text(EVENT.replace(*changed))
    with pytest.raises(InputError) as caught:
        hm.load_case(folder).validate()
    assert all(part in str(caught.value) for part in ["events.yaml", *parts]), caught.value


def test_a_case_without_the_file_has_the_events_of_its_case_file_alone():
    case = open_case(CASE)
    assert case.dated == {} and set(case.events) == set(case.definition.events)


def test_claims_may_name_them_in_their_rules(tmp_path):
    folder = copy_project(tmp_path / "project")
    claims = Path(folder / "seeds" / "claims" / "press-divorce.yaml")
    claims.write_text(claims.read_text().replace("event: accord-ended", "event: timbuktu-blockade"))
    with pytest.raises(InputError, match=r"no event of the case \(case\.yaml or seeds/events\.yaml\)"):
        claims.write_text(claims.read_text().replace("event: timbuktu-blockade", "event: no-such-thing"))
        load_register(folder)
