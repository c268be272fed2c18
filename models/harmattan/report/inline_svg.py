"""Figures as SVG inside a page: small, with their text as text, and in the one font that travels with the page."""

import re
from base64 import b64encode
from collections.abc import Iterable
from html import unescape
from io import BytesIO
from pathlib import Path

FAMILY = "Harmattan figures"
"""Name of the page's own copy of DejaVu Sans: another of that name on the reader's machine may have other widths."""

_WEIGHTS = {400: "DejaVuSans.ttf", 700: "DejaVuSans-Bold.ttf"}
_ID = re.compile(r' ?\bid="([^"]+)"')
_DECIMALS = re.compile(r"(\d\.\d\d)\d+")


def inline_svg(svg: str, name: str) -> str:
    """Return matplotlib's SVG as it stands inside HTML: hidden from screen readers, which read the alternative text.

    Parameters
    ----------
    svg : str
        A file written with ``svg.fonttype: none``.
    name : str
        Begins every id, so that two figures of one page share none.
    """
    body = re.sub(r"(?s)<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg[svg.index("<svg") :])
    box = re.search(r'viewBox="[^"]+"', body)
    if box is None:
        raise ValueError(f"Figure {name} has no viewBox, so it cannot be scaled.")
    body = re.sub(r"<svg [^>]*>", f'<svg {box[0]} aria-hidden="true" focusable="false">', body, count=1)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', body))
    body = _ID.sub(lambda found: f' id="{name}-{found[1]}"' if found[1] in used else "", body)
    body = re.sub(r'(?:xlink:)?(href="#|url\(#)', rf"\g<1>{name}-", body)
    body = _DECIMALS.sub(r"\1", re.sub(r"font-family: [^;\"]*;? ?", "", body))
    return re.sub(r"\s+", " ", body).replace("> <", "><").strip()


def font_faces(figures: Iterable[str]) -> str:
    """Return the style sheet of the figures' font, with the characters that they write and no others.

    Parameters
    ----------
    figures : iterable of str
        Results of `inline_svg`.
    """
    texts = [unescape(text) for svg in figures for text in re.findall(r"(?s)<text[^>]*>(.*?)</text>", svg)]
    characters = set("".join(texts)) - {"\n"}
    if not characters:
        return ""
    rules = (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; '
        f'src: url("data:font/woff;base64,{b64encode(_subset(file, characters)).decode()}") format("woff"); }}'
        for weight, file in _WEIGHTS.items()
    )
    return "\n".join(rules)


def _subset(file: str, characters: set[str]) -> bytes:
    """Return matplotlib's own copy of a font as WOFF, cut to some characters; the same bytes on any day."""
    import matplotlib
    from fontTools import subset

    options = subset.Options(flavor="woff", layout_features=["kern"], recalc_timestamp=False)
    options.drop_tables += ["FFTM"]  # notes of the program that drew the font
    stream, cutter = BytesIO(), subset.Subsetter(options)
    cutter.populate(unicodes=[ord(character) for character in sorted(characters)])
    with subset.load_font(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / file), options) as font:
        cutter.subset(font)
        subset.save_font(font, stream, options)
    return stream.getvalue()
