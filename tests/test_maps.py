"""Maps of any case: what they stand on, where names stand, and tiles where there are no outlines."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
import yaml
from matplotlib.colors import to_rgb
from matplotlib.text import Annotation
from shipped import UNITS, map_ground

from harmattan import plots
from harmattan.case.opening import open_case
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.core.resources import shipped_root
from harmattan.core.telling import telling
from harmattan.panel.ground import MapLabel, ground_of, world_ground
from harmattan.panel.outlines import box_of, contains, inner_point, main_part, outline_of, turned, world_outlines
from harmattan.panel.tiles import tile_places
from harmattan.panel.world import neighbourhood
from harmattan.plots.map_labels import on_two_lines
from harmattan.plots.style import SEQUENCE

AS_OF = "2023-06"
FOUR = ("COD", "RWA", "BDI", "UGA")
REGIONS = ("MLI-Kayes", "MLI-Mopti", "MLI-Gao", "MLI-Kidal", "MLI-Tombouctou")


def chances(units):
    return {unit: i / len(units) for i, unit in enumerate(units)}


def region(ground, size="page", **options):
    return plots.region_map(chances(ground.units), as_of=AS_OF, what="Chance", ground=ground, size=size, **options)


def flows(units, *arrows):
    table = pd.DataFrame(0.0, index=list(units), columns=list(units))
    for origin, target, value in arrows:
        table.loc[target, origin] = value
    return table


def shapes_of(ax):
    return {patch.get_gid(): patch for patch in ax.patches if patch.get_gid()}


def labels_of(ax):
    return [text for text in ax.texts if text.get_text()]


def boxes(ax):
    """Return the frame of every label's letters, lines left out."""
    ax.figure.draw_without_rendering()
    texts = labels_of(ax)
    for text in texts:
        text.get_window_extent()
    return [
        super(Annotation, t).get_window_extent() if isinstance(t, Annotation) else t.get_window_extent() for t in texts
    ]


def overlaps(ax):
    found = boxes(ax)
    return [
        (labels_of(ax)[i].get_text(), labels_of(ax)[j].get_text())
        for i, a in enumerate(found)
        for j, b in enumerate(found[:i])
        if a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1
    ]


def test_the_maps_of_the_shipped_case_stand_where_they_stood():
    ground = map_ground()
    assert ground.units == UNITS
    assert ground.view == (-20.0, 25.5, -0.8, 37.6)
    assert ground.inside["BFA"] == (-1.6, 12.55)
    assert {unit for unit, label in ground.labels.items() if label.beside} == {"GNB", "GIN", "CIV", "GHA", "TGO", "BEN"}
    ax = region(ground)
    (benin,) = [text for text in ax.texts if text.get_text().startswith("Benin")]
    assert (benin.xy, benin.get_position()) == ((2.3, 7.2), (4.6, 1.2))
    assert ax.get_legend()._loc == 1  # upper right
    assert {text.get_text() for text in plots.flow_map(flows(UNITS), ground=ground, as_of=AS_OF).texts} >= {
        "GNB",
        "Mali",
    }


def test_four_units_are_drawn_on_the_worlds_outlines_without_being_told_where():
    ax = plots.region_map(chances(FOUR), as_of=AS_OF, what="Chance")
    assert set(shapes_of(ax)) == set(FOUR)
    assert shapes_of(ax)["COD"].get_facecolor()[:3] == to_rgb(SEQUENCE[0])
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    for unit in FOUR:
        left, right, low, high = box_of(world_outlines()[unit])
        assert west < left and right < east and south < low and high < north
    assert "Map of 4 places. Chance." in plots.describe(ax).alternative
    with speaking("fr"):
        french = plots.region_map(chances(FOUR), as_of=AS_OF, what="Risque")
        assert "Carte de 4 lieux." in plots.describe(french).alternative


def test_what_does_not_fit_inside_stands_beside_with_a_line_that_ends_inside():
    ground = world_ground(neighbourhood("COD"))
    ax = region(ground, size="column")  # names are codes there
    beside = {text.get_text().split("\n")[0]: text for text in ax.texts if isinstance(text, Annotation)}
    assert {"RWA", "BDI"} <= set(beside) and "COD" not in beside
    for unit, text in beside.items():
        assert any(contains(polygon, np.array([text.xy]))[0] for polygon in ground.shapes[unit])


