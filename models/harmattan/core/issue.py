"""The day on which something is issued."""

import os
from datetime import UTC, date, datetime

VARIABLE = "SOURCE_DATE_EPOCH"
"""Seconds since 1970 that stand for now, so that what is made again has the same bytes: reproducible-builds.org."""


def day_of_issue() -> date:
    """Return today by UTC, or the day that the environment names in its place."""
    given = os.environ.get(VARIABLE, "")
    return datetime.fromtimestamp(int(given), UTC).date() if given.isdigit() else datetime.now(UTC).date()
