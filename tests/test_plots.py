"""Each figure draws the numbers it was given, labels them, and says the same in words."""

from dataclasses import replace
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from drawn_figures import (
    AS_OF,
    CHANCES,
    DRAW,
    chances_table,
    contrast_tables,
    driver_table,
    exit_tables,
    flows,
    futures,
    ladder_table,
    ranked_table,
    score_table,
    series,
    shares,
    two_futures,
    windows,
)
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from shipped import NAMES, THRESHOLDS, UNITS, map_ground

from harmattan import plots
from harmattan.core.language import country_name, speaking
from harmattan.core.months import month_number, month_range
from harmattan.core.telling import CaseWords, telling
from harmattan.plots.map_labels import on_two_lines
from harmattan.plots.share_numbers import simultaneous_band
from harmattan.plots.style import BLUE_BANDS, SEQUENCE, SERIES, SIZES

MALI = {"country": "MLI", "scenario": "withdrawal"}


def texts(ax):
    axes = [ax, *ax.child_axes]
    return [t.get_text() for a in axes for t in (*a.texts, a.title, a._left_title)]


def figure_words(ax):
    return " ".join(" ".join(t.get_text().split()) for t in ax.figure.texts)


@pytest.mark.parametrize("name", DRAW)
def test_every_figure_states_title_unit_source_and_date_and_leaves_settings_alone(name):
    before = dict(mpl.rcParams)
    ax = DRAW[name](as_of=AS_OF)
    assert dict(mpl.rcParams) == before
    said = plots.describe(ax)
    words = figure_words(ax)
    assert said.title in words
    assert "As of June 2023." in words
    assert "Source: " in words
    assert len(said.caption) > 40
    assert len(said.alternative) > len(said.title)


@pytest.mark.parametrize("name", DRAW)
@pytest.mark.parametrize("size", SIZES)
def test_every_figure_fits_every_size(name, size):
    ax = DRAW[name](as_of=AS_OF, size=size)
    figure = ax.figure
    assert figure.get_figwidth() == SIZES[size].width
    figure.draw_without_rendering()
    frame = figure.bbox
    for text in figure.texts:
        box = text.get_window_extent()
        assert box.x1 <= frame.x1 + 1
        assert box.y1 <= frame.y1 + 1
    box = ax.get_tightbbox()
    assert box.x0 >= -1
    assert box.x1 <= frame.x1 + 1


@pytest.mark.parametrize("name", DRAW)
def test_every_figure_draws_on_axes_that_are_given(name):
    axes = Figure(figsize=(8, 8)).subplots()
    assert DRAW[name](as_of=AS_OF, ax=axes) is axes
    assert plots.describe(axes).title in axes.get_title(loc="left")


def test_description_of_foreign_axes_is_refused():
    with pytest.raises(ValueError, match="not drawn by"):
        plots.describe(Figure().subplots())


def test_unknown_size_is_named():
    with pytest.raises(ValueError, match="slide, page, column"):
        plots.drivers(driver_table(), as_of=AS_OF, size="poster")


def test_fan_bands_are_the_quantiles_of_the_paths():
    paths = futures()
    ax = DRAW["fan"](as_of=AS_OF)
    mali = paths.sel(country="MLI", outcome="one_sided").values
    bands = {c.get_label(): c for c in ax.collections}
    for level in (50, 80, 95):
        heights = bands[f"{level} in 100 futures"].get_paths()[0].vertices[:, 1]
        low, high = np.quantile(mali, [(100 - level) / 200, (100 + level) / 200], axis=0)
        assert heights.max() == pytest.approx(high.max())
        assert heights.min() == pytest.approx(low.min())
    lines = {line.get_label(): line for line in ax.lines}
    assert lines["median"].get_ydata() == pytest.approx(np.median(mali, axis=0))
    assert sum(line.get_gid() == "sample path" for line in ax.lines) == 4


