"""Where every command goes in and out: signals, streams and errors, and what the shell is told.

Exit codes: 0 done, 1 a failed strict run, 2 bad input or an environment that cannot be used, 130 interrupted (143 ended
by the system). Nothing heavy is imported here, so that an interruption is caught from the start.
"""

import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from types import FrameType
from typing import Any, TextIO, cast

from ..core.errors import DiagnosticsError, InputError
from .output import say

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
_TWIN_SECONDS = 1.0
"""A signal this soon after another is the same one, handed on by a program in between; it disturbs no tidying up."""


def main() -> None:
    """Run the command line and exit with its code."""
    received: list[int] = []
    with _streams() as (out, err), _stopping(received), _language():
        code = _exit_code()
        if received:
            code = 128 + received[0]
            say("stopped; nothing was left half-written.")
        out.flush()
        err.flush()
        if out.failure is not None and not isinstance(out.failure, BrokenPipeError):
            say(f"the results could not be written to the standard output: {out.failure.strerror}.")
            code = code or 2
    if received:  # at once: Python would wait for threads, and may forget the code of a program that was interrupted
        os._exit(code)
    sys.exit(code)


def _exit_code() -> int:
    """Run the command; return the exit code after having said what went wrong."""
    try:
        from ..core.caches import provide_caches

        provide_caches()
        os.environ["MPLBACKEND"] = "agg"  # commands open no windows, whatever the user's own programs do
        from .help_words import spoken_app

        done = spoken_app()(standalone_mode=False)
        return done if isinstance(done, int) else 0
    except InputError as error:
        say(str(error))
        return 2
    except DiagnosticsError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    except MemoryError:
        say("the memory of this machine did not suffice. Lower --draws or --months.")
        return 2
    except OSError as error:
        where = f"{os.fsdecode(error.filename)}: " if error.filename is not None else ""
        say(f"{where}{error.strerror or error}. Reading or writing failed there, and nothing was left half-written.")
        return 2
    except Exception as error:  # typer's own usage errors carry an exit code and a message
        if not hasattr(error, "format_message"):
            raise
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message())
            return 0
        say(f"{error.format_message()} See harmattan --help.")
        return 2


@contextmanager
def _language() -> Iterator[None]:
    """Speak the language that was asked for from the first word on: errors may come before options are read."""
    from ..core.language import languages, speaking
    from .options import LANGUAGE_VARIABLE

    asked = os.environ.get(LANGUAGE_VARIABLE, "")
    for word, next_word in pairwise([*sys.argv[1:], ""]):
        if word == "--lang" or word.startswith("--lang="):
            asked = word.removeprefix("--lang").removeprefix("=") or next_word
    if asked not in languages()[1:]:  # English, or none that there is: the command itself refuses it
        yield
        return
    with speaking(asked):
        yield


@contextmanager
def _stopping(received: list[int]) -> Iterator[None]:
    """Let the signals that end a program raise, so that whatever is being built is taken away; note which came."""
    last = 0.0

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal last
        twin, last = time.monotonic() - last < _TWIN_SECONDS, time.monotonic()
        received.append(number)
        if not twin:
            raise KeyboardInterrupt

    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for name in _SIGNALS:
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
                before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Outlet:
    """A stream to a reader who may leave or a disk that may be full: then it falls silent and keeps the failure."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.failure: OSError | None = None

    def write(self, text: str) -> int:
        """Write, or do nothing when that has failed before."""
        if self.failure is None:
            try:
                return self.stream.write(text)
            except OSError as failure:
                self._fall_silent(failure)
        return len(text)

    def flush(self) -> None:
        """Flush, or do nothing when that has failed before."""
        if self.failure is None:
            try:
                self.stream.flush()
            except OSError as failure:
                self._fall_silent(failure)

    def _fall_silent(self, failure: OSError) -> None:
        self.failure = failure
        with suppress(OSError, ValueError):  # what is still in the buffer goes nowhere when Python ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stream.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def _streams() -> Iterator[tuple[_Outlet, _Outlet]]:
    """Guard the standard streams: closed ones lead nowhere, and letters that a terminal lacks become question marks."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115
    before, show = (sys.stdout, sys.stderr), warnings.showwarning
    for stream in before:
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    out, err = _Outlet(sys.stdout), _Outlet(sys.stderr)
    sys.stdout, sys.stderr = cast(TextIO, out), cast(TextIO, err)
    warnings.showwarning = _show_notice(show)
    try:
        yield out, err
    finally:
        (sys.stdout, sys.stderr), warnings.showwarning = before, show


def _show_notice(otherwise: Any) -> Any:
    """Return what shows our own notices as sentences, and other warnings as ever."""
    from ..core.errors import Notice

    def show(message: Any, category: type, *rest: Any, **more: Any) -> None:
        if issubclass(category, Notice):
            say(str(message))
        else:
            otherwise(message, category, *rest, **more)

    return show
