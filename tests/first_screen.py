"""The first screen of a brief, as it is read."""

import re
from html import unescape


def first_screen(html):
    """Return the first screen as it is read, and each of its lines with the tables that it leads to."""
    part = html[html.index('<div class="lines">') :]
    part = part[: part.index("</div>")]
    told = re.findall(r"(?s)<(?:li|p)[^>]*>(.*?)</(?:li|p)>", part)
    return [(unescape(re.sub(r"<[^>]+>", "", line)), re.findall(r'href="([^"]+)"', line)) for line in told]


def words(text):
    """Return how many words and numbers a text has; a number is one, whatever stands between its thousands."""
    return len(re.findall(r"\d[\d.,\u202f]*|[^\W\d_]+(?:[’'-][^\W\d_]+)*", text))
