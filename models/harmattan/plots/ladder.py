"""How probable it is that twelve months pass each of several thresholds."""

import pandas as pd
from matplotlib.axes import Axes

from ..core.language import country_name, outcome_name, phrase, whole
from ..core.names import HEADLINE
from .figure_numbers import LadderNumbers, ladder_numbers
from .frame import described, open_axes, panels, tidy
from .numbers import in_hundred, joined, scenario_words
from .style import RULE, SERIES, SERIES_TEXT, Size, SizeName, style


def exceedance_ladder(
    table: pd.DataFrame,
    *,
    as_of: str,
    outcome: str = HEADLINE,
    period: str | None = None,
    title: str | None = None,
    source: str | None = None,
    checked: str = "",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw P(twelve-month total above each threshold) per scenario, one panel per country, every number printed.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``country`` (ISO3), ``scenario``, ``threshold`` (deaths in twelve months) and ``probability`` (0 to 1).
    period : str
        Which twelve months are meant, in words.

    Returns
    -------
    matplotlib.axes.Axes
        A frame; ``ax.child_axes`` holds one panel per country, in the order of the table.
    """
    numbers = ladder_numbers(table, outcome=outcome)
    return draw_ladder(
        numbers, as_of=as_of, period=period, title=title, source=source, checked=checked, size=size, ax=ax
    )


def draw_ladder(
    numbers: LadderNumbers,
    *,
    as_of: str,
    period: str | None = None,
    title: str | None = None,
    source: str | None = None,
    checked: str = "",
    size: SizeName = "page",
    ax: Axes | None = None,
) -> Axes:
    """Draw chances as bars, one panel per unit. Parameters and result are those of `exceedance_ladder`."""
    title, period = title or phrase("figures.ladder.title"), period or phrase("figures.first_year")
    countries, scenarios, thresholds = numbers.countries, numbers.scenarios, numbers.thresholds
    across = 1 if size == "column" else min(3, len(countries))
    down = -(-len(countries) // across)
    label = phrase("figures.ladder.axis")
    tall = max((0.75 + 0.95 * len(scenarios)) * len(thresholds) + 0.5, 0.55 * len(label))
    with style(size) as preset:
        subtitle = phrase("figures.ladder.subtitle", outcome=outcome_name(numbers.outcome), period=period)
        ax = open_axes(
            ax,
            preset,
            title=title,
            subtitle=subtitle,
            source=source or phrase("figures.source_simulated"),
            as_of=as_of,
            checked=checked,
            body=down * tall + (down - 1) * 2.8,
            left=6.0,
            right=1.5,
            below=0.8,
            above=2.8,
        )
        made = panels(ax, preset, columns=[1.0] * across, rows=down, gap=2.2, row_gap=2.8)
        for number, (country, panel) in enumerate(zip(countries, made, strict=False)):
            _panel(panel, numbers, country, preset)
            panel.set_title(country_name(country), loc="left", fontsize=preset.base, fontweight="bold", pad=4)
            if number % across:
                panel.set_yticklabels([])
            else:
                panel.set_ylabel(label, fontsize=preset.base * 0.92)
        for panel in made[len(countries) :]:
            panel.remove()
        made[0].legend(
            handles=made[0].containers,
            labels=[scenario_words(s) for s in scenarios],
            loc="lower left",
            ncol=len(scenarios),
            bbox_to_anchor=(0, 1 + 1.7 / tall),
            borderaxespad=0,
            handlelength=1.0,
            labelcolor=list(SERIES_TEXT[: len(scenarios)]),
        )
    return described(ax, title, *_words(numbers, period), numbers)


def _panel(panel: Axes, numbers: LadderNumbers, country: str, size: Size) -> None:
    scenarios, thresholds = numbers.scenarios, numbers.thresholds
    height = 0.78 / len(scenarios)
    for k, scenario in enumerate(scenarios):
        told = [numbers.chance(country, scenario, threshold) for threshold in thresholds]
        chances = [(i, chance) for i, chance in enumerate(told) if chance is not None]
        places = [i + (k - (len(scenarios) - 1) / 2) * height for i, _ in chances]
        widths = [chance * 100 for _, chance in chances]
        panel.barh(places, widths, height * 0.82, color=SERIES[k], label=scenario_words(scenario))
        for y, (_, probability) in zip(places, chances, strict=True):
            inside = probability > 0.62
            panel.annotate(
                in_hundred(probability),
                (probability * 100, y),
                (-3 if inside else 3, 0),
                textcoords="offset points",
                va="center",
                ha="right" if inside else "left",
                color=("white", "#1f2933", "white", "white")[k] if inside else SERIES_TEXT[k],
                fontsize=size.base * 0.84,
            )
    panel.set_yticks(range(len(thresholds)), [whole(t) for t in thresholds])
    panel.set_ylim(len(thresholds) - 0.45, -0.55)
    panel.set_xlim(0, 100)
    panel.set_xticks([])
    tidy(panel, size, bare="xy")
    panel.axvline(0, color=RULE, linewidth=0.8)


def _words(numbers: LadderNumbers, period: str) -> tuple[str, str]:
    parts = [
        phrase(
            "figures.ladder.part",
            country=country_name(step.country),
            scenario=scenario_words(step.scenario),
            threshold=whole(step.threshold),
            chance=in_hundred(step.probability),
        )
        for step in numbers.steps
    ]
    caption = phrase("figures.ladder.caption", period=period)
    return caption, phrase("figures.ladder.alternative", period=period, parts=joined(parts))
