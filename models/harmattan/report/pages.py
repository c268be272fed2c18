"""What every page is made with: the templates, and the words and marks that they share."""

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from ..core.language import current, phrase

if TYPE_CHECKING:
    from jinja2 import Template


def page_template(name: str, **shared: Any) -> "Template":
    """Return a template of the folder `templates` in the language that is spoken; `shared` is known to its macros."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("harmattan.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(base64=_base64)
    environment.tests["a"] = lambda block, name: type(block).__name__ == name
    environment.globals.update(phrase=phrase, language=current().code, **shared)
    return environment.get_template(name)


def _base64(data: bytes | str) -> str:
    return b64encode(data.encode() if isinstance(data, str) else data).decode()