@pytest.mark.parametrize("home", ["COD", "HTI", "SDN", "FJI", "SGP"])
@pytest.mark.parametrize("size", ["page", "column", "slide"])
def test_no_label_is_cut_or_covers_another(home, size):
    ax = region(world_ground(neighbourhood(home)), size=size)
    frame = ax.get_window_extent()
    assert len(labels_of(ax)) == len(neighbourhood(home))
    for box in boxes(ax):
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
    assert overlaps(ax) == []


def test_the_legend_of_a_narrow_map_stands_below_it_whatever_corner_the_case_names():
    ax = region(map_ground(), size="column")
    frames, legend = boxes(ax), ax.get_legend().get_window_extent()
    assert map_ground().legend and legend.y1 <= ax.get_window_extent().y0 + 1
    assert not any(legend.overlaps(frame) for frame in frames)


def test_an_island_too_small_to_be_seen_gets_a_dot():
    units = ("NZL", "NRU")
    ax = region(world_ground(units))
    assert [line.get_gid() for line in ax.lines] == ["dot NRU"]


def test_a_unit_across_the_antimeridian_stays_in_one_piece():
    ground = world_ground(neighbourhood("FJI"))
    west, east, *_ = ground.view
    assert west < 180 < east and east - west < 60
    assert all(west <= ground.inside[unit][0] <= east for unit in ground.units)
    ring = [[179.0, -17.0], [-179.0, -17.0], [-179.0, -16.0], [179.0, -16.0]]
    outline = outline_of({"type": "Polygon", "coordinates": [ring]})
    assert box_of(outline) == (179.0, 181.0, -17.0, -16.0)
    assert box_of(turned(outline, -170.0)) == (-181.0, -179.0, -17.0, -16.0)


def test_no_state_has_a_gap_at_the_antimeridian_and_no_land_is_drawn_as_sea():
    russia = turned(world_outlines()["RUS"], 100.0)
    for point in ((66.0, 66.5), (150.0, 67.0), (185.0, 66.0)):
        assert any(contains(polygon, np.array([point]))[0] for polygon in russia)
    boxes_of_parts = [box_of((polygon,)) for outline in world_outlines().values() for polygon in outline]
    assert max(east - west for west, east, _, _ in boxes_of_parts) < 160
    around = world_ground(("ISR", "JOR")).around
    assert any(contains(polygon, np.array([[35.2, 32.0]]))[0] for outline in around for polygon in outline)


def test_a_giant_next_door_is_cut_and_far_territories_do_not_widen_the_view():
    west, east, _, _ = world_ground(neighbourhood("GEO")).view
    assert east - west < 45
    ground = world_ground(neighbourhood("GEO"))
    assert west < ground.inside["RUS"][0] < east
    assert box_of(main_part(world_outlines()["FRA"]))[0] > -10  # no Guiana
    assert box_of(main_part(world_outlines()["USA"]))[1] < -60


def test_the_label_point_lies_inside_and_away_from_the_edge():
    crescent = outline_of(
        {
            "type": "Polygon",
            "coordinates": [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 8], [8, 8], [8, 2], [0, 2], [0, 0]]],
        }
    )
    point = inner_point(crescent, (-5.0, 15.0, -5.0, 15.0))
    assert contains(crescent[0], np.array([point]))[0]
    assert inner_point(crescent, (20.0, 30.0, -5.0, 15.0)) is None
    hollow = outline_of({"type": "Polygon", "coordinates": [
        [[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]], [[2, 2], [7, 2], [7, 7], [2, 7], [2, 2]]]})  # fmt: skip
    x, y = inner_point(hollow, (-1.0, 10.0, -1.0, 10.0))
    assert not (2 < x < 7 and 2 < y < 7)


def test_regions_without_outlines_are_tiles_in_the_order_of_the_case():
    ground = ground_of(REGIONS, REGIONS[0], world_outlines())
    assert ground.tiled
    ax = region(ground)
    assert set(shapes_of(ax)) == set(REGIONS)
    sides = [np.ptp(patch.get_path().vertices, axis=0) for patch in shapes_of(ax).values()]
    assert np.allclose(sides, sides[0][0])
    said = plots.describe(ax)
    assert "do not show" in said.caption and said.alternative.startswith("Equal squares for 5 places")
    assert "Natural Earth" not in " ".join(text.get_text() for text in ax.figure.texts)
    assert overlaps(ax) == []
    assert tile_places("ABCDE", {}) == {"A": (0, 0), "B": (1, 0), "C": (2, 0), "D": (0, 1), "E": (1, 1)}