@pytest.mark.usefixtures("told")
def test_fan_uses_history_up_to_as_of_and_shows_the_rest_as_dots():
    history = series(month_range("2018-01", "2024-12"))
    ax = plots.fan(history, futures(), exit_month="2023-12", as_of=AS_OF, observed_later=history, **MALI)
    lines = {line.get_label(): line for line in ax.lines}
    assert max(lines["observed"].get_xdata()) == month_number(AS_OF)
    later = lines["observed later"]
    assert min(later.get_xdata()) == month_number("2023-07")
    assert list(later.get_ydata()) == list(
        history.sel(country="MLI", outcome="one_sided", month=slice("2023-07", None)).values
    )
    assert later.get_linestyle() == "None"
    assert "Of 18 months observed later" in plots.describe(ax).caption
    assert "exit, December 2023" in texts(ax)


def test_fan_is_linear_and_says_when_it_is_cut():
    ax = DRAW["fan"](as_of=AS_OF, top=50)
    assert ax.get_yscale() == "linear"
    assert ax.get_ylim() == (0, 50)
    assert any("cut: 95 % band reaches" in text for text in texts(ax))
    assert "The axis is cut; the widest band reaches 150." in plots.describe(ax).caption


def test_fan_names_a_second_scenario_at_its_line():
    ax = DRAW["fan"](as_of=AS_OF, second=futures(seed=5), second_scenario="mission_stays")
    assert {"withdrawal", "mission stays"} <= set(texts(ax))


def test_contrast_draws_each_interval_and_prints_each_median():
    table, ratios = contrast_tables()
    ax = plots.scenario_contrast(table, ratios, as_of=AS_OF)
    left, right = ax.child_axes
    drawn = [tuple(line.get_xdata()) for line in left.lines if line.get_gid() == "interval 80"]
    assert sorted(drawn) == sorted(zip(table["lower_80"], table["upper_80"], strict=True))
    assert sum(text.get_gid() == "median" for text in left.texts) == len(table)
    assert sum(text.get_gid() == "ratio" for text in right.texts) == len(ratios)
    assert [t.get_text() for t in left.get_yticklabels()][:2] == ["short, months 1–6", "mid, months 7–24"]
    assert "ratio, withdrawal" in right.get_xlabel()


def test_contrast_names_the_months_that_its_table_holds_and_none_that_it_does_not_tell():
    table, ratios = contrast_tables()
    other = plots.scenario_contrast(table.replace({"last": {6: 3}}), ratios, as_of=AS_OF)
    assert other.child_axes[0].get_yticklabels()[0].get_text() == "short, months 1–3"
    silent = plots.scenario_contrast(table.drop(columns=["first", "last"]), ratios, as_of=AS_OF)
    assert silent.child_axes[0].get_yticklabels()[0].get_text() == "short"


@pytest.mark.parametrize("size", ["page", "column", "slide"])
@pytest.mark.parametrize("spread", [0.2, 1.0, 3.0])
def test_the_marks_of_the_ratio_stand_apart_at_every_width(size, spread):
    table, ratios = contrast_tables()
    numbers = [column for column in ratios if column not in ("country", "horizon")]
    ratios[numbers] = ratios[numbers] ** spread
    ax = plots.scenario_contrast(table, ratios, as_of=AS_OF, size=size)
    labels = [label for label in ax.child_axes[1].get_xticklabels() if label.get_visible()]
    boxes = [label.get_window_extent() for label in labels]
    assert len(boxes) >= 3 and "×1" in [label.get_text() for label in labels]
    assert all(left.x1 + 2 < right.x0 for left, right in pairwise(boxes))


def test_contrast_refuses_a_table_with_a_hole():
    table, ratios = contrast_tables()
    with pytest.raises(ValueError, match="Expected one row"):
        plots.scenario_contrast(table.drop(index=1), ratios, as_of=AS_OF)


def test_ladder_prints_every_number_as_a_natural_frequency():
    table = ladder_table()
    ax = plots.exceedance_ladder(table, as_of=AS_OF)
    mali, niger = ax.child_axes
    assert [mali.get_title(loc="left"), niger.get_title(loc="left")] == ["Mali", "Niger"]
    assert [t.get_text() for t in mali.get_yticklabels()] == ["100", "250", "500", "1,000", "2,500", "5,000"]
    printed = [t.get_text() for t in mali.texts]
    assert len(printed) == 2 * len(THRESHOLDS)
    assert {"more than 99 in 100", "less than 1 in 100", "60 in 100"} <= set(printed)
    widths = [bar.get_width() for bar in mali.containers[0]]
    assert widths == pytest.approx(list(table["probability"][: len(THRESHOLDS)] * 100))


