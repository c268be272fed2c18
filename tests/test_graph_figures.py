"""The figures of the drivers' graph and of all scenarios: they draw what they were given, and it can be read."""

import itertools

import pytest
from drawn_figures import OVERVIEW_TITLES, overview_table
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from shipped import GROUPS

from harmattan import plots
from harmattan.claims.register import load_register
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.core.names import HORIZONS
from harmattan.explain.graph_tables import graph_tables
from harmattan.plots.graph import driver_graph
from harmattan.schema.scenario import load_scenario

AS_OF = "2023-06"


@pytest.fixture(scope="module")
def tables():
    return graph_tables(load_register(), load_scenario("withdrawal"), as_of=AS_OF)


@pytest.fixture(scope="module")
def overview():
    return overview_table()


def test_the_tables_hold_every_driver_and_arrow(tables):
    nodes, arrows = tables
    drivers = load_register().drivers
    assert list(nodes["driver"]) == list(drivers)
    assert len(arrows) == sum(len(driver.parents) for driver in drivers.values())
    assert arrows.query("stated")["basis"].str.fullmatch(r"00\d_\w+\.txt:[\d,]+").all()
    assert arrows.query("not stated")["basis"].str.len().min() > 20
    accord = nodes.set_index("driver").loc["peace-accord"]
    assert 0 < accord["better"] < accord["worse"] < 1


def test_a_driver_that_is_set_has_no_arrow_into_it():
    nodes, arrows = graph_tables(load_register(), load_scenario("accord_collapses"), as_of=AS_OF)
    assert not {"peace-accord", "northern-separatism"} & set(arrows["child"])
    assert nodes.set_index("driver").loc["peace-accord", "worse"] == pytest.approx(1.0)


def test_a_graph_without_arrows_is_drawn_and_one_without_drivers_is_refused(tables):
    nodes, arrows = tables
    ax = plots.driver_graph(nodes[:2], arrows[:0], as_of=AS_OF)
    assert [type(patch) for patch in ax.patches] == [FancyBboxPatch] * 2
    with pytest.raises(InputError, match="no driver to draw"):
        plots.driver_graph(nodes[:0], arrows[:0], as_of=AS_OF)


@pytest.mark.parametrize("size", ["slide", "page"])
def test_the_graph_shows_every_driver_once_and_every_arrow(tables, size):
    nodes, arrows = tables
    ax = plots.driver_graph(nodes, arrows, as_of=AS_OF, size=size)
    boxes = [patch.get_gid() for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    drawn = {patch.get_gid(): patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)}
    assert sorted(boxes) == sorted(nodes["driver"])
    assert set(drawn) == {f"{row.parent}>{row.child}" for row in arrows.itertuples()}
    for (parent, child), pair in arrows.groupby(["parent", "child"]):
        assert (drawn[f"{parent}>{child}"].get_linestyle() == "-") is (set(pair["status"]) != {"judged"})
    assert "agree with 25 of them and dispute 0; 9 rest on cited lines" in plots.describe(ax).caption


def test_an_arrow_is_as_wide_as_independent_sources_support_it(tables):
    nodes, arrows = tables
    ax = plots.driver_graph(nodes, arrows, as_of=AS_OF)
    width = {patch.get_gid(): patch.get_linewidth() for patch in ax.patches if isinstance(patch, FancyArrowPatch)}
    by_hand = {  # no source; one group; two groups; three
        "drawdown-pace>successor-presence": 0,
        "drawdown-pace>residual-mandate": 1,
        "successor-presence>armed-group-posture": 2,
        "partner-force-conduct>armed-group-posture": 3,
    }
    steps = [width[gid] for gid in by_hand]
    assert steps == sorted(steps) and len(set(steps)) == 4
    found = arrows.groupby(["parent", "child"])["sources"].max()
    assert {gid: found[tuple(gid.split(">"))] for gid in by_hand} == by_hand


def test_a_disputed_arrow_is_drawn_otherwise_and_its_legend_says_so(tables):
    nodes, arrows = tables
    one = arrows[:1].assign(status="disputed", claims_against=1, agree=False)
    plain, marked = (plots.driver_graph(nodes, some, as_of=AS_OF) for some in (arrows[:1], one))
    lines = [next(p.get_linestyle() for p in ax.patches if isinstance(p, FancyArrowPatch)) for ax in (plain, marked)]
    assert lines[0] != lines[1]
    words = [[text.get_text() for text in ax.get_legend().get_texts()] for ax in (plain, marked)]
    assert "disputed by a claim" not in words[0] and "disputed by a claim" in words[1]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_legend_stays_inside_the_figure(tables, language):
    nodes, arrows = tables
    with speaking(language):
        ax = plots.driver_graph(nodes, arrows.assign(status=["disputed", *arrows["status"][1:]]), as_of=AS_OF)
        ax.figure.draw_without_rendering()
    assert ax.get_legend().get_window_extent().x1 <= ax.figure.bbox.x1


