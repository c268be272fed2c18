"""The project's scenarios, how files extend one another, and where each value of a resolved scenario comes from."""

import re

import pytest
from pydantic import ValidationError

from harmattan.core.errors import InputError
from harmattan.core.resources import scenarios_folder
from harmattan.explain.resolved import view_scenario
from harmattan.schema.driver import read_drivers
from harmattan.schema.scenario import Scenario, load_scenario, resolve_scenario, scenario_names, scenario_sources

COMPOSITES = {"orderly", "vacuum", "regional_fire", "benign"}
OF_THE_DOCUMENTS = set(scenario_names()) - COMPOSITES - {"baseline"}


# The project's own


def test_there_are_scenarios_for_what_the_documents_argue_about():
    assert len(OF_THE_DOCUMENTS) >= 24
    assert set(scenario_names()) >= COMPOSITES


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_says_what_it_rests_on_and_how_likely_it_is(name):
    scenario = load_scenario(name)
    own = (scenarios_folder() / f"{name}.yaml").read_text(encoding="utf-8")
    assert scenario.probability_reason
    assert re.search(r"^probability:", own, re.M)  # its own, not taken over
    if name not in ("baseline", "as_it_happened"):  # they rest on the record and on dated events
        assert re.search(r"^condition:", own, re.M) and re.search(r"^source_lines:\n-", own, re.M)
        assert len(own.splitlines()) <= 25, "a scenario states only its differences"


@pytest.mark.parametrize("name", sorted(OF_THE_DOCUMENTS - {"withdrawal", "mission_stays", "as_it_happened"}))
def test_every_scenario_differs_from_what_it_extends(name):
    scenario = load_scenario(name)
    assert isinstance(scenario.extends, str)
    parent = load_scenario(scenario.extends)
    assert scenario.drivers != parent.drivers


@pytest.mark.parametrize("name", sorted(COMPOSITES))
def test_composites_take_over_several_scenarios(name):
    scenario = load_scenario(name)
    assert isinstance(scenario.extends, tuple) and len(scenario.extends) >= 2
    for parent in scenario.extends:
        for driver in load_scenario(parent).drivers.set:
            assert driver in scenario.drivers.set


def test_an_orderly_exit_keeps_the_pace_of_the_long_drawdown():
    """Its later parents rest on baseline too, whose usual pace must not come back over that of the first."""
    assert load_scenario("orderly").drivers.pace == load_scenario("eighteen_month_drawdown").drivers.pace
    assert load_scenario("orderly").drivers.pace.ramp_factor > 1.0


def test_every_driver_says_what_would_resolve_it_and_when_it_may_start():
    for driver in read_drivers().values():
        assert driver.resolves and driver.timing.onset_window is not None
        for arrow in driver.parents:
            assert arrow.stated is not None or (arrow.inferred and len(arrow.inferred) > 30)


# Merging


def write(folder, name, text):
    path = folder / f"{name}.yaml"
    path.write_text(f"id: {name}\n{text}")
    return path


@pytest.fixture
def family(tmp_path):
    """One grandparent, two parents that both extend it, and a child of both."""
    drivers = "drivers: {{default: from-claims, pace: {{delay_months: {}}}, set: {}}}\n"
    write(tmp_path, "old", "title: t\ncondition: c\nextends: null\nmonths: 24\n" + drivers.format(0, "{}"))
    write(
        tmp_path, "first", "extends: old\nmonths: 36\ndrivers:\n  pace: {delay_months: 9}\n  do: {arms-flow: absent}\n"
    )
    write(
        tmp_path,
        "second",
        "extends: old\ndrivers:\n  do: {arms-flow: arms-spread}\n  set: {arms-flow: {strength: 2}}\n",
    )
    return tmp_path


def test_several_parents_are_merged_left_to_right_and_a_common_one_counts_once(family):
    child = load_scenario(write(family, "child", "extends: [first, second]\n"))
    assert (child.months, child.drivers.pace.delay_months) == (36, 9)  # old's values do not return with second
    setting = child.setting("arms-flow")
    assert (setting.state, setting.branch, setting.strength) == ("happens", "arms-spread", 2)
    other = load_scenario(write(family, "other", "extends: [second, first]\n")).setting("arms-flow")
    assert (other.state, other.branch, other.strength) == ("absent", None, 2)
    names = [path.stem for path in scenario_sources(family / "child.yaml")]
    assert names == ["child", "first", "second", "old"]


def test_a_scenario_does_not_take_over_how_likely_its_parent_is(family):
    write(family, "likely", "extends: old\nprobability: 0.4\nprobability_reason: r\n")
    child = load_scenario(write(family, "child", "extends: likely\n"))
    assert child.probability is None and child.probability_reason is None


