"""Characters that nobody sees or that look like others: found and named before they make a key or an id differ."""

import re
import unicodedata

_BREAKS = "\u0085\u2028\u2029"
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_NOWHERE = re.compile(f"[{_BREAKS}{_TURNS}\ufeff]")
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_SINGLE_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]*")
_LOOK_ALIKES = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


def named(character: str) -> str:
    """Return a character as its code point and name, such as ``U+00A0 NO-BREAK SPACE``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'CONTROL CHARACTER')}"


def never_allowed(text: str) -> tuple[int, str] | None:
    """Return line (from 1) and character of the first one that no file may hold, or None.

    These break lines unseen, turn the direction of what follows, or mark the byte order inside of a file.
    """
    found = _NOWHERE.search(text, 1 if text.startswith("\ufeff") else 0)
    return None if found is None else (text.count("\n", 0, found.start()) + 1, found[0])


def unseen(word: str, *, key: bool = False) -> str | None:
    """Return the first character that makes a word differ from what a reader sees, or None.

    A single word (an id, a month, a number, a code) holds plain letters, digits and dashes only. Free text may hold
    what it likes; a key of several words (a title) may not hold invisible characters.

    Parameters
    ----------
    word : str
        A key or value of a file.
    key : bool
        Whether it is a key.
    """
    if word.isascii() and word.isprintable():
        return None
    if _SINGLE_WORD.fullmatch(_as_seen(word)) and not _foreign(word):
        return next(char for char in word if not char.isascii() or not char.isprintable())
    return next((char for char in word if _invisible(char)), None) if key else None


def _as_seen(word: str) -> str:
    shown = "".join(char for char in word.translate(_DASHES) if not _invisible(char))
    plain = unicodedata.normalize("NFKC", shown)
    return "".join("x" if _looks_latin(char) else char for char in plain)


def _foreign(word: str) -> bool:
    """Whether a word is written in another alphabet throughout, so that nobody takes it for a plain one."""
    letters = [char for char in word if char.isalpha()]
    return bool(letters) and all(_looks_latin(char) for char in letters)


def _looks_latin(character: str) -> bool:
    return not character.isascii() and unicodedata.name(character, "").startswith(_LOOK_ALIKES)


def _invisible(character: str) -> bool:
    if character in _BLANK or "\ufe00" <= character <= "\ufe0f":
        return True
    return character != " " and unicodedata.category(character) in ("Cf", "Cc", "Zs", "Zl", "Zp")
