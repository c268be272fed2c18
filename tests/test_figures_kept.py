"""Beside each figure of a brief stand the numbers that it is drawn from, and these draw the same figure again."""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sampling import SHORT

import harmattan as hm
from harmattan.plots import read_numbers
from harmattan.plots.figure_numbers import FigureNumbers
from harmattan.report.brief_figures import Drawing
from harmattan.report.content import BriefFigure

DRAWS = 100

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("made_case")]


@dataclass(frozen=True)
class Twofold:
    """A figure as the brief draws it, and drawn once more from what stands in its JSON."""

    look: str
    name: str
    numbers: FigureNumbers
    read: FigureNumbers
    drawn: tuple[BriefFigure, dict[str, bytes]]
    again: tuple[BriefFigure, dict[str, bytes]]


@pytest.fixture(scope="module")
def brief(made_case, made_fit, made_people, tmp_path_factory):
    """A brief of both looks, and its figures."""
    found, plain, other = [], Drawing.twice, tmp_path_factory.mktemp("again")

    def files(folder: Path, name: str) -> dict[str, bytes]:
        parts = [f"{name}.png", f"{name}.svg", f"{name}-column.svg", f"{name}.json"]
        return {part: (folder / part).read_bytes() for part in parts}

    def twice(drawing, draw, numbers, name, tables, **words):
        drawn = plain(drawing, draw, numbers, name, tables, **words)
        read = read_numbers((drawing.folder / f"{name}.json").read_text(encoding="utf-8"))
        elsewhere = replace(drawing, folder=other / drawing.folder.name)
        again = plain(elsewhere, draw, read, name, tables, **words)
        kept = (drawn, files(drawing.folder, name)), (again, files(elsewhere.folder, name))
        found.append(Twofold("exit" if drawing.run.looks_back else "", name, numbers, read, *kept))
        return drawn

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Drawing, "twice", twice)
        folder = hm.brief(out=tmp_path_factory.mktemp("brief") / "out", draws=DRAWS, settings=SHORT).parent
    return folder, found


def test_every_figure_has_its_numbers_beside_it_and_run_json_names_them(brief):
    folder, found = brief
    figures = {path for path in (folder / "figures").rglob("*.svg") if not path.stem.endswith("-column")}
    kept = {path.relative_to(folder).as_posix() for path in (folder / "figures").rglob("*.json")}
    assert kept == {path.with_suffix(".json").relative_to(folder).as_posix() for path in figures}
    assert kept == {(Path("figures") / one.look / f"{one.name}.json").as_posix() for one in found}
    assert kept <= set(json.loads((folder / "run.json").read_text(encoding="utf-8"))["files"])
    looks = [{one.numbers.figure for one in found if one.look == look} for look in ("", "exit")]
    both = {
        "fan",
        "dots",
        "ridge",
        "multiples",
        "flow",
        "ladder",
        "map",
        "spillover",
        "exit-effect",
        "drivers",
        "tornado",
    }
    assert looks == [both | {"years-ahead", "chances"}, both | {"contrast", "calibration"}]


def test_pages_show_no_figure_whose_numbers_are_not_kept(brief):
    folder, found = brief
    for page, looks in (("brief", {"", "exit"}), ("annex", {""}), ("exit", {"exit"})):
        html = (folder / f"{page}.html").read_text(encoding="utf-8")
        shown = re.findall(r'<figure id="figure-([^"]+)"', html)
        assert shown and set(shown) <= {one.name for one in found if one.look in looks}, page


def test_what_is_read_is_what_was_drawn_and_draws_the_same_bytes(brief):
    _, found = brief
    for one in found:
        assert one.read == one.numbers, one.name
        assert one.again == one.drawn, one.name
        assert len(set(one.drawn[1])) == 4 and all(one.drawn[1].values())