def test_spillover_shows_what_matters_and_sums_over_all():
    ax = plots.spillover_matrix(shares(), as_of=AS_OF)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Benin", "Burkina Faso"], "the largest sum first"
    assert [t.get_text() for t in ax.get_xticklabels()] == ["Mali", "Burkina Faso", "Niger", "all"]
    assert [t.get_text() for t in ax.texts] == ["34", "34", "21", "8", "29"]
    assert "Mali" in plots.describe(ax).caption


def test_spillover_with_nothing_to_show_says_so():
    with pytest.raises(ValueError, match="nothing to draw"):
        plots.spillover_matrix(shares() * 0.01, as_of=AS_OF)


def test_map_shades_and_labels_all_sixteen():
    values = {iso3: value for iso3, value in CHANCES.items() if iso3 != "LBY"}
    ax = plots.region_map(values, what="Chance of something", ground=map_ground(), as_of=AS_OF)
    patches = {patch.get_gid(): patch for patch in ax.patches if patch.get_gid()}
    assert set(patches) == set(UNITS)
    assert patches["LBY"].get_hatch()
    assert patches["MLI"].get_facecolor()[:3] == to_rgb(SEQUENCE[0])
    assert patches["DZA"].get_facecolor()[:3] == to_rgb(SEQUENCE[-1])
    for iso3, name in NAMES.items():
        number = "no value" if iso3 == "LBY" else {"MLI": "<1", "DZA": "93"}.get(iso3)
        assert any(text.startswith(f"{name}\n{number or ''}") for text in texts(ax))
    assert "Natural Earth" in figure_words(ax)


def test_map_keeps_distances_in_proportion():
    ax = DRAW["region_map"](as_of=AS_OF)
    south, north = ax.get_ylim()
    assert ax.get_aspect() == pytest.approx(1 / np.cos(np.deg2rad((south + north) / 2)))


def test_drivers_print_prior_and_posterior_chances():
    ax = plots.drivers(driver_table(), as_of=AS_OF)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["drawdown pace", "regional cooperation"]
    assert {"70 → 31", "40 → 41"} <= set(texts(ax))
    prior = [tuple(line.get_xdata()) for line in ax.lines if line.get_gid() == "prior"]
    assert prior == [(1.0, 2.0), (0.6, 1.0)]
    assert "for 1 of 2 drivers" in plots.describe(ax).caption


def test_drivers_show_one_tick_for_each_claim():
    table = driver_table().assign(claim_ratios=[[1.1, 1.1, 2.6], []])
    ax = plots.drivers(table, as_of=AS_OF)
    (ticks,) = [line for line in ax.lines if line.get_gid() == "claims"]
    assert list(ticks.get_xdata()) == [1.1, 1.1, 2.6]
    assert ax.get_xlim()[1] > 2.6
    assert "one claim" in plots.describe(ax).caption


def test_ridge_draws_each_horizon_and_scenario_with_its_interval():
    paths = two_futures()
    ax = plots.ridge(paths, windows(), as_of=AS_OF, country="MLI")
    ridges = [line for line in ax.lines if line.get_gid() == "ridge"]
    assert len(ridges) == 4
    assert max(line.get_ydata().max() for line in ridges[:2]) == pytest.approx(1.86)  # one ridge fills the row's height
    mean = paths["withdrawal"].sel(country="MLI", outcome="one_sided", month=windows()["short"]).mean("month").values
    low, high = np.quantile(mean, [0.1, 0.9])
    first = next(line for line in ax.lines if line.get_gid() == "interval 80")
    assert tuple(first.get_xdata()) == pytest.approx((low, min(high, ax.get_xlim()[1])))
    assert {"Short, months 1–6", "Mid, months 7–24"} <= set(texts(ax))
    later = plots.ridge(paths, {"mid": windows()["mid"][:3]}, as_of=AS_OF, exit_month="2023-01", country="MLI")
    assert "Mid, months 12–14" in texts(later)
    assert "months counted from January 2023" in figure_words(later)
    assert any(text.startswith(f"median {np.median(mean):.0f}") for text in texts(ax))


