"""What a project may lack: drivers, dated events, the record's later months. It is said before anything is run.

The project is a copy of the made-up case.
"""

import shutil

import pytest
from made import copy_made_case, made_record

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.core.resources import PROJECT_VARIABLE
from harmattan.run.asking import Ask
from harmattan.run.forecasting import history_of_drivers
from harmattan.schema.scenario import load_scenario


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the made-up case that may be changed."""
    root = copy_made_case(tmp_path / "mine")
    monkeypatch.setenv(PROJECT_VARIABLE, str(root))
    return root


@pytest.fixture
def without_drivers(project):
    for path in [*(project / "seeds" / "claims").glob("*"), *(project / "seeds" / "evidence").glob("*")]:
        path.unlink()
    for path in (project / "scenarios").glob("*.yaml"):
        if path.stem != "baseline":
            path.unlink()
    (project / "scenarios" / "drivers.yaml").write_text("# none yet\n")
    for name in ("facts", "conflicts", "sources"):
        (project / "seeds" / f"{name}.yaml").write_text("[]\n")
    pair = "first: leaves, second: stays"
    spoil(project / "case.yaml", pair, "first: goes, second: baseline")
    spoil(project / "case.yaml", ", cards: [quiet, abandoned]", "")
    (project / "scenarios" / "goes.yaml").write_text(
        "id: goes\nextends: baseline\ntitle: It leaves\ncondition: c\ndrivers: {default: from-claims, learn: true}\n"
    )
    return project


def spoil(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_project_without_drivers_is_valid_and_forecasts(without_drivers, made_fit):
    assert dict(hm.validate().drivers) == {}
    run = hm.forecast("goes", months=3, draws=20)
    assert run.deaths.identical(hm.forecast("baseline", months=3, draws=20).deaths)
    assert hm.show("goes").drivers == ()
    both = hm.compare("goes", "baseline", months=3, draws=20)
    assert (both.table["difference_mean"] == 0).all()


def test_without_drivers_there_is_nothing_to_learn_or_to_explain(without_drivers, made_fit):
    asked = Ask(as_of="2021-06").of("goes")
    assert history_of_drivers(load_register(), asked, made_record("2021-06")) is None
    with pytest.raises(InputError, match=r"no driver acts.*harmattan new driver"):
        hm.explain("goes", draws=20)


def test_validate_finds_a_record_that_ends_before_as_of_with_file_and_line(project):
    line = spoil(project / "scenarios" / "baseline.yaml", "drivers:", 'as_of: "2026-11"\ndrivers:')
    with pytest.raises(InputError) as refusal:
        hm.validate()
    told = str(refusal.value)
    assert f"scenarios/baseline.yaml:{line}: as_of 2026-11 lies after the last month" in told
    assert told.count("\n") == 0, "said once, not once for each scenario that takes it over"


def test_validate_checks_scenarios_outside_of_the_project_like_a_run(project, tmp_path):
    path = tmp_path / "now.yaml"
    path.write_text("id: now\nextends: leaves\ntitle: t\ncondition: c\nas_of: 2026-11\n")
    with pytest.raises(InputError, match=r"now\.yaml:5: as_of 2026-11"):
        hm.validate(path)
    path.write_text(
        "id: now\nextends: baseline\ntitle: t\ncondition: c\nas_of: 2021-06\ndrivers: {default: from-claims}\n"
    )
    with pytest.raises(InputError, match=r"drivers\.learn is false"):
        hm.validate(path)
    path.write_text("id: now\nextends: leaves\ntitle: t\ncondition: c\nas_of: 2021-06\nexit: 2009-01\nmonths: 240\n")
    with pytest.raises(InputError, match=r"further back than"):
        hm.validate(path)


def test_a_missing_file_of_events_is_a_sentence_in_validate_and_in_a_run(project):
    shutil.rmtree(project / "seeds" / "data" / "events")
    for ask in (hm.validate, lambda: hm.show("leaves")):
        with pytest.raises(InputError, match=r"dates\.csv: the date of the event mission-left .*cannot be read"):
            ask()


@pytest.mark.parametrize("text", ["", "date,kind\n", "kind,date\nend,soon\n", "\x00"])
def test_a_file_of_events_without_the_date_is_a_sentence_too(project, text):
    (project / "seeds" / "data" / "events" / "dates.csv").write_text(text)
    with pytest.raises(InputError, match="no row with kind end has a date|has no column '(date|kind)'"):
        open_case().events["mission-left"]


def test_events_that_no_driver_names_need_no_file_to_forecast(without_drivers, made_fit):
    shutil.rmtree(without_drivers / "seeds" / "data" / "events")
    with pytest.raises(InputError, match="the date of the event mission-left"):
        hm.validate()
    assert hm.forecast("goes", months=1, draws=5).deaths.size


def test_a_window_of_a_claim_from_late_to_early_is_refused_before_the_ledger_reads_it(project):
    """Case 07."""
    line = spoil(project / "seeds" / "claims" / "gazette.yaml", "window: [1, 6]", "window: [6, 1]")
    for ask in (hm.validate, lambda: hm.ledger("2023-12")):
        with pytest.raises(InputError, match=rf"gazette\.yaml: .*resolution\.window \(line {line}\).*earliest"):
            ask()


def test_an_impossible_date_of_a_source_is_refused(project):
    """Case 27."""
    line = spoil(project / "seeds" / "sources.yaml", 'date: "2020-06-12"', 'date: "2020-02-31"')
    with pytest.raises(InputError, match=rf"sources\.yaml: sources.*date \(line {line}\).*2020-02-31"):
        hm.validate()


@pytest.mark.parametrize(
    ("file", "copied"),
    [
        ("seeds/claims/gazette.yaml", "- id: gazette-005-a"),
        ("seeds/evidence/patrols.yaml", "- id: twelve-valleys"),
    ],
)
def test_one_statement_under_two_ids_counts_once(project, file, copied):
    path = project / file
    text = path.read_text(encoding="utf-8")
    entry = text[text.index(copied) :].split("\n- id: ")[0].rstrip("\n")
    again = entry.replace(copied, copied[:-1] + "z")
    path.write_text(f"{text.rstrip()}\n{again}\n", encoding="utf-8")
    with pytest.raises(InputError, match="says word for word what"):
        load_register(project)


def test_a_driver_that_stands_twice_is_refused_by_every_reader(project):
    path = project / "scenarios" / "drivers.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text[text.index("- id: river-trade") :].split("\n- id: ")[0] + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="'river-trade' stands already above"):
        load_scenario("leaves")
    with pytest.raises(InputError, match="'river-trade' stands already in"):
        load_register(project)


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("- {driver: patrols, branch: patrols-end, moves: open, odds_ratio: 2.0,",
         "- {driver: patrols, branch: patrols-end, moves: open, odds_ratio: 3.0, inferred: a}\n"
         "  - {driver: patrols, branch: patrols-end, moves: open, odds_ratio: 2.0,", "stands twice"),
        ("- {event: coup-in-bellune, branch: open,",
         "- {event: coup-in-bellune, branch: open, odds_ratio: 0.5, why: again}\n"
         "  - {event: coup-in-bellune, branch: open,", "bears twice"),
    ],
)  # fmt: skip
def test_what_would_multiply_odds_twice_is_refused(project, old, new, part):
    spoil(project / "scenarios" / "drivers.yaml", old, new)
    with pytest.raises(InputError, match=part):
        load_register(project)


def test_an_effect_that_lasts_is_written_as_a_word(project, tmp_path):
    from harmattan.drivers.timing import timing_in
    from harmattan.schema.driver import read_drivers

    path = tmp_path / "s.yaml"
    head = "id: s\nextends: leaves\ntitle: t\ncondition: c\n"
    path.write_text(head + "drivers: {set: {patrols: {half_life_months: lasts}}}\n")
    assert timing_in(read_drivers()["patrols"], load_scenario(path)).half_life is None
    path.write_text(head + "drivers: {set: {patrols: {half_life_months: null}}}\n")
    with pytest.raises(InputError, match=r"half_life_months \(line 5\): null would leave .*write lasts"):
        load_scenario(path)
