"""What tests of words share: the words of a page, words that only English has, and grounds without a weak one."""

import re
from html.parser import HTMLParser

from harmattan.evaluate.past_totals import Held
from harmattan.report.words import Grounds

ENGLISH_ONLY = re.compile(
    r"\b(?:the|of|and|is|are|with|which|deaths|months|that|from|this|claims?|against|futures|expected|readers)\b",
    re.IGNORECASE,
)

SOUND = Grounds(
    focal=Held(44, 54), toll=Held(14, 18), later=None, months_met=12, documents=5, groups=4, fit_passed=True
)


class Shown(HTMLParser):
    """Collects the words a reader sees, but for what is marked as English, code or file name."""

    def __init__(self, html):
        super().__init__()
        self.words, self.hidden = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if attributes.get("alt"):
            self.words.append(attributes["alt"])
        if tag in ("meta", "img", "source", "br", "link"):
            return
        skipped = tag in ("style", "script", "code") or attributes.get("lang") == "en" or "download" in attributes
        self.hidden.append(skipped or bool(self.hidden and self.hidden[-1]))

    def handle_endtag(self, tag):
        self.hidden.pop()

    def handle_data(self, data):
        if not (self.hidden and self.hidden[-1]):
            self.words.append(data)
