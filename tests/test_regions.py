"""A case may count in first-level regions: made from the record by region, imported into, forecast and told."""

import re
import shutil

import pandas as pd
import pytest
from filelock import FileLock
from typer.testing import CliRunner
from ucdp_files import elsewhere, event, events_of, write_release

import harmattan as hm
from harmattan.case.beginning import first_level_regions
from harmattan.case.case_text import unit_names_text
from harmattan.case.importing import import_data
from harmattan.case.opening import open_case
from harmattan.case.starting import start_case
from harmattan.cli.app import app
from harmattan.core.errors import InputError
from harmattan.core.resources import shipped_root, using_project
from harmattan.panel import placing, regions
from harmattan.panel.ucdp import checked_table
from harmattan.schema.case import Units

UCDP = shipped_root() / "seeds" / "data" / "ucdp"
BY_COUNTRY = pd.read_csv(UCDP / "country_month_bounds_ged241.csv")
BY_REGION = pd.read_csv(UCDP / "admin1_month_ged241.csv")
CELL = ["month", "type"]
MADE = {"MLI": "2022-12", "BEN": "2022-12"}


@pytest.fixture(scope="module")
def cases(common_folder):
    """Cases of the regions of a large and of a small country, made once."""
    folder = common_folder / "regions"
    with FileLock(common_folder / "regions.lock"):
        for home, as_of in MADE.items():
            if not (folder / home).exists():
                start_case(folder / home, home, "2023-06", as_of, level="admin1")
    return {home: folder / home for home in MADE}


@pytest.mark.parametrize("iso3", regions.countries_with_regions())
def test_in_every_month_and_type_the_units_add_up_to_the_country(iso3):
    units = regions.region_panel(iso3).groupby(CELL)[["events", "best"]].sum()
    country = BY_COUNTRY[BY_COUNTRY["iso3"] == iso3].groupby(CELL)[["events", "best"]].sum()
    assert units.equals(country.loc[units.index]) and len(units) == len(country) == 420 * 3
    named = BY_REGION[BY_REGION["iso3"] == iso3].groupby(CELL)[["events", "best"]].sum()
    assert units.loc[named.index].equals(named) and units["best"].sum() == named["best"].sum()


def test_codes_are_stable_and_names_that_are_no_region_are_in_the_residual_unit():
    assert list(regions.regions_of("MLI")) == [
        *("MLI-bamako", "MLI-gao", "MLI-kayes", "MLI-kidal", "MLI-koulikoro", "MLI-menaka", "MLI-mopti", "MLI-segou"),
        *("MLI-sikasso", "MLI-tombouctou", "MLI-unplaced"),
    ]
    own = BY_REGION[(BY_REGION["iso3"] == "MLI") & BY_REGION["adm1"].isin([regions.NOT_LOCATED, "Timetrine"])]
    panel = regions.region_panel("MLI").set_index("iso3")
    assert panel.loc["MLI-unplaced", "best"].sum() == own["best"].sum() == 1096
    for iso3 in regions.countries_with_regions():
        named = BY_REGION[(BY_REGION["iso3"] == iso3) & (BY_REGION["adm1"] != regions.NOT_LOCATED)]
        counted = named.groupby("adm1")["events"].sum()
        assert len(regions.regions_of(iso3)) == 1 + (counted >= regions.FEWEST_EVENTS).sum(), "two names share a code"
    assert regions.region_code("CIV", "N'zi-Comoé") == "CIV-nzi-comoe"


def test_the_case_made_is_valid_and_says_what_its_borders_are(cases):
    case = open_case(cases["MLI"])
    text = (cases["MLI"] / "case.yaml").read_text(encoding="utf-8")
    assert hm.load_case(cases["MLI"]).validate().drivers == {}
    assert case.definition.units.level == "admin1" and case.home == "MLI-mopti" and case.units[-1] == "MLI-unplaced"
    assert "where most civilians were killed in the three years to as_of" in text and "No borders of regions" in text
    assert case.definition.record.release == "24.1" and case.definition.borders.weight == "equal"
    assert case.definition.watched.units == case.units[1:7]
    assert "every region touches every other" in (case.data / "README.md").read_text(encoding="utf-8")
    assert set(checked_table(case.record_file, case.units)["gwno"]) == {"432"}
    assert case.record().sizes == {"month": 420, "country": 11, "outcome": 3}


