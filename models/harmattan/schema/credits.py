"""Who is credited on the page: `seeds/data/credits.yaml`."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from .case_words import Wording
from .validation import validate_list
from .vocabulary import Identifier, Record, Text
from .yaml_source import read_yaml

CREDITS_FILE = "seeds/data/credits.yaml"


class Credit(Record):
    """A data set with its publisher; the page names it where one of its files was read."""

    id: Identifier
    citation: Text
    """As its publisher asks for it."""
    files: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Files that come from it, below the folder of the case."""
    role: Wording
    """What it is used for, by language."""
    licence: Wording


def read_credits(root: Path) -> list[Credit]:
    """Return the credits that a folder states; none where it has no such file.

    Raises
    ------
    InputError
        If the file is wrong.
    """
    path = root / CREDITS_FILE
    return validate_list(Credit, read_yaml(path)) if path.is_file() else []