def test_one_unit_without_an_outline_makes_a_map_of_tiles():
    assert plots.region_map(chances(("COD", "QQQ")), as_of=AS_OF, what="Chance").texts
    assert ground_of(("COD", "QQQ"), "COD", world_outlines()).tiled


def test_tiles_lie_as_their_units_do_or_as_the_case_says():
    where = {"MLI-Kayes": (-10.5, 14.5), "MLI-Mopti": (-3.7, 14.6), "MLI-Gao": (1.0, 16.8), "MLI-Kidal": (1.2, 19.3)}
    units = tuple(where)
    places = tile_places(units, where)
    assert len(set(places.values())) == 4
    assert places["MLI-Kidal"][1] < places["MLI-Mopti"][1] and places["MLI-Kayes"][0] < places["MLI-Gao"][0]
    labels = {unit: MapLabel(at=point) for unit, point in where.items()}
    assert ground_of(units, units[0], {}, labels=labels).inside["MLI-Kidal"] == (2.0, 0.0)
    given = ground_of(units, units[0], {}, tiles={unit: (i, 0) for i, unit in enumerate(units)})
    assert given.inside["MLI-Kidal"] == (3.0, 0.0)


def test_arrows_go_between_tiles_and_between_countries():
    ground = ground_of(REGIONS, REGIONS[0], {})
    table = flows(REGIONS, ("MLI-Gao", "MLI-Kidal", 12.0))
    for size in ("page", "column"):
        ax = plots.flow_map(table, ground=ground, as_of=AS_OF, size=size)
        assert "flow MLI-Gao>MLI-Kidal" in shapes_of(ax)
        assert "with arrows between them. MLI-Gao to MLI-Kidal 12" in plots.describe(ax).alternative
    ax = plots.flow_map(flows(FOUR, ("RWA", "COD", 30.0)), as_of=AS_OF)
    assert "flow RWA>COD" in shapes_of(ax)
    assert plots.describe(ax).alternative.startswith("Map of 4 places with arrows")


def test_a_value_of_a_unit_that_the_ground_lacks_is_refused():
    with pytest.raises(ValueError, match="has no FRA; it has COD, RWA"):
        plots.region_map({"FRA": 0.2}, as_of=AS_OF, what="Chance", ground=world_ground(("COD", "RWA")))
    with pytest.raises(ValueError, match="no unit"):
        plots.region_map({}, as_of=AS_OF, what="Chance")


def test_names_break_in_the_middle():
    assert on_two_lines("Central African Republic") == "Central African\nRepublic"
    assert on_two_lines("Guinea-Bissau") == "Guinea-\nBissau"
    assert on_two_lines("Mali") == "Mali"


@pytest.fixture
def made_case(tmp_path):
    """Return a function that writes a case of four states with changes, and opens it."""

    def make(units=FOUR, **changes):
        root = tmp_path / "case"
        (root / "seeds" / "data").mkdir(parents=True, exist_ok=True)
        said = yaml.safe_load((shipped_root() / "case.yaml").read_text(encoding="utf-8"))
        kept = {
            key: said[key] for key in ("format", "id", "title", "horizons", "headline", "clock", "borders", "record")
        }
        level = "admin1" if "-" in units[0] else "country"
        kept |= {"units": {"level": level, "home": units[0], "list": list(units)}}
        kept |= {"scenarios": {"first": "baseline", "record_alone": "baseline"}} | changes
        (root / "case.yaml").write_text(yaml.safe_dump(kept, sort_keys=False), encoding="utf-8")
        return open_case(root)

    return make