def test_home_is_the_region_with_most_civilians_killed_in_three_years(cases):
    own = BY_REGION[(BY_REGION["iso3"] == "MLI") & (BY_REGION["type"] == "one_sided")]
    recent = own[(own["month"] > "2019-12") & (own["month"] <= "2022-12")].groupby("adm1")["best"].sum()
    assert recent.idxmax() == "Mopti" == regions.regions_of("MLI")[open_case(cases["MLI"]).home]
    quiet = first_level_regions("SEN", (), "2022-12")
    assert quiet.units[0] == "SEN-ziguinchor" and "in none was a civilian killed" in quiet.home_is


def test_regions_inform_one_another_alike_and_the_residual_touches_nothing(cases):
    case = open_case(cases["MLI"])
    weights = case.geography.neighbour_weights()
    assert set(weights.sel(country="MLI-gao").values.round(6)) == {0.0, round(1 / 9, 6)}
    assert float(weights.sel(country="MLI-unplaced").sum() + weights.sel(neighbour="MLI-unplaced").sum()) == 0
    assert case.neighbours == case.units[1:], "distances are blank, so the order is that of the case"
    assert case.geography.distances(blanks=True).sel(country="MLI-gao", neighbour="MLI-kidal").isnull()
    with pytest.raises(InputError, match="state its places one by one"):
        case.geography.distances()
    assert case.map_ground.tiled and len(case.thresholds) == 6


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"home": "COD"}, r"does not hold COD .* It holds BEN, BFA, CIV, GNB, MLI, NER, SEN, TGO"),
        ({"as_of": "2024-03"}, r"by region .* runs from 1989-01 to 2023-12"),
        ({"neighbours": ["BFA"]}, "--neighbours goes with --level country only"),
        ({"level": "admin2"}, "Use country or admin1"),
    ],
)
def test_what_no_case_of_regions_can_be_made_of_is_refused_and_leaves_nothing(tmp_path, options, told):
    with pytest.raises(InputError, match=told) as refusal:
        start_case(tmp_path / "new", **({"home": "MLI", "exit": "2023-06", "level": "admin1"} | options))
    assert "\n" not in str(refusal.value) and not list(tmp_path.iterdir())


def test_the_command_makes_the_same_case_and_uses_the_whole_record_by_default(cases, tmp_path):
    told = ["new", "case", str(tmp_path / "MLI"), "--home", "mli", "--level", "admin1", "--exit", "2023-06"]
    assert CliRunner().invoke(app, [*told, "--as-of", "2022-12"]).exit_code == 0
    for file in ("case.yaml", "seeds/data/SHA256SUMS", "seeds/data/README.md"):
        assert (tmp_path / "MLI" / file).read_bytes() == (cases["MLI"] / file).read_bytes()
    start_case(tmp_path / "later", "NER", "2023-06", level="admin1")
    assert open_case(tmp_path / "later").definition.clock.as_of == "2023-12"


def test_regions_are_named_in_the_case_where_the_case_can_say_names(cases, monkeypatch):
    begun = first_level_regions("MLI", (), "2022-12")
    monkeypatch.setattr(Units, "model_fields", {"names": None}, raising=False)
    text = unit_names_text(begun)
    assert '    MLI-menaka: {en: {name: "Ménaka"}, fr: {name: "Ménaka"}}\n' in text and text.startswith("  names:\n")
    assert len(text.splitlines()) == 12


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Gao region", "Gao"), ("Bamako capital district", "Bamako"), ("Département de l'Artibonite", "Artibonite"),
        ("Région d’Agadez", "Agadez"), ("Nord-Kivu province", "Nord-Kivu"), ("Centre region", "Centre"),
        ("Region", "Region"), ("Province orientale", "Province orientale"),
    ],
)  # fmt: skip
def test_the_word_for_a_region_is_taken_off_its_name(written, plain):
    assert placing.without_kind(written) == plain


