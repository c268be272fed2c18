"""A hint names what was probably meant, never its opposite, another country, or what was typed."""

import pytest
from copies import copy_project
from shipped import UNITS

from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.explain.trace import trace
from harmattan.schema.hints import nearest, suggestion, turns_round
from harmattan.schema.scenario import load_scenario


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("unlikely to", ["is likely to", "likely to"]),
        ("is not likely to", ["is likely to"]),
        ("isn't likely to", ["is likely to"]),
        ("is likely to", ["is unlikely to", "is not likely to"]),
        ("improbable", ["probable"]),
        ("increases", ["decrease", "decreases"]),
        ("decrease", ["increase"]),
        ("will rise", ["will fall"]),
        ("for", ["against"]),
        ("no longer expected to", ["expected to"]),
        ("will not", ["will"]),
        ("cannot", ["can"]),
        ("gap-unfilled", ["gap-filled"]),
        ("more likely", ["less likely"]),
        ("hostilities-never-resume", ["hostilities-resume"]),
        ("peu probable", ["pas probable"]),
    ],
)
def test_a_hint_never_turns_the_meaning_round(typed, known):
    assert suggestion(typed, known) == ""


@pytest.mark.parametrize(
    ("typed", "known", "meant"),
    [
        ("unlikly to", ["is likely to", "unlikely to"], "unlikely to"),
        ("increses", ["decrease", "increase"], "increase"),
        ("drawdown_pace", ["drawdown-pace", "arms-flow"], "drawdown-pace"),
        ("gap-unfiled", ["gap-filled", "gap-unfilled"], "gap-unfilled"),
        ("does-not-ocur", ["occurs", "does-not-occur"], "does-not-occur"),
        ("MLY", UNITS, "MLI"),
    ],
)
def test_a_slip_of_the_pen_is_understood(typed, known, meant):
    assert suggestion(typed, known) == f" Did you mean {meant!r}?"


@pytest.mark.parametrize("code", ["COD", "GNQ", "SDN", "SOM", "USA", "MLT"])
def test_another_country_is_not_taken_for_one_of_these(code):
    assert suggestion(code, UNITS) == ""


def test_what_was_typed_is_never_proposed():
    assert suggestion("one_sided/MLI/short", ["one_sided/MLI/short"]) == ""
    assert nearest("a" * 5000, ["a" * 4999], 1) == []


def test_no_hedge_of_the_register_is_proposed_for_one_that_denies_it(register):
    known = [entry.hedge for entry in register.lexicons.hedges.phrases]
    for hedge in known:
        for denied in (f"not {hedge}", f"un{hedge}"):
            for found in nearest(denied, known, 3):
                assert not turns_round(denied, found), (denied, found)


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ("one_sided/COD/short", ["There is no country 'COD'. Known: MLI"]),
        ("one_sided/MLI/soon", ["There is no horizon 'soon'", "outcome/country/horizon"]),
        ("nowhere/one_sided/MLI/short", ["There is no scenario 'nowhere'"]),
    ],
)
def test_a_number_that_does_not_exist_is_told_what_of_it_does_not(register, asked, parts):
    with pytest.raises(InputError) as refusal:
        trace(register, asked)
    assert all(part in str(refusal.value) for part in parts) and f"mean {asked!r}" not in str(refusal.value)


def test_a_number_in_a_project_without_the_usual_scenario_says_so(register, monkeypatch):
    import importlib

    acting = importlib.import_module("harmattan.explain.acting")
    monkeypatch.setattr(acting, "scenario_names", lambda: ["baseline", "leaves"])
    with pytest.raises(InputError, match="There is no scenario 'withdrawal', which numbers without one are of"):
        trace(register, "one_sided/MLI/short")
    assert "to its expected log rate" not in trace(register, "news-bnn-018-b").as_text()


def test_a_typo_in_a_scenario_prints_the_near_ones_and_not_all():
    with pytest.raises(InputError) as refusal:
        load_scenario("rift_suport")
    assert "'rift_support_shrinks'" in str(refusal.value) and len(str(refusal.value)) < 250
    with pytest.raises(InputError, match=r"Known scenarios \(\d+, in scenarios\)"):
        load_scenario("zzzzzz")


# Titles


@pytest.mark.parametrize(
    ("title", "id"),
    [
        ("Jihadists lay siege to towns", "urban-siege"),
        ("jihadists  lay siege to TOWNS", "urban-siege"),
        ("The mission stays", "mission_stays"),
    ],
)
def test_a_title_is_traced_like_its_id(register, title, id):
    assert trace(register, title).id == id


def test_a_paraphrase_is_traced_like_its_claim(register):
    claim = register.claims["news-bnn-018-b"]
    assert trace(register, claim.paraphrase).id == claim.id


def test_a_title_names_a_scenario_and_its_parent(tmp_path):
    assert load_scenario("The mission stays").id == "mission_stays"
    path = tmp_path / "mine.yaml"
    path.write_text(
        "id: mine\nextends: The mission stays\ntitle: t\ncondition: c\n"
        "drivers:\n  do: {Jihadists lay siege to towns: happens}\n  observe: {}\n"
    )
    scenario = load_scenario(path)
    assert (scenario.extends, scenario.setting("urban-siege").state) == ("mission_stays", "happens")


def test_titles_of_drivers_stand_for_ids_in_claims_and_arrows(tmp_path, register):
    from harmattan.schema.driver import read_drivers

    copy_project(tmp_path, without=["data", "schemas"])
    siege = "Jihadists lay siege to towns"
    for file, old, new in (
        ("seeds/claims/commentary-exit.yaml", "{urban-siege: for,", f"{{{siege}: for,"),
        ("scenarios/drivers.yaml", "{driver: urban-siege,", f"{{driver: {siege},"),
    ):
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert old in text, file
        (tmp_path / file).write_text(text.replace(old, new), encoding="utf-8")
    again = load_register(tmp_path)
    assert (again.claims, dict(again.drivers), again.evidence) == (
        register.claims,
        dict(register.drivers),
        register.evidence,
    )
    assert read_drivers(tmp_path / "scenarios" / "drivers.yaml") == read_drivers()
