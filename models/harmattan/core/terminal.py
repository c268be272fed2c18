"""What stands at a terminal in the reader's language: names, numbers that programs read too, and what the code says."""

from .language import current, decimal, phrase


def named(key: str, name: str) -> str:
    """Return what a name is called among the phrases below a key; as it stands where they do not know it."""
    return phrase(f"{key}.{name}") if f"{key}.{name}" in current().phrases else name


def terminal_words(text: str) -> str:
    """Return what the code says in English at a terminal in the reader's language; as it is where nobody translated it.

    Numbers, dates and paths in it stay as the reader typed them; what stands in a placeholder is looked up too.
    """
    if "\n" in text:
        return "\n".join(map(terminal_words, text.splitlines()))
    bare = text.strip()
    found = current().terminal.find(bare, terminal_words) if bare else None
    return text if found is None else text.replace(bare, found)


def at_terminal(value: float, places: int | None = None, *, signed: bool = False) -> str:
    """Return a number as `decimal` has it, with the minus that every terminal has and programs read.

    Parameters
    ----------
    value : float
    places : int, optional
        Decimals; by default as many as it has, up to six figures.
    signed : bool
        Whether a plus stands before what is not negative.
    """
    if places is None:
        places = len(f"{value:.6g}".partition(".")[2])
    text = decimal(value, places).replace("−", "-")
    return f"+{text}" if signed and not text.startswith("-") else text