def test_boxes_do_not_overlap_and_their_words_stay_inside(tables):
    ax = plots.driver_graph(*tables, as_of=AS_OF)
    ax.figure.draw_without_rendering()
    boxes = {p.get_gid(): p.get_window_extent() for p in ax.patches if isinstance(p, FancyBboxPatch)}
    for one, other in itertools.combinations(boxes.values(), 2):
        assert not one.overlaps(other)
    for text in ax.texts:
        extent = text.get_window_extent()
        inside = [box for box in boxes.values() if box.x0 <= extent.x0 + 1 and extent.x1 <= box.x1 + 1]
        assert any(box.y0 - 1 <= extent.y0 and extent.y1 <= box.y1 + 1 for box in inside), text.get_text()


def test_causes_stand_left_of_what_they_bring_about(tables):
    nodes, arrows = tables
    ax = driver_graph(nodes, arrows)
    left = {p.get_gid(): p.get_x() for p in ax.patches if isinstance(p, FancyBboxPatch)}
    for row in arrows.query("lag_months == 0").itertuples():
        assert left[row.parent] < left[row.child]


@pytest.mark.parametrize("size", ["slide", "page"])
def test_the_overview_draws_every_scenario_in_every_panel(overview, size):
    ax = plots.scenario_overview(overview, against="withdrawal", as_of=AS_OF, size=size)
    panels = ax.child_axes
    assert len(panels) == 9
    for panel, (window, region) in zip(panels, itertools.product(HORIZONS, GROUPS), strict=True):
        here = overview[(overview["region"] == region) & (overview["window"] == window)].set_index("scenario")
        assert (
            panel.get_title(loc="left")
            == f"{region[0].upper()}{region[1:]}, months {HORIZONS[window][0]}-{HORIZONS[window][1]}"
        )
        assert len(panel.patches) == 3 * 3
        order = ["benign", "withdrawal", "vacuum"]  # from the least to the most deaths
        for y, name in enumerate(order):
            widest = panel.patches[3 * y]
            assert widest.get_x() == pytest.approx(here.loc[name, "lower_95"])
            assert widest.get_x() + widest.get_width() == pytest.approx(here.loc[name, "upper_95"])
        assert [text.get_text() for text in panel.texts] == ["0.50", "1.00", "2.50"]
    assert [label.get_text() for label in panels[0].get_yticklabels()] == list(OVERVIEW_TITLES.values())
    assert "×0.50 (Benign: the exit opens a way to peace)" in plots.describe(ax).caption


def test_the_overview_fits_its_frame(overview):
    ax = plots.scenario_overview(overview, against="withdrawal", as_of=AS_OF)
    ax.figure.draw_without_rendering()
    box = ax.get_tightbbox()
    assert box.x0 >= -1 and box.x1 <= ax.figure.bbox.x1 + 1


def test_both_keep_title_source_and_given_axes(tables, overview):
    for ax, draw in (
        (Figure(figsize=(12, 9)).subplots(), lambda ax: plots.driver_graph(*tables, as_of=AS_OF, ax=ax)),
        (
            Figure(figsize=(8, 12)).subplots(),
            lambda ax: plots.scenario_overview(overview, against="withdrawal", as_of=AS_OF, ax=ax),
        ),
    ):
        assert draw(ax) is ax
        assert plots.describe(ax).title in ax.get_title(loc="left")


def test_a_column_is_too_narrow_for_the_graph_and_the_refusal_says_what_to_do(tables):
    with pytest.raises(InputError, match="Choose the size page or slide; on a phone, read its arrows as a table"):
        plots.driver_graph(*tables, size="column")


def test_a_column_shows_the_first_region_with_titles_above_their_bars(overview):
    ax = plots.scenario_overview(overview, against="withdrawal", as_of=AS_OF, size="column")
    assert len(ax.child_axes) == 3
    ax.figure.draw_without_rendering()
    frame = ax.figure.bbox
    for panel, (first, last) in zip(ax.child_axes, HORIZONS.values(), strict=True):
        assert panel.get_title(loc="left") == f"Mali, months {first}-{last}"
        names = {text.get_text(): text for text in panel.texts if text.get_text() in OVERVIEW_TITLES.values()}
        assert list(names) == list(OVERVIEW_TITLES.values())
        for y, text in enumerate(names.values()):
            box = text.get_window_extent()
            assert frame.x0 <= box.x0 and box.x1 <= frame.x1
            bars = panel.patches[3 * y : 3 * y + 3]
            assert box.y0 >= max(bar.get_window_extent().y1 for bar in bars) - 1
    assert "The other regions stand in the wider sizes." in plots.describe(ax).caption


@pytest.mark.usefixtures("told")
def test_the_graph_speaks_french(tables):
    with speaking("fr"):
        ax = plots.driver_graph(*tables, as_of=AS_OF)
        said = plots.describe(ax)
    words = {" ".join(text.get_text().split()) for text in ax.texts}
    assert {"Les djihadistes assiègent des villes", "Les pays voisins coopèrent"} <= words
    assert "Les énoncés qui nomment les deux bouts confirment 25 d’entre elles" in said.caption
    drawn = " ".join(text.get_text() for text in (*ax.figure.texts, *ax.get_legend().get_texts()))
    assert "Comment les facteurs se tiennent" in drawn and "dit par un énoncé" in drawn
