"""Tables and sentences at a terminal of any width: numbers whole, columns named, words unbroken."""

import io
import re

import numpy as np
import pandas as pd
import pytest

from harmattan.cli import tables
from harmattan.cli.commands import backtest, compare, explain, forecast, ledger
from harmattan.cli.output import print_text
from harmattan.cli.tables import LEAST_TEXT, Shown, print_table
from harmattan.risk.comparison import compare_paths, paired_ratio, ratio_of_expected

TABLES = {
    "forecast": forecast.COLUMNS,
    "compare": compare.COLUMNS,
    "compare --all": compare.OVERVIEW,
    "ledger": ledger.SETTLED,
    "scores": ledger.SCORES,
    "explain": explain.COLUMNS,
    "skill": backtest.SKILL,
    "coverage": backtest.COVERAGE,
}
TEXTS = {
    "country": ["CIV", "BFA", "MLI"],
    "outcome": ["state_based", "one_sided", "non_state"],
    "scenario": ["wagner_expansion", "withdrawal", "vacuum"],
    "region": ["central Sahel", "coast", "Mali"],
    "months": ["25-60", "7-24", "1-6"],
    "window": ["short", "mid", "long"],
    "claim": ["commentary-exit-013-e", "chat-bard-090-a", "debate-fes-003-b"],
    "says": ["The signatories' alliance calls the exit a deadly and wilful blow to the accord.", "Short.", "More."],
    "verdict": ["true", "false", "open"],
    "why": ["49 deaths a month, 48 before", "it happened in 2023-12-31", "–"],
    "level": ["source", "group", "all"],
    "id": ["commentary-exit", "state-security-capacity", "all"],
    "label": ["The rulers turn against outsiders, or friction eases", "Aid", "The Malian Exit"],
    "method": ["simulated again", "reweighted", "not possible"],
    "score": ["log1p_crps", "crps", "rps"],
    "best": ["conflictology_12", "conflictology_36", "conflictology_24"],
    "cells": ["total", "months", "months"],
}
NUMBERS = [4512.4, -1234.5, 0.004]
"""A large number, a large one with a sign, and one that rounds to nothing."""


class Terminal(io.StringIO):
    """A standard output that somebody watches."""

    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    def at(width):
        stream = Terminal()
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setenv("TERM", "dumb")
        monkeypatch.setattr("sys.stdout", stream)
        return stream

    return at


def made_up(columns):
    return pd.DataFrame({column.name: TEXTS.get(column.name, NUMBERS) for column in columns})


def words_of(lines):
    return set(re.sub(r"[─]", " ", " ".join(lines)).split())


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", TABLES)
def test_every_table_shows_numbers_whole_and_columns_named(terminal, name, width):
    columns = TABLES[name]
    stream = terminal(width)
    print_table(made_up(columns), "A title", columns)
    lines = stream.getvalue().splitlines()
    assert all(len(line) <= width for line in lines)
    assert "…" not in stream.getvalue()
    missing = next((line for line in lines if line.startswith("For want of room")), "")
    notes = " ".join(lines[lines.index(missing) :]).split(". A wider")[0] if missing else ""
    left_out = notes.removeprefix("For want of room not shown: ").split(", ")
    shown = words_of(lines)
    for column in columns:
        if column.heading in left_out:
            assert column.minor > 0  # what carries the answer stays
            continue
        assert set(column.heading.split()) <= shown or f"{column.heading}:" in stream.getvalue()
        for cell in column.cells(made_up(columns)):
            assert set(cell.split()) <= shown


def test_a_table_that_no_terminal_can_hold_is_stacked(terminal):
    stream = terminal(24)
    columns = (Shown("country", "country", words=tables.COUNTRY.words), Shown("mean", "mean"), Shown("q95", "largest"))
    frame = pd.DataFrame({"country": ["GNB"], "mean": [4512.0], "q95": [9876.0]})
    print_table(frame, "T", columns)
    assert stream.getvalue().split("\n")[:4] == ["T", "country: Guinea-Bissau", "  mean: 4,512", "  largest: 9,876"]