def write_ged(folder, country="Mali", iso3="MLI", name="ged_25_1.csv", **changes):
    """Write release 25.1: the record by region from 2023 on, and the same again a year later, with regions' names."""
    panel = regions.region_panel(iso3)
    year = panel[panel["month"] >= "2023-01"]
    table = pd.concat([year, year.assign(month="2024" + year["month"].str[4:])], ignore_index=True)
    names = table["country"].where(~table["iso3"].str.endswith("unplaced"), "") + " region"
    names = names.where(names != " region", "").replace({"Segou region": "Région de Ségou", "Kidal region": "Kidal"})
    rows = table.index.repeat(table["events"])
    events = events_of(table.assign(country=country)).assign(adm_1=names.loc[rows].to_numpy())
    events = pd.concat([events, pd.DataFrame(changes.get("further", []))], ignore_index=True)
    return write_release(folder, name, events, elsewhere(sorted(table["month"].unique()))), table


def test_a_release_is_counted_by_region_and_adds_up_to_the_country(cases, tmp_path):
    strays = [
        event(70_000 + n, "2024-05", deaths=2, code_status="Clear", adm_1=name)
        for n, name in enumerate(["Timetrine", "Timetrine", "Taoudenni region"])
    ]
    file, table = write_ged(tmp_path, further=strays)
    with using_project(cases["MLI"]):
        done = hm.import_data(file, kind="ged", out=tmp_path / "panel.csv")
        panel = open_case().record(done.panel)
    held = panel.sel(month=panel["month"] >= "2023-01")
    assert (done.added, done.revised, panel.sizes["month"]) == (12, 0, 432)
    wanted = table.groupby(["iso3", "month"])["best"].sum()
    wanted["MLI-unplaced", "2024-05"] += 6
    assert {
        (unit, month): float(held.sel(country=unit, month=month).sum()) for unit, month in wanted.index
    } == wanted.to_dict()
    written = pd.read_csv(file)
    assert float(held.sum()) == written.loc[written["country_id"] == 432, "best"].sum()
    (told,) = (warning for warning in done.warnings if "MLI-unplaced" in warning)
    assert told == (
        "Events that name no region of the case count in MLI-unplaced: 17, with 116 deaths (adm_1 and events: none "
        "given: 14, Timetrine: 2, Taoudenni region: 1)."
    )


def test_a_region_that_was_renamed_is_pointed_out_and_no_reason_to_refuse(cases, tmp_path):
    file, table = write_ged(tmp_path)
    renamed = tmp_path / "ged_25_1_renamed.csv"
    text = file.read_text(encoding="utf-8-sig").replace("Gao region", "Upper River region")
    renamed.write_text(text, encoding="utf-8")
    with using_project(cases["MLI"]):
        done = hm.import_data(renamed, kind="ged", release="25.1", out=tmp_path / "panel.csv")
    before = int(table.loc[(table["iso3"] == "MLI-gao") & (table["month"] < "2024-01"), "best"].sum())
    assert done.deaths_before == done.deaths_after
    assert any(f"Gao from {before} to 0" in told for told in done.warnings), done.warnings
    assert any("Upper River region" in told for told in done.warnings)


def test_candidates_are_counted_by_region_too(cases, tmp_path):
    ours = [event(n, "2024-01", deaths=n, adm_1=name) for n, name in ((1, "Gao region"), (2, "Ménaka"), (3, ""))]
    file = write_release(tmp_path, "GEDEvent_v24_0_1.csv", pd.DataFrame(ours), elsewhere(["2024-01"]))
    with using_project(cases["MLI"]):
        done = hm.import_data(file, kind="ged-candidate", level="admin1", out=tmp_path / "panel.csv")
        january = open_case().record(done.panel).sel(month="2024-01", outcome="one_sided")
    assert {u: float(january.sel(country=f"MLI-{u}")) for u in ("gao", "menaka", "unplaced", "kidal")} == {
        "gao": 1, "menaka": 2, "unplaced": 3, "kidal": 0,
    }  # fmt: skip
    assert done.provisional == ("2024-01",)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"level": "country"}, r"counts in first-level regions .* would count deaths twice or lose them"),
        ({"level": "admin2"}, "choose country or admin1"),
        ({"kind": "country-month"}, "does not say where in a country"),
    ],
)
def test_another_level_than_the_case_has_is_refused(cases, tmp_path, options, told):
    file, _ = write_ged(tmp_path)
    with using_project(cases["MLI"]), pytest.raises(InputError, match=told) as refusal:
        hm.import_data(file, **({"kind": "ged", "out": tmp_path / "panel.csv"} | options))
    assert "\n" not in str(refusal.value) and not (tmp_path / "panel.csv").exists()


