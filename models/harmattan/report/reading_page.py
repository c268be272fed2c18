"""The page on which a person accepts, edits or drops drafts: one file, no server, works offline.

It shows the document's own sentences, which nothing else that the program writes does; it is made for the reader's own
machine, and its buttons hand on claims only, in the register's form.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from ..claims.reading.drafts import BARE, Read
from ..claims.reading.known import Known
from ..claims.reading.words import apart
from ..core.language import current, listed, phrase, placeholders, translate
from ..schema.bearing import SIDES, Bearing
from ..schema.draft import DRAFTS, Draft
from ..schema.records import Claim
from ..schema.starter_texts import claims_file_head
from ..schema.vocabulary import ClaimDirection, ClaimKind, Horizon, Scope

RUN = 8
"""Words of a document in a row that no paraphrase may repeat."""

DRIVER_ROWS = 3
_SAY = (
    "no_paraphrase", "repeats", "no_proposition", "no_outcome", "no_claimant", "not_yet", "none_accepted", "count",
    "saved", "copied", "not_copied", "another_of",
)  # fmt: skip


def render_reading(read: Read, known: Known) -> str:
    """Return the page of a document's drafts, in the language that is spoken. The same drafts give the same bytes."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("harmattan.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(phrase=phrase, language=current().code)
    source = read.drafts.source
    return environment.get_template("reading.html.j2").render(
        file=read.document.file,
        source=source,
        path=f"{DRAFTS}/{source}.yaml",
        document_language=known.words.language,
        drafts=[_shown(draft, read, known) for draft in read.drafts.drafts],
        choices=_choices(known),
        propositions=sorted({str(claim["proposition"]) for claim in known.coded if claim.get("proposition")}),
        outcomes=[(name, _outcome(name)) for name in known.case.words("outcomes")],
        bearings=[(translate(known.drivers[id].title), list(_ways(id, known))) for id in known.drivers],
        told=_json(_told(read)),
    )


def _told(read: Read) -> dict[str, Any]:
    """Return what the page's script needs."""
    drafts = [draft.model_dump(mode="json", by_alias=True) for draft in read.drafts.drafts]
    return {
        "source": read.drafts.source,
        "sha256": read.document.sha256,
        "head": claims_file_head(read.drafts.source),
        "keys": list(Claim.model_fields),
        "bare": BARE,
        "run": RUN,
        "taken": sorted(read.taken),
        "drafts": {draft["id"]: {key: draft[key] for key in Claim.model_fields} for draft in drafts},
        "say": {key: _template(f"reading.say.{key}") for key in _SAY},
    }


def _template(key: str) -> str:
    """Return a phrase with its placeholders as they are, for the page's script to fill."""
    return phrase(key, **{name: f"{{{name}}}" for name in placeholders(current().phrases[key])})


def _json(data: Any) -> str:
    """Return data as JSON that may stand inside a script element."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")


def _shown(draft: Draft, read: Read, known: Known) -> dict[str, Any]:
    found, sentence = draft.found, read.sentences[draft.id].text
    lines = listed([str(line) for line in draft.lines])
    head = phrase(
        "reading.head" if len(draft.lines) == 1 else "reading.head_lines",
        lines=lines, kind=phrase(f"reading.kinds.{draft.kind}"), hedge=draft.hedge or phrase("reading.no_hedge"),
    )  # fmt: skip
    rows = [row for id, bearing in draft.drivers.items() for row in _rows(id, bearing, known)]
    rows += [("", phrase("reading.no_driver"))] * (DRIVER_ROWS - len(rows))
    others = (*found.sizes, *found.horizons, *found.places)
    return draft.model_dump(mode="json", by_alias=True) | {
        "head": head,
        "meta": phrase("reading.meta", id=draft.id, readers=listed(list(map(translate, draft.proposed_by)))),
        "pieces": list(_pieces(sentence, found.hedges, others, draft.hedge)),
        "likely": [(translate(known.drivers[id].title), ", ".join(words)) for id, words in found.drivers.items()],
        "outcomes": [(name, _outcome(name)) for name in dict.fromkeys((draft.outcome, *found.outcomes)) if name],
        "again": ", ".join(found.propositions),
        "bearings": [{"value": value, "name": name} for value, name in rows],
    }


def _pieces(text: str, hedges: tuple[str, ...], others: tuple[str, ...], own: str) -> Iterator[tuple[str, str]]:
    """Yield a sentence in pieces, each with what it is: the draft's own hedge, another one, other words, or nothing."""
    kinds: dict[tuple[int, int], str] = {}
    for kind, phrases in (("other", others), ("hedge", hedges), ("own", (own,))):
        for part in (part.strip() for said in phrases for part in said.split("...")):
            start = text.find(part) if part else -1
            if start >= 0:
                kinds[start, start + len(part)] = kind
    at = 0
    for start, end in apart(kinds):
        yield text[at:start], ""
        yield text[start:end], kinds[start, end]
        at = end
    yield text[at:], ""


def _choices(known: Known) -> Mapping[str, list[tuple[str, str]]]:
    """Return what each key may be, with its name in the language that is spoken."""
    return {
        "kind": [(kind, phrase(f"reading.kinds.{kind}")) for kind in get_args(ClaimKind)],
        "scope": [(scope, phrase(f"reading.scopes.{scope}")) for scope in get_args(Scope)],
        "direction": [(way, phrase(f"reading.directions.{way}")) for way in get_args(ClaimDirection)],
        "horizon": [(name, phrase(f"horizons.{name}")) for name in get_args(Horizon)],
        "flag": [("true", phrase("reading.yes")), ("false", phrase("reading.not"))],
    }


def _outcome(name: str) -> str:
    """Return what a claim may be about in words; a word of the case's own as it stands there."""
    return current().phrases.get(f"reading.outcomes.{name}", name.replace("_", " "))


def _ways(id: str, known: Known) -> Iterator[tuple[str, str]]:
    """Yield every way to bear on a driver."""
    for branch in known.drivers[id].branch_ids:
        yield from (_way(id, side, branch, known) for side in SIDES)
    yield f"{id}|context", phrase("reading.sides.context", driver=translate(known.drivers[id].title))


def _way(id: str, side: str, branch: str, known: Known) -> tuple[str, str]:
    driver = known.drivers[id]
    title = next(one.title for one in driver.branches if one.id == branch) or driver.title
    return f"{id}|{side}|{branch}", phrase(f"reading.sides.{side}", branch=translate(title))


def _rows(id: str, bearing: Bearing, known: Known) -> Iterator[tuple[str, str]]:
    """Yield how a draft bears on a driver, one row for each branch."""
    if not bearing.votes:
        yield list(_ways(id, known))[-1]
    for side, branches in bearing.votes:
        yield from (_way(id, side, branch, known) for branch in branches or known.drivers[id].branch_ids[:1])