def square_file(case, codes, key="unit"):
    file = case.data / "geometry" / "shapes.geojson"
    file.parent.mkdir(exist_ok=True)
    features = [
        {
            "type": "Feature",
            "properties": {key: code},
            "geometry": {"type": "Polygon", "coordinates": [[[i, 0], [i + 1, 0], [i + 1, 1], [i, 1], [i, 0]]]},
        }
        for i, code in enumerate(codes)
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return file


def test_a_case_that_says_nothing_of_maps_has_a_ground_all_the_same(made_case):
    case = made_case()
    assert case.map_ground.units == FOUR and not case.map_ground.tiled
    assert [file.name for file in case.map_files] == ["countries_ne50m.geojson", "other_land_ne50m.geojson"]
    assert case.map_ground.around


@pytest.mark.parametrize("key", ["unit", "iso3"])
def test_regions_with_outlines_of_their_own_are_drawn_by_these(made_case, key):
    case = made_case(units=REGIONS)
    file = square_file(case, REGIONS, key)
    assert not case.map_ground.tiled and case.map_ground.credit is None
    assert file in case.map_files
    ax = region(case.map_ground)
    assert "outlines of the case" in " ".join(text.get_text() for text in ax.figure.texts).replace("\n", " ")
    credited = made_case(units=REGIONS, map={"credit": "OCHA"})
    assert "Made with OCHA" in " ".join(text.get_text() for text in region(credited.map_ground).figure.texts)


GUESS = {
    "en": "The borders drawn between regions are a guess",
    "fr": "Les frontières tracées entre les régions sont une supposition",
}


@pytest.mark.parametrize("code", GUESS)
def test_a_map_says_that_its_borders_are_a_guess_where_the_case_says_so(made_case, code):
    square_file(made_case(units=REGIONS), REGIONS)

    def caption(guessed, **changes):
        case = made_case(units=REGIONS, borders={"weight": "equal", "guessed": guessed}, **changes)
        with telling(case.words), speaking(code):
            return plots.describe(region(case.map_ground)).caption

    assert GUESS[code] in caption(True)
    assert GUESS[code] not in caption(False)
    tiles = {unit: [place, 0] for place, unit in enumerate(REGIONS)}
    assert GUESS[code] not in caption(True, map={"tiles": tiles}), "squares draw no border"


def test_what_a_case_says_of_maps_is_followed(made_case):
    said = {"view": [10, 40, -15, 10], "legend": "lower left", "labels": {"RWA": {"beside": [36, 4]}}}
    ground = made_case(map=said).map_ground
    assert ground.view == (10, 40, -15, 10) and ground.legend == "lower left"
    (label,) = [text for text in region(ground).texts if text.get_text().startswith("Rwanda")]
    assert label.get_position() == (36, 4) and label.xy == ground.inside["RWA"]
    tiles = {unit: [i, 0] for i, unit in enumerate(FOUR)}
    assert made_case(map={"tiles": tiles}).map_ground.tiled


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"view": [40, 10, -15, 10]}, "exchange them"),
        ({"view": [10, 40, -15, 100]}, "map.view"),
        ({"labels": {"FRA": {"at": [2, 46]}}}, "no unit in units.list 'FRA'"),
        ({"labels": {"RWA": {"at": [2000, 2]}}}, "map.labels.RWA.at"),
        ({"labels": {"RWA": {"line": [30, -2]}}}, "state beside too"),
        ({"view": [10, 40, -15, 10], "labels": {"RWA": {"at": [-2, 30]}}}, "lies outside of map.view"),
        ({"tiles": {"COD": [0, 0]}}, "RWA, BDI, UGA has no tile"),
        ({"tiles": {"COD": [0, 0], "RWA": [0, 0], "BDI": [1, 0], "UGA": [2, 0]}}, "two units stand on the tile"),
        ({"legend": "middle"}, "map.legend"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_place(made_case, said, words):
    with pytest.raises(InputError, match="case.yaml") as refused:
        made_case(map=said)
    assert words in str(refused.value)


def test_a_file_without_outlines_is_refused_with_its_name(made_case):
    case = made_case(units=REGIONS)
    file = square_file(case, REGIONS, key="name")
    with pytest.raises(InputError, match=r"shapes\.geojson.*no property iso3 or unit"):
        _ = case.map_ground
    file.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"shapes\.geojson: no outlines can be taken"):
        _ = case.map_ground
    shutil.rmtree(file.parent)
    with pytest.raises(InputError, match=r"mine\.geojson: the outlines of the case cannot be read"):
        _ = made_case(units=REGIONS, map={"shapes": "geometry/mine.geojson"}).map_ground
