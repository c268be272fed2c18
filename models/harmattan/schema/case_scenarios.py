"""Which scenarios of a case commands and pages start with."""

from typing import Annotated

from .vocabulary import Distinct, Identifier, Record


class ScenarioPair(Record):
    """Scenarios that commands use where none is named."""

    first: Identifier
    second: Identifier | None = None
    """What the first is held against; null where the case has only one."""
    record_alone: Identifier
    """The scenario in which no driver acts."""
    now: Identifier | None = None
    """What a look from after the exit starts with, where nothing is held against it; null = the first."""
    cards: Annotated[tuple[Identifier, ...], Distinct] = ()
    """Those told side by side as the range of what may come, beside the first."""