def test_multiples_draw_what_each_scenario_expects_and_the_band_of_the_first():
    paths = two_futures()
    ax = plots.scenario_multiples(paths, countries=("MLI", "NER"), as_of=AS_OF)
    mali, niger = ax.child_axes
    assert [mali.get_title(loc="left"), niger.get_title(loc="left")] == ["Mali", "Niger"]
    for name, array in paths.items():
        (line,) = [line for line in niger.lines if line.get_gid() == name]
        expected = array.sel(country="NER", outcome="one_sided").mean("draw").values
        assert line.get_ydata() == pytest.approx(expected)
    band = niger.collections[0].get_paths()[0].vertices[:, 1]
    values = paths["withdrawal"].sel(country="NER", outcome="one_sided").values
    assert band.max() == pytest.approx(np.quantile(values, 0.9, axis=0).max())
    assert band.min() == pytest.approx(np.quantile(values, 0.1, axis=0).min())


def test_flow_map_draws_arrows_by_size_and_leaves_out_the_small():
    ax = plots.flow_map(flows(), ground=map_ground(), as_of=AS_OF)
    arrows = [patch.get_gid() for patch in ax.patches if str(patch.get_gid()).startswith("flow")]
    assert arrows == ["flow BFA>MLI", "flow MLI>BFA"]  # the largest last, on top
    assert [t.get_text() for t in ax.texts if t.get_gid() == "flow"] == ["31", "14"]
    assert "below 2 are left out" in plots.describe(ax).caption
    assert "Mali to Burkina Faso 31" in plots.describe(ax).alternative


@pytest.mark.parametrize("size", ["page", "column"])
def test_no_name_hides_the_head_or_the_tail_of_an_arrow(size):
    table = flows()
    table.loc["MRT", "MLI"] = table.loc["BEN", "NGA"] = 11.0
    ax = plots.flow_map(table, ground=map_ground(), as_of=AS_OF, size=size)
    heads = {patch.get_gid(): patch for patch in ax.patches if str(patch.get_gid()).startswith("flow ")}
    codes = {unit: {country_name(unit), on_two_lines(country_name(unit)), unit} for unit in map_ground().units}
    for gid, patch in heads.items():
        units = gid.removeprefix("flow ").split(">")
        for unit, end in zip(units, patch._posA_posB, strict=True):
            for text in ax.texts:
                if text.get_text() in codes[unit]:
                    assert not text.get_window_extent().contains(*ax.transData.transform(end)), (gid, unit)


def test_rows_of_the_spillover_matrix_stand_by_size_and_the_caption_says_so():
    ax = plots.spillover_matrix(shares(), as_of=AS_OF)
    names = [label.get_text() for label in ax.get_yticklabels()]
    totals = shares().sum(axis=1).sort_values(ascending=False)
    assert names == [country_name(unit) for unit in totals.index if country_name(unit) in names] and len(names) > 1
    assert "largest sum stands first" in plots.describe(ax).caption


def test_figures_of_guessed_borders_say_so_in_both_languages():
    guessed = CaseWords(id="x", home="QMA", units=("QMA",), record="R", unit="region", borders_guessed=True)
    for code, said in (
        ("en", "Which regions touch was not measured"),
        ("fr", "Les frontières entre régions n’ont pas été mesurées"),
    ):
        with telling(guessed), speaking(code):
            assert said in plots.describe(plots.flow_map(flows(), ground=map_ground(), as_of=AS_OF)).caption
            assert said not in plots.describe(plots.spillover_matrix(shares(), as_of=AS_OF)).caption, "it is the record"
    with telling(replace(guessed, borders_guessed=False)):
        assert "measured" not in plots.describe(plots.flow_map(flows(), ground=map_ground(), as_of=AS_OF)).caption


