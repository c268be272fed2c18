"""Names with the forms that sentences need: a language's rules make them, a file of exceptions or a case corrects."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

FORMS = ("in", "of", "to", "short")
"""Forms of names that a note of a case may ask for, as in ``{home.in}``."""


class Name(str):
    """A name that also knows itself within a sentence: in a template `{country}` is bare, `{country.in}` "in Atlantis".

    Examples
    --------
    >>> "deaths {country.in}".format(country=Name("Atlantis", {"in": "in Atlantis"}))
    'deaths in Atlantis'
    """

    forms: Mapping[str, str]

    def __new__(cls, bare: str, forms: Mapping[str, str] | None = None) -> "Name":
        """Return a name with its forms."""
        made = super().__new__(cls, bare)
        made.forms = dict(forms or {})
        return made

    def __getattr__(self, form: str) -> str:
        """Return one of the forms.

        Raises
        ------
        AttributeError
            If the name has no such form.
        """
        forms = self.__dict__.get("forms", {})
        if form in forms:
            return forms[form]
        raise AttributeError(f"The name {str(self)!r} has no form {form!r}; it has {', '.join(forms) or 'none'}.")


@dataclass(frozen=True)
class Grammar:
    """How a language puts a name into a sentence, as its file states it under `grammar`.

    Attributes
    ----------
    kinds : tuple of (pattern, kind)
        The first pattern found in a name says of which kind it is.
    forms : mapping of str to mapping of str to str
        Form, then kind, to a template with `{name}`.
    """

    kinds: tuple[tuple[re.Pattern[str], str], ...] = ()
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def named(self, bare: str, kind: str = "", given: Mapping[str, str] | None = None) -> Name:
        """Return a name with its forms.

        Parameters
        ----------
        bare : str
        kind : str
            Of the name; where empty, the first pattern that fits decides.
        given : mapping of str to str, optional
            Forms that take precedence over the rules'.
        """
        kind = kind or next((kind for pattern, kind in self.kinds if pattern.search(bare)), "")
        made = {form: by[kind].format(name=bare) for form, by in self.forms.items() if kind in by}
        return Name(bare, made | dict(given or {}))


@dataclass(frozen=True)
class Nouns:
    """Common nouns of a language, such as "country" and "region", with the forms that its sentences need.

    Attributes
    ----------
    kinds : mapping of str to mapping of str to str
        Kind of noun, then form, to a template with `{name}` and `{plural}`. The first kind is that of a noun of which
        nothing else is said.
    known : mapping of str to mapping of str to str
        Noun to its `name`, `plural` and `kind`.
    """

    kinds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def noun(self, stated: Mapping[str, str]) -> Name:
        """Return a noun with its forms; `head` is the noun as a heading.

        Parameters
        ----------
        stated : mapping of str to str
            Its `name`, `plural` and, where it is not the first, its `kind`.
        """
        name, plural = stated["name"], stated["plural"]
        templates = self.kinds[stated.get("kind") or next(iter(self.kinds))]
        made = {form: text.format(name=name, plural=plural) for form, text in templates.items()}
        return Name(name, made | {"plural": plural, "head": name[:1].upper() + name[1:]})