def test_every_value_knows_its_file_and_line(family):
    path = write(family, "child", "extends: [first, second]\ntitle: mine\n")
    _, merged = resolve_scenario(path)
    places = {
        key: merged.place_of(key).split("/")[-1]
        for key in (
            ("title",), ("months",), ("condition",), ("drivers", "pace", "delay_months"),
            ("drivers", "set", "arms-flow", "branch"), ("drivers", "set", "arms-flow", "strength"),
        )
    }  # fmt: skip
    assert list(places.values()) == [
        "child.yaml:3", "first.yaml:3", "old.yaml:3", "first.yaml:5", "second.yaml:4", "second.yaml:5"
    ]  # fmt: skip
    assert merged.place_of(("exit",)).startswith("case.yaml:")
    assert merged.place_of(("drivers", "learn")) == ""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("extends: [first, secnd]\n", ["extends[1] (line 2)", "Did you mean 'second'?"]),
        ("extends: [first, child]\n", ["extends[1] (line 2)", "circle"]),
        ("extends: old\ndrivers:\n  do: {arms-flo: absent}\n", ["drivers.do.arms-flo (line 4)", "'arms-flow'"]),
        ("extends: old\ndrivers:\n  do: {arms-flow: arms-spred}\n", ["drivers.do.arms-flow (line 4)", "'arms-spread'"]),
        ("extends: old\ndrivers:\n  do: {peace-accord: happens}\n", ["drivers.do.peace-accord (line 4)", "settlement"]),
        (
            "extends: old\ndrivers:\n  do: {arms-flow: 3}\n",
            ["drivers.do.arms-flow (line 4)", "absent or a branch"],
        ),
        ("extends: old\ndrivers:\n  observe: {arms-flow: yess}\n", ["drivers.observe.arms-flow (line 4)", "Known:"]),
        (
            "extends: old\ndrivers:\n  do: {arms-flow: absent}\n  observe: {arms-flow: happens}\n",
            ["drivers.observe.arms-flow (line 5)", "either done", "or observed"],
        ),
        ("extends: old\ndrivers:\n  set: {arms-flow: {onset_window: [5, 2]}}\n", ["line 4", "[earliest, latest]"]),
        ("extends: old\ndrivers:\n  pace: {delay_month: 5}\n", ["drivers.pace.delay_month (line 4)", "'delay_months'"]),
        ("extends: old\ndrivers:\n  set: {arms-flow: {places: {NGR: 1}}}\n", ["line 4", "NGR"]),
    ],
)
def test_what_is_wrong_is_named_with_its_place(family, text, parts):
    with pytest.raises(InputError) as caught:
        load_scenario(write(family, "child", text))
    for part in ["child.yaml", *parts]:
        assert part in str(caught.value), str(caught.value)


def test_in_python_do_is_a_word_too():
    scenario = Scenario(id="s", title="t", condition="c", drivers={"do": {"a": "worse", "b": "absent"}})
    assert (scenario.setting("a").state, scenario.setting("a").branch) == ("happens", "worse")
    assert scenario.setting("b").state == "absent"
    assert Scenario.model_validate(scenario.model_dump()) == scenario
    with pytest.raises(ValidationError):
        Scenario(id="s", title="t", condition="c", drivers={"do": {"a": 3}})


# The view


def test_the_view_names_unit_and_place_of_what_acts():
    view = view_scenario("orderly")
    values = {value.key: value for value in view.drivers}
    strength = values["successor-presence.strength"]
    assert (strength.value, strength.unit) == (2.0, "times the log effect")
    assert strength.where.startswith("scenarios/credible_successor.yaml:")
    onset = values["urban-siege.onset_month"]
    assert onset.unit == "months after the exit"
    assert re.fullmatch(
        r"scenarios/drivers\.yaml:\d+, moved by scenarios/eighteen_month_drawdown\.yaml:\d+", onset.where
    )
    assert onset.value == read_drivers()["urban-siege"].timing.onset_month + 6
    assert values["drawdown-pace.state"].value == "absent"
    assert "drawdown-pace.onset_month" not in values


def test_the_view_points_to_the_very_line():
    text = (scenarios_folder() / "vacuum.yaml").read_text(encoding="utf-8").splitlines()
    (state,) = [v for v in view_scenario("vacuum").values if v.key == "drivers.set.armed-group-posture.state"]
    file, line = state.where.split(":")
    assert file == "scenarios/vacuum.yaml"
    assert text[int(line) - 1].strip() == "armed-group-posture: emboldened"


def test_the_view_tells_what_follows():
    followed = {(c.driver, c.branch): c for c in view_scenario("towns_besieged").consequences}
    siege, groups = followed["urban-siege", "towns-besieged"], followed["armed-group-posture", "emboldened"]
    assert siege.in_scenario == pytest.approx(1.0)
    assert groups.in_scenario > groups.by_claims + 0.05  # seen, so its cause became likelier
    assert view_scenario("towns_besieged").together == pytest.approx(siege.by_claims)
    assert view_scenario("mission_stays").together is None


def test_the_view_in_words_holds_no_bare_number():
    for line in view_scenario("regional_fire").as_text(resolved=True).splitlines():
        numbers = re.match(r"  (\S+\.\S+)\s+(\d+(?:\.\d+)?|\d+ to \d+)\s{2,}(\S.*?)\s{2,}\S+:\d+", line)
        if re.match(r"  \S+\.\S+\s+\d", line) and ".yaml:" in line:
            assert numbers, line