def test_regions_are_refused_for_a_case_of_countries_and_by_a_file_that_names_none(cases, tmp_path):
    file, _ = write_ged(tmp_path)
    with pytest.raises(InputError, match=r"counts in whole countries .*--level admin1"):
        import_data(file, kind="ged", level="admin1", out=tmp_path / "panel.csv")
    bare = tmp_path / "ged_25_1_bare.csv"
    pd.read_csv(file, dtype=str, keep_default_na=False).drop(columns="adm_1").to_csv(bare, index=False)
    with using_project(cases["MLI"]), pytest.raises(InputError, match="no column adm_1"):
        hm.import_data(bare, kind="ged", release="25.1", out=tmp_path / "panel.csv")


def test_a_case_without_a_residual_unit_refuses_what_it_cannot_place(cases, tmp_path):
    shutil.copytree(cases["MLI"], tmp_path / "mine")
    text = (tmp_path / "mine" / "case.yaml").read_text(encoding="utf-8")
    text = "\n".join(line for line in text.split("\n") if not line.startswith("    MLI-unplaced:"))
    (tmp_path / "mine" / "case.yaml").write_text(text.replace(", MLI-unplaced", ""), encoding="utf-8")
    panel = open_case(tmp_path / "mine").record_file
    table = pd.read_csv(panel)
    table[table["iso3"] != "MLI-unplaced"].to_csv(panel, index=False)
    file, _ = write_ged(tmp_path, further=[event(70_000, "2024-05", code_status="Clear", adm_1="Nowhere region")])
    with (
        using_project(tmp_path / "mine"),
        pytest.raises(InputError, match=r"column adm_1: .* is no region .* no unit MLI-unplaced"),
    ):
        hm.import_data(file, kind="ged", out=tmp_path / "panel.csv")
    assert not (tmp_path / "panel.csv").exists()


def test_a_whole_country_may_stand_beside_regions_in_an_import():
    shared = placing.Placing(("MLI-gao", "MLI-unplaced", "BFA"), {"432": "MLI", "439": "BFA"}, by_region=True)
    events = pd.DataFrame({"iso3": ["MLI", "MLI", "BFA"], "adm_1": ["Gao region", "Kidal", "Sahel region"], "best": 1})
    placed, told = shared.placed(events, "ged.csv")
    assert placed["iso3"].tolist() == ["MLI-gao", "MLI-unplaced", "BFA"]
    assert told == [
        "Events that name no region of the case count in MLI-unplaced: 1, with 1 death (adm_1 and events: Kidal: 1)."
    ]


@pytest.mark.slow
def test_a_case_of_regions_is_forecast_and_told_with_tiles_for_maps(cases, tmp_path):
    mine = hm.load_case(cases["BEN"])
    run = mine.forecast(months=3, draws=40)
    assert run.deaths["country"].values.tolist() == list(mine.case.units) and run.deaths.notnull().all()
    assert mine.trace("one_sided/BEN-atacora/short").data["drivers"] == []
    assert len(set(mine.compare_all("baseline", draws=40).table["region"])) == 2
    page = mine.brief(out=tmp_path / "out", draws=60, formats=["png"])
    text = page.read_text(encoding="utf-8")
    shown = re.sub(r"data:[^\"']+|<[^>]+>", " ", text)
    assert "Traceback" not in shown and not re.search(r"\bnan\b", shown)
    assert (tmp_path / "out" / "figures" / "map.png").stat().st_size > 0 and mine.case.map_ground.tiled