def test_flow_map_without_arrows_says_so():
    ax = plots.flow_map(flows() * 0.01, as_of=AS_OF)
    assert "No arrow reaches 2." in plots.describe(ax).alternative


def test_fan_is_stamped_with_how_the_forecast_did():
    history = series(month_range("2018-01", "2024-12"))
    ax = plots.fan(history, futures(), exit_month="2023-12", as_of=AS_OF, observed_later=history, **MALI)
    assert "of 18 months of this series since lie in the 80 % band" in figure_words(ax)
    other = plots.dots({"withdrawal": np.arange(1000.0)}, as_of=AS_OF, country="MLI", checked="Check: 9 of 10.")
    assert "Check: 9 of 10." in figure_words(other)


def test_tornado_puts_the_longest_bar_on_top_and_states_the_unit():
    ax = DRAW["tornado"](as_of=AS_OF)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a big one", "a small one"]
    low, high = ax.containers
    assert (low[0].get_x(), low[0].get_width()) == (900, -200)
    assert high[0].get_width() == 600
    assert ax.get_xlabel() == "deaths"
    assert "as it is: 900" in texts(ax)


def test_tornado_has_its_legend_clear_of_the_numbers_at_the_bars():
    for size in ("page", "column"):
        ax = DRAW["tornado"](as_of=AS_OF, size=size)
        ax.figure.canvas.draw()
        legend = ax.get_legend().get_window_extent()
        assert not [text.get_text() for text in ax.texts if text.get_window_extent().overlaps(legend)], size
        assert legend.y0 >= ax.get_window_extent().y1


def test_tornado_tells_small_swings_apart():
    table = pd.DataFrame({"label": ["x"], "low": [1052.0], "high": [1118.0]})
    ax = plots.tornado(table, baseline=1085, quantity="D", unit="deaths", as_of=AS_OF)
    assert {"1,050", "1,120", "as it is: 1,090"} <= set(texts(ax))


def test_tornado_of_a_probability_counts_in_hundreds():
    table = pd.DataFrame({"label": ["x"], "low": [0.12], "high": [0.48]})
    ax = plots.tornado(table, baseline=0.23, quantity="P", unit="in 100", as_of=AS_OF)
    assert {"12", "48", "as it is: 23"} <= set(texts(ax))


def test_ranked_fills_the_dots_that_lie_clear_of_the_line():
    ax = DRAW["ranked"](as_of=AS_OF)
    assert [t.get_text() for t in ax.get_yticklabels()] == ranked_table()["label"].tolist()
    assert {"0.9", "0.3", "−0.2", "nothing"} <= set(texts(ax))
    assert [tuple(line.get_xdata()) for line in ax.lines if line.get_gid() == "interval"] == [(0.5, 1.3), (-0.1, 0.7)]
    filled = [line.get_markerfacecolor() for line in ax.lines if line.get_marker() == "o"]
    assert [colour != "white" for colour in filled] == [True, False, False]
    assert "1 of the 3 rows shown lie clear" in plots.describe(ax).caption
    few = plots.ranked(ranked_table(), title="T", quantity="Q", reference=0.0, reference_words="r", most=1, as_of=AS_OF)
    assert "2 further rows are left out" in plots.describe(few).caption


def test_exits_have_a_row_each_filled_where_an_effect_would_show_and_arrows_beyond_the_axis():
    ratios, one_more = exit_tables()
    ax = plots.exits(ratios, one_more, as_of=AS_OF)
    assert len(ax.child_axes) == 3
    for panel in ax.child_axes:
        dots = [line for line in panel.lines if line.get_marker() in ("o", "<", ">")]
        assert [dot.get_marker() for dot in dots] == ["<", "o", "o"], "a ratio of 0.003 lies beyond the axis"
        assert [dot.get_markerfacecolor() != "white" for dot in dots] == [True, True, False]
        (bar,) = (line for line in panel.lines if line.get_gid() == "one more")
        assert list(bar.get_xdata()) == [0.4, 2.4]
    labels = [label.get_text() for label in ax.child_axes[0].get_yticklabels()]
    assert labels == ["SECOND, Cambodia 1995", "THIRD, Rwanda 1995", "FOURTH, Haiti 1995", "one exit more"]
    assert "of these 6, 3 lie above" in plots.describe(ax).caption and "3 exits" in plots.describe(ax).caption


