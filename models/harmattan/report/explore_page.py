"""The exploring page: the fragment on a page of its own, one file without server or library."""

from collections.abc import Sequence

from ..core.language import case_title, phrase, translate
from ..run.results import Forecast
from .explore_fragment import Explorable, environment, explorable, render_explore_fragment
from .words import Scale, month_words


def render_explore(forecasts: Sequence[Forecast], *, likelihood: Scale = "icd203", last: str) -> str:
    """Return the exploring page of paired forecasts, in the language that is spoken, of the case that is told.

    Parameters are those of `explorable` and `render_explore_fragment`.
    """
    return explore_page(explorable(forecasts, last), likelihood=likelihood)


def explore_page(found: Explorable, *, likelihood: Scale = "icd203") -> str:
    """Return the page of what is explored already; it holds all futures."""
    first = found.runs[0]
    page = {
        "title": phrase("explore.title", title=case_title()),
        "stamp": phrase("explore.stamp", month=month_words(first.clock.as_of), record=month_words(found.last)),
        "failures": tuple(translate(problem) for problem in first.posterior.diagnostics.problems),
    }
    fragment = render_explore_fragment(found, likelihood=likelihood, level=2, data_bytes=None)
    return str(environment().get_template("explore.html.j2").render(page=page, fragment=fragment))
