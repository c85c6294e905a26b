"""Words and marks that the texts do without."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from publisher.records.checks.passage import STAND_IN, Passage, place_at
from publisher.records.checks.phrases import FILLERS, OF_THE_READER
from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entry
from publisher.records.types import Record

OUR = rf"(?! \[{STAND_IN}| (?:\w+ ){{0,2}}(?:estimate|measurement|run|simulation|test)s?\b)"
"""What does not follow: the publisher speaks of measurements of its own."""

# A pattern that begins with letters is searched far faster than one that begins with \b, so here
# and for the phrases, what stands before the first letter is looked at after it.
FIRST = re.compile(
    r"I(?<=\b.)(?<!\b[Pp]art .)(?:['’](?:d|ll|m|ve))?(?= [a-z])"  # not Part I, I/O or I = 1
    r"|[Ww](?<=\b.)e\b|u(?<=\b.)s\b|[Mm](?<=\b.)(?:e|y|yself)\b|[Ll](?<=\b.)et['’]s\b"
    rf"|[Oo](?<=\b.)ur(?:s|selves|{OUR})\b"
)
EXCLAMATION = re.compile(r"!(?![=\w(\[])(?<=[^\s!<]!)")
DASH = re.compile(r"[—―]|(?:–(?<= –)|--(?<= --)) (?=[^\W\d])")
DOUBLED = re.compile(r"\b([a-z]+)\s+\1\b")
BLANKS = re.compile(r"  (?<=\S  ) *(?=\S)")


@dataclass(frozen=True, slots=True)
class Slip:
    """A pattern, what it is a sign of, and the forms of passages in which it is none."""

    code: str
    pattern: re.Pattern[str]
    wrong: str
    hint: str | None = None
    spared: tuple[str, ...] = ()
    cased: bool = True
    """False if the pattern is for the text in lower case."""
    needle: str = ""
    """What a text in lower case must hold for the pattern to be tried."""


SLIPS: tuple[Slip, ...] = (
    Slip("R502", FIRST, "first person", spared=("question",)),
    Slip("R503", EXCLAMATION, "exclamation mark", "end with a full stop"),
    Slip("R503", re.compile(r"\?"), "question", "say what the answer is", spared=("question",)),
    Slip("R504", DASH, "dash", "use a comma, a colon or brackets"),
    Slip("R504", re.compile("%"), "sign", "write per cent; signs are for tables", ("table",)),
    Slip("R505", DOUBLED, "doubled word", "write it once", cased=False),
    Slip("R505", BLANKS, "two blanks", "leave one", spared=("table",)),
)


def words_are_plain(entry: Entry[Record], passages: list[Passage]) -> Iterator[Diagnostic]:
    """Findings about words and marks, outside code, quotations and titles of works."""
    text = _own_text(passages)
    lowered = text.lower()
    if len(lowered) != len(text):  # an İ: better to miss a capital than the place
        lowered = text
    words = " ".join(lowered.split())
    starts = [passage.start for passage in passages]
    for slip in (*SLIPS, *_phrases()):
        if slip.needle not in words:
            continue
        for match in slip.pattern.finditer(text if slip.cased else lowered):
            passage = passages[bisect_right(starts, match.start()) - 1]
            if passage.form not in slip.spared:
                place = place_at(entry.document, match.start())
                yield entry.finding_at(place, slip.code, _said(slip, match), slip.hint)


def _said(slip: Slip, match: re.Match[str]) -> str:
    words = " ".join(match[0].split())
    return f"{slip.wrong}: {words}" if words else slip.wrong


def _own_text(passages: list[Passage]) -> str:
    """What is checked, each passage at the offset that it has in its document."""
    parts: list[str] = []
    end = 0
    for passage in passages:
        parts += [STAND_IN * (passage.start - end), passage.own]
        end = passage.start + len(passage.own)
    return "".join(parts)


@cache
def _phrases() -> tuple[Slip, ...]:
    fillers = [_phrase("R501", phrase, _instead(words)) for phrase, words in FILLERS.items()]
    return (*fillers, *(_phrase("R502", phrase, None) for phrase in OF_THE_READER))


def _instead(words: str) -> str:
    return f"say it without, or write: {words}" if words else "say it without"


def _phrase(code: str, phrase: str, hint: str | None) -> Slip:
    words = [r"\w+" if word == "*" else _ending(word) for word in phrase.split()]
    first, rest = phrase[0], r"\s+".join(words)[1:]
    wrong = "filler" if code == "R501" else "the reader in the third person"
    needle = max(re.split("[*']", phrase), key=len).strip()
    pattern = re.compile(rf"{first}(?<![\w-].){rest}(?![\w-])")
    return Slip(code, pattern, wrong, hint, cased=False, needle=needle)


def _ending(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*").replace("'", "['’]")