def test_rows_of_nothing_are_counted_and_not_shown(terminal):
    stream = terminal(80)
    frame = pd.DataFrame({"country": ["MLI", "GIN", "GNB"], "mean": [3.0, 0.001, 0.0]})
    print_table(frame, "T", (tables.COUNTRY, Shown("mean", "mean")), ["mean"])
    assert "Mali" in stream.getvalue() and "Guinea" not in stream.getvalue()
    assert "2 rows of nothing but 0.00 not shown" in stream.getvalue()


def test_a_pipe_gets_the_whole_table_with_its_codes(capsys):
    frame = pd.DataFrame({"country": ["GIN"], "mean": [0.0], "q25": [1234.5678]})
    print_table(frame, "T", (tables.COUNTRY, Shown("mean", "mean")), ["mean"])
    assert capsys.readouterr().out == "country\tmean\tq25\nGIN\t0\t1234.57\n"


def test_numbers_say_what_they_are(terminal):
    stream = terminal(80)
    values = [0.0, -0.001, 0.126, 9.996, -4512.4, float("nan"), 3]
    frame = pd.DataFrame({"value": pd.Series(values, dtype=object)})
    print_table(frame, "T", (Shown("value", "value"),))
    assert stream.getvalue().split()[-7:] == ["0", "0.00", "0.13", "10", "-4,512", "–", "3"]


def test_long_lines_go_on_between_words_under_their_own_beginning(terminal):
    stream = terminal(40)
    print_text("driver one\n    for  a-claim-with-a-name  weight 0.125 of all that is said about it")
    assert stream.getvalue() == (
        "driver one\n    for  a-claim-with-a-name  weight\n        0.125 of all that is said about\n        it\n"
    )


def test_a_column_of_sentences_is_not_a_column_of_words(terminal):
    columns = (Shown("says", "says"), Shown("id", "id", 1))
    frame = pd.DataFrame({"says": ["one two three four five six seven eight"], "id": ["commentary-exit-013-e"]})
    stream = terminal(30)
    print_table(frame, "T", columns)
    assert max(map(len, stream.getvalue().splitlines()[3:5])) >= LEAST_TEXT - len("seven")
    assert "For want of room not shown: id" in " ".join(stream.getvalue().split())


# The ratio of two scenarios


def deaths(values):
    import xarray as xr

    array = np.array(values)[:, None, None, None]
    coords = {"month": ["2023-07"], "country": ["MLI"], "outcome": ["one_sided"]}
    return xr.DataArray(array, dims=("draw", "month", "country", "outcome"), coords=coords)


def test_the_ratio_of_means_and_the_ratio_within_futures_are_two_columns():
    first, second = deaths([0, 10, 30, 200]), deaths([0, 10, 10, 20])
    row = compare_paths(first, second, {"short": ["2023-07"]}).iloc[0]
    within = [1.0, 1.0, 30.5 / 10.5, 200.5 / 20.5]
    assert row["ratio"] == pytest.approx(240 / 40) == ratio_of_expected(first, second)
    assert row["ratio_median"] == pytest.approx((1.0 + 30.5 / 10.5) / 2)
    np.testing.assert_allclose(paired_ratio(first.values.ravel(), second.values.ravel()), within)
    assert [row["ratio_q05"], row["ratio_q95"]] == pytest.approx(np.quantile(within, [0.05, 0.95]).tolist())


def test_ratios_are_of_all_deaths_of_the_horizon():
    import xarray as xr

    first, second = (
        xr.concat([deaths(a), deaths(b).assign_coords(month=["2023-08"])], "month")
        for a, b in (([4, 0], [0, 2]), ([0, 1], [2, 1]))
    )
    row = compare_paths(first, second, {"short": ["2023-07", "2023-08"]}).iloc[0]
    assert row["ratio_median"] == pytest.approx((4.5 / 2.5 + 2.5 / 2.5) / 2)
    assert row["difference_mean"] == pytest.approx((4 - 2 + 2 - 2) / 2 / 2)