def test_scorecard_shows_three_scores_and_counts_what_they_rest_on():
    ax = DRAW["source_scorecard"](as_of=AS_OF)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["one-source", "another"]
    assert {"7 (8)", "1 (1)"} <= set(texts(ax))
    places = {line.get_marker(): line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 1}
    assert (places["o"], places["D"], places["|"]) == (0.05, 0.02, 0.56)  # of the last row
    said = plots.describe(ax).caption
    assert "too few to rank" in said and "Nothing is settled yet of silent" in said


def test_an_empty_scorecard_says_that_nothing_is_settled():
    ax = plots.source_scorecard(score_table().iloc[2:], as_of=AS_OF)
    assert "nothing to score yet" in plots.describe(ax).caption


def test_timeline_groups_claims_by_proposition_and_window():
    ax = DRAW["claim_timeline"](as_of=AS_OF)
    assert [t.get_text() for t in ax.get_yticklabels()] == [
        "abuses rise",
        "violence rises",
        "aid shrinks",
        "violence rises",
    ]
    windows = {(line.get_gid(), *line.get_xdata()) for line in ax.lines if line.get_gid()}
    assert windows == {("false", 0.6, 6.4), ("true", 0.6, 6.4), ("partly", 6.6, 18.4), ("open", 6.6, 24.4)}
    assert {"true ×2", "false", "in part", "open"} <= set(texts(ax))
    assert "Of 6 claims 5 can be settled" in plots.describe(ax).caption


def test_calibration_draws_coverage_and_a_band_that_narrows():
    ax = DRAW["calibration"](as_of=AS_OF)
    first, second = ax.child_axes
    assert first.lines[-1].get_label() == "forecasts (n = 120)"
    assert list(second.lines[1].get_ydata()) == pytest.approx([56, 77])
    assert {"56", "77", "n = 120"} <= {t.get_text() for t in second.texts}
    assert simultaneous_band(1000).max() < simultaneous_band(100).max() / 2
    assert "stays inside the band" in plots.describe(ax).caption


def test_dots_are_as_many_as_said_and_those_beyond_the_axis_are_told():
    totals = np.concatenate([np.linspace(50, 400, 96), np.full(4, 9000.0)])
    ax = plots.dots({"withdrawal": totals}, as_of=AS_OF, country="MLI", observed=300)
    (panel,) = ax.child_axes
    offsets = panel.collections[0].get_offsets()
    assert len(offsets) == 50
    assert len({tuple(o) for o in offsets}) == 50
    assert any(text.startswith("2 dots beyond the axis") for text in texts(ax))
    assert "observed 300" in texts(ax)


def lightness(colour):
    return np.dot(to_rgb(colour), (0.2126, 0.7152, 0.0722))


def test_colours_can_be_told_apart_in_grey():
    assert lightness(SERIES[1]) - lightness(SERIES[0]) > 0.3
    for ramp in (BLUE_BANDS, SEQUENCE):
        steps = -np.diff([lightness(colour) for colour in ramp])
        assert (steps > 0.04).all()


# Chances


def test_chances_are_drawn_where_they_lie_and_told_in_words(told):
    ax = plots.chances(chances_table(), names=("it leaves", "it stays"), as_of=AS_OF)
    dots = {line.get_gid(): line.get_xdata() for line in ax.lines if line.get_gid()}
    np.testing.assert_allclose(dots["first"], [42, 0.3, 18])
    np.testing.assert_allclose(dots["second"], [31, 0.3, 18])
    assert np.isnan(dots["base_rate"][2]) and [t.get_text() for t in ax.get_yticklabels()] == [
        "Niger",
        "Mauritania",
        "A coup",
    ]
    alternative = plots.describe(ax).alternative
    assert "Niger 42 (second scenario 31)" in alternative and "Mauritania <1" in alternative
    alone = plots.chances(chances_table().assign(second=None), names=("it leaves",), as_of=AS_OF)
    assert "second" not in {line.get_gid() for line in alone.lines}
