"""Errors that a user can mend, and notices. Everything else is a bug and may show its traceback."""


class HarmattanError(Exception):
    """Base of every error raised on purpose."""


class InputError(HarmattanError):
    """Something the user gave cannot be used. The message says what, where and how to mend it (exit code 2)."""


class DiagnosticsError(HarmattanError):
    """The fit did not pass its diagnostics and the run is strict (exit code 1)."""


class Notice(UserWarning):
    """Something the user should know that changes no result, for instance that a fit could not be kept."""
